"""What the text itself says about the document: offered beside the form, never filled in by the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.chinese.metadata import guess
from gongkai.disclosure.models import Draft
from gongkai.files.html import to_text
from gongkai.web.wording import full_date


@dataclass(frozen=True)
class Offer:
    """`name` is the column of the draft, `value` what would be put there, `shown` how it reads."""

    name: str
    label: str
    value: str | date
    shown: str


def guesses(draft: Draft) -> list[Offer]:
    """Title, number, issuer and dates as the text has them, where the draft says otherwise."""
    text = to_text(draft.body)
    if not text.strip():
        return []
    found = guess(text)
    rows = (
        ("title", _("标题"), found.title),
        ("doc_number", _("发文字号"), found.doc_number),
        ("issuer", _("发文机关"), found.issuer),
        ("formed_on", _("成文日期"), found.formed_on),
        ("effective_from", _("生效日期"), found.effective_on),
        ("valid_until", _("有效期至"), found.valid_until),
    )
    offers = []
    for name, label, seen in rows:
        if seen is None or getattr(draft, name) == seen.value:
            continue
        value = seen.value
        offers.append(Offer(name, label, value, full_date(value) if isinstance(value, date) else value))
    return offers
