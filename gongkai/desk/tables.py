"""Tables for download: CSV that a spreadsheet opens as text and never as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); full-width forms too.
_BLANK = " \u3000\xa0\x0b\x0c\u2003\u200b\u200e\u200f\u202e\u2060\ufeff"  # not seen, and some programs skip them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def cell(value: object) -> str:
    """The value as text; what a spreadsheet would compute gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(_BLANK).startswith(_FORMULA) or text.startswith(_FORMULA) else text


def csv_file(filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """UTF-8 with the mark that office programs look for."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(name) for name in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response
