"""The frames: landmarks, meta tags, footer, the large-print switch, and links only to what exists."""

import re
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from gongkai.web import errors

AT = datetime(2026, 9, 8, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
COLUMN = {"name": "政策文件", "description": "", "keywords": "", "kind": ""}
ARTICLE = {"title": "关于印发办法的通知", "released_at": AT, "source": "", "keywords": "", "summary": ""}

pytestmark = pytest.mark.urls("tests.web.routes")


class Outline(HTMLParser):
    """Tags in order, meta contents, and the text of the headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def count(self, tag: str) -> int:
        return sum(t == tag for t, _ in self.tags)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [a for t, a in self.tags if t == tag]

    @property
    def meta(self) -> dict[str, str]:
        return {a["name"]: a["content"] for a in self.of("meta") if "name" in a}


def draw(template: str, path: str = "/", cookies: dict[str, str] | None = None, **context: object) -> str:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies or {})
    return render_to_string(template, context, request=request)


def page(**context: object) -> Outline:
    return Outline(draw("portal/accessibility.html", **context))


def test_every_page_names_its_site(settings):
    meta = page().meta
    assert meta["SiteName"] == settings.SITE["name"]
    assert meta["SiteDomain"] == settings.SITE["domain"]
    assert meta["SiteIDCode"] == settings.SITE["id_code"]
    assert "ColumnName" not in meta
    assert "ArticleTitle" not in meta


def test_column_and_article_pages_carry_all_ten_tags_and_none_is_empty(settings):
    meta = page(column=COLUMN, article=ARTICLE).meta
    required = ["SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords"]
    required += ["ColumnType", "ArticleTitle", "PubDate", "ContentSource"]
    assert [name for name in required if not meta.get(name)] == []
    assert meta["PubDate"] == "2026-09-08 10:00"
    assert meta["ColumnDescription"] == "政策文件"
    assert meta["ContentSource"] == settings.SITE["operator"]
    assert "" not in meta.values()


def test_landmarks_and_the_skip_link_first():
    outline = page(crumbs=[{"title": "首页", "url": "/"}, {"title": "无障碍说明", "url": ""}])
    assert outline.of("html") == [{"lang": "zh-CN"}]
    assert [outline.count(tag) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    assert outline.of("a")[0] == {"class": "skip", "href": "#main"}
    names = [a.get("aria-label") for a in outline.of("nav")]
    assert None not in names
    assert len(set(names)) == len(names)


def test_headings_skip_no_level():
    for template in ("accessibility", "remedies", "privacy", "contact", "apply", "guide", "sitemap"):
        tags = Outline(draw(f"portal/{template}.html", total=1, organs=[])).tags
        levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
        assert (levels[0], levels.count(1)) == (1, 1), template
        assert [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1] == [], template


def test_large_print_is_a_class_by_cookie_and_a_link_by_path():
    normal = draw("portal/about.html", "/about/?a=1", total=1, organs=1)
    large = draw("portal/about.html", cookies={"display": "large"}, total=1, organs=1)
    assert '<html lang="zh-CN">' in normal
    assert 'href="/display/large/?next=%2Fabout%2F%3Fa%3D1"' in normal
    assert '<html lang="zh-CN" class="large">' in large
    assert "返回标准版" in large


def test_footer_shows_what_is_configured_and_leaves_out_what_is_not(settings):
    text = draw("portal/about.html", total=1, organs=1)
    for name in ("operator", "contractor", "address", "phone", "hours", "id_code", "icp", "police"):
        assert settings.SITE[name] in text
    absent = {"icp": "", "police": "", "party_mark_url": ""}
    settings.SITE = settings.SITE | absent | {"error_report_url": "https://example.org/jiucuo"}
    text = draw("portal/about.html", total=1, organs=1)
    assert "党政机关网站标识" not in text
    assert 'href="https://example.org/jiucuo"' in text
    assert "公网安备" not in text


def test_a_link_whose_route_does_not_exist_is_left_out():
    text = draw("portal/about.html", total=1, organs=1)
    assert "公开年报" in text
    assert "征求意见" not in text
    assert "查询申请进度" not in text
    assert re.findall(r'(?:href|action)=""', text) == []


def test_the_current_section_is_marked_once():
    outline = Outline(draw("portal/guide.html", section="guide", total=1, organs=[]))
    assert [a["href"] for a in outline.of("a") if a.get("aria-current") == "true"] == ["/guide/"]


def test_the_phone_reaches_the_sections_without_script():
    outline = page()
    assert "#sections" in [a.get("href") for a in outline.of("a")]
    assert [a["aria-label"] for a in outline.of("nav") if a.get("id") == "sections"] == ["栏目（页尾）"]


def test_the_desk_without_a_person_has_no_menu_and_with_one_names_them():
    assert "待办" not in draw("web/desk.html")
    me = {"name": "许明远", "place": "市政府办公室 政务公开科", "post": "合规审核"}
    text = draw("web/desk.html", me=me, waiting=10, section="todo")
    assert "许明远" in text
    assert "待办 10" in text
    assert Outline(text).meta["robots"] == "noindex"


@pytest.mark.parametrize("view", [errors.not_found, errors.forbidden, errors.server_error])
def test_error_pages_say_what_happened_what_to_do_and_whom_to_call(view, settings):
    response = view(RequestFactory().get("/x/"))
    text = response.content.decode()
    outline = Outline(text)
    assert (outline.count("h1"), outline.count("main")) == (1, 1)
    said = text.split("<main", 1)[1].split("</main>", 1)[0]
    assert settings.SITE["phone"] in said
    assert "首页" in said
    assert response.status_code in (403, 404, 500)


def test_the_page_of_a_fault_needs_neither_routes_nor_session():
    with override_settings(ROOT_URLCONF="tests.web.no_routes"):
        assert "系统出了故障" in errors.server_error(RequestFactory().get("/x/")).content.decode()
