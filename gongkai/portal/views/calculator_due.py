"""When a reply is due, and when information has to be public: every result has an address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from gongkai.calendars.queries import work_calendar
from gongkai.law.articles import cite
from gongkai.law.explain import Step
from gongkai.law.proactive import DISCLOSURE_WORKING_DAYS, DueDate, Limit, disclosure_due, limit_of
from gongkai.law.reply_clock import Clock
from gongkai.law.statutory import LAST_PROVISIONAL_YEAR
from gongkai.law.workdays import CalendarError
from gongkai.portal.views import shapes
from gongkai.portal.views.calculator_calendar import in_words, months
from gongkai.portal.views.calculator_events import MOST_EVENTS, moved, offered
from gongkai.portal.views.calculator_form import CHOOSE, DayField, DaysField, DueForm

REGULATION = "《政府信息公开条例》"

# What a step of an explanation did to the count, in the words of the page. An effect law does not know raises.
EFFECTS = {
    "start": gettext_noop("开始"),
    "not_counted": gettext_noop("当日不计"),
    "day_not_counted": gettext_noop("当日不计"),
    "awaiting_clarification": gettext_noop("停止计算，等待补正"),
    "awaiting_payment": gettext_noop("停止计算，等待缴费"),
    "reply_by_moved": gettext_noop("继续等待补正"),
    "restarted": gettext_noop("重新计算"),
    "reopened": gettext_noop("继续等待"),
    "abandoned": gettext_noop("不再计算"),
    "suspended": gettext_noop("次日起暂停"),
    "resumed": gettext_noop("次日起恢复"),
    "silence": gettext_noop("次日起恢复"),
    "extended": gettext_noop("延长"),
    "delayed": gettext_noop("改为指定日期"),
    "no_effect": gettext_noop("没有影响"),
    "violation": gettext_noop("违反规定"),
    "withdrawn": gettext_noop("不再计算"),
    "replied": gettext_noop("计算结束"),
    "worked_weekend": gettext_noop("计入"),
    "worked_weekend_counted": gettext_noop("计入"),
    "holiday": gettext_noop("不计"),
    "holiday_not_counted": gettext_noop("不计"),
    "days_suspended": gettext_noop("不计"),
    "same_day": gettext_noop("当日"),
    "end": gettext_noop("期间届满"),
    "due": gettext_noop("最后一日"),
    "last_day": gettext_noop("最后一日"),
    "watch": gettext_noop("人工盯办"),
    "provisional": gettext_noop("预估"),
    "result": gettext_noop("结论"),
}
_WAITING = {
    "awaiting_clarification": gettext_noop("等待补正"),
    "awaiting_payment": gettext_noop("等待缴费"),
    "abandoned": gettext_noop("视为放弃"),
    "withdrawn": gettext_noop("已经撤回"),
}


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """The clock of a reply; `?clock=publication` the clock of 条例26."""
    if request.GET.get("clock") == "publication":
        return _publication(request)
    if "add" in request.GET or "remove" in request.GET:
        query, new = moved(request.GET, add=request.GET.get("add", ""), remove=request.GET.get("remove", ""))
        anchor = f"event-{new}" if new else "events"
        return HttpResponseRedirect(f"{reverse('portal:calculator_due')}?{query.urlencode()}#{anchor}")
    return _reply(request)


def _reply(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = "go" in request.GET
    form = DueForm(request.GET or None, today=today)
    clock = form.clock(work_calendar()) if asked and form.is_valid() else None
    if not asked:
        form.as_typed()
    context = _frame(request, _("答复期限")) | {
        "form": form,
        "most_events": MOST_EVENTS,
        "groups": offered(set(form.events.values())),
        "result": _reply_result(form, clock, today) if clock else None,
    }
    return render(request, "portal/calculator_due.html", context)


def _reply_result(form: DueForm, clock: Clock, today: date) -> dict[str, Any]:
    shown = months(clock, form.steps)
    return {
        "clock": _clock(clock, today),
        "due_on": clock.due_on,
        "received_on": clock.received_on,
        "start": clock.start,
        "as_of": clock.as_of,
        "replied": clock.closed_on is not None,
        "as_of_name": _("今天") if clock.as_of == today else _("截至日"),
        "remaining": clock.remaining,
        "length": clock.length,
        "delayed": clock.delayed,
        "provisional": clock.provisional,
        "provisional_from": clock.calendar.last_official_year + 1,
        "later": form.later,
        "violations": clock.violations,
        "months": shown,
        "words": in_words(clock) if shown else [],
        "happened": explained(clock.notes, clock.as_of),
        "counted": explained(clock.explain[len(clock.notes) :], clock.as_of),
    }


def explained(steps: tuple[Step, ...], as_of: date) -> list[dict[str, Any]]:
    """{on, sentence, effect, article, kind} for each line; a line without a day belongs to `as_of`."""
    return [
        {
            "on": step.on or as_of,
            "sentence": step.sentence,
            "effect": _(EFFECTS[step.effect]),
            "article": shortened(step.article),
            "kind": step.effect,
        }
        for step in steps
    ]


def shortened(article: str) -> str:
    """The articles of the regulation without its name, which the page gives once."""
    return article.replace(REGULATION, "")


def _clock(clock: Clock, today: date) -> dict[str, str]:
    """The clock component: state, lead, number, unit, sentence, article."""
    days = _("个工作日")
    lead, number, unit = "", "", ""
    match clock.status:
        case "running":
            state = "running" if clock.remaining else "pressing"
            if clock.remaining:
                lead, number, unit = _("还有"), str(clock.remaining), days
            else:
                lead = _("今天到期") if clock.as_of == today else _("当日到期")
        case "suspended":
            state, lead, number, unit = "waiting", _("暂停，余"), str(clock.remaining), days
        case "awaiting_clarification" | "awaiting_payment" | "abandoned" | "withdrawn":
            state, lead = "waiting", _(_WAITING[clock.status])
        case "met":
            state, lead = "running", _("按期答复")
        case "late":
            assert clock.due_on is not None
            over = clock.calendar.count(clock.due_on, clock.closed_on or clock.as_of)
            state, lead = "pressing", _("逾期") if over else _("已逾期")
            number, unit = (str(over), days) if over else ("", "")
        case other:
            raise ValueError(f"no words for the status {other!r}")
    return {
        "state": state,
        "lead": lead,
        "number": number,
        "unit": unit,
        "sentence": f"{clock.sentence}。",
        "article": cite("条例33"),
    }


# 条例26 ------------------------------------------------------------------------------------------------------------

LIMITS = [
    ("working_days", gettext_lazy("若干个工作日内")),
    ("calendar_days", gettext_lazy("若干天内（末日逢休假日顺延）")),
    ("immediate", gettext_lazy("及时、实时（当日）")),
    ("month_end", gettext_lazy("某月底前（填月份）")),
]


class PublicationForm(forms.Form):
    """Formed or changed on a day; within which limit."""

    formed = DayField(label=gettext_lazy("形成或者变更的日期"), help_text=gettext_lazy("例如 2026-09-18。"))
    unit = forms.ChoiceField(
        label=gettext_lazy("公开时限"),
        choices=LIMITS,
        widget=forms.RadioSelect,
        initial="working_days",
        error_messages=CHOOSE,
    )
    n = DaysField(
        label=gettext_lazy("天数或者月份"),
        required=False,
        initial=DISCLOSURE_WORKING_DAYS,
        help_text=gettext_lazy("没有特别规定的，为 20 个工作日。及时公开的不用填。"),
    )
    as_of = DayField(
        label=gettext_lazy("截至哪一天"), required=False, help_text=gettext_lazy("站在哪一天看。不填就是今天。")
    )

    limit: Limit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "unit" in data and "n" in data:
            try:
                self.limit = limit_of(data["unit"], data["n"])
            except ValueError as error:
                self.add_error("n", str(error))
        return data


def _publication(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = "go" in request.GET
    form = PublicationForm(request.GET if asked else None, initial={"as_of": today.isoformat()})
    found: DueDate | None = None
    if asked and form.is_valid():
        as_of = form.cleaned_data["as_of"] or today
        try:
            found = disclosure_due(form.cleaned_data["formed"], form.limit, work_calendar(), as_of)
        except CalendarError as error:
            form.add_error("as_of" if as_of.year > LAST_PROVISIONAL_YEAR else "formed", error.sentence)
    context = _frame(request, _("主动公开期限")) | {
        "form": form,
        "result": found and _publication_result(found, form.cleaned_data["as_of"] or today, today),
    }
    return render(request, "portal/calculator_publication.html", context)


def _publication_result(found: DueDate, as_of: date, today: date) -> dict[str, Any]:
    unit = _("个工作日") if found.unit == "工作日" else _("天")
    if found.late:
        state, lead, number = "pressing", _("逾期") if found.overdue_by else _("已逾期"), found.overdue_by
    elif found.remaining:
        state, lead, number = "running", _("还有"), found.remaining
    else:
        state, lead, number = "pressing", _("今天到期") if as_of == today else _("当日到期"), 0
    return {
        "clock": {
            "state": state,
            "lead": lead,
            "number": str(number) if number else "",
            "unit": unit if number else "",
            "sentence": found.sentence,
            "article": found.article,
        },
        "due_on": found.due_on,
        "provisional": found.provisional,
        "explain": explained(found.explain, as_of),
    }


def _frame(request: HttpRequest, title: str) -> dict[str, Any]:
    return {
        "section": "apply",
        "crumbs": shapes.crumbs(
            (_("依申请公开"), reverse("portal:apply")), (_("规则与测算"), reverse("portal:calculator")), (title, "")
        ),
        "noindex": bool(request.GET),
    }
