"""The page of one item: where it stands, what may be done now and what not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.desk.pages.channels import glance
from gongkai.desk.pages.clocks import Calendars, clock_box
from gongkai.desk.pages.schedule import scheduled
from gongkai.desk.pages.timeline import timeline
from gongkai.desk.who import Me
from gongkai.disclosure.actions.schedule import MAY_SCHEDULE
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.desk import case_of_version, versions_of
from gongkai.disclosure.queries.public import item_url
from gongkai.law import moves
from gongkai.law.moves import WITHDRAWAL_REASONS
from gongkai.law.roles import role
from gongkai.law.verdicts import Allowed, Refused
from gongkai.ledger.queries import timeline as facts_of
from gongkai.review.models import CaseStep
from gongkai.review.queries import standing


@dataclass(frozen=True)
class Act:
    """A verb a person may ask for: its route, who may, and what follows."""

    verb: str
    title: Any
    route: str
    roles: tuple[str, ...]
    posts: bool  # done at once by a button; otherwise a screen opens
    hint: Any


ACTS = (
    Act("edit", lazy("修改草稿"), "desk:edit", ("drafter",), False, lazy("打开草稿。")),
    Act("submit", lazy("送审"), "desk:submit", ("drafter",), False, lazy("先检查，再冻结文本并开始审查。")),
    Act(
        "schedule", lazy("定时发布"), "desk:schedule", MAY_SCHEDULE, False,
        lazy("设定、改期、取消发布的时间；在此之前公众看不到。"),
    ),
    Act("recall", lazy("撤回送审"), "desk:recall", ("drafter",), True, lazy("审查结束，草稿可以再改；已冻结的版本留存。")),
    Act("redraft", lazy("重新拟稿"), "desk:redraft", ("drafter",), True, lazy("不予通过以后重新修改文本。")),
    Act(
        "revise", lazy("修订"), "desk:revise", ("drafter",), True,
        lazy("从最新版本开始一份新草稿；公众看到的保持不变，直到新版本审查通过。"),
    ),
    Act("discard", lazy("放弃修订"), "desk:discard", ("drafter",), True, lazy("删去这份修订草稿；已发布的保持不变。")),
    Act(
        "withdraw", lazy("撤下"), "desk:withdraw", ("compliance_reviewer", "leader", "emergency_officer"), False,
        lazy("选择原因，公众页面随原因不同。"),
    ),
    Act(
        "release_emergency", lazy("应急发布"), "desk:emergency", ("emergency_officer",), False,
        lazy("突发事件中先行发布已经保密审查的文本，其余意见随后补齐。"),
    ),
    Act("reassess", lazy("定期评估"), "desk:reassess", ("compliance_reviewer",), False, lazy("评估能否转为公开。")),
)  # fmt: skip


def acts(me: Me, item: Item) -> dict[str, list[dict[str, Any]]]:
    """Every verb with whether this person may do it now; those that make no sense in this state are left out."""
    rows = []
    for act in ACTS:
        verdict = moves.may(act.verb, work=item.work, public=item.public)
        able = me.able(act.roles, item)
        if isinstance(verdict, Refused) and able is None:
            continue
        if isinstance(verdict, Allowed) and able is not None:
            why = ""
        elif isinstance(verdict, Allowed):
            titles = "、".join(role(code).title for code in act.roles)
            why = _("由%(titles)s办理，您没有这个岗位。") % {"titles": titles}
        else:
            why = str(verdict)
        rows.append(
            {
                "title": act.title,
                "url": reverse(act.route, args=[item.code]),
                "posts": act.posts,
                "hint": act.hint,
                "why": why,
            }
        )
    return {"now": [row for row in rows if not row["why"]], "not_now": [row for row in rows if row["why"]]}


def item_page(me: Me, item: Item) -> dict[str, Any]:
    """State, versions, release, timeline and acts."""
    versions = versions_of(item)
    releases = {
        r.version_id: r for r in Release.objects.filter(item=item).select_related("withdrawal__replaced_by", "case")
    }
    steps = dict(
        CaseStep.objects.filter(
            case__subject_kind="disclosure.version", case__subject_key__in=[v.pk for v in versions]
        ).values_list("code", "title")
    )
    front = next((r for r in releases.values() if r.standing in ("live", "withdrawn")), None)
    # An emergency release is out while its other opinions are made up for: its clock has been met.
    out = front is not None and bool(versions) and front.version_id == versions[0].pk and item.work == moves.IN_REVIEW
    in_work = item.work != moves.NONE and not out
    return {
        "item": item,
        "clock": clock_box(Calendars().due(item, me.today)) if in_work else None,
        "acts": acts(me, item),
        "scheduled": scheduled(item, me.at),
        "versions": [_version_row(v, releases.get(v.pk)) for v in versions],
        "front": _front(item, front),
        "review": _review(me, item, versions[0]) if item.work == moves.IN_REVIEW and versions else None,
        "timeline": timeline(facts_of(f"item:{item.code}"), steps),
        "compare": len(versions) > 1,
        "places": glance(me, item),
    }


def _version_row(version: Version, release: Release | None) -> dict[str, Any]:
    case = case_of_version(version)
    if release is not None:
        fate = {"live": _("公众正在看的版本"), "replaced": _("已被新版本替代"), "withdrawn": _("已撤下")}[
            release.standing
        ]
    elif case is None:
        fate = _("没有审查记录")
    else:
        fate = {
            "open": _("审查中"),
            "approved": _("审查通过"),
            "returned": _("已退回"),
            "refused": _("不予通过"),
            "recalled": _("已撤回送审"),
        }[case.state]
    return {"number": version.number, "title": version.title, "author": version.author, "at": version.frozen_at,
            "digest": version.digest, "fate": fate, "released_at": release.released_at if release else None}  # fmt: skip


def _front(item: Item, release: Release | None) -> dict[str, Any] | None:
    """What the public sees now."""
    if release is None:
        return None
    made = {"release": release, "url": item_url(item.index_number or ""), "withdrawal": None, "emergency": False}
    if release.standing == "withdrawn":
        row = release.withdrawal
        reason = next(r for r in WITHDRAWAL_REASONS if r.code == row.reason)
        made["withdrawal"] = {"reason": reason, "row": row}
    made["emergency"] = release.basis == "emergency" and release.case is not None and release.case.state != "approved"
    return made


def _review(me: Me, item: Item, version: Version) -> dict[str, Any] | None:
    """Whose turn it is, and whether it is this person's."""
    case = case_of_version(version)
    if case is None or case.state == "approved":  # what is approved waits for its instant, and says so itself
        return None
    now = standing(case)
    current = now.current
    return {
        "step": current.title if current else "",
        "mine": current is not None and me.able((current.role,), item) is not None and case.author_id != me.person.pk,
        "emergency": case.emergency_at is not None,
    }
