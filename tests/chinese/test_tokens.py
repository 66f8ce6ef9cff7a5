"""Words and pairs of characters, the same for index and question."""

import pytest

from gongkai.chinese.normalise import half_width
from gongkai.chinese.numbers import code_key, document_numbers
from gongkai.chinese.tokens import (
    _PLAIN,
    content_words,
    index_tokens,
    is_asking,
    pairs,
    plain,
    query_tokens,
    question_pairs,
)


def test_index_words_hold_the_short_words_inside_long_ones_and_no_punctuation():
    assert index_tokens("国有土地上，房屋征收！") == ["国有", "土地", "国有土地", "上", "房屋", "征收"]


@pytest.mark.parametrize(
    "typed",
    ["房屋征收补偿", "公租房 申请 条件", "ＡＢＣ企业", "2024年预算", "COVID-19 防控", "國有土地徵收"],
)
def test_every_word_of_a_question_is_a_word_of_the_same_text_in_the_index(typed):
    assert set(query_tokens(typed)) <= set(index_tokens(typed.replace(" ", "，")))


def test_full_width_case_and_variant_characters_are_one_form():
    assert index_tokens("ＡＢＣ號２０２４") == index_tokens("abc号2024")
    assert plain("後續補償辦法") == "后续补偿办法"


def test_the_plain_form_keeps_every_offset():
    text = "ＡＢ号《辦法》　İß﷽ 二〇二四"
    assert len(plain(text)) == len(text) == len(half_width(text))


def test_a_variant_never_leads_to_another_variant():
    chained = [chr(old) for old, new in _PLAIN.items() if ord(new) in _PLAIN and _PLAIN[ord(new)] != new]
    assert chained == []


def test_numbers_and_latin_words_stay_whole():
    assert query_tokens("补助3.5万元，COVID-19") == ["补助", "3.5", "万元", "covid-19"]
    assert pairs("〔2023〕12号") == ["2023", "12号"]
    assert pairs("增长3.5个") == ["增长", "长3.5", "3.5个"]


def test_pairs_do_not_span_punctuation():
    assert pairs("房屋征收，补偿") == ["房屋", "屋征", "征收", "补偿"]


def test_layout_blanks_and_line_ends_inside_chinese_text_do_not_part_words():
    assert pairs("通  知") == ["通知"]
    assert index_tokens("房屋征\n收") == ["房屋", "征收"]
    assert pairs("2023 年") == ["2023年"]


def test_a_blank_in_a_question_parts_words():
    assert query_tokens("北京 大学") == ["北京", "大学"]
    assert question_pairs("征地 补偿") == ["征地", "补偿"]


def test_words_of_government_stay_whole():
    assert query_tokens("住建局的公租房") == ["住建局", "的", "公租房"]


def test_words_of_asking_and_grammar_are_not_required():
    assert content_words("请问公租房的申请有哪些条件？") == ["公租房", "申请", "条件"]
    assert is_asking("公租房如何申请")
    assert not is_asking("公租房申请条件")


def test_a_question_of_nothing_but_small_words_keeps_them():
    assert content_words("什么") == ["什么"]
    assert content_words("") == []


def test_a_cut_off_character_is_not_required_but_one_typed_alone_is():
    assert content_words("住房公积金管") == ["住房", "公积金"]
    assert content_words("水 价格") == ["水", "价格"]


def test_pairs_of_a_question_leave_out_words_of_asking():
    assert question_pairs("有哪些补贴") == ["有", "补贴"]


@pytest.mark.parametrize(
    "typed",
    [
        "试政办字〔2023〕12号",
        "试政办字[2023]12号",
        "试政办字［2023］ 12 号",
        "试政办字【2023】第12号",
        "试政办字(2023)012号",
        "试政办字（２０２３）１２号",
        "试政办字﹝2023﹞12号",
        " 试政办字「2023」12\u200b号\n",
    ],
)
def test_one_document_number_in_every_way_of_typing_it(typed):
    assert code_key(typed) == "试政办字〔2023〕12号"


def test_index_numbers_differ_only_by_more_than_dashes_case_and_blanks():
    assert code_key("SZ001—2024—000123") == code_key("sz001-2024-000123 ")
    assert code_key("SZ001-2024-000123") != code_key("SZ001-2024-000124")


def test_a_document_number_is_found_inside_a_question():
    assert "试政办字〔2023〕12号" in document_numbers("请问试政办字[2023]12号还有效吗")
    assert document_numbers("2023年12号线") == ()
