"""Workbooks with a canary in one named hiding place each. `PLACES[name](canary)` makes the bytes; A1 shows SHOWN."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

SHOWN = "看得见的字"


def _new() -> tuple[Workbook, Any]:
    book = Workbook()
    sheet = book.active
    sheet.title = "公示"
    sheet["A1"] = SHOWN
    return book, sheet


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _with_member(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, content)
    return out.getvalue()


def _changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            content = source.read(name)
            assert name != member or old in content
            package.writestr(name, content.replace(old, new) if name == member else content)
    return out.getvalue()


def hidden_sheet(canary: str) -> bytes:
    book, _ = _new()
    other = book.create_sheet("底表")
    other["A1"], other.sheet_state = canary, "hidden"
    return _bytes(book)


def very_hidden_sheet(canary: str) -> bytes:
    book, _ = _new()
    other = book.create_sheet("底表")
    other["A1"], other.sheet_state = canary, "veryHidden"
    return _bytes(book)


def name_of_a_hidden_sheet(canary: str) -> bytes:
    book, _ = _new()
    book.create_sheet(canary).sheet_state = "hidden"
    return _bytes(book)


def hidden_row(canary: str) -> bytes:
    book, sheet = _new()
    sheet["A3"] = canary
    sheet.row_dimensions[3].hidden = True
    return _bytes(book)


def row_without_height(canary: str) -> bytes:
    book, sheet = _new()
    sheet["A3"] = canary
    return _changed(_bytes(book), "xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="3" ht="0" customHeight="1"')


def hidden_column(canary: str) -> bytes:
    book, sheet = _new()
    sheet["D1"] = canary
    sheet.column_dimensions["D"].hidden = True
    return _bytes(book)


def hidden_columns_as_a_group(canary: str) -> bytes:
    book, sheet = _new()
    sheet["E1"] = canary
    sheet.column_dimensions.group("D", "F", hidden=True)
    return _bytes(book)


def comment(canary: str) -> bytes:
    book, sheet = _new()
    sheet["A1"].comment = Comment(canary, "x")
    return _bytes(book)


def author_of_a_comment(canary: str) -> bytes:
    book, sheet = _new()
    sheet["A1"].comment = Comment("x", canary)
    return _bytes(book)


def formula(canary: str) -> bytes:
    book, sheet = _new()
    sheet["B1"] = f'=LEN("{canary}")'
    return _bytes(book)


def defined_name(canary: str) -> bytes:
    book, _ = _new()
    book.defined_names["liste"] = DefinedName("liste", attr_text=f'"{canary}"')
    return _bytes(book)


def data_validation(canary: str) -> bytes:
    book, sheet = _new()
    rule = DataValidation(type="list", formula1=f'"{canary},b"')
    sheet.add_data_validation(rule)
    rule.add("B1")
    return _bytes(book)


def white_on_white(canary: str) -> bytes:
    book, sheet = _new()
    sheet["B1"] = canary
    sheet["B1"].font = Font(color="FFFFFFFF")
    return _bytes(book)


def colour_of_its_ground(canary: str) -> bytes:
    book, sheet = _new()
    sheet["B1"] = canary
    sheet["B1"].font = Font(color="FF336699")
    sheet["B1"].fill = PatternFill("solid", fgColor="FF336699")
    return _bytes(book)


def format_that_shows_nothing(canary: str) -> bytes:
    book, sheet = _new()
    sheet["B1"] = canary
    sheet["B1"].number_format = ";;;"
    return _bytes(book)


def author(canary: str) -> bytes:
    book, _ = _new()
    book.properties.creator = canary
    return _bytes(book)


def keywords(canary: str) -> bytes:
    book, _ = _new()
    book.properties.keywords = canary
    return _bytes(book)


def page_header(canary: str) -> bytes:
    book, sheet = _new()
    sheet.oddHeader.center.text = canary
    return _bytes(book)


def covered_by_a_merge(canary: str) -> bytes:
    """A value in a joined area that is not its first cell is kept in the file and shown nowhere."""
    book, sheet = _new()
    sheet["B3"] = "上"
    sheet["C3"] = "PLACEHOLDER"
    area = b'</sheetData><mergeCells count="1"><mergeCell ref="B3:C3"/></mergeCells>'
    data = _changed(_bytes(book), "xl/worksheets/sheet1.xml", b"</sheetData>", area)
    return _changed(data, "xl/worksheets/sheet1.xml", b"PLACEHOLDER", canary.encode())


def unused_shared_string(canary: str) -> bytes:
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{canary}</t></si></sst>'
    return _with_member(_bytes(_new()[0]), "xl/sharedStrings.xml", strings.encode())


def pivot_cache(canary: str) -> bytes:
    records = f'<pivotCacheRecords xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><r><s v="{canary}"/></r></pivotCacheRecords>'
    return _with_member(_bytes(_new()[0]), "xl/pivotCache/pivotCacheRecords1.xml", records.encode())


def external_link(canary: str) -> bytes:
    return _with_member(
        _bytes(_new()[0]), "xl/externalLinks/externalLink1.xml", f"<externalLink>{canary}</externalLink>".encode()
    )


def custom_xml(canary: str) -> bytes:
    return _with_member(_bytes(_new()[0]), "customXml/item1.xml", f"<a>{canary}</a>".encode())


def embedded_file(canary: str) -> bytes:
    return _with_member(_bytes(_new()[0]), "xl/embeddings/oleObject1.bin", canary.encode())


def thumbnail(canary: str) -> bytes:
    return _with_member(_bytes(_new()[0]), "docProps/thumbnail.jpeg", canary.encode())


def printer_settings(canary: str) -> bytes:
    return _with_member(_bytes(_new()[0]), "xl/printerSettings/printerSettings1.bin", canary.encode("utf-16-le"))


def name_of_a_member(canary: str) -> bytes:
    return _with_member(_bytes(_new()[0]), f"xl/media/{canary}.txt", b"x")


def remark_of_the_package(canary: str) -> bytes:
    out = io.BytesIO(_bytes(_new()[0]))
    with zipfile.ZipFile(out, "a") as package:
        package.comment = canary.encode()
    return out.getvalue()


PLACES: dict[str, Callable[[str], bytes]] = {
    make.__name__: make
    for make in (
        hidden_sheet, very_hidden_sheet, name_of_a_hidden_sheet, hidden_row, row_without_height, hidden_column,
        hidden_columns_as_a_group, comment, author_of_a_comment, formula, defined_name, data_validation,
        white_on_white, colour_of_its_ground, format_that_shows_nothing, author, keywords, page_header,
        covered_by_a_merge, unused_shared_string, pivot_cache, external_link, custom_xml, embedded_file, thumbnail,
        printer_settings, name_of_a_member, remark_of_the_package,
    )
}  # fmt: skip
