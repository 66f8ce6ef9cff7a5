"""The summary, sending in, and the receipt: numbers, query codes, the day of receipt and the last day to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.foi.actions.drafts import NoDraft
from gongkai.foi.actions.submit_draft import submit_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.documents import Document, receipt_pdf
from gongkai.foi.models import FoiRequest
from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.particulars import IDENTITY_KINDS
from gongkai.foi.queries.clock import calendar_for, clock_of
from gongkai.foi.queries.drafts import ReceiptLine, configured, receipt_lines, uploads
from gongkai.foi.queries.papers import draft_document, paper_document, papers_of
from gongkai.foi.queries.sealed import wish
from gongkai.foi.vault import Unsealable
from gongkai.law.articles import cite
from gongkai.law.deadlines import deadline_of
from gongkai.law.explain import full_date, short_date
from gongkai.law.reply_clock import Clock
from gongkai.law.reply_clock.acts import EXTENSION_WORKING_DAYS
from gongkai.law.verdicts import Refusal
from gongkai.portal.forms.request import COLUMN_LABELS, doubts, unfinished
from gongkai.portal.views import shapes
from gongkai.portal.views.calculator_due import shortened
from gongkai.portal.views.request_sitting import (
    STEPS,
    Sitting,
    frame,
    organ_choices,
    private,
    remembered,
    sit,
)
from gongkai.web.addresses import base_url
from gongkai.web.client_ip import client_ip

# The summary -------------------------------------------------------------------------------------------------------------


@private
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more; 提出申请 registers it. Sent twice it leads to the one receipt."""
    here = sit(request)
    if here.submitted:
        return HttpResponseRedirect(reverse("portal:request_receipt"))
    if here.draft is None:
        return HttpResponseRedirect(reverse("portal:request") + "?gone=1")
    if request.method != "POST":
        return remembered(request, _summary(request, here), here)
    lacks = unfinished(here.told, organ_choices())
    seen = request.POST.get("seen", "")
    if lacks or not (seen.isascii() and seen.isdecimal() and len(seen) < 9):
        return _summary(request, here)
    try:
        submit_draft(here.token, based_on=int(seen), network=client_ip(request), actor=APPLICANT, at=here.at)
    except NoDraft:
        return HttpResponseRedirect(reverse("portal:request") + "?gone=1")
    except Refusal as refusal:
        return _refused(request, refusal)
    return HttpResponseRedirect(reverse("portal:request_receipt"))


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The summary as it stands now, with the reason on top; 429 where it is only a matter of time."""
    here = sit(request)
    if here.draft is None:
        return HttpResponseRedirect(reverse("portal:request") + "?gone=1")
    status = 429 if refusal.refused.code == "too_many" else 409
    return _summary(request, here, sentence=str(refusal), status=status)


def _summary(request: HttpRequest, here: Sitting, *, sentence: str = "", status: int = 200) -> HttpResponse:
    assert here.draft is not None
    told = here.told
    lacks = unfinished(told, organ_choices())
    titles = {code: (_(title), reverse(f"portal:{name}")) for code, name, title in STEPS}
    context = frame(here, "check", _("核对后提出申请")) | {
        "errors": [{"target": "", "label": "", "sentence": sentence}] if sentence else [],
        "lacks": [{"title": titles[c][0], "url": titles[c][1], "sentences": s} for c, s in lacks.items()],
        "items": [{"number": n, "item": item} for n, item in enumerate(told.items, start=1) if not item.blank],
        "several": sum(not item.blank for item in told.items) > 1,
        "organ": here.organ,
        "told": told.told,
        "column": COLUMN_LABELS[told.column][0] if told.column in COLUMN_LABELS else "",
        "identity": IDENTITY_KINDS.get(told.told.identity_kind, ""),
        "doubt": doubts(told.told),
        "files": uploads(here.draft),
        "form": FORMS.get(told.form, ""),
        "delivery": DELIVERIES.get(told.delivery, ""),
        "urls": {code: url for code, (_title, url) in titles.items()},
        "revision": here.draft.revision,
        "at_once": configured("CONFIRM_AT_ONCE"),
    }
    return render(request, "portal/request_check.html", context, status=status)


def _own_receipt(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the browser that sent the form in, for a day; everybody else is told where to look a case up."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        here = sit(request)
        if not here.submitted:
            return HttpResponseRedirect(reverse("portal:request_check" if here.draft is not None else "portal:track"))
        try:
            return view(request, here)
        except Unsealable:
            # The master key the codes were made under was taken away meanwhile.
            return HttpResponseRedirect(reverse("portal:track"))

    return answered


# The receipt -------------------------------------------------------------------------------------------------------------


@private
@require_safe
@_own_receipt
def receipt(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Numbers and codes of every case; the browser that sent the form in sees it for a day."""
    assert here.draft is not None and here.draft.submitted_at is not None
    lines = receipt_lines(here.draft)
    today = timezone.localtime(here.at).date()
    first = lines[0].case
    clock = clock_of(first, today)
    return render(
        request,
        "portal/request_receipt.html",
        {
            "section": "apply",
            "crumbs": shapes.crumbs((_("依申请公开"), reverse("portal:apply")), (_("登记回执"), "")),
            "lines": [_line(line) for line in lines],
            "several": len(lines) > 1,
            "organ": first.organ,
            "submitted_at": here.draft.submitted_at,
            "clock": _clock(clock),
            "receipt_rule": _receipt_rule(clock),
            "next": what_next(first, clock),
            "hours": configured("RECEIPT_HOURS"),
            "track_url": reverse("portal:track"),
        },
    )


def _line(line: ReceiptLine) -> dict[str, Any]:
    return {"number": line.case.number, "code": line.code, "what": wish(line.case).text}


def _receipt_rule(clock: Clock | None) -> dict[str, str]:
    """The day of receipt with its rule, in the words of law."""
    if clock is None:
        return {
            "day": "",
            "sentence": _("通过互联网提交的申请，以双方确认之日为收到之日。机关确认后，答复期限从确认的次日起计算。"),
            "article": cite("条例31(3)"),
        }
    started = clock.notes[0]
    return {"day": full_date(clock.received_on), "sentence": started.sentence, "article": started.article}


def _clock(clock: Clock | None) -> dict[str, str] | None:
    """The last day to answer with how it is counted."""
    if clock is None or clock.due_on is None:
        return None
    counted = _("%(start)s收到，当日不计，从次日起数 %(length)s 个工作日。") % {
        "start": short_date(clock.received_on), "length": clock.length,
    }  # fmt: skip
    provisional = _("其中有的年份放假安排还没有公布，公布后可能变动。") if clock.provisional else ""
    return {
        "state": "running",
        "lead": _("还有"),
        "number": str(clock.remaining if clock.remaining is not None else ""),
        "unit": _("个工作日"),
        "sentence": _("机关最迟在%(day)s答复您。") % {"day": full_date(clock.due_on)} + counted + provisional,
        "article": cite("条例33"),
    }


def what_next(case: FoiRequest, clock: Clock | None) -> list[dict[str, str]]:
    """一次性告知: what may happen from here on, each with its last day or its length and its article."""
    steps: list[tuple[str, str, str]] = []
    if clock is not None:
        asked_by = deadline_of("K2", clock.received_on, calendar_for(case.organ)).on
        steps.append((
            _("可能请您补正"),
            _("内容看不清楚要什么的，机关最迟在%(day)s一次性告知您怎样补正。收到补正后，答复期限重新计算；到期没有补正又没有正当理由的，视为放弃。") % {"day": _day(asked_by, clock)},
            "条例30",
        ))  # fmt: skip
    else:
        steps.append((
            _("可能请您补正"),
            _("内容看不清楚要什么的，机关在收到申请之日起 7 个工作日内一次性告知您怎样补正。"),
            "条例30",
        ))  # fmt: skip
    steps += [
        (
            _("可能征求第三方意见"),
            _("信息涉及第三方合法权益的，机关书面征求其意见，第三方应当在 15 个工作日内答复；所需时间不计入答复期限。"),
            "条例32；条例33.3",
        ),
        (
            _("可能延长"),
            _("需要延长答复期限的，经机关政府信息公开工作机构负责人同意并告知您，最多延长 %(days)s 个工作日。") % {"days": EXTENSION_WORKING_DAYS},
            "条例33.2",
        ),
        (
            _("一般不收费"),
            _("申请的数量、频次明显超过合理范围的，机关可以收取信息处理费，并先把依据、数额和缴纳方式告知您。"),
            "条例42",
        ),
        (
            _("书面答复"),
            _("答复写明结果、理由和依据，以及不服时先找谁、最迟哪一天。您随时可以撤回申请。"),
            "条例36；条例51",
        ),
        (
            _("到期没有答复"),
            _("可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报，也可以依法申请行政复议、提起行政诉讼。"),
            "条例51",
        ),
    ]  # fmt: skip
    return [{"title": title, "text": text, "article": shortened(cite(articles))} for title, text, articles in steps]


def _day(day: date, clock: Clock) -> str:
    return short_date(day, beside=clock.received_on)


@private
@require_safe
@_own_receipt
def receipt_file(request: HttpRequest, here: Sitting) -> HttpResponse:
    """登记回执 as PDF: a page for each case with its query code and the way to the tracking page."""
    assert here.draft is not None
    address, today = base_url(request) + reverse("portal:track"), timezone.localtime(here.at).date()
    pages = [(_document(line.case, today), line.code) for line in receipt_lines(here.draft)]
    response = HttpResponse(receipt_pdf(pages, address=address), content_type="application/pdf")
    response["Content-Disposition"] = "attachment; filename*=UTF-8''" + _FILENAME
    return response


_FILENAME = "%E7%99%BB%E8%AE%B0%E5%9B%9E%E6%89%A7.pdf"  # 登记回执.pdf


def _document(case: FoiRequest, today: date) -> Document:
    """As issued; where none was issued yet, as it would read now."""
    issued = papers_of(case).filter(kind="receipt").first()
    if issued is not None:
        return paper_document(issued)
    clock = clock_of(case, today)
    extra = {
        "arrived_on": case.arrived_on,
        "due_on": clock.due_on if clock else None,
        "clock_sentence": clock.sentence if clock else "",
    }
    return draft_document(case, "receipt", dated=today, extra=extra)
