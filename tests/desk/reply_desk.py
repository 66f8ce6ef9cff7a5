"""The composer as a browser uses it: reads the page, changes fields, presses one of its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.urls import reverse

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.replies import draft_composition
from tests.foi.conftest import Counter, answers_for, at

REASON = "该表为投标报价构成，未对外公开且采取了保密措施，公开可能损害其竞争地位。"
CHANNEL = "青禾市行政复议服务平台（fy.qinghe.example）"


def page_form(answer) -> dict:
    """What a browser would send back for the composer's page without touching anything."""
    html = answer.content.decode()
    sent: dict = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attribute = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = attribute.get("name"), attribute.get("type", "text")
        if not name or kind == "file" or name == "csrfmiddlewaretoken":
            continue
        if kind in ("radio", "checkbox"):
            if re.search(r"\schecked\b", tag):
                sent.setdefault(name, []).append(unescape(attribute.get("value", "on")))
            continue
        sent[name] = unescape(attribute.get("value", ""))
    for attributes, words in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", html, re.DOTALL):
        name = re.search(r'name="([^"]*)"', attributes)
        sent[name[1]] = unescape(words.removeprefix("\n").removeprefix("\r\n"))
    for attributes, options in re.findall(r"<select([^>]*)>(.*?)</select>", html, re.DOTALL):
        name = re.search(r'name="([^"]*)"', attributes)
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        sent[name[1]] = unescape(chosen[1]) if chosen else ""
    return sent


class Composer:
    """One officer at the composer of one case: reads the page, changes fields, presses a button."""

    def __init__(self, browser, case) -> None:
        self.browser, self.case = browser, case
        self.open()

    def open(self, **query):
        self.page = self.browser.get("case_reply", self.case.number, **query)
        return self.page

    def press(self, button: str, value: str = "1", **changes):
        """Sends the page as it stands with changes; follows to the next page."""
        sent = page_form(self.page) | {button: value} | changes
        address = reverse("desk:case_reply", args=[self.case.number])
        self.page = self.browser.client.post(address, sent, follow=True)
        return self.page

    def answer(self, choice: str, **changes):
        return self.press("next", answer=choice, **changes)

    def walk(self, answers: dict[str, str], **fields):
        """All questions of a path; the fields that stand beside a question are filled in where they are shown."""
        from gongkai.law.reply_tree import walk

        for step in walk(answers).steps:
            shown = page_form(self.page)
            assert shown["asked"] == step.question.code
            self.answer(step.choice.code, **{k: v for k, v in fields.items() if k in shown})
            assert self.page.status_code == 200, step.question.text
        return self.page

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def letter(self) -> str:
        """The words of the letter as it now reads."""
        return re.sub(r"<[^>]*>", "", str(self.page.context["letter"]))

    @property
    def codes(self) -> list[tuple[str, str]]:
        return [(card["code"], card["severity"]) for card in self.page.context["cards"]]


@dataclass
class ReplyDesk:
    """Drives the composer; today is the counter's day at 14 o'clock, the counter itself acts at 10."""

    counter: Counter
    clock: Any
    sits: Callable[[str], Any]

    def go(self, days: int = 0) -> date:
        self.counter.pass_days(days)
        self.clock.move_to(at(self.counter.day, 14), tick=False)
        return self.counter.day

    def open(self, case, who: str = "foi_officer") -> Composer:
        return Composer(self.sits(who), case)

    def granted(self, **more) -> tuple[FoiRequest, Composer]:
        """A finished composition of R2, given on paper."""
        case = self.counter.case(**more)
        here = self.open(case)
        here.walk(answers_for("R2"))
        here.press("save", content_provided="on")
        assert here.codes == []
        return case, here


def kept(case):
    """The working copy as it is stored."""
    return draft_composition(FoiRequest.objects.get(pk=case.pk))


def record(counter, case, name="发放明细.csv", kind="record"):
    """A paper that may go out with a reply."""
    return add_file(case.number, "姓名,金额\n甲,1\n".encode(), name, kind=kind, **counter.who())
