"""Scan the places of a frozen text and keep what was found."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from gongkai.scanning.lists import lexicon, rules_version
from gongkai.scanning.models import Scan, ScanFinding
from gongkai.scanning.rules import Finding, scan


def examine(digest: str, places: Mapping[str, str], *, at: datetime) -> Scan:
    """Scan every place's text under the current rules and lists; scanning the digest again with them changes nothing."""
    with transaction.atomic():
        row, made = Scan.objects.get_or_create(digest=digest, rules_version=rules_version(), defaults={"at": at})
        if not made:
            return row
        kept = lexicon()
        found = [(place, finding) for place, text in places.items() for finding in scan(text, lexicon=kept)]
        ScanFinding.objects.bulk_create(rows_of(row, found), batch_size=500)
        return row


def rows_of(scan_row: Scan, found: Iterable[tuple[str, Finding]]) -> Iterator[ScanFinding]:
    """The rows that keep findings: where they stand and the masked form, never the matched text."""
    for number, (place, f) in enumerate(found, start=1):
        yield ScanFinding(
            scan=scan_row,
            number=number,
            code=f.code,
            family=f.family,
            severity=f.severity,
            title=f.title,
            place=place,
            start=f.start,
            end=f.end,
            more=[[p.start, p.end] for p in f.more],
            shown=(f.suggestion or f.title)[:200],
            article=f.article[:200],
            sentence=f.sentence[:400],
        )
