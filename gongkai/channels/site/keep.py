"""Keep the served tree true: one item when it changes, the lists that name it after it, everything once a day.

Every function here asks the portal what it answers now and makes the files the same; so all of them may run twice, late, or
in any order. Who calls them holds `Place.writing`, so that an older answer never overwrites a newer one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from datetime import date

from gongkai.channels.site import plan
from gongkai.channels.site.addresses import MISSING, NOT_FOUND, Unnameable, path_of
from gongkai.channels.site.asking import ask
from gongkai.channels.site.manifest import Entry
from gongkai.channels.site.tree import Place, Tree
from gongkai.disclosure.queries.document import at_hand, neighbours
from gongkai.disclosure.queries.public import still

#: Items whose texts are read together, and pages that are asked for together.
TOGETHER = 100
#: How long the daily look at everything may go on before what is due comes first again.
SLICE_SECONDS = 5.0


# ---- items -----------------------------------------------------------------------------------------------------------


def items(tree: Tree, index_numbers: Sequence[str]) -> None:
    """Make the files of these items what the portal answers for them, and remove what it does not answer any more."""
    for start in range(0, len(index_numbers), TOGETHER):
        some = index_numbers[start : start + TOGETHER]
        files, releases = plan.files_of(some), plan.release_of(some)
        with at_hand(some):
            for number in some:
                _item(tree, number, files[number], releases.get(number, 0))


def _item(tree: Tree, number: str, files: Sequence[plan.File], release: int) -> None:
    before = tree.manifest.of_item(number)
    bodies: dict[str, bytes] = {}
    for address in plan.pages_of(number):
        answer = ask(address)
        if answer.status == MISSING:
            continue
        try:
            bodies[path_of(address, status=answer.status)] = b"".join(answer.pieces)
        except Unnameable:
            continue
    kept = {file.path: file for file in files if bodies}
    _announce(tree, number, [*bodies, *kept], release, before)
    for path, file in kept.items():
        if before.get(path, Entry("", 0)).digest != file.digest:
            answer = ask(file.address)
            if answer.status == MISSING:
                continue
            tree.store.write(path, answer.pieces)
        tree.manifest.set(number, path, Entry(file.digest, release))
    for path, body in bodies.items():
        _put(tree, number, path, body, release, before)
    for path in before.keys() - bodies.keys() - kept.keys():
        tree.store.remove(path)
        tree.manifest.drop(number, path)
    if tree.durable:
        tree.manifest.keep()


def _announce(tree: Tree, number: str, paths: Iterable[str], release: int, before: dict[str, Entry]) -> None:
    """The manifest knows a file before it is there, so that whatever happens in between it will be removed again."""
    fresh = [path for path in paths if path not in before]
    for path in fresh:
        tree.manifest.set(number, path, Entry("", release))
    if fresh and tree.durable:
        tree.manifest.keep()


def _put(tree: Tree, number: str, path: str, body: bytes, release: int, before: dict[str, Entry]) -> None:
    digest = hashlib.sha256(body).hexdigest()
    if before.get(path, Entry("", 0)).digest != digest:
        tree.store.write(path, [body])
    tree.manifest.set(number, path, Entry(digest, release))


# ---- lists and fixed pages -------------------------------------------------------------------------------------------


def pages(tree: Tree, addresses: Sequence[str]) -> None:
    """Make these pages what the portal answers; one that it has no more is removed."""
    for start in range(0, len(addresses), TOGETHER):
        some = addresses[start : start + TOGETHER]
        before = dict(tree.manifest.part("pages"))
        bodies: dict[str, bytes] = {}
        with still():
            for address in some:
                answer = ask(address)
                if answer.status != MISSING or address == NOT_FOUND:
                    bodies[path_of(address)] = b"".join(answer.pieces)
        _announce(tree, "", bodies, 0, before)
        for path, body in bodies.items():
            _put(tree, "", path, body, 0, before)
        for path in {path_of(address) for address in some} - bodies.keys():
            tree.store.remove(path)
            tree.manifest.drop("", path)
        if tree.durable:
            tree.manifest.keep()


def follow_up(tree: Tree, index_numbers: Sequence[str]) -> None:
    """What stands beside or above these items: the pages of their neighbours, every list, feed and count."""
    known = tree.manifest.part("pages")
    items(tree, sorted(neighbours(index_numbers)))
    pages(tree, plan.touched(index_numbers, known=lambda address: path_of(address) in known))


# ---- the served tree -------------------------------------------------------------------------------------------------


def one(place: Place, index_number: str, *, lists_too: bool) -> bool:
    """An item as it is now; its lists now or with the round. False when there is no tree yet."""
    if place.current() is None:
        return False
    with place.writing():
        tree = place.current()
        if tree is None:
            return False
        tree.note([index_number])
        items(tree, [index_number])
        if lists_too:
            follow_up(tree, tree.noted())
            tree.done()
    return True


def round_ended(place: Place, *, on: date, renewed: bool) -> None:
    """Lists of what changed in this round; then, on a new day or when an organ, a column or the catalogue changed
    (`renewed`), everything, a slice at a time so that nothing due has to wait for it."""
    tree = place.current()
    if tree is None:
        return
    new_day = tree.day != on
    if not (new_day or renewed or tree.noted() or tree.everything):
        return
    with place.writing():
        tree = place.current() or tree
        if noted := tree.noted():
            follow_up(tree, noted)
            tree.done()
        if new_day or renewed:
            tree.everything = ("items", 0)
            pages(tree, [plan.address_of(name) for name in plan.WITH_EVERY_ITEM])
            tree.day = on
    _slices(place)


def _slices(place: Place) -> None:
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        with place.writing():
            tree = place.current()
            if tree is None or tree.everything is None:
                return
            tree.everything = _slice(tree, *tree.everything)


def _slice(tree: Tree, kind: str, done: int) -> tuple[str, int] | None:
    """One piece of everything; returns how far it came."""
    match kind:
        case "items":
            rows = plan.items_after(done, TOGETHER)
            items(tree, [number for _, number in rows])
            return ("items", rows[-1][0]) if rows else ("pages", 0)
        case "pages":
            every = plan.pages()
            pages(tree, every[done : done + TOGETHER])
            if done + TOGETHER < len(every):
                return "pages", done + TOGETHER
            _drop_unknown(tree, every)
            return None
        case _:
            raise ValueError(f"unknown piece {kind}")


def _drop_unknown(tree: Tree, every: Sequence[str]) -> None:
    """Pages whose list is not there any more: a theme without items, a column that was closed, an entry without items."""
    wanted = {path_of(address) for address in every}
    for path in [p for p in tree.manifest.part("pages") if p not in wanted and not p.startswith("static/")]:
        tree.store.remove(path)
        tree.manifest.drop("", path)
    tree.manifest.keep()
