"""Batches in real processes on a real database of their own: killed in the middle and run again, and run by two at
once. Nobody is written to, sent or read twice."""

from __future__ import annotations

import signal

import pytest

from tests.foi.test_in_parallel import Home, together

MEMBERS = 12
IMPORTS = """
from gongkai.foi.actions.batch_compose import batch_compose
from gongkai.foi.actions.batch_make import batch_make
from gongkai.foi.actions.batch_opine import batch_opine
from gongkai.foi.actions.batch_submit import batch_submit
from gongkai.foi.queries.batches import batch_digest
from gongkai.review.models import Opinion
from tests.foi.test_batches import ask, lead, take_up, whole
c = counter()
batch = Batch.objects.first()
"""
#: One row per member that is whole after each verb.
STAND = """
print(*(str((r.state, r.replies.count(), Fact.objects.filter(subject=r.subject, kind="foi.reply_submitted").count(),
             Opinion.objects.filter(case__subject_key__in=r.replies.values("pk")).count()))
        for r in FoiRequest.objects.order_by("pk")), sep="\\n")
"""


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    made.run(
        IMPORTS
        + f"""
cases = [ask(c, n) for n in range(1, {MEMBERS} + 1)]
made = batch_make(cases[0].number, [case.number for case in cases], **c.who())
take_up(c, made.batch)
lead(c, cases[0])
whole(batch_compose, made.batch, c)
"""
    )
    return made


SUBMIT = "whole(batch_submit, batch, c, piece=4)"
READ = (
    "whole(batch_opine, batch, c, role='section_reviewer', piece=4, step_order=1, verdict='approve', "
    "read_digest=batch_digest(batch))"
)


def killed(home, verb: str, table: str) -> int:
    """Start a verb, kill the process after some members; how many it had done by then."""
    process = home.start(
        IMPORTS
        + f"""
from django.db import transaction
real, seen = transaction.atomic, []
import gongkai.foi.actions.batch_pieces as pieces
class Told:
    def atomic(self):
        seen.append(1); print("member", len(seen), flush=True)
        return real()
pieces.transaction = Told()
{verb}
"""
    )
    assert process.stdout is not None
    while "member 6" not in (line := process.stdout.readline()):
        assert line, process.communicate()[1]
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    return int(home.run(f"print({table})"))


def test_killed_in_the_middle_and_run_again_nobody_twice(home):
    done = killed(home, SUBMIT, "ReplyVersion.objects.count()")
    assert 5 <= done < MEMBERS
    home.run(IMPORTS + SUBMIT)
    assert home.run(IMPORTS + STAND).splitlines() == [str(("in_review", 1, 1, 0))] * MEMBERS
    done = killed(home, READ, "__import__('gongkai.review.models').review.models.Opinion.objects.count()")
    assert 5 <= done < MEMBERS
    said = home.run(IMPORTS + f"said = {READ}\nprint(said.done, said.already, said.refused)")
    assert said == f"{MEMBERS - done} {done} ()"
    assert home.run(IMPORTS + STAND).splitlines() == [str(("in_review", 1, 1, 1))] * MEMBERS


def test_two_at_once_share_the_work(home):
    said = together(home, 2, IMPORTS + f"said = {SUBMIT}\nprint(said.done, said.already, len(said.refused))")
    told = [tuple(map(int, line.split())) for line in said]
    assert sum(done for done, _, _ in told) == MEMBERS
    assert all((done + already, refused) == (MEMBERS, 0) for done, already, refused in told)
    assert home.run(IMPORTS + STAND).splitlines() == [str(("in_review", 1, 1, 0))] * MEMBERS
