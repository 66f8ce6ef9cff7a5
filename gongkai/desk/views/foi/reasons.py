"""Requests excessive in number or frequency (条例35): ask for reasons, take them, set a reasonable later day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.reasons import DelayForm, ReasonsForm, ReasonsTakenForm
from gongkai.desk.pages.foi.same_month import same_month_facts
from gongkai.desk.pages.foi.step import Sight, Step, Steps
from gongkai.desk.pages.foi.verbs import HEAD
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.delay import delay as set_delay
from gongkai.foi.actions.take_reasons import take_reasons
from gongkai.law.articles import cite
from gongkai.law.foi_moves import may_delay
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday

#: [I] working days beyond the day in force that the form proposes; the law says a reasonable time.
USUAL_DELAY = 20


class AskReasons(Step):
    verb = "ask_reasons"
    title = lazy("要求说明理由")
    button = lazy("要求说明理由")
    lead = lazy("申请公开的数量、频次明显超过合理范围的，可以要求申请人说明理由。")
    text = lazy(
        "理由不合理的，告知不予处理；理由合理但不能按期答复的，可以确定延迟答复的合理期限并告知。答复期限照常计算。"
    )
    articles = cite("条例35")
    form_class = ReasonsForm
    paper = "reasons"

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return same_month_facts(sight)

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        return (*sight.steps, ClockStep("reasons_asked", sight.today))

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Allowed()

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": values["text"] or ""}

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        ask_reasons(sight.case.number, on=sight.today, text=values["text"], body=body, actor=actor, at=sight.me.at)
        return _("已要求说明理由，告知书已存入案卷。答复期限照常计算。")


class TakeReasons(Step):
    verb = "take_reasons"
    title = lazy("登记理由说明")
    button = lazy("登记理由说明")
    lead = lazy("理由不合理的，不予处理；合理但不能按期答复的，由负责人确定延迟答复的期限。")
    text = lazy("登记不改变期限。")
    articles = cite("条例35")
    form_class = ReasonsTakenForm
    outside = True

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        return (*sight.steps, ClockStep("reasons_received", values["on"]))

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if not any(step.step == "reasons_asked" for step in sight.steps):
            return Refused("never_asked", _("没有要求过说明理由，请先要求说明理由。"), cite("条例35"))
        return Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        take_reasons(sight.case.number, on=values["on"], text=values["text"], actor=actor, at=sight.me.at)
        return _("已登记申请人的理由说明。")


class Delay(Step):
    verb = "delay"
    roles = HEAD
    title = lazy("告知延迟答复")
    button = lazy("告知延迟答复")
    lead = lazy("申请理由合理但不能在规定期限内答复的，可以确定延迟答复的合理期限并告知申请人。")
    text = lazy("先要求说明理由；在现在的期限届满前告知。延迟以后不能再延长。")
    articles = cite("条例35")
    form_class = DelayForm
    paper = "delay"

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return same_month_facts(sight)

    def initial(self, sight: Sight) -> dict[str, Any]:
        due = sight.clock.due_on if sight.clock else None
        return {"until": sight.workday(USUAL_DELAY, due) if due else None}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        if values["until"] is None:
            return None
        return (*sight.steps, ClockStep("delayed", sight.today, until=values["until"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return may_delay(sight.steps) and super().law(sight, values)

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        tried = self.trial(sight, values)
        found = sight.trial(tried).clock if tried is not None else None
        return {"until": found.due_on if found else values["until"], "reason": values["reason"] or ""}

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        case = set_delay(
            sight.case.number, on=sight.today, until=values["until"], reason=values["reason"], body=body, actor=actor,
            at=sight.me.at,
        )  # fmt: skip
        day = date_with_weekday(case.due_on) if case.due_on else ""
        return _("已告知延迟答复，告知书已存入案卷，最迟%(day)s答复。") % {"day": day}


reasons = screen_for(AskReasons())
reasons_taken = screen_for(TakeReasons())
delay = screen_for(Delay())
