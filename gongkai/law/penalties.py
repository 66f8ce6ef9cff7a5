"""Published decisions on penalties and licences: when to publish, and when and how to take a penalty down again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from gongkai.law.explain import full_date
from gongkai.law.verdicts import Allowed, Refused, Verdict

if TYPE_CHECKING:
    from gongkai.law.workdays import WorkCalendar

WITHDRAW_WORKING_DAYS = 3
PUBLISH_WORKING_DAYS = 7  # [M] 双公示: permits and penalties within seven working days of the decision

ChangeKind = Literal["changed", "revoked", "unlawful", "void"]
CHANGES: dict[ChangeKind, str] = {
    "changed": "依法变更",
    "revoked": "依法撤销",
    "unlawful": "确认违法",
    "void": "确认无效",
}
_ARTICLE = "《行政处罚法》第四十八条第二款"


def decision_publish_by(decided_on: date, calendar: WorkCalendar, days: int = PUBLISH_WORKING_DAYS) -> date:
    """The last day to publish a licence or a penalty with social impact, counted from the decision.

    依据：条例20(5)；条例20(6)；条例26；行政处罚法48
    """
    return calendar.add(decided_on, days)


def penalty_withdraw_by(changed_on: date, calendar: WorkCalendar) -> date:
    """The last day to take down a penalty that was changed, revoked, or found unlawful or void: three working days.

    依据：行政处罚法48.2；行政处罚法85
    """
    return calendar.add(changed_on, WITHDRAW_WORKING_DAYS)


def check_penalty_withdrawal(
    change: ChangeKind,
    changed_on: date,
    calendar: WorkCalendar,
    *,
    on: date,
    withdrawn_on: date | None,
    reason_published: bool,
) -> Verdict:
    """Whether a published penalty was taken down in time and the reason told to the public, as things stand on `on`.

    Raises LookupError for an unknown kind of change.

    依据：行政处罚法48.2；行政处罚法85
    """
    if change not in CHANGES:
        raise LookupError(f"没有“{change}”这种情形，应当是：{'、'.join(CHANGES.values())}。")
    due = penalty_withdraw_by(changed_on, calendar)
    what = f"该处罚决定已于{full_date(changed_on)}被{CHANGES[change]}"
    if withdrawn_on is not None and withdrawn_on > due:
        return Refused("withdrawn_late", f"{what}，撤回公开的时间晚于{full_date(due)}，请如实记录原因。", _ARTICLE)
    if withdrawn_on is None and on > due:
        return Refused(
            "overdue", f"{what}，应当最迟{full_date(due)}撤回，已经逾期，请立即撤回并公开说明理由。", _ARTICLE
        )
    if withdrawn_on is None:
        return Refused("not_withdrawn", f"{what}，请最迟{full_date(due)}撤回并公开说明理由。", _ARTICLE)
    if not reason_published:
        return Refused("no_reason", f"{what}并已撤回，还没有公开说明理由，请补公布。", _ARTICLE)
    return Allowed()


def must_publish_penalty(*, social_impact: bool) -> Verdict:
    """Whether a penalty has to be published: only where it has a certain social impact.

    依据：条例20(6)；行政处罚法48.1
    """
    if social_impact:
        return Allowed()
    return Refused(
        "no_social_impact",
        "本机关认为没有一定社会影响的行政处罚决定，不属于应当主动公开的范围。",
        "《行政处罚法》第四十八条第一款",
    )
