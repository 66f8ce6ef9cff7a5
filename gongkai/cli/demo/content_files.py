"""The demo content as written in content/*.toml, with its dates counted from the day of installation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

_PLACE = re.compile(r"\{(\w+)(?::([\w-]+))?\}")
_QUARTERS = "一二三四"

Table = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """Everything the demo writes. Items are rendered: placeholders are words, day counts are dates."""

    organs: list[Table]
    grants: list[Table]
    people: list[Table]
    columns: list[Table]
    entries: list[Table]
    items: list[Table]


def read_content(today: date, formed_for_due: Callable[[str, int], date]) -> Content:
    """Read every file. `formed_for_due(limit, n)` gives the day of formation that makes an item due n working
    days from today: some items are told by when they are due, so that the list of the day is never empty.
    """
    folder = files("gongkai.cli.demo") / "content"
    organs = _toml(folder / "organs.toml")
    entries = _toml(folder / "catalogue.toml")["entry"]
    by_serial = {entry["serial"]: entry for entry in entries}
    items: list[Table] = []
    for file in sorted((folder / "items").iterdir(), key=lambda f: f.name):
        items += _toml(file)["item"] if file.name.endswith(".toml") else []
    for item in items:
        if "due_in" in item:
            item["formed_on"] = formed_for_due(by_serial[item["entry"]]["limit"], item["due_in"])
        else:
            item["formed_on"] = today - timedelta(days=item["formed_days"])
    named = {item["key"]: item for item in items}
    return Content(
        organs["organ"], organs["grant"], _toml(folder / "people.toml")["person"],
        _toml(folder / "columns.toml")["column"], entries, [_rendered(item, named, today) for item in items],
    )  # fmt: skip


def _toml(file: Any) -> Table:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _rendered(item: Table, named: dict[str, Table], today: date) -> Table:
    """The item with its dates as dates and every placeholder filled in."""
    dated = dict(item)
    for days, name in (("effective_days", "effective_from"), ("valid_days", "valid_until")):
        dated[name] = today + timedelta(days=item[days]) if days in item else None
    for days, name in (("released_days", "released_on"), ("ended_days", "ended_on")):
        dated[name] = today - timedelta(days=item[days]) if days in item else None

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return _PLACE.sub(lambda found: _word(found.group(1), found.group(2), dated, named), value)
        if isinstance(value, list):
            return [fill(each) for each in value]
        if isinstance(value, dict):
            return {key: fill(each) for key, each in value.items()}
        return value

    return {key: fill(value) for key, value in dated.items()}


def _word(name: str, argument: str | None, item: Table, named: dict[str, Table]) -> str:
    formed: date = item["formed_on"]
    match name:
        case "year":
            return str(formed.year)
        case "last_year":
            return str(formed.year - 1)
        case "next_year":
            return str(formed.year + 1)
        case "month":
            return str(formed.month)
        case "formed":
            return full(formed)
        case "effective":
            return full(item["effective_from"])
        case "valid_until":
            return full(item["valid_until"])
        case "prev_month":
            last = formed.replace(day=1) - timedelta(days=1)
            return f"{last.year}年{last.month}月"
        case "prev_quarter":
            last = formed.replace(month=formed.month - (formed.month - 1) % 3, day=1) - timedelta(days=1)
            return f"{last.year}年第{_QUARTERS[(last.month - 1) // 3]}季度"
        case "date":
            return full(formed + timedelta(days=int(argument or "")))
        case "md":
            day = formed + timedelta(days=int(argument or ""))
            return f"{day.month}月{day.day}日"
        case "doc":
            other = named[argument or ""]
            return _PLACE.sub(lambda found: _word(found.group(1), found.group(2), other, named), other["doc_number"])
        case unknown:
            raise KeyError(f"{item['key']}: unknown placeholder {unknown}")


def full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
