"""The embedded index: tantivy in a folder, one writer under a file lock, readers that follow each commit.

The index proposes only: it returns keys and scores; whoever shows a document asks the database whether it is public.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

import tantivy
from tantivy import Occur, Order
from tantivy import Query as TantivyQuery

from gongkai.search.asking import Hit, Hits, Query, Question, Relaxation, take_apart
from gongkai.search.lock import exclusive
from gongkai.search.ranking import FEW_WORDS, Ranking, Requirement
from gongkai.search.schema import (
    FACETS,
    SAMPLE,
    SCHEMA_VERSION,
    SearchDocument,
    build_schema,
    register_analyzer,
    to_tantivy,
)

Clauses = list[tuple[Occur, TantivyQuery]]

#: With fewer documents than this having every word of a sentence, near matches are sought instead.
ENOUGH = 10
#: Near matches end here, and where the score falls below this part of the best one.
CLOSEST, CLOSE_SHARE = 100, 0.3
#: Where even the rarest word is in more documents than this, titles come first and counts come from the sample.
COMMON = 20_000
#: Fewer matches than this in the sample say too little: then all is counted.
SAMPLE_ENOUGH = 200
#: Values of a facet that are counted, the most frequent first.
FACET_VALUES = 200

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
        except FileNotFoundError:
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
        return _Search(self._searcher(), self._schema, query).answer()

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
            Relaxation(dropped, value, less, _Search(searcher, self._schema, less).having_all())
            for dropped, value, less in fewer
        ]
        return tuple(sorted((less for less in counted if less.total), key=lambda less: -less.total))


def _check(query: Query) -> None:
    for name in (*query.filters, *query.facets):
        if name not in FACETS:
            raise ValueError(f"没有这个筛选项：{name}")
    if query.offset < 0 or query.limit < 1:
        raise ValueError("页码超出范围")


class _Search:
    """One question on one state of the index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query) -> None:
        self._searcher = searcher
        self._schema = schema
        self._query = query
        self._ranking = Ranking(schema, searcher.doc_freq)
        self._filters = self._ranking.filters(query.filters)

    def answer(self) -> Hits:
        question = take_apart(self._query.text)
        if question.codes and (found := self._by_number(question.codes)):
            return found
        requirements = self._ranking.requirements(question)
        every = self._ranking.having_all(question, requirements)
        total, approximate = self._count(every, self._rarest(requirements))
        if self._too_few(question, total):
            return self._closest(question)
        hits = self._ordered(question, requirements, total)
        facets = self._facets(every, approximate)
        return Hits("all", total, hits, facets, approximate)

    def having_all(self) -> int:
        """How many documents have every word and phrase."""
        question = take_apart(self._query.text)
        requirements = self._ranking.requirements(question)
        return self._count(self._ranking.having_all(question, requirements), self._rarest(requirements))[0]

    def _too_few(self, question: Question, total: int) -> bool:
        if question.empty:
            return False
        asked = len(question.words) + len(question.phrases)
        return total == 0 or (asked > FEW_WORDS and (question.asking or total < ENOUGH))

    # -- exact numbers

    def _by_number(self, codes: Sequence[str]) -> Hits | None:
        wanted = TantivyQuery.term_set_query(self._schema, "code", list(codes))
        query = self._matching([wanted])
        total = self._counted(query)
        if not total:
            return None
        hits = self._page(query, by_date=True)
        return Hits("number", total, hits, self._facets([wanted], False))

    # -- every word

    def _ordered(self, question: Question, requirements: Sequence[Requirement], total: int) -> tuple[Hit, ...]:
        if total <= self._query.offset:
            return ()
        if self._query.sort == "date" or question.empty:
            return self._page(self._matching(self._ranking.having_all(question, requirements)), by_date=True)
        if self._rarest(requirements) <= COMMON:
            return self._page(self._scored(self._ranking.strict(question, requirements)))
        return self._titles_first(question, requirements)

    def _titles_first(self, question: Question, requirements: Sequence[Requirement]) -> tuple[Hit, ...]:
        """For words that most documents have: those with all of them in the title, then the rest.

        Ranking every document of a large part of the collection costs milliseconds; titles cost a tenth, and are what
        the score would bring to the front.
        """
        offset, limit = self._query.offset, self._query.limit
        titled = self._scored(self._ranking.titles(question, requirements))
        hits = self._page(titled)
        if len(hits) == limit:
            return hits
        passed = max(0, offset - self._counted(titled)) if not hits else 0
        in_title = TantivyQuery.boolean_query([(Occur.Must, requirement.in_title) for requirement in requirements])
        rest = [*self._ranking.strict(question, requirements), (Occur.MustNot, in_title)]
        return hits + self._page(self._scored(rest), offset=passed, limit=limit - len(hits))

    def _rarest(self, requirements: Sequence[Requirement]) -> int:
        bounds = [requirement.frequency for requirement in requirements]
        for field, values in self._query.filters.items():
            bounds.append(sum(self._searcher.doc_freq(field, value) for value in values))
        return min(bounds, default=self._searcher.num_docs)

    # -- near matches

    def _closest(self, question: Question) -> Hits:
        scored = self._scored(self._ranking.close(question))
        found = self._found(scored, 0, CLOSEST)
        if not found:
            return Hits("close", 0, (), dict.fromkeys(self._query.facets, ()))
        least = found[0].score * CLOSE_SHARE
        near = [hit for hit in found if hit.score >= least]
        keys = TantivyQuery.term_set_query(self._schema, "key", [hit.key for hit in near])
        if self._query.sort == "date":
            hits = self._page(keys, by_date=True)
        else:
            hits = tuple(near[self._query.offset : self._query.offset + self._query.limit])
        return Hits("close", len(near), hits, self._facets([keys], False))

    # -- counting

    def _count(self, every: Sequence[TantivyQuery], rarest: int) -> tuple[int, bool]:
        """Documents with all of `every` and the filters; whether the count is an estimate from the sample."""
        if not every and not self._filters:
            return int(self._searcher.num_docs), False
        if rarest > COMMON:
            sampled = self._counted(self._matching([*every, self._sample()]))
            if sampled >= SAMPLE_ENOUGH:
                return sampled * SAMPLE, True
        return self._counted(self._matching(every)), False

    def _facets(self, every: Sequence[TantivyQuery], approximate: bool) -> dict[str, tuple[tuple[str, int], ...]]:
        """Counts per value. A field that filters is counted without its own filter, so that values can be added."""
        counts: dict[str, tuple[tuple[str, int], ...]] = {}
        every = [*every, self._sample()] if approximate else every
        scale = SAMPLE if approximate else 1
        own = [name for name in self._query.facets if self._query.filters.get(name)]
        for names in ([name for name in self._query.facets if name not in own], *([name] for name in own)):
            if names:
                counts |= self._aggregate(self._matching(every, without=names[0]), names, scale)
        return counts

    def _aggregate(
        self, query: TantivyQuery, names: Sequence[str], scale: int
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        wanted = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in names}
        found = self._searcher.aggregate(query, wanted)
        return {
            name: tuple((bucket["key"], bucket["doc_count"] * scale) for bucket in found[name]["buckets"])
            for name in names
        }

    def _sample(self) -> TantivyQuery:
        return TantivyQuery.const_score_query(TantivyQuery.term_query(self._schema, "sample", "1"), 0.0)

    # -- plain tantivy

    def _matching(self, every: Sequence[TantivyQuery], without: str = "") -> TantivyQuery:
        filters = self._filters
        if without and self._query.filters.get(without):
            kept = {name: values for name, values in self._query.filters.items() if name != without}
            filters = self._ranking.filters(kept)
        clauses = [(Occur.Must, query) for query in (*every, *filters)]
        return TantivyQuery.boolean_query(clauses) if clauses else TantivyQuery.all_query()

    def _scored(self, clauses: Clauses) -> TantivyQuery:
        if not self._filters:
            return TantivyQuery.boolean_query(clauses)
        inner = TantivyQuery.boolean_query(clauses)
        return TantivyQuery.boolean_query([(Occur.Must, query) for query in (inner, *self._filters)])

    def _counted(self, query: TantivyQuery) -> int:
        return int(self._searcher.search(TantivyQuery.const_score_query(query, 0.0), 1, count=True).count)

    def _page(
        self, query: TantivyQuery, *, by_date: bool = False, offset: int | None = None, limit: int | None = None
    ) -> tuple[Hit, ...]:
        offset = self._query.offset if offset is None else offset
        limit = self._query.limit if limit is None else limit
        return self._found(query, offset, limit, by_date=by_date)

    def _found(self, query: TantivyQuery, offset: int, limit: int, *, by_date: bool = False) -> tuple[Hit, ...]:
        if by_date:
            result = self._searcher.search(
                query, limit, count=False, offset=offset, order_by_field="released_at", order=Order.Desc
            )
            return tuple(Hit(self._key(address), 0.0) for _, address in result.hits)
        result = self._searcher.search(query, limit, count=False, offset=offset)
        return tuple(Hit(self._key(address), score) for score, address in result.hits)

    def _key(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("key"))
