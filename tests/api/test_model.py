"""Random releases, edits and withdrawals, and a reader that asks at random moments in pieces of random size: at the end it
holds exactly what is public, word for word. 60 operations by default, 2,000 with GONGKAI_FULL=1."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from gongkai.disclosure.queries.public import listed

pytestmark = pytest.mark.django_db

OPERATIONS = 2000 if os.environ.get("GONGKAI_FULL") == "1" else 60


class Reader:
    """Follows as docs/howto/follow-changes-by-api.md says: remembers the position, fetches what has another state."""

    def __init__(self, ask, rng):
        self.ask, self.rng, self.position, self.held, self.fetched = ask, rng, 0, {}, 0

    def once(self) -> bool:
        told = self.ask("changes", after=self.position, limit=self.rng.choice((1, 2, 5, 100)))
        for change in told["changes"]:
            number = change["index_number"]
            if not change["state"]:
                self.held.pop(number, None)
            elif self.held.get(number, {}).get("state") != change["state"]:
                self._fetch(number)
        self.position = told["position"]
        return told["more"]

    def _fetch(self, number):
        self.fetched += 1
        try:
            self.held[number] = self.ask(f"items/{number}")
        except AssertionError:
            # Taken down meanwhile: the change that says so is on its way.
            assert self.ask(f"items/{number}", 410)["notice"]["index_number"] == number
            self.held.pop(number, None)


def as_the_page_says(ask):
    """The code of docs/howto/follow-changes-by-api.md, asking here."""
    page = Path(__file__).resolve().parents[2] / "docs" / "howto" / "follow-changes-by-api.md"
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[1], names)

    def get(address):
        for status in (200, 410):
            try:
                return status, ask(address.removeprefix("/api/v1/"), status)
            except AssertionError:
                continue
        raise AssertionError(address)

    return lambda held, position: names["follow"](get, held, position)


@pytest.mark.parametrize("seed", range(max(1, OPERATIONS // 60)))
def test_a_reader_ends_with_what_is_public(office, ask, seed):
    rng = random.Random(seed)
    reader, model = Reader(ask, rng), {}
    follow, copied, position = as_the_page_says(ask), {}, 0
    for n in range(min(OPERATIONS, 60)):
        match rng.choices(("release", "edit", "error", "abolished", "read"), (4, 4, 2, 1, 5))[0]:
            case "release":
                item = office.item(f"第{n}件")
                model[item.pk] = (item, "live")
            case "edit" if model:
                item, state = rng.choice(list(model.values()))
                if state != "abolished":
                    office.edit(item, title=f"第{item.pk}件第{n}次改")
                    model[item.pk] = (item, "live")
            case "error" | "abolished" as reason if any(s == "live" for _, s in model.values()):
                item = rng.choice([i for i, s in model.values() if s == "live"])
                office.withdraw(item, reason)
                model[item.pk] = (item, reason)
            case _:
                reader.once()
                if rng.random() < 0.3:
                    position = follow(copied, position)
    while reader.once():
        pass
    public = {row.item.index_number: row for row in listed().select_related("item", "version")}
    assert set(public) == {i.index_number for i, s in model.values() if s != "error"}
    assert {n: told["title"] for n, told in reader.held.items()} == {n: r.version.title for n, r in public.items()}
    assert all(reader.held[n] == ask(f"items/{n}") for n in public)
    for item, state in model.values():
        if state == "error":
            assert set(ask(f"items/{item.index_number}", 410)) == {"error", "notice"}
    assert reader.fetched > 3
    follow(copied, position)
    assert copied == reader.held
