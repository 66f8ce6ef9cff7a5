"""The state a reply clock walks through: what the count starts from, what suspends it, what is awaited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.law.articles import cite
from gongkai.law.explain import Step, full_date
from gongkai.law.reply_clock.clock import Interval, Violation
from gongkai.law.reply_clock.steps import ClockStep
from gongkai.law.workdays import WorkCalendar

REPLY_WORKING_DAYS = 20  # 条例33.2


@dataclass(slots=True)
class Letter:
    """A consultation: days in (asked, end] do not count."""

    asked: date
    last: date  # 15 working days after it was received
    silence: str  # what silence means: third_party, agency or coordination
    party: str
    ended: date | None = None

    @property
    def end(self) -> date:
        return self.last if self.ended is None or self.ended > self.last else self.ended


@dataclass(slots=True)
class Wait:
    """Something awaited from the applicant; `until` None means reopened without a new last day."""

    until: date | None
    open: bool = True
    lapsed: bool = False


class State:
    """The facts taken so far. The due day in force is computed when a rule asks for it, never kept."""

    __slots__ = ("asked_reasons", "by", "calendar", "clarification", "closed_on", "delayed", "extended", "fee",
                 "fee_told", "length", "letters", "notes", "received", "start", "violations")  # fmt: skip

    def __init__(self, calendar: WorkCalendar, received_on: date, receipt: ClockStep) -> None:
        self.calendar = calendar
        self.received = self.start = received_on
        self.length = REPLY_WORKING_DAYS
        self.extended = False
        self.delayed: date | None = None
        self.clarification: Wait | None = None
        self.fee: Wait | None = None
        self.fee_told = self.asked_reasons = False
        self.letters: dict[tuple[str, str], Letter] = {}
        self.closed_on: date | None = None
        self.by = ""
        self.violations: list[Violation] = []
        self.notes: list[Step] = []
        self._note_receipt(receipt)

    def _note_receipt(self, receipt: ClockStep) -> None:
        assert receipt.channel is not None
        ref, words = _RECEIPT[receipt.channel]
        self.note(self.received, "start", ref, f"{words}，以{full_date(self.received)}为收到申请之日，当日不计")

    def lapse(self, day: date) -> None:
        """What was awaited and did not come by its last day is given up the day after.

        依据：条例30；109号6
        """
        for wait, ref, words in (
            (self.clarification, "条例30", "申请人逾期未补正，视为放弃申请，不再处理"),
            (self.fee, "109号6", "申请人逾期未缴纳信息处理费，视为放弃申请，不再处理"),
        ):
            if wait is not None and wait.open and not wait.lapsed and wait.until is not None and day > wait.until:
                wait.lapsed = True
                self.note(wait.until, "abandoned", ref, words)

    def waits(self) -> list[Wait]:
        """What is awaited from the applicant, given up or not.

        依据：条例30；109号6
        """
        return [wait for wait in (self.clarification, self.fee) if wait is not None and wait.open]

    def due(self) -> date | None:
        """The due day in force with what is known so far; None while something is awaited or given up.

        依据：条例33；条例35
        """
        if self.waits():
            return None
        if self.delayed is not None:
            return self.delayed  # 条例35: that day stands
        due = self.calendar.add(self.start, self.length)
        skipped = 0
        for asked, ended in self.suspensions():  # 条例33.3: 所需时间不计算在期限内
            asked = max(asked, self.start)
            if asked >= due:
                break
            if ended > asked:
                skipped += self.calendar.count(asked, ended)
                due = self.calendar.add(self.start, self.length + skipped)
        return due

    def suspensions(self) -> list[Interval]:
        """The consultations as disjoint (asked, end], in order: overlapping time counts once.

        依据：条例33.3
        """
        merged: list[Interval] = []
        for asked, ended in sorted((letter.asked, letter.end) for letter in self.letters.values()):
            if merged and asked <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], ended))
            elif asked < ended:
                merged.append((asked, ended))
            else:
                continue  # answered on the day it was asked: nothing to leave out
        return merged

    def restart(self, day: date) -> None:
        """The count begins again in full; an extension accepted before stays used, a delay no longer stands.

        依据：条例30；109号6
        """
        self.start, self.length, self.delayed = day, REPLY_WORKING_DAYS, None

    def note(self, on: date, effect: str, references: str, sentence: str) -> None:
        """One line of the explanation.

        依据：设计
        """
        self.notes.append(Step(on, effect, cite(references), sentence))

    def violate(self, on: date, code: str, reference: str, sentence: str) -> None:
        """An act against the rules, named and explained.

        依据：设计
        """
        article = cite(reference)
        self.violations.append(Violation(code, article, sentence, on))
        self.notes.append(Step(on, "violation", article, sentence))

    def note_silence(self, horizon: date) -> None:
        """What the silence of each consulted party meant once its 15 working days were over.

        依据：条例32；条例34；条例11
        """
        for letter in self.letters.values():
            if letter.ended is None and horizon > letter.last:
                ref, words = _SILENCE[letter.silence]
                self.note(letter.last, "silence", ref, f"“{letter.party}”逾期未答复意见，{words}，自次日起恢复计算")


_RECEIPT = {
    "in_person": ("条例31(1)", "当面提交，以提交之日为准"),
    "registered_mail": ("条例31(2)", "邮寄且需签收，以签收之日为准"),
    "ordinary_mail": ("条例31(2)", "以平常信函邮寄，以双方确认之日为准"),
    "online": ("条例31(3)", "通过互联网渠道提交，以双方确认之日为准"),
    "fax": ("条例31(3)", "以传真提交，以双方确认之日为准"),
}
_SILENCE = {
    "third_party": ("条例32", "由行政机关依照条例决定是否公开"),
    "agency": ("条例34", "视为同意公开"),
    "coordination": ("条例11", "不视为同意，应继续协商、确认"),
}
