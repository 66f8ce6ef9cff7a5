"""The check before review: the scan of the draft as it stands, what is about to be frozen, and who reviews it."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.queries import holders
from gongkai.desk.pages.clocks import Calendars, clock_box
from gongkai.desk.pages.findings import place_words, quote
from gongkai.desk.pages.redact import file_states
from gongkai.disclosure.actions.submit import SUBJECT_KIND
from gongkai.disclosure.models import Draft, Item
from gongkai.disclosure.models.content import OPENNESS
from gongkai.files.html import to_text
from gongkai.law.roles import role
from gongkai.review.queries import plan_for
from gongkai.scanning.rules import scan

_HREF = re.compile(r'<a href="([^"]*)"')  # the same places as the scan at submission reads (actions/submit.py)
SEVERITIES = {"block": lazy("禁止公开"), "confirm": lazy("待保密审查答复"), "note": lazy("提示")}


def submit_page(item: Item, draft: Draft, author_id: int, today: date) -> dict[str, Any]:
    """Findings with masked words, the header block in short, and the steps with their people."""
    files = {a.order: (a.filename, a.text) for a in draft.attachments.all()}
    places = {"title": draft.title, "summary": draft.summary, "body": to_text(draft.body)}
    places["links"] = "\n".join(unquote(unescape(target)) for target in _HREF.findall(draft.body))
    places |= {f"filename:{order}": name for order, (name, _text) in files.items()}
    places |= {f"attachment:{order}": text for order, (_name, text) in files.items()}
    names = {order: name for order, (name, _text) in files.items()}
    found = [(place, text, finding) for place, text in places.items() if text for finding in scan(text)]
    rows = [
        {
            "number": number,
            "severity": finding.severity,
            "severity_word": SEVERITIES[finding.severity],
            "title": finding.title,
            "place": place_words(place, text, finding.start, names),
            "quote": quote(finding.family, finding.suggestion or "", finding.text),
            "rule": f"{finding.sentence}{finding.article}",
            "more": len(finding.more),
        }
        for number, (place, text, finding) in enumerate(found, start=1)
    ]
    return {
        "item": item,
        "draft": draft,
        "clock": clock_box(Calendars().due(item, today)),
        "findings": rows,
        "files": file_states(item, draft),
        "blocked": sum(1 for row in rows if row["severity"] == "block"),
        "openness": OPENNESS[draft.openness],
        "steps": [_step(item, row, author_id, today) for row in plan_for(SUBJECT_KIND, item.organ)],
        "empty": not places["body"].strip() and not draft.attachments.filter(inline=False).exists(),
    }


def _step(item: Item, row: Any, author_id: int, today: date) -> dict[str, Any]:
    """A step with the names of those who can take it; the author never counts."""
    section = item.section_id if row.scope == "section" else None
    people = [
        person.name
        for person in holders(role=row.role, organ_id=item.organ_id, on=today, section_id=section)
        if person.pk != author_id
    ]
    return {
        "title": row.title,
        "role": role(row.role).title,
        "people": "、".join(people[:4]),
        "short": len(people) < row.quorum,
        "quorum": row.quorum,
    }
