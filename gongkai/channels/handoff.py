"""Everything to post an item by hand, ready to paste: text, cover, link and QR in one ZIP. Nothing that is not public."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator

import segno
from django.conf import settings

from gongkai.channels.adapters.wechat import TITLE_MOST, WeChat
from gongkai.channels.adapters.weibo import Weibo, length
from gongkai.channels.contract import PublicItem
from gongkai.channels.cover import NoFont, cover
from gongkai.law.verdicts import Refusal, Refused

_WHEN = (2020, 1, 1, 0, 0, 0)  # the same item gives the same bytes


def package(item: PublicItem, place: str) -> bytes:
    """A ZIP for one place: `place` is the code of a channel, or the name of a place of the catalogue.

    Refused as `parts` is.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts(item, place):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, data)
    return out.getvalue()


def filename(item: PublicItem, place: str) -> str:
    """What the ZIP is called: the index number without its slash, and the place."""
    return f"{item.index_number.replace('/', '-')}-{place.replace('/', '-')}.zip"


def parts(item: PublicItem, place: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the package by its name: texts, cover, QR.

    Refused without the installation's own address, because the link and the QR would lead nowhere.
    """
    if not settings.SITE["base_url"]:
        raise Refusal(
            Refused("no_address", "还没有设置本站地址（SITE_BASE_URL），链接和二维码无法生成。请管理员设置后再下载。")
        )
    link = f"{settings.SITE['base_url']}{item.url}"
    match place:
        case "weibo":
            text = Weibo().render(item).body
            yield "微博正文.txt", _text(text)
            notes = [f"1. 登录微博，粘贴“微博正文.txt”（按微博的算法 {length(text)} 个字，已含链接），配“封面.jpg”。"]
        case "wechat":
            article = WeChat().render(item).payload["article"]
            yield "标题.txt", _text(item.title)
            yield "摘要.txt", _text(article["digest"])
            yield "正文.html", _page(item.title, article["content"])
            notes = [
                "1. 登录公众号后台，新建图文：用浏览器打开“正文.html”，全选、复制、粘贴到正文。",
                "2. 封面用“封面.jpg”，“原文链接”粘贴“链接.txt”。",
            ]
            if len(item.title) > TITLE_MOST:
                notes.append(f"注意：标题有 {len(item.title)} 个字，公众号最多 {TITLE_MOST} 个字，请另拟标题。")
        case _:
            yield "标题.txt", _text(item.title)
            yield "正文.txt", _text(item.text)
            notes = [f"1. 交{place}：标题、正文分别在“标题.txt”“正文.txt”。"]
    yield "链接.txt", _text(link)
    yield "二维码.png", _qr(link)
    try:
        yield "封面.jpg", cover(item.title, item.organ)
    except NoFont:
        notes.append("本机没有中文字体，没有生成封面。")
    yield "说明.txt", _text("\n".join([*_head(item, link), *notes, *_tail(item)]))


def _head(item: PublicItem, link: str) -> list[str]:
    told = [
        ("标题", item.title), ("索引号", item.index_number), ("发布机构", item.organ), ("发文字号", item.doc_number),
        ("网址", link),
    ]  # fmt: skip
    return [*(f"{name}：{value}" for name, value in told if value), ""]


def _tail(item: PublicItem) -> list[str]:
    files = [f"附件：{file.title or file.filename}（在网页上下载）" for file in item.files]
    return [*files, "", "发布以后，请回到系统登记发布的链接；信息撤下以后，请删除并登记。"]


def _page(title: str, content: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        f"<body>{content}</body></html>\n"
    ).encode()


def _text(words: str) -> bytes:
    # With a byte order mark and CRLF: the editors of older Windows desks show it right.
    return "\ufeff".encode() + (words.strip() + "\n").replace("\n", "\r\n").encode()


def _qr(link: str) -> bytes:
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()
