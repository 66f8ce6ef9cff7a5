"""`gongkai law due` and `gongkai law explain`: lines in, lines out, and the page that describes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gongkai.agencies.actors import SYSTEM
from gongkai.calendars.actions.import_notice import import_notice
from gongkai.calendars.shipped import shipped_calendar
from gongkai.cli import law_due
from gongkai.law.articles import split
from gongkai.law.reply_clock import acts
from gongkai.law.reply_clock.steps import KINDS
from gongkai.law.workdays import DayMark, YearTable

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "law-cli.md"
CALENDAR = shipped_calendar()

app = typer.Typer()
app.command("due")(law_due.due)
app.command("explain")(law_due.explain)
pytestmark = pytest.mark.django_db


def run(*arguments: str, text: str | bytes = "") -> list[dict]:
    result = CliRunner().invoke(app, list(arguments), input=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def block(name: str) -> str:
    found = re.search(rf"```jsonl {name}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_on_the_page() -> None:
    assert run("due", "-", text=block("in")) == [json.loads(line) for line in block("out").splitlines()]


def test_the_page_lists_every_step_field_status_and_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z_0-9]+)`", page))
    assert set(KINDS) <= words
    assert {name for kind in KINDS.values() for name in (*kind.required, *kind.optional)} <= words
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(acts.__file__).parent.glob("*.py"))
    assert set(re.findall(r'state\.violate\(step\.on, "(\w+)"', sources)) <= words
    assert set(re.findall(r'\("(extension_\w+)"', sources)) <= words
    assert set(re.findall(r'InputError\(\s*"(\w+)"', sources)) <= words


def test_a_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\ufeff" + block("in") + "\n\n", encoding="utf-8")
    assert run("due", str(file)) == run("due", text=block("in"))


GOOD = '{"id": 7, "as_of": "2022-10-20", "steps": [{"step": "received", "channel": "in_person", "on": "2022-09-30"}]}'


@pytest.mark.parametrize(
    ("line", "name", "code"),
    [
        ("xx", None, "not_json"),
        ("{", None, "not_json"),
        ("[" * 100_000, None, "not_json"),
        (b"\xff\xfe", None, "not_json"),
        ("[1]", None, "not_an_object"),
        ("null", None, "not_an_object"),
        ('{"id": "a"}', "a", "bad_date"),
        ('{"id": "a", "as_of": "2025-02-30", "steps": []}', "a", "bad_date"),
        ('{"id": "a", "as_of": "2025-02-28", "steps": []}', "a", "no_receipt"),
        ('{"id": ["a", 1], "as_of": "2025-02-28"}', ["a", 1], "no_steps"),
        ('{"id": "a", "as_of": "2006-02-28", "steps": []}', "a", "before_first_year"),
        (GOOD.replace("2022-10-20", "2099-01-01"), 7, "after_last_year"),
        (GOOD.replace("received", "received_by_drone"), 7, "unknown_step"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(line: str | bytes, name: object, code: str) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    bad, good = run("due", "-", text=raw + b"\n" + GOOD.encode())
    assert (bad["id"], bad["error"]["code"]) == (name, code)
    assert set(bad) == {"id", "error"}
    assert bad["error"]["sentence"].endswith("。")
    assert (good["id"], good["reply"]["due_on"]) == (7, "2022-11-02")


def test_an_identifier_with_half_a_character_comes_back() -> None:
    assert run("due", "-", text=GOOD.replace("7", '"\\ud800"', 1))[0]["id"] == "\ud800"


NEXT_YEAR = (
    '{"id": 1, "as_of": "2026-12-10", "steps": [{"step": "received", "channel": "in_person", "on": "2026-12-10"}]}'
)


def test_the_calendar_of_the_database_is_used() -> None:
    assert run("due", text=NEXT_YEAR)[0]["reply"]["provisional"]
    days = [f"2027-{day}" for day in ("01-01", "01-04", "05-01", "10-01")]
    table = YearTable(2027, "official", "通知", tuple(DayMark(date.fromisoformat(day), "off", "节日") for day in days))
    import_notice(table, actor=SYSTEM, at=datetime(2026, 11, 20, tzinfo=UTC))
    reply = run("due", text=NEXT_YEAR)[0]["reply"]
    assert (reply["due_on"], reply["provisional"]) == ("2027-01-11", False)


@pytest.mark.parametrize("made", ["nothing", "an empty file"])
def test_without_a_database_the_shipped_calendar_answers(tmp_path: Path, made: str) -> None:
    if made == "an empty file":
        (tmp_path / "gongkai.sqlite3").touch()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "GONGKAI_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }
    program = "import typer; from gongkai.cli.law_due import due; typer.run(due)"
    done = subprocess.run(
        [sys.executable, "-c", program, "-"],
        input=NEXT_YEAR,
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert json.loads(done.stdout)["reply"]["due_on"] == "2027-01-08"
    assert ("随程序提供的工作日历" in done.stderr) == (made == "an empty file")


def test_a_missing_file_is_status_2() -> None:
    result = CliRunner().invoke(app, ["due", "没有这个文件.jsonl"])
    assert result.exit_code == 2
    assert "没有这个文件.jsonl" in result.stderr


def test_explaining_an_article_lists_where_it_is_carried_out() -> None:
    result = CliRunner().invoke(app, ["explain", "条例26"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "《政府信息公开条例》第二十六条"
    assert "20个工作日" in lines[1]
    assert any("gongkai.law.proactive.disclosure_due" in line for line in lines)
    assert not any("periods.month_end" in line for line in lines)


def test_an_article_nobody_knows_is_status_2_with_the_names_to_use() -> None:
    result = CliRunner().invoke(app, ["explain", "宪法35"])
    assert result.exit_code == 2
    assert "可用的简称：条例" in result.stderr


def test_every_function_of_the_clocks_names_articles_that_can_be_read() -> None:
    mine = ("workdays", "statutory", "periods", "proactive", "deadlines", "articles", "explain", "reply_clock")
    found = [use for use in law_due.uses() if use.where.split(".")[2] in mine]
    assert len(found) > 30
    for use in found:
        for reference in use.references.split("；"):
            split(reference)
