"""Which reply a request gets: one question at a time; the answers so far are the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.law.remedies import ORGAN_KINDS, remedy
from gongkai.law.replies import CATEGORIES, ELEMENTS, REPLIES, ReplyRow, report_row, required_citations
from gongkai.law.reply_questions import Question
from gongkai.law.reply_tree import QUESTIONS, Outcome, Walk, choice, question, walk
from gongkai.law.report_form import READABLE_ROWS
from gongkai.portal.views import shapes
from gongkai.portal.views.calculator_due import REGULATION, shortened
from gongkai.portal.views.calculator_form import CHOOSE, DayField

_CODES = [asked.code for asked in QUESTIONS]
FORCES = {
    "must": gettext_lazy("应当这样答复"),
    "may": gettext_lazy("可以这样答复"),
    "by_ground": gettext_lazy("应当或者可以，看情形"),
}
ORDERS = {
    "review_first": gettext_lazy("先复议，后诉讼"),
    "either": gettext_lazy("复议、诉讼任选"),
    "none": gettext_lazy("不写救济途径"),
}


class RemedyForm(forms.Form):
    """Whose reply it is and from which day: the remedy depends on both."""

    organ = forms.ChoiceField(
        label=gettext_lazy("作出答复的机关是"),
        choices=list(ORGAN_KINDS.items()),
        initial="department",
        error_messages=CHOOSE,
    )
    decided = DayField(
        label=gettext_lazy("答复日期"), help_text=gettext_lazy("例如 2026-10-28。救济规则2024年1月1日有变化。")
    )


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    answers, refused = _answers(request)
    walked = walk(answers)
    changing = request.GET.get("change", "")
    opened = _opened(walked, changing)
    unanswered = request.GET.get("asked", "")
    if not refused and unanswered in _CODES and unanswered not in answers:
        refused = _("“%(question)s”还没有回答，请选择一项再继续。") % {"question": question(unanswered).text}
    outcome = walked.outcome if opened is None else None
    context = {
        "section": "apply",
        "crumbs": shapes.crumbs(
            (_("依申请公开"), reverse("portal:apply")),
            (_("规则与测算"), reverse("portal:calculator")),
            (_("答复类型"), ""),
        ),
        "noindex": bool(request.GET),
        "steps": _steps(walked, answers, opened),
        "refused": refused,
        "unused": [question(code).text for code in walked.unused],
        "outcome": _outcome(request, outcome, answers) if outcome else None,
        "rows": [_row(row) for row in REPLIES],
    }
    return render(request, "portal/calculator_reply.html", context)


def _answers(request: HttpRequest) -> tuple[dict[str, str], str]:
    """The answers of the address, in the order of the tree, and what is wrong with one that is not offered."""
    answers: dict[str, str] = {}
    refused = ""
    for code in _CODES:
        given = request.GET.get(code, "")
        if not given:
            continue
        try:
            choice(question(code), given)
        except LookupError as error:
            refused = str(error)
        else:
            answers[code] = given
    return answers, refused


def _opened(walked: Walk, changing: str) -> Question | None:
    """The question that stands open: the one to be changed, else the next; None at the end of the path."""
    for step in walked.steps:
        if step.question.code == changing:
            return step.question
    return walked.question


def _steps(walked: Walk, answers: dict[str, str], opened: Question | None) -> list[dict[str, Any]]:
    """Answered questions folded to one line, and the open one with its choices, in the order of the path."""
    base = reverse("portal:calculator_reply")
    shown: list[dict[str, Any]] = []
    for step in walked.steps:
        if opened and step.question.code == opened.code:
            shown.append(_open(opened, answers))
            continue
        pairs = [*answers.items(), ("change", step.question.code)]
        shown.append(
            {
                "state": "done",
                "text": step.question.text,
                "answer": step.choice.label,
                "article": shortened(step.question.article),
                "why": step.choice.why,
                "change_url": f"{shapes.address(base, pairs)}#open",
            }
        )
    if opened and opened is walked.question:
        shown.append(_open(opened, answers))
    return [line | {"number": number} for number, line in enumerate(shown, start=1)]


def _open(asked: Question, answers: dict[str, str]) -> dict[str, Any]:
    return {
        "state": "open",
        "code": asked.code,
        "text": asked.text,
        "rule": asked.rule,
        "article": asked.article,
        "choices": [
            {
                "code": offered.code,
                "label": offered.label,
                "consequence": offered.consequence,
                "checked": answers.get(asked.code) == offered.code,
            }
            for offered in asked.choices
        ],
        "kept": [(code, given) for code, given in answers.items() if code != asked.code],
    }


def _outcome(request: HttpRequest, outcome: Outcome, answers: dict[str, str]) -> dict[str, Any]:
    row, ground = outcome.row, outcome.ground
    ground_code = ground.code if ground else ""
    given = request.GET if "organ" in request.GET else None
    today = timezone.localdate()
    form = RemedyForm(given, initial={"decided": today.isoformat()})
    organ, decided = _organ_and_day(form, today)
    found = remedy(row.code, organ, decided) if organ and decided else None
    return {
        "code": row.code,
        "title": row.title,
        "category": CATEGORIES[row.category],
        "article": row.article,
        "why": outcome.why,
        "force": _force(outcome),
        "is_letter": row.is_letter,
        "elements": [ELEMENTS[code] for code in row.elements],
        "cites": [f"{REGULATION}{cited}" for cited in required_citations(row.code, ground_code)],
        "ground": ground,
        "duties": outcome.duties,
        "report": _report_line(report_row(row.code, ground_code)),
        "remedy": found,
        "remedy_form": form,
        "kept": list(answers.items()),
    }


def _force(outcome: Outcome) -> str:
    if not outcome.row.is_letter:
        return _("记录后办结，不需要答复书")
    if outcome.discretionary:
        return _("可以这样答复，由机关裁量并说明理由")
    return _("应当这样答复")


def _organ_and_day(form: RemedyForm, today: date) -> tuple[Any, date | None]:
    """What was chosen; a department and today before anything was; nothing where the choice has a fault."""
    if not form.is_bound:
        return "department", today
    if not form.is_valid():
        return "", None
    return form.cleaned_data["organ"], form.cleaned_data["decided"]


def _report_line(code: str) -> str:
    row = READABLE_ROWS[code]
    return f"{row.group} {row.label}".strip()


def _row(row: ReplyRow) -> dict[str, Any]:
    """A line of the table of all outcomes."""
    return {
        "code": row.code,
        "title": row.title,
        "article": shortened(row.article),
        "force": FORCES[row.force] if row.is_letter else _("记录后办结"),
        "elements": [ELEMENTS[code] for code in row.must_contain],
        "remedy": ORDERS[row.remedy],
        "report": _report_line(row.report_row) if row.report_row else _("按不予公开的情形列入"),
    }
