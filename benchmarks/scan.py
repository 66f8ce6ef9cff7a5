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
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gongkai.scanning.rules import RULES, RULES_VERSION, Lexicon, Word, carries_secrecy_mark, scan  # noqa: E402
from gongkai.scanning.rules.numbers import id_check_character, passes_luhn, valid_id  # noqa: E402

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


MAKERS: dict[str, Callable[[random.Random], str]] = {
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
                part += "联系" + rng.choice(list(MAKERS.values()))(rng) + "。"
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


@dataclass
class Way:
    name: str
    run: Callable[[str], int]
    sample: int = 0  # only so many documents, for the very slow; 0 is all


def ways(words: list[str]) -> list[Way]:
    lexicon = Lexicon(Word(word, "names", "confirm", "名录", "", "请核对。") for word in words)
    alternation = re.compile("|".join(map(re.escape, words)))
    return [
        Way("numeric rules, complete (`scan`)", lambda text: len(scan(text, rules=NUMERIC))),
        Way("all text rules (`scan`)", lambda text: len(scan(text))),
        Way(f"all text rules and a list of {WORDS:,} words", lambda text: len(scan(text, lexicon=lexicon))),
        Way("check for secrecy marks before storing", lambda text: carries_secrecy_mark(text) is not None),
        Way(f"the list of {WORDS:,} words alone", lambda text: len(lexicon.find(text))),
        Way(
            f"plain `re` alternation of the {WORDS:,} words",
            lambda text: sum(1 for _ in alternation.finditer(text)),
            20,
        ),
        Way("three compiled `re` patterns and check digits", three_patterns),
    ]


def speed(documents: list[str], words: list[str], rounds: int) -> list[tuple[str, float, int]]:
    """For each way its name, median MB/s of UTF-8, and the number of hits."""
    contenders = ways(words)
    seconds: dict[str, list[float]] = {way.name: [] for way in contenders}
    hits: dict[str, int] = {}
    sizes: dict[str, float] = {}
    for turn in range(rounds):
        for way in contenders if turn % 2 == 0 else reversed(contenders):
            texts = documents[: way.sample] if way.sample else documents
            sizes[way.name] = sum(len(text.encode()) for text in texts) / 1e6
            texts = [text[:1] + text[1:] for text in texts]  # fresh strings: no cached UTF-8
            began = time.process_time()
            hits[way.name] = sum(way.run(text) for text in texts)
            seconds[way.name].append(time.process_time() - began)
    return [(w.name, sizes[w.name] / statistics.median(seconds[w.name]), hits[w.name]) for w in contenders]


# ---- exactness on real documents -----------------------------------------------------------------------------------


def half_of(identifier: str) -> str:
    """ "tune" or "untouched": by the digest of the document's identifier, so that it never changes."""
    return "untouched" if hashlib.sha256(identifier.encode()).digest()[-1] % 2 else "tune"


def real_documents(name: str) -> Iterator[tuple[str, str]]:
    with (DOCUMENTS / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], f"{record['title']}\n{record['body']}"


def false_alarms() -> Iterator[str]:
    yield "| documents | half | count | block | confirm per 100 | with a confirm | note per 100 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name in CLEAN:
        for half in ("tune", "untouched"):
            texts = [text for identifier, text in real_documents(name) if half_of(identifier) == half]
            counts: Counter[str] = Counter()
            touched = 0
            for text in texts:
                severities = [finding.severity for finding in scan(text)]
                counts.update(severities)
                touched += "confirm" in severities
            share = [f"{100 * counts[s] / len(texts):.1f}" for s in ("confirm", "note")]
            yield f"| {name} | {half} | {len(texts)} | {counts['block']} | {share[0]} | {touched} | {share[1]} |"


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


def _place(text: str, rng: random.Random) -> int:
    """A random place not beside a Latin letter, digit or sign of a number, where the number would be another one."""
    while True:
        at = rng.randrange(1, len(text))
        if not re.search(r"[0-9０-９A-Za-z.,_*=$¥/-]", re.sub(r"\s", "", text[max(0, at - 6) : at + 6])):
            return at


def recall(planted: int = 400) -> Iterator[str]:
    """Share of planted numbers found at exactly their place, in documents of the untouched half."""
    rng = random.Random(3)
    texts = [t for name in CLEAN for identifier, t in real_documents(name) if half_of(identifier) == "untouched"]
    yield "| number | " + " | ".join(FORMS) + " |"
    yield "| --- |" + " --- |" * len(FORMS)
    for code, make in MAKERS.items():
        cells = []
        for form in FORMS.values():
            found = 0
            for _ in range(planted):
                text = rng.choice(texts)
                shown = form(make(rng), rng)
                at = _place(text, rng)
                start, end = at + len(shown) - len(shown.lstrip("\t")), at + len(shown.rstrip("\t"))
                near = text[max(0, at - 600) : at] + shown + text[at : at + 600]
                start, end = start - max(0, at - 600), end - max(0, at - 600)
                found += any(f.code == code and (f.start, f.end) == (start, end) for f in scan(near))
            cells.append(f"{100 * found / planted:.1f} %")
        yield f"| {code} | " + " | ".join(cells) + " |"


# ---- report --------------------------------------------------------------------------------------------------------


def machine() -> str:
    model = "?"
    if (info := Path("/proc/cpuinfo")).exists():
        model = next((line.split(":")[1].strip() for line in info.open() if line.startswith("model name")), model)
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load {load:.1f}"


def report_speed(title: str, documents: list[str], words: list[str], rounds: int) -> None:
    size = sum(len(text.encode()) for text in documents) / 1e6
    print(f"\n### {title} ({len(documents)} documents, {size:.1f} MB, median of {rounds} rounds)\n")
    print("| way | MB/s of UTF-8 | hits | times plain `re` words | times three patterns |")
    print("| --- | --- | --- | --- | --- |")
    rows = speed(documents, words, rounds)
    rate = {name: value for name, value, _ in rows}
    plain, three = (next(v for n, v in rate.items() if key in n) for key in ("alternation", "three"))
    for name, value, hits in rows:
        print(f"| {name} | {value:.1f} | {hits} | {value / plain:.0f} | {value / three:.2f} |")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--megabytes", type=float, default=3)
    options.add_argument("--part", choices=("speed", "exact", "all"), default="all")
    chosen = options.parse_args()
    print(f"## Scan rules {RULES_VERSION}\n\n{machine()}")
    real = DOCUMENTS.is_dir()
    if chosen.part != "exact":
        words = made_words()
        report_speed("Text made by the script", made_text(chosen.megabytes, words), words, chosen.rounds)
        if real:
            texts = [text for name in CLEAN for _, text in real_documents(name)]
            report_speed("Real documents", texts, words, chosen.rounds)
    if chosen.part != "speed" and real:
        print("\n### Findings on clean real documents\n")
        print("\n".join(false_alarms()))
        print("\n### Recall of planted numbers, untouched half\n")
        print("\n".join(recall()))
    if not real:
        print("\nNo ../shared/data/documents beside the checkout: real documents left out.")


if __name__ == "__main__":
    main()
