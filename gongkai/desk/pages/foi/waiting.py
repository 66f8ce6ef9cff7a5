"""The requests that wait for a person: to be handled, to be read, to be decided, or with a task of the section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages.foi import rows as lines
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.verbs import VERBS
from gongkai.desk.who import Me
from gongkai.foi.models import Extension, Fee, FoiRequest
from gongkai.foi.queries.board import Row, by_due, with_clocks
from gongkai.foi.queries.desk import cases_visible_to, tasks_for
from gongkai.foi.queries.signing import Reading, to_read
from gongkai.law import foi_moves as moves

MOST: Final = 100  # [I] shown on the to-do list; the board has them all
_ROUTES: Final = {verb.verb: verb.route for verb in VERBS}
#: Where the officer acts.
DECIDED: Final = (moves.IN_PROGRESS, moves.IN_REVIEW, moves.SIGNED)
OFFICERS: Final = (moves.REGISTERED, moves.RECEIVED, moves.IN_PROGRESS, moves.SIGNED)


@dataclass(frozen=True)
class Waiting:
    """One request with what this person would do with it; `verb` as the button says it."""

    row: Row
    step: str
    verb: str
    url: str

    @property
    def case(self) -> FoiRequest:
        return self.row.case

    @property
    def title(self) -> str:
        return title(self.case)

    @property
    def facts(self) -> list[str]:
        return [_("依申请公开"), self.case.number, lines.ARTICLES.get(self.case.state, _("第三十三条"))]

    def due(self) -> tuple[date | None, str]:
        return lines.due_of(self.row)

    @property
    def left(self) -> str:
        return lines.left(self.row.clock, self.case)


def waiting(me: Me) -> list[Waiting]:
    """By statutory day, at most so many; a reply to read goes before the rest of the same request."""
    reads = to_read(me.held, me.person.pk)
    tasks = {task.request_id: task.pk for task in tasks_for(me.held).select_related(None)}
    decides = _decides(me)
    wanted = Q(pk__in=[*reads, *tasks, *decides])
    organs = {actor.organ_id for actor in me.held if actor.role == "foi_officer"}
    if organs:
        lapsed = Q(state__in=sorted(moves.WAITING), waiting_until__lt=me.today)
        wanted |= Q(organ_id__in=organs) & (Q(state__in=OFFICERS) | lapsed)
    elif not (reads or tasks or decides):
        return []
    found = _read(cases_visible_to(me.held).filter(wanted))[:MOST]
    return [_one(row, reads, tasks, decides) for row in with_clocks(found, me.today)]


def _read(rows: QuerySet[FoiRequest]) -> QuerySet[FoiRequest]:
    related = ("organ", "section", "key", "applicant__key")
    return by_due(rows).select_related(*related).prefetch_related("steps")


def _decides(me: Me) -> dict[int, str]:
    """Request → the verb of a proposal that waits for the head, never their own."""
    organs = {actor.organ_id for actor in me.held if actor.role == "foi_head"}
    if not organs:
        return {}
    made: dict[int, str] = {}
    for proposals, verb in ((Fee.objects, "approve_fee"), (Extension.objects, "approve_extension")):
        open_ones = proposals.filter(decision="", request__organ_id__in=organs, request__state__in=DECIDED)
        made |= dict.fromkeys(open_ones.exclude(proposed_by=me.person.pk).values_list("request", flat=True), verb)
    return made


def _one(row: Row, reads: dict[int, Reading], tasks: dict[int, int], decides: dict[int, str]) -> Waiting:
    case = row.case
    number = case.number
    if case.pk in reads:
        return Waiting(row, reads[case.pk].step, _("审核"), _screen("sign_reply", number))
    if case.pk in decides:
        verb = decides[case.pk]
        return Waiting(row, str(moves.MOVES[verb].title), _("决定"), _screen(verb, number))
    if case.pk in tasks:
        return Waiting(row, _("科室事项"), _("办结"), reverse("desk:case_task", args=[number, tasks[case.pk]]))
    here = reverse("desk:case", args=[number])
    lapsed = case.state in moves.WAITING
    verbs = {moves.REGISTERED: _("确认"), moves.RECEIVED: _("受理"), moves.SIGNED: _("送达")}
    verb = _("办结") if lapsed else verbs.get(case.state, _("办理"))
    return Waiting(row, _("申请人逾期") if lapsed else moves.STATES[case.state], verb, here)


def _screen(verb: str, number: str) -> str:
    return reverse(f"desk:{_ROUTES[verb]}", args=[number])
