"""The pages of the request form, one question group each. Everything typed is saved before it is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.agencies.models import Organ
from gongkai.foi.actions.drafts import discard_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.particulars import Particulars, plain
from gongkai.foi.queries.drafts import Asked, Filled, configured, receiving_organs
from gongkai.foi.queries.suggest import Suggestion, points_elsewhere, suggest
from gongkai.law.verdicts import Refusal
from gongkai.portal.forms.request import (
    COLUMN_LABELS,
    DELIVERY_HINTS,
    FORM_HINTS,
    LONGEST,
    AgencyForm,
    ApplicantForm,
    DeliveryForm,
    ItemForm,
    doubts,
    errors_of,
    one_line,
    options,
    typed,
)
from gongkai.portal.views.request_public import already_public, published_on
from gongkai.portal.views.request_sitting import (
    COOKIE,
    Sitting,
    forgotten,
    frame,
    going_on,
    organ_choices,
    pressed,
    private,
    remembered,
    sit,
)

PAGES = ["GET", "HEAD", "POST"]


def _to(name: str, anchor: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse(f"portal:{name}") + anchor)


# 1. What is wanted ---------------------------------------------------------------------------------------------------


@private
@require_http_methods(PAGES)
def what(request: HttpRequest) -> HttpResponse:
    """The items. The first post makes the draft."""
    here = sit(request)
    if here.submitted:
        return _to("request_receipt") if request.method == "POST" else render(
            request, "portal/request_again.html", frame(here, "what", _("申请已经提出"))
        )  # fmt: skip
    if request.method != "POST":
        asked = request.GET.get("agency", "")
        if here.draft is None and asked in dict(organ_choices()):
            here.told = replace(here.told, organ=asked)
        forms = _item_forms(here, judge=False)
        return _what_page(request, here, forms, gone="gone" in request.GET, kept="saved" in request.GET)
    organ = here.told.organ or request.POST.get("agency", "")
    button, value = pressed(request, "add", "remove", "look", "save")
    items = _items(request)
    if button == "remove" and value.isdecimal() and int(value) < len(items) and len(items) > 1:
        del items[int(value)]
    if button == "add" and len(items) < configured("MOST_ITEMS"):
        items.append(Asked())
    try:
        here.keep(items=tuple(items), organ=one_line(organ)[:40])
    except Refusal:
        return _to("request_receipt")
    match button:
        case "add":
            response = _to("request", f"#item{len(items) - 1}")
        case "remove":
            response = _to("request", "#items")
        case "look":
            response = _to("request", "#public")
        case "save":
            response = _to("request", "?saved=1")
        case "next":
            forms = _item_forms(here, judge=True)
            response = _what_page(request, here, forms) if errors_of(*forms) else _to("request_agency")
        case _:
            raise ValueError(button)
    return remembered(request, response, here)


def _items(request: HttpRequest) -> list[Asked]:
    """The items as typed, at most one more than may be."""
    numbers = range(configured("MOST_ITEMS"))
    rows = [n for n in numbers if any(f"item{n}-{name}" in request.POST for name in LONGEST)]
    items = [
        Asked(
            one_line(request.POST.get(f"item{n}-name", "")),
            one_line(request.POST.get(f"item{n}-document_number", "")),
            typed(request.POST.get(f"item{n}-features", "")).strip(),
        )
        for n in rows
    ]
    return items or [Asked()]


def _item_forms(here: Sitting, *, judge: bool) -> list[ItemForm]:
    return [ItemForm(n, item, judge=judge) for n, item in enumerate(here.told.items)]


def _what_page(
    request: HttpRequest, here: Sitting, forms: list[ItemForm], *, gone: bool = False, kept: bool = False
) -> HttpResponse:
    context = frame(here, "what", _("您要什么信息")) | {
        "forms": forms,
        "errors": errors_of(*forms),
        "public": already_public(here.told.items),
        "most": configured("MOST_ITEMS"),
        "full": len(forms) >= configured("MOST_ITEMS"),
        "gone": gone,
        "kept": kept,
        "agency": here.told.organ,
        "agency_name": here.organ.name if here.organ is not None else "",
    }
    return render(request, "portal/request_what.html", context)


# 2. Whom ---------------------------------------------------------------------------------------------------------------


@private
@require_http_methods(PAGES)
@going_on
def agency(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Suggestions with their reasons, all agencies below; a choice the text speaks against is asked about once."""
    if request.method != "POST":
        return _agency_page(request, here, AgencyForm(None, organ_choices()), kept="saved" in request.GET)
    button, value = pressed(request, "anyway", "instead", "save")
    chosen = value if button in ("anyway", "instead") else one_line(request.POST.get("organ", ""))[:40]
    form = AgencyForm({"organ": chosen}, organ_choices())
    if not form.is_valid():
        return _to("request_agency", "?saved=1") if button == "save" else _agency_page(request, here, form)
    sure = {"anyway": chosen} if button in ("anyway", "instead") else {}
    try:
        here.keep(organ=chosen, **sure)
    except Refusal:
        return _to("request_receipt")
    if button == "save":
        return _to("request_agency", "?saved=1")
    if here.told.anyway != chosen and (elsewhere := _elsewhere(here)):
        return _agency_page(request, here, form, elsewhere=elsewhere)
    return _to("request_applicant")


def _elsewhere(here: Sitting) -> list[dict[str, Any]]:
    """Items that speak for another agency than the chosen one."""
    organ = here.organ
    if organ is None:
        return []
    found = []
    for number, item in enumerate(here.told.items, start=1):
        other = None if item.blank else points_elsewhere(organ, suggest(item.text, published_on(item)))
        if other is not None:
            found.append({"number": number, "other": other.organ, "why": other.why})
    return found


def _agency_page(
    request: HttpRequest, here: Sitting, form: AgencyForm, *, elsewhere: list[dict[str, Any]] | None = None,
    kept: bool = False,
) -> HttpResponse:  # fmt: skip
    suggestions = _suggestions(here)
    codes = {s.organ.code for s in suggestions}
    others = [organ for organ in _organs() if organ.code not in codes]
    several = len(here.told.items) > 1
    instead = list({row["other"].code: row["other"] for row in elsewhere or ()}.values())
    context = frame(here, "agency", _("向哪个机关申请")) | {
        "errors": errors_of(form) if form.is_bound else [],
        "suggestions": [{"organ": s.organ, "why": s.why} for s in suggestions],
        "others": others,
        "others_open": not suggestions or here.told.organ in {o.code for o in others},
        "chosen": here.told.organ,
        "chosen_name": here.organ.name if here.organ is not None else "",
        "elsewhere": elsewhere or [],
        "instead": instead,
        "several": several,
        "public": already_public(here.told.items),
        "kept": kept,
    }
    return render(request, "portal/request_agency.html", context)


def _organs() -> list[Organ]:
    return [organ for _depth, organ in receiving_organs()]


def _suggestions(here: Sitting) -> list[Suggestion]:
    """Over all items: an agency's strongest item speaks for it."""
    best: dict[int, Suggestion] = {}
    for item in here.told.items:
        for found in [] if item.blank else suggest(item.text, published_on(item)):
            if found.organ.pk not in best or best[found.organ.pk].weight < found.weight:
                best[found.organ.pk] = found
    return sorted(best.values(), key=lambda s: -s.weight)[:4]


# 3. Who asks -----------------------------------------------------------------------------------------------------------


@private
@require_http_methods(PAGES)
@going_on
def applicant(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Identity and contact. A number that looks wrong is shown once more and then taken as it is."""
    if request.method != "POST":
        form = ApplicantForm(initial={"column": here.told.column, **here.told.told.as_dict()})
        return _applicant_page(request, here, form, kept="saved" in request.GET)
    column = request.POST.get("column", "")
    told = Particulars(**{name: one_line(request.POST.get(name, "")) for name in Particulars.__dataclass_fields__})
    form = ApplicantForm({"column": column, **told.as_dict()})
    good = form.is_valid()
    doubt = doubts(told) if good else ""
    looked_at = plain(told.identity_number)
    ask = bool(doubt) and here.told.looked_at != looked_at
    try:
        here.keep(
            column=column if column in COLUMN_LABELS else "", told=told,
            looked_at=looked_at if doubt else here.told.looked_at,
        )  # fmt: skip
    except Refusal:
        return _to("request_receipt")
    if pressed(request, "save")[0] == "save":
        return _to("request_applicant", "?saved=1")
    if not good or ask:
        return _applicant_page(request, here, form, doubt=doubt if ask else "")
    return _to("request_files")


def _applicant_page(
    request: HttpRequest, here: Sitting, form: ApplicantForm, *, doubt: str = "", kept: bool = False
) -> HttpResponse:
    context = frame(here, "applicant", _("谁提出申请")) | {
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "columns": options(form, "column", {code: str(hint) for code, (_label, hint) in COLUMN_LABELS.items()}),
        "doubt": doubt,
        "kept": kept,
    }
    return render(request, "portal/request_applicant.html", context)


# 5. How ----------------------------------------------------------------------------------------------------------------


@private
@require_http_methods(PAGES)
@going_on
def delivery(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Form and way of getting it."""
    if request.method != "POST":
        form = DeliveryForm(None, here.told.told)
        form.initial = {"form": here.told.form, "delivery": here.told.delivery}
        return _delivery_page(request, here, form, kept="saved" in request.GET)
    values = {name: request.POST.get(name, "")[:20] for name in ("form", "delivery")}
    form = DeliveryForm(values, here.told.told)
    try:
        here.keep(**values)
    except Refusal:
        return _to("request_receipt")
    if pressed(request, "save")[0] == "save":
        return _to("request_delivery", "?saved=1")
    return _to("request_check") if form.is_valid() else _delivery_page(request, here, form)


def _delivery_page(request: HttpRequest, here: Sitting, form: DeliveryForm, *, kept: bool = False) -> HttpResponse:
    context = frame(here, "delivery", _("要什么形式，怎样获取")) | {
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "forms": options(form, "form", {k: str(v) for k, v in FORM_HINTS.items()}),
        "deliveries": options(form, "delivery", {k: str(v) for k, v in DELIVERY_HINTS.items()}),
        "kept": kept,
    }
    return render(request, "portal/request_delivery.html", context)


# Leaving ---------------------------------------------------------------------------------------------------------------


@private
@require_http_methods(PAGES)
def discard(request: HttpRequest) -> HttpResponse:
    """Erase the draft, or after sending in what this browser still shows of it. Asked first, done by a post."""
    here = sit(request)
    if request.method == "POST":
        discard_draft(request.COOKIES.get(COOKIE, ""), actor=APPLICANT, at=here.at)
        nobody = Sitting("", None, Filled(), here.at)
        return forgotten(render(request, "portal/request_discarded.html", frame(nobody, "what", _("已经清除"))))
    if here.draft is None:
        return _to("request")
    context = frame(here, "what", _("清除草稿")) | {"submitted": here.submitted}
    return render(request, "portal/request_discard.html", context)


@private
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Another request after one was sent in: the receipt is let go of, the form begins empty."""
    here = sit(request)
    if here.submitted:
        discard_draft(here.token, actor=APPLICANT, at=here.at)
    return forgotten(_to("request"))
