"""Presentations and OpenDocument files with a canary in one named hiding place each; see `office`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from tests.canaries.office import (
    _CHART_XML,
    _CORE,
    _MAIN,
    _REL,
    _SLIDE,
    _TYPE,
    DOCX,
    SHOWN,
    XLSX,
    Place,
    _relations,
    _types,
    packed,
)

_NS = f'xmlns:p="{_SLIDE}" xmlns:a="{_MAIN}" xmlns:r="{_REL}"'


def _tree(shapes: str) -> str:
    return f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"


def shape(text: str, properties: str = "", name: str = 'name="文本框 1"') -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" {name}/></p:nvSpPr><p:spPr>{properties}</p:spPr><p:txBody><a:p><a:r><a:t>{text}'
        "</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def presentation(
    shapes: str = "", attributes: str = "", related: Mapping[str, tuple[str, str]] | None = None
) -> dict[str, str]:
    """Members of a .pptx of two slides; the second has `shapes`, and `related` parts below ppt/."""
    related = related or {}
    kind = f"{_TYPE}.presentationml"
    slides = {1: shape(SHOWN), 2: shapes}
    types = {"ppt/presentation.xml": f"{kind}.presentation.main+xml"}
    types |= {f"ppt/slides/slide{n}.xml": f"{kind}.slide+xml" for n in slides}
    types |= {f"ppt/{name}": f"{kind}.{told}+xml" for name, (told, _) in related.items()}
    return {
        "[Content_Types].xml": _types(types),
        "_rels/.rels": _relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {_NS}><p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/>'
        '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations(
            ("r1", "slide", "slides/slide1.xml"), ("r2", "slide", "slides/slide2.xml")
        ),
        **{
            f"ppt/slides/slide{n}.xml": f"<p:sld {_NS} {attributes if n == 2 else ''}>{_tree(held)}</p:sld>"
            for n, held in slides.items()
        },
        "ppt/slides/_rels/slide2.xml.rels": _relations(
            *((f"r{n}", told, f"../{name}") for n, (name, (told, _)) in enumerate(related.items(), start=1))
        ),
        **{f"ppt/{name}": content for name, (_, content) in related.items()},
    }


def _show(shapes: str = "", attributes: str = "") -> Callable[[str], bytes]:
    return lambda canary: packed(presentation(shapes.replace("CANARY", canary), attributes))


def _show_part(name: str, kind: str, content: str) -> Callable[[str], bytes]:
    return lambda canary: packed(presentation("", "", {name: (kind, content.replace("CANARY", canary))}))


def _show_member(name: str, content: str) -> Callable[[str], bytes]:
    return lambda canary: packed(presentation() | {name: content.replace("CANARY", canary)})


def _moved(x: int, y: int) -> str:
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="900000" cy="300000"/></a:xfrm>'


_ON_2 = {"slide": 2}
_GROUP = (
    '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="3" name="组合 1"/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="-5000000" y="0"/>'
    '<a:ext cx="1000000" cy="1000000"/><a:chOff x="0" y="0"/><a:chExt cx="1000000" cy="1000000"/></a:xfrm></p:grpSpPr>'
    f"{shape('CANARY', _moved(10, 10))}</p:grpSp>"
)
_TABLE = (
    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc>"
    '<a:tc hMerge="1"><a:txBody><a:p><a:r><a:t>CANARY</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData>'
    "</a:graphic></p:graphicFrame>"
)
PPTX: dict[str, Place] = {
    "hidden_slide": Place(_show(shape("CANARY"), 'show="0"'), "hidden_slide", _ON_2),
    "speaker_notes": Place(
        _show_part("notesSlides/notesSlide1.xml", "notesSlide", f"<p:notes {_NS}>{_tree(shape('CANARY'))}</p:notes>"),
        "speaker_notes", _ON_2),
    "comment": Place(
        _show_part("comments/comment1.xml", "comments", f"<p:cmLst {_NS}><p:cm><p:text>CANARY</p:text></p:cm></p:cmLst>"),
        "comment", _ON_2),
    "author_of_a_comment": Place(
        _show_member("ppt/commentAuthors.xml", f'<p:cmAuthorLst {_NS}><p:cmAuthor id="0" name="CANARY"/></p:cmAuthorLst>'),
        "comment"),
    "left_of_the_slide": Place(_show(shape("CANARY", _moved(-2_000_000, 0))), "off_page", _ON_2),
    "below_the_slide": Place(_show(shape("CANARY", _moved(0, 9_000_000))), "off_page", _ON_2),
    "group_off_the_slide": Place(_show(_GROUP), "off_page", _ON_2),
    "shape_switched_off": Place(_show(shape("CANARY", name='name="文本框 1" hidden="1"')), "hidden_text", _ON_2),
    "alternative_text": Place(_show(shape("x", name='name="图片 1" descr="CANARY"')), "alt_text", _ON_2),
    "name_of_a_shape": Place(_show(shape("x", name='name="CANARY"')), "alt_text", _ON_2),
    "covered_by_a_merge": Place(_show(_TABLE), "covered_text", {"slide": 2, "table": 1, "row": 1, "column": 2}),
    "master": Place(
        _show_part("slideMasters/slideMaster1.xml", "slideMaster", f"<p:sldMaster {_NS}>{_tree(shape('CANARY'))}</p:sldMaster>"),
        "master", {"member": "ppt/slideMasters/slideMaster1.xml"}),
    "layout": Place(
        _show_part("slideLayouts/slideLayout1.xml", "slideLayout", f"<p:sldLayout {_NS}>{_tree(shape('CANARY'))}</p:sldLayout>"),
        "master"),
    "slide_taken_out": Place(
        lambda canary: packed(presentation() | {"ppt/slides/slide9.xml": f"<p:sld {_NS}>{_tree(shape(canary))}</p:sld>"}),
        "other_part"),
    "chart_cache": Place(_show_part("charts/chart1.xml", "chart", _CHART_XML), "chart_cache", _ON_2),
    "tag": Place(_show_member("ppt/tags/tag1.xml", f'<p:tagLst {_NS}><p:tag name="A" val="CANARY"/></p:tagLst>'),
                 "custom_properties"),
    "author": Place(_show_member("docProps/core.xml", _CORE.format("creator")), "properties"),
    "link": Place(
        lambda canary: packed(presentation() | {"ppt/slides/_rels/slide1.xml.rels": _relations(("r1", "hyperlink", f"mailto:{canary}"))}),
        "link"),
}  # fmt: skip

# OpenDocument

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF = " ".join(
    f'xmlns:{name}="{_OFFICE}{urn}:1.0"'
    for name, urn in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("meta", "meta"), ("number", "datastyle"), ("config", "config"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def opened(kind: str, body: str, styles: str = "", **others: str | bytes) -> dict[str, str | bytes]:
    """Members of a .odt (`kind` text) or .ods (spreadsheet)."""
    media = f"application/vnd.oasis.opendocument.{kind}"
    return {
        "mimetype": media,
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:m"/>',
        "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        **others,
    }


def _text(body: str, styles: str = "") -> Callable[[str], bytes]:
    shown = f"<text:p>{SHOWN}</text:p>"
    return lambda canary: packed(opened("text", shown + body.replace("CANARY", canary), styles))


def _text_member(name: str, content: str) -> Callable[[str], bytes]:
    def make(canary: str) -> bytes:
        filled = content.replace("CANARY", canary)
        return packed(opened("text", f"<text:p>{SHOWN}</text:p>") | {name: filled.replace("ODF", _ODF)})

    return make


def _version(canary: str) -> bytes:
    old = packed(opened("text", f"<text:p>{canary}</text:p>"))
    return packed(opened("text", f"<text:p>{SHOWN}</text:p>") | {"Versions/Version1": old})


def _printer(canary: str) -> bytes:
    setup = base64.b64encode(b"\1\2" + canary.encode()).decode()
    item = f'<config:config-item config:name="PrinterSetup">{setup}</config:config-item>'
    return packed(opened("text", f"<text:p>{SHOWN}</text:p>") | {"settings.xml": f"<office:s {_ODF}>{item}</office:s>"})


_P2 = {"paragraph": 2}
_HIDDEN_STYLE = '<style:style style:name="H" style:family="text"><style:text-properties {}/></style:style>'
_SPAN = '<text:p><text:span text:style-name="H">CANARY</text:span></text:p>'
ODT: dict[str, Place] = {
    "comment": Place(_text("<text:p>甲<office:annotation><dc:creator>x</dc:creator><text:p>CANARY</text:p></office:annotation></text:p>"),
                     "comment", _P2),
    "author_of_a_comment": Place(
        _text("<text:p>甲<office:annotation><dc:creator>CANARY</dc:creator><text:p>x</text:p></office:annotation></text:p>"),
        "comment", _P2),
    "deletion": Place(
        _text("<text:tracked-changes><text:changed-region><text:deletion><text:p>CANARY</text:p></text:deletion>"
              "</text:changed-region></text:tracked-changes>"), "deletion"),
    "author_of_an_insertion": Place(
        _text("<text:tracked-changes><text:changed-region><text:insertion><office:change-info><dc:creator>CANARY</dc:creator>"
              "</office:change-info></text:insertion></text:changed-region></text:tracked-changes>"), "insertion"),
    "hidden_characters": Place(_text(_SPAN, _HIDDEN_STYLE.format('text:display="none"')), "hidden_text", _P2),
    "white_letters": Place(_text(_SPAN, _HIDDEN_STYLE.format('fo:color="#ffffff"')), "hidden_text", _P2),
    "hidden_field": Place(_text('<text:p><text:hidden-text text:string-value="CANARY"/></text:p>'), "hidden_text", _P2),
    "hidden_section": Place(_text('<text:section text:display="none"><text:p>CANARY</text:p></text:section>'), "hidden_text", _P2),
    "variable": Place(_text('<text:user-field-decls><text:user-field-decl office:string-value="CANARY"/></text:user-field-decls>'),
                      "form_field"),
    "alternative_text": Place(_text("<text:p><draw:frame><svg:desc>CANARY</svg:desc></draw:frame></text:p>"), "alt_text", _P2),
    "bookmark": Place(_text('<text:p><text:bookmark text:name="CANARY"/></text:p>'), "bookmark", _P2),
    "link": Place(_text('<text:p><text:a xlink:href="https://example.org/CANARY">x</text:a></text:p>'), "link", _P2),
    "covered_by_a_merge": Place(
        _text('<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:covered-table-cell>'
              "<text:p>CANARY</text:p></table:covered-table-cell></table:table-row></table:table>"),
        "covered_text", {"table": 1, "row": 1, "column": 2}),
    "header_switched_off": Place(
        _text_member("styles.xml", '<office:s ODF><style:header style:display="false"><text:p>CANARY</text:p></style:header></office:s>'),
        "header"),
    "author": Place(_text_member("meta.xml", "<office:m ODF><dc:creator>CANARY</dc:creator></office:m>"), "properties"),
    "custom_property": Place(
        _text_member("meta.xml", '<office:m ODF><meta:user-defined meta:name="a">CANARY</meta:user-defined></office:m>'),
        "custom_properties"),
    "printer": Place(_printer, "printer_settings"),
    "table_of_a_chart": Place(_text_member("Object 1/content.xml", "<office:c ODF><text:p>CANARY</text:p></office:c>"), "chart_cache"),
    "earlier_version": Place(_version, "earlier_revision", {"member": "Versions/Version1"}),
    "macro": Place(_text_member("Basic/Standard/Module1.xml", "<m>CANARY</m>"), "macro"),
}  # fmt: skip


def _sheet(inner: str, styles: str = "", beside: str = "", attributes: str = "") -> Callable[[str], bytes]:
    first = f"<table:table-row><table:table-cell><text:p>{SHOWN}</text:p></table:table-cell></table:table-row>"

    def make(canary: str) -> bytes:
        body = f'<table:table table:name="公示" {attributes}>{inner}</table:table>{beside}'
        body = body.replace("FIRST", first).replace("CANARY", canary)
        return packed(opened("spreadsheet", body, styles))

    return make


_ROW = "<table:table-row {}><table:table-cell {}><text:p>{}</text:p></table:table-cell></table:table-row>"
_B1 = {"sheet": "公示", "cell": "A2"}
ODS: dict[str, Place] = {
    "hidden_sheet": Place(
        _sheet("FIRST", '<style:style style:name="T" style:family="table"><style:table-properties table:display="false"/></style:style>',
               f'<table:table table:name="底表" table:style-name="T">{_ROW.format("", "", "CANARY")}</table:table>'),
        "hidden_sheet", {"sheet": "底表", "cell": "A1"}),
    "hidden_row": Place(_sheet("FIRST" + _ROW.format('table:visibility="collapse"', "", "CANARY")), "hidden_row", _B1),
    "filtered_row": Place(_sheet("FIRST" + _ROW.format('table:visibility="filter"', "", "CANARY")), "hidden_row", _B1),
    "hidden_column": Place(
        _sheet('<table:table-column/><table:table-column table:visibility="collapse"/>FIRST<table:table-row><table:table-cell/>'
               "<table:table-cell><text:p>CANARY</text:p></table:table-cell></table:table-row>"),
        "hidden_column", {"sheet": "公示", "cell": "B2"}),
    "comment": Place(
        _sheet("FIRST<table:table-row><table:table-cell><office:annotation><text:p>CANARY</text:p></office:annotation>"
               "</table:table-cell></table:table-row>"), "comment", _B1),
    "value_that_is_not_shown": Place(
        _sheet("FIRST" + _ROW.format("", 'office:value-type="string" office:string-value="CANARY"', "")), "hidden_text", _B1),
    "white_on_white": Place(
        _sheet("FIRST" + _ROW.format("", 'table:style-name="W"', "CANARY"),
               '<style:style style:name="W" style:family="table-cell"><style:text-properties fo:color="#ffffff"/></style:style>'),
        "hidden_text", _B1),
    "formula": Place(_sheet("FIRST" + _ROW.format("", "table:formula='of:=LEN(\"CANARY\")'", "3")), "formula", _B1),
    "covered_by_a_merge": Place(
        _sheet("FIRST<table:table-row><table:covered-table-cell><text:p>CANARY</text:p></table:covered-table-cell></table:table-row>"),
        "covered_text", _B1),
    "defined_name": Place(
        _sheet("FIRST", beside='<table:named-expressions><table:named-expression table:name="a" table:expression="CANARY"/>'
               "</table:named-expressions>"), "defined_name"),
    "validation": Place(
        _sheet("FIRST", beside='<table:content-validations><table:content-validation table:name="a" table:condition="CANARY"/>'
               "</table:content-validations>"), "data_validation"),
    "external_sheet": Place(
        _sheet("FIRST", beside='<table:table table:name="x"><table:table-source xlink:href="file:///a.ods"/>'
               + _ROW.format("", "", "CANARY") + "</table:table>"), "external_link"),
    "tracked_deletion": Place(
        _sheet("FIRST", beside="<table:tracked-changes><table:deletion><text:p>CANARY</text:p></table:deletion></table:tracked-changes>"),
        "deletion"),
    "author": Place(lambda canary: packed(opened("spreadsheet", "", **{"meta.xml": f"<office:m {_ODF}><dc:creator>{canary}</dc:creator></office:m>"})),
                    "properties"),
}  # fmt: skip

ALL: dict[str, dict[str, Place]] = {"docx": DOCX, "xlsx": XLSX, "pptx": PPTX, "odt": ODT, "ods": ODS}
