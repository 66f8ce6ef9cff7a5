"""Every measurement runs in its smallest form and prints its table, so that a broken one is noticed.

Nothing here asserts a time: figures belong to whole runs on a quiet machine.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import machine
from benchmarks.imports import FIELDS, invented

ROOT = Path(__file__).resolve().parents[1]
WHOLE = pytest.mark.skipif(os.environ.get("GONGKAI_FULL") != "1", reason="only in make test-full")
REAL = pytest.mark.skipif(not machine.DOCUMENTS.is_dir(), reason="no ../shared/data/documents beside the checkout")


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def table(said: str, first: str) -> dict[str, list[str]]:
    """Rows of the table whose first heading cell is `first`, by their own first cell."""
    found = re.search(rf"^\| {re.escape(first)} \|.*\n\| ?---.*\n((?:\|.*\n)+)", said, re.M)
    assert found, f"no table “{first}” in:\n{said}"
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in found[1].splitlines()]
    return {row[0]: row[1:] for row in rows}


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def test_dates():
    said = run("dates", "--quick")
    assert "WorkCalendar.add" in table(said, "One date a call")
    assert "WorkCalendar.add_many" in table(said, "Bulk")
    assert "reply clock, receipt only" in table(said, "Whole clocks, one a call")


def test_scan():
    rows = table(run("scan", "--quick"), "way")
    assert all(number(rows[way][0]) > 0 for way in ("numeric rules, complete (`scan`)", "all text rules (`scan`)"))
    assert rows["numeric rules, complete (`scan`)"][1] != "0"


def test_search():
    said = run("search", "--quick")
    assert "two characters" in table(said, "p50 / p95, ms")


@REAL
@WHOLE
@pytest.mark.full
def test_retrieval():
    assert table(run("retrieval"), "known item").keys() == {"hebei", "regulations"}


def test_imports():
    (row,) = table(run("imports", "--quick"), "file").values()
    assert row[0] == "200"
    assert row[-1] == "200 / 0 / 0 / 0"  # every invented document is released


@WHOLE
@pytest.mark.full
def test_recompute():
    said = run("recompute", "--quick")
    requests = table(said, "requests: database, scene")
    assert requests["sqlite, nothing moves"][-1] == "0"
    assert number(requests["sqlite, a notice for the next year"][-1]) > 100
    assert number(requests["sqlite, two days of leave more this year"][-1]) > 500
    rows = table(said, "database, scene")
    scenes = ["nothing moves", "a tenth moves", "every date moves", "law alone, rows in memory"]
    from tools.system_packages import postgres_bin

    databases = ["sqlite"] + (["postgresql"] if postgres_bin() else [])
    assert list(rows) == [f"{database}, {scene}" for database in databases for scene in scenes]
    assert all(number(row[0]) >= 0 for row in rows.values())


@pytest.mark.full
@WHOLE
def test_foi():
    from tools.system_packages import postgres_bin

    said = run("foi", "--quick")
    if postgres_bin() is None:
        assert "nothing was measured" in said
        return
    submitting = table(said, "submitting at 16/s for 2 s")
    assert number(submitting["`receive`, the action"][0]) > 0
    assert number(submitting["`receive`, the action"][-1]) <= 25  # statements of one submission
    board = table(said, "board of 500 open cases")
    assert board["first page of 50"][1] == board["last page of 50"][1]  # as many statements on any page
    assert number(board["first page of 50"][1]) <= 6
    report = table(said, "annual report over 2,000 cases")
    assert number(report["tables 3 and 4, two years, identities checked"][1]) <= 12


def check_web(said: str) -> None:
    """Rates and counts are there. The aims for queries do not depend on the machine, so they may be asserted."""
    rows = table(said, "page")
    lists = [name for name in rows if name.startswith("list, page")]
    assert list(rows)[:6] == ["item page", "home", *lists, "search, a rare word", "search, a common word"]
    assert len(lists) == 2
    assert "bare Django view, bytes of an item page" in rows
    for name in list(rows)[:6]:
        assert number(rows[name][0]) > 0, name
        assert number(rows[name][7]) > 2000, name
        assert int(rows[name][6]) >= int(rows[name][5]) >= 1, f"{name}: the count of queries is broken"
    assert all(int(rows[name][5]) <= 2 for name in ["item page", *lists])
    assert re.search(r"Resident memory of the worker: \d+ MB before, \d+ MB after", said)


def test_web():
    check_web(run("web", "--quick"))


@WHOLE
@pytest.mark.full
def test_web_asked_by_wrk():
    check_web(run("web", "--items", "300", "--rounds", "1", "--seconds", "1"))


@WHOLE
@pytest.mark.full
@pytest.mark.parametrize("arguments", [("web", "--profile", "--items", "100"), ("imports", "--profile", "--quick")])
def test_profile(arguments):
    assert "cumulative" in run(*arguments)


def test_invented_documents_are_the_same_every_time():
    assert list(invented(30)) == list(invented(30))
    assert all(set(FIELDS) <= set(record) and all(record.values()) for record in invented(30))


def test_the_readme_has_a_place_for_every_part():
    text = benchmarks.README.read_text(encoding="utf-8")
    places = re.findall(r"<!-- results: (\w+) -->", text)
    assert places == ["machine", *benchmarks.PARTS]
    for name in places:
        assert benchmarks._block(name).search(text), name


def test_results_are_written_between_their_marks(tmp_path, monkeypatch):
    copy = tmp_path / "README.md"
    copy.write_text(benchmarks.README.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(benchmarks, "README", copy)
    for text in ("first \\1 result", "second"):
        benchmarks._insert("dates", text)
    written = copy.read_text(encoding="utf-8")
    assert "<!-- results: dates -->\n\nsecond\n\n<!-- end: dates -->" in written
    assert "first" not in benchmarks._block("dates").search(written).group()
    with pytest.raises(ValueError):
        benchmarks._insert("nothing of the kind", "text")


def test_what_cannot_be_kept_is_refused(capsys):
    assert benchmarks.main(["--quick", "--write"]) == 2
    assert benchmarks.main(["no-such-part"]) == 2
    assert "no-such-part" in capsys.readouterr().err


def test_results_of_two_machines_are_not_mixed(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "README.md"
    copy.write_text(benchmarks.README.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(benchmarks, "README", copy)
    benchmarks._insert("machine", machine.describe())
    assert benchmarks._same_machine(machine.describe())
    benchmarks._insert("machine", machine.describe().replace("- Processor: ", "- Processor: another "))
    assert benchmarks.main(["dates", "--write"]) == 2
    assert "another machine" in capsys.readouterr().err


def test_the_machine_is_described_without_names_of_its_own():
    import platform

    said = machine.describe()
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "- Processor", "- Memory", "- System", "- Python", "- Databases", "- Load when begun",
    ]  # fmt: skip
    assert str(ROOT) not in said
    assert not re.search(rf"\b{re.escape(platform.node())}\b", said)
