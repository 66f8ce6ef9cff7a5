"""The reply clock by plain examples, point by point; its explanations; facts that cannot be so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.reply_clock import Clock, ClockStep, InputError, parse_step, parse_steps, picture, reply_clock
from tests.law.test_workdays import ORACLES

CALENDAR = shipped_calendar()
D = date.fromisoformat


def received(on: str, channel: str = "in_person", **fields: str) -> dict[str, Any]:
    return {"step": "received", "channel": channel, "on": on, **fields}


def step(name: str, on: str, **fields: Any) -> dict[str, Any]:
    return {"step": name, "on": on, **fields}


def clock(as_of: str, *steps: dict[str, Any]) -> Clock:
    return reply_clock(parse_steps(list(steps)), CALENDAR, D(as_of))


def codes(found: Clock) -> list[str]:
    return [violation.code for violation in found.violations]


# 1, 2: start and count --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ORACLES, ids=lambda row: row[0])
def test_twenty_and_forty_days(row: tuple[str, ...]) -> None:
    plain = clock(row[0], received(row[0]))
    assert (plain.due_on, plain.remaining, plain.status) == (D(row[3]), 20, "running")
    longest = clock(row[0], received(row[0]), step("extended", row[0], working_days=20, approved_by="张主任"))
    assert (longest.due_on, longest.remaining) == (D(row[4]), 40)


def test_the_court_case() -> None:
    assert clock("2022-10-20", received("2022-09-30", "registered_mail")).due_on == D("2022-11-02")


@pytest.mark.parametrize("channel", ["ordinary_mail", "online", "fax"])
def test_confirmed_channels_start_on_the_day_both_sides_confirmed(channel: str) -> None:
    found = clock("2026-09-20", received("2026-09-15", channel, confirmed_on="2026-09-18"))
    assert (found.received_on, found.due_on) == (D("2026-09-18"), D("2026-10-22"))


@pytest.mark.parametrize("channel", ["in_person", "registered_mail"])
def test_handed_in_and_signed_for_need_no_confirmation(channel: str) -> None:
    found = clock("2026-09-20", received("2026-09-18", channel, confirmed_on="2026-09-25"))
    assert found.received_on == D("2026-09-18")


# 3: clarification -------------------------------------------------------------------------------------------------

ASKED = step("clarification_asked", "2026-03-10", reply_by="2026-03-24")


def test_clarification_restarts_in_full() -> None:
    waiting = clock("2026-03-15", received("2026-03-02"), ASKED)
    assert (waiting.due_on, waiting.status, waiting.remaining) == (None, "awaiting_clarification", None)
    again = clock("2026-03-20", received("2026-03-02"), ASKED, step("clarification_received", "2026-03-20"))
    assert (again.due_on, again.remaining) == (D("2026-04-20"), 20)


def test_clarification_asked_on_the_seventh_and_the_eighth_working_day() -> None:
    on_time = clock(
        "2026-03-11", received("2026-03-02"), step("clarification_asked", "2026-03-11", reply_by="2026-03-24")
    )
    assert (on_time.status, codes(on_time)) == ("awaiting_clarification", [])
    late = clock("2026-03-12", received("2026-03-02"), step("clarification_asked", "2026-03-12", reply_by="2026-03-24"))
    assert (late.due_on, codes(late)) == (D("2026-03-30"), ["clarification_late"])


def test_a_second_clarification_has_no_effect() -> None:
    found = clock("2026-03-13", received("2026-03-02"), ASKED, step("clarification_received", "2026-03-11"),
                  step("clarification_asked", "2026-03-11", reply_by="2026-03-30"))  # fmt: skip
    assert (found.start, found.status, codes(found)) == (D("2026-03-11"), "running", ["clarification_twice"])


def test_given_up_the_day_after_the_last_day_unless_moved_or_reopened() -> None:
    base = (received("2026-03-02"), ASKED)
    assert clock("2026-03-24", *base).status == "awaiting_clarification"
    assert clock("2026-03-25", *base).status == "abandoned"
    moved = step("reply_by_extended", "2026-03-24", reply_by="2026-04-10")
    assert clock("2026-04-10", *base, moved).status == "awaiting_clarification"
    too_late = step("reply_by_extended", "2026-03-25", reply_by="2026-04-10")
    assert clock("2026-03-25", *base, too_late).status == "abandoned"
    answer = step("clarification_received", "2026-03-27")
    assert clock("2026-03-30", *base, answer).status == "abandoned"
    reopened = step("reopened", "2026-03-26")
    assert clock("2026-03-26", *base, reopened).status == "awaiting_clarification"
    assert clock("2026-03-30", *base, reopened, answer).due_on == D("2026-04-27")


def test_an_extension_before_the_restart_stays_used_and_is_not_carried() -> None:
    steps = (received("2026-03-02"), step("extended", "2026-03-09", working_days=10, approved_by="张主任"), ASKED,
             step("clarification_received", "2026-03-20"))  # fmt: skip
    assert clock("2026-03-20", *steps).due_on == D("2026-04-20")
    again = clock("2026-03-23", *steps, step("extended", "2026-03-23", working_days=5, approved_by="张主任"))
    assert (again.due_on, codes(again)) == (D("2026-04-20"), ["extension_twice"])


def test_an_open_consultation_suspends_the_days_after_a_restart() -> None:
    found = clock("2026-03-20", received("2026-03-02"), step("third_party_asked", "2026-03-09", party="甲"), ASKED,
                  step("clarification_received", "2026-03-20"))  # fmt: skip
    # the letter is open to 30 March (15 working days); 23–27 and 30 March do not count
    assert (found.suspensions, found.due_on) == (((D("2026-03-09"), D("2026-03-30")),), D("2026-04-28"))


# 4: consultation --------------------------------------------------------------------------------------------------


def test_consultation_suspends_from_the_day_after_asking_to_the_answer() -> None:
    found = clock("2026-03-09", received("2026-03-02"), step("third_party_asked", "2026-03-04", party="甲"),
                  step("third_party_answered", "2026-03-09", party="甲"))  # fmt: skip
    assert (found.due_on, found.status, found.remaining) == (D("2026-04-02"), "suspended", 18)


def test_consultation_never_lasts_longer_than_fifteen_working_days_after_receipt() -> None:
    asked = step("third_party_asked", "2026-03-04", party="甲", received_on="2026-03-06")
    open_letter = clock("2026-03-10", received("2026-03-02"), asked)
    late_answer = clock(
        "2026-04-10", received("2026-03-02"), asked, step("third_party_answered", "2026-04-08", party="甲")
    )
    assert open_letter.suspensions == late_answer.suspensions == ((D("2026-03-04"), D("2026-03-27")),)
    assert open_letter.due_on == late_answer.due_on == D("2026-04-23")


def test_overlapping_consultations_count_once_and_a_second_letter_not_at_all() -> None:
    found = clock("2026-03-20", received("2026-03-02"),
                  step("third_party_asked", "2026-03-03", party="甲"), step("agency_asked", "2026-03-05", party="乙"),
                  step("third_party_answered", "2026-03-06", party="甲"), step("agency_answered", "2026-03-10", party="乙"),
                  step("third_party_asked", "2026-03-11", party="甲"))  # fmt: skip
    assert found.suspensions == ((D("2026-03-03"), D("2026-03-10")),)
    assert found.due_on == D("2026-04-07")


def test_a_letter_that_cannot_be_delivered_ends_that_day() -> None:
    found = clock("2026-03-20", received("2026-03-02"), step("third_party_asked", "2026-03-03", party="甲"),
                  step("third_party_undelivered", "2026-03-05", party="甲"))  # fmt: skip
    assert found.suspensions == ((D("2026-03-03"), D("2026-03-05")),)


# 5: extension and delay -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "on", "code"),
    [
        ({"working_days": 10}, "2026-03-20", "extension_unapproved"),
        ({"working_days": 10, "approved_by": "  "}, "2026-03-20", "extension_unapproved"),
        ({"working_days": 21, "approved_by": "张主任"}, "2026-03-20", "extension_too_long"),
        ({"working_days": 10, "approved_by": "张主任"}, "2026-03-31", "extension_late"),
    ],
)
def test_an_extension_with_a_fault_has_no_effect(fields: dict[str, Any], on: str, code: str) -> None:
    found = clock("2026-03-31", received("2026-03-02"), step("extended", on, **fields))
    assert (found.due_on, codes(found)) == (D("2026-03-30"), [code])
    assert found.violations[0].article == "《政府信息公开条例》第三十三条第二款"


def test_an_extension_on_the_due_day_is_in_time_and_only_one_counts() -> None:
    first = step("extended", "2026-03-30", working_days=10, approved_by="张主任")
    second = step("extended", "2026-03-31", working_days=10, approved_by="张主任")
    found = clock("2026-03-31", received("2026-03-02"), first, second)
    assert (found.due_on, codes(found)) == (D("2026-04-14"), ["extension_twice"])


def test_a_refused_extension_does_not_use_up_the_one_allowed() -> None:
    found = clock("2026-03-31", received("2026-03-02"), step("extended", "2026-03-10", working_days=10),
                  step("extended", "2026-03-11", working_days=10, approved_by="张主任"))  # fmt: skip
    assert (found.due_on, codes(found)) == (D("2026-04-14"), ["extension_unapproved"])


def test_a_reasonable_delay_stands_and_is_rolled_to_a_working_day() -> None:
    delay = step("delayed", "2026-03-20", until="2026-05-02")
    found = clock("2026-03-21", received("2026-03-02"), delay)
    assert (found.due_on, codes(found)) == (D("2026-05-06"), [])
    assert found.remaining == 29
    after = clock("2026-03-24", received("2026-03-02"), delay,
                  step("extended", "2026-03-24", working_days=5, approved_by="张主任"),
                  step("third_party_asked", "2026-03-24", party="甲"))  # fmt: skip
    assert (after.due_on, codes(after)) == (D("2026-05-06"), ["extension_after_delay"])


@pytest.mark.parametrize(
    ("on", "until", "code"),
    [("2026-03-31", "2026-05-06", "delay_late"), ("2026-03-20", "2026-03-30", "delay_not_later")],
)
def test_a_delay_too_late_or_to_no_later_day(on: str, until: str, code: str) -> None:
    found = clock("2026-03-31", received("2026-03-02"), step("delayed", on, until=until))
    assert (found.due_on, codes(found)) == (D("2026-03-30"), [code])


# 6: fee -----------------------------------------------------------------------------------------------------------


def test_a_fee_notice_waits_thirty_days_rolled_and_payment_restarts() -> None:
    steps = (received("2026-08-24"), step("fee_notified", "2026-08-31", received_on="2026-09-01"))
    assert clock("2026-10-08", *steps).status == "awaiting_payment"  # 1 October is leave, so the last day is the 8th
    assert clock("2026-10-08", *steps).waiting_until == D("2026-10-08")
    assert clock("2026-10-09", *steps).status == "abandoned"
    paid = clock("2026-10-08", *steps, step("fee_paid", "2026-10-08"))
    assert (paid.due_on, paid.remaining) == (D("2026-11-04"), 20)
    late = clock("2026-10-12", *steps, step("fee_paid", "2026-10-10"))
    assert late.status == "abandoned"
    reopened = clock("2026-10-12", *steps, step("reopened", "2026-10-09"), step("fee_paid", "2026-10-10"))
    assert reopened.start == D("2026-10-10")


def test_a_fee_notice_after_the_due_day_is_a_violation() -> None:
    found = clock("2026-04-01", received("2026-03-02"), step("fee_notified", "2026-03-31"))
    assert (found.status, codes(found)) == ("late", ["fee_notice_late"])


# 7, 8: reply, order, status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "by", "status", "violations"),
    [
        ("2026-03-30", "post", "met", []),
        ("2026-03-31", "post", "late", []),
        ("2026-03-30", "in_person", "met", []),
        ("2026-03-30", "online", "met", []),
        ("2026-03-30", "courier", "met", ["courier"]),
    ],
)
def test_replies(on: str, by: str, status: str, violations: list[str]) -> None:
    found = clock("2026-06-01", received("2026-03-02"), step("replied", on, by=by))
    assert (found.status, codes(found), found.due_on, found.remaining) == (status, violations, D("2026-03-30"), None)


def test_what_follows_a_reply_or_lies_after_as_of_is_ignored() -> None:
    found = clock("2026-06-01", received("2026-03-02"), step("replied", "2026-03-20", by="post"),
                  step("withdrawn", "2026-03-20"), step("extended", "2026-03-25", working_days=99))  # fmt: skip
    assert (found.status, codes(found)) == ("met", [])
    ahead = clock("2026-03-10", received("2026-03-02"), step("fee_paid", "2026-03-11"), step("withdrawn", "2026-03-12"))
    assert ahead.status == "running"


def test_steps_are_taken_by_date_and_those_of_a_day_as_given() -> None:
    asked = step("clarification_asked", "2026-03-05", reply_by="2026-03-20")
    back = step("clarification_received", "2026-03-09")
    assert clock("2026-03-09", back, asked, received("2026-03-02")).start == D("2026-03-09")
    same_day = step("clarification_received", "2026-03-05")
    assert clock("2026-03-05", received("2026-03-02"), asked, same_day).start == D("2026-03-05")
    with pytest.raises(InputError) as error:
        clock("2026-03-05", received("2026-03-02"), same_day, asked)
    assert error.value.code == "never_asked"


def test_statuses_by_precedence() -> None:
    base = received("2026-03-02")
    letter = step("third_party_asked", "2026-03-27", party="甲")
    assert clock("2026-03-30", base, letter).status == "suspended"
    assert clock("2026-03-31", base).status == "late"
    assert clock("2026-03-31", base).remaining == 0
    late_letter = step("third_party_asked", "2026-03-31", party="甲")
    assert clock("2026-04-01", base, late_letter).status == "late"
    gone = clock("2026-04-01", base, ASKED, step("withdrawn", "2026-03-30"))
    assert (gone.status, gone.due_on, gone.remaining) == ("withdrawn", None, None)


def test_an_estimate_is_told() -> None:
    found = clock("2026-12-10", received("2026-12-10"))
    assert (found.due_on, found.provisional) == (D("2027-01-08"), True)
    assert found.sentence == "应于2027年1月8日（星期五）（预估）前答复，剩余20个工作日"
    assert not clock("2026-12-10", received("2026-12-03")).provisional


# What a person reads ----------------------------------------------------------------------------------------------


def test_the_explanation_of_a_case_with_everything() -> None:
    found = clock(
        "2026-10-21",
        received("2026-09-15", "online", confirmed_on="2026-09-18"),
        step("third_party_asked", "2026-09-24", party="甲公司", received_on="2026-09-28"),
        step("third_party_answered", "2026-10-12", party="甲公司"),
        step("extended", "2026-10-20", working_days=10, approved_by="李主任"),
    )
    assert [(each.on.isoformat(), each.effect, each.sentence) for each in found.explain] == [
        ("2026-09-18", "start",
         "通过互联网渠道提交，以双方确认之日为准，以2026年9月18日（星期五）为收到申请之日，当日不计"),
        ("2026-09-24", "suspended", "向第三方“甲公司”征求意见，自次日起暂停计算，最迟至2026年10月23日（星期五）"),
        ("2026-10-12", "resumed", "“甲公司”已答复意见，此项征求意见自次日起不再暂停计算"),
        ("2026-10-20", "extended", "经李主任同意并告知申请人，延长10个工作日，共30个工作日"),
        ("2026-09-18", "day_not_counted", "9月18日当日不计，自次日起算"),
        ("2026-09-20", "worked_weekend_counted", "9月20日调休上班，计入"),
        ("2026-09-25", "holiday_not_counted", "中秋、国庆假期不计"),
        ("2026-09-24", "days_suspended", "9月24日次日至10月12日征求意见，7个工作日不计"),
        ("2026-11-16", "last_day", "第30个工作日为2026年11月16日（星期一）"),
        ("2026-11-16", "result", "应于2026年11月16日（星期一）前答复，剩余18个工作日"),
    ]  # fmt: skip
    assert all(each.article for each in found.explain)


@pytest.mark.parametrize(
    ("as_of", "steps", "sentence"),
    [
        ("2026-03-10", (), "应于2026年3月30日（星期一）前答复，剩余14个工作日"),
        ("2026-04-01", (), "应于2026年3月30日（星期一）前答复，剩余0个工作日，逾期2个工作日"),
        ("2026-03-12", (ASKED,), "等待申请人补正，最迟2026年3月24日（星期二），收到补正之日起重新计算20个工作日"),
        ("2026-03-26", (ASKED,), "申请人逾期未补正或者未缴费，视为放弃申请，不再处理"),
        ("2026-03-12", (step("fee_notified", "2026-03-10"),),
         "等待申请人缴纳信息处理费，最迟2026年4月9日（星期四），缴费后重新计算20个工作日"),
        ("2026-03-12", (step("withdrawn", "2026-03-11"),), "申请人已于2026年3月11日（星期三）撤回申请，不再计算"),
        ("2026-03-12", (step("replied", "2026-03-11", by="online"),),
         "应于2026年3月30日（星期一）前答复，已于2026年3月11日（星期三）答复，未逾期"),
        ("2026-04-12", (step("replied", "2026-04-01", by="online"),),
         "应于2026年3月30日（星期一）前答复，2026年4月1日（星期三）才答复，逾期2个工作日"),
        ("2026-03-12", (step("agency_asked", "2026-03-11", party="乙局"),),
         "应于2026年4月21日（星期二）前答复，剩余13个工作日，现因征求意见暂停计算"),
    ],
)  # fmt: skip
def test_the_one_line(as_of: str, steps: tuple[dict[str, Any], ...], sentence: str) -> None:
    assert clock(as_of, received("2026-03-02"), *steps).sentence == sentence


def test_the_picture_shows_each_day_once_and_counts_as_the_clock_does() -> None:
    found = clock("2026-10-21", received("2026-09-18"), step("third_party_asked", "2026-09-28", party="甲"),
                  step("third_party_answered", "2026-09-30", party="甲"))  # fmt: skip
    days = {day.on.isoformat(): (day.kind, day.name, day.number) for day in picture(found)}
    assert days["2026-09-18"] == ("start", "", None)
    assert days["2026-09-19"] == ("weekend", "", None)
    assert days["2026-09-20"] == ("counted", "调休上班", 1)
    assert days["2026-09-25"] == ("holiday", "中秋节", None)
    assert days["2026-09-30"] == ("suspended", "", None)
    assert days[found.due_on.isoformat()] == ("due", "", 20)
    assert picture(clock("2026-03-12", received("2026-03-02"), ASKED)) == ()


# Facts that cannot be so ------------------------------------------------------------------------------------------

BASE = received("2026-03-02")


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("unknown_step", [BASE, step("telepathy", "2026-03-03")]),
        ("unknown_step", [BASE, {"on": "2026-03-03"}]),
        ("bad_step", [BASE, "replied"]),
        ("no_steps", None),
        ("no_steps", {"step": "received"}),
        ("bad_date", [received("2026-02-30")]),
        ("bad_date", [received("20260302")]),
        ("bad_date", [{"step": "received", "channel": "fax"}]),
        ("bad_date", [BASE, step("withdrawn", 20260303)]),
        ("bad_date", [BASE, step("clarification_asked", "2026-03-03", reply_by="下周")]),
        ("before_first_year", [received("2006-12-29")]),
        ("no_receipt", []),
        ("no_receipt", [step("withdrawn", "2026-03-03")]),
        ("second_receipt", [BASE, received("2026-03-03")]),
        ("unconfirmed", [received("2026-03-02", "online")]),
        ("unconfirmed", [received("2026-03-02", "fax", confirmed_on=None)]),
        ("unconfirmed", [received("2026-03-02", "ordinary_mail")]),
        ("confirmed_before_arrival", [received("2026-03-02", "online", confirmed_on="2026-03-01")]),
        ("bad_value", [received("2026-03-02", "pigeon")]),
        ("missing_field", [{"step": "received", "on": "2026-03-02"}]),
        ("before_receipt", [BASE, step("reasons_asked", "2026-03-01")]),
        ("before_receipt", [received("2026-03-02", "online", confirmed_on="2026-03-05"),
                            step("replied", "2026-03-04", by="online")]),
        ("received_before_sent", [BASE, step("third_party_asked", "2026-03-05", party="甲", received_on="2026-03-04")]),
        ("received_before_sent", [BASE, step("agency_asked", "2026-03-05", party="甲", received_on="2026-03-04")]),
        ("received_before_sent", [BASE, step("fee_notified", "2026-03-05", received_on="2026-03-04")]),
        ("no_reply_by", [BASE, step("clarification_asked", "2026-03-03")]),
        ("reply_by_passed", [BASE, step("clarification_asked", "2026-03-03", reply_by="2026-03-02")]),
        ("never_asked", [BASE, step("clarification_received", "2026-03-03")]),
        ("never_asked", [BASE, step("reply_by_extended", "2026-03-03", reply_by="2026-03-09")]),
        ("never_asked", [BASE, step("third_party_answered", "2026-03-03", party="甲")]),
        ("never_asked", [BASE, step("third_party_undelivered", "2026-03-03", party="甲")]),
        ("never_asked", [BASE, step("agency_asked", "2026-03-03", party="甲"),
                         step("agency_answered", "2026-03-04", party="乙")]),
        ("never_asked", [BASE, step("fee_paid", "2026-03-03")]),
        ("never_asked", [BASE, step("reasons_received", "2026-03-03")]),
        ("nothing_given_up", [BASE, step("reopened", "2026-03-03")]),
        ("nothing_given_up", [BASE, ASKED, step("reopened", "2026-03-24")]),
        ("extension_too_short", [BASE, step("extended", "2026-03-03", working_days=0, approved_by="张主任")]),
        ("bad_value", [BASE, step("extended", "2026-03-03", working_days="10", approved_by="张主任")]),
        ("bad_value", [BASE, step("extended", "2026-03-03", working_days=True, approved_by="张主任")]),
        ("bad_value", [BASE, step("agency_asked", "2026-03-03", party="甲", basis="15")]),
        ("bad_value", [BASE, step("replied", "2026-03-03", by="pigeon")]),
        ("bad_value", [BASE, step("third_party_asked", "2026-03-03", party=7)]),
        ("missing_field", [BASE, step("replied", "2026-03-03")]),
        ("missing_field", [BASE, step("third_party_asked", "2026-03-03", party=" ")]),
        ("not_yet_received", [received("2026-04-02")]),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_so(code: str, steps: Any) -> None:
    with pytest.raises(InputError) as error:
        reply_clock(parse_steps(steps), CALENDAR, D("2026-04-01"))
    assert error.value.code == code
    assert error.value.sentence.endswith(("。", "列表。"))
    assert len(error.value.sentence) > 10


def test_a_step_made_in_code_is_checked_too() -> None:
    with pytest.raises(InputError) as error:
        reply_clock([ClockStep("received", D("2026-03-02"), channel="online")], CALENDAR, D("2026-03-05"))
    assert error.value.code == "unconfirmed"


def test_reading_a_step_leaves_unknown_fields_alone() -> None:
    assert parse_step({**BASE, "note": "窗口收件"}) == ClockStep("received", D("2026-03-02"), channel="in_person")
