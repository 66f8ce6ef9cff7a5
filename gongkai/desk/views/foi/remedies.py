"""Administrative review and litigation against a request's handling, and how they ended (条例51)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.remedies import KINDS, ConcludedForm, RemedyForm
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.step import Sight, Step
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.conclude_remedy import conclude_remedy
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.models import FoiRequest, Remedy
from gongkai.foi.models.outcomes import REMEDY_RESULTS
from gongkai.foi.queries.sealed import text_of
from gongkai.law.articles import cite
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday


class RegisterRemedy(Step):
    verb = "register_remedy"
    title = lazy("登记复议诉讼")
    button = lazy("登记复议诉讼")
    lead = lazy("申请人认为行政行为侵犯其合法权益的，可以申请行政复议或者提起行政诉讼；结果计入年度报告。")
    text = lazy("收到复议申请书副本以后，简易程序 5 个工作日、普通程序 10 个工作日内提交答复和证据，逾期视为没有依据。")
    articles = cite("条例51；行政复议法48；行政复议法54；行政复议法70")
    form_class = RemedyForm
    template = "desk/foi/step_remedies.html"

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        return {"remedies": [_row(sight, row) for row in sight.case.remedies.order_by("pk")]}

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"filed_on": sight.today}

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        register_remedy(
            sight.case.number, kind=values["kind"], body=values["body_name"], docket=values["docket"],
            filed_on=values["filed_on"], actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已登记：%(kind)s。答辩用的案卷请在案卷页面形成。") % {"kind": KINDS[values["kind"]]}


class ConcludeRemedy(Step):
    verb = "conclude_remedy"
    title = lazy("登记复议诉讼结果")
    button = lazy("登记结果")
    lead = lazy("维持、纠正或者其他结果计入年度报告第四项；登记一次，不再更改。")
    text = lazy("责令重新答复的，按期另行答复。")
    articles = cite("条例50；30号")
    form_class = ConcludedForm

    def row(self, case: FoiRequest, pk: int | None) -> Remedy:
        return case.remedies.get(pk=pk)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        shown = _row(sight, sight.row)
        return [(_("种类"), shown["kind"]), (_("机关"), shown["body"]), (_("案号"), shown["docket"]),
                (_("收到通知"), shown["filed_on"])]  # fmt: skip

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Refused("concluded_already", _("这一项的结果已经登记。")) if sight.row.result else Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        conclude_remedy(
            sight.case.number, sight.row.pk, result=values["result"], on=values["on"], note=values["note"],
            redo_by=values["redo_by"], actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已登记结果：%(result)s。") % {"result": REMEDY_RESULTS[values["result"]]}


def _row(sight: Sight, row: Remedy) -> dict[str, Any]:
    concluded = date_with_weekday(row.concluded_on) if row.concluded_on else ""
    docket = text_of(sight.case.key, row.docket, "remedy.docket") if sight.case.erased_at is None else ""
    return {
        "kind": str(KINDS[row.kind]),
        "body": row.body,
        "docket": docket or _("没有登记"),
        "filed_on": date_with_weekday(row.filed_on),
        "stands": f"{concluded} {_(REMEDY_RESULTS[row.result])}" if row.result else _("尚未审结"),
        "url": "" if row.result else reverse("desk:case_remedy_result", args=[sight.case.number, row.pk]),
    }


remedies = screen_for(RegisterRemedy())
remedy_result = screen_for(ConcludeRemedy())
