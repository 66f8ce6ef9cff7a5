"""Trees side by side in the target folder; the link `current` names the one that is served.

<target>/current -> trees/<name>
<target>/trees/<name>/www/        what nginx serves, nothing else
<target>/trees/<name>/manifest/   what is in it
<target>/trees/<name>/todo/       lists that still have to follow, the day the tree was made for
<target>/trees/<name>/aside/      files being written
<target>/lock, <target>/building, <target>/sending  locks of the operating system: they end with the process that holds them
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from gongkai.channels.site.manifest import Manifest
from gongkai.channels.site.store import FolderStore

#: How long somebody waits for another writer. Below `states.TIMEOUT_SECONDS`.
PATIENCE: Final = 15.0


class SiteError(Exception):
    """In Chinese: what is wrong and what to do."""


class Busy(SiteError):
    """Somebody else is writing; tried again later."""


class Tree:
    """One tree, served or being made."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable

    @property
    def www(self) -> Path:
        return self.folder / "www"

    @cached_property
    def store(self) -> FolderStore:
        return FolderStore(self.www, self.folder / "aside", durable=self.durable)

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest(self.folder / "manifest", self.folder / "aside")

    def make(self) -> None:
        for name in ("www", "manifest", "todo", "aside"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    # -- what still has to follow; written before the files that cause it, so that no death in between loses it

    def note(self, index_numbers: Iterable[str]) -> None:
        """Remember items whose lists and neighbours have to follow."""
        with (self.folder / "todo" / "items").open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(number, ensure_ascii=False)}\n" for number in index_numbers)
            file.flush()
            os.fsync(file.fileno())

    def noted(self) -> list[str]:
        """Items noted since the last `done`, each once. A last line that was cut off belongs to a file never written."""
        path = self.folder / "todo" / "items"
        found: dict[str, None] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            with contextlib.suppress(ValueError):
                found[json.loads(line)] = None
        return list(found)

    def done(self) -> None:
        (self.folder / "todo" / "items").unlink(missing_ok=True)

    @property
    def day(self) -> date | None:
        """The day the pages were made for: 今天发布 and validities change with it."""
        return date.fromisoformat(value) if (value := self._read("day")) else None

    @day.setter
    def day(self, value: date) -> None:
        self._write("day", value.isoformat())

    @property
    def everything(self) -> tuple[str, int] | None:
        """How far everything has been looked at anew: ("items", key of the last one) or ("pages", how many); None when that
        is not under way."""
        kind, _, done = self._read("everything").partition(" ")
        return (kind, int(done)) if kind else None

    @everything.setter
    def everything(self, value: tuple[str, int] | None) -> None:
        if value is None:
            (self.folder / "todo" / "everything").unlink(missing_ok=True)
        else:
            self._write("everything", f"{value[0]} {value[1]}")

    def _read(self, name: str) -> str:
        path = self.folder / "todo" / name
        return path.read_text().strip() if path.exists() else ""

    def _write(self, name: str, value: str) -> None:
        FolderStore(self.folder / "todo", self.folder / "aside").write(name, [value.encode()])


class Place:
    """The target folder."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def current(self) -> Tree | None:
        """The tree that is served; None before the first build."""
        link = self.target / "current"
        return Tree(link.resolve()) if link.exists() else None

    def new(self, *, at: datetime) -> Tree:
        """An empty tree beside the others. Trees that nobody serves are left over from builds that died: they go first."""
        self.target.mkdir(parents=True, exist_ok=True)
        self.sweep()
        tree = Tree(self.target / "trees" / f"{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}", durable=False)
        tree.make()
        return tree

    def swap(self, tree: Tree) -> None:
        """Serve this tree from now on: one rename, so that there is no moment without a site. `sweep` removes the former."""
        os.sync()
        link = self.target / f"current-{uuid.uuid4().hex}"
        link.symlink_to(tree.folder.relative_to(self.target))
        link.replace(self.target / "current")

    def sweep(self) -> None:
        """Remove every tree that is not served: it may hold what was taken down since."""
        served = self.current()
        for link in self.target.glob("current-*"):
            link.unlink()
        for folder in (self.target / "trees").glob("*"):
            if served is None or folder.resolve() != served.folder:
                shutil.rmtree(folder)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time, over all processes: pages are asked for and written inside, so none is overwritten by an
        older answer. `Busy` when another does not finish."""
        with _held(self.target / "lock", PATIENCE):
            yield

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """One sender to the object store at a time."""
        with _held(self.target / "sending", PATIENCE):
            yield

    @contextlib.contextmanager
    def building(self) -> Iterator[None]:
        self.target.mkdir(parents=True, exist_ok=True)
        with _held(self.target / "building", 0):
            yield


@contextlib.contextmanager
def _held(path: Path, patience: float) -> Iterator[None]:
    with path.open("a") as file:
        _take(file, patience)
        yield


def _take(file: IO[str], patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy("另一个进程正在写静态站点，请稍后再试。") from None
            time.sleep(0.05)
        else:
            return


def configured() -> Place:
    """The target of the environment (`STATIC_SITE_DIR`)."""
    if not settings.STATIC_SITE_DIR:
        raise SiteError("没有设置 STATIC_SITE_DIR，不知道静态站点写在哪里。")
    return Place(Path(settings.STATIC_SITE_DIR))
