"""The processing fee: the worked figures of 国办函〔2020〕109号."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.fees import (
    FeeError,
    already_in_month,
    check_charge,
    fee_by_page,
    fee_by_piece,
    page_rate,
    piece_rate,
)
from gongkai.law.verdicts import Allowed


@pytest.mark.parametrize(
    ("pieces", "yuan"),
    [
        (0, 0),
        (10, 0),
        (11, 100),
        (20, 1_000),
        (30, 2_000),
        (31, 2_200),
        (40, 4_000),
        (41, 4_300),
        (50, 7_000),
        (51, 7_400),
        (60, 11_000),
        (61, 11_500),
        (100, 37_000),
    ],
)
def test_a_month_by_piece(pieces, yuan):
    assert fee_by_piece(0, pieces).yuan == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (0, 0),
        (30, 0),
        (31, 10),
        (50, 200),
        (100, 700),
        (101, 720),
        (150, 1_700),
        (200, 2_700),
        (201, 2_740),
        (250, 4_700),
        (300, 6_700),
        (500, 14_700),
        (1_000, 34_700),
    ],
)
def test_one_request_by_page(pages, yuan):
    assert fee_by_page(pages).yuan == yuan


@pytest.mark.parametrize(("already", "rate"), [(0, 0), (9, 0), (10, 100), (29, 100), (30, 200), (39, 200), (40, 300)])
def test_the_next_piece_is_billed_at_its_own_rate_not_the_month_again(already, rate):
    assert fee_by_piece(already, 1).yuan == rate == piece_rate(already + 1)


def test_lines_name_each_tier_that_was_touched():
    proposal = fee_by_piece(8, 25)
    assert [(line.first, line.last, line.rate, line.units, line.yuan) for line in proposal.lines] == [
        (9, 10, 0, 2, 0),
        (11, 30, 100, 20, 2_000),
        (31, 33, 200, 3, 600),
    ]
    assert proposal.lines[1].sentence == "第11至30件：每件100元，20件共2,000元。"
    assert proposal.lines[0].sentence == "第9至10件：不收费。"
    assert proposal.sentence == "可以收取信息处理费2,600元；是否收取由机关决定，收取的应当发收费通知。"
    assert fee_by_piece(0, 3).sentence == "没有超过免费的数量，不收取信息处理费。"
    assert fee_by_page(0).lines == ()


@given(st.integers(0, 400), st.integers(0, 200), st.integers(0, 200))
def test_splitting_a_month_changes_nothing(already, first, second):
    apart = fee_by_piece(already, first).yuan + fee_by_piece(already + first, second).yuan
    assert apart == fee_by_piece(already, first + second).yuan


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_tiers_agree_with_adding_piece_by_piece(already, pieces):
    one_by_one = sum(piece_rate(k) for k in range(already + 1, already + pieces + 1))
    assert fee_by_piece(already, pieces).yuan == one_by_one
    assert sum(line.units for line in fee_by_piece(already, pieces).lines) == pieces


@given(st.integers(0, 2_000))
def test_pages_agree_with_adding_page_by_page(pages):
    assert fee_by_page(pages).yuan == sum(page_rate(k) for k in range(1, pages + 1))
    assert sum(line.units for line in fee_by_page(pages).lines) == pages


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: fee_by_page(-1), "negative"),
        (lambda: fee_by_piece(-1, 3), "negative"),
        (lambda: fee_by_piece(3, -1), "negative"),
        (lambda: fee_by_page(3.5), "not_a_number"),
        (lambda: fee_by_page("30"), "not_a_number"),
        (lambda: fee_by_page(True), "not_a_number"),
        (lambda: fee_by_page(1_000_001), "too_many"),
        (lambda: fee_by_piece(0, 10_001), "too_many"),
        (lambda: piece_rate(0), "not_positive"),
        (lambda: page_rate(0), "not_positive"),
    ],
)
def test_bad_numbers_get_a_named_error(call, code):
    with pytest.raises(FeeError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")


def test_the_window_is_the_natural_month():
    earlier = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2025, 2, 10)]
    assert already_in_month(earlier, date(2026, 2, 15)) == 2
    assert already_in_month(earlier, date(2026, 3, 1)) == 0


def test_charging_needs_excess_and_one_method_only():
    assert check_charge("piece", excessive=True) == Allowed()
    assert check_charge("page", excessive=True) == Allowed()
    assert check_charge("piece", excessive=False).code == "not_excessive"
    assert check_charge("piece", excessive=True, other_method_used=True).code == "both_methods"
    assert check_charge("page", excessive=True, only_told_where=True).code == "only_told_where"
    assert check_charge("piece", excessive=True, only_told_where=True) == Allowed()
    with pytest.raises(LookupError, match="word"):
        check_charge("word", excessive=True)
