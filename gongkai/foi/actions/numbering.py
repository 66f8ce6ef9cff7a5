"""Numbers of cases and reply letters: gap-free for each organ and year."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from gongkai.agencies.models import Organ
from gongkai.foi.models import NumberSequence

#: [I] form of the numbers; the year is that of registration or of sign-off
PATTERNS = {"case": "{code}-{year}-{serial:05d}", "reply": "{name}公复〔{year}〕{serial}号"}


def next_number(organ: Organ, kind: str, at: datetime) -> str:
    """Take the next number; the row stays locked until the transaction ends, and a failure gives the number back."""
    year = timezone.localtime(at).year
    sequence, _ = NumberSequence.objects.get_or_create(organ=organ, kind=kind, year=year)
    sequence = NumberSequence.objects.select_for_update().get(pk=sequence.pk)
    NumberSequence.objects.filter(pk=sequence.pk).update(last=F("last") + 1)
    return PATTERNS[kind].format(code=organ.code, name=organ.label, year=year, serial=sequence.last + 1)
