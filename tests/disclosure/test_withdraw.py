"""What a withdrawal may say in public."""

import pytest

from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Release
from gongkai.law.verdicts import Refusal
from tests.conftest import AT, TODAY


@pytest.mark.parametrize("where", ["explanation", "basis"])
def test_an_explanation_with_a_number_of_a_person_is_refused_and_nothing_is_taken_down(desk, town, where):
    item = desk.release().item
    texts = {"explanation": "发现错误。", "basis": ""}
    texts[where] = "误将11010519491231002X的材料公开。"
    with pytest.raises(Refusal) as refused:
        withdraw(item.pk, "error", **texts, actor=town.actor("compliance_reviewer"), at=AT, today=TODAY)
    assert refused.value.code == "personal_in_explanation"
    assert "11010519491231002X" not in str(refused.value.refused)
    assert Release.objects.get(item=item).standing == "live"
