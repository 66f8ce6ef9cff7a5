"""`gongkai upkeep …`: what is found, as words, JSON and a table; stored days compared and set right."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.disclosure.models import Item
from gongkai.law.verdicts import Refusal
from tests.conftest import AT

pytestmark = pytest.mark.django_db
YEAR = AT + timedelta(days=366)


def run(*arguments: str, at=YEAR):
    with time_machine.travel(at, tick=False):
        return CliRunner().invoke(app, ["upkeep", *arguments], catch_exceptions=False)


def test_nothing_overdue_is_status_0(desk):
    desk.release()
    done = run("report", at=AT)
    assert (done.exit_code, done.stdout.splitlines()[2]) == (0, "逾期没有复核　0")
    assert done.stderr == ""


def test_what_is_overdue_is_status_1_and_listed(desk):
    item = desk.release(title="到期的公示").item
    done = run("report")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    at = lines.index("逾期没有复核　1")
    assert lines[at + 1] == f"    {item.index_number}  到期的公示：应于2027年9月21日复核，已经过了1天。"


def test_ten_of_a_kind_are_listed_and_the_rest_counted(desk):
    for n in range(12):
        desk.release(title=f"第{n}条")
    lines = run("report").stdout.splitlines()
    at = lines.index("逾期没有复核　12")
    assert lines[at + 11] == "    另有 2 条，见工作台“维护”，或者用 --out 写成表格。"


def test_one_agency_as_json_and_as_a_table(desk, tmp_path):
    item = desk.release(title="到期的公示").item
    told = json.loads(run("report", "--json", "--agency", "QH-MZ").stdout)
    assert told["counts"]["look_overdue"] == 1
    assert told["findings"] == [
        {
            "kind": "look_overdue", "title": "逾期没有复核", "item": item.code, "index_number": item.index_number,
            "name": "到期的公示", "organ": "QH-MZ", "section": "QH-MZ-JZ",
            "told": "应于2027年9月21日复核，已经过了1天。", "since": "2027-09-22",
        }
    ]  # fmt: skip
    other = run("report", "--json", "--agency", "QH-JY")
    assert (other.exit_code, json.loads(other.stdout)["findings"]) == (0, [])
    file = tmp_path / "found.xlsx"
    done = run("report", "--json", "--out", str(file))
    assert (json.loads(done.stdout)["counts"]["look_overdue"], "已写出" in done.stderr) == (1, True)
    assert [row[1] for row in load_workbook(file).active.iter_rows(values_only=True)] == ["标题", "到期的公示"]


def test_an_agency_there_is_none_of_is_refused(town):
    with pytest.raises(Refusal, match="没有代码为“QH-XX”的机关"):
        run("report", "--agency", "QH-XX")


def test_stored_days_are_compared_and_set_right(desk):
    item = desk.release(title="到期的公示").item
    assert (run("recompute").exit_code, run("recompute").stdout) == (0, "不一致：0 条。\n")
    Item.objects.filter(pk=item.pk).update(next_look_on=None)
    done = run("recompute")
    assert done.exit_code == 1
    assert done.stdout == f"{item.index_number}  — → 2027-09-21  到期的公示\n不一致：1 条。\n"
    item.refresh_from_db()
    assert item.next_look_on is None
    done = run("recompute", "--write")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "已改正：1 条。")
    assert run("recompute").exit_code == 0
