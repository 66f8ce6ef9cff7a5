"""What the database refuses about requests, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.guards import GUARDS
from gongkai.foi.models import (
    CaseStep,
    Delivery,
    Extension,
    FoiRequest,
    NumberSequence,
    Outcome,
    ReplyVersion,
    SealedCopy,
    Submission,
)
from gongkai.foi.queries.replies import newest, review_of
from gongkai.ledger.guards import missing
from tests.conftest import AT


def write(model, **values):
    with transaction.atomic():
        return model.objects.create(**values)


def change(rows, **values):
    with transaction.atomic():
        return rows.update(**values)


def remove(rows):
    with transaction.atomic():
        # Past Django's own protection, so that it is the database that answers.
        return rows._raw_delete(rows.db)


def test_every_trigger_is_in_the_database(office):
    assert missing(GUARDS) == []
    assert len(GUARDS) == 37


def test_steps_are_only_added(counter):
    case = counter.case()
    row = case.steps.get()
    with pytest.raises(DatabaseError, match="dated step"):
        change(CaseStep.objects.filter(pk=row.pk), on=counter.day.replace(day=1))
    with pytest.raises(DatabaseError, match="dated step"):
        remove(CaseStep.objects.filter(pk=row.pk))
    verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} foi_casestep SELECT * FROM foi_casestep WHERE id = %s", [row.pk])


def test_a_step_replaces_only_its_like(counter):
    case = counter.case()
    ask_reasons(case.number, on=counter.day, text="x", **counter.who())
    other = counter.case()
    row = case.steps.get(step="reasons_asked")
    common = {"step": "reasons_asked", "on": counter.day, "recorded_at": AT, "replaces": row}
    for wrong in ({"request": other, "seq": row.seq}, {"request": case, "seq": 9},
                  {"request": case, "seq": row.seq, "step": "withdrawn"}):  # fmt: skip
        with pytest.raises(DatabaseError, match="replaces one"):
            write(CaseStep, **(common | wrong))


def delivery(case, version, changes=None):
    values = {
        "request": case, "version": version, "case": review_of(version), "digest": version.digest,
        "by": "post", "on": case.arrived_on, "proof": b"x", "at": AT,
    } | (changes or {})  # fmt: skip
    return write(Delivery, **values)


@pytest.mark.parametrize("given", [0, 1, 2, 3])
def test_no_delivery_while_an_opinion_is_missing(counter, given):
    case = counter.case()
    version = counter.submit(case)
    for step in range(1, given + 1):
        counter.opine(version, step)
    with pytest.raises(DatabaseError, match="every opinion"):
        delivery(case, version)


def test_no_delivery_of_another_reply_than_the_signed_one(counter):
    case, other = counter.case(), counter.case()
    first = counter.sign(case)
    signed = counter.sign(other)
    for wrong in ({"digest": signed.digest}, {"version": signed}, {"case": review_of(signed)}):
        with pytest.raises(DatabaseError, match="every opinion"):
            delivery(case, first, changes=wrong)
    from gongkai.foi.actions.recall_reply import recall_reply

    recall_reply(case.number, reason="错字", **counter.who())
    with pytest.raises(DatabaseError, match="every opinion"):
        delivery(case, first)  # all opinions, but taken back
    counter.sign(case)
    with pytest.raises(DatabaseError, match="every opinion"):
        delivery(case, first)  # and not the newest
    assert delivery(case, newest(case)).digest == newest(case).digest


def test_replies_and_deliveries_do_not_change(counter):
    case = counter.case()
    made = counter.reply(case)
    for rows, values in (
        (ReplyVersion.objects.filter(pk=made.version_id), {"reply_code": "R3"}),
        (Delivery.objects.filter(pk=made.pk), {"on": counter.day.replace(day=1)}),
        (SealedCopy.objects.filter(version=made.version_id), {"digest": "0" * 64}),
        (Submission.objects.all(), {"master_id": "z"}),
    ):
        with pytest.raises(DatabaseError):
            change(rows, **values)
        with pytest.raises(DatabaseError):
            remove(rows)


def test_the_author_does_not_bind_the_seal(counter):
    case = counter.case()
    version = counter.sign(case)
    from gongkai.foi.actions.add_file import add_file
    from tests.foi.conftest import PNG

    paper = add_file(case.number, PNG, "a.png", kind="sealed", **counter.who())
    values = {"version": version, "digest": version.digest, "file": paper, "at": AT}
    with pytest.raises(DatabaseError, match="second person"):
        write(SealedCopy, by=counter.town.people["foi_officer"], **values)
    with pytest.raises(DatabaseError, match="second person"):
        write(SealedCopy, by=counter.town.people["foi_officer2"], **(values | {"digest": "0" * 64}))


def test_an_ended_request_has_one_outcome_and_an_open_one_none(counter):
    case = counter.case()
    rows = FoiRequest.objects.filter(pk=case.pk)
    for state in ("replied", "withdrawn", "given_up", "closed"):
        with pytest.raises(DatabaseError, match="exactly one"):
            change(rows, state=state)
    withdraw_request(case.number, on=counter.day, **counter.who())
    with pytest.raises(DatabaseError, match="exactly one"):
        change(rows, state="in_progress")
    line = Outcome.objects.get(request=case)
    with pytest.raises(DatabaseError):
        write(Outcome, request=case, reply_code="R2", report_row="granted", column="natural", decided_on=counter.day)
    with pytest.raises(DatabaseError, match="does not change"):
        change(Outcome.objects.filter(pk=line.pk), report_row="granted")
    with pytest.raises(DatabaseError, match="never removed"):
        remove(Outcome.objects.filter(pk=line.pk))


def test_an_outcome_row_is_a_leaf_of_table_three(counter):
    case = counter.case()
    with pytest.raises(DatabaseError):
        write(Outcome, request=case, reply_code="R2", report_row="total_processed", column="natural",
              decided_on=counter.day)  # fmt: skip


def test_what_a_request_is_does_not_change(counter):
    case = counter.case()
    rows = FoiRequest.objects.filter(pk=case.pk)
    for values in ({"number": "X"}, {"organ": counter.town.other_organ}, {"arrived_on": counter.day.replace(day=1)}):
        with pytest.raises(DatabaseError, match="do not change"):
            change(rows, **values)
    with pytest.raises(DatabaseError):
        change(rows, state="elsewhere")
    with transaction.atomic(), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("DELETE FROM foi_foirequest WHERE id = %s", [case.pk])


def test_numbers_are_never_given_twice(counter):
    counter.receive()
    with pytest.raises(DatabaseError, match="given twice"):
        change(NumberSequence.objects.all(), last=0)
    with pytest.raises(DatabaseError, match="given twice"):
        remove(NumberSequence.objects.all())


def test_nobody_decides_their_own_proposal(counter):
    case = counter.case()
    propose_extension(case.number, working_days=5, reason="x", **counter.who())
    with pytest.raises(DatabaseError):
        change(Extension.objects.all(), decision="approved", decided_by=counter.town.people["foi_officer"])
