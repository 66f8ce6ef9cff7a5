"""Files made to hurt whoever opens them. `made(port, secret)` gives (name, kind, bytes) of each.

`port` is where nothing may ever connect to, `secret` a file nothing may ever read. Run as a program, every file goes
the way of an attachment, or is read where it may not be attached, and one line of JSON tells what came of it.
"""

from __future__ import annotations

import io
import json
import logging
import random
import resource
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.canaries.image import jpeg_with, picture, png_with, saved
from tests.canaries.ofd import line, ofd
from tests.canaries.office import compound, packed, word
from tests.canaries.pdf import _BODY
from tests.canaries.sheet import _changed, name_of_a_member
from tests.canaries.show import opened, presentation

_MEGABYTE = 1024 * 1024
Made = tuple[str, str, bytes]


# Packages of XML

_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip
_QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]>"


def _doctypes(port: int, secret: str) -> dict[str, tuple[str, str]]:
    """Name to a document type and the reference that sets it off."""
    return {
        "billion_laughs": (_LAUGHS, "&a9;"),
        "quadratic_growth": (_QUADRATIC, "&a;" * 2_000),
        "entity_of_a_file": (f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{secret}'>]>", "&a;"),
        "entity_of_the_net": (f"<!DOCTYPE x [<!ENTITY a SYSTEM 'http://127.0.0.1:{port}/a'>]>", "&a;"),
        "dtd_of_the_net": (f"<!DOCTYPE x SYSTEM 'http://127.0.0.1:{port}/a.dtd'>", ""),
        "parameter_of_the_net": (f"<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1:{port}/a'> %a;]>", ""),
    }


def _packages() -> dict[str, tuple[dict[str, Any], str]]:
    """Kind to the members of a sound file and the member with its text."""
    with zipfile.ZipFile(io.BytesIO(name_of_a_member("x"))) as book:
        sheet = {name: book.read(name) for name in book.namelist()}
    text = "<text:p xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>甲</text:p>"
    return {
        "docx": (word(), "word/document.xml"),
        "xlsx": (sheet, "xl/worksheets/sheet1.xml"),
        "ofd": (ofd(), "Doc_0/Pages/Page_0/Content.xml"),
        "odt": (opened("text", text), "content.xml"),
        "pptx": (presentation(), "ppt/slides/slide1.xml"),
    }


def _text(content: str | bytes) -> str:
    return content.decode() if isinstance(content, bytes) else content


def _xml_attacks(port: int, secret: str) -> Iterator[Made]:
    for kind, (members, main) in _packages().items():
        body = _text(members[main]).split("?>", 1)[-1]
        at = body.index(">") + 1
        for name, (doctype, reference) in _doctypes(port, secret).items():
            yield name, kind, packed(members | {main: f"{doctype}{body[:at]}{reference}{body[at:]}"})
        yield (
            "nested_deep",
            kind,
            packed(members | {main: f"{body[:at]}{'<a>' * 200_000}{'</a>' * 200_000}{body[at:]}"}),
        )
        yield "not_closed", kind, packed(members | {main: body[: len(body) // 2]})
        yield "bomb", kind, packed(members | {"a.xml": bytes(300 * _MEGABYTE)})
        # Few repetitions, so that it looks honest: forty megabytes of elements that differ.
        chance = random.Random(1)
        noise = "".join(f"<e{chance.randrange(99)} k='{chance.randrange(10**9)}'/>" for _ in range(1_600_000))
        yield "many_elements", kind, packed(members | {main: f"{body[:at]}{noise}{body[at:]}"})
        yield "half", kind, packed(members)[: len(packed(members)) // 2]
        for label, entry in (("upwards", "../../evil.xml"), ("from_the_root", "/etc/evil"), ("drive", "C:\\evil.xml")):
            yield f"path_{label}", kind, packed(members | {entry: "x"})
        yield "link_to_elsewhere", kind, _with_link(members, secret)
        yield "many_members", kind, packed(members | {f"m/{n}": b"" for n in range(20_000)})
        yield "one_place_many_names", kind, _overlapping(packed(members))


def _with_link(members: dict[str, Any], target: str) -> bytes:
    out = io.BytesIO(packed(members))
    with zipfile.ZipFile(out, "a") as package:
        link = zipfile.ZipInfo("a.xml")
        link.external_attr = 0o120777 << 16
        package.writestr(link, target)
    return out.getvalue()


def _overlapping(archive: bytes) -> bytes:
    """A directory of many names that all lead to one member of a megabyte."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("kernel", bytes(4 * _MEGABYTE))
        held = package.getinfo("kernel")
        for n in range(3_000):
            again = zipfile.ZipInfo(f"k{n}")
            for key in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(again, key, getattr(held, key))
            package.filelist.append(again)
            package.NameToInfo[again.filename] = again
    return out.getvalue()


def _nested_zip(depth: int) -> bytes:
    data = packed({"a.txt": "x"})
    for n in range(depth):
        data = packed({f"{n}.zip": data, f"{n}b.zip": data})
    return data


def _sheet(inner: str, old: str = "</sheetData>") -> bytes:
    return _changed(name_of_a_member("x"), "xl/worksheets/sheet1.xml", old.encode(), inner.encode())


def _ods(body: str) -> bytes:
    return packed(opened("spreadsheet", f"<table:table table:name='a'>{body}</table:table>"))


def _office(port: int) -> Iterator[Made]:
    yield (
        "claims_ten_million_cells",
        "xlsx",
        _changed(
            name_of_a_member("x"),
            "xl/worksheets/sheet1.xml",
            b'<dimension ref="A1:A1"',
            b'<dimension ref="A1:XFD1048576"',
        ),
    )
    yield (
        "cell_in_the_last_corner",
        "xlsx",
        _sheet('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'),
    )
    yield "whole_sheet_merged", "xlsx", _sheet('</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    yield (
        "many_large_merges",
        "xlsx",
        _sheet(
            "</sheetData><mergeCells>"
            + "".join(f'<mergeCell ref="A{n}:XFD{n + 9000}"/>' for n in range(1, 2_000))
            + "</mergeCells>"
        ),
    )
    yield (
        "row_beyond_the_end",
        "xlsx",
        _sheet('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'),
    )
    yield (
        "string_that_is_not_there",
        "xlsx",
        _sheet('<row r="5"><c r="A5" t="s"><v>4000000000</v></c></row></sheetData>'),
    )
    yield (
        "style_that_is_not_there",
        "xlsx",
        _sheet('<row r="5"><c r="A5" s="4000000000"><v>1</v></c></row></sheetData>'),
    )
    cells = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    yield (
        "ten_thousand_million_cells",
        "ods",
        _ods(f'<table:table-row table:number-rows-repeated="1048576">{cells}</table:table-row>'),
    )
    yield "blanks_repeated", "odt", packed(opened("text", '<text:p>a<text:s text:c="2000000000"/>b</text:p>'))
    yield "nested_tables", "docx", packed(word("<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000))
    yield (
        "columns_joined",
        "docx",
        packed(
            word('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>')
        ),
    )
    outside = f"http://127.0.0.1:{port}/x"
    for kind in ("image", "attachedTemplate", "subDocument", "frame", "oleObject"):
        body = '<w:p><w:r><w:drawing><a:blip r:link="r1"/></w:drawing></w:r></w:p><w:subDoc r:id="r1"/><w:altChunk r:id="r1"/>'
        yield f"outside_{kind}", "docx", packed(word(body, {outside: (kind, "")}))
    yield (
        "outside_picture",
        "pptx",
        packed(presentation('<p:pic><p:blipFill><a:blip r:link="r1"/></p:blipFill></p:pic>')),
    )
    yield (
        "outside_picture",
        "odt",
        packed(opened("text", f'<text:p><draw:frame><draw:image xlink:href="{outside}.png"/></draw:frame></text:p>')),
    )
    yield (
        "outside_everything",
        "html",
        (
            f'<html><head><link rel="stylesheet" href="{outside}.css"><base href="{outside}"><meta http-equiv="refresh" content="0;{outside}">'
            f'</head><body><img src="{outside}.png"><iframe src="{outside}"></iframe><script src="{outside}.js"></script></body></html>'
        ).encode(),
    )
    yield "nested_deep", "html", b"<div>" * 400_000
    yield "one_attribute", "html", b"<p " + b"a" * 3_000_000 + b">"
    yield "never_closed", "html", b"<!--" * 300_000
    yield (
        "formula_that_fetches",
        "xlsx",
        _sheet(f'<row r="5"><c r="A5"><f>WEBSERVICE("{outside}")</f><v>1</v></c></row></sheetData>'),
    )
    yield "zips_in_zips", "zip", _nested_zip(8)
    yield "bomb", "zip", packed({"a.txt": bytes(300 * _MEGABYTE)})
    yield "upwards", "zip", packed({"../../a.txt": "x"})
    yield "rings_of_sectors", "doc", compound({"WordDocument": b"x" * 4096}).replace(b"\xfe\xff\xff\xff", b"\x01\0\0\0")
    yield "rings_of_sectors", "xls", compound({"Workbook": b"x" * 4096}).replace(b"\xfe\xff\xff\xff", b"\x01\0\0\0")


# Plain text: what rules could choke on


def _plain(_: int) -> Iterator[Made]:
    for name, piece in (
        ("digits", "1"), ("blanks", " "), ("brackets", "（"), ("digits_and_blanks", "1 "), ("stars", "13*"), ("letters", "a@"),
        ("one_name", "王小明"), ("addresses", "省市县区路号"), ("lines", "\n"), ("commas", ","), ("marks", "机密★"),
    ):  # fmt: skip
        size = 1_000_000
        yield f"only_{name}", "txt", (piece * (size // len(piece)))[:size].encode()
    yield "one_long_row", "csv", ("1," * 60_000).encode()
    yield "quotes", "csv", ('"' * 600_000).encode()


# PDF


def pdf_of(objects: dict[int, bytes], *, root: int = 1, trailer: str = "", table: bool = True) -> bytes:
    """A PDF of these objects, with a table of where they lie."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    if table:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
        for number in range(1, max(objects) + 1):
            out += b"%010d 00000 n \n" % places.get(number, 0)
    out += f"trailer\n<< /Size {max(objects) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _stream(body: bytes, told: str = "") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (told.encode(), len(body), body)


def _page(content: bytes = b"5 0 R", resources: str = "", more: str = "") -> dict[int, bytes]:
    font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {font} {resources} >> /Contents ".encode()
        + content + f" {more} >>".encode(),
        5: _stream(_BODY.encode()),
    }  # fmt: skip


def _deflated(size: int, rounds: int = 1, fill: bytes = b" ") -> bytes:
    """So many bytes, packed again and again."""
    pack = zlib.compressobj(9)
    data = b"".join(pack.compress(fill * _MEGABYTE) for _ in range(size // _MEGABYTE)) + pack.flush()
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)
    return data


def _pages(count: int) -> bytes:
    kids = " ".join(["3 0 R"] * count)
    return pdf_of(_page() | {2: f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()})


def _pdfs(port: int) -> Iterator[Made]:
    outside = f"http://127.0.0.1:{port}/x"
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    image = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    cases: dict[str, Callable[[], bytes]] = {
        "hundred_thousand_pages": lambda: _pages(100_000),
        "pages_that_are_not_there": lambda: pdf_of(_page() | {2: b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"}),
        "pages_in_a_ring": lambda: pdf_of(_page() | {2: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 >>"}),
        "parents_in_a_ring": lambda: pdf_of(_page() | {2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>"}),
        "deep_page_tree": lambda: pdf_of(_page() | {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"} | {
            n: f"<< /Type /Pages /Kids [{n + 1 if n < 20_000 else 3} 0 R] /Count 1 /Parent {n - 1} 0 R >>".encode()
            for n in range(10, 20_001)}),
        "table_in_a_ring": lambda: pdf_of(_page(), trailer="/Prev 9").replace(b"/Prev 9", b"/Prev %d" % pdf_of(_page(), trailer="/Prev 900").rindex(b"xref\n0")),
        "no_table": lambda: pdf_of(_page(), table=False),
        "wrong_table": lambda: pdf_of(_page()).replace(b"00000 n", b"00007 n").replace(b"startxref\n", b"startxref\n99"),
        "half": lambda: pdf_of(_page())[:400] + b"\n%%EOF",
        "length_of_itself": lambda: pdf_of(_page() | {5: b"<< /Length 5 0 R >>\nstream\nx\nendstream"}),
        "endless_length": lambda: pdf_of(_page() | {5: b"<< /Length 99999999999 >>\nstream\nBT ET\nendstream"}),
        "never_ending_stream": lambda: pdf_of(_page() | {5: b"<< /Length 4 >>\nstream\nBT (" + b"x" * 900_000}),
        "packed_blanks": lambda: pdf_of(_page() | {5: _stream(_deflated(1024 * _MEGABYTE), "/Filter /FlateDecode")}),
        "packed_many_times": lambda: pdf_of(_page() | {5: _stream(_deflated(64 * _MEGABYTE, 12), f"/Filter [{'/FlateDecode ' * 12}]")}),
        "packed_brackets": lambda: pdf_of(_page() | {5: _stream(_deflated(64 * _MEGABYTE, 1, b"["), "/Filter /FlateDecode")}),
        "packed_saves": lambda: pdf_of(_page() | {5: _stream(_deflated(16 * _MEGABYTE, 1, b"q "), "/Filter /FlateDecode")}),
        "many_operators": lambda: pdf_of(_page() | {5: _stream(b"0 0 m 9 9 l S\n" * 1_000_000)}),
        "many_letters": lambda: pdf_of(_page() | {5: _stream(b"BT /F 1 Tf " + b"(aaaaaaaaaaaaaaaaaaaa) Tj " * 50_000 + b"ET")}),
        "form_within_itself": lambda: pdf_of(_page(b"5 0 R", "/XObject << /X 6 0 R >>") | {5: _stream(b"/X Do"), 6: _stream(b"/X Do /X Do", form)}),
        "forms_doubling": lambda: pdf_of(_page(b"5 0 R", "/XObject << /X 6 0 R >>") | {5: _stream(b"/X Do")} | {
            n: _stream(b"/X Do /X Do", form.replace("6 0 R", f"{n + 1} 0 R")) for n in range(6, 40)} | {40: _stream(b"0 0 1 1 re f", form)}),
        "contents_in_a_ring": lambda: pdf_of(_page(b"[5 0 R 6 0 R]") | {6: b"[6 0 R 6 0 R]"}),
        "page_of_a_mile": lambda: pdf_of({k: v.replace(b"595 842", b"9000000 9000000") for k, v in _page().items()}),
        "page_of_no_size": lambda: pdf_of({k: v.replace(b"595 842", b"0 0") for k, v in _page().items()}),
        "unit_of_a_mile": lambda: pdf_of(_page(more="/UserUnit 1000000")),
        "picture_of_a_mile": lambda: pdf_of(_page(b"5 0 R", "/XObject << /X 6 0 R >>") | {
            5: _stream(b"q 500 0 0 500 0 0 cm /X Do Q"), 6: _stream(b"x", image + " /Width 60000 /Height 60000")}),
        "packed_picture": lambda: pdf_of(_page(b"5 0 R", "/XObject << /X 6 0 R >>") | {
            5: _stream(b"q 500 0 0 500 0 0 cm /X Do Q"),
            6: _stream(_deflated(900 * _MEGABYTE), image + " /Filter /FlateDecode /Width 30000 /Height 30000")}),
        "hundred_thousand_notes": lambda: pdf_of(_page(more=f"/Annots [{'6 0 R ' * 100_000}]") | {
            6: b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (x) >>"}),
        "bookmarks_in_a_ring": lambda: pdf_of(_page() | {
            1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>", 6: b"<< /First 7 0 R /Last 7 0 R >>",
            7: b"<< /Title (x) /Parent 6 0 R /Next 7 0 R /First 7 0 R >>"}),
        "names_in_a_ring": lambda: pdf_of(_page() | {
            1: b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 6 0 R /Dests 6 0 R >> >>",
            6: b"<< /Kids [6 0 R 6 0 R] >>"}),
        "fields_in_a_ring": lambda: pdf_of(_page() | {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            6: b"<< /FT /Tx /T (x) /Kids [6 0 R] /Parent 6 0 R >>"}),
        "structure_in_a_ring": lambda: pdf_of(_page() | {
            1: b"<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R >>", 6: b"<< /Type /StructTreeRoot /K [6 0 R 6 0 R] >>"}),
        "list_in_lists": lambda: pdf_of(_page(more="/Own " + "[" * 100_000 + "]" * 100_000)),
        "one_in_another": lambda: pdf_of(_page() | {n: f"[{n + 1} 0 R]".encode() for n in range(10, 30_000)} | {30_000: b"null"}),
        "objects_in_themselves": lambda: pdf_of(_page() | {
            6: _stream(b"7 0 5 0 << /Type /ObjStm >>", "/Type /ObjStm /N 2 /First 8 /Extends 6 0 R")}),
        "properties_of_laughs": lambda: pdf_of(_page() | {
            1: b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R >>",
            6: _stream(f"{_LAUGHS}<x:xmpmeta>&a9;</x:xmpmeta>".encode(), "/Type /Metadata /Subtype /XML")}),
        "outside_everything": lambda: pdf_of(_page(more="/Annots [6 0 R 7 0 R]") | {
            6: f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI ({outside}) >> >>".encode(),
            7: f"<< /Type /Annot /Subtype /Screen /Rect [0 0 9 9] /A << /S /GoToR /F << /FS /URL /F ({outside}) >> >> >>".encode()}),
        "stream_of_another_file": lambda: pdf_of(_page() | {
            5: f"<< /Length 0 /F << /FS /URL /F ({outside}) >> >>\nstream\n\nendstream".encode()}),
    }  # fmt: skip
    for name, make in cases.items():
        yield name, "pdf", make()


# OFD


def _ofds(port: int, secret: str) -> Iterator[Made]:
    outside = f"http://127.0.0.1:{port}/x.xml"
    pages = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_0/Content.xml"/>' for n in range(100, 100_100))
    yield "hundred_thousand_pages", "ofd", packed(ofd(pages=pages))
    for name, place in (
        ("of_a_file", secret), ("upwards", "../../../../../../" + secret), ("of_the_net", outside), ("of_itself", "Document.xml"),
    ):  # fmt: skip
        yield f"page_{name}", "ofd", packed(ofd(pages=f'<ofd:Page ID="9" BaseLoc="{place}"/>'))
        yield f"template_{name}", "ofd", packed(ofd(common=f'<ofd:TemplatePage ID="8" BaseLoc="{place}"/>'))
        members = ofd()
        members["OFD.xml"] = str(members["OFD.xml"]).replace("Doc_0/Document.xml", place)
        yield f"document_{name}", "ofd", packed(members)
    members = ofd()
    members["Doc_0/Pages/Page_0/Content.xml"] = str(members["Doc_0/Pages/Page_0/Content.xml"]).replace(
        "<ofd:Content>", '<ofd:Template TemplateID="8"/><ofd:Content>'
    )
    members["Doc_0/Document.xml"] = str(members["Doc_0/Document.xml"]).replace(
        "<ofd:PublicRes>", '<ofd:TemplatePage ID="8" BaseLoc="Pages/Page_0/Content.xml"/><ofd:PublicRes>'
    )
    yield "template_of_its_own_page", "ofd", packed(members)
    box = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
    for name, size in (
        ("of_a_mile", "0 0 90000000 90000000"),
        ("of_no_size", "0 0 0 0"),
        ("of_no_number", "a b c d"),
        ("of_nan", "0 0 nan inf"),
    ):
        yield (
            f"page_{name}",
            "ofd",
            packed(
                {
                    key: value.replace(box, box.replace("0 0 210 297", size)) if isinstance(value, str) else value
                    for key, value in ofd().items()
                }
            ),
        )
    yield "many_letters", "ofd", packed(ofd("".join(line("a" * 40, y % 280) for y in range(30_000))))
    yield "repeated_steps", "ofd", packed(ofd(line("ab").replace('DeltaX="g 1 5"', 'DeltaX="g 2000000000 5"')))
    yield (
        "path_without_end",
        "ofd",
        packed(
            ofd(
                '<ofd:PathObject ID="5" Boundary="0 0 9 9"><ofd:AbbreviatedData>'
                + "M 0 0 L 9 9 " * 400_000
                + "</ofd:AbbreviatedData></ofd:PathObject>"
            )
        ),
    )
    huge = _png_of(60_000, 60_000)
    resource_of = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    yield (
        "picture_of_a_mile",
        "ofd",
        packed(
            ofd(
                '<ofd:ImageObject ID="70" ResourceID="5" Boundary="20 100 40 30" CTM="40 0 0 30 0 0"/>',
                common=resource_of,
            )
            | {
                "Doc_0/DocumentRes.xml": '<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" '
                'Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
                "Doc_0/Res/a.png": huge,
            }
        ),
    )


# Pictures


def _png_of(width: int, height: int) -> bytes:
    """A header that promises so many points, and no more than a few."""
    data = bytearray(saved(picture(), "PNG"))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


def _pictures(_: int) -> Iterator[Made]:
    yield "of_a_mile", "png", _png_of(2**31 - 1, 2**31 - 1)
    yield "of_many_points", "png", _png_of(9_990, 9_990)
    white = zlib.compress(b"\0" + b"\xff" * 9_000 * 3)
    one = png_with((b"tIME", b"\x07\xea\x01\x01\0\0\0"), base=_png_of(9_000, 9_000))
    at = one.index(b"IDAT")
    size = int.from_bytes(one[at - 4 : at], "big")
    pack = zlib.compressobj(9)
    rows = b"".join(pack.compress(b"\0" + b"\xff" * 27_000) for _ in range(9_000)) + pack.flush()
    body = struct.pack(">I", len(rows)) + b"IDAT" + rows + struct.pack(">I", zlib.crc32(b"IDAT" + rows))
    yield "of_eighty_million_points", "png", one[: at - 4] + body + one[at + 8 + size :]
    assert white
    yield "text_that_unpacks", "png", png_with((b"zTXt", b"Comment\0\0" + _deflated(512 * _MEGABYTE)))
    yield "profile_that_unpacks", "png", png_with((b"iCCP", b"x\0\0" + _deflated(512 * _MEGABYTE)))
    yield "hundred_thousand_chunks", "png", png_with(*[(b"tEXt", b"a\0b")] * 100_000)
    yield (
        "chunk_longer_than_the_file",
        "png",
        saved(picture(), "PNG").replace(b"IDAT", b"IDAT", 1)[:40]
        + struct.pack(">I", 2**31 - 1)
        + saved(picture(), "PNG")[40:],
    )
    jpeg = saved(picture(), "JPEG")
    at = jpeg.index(b"\xff\xc0")
    yield "of_a_mile", "jpeg", jpeg[: at + 5] + b"\xff\xff\xff\xff" + jpeg[at + 9 :]
    yield "of_many_points", "jpeg", jpeg[: at + 5] + struct.pack(">HH", 9_990, 9_990) + jpeg[at + 9 :]
    yield "thousand_scans", "jpeg", jpeg[:-2] + jpeg[jpeg.index(b"\xff\xda") : -2] * 1_000 + b"\xff\xd9"
    loop = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    yield "remarks_in_a_ring", "jpeg", jpeg_with(0xE1, b"Exif\0\0" + loop)
    yield (
        "remarks_of_a_mile",
        "jpeg",
        jpeg_with(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x010E, 2, 2**32 - 1, 8) + bytes(4)),
    )
    gif = saved(picture("L"), "GIF")
    at = gif.index(b"\x2c")
    yield "hundred_thousand_pictures", "gif", gif[:at] + gif[at:-1] * 8_000 + b"\x3b"
    yield "of_a_mile", "gif", gif[:6] + b"\x0f\x27\x0f\x27" + gif[10:]
    yield "hundred_thousand_remarks", "gif", gif[:at] + b"\x21\xfe\x01a\0" * 100_000 + gif[at:]


def made(port: int, secret: str) -> Iterator[Made]:
    """Every hostile file: about two hundred."""
    yield from _xml_attacks(port, secret)
    yield from _office(port)
    yield from _plain(port)
    yield from _pdfs(port)
    yield from _ofds(port, secret)
    yield from _pictures(port)


# What comes of it


def _outcome(kind: str, data: bytes) -> dict[str, Any]:
    from gongkai.files.memory import as_path
    from gongkai.files.readable import readable_kind
    from gongkai.files.reading import read_text
    from gongkai.files.refusal import Unreadable
    from gongkai.scanning.redacting import copy_with, look_at
    from tests.canaries.table import ATTACHED

    name = f"a.{kind}"
    try:
        if kind in ATTACHED:
            looked = look_at(data, name)
            made_copy = copy_with(looked.base, [], looked.secrets)
            return {"text": looked.whole[:5_000] + made_copy.text[:5_000], "size": len(made_copy.data)}
        with as_path(data, f".{kind}") as path:
            return {"text": read_text(path, readable_kind(data, name)).text[:5_000]}
    except Unreadable as refused:
        return {"refused": refused.code, "sentence": refused.sentence, "detail": refused.detail}


def main() -> None:
    """`python -m tests.files.hostile PORT SECRET [EVERY]`: the first of each kind and every `EVERY`-th after it."""
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    port, secret, every = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    seen: Counter[str] = Counter()
    for name, kind, data in made(port, secret):
        seen[kind] += 1
        if (seen[kind] - 1) % every:
            continue
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        told = _outcome(kind, data)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        mine = resource.getrusage(resource.RUSAGE_SELF)
        told |= {
            "name": f"{kind}/{name}", "bytes": len(data), "memory": after.ru_maxrss * 1024,
            "seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "parent": mine.ru_utime + mine.ru_stime - own.ru_utime - own.ru_stime,
        }  # fmt: skip
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
