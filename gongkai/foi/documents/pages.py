"""A document as HTML: the preview on screens, and what is printed. Classes only, no inline style, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.foi.documents.document import GAP, Document, clean
from gongkai.foi.documents.layout import DATE_WIDTH, Form, Page, Row, is_heading, laid_out, listed


def to_html(document: Document, *, changed: Collection[int] = ()) -> SafeString:
    """The page; what is missing is marked. `changed`: indexes of paragraphs to be shown as just written."""
    page = laid_out(document)
    main = _letter(page, changed) if page.layout == "letter" else _table(page)
    forms = format_html_join("", "{}", ((_form(form),) for form in page.forms))
    return format_html('<article class="official official-as-{}" lang="zh-CN">{}{}</article>', page.layout, main, forms)


#: Letters up to which a cell is kept in one line.
SHORT: Final = 8
#: A day, with or without its time.
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
#: A number such as YX-JS-2026-00058, which must not be broken at its hyphens.
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,16}(?:-[A-Za-z0-9]{1,16}){1,5}")


def record_html(title: str, rows: Sequence[Row], *, heads: Row = ()) -> SafeString:
    """A page of a file: a title, and labels with contents, or a table below `heads`. Line ends in a cell stay."""
    if not heads:
        body = format_html_join(
            "", '<tr><th scope="row">{}</th><td>{}</td></tr>', ((_told(label), _told(text)) for label, text in rows)
        )
        table = format_html('<table class="official-form"><tbody>{}</tbody></table>', body)
    else:
        top = format_html_join("", '<th scope="col">{}</th>', ((_told(head),) for head in heads))
        body = format_html_join(
            "", "<tr>{}</tr>",
            ((format_html_join("", "<td>{}</td>", ((_cell(cell),) for cell in row)),) for row in rows),
        )  # fmt: skip
        table = format_html(
            '<table class="official-list"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', top, body
        )
    return format_html(
        '<article class="official official-as-record" lang="zh-CN"><header><p class="official-title">{}</p></header>'
        "{}</article>",
        _told(title), table,
    )  # fmt: skip


def _cell(text: str) -> SafeString:
    """A name, a number, a state: what is short stays in one line."""
    told = _told(text)
    return told if len(text) > SHORT else format_html('<span class="official-code">{}</span>', told)


def _told(text: str) -> SafeString:
    """Somebody's words as they stand: no mark in them is ours."""
    lines = (_DAY.sub(r'<span class="official-code">\g<0></span>', escape(line)) for line in clean(text).split("\n"))
    return mark_safe("<br>".join(lines))  # noqa: S308 escaped just here


def marked(text: str) -> SafeString:
    """The text as text, each 【…】 marked, numbers kept in one line."""
    told = GAP.sub(r'<mark class="official-gap">【\1】</mark>', escape(text))
    parts = re.split(r"(<mark.*?</mark>)", told)
    parts[::2] = [_CODE.sub(r'<span class="official-code">\g<0></span>', part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 escaped just here


def _head(page: Page) -> SafeString:
    agency = format_html('<p class="official-agency">{}</p>', marked(page.agency))
    number = format_html('<p class="official-number">{}</p>', marked(page.number)) if page.number else ""
    return format_html('<header>{}<p class="official-title">{}</p>{}</header>', agency, marked(page.title), number)


def _letter(page: Page, changed: Collection[int]) -> SafeString:
    paragraphs = format_html_join(
        "", '<p class="{}">{}</p>',
        ((_classes(text, n in changed), marked(text)) for n, text in enumerate(page.paragraphs)),
    )  # fmt: skip
    return format_html(
        '{}<p class="official-to">{}：</p><div class="official-body">{}</div>{}<div class="official-end">{}{}</div>',
        _head(page), marked(page.addressee), paragraphs, _attachments(page.attachments), _signature(page),
        format_html('<p class="official-contact">（{}）</p>', marked(page.contact)) if page.contact else "",
    )  # fmt: skip


def _classes(text: str, changed: bool) -> str:
    return "official-heading" * is_heading(text) + " official-changed" * changed


def _attachments(names: tuple[str, ...]) -> SafeString:
    if not names:
        return mark_safe("")
    items = format_html_join("", "<li>{}</li>", ((marked(name),) for name in listed(names)))
    return format_html('<div class="official-attachments"><p>附件：</p><ul>{}</ul></div>', items)


def _signature(page: Page) -> SafeString:
    """Four characters from the right; nearer where the name is longer than the date it is centred upon."""
    wide = " official-sign-wide" if len(page.agency) > DATE_WIDTH else ""
    return format_html(
        '<div class="official-sign{}"><p>{}</p><p class="official-date">{}</p></div>',
        wide, marked(page.agency), page.dated,
    )  # fmt: skip


def _table(page: Page) -> SafeString:
    if page.layout == "form":
        end = format_html('<div class="official-end">{}</div>', _signature(page))
        return format_html("{}{}{}", _head(page), _rows(page.rows), end)
    heads, rows = page.rows[0], page.rows[1:]
    top = format_html_join("", '<th scope="col">{}</th>', ((marked(cell),) for cell in heads))
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    return format_html(
        '{}<table class="official-list"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', _head(page), top, body
    )


def _cells(row: Iterable[str]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((marked(cell),) for cell in row))


def _form(form: Form) -> SafeString:
    return format_html(
        '<section class="official-slip"><p class="official-title">{}</p>{}</section>',
        marked(form.heading), _rows(form.rows),
    )  # fmt: skip


def _rows(rows: tuple[Row, ...]) -> SafeString:
    body = format_html_join(
        "", '<tr><th scope="row">{}</th><td>{}</td></tr>', ((marked(label), marked(told)) for label, told in rows)
    )
    return format_html('<table class="official-form"><tbody>{}</tbody></table>', body)
