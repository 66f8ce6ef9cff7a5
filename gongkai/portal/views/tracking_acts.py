"""What an applicant does at the tracking pages, one act a page. Whether it is lawful is for the actions to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.files.refusal import Unreadable
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.answer_clarification import answer_clarification
from gongkai.foi.actions.ask_correction import ask_correction
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.rate import rate
from gongkai.foi.actions.take_reasons import take_reasons
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import FoiRequest, Rating
from gongkai.foi.models.care import CORRECTION_DECISIONS, GRADES
from gongkai.foi.queries.progress import (
    Progress,
    against,
    complaints_of,
    corrections_of,
    fee_of,
    note_of,
    open_papers,
    progress,
)
from gongkai.law.fees import fee_by_page, fee_by_piece
from gongkai.law.foi_moves import MOVES, may, may_answer_wait, may_withdraw
from gongkai.law.verdicts import Refusal, Refused, Verdict
from gongkai.portal.forms.tracking import (
    ClarifyForm,
    ComplaintForm,
    CorrectionForm,
    RateForm,
    ReasonsForm,
    WithdrawForm,
)
from gongkai.portal.views.tracking import case_response
from gongkai.portal.views.tracking_page import contact, head, supervisor
from gongkai.portal.views.tracking_session import frame, own_case

Do = Callable[[dict[str, Any]], object]


def _refusal(seen: Progress, verb: str) -> str:
    """Why law does not allow the verb now, in its own words; empty when it does."""
    verdict: Verdict = may(verb, seen.case.state)
    if verdict and seen.clock is not None:
        if verb == "take_clarification":
            verdict = may_answer_wait(seen.clock, seen.today)
        elif verb == "withdraw_request":
            verdict = may_withdraw(seen.clock)
    return str(verdict) if isinstance(verdict, Refused) else ""


def _try(form: forms.Form, do: Do) -> bool:
    """Do it if the form is whole; what law or a file says against it stands in the form."""
    if not form.is_valid():
        return False
    try:
        do(form.cleaned_data)
    except Unreadable as refusal:
        form.add_error("files" if "files" in form.fields else "evidence", refusal.sentence)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("portal:track_case"))


def _page(request: HttpRequest, seen: Progress, template: str, title: str, **values: Any) -> HttpResponse:
    shown = head(seen) | {"contact": contact(seen), "title": title, "clock": seen.clock} | values
    return render(request, f"portal/{template}.html", frame(title) | shown)


def _refused_page(request: HttpRequest, seen: Progress, verb: str, title: str, sentence: str = "") -> HttpResponse:
    told = sentence or _refusal(seen, verb) or _("现在不需要%(doing)s。") % {"doing": MOVES[verb].title}
    return _page(request, seen, "track_refused", title, refusal=told)


# While the case is open ------------------------------------------------------------------------------------------


@own_case("GET", "POST")
def clarify(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """提交补正 (条例30): the request anew, answers, files. After it was given up: what law says."""
    seen, title = progress(case, today=at.date()), _("提交补正")
    if request.method != "POST":
        if seen.phase == "clarify":
            return case_response(request, seen)
        return _refused_page(request, seen, "take_clarification", title)
    form = ClarifyForm(request.POST, request.FILES)

    def do(told: dict[str, Any]) -> None:
        answer_clarification(
            case.number, on=at.date(), wish=form.wish_after(seen.wish), text=told["text"],
            files=[(file.read(), file.name) for file in told["files"]], actor=APPLICANT, at=at,
        )  # fmt: skip

    if _try(form, do):
        return _done(request, _("已经收到您的补正。答复期限从明天起重新计算。"))
    if seen.phase == "clarify":
        return case_response(request, seen, form)
    return _refused_page(request, seen, "take_clarification", title)


@own_case("GET", "POST")
def reasons(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """说明理由 (条例35). The clock goes on."""
    seen, title = progress(case, today=at.date()), _("说明理由")
    asked, allowed = note_of(case, "ask_reasons"), "take_reasons" in seen.verbs
    if not allowed:
        return _refused_page(request, seen, "take_reasons", title)
    form = ReasonsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _try(
        form, lambda told: take_reasons(case.number, on=at.date(), text=told["text"], actor=APPLICANT, at=at)
    ):
        return _done(request, _("已经收到您的说明。答复期限照常计算。"))
    if seen.phase == "reasons":
        return case_response(request, seen, form)
    return _page(request, seen, "track_reasons", title, form=form, asked=asked)


@own_case("GET", "POST")
def withdraw(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """撤回申请: one page that says what it means, one button."""
    seen, title = progress(case, today=at.date()), _("撤回申请")
    if "withdraw_request" not in seen.verbs:
        return _refused_page(request, seen, "withdraw_request", title)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _try(
        form, lambda told: withdraw_request(case.number, on=at.date(), text=told["text"], actor=APPLICANT, at=at)
    ):
        return _done(request, _("您的申请已经撤回。"))
    return _page(request, seen, "track_withdraw", title, form=form)


@own_case("GET")
def fee(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """查看缴费通知 (条例42): how much, for what, until when, how."""
    seen, title = progress(case, today=at.date()), _("缴费通知")
    owed = fee_of(case)
    if owed is None:
        return _refused_page(request, seen, "record_payment", title, _("机关没有通知您缴费。"))
    made = fee_by_page(owed.units) if owed.method == "page" else fee_by_piece(owed.already, owed.units)
    unit = _("页") if owed.method == "page" else _("件")
    return _page(
        request, seen, "track_fee", title, fee=owed, unit=unit, lines=[line.sentence for line in made.lines],
        phase=seen.phase, paper=next((p for p in reversed(open_papers(seen)) if p.kind == "fee"), None),
    )  # fmt: skip


# After it --------------------------------------------------------------------------------------------------------


@own_case("GET")
def remedies(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """对答复不服: review and suit with their last days as dates (条例51)."""
    seen, title = progress(case, today=at.date()), _("对答复不服")
    found = against(seen)
    if found is None:
        return _refused_page(
            request, seen, "deliver", title, _("机关还没有答复，也没有逾期；答复书会写明不服时先找谁、最晚到哪一天。")
        )
    return _page(
        request, seen, "track_remedies", title, found=found, delivery=seen.delivery, supervisor=supervisor(seen)
    )


@own_case("GET", "POST")
def grade(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """评价: five grades and free words, once."""
    seen, title = progress(case, today=at.date()), _("评价")
    given = Rating.objects.filter(request=case).first()
    if "rate" not in seen.verbs:
        told = _("您已经评价：%(grade)s。") % {"grade": GRADES[given.grade]} if given is not None else ""
        return _refused_page(request, seen, "rate", title, told)
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _try(
        form, lambda told: rate(case.number, grade=told["grade"], text=told["text"], actor=APPLICANT, at=at)
    ):
        return _done(request, _("已经记下您的评价，谢谢。"))
    return _page(request, seen, "track_rate", title, form=form)


@own_case("GET", "POST")
def complaint(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """投诉 to the supervising office (条例47), and its answers."""
    seen, title = progress(case, today=at.date()), _("投诉")
    made = complaints_of(case)
    waiting = any(one.row.answered_at is None for one in made)
    allowed = "complain" in seen.verbs and not waiting
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _try(
        form, lambda told: complain(case.number, text=told["text"], actor=APPLICANT, at=at)
    ):
        return _done(request, _("已经收到您的投诉，由%(organ)s办理。") % {"organ": supervisor(seen)})
    return _page(
        request, seen, "track_complaint", title, form=form if allowed else None, made=made, supervisor=supervisor(seen),
        refusal="" if allowed or waiting else _refusal(seen, "complain"),
    )  # fmt: skip


@own_case("GET", "POST")
def correction(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """要求更正 (条例41) of a record about oneself, with evidence, and what became of it."""
    seen, title = progress(case, today=at.date()), _("要求更正")
    asked = corrections_of(case)
    waiting = any(one.row.decision == "" for one in asked)
    allowed = "ask_correction" in seen.verbs and not waiting
    form = CorrectionForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if not may("add_file", case.state):
        del form.fields["evidence"]  # the file is closed; evidence goes to the office

    def do(told: dict[str, Any]) -> None:
        with transaction.atomic():
            kept = None
            if told.get("evidence") is not None:
                kept = add_file(
                    case.number,
                    told["evidence"].read(),
                    told["evidence"].name,
                    kind="correction",
                    actor=APPLICANT,
                    at=at,
                )
            ask_correction(
                case.number, what=told["what"], on=at.date(), actor=APPLICANT, at=at,
                file_id=kept.pk if kept is not None else None,
            )  # fmt: skip

    if request.method == "POST" and _try(form, do):
        return _done(request, _("已经收到您的更正要求。"))
    rows = [{"said": one, "decision": CORRECTION_DECISIONS.get(one.row.decision, "")} for one in asked]
    return _page(
        request, seen, "track_correction", title, form=form if allowed else None, rows=rows,
        refusal="" if allowed or waiting else _refusal(seen, "ask_correction"),
    )  # fmt: skip
