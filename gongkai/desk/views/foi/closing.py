"""How a request ends without a reply, how it is filed, and how one given up is taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.closing import ReopenForm, WithdrawnForm
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.step import Sight, Step, Steps
from gongkai.desk.pages.foi.verbs import HEAD
from gongkai.desk.views.foi.clarify import USUAL_WORKING_DAYS
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.close import close as end
from gongkai.foi.actions.reopen import reopen as take_up_again
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.law.articles import cite
from gongkai.law.foi_moves import GIVEN_UP, GIVEN_UP_REPLY, may_give_up, may_reopen, may_withdraw
from gongkai.law.replies import report_row
from gongkai.law.reply_clock import ClockStep
from gongkai.law.report_form import READABLE_ROWS
from gongkai.law.verdicts import Allowed, Verdict
from gongkai.web.wording import date_with_weekday


class Withdraw(Step):
    verb = "withdraw_request"
    title = lazy("登记撤回申请")
    button = lazy("登记撤回")
    lead = lazy("申请人可以撤回申请；撤回以后不再计算期限，也不再答复。")
    text = lazy("正在审签的答复随之结束。计入年度报告“其他处理”的“其他”。")
    articles = cite("条例27")
    form_class = WithdrawnForm

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        return (*sight.steps, ClockStep("withdrawn", values["on"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if sight.clock is not None and not (verdict := may_withdraw(sight.clock)):
            return verdict
        return super().law(sight, values)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        withdraw_request(sight.case.number, on=values["on"], text=values["text"], actor=actor, at=sight.me.at)
        return _("已登记撤回，这件申请不再答复。归档前请核对案卷。")


class GiveUp(Step):
    verb = "give_up"
    title = lazy("按放弃申请办结")
    button = lazy("按放弃办结")
    lead = lazy("申请人无正当理由逾期不补正或者逾期不缴费的，视为放弃申请，不再处理。")
    text = lazy("期限届满才能办结。申请人有正当理由的，由负责人决定恢复办理。")
    articles = cite("条例30；109号6")

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        last = sight.clock.waiting_until if sight.clock else None
        rows = [(_("最后一日"), date_with_weekday(last))] if last else []
        code = GIVEN_UP_REPLY.get(sight.case.state)
        return rows + ([(_("计入年度报告"), READABLE_ROWS[report_row(code)].label)] if code else [])

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return may_give_up(sight.clock) if sight.clock is not None else Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        end(sight.case.number, actor=actor, at=sight.me.at)
        return _("已按放弃申请办结，不再处理。")


class Close(Step):
    verb = "close"
    title = lazy("办结归档")
    button = lazy("办结归档")
    lead = lazy("答复、撤回或者按放弃办结以后归档；归档以后不再存入材料。")
    text = lazy("行政复议、行政诉讼在归档以后仍然可以登记。")
    articles = cite("条例45")

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        end(sight.case.number, actor=actor, at=sight.me.at)
        return _("已办结归档。")


class Reopen(Step):
    verb = "reopen"
    roles = HEAD
    title = lazy("恢复办理")
    button = lazy("恢复办理")
    lead = lazy("申请人有正当理由逾期的，由政府信息公开工作机构负责人决定恢复办理。")
    text = lazy("恢复以后继续等待补正或者缴费，原来的统计结果作废。已经计入上一年度报告的，登记为新的申请。")
    articles = cite("条例30；109号6")
    form_class = ReopenForm

    def form(self, sight: Sight, data: Any = None) -> StepForm:
        made = super().form(sight, data)
        if _for_payment(sight):
            del made.fields["reply_by"]
        return made

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"reply_by": sight.workday(USUAL_WORKING_DAYS)}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        steps = (*sight.steps, ClockStep("reopened", sight.today))
        if values.get("reply_by") is None:
            return steps
        return (*steps, ClockStep("reply_by_extended", sight.today, reply_by=values["reply_by"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if sight.clock is None:
            return super().law(sight, values)
        row = sight.case.outcomes.filter(voided_at=None).first() if sight.case.state == GIVEN_UP else None
        reason = values["reason"] or _("待填写")
        may = may_reopen(sight.clock, outcome_on=row.decided_on if row else None, on=sight.today, reason=reason)
        return may and super().law(sight, values)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        take_up_again(
            sight.case.number, reason=values["reason"], reply_by=values.get("reply_by"), actor=actor, at=sight.me.at
        )
        return _("已恢复办理，继续等待申请人。")


def _for_payment(sight: Sight) -> bool:
    """Was it payment that was awaited in vain, for which no other last day can be set?"""
    done = [step.step for step in sight.steps]
    return done.count("fee_notified") > done.count("fee_paid")


withdraw = screen_for(Withdraw())
give_up = screen_for(GiveUp())
close = screen_for(Close())
reopen = screen_for(Reopen())
