"""Deliberate faults in the reply clock, one for each rule: the comparison with the oracle has to see every one."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from gongkai.calendars.shipped import shipped_tables
from gongkai.law import workdays
from gongkai.law.reply_clock import acts, engine, state, steps
from tests.law.clock_cases import cases
from tests.law.oracle_clock import oracle

PACKAGE = (steps, state, acts, engine)
MOST_CASES = 8_000


@dataclass(frozen=True)
class Fault:
    """Replacements in the source of one or two modules; `sees` says whether a broken clock is told from a right one."""

    name: str
    article: str
    changes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    seen_by: str = "oracle"


def fault(name: str, article: str, module: str, old: str, new: str, **more: Any) -> Fault:
    return Fault(name, article, {module: ((old, new),)}, **more)


RESTART = "self.start, self.length, self.delayed = day, REPLY_WORKING_DAYS, None"
FAULTS = (
    fault("receipt day counted", "民法典201", "state", "self.received = self.start = received_on",
          "self.received = received_on; self.start = date.fromordinal(received_on.toordinal() - 1)"),
    fault("调休 ignored", "条例33", "workdays", 'worked[position] = mark.kind == "work"',
          'worked[position] = worked[position] and mark.kind == "work"'),
    fault("holidays ignored", "条例33", "workdays", 'worked[position] = mark.kind == "work"',
          'worked[position] = worked[position] or mark.kind == "work"'),
    fault("twenty-one days", "条例33", "state", "REPLY_WORKING_DAYS = 20", "REPLY_WORKING_DAYS = 21"),
    fault("receipt by arrival, not confirmation", "条例31", "steps", "return receipt, receipt.confirmed_on",
          "return receipt, receipt.on"),
    fault("clarification as a pause", "条例30", "acts",
          'state.restart(step.on)\n        state.note(step.on, "restarted", "条例30"',
          'state.note(step.on, "restarted", "条例30"'),
    fault("clarification without waiting", "条例30", "acts", "state.clarification = Wait(step.reply_by)\n",
          "state.clarification = Wait(step.reply_by, open=False)\n"),
    fault("two clarifications", "条例30", "acts", "asked_before = state.clarification is not None",
          "asked_before = False"),
    fault("clarification within eight days", "条例30", "acts", "CLARIFICATION_WORKING_DAYS = 7",
          "CLARIFICATION_WORKING_DAYS = 8"),
    fault("clarification within six days", "条例30", "acts", "CLARIFICATION_WORKING_DAYS = 7",
          "CLARIFICATION_WORKING_DAYS = 6"),
    fault("given up on the last day itself", "条例30", "state", "day > wait.until", "day >= wait.until"),
    fault("never given up", "条例30", "state", "wait.lapsed = True", "wait.lapsed = False"),
    fault("late clarification accepted", "条例30", "acts",
          'elif wait.lapsed:\n        state.note(step.on, "no_effect", "条例30"',
          'elif False:\n        state.note(step.on, "no_effect", "条例30"'),
    fault("last day to clarify not moved", "条例30", "acts", "wait.until = step.reply_by", "pass"),
    fault("reopening without effect", "条例30", "acts", "wait.lapsed, wait.until = False, None", "pass"),
    fault("extension survives the restart", "条例30", "state", RESTART,
          "self.start, self.delayed = day, None"),
    fault("a second extension after the restart", "条例33", "state", RESTART, RESTART + "; self.extended = False"),
    fault("delay survives the restart", "条例35", "state", RESTART,
          "self.start, self.length = day, REPLY_WORKING_DAYS"),
    fault("consultation of sixteen days", "条例32", "acts", "CONSULTATION_WORKING_DAYS = 15",
          "CONSULTATION_WORKING_DAYS = 16"),
    fault("consultation counted from sending", "条例32", "acts",
          "state.calendar.add(step.received_on or step.on, CONSULTATION", "state.calendar.add(step.on, CONSULTATION"),
    fault("day of asking suspended", "条例33.3", "state", "(letter.asked, letter.end)",
          "(date.fromordinal(letter.asked.toordinal() - 1), letter.end)"),
    fault("day of the answer counted", "条例33.3", "state", "(letter.asked, letter.end)",
          "(letter.asked, date.fromordinal(letter.end.toordinal() - 1))"),
    fault("overlapping consultations counted twice", "条例33.3", "state", "if merged and asked <= merged[-1][1]:",
          "if False:"),
    fault("nested consultation cuts the longer one", "条例33.3", "state", "max(merged[-1][1], ended)", "ended"),
    fault("second letter suspends", "条例33.3", "acts", "if (kind, step.party) in state.letters:", "if False:"),
    Fault("late answer prolongs", "条例32", {  # the state first: the acts take their letters from it
        "state": (("return self.last if self.ended is None or self.ended > self.last else self.ended",
                   "return self.ended or self.last"),),
        "acts": (("letter.ended is not None or step.on > letter.last", "letter.ended is not None"),),
    }),
    fault("undeliverable letter ignored", "条例33.3", "acts",
          '_end(state, step, "third_party", "条例33.3", "的征询书无法送达")', "pass"),
    fault("answer of an agency ignored", "条例34", "acts",
          '_end(state, step, "agency", "条例33.3", "已答复意见")', "pass"),
    fault("letter under Article 11 does not suspend", "条例11", "acts",
          '_ask(state, step, "agency", "coordination", "条例11；条例33.3", "有关机关")',
          '_ask(state, step, "agency", "x", "条例11；条例33.3", "有关机关"); '
          'state.letters["agency", step.party].ended = step.on'),
    fault("silence swapped", "条例34", "state", '("条例34", "视为同意公开")',
          '("条例34", "由行政机关依照条例决定是否公开")', seen_by="silence"),
    fault("silence of a third party is consent", "条例32", "state", '("条例32", "由行政机关依照条例决定是否公开")',
          '("条例32", "视为同意公开")', seen_by="silence"),
    fault("silence under Article 11 is consent", "条例11", "acts", '_ask(state, step, "agency", "coordination"',
          '_ask(state, step, "agency", "agency"', seen_by="silence"),
    fault("extension after the due day", "条例33.2", "acts",
          '("extension_late", due is not None and step.on > due', '("extension_late", False'),
    fault("extension on the due day refused", "条例33.2", "acts",
          '("extension_late", due is not None and step.on > due',
          '("extension_late", due is not None and step.on >= due'),
    fault("extension nobody approved", "条例33.2", "acts", '("extension_unapproved", not approved',
          '("extension_unapproved", False'),
    fault("extension of more than twenty days", "条例33.2", "acts",
          '("extension_too_long", step.working_days > EXTENSION_WORKING_DAYS', '("extension_too_long", False'),
    fault("two extensions", "条例33.2", "acts", '("extension_twice", state.extended', '("extension_twice", False'),
    fault("extension after a delay", "条例35", "acts", '("extension_after_delay", state.delayed is not None',
          '("extension_after_delay", False'),
    fault("extension while waiting", "条例33.2", "acts",
          '("extension_no_due", due is None', '("extension_no_due", False'),
    fault("fee notice after the due day", "109号", "acts", "if due is None or step.on > due:", "if due is None:"),
    fault("fee payable in 29 days", "109号", "acts", "PAYMENT_DAYS = 30", "PAYMENT_DAYS = 29"),
    fault("fee counted from the notice, not its receipt", "109号", "acts",
          "calendar_period_end(step.received_on or step.on", "calendar_period_end(step.on"),
    fault("payment ends on leave", "民法典203", "acts",
          "last = calendar_period_end(step.received_on or step.on, PAYMENT_DAYS, state.calendar)",
          "last = date.fromordinal((step.received_on or step.on).toordinal() + PAYMENT_DAYS)"),
    fault("payment as a pause", "109号", "acts",
          'state.restart(step.on)\n        state.note(step.on, "restarted", "109号6"',
          'state.note(step.on, "restarted", "109号6"'),
    fault("late payment accepted", "109号", "acts",
          'elif wait.lapsed:\n        state.note(step.on, "no_effect", "109号6"',
          'elif False:\n        state.note(step.on, "no_effect", "109号6"'),
    fault("delay ends on leave", "条例35", "acts", "state.calendar.roll_forward(step.until)", "step.until"),
    fault("delay to an earlier day", "条例35", "acts", "elif step.until <= due:", "elif False:"),
    fault("delay after the due day", "条例35", "acts", "elif step.on > due:", "elif False:"),
    fault("courier allowed", "235号", "acts", 'if step.by == "courier":', "if False:"),
    fault("late answer cures", "条例33", "engine", "state.closed_on > due", "False"),
    fault("late on the due day", "条例33", "engine", "if as_of > due:", "if as_of >= due:"),
    fault("suspension hides lateness", "条例33", "engine", "if as_of > due:",
          "if as_of > due and not any(asked < as_of <= ended for asked, ended in suspensions):"),
    fault("remaining counts suspended days", "条例33.3", "engine", "if first < last:", "if False:"),
    fault("what comes after as_of is known", "设计", "engine", "step.on > as_of or state.closed_on is not None",
          "state.closed_on is not None"),
    fault("steps after the reply go on", "设计", "engine", "step.on > as_of or state.closed_on is not None",
          "step.on > as_of"),
    fault("order of the file instead of the days", "设计", "engine", "sorted(given, key=_BY_DAY)", "given"),
    fault("no estimate is told", "设计", "engine", "provisional=due is not None and", "provisional=False and"),
)  # fmt: skip


def break_it(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> workdays.WorkCalendar:
    """Load the changed source beside the real one and put what it defines in place of the real objects."""
    calendar = workdays.WorkCalendar(shipped_tables())
    for name, changes in fault.changes.items():
        real = workdays if name == "workdays" else importlib.import_module(f"gongkai.law.reply_clock.{name}")
        broken = _load_broken(real, changes)
        if real is workdays:
            calendar = broken.WorkCalendar(shipped_tables())
            continue
        for key, value in vars(broken).items():
            former = vars(real).get(key)
            if former is None or getattr(former, "__module__", real.__name__) != real.__name__:
                continue
            for module in PACKAGE:
                if vars(module).get(key) is former:
                    monkeypatch.setattr(module, key, value)
    return calendar


def _load_broken(real: ModuleType, changes: tuple[tuple[str, str], ...]) -> ModuleType:
    source = inspect.getsource(real)
    for old, new in changes:
        assert source.count(old) >= 1, f"the fault no longer fits the source: {old}"
        source = source.replace(old, new)
    if "date.fromordinal" in source and "from datetime import" not in source:
        source = source.replace("import annotations\n", "import annotations\nfrom datetime import date\n", 1)
    broken = ModuleType(real.__name__)
    with pytest.MonkeyPatch.context() as patch:  # dataclasses look their module up by name
        patch.setitem(__import__("sys").modules, real.__name__, broken)
        exec(compile(source, f"<broken {real.__name__}>", "exec"), vars(broken))
    return broken


def answer(case: dict[str, Any], calendar: workdays.WorkCalendar) -> dict[str, Any]:
    """Through the modules' present attributes, which a fault may have replaced."""
    given = steps.parse_steps(case["steps"])
    found = engine.reply_clock(given, calendar, date.fromisoformat(case["as_of"])).as_json()
    return {**found["reply"], "violations": [violation["code"] for violation in found["violations"]]}


def oracle_sees(calendar: workdays.WorkCalendar) -> bool:
    for case in _prepared():
        try:
            if answer(case, calendar) != oracle(case):
                return True
        except steps.InputError:
            return True  # a right case refused is as visible as a wrong day
    return False


def silence_sees(calendar: workdays.WorkCalendar) -> bool:
    return silences(calendar) != {"甲": "由行政机关依照条例决定是否公开", "乙": "视为同意公开", "丙": "不视为同意"}


def silences(calendar: workdays.WorkCalendar) -> dict[str, str]:
    """What the explanation says of three letters nobody answered: Article 32, 34 and 11."""
    raw = [
        {"step": "received", "channel": "in_person", "on": "2026-03-02"},
        {"step": "third_party_asked", "on": "2026-03-03", "party": "甲"},
        {"step": "agency_asked", "on": "2026-03-03", "party": "乙"},
        {"step": "agency_asked", "on": "2026-03-03", "party": "丙", "basis": "11"},
    ]
    clock = engine.reply_clock(steps.parse_steps(raw), calendar, date(2026, 4, 30))
    said = [step.sentence for step in clock.explain if step.effect == "silence"]
    return {sentence[1]: sentence.split("，")[1] for sentence in said}


SEEN_BY: dict[str, Callable[[workdays.WorkCalendar], bool]] = {"oracle": oracle_sees, "silence": silence_sees}
_CASES: list[dict[str, Any]] = []


def _prepared() -> Iterator[dict[str, Any]]:
    if not _CASES:
        _CASES.extend(cases(seed=33, count=MOST_CASES))
    yield from _CASES


def test_there_are_enough_faults_and_none_twice() -> None:
    assert len(FAULTS) >= 25
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_the_right_clock_is_not_called_broken() -> None:
    calendar = workdays.WorkCalendar(shipped_tables())
    assert not silence_sees(calendar)
    assert not oracle_sees(calendar)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_seen(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = break_it(fault, monkeypatch)
    assert SEEN_BY[fault.seen_by](calendar), f"nobody noticed: {fault.name} ({fault.article})"
