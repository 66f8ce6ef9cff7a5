"""One finding for a column: what a rule finds in cell after cell of a column is answered once, with all its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from gongkai.scanning.rules.findings import Finding, Place
from gongkai.scanning.rules.tables import Column

#: [I] From how many rows on findings below each other are one finding.
FEWEST_ROWS = 3
#: [I] So many lines without a finding may stand between two rows of a column.
_MOST_BETWEEN = 20
_WIDEST = 2_000  # characters of a line; longer ones are no rows of a table


def by_columns(text: str, findings: Iterable[Finding], columns: Sequence[Column] = ()) -> list[Finding]:
    """`findings` with those that fill cells of one column put together, sorted by start.

    `columns` are those known by their heads; elsewhere cells are parted by tabs, bars or commas. Findings that stand
    for several places already, and secrecy marks, stay as they are.
    """
    headed = {cell[0]: number for number, column in enumerate(columns) for cell in column.cells}
    single: dict[tuple[str, str, tuple[str, int]], list[tuple[int, Finding]]] = {}
    done: list[Finding] = []
    for line, finding in _with_lines(text, findings):
        place = None if finding.more or finding.family in _NEVER else _cell(text, finding, headed)
        if place is None:
            done.append(finding)
        else:
            single.setdefault((finding.code, finding.severity, place), []).append((line, finding))
    for (_, _, (divider, _)), members in single.items():
        for run in _runs(members) if divider != _HEAD else [[finding for _, finding in members]]:
            done += _collapsed(run)
    return sorted(done, key=lambda finding: (finding.start, finding.end, finding.code))


_HEAD = "head"
_NEVER = ("secrecy", "work_secret")


def _with_lines(text: str, findings: Iterable[Finding]) -> Iterator[tuple[int, Finding]]:
    """Each finding (in order) with the number of line ends before it."""
    line = at = 0
    for finding in findings:
        line += text.count("\n", at, finding.start)
        at = finding.start
        yield line, finding


def _cell(text: str, finding: Finding, headed: Mapping[int, int]) -> tuple[str, int] | None:
    """The column whose cell the finding fills: what parts cells there, and its number; None where it fills none."""
    if finding.start in headed:
        return _HEAD, headed[finding.start]
    start = text.rfind("\n", max(0, finding.start - _WIDEST), finding.start) + 1
    end = text.find("\n", finding.end, finding.end + _WIDEST)
    before, after = text[start : finding.start], text[finding.end : len(text) if end == -1 else end]
    if finding.start - start >= _WIDEST:
        return None
    for divider in "\t|,":
        if divider in before or divider in after:
            beside = before.rpartition(divider)[2] + after.partition(divider)[0]
            return None if beside.strip(" \u3000\r\"'=") else (divider, before.count(divider))
    return None


def _runs(members: list[tuple[int, Finding]]) -> Iterator[list[Finding]]:
    """Findings of one column, parted where too many lines lie between."""
    run: list[Finding] = []
    last = 0
    for line, finding in members:
        if run and line - last > _MOST_BETWEEN:
            yield run
            run = []
        run.append(finding)
        last = line
    yield run


def _collapsed(run: list[Finding]) -> list[Finding]:
    if len(run) < FEWEST_ROWS:
        return run
    return [replace(run[0], more=tuple(Place(each.start, each.end, each.suggestion) for each in run[1:]))]


def parted(finding: Finding, text: str, key: Iterable[object]) -> list[Finding]:
    """A finding of several places as one for each run of places with the same key (one key for each place)."""
    grouped = groupby(zip(key, finding.places, strict=True), key=lambda pair: pair[0])
    parts = []
    for _, pairs in grouped:
        places = [place for _, place in pairs]
        first = places[0]
        parts.append(
            replace(
                finding,
                start=first.start,
                end=first.end,
                text=text[first.start : first.end],
                suggestion=first.suggestion,
                more=tuple(places[1:]),
            )  # fmt: skip
        )
    return parts
