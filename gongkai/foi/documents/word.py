"""A document as a Word file in the layout of GB/T 9704, for editing and for stamping. Loaded by `printed` only."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document as new_word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt

from gongkai.foi.documents.document import GAP, Document
from gongkai.foi.documents.layout import DATE_WIDTH, Form, Page, Row, is_heading, laid_out, listed

BODY, TITLE, HEADING = "仿宋_GB2312", "方正小标宋简体", "黑体"
#: What Word and WPS take where a font is not there.
FALLBACKS: Final = {BODY: "仿宋", TITLE: "宋体", HEADING: "SimHei"}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
# 225 mm / 22 lines. 28 characters of size 3, which is 16 pt in Word, need 15.75 pt each in 156 mm; a grid of characters
# would say the same, but is read in three ways by Word, WPS and LibreOffice.
LINE_PITCH: Final = 579  # twentieths of a point
CLOSER: Final = -5  # twentieths of a point
_MM: Final = 36_000  # EMU


def written(document: Document) -> bytes:
    """The Word file; equal documents give equal bytes. What is missing is highlighted."""
    page = laid_out(document)
    word = new_word()
    _set_page(word)
    _set_fonts(word)
    _heads(word, page)
    if page.layout == "letter":
        _letter(word, page)
    else:
        _table(word, page.rows, heads=page.layout == "list")
        if page.layout == "form":
            _signature(word, page, room=1)
    for form in page.forms:
        _form(word, form)
    return _packed(word, page.title)


def _set_page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    _add(section._sectPr, "w:docGrid", type="lines", linePitch=str(LINE_PITCH))
    word.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, right=True)
    _page_number(section.even_page_footer, right=False)


def _page_number(footer: Any, *, right: bool) -> None:
    """— 1 —, one character from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    side = "right_indent" if right else "left_indent"
    setattr(paragraph.paragraph_format, side, Pt(14))
    _run(paragraph, "— ", font="宋体", points=14)
    field = _run(paragraph, "", font="宋体", points=14)
    for part, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if part:
            _add(field._r, "w:fldChar", fldCharType=part)
        else:
            _add(field._r, "w:instrText").text = text
    _run(paragraph, " —", font="宋体", points=14)


def _set_fonts(word: Any) -> None:
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.element.rPr.insert_element_before(_made("w:spacing", val=str(CLOSER)), "w:sz", "w:lang")
    _add(normal.element.rPr, "w:lang", val="zh-CN", eastAsia="zh-CN")
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.widow_control = True
    for rel in word.part.rels.values():
        if rel.reltype.endswith("/fontTable"):
            fonts = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in FALLBACKS.items()
            )
            table = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
            rel.target_part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{table}'.encode()


def _heads(word: Any, page: Page) -> None:
    for text in filter(None, (page.agency, page.title)):
        _titled(word, text)
    if page.number:
        _centred(word, page.number)
    word.add_paragraph()


def _letter(word: Any, page: Page) -> None:
    _write(word.add_paragraph(), f"{page.addressee}：")
    for text in page.paragraphs:
        paragraph = word.add_paragraph()
        _indent(paragraph)
        heading = is_heading(text)
        paragraph.paragraph_format.keep_with_next = heading or None
        _write(paragraph, text, font=HEADING if heading else BODY)
    if page.attachments:
        word.paragraphs[-1].paragraph_format.keep_with_next = True
        word.add_paragraph().paragraph_format.keep_with_next = True
        for n, name in enumerate(listed(page.attachments)):
            paragraph = word.add_paragraph()
            _indent(paragraph, chars=500 if n else 200)
            paragraph.paragraph_format.keep_with_next = True
            _write(paragraph, name if n else f"附件：{name}")
    _signature(word, page)
    if page.contact:
        paragraph = word.add_paragraph()
        _indent(paragraph)
        _write(paragraph, f"（{page.contact}）", points=14)


def _signature(word: Any, page: Page, *, room: int = 2) -> None:
    """Name and date, right, below lines of room for the seal; kept with the last lines of the text."""
    for paragraph in word.paragraphs[-1:]:
        paragraph.paragraph_format.keep_with_next = True
    for text in (*[""] * room, page.agency, page.dated):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.keep_with_next = None if text == page.dated else True
        if text:
            _aligned_right(paragraph, chars=_from_right(text, page))
            _write(paragraph, text)


def _from_right(text: str, page: Page) -> int:
    """Name and date stand centred on each other, the longer one four characters from the right, a long name two."""
    name, dated = _width(page.agency), _width(page.dated)
    edge = 400 if name <= DATE_WIDTH else 200
    return edge + max(0, int((max(name, dated) - _width(text)) * 50))


def _width(text: str) -> float:
    """In characters of full width."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text)


def _form(word: Any, form: Form) -> None:
    paragraph = _titled(word, form.heading)
    paragraph.paragraph_format.page_break_before = True
    word.add_paragraph()
    _table(word, form.rows)


def _table(word: Any, rows: tuple[Row, ...], *, heads: bool = False) -> None:
    table = word.add_table(rows=0, cols=max(len(row) for row in rows))
    table.style = "Table Grid"
    table.autofit = False
    widths = [47, 109] if len(table.columns) == 2 else [14, 76, 26, 22, 18]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width * _MM)
    for n, row in enumerate(rows):
        made = table.add_row()
        if not heads:
            made.height = Emu(12 * _MM)
        for width, cell, text in zip(widths, made.cells, row, strict=True):
            cell.width = Emu(width * _MM)
            cell.vertical_alignment = 1
            _write(cell.paragraphs[0], text, font=HEADING if heads and n == 0 else BODY, points=12 if heads else 14)


def _centred(word: Any, text: str, *, font: str = BODY, points: float = 16) -> Any:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, font=font, points=points)
    return paragraph


def _titled(word: Any, text: str) -> Any:
    """A line of size 2; it is higher than a line of the grid and would take two."""
    paragraph = _centred(word, text, font=TITLE, points=22)
    paragraph.paragraph_format.line_spacing = Pt(34)
    paragraph._p.pPr.insert_element_before(_made("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc")
    return paragraph


def _indent(paragraph: Any, *, chars: int = 200) -> None:
    """`chars` in hundredths of a character: the first line of a paragraph by two."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Pt(chars * 16 // 100)
    _characters(paragraph, "firstLineChars", chars)


def _aligned_right(paragraph: Any, *, chars: int) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = Pt(chars * 16 // 100)
    _characters(paragraph, "rightChars", chars)


def _characters(paragraph: Any, name: str, chars: int) -> None:
    """The same measure in hundredths of a character, which Word and WPS prefer."""
    paragraph._p.pPr.ind.set(qn(f"w:{name}"), str(chars))


def _write(paragraph: Any, text: str, *, font: str = BODY, points: float = 16) -> None:
    """The text as runs, gaps highlighted."""
    at = 0
    for gap in GAP.finditer(text):
        _run(paragraph, text[at : gap.start()], font=font, points=points)
        _run(paragraph, gap[0], font=font, points=points).font.highlight_color = WD_COLOR_INDEX.YELLOW
        at = gap.end()
    _run(paragraph, text[at:], font=font, points=points)


def _run(paragraph: Any, text: str, *, font: str, points: float) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(points)
    run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    """A child with these attributes of WordprocessingML, last; a grid that is there already is replaced."""
    element = _made(tag, **attributes)
    for old in parent.findall(qn(tag)) if tag == "w:docGrid" else ():
        parent.remove(old)
    parent.append(element)
    return element


def _made(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _packed(word: Any, title: str) -> bytes:
    """The file with the kind as its title, nobody as its author, and no time of making."""
    told = word.core_properties
    told.title, told.author, told.last_modified_by, told.comments = title, "", "", ""
    told.created = told.modified = datetime(*_EPOCH, tzinfo=UTC)
    first = io.BytesIO()
    word.save(first)
    packed = io.BytesIO()
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
