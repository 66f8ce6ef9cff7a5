"""Tables 3 and 4 of the annual report, from the data, for any subtree of organs and any year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import subtree
from gongkai.foi.models import FoiRequest, Outcome, Remedy
from gongkai.foi.particulars import COLUMNS
from gongkai.law.report_checks import Failure, check_report
from gongkai.law.report_form import APPLICANTS, LITIGATION_ROWS, READABLE_ROWS, REQUEST_ROWS, Report

_RESULTS = ("upheld", "corrected", "other")  # order of the columns of table 4; 尚未审结 follows


@dataclass(frozen=True, slots=True)
class Statistics:
    """Tables 3 and 4 of one year with every identity checked; `failures` is empty when all hold."""

    report: Report
    failures: tuple[Failure, ...]


def statistics(organ: Organ, year: int) -> Statistics:
    """For the organ and all below it, joined to the year before (I4). Eight queries, whatever the number of cases."""
    organ_ids = subtree(organ)
    report = _report(organ_ids, year)
    return Statistics(report, tuple(check_report(report, _report(organ_ids, year - 1))))


def _report(organ_ids: Collection[int], year: int) -> Report:
    first, last = date(year, 1, 1), date(year, 12, 31)
    cases = FoiRequest.objects.filter(organ_id__in=organ_ids)
    table: dict[str, list[int]] = {row.code: [0] * 7 for row in REQUEST_ROWS}
    for row, column, n in _counts(organ_ids, cases, first, last):
        at = APPLICANTS.index(COLUMNS[column])
        for code in (row, "total_processed") if READABLE_ROWS[row].is_leaf else (row,):
            table[code][at] += n
            table[code][6] += n
    return Report(
        "2021", year, {code: tuple(cells) for code, cells in table.items()} | {"other_all": (0,) * 7},
        _litigation(organ_ids, first, last), {},
    )  # fmt: skip


def _counts(
    organ_ids: Collection[int], cases: QuerySet[FoiRequest], first: date, last: date
) -> Iterator[tuple[str, str, int]]:
    """(row, applicant column, how many): a request counts as new by its day of receipt, as done by its outcome's."""
    for column, n in _by_column(cases.filter(received_on__range=(first, last))):
        yield "new_received", column, n
    for column, n in _by_column(cases.filter(received_on__lt=first).exclude(_done(before=first))):
        yield "carried_over", column, n
    for column, n in _by_column(cases.filter(received_on__lte=last).exclude(_done(through=last))):
        yield "carried_forward", column, n
    done = Outcome.objects.filter(request__organ_id__in=organ_ids, voided_at=None, decided_on__range=(first, last))
    yield from done.values_list("report_row", "column").annotate(n=Count("pk")).order_by()


def _done(*, before: date | None = None, through: date | None = None) -> Q:
    """Has a standing outcome before a day, or up to a day."""
    when = Q(decided_on__lt=before) if before is not None else Q(decided_on__lte=through)
    return Q(Exists(Outcome.objects.filter(when, request=OuterRef("pk"), voided_at=None)))


def _by_column(cases: QuerySet[FoiRequest]) -> list[tuple[str, int]]:
    return list(cases.values_list("applicant__column").annotate(n=Count("pk")).order_by())


def _litigation(organ_ids: Collection[int], first: date, last: date) -> dict[str, tuple[int, ...]]:
    """Concluded in the year by result; filed by its end and not concluded by then: 尚未审结."""
    rows = Remedy.objects.filter(request__organ_id__in=organ_ids, filed_on__lte=last)
    counted: Counter[tuple[str, str]] = Counter()
    for kind, result, concluded_on in rows.exclude(concluded_on__lt=first).values_list(
        "kind", "result", "concluded_on"
    ):
        counted[kind, "pending" if concluded_on is None or concluded_on > last else result] += 1
    table = {}
    for kind in LITIGATION_ROWS:
        cells = [counted[kind, result] for result in (*_RESULTS, "pending")]
        table[kind] = (*cells, sum(cells))
    return table
