"""Citations of the disclosure regulation in a text: 《政府信息公开条例》第三十六条第三项 → Citation(36, None, 3)."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gongkai.law.articles import chinese_number

_REGULATION = ("政府信息公开条例", "中华人民共和国政府信息公开条例", "条例")
_N = r"[0-9零〇一二三四五六七八九十百]+"
_TOKEN = re.compile(
    rf"《(?P<law>[^《》]+)》|第\(?(?P<article>{_N})\)?条|第\(?(?P<paragraph>{_N})\)?款|第\(?(?P<item>{_N})\)?项"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


class Citation(NamedTuple):
    """Article, paragraph (款) and item (项); None where the text names none."""

    article: int
    paragraph: int | None = None
    item: int | None = None

    def covers(self, wanted: Citation) -> bool:
        """Whether this citation is as exact as the wanted one. An item of an article with one paragraph needs none.

        依据：条例36；设计
        """
        return (
            self.article == wanted.article
            and (wanted.paragraph is None or self.paragraph == wanted.paragraph)
            and (wanted.item is None or self.item == wanted.item)
        )

    def __str__(self) -> str:
        text = f"第{chinese_number(self.article)}条"
        if self.paragraph is not None:
            text += f"第{chinese_number(self.paragraph)}款"
        if self.item is not None:
            text += f"第{chinese_number(self.item)}项"
        return text


def citations(text: str) -> tuple[Citation, ...]:
    """Every article of the disclosure regulation a text cites; articles of other laws named in 《》 are left out.

    Text before the first 《》 counts as the regulation, and so does 《条例》.

    依据：条例36；设计
    """
    found: list[Citation] = []
    ours = True
    current: Citation | None = None
    for token in _TOKEN.finditer(unicodedata.normalize("NFKC", text)):
        if law := token["law"]:
            ours, current = law in _REGULATION, None
        elif article := token["article"]:
            current = Citation(read_number(article))
            if ours:
                found.append(current)
        elif current is not None:
            current = _narrow(current, token)
            if ours:
                found.append(current)
    return tuple(found)


def _narrow(current: Citation, token: re.Match[str]) -> Citation:
    if paragraph := token["paragraph"]:
        return Citation(current.article, read_number(paragraph))
    return current._replace(item=read_number(token["item"]))


def read_number(word: str) -> int:
    """Arabic or Chinese numeral up to 百 as a number.

    依据：设计
    """
    if word.isdigit():
        return int(word)
    total = current = 0
    for char in word:
        if char in "百十":
            total, current = total + (current or 1) * (100 if char == "百" else 10), 0
        else:
            current = _DIGITS[char]
    return total + current
