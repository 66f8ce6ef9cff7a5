"""Whatever an office's years were, its tables 3 and 4 satisfy I1 to I6 and join from year to year (acceptance)."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies.actors import SYSTEM
from gongkai.foi.actions.conclude_remedy import conclude_remedy
from gongkai.foi.actions.import_cases import import_case
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.models import Remedy
from gongkai.foi.models.outcomes import REMEDY_RESULTS
from gongkai.foi.particulars import COLUMNS, Particulars
from gongkai.foi.queries.statistics import statistics
from gongkai.foi.register_sheet import OldCase
from gongkai.foi.wishes import Wish
from gongkai.law.negative_list import GROUNDS
from gongkai.law.replies import REPLIES
from gongkai.law.reply_clock import ClockStep
from gongkai.law.report_form import LITIGATION_ROWS
from tests.conftest import SHANGHAI

NOW = datetime(2026, 12, 31, 10, tzinfo=SHANGHAI)
FIRST = date(2024, 1, 1)
EXAMPLES = 500 if os.environ.get("GONGKAI_FULL") == "1" else 25
LETTERS = [row for row in REPLIES if row.is_letter]
DAYS = st.integers(0, 3 * 365)


@st.composite
def old_cases(draw) -> tuple[OldCase, tuple | None]:
    """A request received in three years, open or with any outcome, and perhaps a remedy against it."""
    day = FIRST + timedelta(days=draw(DAYS))
    steps, reply, ground, ended = [ClockStep("received", day, channel="in_person")], "", "", None
    kind = draw(st.sampled_from(["open", "letter", "letter", "letter", "withdrawn", "R13", "R14"]))
    end = day + timedelta(days=draw(st.integers(0, 400)))
    if kind in ("R13", "R14"):
        until = day + timedelta(days=10)
        asked = (
            ClockStep("clarification_asked", day, reply_by=until) if kind == "R13" else ClockStep("fee_notified", day)
        )
        steps.append(asked)
        end = max(end, day + timedelta(days=60))
    if kind != "open" and end <= NOW.date():
        ended = end
        row = draw(st.sampled_from(LETTERS))
        reply = {"letter": row.code, "withdrawn": "R16"}.get(kind, kind)
        ground = draw(st.sampled_from([g.code for g in GROUNDS])) if kind == "letter" and row.grounds else ""
        last = {"letter": ClockStep("replied", ended, by="post"), "withdrawn": ClockStep("withdrawn", ended)}.get(kind)
        steps += [last] if last else []
    elif kind in ("R13", "R14"):
        steps.pop()  # not over yet: an open request
    remedy = None
    if draw(st.booleans()):
        filed = min(day + timedelta(days=draw(st.integers(0, 500))), NOW.date())
        concluded = filed + timedelta(days=draw(st.integers(0, 400)))
        remedy = (draw(st.sampled_from(sorted(LITIGATION_ROWS))), filed,
                  draw(st.sampled_from(sorted(REMEDY_RESULTS))), concluded)  # fmt: skip
    case = OldCase(
        "", draw(st.sampled_from(sorted(COLUMNS))), Particulars("某人"), Wish("某信息"), "in_person", day, tuple(steps),
        reply=reply, ground=ground, ended_on=ended,
    )  # fmt: skip
    return case, remedy


def test_generated_years_always_satisfy_the_identities(counter):
    from dataclasses import replace

    officer = counter.town.actor("foi_officer")
    seen = [0]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(old_cases(), min_size=1, max_size=12))
    def check(cases):
        with transaction.atomic():
            for n, (old, remedy) in enumerate(cases):
                made = import_case(counter.town.organ, replace(old, register_number=str(n)), actor=SYSTEM, at=NOW)
                if remedy is None:
                    continue
                kind, filed, result, concluded = remedy
                who = {"actor": officer, "at": NOW}
                row = register_remedy(made.number, kind=kind, body="某机关", docket="1号", filed_on=filed, **who)
                if concluded <= NOW.date():
                    conclude_remedy(made.number, row.pk, result=result, on=concluded, **who)
            agree(counter.town.organ, [old for old, _ in cases])
            seen[0] += 1
            transaction.set_rollback(True)

    check()
    assert seen[0] >= EXAMPLES // 2


def agree(organ, cases: list[OldCase]) -> None:
    """Every year: no identity fails, and the sums are those counted here one case after another."""
    pending = Remedy.objects.filter(result="").count()
    for year in range(2024, 2027):
        found = statistics(organ, year)
        assert found.failures == ()
        table = found.report.requests
        assert table["new_received"][6] == sum(case.arrived_on.year == year for case in cases)
        done = [case for case in cases if case.ended_on and case.ended_on.year == year]
        assert table["total_processed"][6] == len(done)
        assert table["partially_granted"][6] == sum(case.reply == "R2p" for case in done)
        assert table["other_3"][6] == sum(case.reply == "R16" for case in done)
        forward = [c for c in cases if c.arrived_on.year <= year and (c.ended_on is None or c.ended_on.year > year)]
        assert table["carried_forward"][6] == len(forward)
        for column, title in enumerate(COLUMNS):
            assert table["carried_forward"][column] == sum(case.column == title for case in forward)
    assert sum(cells[3] for cells in statistics(organ, 2026).report.litigation.values()) == pending
