"""Words and addresses written out in a template are looked up when it is read, and are what Django's own tags give."""

import pytest
from django.template import Context, Engine, engines
from django.template.base import TextNode
from django.templatetags import i18n, static

OWN = """{% translate "公开指南" %} {% translate "a & b" %} {% trans "100%" %} {% translate words %} {% translate "a"|upper %}
{% translate "公开" as said %}{{ said }} {% translate "x" noop %} {% static "gongkai/base.css" %} {% static name %}
{% static "gongkai/base.css" as place %}{{ place }} {% blocktranslate %}第 {{ n }} 页{% endblocktranslate %} {% get_static_prefix %}"""
GIVEN = {"words": "变<量", "name": "a b.css", "n": 3}


def read(text: str):
    return engines["django"].from_string("{% load i18n static %}" + text).template


def test_the_tags_say_what_those_of_django_say():
    plain = Engine(libraries={"i18n": i18n.__name__, "static": static.__name__})
    wanted = plain.from_string("{% load i18n static %}" + OWN).render(Context(GIVEN))
    assert read(OWN).render(Context(GIVEN)) == wanted
    assert "公开指南 a & b 100% 变&lt;量 A" in wanted


@pytest.mark.parametrize(
    ("tag", "text"),
    [('{% translate "公开指南" %}', "公开指南"), ('{% static "gongkai/base.css" %}', "/static/gongkai/base.css")],
)
def test_what_is_written_out_is_plain_text_in_the_template_that_was_read(tag, text):
    node = read(tag).nodelist[-1]
    assert isinstance(node, TextNode)
    assert node.s == text


def test_nothing_switches_the_language_from_request_to_request(settings):
    """Otherwise what was looked up once would be said in the language of whoever came first."""
    assert not any("Locale" in name for name in settings.MIDDLEWARE)
