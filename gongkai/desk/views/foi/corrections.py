"""Corrections of records about the applicant (条例41): receive, decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.record_corrections import AskedForm, DecideForm
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.step import Draft, Sight, Step
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.ask_correction import ask_correction
from gongkai.foi.actions.decide_correction import decide_correction
from gongkai.foi.models import FoiRequest, RecordCorrection
from gongkai.foi.models.care import CORRECTION_DECISIONS
from gongkai.foi.queries.sealed import file_name, text_of
from gongkai.law.articles import cite
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday


class AskCorrection(Step):
    verb = "ask_correction"
    title = lazy("登记更正要求")
    button = lazy("登记更正要求")
    lead = lazy("申请人有证据证明政府信息中与自身相关的记录不准确的，可以要求更正。")
    text = lazy(
        "有权更正的，审核属实后更正并告知；不属于本机关职能的，转送有权更正的机关并告知，或者告知申请人向其提出。"
    )
    articles = cite("条例41")
    template = "desk/foi/step_corrections.html"

    def form(self, sight: Sight, data: Any = None) -> StepForm:
        initial = {"seen": sight.case.touched_at.isoformat(), "on": sight.today}
        return AskedForm(data, initial=initial, files=_evidence(sight.case))

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        rows = sight.case.corrections.order_by("pk")
        return {"corrections": [_row(sight, row) for row in rows] if sight.case.erased_at is None else []}

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if sight.case.corrections.filter(decision="").exists():
            return Refused("correction_open", _("上一次更正要求正在办理。"))
        return Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        ask_correction(
            sight.case.number, what=values["what"], file_id=int(values["file_id"]) if values["file_id"] else None,
            on=values["on"], actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已登记更正要求，请审核后办理。")


class DecideCorrection(Step):
    verb = "decide_correction"
    title = lazy("办理更正")
    button = lazy("办理更正")
    lead = lazy("审核属实的予以更正并告知；不属于本机关职能范围的，转送有权更正的机关或者告知申请人向其提出。")
    text = lazy("法律没有规定办理的天数，应当及时。")
    articles = cite("条例41")
    form_class = DecideForm
    paper = "correction_answer"

    def row(self, case: FoiRequest, pk: int | None) -> RecordCorrection:
        return case.corrections.select_related("evidence__request__key").get(pk=pk)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        if sight.case.erased_at is not None:
            return []
        shown = _row(sight, sight.row)
        paper = file_name(sight.row.evidence) if sight.row.evidence else _("没有提供")
        return [(_("收到日期"), shown["asked_on"]), (_("更正的事项"), shown["what"]), (_("证据材料"), paper)]

    def drafts(self, sight: Sight, values: Mapping[str, Any], body: str) -> list[Draft]:
        return super().drafts(sight, values, body) if values["decision"] else []

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Refused("decided_already", _("这项更正要求已经办理。")) if sight.row.decision else Allowed()

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "what": text_of(sight.case.key, sight.row.what, "correction.what"), "asked_on": sight.row.asked_on,
            "decision": values["decision"], "reason": values["reason"] or "",
            "other_organ": values["other_organ"] or "",
        }  # fmt: skip

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        decide_correction(
            sight.row.pk, decision=values["decision"], reason=values["reason"], other_organ=values["other_organ"],
            on=sight.today, body=body, actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已办理：%(decision)s。答复书已存入案卷。") % {"decision": CORRECTION_DECISIONS[values["decision"]]}


def _evidence(case: FoiRequest) -> list[tuple[str, str]]:
    if case.erased_at is not None:
        return []
    papers = case.files.filter(kind="correction").select_related("request__key")
    return [(str(paper.pk), file_name(paper)) for paper in papers]


def _row(sight: Sight, row: RecordCorrection) -> dict[str, Any]:
    decided = date_with_weekday(row.decided_on) if row.decided_on else ""
    return {
        "asked_on": date_with_weekday(row.asked_on),
        "what": text_of(sight.case.key, row.what, "correction.what"),
        "stands": f"{decided} {_(CORRECTION_DECISIONS[row.decision])}" if row.decision else _("正在办理"),
        "url": "" if row.decision else reverse("desk:case_record_correction", args=[sight.case.number, row.pk]),
    }


corrections = screen_for(AskCorrection())
correction = screen_for(DecideCorrection())
