"""All text of a web page: each block with its line in the source, and what a browser does not show."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from gongkai.files.encoding import decode
from gongkai.files.parsers.parts import Found, answer, telling

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "caption", "section", "article",
     "header", "footer", "nav", "aside", "main", "blockquote", "pre", "dl", "dt", "dd", "form", "fieldset", "legend",
     "option", "title", "body", "head", "html", "thead", "tbody", "tfoot", "br", "hr", "td", "th", "textarea", "address")
)  # fmt: skip
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0?\.?0+\s*(?:;|$)|mso-hide\s*:\s*all|(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|transparent)\b"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top|margin-left)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_GROUND = re.compile(r"background", re.IGNORECASE)
_ATTRIBUTES = {"alt": "alt_text", "title": "alt_text", "aria-label": "alt_text", "summary": "alt_text",
               "href": "link", "src": "link", "action": "link", "value": "form_field", "placeholder": "form_field"}  # fmt: skip
# End tags that may be left out (HTML standard, 13.1.2.4).
_ENDS_PARAGRAPH = ("p",)
_ENDED_BY = {"li": ("li", "p"), "td": ("td", "th", "p"), "th": ("td", "th", "p"), "tr": ("tr", "td", "th"),
             "option": ("option",), "dt": ("dt", "dd", "p"), "dd": ("dt", "dd", "p"), "br": ()}  # fmt: skip
_RAW = {"script": "javascript", "style": "other_part", "template": "hidden_text", "noscript": "hidden_text"}


def read(path: str) -> dict[str, Any]:
    """`count` is of blocks that a browser shows."""
    page = _Page()
    text = decode(Path(path).read_bytes())
    page.feed(text)
    page.close()
    page.flush()
    return answer(page.found, sum("hidden" not in where for where, _ in page.found))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Found] = []
        self._open: list[tuple[str, str]] = []  # element and the hidden code it brings
        self._pieces: list[str] = []
        self._line = 1
        self._tables = 0
        self._rows: list[list[int]] = []  # [table, row, column] of each open table

    @property
    def _code(self) -> str:
        return next((code for _, code in reversed(self._open) if code), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        code = self._code_of(tag, told)
        if tag in _BLOCKS or code != "":
            self.flush()
        if self._open and self._open[-1][0] in _ENDED_BY.get(tag, _ENDS_PARAGRAPH if tag in _BLOCKS else ()):
            self._open.pop()
        if tag == "table":
            self._tables += 1
            self._rows.append([self._tables, 0, 0])
        elif tag == "tr" and self._rows:
            self._rows[-1][1:] = [self._rows[-1][1] + 1, 0]
        elif tag in ("td", "th") and self._rows:
            self._rows[-1][2] += 1
        self._tell(tag, told)
        if tag not in _VOID:
            self._open.append((tag, code))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        at = next((n for n in range(len(self._open) - 1, -1, -1) if self._open[n][0] == tag), None)
        if at is None:
            return
        if tag in _BLOCKS or any(code for _, code in self._open[at:]):
            self.flush()
        del self._open[at:]
        if tag == "table" and self._rows:
            self._rows.pop()

    def handle_data(self, data: str) -> None:
        if not self._pieces:
            self._line = self.getpos()[0] + len(data) - len(data.lstrip("\n"))
        self._pieces.append(data)

    def handle_comment(self, data: str) -> None:
        if not re.fullmatch(r"\[if [^\]]*\]>.*<!\[endif\]", data.strip(), re.DOTALL) or telling(data):
            self._say("comment", re.sub(r"<[^>]*>", " ", data))

    def unknown_decl(self, data: str) -> None:
        self._say("comment", data)

    def handle_pi(self, data: str) -> None:
        if telling(data):
            self._say("other_part", data)

    def flush(self) -> None:
        text, self._pieces = "".join(self._pieces), []
        code = self._code
        if code not in ("javascript", "other_part"):
            text = " ".join(text.split())
        if not text.strip():
            return
        where: dict[str, Any] = {"line": self._line}
        if self._rows and self._rows[-1][2]:
            where |= dict(zip(("table", "row", "column"), self._rows[-1], strict=True))
        if code:
            where["hidden"] = code
        self.found.append((where, text))

    def _code_of(self, tag: str, told: dict[str, str]) -> str:
        if tag in _RAW:
            return _RAW[tag]
        style = told.get("style", "")
        found = _UNSEEN.search(style)
        if "hidden" in told or found and not ("color" in found.group().lower() and _GROUND.search(style)):
            return "hidden_text"
        return ""

    def _tell(self, tag: str, told: dict[str, str]) -> None:
        for key, value in told.items():
            if tag == "meta" and key == "content":
                if telling(value) or told.get("name", "").lower() in (
                    "author",
                    "keywords",
                    "description",
                    "contributor",
                ):
                    self._say("properties", value)
            elif key.startswith("on") or value.lower().startswith("javascript:"):
                if telling(value):
                    self._say("javascript", value)
            elif key in _ATTRIBUTES and not value.startswith("data:"):
                if _ATTRIBUTES[key] != "link" or telling(value) or value.startswith("mailto:"):
                    self._say(_ATTRIBUTES[key], value)
            elif (
                key == "srcdoc" or telling(value) and key not in ("style", "class", "face", "id", "src", "font-family")
            ):
                self._say("other_part", value)

    def _say(self, code: str, text: str) -> None:
        self.found.append(({"line": self.getpos()[0], "hidden": code}, text.strip()))
