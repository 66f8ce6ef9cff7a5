"""How fast and how exact the scan rules are. Prints Markdown; run as `python benchmarks/scan.py`.

Speed is measured on text made here (so anybody gets the same text), and on real documents where `../shared/data`
stands beside the checkout. Every way runs in every round, rounds alternate, medians of processor time
count (one core; other work on the machine disturbs it less than the clock on the wall).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")  # readers ask for no database

from gongkai.scanning.rules import RULES, RULES_VERSION, Lexicon, Word, carries_secrecy_mark, scan  # noqa: E402
from gongkai.scanning.rules.checks import id_check_character, passes_luhn, valid_id  # noqa: E402

DOCUMENTS = ROOT.parent / "shared" / "data" / "documents"
CLEAN = ("hebei", "regulations", "covid-policy")
NUMERIC = tuple(
    rule
    for rule in RULES
    if rule.code
    in {
        "id_card",
        "id_card_15",
        "id_card_unchecked",
        "travel_document",
        "credit_code",
        "mobile",
        "landline",
        "bank_card",
        "benefit_account",
    }
)
WORDS = 5_000
HITS_PER_MEGABYTE = 400

# ---- text made here ------------------------------------------------------------------------------------------------

_PHRASES = """
市人民政府 县住房城乡建设局 各街道办事处 区教育局 市医疗保障局 有关部门 镇人民政府 申请人 建设单位 村民委员会
应当按照规定公布 负责组织实施 依法受理并审查 会同财政部门制定 每年组织检查 及时告知 统筹安排 如实填报
城镇老旧小区改造计划 农村危房改造补助资金 学前教育发展规划 医疗救助对象认定办法 道路照明维修工作 残疾人康复服务目录 \
困难家庭学生资助政策 食品安全抽检结果 防汛抗旱应急预案 国有土地使用权出让公告 生活垃圾分类设施建设标准 年度预算执行情况
并向社会公开。 期限不超过20个工作日。 具体标准另行制定。 自2024年3月1日起施行。 共安排资金1280.5万元。 接受群众监督。
"""
_PARTS = [line.split() for line in _PHRASES.replace("\\\n", "").strip().splitlines()]
_PROVINCES = (11, 13, 21, 32, 33, 35, 37, 41, 42, 44, 51, 61)
_OPERATORS = (134, 135, 138, 139, 150, 158, 166, 177, 180, 186, 189, 191, 199)
_ISSUERS = (622202, 621700, 622848, 621661, 625912)


def sentence(rng: random.Random) -> str:
    who, does, what, tail = (rng.choice(part) for part in _PARTS)
    return f"{who}{does}{what}，{tail}"


def identity_number(rng: random.Random) -> str:
    first = f"{rng.choice(_PROVINCES)}{rng.randint(1, 12):02}{rng.randint(1, 40):02}{rng.randint(1940, 2020)}"
    first += f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(0, 999):03}"
    return first + id_check_character(first)


def mobile_number(rng: random.Random) -> str:
    return f"{rng.choice(_OPERATORS)}{rng.randrange(10**8):08}"


def card_number(rng: random.Random) -> str:
    first = f"{rng.choice(_ISSUERS)}{rng.randrange(10**12):012}"
    return next(first + digit for digit in "0123456789" if passes_luhn(first + digit))


PLANTED: dict[str, Callable[[random.Random], str]] = {
    "id_card": identity_number,
    "mobile": mobile_number,
    "bank_card": card_number,
}


def made_text(megabytes: float, words: list[str], seed: int = 1) -> list[str]:
    """Documents of about 10 kB with 400 identity, mobile and card numbers and 400 of the words a megabyte."""
    rng = random.Random(seed)
    documents: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        parts: list[str] = []
        length = 0
        while length < 10_000:
            part = sentence(rng)
            share = HITS_PER_MEGABYTE * len(part.encode()) / 1e6
            if rng.random() < share:
                part += "联系" + rng.choice(list(PLANTED.values()))(rng) + "。"
            if rng.random() < share:
                part += rng.choice(words) + "。"
            parts.append(part + ("\n" if rng.random() < 0.2 else ""))
            length += len(part.encode())
        documents.append("".join(parts))
        size += length
    return documents


def made_words(count: int = WORDS, seed: int = 2) -> list[str]:
    """Words of 3 to 6 common characters, such as a list of names and titles holds."""
    rng = random.Random(seed)
    letters = sorted({letter for letter in _PHRASES if "\u4e00" <= letter <= "\u9fff"})
    words: set[str] = set()
    while len(words) < count:
        words.add("".join(rng.choices(letters, k=rng.randint(3, 6))))
    return sorted(words)


# ---- speed ---------------------------------------------------------------------------------------------------------

_THREE = (
    re.compile(r"(?<![0-9])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9])"),
    re.compile(r"(?<![0-9])1[3-9]\d{9}(?![0-9])"),
    re.compile(r"(?<![0-9])[3-6]\d{15,18}(?![0-9])"),
)


def three_patterns(text: str) -> int:
    """The usual way: a pattern each for identity card, mobile and bank card, then the check digits."""
    found = sum(valid_id(match.group().upper()) for match in _THREE[0].finditer(text))
    found += sum(1 for _ in _THREE[1].finditer(text))
    return found + sum(passes_luhn(match.group()) for match in _THREE[2].finditer(text))


Measured = tuple[float, int]  # seconds, hits


@dataclass
class Way:
    name: str
    measure: Callable[[list[str]], Measured]
    sample: int = 0  # only so many documents, for the very slow; 0 is all


def one_by_one(run: Callable[[str], int]) -> Callable[[list[str]], Measured]:
    """Processor time of one core."""

    def measure(texts: list[str]) -> Measured:
        began = time.process_time()
        hits = sum(run(text) for text in texts)
        return time.process_time() - began, hits

    return measure


def _findings(text: str) -> int:
    return len(scan(text))


def _numbers(text: str) -> int:
    return len(scan(text, rules=NUMERIC))


def _timed(run: Callable[[str], int], texts: list[str]) -> Measured:
    return one_by_one(run)(texts)


def in_two(pool: Executor, run: Callable[[str], int]) -> Callable[[list[str]], Measured]:
    """Half of the texts each; processor time of the process that takes longer, so that a busy machine disturbs less."""

    def measure(texts: list[str]) -> Measured:
        done = list(pool.map(_timed, (run, run), (texts[::2], texts[1::2])))
        return max(seconds for seconds, _ in done), sum(hits for _, hits in done)

    return measure


class Presidio:
    """`benchmarks.presidio_speed` in an interpreter that has it; processor time of that process."""

    def __init__(self, python: str) -> None:
        script = str(Path(__file__).with_name("presidio_speed.py"))
        self._process = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, texts: list[str]) -> Measured:
        asked, told = self._process.stdin, self._process.stdout
        if asked is None or told is None:
            raise AssertionError("both were asked for")
        asked.write(json.dumps(texts) + "\n")
        asked.flush()
        answer = json.loads(told.readline())
        return answer["seconds"], answer["hits"]

    def end(self) -> None:
        self._process.communicate()


def ways(words: list[str], pool: Executor, presidio: Presidio | None) -> list[Way]:
    lexicon = Lexicon(Word(word, "names", "confirm", "名录", "", "请核对。") for word in words)
    alternation = re.compile("|".join(map(re.escape, words)))
    found = [
        Way("numeric rules, complete (`scan`)", one_by_one(_numbers)),
        Way("all text rules (`scan`)", one_by_one(_findings)),
        Way(f"all text rules and a list of {WORDS:,} words", one_by_one(lambda text: len(scan(text, lexicon=lexicon)))),
        Way("numeric rules in two processes", in_two(pool, _numbers)),
        Way("all text rules in two processes", in_two(pool, _findings)),
        Way("check for secrecy marks before storing", one_by_one(lambda text: carries_secrecy_mark(text) is not None)),
        Way(f"the list of {WORDS:,} words alone", one_by_one(lambda text: len(lexicon.find(text)))),
        Way(
            f"plain `re` alternation of the {WORDS:,} words",
            one_by_one(lambda text: sum(1 for _ in alternation.finditer(text))),
            20,
        ),
        Way("three compiled `re` patterns and check digits", one_by_one(three_patterns)),
    ]
    if presidio is not None:
        found.append(Way("presidio, stub engine, the three patterns", presidio.measure))
    return found


def speed(contenders: list[Way], documents: list[str], rounds: int) -> list[tuple[str, float, int]]:
    """For each way its name, median MB/s of UTF-8, and the number of hits."""
    seconds: dict[str, list[float]] = {way.name: [] for way in contenders}
    hits: dict[str, int] = {}
    sizes: dict[str, float] = {}
    for turn in range(rounds):
        for way in contenders if turn % 2 == 0 else reversed(contenders):
            texts = documents[: way.sample] if way.sample else documents
            sizes[way.name] = sum(len(text.encode()) for text in texts) / 1e6
            taken, hits[way.name] = way.measure([text[:1] + text[1:] for text in texts])  # fresh: no cached UTF-8
            seconds[way.name].append(taken)
    return [(w.name, sizes[w.name] / statistics.median(seconds[w.name]), hits[w.name]) for w in contenders]


# ---- exactness on real documents -----------------------------------------------------------------------------------


HALVES = ("tune", "untouched")


def half_of(identifier: str) -> str:
    """The half a document (by its identifier), sentence, value or heading (by itself) belongs to, for ever.

    Rules are chosen on "tune" alone; "untouched" is for the figures. Odd last byte of SHA-256: untouched.
    """
    return "untouched" if hashlib.sha256(identifier.encode()).digest()[-1] % 2 else "tune"


def real_documents(name: str) -> Iterator[tuple[str, str]]:
    with (DOCUMENTS / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], f"{record['title']}\n{record['body']}"


def _grouped(number: str, by: str) -> str:
    cuts = {11: (3, 7), 18: (6, 14)}.get(len(number), tuple(range(4, len(number), 4)))
    return by.join(number[i:j] for i, j in zip((0, *cuts), (*cuts, len(number)), strict=True))


def _broken(number: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(number))
    return number[:at] + rng.choice(("\n", "\r\n")) + number[at:]


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda number, rng: number,
    "full-width": lambda number, rng: number.translate({n: n + 0xFEE0 for n in (*range(0x30, 0x3A), 0x58)}),
    "spaced": lambda number, rng: _grouped(number, " "),
    "hyphened": lambda number, rng: _grouped(number, "-"),
    "zero-width": lambda number, rng: "\u200b".join(number),
    "line break": _broken,
    "in a row": lambda number, rng: f"\t{number}\t",
}


# ---- report --------------------------------------------------------------------------------------------------------


def machine() -> str:
    model = "?"
    if (info := Path("/proc/cpuinfo")).exists():
        model = next((line.split(":")[1].strip() for line in info.open() if line.startswith("model name")), model)
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load {load:.1f}"


def report_speed(title: str, contenders: list[Way], documents: list[str], rounds: int) -> None:
    size = sum(len(text.encode()) for text in documents) / 1e6
    print(f"\n### {title} ({len(documents)} documents, {size:.1f} MB, median of {rounds} rounds)\n")
    rows = speed(contenders, documents, rounds)
    beside = [
        (key, next((v for n, v, _ in rows if key in n), 0.0)) for key in ("alternation", "three compiled", "presidio")
    ]
    beside = [(key, value) for key, value in beside if value]
    print("| way | MB/s of UTF-8 | hits | " + " | ".join(f"× {key}" for key, _ in beside) + " |")
    print("| --- | ---: | ---: |" + " ---: |" * len(beside))
    for name, value, hits in rows:
        print(f"| {name} | {value:.1f} | {hits} | {' | '.join(f'{value / other:.2f}' for _, other in beside)} |")


def report_all_speeds(megabytes: float, rounds: int, python: str) -> None:
    words = made_words()
    presidio = Presidio(python) if python else None
    with ProcessPoolExecutor(2) as pool:
        contenders = ways(words, pool, presidio)
        report_speed("Text made by the script", contenders, made_text(megabytes, words), rounds)
        if DOCUMENTS.is_dir():
            texts = [text for name in CLEAN for _, text in real_documents(name)]
            report_speed("Real documents", contenders, texts, rounds)
    if presidio is not None:
        presidio.end()


def report_exact(files: int) -> None:
    from benchmarks import scan_exact

    for title, rows in (
        ("Findings on clean real documents", scan_exact.false_alarms()),
        (f"Planted numbers found again, {files} files of each format and half", scan_exact.in_formats(files)),
        ("Names in lists", scan_exact.names_in_lists()),
        ("Names in sentences", scan_exact.names_in_sentences()),
        ("Lists with a sensitive heading", scan_exact.subject_lists()),
    ):
        print(f"\n### {title}\n")
        for row in rows:
            print(row, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--megabytes", type=float, default=3)
    options.add_argument("--part", choices=("speed", "exact", "all"), default="all")
    options.add_argument("--files", type=int, default=40, help="files of each format and half to plant numbers in")
    options.add_argument("--presidio", default="", help="a Python that has presidio-analyzer, to measure it too")
    chosen = options.parse_args()
    print(f"## Scan rules {RULES_VERSION}\n\n{machine()}")
    real = DOCUMENTS.is_dir()
    if chosen.part != "exact":
        report_all_speeds(chosen.megabytes, chosen.rounds, chosen.presidio)
    if chosen.part != "speed" and real:
        report_exact(chosen.files)
    if not real:
        print("\nNo ../shared/data/documents beside the checkout: real documents left out.")


if __name__ == "__main__":
    main()
