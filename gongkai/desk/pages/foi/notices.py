"""Notices to applicants: what stands where, a page at a time; no address is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.who import Me
from gongkai.notices.kinds import KINDS
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.queries import by_state, notices_of
from gongkai.notices.states import (
    DROPPED,
    FAILED,
    MAY_DROP,
    MAY_RETRY,
    NO_ADDRESS,
    PROBLEMS,
    QUEUED,
    SENT,
    STATES,
    UNCLEAR,
    WAYS,
)
from gongkai.notices.ways import ways_on
from gongkai.web.wording import short_instant

SIZE: Final = 25
TAGS: Final = {UNCLEAR: "tag--open", FAILED: "tag--blocked", SENT: "tag--answered", DROPPED: "tag--answered"}
ROLE: Final = "foi_officer"


def organs_of(me: Me) -> list[int]:
    """Organs whose requests this person handles."""
    return sorted({actor.organ_id for actor in me.held if actor.role == ROLE and actor.organ_id is not None})


def notices_page(me: Me, asked: Mapping[str, str]) -> dict[str, Any]:
    """Tabs by state, rows, pager."""
    organs = organs_of(me)
    state = asked.get("state", "") if asked.get("state") in STATES else ""
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and 0 < len(asked["page"]) < 7 else 1
    first = max(number - 1, 0) * SIZE
    found = list(notices_of(organs, states=[state] if state else [])[first : first + SIZE + 1])
    counted = by_state(organs)
    return {
        "rows": [_row(notice) for notice in found[:SIZE]],
        "tabs": _tabs(counted, state),
        "off": [str(title) for way, title in WAYS.items() if way not in ways_on()],
        "trouble": counted[UNCLEAR] + counted[FAILED],
        "unclear": counted[UNCLEAR],
        "pager": {
            "previous_url": _url(state, number - 1) if number > 1 else "",
            "next_url": _url(state, number + 1) if len(found) > SIZE else "",
        },
    }


def _tabs(counted: Mapping[str, int], state: str) -> list[dict[str, Any]]:
    """全部 and the states that have notices, with those that need a person first."""
    order = sorted(STATES, key=lambda code: code not in (UNCLEAR, FAILED))
    shown = [code for code in order if counted[code] or code == state]
    rows = [("", _("全部"), sum(counted.values())), *((code, STATES[code], counted[code]) for code in shown)]
    return [{"title": title, "count": n, "url": _url(code), "current": code == state} for code, title, n in rows]


def _url(state: str, page: int = 1) -> str:
    values = {"state": state, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in values.items() if value})
    return reverse("desk:case_notices") + (f"?{query}" if query else "")


def _row(notice: OutgoingNotice) -> dict[str, Any]:
    number = notice.request.number
    return {
        "number": number,
        "url": reverse("desk:case", args=[number]),
        "kind": KINDS[notice.kind].title,
        "way": WAYS[notice.way],
        "state": STATES[notice.state],
        "tag": TAGS.get(notice.state, ""),
        "problem": PROBLEMS[notice.problem] if notice.state != SENT or notice.problem == "by_hand" else "",
        "attempts": notice.attempts,
        "queued": notice.queued_at,
        "when": _when(notice),
        "settle_url": reverse("desk:case_notice_settle", args=[notice.pk]),
        "verbs": _verbs(notice),
    }


def _when(notice: OutgoingNotice) -> str:
    if notice.state == QUEUED and notice.next_at is not None and notice.attempts:
        return _("下次发送 %(at)s") % {"at": short_instant(notice.next_at)}
    return short_instant(notice.ended_at) if notice.ended_at is not None else ""


def _verbs(notice: OutgoingNotice) -> list[tuple[str, str]]:
    """What is queued and has not failed yet needs nobody."""
    state, verbs = notice.state, []
    if state in MAY_RETRY:
        verbs.append(("retry", _("再次发送") if state != NO_ADDRESS else _("重新查找地址并发送")))
    if state == UNCLEAR:
        verbs.append(("sent", _("认定已发出")))
    if state in MAY_DROP and (state != QUEUED or notice.problem):
        verbs.append(("drop", _("不再发送")))
    return verbs
