"""The served tree in an object store: what left the tree is removed there first, then what is new goes up.

<target>/sent/        what the store holds, in the parts of a manifest; a path stands here before its object is there
<target>/sent-aside/  parts being written
<target>/sent-at      the state of the tree at which the store was last known to be the same
<target>/sending      lock of those who send

Whoever dies in between leaves objects that `sent` names, so that the next one finds and mends them. What is sent is read from
the tree then and there: a file that changed meanwhile is recorded as what went up, and goes up again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.channels.site.manifest import Entry, Manifest
from gongkai.channels.site.store import Store
from gongkai.channels.site.tree import Place, Tree
from gongkai.channels.site.verify import CHANGED, MISSING, STRAY, Difference

#: File systems count time in steps of a few milliseconds, the coarsest in two seconds.
SETTLED_NS = 2_000_000_000
#: Objects sent between two writings of the record.
TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """How many objects went up and were removed, and whether the store now is what the tree is (as far as it was asked)."""

    written: int
    removed: int
    complete: bool


def follow(place: Place, store: Store, *, parts: Iterable[str] | None = None, seconds: float) -> Sent:
    """Make the store what the served tree is: the whole of it, or these parts of its manifest.

    Removals come first, and are never cut short; writing ends after `seconds`, to be gone on with later. `BucketError` when
    the store refuses.
    """
    until = time.monotonic() + seconds
    with place.sending():
        tree = place.current()
        if tree is None:
            return Sent(0, 0, False)
        state = _state(tree)
        if parts is None and state and _sent_at(place) == state:
            return Sent(0, 0, True)
        sent = record(place)
        names = sorted({*tree.manifest.names(), *sent.names()} if parts is None else parts)
        removed = sum(_remove(tree, sent, store, name) for name in names)
        written, complete = 0, True
        for name in names:
            for some in _pieces(_differing(tree, sent, name)):
                if time.monotonic() >= until:
                    return Sent(written, removed, False)
                written += _write(tree, sent, store, name, some)
            complete = complete and not _differing(tree, sent, name)
        if parts is None and complete:
            (place.target / "sent-at").write_text(state)
    return Sent(written, removed, complete)


def record(place: Place) -> Manifest:
    """What the store holds as far as anybody knows."""
    for name in ("sent", "sent-aside"):
        (place.target / name).mkdir(exist_ok=True)
    return Manifest(place.target / "sent", place.target / "sent-aside")


def verify(place: Place, store: Store) -> Iterator[Difference]:
    """Compare the served tree with what the store says it holds."""
    with place.sending():
        tree = place.current()
        if tree is None:
            return
        wanted = {path: entry.digest for path, entry in tree.manifest.everything()}
        there = set(store.paths())
        for path in sorted(there - wanted.keys()):
            yield Difference(STRAY, path)
        for path in sorted(wanted.keys() - there):
            yield Difference(MISSING, path)
        for path in sorted(there & wanted.keys()):
            if store.digest(path) != wanted[path]:
                yield Difference(CHANGED, path)


def _state(tree: Tree) -> str:
    """Changes with every writing of the manifest; "" while that is too recent for the clock of the file system."""
    written = (tree.folder / "manifest").stat().st_mtime_ns
    return f"{tree.folder.name} {written}" if time.time_ns() - written > SETTLED_NS else ""


def _sent_at(place: Place) -> str:
    path = place.target / "sent-at"
    return path.read_text() if path.exists() else ""


def _remove(tree: Tree, sent: Manifest, store: Store, name: str) -> int:
    gone = sorted(sent.part(name).keys() - tree.manifest.part(name).keys())
    for path in gone:
        store.remove(path)
        sent.drop_from(name, path)
    sent.keep()
    return len(gone)


def _differing(tree: Tree, sent: Manifest, name: str) -> list[str]:
    known = sent.part(name)
    return [
        path
        for path, entry in tree.manifest.part(name).items()
        if entry.digest and known.get(path, Entry("", 0)).digest != entry.digest
    ]


def _pieces(paths: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(paths), TOGETHER):
        yield paths[begin : begin + TOGETHER]


def _write(tree: Tree, sent: Manifest, store: Store, name: str, paths: list[str]) -> int:
    for path in paths:
        sent.set_in(name, path, Entry("", 0))
    sent.keep()
    written = 0
    try:
        for path in paths:
            try:
                digest = store.write(path, tree.store.read(path))
            except FileNotFoundError:
                continue  # left the tree just now; the next one removes it here
            sent.set_in(name, path, Entry(digest, tree.manifest.part(name)[path].release))
            written += 1
    finally:
        sent.keep()
    return written
