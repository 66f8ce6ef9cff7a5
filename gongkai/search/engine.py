"""The embedded index: tantivy in a folder, one writer under a file lock, readers that follow each commit.

The index proposes only: it returns keys and scores; whoever shows a document asks the database whether it is public.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Lock

import tantivy

from gongkai.search.answer import Answering
from gongkai.search.asking import Hits, Query, Relaxation, take_apart
from gongkai.search.lock import exclusive
from gongkai.search.schema import (
    FACETS,
    SCHEMA_VERSION,
    SearchDocument,
    build_schema,
    register_analyzer,
    to_tantivy,
)

_WRITER_MEMORY = 64_000_000
_LOCK_WAIT = 120.0


class IndexBroken(Exception):
    """The files of the index cannot be read; it is to be made anew from the database."""


class Engine:
    """Index in the folder `path`, made when absent. Cheap to keep, safe to use from several threads."""

    def __init__(self, path: Path | str) -> None:
        self._folder = Path(path) / f"v{SCHEMA_VERSION}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock_file = self._folder.parent / "writer.lock"
        self._position_file = self._folder / "position.json"
        self._commit_file = self._folder / "meta.json"
        self._schema = build_schema()
        try:
            self._index = tantivy.Index(self._schema, str(self._folder))
        except ValueError as error:
            raise IndexBroken(f"检索索引无法读取：{self._folder}。请删除这个文件夹，再重建索引。") from error
        register_analyzer(self._index)
        self._index.config_reader("manual")
        self._seen: tuple[int, int] | None = None
        self._seen_lock = Lock()

    # -- writing

    def apply(
        self,
        upserts: Iterable[SearchDocument] = (),
        deletions: Iterable[str] = (),
        *,
        position: int,
        rebuild: bool = False,
        wait: float = _LOCK_WAIT,
    ) -> int:
        """Take documents in and out, then remember `position`; returns how many documents were taken in.

        Order of effects: one commit, seen by readers whole or not at all, then the position. Killed in between, the
        same facts are applied again, which changes nothing. `rebuild` empties the index in the same commit.
        Raises `LockBusy` when another writer stays longer than `wait` seconds.
        """
        with exclusive(self._lock_file, wait=wait):
            writer = self._index.writer(_WRITER_MEMORY, 1)
            taken = 0
            try:
                if rebuild:
                    writer.delete_all_documents()
                for key in deletions:
                    writer.delete_documents_by_term("key", key)
                for document in upserts:
                    if not rebuild:
                        writer.delete_documents_by_term("key", document.key)
                    writer.add_document(to_tantivy(document))
                    taken += 1
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
            self._remember(position)
        return taken

    def pass_by(self, position: int, *, wait: float = _LOCK_WAIT) -> None:
        """Remember a position behind which nothing had to be taken in or out."""
        with exclusive(self._lock_file, wait=wait):
            self._remember(position)

    def _remember(self, position: int) -> None:
        fresh = self._position_file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"position": position}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._position_file)

    @property
    def position(self) -> int:
        """Ledger position up to which the index is complete; 0 for a new index."""
        try:
            return int(json.loads(self._position_file.read_text(encoding="utf-8"))["position"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            # Absent or damaged: the facts are read again from the first, which changes nothing that is right.
            return 0

    # -- reading

    def _searcher(self) -> tantivy.Searcher:
        stat = self._commit_file.stat()
        commit = (stat.st_mtime_ns, stat.st_ino)
        if commit != self._seen:
            with self._seen_lock:
                self._index.reload()
                self._seen = commit
        return self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher().num_docs)

    def search(self, query: Query) -> Hits:
        """Answer a question. Raises ValueError for an unknown filter or facet field, or a page out of range."""
        _check(query)
        return Answering(self._searcher(), self._schema, query).answer()

    def relaxations(self, query: Query) -> tuple[Relaxation, ...]:
        """For an answer that is empty: the question without one word or one filter, where that finds something."""
        _check(query)
        searcher = self._searcher()
        words = take_apart(query.text).words
        fewer: list[tuple[str, str, Query]] = []
        for field, values in query.filters.items():
            kept = {name: other for name, other in query.filters.items() if name != field}
            fewer.append((field, "、".join(values), replace(query, filters=kept, offset=0, facets=())))
        if len(words) > 1:
            for word in words:
                text = " ".join(other for other in words if other != word)
                fewer.append((word, "", replace(query, text=text, offset=0, facets=())))
        counted = [
            Relaxation(dropped, value, less, Answering(searcher, self._schema, less).total_having_all())
            for dropped, value, less in fewer
        ]
        return tuple(sorted((less for less in counted if less.total), key=lambda less: -less.total))


def _check(query: Query) -> None:
    for name in (*query.filters, *query.facets):
        if name not in FACETS:
            raise ValueError(f"没有这个筛选项：{name}")
    if query.offset < 0 or query.limit < 1:
        raise ValueError("页码超出范围")
