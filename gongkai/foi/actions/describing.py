"""Write the description of a request anew after a clarification."""

from __future__ import annotations

from gongkai.foi.models import FoiRequest, TextBand
from gongkai.foi.queries.sealed import sealed_json
from gongkai.foi.sketch import bands, sketch
from gongkai.foi.wishes import Wish


def redescribe(case: FoiRequest, wish: Wish) -> None:
    """Set the description and its sketch on the row in hand; the caller saves it and keeps the old words in a note."""
    case.description = sealed_json(case.key, wish.as_dict(), "request.description")
    case.form, case.delivery = wish.form, wish.delivery
    case.sketch = sketch(wish.text)
    TextBand.objects.filter(request=case).delete()
    TextBand.objects.bulk_create(TextBand(request=case, band=band) for band in bands(case.sketch))
