"""Accepting a request and the work of sections: the rows behind their screens, and a section's own list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.forms.foi.tasks import AcceptForm, AssignForm, FinishForm, SearchForm
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.step import Sight, Step
from gongkai.desk.who import Me
from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.actions.finish_task import ROLES as FINISHERS
from gongkai.foi.actions.finish_task import finish_task
from gongkai.foi.actions.record_search import ROLES as SEARCHERS
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.models import FoiRequest, SectionTask
from gongkai.foi.queries.board import Calendars
from gongkai.foi.queries.desk import tasks_for
from gongkai.foi.queries.sealed import text_of
from gongkai.law.articles import cite
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.web.wording import date_with_weekday, full_date, short_date, working_days_in_column

#: [I] internal date proposed for a section: working days from today
SECTION_WORKING_DAYS = 5


class OfSections(Step):
    """A step with a choice among the sections of the organ."""

    def form(self, sight: Sight, data: Any = None) -> StepForm:
        made = super().form(sight, data)
        made.fields["section"].queryset = Section.objects.filter(  # type: ignore[attr-defined]
            organ=sight.case.organ, active=True
        )
        return made


class Accept(OfSections):
    verb = "accept"
    title = lazy("受理")
    button = lazy("受理")
    lead = lazy("受理后，在法定期限内作出答复。")
    text = lazy("内容不明确的，收到之日起7个工作日内一次性告知补正。")
    articles = f"{cite('条例30')}、{cite('条例33')}"
    form_class = AcceptForm

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"section": sight.case.section_id}

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        accept(sight.case.number, section=values["section"], actor=actor, at=sight.me.at)
        return _("已受理，由%(section)s承办。") % {"section": values["section"].name}


class Assign(OfSections):
    verb = "assign_task"
    title = lazy("分办科室")
    button = lazy("分办")
    lead = lazy("一件申请可以分给几个科室，各有内部期限；内部期限不影响法定答复期限。")
    articles = cite("条例33")
    form_class = AssignForm

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"due_on": sight.workday(SECTION_WORKING_DAYS)}

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        return [
            (task.section.name, _("最迟%(day)s办结，还没有办结") % {"day": full_date(task.due_on)})
            if task.finished_at is None
            else (task.section.name, _("已办结"))
            for task in sight.case.tasks.select_related("section").order_by("pk")
        ]

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        assign_task(
            sight.case.number, values["section"], due_on=values["due_on"], asked=values["asked"], actor=actor,
            at=sight.me.at,
        )  # fmt: skip
        told = {"section": values["section"].name, "day": date_with_weekday(values["due_on"])}
        return _("已分办给%(section)s，科室最迟%(day)s办结。") % told


class Finish(Step):
    verb = "finish_task"
    roles = FINISHERS
    title = lazy("办结科室事项")
    button = lazy("办结")
    lead = lazy("写明找到了什么、有什么意见；检索的情况另行记录。")
    articles = cite("条例36(4)")
    form_class = FinishForm

    def row(self, case: FoiRequest, pk: int | None) -> SectionTask:
        return SectionTask.objects.select_related("section").get(request=case, pk=pk)

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        task = sight.row
        return [
            (_("承办科室"), task.section.name),
            (_("科室办理期限"), date_with_weekday(task.due_on)),
            (_("要办的事"), asked_of(task)),
        ]

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        return Allowed() if sight.row.finished_at is None else Refused("task_finished", _("这一项已经办结。"))

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        finish_task(sight.case.number, sight.row.pk, answer=values["answer"], actor=actor, at=sight.me.at)
        return _("已办结%(section)s的事项。") % {"section": sight.row.section.name}


class Search(Step):
    verb = "record_search"
    roles = SEARCHERS
    title = lazy("记录检索")
    button = lazy("保存记录")
    busy = lazy("正在保存…")
    lead = lazy("答复“信息不存在”，要能说明在哪里、用什么方法检索过。")
    text = lazy("检索到的信息，请另外存入材料。")
    articles = cite("条例36(4)")
    form_class = SearchForm

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {"on": sight.today}

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        record_search(
            sight.case.number, places=values["places"], terms=values["terms"], result=values["result"],
            found=values["found"] == "yes", on=values["on"], actor=actor, at=sight.me.at,
        )  # fmt: skip
        return _("检索记录已存入案卷。")


def asked_of(task: SectionTask) -> str:
    """What the section is to do."""
    return text_of(task.request.key, task.asked, "task.asked")


def task_rows(me: Me) -> list[dict[str, Any]]:
    """Open tasks of the sections this person works in, by internal date; beside it the statutory day."""
    calendars, rows = Calendars(), []
    for task in tasks_for(me.held).select_related("request__applicant__key"):
        case = task.request
        calendar = calendars.of(case.organ_id)
        late = task.due_on < me.today
        days = calendar.count(task.due_on, me.today) if late else calendar.count(me.today, task.due_on)
        rows.append(
            {
                "title": title(case),
                "number": case.number,
                "section": task.section.name,
                "asked": asked_of(task),
                "due_on": task.due_on,
                "left": working_days_in_column(-days if late else days),
                "late": late,
                "statutory": _("法定期限%(day)s") % {"day": short_date(case.due_on)} if case.due_on else "",
                "url": reverse("desk:case_task", args=[case.number, task.pk]),
                "case_url": reverse("desk:case", args=[case.number]),
            }
        )
    return rows


def tasks_of(case: FoiRequest) -> list[dict[str, Any]]:
    """Every task of a request as its page shows it."""
    rows = case.tasks.select_related("section", "finished_by", "assigned_by").order_by("pk")
    return [
        {
            "section": task.section.name,
            "asked": text_of(case.key, task.asked, "task.asked"),
            "answer": text_of(case.key, task.answer, "task.answer"),
            "due_on": task.due_on,
            "finished": task.finished_at,
            "by": task.finished_by.name if task.finished_by else "",
            "url": "" if task.finished_at else reverse("desk:case_task", args=[case.number, task.pk]),
        }
        for task in rows
    ]
