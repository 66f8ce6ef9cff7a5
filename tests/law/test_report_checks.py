"""The identities I1 to I8: a sound report has none broken; each broken once is found, named and measured."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.report_checks import Failure, check_report, is_ok
from gongkai.law.report_form import APPLICANTS, REQUEST_COLUMNS, REQUEST_ROWS
from gongkai.law.report_form import tally as tally_rows
from gongkai.law.report_input import ReportError, read_report

LEAVES = [row.code for row in REQUEST_ROWS if row.is_leaf]


def sound(year: int = 2025, forward: int = 2) -> dict[str, Any]:
    """A sound report: leaf row k has k applications by applicant k mod 6, two carried over from last year."""
    pairs = [(code, APPLICANTS[k % 6]) for k, code in enumerate(LEAVES) for _ in range(k)]
    pairs += [("carried_forward", "自然人")] * forward
    pairs += [("carried_over", "自然人"), ("carried_over", "其他")]
    processed = [applicant for code, applicant in pairs if code in LEAVES]
    received = processed + ["自然人"] * forward
    received.remove("自然人")
    received.remove("其他")
    pairs += [("new_received", applicant) for applicant in received]
    return {
        "form": "2021",
        "year": year,
        "requests": tally_rows(pairs),
        "litigation": {"review": [3, 1, 2, 0, 6], "direct": [0, 0, 0, 0, 0], "after_review": [1, 1, 0, 0, 2]},
        "proactive": {
            "regulations": [2, 1, 31],
            "normative_documents": [5, 0, 105],
            "licences": [900],
            "fees": [12.34],
        },
    }


def last_year() -> dict[str, Any]:
    report = sound(2024)
    report["requests"]["carried_forward"] = [1, 0, 0, 0, 0, 1, 2]
    report["proactive"] |= {"regulations": [0, 0, 30], "normative_documents": [0, 0, 100]}
    return report


def failures(data: dict[str, Any], previous: dict[str, Any] | None = None) -> list[Failure]:
    return check_report(read_report(data), read_report(previous) if previous else None)


def broken(**cells: Any) -> dict[str, Any]:
    """A copy of the sound report with cells replaced: table__row__column=value."""
    data = copy.deepcopy(sound())
    for where, value in cells.items():
        table, row, column = where.split("__")
        data[table][row][int(column)] = value
    return data


def found(data: dict[str, Any], previous: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    return [(f.identity, f.table, f.row, f.column, f.expected, f.found) for f in failures(data, previous)]


def test_a_sound_report_breaks_nothing():
    assert failures(sound(), last_year()) == []
    assert is_ok([])


def test_i1_intake_equals_outcome_in_its_column_only():
    data = sound()
    data["requests"]["new_received"][1] += 1
    data["requests"]["new_received"][6] += 1
    assert found(data) == [
        ("I1", "requests", "carried_forward", "商业企业", 1, 0),
        ("I1", "requests", "carried_forward", "总计", 3, 2),
    ]
    assert "应为1，表中为0，相差-1。" in failures(data)[0].sentence


def test_i2_outcomes_add_up():
    data = sound()
    data["requests"]["denied_4"][0] += 1
    data["requests"]["denied_4"][6] += 1
    total = data["requests"]["total_processed"]
    assert found(data) == [
        ("I2", "requests", "total_processed", "自然人", total[0] + 1, total[0]),
        ("I2", "requests", "total_processed", "总计", 211, 210),
    ]


def test_i3_the_total_of_a_row():
    data = sound()
    data["requests"]["carried_over"][0] += 1
    data["requests"]["new_received"][0] -= 1
    assert found(data) == [
        ("I3", "requests", "new_received", "总计", 209, 210),
        ("I3", "requests", "carried_over", "总计", 3, 2),
    ]


def test_i4_carried_over_from_last_year():
    previous = last_year()
    previous["requests"]["carried_forward"] = [2, 0, 0, 0, 0, 1, 3]
    assert found(sound(), previous)[0] == ("I4", "requests", "carried_over", "自然人", 2, 1)
    assert found(sound(), previous)[1] == ("I4", "requests", "carried_over", "总计", 3, 2)
    assert [f[0] for f in found(sound(), previous)] == ["I4", "I4"]


@pytest.mark.parametrize("row", ["review", "direct", "after_review"])
def test_i5_litigation_totals(row):
    data = sound()
    right = data["litigation"][row][4]
    data["litigation"][row][4] += 5
    assert found(data) == [("I5", "litigation", row, "总计", right, right + 5)]


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        (-1, "不能是负数，现在是-1，请核对。"),
        (1.5, "应当是整数，现在是1.5，请核对。"),
        ("三", "现在写的是“三”，请改成数字。"),
    ],
)
def test_i6_cells_are_whole_numbers(value, ending):
    first = failures(broken(requests__granted__2=value))[0]
    assert (first.identity, first.table, first.row, first.column, first.found) == (
        "I6",
        "requests",
        "granted",
        "科研机构",
        value,
    )
    assert first.sentence.endswith(ending)


@pytest.mark.parametrize("value", ["三", "12", True, [1], float("nan"), float("inf")])
def test_a_cell_without_a_number_is_told_once_and_left_out_of_the_sums(value):
    assert [f.identity for f in failures(broken(requests__granted__2=value))] == ["I6"]


def test_money_may_be_decimal_and_blank_cells_are_zeros():
    assert failures(broken(proactive__fees__0=0.01)) == []
    assert failures(broken(requests__granted__2=None, litigation__direct__0="")) == []
    assert [f.identity for f in failures(broken(proactive__fees__0=-0.01))] == ["I6"]
    assert [f.identity for f in failures(broken(proactive__licences__0=0.5))] == ["I6"]


def test_i7_in_force_is_a_warning():
    data = broken(proactive__regulations__2=33)
    (warning,) = failures(data, last_year())
    assert (warning.identity, warning.table, warning.row, warning.column, warning.expected, warning.found) == (
        "I7",
        "proactive",
        "regulations",
        "现行有效件数",
        31,
        33,
    )
    assert warning.is_warning
    assert is_ok([warning])
    assert failures(data) == []


def test_i8_numbers_told_in_the_text_are_compared_as_a_warning():
    data = sound()
    told = "2025年，本机关新收政府信息公开申请210件，上年结转2件，予以公开1件，结转下年度继续办理2件。行政复议6件。"
    data["narrative"] = told
    assert [(f.row, f.expected, f.found) for f in failures(data)] == [("granted", 0, 1)]
    data["narrative"] = told.replace("予以公开1件", "予以公开0件")
    assert failures(data) == []
    data["narrative"] = "共收到申请若干。"
    assert failures(data) == []
    data["narrative"] = "行政复议案件1,006件"
    (warning,) = failures(data)
    assert (warning.identity, warning.table, warning.expected, warning.found) == ("I8", "litigation", 6, 1006)
    assert is_ok([warning])


def test_anything_but_a_warning_is_not_ok():
    assert is_ok(failures(broken(litigation__review__4=7))) is False


def test_the_older_form_is_checked_by_the_same_identities():
    data = sound()
    rows = data["requests"]
    rows["other_all"] = [sum(cells) for cells in zip(*(rows.pop(f"other_{i}") for i in (1, 2, 3)), strict=True)]
    data |= {"form": "2019", "proactive": {}}
    assert failures(data) == []
    rows["other_all"][6] += 1
    assert found(data) == [
        ("I2", "requests", "total_processed", "总计", 211, 210),
        ("I3", "requests", "other_all", "总计", 57, 58),
    ]


def test_a_2019_form_joins_to_a_2021_form_the_year_after():
    previous = last_year() | {"form": "2019", "proactive": {}}
    assert failures(sound(), previous) == []


def test_last_years_report_must_be_last_years():
    with pytest.raises(ReportError) as caught:
        failures(sound(), sound(2023))
    assert caught.value.code == "not_last_year"
    assert "请换成2024年的" in caught.value.sentence


@given(
    st.lists(st.tuples(st.sampled_from(LEAVES), st.sampled_from(APPLICANTS)), max_size=60),
    st.lists(st.sampled_from(APPLICANTS), max_size=8),
)
def test_a_counted_report_always_holds(processed, waiting):
    pairs = [*processed, *(("carried_forward", a) for a in waiting)]
    pairs += [("new_received", applicant) for _, applicant in pairs]
    assert failures({"form": "2021", "year": 2025, "requests": tally_rows(pairs)}) == []


@given(
    st.sampled_from([row.code for row in REQUEST_ROWS]),
    st.integers(0, 6),
    st.integers(1, 50),
)
def test_any_single_changed_cell_is_noticed_in_its_column_or_row(row, column, by):
    data = sound()
    data["requests"][row][column] += by
    names = {(f.column, f.row) for f in failures(data)}
    assert names
    assert {name for name, _ in names} <= {REQUEST_COLUMNS[column], "总计"}
