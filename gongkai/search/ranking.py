"""From a question to tantivy queries: what must match, and what weighs how much.

The weights were set on one half of real questions and checked on the other half and on titles
(`benchmarks/retrieval.py`); BM25 with k1 1.2 and b 0.75 is what tantivy has built in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from tantivy import Occur, Query, Schema

from gongkai.chinese.tokens import pairs, question_pairs
from gongkai.search.asking import Question

#: Weight of the title beside the text, for a question of one or two words and for one of a whole sentence: the title
#: tells what a document is about, but a long question shares some word with very many titles.
TITLE_SHORT, TITLE_LONG = 2.0, 0.3
#: A question of so many words or more is a sentence.
SENTENCE = 6
#: Weight of two neighbouring characters beside a word, when all words are there.
NEAR = 0.5
#: Weight of a word beside its character pairs, when only near matches are sought.
WORD_AMONG_PAIRS = 0.25
#: Near matches of a pasted paragraph are sought by its rarest words and pairs.
MOST_WORDS, MOST_PAIRS = 20, 40
#: Weight of the whole question standing in the title just so.
WHOLE_TITLE = 5.0


Clauses = list[tuple[Occur, Query]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A word or a quoted phrase that a document has to have: how to find it, also in titles, and how common it is.

    `in_sample` finds it in the documents of the sample, by text alone.
    """

    anywhere: Query
    in_sample: Query
    in_title: Query
    frequency: int


class Ranking:
    """Builds the queries for one schema; `frequency(field, term)` gives the number of documents with a term."""

    def __init__(self, schema: Schema, frequency: Callable[[str, str], int]) -> None:
        self._schema = schema
        self._frequency = frequency

    def requirements(self, question: Question) -> list[Requirement]:
        return [*map(self._word, question.words), *map(self._phrase, question.phrases)]

    def _word(self, word: str) -> Requirement:
        anywhere, sample, title = (self._term(field, word) for field in ("words", "sample_words", "title_words"))
        return Requirement(anywhere, sample, title, self._frequency("words", word))

    def _phrase(self, phrase: Sequence[str]) -> Requirement:
        text, sample, title = (self._sequence(field, phrase) for field in ("pairs", "sample_pairs", "title_pairs"))
        either = Query.boolean_query([(Occur.Should, text), (Occur.Should, title)])
        return Requirement(either, sample, title, min(self._frequency("pairs", pair) for pair in phrase))

    def typed_in_title(self, question: Question) -> Query | None:
        """The text just as typed standing in the title; None where that says no more than its words do."""
        typed, parts = _as_typed(question), len(question.loose.split())
        listed = parts > 1 and parts >= len(question.words)
        if len(typed) < 3 or listed or question.phrases:
            return None
        return self._sequence("title_pairs", typed)

    def either(self, every: Sequence[Query], typed: Query) -> Query:
        together = Query.boolean_query([(Occur.Must, one) for one in every])
        return Query.boolean_query([(Occur.Should, together), (Occur.Should, typed)])

    @staticmethod
    def together(clauses: Clauses) -> Query:
        """One query of required, optional and excluded clauses.

        Next to required clauses each optional one is wrapped by itself: tantivy then looks it up for the documents in
        question, where a union of several would be walked through from end to end.
        """
        firm = [clause for clause in clauses if clause[0] != Occur.Should]
        if not any(occur == Occur.Must for occur, _ in firm):
            return Query.boolean_query(list(clauses))
        query = Query.boolean_query(firm)
        for clause in clauses:
            if clause[0] == Occur.Should:
                query = Query.boolean_query([(Occur.Must, query), clause])
        return query

    def filters(self, filters: Mapping[str, Sequence[str]]) -> list[Query]:
        """One query per filtered field: any of the values. They do not weigh."""
        return [
            Query.const_score_query(
                Query.boolean_query([(Occur.Should, self._term(field, value)) for value in values]), 0.0
            )
            for field, values in filters.items()
            if values
        ]

    def strict(self, question: Question, every: Sequence[Query]) -> Clauses:
        """All of `every`; words in the title and words side by side weigh more."""
        weight = self._title_weight(question)
        clauses = [(Occur.Must, query) for query in every]
        clauses += [(Occur.Should, self._term("title_words", word, weight)) for word in question.words]
        return clauses + self._closeness(question, NEAR, weight)

    def titles(self, question: Question, requirements: Sequence[Requirement]) -> Clauses:
        """Every word and phrase, all in the title."""
        clauses = [(Occur.Must, requirement.in_title) for requirement in requirements]
        return clauses + self._whole(question)

    def close(self, question: Question) -> Clauses:
        """Any word or pair of neighbouring characters of the question, the rare ones weighing most."""
        weight = self._title_weight(question)
        clauses = [
            clause
            for word in self._rarest("words", question.words, MOST_WORDS)
            for clause in self._both("words", "title_words", word, WORD_AMONG_PAIRS, weight)
        ]
        clauses += [
            clause for pair in self._pairs(question) for clause in self._both("pairs", "title_pairs", pair, 1.0, weight)
        ]
        return clauses + self._whole(question)

    def once(self, question: Question, documents: int) -> float:
        """About the score by `close` of a text of usual length that has every pair of the question once."""
        frequencies = [self._frequency("pairs", pair) for pair in self._pairs(question)]
        return sum(log(1 + (documents - number + 0.5) / (number + 0.5)) for number in frequencies)

    def _pairs(self, question: Question) -> list[str]:
        """The pairs near matches are sought by; of a very long question the rarest."""
        quoted = [pair for phrase in question.phrases for pair in phrase]
        return self._rarest("pairs", [*question_pairs(question.loose), *quoted], MOST_PAIRS)

    def _rarest(self, field: str, terms: Sequence[str], number: int) -> list[str]:
        different = list(dict.fromkeys(terms))
        if len(different) <= number:
            return different
        return sorted(different, key=lambda term: self._frequency(field, term))[:number]

    def _closeness(self, question: Question, scale: float, title: float) -> Clauses:
        """Pairs that bridge two words of the question: they are there only where the words stand side by side."""
        inside = {pair for word in question.words for pair in pairs(word)}
        bridges = [pair for pair in question_pairs(question.loose) if pair not in inside]
        clauses = [clause for pair in bridges for clause in self._both("pairs", "title_pairs", pair, scale, title)]
        return clauses + self._whole(question)

    def _whole(self, question: Question) -> Clauses:
        typed = _as_typed(question)
        if len(typed) < 2:
            return []
        return [(Occur.Should, Query.boost_query(self._sequence("title_pairs", typed), WHOLE_TITLE))]

    def _both(self, field: str, title_field: str, term: str, scale: float, title: float) -> Clauses:
        return [
            (Occur.Should, self._term(field, term, scale)),
            (Occur.Should, self._term(title_field, term, scale * title)),
        ]

    def _title_weight(self, question: Question) -> float:
        share = min(1.0, max(0, len(question.words) - 2) / (SENTENCE - 2))
        return TITLE_SHORT + share * (TITLE_LONG - TITLE_SHORT)

    def _term(self, field: str, term: str, boost: float = 1.0) -> Query:
        query = Query.term_query(self._schema, field, term)
        return query if boost == 1.0 else Query.boost_query(query, boost)

    def _sequence(self, field: str, terms: Sequence[str]) -> Query:
        if len(terms) == 1:
            return self._term(field, terms[0])
        return Query.phrase_query(self._schema, field, list(terms))


def _as_typed(question: Question) -> list[str]:
    """The text as a sequence of pairs, without a number at either end: it may be half a number (〔2023, 201)."""
    typed = pairs(question.loose)
    if len(typed) > 2 and typed[-1][-1].isascii():
        typed.pop()
    if len(typed) > 2 and typed[0][0].isascii():
        typed.pop(0)
    return typed
