"""Is the served tree what it should be: every file belongs to a live release or a fixed page, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.channels.site import plan
from gongkai.channels.site.addresses import GONE, OK, Unnameable, path_of
from gongkai.channels.site.manifest import Entry
from gongkai.channels.site.tree import Place, Tree

STRAY, MISSING, CHANGED, OLD = "stray", "missing", "changed", "old"
SENTENCES = {
    STRAY: "不应当存在的文件",
    MISSING: "缺少的文件",
    CHANGED: "内容与生成时不同的文件",
    OLD: "属于旧版本的文件",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` is a key of SENTENCES."""

    kind: str
    path: str


def verify(place: Place) -> Iterator[Difference]:
    """Compare database, manifest and files. Items that are still waiting for the worker show as differences too."""
    with place.writing():
        tree = place.current()
        if tree is None:
            return
        yield from _compare(tree, expected())


def expected() -> dict[str, int]:
    """Path → release (0 for lists and fixed pages) of every file that should be there."""
    found = {path_of(address): 0 for address in plan.pages()}
    releases = plan.in_front()
    for number, (release, readable) in releases.items():
        for address in plan.pages_of(number):
            try:
                found[path_of(address, status=OK if readable else GONE)] = release
            except Unnameable:
                continue
    numbers = list(releases)
    for start in range(0, len(numbers), 500):
        for number, files in plan.files_of(numbers[start : start + 500]).items():
            found |= {file.path: releases[number][0] for file in files}
    return found


def _compare(tree: Tree, wanted: dict[str, int]) -> Iterator[Difference]:
    known: dict[str, Entry] = dict(tree.manifest.everything())
    wanted |= {path: 0 for path in known if path.startswith("static/")}
    there = set(tree.store.paths())
    for path in sorted(there - wanted.keys()):
        yield Difference(STRAY, path)
    for path in sorted(wanted.keys() - there):
        yield Difference(MISSING, path)
    for path in sorted(there & wanted.keys()):
        entry = known.get(path)
        if entry is None or tree.store.digest(path) != entry.digest:
            yield Difference(CHANGED, path)
        elif entry.release != wanted[path]:
            yield Difference(OLD, path)
