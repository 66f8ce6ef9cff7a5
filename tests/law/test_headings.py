"""Art. 19 to 21: the fifteen headings and the additions per level."""

import pytest

from gongkai.law.headings import (
    AGENCY_LEVELS,
    CITY_COUNTY_HEADINGS,
    HEADINGS,
    TOWNSHIP_HEADINGS,
    heading,
    headings_for,
    must_be_proactive,
)
from gongkai.law.themes import SUBTHEMES, THEMES, theme, theme_by_path
from gongkai.law.verdicts import Allowed


def test_fifteen_headings_with_permanent_codes_in_the_order_of_article_20():
    assert [row.code for row in HEADINGS] == [f"20-{i:02d}" for i in range(1, 16)]
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五"]
    assert [row.article for row in HEADINGS] == [f"《政府信息公开条例》第二十条第{n}项" for n in numerals]


def test_no_code_is_used_twice():
    codes = [row.code for row in (*HEADINGS, *CITY_COUNTY_HEADINGS, *TOWNSHIP_HEADINGS)]
    assert len(codes) == len(set(codes)) == 30


def test_short_names_fit_a_list():
    assert max(len(row.short) for row in HEADINGS) == 15
    assert heading("20-07").short == "财政预算、决算"
    assert heading("20-07").sentence == "《政府信息公开条例》第二十条第七项：财政预算、决算信息"


@pytest.mark.parametrize(
    ("level", "extra"),
    [
        ("national", ()),
        ("province", ()),
        ("city", CITY_COUNTY_HEADINGS),
        ("county", CITY_COUNTY_HEADINGS),
        ("township", TOWNSHIP_HEADINGS),
    ],
)
def test_additions_of_article_21_by_level(level, extra):
    assert headings_for(level) == HEADINGS + extra


def test_every_level_has_its_list():
    assert [len(headings_for(level)) for level in AGENCY_LEVELS] == [15, 15, 22, 22, 23]


def test_unknown_code_and_level_are_refused_loudly():
    with pytest.raises(LookupError, match="20-16"):
        heading("20-16")
    with pytest.raises(LookupError, match="village"):
        headings_for("village")


@pytest.mark.parametrize("which", ["public_interest", "wide_knowledge", "public_participation"])
def test_one_of_the_three_tests_of_article_19_is_enough(which):
    facts = {"public_interest": False, "wide_knowledge": False, "public_participation": False}
    assert must_be_proactive(**(facts | {which: True})) == Allowed()
    refused = must_be_proactive(**facts)
    assert (refused.code, refused.article) == ("not_proactive", "《政府信息公开条例》第十九条")


def test_themes_are_22_with_unique_codes_and_findable_by_their_path():
    assert len(THEMES) == 22
    assert len(SUBTHEMES) == 121
    codes = [row.code for row in (*THEMES, *SUBTHEMES)]
    assert len(codes) == len(set(codes))
    assert theme("T02-01").path == "综合政务\\政务公开"
    assert theme_by_path("综合政务 > 政务公开") == theme_by_path("综合政务/政务公开") == theme("T02-01")
    assert theme_by_path("综合政务") == theme("T02")
    assert theme_by_path("未列出的类") is None


def test_unknown_theme_is_refused_loudly():
    with pytest.raises(LookupError, match="T23"):
        theme("T23")
