"""维护: items whose day to be looked at has come, the page of one look, and what was found wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.desk.pages.preview import of_version
from gongkai.desk.who import Me
from gongkai.disclosure.actions.hand_over import MAY_HAND_OVER
from gongkai.disclosure.models import Item, Release
from gongkai.disclosure.queries.looks import (
    AHEAD,
    MAY_LOOK,
    causes_of_many,
    looks_of,
    may_look,
    mine_to_look_at,
    to_look_at,
)
from gongkai.law import moves
from gongkai.law.upkeep import check_look, questions
from gongkai.law.verdicts import Allowed
from gongkai.reporting.findings import BY_CODE
from gongkai.reporting.found import counted, open_findings
from gongkai.reporting.models import Finding

SIZE = 50
#: Lines of the to-do list; the rest is here.
MOST = 20
#: Who may have everything looked for at once; 主管部门 looks and changes nothing.
MAY_CHECK = ("compliance_reviewer", "leader")
SCOPES = {"mine": lazy("该我复核"), "all": lazy("全部")}


def waiting_looks(me: Me) -> list[Item]:
    """What is due for this person today, the longest overdue first, as far as the to-do list shows it."""
    return list(mine_to_look_at(me.held, on=me.today)[:MOST])


def scope_of(me: Me, asked: Mapping[str, str]) -> str:
    """The tab: the person's own by default, everything for those who do not look themselves."""
    scope = asked.get("scope", "")
    if scope in SCOPES:
        return scope
    return "mine" if me.has(*MAY_LOOK) else "all"


def tabs(me: Me, current: str) -> list[dict[str, Any]]:
    """该我复核, 全部, 发现的问题, 文件清理, with their counts."""
    here = reverse("desk:upkeep")
    due = {"mine": mine_to_look_at, "all": to_look_at}
    made = [
        {"title": title, "count": due[code](me.held, on=me.today).count(), "url": f"{here}?scope={code}",
         "current": current == code}
        for code, title in SCOPES.items() if code == "all" or me.has(*MAY_LOOK)
    ]  # fmt: skip
    found = {
        "title": _("发现的问题"), "count": open_findings(held=me.held).count(), "url": reverse("desk:upkeep_findings"),
        "current": current == "findings",
    }  # fmt: skip
    cleaned = {"title": _("文件清理"), "count": None, "url": reverse("desk:cleanings"),
               "current": current == "cleanings"}  # fmt: skip
    return [*made, found, cleaned]


def looks_page(me: Me, asked: Mapping[str, str]) -> dict[str, Any]:
    """Items that are due or will be within a month, by day."""
    scope = scope_of(me, asked)
    rows = {"mine": mine_to_look_at, "all": to_look_at}[scope](me.held, on=me.today, ahead=AHEAD)
    shown = Paginator(rows, SIZE).get_page(asked.get("page"))
    why = causes_of_many(list(shown))
    return {
        "tabs": tabs(me, scope),
        "groups": _groups(me, list(shown), why),
        "ahead": AHEAD,
        "pager": pager(shown, reverse("desk:upkeep"), {"scope": scope}),
    }


def _groups(me: Me, items: Sequence[Item], why: Mapping[int, Sequence[Any]]) -> list[dict[str, Any]]:
    rows = [
        {
            "item": item,
            "day": item.next_look_on,
            "late": (me.today - item.next_look_on).days if item.next_look_on else 0,
            "why": why[item.pk][0].sentence if why.get(item.pk) else "",
            "mine": may_look(me.held, item) is not None,
        }
        for item in items
    ]
    due = [row for row in rows if row["late"] >= 0]
    later = [row for row in rows if row["late"] < 0]
    titled = ((_("到期和逾期"), True, due), (_("%(n)d 天以内到期") % {"n": AHEAD}, False, later))
    return [{"title": title, "pressing": pressing, "rows": group} for title, pressing, group in titled if group]


def look_page(me: Me, item: Item, release: Release) -> dict[str, Any]:
    """The public text, what to ask of it, what was found wrong with it, who looked before."""
    drafter = me.able(("drafter",), item) is not None
    revisable = isinstance(moves.may("revise", work=item.work, public=item.public), Allowed)
    verdict = check_look(item.next_look_on, me.today)
    return {
        "item": item,
        "release": release,
        "shown": of_version(item, release.version, me.today),
        "causes": causes_of_many([item])[item.pk],
        "questions": questions(release.column_kind, release.heading),
        "findings": [_finding(row, me) for row in open_findings(held=me.held).filter(item=item)],
        "looks": looks_of(item)[:10],
        "may_look": may_look(me.held, item) is not None,
        "not_now": "" if isinstance(verdict, Allowed) else verdict.sentence,
        "may_revise": drafter and revisable,
        "in_work": not revisable,
        "may_withdraw": me.able(("compliance_reviewer", "leader", "emergency_officer"), item) is not None,
        "may_hand_over": me.able(MAY_HAND_OVER, item) is not None,
    }


def findings_page(me: Me, asked: Mapping[str, str]) -> dict[str, Any]:
    """What was found, by kind, with where it is mended."""
    kind = asked.get("kind", "")
    kind = kind if kind in BY_CODE else ""
    everything = open_findings(held=me.held)
    here = reverse("desk:upkeep_findings")
    counts = counted(everything)
    shown = Paginator(open_findings(held=me.held, kind=kind), SIZE).get_page(asked.get("page"))
    kept = {"kind": kind} if kind else {}
    return {
        "tabs": tabs(me, "findings"),
        "kinds": [
            {"title": row.kind.title, "count": row.count, "url": f"{here}?kind={row.kind.code}",
             "current": row.kind.code == kind}
            for row in counts if row.count
        ],
        "total": sum(row.count for row in counts),
        "everything_url": here,
        "kind": BY_CODE.get(kind),
        "rows": [_finding(row, me) for row in shown],
        "pager": pager(shown, here, kept),
        "export_url": f"{here}?{urlencode(kept | {'export': '1'})}",
        "may_check": me.has(*MAY_CHECK),
    }  # fmt: skip


def _finding(row: Finding, me: Me) -> dict[str, Any]:
    """A finding with the page where this person mends it; a kind that the code no longer has is shown as it was."""
    kind = BY_CODE.get(row.kind)
    way = kind.way if kind is not None else "item"
    item = row.item
    if way == "look":
        to, verb = "desk:look", _("复核")
    elif way == "hand_over" and me.able(MAY_HAND_OVER, item) is not None:
        to, verb = "desk:hand_over", _("移交")
    else:
        to, verb = "desk:item", _("去修改") if me.able(("drafter",), item) is not None else _("查看")
    return {
        "title": kind.title if kind is not None else row.kind,
        "mend": kind.mend if kind is not None else "",
        "told": row.told,
        "since": row.first_at,
        "item": item,
        "url": reverse(to, args=[item.code]),
        "verb": verb,
    }


def pager(shown: Page[Any], here: str, kept: Mapping[str, str]) -> dict[str, str]:
    def address(number: int) -> str:
        return f"{here}?{urlencode({**kept, 'page': str(number)})}"

    return {
        "previous_url": address(shown.previous_page_number()) if shown.has_previous() else "",
        "next_url": address(shown.next_page_number()) if shown.has_next() else "",
    }


def released(item: Item) -> Release | None:
    """The text in front of the public, if it is in force."""
    rows: QuerySet[Release] = Release.objects.filter(item=item, standing="live")
    return rows.select_related("version").first()
