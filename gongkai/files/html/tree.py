"""The parts an official document is made of, and how each is written as HTML.

Only what stands here can reach a page. The form is strict, so that reading it again gives the same tree:

* flow (document, quotation, list item, cell): paragraphs, headings, lists, tables, quotations, rules;
* a list item or cell that begins with its only plain paragraph holds that text directly;
* inline text is a row of runs, each with its set of marks and its link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

# The order in which marks are nested, outermost first.
MARKS = ("strong", "em", "u", "s", "sub", "sup")
ALIGNMENTS = ("text-center", "text-right")

_SPACE = re.compile(r"[ \t\n]+")
_INDENT = " \u00a0\u3000"


@dataclass(slots=True)
class Run:
    """Text, a line break or an image, with what applies to it."""

    kind: str  # "text", "br" or "img"
    value: str = ""
    marks: tuple[str, ...] = ()
    href: str = ""
    alt: str = ""


@dataclass(slots=True)
class Line:
    """A paragraph, heading or caption; `tag` is p, h2, h3, h4 or caption."""

    tag: str
    align: str = ""
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Rule:
    tag: str = "hr"


@dataclass(slots=True)
class Flow:
    """Document, blockquote, li, td or th."""

    tag: str
    children: list[Line | Rule | Flow | List | Table] = field(default_factory=list)
    align: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class List:
    tag: str  # ul or ol
    start: int = 1
    items: list[Flow] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    head: bool = False
    cells: list[Flow] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    tag: str = "table"
    caption: Line | None = None
    rows: list[Row] = field(default_factory=list)


def tidy(line: Line) -> bool:
    """Collapse white space in a line, drop indents and empty ends; False when nothing is left.

    The first-line indent of an official document is the style sheet's work, so leading spaces go, full-width too.
    """
    kept: list[Run] = []
    broken = False
    at_start = True
    for run in line.runs:
        if run.kind == "br":
            _strip_end(kept)
            broken, at_start = bool(kept), True
            continue
        if run.kind == "text":
            value = _SPACE.sub(" ", run.value)
            if at_start:
                value = value.lstrip(_INDENT)
            elif kept and kept[-1].kind == "text" and kept[-1].value.endswith(" "):
                value = value.removeprefix(" ")
            if not value:
                continue
            run.value = value
        if broken:
            kept.append(Run("br"))
            broken = False
        kept.append(run)
        at_start = False
    _strip_end(kept)
    line.runs = kept
    return bool(kept)


def _strip_end(runs: list[Run]) -> None:
    while runs and runs[-1].kind != "img":
        runs[-1].value = runs[-1].value.rstrip(_INDENT)
        if runs[-1].value:
            return
        runs.pop()


def write(document: Flow) -> str:
    """The canonical HTML of a document; empty blocks are left out."""
    return "".join(_flow(document))


def _escape(text: str) -> str:
    return escape(text, quote=False).replace("\u00a0", "&nbsp;")


def escape_text(text: str) -> str:
    """Text as it stands between tags: exactly the four references that are ever used there."""
    return _escape(text)


def escape_attribute(value: str) -> str:
    return _escape(value).replace('"', "&quot;")


def _attributes(align: str, attributes: dict[str, str]) -> str:
    given = ({"class": align} if align else {}) | attributes
    return "".join(f' {name}="{escape_attribute(value)}"' for name, value in given.items())


def _flow(flow: Flow) -> list[str]:
    """The children of a flow, written."""
    kept = [child for child in flow.children if not isinstance(child, Line) or tidy(child)]
    parts: list[tuple[bool, str]] = []
    for child in kept:
        written = _block(child)
        if written:
            parts.append((isinstance(child, Line) and child.tag == "p", written))
    if flow.tag in ("li", "td", "th") and parts and parts[0][0] and sum(plain for plain, _ in parts) == 1:
        first = next(child for child in kept if isinstance(child, Line))
        if not first.align or (flow.tag != "li" and len(parts) == 1):
            flow.align = first.align or flow.align
            return [_runs(first.runs), *(written for _, written in parts[1:])]
    return [written for _, written in parts]


def _block(block: Line | Rule | Flow | List | Table) -> str:
    if isinstance(block, Line):
        return f"<{block.tag}{_attributes(block.align, {})}>{_runs(block.runs)}</{block.tag}>"
    if isinstance(block, Rule):
        return "<hr>"
    if isinstance(block, Flow):
        inside = "".join(_flow(block))
        return f"<{block.tag}>{inside}</{block.tag}>" if inside else ""
    if isinstance(block, List):
        return _list(block)
    return _table(block)


def _list(block: List) -> str:
    items = [inside for item in block.items if (inside := "".join(_flow(item)))]
    start = {"start": str(block.start)} if block.tag == "ol" and block.start != 1 else {}
    written = "".join(f"<li>{inside}</li>" for inside in items)
    return f"<{block.tag}{_attributes('', start)}>{written}</{block.tag}>" if items else ""


def _table(table: Table) -> str:
    rows = [row for row in table.rows if row.cells]
    if not rows:
        return ""
    heads = next((at for at, row in enumerate(rows) if not row.head), len(rows))
    caption = table.caption if table.caption is not None and tidy(table.caption) else None
    parts = ["<table>", _block(caption) if caption else ""]
    for tag, part in (("thead", rows[:heads]), ("tbody", rows[heads:])):
        if part:
            parts += [f"<{tag}>", *(f"<tr>{''.join(map(_cell, row.cells))}</tr>" for row in part), f"</{tag}>"]
    return "".join([*parts, "</table>"])


def _cell(cell: Flow) -> str:
    inside = "".join(_flow(cell))  # first: it may hand its alignment up to the cell
    return f"<{cell.tag}{_attributes(cell.align, cell.attributes)}>{inside}</{cell.tag}>"


def _runs(runs: list[Run]) -> str:
    parts: list[str] = []
    opened: list[tuple[str, str]] = []
    for run in runs:
        wanted = [("a", run.href)] if run.href else []
        wanted += [(mark, "") for mark in run.marks]
        same = 0
        while same < len(opened) and same < len(wanted) and opened[same] == wanted[same]:
            same += 1
        parts += [f"</{tag}>" for tag, _ in reversed(opened[same:])]
        parts += [f"<{tag}{_attributes('', {'href': href} if href else {})}>" for tag, href in wanted[same:]]
        opened = wanted
        parts.append(_run(run))
    return "".join([*parts, *(f"</{tag}>" for tag, _ in reversed(opened))])


def _run(run: Run) -> str:
    if run.kind == "text":
        return _escape(run.value)
    if run.kind == "br":
        return "<br>"
    return f"<img{_attributes('', {'src': run.value, 'alt': run.alt})}>"
