"""What a tree holds: path → digest of the bytes and key of the release it shows (0 for lists and fixed pages).

Kept in 257 small files beside the tree, never inside what is served: one for lists and fixed pages, and items spread by a
digest of their index number, so that a release rewrites a few kilobytes however large the site is. A part is written before
the files it names, so that no file is ever there that the manifest does not know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gongkai.channels.site.store import FolderStore

PAGES = "pages"


class Entry(NamedTuple):
    """Digest of the file's bytes ("" while it is being written), and the release it shows."""

    digest: str
    release: int


def part_of(index_number: str) -> str:
    """The part that holds an item; "" is the part of lists and fixed pages."""
    return hashlib.sha256(index_number.encode()).hexdigest()[:2] if index_number else PAGES


class Manifest:
    """Parts are read when they are first asked for and written by `save`."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self._folder = folder
        self._store = FolderStore(folder, aside)
        self._parts: dict[str, dict[str, Entry]] = {}
        self._changed: set[str] = set()

    def part(self, name: str) -> dict[str, Entry]:
        if name not in self._parts:
            path = self._folder / f"{name}.json"
            rows = json.loads(path.read_bytes()) if path.exists() else {}
            self._parts[name] = {key: Entry(*value) for key, value in rows.items()}
        return self._parts[name]

    def of_item(self, index_number: str) -> dict[str, Entry]:
        """Files of one item."""
        below = f"items/{index_number}/"
        return {path: entry for path, entry in self.part(part_of(index_number)).items() if path.startswith(below)}

    def set(self, index_number: str, path: str, entry: Entry) -> None:
        self.set_in(part_of(index_number), path, entry)

    def set_in(self, name: str, path: str, entry: Entry) -> None:
        if self.part(name).get(path) != entry:
            self._parts[name][path] = entry
            self._changed.add(name)

    def drop(self, index_number: str, path: str) -> None:
        self.drop_from(part_of(index_number), path)

    def drop_from(self, name: str, path: str) -> None:
        if self.part(name).pop(path, None) is not None:
            self._changed.add(name)

    def keep(self) -> None:
        """Write the parts that changed."""
        for name in sorted(self._changed):
            rows = json.dumps(self._parts[name], ensure_ascii=False, sort_keys=True).encode()
            self._store.write(f"{name}.json", [rows])
        self._changed.clear()

    def names(self) -> list[str]:
        """The parts there are."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def everything(self) -> Iterator[tuple[str, Entry]]:
        for name in self.names():
            yield from self.part(name).items()
