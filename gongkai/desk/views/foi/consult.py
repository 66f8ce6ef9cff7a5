"""Consultation: third parties (条例32), co-producing organs (条例34), organs to agree with (条例11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.consult import (
    EXAMINED,
    KINDS,
    MOST,
    AnswerForm,
    ConsultForm,
    LetterForm,
    ObjectionForm,
)
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.consulted import asked_rows, party_name
from gongkai.desk.pages.foi.step import Caution, Draft, Further, Sight, Step, Steps
from gongkai.desk.views.foi.step import screen_for
from gongkai.foi.actions.consult import Party
from gongkai.foi.actions.consult import consult as ask
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.letter_received import LETTERS
from gongkai.foi.actions.letter_received import letter_received as note_letter
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.models import CaseStep, Consultation, FoiRequest
from gongkai.foi.models.acts import CONSULTED, POSITIONS
from gongkai.foi.queries.clock import as_law
from gongkai.foi.queries.papers import draft_document
from gongkai.foi.queries.sealed import text_of
from gongkai.law.articles import cite
from gongkai.law.reply_clock import ClockStep
from gongkai.law.reply_clock.acts import CONSULTATION_WORKING_DAYS
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday


class Consult(Step):
    verb = "consult"
    title = lazy("征求意见")
    button = lazy("征求意见")
    lead = lazy("公开会损害第三方合法权益的，书面征求第三方意见；对方收到征询书之日起 15 个工作日内提出意见。")
    text = lazy(
        "征求第三方和其他机关意见所需的时间不计算在答复期限内。机关内部科室会办不暂停期限。同一对象只征求一次。"
    )
    articles = cite("条例32；条例33.3；条例34；条例11")
    form_class = ConsultForm
    paper = "consultation"
    wide = True
    rewritable = False  # each letter has a wording of its own
    template = "desk/foi/step_consult.html"

    def form(self, sight: Sight, data: Any = None) -> StepForm:
        return ConsultForm(data, initial={"seen": sight.case.touched_at.isoformat()})

    def one_more(self, data: Any) -> Any:
        told = data.get("party-TOTAL_FORMS", "1")
        data["party-TOTAL_FORMS"] = str(min(int(told) + 1, MOST) if told.isdecimal() and len(told) < 4 else 1)
        return data

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        return {"asked": asked_rows(sight)}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        return (*sight.steps, *_asking(sight, values["parties"])) if values["parties"] else None

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        said = _("期限按 15 个工作日届满预计；对方提前答复的，从答复次日起恢复计算")
        return [Further("", text=said)]

    def drafts(self, sight: Sight, values: Mapping[str, Any], body: str) -> list[Draft]:
        parties = values["parties"]
        if not parties:
            return []
        made = [_letter(sight, party, str(n)) for n, party in enumerate(parties, start=1)]
        told = {"parties": len(parties), "asked_on": sight.today}
        notice = draft_document(sight.case, "consultation_notice", dated=sight.today, body=body, extra=told)
        return [*made, Draft(notice, key="notice", to=_("告知申请人"), own=bool(body.strip()))]

    def cautions(self, sight: Sight, values: Mapping[str, Any]) -> list[Caution]:
        name = sight.told.name.strip()
        if len(name) < 2 or not any(name in f"{p.letter}\n{p.body}" for p in values["parties"]):
            return []
        said = _(
            "征询书里出现了申请人的姓名或者名称。向他人征求意见不需要说明申请人是谁，不是信息本身的内容的，请删去。"
        )
        return [Caution("names_applicant", said)]

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        made = ask(sight.case.number, values["parties"], on=sight.today, notice=body, actor=actor, at=sight.me.at)
        said = _("已向 %(n)d 个对象征求意见，征询书和告知书已存入案卷。收到回执后登记对方收到的日期。")
        return said % {"n": len(made)}


def _asking(sight: Sight, parties: list[Party]) -> list[ClockStep]:
    """The steps the action would write, with the labels it would give."""
    known = dict.fromkeys(CONSULTED, 0)
    for kind in sight.case.consultations.values_list("kind", flat=True):
        known[kind] += 1
    steps = []
    for party in parties:
        known[party.kind] += 1
        label = f"{CONSULTED[party.kind]}{known[party.kind]}"
        if party.kind == "third_party":
            steps.append(ClockStep("third_party_asked", sight.today, party=label, received_on=party.received_on))
        else:
            steps.append(ClockStep(
                "agency_asked", sight.today, party=label, received_on=party.received_on, basis=party.basis
            ))  # fmt: skip
    return steps


def _letter(sight: Sight, party: Party, key: str) -> Draft:
    kind = "consultation" if party.kind == "third_party" else "consultation_agency"
    fields = {"addressee": party.name, "letter": party.letter, "asked_on": sight.today, "basis": party.basis}
    made = draft_document(sight.case, kind, dated=sight.today, body=party.body, extra=fields)
    return Draft(made, key=key, to=party.name, own=bool(party.body.strip()))


class LetterReceived(Step):
    verb = "letter_received"
    title = lazy("登记收到日期")
    button = lazy("登记收到日期")
    lead = lazy("对方的期限从收到文书之日的次日起算，以送达回证或者邮政回执为准。")
    text = lazy("征求意见 15 个工作日，缴费 30 日。登记以后不再更改。")
    articles = cite("条例32；条例34；109号6")
    form_class = LetterForm
    outside = True

    def row(self, case: FoiRequest, pk: int | None) -> CaseStep:
        return case.steps.get(pk=pk, step__in=LETTERS, replaces=None)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        party = Consultation.objects.filter(asked=sight.row).first()
        to = party_name(sight.case, party) if party is not None else _("申请人（收费通知书）")
        return [(_("文书送交"), to), (_("发出日期"), date_with_weekday(sight.row.on))]

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"received_on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        sent = as_law(sight.row)
        return tuple(replace(s, received_on=values["received_on"]) if s == sent else s for s in sight.steps)

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if as_law(sight.row) not in sight.steps or sight.row.received_on is not None:
            return Refused("received_already", _("这封文书的收到日期已经登记，不再更改。"))
        return super().ready(sight, values)

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        day = values["received_on"]
        note_letter(sight.case.number, sight.row.pk, received_on=day, actor=actor, at=sight.me.at)
        return _("已登记对方收到的日期：%(day)s。") % {"day": date_with_weekday(day)}


class RecordAnswer(Step):
    verb = "record_consultation_answer"
    title = lazy("登记意见")
    button = lazy("登记意见")
    lead = lazy("收到意见的次日起恢复计算答复期限。")
    text = lazy("第三方不同意公开的，还要由本机关审查理由是否合理；只说不同意、不说理由的，不能据此不公开。")
    articles = cite("条例32；条例33.3；条例34")
    form_class = AnswerForm
    outside = True

    def row(self, case: FoiRequest, pk: int | None) -> Consultation:
        return case.consultations.select_related("asked").get(pk=pk)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return _about(sight)

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        return (*sight.steps, _answer(sight.row, values["on"], values["position"] or "agreed"))

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if sight.row.answered_id is not None:
            return Refused("answered_already", _("“%(label)s”的意见已经登记。") % {"label": sight.row.label})
        return Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        record_consultation_answer(
            sight.case.number, sight.row.label, on=values["on"], position=values["position"], text=values["text"],
            actor=actor, at=sight.me.at,
        )  # fmt: skip
        said = _("已登记意见：%(position)s。") % {"position": POSITIONS[values["position"]]}
        more = sight.row.kind == "third_party" and values["position"] == "objected"
        return said + (_("接下来请审查不同意的理由是否合理。") if more else "")


def _answer(asked: Consultation, on: Any, position: str) -> ClockStep:
    if asked.kind == "agency":
        return ClockStep("agency_answered", on, party=asked.label, position=position)
    if position == "undelivered":
        return ClockStep("third_party_undelivered", on, party=asked.label)
    return ClockStep("third_party_answered", on, party=asked.label, position=position)


class ExamineObjection(Step):
    verb = "examine_objection"
    title = lazy("审查第三方意见")
    button = lazy("登记审查结论")
    lead = lazy("第三方不同意公开且有合理理由的，不予公开；不公开会对公共利益造成重大影响的，可以公开。")
    text = lazy("由本机关审查，不能只凭第三方不同意就不公开。决定公开的，将公开的内容和理由书面告知第三方。")
    articles = cite("条例32；条例15")
    form_class = ObjectionForm
    template = "desk/foi/step_objection.html"

    def row(self, case: FoiRequest, pk: int | None) -> Consultation:
        return case.consultations.select_related("asked").get(pk=pk)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        said = text_of(sight.case.key, sight.row.answer, "consultation.answer") if sight.row.answer else ""
        found = {None: _("还没有审查"), True: _("理由合理"), False: _("理由不合理")}[sight.row.reasonable]
        return [*_about(sight), (_("不同意的理由"), said or _("没有说明理由")), (_("审查情况"), found)]

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        rows = [{"value": code, "title": row[1], "hint": row[2]} for code, row in EXAMINED.items()]
        return {"examined": rows}

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        if sight.row.position != "objected":
            said = _("“%(label)s”没有提出不同意公开的意见。") % {"label": sight.row.label}
            return Refused("no_objection", said)
        return Allowed()

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        reasonable, words, follows = EXAMINED[values["found"]]
        examine_objection(
            sight.case.number, sight.row.label, reasonable=reasonable, reason=f"{words}。\n{values['reason']}",
            actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("已登记审查结论：%(words)s。%(follows)s") % {"words": words, "follows": follows}


def _about(sight: Sight) -> list[tuple[str, str]]:
    asked: Consultation = sight.row
    received = next((s.received_on for s in sight.steps if s.party == asked.label and s.received_on), None)
    last = sight.workday(CONSULTATION_WORKING_DAYS, received or asked.asked.on)
    kind = "third_party" if asked.kind == "third_party" else f"agency{asked.basis}"
    rows = [
        (_("对象"), f"{party_name(sight.case, asked)}（{asked.label}）"),
        (_("依据"), str(KINDS[kind][2])),
        (_("发出日期"), date_with_weekday(asked.asked.on)),
        (_("收到日期"), date_with_weekday(received) if received else _("还没有登记")),
    ]
    return rows + ([(_("答复的最后一日"), date_with_weekday(last))] if last else [])


consult = screen_for(Consult())
letter = screen_for(LetterReceived())
answer = screen_for(RecordAnswer())
objection = screen_for(ExamineObjection())
