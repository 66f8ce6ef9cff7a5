"""Files that come in by command: every line is in, or rejected with a sentence; none stops the rest."""

from __future__ import annotations

import json

import pytest

from gongkai.disclosure.actions.import_items import Incoming, Rejected, begin_batch, examine_line, take_in
from gongkai.disclosure.models import Item, Release
from tests.conftest import AT, TODAY
from tests.security.vectors import VECTORS

GOOD = {
    "id": "a",
    "title": "标题",
    "body": "正文。",
    "agency": "市局",
    "date": "2020-01-02",
    "url": "https://x.example/1",
}


def deep(depth: int):
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


VALUES = [
    None, True, 0, -1, 1e308, 10**400, [], {}, [1], {"a": 1}, "", " ", "\x00", "a\x00b", "\ud800", "=1+1", "../../x", "javascript:hit()",
    "信" * 5000, "\u202e", "0000-00-00", "9999-99-99", "2020-02-30", "99999999999-01-01", deep(400),
]  # fmt: skip


@pytest.mark.parametrize("field", list(GOOD))
@pytest.mark.parametrize("number", range(len(VALUES)))
def test_a_line_with_a_hostile_value_is_taken_or_rejected_and_breaks_nothing(town, field, number):
    batch = begin_batch("x.jsonl", "d" * 64, at=AT)
    row = examine_line(1, GOOD | {field: VALUES[number]}, today=TODAY)
    assert isinstance(row, Incoming | Rejected)
    if isinstance(row, Incoming):
        taken = take_in(batch, [row], at=AT)
        assert taken.released + taken.unreleased + len(taken.rejected) == 1


def test_imported_titles_and_bodies_and_addresses_run_nothing(town):
    from django.test import Client

    from tests.security.test_scripts import read

    batch = begin_batch("x.jsonl", "d" * 64, at=AT)
    rows = []
    for n, vector in enumerate(VECTORS):
        line = {"id": f"{n}{vector}"[:100], "title": vector[:300], "body": f"<p>字{vector}</p>", "agency": vector[:100],
                "url": vector[:400], "doc_number": vector[:80]}  # fmt: skip
        row = examine_line(n, json.loads(json.dumps(line)), today=TODAY)
        if isinstance(row, Incoming):
            rows.append(row)
    take_in(batch, rows, at=AT)
    assert Release.objects.count() > 200
    client = Client()
    wrong = []
    addresses = [
        f"/items/{number}/"
        for number in Item.objects.exclude(index_number=None).values_list("index_number", flat=True)[::6]
    ]
    for address in ("/open/latest/", "/open/", "/agencies/", *addresses):
        wrong += [(address, found) for found in read(client.get(address).content.decode()).found]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 100_000,
        '{"id": "a", "id": "b"}',
        "NaN",
        '"\\ud800"',
        "\x00",
        "{}\x00",
    ],
)
def test_json_bombs_are_rejected_lines(tmp_path, monkeypatch, town, text):
    """Through the command's own reader: the bad line has its number and reason, the good one after it is in."""
    from typer.testing import CliRunner

    from gongkai.config.command import app

    monkeypatch.chdir(tmp_path)  # the reject file comes to where the command is called
    path = tmp_path / "x.jsonl"
    path.write_text(text + "\n" + json.dumps(GOOD | {"id": "after"}, ensure_ascii=False) + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["import", "items", str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert Item.objects.filter(external_id="after").exists(), result.output
