"""清理: campaigns over an organ's normative documents, each document decided on a page of its own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.desk.forms.cleaning import AddForm, BeginForm, DecideForm, DropForm, FinishForm, SettleForm
from gongkai.desk.pages import cleaning as page
from gongkai.desk.screens import UPKEEP, crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.carry_out import settle_line
from gongkai.disclosure.actions.cleaning import (
    MAY_CLEAN,
    add_line,
    begin_cleaning,
    decide_line,
    drop_line,
    finish_cleaning,
)
from gongkai.disclosure.cleaning_sheet import cleaning_sheet
from gongkai.disclosure.models import Cleaning, CleaningLine, Item
from gongkai.disclosure.queries.cleaning import cleanings_visible_to, lines_of
from gongkai.files.sniff import KINDS
from gongkai.law.cleaning import decision
from gongkai.law.verdicts import Refusal, Refused

_FIELDS = {
    "reason_missing": "reason",
    "not_assessed": "assessed",
    "same_number": "new_number",
    "no_new_term": "new_valid_until",
    "title_missing": "title",
    "basis_missing": "basis",
    "closes_in_past": "closes_on",
}


@require_safe
@staff
def cleanings(request: HttpRequest, me: Me) -> HttpResponse:
    """Every campaign, and what published results still ask for."""
    if not me.has(*UPKEEP):
        raise PermissionDenied
    context = page.list_page(me) | {"crumbs": _crumbs()}
    return screen(request, me, "desk/cleanings.html", context, section="upkeep")


@require_http_methods(["GET", "POST"])
@staff
def begin(request: HttpRequest, me: Me) -> HttpResponse:
    """Begin a campaign over what counts as a normative document today."""
    organs = page.organs_of(me)
    if not organs:
        raise PermissionDenied
    form = BeginForm(request.POST or None, organs=organs)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        organ = next(organ for organ in organs if organ.code == values["organ"])
        try:
            made = begin_cleaning(
                organ, values["title"], values["basis"], values["closes_on"], actor=_actor(me, organ.pk), at=me.at,
                today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(_FIELDS.get(refusal.code), words(refusal))
        else:
            told = _("已建立清理，列入 %(n)d 件文件。请逐件决定。") % {"n": made.lines.count()}
            return done(request, told, "desk:cleaning", made.pk)
    context = {"form": form, "crumbs": _crumbs((_("开始清理"), ""))}
    return screen(
        request, me, "desk/cleaning_begin.html", context, section="upkeep", status=422 if form.errors else 200
    )


@require_safe
@staff
def cleaning(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """One campaign, and the same as a table."""
    found = _cleaning(me, number)
    if request.GET.get("export"):
        name = f"{found.title}-{me.today:%Y%m%d}.xlsx"
        return HttpResponse(
            cleaning_sheet(found, lines_of(found)),
            content_type=KINDS["xlsx"].media_type,
            headers={"Content-Disposition": content_disposition_header(True, name) or ""},
        )
    return _campaign(request, me, found, AddForm(), _finish_form(me, found))


@require_POST
@staff
def add(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Put a document on the list by its index number."""
    found = _cleaning(me, number)
    form = AddForm(request.POST)
    if form.is_valid():
        try:
            item = _item(form.cleaned_data["index_number"], found)
            add_line(found.pk, item, form.cleaned_data["reason"], actor=_actor(me, found.organ_id), at=me.at)
        except Refusal as refusal:
            form.add_error("reason" if refusal.code == "reason_missing" else "index_number", words(refusal))
        else:
            return done(request, _("已列入清理。"), "desk:cleaning", number)
    return _campaign(request, me, found, form, _finish_form(me, found))


@require_POST
@staff
def finish(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Make the draft of the result, or write its lists anew."""
    found = _cleaning(me, number)
    form = _finish_form(me, found, request)
    if form.is_valid():
        try:
            section = Section.objects.get(organ=found.organ, code=form.cleaned_data["section"])
            item = finish_cleaning(found.pk, section, actor=_actor(me, found.organ_id), at=me.at, today=me.today)
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            told = _("已形成清理结果文稿，由%(name)s核对后送审。") % {"name": section.name}
            return done(request, told, "desk:item", item.code)
    return _campaign(request, me, found, AddForm(), form)


@require_http_methods(["GET", "POST"])
@staff
def decide(request: HttpRequest, me: Me, number: int, line: int) -> HttpResponse:
    """One document on one page: read, decide, go on to the next."""
    row = _line(me, number, line)
    initial = {
        "decision": row.decision, "reason": row.reason, "assessed": row.assessed, "new_number": row.new_number,
        "new_valid_until": row.new_valid_until,
    }  # fmt: skip
    form = DecideForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            decide_line(
                row.pk, values["decision"], reason=values["reason"], assessed=values["assessed"],
                new_number=values["new_number"], new_valid_until=values["new_valid_until"],
                actor=_actor(me, row.cleaning.organ_id), at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(_FIELDS.get(refusal.code), words(refusal))
        else:
            told = _("已决定：%(title)s。") % {"title": decision(values["decision"]).title}
            following = next((each for each in lines_of(row.cleaning) if not each.decision), None)
            if following is None:
                return done(request, told + _("全部文件都已决定，可以形成结果。"), "desk:cleaning", number)
            return done(request, told, "desk:cleaning_line", number, following.pk)
    return _one(request, me, row, form, DropForm())


@require_POST
@staff
def drop(request: HttpRequest, me: Me, number: int, line: int) -> HttpResponse:
    """Take a document off the list."""
    row = _line(me, number, line)
    form = DropForm(request.POST)
    if form.is_valid():
        try:
            drop_line(row.pk, form.cleaned_data["dropped"], actor=_actor(me, row.cleaning.organ_id), at=me.at)
        except Refusal as refusal:
            return refused(request, refusal, "desk:cleaning", number)
        return done(request, _("已移出清理。"), "desk:cleaning", number)
    return _one(request, me, row, DecideForm(), form)


@require_POST
@staff
def settle(request: HttpRequest, me: Me, number: int, line: int) -> HttpResponse:
    """Say how a published decision was seen to that was not carried out by itself."""
    row = _line(me, number, line)
    try:
        settle_line(row.pk, request.POST.get("told", ""), actor=_actor(me, row.cleaning.organ_id), at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:cleaning_line", number, line)
    return done(request, _("已记录人工办理。"), "desk:cleaning", number)


def _campaign(request: HttpRequest, me: Me, found: Cleaning, add_form: Form, finish_form: Form) -> HttpResponse:
    context = page.campaign_page(me, found, request.GET.get("show", ""))
    context |= {"add_form": add_form, "finish_form": finish_form, "crumbs": _crumbs((found.title, ""))}
    context["form"] = add_form if add_form.errors else finish_form
    wrong = bool(add_form.errors or finish_form.errors)
    return screen(request, me, "desk/cleaning.html", context, section="upkeep", status=422 if wrong else 200)


def _one(request: HttpRequest, me: Me, row: CleaningLine, form: Form, drop_form: Form) -> HttpResponse:
    context = page.line_page(me, row)
    context |= {"form": form if form.errors or not drop_form.errors else drop_form, "decide_form": form}
    context |= {"drop_form": drop_form, "settle_form": SettleForm()}
    here = (row.cleaning.title, reverse("desk:cleaning", args=[row.cleaning_id]))
    context["crumbs"] = _crumbs(here, (row.item.working_title, ""))
    wrong = bool(form.errors or drop_form.errors)
    return screen(request, me, "desk/cleaning_line.html", context, section="upkeep", status=422 if wrong else 200)


def _cleaning(me: Me, number: int) -> Cleaning:
    return cleanings_visible_to(me.held).get(pk=number)


def _line(me: Me, number: int, line: int) -> CleaningLine:
    rows = CleaningLine.objects.filter(cleaning__in=cleanings_visible_to(me.held), cleaning_id=number)
    return rows.select_related(
        "cleaning__organ", "cleaning__result", "item__organ", "item__section", "item__column", "release__version", "by"
    ).get(pk=line)


def _finish_form(me: Me, found: Cleaning, request: HttpRequest | None = None) -> FinishForm:
    section = found.result.section if found.result is not None else None
    initial = {"section": section.code} if section is not None else None
    return FinishForm(request.POST if request else None, organ=found.organ, on=me.today, initial=initial)


def _item(index_number: str, found: Cleaning) -> Item:
    """An item of the campaign's organ; the same answer for none and for another organ's."""
    item = Item.objects.filter(index_number=index_number.strip(), organ_id=found.organ_id).first()
    if item is None:
        raise Refusal(Refused("no_such_item", _("本机关没有这个索引号的信息，请核对。")))
    return item


def _actor(me: Me, organ_id: int) -> Actor:
    """The capacity for campaigns of the organ; without one the first held, and the action refuses in its own words."""
    return next((a for a in me.held if a.role in MAY_CLEAN and a.organ_id == organ_id), me.held[0])


def _crumbs(*rows: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs(
        (_("维护"), reverse("desk:upkeep")), (_("文件清理"), reverse("desk:cleanings") if rows else ""), *rows
    )
