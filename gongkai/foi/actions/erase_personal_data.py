"""Erase what a closed request holds of people, and leave the statistics (个人信息保护法47)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import HEAD, day_of, locked, require_post, turn
from gongkai.foi.models import DataKey, FoiRequest, TextBand
from gongkai.law.foi_moves import may, may_erase
from gongkai.law.verdicts import Refusal, Refused, require

#: [I] years a closed file keeps its personal data; FOI_KEEP_YEARS in settings or environment
KEEP_YEARS = 10


def keep_years() -> int:
    return int(settings.FOI_KEEP_YEARS)


def erase_personal_data(number: str, *, actor: Actor, at: datetime) -> FoiRequest:
    """Destroy the data key of the request, and the applicant's with the last request of that submission.

    Everything sealed with them, papers included, is unreadable from then on. State, dates, outcome line, applicant
    column and the ledger stay: they hold nothing of a person.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "清除个人信息")
        require(may("erase", case.state))
        if case.erased_at is not None:
            raise Refusal(Refused("erased_already", "这件申请的个人信息已经清除。"))
        if case.closed_on is None:
            raise RuntimeError("a closed request has its day")
        pending = list(case.remedies.filter(result="").values_list("kind", flat=True))
        require(may_erase(case.closed_on, on=day_of(at), keep_years=keep_years(), pending_remedies=pending))
        case.erased_at, case.code_digest, case.sketch = at, "", ""
        turn(case, "erase", "foi.erased", actor=actor, at=at)
        TextBand.objects.filter(request=case).delete()
        case.consultations.update(party_digest="")
        _destroy(case.key, at)
        if not FoiRequest.objects.filter(applicant=case.applicant, erased_at=None).exists():
            case.applicant.digest = ""
            case.applicant.save(update_fields=["digest"])
            _destroy(case.applicant.key, at)
        return case


def _destroy(key: DataKey, at: datetime) -> None:
    key.wrapped, key.destroyed_at = "", at
    key.save(update_fields=["wrapped", "destroyed_at"])
