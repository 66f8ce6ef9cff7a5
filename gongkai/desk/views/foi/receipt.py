"""Confirm the day of receipt by the rule of its channel (条例31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.receipt import ReceiptForm
from gongkai.desk.pages.foi.step import Further, Sight, Step, Steps
from gongkai.desk.pages.foi.step_clock import answer_by
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.confirm_receipt import confirm_receipt as confirm
from gongkai.law.articles import cite
from gongkai.law.reply_clock import ClockStep
from gongkai.law.reply_clock.acts import CLARIFICATION_WORKING_DAYS
from gongkai.web.wording import date_with_weekday

#: Channel → its name, and which day counts (条例31).
CHANNEL_RULES = {
    "in_person": (lazy("当面提交"), lazy("以提交之日为收到之日。")),
    "registered_mail": (lazy("邮寄，需要签收"), lazy("以签收之日为收到之日，收发室签收的也算。")),
    "ordinary_mail": (lazy("平常信函"), lazy("收到当日与申请人确认，以确认之日为收到之日。")),
    "online": (lazy("互联网渠道"), lazy("以双方确认之日为收到之日。")),
    "fax": (lazy("传真"), lazy("以双方确认之日为收到之日。")),
}


class ConfirmReceipt(Step):
    verb = "confirm_receipt"
    title = lazy("确认收到之日")
    button = lazy("确认收到")
    lead = lazy("答复期限从收到之日的次日起算；收到之日由提交的渠道决定。")
    text = lazy("平常信函、互联网、传真提交的，应当当日与申请人联系确认，不能因为没有及时发现而推后。")
    articles = cite("条例31")
    form_class = ReceiptForm
    paper = "receipt"
    rewritable = False

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        name, rule = CHANNEL_RULES[sight.case.channel]
        return [
            (_("提交渠道"), str(name)),
            (_("哪一天算收到"), str(rule)),
            (_("到达日期"), date_with_weekday(sight.case.arrived_on)),
        ]

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"confirmed_on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        case = sight.case
        received = ClockStep("received", case.arrived_on, channel=case.channel, confirmed_on=values["confirmed_on"])
        return (*sight.steps, received)

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        last = sight.workday(CLARIFICATION_WORKING_DAYS, values["confirmed_on"])
        return [Further(_("内容不明确的，告知补正的最后一日："), text=date_with_weekday(last))] if last else []

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        clock = sight.trial(self.trial(sight, values)).clock
        return {
            "received_on": values["confirmed_on"], "arrived_on": sight.case.arrived_on,
            "due_on": clock.due_on if clock else None, "clock_sentence": clock.sentence if clock else "",
        }  # fmt: skip

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        case = confirm(sight.case.number, confirmed_on=values["confirmed_on"], actor=actor, at=sight.me.at)
        return _("已确认收到之日，%(due)s。登记回执已存入案卷，申请人可以查看。") % {"due": _due(case.due_on, sight)}


def _due(due_on: date | None, sight: Sight) -> str:
    return _("最迟%(day)s答复") % {"day": date_with_weekday(due_on)} if due_on else answer_by(sight.clock)


confirm_receipt = screen_for(ConfirmReceipt())
