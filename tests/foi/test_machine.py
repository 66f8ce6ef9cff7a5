"""Random lawful and unlawful sequences through the real actions: the dates are law's, no illegal move succeeds.

Small by default; GONGKAI_FULL=1 drives at least 2,000 sequences, GONGKAI_SEQUENCES any number.
"""

from __future__ import annotations

import os
from collections import Counter as Counted
from datetime import date, timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_correction import ask_correction
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.close import close
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.confirm_receipt import confirm_receipt
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.decide_correction import decide_correction
from gongkai.foi.actions.delay import delay
from gongkai.foi.actions.letter_received import letter_received
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.rate import rate
from gongkai.foi.actions.recall_reply import recall_reply
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.record_payment import record_payment
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.reopen import reopen
from gongkai.foi.actions.set_reply_by import set_reply_by
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.actions.take_reasons import take_reasons
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import FoiRequest, Outcome
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.replies import newest
from gongkai.foi.queries.statistics import statistics
from gongkai.law.reply_clock import parse_step, reply_clock
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import Counter

FULL = os.environ.get("GONGKAI_FULL") == "1"
SEQUENCES = int(os.environ.get("GONGKAI_SEQUENCES") or (2000 if FULL else 20))
ENDED = {"replied", "withdrawn", "given_up", "closed"}
OPEN = "received in_progress in_review signed awaiting_clarification awaiting_payment"
WORK = "in_progress in_review signed"
#: Written by hand from the regulation, not taken from law.foi_moves: from which states a verb may have succeeded.
LAWFUL = {
    "confirm": "registered",
    "accept": "received",
    "clarify": "received in_progress",
    "reply_by": "awaiting_clarification",
    "clarified": "awaiting_clarification",
    "consult": "in_progress",
    "arrived": f"{WORK} awaiting_clarification awaiting_payment",
    "answered": f"{WORK} awaiting_clarification awaiting_payment",
    "propose": WORK,
    "extend": WORK,
    "ask_reasons": "in_progress",
    "reasons": WORK,
    "delay": "in_progress",
    "propose_fee": "in_progress",
    "fee": "in_progress",
    "paid": "awaiting_payment",
    "compose": "in_progress",
    "submit": "in_progress",
    "opine": "in_review",
    "recall": "in_review signed",
    "seal": "signed",
    "deliver": "signed",
    "withdraw": OPEN,
    "close": "replied withdrawn given_up awaiting_clarification awaiting_payment",
    "reopen": "given_up awaiting_clarification awaiting_payment",
    "remedy": f"{OPEN} replied withdrawn given_up closed",
    "rate": "replied closed",
    "complain": f"{OPEN} replied withdrawn given_up closed",
    "correct": "replied closed",
    "decide": "replied closed",
}
#: Each step of the agency that has to be told in writing, and the document that tells it.
OWED = {
    "clarification_asked": "clarification",
    "extended": "extension",
    "reasons_asked": "reasons",
    "delayed": "delay",
    "fee_notified": "fee",
    "third_party_asked": "consultation",
    "agency_asked": "consultation_agency",
    "replied": "delivery_proof",
}
VERBS = sorted(LAWFUL)


class Requests(RuleBasedStateMachine):
    """One request at a time, one day after another."""

    counter: Counter  # set by the test
    done: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.backdated = False
        self.seen = -1

    def teardown(self) -> None:
        type(self).done[0] += 1
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(day=st.integers(0, 400), channel=st.sampled_from(["in_person", "registered_mail", "online", "fax"]))
    def begin(self, day: int, channel: str) -> None:
        counter = type(self).counter
        counter.day = date(2025, 6, 2) + timedelta(days=day)
        self.counter_ = counter
        self.number = counter.receive(channel=channel).registered[0].case.number

    @property
    def case(self) -> FoiRequest:
        return FoiRequest.objects.select_related("organ", "key", "applicant__key").get(number=self.number)

    @rule(lawful=st.integers(0, 4), which=st.integers(0, 10_000), n=st.integers(0, 30), gap=st.integers(-12, 9))
    def act(self, lawful: int, which: int, n: int, gap: int) -> None:
        """Some days go by, then one verb: four times of five one that the state admits."""
        before = self.case
        self.counter_.pass_days(max(gap, 0))
        fitting = [v for v in VERBS if before.state in LAWFUL[v].split()] if lawful else VERBS
        if not fitting:
            return
        verb = fitting[which % len(fitting)]
        facts, steps = Fact.objects.count(), before.steps.count()
        try:
            with transaction.atomic():
                getattr(self, f"do_{verb}")(before, n)
        except Refusal as refused:
            assert refused.refused.sentence
            assert (Fact.objects.count(), before.steps.count()) == (facts, steps), f"{verb} refused and left a trace"
            assert self.case.state == before.state
            return
        assert before.state in LAWFUL[verb].split(), f"{verb} succeeded from {before.state}"

    @rule(go=st.integers(0, 3), gap=st.integers(0, 3), steps=st.integers(1, 3), slip=st.integers(0, 9))
    def forward(self, go: int, gap: int, steps: int, slip: int) -> None:
        """One time in four, along the way an officer goes: compose, submit, every opinion, seal, deliver."""
        if go:
            return
        self.counter_.pass_days(gap)
        for _ in range(steps):
            state, done = self.case.state, False
            way = {"registered": ["confirm"], "received": ["accept"], "in_progress": ["compose", "submit"],
                   "in_review": ["opine"] * 4, "signed": ["seal", "deliver"], "replied": ["close"]}  # fmt: skip
            for verb in way.get(state, ()):
                done |= self.attempt(verb, 1 if verb == "confirm" else 5 * (slip == 0))
            if not done:
                return

    def attempt(self, verb: str, n: int) -> bool:
        before = self.case
        try:
            with transaction.atomic():
                getattr(self, f"do_{verb}")(before, n)
        except Refusal:
            return False
        assert before.state in LAWFUL[verb].split(), f"{verb} succeeded from {before.state}"
        return True

    # one method a verb; n varies its parameters, some of them into the unlawful

    def do_confirm(self, case, n):
        confirm_receipt(self.number, confirmed_on=self.day(n % 3 - 1), **self.who())

    def do_accept(self, case, n):
        accept(self.number, section=self.counter_.town.section, **self.who())

    def do_clarify(self, case, n):
        ask_clarification(self.number, on=self.day(), reply_by=self.day(n - 2), items="请写明年度", **self.who())
        assert case.steps.filter(step="clarification_asked").count() == 1, "told twice"

    def do_reply_by(self, case, n):
        set_reply_by(self.number, on=self.day(), reply_by=self.day(n), reason="申请人住院", **self.who())

    def do_clarified(self, case, n):
        on = self.outside(n)
        take_clarification(self.number, on=on, **self.who())
        assert case.waiting_until is None or on <= case.waiting_until, "taken after it was given up"

    def do_consult(self, case, n):
        parties = [
            Party("third_party", f"某公司{n % 4}", "拟公开合同一份"),
            Party("agency", f"某局{n}", "征求意见", "34"),
        ]
        consult(self.number, parties[: 1 + n % 2], on=self.day(), **self.who())

    def do_arrived(self, case, n):
        row = case.steps.filter(step__in=["third_party_asked", "agency_asked", "fee_notified"]).first()
        self.need(row)
        letter_received(self.number, row.pk, received_on=self.outside(n), **self.who())

    def do_answered(self, case, n):
        asked = case.consultations.filter(answered=None).first()
        self.need(asked)
        position = ("agreed", "objected", "undelivered")[n % 3]
        on = self.outside(n)
        record_consultation_answer(self.number, asked.label, on=on, position=position, **self.who())

    def do_propose(self, case, n):
        propose_extension(self.number, working_days=n, reason="检索量大", **self.who())

    def do_extend(self, case, n):
        approve_extension(self.number, notified_on=self.day(-(n % 2)), **self.who("foi_head"))
        assert case.due_on is not None and self.day() <= case.due_on, "extended after the due day"
        assert case.steps.filter(step="extended").count() == 1, "extended twice"

    def do_ask_reasons(self, case, n):
        ask_reasons(self.number, on=self.day(), text="一个月内提出三十件", **self.who())

    def do_reasons(self, case, n):
        take_reasons(self.number, on=self.outside(n), text="用于研究", **self.who())

    def do_delay(self, case, n):
        delay(self.number, on=self.day(), until=self.day(n * 3), reason="数量大", **self.who("foi_head"))
        assert case.steps.filter(step="reasons_asked").exists()
        assert case.due_on is not None and self.day() <= case.due_on

    def do_propose_fee(self, case, n):
        propose_fee(self.number, method="page", pages=25 + n, excessive=n != 7, reason="数量超出合理范围", **self.who())

    def do_fee(self, case, n):
        approve_fee(self.number, notified_on=self.day(), **self.who("foi_head"))
        assert case.due_on is not None and self.day() <= case.due_on

    def do_paid(self, case, n):
        record_payment(self.number, on=self.outside(n), **self.who())

    def do_compose(self, case, n):
        self.counter_.compose(case, ("R2", "R8", "R9", "R4", "R2")[n % 5])

    def do_submit(self, case, n):
        draft = getattr(case, "draft", None)
        self.need(draft)
        submit_reply(self.number, based_on=draft.revision, **self.who())
        self.nobody_waits(case)

    def do_opine(self, case, n):
        version = newest(case)
        self.need(version)
        given = version_opinions(version)
        verdict = "return" if n == 30 else "approve"
        more = {"reason": "请改", "return_to": 0} if verdict == "return" else {}
        steps = len(self.counter_.roles(version))
        self.counter_.opine(version, (given % steps) + 1, verdict, **more)

    def do_recall(self, case, n):
        recall_reply(self.number, reason="发现错漏", **self.who())

    def do_seal(self, case, n):
        self.counter_.seal(case)

    def do_deliver(self, case, n):
        by = ("post", "in_person", "courier", "post", "post")[n % 5]
        on = self.day(-(n % 3))
        self.counter_.deliver(case, by=by, on=on)
        assert by != "courier"
        assert case.signed_on is not None and on >= case.signed_on
        self.nobody_waits(case)

    def do_withdraw(self, case, n):
        if n > 3:
            self.need(None)  # seldom, or most sequences would end here
        withdraw_request(self.number, on=self.day(), **self.who())

    def do_close(self, case, n):
        waited = case.state.startswith("awaiting")
        close(self.number, **self.who())
        assert not waited or (case.waiting_until is not None and self.day() > case.waiting_until)

    def do_reopen(self, case, n):
        reopen(self.number, reason="申请人住院" if n else "", reply_by=None, **self.who("foi_head"))
        assert case.waiting_until is None or self.day() > case.waiting_until

    def do_remedy(self, case, n):
        if n > 3:
            self.need(None)
        register_remedy(self.number, kind="review", body="青禾市人民政府", docket="", filed_on=self.day(), **self.who())

    def do_rate(self, case, n):
        rate(self.number, grade=n % 7, text="办得慢", actor=APPLICANT, at=self.who()["at"])
        assert 1 <= n % 7 <= 5

    def do_complain(self, case, n):
        if n > 9:
            self.need(None)
        complain(self.number, text="没有写理由" if n else "", actor=APPLICANT, at=self.who()["at"])

    def do_correct(self, case, n):
        ask_correction(self.number, what="出生年份有误", on=self.day(-(n % 2)), actor=APPLICANT, at=self.who()["at"])

    def do_decide(self, case, n):
        asked = case.corrections.filter(decision="").first()
        self.need(asked)
        decision = ("corrected", "unfounded", "transferred", "told")[n % 4]
        organ = "青禾市教育局" if n % 3 else ""
        decide_correction(asked.pk, decision=decision, reason="经核对", on=self.day(), other_organ=organ, **self.who())
        assert organ or decision in ("corrected", "unfounded")

    # helpers

    def who(self, role: str = "foi_officer"):
        return self.counter_.who(role)

    def day(self, more: int = 0) -> date:
        return self.counter_.day + timedelta(days=more)

    def outside(self, n: int) -> date:
        """Today, sometimes a few days ago: what came from outside is written down late."""
        back = n % 6 if n % 3 == 0 else 0
        self.backdated = self.backdated or back > 0
        return self.day(-back)

    def need(self, thing) -> None:
        if thing is None:
            from gongkai.law.verdicts import Refused

            raise Refusal(Refused("nothing_there", "没有可办的事项。"))

    def nobody_waits(self, case) -> None:
        """By hand: every party answered, or its fifteenth working day is over."""
        calendar = calendar_for(case.organ)
        for asked in case.consultations.filter(answered=None).select_related("asked"):
            row = asked.asked
            row = row.replaced_by if hasattr(row, "replaced_by") else row
            last, left = row.received_on or row.on, 15
            while left:
                last += timedelta(days=1)
                left -= calendar.is_workday(last)
            assert self.day() > last, "replied while a third party may still answer"

    # what is always true

    def unchanged(self) -> bool:
        """Nothing was recorded since the last look: what follows from the facts alone need not be looked at again."""
        if not hasattr(self, "number"):
            return True
        now = Fact.objects.count()
        before, self.seen = self.seen, now
        return before == now

    @invariant()
    def what_follows_from_the_facts(self) -> None:
        if self.unchanged():
            return
        self.what_is_owed_in_writing_was_issued()
        self.one_outcome()
        self.the_ledger_tells_it()
        self.the_report_adds_up()

    @invariant()
    def dates_are_laws(self) -> None:
        if not hasattr(self, "number"):
            return
        case = self.case
        steps = steps_of(case)
        if not steps:
            assert (case.due_on, case.received_on) == (None, None)
            return
        clock = reply_clock(steps, calendar_for(case.organ), self.day())
        assert (case.due_on, case.provisional) == (clock.due_on, clock.provisional)
        assert (case.received_on, case.waiting_until) == (clock.received_on, clock.waiting_until)
        if case.state in ("awaiting_clarification", "awaiting_payment"):
            assert clock.status in (case.state, "abandoned")
        assert self.backdated or not clock.violations, clock.violations

    def what_is_owed_in_writing_was_issued(self) -> None:
        issued = Counted(self.case.papers.values_list("kind", flat=True))
        taken = Counted(step.step for step in steps_of(self.case))
        assert {kind: issued[kind] for kind in OWED.values()} == {kind: taken[step] for step, kind in OWED.items()}

    def one_outcome(self) -> None:
        standing = Outcome.objects.filter(request=self.case, voided_at=None).count()
        assert standing == (self.case.state in ENDED)

    def the_ledger_tells_it(self) -> None:
        """State and due day follow from the facts alone."""
        case = self.case
        facts = Fact.objects.filter(subject=case.subject, kind__startswith="foi.").order_by("id")
        told = [fact.data for fact in facts]
        assert told[-1]["state"] == case.state
        places: dict[int, dict] = {}
        for data in told:
            for step in data.get("steps", ()):
                assert ("replaces" in step) == (step["seq"] in places)
                places[step["seq"]] = step
        if places:
            steps = tuple(parse_step(places[seq]) for seq in sorted(places))
            assert reply_clock(steps, calendar_for(case.organ), self.day()).due_on == case.due_on

    def the_report_adds_up(self) -> None:
        if self.case.state in ENDED:
            for year in (self.day().year - 1, self.day().year):
                assert statistics(self.counter_.town.organ, year).failures == ()


def version_opinions(version) -> int:
    from gongkai.review.models import Opinion

    kinds = ("foi.reply", "foi.reply_plain")
    return Opinion.objects.filter(case__subject_kind__in=kinds, case__subject_key=version.pk).count()


def test_random_sequences(counter):
    Requests.counter, Requests.done = counter, [0]
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=30 if FULL else 25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=not FULL,
        ),
    )
    assert Requests.done[0] >= SEQUENCES
