"""Take in a year's catalogue: all of it or nothing, with every problem told by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.tree_sheet import BadTable, Problem
from gongkai.disclosure.catalogue_sheet import SheetRow
from gongkai.disclosure.models import Catalogue, CatalogueEntry, Column
from gongkai.law.catalogue_limits import (
    CHANNELS,
    LEVELS,
    METHODS,
    check_limit,
    match_choice,
    parse_channels,
    parse_limit,
)
from gongkai.law.headings import CITY_COUNTY_HEADINGS, HEADINGS, TOWNSHIP_HEADINGS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

KEEPERS = ("system", "system_admin")
LAST_RESORT = "20-15"

# A free wording must at least speak of time; anything else in the 公开时限 column is a slip.
_TIME_WORD = re.compile(r"[日天月季年周时期前后]|常年|长期|动态|适时|随时|更新")
_GROUP = re.compile(r"特定(?:群[体众]|人群|对象)\s*[（(](.*?)[）)]")
_ALL_HEADINGS = (*HEADINGS, *CITY_COUNTY_HEADINGS, *TOWNSHIP_HEADINGS)
_WORDS = {word: h.code for h in _ALL_HEADINGS for word in (h.code, h.name, h.short)}
# Words of 一级、二级事项 that show the heading; tried in this order, the first that is met counts.
_GUESSES: tuple[tuple[str, str], ...] = (
    ("20-12", r"应急|突发|预警|救灾|灾害|防汛|抗旱|避难"),
    ("20-13", r"监督检查|抽检|双随机|安全生产|环境质量|环境监测|水质|空气质量|食品安全|药品安全|产品质量|执法检查"),
    ("20-06", r"行政处罚|行政强制|处罚|裁量"),
    ("20-05", r"行政许可|许可|审批|办事指南|服务事项|登记|备案|公共服务"),
    ("20-07", r"预算|决算|专项债|政府债务|“?三公”?经费"),
    ("20-08", r"收费"),
    ("20-09", r"采购"),
    ("20-10", r"重大建设项目|重大项目|建设项目|征地|招标|投标"),
    ("20-14", r"公务员|招考|招录|录用|遴选"),
    ("20-11", r"扶贫|乡村振兴|教育|入学|学校|学区|医疗|医保|卫生|社会保险|社保|救助|低保|特困|养老|残疾|就业|创业|住房|保障性"),
    ("20-04", r"统计|数据发布|经济运行"),
    ("20-03", r"规划|计划"),
    ("20-02", r"机构|职能|领导|负责人|内设|联系方式|权责清单"),
    ("20-01", r"法规|规章|规范性文件|政策文件|政策解读|文件"),
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What a file would bring: entries by organ, and remarks that stop nothing."""

    entries: dict[Organ, list[CatalogueEntry]]
    notes: tuple[Problem, ...]

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.entries.values())


def check_catalogue(rows: Sequence[SheetRow], *, organ: Organ | None = None) -> Checked:
    """Look at every row; raises `BadTable` with all problems, in order of lines. Writes nothing.

    With `organ` all rows are that organ's and 公开主体 is kept as words; without, each row's organ is found by name,
    short name or code in 公开主体.
    """
    organs = _organs()
    columns = {word: column for column in Column.objects.filter(active=True) for word in (column.slug, column.name)}
    entries: dict[Organ, list[CatalogueEntry]] = {}
    seen: dict[tuple[int, int], int] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for row in rows:
        owner = organ or organs.get(_squeeze(row.subject))
        found = _problems_of(row, owner, columns)
        entry = None if found else _entry(row, columns, notes)
        if entry is not None and owner is not None:
            if first := seen.get((owner.pk, entry.serial)):
                found.append(Problem(row.line, f"序号 {entry.serial} 与第 {first} 行重复。"))
            seen.setdefault((owner.pk, entry.serial), row.line)
            entries.setdefault(owner, []).append(entry)
        problems += found
    if not rows:
        problems.append(Problem(0, "没有可以导入的事项。"))
    if problems:
        raise BadTable(problems)
    return Checked(entries, tuple(notes))


def import_catalogue(
    rows: Sequence[SheetRow], *, year: int, source_digest: str, actor: Actor, at: datetime, organ: Organ | None = None
) -> list[Catalogue]:
    """Make a new revision of the year's catalogue for every organ in the file and turn it current.

    Entries of earlier catalogues stay as they were and items keep pointing at them.
    """
    if actor.role not in KEEPERS:
        raise Refusal(Refused("not_system_admin", "只有系统管理员可以导入目录。请联系系统管理员。"))
    if not 2008 <= year <= at.year + 1:
        raise Refusal(Refused("catalogue_year", f"目录年份应在 2008 到 {at.year + 1} 之间，现在是 {year}。"))
    with transaction.atomic():
        checked = check_catalogue(rows, organ=organ)
        return [
            _replace(owner, entries, year=year, source_digest=source_digest, actor=actor, at=at)
            for owner, entries in checked.entries.items()
        ]


def _replace(
    owner: Organ, entries: list[CatalogueEntry], *, year: int, source_digest: str, actor: Actor, at: datetime
) -> Catalogue:
    Organ.objects.select_for_update().get(pk=owner.pk)
    last = Catalogue.objects.filter(organ=owner, year=year).aggregate(m=Max("revision"))["m"] or 0
    Catalogue.objects.filter(organ=owner, current=True).update(current=False)
    made = Catalogue.objects.create(
        organ=owner, year=year, revision=last + 1, source_digest=source_digest, imported_at=at, current=True
    )
    for entry in entries:
        entry.catalogue = made
    CatalogueEntry.objects.bulk_create(entries, batch_size=500)
    record(
        "catalogue.imported", subject=f"catalogue:{owner.code}", organ_code=owner.code, actor=actor, at=at,
        digest=source_digest, data={"year": year, "revision": made.revision, "entries": len(entries)},
    )  # fmt: skip
    return made


def _organs() -> dict[str, Organ]:
    found: dict[str, Organ] = {}
    for row in Organ.objects.filter(active=True):
        for word in (row.code, row.name, row.short_name):
            if word:
                found.setdefault(_squeeze(word), row)
    return found


def _squeeze(word: str) -> str:
    return re.sub(r"\s+", "", word)


def _problems_of(row: SheetRow, owner: Organ | None, columns: dict[str, Column]) -> list[Problem]:
    sentences = [sentence for sentence in _sentences(row, owner, columns) if sentence]
    return [Problem(row.line, sentence) for sentence in sentences]


def _sentences(row: SheetRow, owner: Organ | None, columns: dict[str, Column]) -> Iterable[str]:
    if not row.serial.isascii() or not row.serial.isdigit() or not 1 <= int(row.serial) <= 99_999:
        yield f"序号“{row.serial}”不是正整数。" if row.serial else "没有写序号。"
    for field, label in (("level1", "一级事项"), ("content", "公开内容"), ("subject", "公开主体")):
        if not getattr(row, field):
            yield f"没有写{label}。"
    for field, label, most in _WIDEST:
        if len(getattr(row, field)) > most:
            yield f"{label}最长 {most} 字，现在 {len(getattr(row, field))} 字，请精简。"
    if owner is None and row.subject:
        yield f"没有名为“{row.subject}”的机关。请改为系统里的机关名称、简称或者代码，或者先登记这个机关。"
    yield _limit_problem(row)
    if not row.audience:
        yield "没有勾选公开对象（全社会或者特定群体）。"
    if not row.method:
        yield "没有勾选公开方式。"
    for word in _words(row.method):
        if match_choice(METHODS, word) is None:
            yield f"公开方式应当是“主动”或者“依申请公开”，现在是“{word}”。"
    if not row.level:
        yield "没有勾选公开层级。"
    for word in _words(row.level):
        if match_choice(LEVELS, word) is None:
            yield f"公开层级应当是市级、县级、乡级、村级，现在是“{word}”。"
    if row.heading and _squeeze(row.heading) not in _WORDS:
        yield f"没有“{row.heading}”这个公开类别。请填《政府信息公开条例》第二十条的项，例如 20-01，或者留空。"
    if row.column and row.column not in columns:
        yield f"没有名为“{row.column}”的栏目。请先设立栏目，或者留空。"


_WIDEST = (
    ("level1", "一级事项", 120), ("level2", "二级事项", 200), ("limit", "公开时限", 200), ("subject", "公开主体", 200),
    ("audience", "公开对象", 120), ("level", "公开层级", 40),
)  # fmt: skip


def _limit_problem(row: SheetRow) -> str:
    if not row.limit:
        return "没有写公开时限。"
    limit = parse_limit(row.limit)
    if limit.kind == "free_text" and not _TIME_WORD.search(row.limit):
        return f"看不懂公开时限“{row.limit}”。请写成“信息形成或者变更之日起20个工作日内”这样的说法。"
    verdict = check_limit(limit, statute=row.basis if "《" in row.basis else "")
    return verdict.sentence if isinstance(verdict, Refused) else ""


def _words(cell: str) -> list[str]:
    return [word.strip() for word in re.split(r"[、,，;；\n]+", cell) if word.strip()]


def _method(cell: str, line: int, notes: list[Problem]) -> str:
    """Both ways ticked means proactive: what must be told to everybody is not left to requests."""
    codes = [match_choice(METHODS, word) for word in _words(cell)]
    if len(set(codes)) > 1:
        notes.append(Problem(line, "公开方式两项都勾了，按主动公开处理。"))
    return "proactive" if "proactive" in codes else "on_request"


def audience_words(cell: str) -> str:
    """全社会, 特定群体 with the group named in brackets, or both; a group named without these words is 特定群体."""
    group = _GROUP.search(cell)
    specific = f"特定群体（{group.group(1).strip()}）" if group else "特定群体"
    found = [word for word, there in (("全社会", "社会" in cell), (specific, "特定" in cell)) if there]
    return "、".join(found) or f"特定群体（{cell.strip()}）"


def level_words(cell: str) -> str:
    """The levels as the standard form writes them."""
    labels = {choice.code: choice.label for choice in LEVELS}
    codes = {match_choice(LEVELS, word) for word in _words(cell)}
    return "、".join(label for code, label in labels.items() if code in codes)


def _entry(row: SheetRow, columns: dict[str, Column], notes: list[Problem]) -> CatalogueEntry:
    limit = parse_limit(row.limit)
    if limit.note:
        notes.append(Problem(row.line, f"公开时限“{row.limit}”：{limit.note}。"))
    heading = _WORDS.get(_squeeze(row.heading), "")
    if not heading:
        heading = guess_heading(f"{row.level1} {row.level2}")
        name = next(h.short for h in HEADINGS if h.code == heading)
        notes.append(Problem(row.line, f"没有写公开类别，按事项名称归入“{name}”，请核对。"))
    values: dict[str, Any] = {
        "serial": int(row.serial), "level1": row.level1, "level2": row.level2, "content": row.content,
        "basis": row.basis, "limit_text": row.limit, "limit_kind": limit.kind,
        "limit_n": limit.n if limit.kind not in ("realtime", "free_text") else None, "subject_text": row.subject,
        "channels": channel_labels(row.channels), "audience": audience_words(row.audience), "method": _method(row.method, row.line, notes),
        "level": level_words(row.level), "heading": heading, "column": columns.get(row.column),
    }  # fmt: skip
    return CatalogueEntry(**values)


def channel_labels(text: str) -> list[str]:
    """The channel cell as the words of the standard form, in its order; words that are not in it stand at the end."""
    cell = parse_channels(text)
    labels = {choice.code: choice.label for choice in CHANNELS}
    named = [f"其他（{cell.other}）" if code == "other" and cell.other else labels[code] for code in cell.codes]
    return named + list(cell.unknown)


def guess_heading(words: str) -> str:
    """The heading of 条例20 that the words of an entry point at; the fifteenth where none does."""
    for code, pattern in _GUESSES:
        if re.search(pattern, words):
            return code
    return LAST_RESORT


def sheet_rows(catalogue: Catalogue) -> list[SheetRow]:
    """The entries as rows of the standard form, for export."""
    return [
        SheetRow(
            line=0, serial=str(e.serial), level1=e.level1, level2=e.level2, content=e.content, basis=e.basis,
            limit=e.limit_text, subject=e.subject_text, channels="、".join(e.channels), audience=e.audience,
            method="主动" if e.method == "proactive" else "依申请公开", level=e.level, heading=e.heading,
            column=e.column.slug if e.column else "",
        )
        for e in catalogue.entries.select_related("column").order_by("serial")
    ]  # fmt: skip
