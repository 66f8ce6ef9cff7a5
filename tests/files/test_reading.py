"""Text of attachments: all of it, also what is hidden from view, and a reason where it cannot be had."""

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from gongkai.files.reading import Reading, read_text, read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits


@pytest.fixture
def reading(tmp_path: Path):
    def read(data: bytes, kind: str) -> Reading:
        path = tmp_path / "stored"
        path.write_bytes(data)
        return read_text(path, kind)

    return read


def refused(reading, data: bytes, kind: str) -> str:
    with pytest.raises(Unreadable) as refusal:
        reading(data, kind)
    assert "请" in refusal.value.sentence
    return refusal.value.code


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with one line of Latin text per page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>")
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    for number, text in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents {4 + 2 * number} 0 R/Resources<</Font<</F {font}>>>>>>"
        )
        stream = f"BT /F 12 Tf 20 100 Td ({text}) Tj ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects.append(f"<</Title({title})>>")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("latin-1")


def test_word_with_everything_that_is_out_of_sight(reading, word: SimpleNamespace) -> None:
    body = (
        word.paragraph("正文一")
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏字</w:t></w:r><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>左</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>右</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    parts = word.parts(
        body,
        header1=word.paragraph("机密★一年"),
        comments=f"<w:comment>{word.paragraph('还要再议')}</w:comment>",
    )
    parts["docProps/core.xml"] = "<x><a>旧标题</a><b>张三</b><c>2026-01-02T03:04:05Z</c></x>"
    parts["word/embeddings/oleObject1.bin"] = b"\xd0\xcf"
    result = reading(word.zipped(parts), "docx")
    assert [(part.where, part.text) for part in result.parts] == [
        ({"paragraph": 1}, "正文一"),
        ({"table": 1, "row": 1, "column": 1}, "左"),
        ({"table": 1, "row": 1, "column": 2}, "右"),
        ({"member": "word/header1.xml", "paragraph": 1, "hidden": "header"}, "机密★一年"),
        ({"paragraph": 2, "hidden": "hidden_text"}, "隐藏字"),
        ({"paragraph": 2, "hidden": "deletion"}, "删去的"),
        ({"member": "word/comments.xml", "hidden": "comment"}, "还要再议"),
        ({"member": "docProps/core.xml", "hidden": "properties"}, "旧标题"),
        ({"member": "docProps/core.xml", "hidden": "properties"}, "张三"),
    ]
    assert result.text.startswith("正文一\n左\t右\n机密★一年\n")
    assert result.seen == "正文一\n左\t右"
    assert (result.count, result.unit) == (2, "段")
    assert result.warnings == (
        "文件里嵌有系统不认识的对象（word/embeddings/oleObject1.bin），只检查了其中可以直接读出的文字，请打开核对。",
    )


def test_text_box_in_both_forms_is_read_once(reading, word: SimpleNamespace) -> None:
    box = f"<w:txbxContent>{word.paragraph('框内')}</w:txbxContent>"
    body = (
        '<w:p><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert reading(word.zipped(word.parts(body)), "docx").text == "框内"


def test_sheets_hidden_ones_too(reading) -> None:
    book = openpyxl.Workbook()
    book.active.title = "名单"
    book.active.append(["姓名", None, "证号"])
    book.active.append(["甲", 3.5, 110101199003070000.0])
    book.active["A1"].comment = Comment("不公开", "乙")
    book.active.oddHeader.center.text = "内部资料"
    hidden = book.create_sheet("底稿")
    hidden["XFD2"] = "远处"
    hidden.sheet_state = "veryHidden"
    packed = io.BytesIO()
    book.save(packed)
    result = reading(packed.getvalue(), "xlsx")
    parts = [(part.where, part.text) for part in result.parts]
    assert parts[:4] == [
        ({"sheet": "名单"}, "名单"),
        ({"sheet": "名单", "cell": "A1", "row": 1, "column": 1}, "姓名"),
        ({"sheet": "名单", "cell": "C1", "row": 1, "column": 3}, "证号"),
        ({"sheet": "名单", "cell": "A2", "row": 2, "column": 1}, "甲"),
    ]
    assert result.text.startswith("名单\n姓名\t\t证号\n甲\t3.5\t110101199003070000\n")
    far = {"sheet": "底稿", "cell": "XFD2", "row": 2, "column": 16384, "hidden": "very_hidden_sheet"}
    assert (far, "远处") in parts
    assert ({"sheet": "底稿", "hidden": "very_hidden_sheet"}, "底稿") in parts
    assert ({"sheet": "名单"}, "内部资料") in parts
    assert any(
        (where.get("cell"), where.get("hidden")) == ("A1", "comment") and "不公开" in text for where, text in parts
    )
    assert (result.count, result.unit) == (2, "张工作表")


def test_pdf_page_by_page(reading) -> None:
    result = reading(pdf("first page", "", "third page", title="Draft"), "pdf")
    assert [(part.where["page"], part.hidden, part.text) for part in result.parts[:2]] == [
        (1, "", "first page"),
        (3, "", "third page"),
    ]
    assert [(dict(part.where), part.text) for part in result.parts[2:]] == [({"hidden": "properties"}, "Draft")]
    x0, y0, x1, y1 = result.parts[0].where["rect"]
    assert 18 < x0 < 22 and 85 < y0 < 95 < y1 < 105 and 65 < x1 < 80  # base line at 100 of 200 points, 12 points high
    assert (result.count, result.unit) == (3, "页")
    assert result.warnings == ()  # the second page is blank
    assert result.text == "first page\nthird page\nDraft"
    assert result.seen == "first page\nthird page"
    assert [result.at(offset).text for offset in (0, 9, 10, 11, 21, 22, 26)] == [
        *(["first page"] * 3), *(["third page"] * 2), *(["Draft"] * 2),
    ]  # fmt: skip
    with pytest.raises(IndexError):
        result.at(27)


def test_ofd_lines(reading, word: SimpleNamespace) -> None:
    def line(y: float, text: str) -> str:
        return f'<ofd:TextObject Boundary="10 {y} 90 5" Size="5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'

    page = f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{line(10, "关于")}{line(10.1, "通知")}{line(20, "全文")}</ofd:Layer></ofd:Content></ofd:Page>'
    members = {
        "OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": '<Document><Pages><Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></Pages></Document>',
        "Doc_0/Pages/Page_0/Content.xml": page,
    }
    assert reading(word.zipped(members), "ofd").text == "关于通知\n全文"
    assert refused(reading, word.zipped({"OFD.xml": "<x/>"}), "ofd") == "damaged"
    assert refused(reading, word.zipped({"OFD.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "ofd") == "damaged"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("名称,数量\r\n公开,3\r\n".encode(), "名称,数量\n公开,3\n"),
        ("\ufeff名称".encode(), "名称"),
        ("名称".encode("utf-16"), "名称"),
        ("名称，㐂".encode("gb18030"), "名称，㐂"),
        (b"plain", "plain"),
    ],
)
def test_encodings(reading, data: bytes, text: str) -> None:
    assert reading(data, "csv").text == text


def test_refused_with_a_reason(reading, word: SimpleNamespace, tmp_path: Path) -> None:
    assert refused(reading, b"\xff\xff\xff", "txt") == "encoding"
    assert refused(reading, b"a\0b", "txt") == "encoding"
    assert refused(reading, b"%PDF-1.7 garbage", "pdf") == "damaged"
    assert refused(reading, bytes(1000), "pdf") == "damaged"
    assert refused(reading, bytes(1000), "docx") == "damaged"
    assert refused(reading, bytes(1000), "xlsx") == "damaged"
    assert refused(reading, word.zipped(word.parts("")), "xlsx") == "damaged"
    assert refused(reading, b"x" * 5_000_001, "txt") == "too-much-text"
    with pytest.raises(ValueError, match="no text in files of kind svg"):
        read_text(tmp_path / "stored", "svg")


def test_a_pdf_of_too_many_pages_and_one_that_runs_in_circles(reading) -> None:
    assert refused(reading, pdf(*["x"] * 5_001), "pdf") == "too-many-pages"
    circle = pdf("x").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    assert circle != pdf("x")
    with pytest.raises(Unreadable):
        reading(circle, "pdf")


def test_a_wide_sheet_is_read_and_one_with_too_much_text_is_not(reading) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(200):
        sheet.append([None] * 16_000 + ["x"])
    packed = io.BytesIO()
    book.save(packed)
    assert len([part for part in reading(packed.getvalue(), "xlsx").parts if part.text == "x"]) == 200
    book = openpyxl.Workbook()
    text = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(30_000))
    for _ in range(200):
        book.active.append([text])
    packed = io.BytesIO()
    book.save(packed)
    assert refused(reading, packed.getvalue(), "xlsx") == "too-much-text"


def test_a_wrong_dimension_hides_nothing(reading) -> None:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["甲", "乙"])
    book.active.append(["丙", "丁"])
    book.save(packed)
    changed = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:A1"'))
    assert changed.getvalue().count(b'ref="A1:A1"') == 1
    assert reading(changed.getvalue(), "xlsx").text.startswith("甲\t乙\n丙\t丁\n")


def test_many_files_in_order(tmp_path: Path, word: SimpleNamespace) -> None:
    contents = [
        (b"one", "txt"),
        (b"%PDF-", "pdf"),
        (word.zipped(word.parts(word.paragraph("二"))), "docx"),
        (pdf("four"), "pdf"),
    ]
    files = []
    for number, (data, kind) in enumerate(contents):
        files.append((tmp_path / str(number), kind))
        files[-1][0].write_bytes(data)
    outcomes = list(read_texts(files, limits=Limits(seconds=20)))
    assert [outcome.code if isinstance(outcome, Unreadable) else outcome.text for outcome in outcomes] == [
        "one",
        "damaged",
        "二",
        "four",
    ]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_never_escape_as_another_error(
    data: st.DataObject, tmp_path: Path, word: SimpleNamespace
) -> None:
    """Bytes changed at random places: each file is either read or refused, and the child serves the next one."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["甲", 1])
    book.save(packed)
    sources = [
        (word.zipped(word.parts(word.paragraph("甲"))), "docx"),
        (packed.getvalue(), "xlsx"),
        (pdf("one", "two"), "pdf"),
    ]
    files = []
    for number in range(30):
        source, kind = sources[number % 3]
        changed = bytearray(source)
        for place, value in data.draw(
            st.lists(st.tuples(st.integers(0, len(source) - 1), st.integers(0, 255)), max_size=4)
        ):
            changed[place] = value
        files.append((tmp_path / str(number), kind))
        files[-1][0].write_bytes(changed)
    outcomes = list(read_texts(files))
    assert len(outcomes) == 30
    assert all(isinstance(outcome, Reading | Unreadable) for outcome in outcomes)
