"""Choose what stands in a handbook: search and add, everything of a kind, order, chapters, take out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.channels.actions.handbooks import CHOOSERS, arrange, choose, choose_all, remove
from gongkai.channels.handbooks.contents import places
from gongkai.channels.models import Handbook
from gongkai.channels.models.handbooks import CHAPTERS
from gongkai.desk.pages.released import find_released
from gongkai.desk.screens import done, refused, screen
from gongkai.desk.views.handbooks import acting, handbook_crumbs, handbook_of, may
from gongkai.desk.who import Me, staff
from gongkai.disclosure.models import Column
from gongkai.disclosure.queries.public import facets
from gongkai.law.headings import heading
from gongkai.law.verdicts import Refusal

KINDS = {"heading": "公开类别", "column": "栏目", "theme": "主题"}


@require_http_methods(["GET", "POST"])
@staff
def items(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """The set with its order; below it what can be added."""
    handbook = handbook_of(me, number)
    if request.method == "POST":
        return _act(request, me, handbook)
    query = request.GET.get("q", "")[:100]
    rows = list(handbook.chosen.select_related("item"))
    there = {row.item_id for row in rows}
    stands = {place.item_id for place in places(handbook, on=me.today)}
    context = {
        "handbook": handbook,
        "rows": [{"row": row, "n": n, "stands": row.item_id in stands} for n, row in enumerate(rows, start=1)],
        "by_hand": handbook.chapters == "hand",
        "chapters_word": CHAPTERS[handbook.chapters],
        "chapters": list(dict.fromkeys(row.chapter for row in rows if row.chapter)),
        "chooses": may(me, CHOOSERS, handbook.organ_id),
        "query": query,
        "found": [{"release": r, "there": r.item_id in there} for r in find_released(query)],
        "kinds": _kinds(),
        "crumbs": handbook_crumbs(handbook, _("收录的信息")),
    }
    return screen(request, me, "desk/papers/items.html", context, section="handbooks")


def _act(request: HttpRequest, me: Me, handbook: Handbook) -> HttpResponse:
    actor, told = acting(me, CHOOSERS, handbook.organ_id), request.POST
    chapter = told.get("chapter", "")
    try:
        match told.get("act", ""):
            case "add":
                numbers = told.getlist("number")
                added = choose(handbook.pk, numbers, actor=actor, at=me.at, on=me.today, chapter=chapter)
                sentence = _("已收入 %(n)d 条。") % {"n": len(added)} if numbers else _("没有勾选信息，没有改动。")
            case "add_all":
                kind, _colon, value = told.get("kind", "").partition(":")
                if kind not in KINDS:
                    return redirect("desk:handbook_items", handbook.pk)
                added = choose_all(handbook.pk, kind, value, actor=actor, at=me.at, on=me.today, chapter=chapter)
                sentence = _("已收入 %(n)d 条。") % {"n": len(added)} if added else _("这一类没有更多可以收入的信息。")
            case act if act.startswith("remove:"):
                remove(handbook.pk, _number(act.removeprefix("remove:")), actor=actor, at=me.at, on=me.today)
                sentence = _("已移出。")
            case act:
                arrange(handbook.pk, _arranged(told, act), actor=actor, at=me.at)
                sentence = _("已保存次序和章名。")
    except Refusal as refusal:
        return refused(request, refusal, "desk:handbook_items", handbook.pk)
    return done(request, sentence, "desk:handbook_items", handbook.pk)


def _arranged(told: Mapping[str, Any], act: str) -> dict[int, tuple[int, str]]:
    """Typed places and chapters; `up:N` and `down:N` move one line by one."""
    keys = [_number(name.removeprefix("order-")) for name in told if name.startswith("order-")]
    # Twice as far apart, so that a line may be put between two others.
    rows = {key: (2 * _number(told[f"order-{key}"]), told.get(f"chapter-{key}", "")) for key in keys}
    verb, _colon, key = act.partition(":")
    if verb in ("up", "down") and _number(key) in rows:
        place, chapter = rows[_number(key)]
        rows[_number(key)] = (max(0, place + (-3 if verb == "up" else 3)), chapter)
    return rows


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _kinds() -> list[dict[str, Any]]:
    """Groups of lists with the number of their public items."""
    by = facets({}).by
    columns = dict(Column.objects.filter(active=True).values_list("slug", "name"))
    named = {
        "heading": [(code, heading(code).short, n) for code, n in sorted(by["heading"].items())],
        "column": [(slug, columns[slug], n) for slug, n in by["column"].items() if slug in columns],
        "theme": [(name, name, n) for name, n in sorted(by["theme"].items())],
    }
    return [
        {
            "title": title,
            "rows": [{"value": f"{kind}:{value}", "label": f"{word}（{n}）"} for value, word, n in named[kind]],
        }
        for kind, title in KINDS.items()
    ]
