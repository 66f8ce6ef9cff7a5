"""办到哪一步: the stages of a case in their order, each with its dates and its article."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.foi.queries.progress import Progress, against, reasons_open
from gongkai.law.articles import cite
from gongkai.law.explain import full_date, short_date
from gongkai.law.foi_moves import IN_PROGRESS, IN_REVIEW, RECEIVED, SIGNED
from gongkai.law.reply_clock import Clock, ClockStep
from gongkai.portal.views.calculator_due import shortened

#: Where the work stands while the agency's clock runs; states in which it waits for the applicant have no word here.
_WORK = {
    RECEIVED: gettext_noop("已经收到，等待受理"),
    IN_PROGRESS: gettext_noop("正在进行"),
    IN_REVIEW: gettext_noop("已经拟好，正在审签"),
    SIGNED: gettext_noop("已经签发，等待送达"),
}
_CHANNEL_ITEM = {"in_person": 1, "registered_mail": 2, "ordinary_mail": 2, "online": 3, "fax": 3}
Stage = dict[str, str]


def _stage(title: str, text: str, references: str, state: str) -> Stage:
    return {"title": title, "text": text, "article": shortened(cite(references)), "state": state}


def stages(seen: Progress) -> list[Stage]:
    """{title, text, article, state: done | now | later | stopped} from the receipt to what follows the reply."""
    clock = seen.clock
    if clock is None:
        return [
            _stage(
                _("收到申请"),
                _("%(day)s登记，等待双方确认") % {"day": short_date(seen.case.arrived_on)},
                "条例31",
                "now",
            ),
            _stage(_("审查办理"), _("确认收到后开始"), "条例33", "later"),
            _stage(_("答复"), _("确认收到后 20 个工作日内"), "条例33", "later"),
        ]
    rows = [_received(seen, clock), *_from_steps(seen, clock)]
    match seen.phase:
        case "withdrawn":
            assert clock.closed_on is not None
            return [*rows, _stage(_("撤回申请"), short_date(clock.closed_on), "条例27", "done")]
        case "given_up":
            return [*rows, _given_up(clock)]
        case _:
            return [*rows, _work(seen), _reply(seen, clock), _after(seen)]


def _received(seen: Progress, clock: Clock) -> Stage:
    item = _CHANNEL_ITEM[seen.case.channel]
    return _stage(_("收到申请"), short_date(clock.received_on), f"条例31({item})", "done")


def _from_steps(seen: Progress, clock: Clock) -> list[Stage]:
    """What came up along the way, by the day it began."""
    found: list[tuple[ClockStep, Stage]] = []
    if asked := seen.first("clarification_asked"):
        found.append((asked, _clarification(seen, clock, asked)))
    if asked := seen.first("third_party_asked"):
        found.append((asked, _consultation(seen, clock, asked, "third_party", _("征求第三方意见"), "条例32")))
    if asked := seen.first("agency_asked"):
        article = "条例11" if asked.basis == "11" else "条例34"
        found.append((asked, _consultation(seen, clock, asked, "agency", _("征求其他机关意见"), article)))
    if asked := seen.first("reasons_asked"):
        found.append((asked, _reasons(seen, asked)))
    if told := seen.last("fee_notified"):
        found.append((told, _fee(seen, clock, told)))
    if told := seen.first("extended"):
        days = _("%(day)s告知，延长 %(n)s 个工作日") % {"day": short_date(told.on), "n": told.working_days}
        found.append((told, _stage(_("延长答复期限"), days, "条例33.2", "done")))
    if told := seen.first("delayed"):
        days = _("%(day)s告知您延迟答复") % {"day": short_date(told.on)}
        found.append((told, _stage(_("延迟答复"), days, "条例35", "done")))
    return [stage for _step, stage in sorted(found, key=lambda pair: pair[0].on)]


def _clarification(seen: Progress, clock: Clock, asked: ClockStep) -> Stage:
    day, got = short_date(asked.on), seen.first("clarification_received")
    if seen.phase == "clarify":
        text = _("%(day)s通知") % {"day": day}
        if clock.waiting_until is not None:
            text += _("，最迟%(last)s") % {"last": short_date(clock.waiting_until)}
        return _stage(_("等您补正"), text, "条例30", "now")
    if got is not None:
        told = _("%(day)s通知，%(got)s收到您的补正") % {"day": day, "got": short_date(got.on)}
        return _stage(_("补正"), told, "条例30", "done")
    return _stage(
        _("补正"), _("%(day)s通知") % {"day": day}, "条例30", "stopped" if seen.phase == "given_up" else "done"
    )


def _consultation(seen: Progress, clock: Clock, asked: ClockStep, kind: str, title: str, article: str) -> Stage:
    sent = _("%(day)s发出") % {"day": short_date(asked.on)}
    if clock.status == "suspended" and kind in _open_kinds(seen):
        last = max(ended for _asked, ended in clock.suspensions)
        return _stage(title, sent + _("，最迟%(last)s收到意见") % {"last": short_date(last)}, article, "now")
    got = seen.last(f"{kind}_answered")
    return _stage(title, sent + (_("，%(day)s收到意见") % {"day": short_date(got.on)} if got else ""), article, "done")


def _open_kinds(seen: Progress) -> set[str]:
    """Kinds of party somebody of which has not answered."""
    ended = {
        s.party for s in seen.steps if s.step in ("third_party_answered", "third_party_undelivered", "agency_answered")
    }
    return {
        s.step.removesuffix("_asked")
        for s in seen.steps
        if s.party and s.step.endswith("_asked") and s.party not in ended
    }


def _reasons(seen: Progress, asked: ClockStep) -> Stage:
    text = _("%(day)s告知") % {"day": short_date(asked.on)}
    if got := seen.first("reasons_received"):
        text += _("，%(day)s收到您的说明") % {"day": short_date(got.on)}
    waiting = reasons_open(seen.steps) and seen.phase == "reasons"
    return _stage(_("等您说明理由") if waiting else _("说明理由"), text, "条例35", "now" if waiting else "done")


def _fee(seen: Progress, clock: Clock, told: ClockStep) -> Stage:
    text, paid = _("%(day)s通知") % {"day": short_date(told.on)}, seen.last("fee_paid")
    if seen.phase == "pay":
        if clock.waiting_until is not None:
            text += _("，最迟%(last)s") % {"last": short_date(clock.waiting_until)}
        return _stage(_("等您缴费"), text, "109号6", "now")
    if paid is not None:
        return _stage(_("缴费"), text + _("，%(day)s缴清") % {"day": short_date(paid.on)}, "109号6", "done")
    return _stage(_("缴费"), text, "109号6", "stopped" if seen.phase == "given_up" else "done")


def _work(seen: Progress) -> Stage:
    if seen.phase in ("clarify", "pay"):
        text = _("收到补正后开始") if seen.phase == "clarify" else _("收到缴费后开始")
        return _stage(_("审查办理"), text, "条例33", "later")
    if seen.phase == "replied":
        return _stage(_("审查办理"), _("已经完成"), "条例36", "done")
    title = _("拟写答复") if seen.case.state != RECEIVED else _("审查办理")
    if seen.phase in ("suspended", "reasons") and seen.case.state not in (IN_REVIEW, SIGNED):
        text = _("收到意见后继续") if seen.phase == "suspended" else _("收到说明后继续")
        return _stage(title, text, "条例36", "later")
    return _stage(title, _(_WORK[seen.case.state]), "条例36", "now")


def _reply(seen: Progress, clock: Clock) -> Stage:
    if clock.closed_on is not None:
        return _stage(_("答复"), _("%(day)s答复") % {"day": short_date(clock.closed_on)}, "条例33", "done")
    if clock.due_on is None:
        text = _("收到补正后 20 个工作日内") if seen.phase == "clarify" else _("收到缴费后 20 个工作日内")
        return _stage(_("答复"), text, "条例33", "later")
    text = _("最迟%(day)s") % {"day": short_date(clock.due_on, beside=clock.as_of)}
    return _stage(_("答复"), text + (_("，已经逾期") if seen.phase == "late" else ""), "条例33", "later")


def _after(seen: Progress) -> Stage:
    found = against(seen) if seen.phase == "replied" else None
    if found is None or found.days.review_until is None:
        return _stage(_("对答复不服"), _("收到答复后告知您期限"), "条例51", "later")
    last = max(day for day in (found.days.review_until, found.days.court_until) if day is not None)
    text = _("最迟%(day)s申请行政复议") % {"day": short_date(found.days.review_until, beside=seen.today)}
    return _stage(_("对答复不服"), text, "条例51", "now" if seen.today <= last else "later")


def _given_up(clock: Clock) -> Stage:
    lapsed = next(note for note in reversed(clock.notes) if note.effect == "abandoned")
    text = _("%(day)s届满") % {"day": full_date(lapsed.on or clock.as_of)}
    return {"title": _("视为放弃"), "text": text, "article": shortened(lapsed.article), "state": "stopped"}
