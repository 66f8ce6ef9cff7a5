"""The moves a request for disclosure may make, and what has to be so before it may make them.

The dates are `reply_clock`'s; here stands which verb may start from which state, where it leads, and the verdicts that
bind the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gongkai.law.articles import cite
from gongkai.law.explain import full_date
from gongkai.law.periods import add_months
from gongkai.law.reply_clock import Clock, ClockStep
from gongkai.law.reply_clock.acts import CONSULTATION_WORKING_DAYS
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.law.workdays import WorkCalendar

REGISTERED: Final = "registered"
RECEIVED: Final = "received"
IN_PROGRESS: Final = "in_progress"
AWAITING_CLARIFICATION: Final = "awaiting_clarification"
AWAITING_PAYMENT: Final = "awaiting_payment"
IN_REVIEW: Final = "in_review"
SIGNED: Final = "signed"
REPLIED: Final = "replied"
WITHDRAWN: Final = "withdrawn"
GIVEN_UP: Final = "given_up"
CLOSED: Final = "closed"
STATES: Final[dict[str, str]] = {
    REGISTERED: "已登记，等待确认收到之日",
    RECEIVED: "已收到，待受理",
    IN_PROGRESS: "办理中",
    AWAITING_CLARIFICATION: "等待申请人补正",
    AWAITING_PAYMENT: "等待申请人缴费",
    IN_REVIEW: "答复审签中",
    SIGNED: "已签发，待送达",
    REPLIED: "已答复",
    WITHDRAWN: "申请人已撤回",
    GIVEN_UP: "视为放弃，不再处理",
    CLOSED: "已办结归档",
}
#: The request has its one outcome; nothing is owed any more.
ENDED: Final = frozenset({REPLIED, WITHDRAWN, GIVEN_UP, CLOSED})
#: States whose clock waits for the applicant; equal to the clock's own words for it.
WAITING: Final = frozenset({AWAITING_CLARIFICATION, AWAITING_PAYMENT})
#: What a request given up is closed as, by what was awaited.
GIVEN_UP_REPLY: Final[dict[str, str]] = {AWAITING_CLARIFICATION: "R13", AWAITING_PAYMENT: "R14"}
WITHDRAWN_REPLY: Final = "R16"


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a verb may start; `to` None leaves the state, `waits` takes it from the clock."""

    verb: str
    title: str
    states: frozenset[str]
    to: str | None
    hint: str
    waits: bool = False


def _move(verb: str, title: str, states: str, to: str | None, hint: str, *, waits: bool = False) -> Move:
    return Move(verb, title, frozenset(states.split()), to, hint, waits)


_WORK = "in_progress in_review signed"
_WAIT = "awaiting_clarification awaiting_payment"
_OPEN = f"received {_WORK} {_WAIT}"
_TAKEN_OVER = "旧登记在登记的同时转入，不能补记到正在办理的申请上。"

MOVES: Final[dict[str, Move]] = {
    m.verb: m
    for m in (
        _move("confirm_receipt", "确认收到之日", REGISTERED, RECEIVED, "收到之日已经确认。"),
        # An old register comes in: what was done elsewhere is written down as facts, in one step.
        _move("take_over", "转入旧登记", REGISTERED, IN_PROGRESS, _TAKEN_OVER),
        _move("take_over_waiting", "转入等待申请人的旧登记", REGISTERED, None, _TAKEN_OVER, waits=True),
        _move("take_over_replied", "转入已答复的旧登记", REGISTERED, REPLIED, _TAKEN_OVER),
        _move("take_over_withdrawn", "转入已撤回的旧登记", REGISTERED, WITHDRAWN, _TAKEN_OVER),
        _move("take_over_given_up", "转入视为放弃的旧登记", REGISTERED, GIVEN_UP, _TAKEN_OVER),
        _move("accept", "受理", RECEIVED, IN_PROGRESS, "只有已收到、还没有受理的申请可以受理。"),
        _move("assign_task", "分办科室", f"received {_WORK}", None, "现在没有可以分办的事项。"),
        _move("finish_task", "办结科室事项", _OPEN, None, "申请已经办结。"),
        _move("record_search", "记录检索", f"received {_WORK}", None, "申请已经办结，或者正在等待申请人。"),
        _move("add_file", "存入材料", f"registered {_OPEN} replied withdrawn given_up", None, "案卷已经归档。"),
        _move(
            "ask_clarification", "告知补正", "received in_progress", AWAITING_CLARIFICATION,
            "补正在受理后、答复送审前告知。",
        ),
        _move("set_reply_by", "改定补正期限", AWAITING_CLARIFICATION, None, "现在没有等待补正。"),
        _move("take_clarification", "收到补正", AWAITING_CLARIFICATION, IN_PROGRESS, "现在没有等待补正。"),
        _move("consult", "征求意见", IN_PROGRESS, None, "受理后、答复送审前征求意见。"),
        _move("letter_received", "登记对方收到日期", f"{_WORK} {_WAIT}", None, "申请已经办结。"),
        _move("record_consultation_answer", "登记征求意见的答复", f"{_WORK} {_WAIT}", None, "申请已经办结。"),
        _move("examine_objection", "审查第三方意见", IN_PROGRESS, None, "答复送审前审查。"),
        _move("propose_extension", "提请延长答复期限", _WORK, None, "受理后、答复前才能延长。"),
        _move("approve_extension", "同意延长答复期限", _WORK, None, "受理后、答复前才能延长。"),
        _move("refuse_extension", "不同意延长答复期限", _OPEN, None, "申请已经办结。"),
        _move("ask_reasons", "要求说明理由", IN_PROGRESS, None, "受理后、答复送审前要求说明理由。"),
        _move("take_reasons", "收到理由说明", _WORK, None, "申请已经办结。"),
        _move("delay", "告知延迟答复", IN_PROGRESS, None, "受理后、答复送审前告知延迟。"),
        _move("propose_fee", "提请收费", IN_PROGRESS, None, "受理后、答复送审前提请收费。"),
        _move("approve_fee", "同意收费并通知", IN_PROGRESS, AWAITING_PAYMENT, "受理后、答复送审前通知收费。"),
        _move("refuse_fee", "不同意收费", _OPEN, None, "申请已经办结。"),
        _move("record_payment", "登记缴费", AWAITING_PAYMENT, IN_PROGRESS, "现在没有等待缴费。"),
        _move("compose_reply", "拟写答复", IN_PROGRESS, None, "受理后才能拟写；送审后文本冻结，请先撤回送审。"),
        _move(
            "redact_file", "制作提供用副本", IN_PROGRESS, None, "受理后、答复送审前制作；送审后要改，请先撤回送审。"
        ),
        _move("confirm_copy", "确认副本", IN_REVIEW, None, "答复在保密审查环节时确认。"),
        _move("submit_reply", "答复送审", IN_PROGRESS, IN_REVIEW, "只有办理中的申请可以送审答复。"),
        _move("return_reply", "退回答复", IN_REVIEW, IN_PROGRESS, "没有在审的答复。"),
        _move("sign_reply", "签发答复", IN_REVIEW, SIGNED, "没有在审的答复。"),
        _move("recall_reply", "撤回答复稿", "in_review signed", IN_PROGRESS, "没有在审或者待送达的答复。"),
        _move("bind_seal", "登记盖章件", SIGNED, None, "签发后、送达前登记盖章件。"),
        _move("deliver", "送达答复", SIGNED, REPLIED, "答复签发后才能送达。"),
        _move("withdraw_request", "撤回申请", _OPEN, WITHDRAWN, "未确认收到之日的请先确认；已办结的不能撤回。"),
        _move("give_up", "按放弃申请办结", _WAIT, GIVEN_UP, "只有等待补正或者缴费的申请会视为放弃。"),
        _move("reopen", "恢复办理", f"{_WAIT} given_up", None, "只有视为放弃的申请可以恢复办理。", waits=True),
        _move("close", "办结归档", "replied withdrawn given_up", CLOSED, "先答复、撤回或者按放弃办结，再归档。"),
        _move(
            "register_remedy", "登记复议诉讼", f"{_OPEN} replied withdrawn given_up closed", None, "请先确认收到之日。"
        ),
        _move("conclude_remedy", "登记复议诉讼结果", f"{_OPEN} replied withdrawn given_up closed", None, "没有登记。"),
        _move("rate", "评价", "replied closed", None, "答复送达后才能评价。"),
        _move("complain", "投诉", f"{_OPEN} replied withdrawn given_up closed", None, "请先确认收到之日。"),
        _move("answer_complaint", "答复投诉", f"{_OPEN} replied withdrawn given_up closed", None, "没有投诉。"),
        _move("add_evidence", "存入更正的证据", "replied closed", None, "收到政府信息后才能要求更正其中的记录。"),
        _move("ask_correction", "要求更正", "replied closed", None, "收到政府信息后才能要求更正其中的记录。"),
        _move("decide_correction", "办理更正", "replied closed", None, "没有更正要求。"),
        _move("publish_reply", "转为主动公开", "replied closed", None, "答复送达后才能转为主动公开。"),
        _move("file_dossier", "形成案卷", "replied withdrawn given_up closed", None, "申请办结后才形成案卷。"),
        _move("make_batch", "归入同类申请", "in_progress", None, "受理后、答复送审前归并。"),
        _move("erase", "清除个人信息", CLOSED, None, "归档以后才能清除。"),
    )
}  # fmt: skip


def may(verb: str, state: str) -> Verdict:
    """May the verb start from this state? An unknown verb raises KeyError, an unknown state ValueError.

    依据：条例30；条例32；条例33；条例36；设计
    """
    move = MOVES[verb]
    if state not in STATES:
        raise ValueError(f"unknown state {state}")
    if state in move.states:
        return Allowed()
    return Refused(f"cannot_{verb}", f"现在不能{move.title}：{move.hint}（现状：{STATES[state]}）")


def after(verb: str, state: str, clock_status: str = "") -> str:
    """The state after the verb; call only when `may` allows it. A verb that waits needs the clock's status.

    依据：条例30；条例32；条例33；条例36；设计
    """
    move = MOVES[verb]
    if not move.waits:
        return move.to or state
    if clock_status not in WAITING:
        raise ValueError(f"{verb} leads to waiting, the clock says {clock_status!r}")
    return clock_status


def settle(state: str, clock_status: str) -> str:
    """The state where the clock, by a fact that came late, no longer waits for what the state waits for.

    依据：条例30；109号6；设计
    """
    if state not in WAITING or clock_status in (state, "abandoned"):
        return state
    return clock_status if clock_status in WAITING else IN_PROGRESS


def may_take(before: Clock | None, now: Clock) -> Verdict:
    """May an act of the agency that turns the clock `before` into `now` be done? Not when it breaks a rule by itself.

    A fact from outside (an answer, a payment) is recorded whatever it brings to light; this is for own acts.

    依据：条例30；条例33；条例35；109号；235号
    """
    known = {(v.code, v.on) for v in before.violations} if before is not None else set()
    for violation in now.violations:
        if (violation.code, violation.on) not in known:
            return Refused(violation.code, f"{violation.sentence}。没有办理。", violation.article)
    return Allowed()


def may_date(on: date, *, today: date, received_on: date | None = None) -> Verdict:
    """May a step be dated so? Not in the future, not before the request was there.

    依据：设计
    """
    if on > today:
        return Refused("date_in_future", f"日期{full_date(on)}晚于今天，请核对。")
    if received_on is not None and on < received_on:
        return Refused("before_receipt", f"日期{full_date(on)}早于收到申请之日{full_date(received_on)}，请核对。")
    return Allowed()


def open_consultations(steps: Sequence[ClockStep], calendar: WorkCalendar, as_of: date) -> tuple[ClockStep, ...]:
    """Letters that are neither answered nor undelivered and whose 15 working days are not over on `as_of`.

    依据：条例32；条例34
    """
    ended = {step.party for step in steps if step.step in _ENDS and step.on <= as_of}
    asked: dict[str | None, ClockStep] = {}
    for step in steps:
        if step.step in _ASKS and step.on <= as_of:
            asked.setdefault(step.party, step)
    return tuple(
        step
        for party, step in asked.items()
        if party not in ended and as_of <= calendar.add(step.received_on or step.on, CONSULTATION_WORKING_DAYS)
    )


_ASKS = frozenset({"third_party_asked", "agency_asked"})
_ENDS = frozenset({"third_party_answered", "third_party_undelivered", "agency_answered"})


def may_reply(steps: Sequence[ClockStep], calendar: WorkCalendar, as_of: date) -> Verdict:
    """May a reply be signed or sent on that day? Not while somebody who was asked may still answer.

    依据：条例32；条例34
    """
    waiting = open_consultations(steps, calendar, as_of)
    if not waiting:
        return Allowed()
    names = "、".join(step.party or "" for step in waiting)
    articles = {"third_party_asked": "条例32", "agency_asked": "条例34"}
    basis = "；".join(dict.fromkeys(articles[step.step] for step in waiting))
    return Refused(
        "consultation_open",
        f"正在征求{names}的意见，15个工作日还没有届满，不能答复。请等收到意见或者期满后再办。",
        cite(basis),
    )


def may_give_up(clock: Clock) -> Verdict:
    """May the request be closed as given up? Only when its last day to clarify or to pay is over.

    依据：条例30；109号6
    """
    if clock.status == "abandoned":
        return Allowed()
    last = f"最迟{full_date(clock.waiting_until)}，" if clock.waiting_until else ""
    return Refused("not_given_up", f"申请人补正或者缴费的期限还没有届满，{last}不能按放弃申请办结。", cite("条例30"))


def may_answer_wait(clock: Clock, on: date) -> Verdict:
    """May what was awaited still be taken on that day? After it was given up a decision to reopen comes first.

    依据：条例30；109号6
    """
    if clock.status != "abandoned":
        return Allowed()
    return Refused(
        "given_up",
        f"期限已于{full_date(clock.waiting_until or on)}届满，申请视为放弃。申请人有正当理由的，请先恢复办理，再登记。",
        cite("条例30"),
    )


def may_reopen(clock: Clock, *, outcome_on: date | None, on: date, reason: str) -> Verdict:
    """May a request given up be taken up again? Only with a reason, and not once its year's report has counted it.

    `outcome_on`: the day it was closed as given up, None while it is not closed.

    依据：条例30；109号6；设计
    """
    if not reason.strip():
        return Refused("reason_missing", "恢复办理是一项决定，请写明申请人的正当理由。", cite("条例30"))
    if clock.status != "abandoned":
        return Refused("nothing_given_up", "这件申请没有被视为放弃，不需要恢复办理。")
    if outcome_on is not None and outcome_on.year != on.year:
        return Refused(
            "counted_already", "这件申请已计入上一年度的年度报告，不能恢复办理，请登记为新的申请。", cite("30号")
        )
    return Allowed()


def may_withdraw(clock: Clock) -> Verdict:
    """May the applicant still withdraw? What was given up is closed as given up.

    依据：条例27；条例30
    """
    if clock.status != "abandoned":
        return Allowed()
    return Refused("given_up", "期限届满，申请已视为放弃，请按放弃申请办结。", cite("条例30"))


def may_delay(steps: Sequence[ClockStep]) -> Verdict:
    """May a later day be set for an excessive request? Its applicant has to have been asked for reasons.

    依据：条例35
    """
    if any(step.step == "reasons_asked" for step in steps):
        return Allowed()
    return Refused("reasons_never_asked", "没有要求申请人说明理由，不能延迟答复，请先要求说明理由。", cite("条例35"))


def may_deliver(on: date, *, signed_on: date, sealed: bool) -> Verdict:
    """May the reply be handed over on that day? Not before it was signed, not without its seal.

    依据：条例36；设计
    """
    if on < signed_on:
        return Refused(
            "before_sign_off", f"送达日期{full_date(on)}早于签发日期{full_date(signed_on)}，请核对。", cite("条例36")
        )
    if not sealed:
        return Refused("no_seal", "答复书还没有盖章，请先登记盖章件。", cite("条例36"))
    return Allowed()


def may_decide_proposal(proposer: str, decider: str) -> Verdict:
    """May this person decide what that person proposed? Never one's own proposal.

    依据：条例33.2；条例42
    """
    if proposer != decider:
        return Allowed()
    return Refused("own_proposal", "不能由提请的人自己同意，请由政府信息公开工作机构负责人办理。", cite("条例33.2"))


def may_erase(closed_on: date, *, on: date, keep_years: int, pending_remedies: Collection[str]) -> Verdict:
    """May the applicant's data be erased? After the years of keeping, and while no review or litigation is pending.

    依据：个保法47；设计
    """
    if pending_remedies:
        return Refused("remedy_pending", "还有行政复议或者行政诉讼没有办结，不能清除个人信息。", cite("个保法47"))
    last = add_months(closed_on, 12 * keep_years)
    if on <= last:
        return Refused("still_kept", f"个人信息保存到{full_date(last)}，现在不能清除。", cite("个保法47"))
    return Allowed()
