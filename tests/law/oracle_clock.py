"""A second reply clock, written from the rules alone: it walks one day after another and keeps no tables.

It shares no code with `gongkai.law`. Slow on purpose; the tests compare the two on many generated cases.
Cases are the JSON objects of `gongkai law due`, already known to be free of input errors.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAY = timedelta(days=1)
NOTICES = Path(__file__).resolve().parents[2] / "gongkai" / "calendars" / "notices"
LAST_NOTICE = 2026


# Written out by hand: what may be known of years whose notice is not out.
_STATUTORY = {
    2027: ("01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02",
           "10-03"),
    2028: ("01-01", "01-25", "01-26", "01-27", "01-28", "04-04", "05-01", "05-02", "05-28", "10-01", "10-02", "10-03"),
}  # fmt: skip


def _read() -> tuple[set[date], set[date]]:
    leave, worked = set(), set()
    for path in sorted(NOTICES.glob("*.csv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for row in csv.DictReader(lines):
            # a later year's notice has the last word on the end of the year before
            day = date.fromisoformat(row["date"])
            leave.discard(day)
            worked.discard(day)
            (leave if row["kind"] == "off" else worked).add(day)
    for year, days in _STATUTORY.items():
        leave |= {date.fromisoformat(f"{year}-{day}") for day in days}
    return leave, worked


LEAVE, WORKED = _read()


def works(day: date) -> bool:
    if day in WORKED:
        return True
    if day in LEAVE:
        return False
    return day.weekday() not in (5, 6)


def nth_workday(day: date, n: int) -> date:
    while n:
        day += DAY
        if works(day):
            n -= 1
    return day


class Oracle:
    """The world of one case, moved forward day by day."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.as_of = _day(case["as_of"])
        steps = [dict(step) for step in case["steps"]]
        receipt = next(step for step in steps if step["step"] == "received")
        by_confirmation = receipt["channel"] in ("online", "fax", "ordinary_mail")
        self.receipt = _day(receipt["confirmed_on"] if by_confirmation else receipt["on"])
        self.steps = [step for step in steps if step is not receipt]
        self.begin = self.receipt
        self.needed = 20
        self.used_extension = False
        self.stands: date | None = None
        self.letters: list[dict[str, Any]] = []
        self.clarify: dict[str, Any] | None = None
        self.pay: dict[str, Any] | None = None
        self.asked_once = False
        self.end: str | None = None
        self.end_day: date | None = None
        self.violations: list[str] = []

    def run(self) -> dict[str, Any]:
        day = self.receipt
        while day <= self.as_of and self.end is None:
            for wait in (self.clarify, self.pay):
                if wait and wait["last"] is not None and day > wait["last"]:
                    wait["gone"] = True
            for step in self.steps:
                if _day(step["on"]) == day and self.end is None:
                    getattr(self, step["step"])(day, step)
            day += DAY
        return self.answer()

    # counting

    def blocked(self, day: date) -> bool:
        return any(letter["asked"] < day <= letter["until"] for letter in self.letters)

    def due(self) -> date | None:
        if self.clarify or self.pay:
            return None
        if self.stands:
            return self.stands
        day, reached = self.begin, 0
        while reached < self.needed:
            day += DAY
            if works(day) and not self.blocked(day):
                reached += 1
        return day

    # steps

    def clarification_asked(self, day: date, step: dict[str, Any]) -> None:
        if self.asked_once:
            self.violations.append("clarification_twice")
            return
        self.asked_once = True
        days, probe = 0, self.receipt
        while probe < day:
            probe += DAY
            days += works(probe)
        # asked on a day of leave after the 7th working day is late too
        if day > nth_workday(self.receipt, 7):
            assert days >= 7
            self.violations.append("clarification_late")
            return
        self.clarify = {"last": _day(step["reply_by"]), "gone": False}

    def reply_by_extended(self, day: date, step: dict[str, Any]) -> None:
        if self.clarify and not self.clarify["gone"]:
            self.clarify["last"] = _day(step["reply_by"])

    def clarification_received(self, day: date, step: dict[str, Any]) -> None:
        if self.clarify and not self.clarify["gone"]:
            self.clarify = None
            self._again(day)

    def fee_notified(self, day: date, step: dict[str, Any]) -> None:
        due = self.due()
        if due is None or day > due:
            self.violations.append("fee_notice_late")
            return
        last = _day(step.get("received_on") or step["on"])
        for _ in range(30):
            last += DAY
        while not works(last):
            last += DAY
        self.pay = {"last": last, "gone": False}

    def fee_paid(self, day: date, step: dict[str, Any]) -> None:
        if self.pay and not self.pay["gone"]:
            self.pay = None
            self._again(day)

    def _again(self, day: date) -> None:
        self.begin, self.needed, self.stands = day, 20, None

    def reopened(self, day: date, step: dict[str, Any]) -> None:
        for wait in (self.clarify, self.pay):
            if wait and wait["gone"]:
                wait.update(last=None, gone=False)

    def _letter(self, day: date, step: dict[str, Any], kind: str) -> None:
        if any(letter["who"] == (kind, step["party"]) for letter in self.letters):
            return
        limit = nth_workday(_day(step.get("received_on") or step["on"]), 15)
        self.letters.append({"who": (kind, step["party"]), "asked": day, "until": limit, "open": True})

    def _back(self, day: date, step: dict[str, Any], kind: str) -> None:
        for letter in self.letters:
            if letter["who"] == (kind, step["party"]) and letter["open"]:
                letter["open"] = False
                letter["until"] = min(letter["until"], day)

    def third_party_asked(self, day: date, step: dict[str, Any]) -> None:
        self._letter(day, step, "third")

    def third_party_answered(self, day: date, step: dict[str, Any]) -> None:
        self._back(day, step, "third")

    def third_party_undelivered(self, day: date, step: dict[str, Any]) -> None:
        self._back(day, step, "third")

    def agency_asked(self, day: date, step: dict[str, Any]) -> None:
        self._letter(day, step, "agency")

    def agency_answered(self, day: date, step: dict[str, Any]) -> None:
        self._back(day, step, "agency")

    def extended(self, day: date, step: dict[str, Any]) -> None:
        due = self.due()
        if not step.get("approved_by"):
            self.violations.append("extension_unapproved")
        elif step["working_days"] > 20:
            self.violations.append("extension_too_long")
        elif self.used_extension:
            self.violations.append("extension_twice")
        elif self.stands:
            self.violations.append("extension_after_delay")
        elif due is None:
            self.violations.append("extension_no_due")
        elif day > due:
            self.violations.append("extension_late")
        else:
            self.used_extension = True
            self.needed += step["working_days"]

    def delayed(self, day: date, step: dict[str, Any]) -> None:
        due, until = self.due(), _day(step["until"])
        if due is None:
            self.violations.append("delay_no_due")
        elif day > due:
            self.violations.append("delay_late")
        elif until <= due:
            self.violations.append("delay_not_later")
        else:
            while not works(until):
                until += DAY
            self.stands = until

    def reasons_asked(self, day: date, step: dict[str, Any]) -> None:
        pass

    reasons_received = reasons_asked

    def withdrawn(self, day: date, step: dict[str, Any]) -> None:
        self.end, self.end_day = "withdrawn", day

    def replied(self, day: date, step: dict[str, Any]) -> None:
        self.end, self.end_day = "replied", day
        if step["by"] == "courier":
            self.violations.append("courier")

    # answer

    def answer(self) -> dict[str, Any]:
        due = None if self.end == "withdrawn" else self.due()
        return {
            "due_on": due.isoformat() if due else None,
            "provisional": bool(due) and due.year > LAST_NOTICE,
            "status": self.status(due),
            "remaining_working_days": self.remaining(due),
            "violations": self.violations,
        }

    def status(self, due: date | None) -> str:
        if self.end == "replied":
            return "late" if due and self.end_day > due else "met"
        if self.end == "withdrawn":
            return "withdrawn"
        if any(wait and wait["gone"] for wait in (self.clarify, self.pay)):
            return "abandoned"
        if self.clarify:
            return "awaiting_clarification"
        if self.pay:
            return "awaiting_payment"
        if self.as_of > due:
            return "late"
        return "suspended" if self.blocked(self.as_of) else "running"

    def remaining(self, due: date | None) -> int | None:
        if due is None or self.end:
            return None
        day, left = self.as_of, 0
        while day < due:
            day += DAY
            left += works(day) and not self.blocked(day)
        return left


def _day(text: str) -> date:
    return date.fromisoformat(text)


def oracle(case: dict[str, Any]) -> dict[str, Any]:
    """The expected answer: due_on, provisional, status, remaining_working_days, violations (codes in order)."""
    return Oracle(case).run()
