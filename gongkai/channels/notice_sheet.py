"""An item as a sheet to be pinned up: A4 or A3, its whole text, its period, a way to object, and a QR to its page.

Made from what is public (`PublicItem`) and from nothing else, so a draft cannot get on paper.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import tzinfo
from functools import cache
from importlib.resources import files
from typing import Final

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.channels.contract import PublicItem
from gongkai.channels.routing import ENDED
from gongkai.disclosure.queries.document import public_file_rows
from gongkai.files.html import image_sources_of, replace_images
from gongkai.files.queries import path_of
from gongkai.law.announcements import is_announcement, period
from gongkai.law.explain import day_in_words
from gongkai.law.verdicts import Allowed, Refused, Verdict

#: [I] own choice: paper → size of a letter; A3 is read from farther away, so its letters grow with the sheet
PAPERS: Final[Mapping[str, str]] = {"A4": "15pt", "A3": "21.2pt"}


def may_be_pinned_up(item: PublicItem) -> Verdict:
    """Only what is current is put up; what ended has to come down from the wall."""
    if item.validity in ENDED:
        return Refused("over", "这条信息已经期满、失效、废止或者修改，不能再张贴。请取下已经张贴的通知。")
    return Allowed()


def notice_pdf(
    item: PublicItem, *, paper: str, base: str, zone: tzinfo, pictures: Mapping[str, tuple[str, bytes]]
) -> bytes:
    """The sheet as PDF. `paper`: a key of `PAPERS`; `base`: address of the site; `pictures`: digest → (media type, bytes)
    of the images of the text. Raises KeyError for another paper."""
    from gongkai.files.copies.press import pressed  # noqa: PLC0415 -- a second to load, for whoever prints

    page = format_html(
        '<!doctype html><html lang="zh-CN"><head><title>{}</title></head><body>{}{}{}</body></html>',
        item.title, _head(item, zone), _text(item, pictures), _end(item, f"{base}{item.url}"),
    )  # fmt: skip
    return pressed(
        page, f"@page {{ size: {paper}; font-size: {PAPERS[paper]} }} html {{ font-size: {PAPERS[paper]} }}" + _sheet()
    )


def pictures_of(index_number: str) -> dict[str, tuple[str, bytes]]:
    """Images of the text of the release in front, as `notice_pdf` takes them."""
    return {
        row["digest"]: (row["media_type"], path_of(row["digest"]).read_bytes())
        for row in public_file_rows([index_number])
        if row["inline"] and path_of(row["digest"]).exists()
    }


def _head(item: PublicItem, zone: tzinfo) -> SafeString:
    released = item.released_at.astimezone(zone).date()
    facts = [f"{day_in_words(released)}发布", item.doc_number]
    told = format_html_join("", "<span>{}</span>", ((fact,) for fact in facts if fact))
    made = format_html(
        '<header><p class="organ">{}</p><h1 class="{}">{}</h1><p class="facts">{}<span class="number">索引号 {}</span></p>',
        item.organ, _size(item.title), item.title, told, item.index_number,
    )  # fmt: skip
    if item.valid_until is not None and is_announcement(item.kind, item.valid_until, item.effective_from):
        made += format_html('<p class="period">公示期：{}</p>', period(released, item.valid_until))
    return made + mark_safe("</header>")


def _size(title: str) -> str:
    """The class of a title: letters that keep it to a few lines."""
    if len(title) <= 17:
        return ""
    return "long" if len(title) <= 60 else "longer"


def _text(item: PublicItem, pictures: Mapping[str, tuple[str, bytes]]) -> SafeString:
    sources = {}
    for source in image_sources_of(item.body):
        kind, data = pictures.get(source.removeprefix("asset:"), ("image/png", b""))
        sources[source] = f"data:{kind};base64,{b64encode(data).decode()}"
    # The body was cleaned before it was frozen (files/html/clean.py); the images in it are our own files.
    body = mark_safe(replace_images(item.body, sources))  # noqa: S308
    names = [file.title or file.filename for file in item.files]
    listed = format_html_join("", "<p>附件：{}</p>", ((name,) for name in names))
    return format_html(
        '<div class="text">{}{}</div>', body, format_html('<div class="files">{}</div>', listed) if names else ""
    )


def _end(item: PublicItem, address: str) -> SafeString:
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
    objections = SafeString("")
    if item.phone and is_announcement(item.kind, item.valid_until, item.effective_from):
        objections = format_html(
            '<p class="objections">对公示内容有异议的，请在公示期内向{}{}反映，电话：{}。</p>',
            item.organ,
            item.section,
            item.phone,
        )
    elif item.phone:
        objections = format_html(
            '<p class="objections">咨询：{}{}，电话：{}。</p>', item.organ, item.section, item.phone
        )
    return format_html(
        '<div class="end">{}<div>{}<p>扫描二维码看原文{}，或者打开：</p><p class="address">{}</p></div></div>',
        mark_safe(drawn),  # noqa: S308 drawn by segno from an address of ours
        objections, "和附件" if item.files else "", address,
    )  # fmt: skip


@cache
def _sheet() -> str:
    return files("gongkai.channels").joinpath("notice_sheet.css").read_text(encoding="utf-8")
