"""Builds the tree of `tree` from the tokens of any HTML: what is known is kept, what is not known leaves its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

import nh3

from gongkai.files.html.tokens import Close, Open, Text, Token
from gongkai.files.html.tree import MARKS, Flow, Line, List, Row, Rule, Run, Table, escape_attribute

# Lists in tables in lists …: what lies deeper keeps its text and loses its frame.
MAX_DEPTH = 24
MAX_OPEN_MARKS = 100
MAX_SPAN = 100

_MARK_OF = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "u": "u",
    "ins": "u",
    "s": "s",
    "strike": "s",
    "del": "s",
    "sub": "sub",
    "sup": "sup",
    "span": "",  # bold where its style says so
    "font": "",
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# fmt: off
_PARAGRAPHS = {
    "p", "div", "section", "article", "center", "address", "pre", "dl", "dd", "dt", "figure", "figcaption",
    "header", "footer", "main", "nav", "aside", "form", "fieldset", "legend", "details", "summary", "body",
    "html", "head", "option", "button",
}
# fmt: on
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|end)", re.IGNORECASE)
_LINK_SCHEME = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[^/?#]*:")
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x20]+")
_QUOTED_IN_A_LINK = str.maketrans({character: f"%{ord(character):02X}" for character in "<>\"'`{}|^\\"})


def safe_link(href: str) -> str:
    """The target of a link if it is http, https, mailto or on this site, else an empty string."""
    href = _NOT_IN_A_LINK.sub("", href)
    if _LINK_SCHEME.match(href):
        scheme, rest = href.split(":", 1)
        href = f"{scheme.lower()}:{rest}"
        if scheme.lower() != "mailto" and not rest.startswith("//"):
            return ""
    elif _ANY_SCHEME.match(href) or href.startswith(("//", "/\\", "\\", "#")):
        return ""
    href = href.translate(_QUOTED_IN_A_LINK)
    return href if _is_parsed(href) else ""


@lru_cache(maxsize=1024)
def _is_parsed(href: str) -> bool:
    """Whether a parser of addresses (that of nh3) takes it: no host of forbidden characters, no port 99999."""
    link = f'<a href="{escape_attribute(href)}"></a>'
    return nh3.clean(link, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None) == link


def _alignment(attributes: dict[str, str]) -> str:
    classes = attributes.get("class", "").split()
    for side in ("center", "right"):
        if f"text-{side}" in classes or attributes.get("align", "").strip().lower() == side:
            return f"text-{side}"
    styled = _ALIGN.search(attributes.get("style", ""))
    if styled is None:
        return ""
    return "text-center" if styled.group(1).lower() == "center" else "text-right"


def _whole_number(value: str, most: int) -> int:
    return min(int(value), most) if value.isascii() and value.isdigit() and len(value) < 6 else 1


class Builder:
    """Takes tokens one by one; `document` is the tree. `left_out` counts what a writer will miss."""

    def __init__(self, allowed_image: Callable[[str], bool], *, shift_headings: bool) -> None:
        self.document = Flow("document")
        self.left_out: Counter[str] = Counter()
        self._allowed_image = allowed_image
        self._shift = 1 if shift_headings else 0
        self._stack: list[Flow | List | Table] = [self.document]
        self._line: Line | None = None
        self._marks: list[tuple[str, str]] = []
        self._marks_now: tuple[str, ...] = ()
        self._href = ""
        self._outside: list[tuple[list[tuple[str, str]], str]] = []  # marks and link around each open cell
        self._row_head = False
        self._pre = 0

    def take(self, tokens: Iterable[Token]) -> Flow:
        for token in tokens:
            if isinstance(token, Text):
                self._text(token.value)
            elif isinstance(token, Open):
                self._open(token.name, token.attributes)
            elif isinstance(token, Close):
                self._close(token.name)
            else:
                raise TypeError(token)
        return self.document

    # inline

    def _text(self, value: str) -> None:
        if self._line is None and not value.strip(" \t\n"):
            return
        if not self._pre:
            self._runs().append(Run("text", value, self._marks_now, self._href))
            return
        for number, part in enumerate(value.split("\n")):
            if number:
                self._runs().append(Run("br"))
            self._runs().append(Run("text", part, self._marks_now, self._href))

    def _image(self, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if not self._allowed_image(source):
            self.left_out["image"] += 1
            return
        alt = " ".join(attributes.get("alt", "").replace("<", "＜").replace(">", "＞").split())[:200].strip()
        self._runs().append(Run("img", source, self._marks_now, self._href, alt))

    def _open_mark(self, name: str, attributes: dict[str, str]) -> None:
        mark = _MARK_OF[name]
        if not mark and _BOLD.search(attributes.get("style", "")):
            mark = "strong"
        if len(self._marks) < MAX_OPEN_MARKS:
            self._marks.append((name, mark))
            self._set_marks(self._marks)

    def _close_mark(self, name: str) -> None:
        for at in range(len(self._marks) - 1, -1, -1):
            if self._marks[at][0] == name:
                del self._marks[at]
                break
        self._set_marks(self._marks)

    def _set_marks(self, marks: list[tuple[str, str]]) -> None:
        self._marks = marks
        present = {mark for _, mark in marks}
        self._marks_now = tuple(mark for mark in MARKS if mark in present)

    def _runs(self) -> list[Run]:
        if self._line is None:
            self._start_line("p", "")
        assert self._line is not None
        return self._line.runs

    # blocks

    def _flow(self) -> Flow:
        """The flow that takes the next block; a list or table in between gets the item or cell it lacks."""
        top = self._stack[-1]
        if isinstance(top, List):
            top = top.items[-1] if top.items else self._push_item(top)
        elif isinstance(top, Table):
            row = top.rows[-1] if top.rows else self._new_row(top)
            if not row.cells:
                row.cells.append(Flow("td"))
            top = row.cells[-1]
        return top

    def _push_item(self, to: List) -> Flow:
        to.items.append(Flow("li"))
        return to.items[-1]

    def _start_line(self, tag: str, align: str) -> None:
        self._line = Line(tag, align)
        self._flow().children.append(self._line)

    def _end_line(self) -> None:
        self._line = None

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name in _MARK_OF:
            self._open_mark(name, attributes)
        elif name == "a":
            wanted = attributes.get("href", "")
            self._href = safe_link(wanted)
            if wanted and not self._href and not wanted.startswith("#"):
                self.left_out["link"] += 1
        elif name == "br":
            self._runs().append(Run("br"))
        elif name == "img":
            self._image(attributes)
        elif name in _HEADINGS:
            level = min(max(_HEADINGS[name] + self._shift, 2), 4)
            self._end_line()
            self._start_line(f"h{level}", _alignment(attributes))
        elif name in _PARAGRAPHS:
            self._end_line()
            self._pre += name == "pre"
            self._start_line("p", _alignment(attributes))
        elif name in _BLOCKS:
            self._end_line()
            if len(self._stack) < MAX_DEPTH:
                _BLOCKS[name](self, name, attributes)
        # an unknown element leaves its text

    def _open_rule(self, name: str, attributes: dict[str, str]) -> None:
        self._flow().children.append(Rule())

    def _open_quotation(self, name: str, attributes: dict[str, str]) -> None:
        self._push(Flow("blockquote"))

    def _open_list(self, name: str, attributes: dict[str, str]) -> None:
        self._push(List(name, _whole_number(attributes.get("start", ""), 99999) if name == "ol" else 1))

    def _open_item(self, name: str, attributes: dict[str, str]) -> None:
        at = self._nearest(List)
        if at is not None:
            self._pop_to(at + 1)
            owner = self._stack[-1]
            assert isinstance(owner, List)
            self._stack.append(self._push_item(owner))

    def _open_table(self, name: str, attributes: dict[str, str]) -> None:
        self._push(Table())
        self._row_head = False

    def _open_in_table(self, name: str, attributes: dict[str, str]) -> None:
        at = self._nearest(Table)
        if at is None:
            return
        self._pop_to(at + 1)
        table = self._stack[-1]
        assert isinstance(table, Table)
        if name == "tr":
            self._new_row(table)
        elif name in ("td", "th"):
            self._open_cell(table, name, attributes)
        elif name == "caption":
            table.caption = table.caption or Line("caption")
            self._line = table.caption
        else:
            self._row_head = name == "thead"

    def _open_cell(self, table: Table, name: str, attributes: dict[str, str]) -> None:
        row = table.rows[-1] if table.rows else self._new_row(table)
        spans = {key: _whole_number(attributes.get(key, ""), MAX_SPAN) for key in ("colspan", "rowspan")}
        cell = Flow(name, [], _alignment(attributes), {key: str(span) for key, span in spans.items() if span > 1})
        if name == "th" and attributes.get("scope") in ("col", "row"):
            cell.attributes["scope"] = attributes["scope"]
        row.cells.append(cell)
        self._stack.append(cell)
        self._outside.append((self._marks, self._href))
        self._set_marks([])
        self._href = ""

    def _new_row(self, table: Table) -> Row:
        table.rows.append(Row(self._row_head))
        return table.rows[-1]

    def _push(self, block: Flow | List | Table) -> None:
        self._flow().children.append(block)
        self._stack.append(block)

    def _nearest(self, kind: type) -> int | None:
        """Where the innermost open list or table stands; a list is not looked for outside the cell."""
        for at in range(len(self._stack) - 1, 0, -1):
            block = self._stack[at]
            if isinstance(block, kind):
                return at
            if kind is not Table and isinstance(block, Flow) and block.tag in ("td", "th"):
                return None
        return None

    def _pop_to(self, size: int) -> None:
        while len(self._stack) > size:
            block = self._stack.pop()
            if isinstance(block, Flow) and block.tag in ("td", "th"):
                marks, self._href = self._outside.pop()
                self._set_marks(marks)

    def _close(self, name: str) -> None:
        if name in _MARK_OF:
            self._close_mark(name)
        elif name == "a":
            self._href = ""
        elif name == "br":
            self._runs().append(Run("br"))
        elif name in _HEADINGS or name in _PARAGRAPHS:
            self._end_line()
            self._pre = max(0, self._pre - (name == "pre"))
        elif name in _BLOCKS:
            self._end_line()
            self._close_block(name)
        # the end of an unknown element says nothing

    def _close_block(self, name: str) -> None:
        wanted = ("td", "th") if name in ("td", "th") else (name,)
        inside_table = name in ("td", "th", "table")
        for at in range(len(self._stack) - 1, 0, -1):
            tag = self._stack[at].tag
            if tag in wanted:
                self._pop_to(at)
                return
            if (tag in ("td", "th") and not inside_table) or (tag == "table" and name in ("td", "th")):
                break
        if name in ("tr", "thead", "tbody", "tfoot", "caption"):
            table = self._nearest(Table)
            if table is not None:
                self._pop_to(table + 1)
                self._row_head = self._row_head and name != "thead"


_BLOCKS: dict[str, Callable[[Builder, str, dict[str, str]], None]] = {
    **dict.fromkeys(("tr", "td", "th", "thead", "tbody", "tfoot", "caption"), Builder._open_in_table),
    "hr": Builder._open_rule,
    "blockquote": Builder._open_quotation,
    "ul": Builder._open_list,
    "ol": Builder._open_list,
    "li": Builder._open_item,
    "table": Builder._open_table,
}
