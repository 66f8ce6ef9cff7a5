"""Filters and tags of the templates: nothing for nothing, a word for every code, tables in boxes."""

import pytest
from django.template import Context, Template

from gongkai.law.validity import STATUS_LABELS
from gongkai.web.templatetags.prose import boxed_tables, columns_of
from gongkai.web.templatetags.wording import VALIDITY, validity_remark, validity_tag, validity_word


def render(source: str, **context: object) -> str:
    return Template("{% load wording prose %}" + source).render(Context(context))


def test_nothing_gives_nothing():
    names = ("full_date", "short_date", "short_weekday", "time_of_day", "working_days_left", "file_size", "thousands")
    for name in names:
        assert render("{{ value|" + name + " }}", value=None) == ""


def test_zero_is_not_nothing():
    assert render("{{ value|thousands }} {{ value|working_days_left }}", value=0) == "0 今天到期"


def test_every_status_of_law_has_its_tag():
    assert set(STATUS_LABELS) <= set(VALIDITY)
    for code in STATUS_LABELS:
        assert validity_word(code) in validity_tag(code)


def test_validity():
    assert validity_tag("effective") == '<span class="tag tag--valid">有效</span> '
    assert validity_tag("abolished") == '<span class="tag tag--ended">已废止</span> '
    assert validity_tag("") == ""
    assert (validity_remark("abolished"), validity_remark("effective"), validity_remark("")) == ("（已废止）", "", "")
    with pytest.raises(KeyError):
        validity_tag("unheard-of")


def test_columns_count_merged_cells():
    assert columns_of("<table><tr><th>a</th></tr><tr><td colspan='3'>b</td><td>c</td></tr></table>") == 4


def test_a_wide_table_gets_a_box_that_the_keyboard_reaches_and_a_hint():
    table = "<table><tr><td>1</td><td>2</td><td>3</td><td>4</td></tr></table>"
    assert boxed_tables(f"<p>前</p>{table}<p>后</p>") == (
        '<p>前</p><div class="scroll" tabindex="0" role="region" aria-label="表格可以左右滑动，共 4 列">'
        f'{table}</div><p class="scroll__hint">表格可以左右滑动，共 4 列</p><p>后</p>'
    )


def test_a_narrow_table_promises_nothing():
    table = "<table><tr><td>1</td></tr></table>"
    box = boxed_tables(table)
    assert box == f'<div class="scroll" tabindex="0" role="region" aria-label="表格">{table}</div>'


def test_a_table_in_a_table_stays_in_one_box():
    inner = "<table><tr><td>1</td></tr></table>"
    assert boxed_tables(f"<table><tr><td>{inner}</td></tr></table>").count('class="scroll"') == 1


def test_text_without_tables_and_broken_tables_stay_as_they_are():
    for body in ("<p>无表</p>", "<p>a</p></table>", "<table><tr><td>未完"):
        assert boxed_tables(body) == body


@pytest.mark.parametrize("word", ["<b>", '"'])
def test_values_are_escaped(word):
    assert "<b>" not in render("{{ value }}", value=word)
