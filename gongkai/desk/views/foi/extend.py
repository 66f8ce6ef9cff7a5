"""Extension (条例33.2): one proposes, the head of the disclosure office decides in an act of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.extend import DecisionForm, ExtensionForm, RefusalForm
from gongkai.desk.pages.foi.proposals import decided, proposal_facts, proposal_of, ready_to_decide
from gongkai.desk.pages.foi.step import Further, Sight, Step, Steps
from gongkai.desk.pages.foi.verbs import HEAD
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.refuse_extension import refuse_extension
from gongkai.foi.actions.turning import APPROVED_BY
from gongkai.foi.models import Extension, FoiRequest
from gongkai.foi.queries.sealed import text_of
from gongkai.law.articles import cite
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refused, Verdict
from gongkai.web.wording import date_with_weekday


def _extended(sight: Sight, working_days: int) -> Steps:
    """As if agreed and told today."""
    told = ClockStep("extended", sight.today, working_days=working_days, approved_by=APPROVED_BY)
    return (*sight.steps, told)


class ProposeExtension(Step):
    verb = "propose_extension"
    title = lazy("提请延长答复期限")
    button = lazy("提请延长")
    lead = lazy(
        "不能在 20 个工作日内答复的，经政府信息公开工作机构负责人同意并告知申请人，可以延长不超过 20 个工作日。"
    )
    text = lazy("提请不改变期限；负责人同意并在期限届满前告知申请人，才延长。")
    articles = cite("条例33.2")
    form_class = ExtensionForm

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        return _extended(sight, values["working_days"])

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        clock = sight.clock
        if clock is None or clock.due_on is None:
            return []
        said = _("负责人最迟%(day)s决定并告知申请人，过后不能延长") % {"day": date_with_weekday(clock.due_on)}
        return [Further(_("以上按负责人今天同意计算。"), text=said)]

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if proposal_of(sight.case.extensions) is not None:
            return Refused("proposed_already", _("已有一项延长正在等待决定。"))
        return super().ready(sight, values)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return decided(sight.case, sight.case.extensions)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        propose_extension(
            sight.case.number, working_days=values["working_days"], reason=values["reason"], actor=actor, at=sight.me.at
        )
        return _("已提请延长 %(n)d 个工作日，等待负责人决定。期限没有改变。") % {"n": values["working_days"]}


class ApproveExtension(Step):
    verb = "approve_extension"
    roles = HEAD
    title = lazy("决定延长答复期限")
    button = lazy("同意延长")
    lead = lazy("同意延长是政府信息公开工作机构负责人自己的决定，同意当日告知申请人。")
    text = lazy("应当在现在的期限届满前告知；只能延长一次，不能由提请的人自己同意。")
    articles = cite("条例33.2")
    form_class = DecisionForm
    paper = "extension"
    template = "desk/foi/step_decide.html"

    def row(self, case: FoiRequest, pk: int | None) -> Extension | None:
        return proposal_of(case.extensions)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        if sight.row is None:
            return decided(sight.case, sight.case.extensions)
        asked = (_("提请延长"), _("%(n)d 个工作日") % {"n": sight.row.working_days})
        return [asked, *proposal_facts(sight.case, sight.row)]

    def panel(self, sight: Sight, form: Any) -> dict[str, Any]:
        return {"refuse_route": "desk:case_extension_refuse", "refuse_title": _("不同意延长")}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        return _extended(sight, sight.row.working_days) if sight.row is not None else None

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return ready_to_decide(sight) and super().ready(sight, values)

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        if sight.row is None:
            return {}
        found = sight.trial(_extended(sight, sight.row.working_days)).clock
        return {
            "working_days": sight.row.working_days, "new_due_on": found.due_on if found else None,
            "reason": text_of(sight.case.key, sight.row.reason, "proposal.reason"),
        }  # fmt: skip

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        approve_extension(sight.case.number, notified_on=sight.today, body=body, actor=actor, at=sight.me.at)
        sight.case.refresh_from_db()
        day = date_with_weekday(sight.case.due_on) if sight.case.due_on else ""
        return _("已同意延长，最迟%(day)s答复。延期告知书已存入案卷，今天告知申请人。") % {"day": day}


class RefuseExtension(Step):
    verb = "refuse_extension"
    roles = HEAD
    title = lazy("不同意延长答复期限")
    button = lazy("不同意延长")
    lead = lazy("不同意延长的，期限不变，请写明理由。")
    text = lazy("经办人可以另行提请。")
    articles = cite("条例33.2")
    form_class = RefusalForm

    def row(self, case: FoiRequest, pk: int | None) -> Extension | None:
        return proposal_of(case.extensions)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return ApproveExtension.facts(self, sight)  # type: ignore[arg-type]

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return ready_to_decide(sight)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        refuse_extension(sight.case.number, reason=values["reason"], actor=actor, at=sight.me.at)
        return _("已记为不同意延长，期限不变。经办人会看到您的理由。")


extend = screen_for(ProposeExtension())
extension = screen_for(ApproveExtension())
extension_refuse = screen_for(RefuseExtension())
