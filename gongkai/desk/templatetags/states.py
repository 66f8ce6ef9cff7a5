"""States of an item in words, as law/moves.py names them."""

from typing import Final

from django import template
from django.utils.translation import gettext as _

from gongkai.disclosure.models.content import OPENNESS
from gongkai.law import moves
from gongkai.law.headings import heading
from gongkai.law.roles import role

register = template.Library()

# What the subjects of the ledger are, by the part of the code before the colon.
SUBJECTS: Final = {
    "item": "信息", "person": "人员", "section": "科室", "organ": "机关", "column": "栏目", "catalogue": "公开目录",
    "plan": "审查环节", "calendar": "日历", "deadlines": "期限", "foi": "申请", "import": "导入批次",
}  # fmt: skip


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


@register.filter
def subject_words(subject: str) -> str:
    """信息 MVMMLNRLVUH9 for item:MVMMLNRLVUH9; a subject of another kind as it is recorded."""
    kind, _colon, code = subject.partition(":")
    return f"{_(SUBJECTS[kind])} {code}" if code and kind in SUBJECTS else subject
