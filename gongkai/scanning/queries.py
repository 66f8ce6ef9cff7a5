"""What was found, what is still unanswered, and whether a text may pass."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.scanning.models import FindingAnswer, Scan, ScanFinding


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
