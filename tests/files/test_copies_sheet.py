"""No hiding place of a workbook comes through into the copy, and what is seen does."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Color, Font
from PIL import Image

from gongkai.files.copies import Mark, copy_of_image, copy_of_sheet
from gongkai.files.copies.attack import attack
from gongkai.files.copies.sheet import COVERED, rebuilt, visible
from gongkai.files.refusal import Unreadable
from tests.canaries.sheet import PLACES, SHOWN

CANARY = "金丝雀甲乙丙7Q3"


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_canary_in_its_hiding_place_stays_behind(place):
    data = PLACES[place](CANARY)
    assert attack(data, "xlsx", [CANARY], SHOWN), f"{place} hides nothing"

    made = rebuilt(visible(data, [])["sheets"])

    assert attack(made, "xlsx", [CANARY], SHOWN) == []
    book = load_workbook(io.BytesIO(made))
    assert book.active["A1"].value == SHOWN
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)


def test_visible_values_keep_their_place_among_what_is_left():
    book = Workbook()
    sheet = book.active
    sheet.title = "公示"
    for row in (["姓名", "证件", "金额"], ["甲", "1", 10], ["乙", "2", 20], ["丙", "3", 30]):
        sheet.append(row)
    sheet["C2"].number_format = "0.00"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A5:C6")
    sheet["A5"] = "合计"
    out = io.BytesIO()
    book.save(out)

    made = copy_of_sheet(out.getvalue(), [("公示", "A4")])

    copied = load_workbook(io.BytesIO(made.data)).active
    assert [list(row) for row in copied.iter_rows(max_row=3, values_only=True)] == [
        ["姓名", "金额"],
        ["甲", 10],
        [COVERED, 30],
    ]
    assert copied["B2"].number_format == "0.00"
    assert [str(area) for area in copied.merged_cells.ranges] == ["A4:B5"]


def test_what_the_reader_calls_unseen_stays_behind():
    """Letters in the white of the theme, and values behind a format that shows other words."""
    book = Workbook()
    sheet = book.active
    for cell in ("A1", "B1", "C1"):
        sheet[cell] = f"{CANARY}{cell}"
    sheet["A1"].font = Font(color=Color(theme=0))
    sheet["B1"].number_format = ';;;"保密"'
    out = io.BytesIO()
    book.save(out)
    copied = load_workbook(io.BytesIO(copy_of_sheet(out.getvalue()).data)).active
    values = [cell.value for row in copied.iter_rows() for cell in row]
    assert [value for value in values if value] == ["保密", f"{CANARY}C1"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (123456.5, '"保密"', "保密"), (-5, '0;"负"', "负"), (0, '0;-0;"零"', "零"), (7, '0;-0;"零"', 7), (5, "General", 5),
        ("甲", "0.00", "甲"), ("甲", '@"号"', "甲"), ("甲", ';;;"—"', "—"), (1.5, '#,##0.00"元"', 1.5), (3, '\\*\\*', "**"),
    ],
)  # fmt: skip
def test_a_format_that_shows_other_words_gives_those_words(value, number_format, shown):
    book = Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    made = rebuilt(visible(out.getvalue(), [])["sheets"])
    assert load_workbook(io.BytesIO(made)).active["A1"].value == shown


def test_a_text_that_looks_like_a_formula_stays_text():
    book = Workbook()
    book.active["A1"] = "=1+1"
    book.active["A1"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    copied = load_workbook(io.BytesIO(copy_of_sheet(out.getvalue()).data)).active["A1"]
    assert (copied.value, copied.data_type) == ("=1+1", "s")


def test_a_workbook_with_nothing_to_see_and_a_damaged_one_are_refused():
    book = Workbook()
    book.active["A1"] = "x"
    book.create_sheet("b")
    book.worksheets[0].sheet_state = book.worksheets[1].sheet_state = "hidden"
    with pytest.raises(Unreadable):
        copy_of_sheet(b"PK\x03\x04 nothing")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_pixels_and_loses_its_remarks(kind):
    picture = Image.new("RGB", (60, 40), (200, 30, 30))
    remarks = picture.getexif()
    remarks[0x0112], remarks[0x010E] = 6, "KANARIE1234"
    out = io.BytesIO()
    picture.save(out, kind, exif=remarks)
    data = out.getvalue() + b"KANARIE1234"

    made = copy_of_image(data, [Mark(1, 0, 0, 10, 10)], ["KANARIE1234"])

    assert b"KANARIE" not in made.data
    with Image.open(io.BytesIO(made.data)) as copied:
        assert copied.size == (40, 60)  # turned as it is shown
        assert max(copied.convert("RGB").getpixel((3, 3))) < 40
        assert copied.convert("RGB").getpixel((30, 50))[0] > 150
        assert not copied.getexif()
