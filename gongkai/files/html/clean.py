"""The only way in for the text of a document: any HTML becomes the canonical HTML of an official document."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import nh3

from gongkai.files.html import tokens, tree
from gongkai.files.html.build import Builder
from gongkai.files.refusal import Unreadable

# Characters of HTML. The longest real regulation in the trials has 0.1 million.
LIMIT = 1_000_000

_ATTRIBUTES: dict[str, set[str]] = {
    **dict.fromkeys(("p", "h2", "h3", "h4"), {"class"}),
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan", "scope"},
    "ol": {"start"},
    "a": {"href"},
    "img": {"src", "alt"},
}
_TAGS = {*_ATTRIBUTES, *tree.MARKS, "br", "hr", "ul", "li", "blockquote"}
_TAGS |= {"table", "caption", "thead", "tbody", "tr"}
_SCHEMES = {"http", "https", "mailto"}
_IMAGE_NAME = re.compile(r"[\w%][\w.%-]*(?:/[\w%][\w.%-]*)*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The canonical HTML, and in plain sentences what did not come along."""

    html: str
    warnings: tuple[str, ...] = ()


def clean(html: str, *, image_sources: Collection[str]) -> str:
    """The canonical form of `html`; cleaning it again changes nothing.

    `image_sources` are the allowed values of `src`; one that ends in `/` or `:` allows every plain name after it
    (`/files/`, `cid:`). Raises `Unreadable` for more than `LIMIT` characters.
    """
    return clean_and_tell(html, image_sources=image_sources).html


def clean_and_tell(html: str, *, image_sources: Collection[str]) -> Cleaned:
    """As `clean`, with the sentences to show to the writer."""
    _limit(html)
    builder = Builder(_image_check(image_sources), shift_headings=re.search(r"<h1[\s>]", html, re.I) is not None)
    canonical = tree.write(builder.take(tokens.read(html)))
    _limit(canonical)
    _confirm(canonical, image_sources)
    warnings = []
    if images := builder.left_out["image"]:
        warnings.append(f"{images} 张图片不在本系统内，没有带入。请把图片另存后从编辑器上传。")
    if links := builder.left_out["link"]:
        warnings.append(f"{links} 个链接的地址不是网页或邮箱，已只保留文字。")
    return Cleaned(canonical, tuple(warnings))


def _limit(html: str) -> None:
    if len(html) > LIMIT:
        raise Unreadable(
            "body-too-long",
            f"正文连同格式共 {len(html):,} 个字符，超过 {LIMIT // 10_000} 万字符的上限。"
            "请把附表、附录改为附件上传后再保存。",
        )


def _image_check(image_sources: Collection[str]) -> Callable[[str], bool]:
    exact = frozenset(image_sources)
    prefixes = tuple(source for source in exact if source.endswith(("/", ":")))

    def allowed(source: str) -> bool:
        if source in exact and source not in prefixes:
            return True
        prefix = next((prefix for prefix in prefixes if source.startswith(prefix)), None)
        return prefix is not None and _IMAGE_NAME.fullmatch(source, len(prefix)) is not None

    return allowed


def _confirm(canonical: str, image_sources: Collection[str]) -> None:
    """A second, independent opinion: nh3 must find nothing to remove, or the text is refused."""
    schemes = _SCHEMES | {source.split(":", 1)[0].lower() for source in image_sources if ":" in source}
    seen = nh3.clean(
        canonical,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=schemes,
        link_rel=None,
        strip_comments=True,
    )
    if seen != canonical:
        raise Unreadable(
            "body-unsafe",
            "正文里有系统不能确认安全的内容，没有保存。请只粘贴文字（“粘贴为纯文本”），再重新设置标题和表格。",
            detail=_first_difference(canonical, seen),
        )


def _first_difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"at {at}: {one[max(0, at - 40) : at + 40]!r} / {other[max(0, at - 40) : at + 40]!r}"
