"""What an indicator found: a number, and the places where a person can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`kind` tells the face which page mends it (column, item, setting, link); `key` which one."""

    kind: str
    key: str
    title: str
    told: str

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "key": self.key, "title": self.title, "told": self.told}


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` None: nothing there to measure."""

    value: int | None
    places: tuple[Place, ...] = ()
    told: str = ""
