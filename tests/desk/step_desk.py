"""Step screens as a browser uses them: open the page, fill in what it asks, press one of its buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from tests.foi.conftest import Counter, at

DAY = date(2026, 3, 2)
DUE = date(2026, 3, 30)  # twenty working days after it


def said(answer) -> str:
    """The words of the page's main part in one line."""
    main = html.fromstring(answer.content.decode()).get_element_by_id("main")
    return re.sub(r"\s+", " ", main.text_content()).strip()


def banner(answer) -> str:
    """What the refusal on top says; empty without one."""
    tree = html.fromstring(answer.content.decode())
    found = tree.xpath("//main//*[contains(@class, 'banner--error') or contains(@class, 'summary')]")
    return " ".join(re.sub(r"\s+", "", node.text_content()) for node in found)


def fields(answer) -> dict[str, str]:
    """What the step's form would send as it stands."""
    tree = html.fromstring(answer.content.decode())
    forms = tree.xpath("//form[contains(@class, 'step-form')]")
    assert forms, "the page has no form"
    names = {node.name for node in forms[0].xpath(".//input|.//textarea|.//select") if node.name}
    filled = dict(forms[0].form_values())
    chosen = {node.name for node in forms[0].xpath(".//input[@type='radio' or @type='checkbox']")}
    # a browser drops the first line end of a text area
    return {name: (filled.get(name) or "").removeprefix("\n") for name in names if name in filled or name not in chosen}


def has_form(answer) -> bool:
    return bool(html.fromstring(answer.content.decode()).xpath("//form[contains(@class, 'step-form')]"))


def buttons(answer) -> list[str]:
    """The words of the primary buttons."""
    tree = html.fromstring(answer.content.decode())
    nodes = tree.xpath("//main//button[contains(@class, 'button') and @value='do']")
    return [node.text_content().strip() for node in nodes]


@dataclass
class StepDesk:
    """Drives the screens of one request; today is the counter's day."""

    counter: Counter
    machine: Any

    def go(self, day: date | None = None, hour: int = 14) -> None:
        """Today, at an hour after whatever the counter did that day."""
        self.counter.day = day or self.counter.day
        self.machine.move_to(at(self.counter.day, hour), tick=False)

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.counter.town.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def open(self, name: str, case, *args, who: str = "foi_officer"):
        return self.client(who).get(reverse(f"desk:{name}", args=[case.number, *args]))

    def press(self, route: str, case, /, *args, who: str = "foi_officer", act: str = "do", **typed):
        """Open the page, type, press; a page without a form is sent what was typed all the same."""
        client, address = self.client(who), reverse(f"desk:{route}", args=[case.number, *args])
        page = client.get(address)
        assert page.status_code == 200, page.status_code
        sent = (fields(page) if has_form(page) else {"seen": case_seen(case)}) | {"act": act}
        sent |= {key: value.isoformat() if isinstance(value, date) else value for key, value in typed.items()}
        return client.post(address, sent)


def case_seen(case) -> str:
    case.refresh_from_db()
    return case.touched_at.isoformat()


def went(answer, case) -> bool:
    """Did the act go through: on to the page of the case?"""
    return answer.status_code == 302 and answer.url == reverse("desk:case", args=[case.number])
