"""What the inspection indicators ask of the pages themselves, seen from outside: any site, by its home page.

Asked for by a person on the command line, so the address is not doubted; a dozen pages are read, one after the other.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from lxml import html

from gongkai.reporting.fetching import AGENT, SECONDS

MOST_PAGES = 12
_MOST = 4 * 1024 * 1024
#: Required tags (国办函〔2018〕12号附件; regulation text in docs): of every page, of a column's, of an article's.
SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_TAGS = ("ArticleTitle", "PubDate", "ContentSource")
_PUB_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
FOOTER = (
    ("网站标识码", re.compile(r"网站标识码\s*[:：]?\s*\w{10}")),
    ("ICP 备案号", re.compile(r"ICP\s*备\s*\d+")),
    ("公安机关备案标识", re.compile(r"公网安备\s*\d+")),
    ("主办单位", re.compile(r"主办(?:单位)?\s*[:：]?\s*\S{2,}")),
    ("联系方式", re.compile(r"(?:电话|联系方式)\s*[:：]?\s*[（(]?\d{3,}")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was looked at."""

    good: bool
    title: str
    told: str = ""


def check_site(home: str) -> Iterator[Told]:
    """Home page, its foot and tags, then pages it leads to. A home page that does not answer ends it."""
    try:
        first = _page(home)
    except (OSError, ValueError, http.client.HTTPException) as error:
        yield Told(False, "首页可以访问", f"{home}：{type(error).__name__}")
        return
    yield Told(True, "首页可以访问", home)
    words = " ".join(first.text_content().split())
    for title, pattern in FOOTER:
        yield Told(pattern.search(words) is not None, f"底部：{title}")
    yield from _tags(home, first, SITE_TAGS)
    links = list(dict.fromkeys(_links(home, first)))
    columns = articles = 0
    for url in links[:MOST_PAGES]:
        try:
            page = _page(url)
        except (OSError, ValueError, http.client.HTTPException) as error:
            yield Told(False, "链接可以打开", f"{url}：{type(error).__name__}")
            continue
        names = _names(page)
        if "ArticleTitle" in names:
            articles += 1
            yield from _tags(url, page, (*SITE_TAGS, *COLUMN_TAGS, *ARTICLE_TAGS))
        elif "ColumnName" in names:
            columns += 1
            yield from _tags(url, page, (*SITE_TAGS, *COLUMN_TAGS))
    yield Told(columns > 0, "栏目页带有栏目标签", f"看了 {min(len(links), MOST_PAGES)} 个网页，其中栏目页 {columns} 个")
    yield Told(articles > 0, "内容页带有内容标签", f"其中内容页 {articles} 个")


def _tags(url: str, page: html.HtmlElement, wanted: tuple[str, ...]) -> Iterator[Told]:
    names = _names(page)
    missing = [name for name in wanted if names.get(name, "").strip() in ("", "null")]
    if "PubDate" in wanted and "PubDate" not in missing and not _PUB_DATE.fullmatch(names["PubDate"].strip()):
        missing.append("PubDate（格式应为 yyyy-MM-dd HH:mm）")
    yield Told(not missing, "网页标签齐全", f"{url}{'：缺少 ' + '、'.join(missing) if missing else ''}")


def _names(page: html.HtmlElement) -> dict[str, str]:
    return {tag.get("name", ""): tag.get("content", "") for tag in page.iter("meta")}


def _links(home: str, page: html.HtmlElement) -> Iterator[str]:
    """Pages of the same site, those that look like articles and lists first come as they stand."""
    host = urlsplit(home).netloc
    for anchor in page.iter("a"):
        url = urljoin(home, anchor.get("href", "")).split("#")[0]
        if (
            urlsplit(url).netloc == host
            and url.rstrip("/") != home.rstrip("/")
            and urlsplit(url).scheme.startswith("http")
        ):
            yield url


def _page(url: str) -> html.HtmlElement:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("不是网页地址")
    with urlopen(Request(url, headers={"User-Agent": AGENT}), timeout=SECONDS) as answer:  # noqa: S310 - http(s) only, see above
        return html.fromstring(answer.read(_MOST) or b"<html></html>", base_url=url)
