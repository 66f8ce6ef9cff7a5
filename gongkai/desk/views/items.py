"""Items: the list, the same as a table, a new one, one item whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.models import Section
from gongkai.desk.forms.draft import NewItemForm
from gongkai.desk.pages import items as listing
from gongkai.desk.pages.item import item_page
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.tables import csv_file
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.create_item import create_item
from gongkai.disclosure.models import Column
from gongkai.disclosure.queries.desk import item_for
from gongkai.law import moves
from gongkai.law.headings import heading
from gongkai.law.verdicts import Refusal
from gongkai.web.wording import full_date


@require_safe
@staff
def items(request: HttpRequest, me: Me) -> HttpResponse:
    """All items the person may see, newest first, with filters; pages by number."""
    found = listing.found(me, request.GET)
    return screen(
        request,
        me,
        "desk/items.html",
        {
            **listing.page(found, request.GET),
            "filter_bar": listing.filter_bar(me, request.GET),
            "asked": request.GET.get("q", ""),
            "may_draft": me.has("drafter"),
            "crumbs": crumbs((_("主动公开"), "")),
        },
        section="items",
    )


@require_safe
@staff
def export(request: HttpRequest, me: Me) -> HttpResponse:
    """The same rows as a table."""
    head = [
        _("索引号"),
        _("标题"),
        _("机关"),
        _("科室"),
        _("类别"),
        _("成文日期"),
        _("到期日"),
        _("在办文本"),
        _("公众能看到的"),
    ]
    rows = (
        [
            item.index_number or "",
            item.working_title,
            item.organ.name,
            item.section.name if item.section else "",
            heading(item.heading).short if item.heading else "",
            full_date(item.formed_on) if item.formed_on else "",
            full_date(item.due_on) if item.due_on else "",
            moves.WORK[item.work],
            moves.PUBLIC[item.public],
        ]
        for item in listing.found(me, request.GET)
    )
    return csv_file(_("主动公开信息") + f"-{me.today.isoformat()}.csv", head, rows)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """Begin an item, from a catalogue entry where one is named."""
    sections = list(_sections(me))
    if not sections:
        context = {
            "nothing": _("新建公开信息由拟稿人办理，您没有拟稿岗位。请联系安全管理员任岗。"),
            "crumbs": crumbs((_("新建"), "")),
        }
        return screen(request, me, "desk/new.html", context, section="items", status=403)
    start = {
        "section": sections[0].pk if len(sections) == 1 else None, "entry": request.GET.get("entry"),
        "column": request.GET.get("column"),
    }  # fmt: skip
    form = NewItemForm(sections, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        section = values["section"]
        actor = next(
            a
            for a in me.held
            if a.role == "drafter"
            and a.organ_id == section.organ_id
            and (a.section_id == section.pk or a.grant_id is not None)
        )
        try:
            item = create_item(
                section, values["title"], actor=actor, at=me.at, entry=values["entry"], column=values["column"],
                heading=values["heading"] if values["entry"] is None else "",
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("title", words(refusal))
        else:
            return done(request, _("已新建，请写正文、填写成文日期。"), "desk:edit", item.code)
    status = 422 if request.method == "POST" else 200
    column = Column.objects.filter(active=True, slug=form["column"].value() or "").first()
    context = {
        "form": form,
        "column": column,
        "crumbs": crumbs((_("主动公开"), reverse("desk:items")), (_("新建"), "")),
    }
    return screen(request, me, "desk/new.html", context, section="items", status=status)


def _sections(me: Me) -> list[Section]:
    """Sections this person drafts for: their own, and under a grant all of the other organ's."""
    own = {a.section_id for a in me.held if a.role == "drafter" and a.grant_id is None}
    lent = {a.organ_id for a in me.held if a.role == "drafter" and a.grant_id is not None}
    rows = Section.objects.filter(active=True).select_related("organ")
    return list(rows.filter(pk__in=own) | rows.filter(organ_id__in=lent))


@require_safe
@staff
def item(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """One item: where it stands, its versions, its record, and what may be done now."""
    found = item_for(code, me.held)
    context = item_page(me, found)
    context["crumbs"] = crumbs((_("主动公开"), reverse("desk:items")), (found.working_title, ""))
    return screen(request, me, "desk/item.html", context, section="items")
