"""How well search finds: titles cut short, and questions of citizens, on the real documents in ../shared/data.

    python -m benchmarks.retrieval [--misses] [--imported]

By default the documents go straight into an index of their own; with --imported the installation in GONGKAI_HOME is
asked, into which the four files were brought by `gongkai import items` (what was rejected or held back then counts as
not found).

Known item: the question is a title without its first and last quarter; found when the document, or another with the
same title (a version of the same law, a second copy), is among the first ten. Citizens' questions: each names one
document; recall@10 over all imported documents. Questions fall into halves by a hash of their number: weights were set
on the first half only.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from gongkai.chinese.tokens import plain
from gongkai.search.asking import Query
from gongkai.search.engine import Engine
from gongkai.search.schema import SearchDocument

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = ("hebei", "regulations", "covid-policy", "citizen-messages")
_RELEASED = datetime(2024, 1, 1, tzinfo=UTC)


def records(name: str) -> Iterator[dict]:
    with (DATA / "documents" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def documents() -> Iterator[SearchDocument]:
    for name in FILES:
        for record in records(name):
            yield SearchDocument(
                key=record["id"],
                external_id=record["id"],
                title=record["title"] or "",
                body=record["body"] or "",
                organ_name=record["agency"] or "",
                organ=record["agency"] or "来源不详",
                released_at=_RELEASED,
            )


def middle(title: str) -> str:
    """The title without its first and last quarter."""
    quarter = len(title) // 4
    return title[quarter : len(title) - quarter]


#: Answers a text with the identifiers of at most so many documents, best first.
Finder = Callable[[str, int], list[str]]


def in_index(engine: Engine) -> Finder:
    return lambda text, limit: [hit.key for hit in engine.search(Query(text, limit=limit)).hits]


def in_installation() -> Finder:
    """Asks the way the command line and the portal do: index and database together."""
    import django

    django.setup()
    from django.utils import timezone

    from gongkai.search.queries import find

    return lambda text, limit: [hit.external_id for hit in find(text, limit=limit, on=timezone.localdate())]


def known_items(find: Finder, name: str) -> tuple[float, float, int, list[str]]:
    """Share found; share found when an equal remaining title counts too; number; the questions that missed."""
    same_title, same_middle = defaultdict(set), defaultdict(set)
    for file in FILES:
        for record in records(file):
            same_title[re.sub(r"\W", "", plain(record["title"]))].add(record["id"])
            same_middle[middle(record["title"])].add(record["id"])
    found = equal = number = 0
    missed = []
    for record in records(name):
        number += 1
        ten = set(find(middle(record["title"]), 10))
        hit = not ten.isdisjoint(same_title[re.sub(r"\W", "", plain(record["title"]))])
        found += hit
        equal += hit or not ten.isdisjoint(same_middle[middle(record["title"])])
        if not hit:
            missed.append(f"{middle(record['title'])} ← {record['title']}")
    return found / number, equal / number, number, missed


def half(question: dict) -> int:
    return hashlib.sha256(question["qid"].encode()).digest()[0] % 2


def questions() -> list[dict]:
    with (DATA / "retrieval" / "covid-policy-queries.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ranks(find: Finder, asked: Iterable[dict], limit: int = 100) -> list[int | None]:
    """Place (from 1) of the first relevant document for each question, None when not among the first `limit`."""
    places: list[int | None] = []
    for question in asked:
        found = enumerate(find(question["query"], limit), 1)
        places.append(next((at for at, key in found if key in question["relevant"]), None))
    return places


def recall(places: list[int | None], at: int) -> float:
    return sum(place is not None and place <= at for place in places) / len(places)


def reciprocal(places: list[int | None]) -> float:
    return sum(1 / place for place in places if place) / len(places)


def report(find: Finder, *, misses: bool) -> None:
    print("| known item | questions | in the first 10 | equal remaining title counts too |\n|---|---|---|---|")
    for name in ("hebei", "regulations"):
        found, equal, asked, missed = known_items(find, name)
        print(f"| {name} | {asked} | {found:.2%} | {equal:.2%} |")
        for line in missed if misses else ():
            print("   missed:", line)
    print("\n| citizens' questions | number | recall@10 | recall@1 | recall@100 | mean reciprocal rank |")
    print("|---|---|---|---|---|---|")
    every = questions()
    halves = {"set on": [q for q in every if half(q) == 0], "held back": [q for q in every if half(q) == 1]}
    for name, asked in (halves | {"all": every}).items():
        places = ranks(find, asked)
        at = " | ".join(f"{recall(places, k):.2%}" for k in (10, 1, 100))
        print(f"| {name} | {len(asked)} | {at} | {reciprocal(places):.4f} |")
    for question, place in zip(every, ranks(find, every), strict=True) if misses else ():
        if place is None or place > 10:
            print("   missed:", place, question["query"])


def main() -> None:
    if not DATA.is_dir():
        sys.exit(f"No real documents: {DATA} is absent.")
    misses = "--misses" in sys.argv
    if "--imported" in sys.argv:
        report(in_installation(), misses=misses)
        return
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(folder)
        begun = time.perf_counter()
        number = engine.apply(documents(), position=1)
        print(f"{number} documents indexed in {time.perf_counter() - begun:.1f} s\n")
        report(in_index(engine), misses=misses)


if __name__ == "__main__":
    main()
