"""A Word file becomes the PDF a reader would print: revisions accepted, nothing of what is not seen, losses told."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from gongkai.files import legacy
from gongkai.files.copies import office
from gongkai.files.copies.accepted import accepted
from gongkai.files.copies.making import base_of, made_copy
from gongkai.files.memory import as_path
from gongkai.files.reading import Reading, read_text

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DATED = 'w:id="7" w:author="审核人" w:date="2026-01-02T03:04:05Z"'
TINY, RESTART, SUB = '<w:sz w:val="2"/>', '<w:vMerge w:val="restart"/>', '<w:rStyle w:val="Sub"/>'
CELL_GONE = f"<w:cellDel {_DATED}/>"
OFFICE = legacy.office_program()


def run(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def field(code: str, shown: str) -> str:
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    return f"{marks['begin']}<w:r><w:instrText>{code}</w:instrText></w:r>{marks['separate']}{run(shown)}{marks['end']}"


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p>"


SEEN = ("甲一正文", "乙二插入", "丙三移到", "丁四链接", "戊五控件", "己六格子", "庚七合并", "辛八合计", "壬九方框")
GONE = ("子删去的", "丑隐藏的", "寅太小的", "卯移走的", "辰批注的", "巳https", "午删的行", "未藏的行", "申被并的", "酉删的格",
        "戌备选的", "亥条件的")  # fmt: skip
BODY = (
    f"<w:p>{run(SEEN[0])}<w:ins {_DATED}>{run(SEEN[1])}</w:ins><w:del {_DATED}>{run(GONE[0], tag='delText')}</w:del>"
    f"{run(GONE[1], '<w:vanish/>')}{run(GONE[2], TINY)}<w:moveFrom {_DATED}>{run(GONE[3])}</w:moveFrom>"
    f"<w:moveTo {_DATED}>{run(SEEN[2])}</w:moveTo></w:p>"
    f'<w:p><w:commentRangeStart w:id="0"/>{field(f" HYPERLINK {GONE[5]} ", SEEN[3])}<w:commentRangeEnd w:id="0"/>'
    f"{field(f' IF {GONE[11]} ', '结果')}{field(' PAGE ', '9')}</w:p>"
    f'<w:sdt><w:sdtPr><w:alias w:val="控件的名字"/></w:sdtPr><w:sdtContent><w:p>{run(SEEN[4])}</w:p></w:sdtContent></w:sdt>'
    '<w:tbl><w:tblPr><w:tblCaption w:val="表的说明"/></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/>'
    f"</w:tblGrid>{row(cell(SEEN[5]), cell(SEEN[6], RESTART))}"
    f"{row(cell('同列'), cell(GONE[8], '<w:vMerge/>'))}{row(cell(GONE[6]), properties=f'<w:del {_DATED}/>')}"
    f"{row(cell(GONE[7]), properties='<w:hidden/>')}{row(cell(SEEN[7]), cell(GONE[9], CELL_GONE))}</w:tbl>"
    '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><mc:AlternateContent>'
    f'<mc:Choice Requires="wps"><w:t>{SEEN[8]}</w:t></mc:Choice><mc:Fallback><w:t>{GONE[10]}</w:t></mc:Fallback>'
    "</mc:AlternateContent></w:r></w:p>"
    f"<w:p><w:pPr><w:rPr><w:del {_DATED}/></w:rPr></w:pPr></w:p>"
)


@pytest.fixture
def document(word) -> bytes:
    parts = word.parts(BODY, comments=f'<w:comment w:id="0" w:author="审核人"><w:p>{run(GONE[4])}</w:p></w:comment>')
    parts["docProps/core.xml"] = "<cp:coreProperties xmlns:cp='x'>作者的名字</cp:coreProperties>"
    parts["customXml/item1.xml"] = "<a>自定义的</a>"
    return word.zipped(parts)


def tidied(data: bytes) -> zipfile.ZipFile:
    with as_path(data, ".docx") as path:
        return zipfile.ZipFile(io.BytesIO(accepted(str(path))))


def read(data: bytes, kind: str) -> Reading:
    with as_path(data, f".{kind}") as path:
        return read_text(path, kind)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_what_is_printed_stays_and_nothing_else(document):
    package = tidied(document)
    body = package.read("word/document.xml").decode()
    assert [words for words in SEEN if words not in body] == []
    everything = "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    assert [words for words in GONE if words in everything] == []
    assert [
        word
        for word in ("审核人", "作者的名字", "自定义的", "控件的名字", "表的说明", "2026-01-02")
        if word in everything
    ] == []
    assert package.namelist() == ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]


def test_page_numbers_stay_alive_and_other_fields_keep_their_result(document):
    body = tidied(document).read("word/document.xml").decode()
    assert body.count("instrText") == 2 and " PAGE " in body  # opening and closing tag of the one
    assert "结果" in body


def test_a_paragraph_with_its_mark_deleted_and_nothing_in_it_goes(document):
    body = tidied(document).read("word/document.xml").decode()
    assert "w:del" not in body
    assert body.rstrip().endswith("</w:p></w:body></w:document>")


def test_styles_hide_too(word):
    parts = word.parts(
        f'<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr>{run("段落样式藏的")}</w:p>'
        f"<w:p>{run('字符样式藏的', SUB)}{run('看得见的')}</w:p>",
        styles='<w:style w:type="paragraph" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Sub"><w:basedOn w:val="Note"/></w:style>',
    )
    body = tidied(word.zipped(parts)).read("word/document.xml").decode()
    assert "看得见的" in body and "藏的" not in body


def test_laid_out_anew_it_holds_what_is_seen_and_says_what_is_missing(document, monkeypatch, word):
    monkeypatch.setattr(office, "office_program", lambda: None)
    base = base_of(document, "docx")
    text = squeezed(read(base.data, "pdf").text)
    assert base.kind == "pdf"
    assert [words for words in SEEN if words not in text and words != SEEN[8]] == []
    assert [words for words in GONE if words in text] == []
    assert base.lost[0] == office.LAID_OUT_ANEW

    copied = made_copy(base, [], [*GONE, "审核人", "作者的名字"])
    assert squeezed(read(copied.data, "pdf").text).count(SEEN[0]) == 1
    # The same file has the same words a second time.
    assert squeezed(read(base_of(document, "docx").data, "pdf").text) == text


def test_white_letters_do_not_turn_black(word, monkeypatch):
    """Our own layout knows no colours; letters on a dark ground can be read in the original and stay."""
    monkeypatch.setattr(office, "office_program", lambda: None)
    white, dark = '<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:fill="1F3864"/>'
    body = (
        f"<w:p>{run('白底白字的')}{run('白纸上的白字', white)}{run('深底白字', white + dark)}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:tcPr>{dark}</w:tcPr><w:p>{run('深色格子里的白字', white)}</w:p></w:tc></w:tr></w:tbl>"
    )
    text = squeezed(read(base_of(word.zipped(word.parts(body)), "docx").data, "pdf").text)
    assert "白纸上的白字" not in text and "深底白字" in text and "深色格子里的白字" in text


def test_a_header_that_is_not_carried_over_is_told_by_its_place_alone(word, monkeypatch):
    monkeypatch.setattr(office, "office_program", lambda: None)
    body = f'<w:p>{run("正文在这里")}</w:p><w:sectPr><w:headerReference w:type="default" r:id="rheader1"/></w:sectPr>'
    data = word.zipped(word.parts(body, header1=f"<w:p>{run('某某机关内部页眉文字')}</w:p>"))
    _, lost = office.docx_to_pdf(data)
    assert lost == (office.LAID_OUT_ANEW, "原文的这些地方有文字没有带入 PDF：页眉，请对照原件核对。")


def test_a_program_that_fails_is_replaced_by_our_own_layout(document, monkeypatch, tmp_path):
    """LibreOffice that crashes, hangs on a file or writes nothing does not stop the office."""
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 77\n")
    broken.chmod(0o755)
    monkeypatch.setattr(office, "office_program", lambda: str(broken))
    made, lost = office.docx_to_pdf(document)
    assert made.startswith(b"%PDF-") and lost[0] == office.LAID_OUT_ANEW


def test_the_program_gets_the_tidied_file_and_its_pdf_is_the_base(document, monkeypatch, tmp_path):
    """The converter never sees what must not be in its PDF."""
    pdf = tmp_path / "made.pdf"
    made = tmp_path / "soffice"
    seen = tmp_path / "seen.docx"
    monkeypatch.setattr(office, "office_program", lambda: None)
    pdf.write_bytes(office.docx_to_pdf(document)[0])
    made.write_text(
        f'#!/bin/sh\nfor last; do :; done\ncp "$last" {seen}\nmkdir -p "$(dirname "$last")/out"\n'
        f'cp {pdf} "$(dirname "$last")/out/source.pdf"\n'
    )
    made.chmod(0o755)
    monkeypatch.setattr(office, "office_program", lambda: str(made))
    data, lost = office.docx_to_pdf(document)
    assert data == pdf.read_bytes() and office.LAID_OUT_ANEW not in lost
    with zipfile.ZipFile(seen) as package:
        held = "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    assert [words for words in GONE if words in held] == []
    assert not Path(os.path.dirname(seen), "source.docx").exists()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed on this machine")
def test_libreoffice_keeps_the_words_and_page_numbers(document):
    base = base_of(document, "docx")
    reading = read(base.data, "pdf")
    text = squeezed(reading.seen)
    assert [words for words in SEEN[:8] if words not in text] == []
    assert "结果1" in text  # the page it stands on, not the 9 it was saved with
    assert [words for words in GONE if words in squeezed(reading.text)] == []
    assert office.LAID_OUT_ANEW not in base.lost
