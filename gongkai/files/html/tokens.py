"""A forgiving reader of HTML that never fails and never takes more than linear time.

It follows the tokeniser of the HTML standard where the difference is visible (comments, raw text, quotes), and only
has to be good, not perfect: nothing it yields is copied to the output, `tree` builds that anew from known parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

# Elements whose content is not text to read: dropped with everything inside.
RAW = frozenset({"script", "style", "xml", "iframe", "noembed", "noframes", "title", "textarea", "plaintext", "xmp"})

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
# A quote without its partner falls through to the next round as part of a name; only the last quote of a
# document can be without one, so this stays linear.
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)?))?""")
_TAG_END = re.compile(r"[\s/]*>")

# Control characters, lone surrogates and noncharacters cannot stand in HTML. Zero-width spaces, soft hyphens and
# overrides of direction are invisible and hide words from readers and rules. Joiners stay: minority scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]|\r\n?")


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Open:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Close:
    name: str


Token = Text | Open | Close


def readable(value: str) -> str:
    """Character references resolved, every line end as `\\n`, invisible and impossible characters removed."""
    if "&" in value:
        value = unescape(value)
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", value))


def read(source: str) -> Iterator[Token]:
    """Tokens of `source` in order; names in lower case, the first of several equal attributes wins."""
    at, size = 0, len(source)
    while at < size:
        start = source.find("<", at)
        if start < 0:
            start = size
        if start > at:
            yield Text(readable(source[at:start]))
        if start >= size - 1:
            if start == size - 1:
                yield Text("<")
            return
        at = start + 1
        following = source[at]
        if following == "!":
            at = _after_comment(source, at)
        elif following == "?":
            at = _after(source, ">", at)
        else:
            closing = following == "/"
            name_match = _NAME.match(source, at + closing)
            if name_match is None:
                if closing:
                    at = _after(source, ">", at)
                else:
                    yield Text("<")
                continue
            name = name_match.group().lower()
            attributes, at = _attributes(source, name_match.end())
            if at < 0:  # the document ends inside a tag
                return
            if closing:
                yield Close(name)
            elif name in RAW:
                at = _after_raw(source, name, at)
            else:
                yield Open(name, attributes)


def _attributes(source: str, at: int) -> tuple[dict[str, str], int]:
    """Attributes from `at`, and where the tag ends (-1 when it does not)."""
    attributes: dict[str, str] = {}
    while True:
        if end := _TAG_END.match(source, at):
            return attributes, end.end()
        match = _ATTRIBUTE.match(source, at)
        if match is None:
            return attributes, -1
        name, double, single, bare = match.groups()
        value = next((part for part in (double, single, bare) if part is not None), "")
        attributes.setdefault(name.lower(), readable(value))
        at = match.end()


def _after(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return len(source) if found < 0 else found + len(mark)


def _after_comment(source: str, at: int) -> int:
    if source.startswith("!--", at):
        return _after(source, "-->", at + 1)  # `<!-->` is a whole comment
    return _after(source, ">", at)


def _after_raw(source: str, name: str, at: int) -> int:
    closing = re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE)
    found = closing.search(source, at)
    return len(source) if found is None else found.end()
