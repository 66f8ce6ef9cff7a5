"""Rules that every template of every face keeps."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import gongkai

ROOT = Path(gongkai.__file__).parent
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in (ROOT / "web/templates", ROOT / "portal/templates", ROOT / "pages/templates")
    for path in sorted(folder.rglob("*.html"))
}
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
TRANSLATED = re.compile(
    r"{% blocktranslate trimmed.*?%}.*?{% endblocktranslate %}|{% translate (\".*?\"|'.*?') %}", re.DOTALL
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture(params=sorted(TEMPLATES))
def name(request):
    return request.param


def source(name: str) -> str:
    return TEMPLATES[name].read_text()


def test_it_compiles(name):
    assert get_template(name).template.nodelist is not None


def test_its_context_is_written_at_its_head(name):
    head = source(name)[:120]
    assert "{% comment %}" in head, "say in a comment at the head which names the template uses, and their shapes"


def test_every_word_can_be_translated(name):
    left = TRANSLATED.sub("", COMMENT.sub("", source(name)))
    assert CHINESE.findall(left) == []


def test_no_inline_style_or_script(name):
    text = COMMENT.sub("", source(name))
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_nothing_from_elsewhere(name):
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", source(name)) == []


def test_buttons_say_what_they_do(name):
    words = re.findall(r"<button[^>]*>{% translate \"(.*?)\" %}", source(name))
    assert [w for w in words if w in {"确定", "提交", "OK", "点击这里"} or not 2 <= len(w) <= 6] == []


def test_no_exclamation_mark_and_no_system_word(name):
    words = "".join(CHINESE.findall(source(name)) + re.findall(r"[！]", COMMENT.sub("", source(name))))
    assert [w for w in ("！", "暂无数据", "状态码") if w in words] == []


def test_queries_are_not_asked_from_a_template(name):
    assert re.findall(r"\.objects|\.all\b|_set\b|\.filter\b", COMMENT.sub("", source(name))) == []
