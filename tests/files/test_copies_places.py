"""A stretch of the text is found again at its place: by glyphs, by the share of a recognised line, by cell, by offset."""

from __future__ import annotations

import io
from collections import Counter

import pikepdf
import pypdfium2 as pdfium
import pytest
from openpyxl import Workbook
from pikepdf import Array

from gongkai.files.copies.located import rects
from gongkai.files.copies.pdf import copy
from gongkai.files.copies.places import places_of
from gongkai.files.copies.press import pressed
from gongkai.files.memory import as_path
from gongkai.files.reading import Part, Reading, read_text

PHONE, OTHER = "13987654321", "13912345678"
PAGE = (
    "<p>关于何求真等人补贴的公示，联系电话13987654321，请于工作日拨打。</p>"
    "<p>第二段先写一行很长的文字，让它在页面的右边换行，接着写另一个号码13912345678，然后再写几句把这一段写完。</p>"
    "<table><tr><td>姓名</td><td>13987654321</td></tr></table>"
)
STYLE = "@page{size:A5;margin:20mm} p,td{font:14pt 'Noto Serif CJK SC',serif} td{border:1pt solid}"


@pytest.fixture(scope="module")
def letter() -> bytes:
    return pressed(f'<html lang="zh-CN"><body>{PAGE}</body></html>', STYLE)


def read(data: bytes, kind: str) -> Reading:
    with as_path(data, f".{kind}") as path:
        return read_text(path, kind)


def spans(text: str, word: str) -> list[tuple[int, int]]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + 1)
    return found


def turned(data: bytes, rotation: int, shift: float) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(v) for v in page.obj["/MediaBox"])
            page.obj["/Rotate"] = rotation
            page.obj["/CropBox"] = Array([left + shift, bottom + shift, right - shift, top])
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("rotation", "shift"), [(0, 0), (90, 20), (180, 11), (270, 7)])
def test_what_is_found_in_a_page_is_covered_by_its_places_and_nothing_beside_it(letter, rotation, shift):
    data = turned(letter, rotation, shift)
    reading = read(data, "pdf")
    group = [*spans(reading.text, PHONE)]
    assert len(group) == 2
    [places] = places_of(data, "pdf", reading, [group])
    assert [set(place) for place in places] == [{"page", "rect"}] * 2

    made = copy(data, [[place["page"], *place["rect"]] for place in places])

    assert made["covered"] == [PHONE, PHONE]
    before = Counter("".join(part.text for part in reading.parts if not part.hidden))
    after = Counter(made["visible"])
    for blank in " \n":
        del before[blank], after[blank]
    assert before - after == Counter(PHONE + PHONE)
    assert not after - before


def test_a_stretch_over_the_end_of_a_line_has_a_place_in_each(letter):
    reading = read(letter, "pdf")
    parts = [part for part in reading.parts if not part.hidden]
    first, second = parts[1], parts[2]
    [places] = places_of(letter, "pdf", reading, [[(first.start + len(first.text) - 2, second.start + 2)]])
    assert len(places) == 2
    assert places[0]["rect"][1] < places[1]["rect"][1]
    made = copy(letter, [[place["page"], *place["rect"]] for place in places])
    assert "".join(made["covered"]) == first.text[-2:] + second.text[:2]


def test_groups_keep_their_order_and_the_same_place_is_told_once(letter):
    reading = read(letter, "pdf")
    one, other = spans(reading.text, PHONE)[:1], spans(reading.text, OTHER)
    apart = places_of(letter, "pdf", reading, [other, one, one + one, []])
    assert apart[2] == apart[1] != apart[0]
    assert apart[3] == []


def test_without_the_line_s_rectangle_the_whole_page_is_searched(letter):
    shown = pdfium.PdfDocument(letter)
    text = shown[0].get_textpage().get_text_range().replace("\r\n", "\n")
    at = text.index(OTHER)
    [[rect]] = rects(letter, [(1, None, text, at, at + len(OTHER))])
    assert copy(letter, [[1, *rect]])["covered"] == [OTHER]


def test_letters_that_are_not_on_the_page_take_the_whole_line(letter):
    """Too much is covered rather than nothing."""
    reading = read(letter, "pdf")
    part = next(part for part in reading.parts if PHONE in part.text)
    line = part.where["rect"]
    [[rect]] = rects(letter, [(1, line, "☆☆☆☆", 0, 2)])
    assert all(abs(a - b) <= 1 for a, b in zip(rect, line, strict=True))


def test_an_inexact_text_still_finds_the_stretch(letter):
    """A reader may write ligatures, blanks and rare characters otherwise than PDFium does."""
    reading = read(letter, "pdf")
    part = next(part for part in reading.parts if part.text.find(OTHER) > 1)
    before = part.text.index(OTHER) - 1
    text = f"㊟{part.text[:before]}  〓{part.text[before + 1 :]}"
    at = text.index(OTHER)
    [[rect]] = rects(letter, [(1, part.where["rect"], text, at, at + len(OTHER))])
    assert copy(letter, [[1, *rect]])["covered"] == [OTHER]


def reading_of(kind: str, *parts: tuple[dict, str]) -> Reading:
    made, at = [], 0
    for where, text in parts:
        made.append(Part(where, at, text))
        at += len(text) + 1
    return Reading(kind, "\n".join(text for _, text in parts), tuple(made), 1, "页", ())


def test_a_recognised_line_is_measured_with_full_width_twice_and_a_margin():
    where = {"page": 1, "rect": [0, 0, 200, 10], "ocr": True}
    reading = reading_of("png", (where, "电话" + "1" * 6))  # ten halves: 2 + 2 + 6
    [[place]] = places_of(b"", "png", reading, [[(2, 8)]])
    assert place == {"page": 1, "rect": [60.0, 0, 200.0, 10]}
    upright = reading_of("png", ({"page": 1, "rect": [0, 0, 10, 100], "ocr": True}, "一二三四五"))
    [[place]] = places_of(b"", "png", upright, [[(1, 2)]])
    assert place["rect"] == [0, 10.0, 10, 50.0]


def test_what_is_hidden_has_no_place_and_later_frames_do_not_go_out():
    seen = {"page": 1, "rect": [0, 0, 100, 10], "ocr": True}
    reading = reading_of(
        "gif", ({**seen, "hidden": "exif"}, "甲乙丙丁"), ({**seen, "page": 2}, "戊己庚辛"), (seen, "壬癸")
    )
    assert places_of(b"", "gif", reading, [[(0, 4)], [(5, 9)], [(10, 12)]]) == [
        [],
        [],
        [{"page": 1, "rect": [0.0, 0, 100.0, 10]}],
    ]


def test_cells_names_of_sheets_and_hidden_rows():
    book = Workbook()
    sheet = book.active
    sheet.title = f"何求真{PHONE}"
    sheet["B2"], sheet["B3"], sheet["C2"] = PHONE, PHONE, "甲"
    sheet.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "xlsx")
    [places] = places_of(out.getvalue(), "xlsx", reading, [spans(reading.text, PHONE)])
    assert sorted(places, key=lambda place: place["cell"]) == [
        {"sheet": sheet.title, "cell": ""},
        {"sheet": sheet.title, "cell": "B2"},
    ]


def test_a_plain_text_has_the_stretch_itself():
    data = f"甲\r\n乙{PHONE}丙".encode()
    reading = read(data, "txt")
    assert places_of(data, "txt", reading, [spans(reading.text, PHONE)]) == [[{"start": 3, "end": 14}]]


def test_a_kind_that_is_not_marked_is_an_error():
    with pytest.raises(ValueError):
        places_of(b"", "docx", reading_of("docx", ({"paragraph": 1}, "甲")), [[(0, 1)]])
