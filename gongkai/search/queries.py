"""Search as the public may use it: the index proposes, the database disposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from gongkai.chinese.highlight import excerpt, found_in, mark, terms_of, to_html
from gongkai.disclosure.queries.findable import external_ids, public_rows, public_texts
from gongkai.disclosure.queries.public import Row, item_url
from gongkai.search.asking import Hits, Query, Relaxation, Sort
from gongkai.search.engine import Engine, IndexBroken
from gongkai.search.place import engine

Answered = TypeVar("Answered")

PAGE = 25
# Asked for beyond what is shown, so that a hit the database refuses leaves no gap.
SPARE = 5


class SearchUnavailable(Exception):
    """The index cannot be read; pages say so and offer browsing, the command line says how to make it anew."""


def _engine_answers(ask_engine: Callable[[Engine], Answered]) -> Answered:
    """What the engine answers, or `SearchUnavailable` whatever it stumbles over in its files."""
    try:
        return ask_engine(engine())
    except (OSError, IndexBroken) as error:
        raise SearchUnavailable from error
    except BaseException as error:
        # tantivy panics on cut files with an exception of its own that is no Exception.
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
            raise SearchUnavailable from error
        raise


@dataclass(frozen=True)
class Found:
    """A hit that may be shown."""

    item_id: int
    score: float
    row: Row
    title_html: str = ""
    excerpt_html: str = ""
    attachment: tuple[int, str] | None = None  # order and filename of the attachment the words stand in

    @property
    def index_number(self) -> str:
        return self.row.index_number

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def agency(self) -> str:
        return self.row.organ

    @property
    def released_at(self) -> datetime:
        return self.row.released_at

    @property
    def url(self) -> str:
        return item_url(self.index_number)


@dataclass(frozen=True)
class Listed(Found):
    """A hit of `find`, with what an import called it."""

    external_id: str = ""


@dataclass(frozen=True)
class Answer:
    """One page of an answer."""

    kind: str  # number | all | close
    total: int
    approximate: bool
    hits: list[Found]
    facets: Mapping[str, dict[str, int]]
    relaxations: tuple[Relaxation, ...] = field(default_factory=tuple)


def find(text: str, *, limit: int, on: date) -> list[Listed]:
    """The best `limit` hits, without excerpts; for the command line and other programs."""
    hits = _engine_answers(lambda e: e.search(Query(text=text, limit=limit + SPARE)))
    rows = public_rows([int(h.key) for h in hits.hits], on=on)
    outside = external_ids(rows)
    found = [
        Listed(int(h.key), h.score, rows[int(h.key)], external_id=outside.get(int(h.key), ""))
        for h in hits.hits
        if int(h.key) in rows
    ]
    return found[:limit]


def ask(
    text: str,
    *,
    filters: Mapping[str, Sequence[str]],
    sort: Sort,
    page: int,
    on: date,
    facets: tuple[str, ...] = ("organ", "theme", "heading", "year", "validity"),
) -> Answer:
    """One page of hits with excerpts and facet counts; relaxations where nothing is found. `page` counts from 1."""
    chosen = {name: tuple(values) for name, values in filters.items() if values}
    query = Query(text=text, filters=chosen, sort=sort, offset=(page - 1) * PAGE, limit=PAGE, facets=facets)
    hits = _engine_answers(lambda e: e.search(query))
    shown = _shown(hits, text, on)
    counted = {name: dict(values) for name, values in hits.facets.items()}
    relaxations = (
        _engine_answers(lambda e: e.relaxations(query)) if page == 1 and (not shown or hits.kind == "close") else ()
    )
    return Answer(hits.kind, hits.total, hits.approximate, shown, counted, relaxations)


def _shown(hits: Hits, text: str, on: date) -> list[Found]:
    ids = [int(h.key) for h in hits.hits]
    rows, texts, terms = public_rows(ids, on=on), public_texts(ids), terms_of(text)
    found = []
    for hit in hits.hits:
        item_id = int(hit.key)
        if item_id not in rows or item_id not in texts:
            continue
        body, attachments = texts[item_id]
        best, place = body, None
        # An attachment is named only where it holds more of the words than the text itself.
        words_in_body = found_in(body, terms) if attachments else 0
        for order, name, attached in attachments:
            if found_in(attached, terms) > words_in_body:
                best, place, words_in_body = attached, (order, name), found_in(attached, terms)
        found.append(
            Found(
                item_id, hit.score, rows[item_id], to_html(mark(rows[item_id].title, terms)),
                to_html(excerpt(best, terms)), place,
            )
        )  # fmt: skip
    return found
