"""The list of items: filters, pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.models import Organ
from gongkai.desk.who import Me
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.catalogue import alike_by_id
from gongkai.disclosure.queries.desk import items_visible_to, visible_organs
from gongkai.law import moves
from gongkai.law.headings import HEADINGS

SIZE = 25
FILTERS = ("work", "public", "heading", "organ", "entry")


def found(me: Me, asked: Mapping[str, str]) -> QuerySet[Item]:
    """Items under the filters; a value that is not known leaves nothing out."""
    rows = items_visible_to(me.held)
    if asked.get("work") in moves.WORK:
        rows = rows.filter(work=asked["work"])
    if asked.get("public") in moves.PUBLIC:
        rows = rows.filter(public=asked["public"])
    if asked.get("heading"):
        rows = rows.filter(heading=asked["heading"])
    if asked.get("organ"):
        rows = rows.filter(organ__code=asked["organ"])
    if asked.get("entry", "").isdecimal() and len(asked["entry"]) < 19:
        rows = rows.filter(entry__in=alike_by_id(int(asked["entry"])))
    if query := asked.get("q", "").strip():
        rows = rows.filter(
            Q(working_title__icontains=query) | Q(index_number=query) | Q(draft__doc_number__icontains=query)
        )
    return rows.order_by("-pk")


def page(rows: QuerySet[Item], asked: Mapping[str, str]) -> dict[str, Any]:
    shown = Paginator(rows, SIZE).get_page(asked.get("page"))
    kept = {name: asked[name] for name in (*FILTERS, "q") if asked.get(name)}

    def address(number: int) -> str:
        return f"{reverse('desk:items')}?{urlencode(kept | {'page': str(number)})}"

    return {
        "rows": list(shown),
        "count": shown.paginator.count,
        "pager": {
            "previous_url": address(shown.previous_page_number()) if shown.has_previous() else "",
            "next_url": address(shown.next_page_number()) if shown.has_next() else "",
        },
    }


def filter_bar(me: Me, asked: Mapping[str, str]) -> dict[str, Any]:
    organs = visible_organs(me.held)
    fields = [
        _field("work", _("在办文本"), moves.WORK, asked),
        _field("public", _("公众能看到的"), moves.PUBLIC, asked),
        _field("heading", _("类别"), {row.code: row.short for row in HEADINGS}, asked),
    ]
    if organs is None or len(organs) > 1:
        known = Organ.objects.filter(active=True) if organs is None else Organ.objects.filter(pk__in=organs)
        fields.append(_field("organ", _("机关"), {organ.code: organ.label for organ in known}, asked))
    kept = {name: asked[name] for name in (*FILTERS, "q") if asked.get(name)}
    return {
        "action": reverse("desk:items"),
        "kept": [("q", asked["q"])] if asked.get("q") else [],
        "fields": fields,
        "chosen": sum(1 for name in kept if name != "q"),
        "export_url": f"{reverse('desk:items_export')}?{urlencode(kept)}",
    }


def _field(name: str, label: str, options: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, Any]:
    values = [{"value": "", "label": _("全部"), "selected": not asked.get(name)}]
    values += [{"value": value, "label": text, "selected": asked.get(name) == value} for value, text in options.items()]
    return {"name": name, "label": label, "options": values}
