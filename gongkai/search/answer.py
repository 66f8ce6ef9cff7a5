"""One question answered on one state of the index: what matches, in which order, how many, with which facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import tantivy
from tantivy import Occur, Order
from tantivy import Query as TantivyQuery

from gongkai.search.asking import Hit, Hits, Query, take_apart
from gongkai.search.ranking import Clauses, Ranking, Requirement
from gongkai.search.schema import SAMPLE

#: With fewer documents than this having every word of a sentence, near matches are sought instead.
ENOUGH = 10
#: Up to this many words a question is a list of words: what has them all is the answer, be it one document.
FEW_WORDS = 3
#: Near matches end here, and where the score falls below this part of the best one.
CLOSEST, CLOSE_SHARE = 100, 0.3
#: Where even the rarest word is in more documents than this, titles come first and counts come from the sample.
COMMON = 20_000
#: Fewer matches than this in the sample say too little: then all is counted.
SAMPLE_ENOUGH = 200
#: Values of a facet that are counted, the most frequent first.
FACET_VALUES = 200

Facets = dict[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Matching:
    """What a document must have (filters apart), and how many documents that is."""

    every: list[TantivyQuery]
    total: int
    approximate: bool


class Answering:
    """Answers `query` with one searcher; made for one question and dropped."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query) -> None:
        self._searcher = searcher
        self._schema = schema
        self._query = query
        self._question = take_apart(query.text)
        self._ranking = Ranking(schema, searcher.doc_freq)
        self._filters = self._ranking.filters(query.filters)

    def answer(self) -> Hits:
        if found := self._by_number():
            return found
        matching = self._having_all()
        if self._too_few(matching.total):
            return self._closest()
        facets = self._facets(matching.every, matching.approximate)
        return Hits("all", matching.total, self._ordered(matching), facets, matching.approximate)

    def total_having_all(self) -> int:
        """How many documents have every word and phrase."""
        return self._having_all().total

    # -- exact numbers

    def _by_number(self) -> Hits | None:
        if not self._question.codes:
            return None
        wanted = TantivyQuery.term_set_query(self._schema, "code", list(self._question.codes))
        total = self._count([wanted])
        if not total:
            return None
        return Hits("number", total, self._newest([wanted]), self._facets([wanted], False))

    # -- every word

    @cached_property
    def _requirements(self) -> list[Requirement]:
        return self._ranking.requirements(self._question)

    @cached_property
    def _rarest(self) -> int:
        """At most so many documents match, by the rarest word or filter."""
        bounds = [requirement.frequency for requirement in self._requirements]
        for field, values in self._query.filters.items():
            bounds.append(sum(self._searcher.doc_freq(field, value) for value in values))
        return min(bounds, default=self._searcher.num_docs)

    def _having_all(self) -> Matching:
        every = [requirement.anywhere for requirement in self._requirements]
        if not every and not self._filters:
            return Matching([], int(self._searcher.num_docs), False)
        if (typed := self._ranking.typed_in_title(self._question)) is not None and self._cut_differently(typed):
            every = [self._ranking.either(every, typed)]
            return Matching(every, self._count(every), False)
        if self._rarest > COMMON:
            sampled = self._count([*every, self._sample])
            if sampled >= SAMPLE_ENOUGH:
                return Matching(every, sampled * SAMPLE, True)
        return Matching(every, self._count(every) if self._rarest else 0, False)

    def _cut_differently(self, typed: TantivyQuery) -> bool:
        """Whether a title has the text just as typed and yet not all its words, for the segmenter cut it otherwise."""
        without = TantivyQuery.boolean_query([(Occur.Must, one.anywhere) for one in self._requirements])
        return (
            self._searcher.search(
                TantivyQuery.boolean_query([(Occur.Must, typed), (Occur.MustNot, without)]), 1, count=False
            ).hits
            != []
        )

    def _too_few(self, total: int) -> bool:
        question = self._question
        if question.empty:
            return False
        asked = len(question.words) + len(question.phrases)
        return total == 0 or (asked > FEW_WORDS and (question.asking or total < ENOUGH))

    def _ordered(self, matching: Matching) -> tuple[Hit, ...]:
        if matching.total <= self._query.offset:
            return ()
        if self._query.sort == "date" or self._question.empty:
            return self._newest(matching.every)
        if self._rarest <= COMMON:
            return self._best(self._ranking.strict(self._question, matching.every))
        return self._titles_first(matching)

    def _titles_first(self, matching: Matching) -> tuple[Hit, ...]:
        """For words that most documents have: those with all of them in the title, then the rest.

        Ranking every document of a large part of the collection costs milliseconds; titles cost a tenth, and are what
        the score would bring to the front.
        """
        offset, limit = self._query.offset, self._query.limit
        titled = self._ranking.titles(self._question, self._requirements)
        hits = self._best(titled)
        if len(hits) == limit:
            return hits
        passed = 0 if hits else max(0, offset - self._count([self._ranking.together(titled)]))
        in_title = self._ranking.together([(Occur.Must, requirement.in_title) for requirement in self._requirements])
        rest = [*self._ranking.strict(self._question, matching.every), (Occur.MustNot, in_title)]
        return hits + self._best(rest, offset=passed, limit=limit - len(hits))

    # -- near matches

    def _closest(self) -> Hits:
        found = self._best(self._ranking.close(self._question), offset=0, limit=CLOSEST)
        if not found:
            return Hits("close", 0, (), dict.fromkeys(self._query.facets, ()))
        least = found[0].score * CLOSE_SHARE
        near = [hit for hit in found if hit.score >= least]
        keys = [TantivyQuery.term_set_query(self._schema, "key", [hit.key for hit in near])]
        page = slice(self._query.offset, self._query.offset + self._query.limit)
        hits = self._newest(keys) if self._query.sort == "date" else tuple(near[page])
        return Hits("close", len(near), hits, self._facets(keys, False))

    # -- counting

    def _facets(self, every: Sequence[TantivyQuery], approximate: bool) -> Facets:
        """Counts per value. A field that filters is counted without its own filter, so that values can be added."""
        if approximate:
            every = [*every, self._sample]
        scale = SAMPLE if approximate else 1
        own = [name for name in self._query.facets if self._query.filters.get(name)]
        others = [name for name in self._query.facets if name not in own]
        counts: Facets = {}
        for names in [others, *([name] for name in own)]:
            if names:
                counts |= self._aggregate(self._matching(every, without=names[0]), names, scale)
        return counts

    def _aggregate(self, query: TantivyQuery, names: Sequence[str], scale: int) -> Facets:
        wanted = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in names}
        found = self._searcher.aggregate(query, wanted)
        return {
            name: tuple((bucket["key"], bucket["doc_count"] * scale) for bucket in found[name]["buckets"])
            for name in names
        }

    @cached_property
    def _sample(self) -> TantivyQuery:
        return TantivyQuery.term_query(self._schema, "sample", "1")

    # -- plain tantivy

    def _matching(self, every: Sequence[TantivyQuery], without: str = "") -> TantivyQuery:
        filters = self._filters
        if without and self._query.filters.get(without):
            kept = {name: values for name, values in self._query.filters.items() if name != without}
            filters = self._ranking.filters(kept)
        clauses = [(Occur.Must, query) for query in (*every, *filters)]
        if len(clauses) == 1:
            return clauses[0][1]
        return TantivyQuery.boolean_query(clauses) if clauses else TantivyQuery.all_query()

    def _count(self, every: Sequence[TantivyQuery]) -> int:
        return int(self._searcher.search(self._matching(every), 1, count=True).count)

    def _newest(self, every: Sequence[TantivyQuery]) -> tuple[Hit, ...]:
        result = self._searcher.search(
            self._matching(every),
            self._query.limit,
            count=False,
            offset=self._query.offset,
            order_by_field="released_at",
            order=Order.Desc,
        )
        return tuple(Hit(self._key(address), 0.0) for _, address in result.hits)

    def _best(self, scored: Clauses, *, offset: int | None = None, limit: int | None = None) -> tuple[Hit, ...]:
        if self._filters:
            together = self._ranking.together(scored)
            scored = [(Occur.Must, query) for query in (together, *self._filters)]
        result = self._searcher.search(
            self._ranking.together(scored),
            self._query.limit if limit is None else limit,
            count=False,
            offset=self._query.offset if offset is None else offset,
        )
        return tuple(Hit(self._key(address), score) for score, address in result.hits)

    def _key(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("key"))
