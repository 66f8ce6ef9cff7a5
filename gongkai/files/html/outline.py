"""The headings of a document: elements h2–h4, and paragraphs that are a chapter's line (第三章 监督检查)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from gongkai.files.html.text import PIECE

# 立法技术规范（试行）（一）：法律根据内容需要可以分编、章、节、条、款、项、目.
_CHAPTER = re.compile(r"第[〇零一二三四五六七八九十百千两0-9０-９]{1,7}(分编|编|章|节)(?=[ \u3000\u00a0]|$)")
_CHAPTER_TIGHT = re.compile(r"第[〇零一二三四五六七八九十百千两0-9０-９]{1,7}(分编|编|章|节)[^，。；：、？（]{1,24}$")
_RANK = {"编": 0, "分编": 1, "章": 2, "节": 3}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2, 3 or 4, as of the element h2–h4."""

    id: str
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The HTML with an `id` on each heading, and the headings in order."""

    html: str
    headings: tuple[Heading, ...]


def outline(html: str, *, prefix: str = "section") -> Outline:
    """Headings of canonical HTML; ids are `section-1`, `section-2` … Lines inside tables and lists do not count."""
    found: list[tuple[int, str, str]] = []  # where the id goes, tag or rank word, title
    frames = 0
    opened: tuple[str, int] | None = None
    words: list[str] = []
    for piece in PIECE.finditer(html):
        closing, tag, _, text = piece.groups()
        if text is not None:
            words.append(text)
        elif tag in ("table", "ul", "ol", "blockquote"):
            frames += -1 if closing else 1
        elif tag in ("h2", "h3", "h4", "p"):
            if not closing:
                opened, words = (tag, piece.start() + 1 + len(tag)), []
            elif opened is not None and not frames:
                kind = _kind(opened[0], words)
                if kind:
                    found.append((opened[1], kind, _title(words)))
        elif tag == "br":
            words.append(" ")
    return _numbered(html, found, prefix)


def _title(words: list[str]) -> str:
    return " ".join(unescape("".join(words)).split())


def _kind(tag: str, words: list[str]) -> str:
    """h2–h4, a rank word for a chapter's line, or empty for any other paragraph."""
    if tag != "p":
        return tag
    if not next((word for word in words if word.strip()), "").lstrip().startswith("第"):
        return ""
    title = _title(words)
    if len(title) > _LONGEST or title.endswith(("。", "；", "：", "，")):
        return ""
    line = _CHAPTER.match(title) or _CHAPTER_TIGHT.match(title)
    return line.group(1) if line else ""


def _numbered(html: str, found: list[tuple[int, str, str]], prefix: str) -> Outline:
    ranks = sorted({_RANK[kind] for _, kind, _ in found if kind in _RANK})
    headings: list[Heading] = []
    parts: list[str] = []
    copied = 0
    for number, (at, kind, title) in enumerate(found, start=1):
        level = min(2 + ranks.index(_RANK[kind]), 4) if kind in _RANK else int(kind[1])
        heading = Heading(f"{prefix}-{number}", level, title)
        headings.append(heading)
        parts += [html[copied:at], f' id="{heading.id}"']
        copied = at
    return Outline("".join([*parts, html[copied:]]), tuple(headings))
