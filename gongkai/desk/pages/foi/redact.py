"""The redaction desk for a paper of a request: the same screen as for an item's attachment, over sealed bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages import redact_parts as parts
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.pages.redact import ENTRIES_AT_ONCE, WITH_PAGES, copy_facts, facts, tally
from gongkai.desk.who import Me
from gongkai.files.copies.making import Base
from gongkai.files.reading import Reading
from gongkai.foi.copying import Remarks, named
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.copies import remarks
from gongkai.foi.queries.sealed import base_bytes, file_name
from gongkai.law.negative_list import GROUNDS, ground
from gongkai.scanning.actions.redact import stays_covered
from gongkai.scanning.models import FileCopy, RedactionMark
from gongkai.scanning.queries import progress
from gongkai.scanning.redacting import base_reading


def urls_of(case: FoiRequest, paper: CaseFile) -> dict[str, str]:
    """Where the forms of the screen lead."""
    place = [case.number, paper.pk]
    return {
        "desk": reverse("desk:case_redact", args=place), "accept_all": reverse("desk:case_accept_marks", args=place),
        "add": reverse("desk:case_add_mark", args=place), "renew": reverse("desk:case_renew_copy", args=place),
        "beside": reverse("desk:case_beside", args=place),
        "original": reverse("desk:case_file", args=[case.number, paper.original_id]),
        "copy": reverse("desk:case_file", args=place),
        "back": f"{reverse('desk:case_reply', args=[case.number])}#attachments",
        "back_text": _("回到拟写答复"),
    }  # fmt: skip


def redact_page(
    me: Me, case: FoiRequest, paper: CaseFile, *, at: int = 1, sheet: str = "", entries_from: int = 1,
    typed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The values of templates/desk/redact/desk.html. `paper` is the newest copy."""
    copy = paper.copy
    assert copy is not None
    redaction, told = copy.redaction, remarks(paper)
    rows = named_marks(redaction.marks.select_related("by").order_by("number"), told)
    now = progress(redaction, copy)
    shown, text = shown_of(case, paper, parts.of_rows(rows), at, sheet)
    begin = min(max(entries_from, 1), max(len(rows), 1)) - 1
    begin -= begin % ENTRIES_AT_ONCE
    back = reverse("desk:case", args=[case.number])
    return {
        "heading": _("处理附件"),  # the name of a paper may tell who asked: never in a title
        "case": case,
        "urls": urls_of(case, paper),
        "clock": clock_box(clock_of(case, me.today), url=back, url_text=_("案卷和计算过程")),
        "at": at,
        "sheet": sheet,
        "typed": typed or {},
        "facts": [case.number, file_name(paper), *facts(redaction)],
        "shown": shown,
        "entries": [
            entry(case, paper, mark, text=text, typed=typed, at=at, sheet=sheet)
            for mark in rows[begin : begin + ENTRIES_AT_ONCE]
        ],
        "more_entries": _more(len(rows), begin),
        "tally": tally(now),
        "found": sum(mark.origin == "found" for mark in rows),
        "to_choose": sum(mark.state == "proposed" and not mark.ground for mark in rows),
        "hidden": redaction.hidden,
        "warnings": told.warnings,
        "grounds": GROUNDS,
        "copy": copy_facts(copy, now) | {"lost": told.lost},
        "rule": {
            "lead": _("能区分处理的，把可以公开的部分提供给申请人。"),
            "text": _("遮盖的内容在副本里不再存在，逐项写进答复书；原件留在案卷，不对外提供。"),
            "articles": _("《政府信息公开条例》第三十七条"),
        },
        "jumps": [
            {"id": "document", "title": _("原件")},
            {"id": "marks", "title": _("标记 %(n)d") % {"n": len(rows)}},
            {"id": "hidden", "title": _("隐藏内容 %(n)d") % {"n": now.hidden}},
            {"id": "copy", "title": _("副本")},
        ],
    }


def _more(count: int, begin: int) -> list[dict[str, Any]]:
    if count <= ENTRIES_AT_ONCE:
        return []
    return [
        {"first": first + 1, "last": min(first + ENTRIES_AT_ONCE, count), "current": first == begin}
        for first in range(0, count, ENTRIES_AT_ONCE)
    ]


def named_marks(rows: Any, told: Remarks) -> list[RedactionMark]:
    """Marks with the sheets by their name, as the file has them; never saved."""
    marks = list(rows)
    for mark in marks:
        mark.places = named(mark.places, told.sheets)
    return marks


def frozen_marks(copy: FileCopy, told: Remarks) -> list[dict[str, Any]]:
    """The same of the marks a copy keeps."""
    return [mark | {"places": named(mark["places"], told.sheets)} for mark in copy.marks]


def base_of(paper: CaseFile) -> Base:
    """The form that is marked."""
    assert paper.copy is not None
    return Base(base_bytes(paper), paper.copy.redaction.base_kind)


def shown_of(
    case: FoiRequest, paper: CaseFile, marks: Sequence[parts.Marked], at: int, sheet: str, *, lines: bool = True
) -> tuple[dict[str, Any], str]:
    """What is marked on, as pages, cells or lines; and the text where lines are counted in it."""
    assert paper.copy is not None
    redaction = paper.copy.redaction
    if redaction.base_kind in WITH_PAGES:
        with_lines = lines and redaction.base_kind == "pdf"
        return parts.pages(
            redaction.pages, marks, at, lambda page: page_url(case, paper, "original", page),
            (lambda page: reverse("desk:case_lines", args=[case.number, paper.pk, page])) if with_lines else None,
        ), ""  # fmt: skip
    return cells_or_lines(base_reading(base_of(paper)), redaction.base_kind, marks, at, sheet)


def cells_or_lines(
    reading: Reading, kind: str, marks: Sequence[parts.Marked], at: int, sheet: str
) -> tuple[dict[str, Any], str]:
    if kind == "xlsx":
        return parts.sheet(reading, marks, sheet, at), ""
    return parts.text_lines(reading.text, marks, at), reading.text


def page_url(case: FoiRequest, paper: CaseFile, side: str, page: int) -> str:
    return reverse("desk:case_page", args=[case.number, paper.pk, side, page])


def entry(
    case: FoiRequest, paper: CaseFile, mark: RedactionMark, *, text: str = "", typed: Mapping[str, Any] | None = None,
    at: int = 1, sheet: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The value of desk/redact/_mark.html; `mark` with the sheets by their name."""
    kept = typed if typed and typed.get("number") == mark.number else {}
    query, fragment = parts.spot_of(mark.places, text)
    chosen = kept.get("ground") or mark.ground
    return {
        "number": mark.number, "title": mark.title, "shown": "",
        "look": parts.look(mark.state, mark.severity), "state": mark.state,
        "blocked": stays_covered(mark, to_one=True),
        "place": parts.where_words(mark.places, text), "article": mark.article, "origin": mark.origin,
        "ground": ground(mark.ground) if mark.ground else None, "reason": mark.reason,
        "by": mark.by.name if mark.by else "", "decided_at": mark.at, "at": at, "sheet": sheet,
        "spot": f"{reverse('desk:case_redact', args=[case.number, paper.pk])}?{query}#{fragment}", "fragment": fragment,
        "grounds": [{"code": g.code, "title": g.title, "chosen": g.code == chosen} for g in GROUNDS],
        "typed": kept.get("reason", "") or ("" if mark.origin == "found" else _("标错了，不需要遮盖。")),
        "error": kept.get("error", ""),
        "url": reverse("desk:case_decide_mark", args=[case.number, paper.pk, mark.number]),
    }  # fmt: skip
