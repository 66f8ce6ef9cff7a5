"""An announcement is open or over; a document is in force or has lapsed. The words follow the kind of the column."""

from datetime import date

import pytest

from gongkai.law.announcements import SCOPES, at_the_end, end_of_period, is_announcement, period, standing

LAST = date(2026, 9, 25)


@pytest.mark.parametrize(
    ("kind", "last", "said"),
    [("公示", LAST, True), ("公示", None, False), ("政策", LAST, False), ("", LAST, False), ("", None, False)],
)
def test_only_the_column_makes_an_announcement_and_only_with_a_last_day(kind, last, said):
    assert is_announcement(kind, last, None) is said
    assert not is_announcement(kind, last, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("validity", "of_an_announcement"),
    [
        ("pending", "to_be_announced"), ("effective", "announced"), ("expired", "announcement_over"),
        ("abolished", "abolished"), ("amended", "amended"), ("", ""),
    ],
)  # fmt: skip
def test_an_announcement_is_open_or_over(validity, of_an_announcement):
    assert standing("公示", LAST, None, validity) == of_an_announcement
    assert standing("政策", LAST, None, validity) == validity
    assert standing("公示", None, None, validity) == validity


def test_the_end_is_told_by_kind():
    assert end_of_period("公示", None) == "公示期满。"
    assert end_of_period("政策", None) == end_of_period("公示", LAST) == end_of_period("", None) == "有效期届满。"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("persons", [True, False])
def test_an_announcement_that_names_people_goes_with_its_period(scope, persons):
    reason, words = at_the_end("公示", LAST, None, names_persons=persons, scope=scope)
    gone = scope == "all" or (scope == "persons" and persons)
    assert (reason, words) == (("period_over", "公示期满，公示的内容不再公开。") if gone else ("expired", "公示期满。"))
    # What is no announcement lapses and stays, whoever is named in it.
    for kind, from_day in (("政策", None), ("公示", LAST)):
        assert at_the_end(kind, LAST, from_day, names_persons=True, scope=scope) == ("expired", "有效期届满。")


def test_a_scope_that_is_none_is_refused():
    with pytest.raises(KeyError):
        at_the_end("政策", LAST, None, names_persons=False, scope="some")


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (date(2026, 9, 21), "2026年9月21日至2026年9月25日（含当日）"),
        (LAST, "2026年9月25日（含当日）"),
        (None, "2026年9月25日（含当日）"),
    ],
)
def test_the_last_day_belongs_to_the_period(first, said):
    assert period(first, LAST) == said
