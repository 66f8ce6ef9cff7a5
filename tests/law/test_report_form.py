"""Labels and shape of the annual report's tables, and how they are counted and read."""

import pytest

from gongkai.law.report_form import (
    APPLICANTS,
    LITIGATION_COLUMNS,
    PROACTIVE_ROWS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    ROWS_BY_FORM,
    SECTIONS,
    row_label,
    tally,
)
from gongkai.law.report_input import ReportError, read_report

ORDER = (
    ["new_received", "carried_over", "granted", "partially_granted"]
    + [f"denied_{i}" for i in range(1, 9)]
    + [f"unable_{i}" for i in range(1, 4)]
    + [f"not_processed_{i}" for i in range(1, 6)]
    + [f"other_{i}" for i in range(1, 4)]
    + ["total_processed", "carried_forward"]
)


def test_rows_stand_in_the_order_of_the_form():
    assert [row.code for row in REQUEST_ROWS] == ORDER
    assert sum(row.is_leaf for row in REQUEST_ROWS) == 21


def test_the_older_form_has_one_undivided_row_in_the_place_of_three():
    assert [row.code for row in ROWS_BY_FORM["2019"]] == ORDER[:20] + ["other_all"] + ORDER[-2:]


def test_labels_and_columns():
    assert SECTIONS[2] == "三、收到和处理政府信息公开申请情况"
    assert REQUEST_COLUMNS == ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    assert LITIGATION_COLUMNS == ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    assert row_label("denied_3") == "（三）不予公开3.危及“三安全一稳定”"
    assert row_label("granted") == "（一）予以公开"
    assert row_label("other_all") == "（六）其他处理"
    with pytest.raises(LookupError, match="denied_9"):
        row_label("denied_9")


def test_proactive_rows_of_both_forms():
    assert [row.code for row in PROACTIVE_ROWS["2021"]] == [
        "regulations",
        "normative_documents",
        "licences",
        "penalties",
        "coercion",
        "fees",
    ]
    assert [len(row.columns) for row in PROACTIVE_ROWS["2021"]] == [3, 3, 1, 1, 1, 1]
    assert len(PROACTIVE_ROWS["2019"]) == 8


def test_counting_applications_fills_totals():
    table = tally(
        [
            ("new_received", "自然人"),
            ("new_received", "商业企业"),
            ("granted", "自然人"),
            ("denied_4", "商业企业"),
            ("carried_forward", "自然人"),
        ]
    )
    assert table["new_received"] == [1, 1, 0, 0, 0, 0, 2]
    assert table["total_processed"] == [1, 1, 0, 0, 0, 0, 2]
    assert table["denied_4"] == [0, 1, 0, 0, 0, 0, 1]
    assert table["carried_forward"] == [1, 0, 0, 0, 0, 0, 1]
    assert list(table) == ORDER


@pytest.mark.parametrize("pair", [("total_processed", "自然人"), ("granted", "外国人"), ("other_all", "自然人")])
def test_counting_refuses_what_the_form_has_not(pair):
    with pytest.raises(LookupError):
        tally([pair])
    assert len(APPLICANTS) == 6


def test_blanks_and_absent_rows_are_zeros():
    report = read_report({"form": "2021", "year": 2025, "requests": {"granted": [None, "", 0, 0, 0, " ", None]}})
    assert report.requests["granted"] == (0,) * 7
    assert report.requests["denied_8"] == (0,) * 7
    assert report.litigation == {}
    assert report.bad_cells == ()
    assert read_report({"form": "2021", "year": 2025, "requests": {"granted": None}}).requests["granted"] == (0,) * 7


def test_the_older_form_is_read_with_its_signed_and_money_columns():
    report = read_report(
        {
            "form": "2019",
            "year": 2020,
            "requests": {"other_all": [1, 0, 0, 0, 0, 0, 1]},
            "proactive": {"licences": [10, -3, 200], "fees": [5, -1], "procurement": [12, 3456.78]},
        }
    )
    assert report.bad_cells == ()
    assert report.proactive["licences"] == (10, -3, 200)


def test_a_single_column_may_be_a_plain_number():
    report = read_report({"form": "2021", "year": 2025, "requests": {}, "proactive": {"fees": 12.5, "penalties": 3}})
    assert report.bad_cells == ()
    assert report.proactive["penalties"] == (3,)


GOOD = {"form": "2021", "year": 2025, "requests": {}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form": "2017"}, "unknown_form"),
        ({"form": None}, "unknown_form"),
        ({"year": "去年"}, "bad_year"),
        ({"year": 1999}, "bad_year"),
        ({"year": True}, "bad_year"),
        ({"requests": []}, "bad_shape"),
        ({"requests": None}, "no_requests"),
        ({"requests": {"grantd": [0] * 7}}, "unknown_row"),
        ({"requests": {"granted": [0] * 6}}, "wrong_row_length"),
        ({"requests": {"granted": [0] * 8}}, "wrong_row_length"),
        ({"requests": {"granted": 5}}, "bad_shape"),
        ({"litigation": {"review": [0] * 4}}, "wrong_row_length"),
        ({"litigation": {"appeal": [0] * 5}}, "unknown_row"),
        ({"proactive": {"regulations": [1, 2]}}, "wrong_row_length"),
        ({"narrative": 5}, "bad_shape"),
        ({"proactive": [1, 2]}, "bad_shape"),
    ],
)
def test_tables_of_another_shape_get_a_named_error(change, code):
    with pytest.raises(ReportError) as caught:
        read_report(GOOD | change)
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")


def test_a_near_miss_is_helped_and_joined_cells_are_told():
    with pytest.raises(ReportError, match="是不是 granted？"):
        read_report(GOOD | {"requests": {"grantd": [0] * 7}})
    with pytest.raises(ReportError, match="应当有7列.*现在有6列，可能有合并的单元格"):
        read_report(GOOD | {"requests": {"granted": [0] * 6}})


@pytest.mark.parametrize("data", [[], "2021", None, 5])
def test_a_file_that_is_no_report_is_told_so(data):
    with pytest.raises(ReportError) as caught:
        read_report(data)
    assert caught.value.code == "bad_shape"


def test_what_the_form_has_no_place_for_is_named_and_not_read():
    report = read_report(GOOD | {"agency": "云溪市", "proactive": {"plans": [1], "fees": [2], "licences": {"n": 1}}})
    assert report.unread == ("proactive.plans", "proactive.licences", "agency")
    assert report.proactive == {"fees": (2,)}


def test_form_and_year_may_be_numbers_or_text():
    report = read_report({"form": 2021, "year": "2025", "requests": {}})
    assert (report.form, report.year) == ("2021", 2025)
