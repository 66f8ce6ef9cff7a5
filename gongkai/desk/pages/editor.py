"""Values of the draft editor: the form's surroundings, attachments, and two texts side by side after a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.desk.forms.draft import DraftForm
from gongkai.desk.pages.clocks import Calendars, clock_box
from gongkai.desk.pages.guesses import guesses
from gongkai.desk.pages.images import to_desk
from gongkai.desk.pages.redact import file_states
from gongkai.disclosure.models import Draft, Item
from gongkai.disclosure.models.content import OPENNESS
from gongkai.law.negative_list import GROUNDS
from gongkai.web.wording import full_date

# What follows from each answer to 公开属性.
CONSEQUENCES = {
    "proactive": lazy("审查通过后由系统发布到网站，任何人都能看到。《政府信息公开条例》第十九条、第二十条"),
    "on_request": lazy(
        "不在网站发布；有人申请时依法答复。每 12 个月评估一次能否转为主动公开。《政府信息公开条例》第十三条、第十八条"
    ),
    "withheld": lazy(
        "不公开，只留存理由和依据。每 12 个月评估一次，情形消失的应当公开。《政府信息公开条例》第十四条至第十六条、第十八条"
    ),
}


def surroundings(item: Item, draft: Draft, today: date, dropped: set[str]) -> dict[str, Any]:
    """Everything of the editor screen but the form."""
    offered = [guess for guess in guesses(draft) if f"{guess.name}={guess.value}" not in dropped]
    return {
        "item": item,
        "draft": draft,
        "clock": clock_box(Calendars().due(item, today)),
        "saved": {"at": draft.saved_at} if draft.revision > 1 else None,
        "guesses": {
            "url": reverse("desk:guess", args=[item.code]),
            "rows": [{"name": guess.name, "label": guess.label, "value": guess.shown} for guess in offered],
        }
        if offered
        else None,
        "attachments": file_states(item, draft),
        "grounds": GROUNDS,
        "openness_choices": [
            {"value": value, "label": label, "consequence": CONSEQUENCES[value]} for value, label in OPENNESS.items()
        ],
    }


def conflict(form: DraftForm, item: Item, draft: Draft, mine: Mapping[str, Any]) -> dict[str, Any]:
    """Both texts: what is stored by now and what this person sent, field by field and the bodies side by side."""
    rows = []
    for name, value in mine.items():
        if name == "body":
            continue
        theirs = getattr(item if name in ("entry", "column", "heading") else draft, name)
        rows.append({"label": form.fields[name].label, "theirs": _shown(theirs), "mine": _shown(value)})
    by = draft.saved_by.name if draft.saved_by else _("系统")
    return {
        "rows": rows,
        "by": by,
        "at": draft.saved_at,
        "theirs": as_prose(to_desk(draft.body, item)),
        "mine": as_prose(to_desk(mine["body"], item)) if "body" in mine else None,
    }


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return full_date(value)
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(value)


def as_prose(html: str) -> SafeString:
    """Canonical HTML for showing. The text came out of `clean`; nothing else may be marked safe."""
    return mark_safe(html)  # noqa: S308
