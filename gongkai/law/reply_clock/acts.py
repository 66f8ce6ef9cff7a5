"""What each step does to the state of a reply clock, one function a step, under its article."""

from __future__ import annotations

from collections.abc import Callable

from gongkai.law.explain import full_date
from gongkai.law.periods import calendar_period_end
from gongkai.law.reply_clock.state import Letter, State, Wait
from gongkai.law.reply_clock.steps import ClockStep, InputError

CLARIFICATION_WORKING_DAYS = 7  # 条例30
CONSULTATION_WORKING_DAYS = 15  # 条例32、34
EXTENSION_WORKING_DAYS = 20  # 条例33.2: at most
PAYMENT_DAYS = 30  # 109号: calendar days from the day after the notice came in [M]


# Clarification, 条例30 --------------------------------------------------------------------------------


def clarification_asked(state: State, step: ClockStep) -> None:
    """Effective once, and only within 7 working days of receipt; then the clock waits for the answer.

    依据：条例30
    """
    asked_before = state.clarification is not None
    last = state.calendar.add(state.received, CLARIFICATION_WORKING_DAYS)
    if asked_before:
        state.violate(step.on, "clarification_twice", "条例30", "补正应当一次性告知，再次告知补正不影响答复期限")
    elif step.on > last:
        # kept as asked, so that a second letter is seen as a second and its answer is not unknown
        state.clarification = Wait(step.reply_by, open=False)
        said = f"应于收到申请后7个工作日内（最迟{full_date(last)}）告知补正，逾期告知不影响答复期限"
        state.violate(step.on, "clarification_late", "条例30", said)
    else:
        assert step.reply_by is not None
        state.clarification = Wait(step.reply_by)
        said = f"告知申请人补正，最迟{full_date(step.reply_by)}补正，其间不计算答复期限"
        state.note(step.on, "awaiting_clarification", "条例30", said)


def reply_by_extended(state: State, step: ClockStep) -> None:
    """Moves the last day to clarify while the wait is open; the applicant may have good reason.

    依据：条例30
    """
    wait = _asked(state.clarification, "没有告知过补正，不能延长补正期限；请核对步骤。")
    if not wait.open or wait.lapsed:
        state.note(step.on, "no_effect", "条例30", "补正已经结束，延长补正期限没有效力")
        return
    assert step.reply_by is not None
    wait.until = step.reply_by
    state.note(step.on, "reply_by_moved", "条例30", f"补正期限改为最迟{full_date(step.reply_by)}")


def clarification_received(state: State, step: ClockStep) -> None:
    """The count restarts in full on this day, unless the request was given up before.

    依据：条例30
    """
    wait = _asked(state.clarification, "没有告知过补正，不会收到补正；请核对步骤。")
    if not wait.open:
        state.note(step.on, "no_effect", "条例30", "收到补充材料，补正未生效或者已经完成，不影响答复期限")
    elif wait.lapsed:
        state.note(step.on, "no_effect", "条例30", "逾期补正，申请已视为放弃，不重新计算")
    else:
        wait.open = False
        state.restart(step.on)
        state.note(step.on, "restarted", "条例30", "收到补正，自次日起重新计算20个工作日")


# Fee, 109号 --------------------------------------------------------------------------------


def fee_notified(state: State, step: ClockStep) -> None:
    """Counts if given while a due day is in force; then the clock waits for payment.

    依据：109号6；民法典203
    """
    state.fee_told = True
    due = state.due()
    if due is None or step.on > due:
        when = "此时没有正在计算的答复期限" if due is None else f"答复期限已于{full_date(due)}届满"
        state.violate(step.on, "fee_notice_late", "109号6", f"收费通知应在答复期限内作出，{when}，通知不影响期限")
        return
    last = calendar_period_end(step.received_on or step.on, PAYMENT_DAYS, state.calendar)
    state.fee = Wait(last)
    said = f"通知申请人缴纳信息处理费，最迟{full_date(last)}缴纳，其间不计算答复期限"
    state.note(step.on, "awaiting_payment", "109号6；民法典203", said)


def fee_paid(state: State, step: ClockStep) -> None:
    """Paid in time, the count restarts in full on this day.

    依据：109号6
    """
    if not state.fee_told:
        raise InputError("never_asked", "没有通知过收费，不会收到缴费；请核对步骤。")
    wait = state.fee
    if wait is None or not wait.open:
        state.note(step.on, "no_effect", "109号6", "缴费没有对应的有效收费通知，不影响答复期限")
    elif wait.lapsed:
        state.note(step.on, "no_effect", "109号6", "逾期缴费，申请已视为放弃，不重新计算")
    else:
        wait.open = False
        state.restart(step.on)
        state.note(step.on, "restarted", "109号6", "申请人已缴费，自次日起重新计算20个工作日")


def reopened(state: State, step: ClockStep) -> None:
    """Takes back that the request was given up; the wait goes on without a last day until one is set.

    依据：条例30；109号6
    """
    lapsed = [wait for wait in state.waits() if wait.lapsed]
    if not lapsed:
        raise InputError("nothing_given_up", "申请没有被视为放弃，不需要恢复办理；请核对步骤。")
    for wait in lapsed:
        wait.lapsed, wait.until = False, None
    state.note(step.on, "reopened", "条例30", "申请人有正当理由，恢复办理，继续等待补正或者缴费")


# Consultation, 条例32、34、11 --------------------------------------------------------------------------------


def third_party_asked(state: State, step: ClockStep) -> None:
    """Suspends from the next day; silence leaves the decision to the organ.

    依据：条例32；条例33.3
    """
    _ask(state, step, "third_party", "third_party", "条例32；条例33.3", "第三方")


def agency_asked(state: State, step: ClockStep) -> None:
    """Suspends from the next day; silence of a co-producing organ is consent (条例34), under 条例11 it is not.

    依据：条例34；条例11；条例33.3
    """
    if step.basis == "11":
        _ask(state, step, "agency", "coordination", "条例11；条例33.3", "有关机关")
    else:
        _ask(state, step, "agency", "agency", "条例34；条例33.3", "共同制作机关")


def _ask(state: State, step: ClockStep, kind: str, silence: str, references: str, name: str) -> None:
    assert step.party is not None
    if (kind, step.party) in state.letters:
        state.note(step.on, "no_effect", references, f"再次向{name}“{step.party}”征求意见，不再暂停计算")
        return
    last = state.calendar.add(step.received_on or step.on, CONSULTATION_WORKING_DAYS)
    state.letters[kind, step.party] = Letter(step.on, last, silence, step.party)
    said = f"向{name}“{step.party}”征求意见，自次日起暂停计算，最迟至{full_date(last)}"
    state.note(step.on, "suspended", references, said)


def third_party_answered(state: State, step: ClockStep) -> None:
    """Ends the suspension of this letter with this day.

    依据：条例32；条例33.3
    """
    _end(state, step, "third_party", "条例32；条例33.3", "已答复意见")


def third_party_undelivered(state: State, step: ClockStep) -> None:
    """A letter that cannot be delivered suspends no longer.

    依据：条例33.3
    """
    _end(state, step, "third_party", "条例33.3", "的征询书无法送达")


def agency_answered(state: State, step: ClockStep) -> None:
    """Ends the suspension of this letter with this day.

    依据：条例34；条例33.3
    """
    _end(state, step, "agency", "条例33.3", "已答复意见")


def _end(state: State, step: ClockStep, kind: str, references: str, what: str) -> None:
    assert step.party is not None
    letter = state.letters.get((kind, step.party))
    if letter is None:
        raise InputError("never_asked", f"没有向“{step.party}”征求过意见，不会收到其答复；请核对步骤和名称。")
    if letter.ended is not None or step.on > letter.last:
        state.note(step.on, "no_effect", references, f"“{step.party}”{what}，征求意见已经结束，不影响期限")
        return
    letter.ended = step.on
    state.note(step.on, "resumed", references, f"“{step.party}”{what}，此项征求意见自次日起不再暂停计算")


# Extension and delay, 条例33、35 --------------------------------------------------------------------------------


def _extension_faults(state: State, step: ClockStep) -> list[tuple[str, str]]:
    assert step.working_days is not None
    due = state.due()
    approved = bool((step.approved_by or "").strip())
    checks = (
        ("extension_unapproved", not approved, "没有写明经政府信息公开工作机构负责人同意"),
        ("extension_too_long", step.working_days > EXTENSION_WORKING_DAYS, "延长超过20个工作日"),
        ("extension_twice", state.extended, "答复期限只能延长一次"),
        ("extension_after_delay", state.delayed is not None, "已告知延迟答复的日期，不能再延长"),
        ("extension_no_due", due is None, "正在等待补正或者缴费（或者已视为放弃），没有可以延长的期限"),
        ("extension_late", due is not None and step.on > due, "应在答复期限届满前告知申请人"),
    )
    return [(code, sentence) for code, broken, sentence in checks if broken]


def extend(state: State, step: ClockStep) -> None:
    """Once, at most 20 working days, approved by the head of the office and notified by the due day in force.

    依据：条例33.2
    """
    assert step.working_days is not None
    faults = _extension_faults(state, step)
    if faults:
        said = "；".join(sentence for _, sentence in faults)
        state.violate(step.on, faults[0][0], "条例33.2", f"延长答复期限无效：{said}")
        return
    state.extended = True
    state.length += step.working_days
    said = f"经{step.approved_by}同意并告知申请人，延长{step.working_days}个工作日，共{state.length}个工作日"
    state.note(step.on, "extended", "条例33.2", said)


def delay(state: State, step: ClockStep) -> None:
    """A later day set for an excessive request, notified by the due day in force; that day then stands.

    依据：条例35；民法典203
    """
    assert step.until is not None
    due = state.due()
    if due is None:
        said = "正在等待补正或者缴费（或者已视为放弃），没有可以延迟的期限，延迟答复无效"
        state.violate(step.on, "delay_no_due", "条例35", said)
    elif step.on > due:
        said = f"应在答复期限（{full_date(due)}）届满前告知延迟，延迟答复无效"
        state.violate(step.on, "delay_late", "条例35", said)
    elif step.until <= due:
        said = f"延迟到的日期应晚于现在的期限{full_date(due)}，延迟答复无效"
        state.violate(step.on, "delay_not_later", "条例35", said)
    else:
        state.delayed = state.calendar.roll_forward(step.until)
        said = f"申请数量、频次明显超过合理范围，告知申请人延迟至{full_date(state.delayed)}答复"
        state.note(step.on, "delayed", "条例35", said)


def reasons_asked(state: State, step: ClockStep) -> None:
    """Asking an excessive applicant for reasons does not stop the clock.

    依据：条例35
    """
    state.asked_reasons = True
    state.note(step.on, "no_effect", "条例35", "要求申请人说明理由，答复期限照常计算")


def reasons_received(state: State, step: ClockStep) -> None:
    """Reasons that came do not move the clock.

    依据：条例35
    """
    if not state.asked_reasons:
        raise InputError("never_asked", "没有要求过说明理由，不会收到理由说明；请核对步骤。")
    state.note(step.on, "no_effect", "条例35", "收到申请人的理由说明，答复期限照常计算")


def withdraw(state: State, step: ClockStep) -> None:
    """The applicant takes the request back; nothing is due any more.

    依据：条例27
    """
    state.closed_on, state.by = step.on, "withdrawn"
    state.note(step.on, "withdrawn", "条例27", "申请人撤回申请，不再计算")


def reply(state: State, step: ClockStep) -> None:
    """The day of the reply: signed for in person, handed to the postal enterprise, or sent online.

    依据：235号；条例33
    """
    assert step.by is not None
    state.closed_on, state.by = step.on, "replied"
    state.note(step.on, "replied", "235号", f"{_REPLIED[step.by]}，以{full_date(step.on)}为答复之日")
    if step.by == "courier":
        said = "邮寄答复书应当通过邮政企业，不得使用快递公司"
        state.violate(step.on, "courier", "235号", said)


def _asked(wait: Wait | None, sentence: str) -> Wait:
    if wait is None:
        raise InputError("never_asked", sentence)
    return wait


_REPLIED = {
    "in_person": "当面送达答复书，申请人签收",
    "post": "答复书交邮政企业寄出",
    "courier": "答复书交快递公司寄出",
    "online": "通过网络发出答复书",
}
ACTS: dict[str, Callable[[State, ClockStep], None]] = {
    "clarification_asked": clarification_asked,
    "clarification_received": clarification_received,
    "reply_by_extended": reply_by_extended,
    "third_party_asked": third_party_asked,
    "third_party_answered": third_party_answered,
    "third_party_undelivered": third_party_undelivered,
    "agency_asked": agency_asked,
    "agency_answered": agency_answered,
    "extended": extend,
    "reasons_asked": reasons_asked,
    "reasons_received": reasons_received,
    "delayed": delay,
    "fee_notified": fee_notified,
    "fee_paid": fee_paid,
    "reopened": reopened,
    "withdrawn": withdraw,
    "replied": reply,
}
