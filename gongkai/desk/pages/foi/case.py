"""The page of one request: what now and by whom, the clock with its reasons, what may be done, everything in the file."""

from __future__ import annotations

from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.desk.pages.foi.board import CHANNEL_WORDS
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.papers import file_rows, paper_rows
from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.rows import whose
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.pages.foi.tasks import tasks_of
from gongkai.desk.pages.foi.verbs import PRIMARY, VERBS, Verb
from gongkai.desk.pages.timeline import timeline
from gongkai.desk.who import Me
from gongkai.foi.actions.reveal import ROLES as REVEALERS
from gongkai.foi.models import FoiRequest
from gongkai.foi.models.acts import CONSULTED, POSITIONS
from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.models.outcomes import REMEDY_RESULTS
from gongkai.foi.particulars import COLUMNS, masked
from gongkai.foi.queries.clock import calendar_for, clock_of
from gongkai.foi.queries.same import near_same, same_applicant
from gongkai.foi.queries.sealed import json_of, particulars, text_of, wish
from gongkai.foi.queries.signing import readings
from gongkai.law import foi_moves as moves
from gongkai.law.articles import cite
from gongkai.law.reply_clock import Clock
from gongkai.law.reply_clock.acts import CONSULTATION_WORKING_DAYS
from gongkai.law.report_form import LITIGATION_ROWS
from gongkai.law.roles import role
from gongkai.law.verdicts import Allowed
from gongkai.ledger.queries import timeline as facts_of
from gongkai.web.wording import full_date

#: [I] from how many different applicants on a matter is suggested for publication (条例44)
MANY: Final = 3
SHOWN: Final = 5  # same and near-same requests on the page
#: State → what comes next, in words.
NEXT: Final = {
    moves.REGISTERED: lazy("与申请人确认收到申请的日期，期限从确认之日起算。"),
    moves.RECEIVED: lazy("受理并确定承办科室；内容不明确的，收到之日起7个工作日内告知补正。"),
    moves.IN_PROGRESS: lazy("检索、审查，需要时征求意见，拟写答复并送审。"),
    moves.AWAITING_CLARIFICATION: lazy("等申请人补正；收到后期限重新计算。"),
    moves.AWAITING_PAYMENT: lazy("等申请人缴费；缴费后期限重新计算。"),
    moves.IN_REVIEW: lazy("答复已经冻结，由下一环节审核。"),
    moves.SIGNED: lazy("盖章、登记盖章件，送达申请人；送达之日即答复之日。"),
    moves.REPLIED: lazy("整理案卷，办结归档。"),
    moves.WITHDRAWN: lazy("整理案卷，办结归档。"),
    moves.GIVEN_UP: lazy("整理案卷，办结归档；申请人有正当理由的，可以恢复办理。"),
    moves.CLOSED: lazy("案卷已经归档。"),
}


def case_page(me: Me, case: FoiRequest) -> dict[str, Any]:
    """Everything this person may see of the request. Erased requests keep numbers, dates and the record."""
    clock = clock_of(case, me.today)
    erased = case.erased_at is not None
    reading = readings([case]).get(case.pk)
    handles = able(me, REVEALERS, case) is not None
    return {
        "case": case,
        "title": title(case),
        "clock": clock_box(clock, url="#count" if clock else "", url_text=_("计算过程") if clock else ""),
        "count": [{"on": s.on, "sentence": s.sentence, "article": s.article} for s in clock.explain] if clock else [],
        "violations": clock.violations if clock else (),
        "now": _now(me, case, clock, reading),
        "acts": acts(me, case),
        "channel": CHANNEL_WORDS[case.channel],
        "wish": None if erased else _wish(case),
        "applicant": {"column": COLUMNS[case.applicant.column]}
        | ({} if erased else {"told": masked(particulars(case.applicant))}),
        "may_reveal": handles and not erased,
        "timeline": timeline(facts_of(case.subject)),
        "papers": paper_rows(case) if handles else None,
        "files": [] if erased else file_rows(case, handles=handles),
        "consultations": [] if erased else consultations(case),
        "tasks": [] if erased else tasks_of(case),
        "searches": [] if erased else searches(case),
        "same": same(me, case) if handles else None,
        "care": care(case, erased=erased),
        "remedies": remedies(case),
    }


def _now(me: Me, case: FoiRequest, clock: Clock | None, reading: Any) -> dict[str, Any]:
    state = moves.STATES[case.state]
    lapsed = clock is not None and clock.status == "abandoned" and case.state in moves.WAITING
    text = _("申请人逾期没有补正或者缴费，视为放弃，可以按放弃申请办结。") if lapsed else str(NEXT[case.state])
    officer = able(me, ("foi_officer",), case) is not None
    who = whose(case, reading)
    if case.state in (moves.REGISTERED, moves.RECEIVED, moves.IN_PROGRESS, moves.SIGNED) and officer:
        who = _("您")
    if reading is not None and able(me, (reading.role,), case) is not None:
        who = _("您")
    step = _("答复在“%(step)s”环节。") % {"step": reading.step} if reading else ""
    return {"state": state, "who": "" if case.state in moves.ENDED else who, "text": f"{step}{text}"}


def acts(me: Me, case: FoiRequest) -> dict[str, Any]:
    """The verbs of the table: those possible now for this person, one of them primary, and the others with reasons."""
    now: list[dict[str, Any]] = []
    not_now: list[dict[str, Any]] = []
    held: dict[tuple[str, ...], bool] = {}
    for verb in VERBS:
        if verb.roles not in held:
            held[verb.roles] = able(me, verb.roles, case) is not None
        verdict = moves.may(verb.verb, case.state)
        if isinstance(verdict, Allowed) and held[verb.roles] and verb.when(case):
            now.append(_act(verb, case))
        elif isinstance(verdict, Allowed) and not held[verb.roles] and verb.when(case):
            titles = "、".join(role(code).title for code in verb.roles)
            not_now.append({"title": verb.title, "why": _("由%(titles)s办理。") % {"titles": titles}})
        elif not isinstance(verdict, Allowed) and held[verb.roles]:
            not_now.append({"title": verb.title, "why": verdict.sentence})
    primary = next((act for code in PRIMARY[case.state] for act in now if act["verb"] == code), None)
    return {"primary": primary, "now": [act for act in now if act is not primary], "not_now": not_now}


def _act(verb: Verb, case: FoiRequest) -> dict[str, Any]:
    return {"verb": verb.verb, "title": verb.title, "hint": verb.hint, "url": reverse(f"desk:{verb.route}", args=[case.number])}  # fmt: skip


def _wish(case: FoiRequest) -> dict[str, Any]:
    asked = wish(case)
    return {
        "name": asked.name,
        "document_number": asked.document_number,
        "features": asked.features,
        "form": FORMS[case.form],
        "delivery": DELIVERIES[case.delivery],
    }


def consultations(case: FoiRequest) -> list[dict[str, Any]]:
    """Who was asked, until when they may answer, and what they said."""
    calendar = calendar_for(case.organ)
    rows = []
    for row in case.consultations.select_related("asked__replaced_by", "answered"):
        asked = getattr(row.asked, "replaced_by", None) or row.asked
        last = calendar.add(asked.received_on or asked.on, CONSULTATION_WORKING_DAYS)
        rows.append(
            {
                "label": row.label,
                "kind": CONSULTED[row.kind],
                "party": text_of(case.key, row.party, "consultation.party"),
                "asked_on": asked.on,
                "last": last,
                "answered_on": row.answered.on if row.answered else None,
                "position": POSITIONS.get(row.position, ""),
                "reasonable": row.reasonable,
                "objected": row.position == "objected",
            }
        )
    return rows


def searches(case: FoiRequest) -> list[dict[str, Any]]:
    """Search records, the last one first."""
    rows = case.searches.select_related("by").order_by("-pk")
    return [
        json_of(case.key, row.content, "search.content") | {"found": row.found, "on": row.on, "by": row.by.name}
        for row in rows
    ]


def same(me: Me, case: FoiRequest) -> dict[str, Any]:
    """Repeated requests of the same applicant, near-same ones of others, and whether so many ask that 条例44 speaks."""
    mine = [
        {"number": row.number, "state": moves.STATES[row.state], "received_on": row.received_on, "url": _url(row)}
        for row in same_applicant(case)[:SHOWN]
    ]
    near = near_same(case, limit=50)
    applicants = {row.case.applicant.digest for row in near if row.case.applicant.digest}
    people = len(applicants | ({case.applicant.digest} if case.applicant.digest else set()))
    return {
        "mine": mine,
        "mine_count": same_applicant(case).count(),
        "near_count": len(near),
        "near": [
            {
                "number": row.case.number,
                "state": moves.STATES[row.case.state],
                "percent": round(row.alike * 100),
                "same_applicant": row.same_applicant,
                "url": _url(row.case),
            }
            for row in near[:SHOWN]
        ],
        "people": people,
        "suggest": people >= MANY,
        "article": cite("条例44"),
        "batches": _route("case_batches"),
    }


def _url(case: FoiRequest) -> str:
    return reverse("desk:case", args=[case.number])


def _route(name: str) -> str:
    try:
        return reverse(f"desk:{name}")
    except NoReverseMatch:
        return ""


def care(case: FoiRequest, *, erased: bool) -> dict[str, Any]:
    """Rating and complaints; the words of a complaint are the supervising office's to read."""
    rating = getattr(case, "rating", None)
    return {
        "rating": rating and {
            "grade": str(rating), "text": "" if erased else text_of(case.key, rating.text, "rating.text"), "at": rating.at,
        },
        "complaints": [
            {"to": row.to_organ.name, "made_at": row.made_at, "answered_at": row.answered_at}
            for row in case.complaints.select_related("to_organ")
        ],
    }  # fmt: skip


def remedies(case: FoiRequest) -> list[dict[str, Any]]:
    """Review and litigation."""
    return [
        {
            "kind": LITIGATION_ROWS[row.kind],
            "body": row.body,
            "filed_on": row.filed_on,
            "result": REMEDY_RESULTS.get(row.result, _("尚未审结")),
            "concluded_on": row.concluded_on,
            "redo_by": _("最迟%(day)s重新答复") % {"day": full_date(row.redo_by)} if row.redo_by else "",
        }
        for row in case.remedies.order_by("pk")
    ]
