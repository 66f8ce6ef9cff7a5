"""`clean`: what an official document may hold, in one canonical form, and nothing that acts."""

import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.files.html import LIMIT, clean, clean_and_tell, to_text
from gongkai.files.html.build import safe_link
from gongkai.files.html.tokens import Text, read
from gongkai.files.refusal import Unreadable

SOURCES = ("/files/", "cid:")


def cleaned(html: str) -> str:
    return clean(html, image_sources=SOURCES)


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("各县人民政府：", "<p>各县人民政府：</p>"),
        ("<p>　　第一条　本办法。</p><p>&nbsp;</p><p> </p>", "<p>第一条　本办法。</p>"),
        ("<h1>总则</h1><h2>目的</h2><h6>小节</h6>", "<h2>总则</h2><h3>目的</h3><h4>小节</h4>"),
        ("<h2>总则</h2><h3>目的</h3>", "<h2>总则</h2><h3>目的</h3>"),
        ("<b>一、</b><i>x</i><strike>y</strike>", "<p><strong>一、</strong><em>x</em><s>y</s></p>"),
        ("<b>一<p>二</b>三", "<p><strong>一</strong></p><p><strong>二</strong>三</p>"),
        ("H<sub>2</sub>O m<sup>2</sup>", "<p>H<sub>2</sub>O m<sup>2</sup></p>"),
        ('<p style="text-align:center">标题</p>', '<p class="text-center">标题</p>'),
        ("<p align=right>某市人民政府<br>　2026年9月3日</p>", '<p class="text-right">某市人民政府<br>2026年9月3日</p>'),
        ("<ul><li>一<ul><li>二</ul><li><p>三</p></ul>", "<ul><li>一<ul><li>二</li></ul></li><li>三</li></ul>"),
        ('<ol start="3"><li>三</li></ol>', '<ol start="3"><li>三</li></ol>'),
        (
            '<table border=1><thead><tr><th scope=col colspan=2>项</th></tr></thead><tr><td rowspan="2">一<td><p '
            "align=center>二</p></table>",
            '<table><thead><tr><th colspan="2" scope="col">项</th></tr></thead><tbody><tr><td rowspan="2">一</td>'
            '<td class="text-center">二</td></tr></tbody></table>',
        ),
        (
            "<table><tr><td>一</td>散落</tr></table>",
            "<table><tbody><tr><td><p>一</p><p>散落</p></td></tr></tbody></table>",
        ),
        ("<table></table><ul></ul><blockquote> </blockquote>", ""),
        ("<blockquote>引</blockquote><hr>", "<blockquote><p>引</p></blockquote><hr>"),
        ('<a href="http://example.gov.cn/a">甲</a>', '<p><a href="http://example.gov.cn/a">甲</a></p>'),
        ('<a href="mailto:a@example.cn">甲</a>', '<p><a href="mailto:a@example.cn">甲</a></p>'),
        ('<a href="/items/3?a=1&b=2">甲</a>', '<p><a href="/items/3?a=1&amp;b=2">甲</a></p>'),
        ('<img src="/files/ab/c.png" alt="位置图">', '<p><img src="/files/ab/c.png" alt="位置图"></p>'),
        ('<img src="cid:1.png">', '<p><img src="cid:1.png" alt=""></p>'),
        ("<p>甲 <br>　乙　 </p>", "<p>甲<br>乙</p>"),
        (
            "<b><table><tr><td>一</table>二",
            "<table><tbody><tr><td>一</td></tr></tbody></table><p><strong>二</strong></p>",
        ),
        ("<pre>一\n二</pre>", "<p>一<br>二</p>"),
        ("a < b <第一> & c", "<p>a &lt; b &lt;第一&gt; &amp; c</p>"),
        ("甲\u200b乙\u202e丙\x00丁", "<p>甲乙丙丁</p>"),
    ],
)
def test_canonical_form(given_html: str, expected: str) -> None:
    assert cleaned(given_html) == expected


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.gov.cn/a?b=1&c=2#d", "https://example.gov.cn/a?b=1&c=2#d"),
        (" HTTP://example.gov.cn/甲 ", "http://example.gov.cn/甲"),
        ("mailto:a@example.cn", "mailto:a@example.cn"),
        ("/a:b", "/a:b"),
        ("a/b", "a/b"),
        ("?page=2", "?page=2"),
        ("https://e.cn/\"'<>`{}|^\\", "https://e.cn/%22%27%3C%3E%60%7B%7D%7C%5E%5C"),
        ("https://e<x>.example/", ""),
        ("https://e.example:99999/", ""),
        ("//e.example", ""),
        ("/\\e.example", ""),
        ("\\\\e.example", ""),
        ("#section", ""),
        ("https:e.example", ""),
        ("javascript:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://e.example", ""),
        ("a:b", ""),
    ],
)
def test_links(href: str, kept: str) -> None:
    assert safe_link(href) == kept


def test_open_marks_are_counted_only_so_far() -> None:
    assert cleaned("<b>" * 150 + "甲" + "</b>" * 100 + "乙") == "<p><strong>甲</strong>乙</p>"


def test_paste_from_word_keeps_its_words_and_loses_its_dress() -> None:
    pasted = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style><!-- p.MsoNormal {margin:0} --></style>
<xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml></head><body><!--StartFragment-->
<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span style='font-size:16.0pt;
font-family:仿宋_GB2312;mso-bidi-font-family:仿宋'>一、<b>加强</b>领导<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.</span><![endif]>明确责任</p>
<!--EndFragment--></body></html>"""
    assert cleaned(pasted) == "<p>一、<strong>加强</strong>领导</p><p>1.明确责任</p>"


def test_what_does_not_come_along_is_told() -> None:
    told = clean_and_tell(
        '<img src="data:image/png;base64,AA"><a href="file:///c:/x.doc">附件</a>', image_sources=SOURCES
    )
    assert told.html == "<p>附件</p>"
    assert told.warnings == (
        "1 张图片不在本系统内，没有带入。请把图片另存后从编辑器上传。",
        "1 个链接的地址不是网页或邮箱，已只保留文字。",
    )


def test_images_only_from_the_sources_named() -> None:
    html = (
        '<p>甲<img src="/files/a.png"><img src="/b.png"><img src="/files/../b.png"><img src="/files//e.cn/c.png"></p>'
    )
    assert clean(html, image_sources=["/b.png"]) == '<p>甲<img src="/b.png" alt=""></p>'
    assert clean(html, image_sources=["/files/"]) == '<p>甲<img src="/files/a.png" alt=""></p>'
    assert clean(html, image_sources=[]) == "<p>甲</p>"


@pytest.mark.parametrize("size", [LIMIT + 1, 5_000_000])
def test_body_beyond_the_limit_is_refused_with_its_size(size: int) -> None:
    with pytest.raises(Unreadable) as refused:
        cleaned("字" * size)
    assert refused.value.code == "body-too-long"
    assert refused.value.sentence == (
        f"正文连同格式共 {size:,} 个字符，超过 100 万字符的上限。请把附表、附录改为附件上传后再保存。"
    )


def test_body_at_the_limit_is_taken() -> None:
    assert len(cleaned("字" * (LIMIT - len("<p></p>")))) == LIMIT


def test_body_that_grows_beyond_the_limit_when_written_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        cleaned("<" * (LIMIT // 2))
    assert refused.value.code == "body-too-long"


@pytest.mark.parametrize(
    "hostile",
    [
        "".join(f"<b a{number}>" for number in range(20_000)) + "<p>甲" * 20_000,
        "<blockquote>" * 50_000 + "甲",
        "<ul><li>" * 50_000 + "甲",
        "<table><tr><td>" * 30_000 + "甲",
        "<a " * 100_000,
        '<a b="' * 100_000,
        "<!--" * 100_000,
        "<style>" * 50_000,
        "&#x" * 100_000,
    ],
    ids=lambda hostile: hostile[:12],
)
def test_nesting_and_broken_ends_do_not_blow_up(hostile: str) -> None:
    once = cleaned(hostile)
    assert len(once) < 3 * len(hostile)
    assert cleaned(once) == once


@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_cleaning_again_changes_nothing(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    html = data.draw(soup)
    once = cleaned(html)
    assert cleaned(once) == once


@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_no_word_is_lost_or_moved_out_of_the_text(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    """All text outside raw elements is in the plain text, apart from white space and the letters of `alt`."""
    html = data.draw(soup)
    without_images = html.replace("<img", "<span")
    wanted = "".join(token.value for token in read(without_images) if isinstance(token, Text))
    assert sorted("".join(wanted.split())) == sorted("".join(to_text(cleaned(without_images)).split()))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_at_all_can_be_cleaned(html: str) -> None:
    once = cleaned(html)
    assert cleaned(once) == once


class Seen(HTMLParser):
    """What an independent parser finds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    def handle_decl(self, decl: str) -> None:
        self.strange.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.strange.append(data)

    def handle_pi(self, data: str) -> None:
        self.strange.append(data)


PLAIN = set(
    re.findall(
        r"\S+", "p h2 h3 h4 ul ol li table caption thead tbody tr td th blockquote hr br strong em u s sub sup a img"
    )
)


def assert_nothing_acts(html: str) -> None:
    seen = Seen()
    seen.feed(html)
    seen.close()
    assert seen.strange == []
    for tag, attributes in seen.found:
        assert tag in PLAIN, html
        assert set(attributes) <= {"class", "colspan", "rowspan", "scope", "start", "href", "src", "alt"}, html
        assert attributes.get("class", "text-center") in ("text-center", "text-right")
        href = attributes.get("href") or "/"
        assert re.match(r"https?://[^/\\]|mailto:|/(?![/\\])|[^:/\\?#]*(?:[/?#]|$)", href), html
        assert (attributes.get("src") or "/files/").startswith(SOURCES), html


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.example/x.js></SCRIPT>",
    "<script\x0c>alert(1)</script>",
    "<script/x>alert(1)</script >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=/files/a.png onerror=alert(1)>",
    "<img/src='/files/a.png'/onerror='alert(1)'>",
    '<img """><script>alert(1)</script>">',
    '<img src="javascript:alert(1)">',
    "<img src=`javascript:alert(1)`>",
    '<img src="/files/a.png" srcset="javascript:alert(1)">',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img src="/files/a.png&quot; onerror=&quot;alert(1)">',
    '<img src="cid:a" alt="&quot; onerror=alert(1) x=&quot;">',
    '<img src="cid:a" alt="--><script>alert(1)</script>">',
    '<img src="//e.example/files/a.png">',
    '<img src="/files/\\..\\..\\admin">',
    '<img src="cid:javascript:alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" \t\njavascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="jav\u200bascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="blob:https://e.example/1">x</a>',
    '<a href="view-source:javascript:alert(1)">x</a>',
    '<a href="//e.example">x</a>',
    '<a href="/\\e.example">x</a>',
    '<a href="\\\\e.example">x</a>',
    '<a href="http:javascript:alert(1)">x</a>',
    '<a href="https://e.example/&quot; onclick=&quot;alert(1)">x</a>',
    "<a href='https://e.example/&apos; onclick=&apos;alert(1)'>x</a>",
    '<a href="/x" target="_blank" ping="//e.example" onclick="alert(1)" style="x">x</a>',
    '<a href="/x" id="forms" name="cookie">x</a>',
    "<a href=x:alert(1)>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import '//e.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<div style=position:fixed;top:0;left:0;width:100%;height:100%>x</div>",
    "<link rel=stylesheet href=//e.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)><param name=x value=y></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<form action=javascript:alert(1)><input type=submit><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option>x</select>",
    "<textarea><script>alert(1)</script></textarea>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<title></title><script>alert(1)</script>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<video poster=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>x",
    "<table background='javascript:alert(1)'><td background='javascript:alert(1)'>x</table>",
    "<p onclick=alert(1) onmouseover\n=\nalert(1)>x</p>",
    "<p/onclick=alert(1)>x",
    "<p class='text-center\" onclick=alert(1) x=\"'>x</p>",
    "<p class='modal desk-button'>x</p>",
    '<td colspan="2&quot; onclick=&quot;alert(1)">x</td>',
    "<table><td colspan='99999999999999999999'>x</table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php echo 1 ?><script>alert(1)</script>",
    "<!DOCTYPE html [<!ENTITY x '<script>alert(1)</script>'>]>&x;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<\x00script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<xss:script xmlns:xss='http://www.w3.org/1999/xhtml'>alert(1)</xss:script>",
    "<x onclick=alert(1) tabindex=0 contenteditable>x</x>",
    "<template><script>alert(1)</script></template>",
    "<plaintext><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<p id=location><p id=__proto__><a id=x name=y>x</a>",
    "<a href='/x'><table><a href='javascript:alert(1)'>x</a></table></a>",
    "<b><p><i><a href=javascript:alert(1)></b>x</i></p></a>",
]


def test_there_are_enough_vectors() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 60


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_active_is_left(vector: str) -> None:
    for html in (
        vector,
        f"<p>甲{vector}乙</p>",
        f"<table><tr><td>{vector}</td></tr></table>",
        f'<p title="{vector}">甲',
    ):
        once = cleaned(html)
        assert_nothing_acts(once)
        assert cleaned(once) == once


@given(data=st.data(), one=st.sampled_from(VECTORS), other=st.sampled_from(VECTORS))
@settings(max_examples=300, deadline=None)
def test_nothing_active_is_left_in_soup(
    soup: st.SearchStrategy[str], data: st.DataObject, one: str, other: str
) -> None:
    html = data.draw(soup)
    assert_nothing_acts(cleaned(one + html + other))


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_second_parser_reads_the_same_tree(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    """An HTML5 parser with every element and attribute allowed writes the canonical form back unchanged."""
    html = data.draw(soup)
    once = cleaned(html)
    tags = PLAIN | {"script", "style"}
    attributes = dict.fromkeys(tags, {"class", "href", "src", "alt", "colspan", "rowspan", "scope", "start", "style"})
    assert (
        nh3.clean(
            once,
            tags=PLAIN,
            attributes={tag: attributes[tag] for tag in PLAIN},
            link_rel=None,
            url_schemes={"https", "cid"},
        )
        == once
    )
