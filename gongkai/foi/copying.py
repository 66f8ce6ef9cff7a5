"""A file on its way to its checked copy: what the plain rows of marks and copies may say of it, and what stays sealed.

Marks, copies and what was found are plain columns. Of a file of a request they hold numbers, codes and titles only:
sheets go by their place, and what a rule found, what reading warned of and what a copy lost is kept sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.redacting import Looked, Made, Place

#: Stands in the plain row for whatever a copy lost; the words themselves are sealed.
LOST: Final = "有看得见的内容没有带入副本"
_ALIAS: Final = "第{}张"


@dataclass(frozen=True, slots=True)
class Remarks:
    """Words of a file: the names of its sheets in order, what reading it warned of, what its copy does not show."""

    sheets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def remarks_of(values: Mapping[str, Any]) -> Remarks:
    """Back from the stored form."""
    return Remarks(*(tuple(values.get(name, ())) for name in ("sheets", "warnings", "lost")))


def remarks_on(looked: Looked, made: Made) -> Remarks:
    return Remarks(looked.sheets, looked.warnings, made.lost)


def plain_looked(looked: Looked) -> Looked:
    """As it may stand in plain rows: places by number, findings by their title, nothing the file itself says."""
    sheets = looked.sheets
    proposals = tuple(
        replace(p, finding=replace(p.finding, suggestion=""), places=tuple(aliased(p.places, sheets)))
        for p in looked.proposals
    )
    hidden = tuple(found | {"where": _numbers(found["where"], sheets)} for found in looked.hidden)
    return replace(looked, proposals=proposals, hidden=hidden, warnings=())


def plain_made(made: Made) -> Made:
    return replace(made, lost=(LOST,) if made.lost else ())


def aliased(places: Iterable[Mapping[str, Any]], sheets: Sequence[str]) -> list[Place]:
    """Sheets by their number. A sheet that is not in the file is refused."""
    return [_swapped(place, {name: _ALIAS.format(n) for n, name in enumerate(sheets, start=1)}) for place in places]


def named(places: Iterable[Mapping[str, Any]], sheets: Sequence[str]) -> list[Place]:
    """Sheets by their name again, as the copy is made."""
    return [_swapped(place, {_ALIAS.format(n): name for n, name in enumerate(sheets, start=1)}) for place in places]


def _swapped(place: Mapping[str, Any], names: Mapping[str, str]) -> Place:
    if "sheet" not in place:
        return dict(place)
    if place["sheet"] not in names:
        raise Refusal(Refused("place_wrong", "标记的位置不在文件里，没有保存。请刷新页面后重新标出。"))
    return {**place, "sheet": names[place["sheet"]]}


def _numbers(where: Mapping[str, Any], sheets: Sequence[str]) -> dict[str, Any]:
    kept = {key: value for key, value in where.items() if key in ("page", "slide", "paragraph")}
    if where.get("sheet") in sheets:
        kept["sheet"] = _ALIAS.format(sheets.index(where["sheet"]) + 1)
    return kept
