"""Masked forms of numbers."""

from __future__ import annotations


def keep_ends(text: str, head: int, tail: int) -> str:
    """The text with everything but `head` first and `tail` last characters as asterisks; at least one is masked."""
    hidden = max(1, len(text) - head - tail)
    return text[:head] + "*" * hidden + text[head + hidden :]
