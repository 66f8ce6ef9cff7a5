"""The parameters of a question, strictly: what is not known, or not in its form, is refused and named."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongkai.api.answers import ApiError

_NUMBER = re.compile(r"[0-9]{1,18}")  # what every database takes as a key
_CURSOR = re.compile(r"o:(.{10,40}):([0-9]{1,18})")
MOST_VALUES = 20
LONGEST = 200


def only(request: HttpRequest, known: Collection[str], *, repeated: Collection[str] = ()) -> None:
    """Refuse a parameter that is not among these, and one given twice that may be given once."""
    for name, values in request.GET.lists():
        if name not in known:
            raise ApiError(400, "unknown_parameter", _("没有这个参数，请核对接口说明。"), name[:60])
        if len(values) > (MOST_VALUES if name in repeated else 1):
            raise ApiError(400, "too_many_values", _("这个参数写得太多，请减少。"), name)
        if any(len(value) > LONGEST for value in values):
            raise ApiError(400, "too_long", _("这个参数太长，请核对。"), name)


def number(request: HttpRequest, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = request.GET.get(name, str(default))
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ApiError(
            400, "bad_number", _("应为 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most}, name
        )
    return int(text)


def cursor(request: HttpRequest) -> str:
    """The `next` of an earlier answer, "" at the beginning."""
    text = request.GET.get("cursor", "")
    if text == "":
        return ""
    found = _CURSOR.fullmatch(text)
    try:
        known = found is not None and datetime.fromisoformat(found[1]).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise ApiError(400, "bad_cursor", _("cursor 应当原样取自上一次答复的 next，请从头查询。"), "cursor")
    return text
