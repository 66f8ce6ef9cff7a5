"""清理 campaigns as staff see them: lists, progress, what is still to be seen to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.disclosure.cleaning_result import published_decisions
from gongkai.disclosure.models import Cleaning, CleaningLine
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.files.html import to_text
from gongkai.law import moves
from gongkai.law.cleaning import DECISIONS


def cleanings_visible_to(held: Sequence[Actor]) -> QuerySet[Cleaning]:
    """Campaigns of the organs whose work these capacities may read."""
    organs = visible_organs(held)
    rows = Cleaning.objects.select_related("organ", "begun_by", "result")
    return rows if organs is None else rows.filter(organ_id__in=organs)


def lines_of(cleaning: Cleaning) -> list[CleaningLine]:
    """The documents on the list, in its order; those taken off it are left out."""
    return list(_lines().filter(cleaning=cleaning, dropped_because=""))


def dropped_lines_of(cleaning: Cleaning) -> list[CleaningLine]:
    """The documents that were taken off the list, with the reason."""
    return list(_lines().filter(cleaning=cleaning).exclude(dropped_because=""))


def is_open(cleaning: Cleaning) -> bool:
    """May the list and the decisions still change? As long as the result is not on its way through review."""
    result = cleaning.result
    return result is None or (result.public == moves.HIDDEN and result.work in (moves.DRAFTING, moves.RETURNED))


def stale(line: CleaningLine) -> bool:
    """Is the text that was decided about no longer the one in front?"""
    return line.release.standing != "live"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: documents on the list, decided ones, and how many of each decision (code, title, n)."""

    total: int
    decided: int
    by: tuple[tuple[str, str, int], ...]

    @property
    def left(self) -> int:
        return self.total - self.decided


def progress(lines: Iterable[CleaningLine]) -> Progress:
    lines = list(lines)
    by = tuple((row.code, row.title, sum(1 for line in lines if line.decision == row.code)) for row in DECISIONS)
    return Progress(len(lines), sum(n for _, _, n in by), by)


def draft_differs(cleaning: Cleaning, lines: Sequence[CleaningLine]) -> bool:
    """Does the draft of the result say something else than the decisions as they are now?"""
    draft = getattr(cleaning.result, "draft", None) if cleaning.result is not None else None
    if draft is None:
        return False
    decided = {line.item.index_number or "": line.decision for line in lines}
    return published_decisions(to_text(draft.body), decided) != decided


def to_mend(held: Sequence[Actor]) -> list[CleaningLine]:
    """Documents whose public result asks their section for a new text that is not out yet: 修改, and 继续有效 under a
    new number. Done as soon as the item has a newer release or is taken down."""
    rows = _lines().filter(effect="done", release__standing="live").filter(
        Q(decision="amend") | (Q(decision="keep") & ~Q(new_number=""))
    )  # fmt: skip
    organs = visible_organs(held)
    return list(rows if organs is None else rows.filter(item__organ_id__in=organs))


def unsettled(held: Sequence[Actor]) -> list[CleaningLine]:
    """Documents whose published decision could not be carried out and that are still in front as they were."""
    organs = visible_organs(held)
    rows = _lines().filter(effect="unsettled", item__public=moves.LIVE)
    return list(rows if organs is None else rows.filter(item__organ_id__in=organs))


def due_effects() -> list[CleaningLine]:
    """Lines of campaigns whose result is public and that had no effect yet."""
    rows = CleaningLine.objects.filter(
        effect="", dropped_because="", cleaning__closed_at__isnull=True, cleaning__result__public=moves.LIVE
    )
    return list(rows.order_by("pk"))


def _lines() -> QuerySet[CleaningLine]:
    rows = CleaningLine.objects.select_related(
        "cleaning__organ", "item__section", "item__organ", "release__version", "by"
    )
    return rows.defer("release__version__body", "release__version__body_text").order_by(
        F("release__version__formed_on").asc(nulls_first=True), "pk"
    )
