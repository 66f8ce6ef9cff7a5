"""The redaction desk for a paper of a request, its pages as pictures, and original and copy side by side.

Papers of a request are sealed: what is drawn here is opened for one answer. Only for those who write or sign the reply.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.forms import redact as forms
from gongkai.desk.pages.foi import redact as page
from gongkai.desk.pages.foi.copies import beside_page
from gongkai.desk.pages.foi.rights import acting, handled
from gongkai.desk.pages.foi.signoff import version_on_table
from gongkai.desk.pages.foi.verbs import OFFICER
from gongkai.desk.pages.redact import WITH_PAGES, copy_facts, tally
from gongkai.desk.pages.redact_parts import look, spot_of
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.views.originals import letters_of, picture_of
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.accept_file_mark import accept_file_mark
from gongkai.foi.actions.accept_file_marks import accept_file_marks
from gongkai.foi.actions.confirm_file_copy import confirm_file_copy
from gongkai.foi.actions.mark_file import mark_file
from gongkai.foi.actions.remove_file_mark import remove_file_mark
from gongkai.foi.actions.renew_file_copy import renew_file_copy
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.copies import newest_of, remarks
from gongkai.foi.queries.desk import OF_THE_ORGAN
from gongkai.foi.queries.sealed import base_bytes, file_bytes
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.scanning.queries import progress
from gongkai.scanning.redacting import base_reading

#: Who may hold an original beside its copy.
READERS = (*OF_THE_ORGAN, "section_reviewer")


def _copy_of(case: FoiRequest, pk: int) -> CaseFile:
    """A copy that was made in this case; 404 for anything else."""
    rows = case.files.select_related("request__key", "blob", "base", "original", "copy__redaction")
    return rows.get(pk=pk, copy__isnull=False, original__isnull=False)


def _newest(case: FoiRequest, pk: int) -> CaseFile:
    """The newest copy of the same paper: the desk always shows that one."""
    paper = _copy_of(case, pk)
    assert paper.original is not None
    newest = newest_of(paper.original)
    assert newest is not None
    return paper if newest.pk == pk else _copy_of(case, newest.pk)


def _at_desk(me: Me, number: str, pk: int) -> tuple[FoiRequest, CaseFile, Actor]:
    case, actor = handled(me, number, OFFICER, whole=True)
    return case, _newest(case, pk), actor


@require_safe
@staff
def redact(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """The screen, from the page, row or line that is asked for."""
    case, paper, _actor = _at_desk(me, number, pk)
    try:
        require(may("redact_file", case.state))
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    return _screen(request, me, case, paper)


def _screen(
    request: HttpRequest, me: Me, case: FoiRequest, paper: CaseFile, *, status: int = 200, **typed: Any
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    try:
        context = page.redact_page(
            me, case, paper, at=forms.whole(asked.get("at")), sheet=asked.get("sheet", ""),
            entries_from=forms.whole(asked.get("marks")), typed=typed,
        )  # fmt: skip
    except Refusal as refusal:  # the kept form of the paper could not be read this time
        return refused(request, refusal, "desk:case_reply", case.number)
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")), (case.number, reverse("desk:case", args=[case.number])),
        (_("拟写答复"), reverse("desk:case_reply", args=[case.number])), (_("处理附件"), ""),
    )  # fmt: skip
    return screen(request, me, "desk/redact/desk.html", context, section="foi", status=status)


def _back(request: HttpRequest, number: str, pk: int, fragment: str) -> HttpResponse:
    """To the same page, rows or lines that were on the screen."""
    kept = {name: request.POST[name] for name in ("at", "sheet", "marks") if request.POST.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{reverse('desk:case_redact', args=[number, pk])}{query}#{fragment}")


@require_POST
@staff
def decide_mark(request: HttpRequest, me: Me, number: str, pk: int, mark: int) -> HttpResponse:
    """遮盖 on a ground, or 不遮盖 with the reason. Asked for by the script it answers with the entry alone."""
    case, paper, actor = _at_desk(me, number, pk)
    reason = request.POST.get("reason", "")
    by_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        match request.POST.get("decision", ""):
            case "accept":
                accept_file_mark(
                    number, paper.pk, mark, ground=forms.chosen_ground(request.POST), actor=actor, at=me.at
                )
            case "remove":
                remove_file_mark(number, paper.pk, mark, reason=reason, actor=actor, at=me.at)
            case _:
                raise Refusal(Refused("decision_missing", _("请选择遮盖或者不遮盖。")))
    except Refusal as refusal:
        typed = {"number": mark, "ground": request.POST.get("ground", ""), "reason": reason, "error": words(refusal)}
        if by_script:
            return _entry(request, case, paper, mark, status=422, typed=typed)
        messages.error(request, words(refusal))
        return _screen(request, me, case, paper, status=422, **typed)
    if by_script:
        return _entry(request, case, paper, mark)
    return _back(request, number, paper.pk, f"mark-{mark}")


def _entry(
    request: HttpRequest, case: FoiRequest, paper: CaseFile, number: int, *, status: int = 200,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The entry as it stands now, the counts, and what the foot of the page says."""
    assert paper.copy is not None
    redaction, told = paper.copy.redaction, remarks(paper)
    rows = page.named_marks(redaction.marks.select_related("by").filter(number=number), told)
    if not rows:
        return JsonResponse({"sentence": typed["error"] if typed else ""}, status=404)
    now = progress(redaction, paper.copy)
    value = page.entry(
        case, paper, rows[0], text=_text(paper), typed=typed, at=forms.whole(request.POST.get("at")),
        sheet=request.POST.get("sheet", ""),
    )  # fmt: skip
    foot = {"copy": copy_facts(paper.copy, now) | {"lost": told.lost}, "urls": page.urls_of(case, paper)}
    answer = {
        "entry": render_to_string("desk/redact/_mark.html", {"mark": value}, request),
        "look": look(rows[0].state, rows[0].severity),
        "tally": render_to_string("desk/redact/_tally.html", {"tally": tally(now)}, request),
        "copy": render_to_string("desk/redact/_copy.html", foot, request),
    }
    return JsonResponse(answer, status=status)


def _text(paper: CaseFile) -> str:
    """The text lines are counted in; only of plain texts."""
    base = page.base_of(paper)
    return base_reading(base).text if base.kind in ("txt", "csv") else ""


@require_POST
@staff
def accept_marks(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """全部遮盖: everything that is still undecided."""
    case, paper, actor = _at_desk(me, number, pk)
    try:
        count = accept_file_marks(
            number, paper.pk, otherwise=forms.chosen_ground(request.POST), actor=actor, at=me.at
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return _screen(request, me, case, paper, status=422)
    messages.success(request, _("已决定遮盖 %(n)d 处。请核对后生成副本。") % {"n": count})
    return _back(request, number, paper.pk, "marks")


@require_POST
@staff
def add_mark(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """Places that no rule found: drawn, selected, ticked, or every place of the words that were typed."""
    case, paper, actor = _at_desk(me, number, pk)
    try:
        ground = forms.chosen_ground(request.POST)
        places, origin = forms.chosen_places(request.POST, page.base_of(paper))
        mark_file(number, paper.pk, places, origin=origin, ground=ground, reason="", actor=actor, at=me.at)
    except Refusal as refusal:
        messages.error(request, words(refusal))
        typed = {"adding": words(refusal), "words": request.POST.get("words", ""),
                 "ground": request.POST.get("ground", "")}  # fmt: skip
        return _screen(request, me, case, paper, status=422, **typed)
    messages.success(request, _("已标出 %(n)d 处，生成副本时遮盖。") % {"n": len(places)})
    if "words" in request.POST:  # they may stand on another page than the one that was open
        query, fragment = spot_of(places, _text(paper))
        return redirect(f"{reverse('desk:case_redact', args=[number, paper.pk])}?{query}#{fragment}")
    return _back(request, number, paper.pk, "document")


@require_POST
@staff
def renew_copy(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """生成副本: covered, attacked, and only then put in the place of the former one."""
    case, paper, actor = _at_desk(me, number, pk)
    try:
        made = renew_file_copy(number, paper.pk, actor=actor, at=me.at)
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return _screen(request, me, case, _newest(case, pk), status=422, copy_error=words(refusal))
    assert made.copy is not None
    said = _("已生成第 %(n)d 份副本，系统用几种读取方法核对过，没有找到遮盖和隐藏的内容。选用的附件已换成这一份。")
    messages.success(request, said % {"n": made.copy.number})
    return _back(request, number, made.pk, "copy")


# Looking ---------------------------------------------------------------------------------------------------------


@require_safe
@staff
def picture(request: HttpRequest, me: Me, number: str, pk: int, side: str, page_number: int) -> HttpResponse:
    """One page of the form that is marked or of the copy, as a picture."""
    case, _actor = handled(me, number, READERS, whole=True)
    return picture_of(*_side(_copy_of(case, pk), side, page_number), page_number)


def _side(paper: CaseFile, side: str, page_number: int) -> tuple[bytes, str]:
    """Bytes and kind of the side that is asked for; 404 for what has no such page."""
    assert paper.copy is not None
    redaction = paper.copy.redaction
    kind = {"original": redaction.base_kind, "copy": paper.copy.kind}.get(side, "")
    if kind not in WITH_PAGES or not 1 <= page_number <= len(redaction.pages):
        raise Http404
    return (base_bytes(paper) if side == "original" else file_bytes(paper)), kind


@require_safe
@staff
def lines(request: HttpRequest, me: Me, number: str, pk: int, page_number: int) -> HttpResponse:
    """The lines of one page with the place of every letter, for selecting; none where the page is a picture."""
    case, _actor = handled(me, number, OFFICER, whole=True)
    return letters_of(*_side(_copy_of(case, pk), "original", page_number), page_number)


@require_safe
@staff
def beside(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """Original and copy, for those who write and those who sign."""
    case, _actor = handled(me, number, READERS, whole=True)
    paper = _copy_of(case, pk)
    try:
        context = beside_page(case, paper, at=forms.whole(request.GET.get("at")), sheet=request.GET.get("sheet", ""))
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    back = (_("案卷"), reverse("desk:case", args=[number]))
    if version_on_table(case) is not None:
        back = (_("审签答复"), f"{reverse('desk:case_signoff', args=[number])}#attachments")
    elif may("redact_file", case.state):
        back = (_("处理附件"), reverse("desk:case_redact", args=[number, pk]))
    context["back"] = back
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")), (number, reverse("desk:case", args=[number])), (_("原件和副本"), "")
    )
    return screen(request, me, "desk/redact/beside.html", context, section="foi")


@require_POST
@staff
def confirm_copy(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """确认副本: the confidentiality reviewer held the copy beside the original and found it right."""
    case, _actor = handled(me, number, whole=True)
    case.files.get(pk=pk, copy__isnull=False)  # 404 for a paper of another case
    version = version_on_table(case)
    try:
        if version is None:
            raise Refusal(Refused("not_in_review", _("现在没有审签中的答复，没有确认。")))
        confirm_file_copy(version.pk, pk, actor=acting(me, ("secrecy_reviewer",), case), at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:case_signoff", number)
    return done(request, _("已确认副本与原件相符，可以提供。"), "desk:case_signoff", number)
