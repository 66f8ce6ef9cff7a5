"""Changed at random, a PDF, an OFD, a picture, a page or an archive is read or refused, and so is its copy made.

Office packages have a test of their own (test_office_fuzz). The seeds are the files of the canary corpus.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import run_many
from tests.canaries.table import SPOTS, Spot, canary
from tests.files.test_office_fuzz import changed as changed_members

FULL = os.environ.get("GONGKAI_FULL") == "1"
#: Every file that can be read as a picture is looked at for writing, which takes its time.
COUNTS = {"pdf": 120, "ofd": 80, "html": 150, "zip": 60, "txt": 60, "csv": 60, "png": 6, "jpeg": 6, "gif": 4}
FACTOR = 40 if FULL else 1
_PIECES = (
    b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"[", b"/Kids", b"/Parent 2 0 R", b"999999999999", b"-1", b"\0" * 9, b"\xff\xff",
    b"<!--", b"</p>", b"&#0;", b"\r", b"\xfe\xff", b"obj", b"R", b"(", b")", b"%%EOF",
)  # fmt: skip


def changed(data: bytes, chance: random.Random) -> bytes:
    """Bytes put in, taken out, doubled, cut off or turned."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(made) + 1)
        what = chance.random()
        if what < 0.4:
            made[at : at + chance.randint(0, 12)] = chance.choice(_PIECES)
        elif what < 0.6:
            made[at:at] = made[at : at + chance.randint(1, 300)] * chance.randint(1, 4)
        elif what < 0.7:
            del made[at : at + chance.randint(1, 200)]
        elif what < 0.75:
            del made[max(at, 20) :]
        else:
            made[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(made)


def seeds(kind: str) -> list[Spot]:
    return [spot for spot in SPOTS if spot.kind == kind]


def fuzzed(kind: str, count: int) -> Iterator[bytes]:
    chance = random.Random(f"{kind}{count}")
    of_kind = seeds(kind)
    for number in range(count):
        data = chance.choice(of_kind).make(canary(number, number))
        if kind in ("ofd", "zip") and chance.random() < 0.7:
            yield changed_members(data, chance)
        else:
            yield changed(data, chance)


@pytest.mark.parametrize("kind", COUNTS)
def test_a_changed_file_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    count = COUNTS[kind] * FACTOR
    refused_before = []

    def files() -> Iterator[tuple[Path, str]]:
        for data in fuzzed(kind, count):
            try:
                told = readable_kind(data, f"a.{kind}").name if data else "txt"
            except Unreadable as refused:
                refused_before.append(refused)
                continue
            path.write_bytes(data)
            yield path, told

    outcomes = list(read_texts(files()))
    assert len(outcomes) + len(refused_before) == count
    assert all(isinstance(outcome, Reading | Unreadable) for outcome in outcomes)
    refused = [*refused_before, *(outcome for outcome in outcomes if isinstance(outcome, Unreadable))]
    assert [outcome.code for outcome in refused if not outcome.code or not outcome.sentence] == []
    assert [outcome.detail for outcome in refused if outcome.code == "too-slow"] == []
    # Otherwise nothing but the refusal at the door would have been tried.
    assert count < 50 or sum(isinstance(outcome, Reading) for outcome in outcomes) >= count / 20


@pytest.mark.parametrize(
    ("function", "kind"), [("gongkai.files.copies.pdf:copy", "pdf"), ("gongkai.files.copies.image:copy", "png")]
)
def test_a_copy_of_a_changed_file_is_made_or_refused(function: str, kind: str) -> None:
    count = 60 * (FACTOR if FULL else 1)
    outcomes = list(run_many(function, ((data, []) for data in fuzzed(kind, count))))
    assert len(outcomes) == count
    made = [outcome for outcome in outcomes if not isinstance(outcome, Unreadable)]
    assert len(made) > count / 20
    assert all(outcome["pdf" if kind == "pdf" else "data"] for outcome in made)
