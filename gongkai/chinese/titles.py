"""When two titles are the same title."""

from __future__ import annotations

from gongkai.chinese.normalise import half_width


def plain_title(title: str) -> str:
    """The title without blanks, punctuation, brackets and difference of width or case: equal for equal titles."""
    return "".join(character for character in half_width(title) if character.isalnum()).casefold()
