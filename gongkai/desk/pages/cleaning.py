"""清理: the campaigns, one campaign with its progress drawn, and one document to decide about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.models import Organ
from gongkai.desk.pages.preview import of_version
from gongkai.desk.pages.timeline import timeline
from gongkai.desk.pages.upkeep import tabs
from gongkai.desk.who import Me
from gongkai.disclosure.actions.cleaning import MAY_CLEAN, cleaning_subject
from gongkai.disclosure.models import Cleaning, CleaningLine
from gongkai.disclosure.queries.citations import cites_of, effects_of
from gongkai.disclosure.queries.cleaning import (
    Progress,
    cleanings_visible_to,
    draft_differs,
    dropped_lines_of,
    is_open,
    lines_of,
    progress,
    stale,
    to_mend,
    unsettled,
)
from gongkai.disclosure.queries.normative import facts_of
from gongkai.law import moves
from gongkai.law.cleaning import DECISIONS, decision, needs_reregistration
from gongkai.law.validity import expiry_alert_on, validity_on
from gongkai.ledger.queries import timeline as facts_about

WIDTH, HEIGHT = 600, 20
SIZE = 100


def organs_of(me: Me) -> list[Organ]:
    """The organs for which this person may begin a campaign."""
    ids = {actor.organ_id for actor in me.held if actor.role in MAY_CLEAN}
    return list(Organ.objects.filter(pk__in=ids, active=True))


def may_decide(me: Me, cleaning: Cleaning) -> bool:
    return any(actor.role in MAY_CLEAN and actor.organ_id == cleaning.organ_id for actor in me.held)


def list_page(me: Me) -> dict[str, Any]:
    """Every campaign this person may see, with how far it is, and what published results still ask for."""
    rows = [
        {"cleaning": c, "progress": progress(lines_of(c)), "state": _state(c), "late": _late(c, me)}
        for c in cleanings_visible_to(me.held)[:SIZE]
    ]
    return {
        "tabs": tabs(me, "cleanings"),
        "rows": rows,
        "may_begin": bool(organs_of(me)),
        "to_mend": to_mend(me.held),
        "unsettled": unsettled(me.held),
    }


def waiting_documents(me: Me) -> list[CleaningLine]:
    """What published results ask this person for: a new text of the own section, or what was not done by itself."""
    rows = [line for line in to_mend(me.held) if me.able(("drafter",), line.item) and line.item.work == moves.NONE]
    return rows + [line for line in unsettled(me.held) if me.able(MAY_CLEAN, line.item)]


def campaign_page(me: Me, cleaning: Cleaning, asked: str = "") -> dict[str, Any]:
    """One campaign: progress, the documents (all, open, or of one decision), those taken off, the result."""
    lines = lines_of(cleaning)
    counts = progress(lines)
    shown = [line for line in lines if not asked or (line.decision or "open") == asked]
    result = cleaning.result
    return {
        "cleaning": cleaning,
        "state": _state(cleaning),
        "late": _late(cleaning, me),
        "progress": counts,
        "bar": bar(counts),
        "tabs": _tabs(cleaning, counts, asked),
        "rows": [_row(line) for line in shown],
        "dropped": dropped_lines_of(cleaning),
        "open": is_open(cleaning),
        "may": may_decide(me, cleaning),
        "result": result,
        "result_out": result is not None and result.public == moves.LIVE,
        "differs": draft_differs(cleaning, lines),
        "next": next((line for line in lines if not line.decision), None),
        "timeline": _timeline(cleaning),
    }


def line_page(me: Me, line: CleaningLine) -> dict[str, Any]:
    """One document: the public text, its validity, who relies on it, what it relies on, and what a decision needs."""
    cleaning, release = line.cleaning, line.release
    front = line.item.releases.filter(standing__in=["live", "withdrawn"]).select_related("version").first() or release
    document = facts_of(front)
    validity = validity_on(document, me.today)
    others = [row for row in lines_of(cleaning) if not row.decision and row.pk != line.pk]
    return {
        "cleaning": cleaning,
        "line": line,
        "item": line.item,
        "release": front,
        "shown": of_version(line.item, front.version, me.today),
        "validity": validity,
        "alert_on": expiry_alert_on(document),
        "must_renew": needs_reregistration(document, me.today),
        "effects": effects_of(line.item),
        "cites": [row for row in cites_of(line.item, on=me.today) if row.to is not None],
        "decisions": DECISIONS,
        "decided": decision(line.decision) if line.decision else None,
        "stale": stale(line),
        "gone": front.standing != "live",
        "open": is_open(cleaning) and not line.dropped_because,
        "may": may_decide(me, cleaning),
        "next": others[0] if others else None,
        "left": len(others),
    }


def bar(counts: Progress) -> list[dict[str, Any]]:
    """Stretches of the drawn bar, in order: each decision, then what is still open."""
    stretches, at = [], 0.0
    for code, title, n in (*counts.by, ("open", str(_("未决定")), counts.left)):
        width = round(WIDTH * n / counts.total, 1) if counts.total else 0.0
        if n:
            stretches.append({"code": code, "title": title, "n": n, "x": round(at, 1), "width": width})
        at += width
    return stretches


def _tabs(cleaning: Cleaning, counts: Progress, asked: str) -> list[dict[str, Any]]:
    here = reverse("desk:cleaning", args=[cleaning.pk])
    rows = [("", _("全部"), counts.total), ("open", _("未决定"), counts.left), *counts.by]
    return [
        {"title": title, "count": n, "url": f"{here}?show={code}" if code else here, "current": code == asked}
        for code, title, n in rows
    ]


def _row(line: CleaningLine) -> dict[str, Any]:
    return {
        "line": line,
        "decision": decision(line.decision).title if line.decision else "",
        "stale": stale(line) and not line.effect,
    }


def _timeline(cleaning: Cleaning) -> list[dict[str, Any]]:
    """The record of the campaign, each decision with the document it is about."""
    rows = timeline(facts_about(cleaning_subject(cleaning))[:200], merged=False)
    titles = dict(cleaning.lines.values_list("item__code", "release__version__title"))
    for row in rows:
        told = row["fact"].data
        if told.get("item") in titles:
            taken = f"：{decision(told['decision']).title}" if told.get("decision") else ""
            row["what"] = f"{row['what']}{taken}　《{titles[told['item']]}》"
    return rows


def _state(cleaning: Cleaning) -> str:
    result = cleaning.result
    if cleaning.closed_at is not None:
        return _("已办结")
    if result is None:
        return _("正在决定")
    if result.public == moves.LIVE:
        return _("结果已公布，正在办理")
    if result.public != moves.HIDDEN:
        return _("结果已撤下")
    return _("结果文稿：%(state)s") % {"state": moves.WORK[result.work]}


def _late(cleaning: Cleaning, me: Me) -> bool:
    return cleaning.closed_at is None and cleaning.closes_on < me.today
