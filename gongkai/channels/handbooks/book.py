"""A handbook as pages: cover, contents, chapters, one QR for each item, a last page. Only what is released stands in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import segno
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.channels.contract import PublicFile, PublicItem
from gongkai.channels.handbooks.contents import Chapter
from gongkai.disclosure.queries.document import public_image
from gongkai.files.html import image_sources_of, replace_images
from gongkai.files.queries import path_of
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, Limits, run
from gongkai.law.explain import day_in_words

LIMITS: Final = Limits(memory=2048 * MEGABYTE, seconds=300, answer=256 * MEGABYTE)
#: [I] bytes of pictures in one handbook; what is beyond is left to the web page
MOST_PICTURES: Final = 60 * MEGABYTE
ASSET: Final = "asset:"
NEWEST: Final = "本手册内容以网上最新文本为准。"


@dataclass(frozen=True, slots=True)
class Book:
    """The PDF, how many pages it has, and on which page each item (by its code) begins."""

    data: bytes
    pages: int
    begins: Mapping[str, int]


def printed(told: Mapping[str, str], chapters: Sequence[Chapter], *, number: int, on: date) -> Book:
    """Make the pages; `on` is the day of the text. `Unreadable` where the sandbox could not, `number` 0 for a draft."""
    page = markup(told, chapters, number=number, on=on)
    style = f"@page {{ size: {told['paper']}; }}\n{_sheet()}"
    try:
        data, pages, places = run(
            "gongkai.channels.handbooks.press:pressed", page, style, told["base_url"], limits=LIMITS
        )
    except Unreadable as error:
        raise NotPrinted(error.detail or error.sentence) from error
    begins = {name.removeprefix("item-"): n for name, n in places.items() if name.startswith("item-")}
    return Book(data, pages, begins)


class NotPrinted(Exception):
    """The pages could not be made; the words are for the log."""


@cache
def _sheet() -> str:
    return files("gongkai.channels.handbooks").joinpath("book.css").read_text(encoding="utf-8")


def markup(told: Mapping[str, str], chapters: Sequence[Chapter], *, number: int, on: date) -> str:
    """The whole book as one page of HTML; nothing in it has to be fetched."""
    pictures = _Pictures()
    items = format_html_join("", "{}", ((_chapter(n, row, told, pictures),) for n, row in enumerate(chapters, start=1)))
    return str(
        format_html(
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{}</title><meta name="author" '
            'content="{}"></head><body>{}{}{}{}</body></html>',
            told["title"],
            told["organ"],
            _cover(told, number, on),
            _contents(chapters),
            items,
            _last(told, number, on),
        )  # fmt: skip
    )


# ---- cover, contents, last page --------------------------------------------------------------------------------------


def _cover(told: Mapping[str, str], number: int, on: date) -> SafeString:
    link = f"{told['base_url']}/handbooks/"
    sub = format_html('<p class="cover-sub">{}</p>', told["subtitle"]) if told["subtitle"] else ""
    return format_html(
        '<section class="cover" data-book="{}"><h1>{}</h1>{}<p class="cover-organ">{}</p><p class="cover-day">{}</p>'
        '<div class="with-code">{}<div><p>{}</p><p class="address">{}</p></div></div></section>',
        told["title"], told["title"], sub, told["organ"], _edition(number, on), _code(link, "便民手册最新一版"),
        "扫码下载最新一版", link,
    )  # fmt: skip


def _edition(number: int, on: date) -> str:
    return f"{f'第 {number} 版' if number else '预览，尚未公开'}　文本截至{day_in_words(on)}"


def _contents(chapters: Sequence[Chapter]) -> SafeString:
    rows = format_html_join(
        "", "{}<ul>{}</ul>",
        (
            (
                format_html("<p>{}</p>", row.title) if row.title else "",
                format_html_join("", '<li><a href="#item-{}">{}</a></li>', ((e.code, e.title) for e in row.entries)),
            )
            for row in chapters
        ),
    )  # fmt: skip
    return format_html('<section class="contents"><h2>目录</h2>{}</section>', rows)


def _last(told: Mapping[str, str], number: int, on: date) -> SafeString:
    rows = [
        ("编印单位", told["organ"]), ("地址", told["address"]), ("办公时间", told["hours"]), ("电话", told["phone"]),
        ("咨询", told["contact"]), ("网站", f"{told['site']}　{told['base_url']}"), ("版次", _edition(number, on)),
    ]  # fmt: skip
    facts = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", (row for row in rows if row[1]))
    link = f"{told['base_url']}/handbooks/"
    return format_html(
        '<section class="last"><h2>联系我们</h2><dl>{}</dl><p class="newest">{}文本截至{}。</p>'
        '<div class="with-code">{}<div><p>{}</p><p class="address">{}</p></div></div></section>',
        facts, NEWEST, day_in_words(on), _code(link, "便民手册最新一版"), "扫码查看和下载最新一版", link,
    )  # fmt: skip


# ---- items -----------------------------------------------------------------------------------------------------------


def _chapter(number: int, row: Chapter, told: Mapping[str, str], pictures: _Pictures) -> SafeString:
    title = format_html('<h2 id="chapter-{}">{}</h2>', number, row.title) if row.title else ""
    items = format_html_join("", "{}", ((_item(entry, told["base_url"], pictures),) for entry in row.entries))
    return format_html('<section class="chapter" data-title="{}">{}{}</section>', row.title, title, items)


def _item(item: PublicItem, base_url: str, pictures: _Pictures) -> SafeString:
    link = f"{base_url}{item.url}"
    return format_html(
        '<article class="item"><div class="item-head"><h3 id="item-{}">{}</h3><div class="with-code">{}<div>'
        '<p class="facts">{}</p><p class="address">最新文本：{}</p></div></div></div><div class="text">{}</div>{}</article>',
        item.code, item.title, _code(link, f"{item.title}，网上最新文本"), _facts(item), link,
        _text(item, pictures), _files(item, link),
    )  # fmt: skip


def _facts(item: PublicItem) -> SafeString:
    valid = f"有效期至{day_in_words(item.valid_until)}" if item.valid_until else ""
    released = f"{day_in_words(timezone.localtime(item.released_at).date())}发布"
    told = [item.organ, item.doc_number, released, valid, f"索引号 {item.index_number}"]
    return format_html_join(" ", "<span>{}</span>", ((part,) for part in told if part))


def _text(item: PublicItem, pictures: _Pictures) -> SafeString:
    sources = {s: pictures.of(item.index_number, s.removeprefix(ASSET)) for s in image_sources_of(item.body)}
    # The body was cleaned before it was frozen (files/html/clean.py); nothing else may be marked safe.
    return mark_safe(replace_images(item.body, sources))  # noqa: S308


def _files(item: PublicItem, link: str) -> SafeString:
    """Attachments by name, with the address where they can be had."""
    if not item.files:
        return mark_safe("")
    at = f"{link}#attachments"
    names = format_html_join("", "<li>{}. {}</li>", ((n, _named(file)) for n, file in enumerate(item.files, start=1)))
    return format_html(
        '<div class="files with-code">{}<div><b>附件（扫码在网页上下载）</b><ul>{}</ul></div></div>',
        _code(at, f"{item.title}，附件下载"), names,
    )  # fmt: skip


def _named(file: PublicFile) -> str:
    size = f"{file.size / MEGABYTE:.1f} MB" if file.size >= MEGABYTE else f"{max(1, round(file.size / 1024))} KB"
    return f"{file.title or file.filename}（{file.kind.upper()}，{size}）"


class _Pictures:
    """Pictures of the texts as addresses with their bytes in them, until there are too many."""

    def __init__(self) -> None:
        self._left = MOST_PICTURES

    def of(self, index_number: str, digest: str) -> str:
        """A picture of the release in front and of nothing else; "" for one that cannot be had: its words stand there."""
        attached = public_image(index_number, digest)
        if attached is None or attached.blob.size > self._left or not path_of(digest).exists():
            return ""
        self._left -= attached.blob.size
        return f"data:{attached.blob.media_type};base64,{b64encode(path_of(digest).read_bytes()).decode()}"


def _code(link: str, words: str) -> SafeString:
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=2, scale=4, xmldecl=False, svgns=True)
    return format_html(
        '<img alt="二维码：{}" src="data:image/svg+xml;base64,{}">', words, b64encode(out.getvalue()).decode()
    )
