"""Information processing fee (条例42; 国办函〔2020〕109号): law computes, one proposes, the head decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.extend import DecisionForm, RefusalForm
from gongkai.desk.forms.foi.fee import FeeForm, PaymentForm
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.proposals import decided, proposal_facts, proposal_of, ready_to_decide
from gongkai.desk.pages.foi.same_month import same_month_facts
from gongkai.desk.pages.foi.step import Further, Sight, Step, Steps
from gongkai.desk.pages.foi.verbs import HEAD
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.approve_fee import approve_fee, fee_fields
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.record_payment import record_payment
from gongkai.foi.actions.refuse_fee import refuse_fee
from gongkai.foi.models import Fee, FoiRequest
from gongkai.foi.queries.same import received_days
from gongkai.law.articles import cite
from gongkai.law.fees import FeeError, FeeProposal, already_in_month, fee_by_page, fee_by_piece
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday, short_date, thousands


def _computed(sight: Sight, method: str, pages: int) -> FeeProposal | str:
    """What law computes, or its sentence why it cannot."""
    already = already_in_month(received_days(sight.case, before=True), sight.case.received_on or sight.today)
    try:
        return fee_by_piece(already, 1) if method == "piece" else fee_by_page(pages)
    except FeeError as error:
        return error.sentence


def _of(fee: Fee) -> FeeProposal:
    """The tiers of a fee that was proposed."""
    return fee_by_piece(fee.already, fee.units) if fee.method == "piece" else fee_by_page(fee.units)


class ProposeFee(Step):
    verb = "propose_fee"
    title = lazy("提请收费")
    button = lazy("提请收费")
    look = lazy("核算金额")
    lead = lazy("不收取费用是原则；数量、频次明显超过合理范围的，可以收取信息处理费。")
    text = lazy("按件或者按量计收，不能并用，金额由系统依照规定核算。是否收取由负责人决定；提请不改变期限。")
    articles = cite("条例42；109号")
    form_class = FeeForm
    template = "desk/foi/step_fee.html"

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return [*same_month_facts(sight), *decided(sight.case, sight.case.fees)]

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        values = form.given()
        if not values["method"]:
            return {"fee": None}
        found = _computed(sight, values["method"], values["pages"] or 0)
        if isinstance(found, str):
            return {"fee": {"lines": [], "total": found}}
        return {"fee": {"lines": [line.sentence for line in found.lines], "total": found.sentence}}

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if proposal_of(sight.case.fees) is not None:
            return Refused("proposed_already", _("已有一项收费正在等待决定。"))
        return Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        fee = propose_fee(
            sight.case.number, method=values["method"], excessive=values["excessive"], reason=values["reason"],
            pages=values["pages"] or 0, only_told_where=values["only_told_where"], actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已提请收费 %(yuan)s 元，等待负责人决定。期限没有改变。") % {"yuan": thousands(fee.yuan)}


class ApproveFee(Step):
    verb = "approve_fee"
    roles = HEAD
    title = lazy("决定收费")
    button = lazy("同意收费")
    lead = lazy("同意收费的，当日通知申请人，写明依据、标准、数额和缴纳方式。")
    text = lazy("收费通知应当在答复期限内作出。申请人缴费后，答复期限从次日起重新计算；逾期不缴的，视为放弃申请。")
    articles = cite("条例42；109号6")
    form_class = DecisionForm
    paper = "fee"
    template = "desk/foi/step_decide.html"

    def row(self, case: FoiRequest, pk: int | None) -> Fee | None:
        return proposal_of(case.fees)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        if sight.row is None:
            return decided(sight.case, sight.case.fees)
        tiers = "\n".join(line.sentence for line in _of(sight.row).lines)
        yuan = _("%(yuan)s 元") % {"yuan": thousands(sight.row.yuan)}
        return [(_("提请收取"), yuan), (_("核算"), tiers), *proposal_facts(sight.case, sight.row)]

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        return {"refuse_route": "desk:case_fee_refuse", "refuse_title": _("不同意收费")}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        return (*sight.steps, ClockStep("fee_notified", sight.today)) if sight.row is not None else None

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        told = self.trial(sight, values)
        found = sight.trial(told).clock if told is not None else None
        last = found.waiting_until if found is not None else None
        if told is None or last is None:
            return []
        lead = _("申请人在%(day)s缴费的：") % {"day": short_date(last)}
        return [
            Further(lead, (*told, ClockStep("fee_paid", last)), last),
            Further(_("到期没有缴费的："), text=_("视为放弃申请，不再处理")),
        ]

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return ready_to_decide(sight) and super().ready(sight, values)

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        if sight.row is None:
            return {}
        return fee_fields(sight.row)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        approve_fee(sight.case.number, notified_on=sight.today, body=body, actor=actor, at=sight.me.at)
        return _("已同意收费，收费通知书已存入案卷，今天通知申请人。收到回执后登记收到日期。")


class RefuseFee(Step):
    verb = "refuse_fee"
    roles = HEAD
    title = lazy("不同意收费")
    button = lazy("不同意收费")
    lead = lazy("不同意收费的，期限不变，请写明理由。")
    articles = cite("条例42")
    form_class = RefusalForm

    def row(self, case: FoiRequest, pk: int | None) -> Fee | None:
        return proposal_of(case.fees)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return ApproveFee.facts(self, sight)  # type: ignore[arg-type]

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return ready_to_decide(sight)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        refuse_fee(sight.case.number, reason=values["reason"], actor=actor, at=sight.me.at)
        return _("已记为不同意收费，期限不变。经办人会看到您的理由。")


class RecordPayment(Step):
    verb = "record_payment"
    title = lazy("登记缴费")
    button = lazy("登记缴费")
    lead = lazy("申请人缴费后，答复期限从缴费完成的次日起重新计算 20 个工作日。")
    text = lazy("缴费的最后一日从申请人收到收费通知书之日的次日起算。")
    articles = cite("109号6")
    form_class = PaymentForm
    outside = True
    template = "desk/foi/step_payment.html"

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        fee = _charged(sight.case)
        if fee is None:
            return []
        return [(_("应缴"), _("%(yuan)s 元") % {"yuan": thousands(fee.yuan)})]

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        fee = _charged(sight.case)
        told = next((s for s in sight.steps if s.step == "fee_notified"), None)
        if fee is None or fee.step_id is None or told is None or told.received_on is not None:
            return {"letter_url": ""}
        return {"letter_url": reverse("desk:case_letter", args=[sight.case.number, fee.step_id])}

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        return (*sight.steps, ClockStep("fee_paid", values["on"]))

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return sight.answer_may_come(values["on"]) and super().law(sight, values)

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Allowed()  # what was paid in time may be written down later

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        case = record_payment(sight.case.number, on=values["on"], actor=actor, at=sight.me.at)
        day = date_with_weekday(case.due_on) if case.due_on else ""
        return _("已登记缴费，期限重新计算，最迟%(day)s答复。") % {"day": day}


def _charged(case: FoiRequest) -> Fee | None:
    """The fee that was agreed to and is not paid."""
    return case.fees.filter(decision="approved", paid_on=None).order_by("-pk").first()


fee = screen_for(ProposeFee())
fee_decide = screen_for(ApproveFee())
fee_refuse = screen_for(RefuseFee())
payment = screen_for(RecordPayment())
