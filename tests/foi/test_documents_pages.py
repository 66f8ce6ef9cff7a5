"""Documents as pages: the layout of GB/T 9704, and that hostile text stays text in HTML, PDF and Word."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from typing import Any

import docx
import pikepdf
import pypdfium2
import pytest
from defusedxml.ElementTree import fromstring
from django.utils.safestring import mark_safe

from gongkai.foi.documents import KINDS, Document, compose, missing, receipt_pdf, to_docx, to_html, to_pdf
from gongkai.foi.documents import printed as printing
from gongkai.foi.documents.fields import FIELDS
from tests.foi.test_documents import DATED, NAME, fields

CODE, ADDRESS = "ABCDE-FGHJK-23456-789AB", "https://www.qinghe.example/apply/track/"
MM = 72 / 25.4
#: The words somebody might send, and the letters of them that stay.
HOSTILE = (
    '=HYPERLINK("http://evil.example","看")<script>alert(\'1\')</script><img src=http://127.0.0.1:9/x onerror=y>'
    "&lt;b&gt;</p></body>{{ 7*7 }}{% load x %}{request}[?you 甲|乙]\x00\x07\x1b[31m\u202e反\u2066\ufeff\ufffe\ud800"
)
STAYS = (
    '=HYPERLINK("http://evil.example","看")<script>alert(\'1\')</script><img src=http://127.0.0.1:9/x onerror=y>'
    "&lt;b&gt;</p></body>{{ 7*7 }}{% load x %}{request}[?you 甲|乙][31m反"
)
#: Fields that are codes, dates or numbers of ours.
CODES = ("channel", "ground", "by", "basis", "decision", "method", "dated", "yuan", "received_on", "arrived_on", "due_on",
         "reply_by", "clarified_on", "asked_on", "new_due_on", "until", "on", "parties", "working_days", "pay_by_days")  # fmt: skip


def hostile(kind: str) -> dict[str, Any]:
    given = fields("R2") | {"ground": "G15", "content_provided": True}
    names = (set(FIELDS) | {"organ_address", "organ_phone", "number"}) - {*CODES, "rows", "fee_lines", "content"}
    return given | dict.fromkeys(names, HOSTILE) | {
        "rows": [(1, HOSTILE, HOSTILE, 1, 1)], "fee_lines": (HOSTILE,), "files": (HOSTILE,), "content": HOSTILE,
    }  # fmt: skip


def text_of(data: bytes) -> str:
    """The text of a PDF without line ends; pdfium writes a hyphen at the end of a line as U+FFFE."""
    return "".join(page_text(data, n) for n in range(len(pypdfium2.PdfDocument(data))))


def page_text(data: bytes, n: int) -> str:
    text = pypdfium2.PdfDocument(data)[n].get_textpage().get_text_range()
    return text.replace("\ufffe", "-").replace("\r", "").replace("\n", "").replace(" ", "").replace("\xa0", "")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.told: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.told.append(data)


# Hostile text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_in_html_whatever_is_sent_is_text(kind: str):
    page = to_html(compose(kind, hostile(kind)))
    found = Tags()
    found.feed(page)
    allowed = {"article", "header", "p", "div", "section", "ul", "li", "span", "mark", "table", "thead", "tbody", "tr",
               "th", "td"}  # fmt: skip
    assert found.tags <= allowed
    assert found.names <= {"class", "lang", "scope"}
    assert STAYS in "".join(found.told).replace("\xa0", " ")


@pytest.mark.parametrize("kind", ["receipt", "reply_R2p", "delivery_proof", "dossier_index"])
def test_in_a_pdf_whatever_is_sent_is_text(kind: str):
    data = to_pdf(compose(kind, hostile(kind)))
    assert STAYS.replace(" ", "") in text_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/Names" not in pdf.Root and "/OpenAction" not in pdf.Root and "/AcroForm" not in pdf.Root
        assert [page for page in pdf.pages if "/Annots" in page] == []


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_word_file_whatever_is_sent_is_text(kind: str):
    data = to_docx(compose(kind, hostile(kind)))
    word = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    text = "\n".join([p.text for p in word.paragraphs] + cells)
    assert STAYS in text.replace("\xa0", " ")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        body = packed.read("word/document.xml").decode()
        relations = fromstring(packed.read("word/_rels/document.xml.rels"))
    assert "w:hyperlink" not in body and "w:instrText" not in body
    assert [r for r in relations if r.get("TargetMode") == "External"] == []


def test_nothing_is_fetched_neither_from_the_net_nor_from_this_machine(tmp_path):
    from weasyprint.urls import FatalURLFetchingError

    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red }")
    for source in ("http://127.0.0.1:9/x.png", secret.as_uri(), "data:image/png;base64,AAAA"):
        with pytest.raises(FatalURLFetchingError):
            printing.rendered("测试", mark_safe(f'<img src="{source}">'))
    with pytest.raises(FatalURLFetchingError):
        printing.rendered("测试", mark_safe("<p>甲</p>"), f"@import url('{secret.as_uri()}');")


# Metadata ---------------------------------------------------------------------------------------------------------------


def test_the_metadata_say_the_kind_and_nobodys_name():
    document = compose("reply_R2", fields("R2"))
    with pikepdf.open(io.BytesIO(to_pdf(document))) as pdf:
        told = {str(name): str(value) for name, value in pdf.docinfo.items()}
    assert told.pop("/Producer").startswith("WeasyPrint")
    assert told == {"/Title": "政府信息公开申请答复书"}
    core = docx.Document(io.BytesIO(to_docx(document))).core_properties
    assert (core.title, core.author, core.last_modified_by, core.comments) == ("政府信息公开申请答复书", "", "", "")


@pytest.mark.parametrize("make", [to_pdf, to_docx])
def test_equal_documents_give_equal_files(make):
    first, second = make(compose("reply_R2", fields("R2"))), make(compose("reply_R2", fields("R2")))
    assert first == second
    assert first != make(compose("reply_R2", fields("R2") | {"addressee": "别人"}))


def test_what_is_slow_to_load_is_loaded_by_whoever_prints_only():
    code = """
import sys
from gongkai.foi.documents import compose, to_html
to_html(compose("extension", {}))
print(sorted({"weasyprint", "docx"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# GB/T 9704 --------------------------------------------------------------------------------------------------------------


def full(lines: int) -> Document:
    """One paragraph of so many lines of 28 characters, the first of them indented by two."""
    return Document("extension", "题", "", "甲", ("字" * (28 * lines - 2),), "乙", DATED)


def test_the_printed_page_is_a4_with_22_lines_of_28_characters():
    data = to_pdf(full(60))
    pdf = pypdfium2.PdfDocument(data)
    assert {tuple(round(side / MM) for side in pdf[n].get_size()) for n in range(len(pdf))} == {(210, 297)}
    text = pdf[1].get_textpage()
    rows: dict[int, list[tuple[float, float]]] = {}
    for n in range(text.count_chars()):
        if text.get_text_range(n, 1) == "字":
            left, bottom, right, _ = text.get_charbox(n, loose=True)
            rows.setdefault(round(bottom), []).append((left, right))
    assert len(rows) == 22
    assert {len(row) for row in rows.values()} == {28}
    assert round(min(left for row in rows.values() for left, _ in row) / MM) == 28
    assert 155 <= (max(r for row in rows.values() for _, r in row) - 28 * MM) / MM <= 156
    bottoms = sorted(rows)
    assert round((bottoms[-1] - bottoms[0]) / 21 / MM, 1) == 10.2


def test_pages_are_numbered_outside_right_then_left():
    data = to_pdf(full(60))
    assert [f"—{n}—" in page_text(data, n - 1) for n in (1, 2, 3)] == [True] * 3
    sides = []
    for n in range(2):
        text = pypdfium2.PdfDocument(data)[n].get_textpage()
        at = next(i for i in range(text.count_chars()) if text.get_text_range(i, 1) == "—")
        sides.append(text.get_charbox(at)[0] / MM)
    assert sides[0] > 160 and sides[1] < 40


def test_name_and_date_never_stand_alone_on_a_page():
    for lines in range(12, 26):
        data = to_pdf(full(lines))
        last = page_text(data, len(pypdfium2.PdfDocument(data)) - 1)
        assert "乙2026年10月28日" in last
        assert last.count("字") >= 28, lines


def test_the_word_page_has_the_same_measures():
    word = docx.Document(io.BytesIO(to_docx(compose("reply_R2", fields("R2")))))
    section = word.sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
                section.left_margin, section.right_margin)  # fmt: skip
    assert [round(m.mm) for m in measures] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.xpath("w:docGrid")
    assert len(grid) == 1
    assert dict(grid[0].attrib.items()) == {
        f"{{{grid[0].nsmap['w']}}}{name}": value for name, value in {"type": "lines", "linePitch": "579"}.items()
    }
    closer = int(word.styles["Normal"].element.xpath("w:rPr/w:spacing/@w:val")[0])
    assert 28 * (16 + closer / 20) <= 156 * MM < 29 * (16 + closer / 20)
    assert word.settings.odd_and_even_pages_header_footer
    assert [p.text for p in (section.footer.paragraphs[0], section.even_page_footer.paragraphs[0])] == ["—  —", "—  —"]
    assert {run.font.name for p in word.paragraphs for run in p.runs} <= {"仿宋_GB2312", "方正小标宋简体", "黑体"}


def test_the_word_file_names_fonts_to_fall_back_on():
    with zipfile.ZipFile(io.BytesIO(to_docx(compose("reply_R2", fields("R2"))))) as packed:
        table = packed.read("word/fontTable.xml").decode()
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_the_order_of_the_page():
    given = fields("R2") | {"content_provided": True, "files": ("合同.pdf", "报告.docx")}
    data = text_of(to_pdf(compose("reply_R2", given)))
    places = [data.index(words) for words in
              ("青禾市住房和城乡建设局政府信息公开申请答复书", "青建公复〔2026〕12号", f"{NAME}：", "本机关于", "附件：1.合同2.报告",
               "2026年10月28日（联系电话")]  # fmt: skip
    assert places == sorted(places)
    word = docx.Document(io.BytesIO(to_docx(compose("reply_R2", given))))
    texts = [p.text for p in word.paragraphs]
    assert texts[:3] == ["青禾市住房和城乡建设局", "政府信息公开申请答复书", "青建公复〔2026〕12号"]
    assert texts[4] == f"{NAME}："
    assert texts[-5:] == [
        "",
        "",
        "青禾市住房和城乡建设局",
        "2026年10月28日",
        "（联系电话：0000-1234；地址：青禾市文渊路1号）",
    ]


def test_a_draft_shows_its_gaps_in_print_too():
    document = compose("reply_R4", fields("R4") | {"reason": "", "dated": None})
    assert missing(document) == ("理由", "成文日期")
    assert "【理由】" in text_of(to_pdf(document))
    word = docx.Document(io.BytesIO(to_docx(document)))
    assert [r.text for p in word.paragraphs for r in p.runs if r.font.highlight_color] == ["【理由】"]


def test_the_slip_to_send_back_has_a_page_of_its_own():
    data = to_pdf(compose("consultation", fields()))
    pages = len(pypdfium2.PdfDocument(data))
    assert page_text(data, pages - 1).startswith("第三方意见回执申请编号QH-JS-2026-00058第三方姓名或者名称")
    word = docx.Document(io.BytesIO(to_docx(compose("consultation", fields()))))
    assert [row.cells[0].text for row in word.tables[0].rows][:2] == ["申请编号", "第三方姓名或者名称"]


# The receipt ------------------------------------------------------------------------------------------------------------


def test_a_receipt_is_one_page_for_each_case_with_its_code_and_drawn_address():
    document = compose("receipt", fields())
    other = compose("receipt", fields() | {"case_number": "QH-JS-2026-00059"})
    data = receipt_pdf([(document, CODE), (other, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ")], address=ADDRESS)
    pdf = pypdfium2.PdfDocument(data)
    assert len(pdf) == 2
    assert CODE in page_text(data, 0) and "QH-JS-2026-00058" in page_text(data, 0)
    assert "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ" in page_text(data, 1) and CODE not in page_text(data, 1)
    assert ADDRESS in page_text(data, 0)
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert str(opened.docinfo["/Title"]) == "政府信息公开申请登记回执"


def test_what_is_drawn_is_the_address_and_never_the_code():
    import segno

    wanted = [[bool(cell) for cell in row] for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=2)]
    data = receipt_pdf([(compose("receipt", fields()), CODE)], address=ADDRESS)
    image = pypdfium2.PdfDocument(data)[0].render(scale=6).to_pil().convert("1")
    assert wanted in _squares(image, len(wanted))
    for address in (f"{ADDRESS}?code={CODE}", f"{ADDRESS}{CODE.replace('-', '')}"):
        with pytest.raises(ValueError, match="must not stand in an address"):
            receipt_pdf([(compose("receipt", fields()), CODE)], address=address)
    with pytest.raises(ValueError, match="at least one"):
        receipt_pdf([], address=ADDRESS)


def _squares(image: Any, modules: int) -> list[list[list[bool]]]:
    """What is drawn in the 32 mm square at the left of the box, read module by module at each height it may stand."""
    unit = 6 * MM
    step = 32 * unit / modules
    left = 28 * unit + 2

    def dark(top: int, x: int, y: int) -> bool:
        return bool(image.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))) == 0)

    tops = [
        top for top in range(int(150 * unit), int(230 * unit), 2)
        if [dark(top, x, 2) for x in range(2, 9)] == [True] * 7 and not any(dark(top, x, 1) for x in range(modules))
    ]  # fmt: skip
    return [[[dark(top, x, y) for x in range(modules)] for y in range(modules)] for top in tops]
