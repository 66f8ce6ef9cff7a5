"""公示: what is put up for a period so that people can object. It stands through its whole last day and not longer."""

from __future__ import annotations

from datetime import date
from typing import Final

from gongkai.law.explain import day_in_words

#: The kind of column whose items are announcements.
KIND: Final = "公示"
#: Kinds of columns where the end of a period is no loss of validity, with the words for the end.
_ENDS: Final = {KIND: "公示期满。"}
_OTHERWISE: Final = "有效期届满。"
#: What the notice says that is left of an announcement whose text went with its period.
_GONE: Final = "公示期满，公示的内容不再公开。"

#: Which announcements go with their period → what that means.
SCOPES: Final = {
    "persons": "写有个人的公示期满后只留一句说明，其余的仍可查阅",
    "all": "公示期满后都只留一句说明",
    "none": "公示期满后都仍可查阅",
}

#: Validity of a text (law/validity.py) → what it is called where it stands on an announcement with a last day.
STANDINGS: Final = {"pending": "to_be_announced", "effective": "announced", "expired": "announcement_over"}


def is_announcement(kind: str, last_day: date | None, effective_from: date | None) -> bool:
    """Is this a 公示 with a period, by the kind of its column? What takes effect on a day is a document wherever it stands.

    依据：条例20；设计
    """
    return kind == KIND and last_day is not None and effective_from is None


def standing(kind: str, last_day: date | None, effective_from: date | None, validity: str) -> str:
    """The code to show for a validity: an announcement is open or over, it is never 有效 or 失效.

    依据：条例20；设计
    """
    return STANDINGS.get(validity, validity) if is_announcement(kind, last_day, effective_from) else validity


def at_the_end(
    kind: str, last_day: date | None, effective_from: date | None, *, names_persons: bool, scope: str
) -> tuple[str, str]:
    """What a text is taken down as after its last day, and the words for it: (code of a withdrawal reason, explanation).

    The people of an announcement are named so that others can object; when nobody can any more, the names go
    (a time as short as the purpose needs). scope: one of SCOPES, else KeyError.

    依据：条例20；个保法19；设计
    """
    SCOPES[scope]
    announced = is_announcement(kind, last_day, effective_from)
    if announced and (scope == "all" or (scope == "persons" and names_persons)):
        return "period_over", _GONE
    return "expired", end_of_period(kind, effective_from)


def end_of_period(kind: str, effective_from: date | None) -> str:
    """Why a text is taken out of force after its last day, in the words of its page.

    依据：条例20；设计
    """
    return _OTHERWISE if effective_from is not None else _ENDS.get(kind, _OTHERWISE)


def period(first_day: date | None, last_day: date) -> str:
    """The period as it stands on a notice: 2026年9月21日至2026年9月25日（含当日）.

    依据：民法典203；设计
    """
    began = f"{day_in_words(first_day)}至" if first_day is not None and first_day < last_day else ""
    return f"{began}{day_in_words(last_day)}（含当日）"
