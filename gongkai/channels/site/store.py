"""Where the files of a tree go.

`Store` is four verbs, each of which leaves a file whole or untouched. The tree that is served is a folder; an S3-compatible
store (bucket.py) follows it (mirror.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

_PIECE: Final = 256 * 1024


class Store(Protocol):
    """Paths are relative, with slashes."""

    def write(self, path: str, pieces: Iterable[bytes]) -> str: ...

    def remove(self, path: str) -> None: ...

    def paths(self) -> Iterator[str]: ...

    def digest(self, path: str) -> str | None: ...


class FolderStore:
    """Files below `root`. A file is written in `aside`, on the same file system, and moved to its place when it is whole.

    `durable` waits for the disk at each file; a whole build waits once at its end instead.
    """

    def __init__(self, root: Path, aside: Path, *, durable: bool = True) -> None:
        self.root, self.aside, self.durable = root, aside, durable
        self._known: set[Path] = set()

    def write(self, path: str, pieces: Iterable[bytes]) -> str:
        """Put the file in its place; returns its SHA-256. On any error what was there before is still there."""
        target, digest = self.root / path, hashlib.sha256()
        temporary = self.aside / uuid.uuid4().hex
        try:
            with temporary.open("wb") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            self._folder(target.parent)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return digest.hexdigest()

    def _folder(self, folder: Path) -> None:
        if folder not in self._known or not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            self._known.add(folder)

    def remove(self, path: str) -> None:
        """Take the file away, and the folders that are empty without it."""
        target = self.root / path
        target.unlink(missing_ok=True)
        if self.durable and target.parent.is_dir():
            _wait_for(target.parent)
        for folder in target.parents:
            if folder == self.root or not folder.is_relative_to(self.root):
                break
            with contextlib.suppress(OSError):
                folder.rmdir()

    def read(self, path: str) -> Iterator[bytes]:
        """In pieces; opened at once, so that a file that is not there raises here."""
        file = (self.root / path).open("rb")
        return _pieces(file)

    def paths(self) -> Iterator[str]:
        """Every file there is, also what nobody should have put there."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    def digest(self, path: str) -> str | None:
        """SHA-256 of what is there; None where nothing is, or no plain file."""
        target = self.root / path
        if target.is_symlink() or not target.is_file():
            return None
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _wait_for(folder: Path) -> None:
    """A file that is gone must not come back after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
