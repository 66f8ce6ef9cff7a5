"""Template filters over `gongkai.web.wording`, and the tag of validity.

An empty value gives an empty text, so that a template may leave out what a document does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.web import wording

register = template.Library()

# Validity code (law/validity.py, for announcements law/announcements.py) → (word, class of the tag).
VALIDITY: Final = {
    "pending": (gettext_noop("尚未施行"), "tag--pending"),
    "effective": (gettext_noop("有效"), "tag--valid"),
    "amended": (gettext_noop("已修改"), "tag--amended"),
    "abolished": (gettext_noop("已废止"), "tag--ended"),
    "expired": (gettext_noop("失效"), "tag--ended"),
    "to_be_announced": (gettext_noop("尚未公示"), "tag--pending"),
    "announced": (gettext_noop("公示中"), "tag--valid"),
    "announcement_over": (gettext_noop("公示期满"), "tag--ended"),
}

IN_FORCE: Final = frozenset({"effective", "announced"})


def _lenient(function: Callable[[Any], str]) -> Callable[[Any], str]:
    def filtered(value: Any) -> str:
        return "" if value is None or value == "" else function(value)

    return filtered


for _name in (
    "full_date",
    "date_with_weekday",
    "short_date",
    "short_weekday",
    "time_of_day",
    "short_instant",
    "full_instant",
    "meta_instant",
    "working_days_left",
    "working_days_in_column",
    "paused_working_days",
    "paused_in_column",
    "calendar_days_left",
    "last_day",
    "thousands",
    "file_size",
):
    register.filter(_name, _lenient(getattr(wording, _name)))


@register.filter
def validity_word(code: str) -> str:
    """尚未施行 / 有效 / 已修改 / 已废止 / 失效 / 公示中 / 公示期满; empty for what has no validity; an unknown code raises."""
    return _(VALIDITY[code][0]) if code else ""


@register.filter
def validity_remark(code: str) -> str:
    """（已修改）、（已废止）、（失效）、（尚未施行） after a link; nothing for what is in force."""
    return "" if not code or code in IN_FORCE else f"（{validity_word(code)}）"


@register.filter
def validity_tag(code: str) -> SafeString:
    """The tag as HTML; empty for what has no validity; an unknown code raises."""
    if not code:
        return mark_safe("")
    word, css = VALIDITY[code]
    return format_html('<span class="tag {}">{}</span> ', css, _(word))
