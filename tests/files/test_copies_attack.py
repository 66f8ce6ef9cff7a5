"""The attack on a copy: every reader by itself finds what was put in for it, and says nothing where there is nothing."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from openpyxl import Workbook
from pikepdf import Name, String
from PIL import Image, ImageDraw

from gongkai.files.copies import Mark, copy_of_image, copy_of_pdf, copy_of_sheet, copy_of_text, sheet, withstands
from gongkai.files.copies.attack import attack, plain
from gongkai.files.copies.attackers import RAW, READERS
from gongkai.files.refusal import Unreadable
from tests.canaries.pdf import PLACES, SHOWN

WORD, NUMBER = "何求真的病历", "13987654321"


def finders(data: bytes, kind: str, hidden=(), visible="", covered=(), drawn=(), marks=(), usual=b"") -> set[str]:
    return {reader for reader, _ in attack(data, kind, hidden, visible, covered, drawn, marks, usual)}


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture(kind: str = "PNG", **how) -> bytes:
    made = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(made).rectangle((10, 10, 30, 30), fill="black")
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def test_every_kind_has_three_readers_and_one_of_the_raw_bytes():
    assert {kind: len(readers) >= 3 for kind, readers in READERS.items()} == dict.fromkeys(READERS, True)
    assert {kind: bool(RAW & set(readers)) for kind, readers in READERS.items()} == dict.fromkeys(READERS, True)


def test_each_reader_of_a_table_finds():
    data = workbook([WORD, NUMBER])
    assert finders(data, "xlsx", [WORD]) == finders(data, "xlsx", [NUMBER]) == {"openpyxl", "XML", "成员"}
    with_remark = io.BytesIO(data)
    with zipfile.ZipFile(with_remark, "a") as package:
        package.comment = WORD.encode("gb18030")
    assert finders(with_remark.getvalue(), "xlsx", [WORD], WORD) == set()
    assert finders(with_remark.getvalue(), "xlsx", ["病历底稿", WORD], "病历") == {"openpyxl", "XML", "成员", "字节"}


def test_each_reader_of_a_text_finds():
    data = f"甲,{WORD}\n".encode()
    assert finders(data, "text", [WORD]) == {"UTF-8", "表格", "字节"}
    assert finders("何求,真的病历\n".encode(), "text", [WORD]) == {"表格"}  # broken over two cells


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_each_reader_of_a_picture_finds(kind):
    remarks = Image.Exif()
    remarks[0x010E] = NUMBER
    assert finders(picture(kind), "image", [NUMBER]) == set()
    assert finders(picture(kind, exif=remarks), "image", [NUMBER]) == {"附注", "结构", "字节"}
    assert finders(picture(kind) + NUMBER.encode(), "image", [NUMBER]) == {"结构", "字节"}
    assert finders(picture(kind, exif=remarks), "image", []) == {"结构"}  # whatever it says: it draws nothing


def test_a_word_in_the_text_of_a_long_stream_is_found_in_the_bytes():
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(99, 99))
    pdf.pages[0].obj["/Own"] = pdf.make_stream(b"\x00" * 1_200_000 + WORD.encode("utf-16-be"))
    out = io.BytesIO()
    pdf.save(out)
    assert finders(out.getvalue(), "pdf", [WORD]) == {"对象"}


def test_names_and_strings_of_objects_are_looked_at():
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(99, 99))
    page.obj["/Own"] = Name("/SECRETWORD")
    page.obj["/Other"] = String(WORD)
    out = io.BytesIO()
    pdf.save(out)
    assert finders(out.getvalue(), "pdf", ["SECRETWORD"]) == finders(out.getvalue(), "pdf", [WORD]) == {"对象"}


def test_a_number_out_of_a_long_hidden_text_is_found_alone():
    hidden = f"请何求真本人来电联系，号码{NUMBER}，地址另行告知。"
    data = PLACES["white_text"](NUMBER)
    assert finders(data, "pdf", [hidden]) == {"PDFium", "pypdf", "pdfminer", "对象"}


def test_what_may_be_seen_is_no_secret_and_what_was_covered_may_not_come_once_more():
    data = PLACES["white_text"](SHOWN)
    assert finders(data, "pdf", [SHOWN], SHOWN) == set()
    assert finders(data, "pdf", [], SHOWN, [SHOWN], [1]) == {"PDFium", "pypdf", "pdfminer"}
    assert finders(data, "pdf", [], f"{SHOWN}\n{SHOWN}", [SHOWN], [1]) == set()
    # On another page it may be seen as often as it likes.
    assert finders(data, "pdf", [], f"{SHOWN}\f{SHOWN} {SHOWN}", [SHOWN], [1]) == {"PDFium", "pypdf", "pdfminer"}


def test_forms_of_writing_are_folded_and_the_ends_of_lines_bridged_for_long_words_only():
    assert plain("ＡＢ　c\n1\u200b2") == "ABC12"
    assert finders(b"1398765\n4321\n", "text", [NUMBER]) >= {"UTF-8"}
    assert finders(b"12\n34\n", "text", ["1234"]) == set()


def test_padding_and_chance_are_no_finds():
    assert finders(b"aaaa 0000 dddddd", "text", ["AAAA", "0000", "dddddd"]) == set()
    assert finders(picture(), "image", ["IHDR", "xyz"]) == set()


def test_what_every_workbook_of_ours_says_is_no_find():
    data = workbook(["甲"])
    assert finders(data, "xlsx", ["Calibri", "Office Theme"]) != set()
    assert finders(data, "xlsx", ["Calibri", "Office Theme"], usual=sheet.blank()) == set()
    assert copy_of_sheet(data, [], ["Calibri", "Office Theme", "worksheet"]).kind == "xlsx"


def test_light_in_a_covered_place_is_a_find():
    black, light = [1, 12, 12, 28, 28], [1, 12, 12, 40, 28]
    assert finders(picture(), "image", marks=[black]) == set()
    assert finders(picture(), "image", marks=[black, light]) == {"像素"}
    made = copy_of_pdf(PLACES["properties"]("x"), [Mark(1, 50, 120, 200, 160)])
    assert finders(made.data, "pdf", marks=[[1, 50, 120, 200, 160]]) == set()
    assert finders(made.data, "pdf", marks=[[1, 50, 120, 300, 160]]) == {"像素"}


def test_a_find_means_no_copy_and_the_sentence_does_not_repeat_the_word():
    with pytest.raises(Unreadable) as refused:
        withstands(WORD.encode(), "text", [WORD], "")
    assert refused.value.code == "copy-leaks"
    assert "UTF-8、表格、字节" in refused.value.sentence and WORD not in refused.value.sentence
    assert WORD not in refused.value.detail


def test_a_secret_handed_in_by_the_caller_stops_every_kind():
    """Were the making to fail, the attack is what stands between."""
    text = f"看得见{NUMBER}"
    assert copy_of_text(text.encode(), "txt", [], [NUMBER]).data  # it may be seen
    with pytest.raises(Unreadable):
        withstands(text.encode(), "text", [NUMBER], "看得见")
    with pytest.raises(Unreadable):
        withstands(workbook([NUMBER]), "xlsx", [NUMBER], "")
    with pytest.raises(Unreadable):
        withstands(picture(exif=_remark()), "image", [NUMBER], "")
    with pytest.raises(Unreadable):
        withstands(PLACES["white_text"](NUMBER), "pdf", [NUMBER], SHOWN)


def _remark() -> Image.Exif:
    remarks = Image.Exif()
    remarks[0x010E] = NUMBER
    return remarks


def test_the_same_table_gives_the_same_copy_and_no_time_of_making():
    data = workbook(["甲", NUMBER])
    made = copy_of_sheet(data, [("Sheet", "B1")])
    assert made.data == copy_of_sheet(data, [("Sheet", "B1")]).data
    with zipfile.ZipFile(io.BytesIO(made.data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in package.read("docProps/core.xml")
        assert b"openpyxl" not in package.read("docProps/app.xml").lower()


def test_the_name_of_a_sheet_can_be_covered():
    book = Workbook()
    book.active.title = f"名单{NUMBER}"
    book.active["A1"] = "甲"
    out = io.BytesIO()
    book.save(out)
    made = copy_of_sheet(out.getvalue(), [(f"名单{NUMBER}", "")])
    assert finders(made.data, "xlsx", [NUMBER]) == set()


def test_a_picture_is_attacked_through_its_copy():
    made = copy_of_image(picture("JPEG", exif=_remark()), [Mark(1, 5, 5, 20, 20)], [NUMBER])
    assert finders(made.data, "image", [NUMBER], marks=[[1, 5, 5, 20, 20]]) == set()
