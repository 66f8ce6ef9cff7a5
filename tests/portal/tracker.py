"""An applicant at the tracking pages: opening a case, reading an answer, a reply that came online."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gongkai.foi.models import FoiRequest
from gongkai.portal.urls_track import urlpatterns
from tests.foi.conftest import NAME, at
from tests.portal.page_reader import Page

DAY = date(2026, 9, 8)
WISH = "桂花里小区3号楼加装电梯项目施工合同"
LOGIN, CASE = "/apply/track/", "/apply/track/case/"


def enter(client: Client, code: str, fact: str):
    return client.post(LOGIN, {"code": code, "fact": fact})


def entered(code: str, fact: str) -> Client:
    client = Client()
    assert enter(client, code, fact).status_code == 302
    return client


def text_of(response) -> str:
    """Everything that was answered; a picture or a PDF as far as it reads as text."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode("utf-8", "replace")


def answer_online(counter, case, code: str = "R2", ground: str = "", **more):
    """From a request in progress to its reply, delivered online."""
    letter = {"online_channel": "https://fuyi.qinghe.example"} | more.pop("letter", {})
    counter.sign(case, code, ground=ground, letter=letter, **more)
    counter.seal(case)
    return counter.deliver(case, by="online", proof="网上送达记录")


class Story:
    """One case, driven by the office through the real actions, read by its applicant; `counter.day` is today."""

    def __init__(self, counter, clock, **more) -> None:
        self.counter, self.clock = counter, clock
        counter.day = DAY
        self.made = counter.receive(WISH, **more).registered[0]
        self.number = self.made.case.number

    def on(self, day: date) -> Story:
        self.counter.day = day
        self.clock.move_to(at(day))
        return self

    def accept(self) -> Story:
        from gongkai.foi.actions.accept import accept

        accept(self.number, section=self.counter.town.section, **self.counter.who())
        return self

    def do(self, verb, *values, who: str = "foi_officer", **more) -> Story:
        verb(self.number, *values, **more, **self.counter.who(who))
        return self

    @property
    def case(self) -> FoiRequest:
        return FoiRequest.objects.get(number=self.number)

    @property
    def page(self) -> Page:
        return Page(entered(self.made.code, NAME), CASE)

    @property
    def client(self):
        return entered(self.made.code, NAME)


def addresses() -> list[str]:
    """Every tracking address behind the login, with guessed numbers."""
    found = []
    for route in urlpatterns:
        if route.name in ("track", "track_leave"):
            continue
        match route.name:
            case "track_paper":
                found += [reverse("portal:track_paper", args=[n]) for n in range(1, 5)]
            case "track_paper_file":
                found += [
                    reverse("portal:track_paper_file", args=[n, s]) for n in (1, 2) for s in ("pdf", "docx", "exe")
                ]
            case "track_reply_letter":
                found += [reverse("portal:track_reply_letter", args=[s]) for s in ("pdf", "docx", "exe")]
            case "track_reply_file":
                found += [reverse("portal:track_reply_file", args=[n]) for n in range(3)]
            case _:
                found.append(reverse(f"portal:{route.name}"))
    return found


@pytest.fixture
def town_clock():
    """The day the machine believes it is."""
    with time_machine.travel(at(DAY), tick=False) as travelling:
        yield travelling


@pytest.fixture
def story(counter, town_clock) -> Story:
    """A request received and accepted on 8 September 2026."""
    return Story(counter, town_clock).accept()
