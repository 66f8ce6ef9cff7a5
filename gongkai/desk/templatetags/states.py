"""States of an item in words, as law/moves.py names them."""

from django import template

from gongkai.disclosure.models.content import OPENNESS
from gongkai.law import moves
from gongkai.law.headings import heading
from gongkai.law.roles import role

register = template.Library()


@register.filter
def work_word(code: str) -> str:
    return moves.WORK[code]


@register.filter
def public_word(code: str) -> str:
    return moves.PUBLIC[code]


@register.filter
def openness_word(code: str) -> str:
    return OPENNESS[code]


@register.filter
def heading_word(code: str) -> str:
    """Short name of an Art. 20 heading; empty for none."""
    return heading(code).short if code else ""


@register.filter
def role_word(code: str) -> str:
    return role(code).title


@register.filter
def short_digest(digest: str) -> str:
    """9f3a 71c0 … b24e c27e"""
    return f"{digest[:4]} {digest[4:8]} … {digest[-8:-4]} {digest[-4:]}" if digest else ""
