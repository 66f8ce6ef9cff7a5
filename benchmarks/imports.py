"""`gongkai import items` as it is run, beside the same rows put into one SQLite table by `executemany`.

    python -m benchmarks.imports [--quick] [--documents N] [--rounds N] [--profile]

The command is timed whole: start of Python, scanning, release, sealing, index. Each round has an empty migrated home
of its own, and the raw way runs beside it in the same round; the median of the rounds counts. The raw way reads and
decodes the same file and commits durably, once. `--profile` prints where one import of the invented file spends its time.
"""

from __future__ import annotations

import argparse
import json
import os
import pstats
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import DOCUMENTS, ROOT

FIELDS = ("id", "title", "body", "agency", "date", "url")
TABLE = "CREATE TABLE items (id TEXT PRIMARY KEY, title TEXT, body TEXT, agency TEXT, date TEXT, url TEXT)"

# ---- invented documents --------------------------------------------------------------------------------------------

_WORDS = """
教育局 科技局 工业和信息化局 公安局 民政局 司法局 财政局 人力资源和社会保障局 自然资源局 生态环境局 交通运输局 水务局 \
农业农村局 商务局 文化和旅游局 卫生健康局 应急管理局 审计局 市场监督管理局 体育局 统计局 医疗保障局 城市管理局 林业局
公共租赁住房配租 农村公路养护 中小学招生 困难群众临时救助 城市道路照明维修 食品安全监督抽检 水利工程建设 残疾人康复服务 \
高标准农田建设 创业担保贷款 老旧小区改造 生活垃圾分类 国有土地使用权出让 医疗救助 森林防火 职业技能提升 学前教育补助 防汛抗旱
实施方案 情况公示 管理办法 有关事项的通知 年度计划 结果公告 工作规则 资金分配表
各街道办事处 各镇人民政府 市级有关部门 申请人 建设单位 村民委员会 经办机构 责任科室
应当在规定期限内办理 要按照职责分工抓好落实 可以向所在地窗口提出申请 不得擅自改变资金用途 定期公开进展情况 负责核对材料
办理结果及时告知当事人。 接受社会监督。 所需经费列入年度预算。 具体标准由主管部门另行制定。 期限为20个工作日。
东南西北上下前后大小新老青白金玉石柳松梅 河山塘湾桥坪岭溪坡庄堡店渡洲泉台屯沟垭畈
"""
_OFFICES, _WHAT, _KIND, _WHO, _DO, _HOW, _SYLLABLES = (line.split() for line in _WORDS.strip().splitlines())
AGENCIES = [f"云溪市{name}" for name in _OFFICES]
# One village to a document, so that its name is a rare word.
VILLAGES = [f"{a}{b}{c}村" for a in _SYLLABLES[0] for b in _SYLLABLES[1] for c in "东西南北"]


def invented(number: int, seed: int = 3) -> Iterator[dict[str, str]]:
    """Records with the fields of `import items`: 400 to 4,000 characters in headed paragraphs, every fifth with a
    telephone number to be found by the scan; the same on every machine."""
    draw = random.Random(seed)
    for at in range(number):
        year = 2008 + at % 18
        what, agency = draw.choice(_WHAT), draw.choice(AGENCIES)
        yield {
            "id": f"invented-{at}",
            "title": f"{agency}{year}年{draw.choice(VILLAGES)}{what}{draw.choice(_KIND)}（第{at}号）",
            "body": _body(draw, what, VILLAGES[at % len(VILLAGES)], telephone=at % 5 == 0),
            "agency": agency,
            "date": f"{year}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "url": f"https://www.yunxi.example/{year}/{at}.html",
            "doc_number": f"云政发〔{year}〕{at}号",
        }


def _body(draw: random.Random, what: str, village: str, *, telephone: bool) -> str:
    lines = [f"为做好{what}工作，结合{village}实际，现将有关事项公布如下。"]
    for number in range(draw.randint(2, 9)):
        lines.append(f"{'一二三四五六七八九'[number]}、{draw.choice(_WHAT)}")
        for _ in range(draw.randint(2, 5)):
            said = (f"{draw.choice(_WHO)}{draw.choice(_DO)}，{draw.choice(_HOW)}" for _ in range(draw.randint(1, 4)))
            lines.append("".join(said))
    if telephone:
        lines.append(f"联系电话：0000-88{draw.randrange(10**6):06}，手机：139{draw.randrange(10**8):08}。")
    return "\n".join(lines)


def write_lines(records: Iterator[dict[str, Any]], file: Path) -> Path:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return file


# ---- the two ways --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """One run of a way: wall and processor seconds, most memory resident, and what it said at the end."""

    seconds: float
    processor: float
    megabytes: float
    said: str


def environment(home: Path) -> dict[str, str]:
    """An installation of its own, with the settings of a real one."""
    return {
        **os.environ,
        "GONGKAI_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home}/gongkai.sqlite3",
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.production",
        "SECRET_KEY": "only-for-measuring-" * 3,
        "FOI_DATA_KEYS": "measuring:" + "QUFB" * 10 + "QUE=",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
    }


def gongkai(*arguments: str, home: Path, before: tuple[str, ...] = ()) -> Run:
    """Run the real command and wait for it; a failure stops the measurement with what it said."""
    command = [sys.executable, *before, f"{sys.prefix}/bin/gongkai", *arguments]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment(home), cwd=ROOT, stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        said = out.read().strip()
        if process.returncode:
            raise SystemExit(f"gongkai {arguments[0]} failed ({process.returncode}):\n{said}\n{errors.read()[-2000:]}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def import_once(file: Path, template: Path, before: tuple[str, ...] = ()) -> Run:
    """One import into a fresh copy of an empty migrated home."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(template, home)
        return gongkai("import", "items", str(file), "--rejects", f"{folder}/rejects", home=home, before=before)


def raw_once(file: Path) -> Run:
    """The same lines decoded and put into one table, one durable commit: what the disk and SQLite allow."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        begun, processor = time.perf_counter(), time.process_time()
        connection = sqlite3.connect(f"{folder}/raw.sqlite3")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE)
        with file.open(encoding="utf-8") as lines, connection:
            rows = ([record.get(field) for field in FIELDS] for record in map(json.loads, lines))
            connection.executemany("INSERT OR IGNORE INTO items VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.close()
        return Run(time.perf_counter() - begun, time.process_time() - processor, 0.0, "")


# ---- report --------------------------------------------------------------------------------------------------------


def measure(name: str, file: Path, template: Path, rounds: int) -> str:
    ours, raw = [], []
    for _ in range(rounds):
        ours.append(import_once(file, template))
        raw.append(raw_once(file))
    with file.open("rb") as lines:
        count = sum(1 for _ in lines)
    size = file.stat().st_size / 1e6
    taken = statistics.median(run.seconds for run in ours)
    bare = statistics.median(run.seconds for run in raw)
    cpu = statistics.median(run.processor for run in ours) / count * 1000
    outcome = " / ".join(re.findall(r"\d+", ours[0].said.splitlines()[0]))
    return (
        f"| {name} | {count:,} | {size:.1f} | {taken:.1f} | {count / taken:,.0f} | {size / taken:.2f} | {cpu:.1f} "
        f"| {max(run.megabytes for run in ours):.0f} | {count / bare:,.0f} | {taken / bare:.0f} | {outcome} |"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="200 invented documents, one round")
    options.add_argument("--documents", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    number = chosen.documents or (200 if chosen.quick else 2_000)
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        template = Path(folder) / "template"
        gongkai("migrate", home=template)
        made = write_lines(invented(number), Path(folder) / "invented.jsonl")
        if chosen.profile:
            profile(made, template, Path(folder) / "profile")
            return
        files = {f"invented, {number:,}": made}
        if DOCUMENTS.is_dir() and not chosen.quick:
            files |= {f"real, {file.stem}": file for file in sorted(DOCUMENTS.glob("*.jsonl"))}
        print(f"\n### Import with scanning, whole command (median of {rounds})\n")
        print("| file | lines | MB | s | documents/s | MB/s | CPU ms a document | MB resident | raw rows/s | time ÷ raw "
              "| released / held back / known / rejected |")  # fmt: skip
        print("| --- |" + " ---: |" * 9 + " --- |")
        for name, file in files.items():
            print(measure(name, file, template, rounds if name.startswith("invented") else 1), flush=True)
        print("\nReal files are imported once each; raw is `executemany` of the same fields into one SQLite table.")
    if not DOCUMENTS.is_dir():
        print("\nNo ../shared/data/documents beside the checkout: real documents left out.")


def profile(file: Path, template: Path, kept: Path) -> None:
    run = import_once(file, template, before=("-m", "cProfile", "-o", str(kept)))
    print(f"{run.said}\n{run.seconds:.1f} s under the profiler")
    pstats.Stats(str(kept)).strip_dirs().sort_stats("tottime").print_stats(25).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
