"""Write the description of a request anew after a clarification."""

from __future__ import annotations

from datetime import datetime

from gongkai.foi.models import CaseNote, FoiRequest, TextBand
from gongkai.foi.queries.sealed import sealed_json, sealed_text
from gongkai.foi.queries.sealed import wish as former
from gongkai.foi.sketch import bands, sketch
from gongkai.foi.wishes import Wish

#: The verb under which the description before a clarification is kept: R12 has to compare the two.
BEFORE = "description_before"


def redescribe(case: FoiRequest, wish: Wish, *, at: datetime) -> None:
    """Keep the old words in a note; set the new ones and their sketch on the row in hand, which the caller saves."""
    old = sealed_text(case.key, former(case).text, "note.text")
    CaseNote.objects.create(request=case, verb=BEFORE, text=old, at=at)
    case.description = sealed_json(case.key, wish.as_dict(), "request.description")
    case.form, case.delivery = wish.form, wish.delivery
    case.sketch = sketch(wish.text)
    TextBand.objects.filter(request=case).delete()
    TextBand.objects.bulk_create(TextBand(request=case, band=band) for band in bands(case.sketch))
