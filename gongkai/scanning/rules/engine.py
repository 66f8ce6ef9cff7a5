"""Run rules over a text, merge what overlaps, mask what was found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from gongkai.scanning.rules import tables
from gongkai.scanning.rules.columns import by_columns
from gongkai.scanning.rules.findings import SEVERITIES, Finding, Rule, Span
from gongkai.scanning.rules.lexicon import Lexicon
from gongkai.scanning.rules.prepared import Prepared


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules as a table. Raises ValueError on a code used twice, since stored findings refer to it for ever."""
    table: dict[str, Rule] = {}
    for rule in rules:
        if rule.code in table:
            raise ValueError(f"扫描规则代码重复：{rule.code}")
        table[rule.code] = rule
    return tuple(table.values())


@lru_cache(maxsize=16)
def _triggers(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(trigger for rule in rules for trigger in rule.triggers))


def run(text: str, rules: Sequence[Rule], lexicon: Lexicon | None = None, heading: str = "") -> list[Finding]:
    """All findings of the rules and the lexicon, merged, those of a column as one, sorted by start."""
    prepared = Prepared(text, _triggers(tuple(rules)), heading)
    findings = [finding_of(rule, span, text) for rule in rules for span in rule.find(prepared)]
    if lexicon is not None:
        findings += lexicon.find(text)
    if lexicon is not None:
        findings = [lexicon.remasked(text, finding) for finding in findings]
    return by_columns(text, merge(findings), prepared.columns if prepared.knows(tables.TRIGGERS) else ())


def finding_of(rule: Rule, span: Span, text: str) -> Finding:
    """What a reader gets for a span that a rule found in the text."""
    return Finding(
        rule.code,
        rule.family,
        span.severity or rule.severity,
        span.start,
        span.end,
        text[span.start : span.end],
        rule.title,
        rule.article,
        rule.sentence,
        span.suggestion,
        span.more,
    )


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings of one family that overlap only the gravest stays, of equally grave ones the longest, then the first.

    A collapsed finding (a whole list) swallows single ones at its places that are no graver. Families do not swallow
    each other: an address with a mobile number in it is two things to answer.
    """
    kept: list[Finding] = []
    by_family = sorted(findings, key=lambda finding: (finding.family, finding.start, finding.end))
    for _, family in groupby(by_family, key=lambda finding: finding.family):
        members = list(family)
        collapsed = [finding for finding in members if finding.more]
        single = [finding for finding in members if not finding.more]
        for each in collapsed:
            single = [finding for finding in single if not _swallows(each, finding)]
        kept += collapsed + _without_overlaps(single)
    return sorted(kept, key=lambda finding: (finding.start, finding.end, finding.code))


def _swallows(collapsed: Finding, single: Finding) -> bool:
    """Whether `single` overlaps a place of `collapsed` (in order, as rules give them) without being graver."""
    if SEVERITIES.index(single.severity) < SEVERITIES.index(collapsed.severity):
        return False
    places = collapsed.places
    at = bisect_left(places, single.end, key=lambda place: place.start) - 1
    return at >= 0 and places[at].end > single.start


def _without_overlaps(findings: list[Finding]) -> list[Finding]:
    """`findings` of one family in order of start. Works cluster by cluster, so that long texts stay linear."""
    kept: list[Finding] = []
    cluster: list[Finding] = []
    reach = -1
    for finding in findings:
        if finding.start >= reach:
            kept += _strongest(cluster)
            cluster = []
        cluster.append(finding)
        reach = max(reach, finding.end)
    return kept + _strongest(cluster)


def _strongest(cluster: list[Finding]) -> list[Finding]:
    if len(cluster) < 2:
        return cluster
    ranked = sorted(
        cluster, key=lambda each: (SEVERITIES.index(each.severity), each.start - each.end, each.start, each.code)
    )
    kept: list[Finding] = []
    for finding in ranked:
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return kept


def mask(text: str, findings: Iterable[Finding]) -> str:
    """The text with every place of every finding replaced by its suggestion; places without one are left for a person.

    Where places overlap the first (then the longest) is applied and the others inside it are passed over.
    """
    parts: list[str] = []
    at = 0
    places = [place for finding in findings for place in finding.places]
    for start, end, suggestion in sorted(places, key=lambda place: (place.start, -place.end)):
        if not suggestion or start < at:
            continue
        parts += [text[at:start], suggestion]
        at = end
    return "".join([*parts, text[at:]])
