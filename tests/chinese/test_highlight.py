"""Marks and excerpts."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from gongkai.chinese.highlight import Piece, excerpt, found_in, mark, terms_of, to_html

ANY = st.text(alphabet="征收补偿房屋<>&\"'markscript/ =1\n。，", max_size=60)


def test_words_next_to_each_other_are_one_mark():
    assert to_html(mark("房屋征收与补偿", ("房屋", "征收", "补偿"))) == "<mark>房屋征收</mark>与<mark>补偿</mark>"


def test_a_quoted_phrase_is_marked_whole_and_nothing_else():
    assert terms_of('"房屋征收"') == ("房屋征收",)
    assert to_html(mark("征收房屋，房屋征收", terms_of("“房屋征收”"))) == "征收房屋，<mark>房屋征收</mark>"


def test_words_of_asking_are_not_marked():
    assert terms_of("补贴有哪些") == ("补贴",)


def test_other_forms_of_a_character_are_marked_as_they_stand():
    assert to_html(mark("徵收ＡＢ", terms_of("征收 ab"))) == "<mark>徵收ＡＢ</mark>"


def test_a_number_is_not_marked_inside_a_longer_number():
    assert to_html(mark("2023年12号，20231", ("2023",))) == "<mark>2023</mark>年12号，20231"


def test_a_line_end_inside_a_word_does_not_hide_it():
    assert [piece.text for piece in mark("房屋征\n收", ("征收",)) if piece.marked] == ["征\n收"]


def test_the_excerpt_is_the_window_with_most_different_words():
    text = "补偿。" + "无关文字" * 60 + "。这里说房屋征收与补偿的标准。" + "其他文字" * 60
    pieces = excerpt(text, ("补偿", "征收", "房屋"), width=40)
    assert pieces[0] == Piece("…")
    assert pieces[1] == Piece("这里说")
    assert [piece.text for piece in pieces if piece.marked] == ["房屋征收", "补偿"]
    assert pieces[-1] == Piece("…")


def test_the_excerpt_of_a_text_without_the_words_is_its_beginning():
    assert excerpt("甲" * 30, ("补偿",), width=10) == (Piece("甲" * 10), Piece("…"))
    assert excerpt("", ("补偿",)) == ()
    assert excerpt("短文", ()) == (Piece("短文"),)


def test_found_in_counts_different_words():
    assert found_in("补偿补偿征收", ("补偿", "征收", "房屋")) == 2


def test_mark_up_in_text_or_question_stays_text():
    assert (
        to_html(mark("<b>补偿</b>", terms_of("<b> 补偿")))
        == "&lt;<mark>b</mark>&gt;<mark>补偿</mark>&lt;/<mark>b</mark>&gt;"
    )


@given(text=ANY, question=ANY)
def test_marks_change_nothing_but_the_marks(text, question):
    made = to_html(mark(text, terms_of(question)))
    assert unescape(re.sub(r"</?mark>", "", made)) == text
    assert re.sub(r"</?mark>", "", made).count("<") == 0
    assert "<mark></mark>" not in made


@given(text=ANY, question=ANY, width=st.integers(5, 80))
def test_an_excerpt_is_part_of_the_text_and_not_longer_than_asked(text, question, width):
    pieces = excerpt(text, terms_of(question), width=width)
    plain_text = re.sub(r"\s+", " ", text)
    inside = "".join(piece.text for piece in pieces).strip("…")
    assert re.sub(r"\s+", " ", inside) in plain_text
    assert len(inside) <= width
