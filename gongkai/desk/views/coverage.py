"""应公开未公开, the catalogue, and requests to correct or delete personal data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.desk.forms.moves import AnswerForm
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.tables import csv_file
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.corrections import answer_correction
from gongkai.disclosure.actions.import_catalogue import sheet_rows
from gongkai.disclosure.catalogue_sheet import write_xlsx
from gongkai.disclosure.models import Catalogue, CatalogueEntry, CorrectionRequest, Item
from gongkai.disclosure.queries.desk import coverage as gaps_by_organ
from gongkai.disclosure.queries.desk import items_visible_to, visible_organs
from gongkai.files.sniff import KINDS
from gongkai.law import moves
from gongkai.law.verdicts import Refusal

MAY_ANSWER = ("compliance_reviewer", "leader")


@require_safe
@staff
def coverage(request: HttpRequest, me: Me) -> HttpResponse:
    """Per agency the entries with nothing live, and a button that starts the draft."""
    drafting = {a.organ_id for a in me.held if a.role == "drafter"}
    late = _late_updates(me)
    rows = [
        {
            "organ": organ,
            "gaps": gaps,
            "total": total,
            "covered": total - len(gaps),
            "may_draft": organ.pk in drafting,
            "late": late.get(organ.pk, []),
        }
        for organ, gaps, total in gaps_by_organ(me.held)
    ]
    if request.GET.get("export"):
        head = [_("机关"), _("序号"), _("一级事项"), _("二级事项"), _("公开时限"), _("正在拟稿")]
        lines = (
            [
                row["organ"].name,
                gap.entry.serial,
                gap.entry.level1,
                gap.entry.level2,
                gap.entry.limit_text,
                gap.drafting,
            ]
            for row in rows
            for gap in row["gaps"]
        )
        return csv_file(_("应公开未公开") + f"-{me.today.isoformat()}.csv", head, lines)
    context = {
        "rows": rows,
        "missing": sum(len(row["gaps"]) for row in rows),
        "total": sum(row["total"] for row in rows),
        "crumbs": crumbs((_("应公开未公开"), "")),
    }
    return screen(request, me, "desk/coverage.html", context, section="coverage")


def _late_updates(me: Me) -> dict[int, list[Item]]:
    """By organ: texts in hand under a catalogue entry that are past the entry's own time limit."""
    rows = items_visible_to(me.held).filter(entry__catalogue__current=True, due_on__lt=me.today)
    rows = rows.exclude(work=moves.NONE).order_by("due_on")
    found: dict[int, list[Item]] = {}
    for item in rows:
        found.setdefault(item.organ_id, []).append(item)
    return found


@require_safe
@staff
def catalogue(request: HttpRequest, me: Me) -> HttpResponse:
    """Catalogues in force of the organs this person may see, with their entries."""
    organs = visible_organs(me.held)
    rows = Catalogue.objects.filter(current=True).select_related("organ")
    if organs is not None and not me.has("system_admin"):
        rows = rows.filter(organ_id__in=organs)
    catalogues = list(rows.order_by("organ__order", "organ__code"))
    chosen = next(
        (c for c in catalogues if c.organ.code == request.GET.get("organ")), catalogues[0] if catalogues else None
    )
    if chosen is not None and request.GET.get("export"):
        data = write_xlsx(sheet_rows(chosen), title=chosen.organ.name)
        return HttpResponse(
            data,
            content_type=KINDS["xlsx"].media_type,
            headers={"Content-Disposition": content_disposition_header(True, f"{chosen}.xlsx") or ""},
        )
    entries = CatalogueEntry.objects.filter(catalogue=chosen).select_related("column") if chosen else []
    context = {
        "catalogues": catalogues,
        "chosen": chosen,
        "entries": entries,
        "may_draft": chosen is not None and any(a.role == "drafter" and a.organ_id == chosen.organ_id for a in me.held),
        "crumbs": crumbs((_("公开目录"), "")),
    }
    return screen(request, me, "desk/catalogue.html", context, section="catalogue")


def open_corrections(me: Me) -> int:
    """Requests about personal data that wait for an answer, as far as this person may see them."""
    return CorrectionRequest.objects.filter(item__in=items_visible_to(me.held), answered_at__isnull=True).count()


@require_safe
@staff
def corrections(request: HttpRequest, me: Me) -> HttpResponse:
    """Requests about personal data on released pages of the organs this person may see; open ones first."""
    rows = CorrectionRequest.objects.filter(item__in=items_visible_to(me.held)).select_related(
        "item__organ", "answered_by"
    )
    context = {
        "rows": rows.order_by("answered_at", "at")[:200],
        "may_answer": me.has(*MAY_ANSWER),
        "crumbs": crumbs((_("更正和删除个人信息的申请"), "")),
    }
    return screen(request, me, "desk/corrections.html", context, section="items")


@require_http_methods(["GET", "POST"])
@staff
def correction(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """One request and its answer."""
    asked = CorrectionRequest.objects.select_related("item__organ", "item__section", "answered_by").get(
        pk=number, item__in=items_visible_to(me.held)
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_correction(asked.pk, form.cleaned_data["answer"], actor=me.acting(MAY_ANSWER, asked.item), at=me.at)
        except Refusal as refusal:
            form.add_error("answer", words(refusal))
        else:
            return done(request, _("已办结，请按申请人留下的联系方式告知。"), "desk:corrections")
    context = {
        "asked": asked,
        "form": form,
        "may_answer": me.able(MAY_ANSWER, asked.item) is not None and asked.answered_at is None,
        "crumbs": crumbs((_("更正和删除申请"), reverse("desk:corrections")), (asked.item.working_title, "")),
    }
    return screen(request, me, "desk/correction.html", context, section="items", status=422 if form.errors else 200)
