"""Complaints about the handling of requests, and how applicants rate it, for the supervising office."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.who import Me
from gongkai.foi.models import Complaint
from gongkai.foi.queries.oversight import complaint_answer, complaint_text, complaints_for
from gongkai.foi.queries.timeline import case_timeline
from gongkai.law.foi_moves import STATES

SIZE = 50


def complaint_rows(me: Me) -> list[dict[str, Any]]:
    """Open ones first."""
    return [
        {
            "url": reverse("desk:case_complaint", args=[row.pk]),
            "number": row.request.number,
            "organ": row.request.organ.label,
            "to": row.to_organ.label,
            "made_at": row.made_at,
            "answered_at": row.answered_at,
            "state": STATES[row.request.state],
        }
        for row in complaints_for(me.held)[:SIZE]
    ]


def complaint_page(me: Me, complaint: Complaint) -> dict[str, Any]:
    """The complaint with number, state and dates of its request; neither who asked nor what for."""
    case = complaint.request
    erased = case.erased_at is not None
    gone = _("个人信息已经清除，内容不再保存。")
    return {
        "complaint": complaint,
        "number": case.number,
        "organ": case.organ.name,
        "state": STATES[case.state],
        "text": gone if erased else complaint_text(complaint),
        "answer": (gone if erased else complaint_answer(complaint)) if complaint.answered_at else "",
        "events": case_timeline(case, as_of=me.today, acts=False),
    }
