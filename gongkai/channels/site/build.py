"""A whole new tree beside the one that is served, then the swap.

Until the swap nothing of the old tree is touched: a full disk, a power cut or a killed process leaves it whole. What is
released or taken down while the build runs goes on into the old tree as always; before the swap it is done again in the
new one, from the ledger.
"""

from __future__ import annotations

import errno
import multiprocessing
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from gongkai.channels.actions.adopt import adopt
from gongkai.channels.actions.follow import KINDS
from gongkai.channels.actions.renewals import renewed_until
from gongkai.channels.site import keep, plan
from gongkai.channels.site.manifest import Entry
from gongkai.channels.site.starting import start
from gongkai.channels.site.tree import Place, SiteError, Tree
from gongkai.disclosure.models import Item
from gongkai.ledger.queries import last_position, sealed_after

CHANNEL = "static_site"
Rows = list[tuple[str, str, Entry]]  # part, path, entry


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: files in all, items, and lists and fixed pages."""

    files: int
    items: int
    pages: int


def build(
    place: Place, *, processes: int, served: bool, at: datetime, on: date,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:  # fmt: skip
    """Make a tree of everything and serve it. `served` tells whether it is the one of this installation's worker, whose
    postings then say so; a tree in another folder (`--to`) is a copy and changes none.

    progress(done, total) counts items and pages. `SiteError` when it does not succeed; the old site is whole then.
    """
    with place.building():
        tree = None
        try:
            tree = place.new(at=at)
            position = last_position()
            numbers, every = _fill(tree, processes, progress)
            tree.day = on
            with place.writing():
                _catch_up(tree, position)
                if served:
                    adopt(CHANNEL, at=at, on=on)
                    renewed_until(CHANNEL, position)
                files = sum(1 for _ in tree.manifest.everything())
                place.swap(tree)
            place.sweep()
        except OSError as error:
            raise SiteError(_sentence(error)) from error
        except BrokenProcessPool as error:
            raise SiteError("生成页面的进程中途结束，没有换上新的站点，原来的站点没有变化。请重新运行。") from error
        finally:
            _throw_away(place, tree)
    return Built(files, len(numbers), len(every))


def _throw_away(place: Place, tree: Tree | None) -> None:
    """A tree that did not come to be served makes room again."""
    served = place.current()
    if tree is not None and (served is None or served.folder != tree.folder.resolve()):
        shutil.rmtree(tree.folder, ignore_errors=True)


def _sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "磁盘空间不足，没有换上新的站点，原来的站点没有变化。请清理或者扩容后重新运行。"
    return f"静态站点写不进去（{error.strerror or error}），原来的站点没有变化。请检查 STATIC_SITE_DIR 的权限。"


def _fill(tree: Tree, processes: int, progress: Callable[[int, int], None]) -> tuple[list[str], list[str]]:
    """Everything that is public now, into an empty tree; returns the index numbers and the other addresses."""
    _copy_assets(tree)
    numbers, every = list(plan.in_front()), plan.pages()
    pieces = [("items", piece) for piece in _pieces(numbers)] + [("pages", piece) for piece in _pieces(every)]
    done, total = 0, len(numbers) + len(every)
    for count, rows in _made(tree.folder, pieces, processes):
        for number, path, entry in rows:
            tree.manifest.set(number, path, entry)
        done += count
        progress(done, total)
    tree.manifest.keep()
    return numbers, every


def _pieces(values: Sequence[str]) -> Iterator[list[str]]:
    for begin in range(0, len(values), keep.TOGETHER):
        yield list(values[begin : begin + keep.TOGETHER])


def _made(folder: Path, pieces: Sequence[tuple[str, list[str]]], processes: int) -> Iterator[tuple[int, Rows]]:
    """The pieces in the order they get ready, in this process or in several: how many values, and what was written."""
    alone = len(pieces) if processes <= 1 else 1  # at least one here, so that what pages need is loaded only once
    for kind, values in pieces[:alone]:
        yield len(values), make_piece(folder, kind, values)
    if alone == len(pieces):
        return
    connections.close_all()  # none may be used by two processes
    with ProcessPoolExecutor(min(processes, len(pieces) - alone), mp_context=_beginning(), initializer=start) as pool:
        under_way = {pool.submit(make_piece, folder, kind, values): len(values) for kind, values in pieces[alone:]}
        try:
            for ended in as_completed(list(under_way)):
                yield under_way.pop(ended), ended.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _beginning() -> multiprocessing.context.BaseContext:
    """How helpers begin: as copies of this process, which has everything loaded, or, where a copy could inherit a lock
    that one of several threads holds, from nothing."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn")


def make_piece(folder: Path, kind: str, values: list[str]) -> Rows:
    """Write some items or pages; returns what was written."""
    tree = Tree(folder, durable=False)
    if kind == "items":
        keep.items(tree, values)
        return [(n, path, entry) for n in values for path, entry in tree.manifest.of_item(n).items()]
    keep.pages(tree, values)
    return [("", path, entry) for path, entry in tree.manifest.part("pages").items()]


def _copy_assets(tree: Tree) -> None:
    """Style sheets, scripts and pictures of the pages."""
    root = Path(settings.STATIC_ROOT)
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")):
        name = f"static/{path.relative_to(root).as_posix()}"
        tree.manifest.set("", name, Entry(tree.store.write(name, [path.read_bytes()]), 0))


def _catch_up(tree: Tree, position: int) -> None:
    """What the ledger says was released or taken down since `position`."""
    codes: set[str] = set()
    while seals := sealed_after(position, limit=2000):
        codes |= {s.fact.subject.removeprefix("item:") for s in seals if s.fact.kind in KINDS}
        position = seals[-1].position
    rows = Item.objects.filter(code__in=codes, index_number__isnull=False)
    if numbers := list(rows.values_list("index_number", flat=True)):
        keep.items(tree, numbers)
        keep.follow_up(tree, numbers)
        tree.manifest.keep()
