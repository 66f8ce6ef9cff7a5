"""The search index is only a copy: gone or broken, it is made anew from the record, and the command says how."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.ledger.actions.seal import seal_all
from gongkai.search import place, tasks
from gongkai.search.actions.follow import follow_all
from tests.conftest import AT, TODAY


@pytest.fixture
def found(desk, settings, client):
    """The index numbers the public search page lists, in a process that has just started."""
    desk.release(title="青禾市临时救助情况")
    seal_all(at=AT)
    follow_all(on=TODAY)

    def ask() -> bool:
        place.forget()
        return "900000002/2026-00001" in client.get("/search/", {"q": "临时救助"}).content.decode()

    assert ask()
    yield ask
    place.forget()


def folder(settings) -> Path:
    return next(Path(settings.INDEX_ROOT).glob("v*"))


def test_a_removed_index_is_made_anew_by_the_worker(found, settings):
    shutil.rmtree(settings.INDEX_ROOT)
    assert not found()  # the page opens and finds nothing yet
    while tasks.tick():
        pass
    assert found()


@pytest.mark.parametrize("damage", ["half written", "empty", "not an index"])
def test_a_broken_index_is_told_by_the_command_with_what_to_do_and_doing_it_helps(found, settings, damage):
    meta = folder(settings) / "meta.json"
    if damage == "half written":
        meta.write_bytes(meta.read_bytes()[:20])
    elif damage == "empty":
        meta.write_bytes(b"")
    else:
        shutil.rmtree(settings.INDEX_ROOT)
        Path(settings.INDEX_ROOT).write_text("x")
    place.forget()
    result = CliRunner().invoke(app, ["search", "临时救助"])
    assert result.exit_code == 1
    assert f"检索索引读不了（{settings.INDEX_ROOT}）。请运行 gongkai reindex" in result.output
    again = CliRunner().invoke(app, ["reindex"])
    assert again.exit_code == 0, again.output
    assert found()
    answer = CliRunner().invoke(app, ["search", "临时救助", "--json"])
    assert [row["index_number"] for row in json.loads(answer.output)] == ["900000002/2026-00001"]
