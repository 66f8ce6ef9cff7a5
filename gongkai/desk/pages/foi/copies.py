"""The copies a reply hands out, as those see them who sign it; and one of them beside its original."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.models import Person
from gongkai.desk.pages import redact_parts as parts
from gongkai.desk.pages.foi.redact import cells_or_lines, frozen_marks, page_url, shown_of
from gongkai.desk.pages.redact import WITH_PAGES, facts
from gongkai.files.copies.making import Base
from gongkai.foi.copying import Remarks
from gongkai.foi.models import CaseFile, FoiRequest, ReplyVersion
from gongkai.foi.queries.copies import CopyShown, copies_of, remarks
from gongkai.foi.queries.sealed import file_bytes, file_name, version_content
from gongkai.law.negative_list import ground
from gongkai.scanning.models import FileCopy
from gongkai.scanning.redacting import base_reading


def copies_of_review(case: FoiRequest, version: ReplyVersion, *, may_confirm: bool) -> dict[int, dict[str, Any]]:
    """By paper: decisions, hidden parts, links and the confirmation of each attachment that is a copy."""
    shown = copies_of(case, version_content(version).files)
    return {one.paper.pk: _file(case, one, may_confirm) for one in shown}


def _file(case: FoiRequest, shown: CopyShown, may_confirm: bool) -> dict[str, Any]:
    paper, told, confirmed = shown.paper, remarks(shown.paper), shown.confirmation
    own = paper.original_id is not None
    return {
        "number": shown.copy.number, "decisions": decisions(shown.copy, told), "withheld": shown.withheld,
        "hidden": shown.copy.redaction.hidden, "lost": shown.lost, "warnings": told.warnings,
        "needs_look": shown.needs_look, "waiting": shown.waiting,
        "confirmed_by": confirmed.person.name if confirmed else "", "confirmed_at": confirmed.at if confirmed else None,
        "beside_url": reverse("desk:case_beside", args=[case.number, paper.pk]) if own else "",
        "original_url": reverse("desk:case_file", args=[case.number, paper.original_id]) if own else "",
        "confirm_url": reverse("desk:case_confirm_copy", args=[case.number, paper.pk])
        if may_confirm and shown.waiting else "",
    }  # fmt: skip


def decisions(copy: FileCopy, told: Remarks) -> list[dict[str, Any]]:
    """What was covered on which ground and what was left open for which reason, each with who decided."""
    names = dict(Person.objects.filter(pk__in={m["by"] for m in copy.marks if m["by"]}).values_list("pk", "name"))
    return [
        {
            "number": mark["number"], "title": mark["title"], "covered": mark["state"] == "accepted", "shown": "",
            "ground": ground(mark["ground"]) if mark["ground"] else None, "reason": mark["reason"],
            "by": names.get(mark["by"], ""), "place": _place(mark["places"]),
        }
        for mark in frozen_marks(copy, told)
    ]  # fmt: skip


def _place(places: list[dict[str, Any]]) -> str:
    """Lines cannot be counted without the text: of a plain text only how many places there are."""
    if any("start" in place for place in places):
        return _("%(n)d 处") % {"n": len(places)}
    return parts.where_words(places)


def beside_page(case: FoiRequest, paper: CaseFile, *, at: int = 1, sheet: str = "") -> dict[str, Any]:
    """The values of templates/desk/redact/beside.html: both forms, from page, row or line `at`."""
    copy = paper.copy
    assert copy is not None
    redaction, told = copy.redaction, remarks(paper)
    before, _text = shown_of(case, paper, parts.of_frozen(frozen_marks(copy, told)), at, sheet, lines=False)
    if copy.kind in WITH_PAGES:
        after = parts.pages(redaction.pages, [], at, lambda page: page_url(case, paper, "copy", page))
    else:
        reading = base_reading(Base(file_bytes(paper), copy.kind))
        after, _text = cells_or_lines(reading, copy.kind, [], at, sheet or before.get("sheet", ""))
    return {
        "case": case,
        "attached": {"title": case.number},  # the name of a paper may tell who asked: never in a title
        "copy": {"lost": told.lost, "number": copy.number},
        "redaction": redaction,
        "before": before,
        "after": after,
        "facts": [file_name(paper), *facts(redaction), _("副本第 %(n)d 份") % {"n": copy.number}],
        "at": at,
        "sheet": sheet,
        "decisions": decisions(copy, told),
        "original_url": reverse("desk:case_file", args=[case.number, paper.original_id]),
        "copy_url": reverse("desk:case_file", args=[case.number, paper.pk]),
        "pairs": list(zip(before["pages"], after["pages"], strict=True)) if before["form"] == "pages" else [],
    }
