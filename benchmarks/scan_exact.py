"""How exact the scan rules are: false alarms, planted numbers, names in lists, lists with sensitive headings.

Everything is measured on both halves of the real documents and sentences (`benchmarks.scan.half_of`): rules were
chosen on the half "tune" alone, "untouched" was looked at for the figures only.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.planted import CONVERTED, MAKERS, can_convert, converted
from benchmarks.scan import CLEAN, DOCUMENTS, FORMS, HALVES, PLANTED, half_of, real_documents
from gongkai.chinese.normalise import squeeze
from gongkai.files.memory import as_path
from gongkai.files.reading import read_text
from gongkai.scanning.located import scan_reading
from gongkai.scanning.rules import Finding, scan
from gongkai.scanning.rules.runs import SEPARATORS

PII = DOCUMENTS.parent / "pii"
NER = ("ner-cluener-dev", "ner-msra-test", "ner-peoples-daily-dev")

# ---- false alarms --------------------------------------------------------------------------------------------------


def false_alarms() -> Iterator[str]:
    yield "| documents | half | count | with a block | with a confirm, per 100 | confirm per 100 | note per 100 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for half in HALVES:
        whole: Counter[str] = Counter()
        for name in CLEAN:
            counts: Counter[str] = Counter()
            for identifier, text in real_documents(name):
                if half_of(identifier) != half:
                    continue
                severities = [finding.severity for finding in scan(text)]
                counts.update(severities)
                counts["documents"] += 1
                counts["blocked"] += "block" in severities
                counts["asked"] += "confirm" in severities
            whole += counts
            yield _alarms(name, half, counts)
        yield _alarms("all", half, whole)


def _alarms(name: str, half: str, counts: Counter[str]) -> str:
    shares = [f"{100 * counts[key] / counts['documents']:.1f}" for key in ("asked", "confirm", "note")]
    return f"| {name} | {half} | {counts['documents']} | {counts['blocked']} | {' | '.join(shares)} |"


# ---- planted numbers, in every format ------------------------------------------------------------------------------

_BESIDE = re.compile(r"[0-9０-９A-Za-z.,_*=$¥/-]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
#: How a number is cut into neighbouring cells.
_CUTS = {11: ((3, 7), (3,), (7,)), 18: ((6,), (6, 14), (14,)), 19: ((6,), (4, 8, 12, 16))}
Planted = tuple[str, str, str]  # code, number, form


def lines_of(half: str) -> list[str]:
    """Lines of real documents in which a number may stand."""
    found = []
    for name in CLEAN:
        for identifier, text in real_documents(name):
            if half_of(identifier) == half:
                found += [_CONTROL.sub("", line) for line in text.splitlines() if 12 <= len(line) <= 400]
    return found


def _with_number(line: str, shown: str, rng: random.Random) -> tuple[str, int] | None:
    for _ in range(20):
        at = rng.randrange(1, len(line))
        if not _BESIDE.search(re.sub(r"\s", "", line[max(0, at - 6) : at + 6])):
            return line[:at] + shown + line[at:], at
    return None


def planted_file(lines: Sequence[str], rng: random.Random) -> tuple[list[list[str]], list[list[str]], list[Planted]]:
    """Lines (in runs) and rows of a file, and what was planted: every kind in every form, also split over runs and cells."""
    told: list[list[str]] = []
    rows: list[list[str]] = []
    planted: list[Planted] = []
    for code, make in PLANTED.items():
        for form, shape in {**FORMS, "over runs": FORMS["plain"]}.items():
            number = make(rng)
            shown = shape(number, rng).strip("\t").replace("\r\n", "\n")
            made = None
            while made is None:
                made = _with_number(rng.choice(lines), shown, rng)
            text, at = made
            cut = rng.randrange(1, len(shown))
            told.append([text[: at + cut], text[at + cut :]] if form == "over runs" else [text])
            planted.append((code, number, form))
        number = make(rng)
        cuts = rng.choice(_CUTS[len(number)])
        cells = [number[i:j] for i, j in zip((0, *cuts), (*cuts, len(number)), strict=True)]
        rows.append([*cells, *([""] * (5 - len(cells)))])
        rows.append([rng.choice(lines)[:12], "", "", "", ""])  # so that what is split does not run into the next
        planted.append((code, number, "over cells"))
    rng.shuffle(told)
    return told, rows, planted


def _digits(text: str) -> str:
    return squeeze(text, SEPARATORS + ",").text.upper()


def _found(data: bytes, kind: str) -> set[tuple[str, str]]:
    """(code, digits) of every place found in a file."""
    with as_path(data, f".{kind}") as path:
        reading = read_text(path, kind)
    return {
        (located.finding.code, _digits(reading.text[place.start : place.end]))
        for located in scan_reading(reading)
        for place in located.finding.places
    }


def in_formats(files: int) -> Iterator[str]:
    yield "| format | half | numbers | " + " | ".join(PLANTED) + " | all | missed forms |"
    yield "| --- | --- | ---: |" + " ---: |" * (len(PLANTED) + 1) + " --- |"
    total: dict[str, list[Counter[tuple[str, str]]]] = {half: [Counter(), Counter()] for half in HALVES}
    for half in HALVES:
        lines = lines_of(half)
        made = [planted_file(lines, random.Random(f"{half} {n}")) for n in range(files)]
        for kind in (*MAKERS, *(CONVERTED if can_convert() else ())):
            some = made if kind in MAKERS else made[: max(1, files // 4)]
            if kind in MAKERS:
                contents = [MAKERS[kind](told, rows) for told, rows, _ in some]
            else:
                source = CONVERTED[kind]
                sources = {f"f{n:03}": MAKERS[source](told, rows) for n, (told, rows, _) in enumerate(some)}
                contents = list(converted(sources, source, kind).values())
            asked: Counter[tuple[str, str]] = Counter()
            hits: Counter[tuple[str, str]] = Counter()
            for data, (_, _, planted) in zip(contents, some, strict=True):
                found = _found(data, kind)
                for code, number, form in planted:
                    asked[code, form] += 1
                    hits[code, form] += (code, number) in found
            total[half][0] += asked
            total[half][1] += hits
            yield _recalled(kind, half, asked, hits)
    for half in HALVES:
        yield _recalled("all formats", half, *total[half])


def _recalled(kind: str, half: str, asked: Counter[tuple[str, str]], hits: Counter[tuple[str, str]]) -> str:
    def share(*codes: str) -> str:
        return f"{100 * _sum(hits, codes) / _sum(asked, codes):.2f} %"

    missed = [
        f"{code} {form}: {n - hits[code, form]} of {n}" for (code, form), n in asked.items() if n > hits[code, form]
    ]
    cells = [*(share(code) for code in PLANTED), share(*PLANTED), "; ".join(missed) or "–"]
    return f"| {kind} | {half} | {_sum(asked, tuple(PLANTED))} | {' | '.join(cells)} |"


def _sum(counts: Counter[tuple[str, str]], codes: Sequence[str]) -> int:
    return sum(n for (code, _), n in counts.items() if code in codes)


# ---- names ---------------------------------------------------------------------------------------------------------

_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")


def names(half: str) -> list[str]:
    """Every name of two to four characters marked in the sentences of a half."""
    found: dict[str, None] = {}
    for name in NER:
        for line in (PII / f"{name}.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            if half_of(record["text"]) == half:
                for entity in record["entities"]:
                    if entity["type"].upper() in ("NAME", "PER") and _PERSON.fullmatch(entity["text"]):
                        found[entity["text"]] = None
    return list(found)


_SEXES, _PLACES = "男女", ("柳河镇", "青禾街道", "大河村", "云山区")
Layout = Callable[[Sequence[str], random.Random], str]


def _table(divider: str, head: str) -> Layout:
    def made(people: Sequence[str], rng: random.Random) -> str:
        rows = [["序号", head, "性别", "所在地", "金额"]]
        rows += [[str(n), p, rng.choice(_SEXES), rng.choice(_PLACES), str(300 * n)] for n, p in enumerate(people, 1)]
        return "关于2025年补贴发放情况的公示\n" + "\n".join(divider.join(row) for row in rows) + "\n公示期为7天。"

    return made


def _grid(people: Sequence[str], rng: random.Random) -> str:
    rows = [people[n : n + 4] for n in range(0, len(people), 4)]
    return "青禾市2025年先进个人名单\n" + "\n".join("\t".join(row) for row in rows) + "\n"


def _spaced(people: Sequence[str], rng: random.Random) -> str:
    wide = [f"{p[0]}　{p[1]}" if len(p) == 2 else p for p in people]
    return "青禾市2025年拟录用人员名单\n" + "\n".join("  ".join(wide[n : n + 5]) for n in range(0, len(wide), 5)) + "\n"


LAYOUTS: dict[str, Layout] = {
    "table of cells": _table("\t", "姓名"),
    "table of a .csv": _table(",", "户主姓名"),
    "lines of a PDF": _table(" ", "姓名"),
    "a name a line": lambda people, rng: "公示\n姓名\n" + "\n".join(people) + "\n特此公示。",
    "rows of names": _grid,
    "names spaced out": _spaced,
    "in a sentence": lambda people, rng: "经研究，拟录用以下人员：" + "、".join(people) + "。公示期5个工作日。",
}


def names_in_lists(lists: int = 60, size: int = 20) -> Iterator[str]:
    yield "| layout | half | names | found | besides |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for half in HALVES:
        every = names(half)
        asked = hits = 0
        for layout, make in LAYOUTS.items():
            rng = random.Random(f"{half} {layout}")
            here = there = besides = 0
            for _ in range(lists):
                people = rng.sample(every, size)
                text = make(people, rng)
                found = {
                    re.sub(r"\s", "", text[p.start : p.end])
                    for finding in scan(text)
                    if finding.family in ("people", "sensitive")
                    for p in finding.places
                }
                here += len(set(people))
                there += len(set(people) & found)
                besides += len(found - set(people))
            asked, hits = asked + here, hits + there
            yield f"| {layout} | {half} | {here} | {100 * there / here:.1f} % | {besides} |"
        yield f"| all | {half} | {asked} ({len(every)} different) | {100 * hits / asked:.1f} % | |"


def names_in_sentences() -> Iterator[str]:
    """Names in running text, where only the words beside them tell; no aim."""
    yield "| sentences | half | names | found | found that are none |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for half in HALVES:
        known = hits = wrong = sentences = 0
        for name in NER:
            for line in (PII / f"{name}.jsonl").open(encoding="utf-8"):
                record = json.loads(line)
                if half_of(record["text"]) != half:
                    continue
                marked = {(e["start"], e["end"]) for e in record["entities"] if e["type"].upper() in ("NAME", "PER")}
                places = [p for f in scan(record["text"]) if f.family == "people" for p in f.places]
                sentences += 1
                known += len(marked)
                hits += sum(any(p.start < end and p.end > start for p in places) for start, end in marked)
                wrong += sum(not any(p.start < end and p.end > start for start, end in marked) for p in places)
        yield f"| {sentences} | {half} | {known} | {100 * hits / known:.1f} % | {wrong} |"


# ---- lists with a sensitive heading --------------------------------------------------------------------------------

HEADINGS = [
    "精神残疾低保花名册",
    "重度残疾人护理补贴发放名单",
    "困难残疾人生活补贴汇总表",
    "孤儿基本生活费发放表",
    "事实无人抚养儿童登记表",
    "城乡低保对象公示",
    "特困供养人员花名册",
    "贫困大学生资助名单",
    "严重精神障碍患者监护人以奖代补发放表",
    "艾滋病感染者随访登记表",
    "社区戒毒康复人员名册",
    "社区矫正对象名单",
    "刑满释放人员安置帮教台账",
    "计划生育特殊家庭扶助金发放表",
    "失独家庭慰问名单",
    "农村留守儿童信息台账",
    "困境儿童保障对象名单",
    "白血病患儿救助名单",
    "尘肺病患者救治名单",
    "肺结核病人管理登记表",
    "大病救助对象公示",
    "医疗救助资金发放表",
    "信教群众花名册",
    "基督教信徒登记表",
    "吸毒人员管控名单",
    "遭受家庭暴力妇女救助登记表",
    "被害人救助金发放表",
    "信访重点人员名单",
    "建档立卡贫困户花名册",
    "防止返贫监测对象明细表",
    "失能老年人护理补贴发放表",
    "孕产妇建档登记表",
    "新冠肺炎密切接触者名单",
    "集中隔离人员名单",
    "确诊病例信息一览表",
    "五保户花名册",
    "低收入家庭认定公示",
    "听力残疾儿童康复名单",
    "一户多残家庭补助公示表",
    "临时救助对象名单",
    "残疾学生及困难家庭学生补助公示",
    "脱贫户稳岗补贴发放表",
    "麻风病康复者生活补助名册",
    "未成年人保护对象台账",
    "幼儿园招生录取名单",
    "疫苗接种异常反应补偿名单",
    "尿毒症透析患者补助明细表",
    "罕见病患者名单",
    "不孕不育免费检查名单",
    "涉毒人员子女帮扶名册",
]
_PEOPLE = ("王建国", "李秀英", "张建军", "刘志强", "陈小红", "赵乐乐")


def subject_lists() -> Iterator[str]:
    """Each heading over a table of names and sums: in the text, as the name of the file, as that of the sheet."""
    from openpyxl import Workbook

    yield "| headings | half | over the table | name of the file | name of the sheet |"
    yield "| --- | --- | ---: | ---: | ---: |"
    table = "序号\t姓名\t金额\n" + "".join(f"{n}\t{p}\t300\n" for n, p in enumerate(_PEOPLE, 1))
    for half in HALVES:
        chosen = [heading for heading in HEADINGS if half_of(heading) == half]
        over = [h for h in chosen if not _is_sensitive(scan(f"青禾市2025年{h}\n{table}"))]
        named = [h for h in chosen if not _is_sensitive(scan(table, heading=f"{h}（2025年）.xlsx"))]
        sheets = []
        for heading in chosen:
            book = Workbook()
            book.active.title = heading[:31]
            for row in table.splitlines():
                book.active.append(row.split("\t"))
            with as_path(b"", ".xlsx") as path:
                book.save(path)
                reading = read_text(path, "xlsx")
            if not _is_sensitive([located.finding for located in scan_reading(reading)]):
                sheets.append(heading)
        cells = [
            f"{len(chosen) - len(missed)}{' without ' + ' '.join(missed) if missed else ''}"
            for missed in (over, named, sheets)
        ]
        yield f"| {len(chosen)} | {half} | {' | '.join(cells)} |"


def _is_sensitive(findings: Sequence[Finding]) -> bool:
    return any(f.code == "sensitive_list" and len(f.places) == len(_PEOPLE) for f in findings)
