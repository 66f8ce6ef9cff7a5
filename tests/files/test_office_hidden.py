"""Every hiding place of an office file is read, under the right code and with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.files.hidden import HIDDEN
from gongkai.files.readable import READABLE, readable_kind
from gongkai.files.reading import Reading, read_texts
from tests.canaries import sheet
from tests.canaries.office import SHOWN, XLSX, Place
from tests.canaries.show import ALL

CASES = [(kind, name) for kind, places in ALL.items() for name in places]


def canary(number: int) -> str:
    """Unique, and like nothing that stands in these files anyway."""
    return f"金丝雀{number:03d}号甲乙"


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Reading]:
    """All files read once, in one child as long as it behaves."""
    folder: Path = tmp_path_factory.mktemp("canaries")
    files = []
    for number, (kind, name) in enumerate(CASES):
        data = ALL[kind][name].make(canary(number))
        assert readable_kind(data, f"a.{kind}") == READABLE[kind]
        path = folder / f"{number}"
        path.write_bytes(data)
        files.append((path, kind))
    return dict(zip(CASES, read_texts(files), strict=True))


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_canary_is_told_as_what_hides_it(kind: str, name: str, readings: dict[tuple[str, str], Reading]) -> None:
    place: Place = ALL[kind][name]
    word = canary(CASES.index((kind, name)))
    reading = readings[kind, name]
    assert isinstance(reading, Reading), reading
    found = [part for part in reading.parts if word in part.text]
    assert found, "not found at all"
    told = [part for part in found if part.hidden == place.hidden]
    assert told, f"told as {[part.hidden for part in found]}"
    assert any(place.where.items() <= dict(part.where).items() for part in told), [dict(part.where) for part in told]
    for part in reading.parts:
        assert reading.text[part.start : part.start + len(part.text)] == part.text
        assert part.hidden in HIDDEN or part.hidden == ""
    if kind not in ("xlsx", "docx") and name == "author":
        return
    shown = [part for part in reading.parts if SHOWN in part.text]
    assert [part.hidden for part in shown] == [""]
    assert name == "insertion" or word not in reading.seen


def test_there_are_places_enough_and_all_of_the_workbooks_are_taken_along() -> None:
    assert len(CASES) >= 40
    assert set(sheet.PLACES) - set(XLSX) == {"page_header"}  # printed, so seen


def test_a_printed_header_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(sheet.PLACES["page_header"]("内部资料"))
    [reading] = read_texts([(path, "xlsx")])
    assert isinstance(reading, Reading)
    assert [(part.where["sheet"], part.hidden) for part in reading.parts if part.text == "内部资料"] == [("公示", "")]
