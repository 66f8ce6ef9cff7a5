"""A document as a value: what stands on the page, before it is a Word file, a PDF or a preview."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

#: What is still to be filled in stands so in the text.
GAP: Final = re.compile(r"【([^【】]*)】")
#: Begins a paragraph that opens a form on a page of its own; its rest is the heading, rows follow.
NEW_PAGE: Final = "\f"
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs"})  # control, invisible and direction marks, halves of characters


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `title` is that of its kind; `agency` stands above it and signs; `dated` None: not yet."""

    kind: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    agency: str
    dated: date | None
    attachments: tuple[str, ...] = ()
    contact: str = ""

    @property
    def text(self) -> str:
        """All paragraphs, one per line."""
        return "\n".join(paragraph.removeprefix(NEW_PAGE) for paragraph in self.paragraphs)


def as_dict(document: Document) -> dict[str, Any]:
    """As JSON takes it."""
    values = asdict(document)
    dated = document.dated.isoformat() if document.dated else None
    return values | {
        "paragraphs": list(document.paragraphs), "attachments": list(document.attachments), "dated": dated,
    }  # fmt: skip


def document_of(values: Mapping[str, Any]) -> Document:
    """Back from the stored form."""
    known = {f.name: values[f.name] for f in fields(Document) if f.name in values}
    dated = known.get("dated")
    return Document(
        **known | {
            "paragraphs": tuple(known["paragraphs"]), "attachments": tuple(known.get("attachments", ())),
            "dated": date.fromisoformat(dated) if dated else None,
        }
    )  # fmt: skip


def missing(document: Document) -> tuple[str, ...]:
    """What is still to be filled in, in the order of the page, each once; empty: the document may be issued."""
    parts = (document.agency, document.number, document.addressee, *document.paragraphs, *document.attachments,
             document.contact)  # fmt: skip
    found = [name or "未写明的内容" for part in parts for name in GAP.findall(part)]
    if not document.paragraphs:
        found.append("正文")
    if document.dated is None:
        found.append("成文日期")
    return tuple(dict.fromkeys(found))


def clean(text: str) -> str:
    """The letters of a text: tabs are blanks, line ends are one kind; what is invisible or no character is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in lines.replace("\t", " ") if c == "\n" or _is_text(c))


def _is_text(letter: str) -> bool:
    code = ord(letter)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not noncharacter and unicodedata.category(letter) not in _DROPPED
