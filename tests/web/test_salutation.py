"""The salutation of an official document stands at the margin."""

import pytest

from gongkai.web.templatetags.prose import boxed_tables


@pytest.mark.parametrize(
    "body", ["<p>各区人民政府，市政府各部门：</p><p>现印发给你们。</p>", "<h2>通知</h2><p>各区民政局：</p>"]
)
def test_the_salutation_at_the_head_is_marked(body):
    assert boxed_tables(body).count('<p class="salutation">各区') == 1


@pytest.mark.parametrize(
    "body",
    [
        "<p>现将有关事项通知如下：</p>",
        "<p>应当提交下列材料：</p>",
        "<p>根据《条例》，作出决定。各区政府：</p>",
        "<p>第一段。</p><p>各区人民政府：</p>",
    ],
)
def test_an_opening_sentence_and_a_later_paragraph_are_not(body):
    assert boxed_tables(body) == body
