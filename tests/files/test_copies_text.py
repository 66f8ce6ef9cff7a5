"""Plain texts and pictures: covered stretches are gone, what nobody sees stays behind, the rest is there."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from gongkai.files.copies import Mark, copy_of_image, copy_of_text
from gongkai.files.copies.making import Base, base_of, made_copy, page_sizes
from gongkai.files.copies.plain import copy
from gongkai.files.refusal import Unreadable
from tests.canaries.written import tags, unseen

PHONE = "13987654321"


def test_a_stretch_is_replaced_and_the_rest_stands():
    text = f"第一行\n联系{PHONE}转办\n末行\n"
    at = text.index(PHONE)
    made = copy_of_text(text.encode("gb18030"), "txt", [(at, at + 11)])
    assert (made.data.decode("utf-8"), made.kind, made.media_type) == (
        "第一行\n联系■■■转办\n末行\n",
        "txt",
        "text/plain",
    )


def test_stretches_that_overlap_or_touch_are_one_and_lines_stay_lines():
    assert copy(b"abcdefgh", "txt", [[4, 6], [0, 2], [1, 3], [3, 4]])["text"] == "■■■gh"
    assert copy("甲乙\n丙丁\n戊".encode(), "txt", [[1, 4]])["text"] == "甲■■■\n■■■丁\n戊"


def test_in_a_table_every_value_keeps_its_column():
    text = f"姓名,电话,备注\n何求真,{PHONE},甲\n"
    at = text.index("何求真")
    made = copy_of_text(text.encode(), "csv", [(at, at + 3 + 1 + 11)])
    assert made.data.decode("utf-8-sig") == "姓名,电话,备注\n■■■,■■■,甲\n"
    assert made.data.startswith(b"\xef\xbb\xbf")  # spreadsheets take it for UTF-8


def test_characters_nobody_sees_stay_behind():
    data = f"看得见{unseen('canary')}{tags('canary')}的字\u202e\ufe0f\U000e0101\n".encode()
    assert copy_of_text(data, "txt", []).data.decode() == "看得见的字\n"


@pytest.mark.parametrize("stretch", [(-1, 2), (2, 2), (3, 1), (0, 99)])
def test_a_stretch_outside_the_text_is_an_error(stretch):
    with pytest.raises(ValueError):
        copy("甲乙丙".encode(), "txt", [stretch])


def test_a_word_that_stands_elsewhere_too_is_covered_only_where_marked():
    text = "何求真同意。何求真反对。"
    made = copy_of_text(text.encode(), "txt", [(0, 3)])
    assert made.data.decode() == "■■■同意。何求真反对。"


def test_places_of_a_base_lead_to_its_copy():
    text = f"电话{PHONE}"
    made = made_copy(Base(text.encode(), "txt"), [{"start": 2, "end": 13}], [])
    assert made.data == "电话■■■".encode()
    assert page_sizes(Base(text.encode(), "txt")) == ()
    with pytest.raises(Unreadable):
        base_of(b"", "pptx")


def picture(kind: str, size=(120, 80), **how) -> bytes:
    made = Image.new("RGB", size, "white")
    ImageDraw.Draw(made).rectangle((10, 10, 60, 40), fill=(200, 30, 30))
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif")])
def test_a_picture_has_its_size_in_pixels_and_its_covered_place_is_black(kind, name):
    base = Base(picture(kind), name)
    assert page_sizes(base) == ((120, 80),)
    made = made_copy(base, [{"page": 1, "rect": [5, 5, 70, 50]}], [])
    with Image.open(io.BytesIO(made.data)) as copied:
        assert copied.format == ("JPEG" if kind == "JPEG" else "PNG")
        assert copied.convert("L").crop((8, 8, 66, 46)).getextrema()[1] < 40
        assert copied.convert("RGB").getpixel((100, 70)) == (255, 255, 255)


def test_a_turned_photograph_is_measured_as_it_is_displayed():
    remarks = Image.Exif()
    remarks[0x0112] = 6
    assert page_sizes(Base(picture("JPEG", exif=remarks), "jpeg")) == ((80, 120),)


def test_of_a_moving_picture_the_first_frame_goes_out_and_that_is_told():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    made = copy_of_image(out.getvalue())
    assert made.lost == ("动图只保留第一幅画面，其余 2 幅没有带入。",)
    with Image.open(io.BytesIO(made.data)) as copied:
        assert copied.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
        assert getattr(copied, "n_frames", 1) == 1


@pytest.mark.parametrize("alpha", [0, 3])
def test_what_lies_under_transparency_is_not_seen_and_does_not_go_out(alpha):
    hidden = Image.new("RGBA", (60, 30), (255, 255, 255, 0))
    ImageDraw.Draw(hidden).rectangle((10, 5, 50, 25), fill=(0, 0, 0, alpha))
    out = io.BytesIO()
    hidden.save(out, "PNG")
    with Image.open(io.BytesIO(copy_of_image(out.getvalue()).data)) as copied:
        assert copied.mode == "RGB"
        assert copied.convert("L").getextrema()[0] >= 255 - alpha


def test_the_same_picture_gives_the_same_copy():
    data = picture("JPEG")
    assert copy_of_image(data, [Mark(1, 1, 1, 9, 9)]).data == copy_of_image(data, [Mark(1, 1, 1, 9, 9)]).data
