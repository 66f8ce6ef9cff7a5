"""Where a case stands as its applicant sees it, and what the applicant may do there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from gongkai.foi.models import (
    CaseFile,
    Complaint,
    Delivery,
    Fee,
    FoiRequest,
    IssuedPaper,
    Rating,
    RecordCorrection,
)
from gongkai.foi.queries.clock import calendar_for, last_day, steps_of
from gongkai.foi.queries.papers import papers_for_applicant
from gongkai.foi.queries.replies import organ_kind
from gongkai.foi.queries.sealed import text_of, version_content, wish
from gongkai.foi.replying import ORGAN_KIND
from gongkai.foi.wishes import Wish
from gongkai.law.foi_moves import may, may_withdraw
from gongkai.law.remedies import OrganKind, Remedy, remedy
from gongkai.law.remedy_days import RemedyDays, remedy_days
from gongkai.law.reply_clock import Clock, ClockStep, reply_clock
from gongkai.law.workdays import WorkCalendar

#: What the applicant sees first, by code. The first three are theirs to act on.
PHASES: Final[dict[str, str]] = {
    "clarify": "等申请人补正",
    "pay": "等申请人缴费",
    "reasons": "请申请人说明理由",
    "unconfirmed": "等待确认收到之日",
    "working": "正在办理",
    "suspended": "正在征求意见",
    "late": "到期没有答复",
    "replied": "已经答复",
    "withdrawn": "已经撤回",
    "given_up": "视为放弃",
}
#: Verbs of `law.foi_moves` that an applicant may do on the public site.
VERBS: Final = ("take_clarification", "take_reasons", "withdraw_request", "rate", "complain", "ask_correction")


@dataclass(frozen=True, slots=True)
class Progress:
    """A case as seen on `today`; `clock` None while the day of receipt is not confirmed."""

    case: FoiRequest
    today: date
    steps: tuple[ClockStep, ...]
    clock: Clock | None
    phase: str
    wish: Wish
    calendar: WorkCalendar
    verbs: frozenset[str]
    delivery: Delivery | None

    def first(self, kind: str) -> ClockStep | None:
        """The first step of a kind."""
        return next((step for step in self.steps if step.step == kind), None)

    def last(self, kind: str) -> ClockStep | None:
        """The last step of a kind."""
        return next((step for step in reversed(self.steps) if step.step == kind), None)


def progress(case: FoiRequest, *, today: date) -> Progress:
    """Everything the tracking page is made from. `Unsealable` for an erased case.

    A machine whose clock was set back sees the case as of the last day that is on record.
    """
    steps, calendar = steps_of(case), calendar_for(case.organ)
    today = max(today, last_day(steps)) if steps else today
    clock = reply_clock(steps, calendar, today) if steps else None
    delivery = Delivery.objects.filter(request=case).select_related("version__request__key").first()
    return Progress(
        case, today, steps, clock, phase_of(clock, steps), wish(case), calendar, verbs_of(case, clock, steps), delivery
    )


def phase_of(clock: Clock | None, steps: tuple[ClockStep, ...]) -> str:
    """The code of PHASES: what the clock says, and of a running clock whether reasons are still asked for."""
    if clock is None:
        return "unconfirmed"
    if clock.status == "withdrawn":
        return "withdrawn"
    if clock.closed_on is not None:
        return "replied"
    match clock.status:
        case "late":
            return "late"
        case "abandoned":
            return "given_up"
        case "awaiting_clarification":
            return "clarify"
        case "awaiting_payment":
            return "pay"
        case "running" | "suspended":
            if reasons_open(steps):
                return "reasons"
            return "suspended" if clock.status == "suspended" else "working"
        case other:
            raise ValueError(f"no phase for the status {other!r}")


def reasons_open(steps: tuple[ClockStep, ...]) -> bool:
    """Reasons were asked for (条例35) and have not come."""
    kinds = {step.step for step in steps}
    return "reasons_asked" in kinds and "reasons_received" not in kinds


def verbs_of(case: FoiRequest, clock: Clock | None, steps: tuple[ClockStep, ...]) -> frozenset[str]:
    """The verbs law allows the applicant now, each by its own verdict."""
    allowed = {verb for verb in VERBS if may(verb, case.state)}
    if clock is not None and not may_withdraw(clock):
        allowed -= {"withdraw_request", "take_clarification"}
    if not reasons_open(steps):
        allowed.discard("take_reasons")
    if "rate" in allowed and Rating.objects.filter(request=case).exists():
        allowed.discard("rate")
    return frozenset(allowed)


def due_without_consultation(seen: Progress) -> date | None:
    """The last day as it would be had nobody been consulted; None where consulting moved nothing."""
    if seen.clock is None or seen.clock.due_on is None or not seen.clock.suspensions:
        return None
    alone = [step for step in seen.steps if step.party is None]  # only steps of a consultation name a party
    due = reply_clock(alone, seen.calendar, seen.today).due_on
    return due if due != seen.clock.due_on else None


# What is owed or was said ----------------------------------------------------------------------------------------


def fee_of(case: FoiRequest) -> Fee | None:
    """The fee the applicant was told of, the last one."""
    return case.fees.filter(decision="approved").order_by("pk").last()


#: Papers that came from the applicant.
_OWN: Final = ("identity", "request", "clarification", "correction")


def own_files(case: FoiRequest) -> list[CaseFile]:
    """What the applicant sent in, in its order."""
    return list(case.files.filter(kind__in=_OWN).order_by("pk"))


def note_of(case: FoiRequest, verb: str) -> str:
    """What was written with the last act of that verb; empty when nothing was."""
    note = case.notes.filter(verb=verb).order_by("pk").last()
    return text_of(case.key, note.text, "note.text") if note is not None else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A complaint or a correction with its answer, opened."""

    row: Complaint | RecordCorrection
    text: str
    answer: str


def complaints_of(case: FoiRequest) -> list[Said]:
    """Newest first."""
    rows = case.complaints.select_related("to_organ").order_by("-pk")
    return [
        Said(r, text_of(case.key, r.text, "complaint.text"), text_of(case.key, r.answer, "complaint.answer"))
        for r in rows
    ]


def corrections_of(case: FoiRequest) -> list[Said]:
    """Newest first."""
    rows = case.corrections.order_by("-pk")
    return [
        Said(r, text_of(case.key, r.what, "correction.what"), text_of(case.key, r.reason, "correction.reason"))
        for r in rows
    ]


def open_papers(seen: Progress) -> list[IssuedPaper]:
    """Documents the applicant may read here; the reply only where it was delivered online."""
    online = seen.delivery is not None and seen.delivery.by == "online"
    return [paper for paper in papers_for_applicant(seen.case) if online or not paper.kind.startswith("reply")]


# The reply and the remedies against it ---------------------------------------------------------------------------


def reply_files(delivery: Delivery) -> list[CaseFile]:
    """The files that went out with the reply, in its order; never the original of a copy."""
    made = version_content(delivery.version)
    kept = CaseFile.objects.filter(request_id=delivery.request_id, pk__in=made.files, copies_made__isnull=True)
    found = {paper.pk: paper for paper in kept.select_related("blob", "request__key")}
    return [found[pk] for pk in made.files if pk in found]


@dataclass(frozen=True, slots=True)
class Against:
    """The remedy against the reply or against silence, with its last days.

    `told`: the words the letter itself prints, empty for silence. `from_receipt`: the days count from a receipt that is
    not known here, so that the dates are the earliest possible ones.
    """

    remedy: Remedy
    days: RemedyDays
    told: str
    from_receipt: bool


def against(seen: Progress) -> Against | None:
    """None while there is nothing to be dissatisfied with."""
    if seen.delivery is not None:
        version, made = seen.delivery.version, version_content(seen.delivery.version)
        found = remedy(
            version.reply_code, organ_kind(seen.case, made), seen.delivery.on,
            body_name=str(made.findings.get("review_body") or ""), online=seen.delivery.by == "online",
            online_channel=str(made.letter.get("online_channel") or ""),
        )  # fmt: skip
        days = remedy_days(found.first_step, seen.delivery.on, seen.calendar)
        return Against(found, days, str(made.letter.get("remedy") or ""), seen.delivery.by == "post")
    if seen.phase == "late" and seen.clock is not None and seen.clock.due_on is not None:
        kind = cast(OrganKind, ORGAN_KIND[seen.case.organ.kind])
        found = remedy("no_reply", kind, seen.clock.due_on)
        return Against(found, remedy_days(found.first_step, seen.clock.due_on, seen.calendar), "", False)
    return None
