"""Clarification (条例30): told once, within seven working days; another last day; what came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.clarify import ClarifiedForm, ClarifyForm, ReplyByForm
from gongkai.desk.pages.foi.step import Caution, Further, Sight, Step, Steps
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.set_reply_by import set_reply_by
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.queries.sealed import wish
from gongkai.foi.wishes import Wish
from gongkai.law.articles import cite
from gongkai.law.reply_clock import ClockStep
from gongkai.law.reply_clock.acts import CLARIFICATION_WORKING_DAYS
from gongkai.law.verdicts import Allowed, Verdict
from gongkai.web.wording import date_with_weekday, short_date

#: [M] working days the form proposes for clarifying; the law says a reasonable time, the officer may set another day.
USUAL_WORKING_DAYS = 10
#: [I] fewer working days than this are asked about before the notice goes out.
SHORT_WORKING_DAYS = 5


class AskClarification(Step):
    verb = "ask_clarification"
    title = lazy("告知补正")
    button = lazy("告知补正")
    lead = lazy("申请内容不明确的，收到申请之日起 7 个工作日内一次性告知补正。")
    text = lazy(
        "只能告知一次。申请人补正后，答复期限从收到补正的次日起重新计算；无正当理由逾期不补正的，视为放弃申请。"
    )
    articles = cite("条例30")
    form_class = ClarifyForm
    paper = "clarification"

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        last = sight.workday(CLARIFICATION_WORKING_DAYS, sight.case.received_on)
        return [(_("告知补正的最后一日"), date_with_weekday(last))] if last else []

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"reply_by": sight.workday(USUAL_WORKING_DAYS)}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        if values["reply_by"] is None:
            return None
        return (*sight.steps, ClockStep("clarification_asked", sight.today, reply_by=values["reply_by"]))

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        last, asked = values["reply_by"], self.trial(sight, values)
        if asked is None or last < sight.today:
            return []
        taken = (*asked, ClockStep("clarification_received", last))
        return [
            Further(_("申请人在%(day)s补正的：") % {"day": short_date(last)}, taken, last),
            Further(_("到期没有补正的："), text=_("视为放弃申请，不再处理")),
        ]

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"items": values["items"] or "", "reply_by": values["reply_by"]}

    def cautions(self, sight: Sight, values: Mapping[str, Any]) -> list[Caution]:
        last = values["reply_by"]
        since = sight.calendar.count(sight.today, last) if last > sight.today else 0
        if since >= SHORT_WORKING_DAYS:
            return []
        said = _("留给申请人补正的时间只有 %(n)d 个工作日，是否合理请再核对。第三十条要求合理的补正期限。")
        return [Caution("short_time", said % {"n": since})]

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        ask_clarification(
            sight.case.number, on=sight.today, reply_by=values["reply_by"], items=values["items"], body=body,
            actor=actor, at=sight.me.at,
        )  # fmt: skip
        day = date_with_weekday(values["reply_by"])
        return _("已告知补正，补正告知书已存入案卷。期限停止计算，申请人最迟%(day)s补正。") % {"day": day}


class SetReplyBy(Step):
    verb = "set_reply_by"
    title = lazy("改定补正期限")
    button = lazy("改定补正期限")
    lead = lazy("申请人有正当理由来不及补正的，在期限届满前可以改定最后一日。")
    text = lazy("期限已过的，申请视为放弃，由负责人决定是否恢复办理。")
    articles = cite("条例30")
    form_class = ReplyByForm

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"reply_by": sight.workday(USUAL_WORKING_DAYS)}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        if values["reply_by"] is None:
            return None
        return (*sight.steps, ClockStep("reply_by_extended", sight.today, reply_by=values["reply_by"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return sight.answer_may_come(sight.today) and super().law(sight, values)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        set_reply_by(
            sight.case.number, on=sight.today, reply_by=values["reply_by"], reason=values["reason"], actor=actor,
            at=sight.me.at,
        )  # fmt: skip
        return _("补正期限已改定，申请人最迟%(day)s补正。") % {"day": date_with_weekday(values["reply_by"])}


class TakeClarification(Step):
    verb = "take_clarification"
    title = lazy("登记补正")
    button = lazy("登记补正")
    lead = lazy("收到补正的，答复期限从次日起重新计算 20 个工作日。")
    text = lazy("补正后仍不明确的，不再要求补正，在答复中说明。")
    articles = cite("条例30")
    form_class = ClarifiedForm
    outside = True

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today} | (wish(sight.case).as_dict() if sight.case.erased_at is None else {})

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        return (*sight.steps, ClockStep("clarification_received", values["on"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return sight.answer_may_come(values["on"]) and super().law(sight, values)

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Allowed()  # what came in time may be written down later

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        now = Wish(**{name: values[name] for name in ("name", "document_number", "features", "form", "delivery")})
        case = take_clarification(
            sight.case.number, on=values["on"], wish=now, text=values["text"], actor=actor, at=sight.me.at
        )
        day = date_with_weekday(case.due_on) if case.due_on else ""
        return _("已登记补正，期限重新计算，最迟%(day)s答复。") % {"day": day}


clarify = screen_for(AskClarification())
reply_by = screen_for(SetReplyBy())
clarified = screen_for(TakeClarification())
