"""Seeded generation of reply-clock cases without input errors: every kind of step, in and out of time, any order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

FIRST, LAST = date(2008, 1, 1), date(2026, 12, 31)
PARTIES = ("甲公司", "乙公司", "丙中心")


def cases(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """`count` cases; the same seed gives the same cases."""
    rng = Random(seed)
    for number in range(count):
        yield Maker(rng, number).case()


class Maker:
    """One case. Keeps what was asked, so that no answer comes to what was never asked."""

    def __init__(self, rng: Random, number: int) -> None:
        self.rng = rng
        self.number = number
        self.receipt = self._receipt_day()
        self.steps: list[dict[str, Any]] = []

    def _receipt_day(self) -> date:
        rng = self.rng
        if rng.random() < 0.35:  # around the year's end, 春节, 国庆
            month, day = rng.choice(((12, 20), (1, 10), (1, 28), (9, 22), (4, 22)))
            near = date(rng.randint(2008, 2026), month, day) + timedelta(days=rng.randint(-12, 14))
            return min(max(near, FIRST), LAST)
        return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))

    def case(self) -> dict[str, Any]:
        rng = self.rng
        channel = rng.choice(("in_person", "registered_mail", "ordinary_mail", "online", "fax"))
        receipt: dict[str, Any] = {"step": "received", "channel": channel, "on": self.receipt.isoformat()}
        if channel in ("ordinary_mail", "online", "fax"):
            receipt["on"] = (self.receipt - timedelta(days=rng.choice((0, 0, 1, 5)))).isoformat()
            receipt["confirmed_on"] = self.receipt.isoformat()
        makers = (self.clarification, self.consultation, self.consultation, self.extension, self.delay, self.fee,
                  self.reasons, self.extended_around_a_restart, self.too_late)  # fmt: skip
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4, 5))):
            rng.choice(makers)()
        if rng.random() < 0.3:
            self.add("replied", self.later(70), by=rng.choice(("in_person", "post", "post", "courier", "online")))
        if rng.random() < 0.07:
            self.add("withdrawn", self.later(70))
        rng.shuffle(self.steps)
        steps = [receipt, *self._reopened_in_place()]
        if rng.random() < 0.3:
            steps = [*steps[1:], receipt]
        as_of = self.receipt + timedelta(days=rng.choice((0, 3, 10, 20, 30, 45, 60, 90, 150)) + rng.randint(0, 9))
        return {"id": f"case-{self.number}", "as_of": as_of.isoformat(), "steps": steps}

    def later(self, most: int, after: date | None = None) -> date:
        start = after or self.receipt
        return start + timedelta(days=min(self.rng.randint(0, most), self.rng.randint(0, most)))

    def add(self, step: str, on: date, **fields: Any) -> None:
        self.steps.append({"step": step, "on": on.isoformat(), **fields})

    # what may happen

    def clarification(self) -> None:
        rng = self.rng
        asked = self.later(14)
        reply_by = asked + timedelta(days=rng.randint(0, 25))
        self.add("clarification_asked", asked, reply_by=reply_by.isoformat())
        if rng.random() < 0.3:
            moved = self.later(20, asked + timedelta(days=1))
            self.add("reply_by_extended", moved, reply_by=(moved + timedelta(days=rng.randint(0, 15))).isoformat())
        if rng.random() < 0.75:
            self.add("clarification_received", self.later(40, asked + timedelta(days=1)))

    def consultation(self) -> None:
        rng = self.rng
        asked, party = self.later(45), rng.choice(PARTIES)
        third = rng.random() < 0.6
        fields: dict[str, Any] = {"party": party}
        if rng.random() < 0.6:
            fields["received_on"] = (asked + timedelta(days=rng.randint(0, 8))).isoformat()
        if not third and rng.random() < 0.6:
            fields["basis"] = rng.choice(("34", "11"))
        self.add("third_party_asked" if third else "agency_asked", asked, **fields)
        back = self.later(40, asked + timedelta(days=1))
        chance = rng.random()
        if chance < 0.5:
            self.add("third_party_answered" if third else "agency_answered", back, party=party)
        elif chance < 0.65 and third:
            self.add("third_party_undelivered", back, party=party)

    def extension(self) -> None:
        rng = self.rng
        fields: dict[str, Any] = {"working_days": rng.choice((1, 5, 10, 15, 20, 20, 21, 30))}
        if rng.random() < 0.85:
            fields["approved_by"] = rng.choice(("张主任", "公开办负责人"))
        self.add("extended", self.later(50), **fields)

    def delay(self) -> None:
        on = self.later(45)
        self.add("delayed", on, until=(on + timedelta(days=self.rng.randint(0, 90))).isoformat())

    def fee(self) -> None:
        rng = self.rng
        told = self.later(45)
        fields = {} if rng.random() < 0.5 else {"received_on": (told + timedelta(days=rng.randint(0, 5))).isoformat()}
        self.add("fee_notified", told, **fields)
        if rng.random() < 0.7:
            self.add("fee_paid", self.later(50, told + timedelta(days=1)))

    def reasons(self) -> None:
        asked = self.later(20)
        self.add("reasons_asked", asked)
        if self.rng.random() < 0.5:
            self.add("reasons_received", asked + timedelta(days=self.rng.randint(1, 10)))

    def extended_around_a_restart(self) -> None:
        """An extension, then a clarification or payment in time, then another extension."""
        day = self.receipt + timedelta(days=self.rng.randint(0, 4))
        self.add("extended", day, working_days=self.rng.choice((1, 10, 20)), approved_by="张主任")
        asked = day + timedelta(days=self.rng.randint(0, 3))
        if self.rng.random() < 0.5:
            self.add("clarification_asked", asked, reply_by=(asked + timedelta(days=15)).isoformat())
            answer = "clarification_received"
        else:
            self.add("fee_notified", asked)
            answer = "fee_paid"
        back = asked + timedelta(days=self.rng.randint(1, 15))
        self.add(answer, back)
        again = back + timedelta(days=self.rng.randint(0, 30))
        self.add("extended", again, working_days=self.rng.choice((1, 10, 20)), approved_by="张主任")

    def too_late(self) -> None:
        """An act on the days around the plain due day."""
        day = self.receipt + timedelta(days=self.rng.randint(24, 45))
        match self.rng.choice(("extended", "delayed", "fee_notified")):
            case "extended":
                self.add("extended", day, working_days=self.rng.choice((1, 10, 20)), approved_by="张主任")
            case "delayed":
                self.add("delayed", day, until=(day + timedelta(days=self.rng.randint(10, 60))).isoformat())
            case _:
                self.add("fee_notified", day)

    def _reopened_in_place(self) -> list[dict[str, Any]]:
        """Put a `reopened` where something is given up, as the oracle's own walk sees it."""
        from tests.law.oracle_clock import Oracle

        if self.rng.random() > 0.5:
            return self.steps
        horizon = self.receipt + timedelta(days=self.rng.randint(10, 110))
        probe = {
            "as_of": horizon.isoformat(),
            "steps": [{"step": "received", "channel": "in_person", "on": self.receipt.isoformat()}, *self.steps],
        }
        if Oracle(probe).run()["status"] != "abandoned":
            return self.steps
        reopened = {"step": "reopened", "on": horizon.isoformat()}
        answer = self.rng.choice(("clarification_received", "fee_paid", None))
        steps = [*self.steps, reopened]
        asked = {"clarification_received": "clarification_asked", "fee_paid": "fee_notified", None: None}[answer]
        if asked and any(s["step"] == asked and date.fromisoformat(s["on"]) <= horizon for s in self.steps):
            on = horizon + timedelta(days=self.rng.randint(0, 20))
            steps.append({"step": answer, "on": on.isoformat()})
        return steps
