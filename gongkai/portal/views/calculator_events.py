"""The events of a reply clock in an address: what may be added, and the address with one more or less."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gongkai.law.reply_clock.steps import KINDS

MOST_EVENTS = 20  # an address stays short enough to be sent on
ADDABLE = frozenset(KINDS) - {"received"}  # a request is received once
PARTIES = "甲乙丙丁戊己庚辛壬癸"
FIELDS = ("on", "received_on", "reply_by", "party", "basis", "working_days", "approved_by", "until", "by")
_STEP = re.compile(r"step([1-9]\d{0,2})")

# What may be added, in groups: heading, then (kind, what must have been added before, word on the button).
EVENTS: tuple[tuple[str | Promise, tuple[tuple[str, tuple[str, ...], str | Promise], ...]], ...] = (
    (
        gettext_lazy("补正（第三十条）"),
        (
            ("clarification_asked", (), gettext_lazy("告知补正")),
            ("clarification_received", ("clarification_asked",), gettext_lazy("收到补正")),
            ("reply_by_extended", ("clarification_asked",), gettext_lazy("延长补正期")),
        ),
    ),
    (
        gettext_lazy("征求意见（第三十二条、第三十四条）"),
        (
            ("third_party_asked", (), gettext_lazy("征求第三方")),
            ("third_party_answered", ("third_party_asked",), gettext_lazy("第三方答复")),
            ("third_party_undelivered", ("third_party_asked",), gettext_lazy("无法送达")),
            ("agency_asked", (), gettext_lazy("征求机关")),
            ("agency_answered", ("agency_asked",), gettext_lazy("机关答复")),
        ),
    ),
    (
        gettext_lazy("延长、延迟（第三十三条、第三十五条）"),
        (
            ("extended", (), gettext_lazy("延长答复")),
            ("reasons_asked", (), gettext_lazy("要求说明")),
            ("reasons_received", ("reasons_asked",), gettext_lazy("收到说明")),
            ("delayed", (), gettext_lazy("延迟答复")),
        ),
    ),
    (
        gettext_lazy("收费（第四十二条）"),
        (
            ("fee_notified", (), gettext_lazy("通知缴费")),
            ("fee_paid", ("fee_notified",), gettext_lazy("已经缴费")),
        ),
    ),
    (
        gettext_lazy("办结、恢复"),
        (
            ("reopened", ("clarification_asked", "fee_notified"), gettext_lazy("恢复办理")),
            ("withdrawn", (), gettext_lazy("撤回申请")),
            ("replied", (), gettext_lazy("作出答复")),
        ),
    ),
)
ASKED_BY = {
    "third_party_answered": "third_party_asked",
    "third_party_undelivered": "third_party_asked",
    "agency_answered": "agency_asked",
}


def event_numbers(query: Mapping[str, Any]) -> list[int]:
    """The numbers of the events in an address, in order."""
    return sorted(int(match[1]) for key in query if (match := _STEP.fullmatch(key)))


def offered(there: set[str]) -> list[dict[str, Any]]:
    """The buttons that add an event, in groups; an answer is offered once its question is `there`."""
    groups = []
    for title, kinds in EVENTS:
        buttons = [
            {"kind": kind, "word": word, "title": KINDS[kind].name}
            for kind, after, word in kinds
            if not after or there & set(after)
        ]
        groups.append({"title": title, "buttons": buttons})
    return [group for group in groups if group["buttons"]]


def moved(query: QueryDict, *, add: str = "", remove: str = "") -> tuple[QueryDict, int]:
    """The address with one event more or less, numbered anew and without empty values; and the number of the new event.

    What is typed so far goes along. Nothing is added beyond `MOST_EVENTS` or for a kind that is not known.
    """
    result = QueryDict(mutable=True)
    for name in ("on", "channel", "confirmed_on", "as_of"):
        if query.get(name, "").strip():
            result[name] = query[name].strip()
    kept = [n for n in event_numbers(query) if query[f"step{n}"] in ADDABLE and str(n) != remove][:MOST_EVENTS]
    for position, number in enumerate(kept, start=1):
        result[f"step{position}"] = query[f"step{number}"]
        for name in FIELDS:
            if query.get(f"{name}{number}", "").strip():
                result[f"{name}{position}"] = query[f"{name}{number}"].strip()
    if add not in ADDABLE or len(kept) >= MOST_EVENTS:
        return result, 0
    new = len(kept) + 1
    result[f"step{new}"] = add
    for name, value in _given(add, result).items():
        result[f"{name}{new}"] = value
    return result, new


def _given(kind: str, query: QueryDict) -> dict[str, str]:
    """What a new event starts with: the usual extension; the party last asked, or the next one free."""
    carried = {*KINDS[kind].required, *KINDS[kind].optional}
    given: dict[str, str] = {}
    if kind == "extended":
        given |= {"working_days": "20", "approved_by": "on"}
    if "party" in carried:
        asked = ASKED_BY.get(kind, kind)
        used = [query.get(f"party{n}", "") for n in event_numbers(query) if query[f"step{n}"] == asked]
        free = next((party for party in PARTIES if party not in used), PARTIES[-1])
        given["party"] = used[-1] if kind in ASKED_BY and used else free
    return given
