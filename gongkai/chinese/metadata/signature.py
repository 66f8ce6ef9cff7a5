"""Who issued the document and when it was formed: signature, red head, labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date

from gongkai.chinese.metadata.forms import DATE, GAP, GOES_ON, HAN, Found, Line, date_of, organs_in

_LABELLED_DATE = re.compile(r"(?:成文日期|成文时间|发文日期|发文时间)[:：]?\s*")
_LABELLED_ISSUER = re.compile(
    rf"(?:发文机关|发布机构|发文机构|制发机关|发文单位)[:：]?\s*(?P<name>[{HAN}、 \u3000]{{2,80}})"
)
_BLANK = " \t\u00a0\u3000"
_ATTACHMENT = re.compile(rf"^附{GAP}件{GAP}[0-9０-９一二三四五六七八九十]*{GAP}[:：]?$")


def signature(
    text: str, lines: list[Line], title: Found[str] | None
) -> tuple[Found[date] | None, tuple[Found[str], ...]]:
    label = _LABELLED_DATE.search(text[:2000])
    labelled = DATE.match(text, label.end()) if label else None
    if labelled and (day := date_of(labelled)):
        return Found(day, labelled.start(), labelled.end()), ()
    signed = None
    attached = [line.start for line in lines if _ATTACHMENT.match(line.text)]
    for at in range(len(lines) - 1, -1, -1):
        found = _signed_line(lines, at, after=title.end if title else 0)
        if found is None:
            continue
        if signed is None or (found[1] and (not signed[1] or _any_between(attached, found[0].end, signed[0].end))):
            signed = found
    return signed or _signed_in_running_text(text) or (None, ())


def _signed_line(lines: list[Line], at: int, *, after: int) -> tuple[Found[date], tuple[Found[str], ...]] | None:
    """A line that is a date, perhaps after issuers, and the issuers on the lines above it."""
    line = lines[at]
    match = next(reversed(list(DATE.finditer(line.text))), None)
    if match is None or line.start < after or re.sub(r"[)）\s]", "", line.text[match.end() :]):
        return None
    day, before = date_of(match), line.text[: match.start()].strip(" \u3000（(")
    if day is None:
        return None
    found = Found(day, line.start + match.start(), line.start + match.end())
    if before:
        names = organs_in(before, line.start + line.text.index(before))
        return (found, names) if names else None
    names = ()
    for above in reversed(lines[max(0, at - 12) : at]):
        more = organs_in(above.text, above.start) if above.start >= after else ()
        if not more:
            break
        names = more + names
    return found, names


def _any_between(places: list[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _organs_at_end(text: str, end: int) -> tuple[Found[str], ...]:
    """The names of organs that end `text`, whose last character stands before `end`."""
    names: tuple[Found[str], ...] = ()
    for part in reversed(list(re.finditer(r"[^ \t\u00a0\u3000、]+", text))):
        found = organs_in(part.group(), end - len(text) + part.start())
        if not found:
            break
        names = found + names
    return names


def _signed_in_running_text(text: str) -> tuple[Found[date], tuple[Found[str], ...]] | None:
    """Text without lines: a date after the end of a sentence, with nothing but issuers between, that does not go on."""
    plain: tuple[Found[date], tuple[Found[str], ...]] | None = None
    for match in reversed(list(DATE.finditer(text))[-500:]):
        day = date_of(match)
        if day is None or GOES_ON.match(text, match.end()):
            continue
        earliest = max(0, match.start() - 400)
        begin = max(text.rfind(mark, earliest, match.start()) for mark in "。；！？:：)）》”\n") + 1
        between = text[max(begin, earliest) : match.start()].rstrip(_BLANK)
        end = len(text[: match.start()].rstrip(_BLANK))
        names = _organs_at_end(between, end)
        found = Found(day, match.start(), match.end())
        if names:
            return found, names
        if not between.strip(_BLANK) and plain is None:
            plain = found, ()
    return plain


def labelled_issuers(text: str) -> tuple[Found[str], ...]:
    label = _LABELLED_ISSUER.search(text[:2000])
    return organs_in(label["name"].strip(), label.start("name")) if label else ()


def red_head(head: list[Line]) -> tuple[Found[str], ...]:
    """`某市人民政府办公室文件`, `某市人民政府令`."""
    for line in head[:8]:
        match = re.fullmatch(rf"(?P<name>[{HAN}·（） \u3000、]{{4,60}}?){GAP}(?:文件|令)", line.text)
        if match and (names := organs_in(match["name"], line.start)):
            return names
    return ()
