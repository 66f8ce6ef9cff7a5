"""Those who were asked, as the consultation screen lists them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.step import Sight
from gongkai.foi.models import Consultation, FoiRequest
from gongkai.foi.models.acts import POSITIONS
from gongkai.foi.queries.sealed import text_of
from gongkai.law.reply_clock.acts import CONSULTATION_WORKING_DAYS
from gongkai.web.wording import date_with_weekday, last_day, short_date

KIND_WORDS = {("third_party", ""): "第三方", ("agency", "34"): "共同制作机关", ("agency", "11"): "协商、确认的机关"}
#: What silence meant once the days were over (条例32、34、11).
SILENT = {
    ("third_party", ""): "逾期没有意见，由本机关决定是否公开",
    ("agency", "34"): "逾期没有意见，视为同意公开",
    ("agency", "11"): "逾期没有意见，不视为同意，应继续协商、确认",
}


def party_name(case: FoiRequest, asked: Consultation) -> str:
    """The open name, for those who handle the case."""
    return text_of(case.key, asked.party, "consultation.party") if case.erased_at is None else asked.label


def asked_rows(sight: Sight) -> list[dict[str, Any]]:
    """One row a party: who, under what, since when, how it stands, and what may be written down next."""
    return [_row(sight, asked) for asked in sight.case.consultations.select_related("asked", "answered")]


def _row(sight: Sight, asked: Consultation) -> dict[str, Any]:
    number, kind = sight.case.number, (asked.kind, asked.basis)
    received = next((s.received_on for s in sight.steps if s.party == asked.label and s.received_on), None)
    last = sight.workday(CONSULTATION_WORKING_DAYS, received or asked.asked.on)
    acts = []
    if received is None and asked.answered_id is None:
        acts.append({"title": _("登记收到日期"), "url": reverse("desk:case_letter", args=[number, asked.asked_id])})
    if asked.answered_id is None:
        acts.append({"title": _("登记意见"), "url": reverse("desk:case_answer", args=[number, asked.pk])})
    elif asked.kind == "third_party" and asked.position == "objected":
        acts.append({"title": _("审查意见"), "url": reverse("desk:case_objection", args=[number, asked.pk])})
    if asked.answered is not None:
        stands = f"{short_date(asked.answered.on)} {_(POSITIONS[asked.position])}{_reasons(asked)}"
    elif last is not None and sight.today > last:
        stands = _(SILENT[kind])
    else:
        stands = _("等待意见，%(day)s") % {"day": last_day(last)} if last else _("等待意见")
    return {
        "label": asked.label,
        "name": party_name(sight.case, asked),
        "kind": _(KIND_WORDS[kind]),
        "asked_on": date_with_weekday(asked.asked.on),
        "received_on": date_with_weekday(received) if received else _("还没有登记"),
        "stands": stands,
        "acts": acts,
    }


def _reasons(asked: Consultation) -> str:
    if asked.kind != "third_party" or asked.position != "objected":
        return ""
    told = _("，说明了理由") if asked.answer else _("，没有说明理由")
    found = {None: _("，还没有审查"), True: _("，审查认为合理"), False: _("，审查认为不合理")}[asked.reasonable]
    return told + found
