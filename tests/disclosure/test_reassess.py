"""条例18: what is not disclosed comes back, and the reason of each assessment is kept."""

from datetime import date

import pytest

from gongkai.disclosure.actions.reassess import reassess
from gongkai.disclosure.models import Assessment, Item
from gongkai.law.verdicts import Refusal
from tests.conftest import AT, TODAY


def withheld(desk) -> Item:
    item = desk.draft(
        title="单位食堂排班表",
        openness="withheld",
        ground="G16a",
        ground_reason="单位食堂的排班，属于后勤管理的内部安排。",
    )
    assert desk.release(item) is None
    item.refresh_from_db()
    return item


def test_a_withheld_item_comes_back_after_twelve_months(desk):
    item = withheld(desk)
    assert (item.public, item.next_assessment_on) == ("withheld", date(2027, 9, 21))


def test_the_reason_of_an_assessment_is_kept_and_the_next_one_is_set(desk, town):
    item = withheld(desk)
    later = date(2027, 9, 21)
    reassess(
        item.pk,
        still_withheld=True,
        reason="排班仍属内部安排。",
        actor=town.actor("compliance_reviewer"),
        at=AT,
        today=later,
    )
    item.refresh_from_db()
    assert item.next_assessment_on == date(2028, 9, 21)
    assert Assessment.objects.values_list("still_withheld", "reason").get() == (True, "排班仍属内部安排。")


@pytest.mark.parametrize(
    ("reason", "who", "code"),
    [
        ("", "compliance_reviewer", "reason_missing"),
        ("理由", "drafter", "not_your_post"),
        ("机密★5年", "compliance_reviewer", "secrecy_mark"),
    ],
)
def test_what_is_refused(desk, town, reason, who, code):
    item = withheld(desk)
    with pytest.raises(Refusal) as refused:
        reassess(item.pk, still_withheld=True, reason=reason, actor=town.actor(who), at=AT, today=TODAY)
    assert refused.value.code == code
    assert Assessment.objects.count() == 0
