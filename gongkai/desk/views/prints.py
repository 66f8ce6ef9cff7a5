"""Printed copies of handbooks: written down, out of date, dealt with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.queries import pick
from gongkai.channels.actions.handbooks import CHOOSERS
from gongkai.channels.actions.print_runs import record_print, settle_prints
from gongkai.channels.handbooks.queries import handbooks_for, outdated, runs_of
from gongkai.channels.models import Handbook, PrintRun
from gongkai.channels.models.handbooks import AMENDED, ENDINGS
from gongkai.desk.forms.papers import PrintEndingForm, PrintForm
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.law.verdicts import Refusal

FIELD_OF = {
    "copies_wrong": "copies", "place_missing": "place", "in_the_future": "on", "before_print": "on",
    "reason_missing": "reason", "must_come_back": "verb",
}  # fmt: skip


def runs_shown(handbook: Handbook, me: Me) -> list[dict[str, Any]]:
    """Every print of a handbook with what became of it."""
    late = {row.run.pk: row for row in outdated([handbook.organ_id], on=me.today)}
    rows = []
    for run in runs_of(handbook):
        endings = list(run.endings.all())
        closed = any(ending.verb != AMENDED for ending in endings)
        rows.append(
            {
                "run": run,
                "changes": late[run.pk].changes if run.pk in late else (),
                "endings": [{"row": ending, "word": ENDINGS[ending.verb]} for ending in endings],
                "closed": closed,
            }
        )
    return rows


def _acting(me: Me, organ_id: int) -> Any:
    found = (pick(me.held, role=role, organ_id=organ_id) for role in CHOOSERS)
    return next((actor for actor in found if actor is not None), me.held[0])


@require_http_methods(["GET", "POST"])
@staff
def record_run(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Copies that were printed and handed out."""
    handbook = handbooks_for(visible_organs(me.held)).get(pk=number)
    editions = list(handbook.editions.exclude(blob=None).order_by("-number")[:20])
    form = PrintForm(request.POST or None, editions=editions, initial={"on": me.today})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            record_print(
                told["edition"].pk, told["copies"], told["place"], on=told["on"], actor=_acting(me, handbook.organ_id),
                at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        else:
            return done(request, _("已登记。其中的信息有变化时，会列入过时的印刷件。"), "desk:handbook", number)
    path = [(_("便民手册"), reverse("desk:handbooks")), (handbook.title, reverse("desk:handbook", args=[number]))]
    context = {
        "form": form, "title": _("登记印发"), "verb": _("登记"), "crumbs": crumbs(*path, (_("登记印发"), "")),
    }  # fmt: skip
    return screen(request, me, "desk/form.html", context, section="handbooks", status=422 if form.errors else 200)


@require_safe
@staff
def outdated_prints(request: HttpRequest, me: Me) -> HttpResponse:
    """Printed copies with a text that has changed or was taken down since."""
    rows = outdated(visible_organs(me.held), on=me.today)
    context = {
        "rows": rows,
        "crumbs": crumbs((_("便民手册"), reverse("desk:handbooks")), (_("过时的印刷件"), "")),
    }
    return screen(request, me, "desk/papers/outdated.html", context, section="handbooks")


@require_http_methods(["GET", "POST"])
@staff
def settle_run(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """What was done about copies that are out of date."""
    handbooks = handbooks_for(visible_organs(me.held))
    run = PrintRun.objects.select_related("edition__handbook").get(pk=number, edition__handbook__in=handbooks)
    row = next((r for r in outdated([run.edition.handbook.organ_id], on=me.today) if r.run.pk == run.pk), None)
    form = PrintEndingForm(
        request.POST or None, initial={"on": me.today}, must_come_back=row is not None and row.must_come_back
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            settle_prints(
                run.pk, told["verb"], reason=told["reason"], on=told["on"],
                actor=_acting(me, run.edition.handbook.organ_id), at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        else:
            return done(request, _("已登记：%(w)s。") % {"w": ENDINGS[told["verb"]]}, "desk:outdated_prints")
    path = [(_("便民手册"), reverse("desk:handbooks")), (_("过时的印刷件"), reverse("desk:outdated_prints"))]
    context = {"form": form, "run": run, "row": row, "crumbs": crumbs(*path, (_("处理印刷件"), ""))}
    return screen(
        request, me, "desk/papers/settle.html", context, section="handbooks", status=422 if form.errors else 200
    )
