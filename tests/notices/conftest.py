"""An office whose applicants have mail addresses, and servers that take what is sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE, Counter, at, counter, office  # noqa: F401
from tests.notices.post_office import Gateway, PostOffice, open_gateway, open_post_office

EMAIL = "ouyang-ceshi@mail.example"
SITE = "https://www.qinghe.example"


@pytest.fixture
def post(settings):
    """A mail server, and this installation set up to use it."""
    place, server = open_post_office()
    settings.EMAIL_BACKEND = "gongkai.notices.mail.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", place.port, 0.5
    settings.DEFAULT_FROM_EMAIL = "gongkai@qinghe.example"
    settings.SITE = settings.SITE | {"base_url": SITE, "domain": "www.qinghe.example"}
    yield place
    place.ended.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(settings):
    """An SMS gateway, and this installation set up to use it."""
    place, server = open_gateway()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"http://127.0.0.1:{place.port}/send?v=1", "a-token"
    yield place
    server.shutdown()
    server.server_close()


@dataclass
class Town:
    """The office with its ledger followed and its notices sent, step by step."""

    counter: Counter
    later: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        return at(self.counter.day, 11) + self.later

    def receive(self, *names: str, email: str = EMAIL, phone: str = PHONE, **more):
        from gongkai.foi.particulars import Particulars

        told = Particulars(NAME, "id_card", IDENTITY, phone, ADDRESS, email=email)
        return self.counter.receive(*names, applicant=told, **more).registered[0].case

    def case(self, *names: str, **more):
        from gongkai.foi.actions.accept import accept

        made = self.receive(*names, **more)
        return accept(made.number, section=self.counter.town.section, **self.counter.who())

    def follow(self) -> int:
        from gongkai.ledger.actions.seal import seal_all
        from gongkai.notices.actions.follow import follow_all

        seal_all(at=self.now)
        return follow_all(at=self.now)

    def send(self, way: str = "mail"):
        """One notice with a sender of its own; the notice as it stands then."""
        from gongkai.notices.actions.send import send_next
        from gongkai.notices.outcomes import NotSent
        from gongkai.notices.ways import sender

        hand = sender(way)
        try:
            return send_next(way, hand, at=self.now)
        except NotSent:
            return "down"
        finally:
            hand.close()

    def queued(self, **more):
        """A request whose receipt waits in the queue."""
        case = self.case(**more)
        self.follow()
        return case


@pytest.fixture
def town(counter) -> Town:  # noqa: F811
    return Town(counter)


__all__ = ["EMAIL", "SITE", "Gateway", "PostOffice", "Town"]
