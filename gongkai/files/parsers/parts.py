"""What every parser returns, and the reading of bytes that no parser knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gongkai.files.parsers.ooxml import MOST_TEXT, too_much_text

Where = dict[str, Any]
Found = tuple[Where, str]

# [M] Four letters in a row, or four characters of Chinese: shorter runs turn up by chance in any bytes.
_LATIN = re.compile(r"[\x20-\x7e\u4e00-\u9fff\u3000-\u303f\uff00-\uff5e]{4,}")
_WORDS = re.compile(r"[A-Za-z0-9@._-]{4}|[\u4e00-\u9fff]{3}")
_MULTI = re.compile(
    rb"(?:[\x20-\x7e]|[\xe4-\xe9][\x80-\xbf]{2}|\xe3\x80[\x80-\xbf]|\xef[\xbc\xbd][\x80-\xbf]){4,}"
    rb"|(?:[\x20-\x7e]|[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]){4,}"
)

# What in an attribute is worth telling: not plain ASCII, a number as long as a mobile phone's, an address, a path.
_TELLING = re.compile(r"[^\x00-\x7f]|\d{11}|@[A-Za-z0-9-]+\.|[A-Za-z]:\\|^\\\\|/(?:home|Users)/")
_ONLY_LAYOUT = re.compile(r"[\d\-:TZ., {}()+]*")


def answer(parts: Iterable[Found], count: int, warnings: Iterable[str] = ()) -> dict[str, Any]:
    """`{"parts", "count", "warnings"}`: parts without text are dropped, what can be seen comes before what cannot.

    The order keeps lines that belong together beside each other, so that a number broken over two lines is found.
    """
    kept = [[where, text] for where, text in parts if text.strip()]
    if sum(len(text) for _, text in kept) > MOST_TEXT:
        raise too_much_text()
    kept.sort(key=lambda part: "hidden" in part[0])
    return {"parts": kept, "count": count, "warnings": list(dict.fromkeys(warnings))}


def telling(value: str) -> bool:
    """Whether an attribute of a part nobody reads may tell something about somebody."""
    return _TELLING.search(value) is not None and _ONLY_LAYOUT.fullmatch(value) is None or _long_number(value)


def _long_number(value: str) -> bool:
    return re.search(r"(?<![\d.])\d{11}|(?<![\d.])\d{17}[\dXx]", value) is not None


def strings(data: bytes) -> Iterator[str]:
    """Readable runs in bytes of any kind: ASCII, UTF-8, GB18030, and UTF-16 in either order, at even and odd places.

    Any bytes spell rare characters; a run of them counts only where most of its Chinese is in daily use.
    """
    seen = set()
    for run in _MULTI.finditer(data):
        for encoding in ("utf-8", "gb18030"):
            try:
                text = run.group().decode(encoding).strip()
            except UnicodeDecodeError:
                continue
            if text not in seen and _daily(text):
                seen.add(text)
                yield text
            break
    # Each of the four ways apart: halves of letters that follow a zero byte spell ideographs, and a run that begins with
    # those would take the first letters of the real words with it.
    for offset in (0, 1):
        for encoding in ("utf-16-le", "utf-16-be"):
            for found in _LATIN.finditer(data[offset:].decode(encoding, "replace")):
                text = found.group().strip()
                if len(text) >= 4 and text not in seen and _daily(text):
                    seen.add(text)
                    yield text


def _daily(text: str) -> bool:
    """Whether nine in ten ideographs stand in level 1 of GB/T 2312, the 3,755 characters of daily use.

    One character over and over is padding.
    """
    if len(set(text)) < 3 or not _WORDS.search(text):
        return False
    rows = [character.encode("gb18030")[0] for character in text if "\u4e00" <= character <= "\u9fff"]
    return sum(0xB0 <= row <= 0xD7 for row in rows) >= 0.9 * len(rows)
