"""docs/howto/add-an-upkeep-finding.md is true: its function finds and its row is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.agencies.actors import SYSTEM
from gongkai.reporting.actions.find import refresh
from gongkai.reporting.findings import BY_CODE
from gongkai.reporting.models import Finding
from tests.conftest import AT

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "add-an-upkeep-finding.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_example_works(desk):
    told: dict = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, told)
    row = told["ROW"]
    assert row.code not in BY_CODE
    desk.release()
    long = desk.release(title="青禾市" + "很" * 60 + "长的标题").item
    assert refresh(actor=SYSTEM, at=AT, kinds=[row]).open == 1
    found = Finding.objects.get()
    assert (found.kind, found.item, found.told) == ("title_long", long, "标题有67个字。")
