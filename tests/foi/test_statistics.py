"""Tables 3 and 4 from the data, with every identity, for any year and subtree."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.close import close
from gongkai.foi.actions.conclude_remedy import conclude_remedy
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import FoiRequest, Outcome, Submission
from gongkai.foi.models.outcomes import LEAVES
from gongkai.foi.particulars import COLUMNS
from gongkai.foi.queries.statistics import statistics
from tests.conftest import AT

D = date


def cells(organ, year, *rows):
    made = statistics(organ, year)
    assert made.failures == ()
    return [made.report.requests[row] for row in rows]


def test_a_request_counts_as_new_when_received_and_as_done_when_answered(counter):
    counter.day = D(2025, 12, 30)
    late = counter.case(column="enterprise")
    counter.reply(counter.case())
    counter.receive(channel="fax")  # never confirmed: not received, not counted
    counter.day = D(2026, 1, 6)
    counter.reply(late, "R8")
    organ = counter.town.organ
    assert cells(organ, 2025, "new_received", "granted", "carried_over", "carried_forward", "total_processed") == [
        (1, 1, 0, 0, 0, 0, 2), (1, 0, 0, 0, 0, 0, 1), (0,) * 7, (0, 1, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0, 1),
    ]  # fmt: skip
    assert cells(organ, 2026, "new_received", "unable_2", "carried_over", "carried_forward") == [
        (0,) * 7, (0, 1, 0, 0, 0, 0, 1), (0, 1, 0, 0, 0, 0, 1), (0,) * 7,
    ]  # fmt: skip
    assert cells(organ, 2027, "carried_over") == [(0,) * 7]


def test_a_subtree_counts_all_below_it(counter):
    counter.case()
    root, other = counter.town.organ.parent, counter.town.other_organ
    assert cells(root, 2026, "new_received") == [(1, 0, 0, 0, 0, 0, 1)]
    assert cells(other, 2026, "new_received") == [(0,) * 7]


def test_partial_disclosure_is_counted_once_whatever_its_ground(counter):
    case = counter.case()
    counter.reply(case, "R2p", ground="G14a", findings={"basis": "密级文件及其定密依据"})
    made = statistics(counter.town.organ, 2026).report.requests
    assert made["partially_granted"][6] == 1 == made["total_processed"][6]


def test_withdrawn_and_given_up_have_their_lines(counter):
    case, other = counter.case(), counter.case()
    withdraw_request(case.number, on=counter.day, **counter.who())
    ask_clarification(other.number, on=counter.day, reply_by=D(2026, 3, 5), items="x", **counter.who())
    counter.day = D(2026, 3, 6)
    close(other.number, **counter.who())
    assert [row[6] for row in cells(counter.town.organ, 2026, "other_3", "other_1", "carried_forward")] == [1, 1, 0]


def test_remedies_count_by_result_and_stay_pending_until_they_end(counter):
    counter.day = D(2025, 11, 3)
    case = counter.case()
    counter.reply(case)
    filed = {"body": "青禾市人民政府", "docket": "", "filed_on": counter.day}
    first = register_remedy(case.number, kind="review", **filed, **counter.who())
    register_remedy(case.number, kind="direct", **filed, **counter.who())
    counter.day = D(2026, 1, 8)
    conclude_remedy(case.number, first.pk, result="corrected", on=counter.day, **counter.who())
    tables = [statistics(counter.town.organ, year).report.litigation for year in (2025, 2026, 2027)]
    assert [t["review"] for t in tables] == [(0, 0, 0, 1, 1), (0, 1, 0, 0, 1), (0, 0, 0, 0, 0)]
    assert [t["direct"] for t in tables] == [(0, 0, 0, 1, 1)] * 3
    assert tables[0]["after_review"] == (0,) * 5


def test_the_number_of_queries_does_not_grow(counter):
    counter.case()
    with CaptureQueriesContext(connection) as few:
        statistics(counter.town.organ, 2026)
    for _ in range(5):
        counter.case()
    with CaptureQueriesContext(connection) as many:
        statistics(counter.town.organ, 2026)
    assert len(many) == len(few) <= 12


DAYS = st.dates(D(2023, 1, 1), D(2026, 12, 31))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(
    st.lists(st.tuples(DAYS, st.none() | DAYS, st.sampled_from(sorted(COLUMNS)), st.sampled_from(LEAVES)), max_size=40)
)
def test_generated_years_always_add_up(counter, drawn):
    """Rows straight into the tables: every identity holds for what the tables may hold at all."""
    from django.db import transaction

    with transaction.atomic():
        for n, (received, decided, column, row) in enumerate(drawn):
            done = max(received, decided) if decided else None
            place(counter, n, received, done, column, row)
        for year in range(2023, 2028):
            made = statistics(counter.town.organ, year)
            assert made.failures == ()
            wanted = sum(1 for received, *_ in drawn if received.year == year)
            assert made.report.requests["new_received"][6] == wanted
        transaction.set_rollback(True)


def place(counter, n, received, done, column, row):
    from gongkai.foi.actions.receive import new_key
    from gongkai.foi.models import Applicant

    who = Applicant.objects.create(column=column, key=new_key(), particulars=b"x", digest=f"d{n}")
    sent = Submission.objects.create(key_digest=f"s{n}", content_digest="", master_id="a", at=AT)
    case = FoiRequest.objects.create(
        number=f"N{n}", organ=counter.town.organ, applicant=who, submission=sent, item=1, key=new_key(), code_hash=b"x",
        channel="in_person", arrived_on=received, received_on=received, description=b"x", form="paper",
        delivery="post", state="received", created_at=AT, touched_at=AT,
    )  # fmt: skip
    if done is not None:
        Outcome.objects.create(request=case, reply_code="R2", report_row=row, column=column, decided_on=done)


@pytest.mark.parametrize("year", [2024, 2030])
def test_a_year_without_requests_is_a_table_of_noughts(counter, year):
    made = statistics(counter.town.organ, year)
    assert made.failures == ()
    assert {cell for row in made.report.requests.values() for cell in row} == {0}
