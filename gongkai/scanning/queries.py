"""What was found, what is still unanswered, and whether a text may pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongkai.law.negative_list import ground
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.scanning.models import FileCopy, FindingAnswer, Redaction, Scan, ScanFinding


@dataclass(frozen=True)
class Answered:
    """A finding with the answer that counts (the newest), if any."""

    finding: ScanFinding
    answer: FindingAnswer | None

    @property
    def open(self) -> bool:
        return self.finding.severity == "confirm" and self.answer is None


def scan_of(digest: str) -> Scan | None:
    """The newest scan of a text."""
    return Scan.objects.filter(digest=digest).order_by("-id").first()


def findings_of(digest: str) -> list[Answered]:
    """Findings of the newest scan, in order, each with its newest answer."""
    scan = scan_of(digest)
    if scan is None:
        return []
    newest: dict[int, FindingAnswer] = {}
    for answer in FindingAnswer.objects.filter(finding__scan=scan).select_related("person").order_by("id"):
        newest[answer.finding_id] = answer
    return [Answered(f, newest.get(f.pk)) for f in scan.findings.order_by("number")]


def may_pass(digest: str) -> Verdict:
    """May the confidentiality reviewer pass this text? Blocked findings never pass, the others need an answer."""
    if scan_of(digest) is None:
        return Refused("not_scanned", "现在不能通过：这一版还没有经过检查，请稍候再试。")
    findings = findings_of(digest)
    # In any scan of this text, not only the newest: a later scan washes nothing.
    blocked = (
        ScanFinding.objects.filter(scan__digest=digest, severity="block").values("place", "start", "code").distinct()
    )
    waiting = sum(1 for f in findings if f.open)
    removing = sum(1 for f in findings if f.answer is not None and f.answer.answer == "remove")
    reasons = []
    if count := blocked.count():
        reasons.append(f"{count} 条禁止公开的内容还在文中")
    if waiting:
        reasons.append(f"{waiting} 条发现没有答复")
    if removing:
        reasons.append(f"{removing} 条发现答复为须删改")
    if reasons:
        return Refused(
            "findings_open",
            f"现在不能通过：{'，'.join(reasons)}。",
            "《中华人民共和国保守国家秘密法实施条例》第四十二条",
        )
    return Allowed()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has come: places undecided, covered and left open; whether the copy is older than the marks."""

    waiting: int
    covered: int
    left_open: int
    copy: FileCopy | None
    stale: bool
    hidden: int

    @property
    def ready(self) -> bool:
        return not self.waiting and not self.stale


def progress(redaction: Redaction, copy: FileCopy | None) -> Progress:
    """Counts of one file; no query where its marks are prefetched."""
    states = [mark.state for mark in redaction.marks.all()]
    return Progress(
        waiting=states.count("proposed"), covered=states.count("accepted"), left_open=states.count("removed"),
        copy=copy, stale=copy is None or _stale(redaction, copy), hidden=sum(h["count"] for h in redaction.hidden),
    )  # fmt: skip


def decided(redaction: Redaction, copy: FileCopy | None = None) -> Verdict:
    """Is every proposed mark decided, and does this copy (without one: the newest) hold the marks as they stand now?"""
    now = progress(redaction, copy or redaction.copies.order_by("-number").first())
    if now.waiting:
        return Refused("marks_open", f"还有 {now.waiting} 处没有决定遮盖还是保留，请先逐处处理。")
    if now.stale:
        return Refused("copy_stale", "标记改动以后还没有重新生成副本，请先生成副本。")
    return Allowed()


def _stale(redaction: Redaction, copy: FileCopy) -> bool:
    """Also a ground or a reason that changed: the copy tells the reviewer and the public which it was."""
    now = [(m.number, m.state, m.ground, m.reason, m.by_id) for m in redaction.marks.all()]
    return sorted(now) != sorted((m["number"], m["state"], m["ground"], m["reason"], m["by"]) for m in copy.marks)


def places_to_cover(redaction: Redaction) -> list[dict[str, Any]]:
    """Every place of every accepted mark."""
    return [place for mark in redaction.marks.filter(state="accepted") for place in mark.places]


def needs_second_look(copy: FileCopy) -> bool:
    """A copy with anything covered, left open or left behind is held beside its original by a second person."""
    return bool(copy.marks or copy.lost or copy.redaction.hidden)


@dataclass(frozen=True)
class Withheld:
    """One line of the partial-disclosure list: on which ground, how many places, on which pages or sheets."""

    ground: str
    title: str
    article: str
    count: int
    where: str


def withheld(copy: FileCopy) -> list[Withheld]:
    """What a copy covers, by ground (条例37: what can be told apart is given; the rest is named with its ground)."""
    by_ground: dict[str, list[dict[str, Any]]] = {}
    for mark in copy.marks:
        if mark["state"] == "accepted":
            by_ground.setdefault(mark["ground"], []).extend(mark["places"])
    return [
        Withheld(code, ground(code).title, ground(code).article, len(places), _where(places))
        for code, places in sorted(by_ground.items())
    ]


def _where(places: list[dict[str, Any]]) -> str:
    pages = sorted({place["page"] for place in places if "page" in place})
    if pages:
        return "第 " + "、".join(map(str, pages[:20])) + (" 等" if len(pages) > 20 else "") + " 页"
    return "、".join(dict.fromkeys(f"工作表“{place['sheet']}”" for place in places if "sheet" in place))
