"""The parts of a page, the same for Word, PDF and preview."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gongkai.foi.documents.document import NEW_PAGE, Document, clean
from gongkai.foi.documents.kinds import KINDS
from gongkai.law.explain import day_in_words

#: A date such as 2026年10月29日, in characters of full width.
DATE_WIDTH: Final = 7
NO_DATE: Final = "　　　　年　　月　　日"
_HEADING: Final = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^。；：！？]{1,26}")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a page of its own: label and content of each row."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What to draw, in order. A letter has paragraphs, a form or a list has rows (a list: its heads first)."""

    layout: str
    agency: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    rows: tuple[Row, ...]
    attachments: tuple[str, ...]
    dated: str
    contact: str
    forms: tuple[Form, ...]


def laid_out(document: Document) -> Page:
    """Texts cleaned once more: a stored document may be older than the rules it is drawn by."""
    layout = KINDS[document.kind].layout if document.kind in KINDS else "letter"
    main, forms = _parted(document.paragraphs)
    return Page(
        layout=layout,
        agency=_line(document.agency),
        title=_line(document.title),
        number=_line(document.number),
        addressee=_line(document.addressee),
        paragraphs=tuple(_line(p) for p in main) if layout == "letter" else (),
        rows=tuple(_row(p, layout) for p in main) if layout != "letter" else (),
        attachments=tuple(_line(name) for name in document.attachments) if layout == "letter" else (),
        dated=day_in_words(document.dated) if document.dated else NO_DATE,
        contact=_line(document.contact).replace(" ", "\u00a0"),  # a telephone number stays in one line
        forms=forms,
    )


def is_heading(paragraph: str) -> bool:
    """“一、予以公开的部分”: numbered and no sentence."""
    return _HEADING.fullmatch(paragraph) is not None


def listed(attachments: tuple[str, ...]) -> tuple[str, ...]:
    """“1. 甲”, “2. 乙”; a single one bears no number."""
    return attachments if len(attachments) < 2 else tuple(f"{n}. {name}" for n, name in enumerate(attachments, 1))


def _parted(paragraphs: tuple[str, ...]) -> tuple[list[str], tuple[Form, ...]]:
    main: list[str] = []
    forms: list[tuple[str, list[Row]]] = []
    for paragraph in paragraphs:
        if paragraph.startswith(NEW_PAGE):
            forms.append((_line(paragraph.removeprefix(NEW_PAGE)), []))
        elif forms:
            forms[-1][1].append(_row(paragraph, "form"))
        else:
            main.append(paragraph)
    return main, tuple(Form(heading, tuple(rows)) for heading, rows in forms)


def _row(paragraph: str, layout: str) -> Row:
    if layout == "list":
        return tuple(_line(cell) for cell in paragraph.split("\t"))
    label, _, content = paragraph.partition("：")
    return _line(label), _line(content)


def _line(text: str) -> str:
    return clean(text).replace("\n", " ").strip(" ")
