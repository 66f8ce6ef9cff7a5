"""`gongkai import items --approver`: in a running office two administrators type their passwords."""

from __future__ import annotations

import json

import pytest
import typer
from axes.models import AccessAttempt
from typer.testing import CliRunner

from gongkai.cli.imports import items
from gongkai.disclosure.models import ImportBatch, Item

LINE = {
    "id": "1001", "title": "青禾市城区道路施工通告", "body": "文渊路自九月一日起封闭施工。", "agency": "青禾市民政局",
    "date": "2025-08-28", "url": "",
}  # fmt: skip
app = typer.Typer()
app.command()(items)
PASSWORD = "a-long-test-password"


@pytest.fixture
def asked(desk, town, tmp_path):
    """Runs the command with two staff numbers and what is typed; the office already has an item of its own."""
    desk.draft()
    file = tmp_path / "old.jsonl"
    file.write_text(json.dumps(LINE, ensure_ascii=False) + "\n", encoding="utf-8")
    numbers = [town.people[who].staff_number for who in ("system_admin", "security_admin")]

    def run(*typed: str):
        words = [word for number in numbers for word in ("--approver", number)]
        return CliRunner().invoke(app, [str(file), *words], input="".join(f"{word}\n" for word in typed))

    return run


@pytest.mark.django_db
def test_two_passwords_let_it_in(asked):
    done = asked(PASSWORD, PASSWORD)
    assert done.exit_code == 0, done.output
    assert "已发布 1 条" in done.output
    assert ImportBatch.objects.get().fresh is False


@pytest.mark.django_db
def test_a_wrong_password_stops_it_and_is_counted(asked):
    done = asked(PASSWORD, "another-password")
    assert done.exit_code == 2
    assert "没有导入" in done.output
    assert (ImportBatch.objects.count(), Item.objects.count()) == (0, 1)
    assert AccessAttempt.objects.get().failures_since_start == 1


@pytest.mark.django_db
def test_a_locked_account_approves_nothing(asked, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        asked("another-password")
    done = asked(PASSWORD, PASSWORD)
    assert done.exit_code == 2
    assert ImportBatch.objects.count() == 0
