"""An existing site's history comes in: released as imported, scanned, never around review in a running office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.agencies.models import Organ, Person
from gongkai.agencies.queries import posts_held
from gongkai.disclosure.actions.create_item import new_code
from gongkai.disclosure.actions.release import list_columns
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.freezing import content_of, version_digest
from gongkai.disclosure.models import Column, Draft, ImportBatch, IndexSequence, Item, Release, Version
from gongkai.disclosure.queries.looks import imported_look_on
from gongkai.files.html import clean, from_text, to_text
from gongkai.files.refusal import Unreadable
from gongkai.law import moves
from gongkai.law.roles import ADMINISTRATORS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import build, record, record_many
from gongkai.ledger.canonical import instant
from gongkai.ledger.models import Fact
from gongkai.scanning.actions.examine import rows_of
from gongkai.scanning.lists import lexicon, rules_version
from gongkai.scanning.models import Scan, ScanFinding
from gongkai.scanning.rules import Finding, carries_secrecy_mark, scan

UNKNOWN_ORGAN = "来源不详"
STALE = timedelta(days=1)
# Values of a line that are stored beside title and body.
_STORED = ("id", "agency", "url", "doc_number", "index_number")
_NOT_NAMED = {"", "未知", "不详", "无", "null", "none", "unknown", UNKNOWN_ORGAN}
_HTML = re.compile(r"</?(p|div|br|table|h[1-6]|ul|ol|li|span|strong|a|img)\b[^>]*>", re.I)
_NOT_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


@dataclass(frozen=True)
class Incoming:
    """One line that can come in: cleaned and scanned, not stored yet."""

    line: int
    external_id: str
    title: str
    html: str
    text: str
    agency: str
    formed_on: date | None
    url: str
    doc_number: str
    index_number: str
    column: Column | None
    no_column: str  # the column it names, where there is none of that name
    findings: tuple[tuple[str, Finding], ...]

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "block" for _, finding in self.findings)


@dataclass(frozen=True)
class Rejected:
    """One line that cannot, and why. Holds nothing of the line's text."""

    line: int
    external_id: str
    reason: str
    marked: bool = False  # it bore a secrecy mark: only this fact is kept


def is_fresh() -> bool:
    """A fresh installation: nothing here that did not come in by import, so there is no review to go around."""
    return not Item.objects.filter(import_batch__isnull=True).exists()


def begin_batch(
    source_name: str, source_digest: str, *, at: datetime, approvers: Sequence[Person] = (), actor: Actor = SYSTEM
) -> ImportBatch:
    """Open a batch. Outside a fresh installation two administrators of different kinds must have agreed."""
    refuse_secrecy_marks({"文件名": f"文件名：{source_name}"}, subject="import:new", actor=actor, at=at)
    with transaction.atomic():
        # A batch whose process was killed long ago must not stay a door: the database trusts open batches only.
        ImportBatch.objects.filter(finished_at__isnull=True, begun_at__lt=at - STALE).update(finished_at=at)
        fresh = is_fresh()
        first, second = None, None
        if not fresh:
            held = [
                ADMINISTRATORS.intersection(
                    posts_held(person, timezone.localtime(at).date()).values_list("role", flat=True)
                )
                for person in approvers
            ]
            if len(approvers) != 2 or approvers[0].pk == approvers[1].pk or not all(held) or held[0] == held[1]:
                raise Refusal(
                    Refused(
                        "two_administrators",
                        "系统已经启用，导入必须由两位不同类别的管理员共同批准，请用 --approver 写明两人的工号并输入口令。",
                        "《政府信息公开条例》第十七条",
                    )
                )
            first, second = approvers
        batch = ImportBatch.objects.create(
            source_name=source_name[:200], source_digest=source_digest, fresh=fresh, approved_by=first,
            approved_by_second=second, begun_at=at,
        )  # fmt: skip
        record(
            "import.begun", subject=f"import:{batch.pk}", actor=actor, at=at, digest=source_digest,
            data={"fresh": fresh, "approvers": [p.staff_number for p in approvers]},
        )  # fmt: skip
        return batch


def columns_by_name() -> dict[str, Column]:
    """Active columns by name and by slug: what a line may name as its column."""
    found = list(Column.objects.filter(active=True))
    return {c.name: c for c in found} | {c.slug: c for c in found}


def examine_line(
    line: int, raw: Any, *, today: date, columns: Mapping[str, Column] = MappingProxyType({}), column: str = ""
) -> Incoming | Rejected:
    """Check, clean and scan one decoded line; touches nothing. `column` is for lines that name none
    that there is: a former site's columns need not be ours, and are no reason to leave a text out."""
    if not isinstance(raw, dict):
        return Rejected(line, "", "这一行不是一个对象，应为 {…}。")
    external_id = _word(raw.get("id"))
    if not external_id:
        return Rejected(line, "", "缺少 id：每条信息要有一个不重复的编号。")
    if len(external_id) > 120:
        return Rejected(line, external_id[:120], "id 超过 120 个字符，请缩短。")
    title = " ".join(_word(raw.get("title")).split())
    if not title:
        return Rejected(line, external_id, "缺少标题（title）。")
    if len(title) > 300:
        return Rejected(line, external_id, f"标题有 {len(title)} 字，最长 300 字。")
    body = _word(raw.get("body"))
    if not body:
        return Rejected(line, external_id, "缺少正文（body）。")
    try:
        html = clean(body if _HTML.search(body) else from_text(body), image_sources=())
    except Unreadable as unreadable:
        return Rejected(line, external_id, str(unreadable))
    text = to_text(html)
    stored = [unquote(unescape(html))] + [f"{name}：{_word(raw.get(name))}" for name in _STORED]
    if any(carries_secrecy_mark(each) for each in (title, text, *stored)):
        # The number may hold the mark itself; the line is enough to find it.
        return Rejected(line, "", "带有密级标志，没有导入。本系统不是涉密系统，请按保密规定线下办理。", marked=True)
    formed_on = _date(raw.get("date"))
    if formed_on is not None and formed_on > today:
        return Rejected(line, external_id, f"日期 {formed_on.isoformat()} 晚于今天，请核对。")
    named = _word(raw.get("column"))
    agency = _word(raw.get("agency"))
    kept = lexicon()
    findings = [(place, f) for place, words in (("title", title), ("body", text)) for f in scan(words, lexicon=kept)]
    return Incoming(
        line, external_id, title, html, text, UNKNOWN_ORGAN if agency.lower() in _NOT_NAMED else agency[:120],
        formed_on, _word(raw.get("url"))[:500], _word(raw.get("doc_number"))[:80],
        _word(raw.get("index_number"))[:60], columns.get(named) or columns.get(column),
        "" if named in columns else named[:60], tuple(findings),
    )  # fmt: skip


def _word(value: Any) -> str:
    """The value as text; characters that no database keeps (halves of pairs, control characters) are left out."""
    return "" if value is None else _NOT_KEPT.sub("", str(value)).strip()


def _date(value: Any) -> date | None:
    """The day in the words of the line; None where there is none that a calendar knows."""
    found = _DATE.search(_word(value))
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


@dataclass(frozen=True)
class Taken:
    """What became of a chunk."""

    released: int
    unreleased: int
    known: int
    rejected: list[Rejected]


def take_in(batch: ImportBatch, rows: Sequence[Incoming], *, at: datetime) -> Taken:
    """Store a chunk in one transaction. Lines whose id is already here are left as they are, so a second run of the
    same file, or of a file that was cut short, adds only what is missing. Findings of severity `block` keep a line
    unreleased: it becomes a draft for follow-up.
    """
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        known = set(
            Item.objects.filter(external_id__in=[r.external_id for r in rows]).values_list("external_id", flat=True)
        )
        fresh: dict[str, Incoming] = {}
        rejected = []
        given = [r.index_number for r in rows if r.index_number]
        taken = set(Item.objects.filter(index_number__in=given).values_list("index_number", flat=True))
        doubled = 0
        for row in rows:
            if row.external_id in known:
                continue
            if row.external_id in fresh:
                doubled += 1
                continue
            if row.index_number and row.index_number in taken:
                rejected.append(
                    Rejected(row.line, row.external_id, f"索引号 {row.index_number} 已被使用，索引号不能重复。")
                )
                continue
            if row.index_number:
                taken.add(row.index_number)
            fresh[row.external_id] = row
        incoming = list(fresh.values())
        organs = _organs({r.agency for r in incoming}, at)
        public = [r for r in incoming if not r.blocked]
        numbers = _index_numbers(public, organs, timezone.localtime(at).year)
        items = Item.objects.bulk_create(
            Item(
                code=new_code(), organ=organs[r.agency], created_at=at, working_title=r.title,
                work=moves.DRAFTING if r.blocked else moves.NONE, public=moves.HIDDEN if r.blocked else moves.LIVE,
                column=r.column, formed_on=r.formed_on, external_id=r.external_id, import_batch=batch,
                index_number=numbers.get(r.external_id),
                next_look_on=None if r.blocked else imported_look_on(r.formed_on, at),
            )
            for r in incoming
        )  # fmt: skip
        pairs = list(zip(incoming, items, strict=True))
        _release(batch, [(r, i) for r, i in pairs if not r.blocked], at)
        Draft.objects.bulk_create(Draft(item=i, saved_at=at, **_content(r)) for r, i in pairs if r.blocked)
        record_many(
            build("item.imported_unreleased", subject=f"item:{i.code}", organ_code=i.organ.code, actor=SYSTEM, at=at,
                  data={"batch": batch.pk, "rules": sorted({f.code for _, f in r.findings if f.severity == "block"})})
            for r, i in pairs if r.blocked
        )  # fmt: skip
        blocked = sum(1 for r in incoming if r.blocked)
        ImportBatch.objects.filter(pk=batch.pk).update(
            released=F("released") + len(public), unreleased=F("unreleased") + blocked,
            rejected=F("rejected") + len(rejected),
        )  # fmt: skip
        return Taken(len(public), blocked, len(known) + doubled, rejected)


def finish_batch(batch: ImportBatch, *, rejected: int, at: datetime, marked: int = 0) -> None:
    """Close the batch: from here on the database lets no release through on its strength.

    Of the `marked` lines that bore a secrecy mark only the fact is kept, one for each.
    """
    with transaction.atomic():
        record_many(
            build("item.secrecy_mark_refused", subject=f"import:{batch.pk}", actor=SYSTEM, at=at,
                  data={"rule": "secrecy_mark"})
            for _ in range(marked)
        )  # fmt: skip
        row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        row.finished_at = at
        row.rejected = rejected
        row.save(update_fields=["finished_at", "rejected"])
        record(
            "import.finished", subject=f"import:{row.pk}", actor=SYSTEM, at=at, digest=row.source_digest,
            data={"released": row.released, "unreleased": row.unreleased, "rejected": row.rejected},
        )  # fmt: skip


def _content(row: Incoming) -> dict[str, Any]:
    return {
        "title": row.title,
        "doc_number": row.doc_number,
        "issuer": row.agency,
        "source": row.agency,
        "formed_on": row.formed_on,
        "body": row.html,
    }


def _release(batch: ImportBatch, pairs: list[tuple[Incoming, Item]], at: datetime) -> None:
    versions, scans, found = [], [], []
    for row, item in pairs:
        content = content_of(Draft(item=item, saved_at=at, **_content(row)))
        versions.append(
            Version(
                item=item, number=1, digest=version_digest(item.code, 1, content, []), body_text=row.text, files=[],
                frozen_at=at, **_content(row),
            )
        )  # fmt: skip
    versions = Version.objects.bulk_create(versions)
    for (row, _), version in zip(pairs, versions, strict=True):
        scans.append(Scan(digest=version.digest, rules_version=rules_version(), at=at))
        found.append(row.findings)
    scans = Scan.objects.bulk_create(scans)
    ScanFinding.objects.bulk_create(
        [row for scan_row, findings in zip(scans, found, strict=True) for row in rows_of(scan_row, findings)],
        batch_size=1000,
    )
    releases = Release.objects.bulk_create(
        Release(
            version=version, item=item, digest=version.digest, basis="import", batch=batch, released_at=at,
            published_elsewhere_on=row.formed_on, source_url=row.url, **list_columns(item, version, at),
        )
        for (row, item), version in zip(pairs, versions, strict=True)
    )  # fmt: skip
    record_many(_fact(batch, item, version, release, at) for (_, item), version, release in zip(
        pairs, versions, releases, strict=True
    ))  # fmt: skip


def _fact(batch: ImportBatch, item: Item, version: Version, release: Release, at: datetime) -> Fact:
    return build(
        "item.released_import", subject=f"item:{item.code}", organ_code=item.organ.code, actor=SYSTEM, at=at,
        digest=version.digest,
        data={"release": release.pk, "batch": batch.pk, "index_number": item.index_number, "at": instant(at)},
    )  # fmt: skip


def _organs(names: Iterable[str], at: datetime) -> dict[str, Organ]:
    """Organs by name or short name; a name nobody registered becomes a historic organ without staff."""
    found: dict[str, Organ] = {}
    for name in sorted(names):
        organ = Organ.objects.filter(name=name).first() or Organ.objects.filter(short_name=name).first()
        if organ is None:
            number = Organ.objects.filter(kind="historic").count() + 1
            code = f"H{number:08d}"
            organ = Organ.objects.create(
                code=code, name=name, kind="historic", org_code=code, order=9000 + number, acts_in_own_name=False
            )
            record("organ.added", subject=f"organ:{code}", organ_code=code, actor=SYSTEM, at=at)
        found[name] = organ
    return found


def _index_numbers(rows: Sequence[Incoming], organs: dict[str, Organ], year: int) -> dict[str, str]:
    """A number for each line by id: its own where it brings one, else the next of its organ's sequence."""
    numbers = {r.external_id: r.index_number for r in rows if r.index_number}
    waiting: dict[Organ, list[Incoming]] = {}
    for row in rows:
        if not row.index_number:
            waiting.setdefault(organs[row.agency], []).append(row)
    for organ, group in waiting.items():
        part = organ.org_code or organ.code
        sequence, _ = IndexSequence.objects.get_or_create(org_code=part, year=year)
        sequence = IndexSequence.objects.select_for_update().get(pk=sequence.pk)
        free = _free_numbers(part, year, sequence.last, len(group), set(numbers.values()))
        numbers |= {row.external_id: number for row, (_, number) in zip(group, free, strict=True)}
        IndexSequence.objects.filter(pk=sequence.pk).update(last=free[-1][0])
    return numbers


def _free_numbers(part: str, year: int, last: int, wanted: int, given: set[str]) -> list[tuple[int, str]]:
    """The next `wanted` serials after `last` whose numbers nobody has, asking the database a chunk at a time."""
    free: list[tuple[int, str]] = []
    while len(free) < wanted:
        serials = range(last + 1, last + 1 + wanted)
        named = {n: settings.INDEX_NUMBER_PATTERN.format(org_code=part, year=year, serial=n) for n in serials}
        taken = given | set(Item.objects.filter(index_number__in=named.values()).values_list("index_number", flat=True))
        free += [(n, number) for n, number in named.items() if number not in taken]
        last = serials[-1]
    return free[:wanted]
