"""What is hidden in a file is told when it is read, and is nowhere in what goes out.

`tests/canaries/table.py` names more than 300 hiding places of 16 formats. Every file that may be attached goes the way
of an attachment (`look_at`, `copy_with`); its copy is searched by programs of this test's own choosing. The files of
every place are read in every run, about a hundred are copied; GONGKAI_FULL=1 copies all, three files to a place.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.files.hidden import HIDDEN
from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import KINDS
from gongkai.scanning.redacting import Made, copy_with, look_at
from tests.canaries.extract import found, ways
from tests.canaries.table import ATTACHED, SHOWN_IN_THE_COPY, SPOTS, Planted, canary, corpus

FULL = os.environ.get("GONGKAI_FULL") == "1"
ROUNDS = 3 if FULL else 1
#: Of the places of a format, every n-th is copied in a usual run.
SHARE = {"docx": 5, "ofd": 5, "xlsx": 2, "pdf": 2, "png": 2, "jpeg": 2, "gif": 2, "txt": 1, "csv": 1}
#: A place whose picture does change with what is hidden: the canary itself cannot be read from it.
LEAVES_A_TRACE = {("pdf", "picture_of_no_size")}


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """Readers of broken files say a lot."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def files() -> list[Planted]:
    return list(corpus(ROUNDS))


@pytest.fixture(scope="module")
def readings(files: list[Planted], tmp_path_factory: pytest.TempPathFactory) -> list[Reading | Unreadable]:
    """Every file read as `gongkai scan` reads it."""
    path = tmp_path_factory.mktemp("corpus") / "file"
    at_the_door: dict[int, Unreadable] = {}

    def each() -> Iterator[tuple[Path, str]]:
        for number, planted in enumerate(files):
            try:
                kind = readable_kind(planted.data, planted.filename).name
            except Unreadable as refused:
                at_the_door[number] = refused
                continue
            path.write_bytes(planted.data)
            yield path, kind

    rest = iter(list(read_texts(each())))
    return [at_the_door[number] if number in at_the_door else next(rest) for number in range(len(files))]


@dataclass(frozen=True, slots=True)
class Copied:
    planted: Planted
    outcome: Made | Unreadable
    secrets: tuple[str, ...]


def _copied(planted: Planted) -> Copied:
    secrets: tuple[str, ...] = ()
    try:
        looked = look_at(planted.data, planted.filename)
        secrets = looked.secrets
        return Copied(planted, copy_with(looked.base, [], looked.secrets), secrets)
    except Unreadable as refused:
        return Copied(planted, refused, secrets)


@pytest.fixture(scope="module")
def copies(files: list[Planted]) -> list[Copied]:
    """Two at a time: as many as the sandbox lets work at once."""
    chosen = []
    count: Counter[str] = Counter()
    for planted in files:
        if planted.spot.kind in ATTACHED:
            count[planted.spot.kind] += 1
            if FULL or count[planted.spot.kind] % SHARE[planted.spot.kind] == 0:
                chosen.append(planted)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_copied, chosen))


def _names(planted: Planted) -> str:
    return f"{planted.spot.kind}/{planted.spot.name}"


# The corpus itself


def test_there_are_places_and_files_enough_and_every_canary_is_its_own() -> None:
    assert len(SPOTS) >= 300
    assert len({(spot.kind, spot.name) for spot in SPOTS}) == len(SPOTS)
    assert len({spot.name for spot in SPOTS}) >= 60
    assert {spot.kind for spot in SPOTS} == {*ATTACHED, "pptx", "odt", "ods", "html", "zip", "doc", "xls"}
    assert set(ATTACHED) == set(KINDS)
    words = [canary(number * len(SPOTS) + place, number) for number in range(3) for place in range(len(SPOTS))]
    assert len(words) == len(set(words)) >= 1_000
    assert all(code in HIDDEN for spot in SPOTS for code in spot.told)


def test_every_canary_can_be_got_out_of_its_file(files: list[Planted]) -> None:
    """Otherwise finding none in a copy would mean nothing. Four ways at least look at each file."""
    assert [_names(planted) for planted in files if not found(planted.data, planted.canary)] == []
    assert all(len(ways(planted.data)) >= 4 for planted in files)


# Reading


def test_what_is_hidden_is_told_as_what_it_is(files: list[Planted], readings: list[Reading | Unreadable]) -> None:
    wrong = {}
    for planted, reading in zip(files, readings, strict=True):
        spot = planted.spot
        if spot.kind in ("doc", "xls"):
            # Bytes that no program understands: refused, or told by what can be read of them.
            told = reading.code if isinstance(reading, Unreadable) else planted.canary in reading.text
            if told not in ("no-converter", "not-converted", "broken", True):
                wrong[_names(planted)] = told
            continue
        if isinstance(reading, Unreadable):
            if reading.code != spot.refused:
                wrong[_names(planted)] = f"refused: {reading.code} {reading.detail}"
            continue
        codes = {part.hidden for part in reading.parts if planted.canary in part.text}
        if spot.told and not codes & spot.told:
            wrong[_names(planted)] = f"told as {codes or 'nothing'}, is {set(spot.told)}"
    assert wrong == {}


def test_what_is_hidden_is_not_among_what_is_seen(files: list[Planted], readings: list[Reading | Unreadable]) -> None:
    wrong = [
        _names(planted)
        for planted, reading in zip(files, readings, strict=True)
        if planted.spot.told and isinstance(reading, Reading) and planted.canary in reading.seen
        and (planted.spot.kind, planted.spot.name) not in SHOWN_IN_THE_COPY
    ]  # fmt: skip
    assert wrong == []


# Copies


def test_no_canary_is_in_any_copy(copies: list[Copied]) -> None:
    assert len(copies) >= (750 if FULL else 95)
    leaks = {}
    for copied in copies:
        planted = copied.planted
        if isinstance(copied.outcome, Unreadable) or (planted.spot.kind, planted.spot.name) in SHOWN_IN_THE_COPY:
            continue
        assert len(ways(copied.outcome.data)) >= 4
        by = found(copied.outcome.data, planted.canary)
        if planted.canary in copied.outcome.text:
            by.add("the text for searching")
        if by:
            leaks[_names(planted)] = sorted(by)
    assert leaks == {}


def test_a_copy_comes_out_wherever_one_must_and_else_the_refusal_says_why(copies: list[Copied]) -> None:
    wrong = {}
    for copied in copies:
        outcome, expected = copied.outcome, copied.planted.spot.refused
        told = outcome.code if isinstance(outcome, Unreadable) else ""
        if told != expected:
            wrong[_names(copied.planted)] = f"{told} {getattr(outcome, 'detail', '')}"
        if isinstance(outcome, Unreadable):
            assert "请" in outcome.sentence
    assert wrong == {}


def test_what_is_told_as_hidden_is_what_the_copy_is_attacked_with(copies: list[Copied]) -> None:
    wrong = [
        _names(copied.planted)
        for copied in copies
        if copied.planted.spot.told and not copied.planted.spot.refused
        and not any(copied.planted.canary in secret for secret in copied.secrets)
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.full
@pytest.mark.skipif(not FULL, reason="only in make test-full")
def test_copies_are_the_same_whatever_was_hidden(copies: list[Copied]) -> None:
    """Three files that differ in their canary alone give the same copy, byte for byte: nothing of it can be in there,
    by whatever program one looks."""
    by_place: dict[str, set[str]] = defaultdict(set)
    for copied in copies:
        spot = copied.planted.spot
        if isinstance(copied.outcome, Made) and (spot.kind, spot.name) not in SHOWN_IN_THE_COPY | LEAVES_A_TRACE:
            by_place[_names(copied.planted)].add(hashlib.sha256(copied.outcome.data).hexdigest())
    assert len(by_place) > 200
    assert {place: len(digests) for place, digests in by_place.items() if len(digests) > 1} == {}
