"""Half-width forms keep their place; squeezed text knows the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.chinese.normalise import BLANKS, HYPHENS, INVISIBLE, half_width, squeeze


def test_full_width_letters_digits_signs_and_space_become_ascii():
    assert half_width("！ＡＢｃ１２３（）：＠～　秘密") == "!ABc123():@~ 秘密"


def test_chinese_punctuation_and_han_stay():
    assert half_width("《条例》、第二十六条。") == "《条例》、第二十六条。"


@given(st.text())
def test_half_width_keeps_length_and_is_done_once(text):
    once = half_width(text)
    assert len(once) == len(text)
    assert half_width(once) == once


def test_squeezed_text_points_back():
    text = "号：１ 3\u200b8-0"
    squeezed = squeeze(text, " -\u200b")
    assert squeezed.text == "号:1380"
    assert squeezed.original(2, 6) == (2, 9)
    assert text[slice(*squeezed.original(2, 6))] == "１ 3\u200b8-0"


def test_offset_moves_the_map():
    assert squeeze("1 2", " ", offset=10).at == (10, 12)


@given(st.text("0１a 　\u200b-—\t密"), st.integers(0, 50))
def test_every_kept_character_comes_from_its_place(text, offset):
    squeezed = squeeze(text, BLANKS + HYPHENS + INVISIBLE + " ", offset=offset)
    assert [half_width(text[at - offset]) for at in squeezed.at] == list(squeezed.text)
    assert list(squeezed.at) == sorted(set(squeezed.at))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 1), (0, 3), (2, 1)])
def test_a_span_outside_is_refused(start, end):
    with pytest.raises(ValueError, match="超出文本范围"):
        squeeze("ab", "").original(start, end)
