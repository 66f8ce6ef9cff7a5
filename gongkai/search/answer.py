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
#: Near matches end here, and where the score falls below this part of what having each pair once would give.
CLOSEST, CLOSE_SHARE = 100, 0.3
#: Where even the rarest word is in more documents than this, titles come first and counts come from the sample.
COMMON = 5_000
#: Fewer matches than this in the sample say too little: then all is counted.
SAMPLE_ENOUGH = 200
#: Values of a facet that are counted, the most frequent first.
FACET_VALUES = 200

Facets = dict[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Matching:
    """What a document must have (filters apart).

    Where that is very many, `sampled` asks the same of the sample, and `estimate` is how many there are about.
    """

    every: list[TantivyQuery]
    sampled: list[TantivyQuery] | None = None
    estimate: int = 0

    @property
    def approximate(self) -> bool:
        return self.sampled is not None


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
        total, hits = self._ranked(matching)
        if self._too_few(total):
            return self._closest()
        return Hits("all", total, hits, self._facets(matching), matching.approximate)

    def total_having_all(self) -> int:
        """How many documents have every word and phrase."""
        matching = self._having_all()
        return matching.estimate or self._count(matching.every)

    # -- exact numbers

    def _by_number(self) -> Hits | None:
        known = [code for code in self._question.codes if self._searcher.doc_freq("code", code)]
        if not known:
            return None
        wanted = TantivyQuery.term_set_query(self._schema, "code", known)
        total, hits = self._newest([wanted])
        if not total:
            return None
        return Hits("number", total, hits, self._facets(Matching([wanted])))

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
        if (typed := self._ranking.typed_in_title(self._question)) is not None and self._cut_differently(typed):
            return Matching([self._ranking.either(every, typed)])
        if self._rarest > COMMON and every:
            sampled = [requirement.in_sample for requirement in self._requirements]
            found = self._count(sampled)
            if found >= SAMPLE_ENOUGH:
                return Matching(every, sampled, found * SAMPLE)
        return Matching(every)

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

    def _ranked(self, matching: Matching) -> tuple[int, tuple[Hit, ...]]:
        """The total and the page asked for; both from one pass, except where the total is an estimate."""
        if matching.approximate and self._query.sort == "relevance" and not self._question.empty:
            return matching.estimate, self._titles_first(matching)
        if self._query.sort == "date" or self._question.empty:
            total, hits = self._newest(matching.every)
        else:
            total, hits = self._best(self._ranking.strict(self._question, matching.every))
        return (matching.estimate or total), hits

    def _titles_first(self, matching: Matching) -> tuple[Hit, ...]:
        """For words that very many documents have: titles with all of them, with the rarest, then the rest.

        Ranking every document of a large part of the collection costs milliseconds; titles cost a tenth, and are what
        the score would bring to the front. Each tier leaves out the one before, so that pages go on without a break.
        """
        strict = self._ranking.strict(self._question, matching.every)
        every_word = self._ranking.together([(Occur.Must, one.in_title) for one in self._requirements])
        rarest = min(self._requirements, key=lambda one: one.frequency).in_title
        tiers: list[Clauses] = [
            self._ranking.titles(self._question, self._requirements),
            [*strict, (Occur.Must, rarest), (Occur.MustNot, every_word)],
            [*strict, (Occur.MustNot, rarest)],
        ]
        if len(self._requirements) == 1:
            del tiers[1]
        hits: tuple[Hit, ...] = ()
        start = self._query.offset
        for tier in tiers:
            number, found = self._best(
                tier, offset=start, limit=self._query.limit - len(hits), count=tier is not tiers[-1]
            )
            hits += found
            if len(hits) == self._query.limit:
                break
            start = max(0, start - number)
        return hits

    # -- near matches

    def _closest(self) -> Hits:
        _, found = self._best(self._ranking.close(self._question), offset=0, limit=CLOSEST, count=False)
        nothing = Hits("close", 0, (), dict.fromkeys(self._query.facets, ()))
        least = CLOSE_SHARE * self._ranking.once(self._question, self._searcher.num_docs)
        near = [hit for hit in found if hit.score >= least]
        if not near:
            return nothing
        keys = [TantivyQuery.term_set_query(self._schema, "key", [hit.key for hit in near])]
        page = slice(self._query.offset, self._query.offset + self._query.limit)
        hits = self._newest(keys)[1] if self._query.sort == "date" else tuple(near[page])
        return Hits("close", len(near), hits, self._facets(Matching(keys)))

    # -- counting

    def _facets(self, matching: Matching) -> Facets:
        """Counts per value. A field that filters is counted without its own filter, so that values can be added."""
        every, scale = (matching.every, 1) if matching.sampled is None else (matching.sampled, SAMPLE)
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

    def _newest(self, every: Sequence[TantivyQuery]) -> tuple[int, tuple[Hit, ...]]:
        result = self._searcher.search(
            self._matching(every),
            self._query.limit,
            offset=self._query.offset,
            order_by_field="released_at",
            order=Order.Desc,
        )
        return result.count, tuple(Hit(self._key(address), 0.0) for _, address in result.hits)

    def _best(
        self, scored: Clauses, *, offset: int | None = None, limit: int | None = None, count: bool = True
    ) -> tuple[int, tuple[Hit, ...]]:
        """Total and page by score. Without `count` the total is 0, and tantivy may skip what cannot come to the front."""
        query = self._ranking.together(scored)
        if self._filters:
            query = self._ranking.together([(Occur.Must, one) for one in (query, *self._filters)])
        offset = self._query.offset if offset is None else offset
        result = self._searcher.search(query, limit or self._query.limit, count=count, offset=offset)
        return result.count or 0, tuple(Hit(self._key(address), score) for score, address in result.hits)

    def _key(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("key"))
