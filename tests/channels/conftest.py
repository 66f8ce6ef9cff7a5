"""An office that releases items, and a platform that takes what is sent to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from tests.channels.stand_in import Asked, StandIn
from tests.conftest import AT, TODAY


@dataclass
class Platform:
    """What a service platform would hold after everything it was told; `mood` is how it misbehaves."""

    held: dict[str, dict] = field(default_factory=dict)
    mood: str = "ok"
    told: int = 0

    def answer(self, asked: Asked):
        from gongkai.channels.adapters.service_platform import signature

        stamp = asked.headers["gongkai-timestamp"]
        assert asked.headers["gongkai-signature"] == signature("a-secret", stamp, asked.body)
        self.told += 1
        match self.mood:
            case "ok":
                self._take(json.loads(asked.body))
                return 202, {}, b"{}"
            case "silent after taking":
                self._take(json.loads(asked.body))
                return None
            case "silent":
                return None
            case mood:
                return int(mood), {}, b"{}"

    def _take(self, told: dict) -> None:
        if told["event"] == "published":
            self.held[told["index_number"]] = told
        else:
            self.held.pop(told["index_number"], None)


@pytest.fixture
def platform(settings):
    place = Platform()
    with StandIn(place.answer) as server:
        settings.SERVICE_PLATFORM_URL = f"{server.url}/hook?site=1"
        settings.SERVICE_PLATFORM_SECRET = "a-secret"
        yield place


@pytest.fixture
def carried():
    """Follow the ledger and do what is due, `later` seconds after the fixtures' instant; returns the postings."""
    from datetime import timedelta

    def go(later: float = 0, code: str = "service_platform"):
        from gongkai.channels.actions.carry import carry_next, sweep
        from gongkai.channels.actions.follow import follow_all
        from gongkai.channels.adapters import channel_of
        from gongkai.channels.models import Posting
        from gongkai.ledger.actions.seal import seal_all

        now = AT + timedelta(seconds=later)
        seal_all(at=now)
        follow_all(at=now, on=TODAY)
        sweep(channel_of(code), at=now)
        while carry_next(channel_of(code), at=now, on=TODAY) is not None:
            pass
        return list(Posting.objects.filter(channel=code).order_by("pk"))

    return go
