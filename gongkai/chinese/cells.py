"""Cells of tables that leave the system: text a spreadsheet shows, and never computes."""

from __future__ import annotations

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); full-width forms too.
_BLANK = " \u3000\xa0\x0b\x0c\u2003\u200b\u200e\u200f\u202e\u2060\ufeff"  # not seen, and some programs skip them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def safe_cell(value: object) -> str:
    """The value as text; what a spreadsheet would compute gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(_BLANK).startswith(_FORMULA) or text.startswith(_FORMULA) else text
