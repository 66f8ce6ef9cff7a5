"""The moves of a request: the table, and the verdicts that bind it to the clock."""

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law import foi_moves as moves
from gongkai.law.replies import REPLIES, reply
from gongkai.law.reply_clock import ClockStep, reply_clock
from gongkai.law.verdicts import Allowed

CALENDAR = shipped_calendar()
D = date


def clock(*steps, on):
    return reply_clock((ClockStep("received", D(2026, 3, 2), channel="in_person"), *steps), CALENDAR, on)


def test_every_state_is_reached_and_every_verb_starts_somewhere():
    reached, frontier = set(), {moves.REGISTERED}
    while frontier:
        reached |= frontier
        frontier = {
            moves.after(verb, state, moves.AWAITING_CLARIFICATION)
            for state in frontier
            for verb in moves.MOVES
            if moves.may(verb, state)
        } - reached
    assert reached == set(moves.STATES)
    assert all(move.states <= set(moves.STATES) and move.states for move in moves.MOVES.values())


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (
            "registered",
            "confirm_receipt add_file take_over take_over_waiting take_over_replied take_over_withdrawn "
            "take_over_given_up",
        ),
        (
            "replied",
            "add_file close register_remedy conclude_remedy rate complain answer_complaint add_evidence ask_correction "
            "decide_correction publish_reply file_dossier",
        ),
        ("withdrawn", "add_file close register_remedy conclude_remedy complain answer_complaint file_dossier"),
        ("given_up", "add_file close reopen register_remedy conclude_remedy complain answer_complaint file_dossier"),
        (
            "closed",
            "register_remedy conclude_remedy erase rate complain answer_complaint add_evidence ask_correction "
            "decide_correction publish_reply file_dossier",
        ),
    ],
)
def test_what_an_unconfirmed_or_ended_request_still_admits(state, verbs):
    assert {verb for verb in moves.MOVES if moves.may(verb, state)} == set(verbs.split())


def test_nothing_leaves_an_ended_request_but_a_reopening():
    for state in moves.ENDED:
        leading = {v for v in moves.MOVES if moves.may(v, state) and moves.MOVES[v].to not in (None, moves.CLOSED)}
        assert leading == set()
        assert bool(moves.may("reopen", state)) == (state == moves.GIVEN_UP)


def test_a_refused_move_names_the_state_in_words():
    refused = moves.may("deliver", "in_review")
    assert (refused.code, "答复审签中" in refused.sentence) == ("cannot_deliver", True)
    with pytest.raises(KeyError):
        moves.may("forward", "received")
    with pytest.raises(ValueError, match="unknown state"):
        moves.may("accept", "somewhere")


def test_what_is_given_up_closes_without_a_letter():
    assert {moves.GIVEN_UP_REPLY[state] for state in moves.WAITING} == {"R13", "R14"}
    closing = {*moves.GIVEN_UP_REPLY.values(), moves.WITHDRAWN_REPLY}
    assert closing == {row.code for row in REPLIES if not row.is_letter}
    assert reply(moves.WITHDRAWN_REPLY).report_row == "other_3"


def test_reopening_leads_where_the_clock_waits():
    assert moves.after("reopen", "given_up", "awaiting_payment") == "awaiting_payment"
    with pytest.raises(ValueError, match="leads to waiting"):
        moves.after("reopen", "given_up", "running")


@pytest.mark.parametrize(
    ("state", "status", "then"),
    [
        ("awaiting_payment", "abandoned", "awaiting_payment"),
        ("awaiting_payment", "running", "in_progress"),
        ("awaiting_payment", "awaiting_clarification", "awaiting_clarification"),
        ("in_review", "late", "in_review"),
    ],
)
def test_the_state_follows_a_clock_that_no_longer_waits(state, status, then):
    assert moves.settle(state, status) == then


def test_an_act_that_breaks_a_rule_is_refused_with_its_article():
    late = ClockStep("extended", D(2026, 3, 31), working_days=20, approved_by="负责人")
    before, now = clock(on=D(2026, 3, 31)), clock(late, on=D(2026, 3, 31))
    assert before.due_on == D(2026, 3, 30)
    refused = moves.may_take(before, now)
    assert (refused.code, refused.article) == ("extension_late", "《政府信息公开条例》第三十三条第二款")
    in_time = clock(ClockStep("extended", D(2026, 3, 30), working_days=20, approved_by="负责人"), on=D(2026, 3, 31))
    assert moves.may_take(before, in_time) == Allowed()
    assert moves.may_take(now, now) == Allowed()  # what was wrong before is no new wrong


ASKED = ClockStep("third_party_asked", D(2026, 3, 3), party="第三方1")
AGENCY = ClockStep("agency_asked", D(2026, 3, 4), party="其他机关1", basis="34", received_on=D(2026, 3, 6))


@pytest.mark.parametrize(
    ("on", "waiting"),
    [
        (D(2026, 3, 2), []),
        (D(2026, 3, 3), ["第三方1"]),
        (D(2026, 3, 24), ["第三方1", "其他机关1"]),  # 15th working day after the 3rd
        (D(2026, 3, 25), ["其他机关1"]),
        (D(2026, 3, 27), ["其他机关1"]),  # 15th working day after it was received on the 6th
        (D(2026, 3, 28), []),
    ],
)
def test_a_consultation_is_open_until_its_fifteenth_working_day(on, waiting):
    assert [step.party for step in moves.open_consultations([ASKED, AGENCY], CALENDAR, on)] == waiting


def test_a_reply_waits_for_those_who_were_asked():
    refused = moves.may_reply([ASKED, AGENCY], CALENDAR, D(2026, 3, 10))
    assert refused.article == "《政府信息公开条例》第三十二条；《政府信息公开条例》第三十四条"
    answered = ClockStep("third_party_answered", D(2026, 3, 10), party="第三方1", position="agreed")
    agency = ClockStep("agency_answered", D(2026, 3, 10), party="其他机关1")
    assert moves.may_reply([ASKED, AGENCY, answered, agency], CALENDAR, D(2026, 3, 10)) == Allowed()


def waiting(on):
    return clock(ClockStep("clarification_asked", D(2026, 3, 4), reply_by=D(2026, 3, 18)), on=on)


def test_given_up_only_when_the_last_day_is_over():
    assert moves.may_give_up(waiting(D(2026, 3, 18))).code == "not_given_up"
    assert moves.may_give_up(waiting(D(2026, 3, 19))) == Allowed()
    assert moves.may_answer_wait(waiting(D(2026, 3, 18)), D(2026, 3, 18)) == Allowed()
    assert moves.may_answer_wait(waiting(D(2026, 3, 19)), D(2026, 3, 19)).code == "given_up"
    assert moves.may_withdraw(waiting(D(2026, 3, 18))) == Allowed()
    assert moves.may_withdraw(waiting(D(2026, 3, 19))).code == "given_up"


@pytest.mark.parametrize(
    ("on", "outcome_on", "reason", "code"),
    [
        (D(2026, 3, 20), None, "住院", None),
        (D(2026, 3, 20), D(2026, 3, 19), "住院", None),
        (D(2026, 3, 20), D(2025, 12, 31), "住院", "counted_already"),
        (D(2026, 3, 20), None, " ", "reason_missing"),
        (D(2026, 3, 18), None, "住院", "nothing_given_up"),
    ],
)
def test_reopening_is_a_decision_with_a_reason(on, outcome_on, reason, code):
    verdict = moves.may_reopen(waiting(on), outcome_on=outcome_on, on=on, reason=reason)
    assert getattr(verdict, "code", None) == code


def test_delay_follows_reasons():
    assert moves.may_delay([ASKED]).code == "reasons_never_asked"
    assert moves.may_delay([ClockStep("reasons_asked", D(2026, 3, 3))]) == Allowed()


def test_delivery_follows_signature_and_seal():
    signed = {"signed_on": D(2026, 3, 10)}
    assert moves.may_deliver(D(2026, 3, 9), sealed=True, **signed).code == "before_sign_off"
    assert moves.may_deliver(D(2026, 3, 10), sealed=False, **signed).code == "no_seal"
    assert moves.may_deliver(D(2026, 3, 10), sealed=True, **signed) == Allowed()


def test_dates_lie_between_receipt_and_today():
    assert moves.may_date(D(2026, 3, 3), today=D(2026, 3, 2)).code == "date_in_future"
    assert moves.may_date(D(2026, 3, 1), today=D(2026, 3, 2), received_on=D(2026, 3, 2)).code == "before_receipt"
    assert moves.may_date(D(2026, 3, 2), today=D(2026, 3, 2), received_on=D(2026, 3, 2)) == Allowed()


def test_nobody_decides_their_own_proposal():
    assert moves.may_decide_proposal("1", "1").code == "own_proposal"
    assert moves.may_decide_proposal("1", "2") == Allowed()


def test_personal_data_is_kept_its_years_and_while_a_suit_is_pending():
    kept = {"keep_years": 10, "pending_remedies": []}
    assert moves.may_erase(D(2026, 2, 28), on=D(2036, 2, 28), **kept).code == "still_kept"
    assert moves.may_erase(D(2026, 2, 28), on=D(2036, 2, 29), **kept) == Allowed()
    pending = moves.may_erase(D(2026, 2, 28), on=D(2040, 1, 1), keep_years=10, pending_remedies=["review"])
    assert pending.code == "remedy_pending"
