"""Batches of near-same requests: one screen for each step, a piece of the members at each press, progress shown."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.desk.forms.foi.batches import NewBatchForm
from gongkai.desk.pages.foi.batches import (
    OFFICER,
    PIECE,
    STEPS,
    Tally,
    actor_of,
    batch_page,
    batches_page,
    read_page,
    reader_of,
    step_page,
)
from gongkai.desk.pages.foi.matter import matter
from gongkai.desk.pages.foi.rights import HANDLERS, handled
from gongkai.desk.screens import Crumb, crumbs, done, screen, words
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.batch_make import batch_make
from gongkai.foi.actions.batch_opine import batch_opine
from gongkai.foi.actions.batch_pieces import Piece
from gongkai.foi.models import Batch
from gongkai.foi.queries.batches import batch_for, like_lead, progress
from gongkai.law.review import APPROVE, RETURN
from gongkai.law.verdicts import Refusal, Refused

SHOWN = 200  # numbers listed before a batch is made


def _trail(*rows: tuple[str, str]) -> list[Crumb]:
    above = ((_("依申请公开"), reverse("desk:cases")), (_("批量办理"), reverse("desk:case_batches")))
    return crumbs(*(above if rows else above[:1]), *(rows or ((_("批量办理"), ""),)))


@require_safe
@staff
def batches(request: HttpRequest, me: Me) -> HttpResponse:
    """Batches of one's organ, and groups that could become one."""
    if not me.has(*HANDLERS):
        raise Http404
    return screen(request, me, "desk/foi/batches.html", batches_page(me) | {"crumbs": _trail()}, section="foi")


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """The requests like one request become a batch, or join the one it leads."""
    form = NewBatchForm(request.POST or request.GET or None)
    if not form.is_valid():
        raise ObjectDoesNotExist("no leading request was named")
    lead, actor = handled(me, form.cleaned_data["lead"], (OFFICER,))
    numbers = [number for number in like_lead(lead) if number not in form.cleaned_data["left_out"]]
    if request.method == "POST":
        try:
            made = batch_make(lead.number, numbers, actor=actor, at=me.at)
        except Refusal as refusal:
            messages.error(request, words(refusal))
            return redirect("desk:case_batches")
        for out in made.refused[:20]:
            messages.warning(request, f"{out.number}：{out.sentence}")
        return done(request, _("已归入 %(n)d 件。") % {"n": made.joined}, "desk:case_batch", made.batch.pk)
    context = {
        "form": form,
        "lead": lead,
        "matter": matter(lead),
        "count": len(numbers),
        "numbers": numbers[:SHOWN],
        "crumbs": _trail((_("归为一批"), "")),
    }
    return screen(request, me, "desk/foi/batch_new.html", context, section="foi")


@require_safe
@staff
def batch(request: HttpRequest, me: Me, batch_id: int) -> HttpResponse:
    """Where its members stand."""
    found = batch_for(batch_id, me.held)
    more = [n for n in like_lead(found.lead) if n != found.lead.number] if actor_of(me, found, (OFFICER,)) else []
    context = batch_page(me, found) | {"more": len(more), "crumbs": _trail((found.lead.number, ""))}
    return screen(request, me, "desk/foi/batch.html", context, section="foi")


@require_http_methods(["GET", "POST"])
@staff
def step(request: HttpRequest, me: Me, batch_id: int, code: str) -> HttpResponse:
    """One verb: what it does, then a piece at a time until all members were seen."""
    found = batch_for(batch_id, me.held)
    if code not in STEPS:
        raise ObjectDoesNotExist(code)
    what, tally, left, problem = STEPS[code], Tally(), found.members.count(), ""
    if request.method == "POST":
        tally = Tally.read(request.POST.get("tally", ""))
        try:
            piece = what.act(
                found.pk, actor=actor_of(me, found, what.roles) or me.held[0], at=me.at, after=tally.after, limit=PIECE
            )
        except Refusal as refusal:
            problem = words(refusal)
        else:
            tally, left = tally.plus(piece), piece.left
    context = step_page(me, found, what, tally, left) | {
        "problem": problem,
        "crumbs": _trail((found.lead.number, reverse("desk:case_batch", args=[found.pk])), (str(what.title), "")),
    }
    return screen(request, me, "desk/foi/batch_step.html", context, section="foi", status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@staff
def read(request: HttpRequest, me: Me, batch_id: int, order: int) -> HttpResponse:
    """The common text once and what differs; one opinion for all that wait at the step."""
    found = batch_for(batch_id, me.held)
    tally, left, problem, status = Tally(), 0, "", 200
    typed = {name: request.POST.get(name, "") for name in ("reason", "verdict", "digest")}
    if request.method == "POST":
        tally = Tally.read(request.POST.get("tally", ""))
        try:
            piece = _opine(me, found, order, request, tally)
        except Refusal as refusal:
            problem, status = words(refusal), 409
        else:
            tally, left = tally.plus(piece), piece.left
            if not left:
                return _all_read(request, found, tally)
    context = read_page(me, found, order, tally, left, request.GET.dict(), typed) | {
        "problem": problem,
        "crumbs": _trail((found.lead.number, reverse("desk:case_batch", args=[found.pk])), (_("审签"), "")),
    }
    return screen(request, me, "desk/foi/batch_read.html", context, section="foi", status=status)


def _opine(me: Me, found: Batch, order: int, request: HttpRequest, tally: Tally) -> Piece:
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    if verdict not in (APPROVE, RETURN):
        raise Refusal(Refused("verdict_missing", _("请选择通过或者退回。")))
    if verdict == RETURN and not reason.strip():
        raise Refusal(Refused("reason_missing", _("退回必须写明理由，经办人会看到。")))
    waiting = next((w for w in progress(found).steps if w.order == order), None)
    actor = reader_of(me, found, waiting) if waiting is not None else None
    return batch_opine(
        found.pk, order, verdict, read_digest=request.POST.get("digest", ""), actor=actor or me.held[0], at=me.at,
        reason=reason, return_to=0 if verdict == RETURN else None, after=tally.after, limit=PIECE,
    )  # fmt: skip


def _all_read(request: HttpRequest, found: Batch, tally: Tally) -> HttpResponse:
    """What became of it, and who stayed out with the reason."""
    for number, sentence in tally.refused[:20]:
        messages.warning(request, f"{number}：{sentence}")
    if len(tally.refused) > 20:
        messages.warning(request, _("另有 %(n)d 件没有办理，请看各件的案卷。") % {"n": len(tally.refused) - 20})
    said = _("意见已保存 %(done)d 件，没有办理 %(out)d 件。") % {"done": tally.done, "out": len(tally.refused)}
    return done(request, said, "desk:case_batch", found.pk)
