"""Plain text, marks and outline of canonical HTML."""

import re

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.files.html import (
    Heading,
    clean,
    from_text,
    image_sources_of,
    mark,
    outline,
    replace_images,
    segments,
    to_text,
)

SOURCES = ("/files/",)
_MARK_TAG = re.compile(r"<mark[^>]*>|</mark>")


def cleaned(html: str) -> str:
    return clean(html, image_sources=SOURCES)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>一</p><h2>二</h2><ul><li>三<ul><li>四</li></ul></li></ul>", "一\n二\n三\n四"),
        ("<p>甲<strong>乙</strong><br>丙</p>", "甲乙\n丙"),
        (
            "<p>表</p><table><tbody><tr><td>a</td><td></td><td>c</td></tr><tr><td></td><td>d</td></tr></tbody></table><p>尾</p>",
            "表\na\t\tc\n\td\n尾",
        ),
        (
            "<table><caption>题</caption><tbody><tr><td><p>a</p><p>b</p></td><td>c</td></tr></tbody></table>",
            "题\na\nb\tc",
        ),
        ('<p>见<img src="/files/a.png" alt="示意 &amp; 图">下</p>', "见［图：示意 & 图］下"),
        ("<p>a &lt; b&nbsp;c</p><hr><p>d</p>", "a < b\u00a0c\nd"),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert cleaned(html) == html
    assert to_text(html) == text


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_pieces_say_where_the_text_is(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    html = data.draw(soup)
    canonical = cleaned(html)
    text, pieces = segments(canonical)
    last = 0
    for piece in pieces:
        assert text[piece.start : piece.end] == piece.text
        assert set(text[last : piece.start]) <= {"\n", "\t"}
        assert canonical[piece.at : piece.stop].startswith("<img") == piece.is_image
        last = piece.end
    assert set(text[last:]) <= {"\n", "\t"}


def finding(number: int, start: int, end: int) -> tuple[int, int, dict[str, str]]:
    return start, end, {"class": "finding", "id": f"finding-{number}", "data-number": str(number)}


def test_mark_over_several_elements() -> None:
    html = "<p>甲<strong>乙丙</strong>丁</p><p>戊 &amp; 己</p>"
    assert to_text(html) == "甲乙丙丁\n戊 & 己"
    assert mark(html, [finding(1, 2, 8)]) == (
        '<p>甲<strong>乙<mark class="finding" id="finding-1" data-number="1">丙</mark></strong>'
        '<mark class="finding" data-number="1" data-continued="">丁</mark></p>'
        '<p><mark class="finding" data-number="1" data-continued="">戊 &amp;</mark> 己</p>'
    )


def test_marks_that_overlap_are_nested_piece_by_piece() -> None:
    assert mark("<p>甲乙丙丁</p>", [(1, 4, {"id": "b"}), (0, 3, {"id": "a"})]) == (
        '<p><mark id="a">甲</mark><mark data-continued=""><mark id="b">乙丙</mark></mark>'
        '<mark data-continued="">丁</mark></p>'
    )


def test_mark_round_an_image_and_in_a_cell() -> None:
    html = '<table><tbody><tr><td>甲</td><td>乙<img src="/files/a.png" alt="丙"></td></tr></tbody></table>'
    assert mark(html, [(2, 5, {"id": "x"})]) == (
        '<table><tbody><tr><td>甲</td><td><mark id="x">乙</mark><mark data-continued="">'
        '<img src="/files/a.png" alt="丙"></mark></td></tr></tbody></table>'
    )


def test_attributes_of_a_mark_are_escaped() -> None:
    assert mark("<p>甲</p>", [(0, 1, {"title": '"><script>'})]) == (
        '<p><mark title="&quot;&gt;&lt;script&gt;">甲</mark></p>'
    )


@pytest.mark.parametrize(("start", "end"), [(0, 0), (1, 0), (-1, 1), (0, 4), (1, 2)])
def test_a_stretch_without_text_is_an_error(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="stretch"):
        mark("<p>甲</p><p>乙</p>", [(start, end, {})])


@given(data=st.data())
@settings(max_examples=500, deadline=None)
def test_marks_change_nothing_but_the_marks(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    html = data.draw(soup)
    canonical = cleaned(html)
    text = to_text(canonical)
    drawn = st.integers(0, max(0, len(text) - 1)).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
    )
    stretches = data.draw(st.lists(drawn, max_size=6)) if text else []
    stretches = [(start, end) for start, end in stretches if text[start:end].strip("\n\t")]
    marked = mark(canonical, [finding(number, *stretch) for number, stretch in enumerate(stretches)])

    assert _MARK_TAG.sub("", marked) == canonical
    assert to_text(marked) == text
    for number, (start, end) in enumerate(stretches):
        assert marked.count(f'id="finding-{number}"') == 1
        assert inside(marked, number) == without_breaks(canonical, start, end)
    assert well_nested(marked)


def without_breaks(canonical: str, start: int, end: int) -> str:
    """The part of the plain text that lies in pieces; a piece of an image counts as a whole."""
    return "".join(
        piece.text if piece.is_image else piece.text[max(start - piece.start, 0) : end - piece.start]
        for piece in segments(canonical)[1]
        if piece.start < end and start < piece.end
    )


def inside(marked: str, number: int) -> str:
    """The text in all marks of one finding, read tag by tag."""
    opened: list[bool] = []
    parts: list[str] = []
    for piece in re.finditer(r"<[^>]*>|[^<]+", marked):
        token = piece.group()
        if token.startswith("<mark"):
            opened.append(f'data-number="{number}"' in token)
        elif token == "</mark>":
            opened.pop()
        elif any(opened) and (not token.startswith("<") or token.startswith("<img")):
            parts.append(to_text(token))
    return "".join(parts)


def well_nested(marked: str) -> bool:
    """An HTML5 parser writes it back unchanged, so nothing is closed early or moved."""
    tags = set(re.findall(r"<([a-z0-9]+)", marked))
    names = {
        "class",
        "id",
        "data-number",
        "data-continued",
        "href",
        "src",
        "alt",
        "colspan",
        "rowspan",
        "scope",
        "start",
    }
    return bool(
        marked
        == nh3.clean(marked, tags=tags, attributes=dict.fromkeys(tags, names), link_rel=None, url_schemes={"https"})
    )


def test_outline_of_headings_and_chapter_lines() -> None:
    html = cleaned(
        "<h2>某市规定</h2><p class='text-center'>第一编　总则</p><p>第一章　<b>一般规定</b></p>"
        "<p>第一条　为了公开。</p>"
        "<p>第二节 程序</p><p>第三章的规定，适用于各县。</p><p>第二章受理与审查</p>"
        "<blockquote>第四章 引文</blockquote><table><tr><td><p>第五章 表内</p><p>二</p></table><h3>附则</h3>"
    )
    result = outline(html)
    assert result.headings == (
        Heading("section-1", 2, "某市规定"),
        Heading("section-2", 2, "第一编 总则"),
        Heading("section-3", 3, "第一章 一般规定"),
        Heading("section-4", 4, "第二节 程序"),
        Heading("section-5", 3, "第二章受理与审查"),
        Heading("section-6", 3, "附则"),
    )
    assert '<p id="section-2" class="text-center">第一编' in result.html
    assert re.sub(r' id="section-\d+"', "", result.html) == html


def test_outline_of_marked_text_is_the_same() -> None:
    html = '<h2>甲乙</h2><p><img src="/files/a.png" alt=""> 第一章 总则</p>'
    marked = outline(mark(html, [(1, 4, {"id": "finding-1"})]))
    assert marked.headings == outline(html).headings
    assert [heading.title for heading in marked.headings] == ["甲乙", "第一章 总则"]


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_outline_only_adds_ids(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    html = data.draw(soup)
    canonical = cleaned(html)
    result = outline(canonical)
    assert re.sub(r' id="section-\d+"', "", result.html) == canonical
    assert to_text(result.html) == to_text(canonical)
    assert [heading.id for heading in result.headings] == re.findall(r'id="([^"]+)"', result.html)


def test_images_are_listed_and_replaced() -> None:
    html = '<p><img src="/files/a&amp;b.png" alt=""><img src="/files/c.png" alt="x"><img src="/files/c.png" alt=""></p>'
    assert image_sources_of(html) == ["/files/a&b.png", "/files/c.png"]
    assert replace_images(html, {"/files/a&b.png": "/x/1", "/files/c.png": '/x/2"'}) == (
        '<p><img src="/x/1" alt=""><img src="/x/2&quot;" alt="x"><img src="/x/2&quot;" alt=""></p>'
    )
    with pytest.raises(KeyError):
        replace_images(html, {})


def test_plain_text_becomes_paragraphs_and_headings() -> None:
    assert cleaned(from_text("## 第一章 总则\n第一条 a<b\n\n#标签\n")) == (
        "<h2>第一章 总则</h2><p>第一条 a&lt;b</p><p>#标签</p>"
    )
