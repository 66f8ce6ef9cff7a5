"""Marks on stretches of the plain text, drawn in the HTML: findings stand where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gongkai.files.html.text import Segment, segments
from gongkai.files.html.tree import escape_attribute, escape_text

Span = tuple[int, int, Mapping[str, str]]


def mark(html: str, spans: Iterable[Span]) -> str:
    """`html` with each `(start, end, attributes)` of its plain text (`to_text`) inside `<mark>`.

    A stretch over several elements becomes several marks: the first bears all attributes, the later ones all but
    `id` and, in its place, `data-continued`. Stretches may overlap; the earlier, then longer one is outside.
    Without the marks the HTML is what it was, and its plain text stays the same.
    Raises ValueError for a stretch that is empty, outside the text, or holds only the breaks between blocks.
    """
    text, pieces = segments(html)
    waiting = sorted(enumerate(spans), key=lambda numbered: (numbered[1][0], -numbered[1][1], numbered[0]))
    for _, (start, end, _attributes) in waiting:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"stretch {start}-{end} is not inside a text of {len(text)} characters")
    drawn: set[int] = set()
    active: list[tuple[int, Span]] = []
    result: list[str] = []
    copied = following = 0
    for piece in pieces:
        while following < len(waiting) and waiting[following][1][0] < piece.end:
            active.append(waiting[following])
            following += 1
        active = [span for span in active if span[1][1] > piece.start]
        if active:
            result += [html[copied : piece.at], *_draw(html, piece, active, drawn)]
            copied = piece.stop
    if missing := [span[:2] for number, span in waiting if number not in drawn]:
        raise ValueError(f"no text in stretches {missing[:3]}")
    return "".join([*result, html[copied:]])


def _draw(html: str, piece: Segment, active: list[tuple[int, Span]], drawn: set[int]) -> Iterable[str]:
    if piece.is_image:
        yield _wrap(html[piece.at : piece.stop], active, drawn)
        return
    ends = {edge for _, (start, end, _) in active for edge in (start, end) if piece.start < edge < piece.end}
    edges = sorted({piece.start, piece.end} | ends)
    for start, end in zip(edges, edges[1:], strict=False):
        inside = escape_text(piece.text[start - piece.start : end - piece.start])
        yield _wrap(inside, [span for span in active if span[1][0] <= start and end <= span[1][1]], drawn)


def _wrap(inside: str, covering: list[tuple[int, Span]], drawn: set[int]) -> str:
    opened = "".join(_opening(attributes, again=number in drawn) for number, (_, _, attributes) in covering)
    drawn.update(number for number, _ in covering)
    return f"{opened}{inside}{'</mark>' * len(covering)}"


def _opening(attributes: Mapping[str, str], *, again: bool) -> str:
    given = {name: value for name, value in attributes.items() if not (again and name == "id")}
    if again:
        given["data-continued"] = ""
    return "<mark" + "".join(f' {name}="{_value(value)}"' for name, value in given.items()) + ">"


def _value(value: str) -> str:
    return escape_attribute(str(value))
