"""A service platform that takes the signed webhook, and misbehaves in the seven ways when told to.

ok, slow (503 without taking), accept then time out, reject later (422), callback twice (it takes every question twice),
out of order (takes, then says 503), gone (it has lost the item: 404 at a withdrawal).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.channels.stand_in import Asked

MOODS = ("ok", "slow", "accept then time out", "reject later", "callback twice", "out of order", "gone")
SECRET = "a-secret"


@dataclass
class Platform:
    """`held` is what it shows: index number → what it was told last. Any other mood is a status it answers."""

    held: dict[str, dict] = field(default_factory=dict)
    mood: str = "ok"
    told: int = 0

    def answer(self, asked: Asked):
        from gongkai.channels.adapters.service_platform import signature

        stamp = asked.headers["gongkai-timestamp"]
        assert asked.headers["gongkai-signature"] == signature(SECRET, stamp, asked.body)
        assert asked.headers["idempotency-key"]
        self.told += 1
        told = json.loads(asked.body)
        match self.mood:
            case "ok":
                return self._take(told)
            case "callback twice":
                self._take(told)
                return self._take(told)
            case "accept then time out":
                self._take(told)
                return None
            case "out of order":
                self._take(told)
                return 503, {}, b"{}"
            case "gone" if told["event"] == "withdrawn":
                self.held.pop(told["index_number"], None)
                return 404, {}, b"{}"
            case "gone":
                return self._take(told)
            case "silent":
                return None
            case "slow":
                return 503, {}, b"{}"
            case "reject later":
                return 422, {}, b"{}"
            case mood:
                return int(mood), {}, b"{}"

    def _take(self, told: dict):
        if told["event"] == "published":
            self.held[told["index_number"]] = told
        else:
            self.held.pop(told["index_number"], None)
        return 202, {}, b"{}"
