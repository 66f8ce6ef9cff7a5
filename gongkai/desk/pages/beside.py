"""An original and its copy side by side, and what reviewers are told about the files of a version."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.models import Person
from gongkai.desk.pages import redact_parts as parts
from gongkai.desk.pages.redact import WITH_PAGES, facts, shown_of
from gongkai.disclosure.models import DraftAttachment, Item, Version, VersionAttachment
from gongkai.disclosure.queries.copies import CopyShown, copies_of
from gongkai.files.copies.making import Base
from gongkai.files.queries import read
from gongkai.law.negative_list import ground
from gongkai.scanning.models import FileCopy
from gongkai.scanning.redacting import base_reading


def beside_page(
    item: Item, attached: DraftAttachment | VersionAttachment, *, at: int = 1, sheet: str = "", number: int = 0
) -> dict[str, Any]:
    """Both forms, from page, row or line `at`. `number` is the version's, 0 for the draft."""
    copy = attached.copy
    assert copy is not None
    redaction = copy.redaction
    marks = parts.of_frozen(copy.marks)
    before, _text = shown_of(
        attached, redaction, marks, at, sheet, (_page_url(item, attached, "original", number), None)
    )
    if copy.kind in WITH_PAGES:
        after: dict[str, Any] = parts.pages(redaction.pages, [], at, _page_url(item, attached, "copy", number))
    else:
        reading = base_reading(Base(read(attached.blob), copy.kind))
        after = (
            parts.sheet(reading, [], sheet or before.get("sheet", ""), at)
            if copy.kind == "xlsx"
            else parts.text_lines(reading.text, [], at)
        )
    return {
        "item": item, "attached": attached, "copy": copy, "redaction": redaction, "before": before, "after": after,
        "facts": [*facts(redaction), _("副本第 %(n)d 份") % {"n": copy.number}], "at": at, "sheet": sheet,
        "decisions": decisions(copy), "original_url": original_url(item, attached.order, number),
        "copy_url": _copy_url(item, attached.order, number),
        "pairs": list(zip(before["pages"], after["pages"], strict=True)) if before["form"] == "pages" else [],
    }  # fmt: skip


def _page_url(item: Item, attached: Any, side: str, number: int) -> Any:
    if number:
        return lambda page: reverse("desk:version_page", args=[item.code, number, attached.order, side, page])
    return lambda page: reverse("desk:file_page", args=[item.code, attached.order, side, page])


def original_url(item: Item, order: int, number: int) -> str:
    if number:
        return reverse("desk:version_original", args=[item.code, number, order])
    return reverse("desk:original", args=[item.code, order])


def _copy_url(item: Item, order: int, number: int) -> str:
    return (
        reverse("desk:version_file", args=[item.code, number, order])
        if number
        else reverse("desk:file", args=[item.code, order])
    )


def decisions(copy: FileCopy) -> list[dict[str, Any]]:
    """What was covered on which ground and what was left open for which reason, each with who decided."""
    names = dict(Person.objects.filter(pk__in={m["by"] for m in copy.marks if m["by"]}).values_list("pk", "name"))
    return [
        {
            "number": mark["number"], "title": mark["title"], "state": mark["state"], "covered": mark["state"] == "accepted",
            "shown": mark["shown"] if mark["shown"] != mark["title"] else "",
            # A copy may be older than the decisions: then the ground is only what was proposed.
            "ground": ground(mark["ground"]) if mark["ground"] and mark["state"] == "accepted" else None,
            "reason": mark["reason"],
            "by": names.get(mark["by"], ""), "place": _place(mark["places"]),
        }
        for mark in copy.marks
    ]  # fmt: skip


def _place(places: list[dict[str, Any]]) -> str:
    """Lines cannot be counted without the text: of a plain text only how many places there are."""
    if any("start" in place for place in places):
        return _("%(n)d 处") % {"n": len(places)}
    return parts.where_words(places)


def files_of_review(item: Item, version: Version, *, may_confirm: bool) -> dict[int, dict[str, Any]]:
    """By order: decisions, hidden parts, links and the confirmation of each file that has a copy."""
    return {shown.attached.order: _file(item, version, shown, may_confirm) for shown in copies_of(version)}


def _file(item: Item, version: Version, shown: CopyShown, may_confirm: bool) -> dict[str, Any]:
    copy = shown.attached.copy
    assert copy is not None
    order = shown.attached.order
    confirmed = shown.confirmation
    return {
        "order": order, "title": shown.attached.title, "filename": shown.attached.filename,
        "inline": shown.attached.inline, "number": copy.number, "decisions": decisions(copy),
        "withheld": shown.withheld, "hidden": copy.redaction.hidden, "lost": copy.lost,
        "warnings": copy.redaction.warnings, "needs_look": shown.needs_look, "waiting": shown.waiting,
        "confirmed_by": confirmed.person.name if confirmed else "", "confirmed_at": confirmed.at if confirmed else None,
        "beside_url": reverse("desk:version_beside", args=[item.code, version.number, order]),
        "original_url": original_url(item, order, version.number),
        "confirm_url": reverse("desk:confirm_copy", args=[item.code, order]) if may_confirm and shown.waiting else "",
    }  # fmt: skip
