"""docs/howto/add-an-indicator.md is true: its row judges and its function counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.law import inspection
from tests.conftest import AT

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "add-an-indicator.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_example_works(desk):
    told: dict = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, told)
    row = told["ROW"]
    assert row.code == "short_titles" and row.code not in {known.code for known in inspection.INDICATORS}
    desk.release()
    assert told["short_titles"](AT, AT.date()).value == 0
    long = desk.release(title="青禾市" + "很" * 60 + "长的标题")
    found = told["short_titles"](AT, AT.date())
    assert (found.value, [(place.key, place.told) for place in found.places]) == (1, [(long.item.code, "67 个字")])
