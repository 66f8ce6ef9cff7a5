"""Word, Excel, PowerPoint and OpenDocument files with a canary in one named hiding place each.

`PLACES[kind][name]` is a `Place`: `make(canary)` gives the bytes, `hidden` the code under which a reader has to tell
it, and `where` what it has to say of the place. Every file shows SHOWN. The workbooks of `sheet` are taken along.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.canaries import sheet as workbooks

SHOWN = workbooks.SHOWN
_TYPE = "application/vnd.openxmlformats-officedocument"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Place:
    make: Callable[[str], bytes]
    hidden: str
    where: Mapping[str, Any] = field(default_factory=dict)


def packed(members: Mapping[str, str | bytes], remark: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
        package.comment = remark
    return out.getvalue()


def _relations(*told: tuple[str, str, str]) -> str:
    """Of (identifier, kind, target); a target with a scheme lies outside."""
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_REL}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if ':' in target else ''}/>"
        for name, kind, target in told
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _types(overrides: Mapping[str, str]) -> str:
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


# Word


def word(
    body: str = "", related: Mapping[str, tuple[str, str]] | None = None, **others: str | bytes
) -> dict[str, str | bytes]:
    """Members of a .docx. `related`: part below word/ → (kind of its relation, content); `others` any further member."""
    related = related or {}
    main = f"{_TYPE}.wordprocessingml.document.main+xml"
    relations = [(f"r{n}", kind, name) for n, (name, (kind, _)) in enumerate(related.items(), start=1)]
    namespaces = f'xmlns:w="{_WORD}" xmlns:r="{_REL}" xmlns:a="{_MAIN}"'
    return {
        "[Content_Types].xml": _types({"word/document.xml": main}),
        "_rels/.rels": _relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {namespaces}><w:body><w:p><w:r><w:t>{SHOWN}</w:t></w:r></w:p>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(*relations),
        **{f"word/{name}": content for name, (_, content) in related.items() if content},
        **others,
    }


def _run(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def _word(body: str) -> Callable[[str], bytes]:
    return lambda canary: packed(word(body.replace("CANARY", canary)))


def _word_part(name: str, kind: str, content: str, body: str = "") -> Callable[[str], bytes]:
    def make(canary: str) -> bytes:
        filled = content.replace("CANARY", canary)
        return packed(word(body.replace("CANARY", canary), {name: (kind, filled)}))

    return make


def _word_member(name: str, content: str) -> Callable[[str], bytes]:
    return lambda canary: packed(word() | {name: content.replace("CANARY", canary)})


def _story(root: str, inner: str) -> str:
    return f'<w:{root} xmlns:w="{_WORD}">{inner}</w:{root}>'


_P2: Mapping[str, Any] = {"paragraph": 2}
_PICTURE = '<w:p><w:r><w:drawing><wp:inline xmlns:wp="urn:wp"><wp:docPr id="1" name="图片 1" {}="CANARY"/></wp:inline></w:drawing></w:r></w:p>'
_CHART_XML = f'<c:chartSpace xmlns:c="{_CHART}"><c:cat><c:strCache><c:pt idx="0"><c:v>CANARY</c:v></c:pt></c:strCache></c:cat></c:chartSpace>'
_COMMENT = '<w:comment w:id="7" w:author="{}"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:comment>'
_CHOICE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
    "<w:t>看得见</w:t></mc:Choice><mc:Fallback><w:t>CANARY</w:t></mc:Fallback></mc:AlternateContent>"
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="urn:dc"><dc:{{0}}>CANARY</dc:{{0}}>'
    "</cp:coreProperties>"
)
_CELL = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def _embedded_workbook(canary: str) -> bytes:
    return packed(word() | {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": workbooks.very_hidden_sheet(canary)})


def _embedded_bytes(canary: str) -> bytes:
    return packed(word() | {"word/embeddings/oleObject1.bin": b"\x01\x02\x03\xff" + canary.encode("utf-16-le")})


def _packaged(canary: str) -> bytes:
    """A text file in an OLE package, as Word makes one of a file dropped into it."""
    return packed(word() | {"word/embeddings/oleObject1.bin": compound({"\x01Ole10Native": native("a.txt", canary)})})


def native(name: str, content: str) -> bytes:
    label, data = name.encode(), content.encode()
    path = b"C:\\x\\" + label + b"\0"
    body = b"\x02\0" + label + b"\0" + path + b"\0\0\x03\0" + len(path).to_bytes(4, "little") + path
    body += len(data).to_bytes(4, "little") + data
    return len(body).to_bytes(4, "little") + body


def compound(held: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with these streams, each padded so that it lies in sectors of its own."""
    contents = [data.ljust(4096, b"\0") for data in held.values()]
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0, 1 if held else 0xFFFFFFFF)]
    fat = [0xFFFFFFFD]
    at = 1
    sectors = b""
    for n, (name, data) in enumerate(zip(held, contents, strict=True)):
        count = -(-len(data) // 512)
        following = n + 2 if n + 2 <= len(held) else 0xFFFFFFFF
        entries.append((name, 2, at, len(data), following))
        fat += [*range(at + 1, at + count), 0xFFFFFFFE]
        sectors += data.ljust(count * 512, b"\0")
        at += count
    directory = b""
    for n, (name, kind, start, size, link) in enumerate(entries):
        label = (name + "\0").encode("utf-16-le")
        links = (0xFFFFFFFF, 0xFFFFFFFF, link) if n == 0 else (0xFFFFFFFF, link, 0xFFFFFFFF)
        entry = label.ljust(64, b"\0") + len(label).to_bytes(2, "little") + bytes([kind, 1])
        entry += b"".join(number.to_bytes(4, "little") for number in links) + bytes(36)
        directory += entry + start.to_bytes(4, "little") + size.to_bytes(8, "little")
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    first = at
    count = len(directory) // 512
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
    header += (1).to_bytes(4, "little") + first.to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    header += (0xFFFFFFFE).to_bytes(4, "little") + bytes(4) + (0xFFFFFFFE).to_bytes(4, "little") + bytes(4)
    header += bytes(4) + b"\xff" * 432
    table = b"".join(number.to_bytes(4, "little") for number in fat).ljust(512, b"\xff")
    return header + table + sectors + directory


DOCX: dict[str, Place] = {
    "comment": Place(
        _word_part("comments.xml", "comments", _story("comments", _COMMENT.format("x", "CANARY")),
                   f'<w:p><w:commentRangeStart w:id="7"/>{_run("甲")}<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r></w:p>'), "comment", _P2),
    "author_of_a_comment": Place(
        _word_part("comments.xml", "comments", _story("comments", _COMMENT.format("CANARY", "x"))), "comment"),
    "deletion": Place(_word(f'<w:p><w:del w:id="1">{_run("CANARY", tag="delText")}</w:del></w:p>'), "deletion", _P2),
    "insertion": Place(_word(f'<w:p><w:ins w:id="1">{_run("CANARY")}</w:ins></w:p>'), "insertion", _P2),
    "moved_away": Place(_word(f'<w:p><w:moveFrom w:id="1">{_run("CANARY")}</w:moveFrom></w:p>'), "moved", _P2),
    "author_of_a_deletion": Place(
        _word(f'<w:p><w:del w:author="CANARY">{_run("x", tag="delText")}</w:del></w:p>'), "deletion"),
    "deleted_row": Place(
        _word(f'<w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr>{_CELL.format("", "CANARY")}</w:tr></w:tbl>'),
        "deletion", {"table": 1, "row": 1, "column": 1}),
    "vanished_run": Place(_word(f'<w:p>{_run("CANARY", "<w:vanish/>")}</w:p>'), "hidden_text", _P2),
    "vanished_by_style": Place(
        _word_part("styles.xml", "styles", _story("styles", '<w:style w:type="character" w:styleId="Z"><w:rPr>'
                   "<w:vanish/></w:rPr></w:style>"), "<w:p>" + _run("CANARY", '<w:rStyle w:val="Z"/>') + "</w:p>"),
        "hidden_text", _P2),
    "white_letters": Place(_word("<w:p>" + _run("CANARY", '<w:color w:val="FFFFFF"/>') + "</w:p>"),
                           "hidden_text", _P2),
    "letters_of_no_size": Place(_word("<w:p>" + _run("CANARY", '<w:sz w:val="2"/>') + "</w:p>"),
                                "hidden_text", _P2),
    "hidden_row": Place(
        _word(f'<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr>{_CELL.format("", "CANARY")}</w:tr></w:tbl>'),
        "hidden_row", {"table": 1, "row": 1}),
    "covered_by_a_merge": Place(
        _word(f'<w:tbl><w:tr>{_CELL.format("", "甲")}</w:tr><w:tr>{_CELL.format("<w:vMerge/>", "CANARY")}</w:tr></w:tbl>'),
        "covered_text", {"table": 1, "row": 2, "column": 1}),
    "text_for_old_programs": Place(_word(f"<w:p><w:r>{_CHOICE}</w:r></w:p>"), "hidden_text", _P2),
    "header_never_printed": Place(
        _word_part("header9.xml", "header", _story("hdr", f'<w:p>{_run("CANARY")}</w:p>')), "header",
        {"member": "word/header9.xml"}),
    "footer_of_first_pages_only": Place(
        _word_part("footer9.xml", "footer", _story("ftr", f'<w:p>{_run("CANARY")}</w:p>'),
                   '<w:sectPr><w:footerReference w:type="first" r:id="r1"/></w:sectPr>'), "footer"),
    "note_without_reference": Place(
        _word_part("footnotes.xml", "footnotes",
                   _story("footnotes", f'<w:footnote w:id="5"><w:p>{_run("CANARY")}</w:p></w:footnote>')), "footnote"),
    "alternative_text": Place(_word(_PICTURE.format("descr")), "alt_text", _P2),
    "title_of_a_picture": Place(_word(_PICTURE.format("title")), "alt_text", _P2),
    "caption_of_a_table": Place(
        _word('<w:tbl><w:tblPr><w:tblDescription w:val="CANARY"/></w:tblPr></w:tbl>'), "alt_text", {"table": 1}),
    "bookmark": Place(_word('<w:p><w:bookmarkStart w:id="1" w:name="CANARY"/></w:p>'), "bookmark", _P2),
    "code_of_a_field": Place(
        _word(f'<w:p>{_run(" MERGEFIELD CANARY ", tag="instrText")}</w:p>'), "form_field", _P2),
    "choice_of_a_control": Place(
        _word('<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="CANARY" w:value="1"/></w:dropDownList>'
              "</w:sdtPr><w:sdtContent/></w:sdt>"), "form_field"),
    "session_mark": Place(_word('<w:p w:rsidR="CANARY"/>'), "revision_ids"),
    "variable": Place(
        _word_part("settings.xml", "settings",
                   _story("settings", '<w:docVars><w:docVar w:name="a" w:val="CANARY"/></w:docVars>')),
        "custom_properties"),
    "target_of_a_link": Place(
        lambda canary: packed(word("", {f"https://example.org/{canary}": ("hyperlink", "")})), "link"),
    "template_elsewhere": Place(
        lambda canary: packed(word("", {f"file:///C:/{canary}.dotx": ("attachedTemplate", "")})), "external_link"),
    "building_block": Place(
        _word_part("glossary/document.xml", "glossaryDocument", _story("glossaryDocument", f'<w:p>{_run("CANARY")}</w:p>')),
        "other_part"),
    "chart_cache": Place(_word_part("charts/chart1.xml", "chart", _CHART_XML), "chart_cache",
                         {"member": "word/charts/chart1.xml"}),
    "author": Place(_word_member("docProps/core.xml", _CORE.format("creator")), "properties"),
    "company": Place(_word_member("docProps/app.xml", "<Properties><Company>CANARY</Company></Properties>"), "properties"),
    "custom_property": Place(
        _word_member("docProps/custom.xml", '<Properties><property name="a"><v>CANARY</v></property></Properties>'),
        "custom_properties"),
    "custom_xml": Place(_word_member("customXml/item1.xml", "<a><b>CANARY</b></a>"), "custom_xml"),
    "person": Place(
        _word_part("people.xml", "people", '<w15:people xmlns:w15="urn:w15"><w15:person w15:author="CANARY"/></w15:people>'),
        "comment"),
    "embedded_workbook": Place(_embedded_workbook, "embedded_file",
                               {"member": "word/embeddings/Microsoft_Excel_Sheet1.xlsx", "sheet": "底表", "cell": "A1"}),
    "embedded_object": Place(_embedded_bytes, "embedded_file"),
    "packaged_file": Place(_packaged, "embedded_file", {"member": "word/embeddings/oleObject1.bin/a.txt"}),
    "thumbnail": Place(_word_member("docProps/thumbnail.jpeg", "CANARY"), "thumbnail"),
    "part_nobody_knows": Place(_word_member("word/zzz.xml", "<a><b>CANARY</b></a>"), "other_part"),
    "remark_of_the_archive": Place(lambda canary: packed(word(), canary.encode()), "trailing_bytes"),
    "behind_the_archive": Place(lambda canary: packed(word()) + canary.encode(), "trailing_bytes"),
    "before_the_archive": Place(lambda canary: before(packed(word()), canary.encode()), "trailing_bytes"),
}  # fmt: skip


def before(archive: bytes, more: bytes) -> bytes:
    """The archive with bytes between its first entry and the next, and all offsets put right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for n, name in enumerate(source.namelist()):
            target.writestr(name, source.read(name))
            if n == 0:
                out.write(more)
                target.start_dir = out.tell()
    return out.getvalue()


# Excel: what `sheet` hides, and more


def _cell_xml(inner: str) -> Callable[[str], bytes]:
    """A workbook whose only worksheet has `inner` behind its data."""

    def make(canary: str) -> bytes:
        plain = workbooks.name_of_a_member("x")
        return workbooks._changed(
            plain,
            "xl/worksheets/sheet1.xml",
            b"</sheetData>",
            b"</sheetData>" + inner.replace("CANARY", canary).encode(),
        )

    return make


def _workbook_with(members: Mapping[str, str], sheet_relations: str = "") -> Callable[[str], bytes]:
    def make(canary: str) -> bytes:
        made = workbooks.name_of_a_member("x")
        for name, content in members.items():
            made = workbooks._with_member(
                made, name.replace("CANARY", canary), content.replace("CANARY", canary).encode()
            )
        if sheet_relations:
            relations = sheet_relations.replace("CANARY", canary).encode()
            made = workbooks._with_member(made, "xl/worksheets/_rels/sheet1.xml.rels", relations)
        return made

    return make


_A1: Mapping[str, Any] = {"sheet": "公示", "cell": "A1"}
XLSX: dict[str, Place] = {
    name: Place(workbooks.PLACES[name], hidden, where)
    for name, hidden, where in (
        ("hidden_sheet", "hidden_sheet", {"sheet": "底表", "cell": "A1"}),
        ("very_hidden_sheet", "very_hidden_sheet", {"sheet": "底表", "cell": "A1"}),
        ("name_of_a_hidden_sheet", "hidden_sheet", {}),
        ("hidden_row", "hidden_row", {"sheet": "公示", "cell": "A3"}),
        ("row_without_height", "hidden_row", {"sheet": "公示", "cell": "A3"}),
        ("hidden_column", "hidden_column", {"sheet": "公示", "cell": "D1"}),
        ("hidden_columns_as_a_group", "hidden_column", {"sheet": "公示", "cell": "E1"}),
        ("comment", "comment", _A1),
        ("author_of_a_comment", "comment", {"sheet": "公示"}),
        ("formula", "formula", {"sheet": "公示", "cell": "B1"}),
        ("defined_name", "defined_name", {}),
        ("data_validation", "data_validation", {"sheet": "公示", "cell": "B1"}),
        ("white_on_white", "hidden_text", {"sheet": "公示", "cell": "B1"}),
        ("colour_of_its_ground", "hidden_text", {"sheet": "公示", "cell": "B1"}),
        ("format_that_shows_nothing", "hidden_text", {"sheet": "公示", "cell": "B1"}),
        ("author", "properties", {}),
        ("keywords", "properties", {}),
        ("covered_by_a_merge", "covered_text", {"sheet": "公示", "cell": "C3"}),
        ("unused_shared_string", "shared_string_unused", {}),
        ("pivot_cache", "pivot_cache", {"row": 2, "column": 1}),
        ("external_link", "external_link", {}),
        ("custom_xml", "custom_xml", {}),
        ("embedded_file", "embedded_file", {}),
        ("thumbnail", "thumbnail", {}),
        ("printer_settings", "printer_settings", {}),
        ("name_of_a_member", "other_part", {}),
        ("remark_of_the_package", "trailing_bytes", {}),
    )
} | {
    "threaded_comment": Place(
        _workbook_with({"xl/threadedComments/threadedComment1.xml":
                        '<ThreadedComments><threadedComment ref="A1"><text>CANARY</text></threadedComment></ThreadedComments>'},
                       _relations(("r1", "threadedComment", "../threadedComments/threadedComment1.xml"))), "comment", _A1),
    "person": Place(_workbook_with({"xl/persons/person.xml": '<personList><person displayName="CANARY"/></personList>'}),
                    "comment"),
    "address_of_a_link": Place(
        _workbook_with({}, _relations(("r1", "hyperlink", "https://example.org/CANARY"))), "link"),
    "tip_of_a_link": Place(_cell_xml('<hyperlinks><hyperlink ref="A1" location="x" tooltip="CANARY"/></hyperlinks>'),
                           "link", _A1),
    "remembered_filter": Place(
        _cell_xml('<autoFilter ref="A1:A2"><filterColumn colId="0"><filters><filter val="CANARY"/></filters>'
                  "</filterColumn></autoFilter>"), "other_part", {"sheet": "公示"}),
    "scenario": Place(_cell_xml('<scenarios><scenario name="a" comment="CANARY"/></scenarios>'), "other_part"),
    "header_of_first_pages_only": Place(
        _cell_xml("<headerFooter><firstHeader>&amp;CCANARY</firstHeader></headerFooter>"), "header", {"sheet": "公示"}),
    "condition": Place(
        _cell_xml('<conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1="CANARY"</formula></cfRule>'
                  "</conditionalFormatting>"), "formula", _A1),
    "prompt": Place(
        _cell_xml('<dataValidations><dataValidation sqref="A1" prompt="CANARY"/></dataValidations>'),
        "data_validation", _A1),
    "query": Place(_workbook_with({"xl/connections.xml": '<connections><connection name="CANARY"/></connections>'}),
                   "query_table"),
    "shared_item_of_a_pivot_table": Place(
        _workbook_with({"xl/pivotCache/pivotCacheDefinition1.xml":
                        '<d><cacheField name="a"><sharedItems><s v="CANARY"/></sharedItems></cacheField></d>'}),
        "pivot_cache", {"column": 1}),
    "chart_cache": Place(_workbook_with({"xl/charts/chart1.xml": _CHART_XML}), "chart_cache"),
    "log_of_a_shared_workbook": Place(_workbook_with({"xl/revisions/revisionLog1.xml": "<r><t>CANARY</t></r>"}),
                                      "earlier_revision"),
    "sheet_no_longer_listed": Place(
        _workbook_with({"xl/worksheets/sheet9.xml":
                        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>CANARY</t></is></c>'
                        "</row></sheetData></worksheet>"}), "other_part"),
}  # fmt: skip
