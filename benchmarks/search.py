"""Search at 5,000 and 200,000 documents, beside SQLite FTS5 on the same words in the same run.

    python -m benchmarks.search [number of documents …]        prints Markdown

The documents are made here: words of the segmenter's own dictionary drawn by Zipf's law, a third of them in fixed
phrases; the commonest words are in nearly all documents, the commonest phrases in a tenth.
A time is one whole `Engine.search`: taking the question apart, the 25 best and the total. FTS5 gives its 25 best by
bm25 and no total. FTS5 holds the words only; the engine also holds character pairs with positions and the facets.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import rjieba

from gongkai.chinese.tokens import content_words, index_tokens
from gongkai.search.asking import Query
from gongkai.search.engine import Engine
from gongkai.search.schema import FACETS, SearchDocument

WORDS, PHRASES = 30_000, 50_000
_FREQUENT = (
    "工作 管理 部门 规定 单位 服务 建设 人员 项目 企业 政策 社会 发展 安全 通知 办法 机关 申请 保障 实施 教育 资金 "
    "生产 组织 信息 公开 标准 技术 环境 制度 监督 检查 保险 补贴 培训 就业 创业 住房 医疗 卫生 交通 农业 土地 征收 补偿"
)


def word_list() -> list[str]:
    """Two-character words the segmenter knows, government ones most frequent; the same on every machine."""
    characters = [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
    draw = random.Random(7)
    draw.shuffle(characters)
    known = [a + b for a in characters for b in characters[:1200] if rjieba.has_word(a + b)]
    draw.shuffle(known)
    first = _FREQUENT.split()
    return [*first, *(word for word in known if word not in set(first))][:WORDS]


class Texts:
    """Deterministic documents and questions over one word list."""

    def __init__(self) -> None:
        self.words = word_list()
        self._cumulative = self._zipf(len(self.words), 3)
        draw = np.random.default_rng(11)
        lengths = draw.integers(2, 5, PHRASES)
        self.phrases = ["".join(self._drawn(draw, length)) for length in lengths]
        self._phrase_cumulative = self._zipf(PHRASES, 60)

    @staticmethod
    def _zipf(number: int, flat: float) -> np.ndarray:
        weights = 1 / (np.arange(number) + flat)
        return np.cumsum(weights / weights.sum())

    def _drawn(self, draw: np.random.Generator, number: int) -> list[str]:
        places = np.searchsorted(self._cumulative, draw.random(number))
        return [self.words[place] for place in np.minimum(places, len(self.words) - 1)]

    def _phrase(self, draw: np.random.Generator) -> str:
        return self.phrases[min(int(np.searchsorted(self._phrase_cumulative, draw.random())), PHRASES - 1)]

    def _text(self, draw: np.random.Generator, number: int) -> str:
        """About `number` words, a third of them in phrases, a comma after every eighth piece."""
        alone = self._drawn(draw, max(1, number * 2 // 3))
        places = np.searchsorted(self._phrase_cumulative, draw.random(max(1, number // 9)))
        pieces = alone + [self.phrases[place] for place in np.minimum(places, PHRASES - 1)]
        order = draw.permutation(len(pieces))
        return "，".join("".join(pieces[at] for at in order[start : start + 8]) for start in range(0, len(order), 8))

    def documents(self, number: int) -> Iterator[SearchDocument]:
        draw = np.random.default_rng(1)
        begin = datetime(2008, 5, 1, tzinfo=UTC)
        for at in range(number):
            yield SearchDocument(
                key=f"release-{at}",
                title=self._text(draw, 9).replace("，", ""),
                body=self._text(draw, int(draw.lognormal(5.6, 0.6))),
                doc_number=f"试政发〔{2008 + at % 18}〕{at}号",
                index_number=f"SZ{at % 97:03d}-{2008 + at % 18}-{at:06d}",
                organ=f"机关{at * 7919 % 97}",
                theme=f"主题{at % 22}",
                heading=str(at % 15),
                year=str(2008 + at % 18),
                validity="有效" if at % 9 else "已废止",
                released_at=begin + timedelta(minutes=at * 7919 % 9_000_000),
            )

    def questions(self) -> dict[str, list[str]]:
        draw, pick = np.random.default_rng(5), random.Random(5)
        frequent = self.words[:40]
        return {
            "two characters": [self._drawn(draw, 1)[0] for _ in range(300)],
            "two characters, the 40 commonest": frequent,
            "two or three words": [" ".join(self._drawn(draw, pick.choice((2, 3)))) for _ in range(300)],
            "two words of the 40 commonest": [" ".join(pick.sample(frequent, 2)) for _ in range(200)],
            "phrase": [f'"{self._phrase(draw)}"' for _ in range(300)],
            "the 40 commonest phrases": [f'"{phrase}"' for phrase in self.phrases[:40]],
            "sentence of ten words": ["".join(self._drawn(draw, 10)) for _ in range(100)],
        }


class Fts5:
    """The same words in SQLite's own full text, contentless."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("CREATE VIRTUAL TABLE docs USING fts5(title, body, content='', tokenize='unicode61')")

    def fill(self, documents: Iterator[SearchDocument]) -> None:
        rows = ((" ".join(index_tokens(d.title)), " ".join(index_tokens(d.body))) for d in documents)
        with self._connection:
            self._connection.executemany("INSERT INTO docs(title, body) VALUES (?, ?)", rows)

    def search(self, text: str) -> list[tuple[int]]:
        words = content_words(text.strip('"'))
        asked = f'"{" ".join(words)}"' if text.startswith('"') else " ".join(f'"{word}"' for word in words)
        found = "SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 2.0, 1.0) LIMIT 25"
        return self._connection.execute(found, (asked,)).fetchall()


def timed(search: Callable[[str], object], texts: list[str], rounds: int = 4) -> tuple[float, float]:
    """p50 and p95 over the questions in milliseconds, of each question its quickest round: others share the machine."""
    best = [float("inf")] * len(texts)
    for _ in range(rounds):
        for at, text in enumerate(texts):
            begun = time.perf_counter()
            search(text)
            best[at] = min(best[at], (time.perf_counter() - begun) * 1000)
    best.sort()
    return best[len(best) // 2], best[int(len(best) * 0.95)]


def size(path: Path) -> float:
    """Megabytes of a file or of a folder with all below it."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def measure(number: int, texts: Texts, folder: Path) -> None:
    engine, fts = Engine(folder / "index"), Fts5(folder / "fts5.sqlite3")
    begun = time.perf_counter()
    engine.apply(texts.documents(number), position=1, rebuild=True)
    built = time.perf_counter()
    fts.fill(texts.documents(number))
    filled = time.perf_counter()
    print(f"\n### {number:,} documents\n\n| | engine | FTS5 |\n|---|---|---|")
    print(f"| built, documents/s | {number / (built - begun):,.0f} | {number / (filled - built):,.0f} |")
    print(f"| size, MB | {size(folder / 'index'):,.0f} | {size(folder / 'fts5.sqlite3'):,.0f} |")
    print("\n| p50 / p95, ms | engine | FTS5 | FTS5 ÷ engine, p95 |\n|---|---|---|---|")
    for name, asked in texts.questions().items():
        row(name, timed(lambda text: engine.search(Query(text)), asked), timed(fts.search, asked[:100], rounds=2))
    kinds: dict[str, Callable[[str], object]] = {
        "newest first": lambda text: engine.search(Query(text, sort="date")),
        "with five facets": lambda text: engine.search(Query(text, facets=FACETS[:3] + FACETS[4:])),
        "one organ": lambda text: engine.search(Query(text, filters={"organ": ("机关5",)})),
        "page 4": lambda text: engine.search(Query(text, offset=75)),
    }
    asked = texts.questions()
    for kind, search in kinds.items():
        for name in ("two or three words", "two characters, the 40 commonest", "two words of the 40 commonest"):
            row(f"{name}; {kind}", timed(search, asked[name]), None)
    numbers = [f"试政发[{2008 + at % 18}] {at} 号" for at in range(0, number, number // 100)]
    row("document number", timed(lambda text: engine.search(Query(text)), numbers), None)


def row(name: str, ours: tuple[float, float], theirs: tuple[float, float] | None) -> None:
    beside = f"{theirs[0]:.2f} / {theirs[1]:.2f} | {theirs[1] / ours[1]:.0f}×" if theirs else "– | –"
    print(f"| {name} | {ours[0]:.2f} / {ours[1]:.2f} | {beside} |", flush=True)


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    load = os.getloadavg()[0]
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{model}, {os.cpu_count()} CPUs, {versions}, load {load:.1f}"


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:]] or [5_000, 200_000]
    print(f"Machine: {machine()}")
    texts = Texts()
    for number in numbers:
        folder = Path(tempfile.mkdtemp())
        try:
            measure(number, texts, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
