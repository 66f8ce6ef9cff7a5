"""Real processes on a real database of their own: fifty clients send the same form at once; a kill at any moment."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from tests.foi.test_in_parallel import FULL, Home

CLIENTS, ROUNDS = 50, 200 if FULL else 3
PROCESSES = 5

# What the processes share: forms filled in, a browser with one's cookie.
SHARED = """
import hashlib, multiprocessing, threading
from django.db import connections
from django.test import Client
from django.utils import timezone
from gongkai.foi.actions.drafts import save_draft, start_draft
from gongkai.foi.actions.submit_draft import submit_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.actions.uploads import add_chunk, attach, finish_upload, start_upload
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.drafts import Asked, Filled, draft_by_token, open_bytes, receipt_lines
from tests.portal.request_form import NAME, PHONE, PDF

BIG = PDF[:-8] + b"%" + bytes(range(1, 256)) * 6000 + b"\\n%%EOF\\n"

def filled(n, items=2):
    told = Particulars(f"{NAME}{n}", "none", "", PHONE)
    asked = tuple(Asked(f"第{n}份第{i}项") for i in range(items))
    content = Filled(asked, organ="QH-MZ", column="natural", told=told, form="electronic", delivery="online")
    return start_draft(content, actor=APPLICANT, at=timezone.now())[0]

def browser(token):
    client = Client()
    client.cookies["request_draft"] = token
    return client
"""


class Portal(Home):
    """An installation whose scripts may take their time."""

    def start(self, code: str) -> subprocess.Popen[str]:
        return super().start(SHARED + code)

    def run(self, code: str, *, patience: int = 3600) -> str:
        process = self.start(code)
        out, err = process.communicate(timeout=patience)
        assert process.returncode == 0, err
        return out.strip()


@pytest.fixture
def home(tmp_path):
    return Portal(tmp_path)


def test_fifty_clients_sending_the_same_form_at_once_make_one_case_each_item_and_one_receipt(home):
    said = home.run(
        f"""
CLIENTS, ROUNDS, PROCESSES = {CLIENTS}, {ROUNDS}, {PROCESSES}
tokens = [filled(n) for n in range(ROUNDS)]
connections.close_all()
begin = multiprocessing.Barrier(CLIENTS)
answers = multiprocessing.Queue()

def one_client():
    try:
        seen = []
        for token in tokens:
            client = browser(token)
            begin.wait(600)
            answer = client.post("/apply/new/check/", {{"seen": "1"}})
            seen.append((answer.status_code, answer.headers.get("Location", "")))
        for token in tokens:
            lines = receipt_lines(draft_by_token(token, at=timezone.now()))
            seen.append(tuple((line.case.number, line.code) for line in lines))
        answers.put(repr(seen))
    except BaseException as error:
        answers.put(repr(error))
        begin.abort()
    finally:
        connections.close_all()

def one_process():
    threads = [threading.Thread(target=one_client) for _ in range(CLIENTS // PROCESSES)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

from django.conf import settings
settings.FOI_SUBMISSIONS = 0
processes = [multiprocessing.get_context("fork").Process(target=one_process) for _ in range(PROCESSES)]
for process in processes: process.start()
told = [answers.get(timeout=3000) for _ in range(CLIENTS)]
for process in processes: process.join()
print(len(told), len(set(told)))
print(told[0])
"""
    )
    counted, first = said.split("\n")
    assert counted == f"{CLIENTS} 1", said  # every client got the same answers, numbers and codes
    seen = eval(first)  # noqa: S307 -- our own repr
    assert seen[:ROUNDS] == [(302, "/apply/new/receipt/")] * ROUNDS
    assert [len(receipt) for receipt in seen[ROUNDS:]] == [2] * ROUNDS
    kept = home.run(
        "print(*FoiRequest.objects.order_by('number').values_list('number', flat=True)); "
        "print(Submission.objects.count(), Applicant.objects.count(), Fact.objects.filter(kind='foi.received').count())"
    ).split("\n")
    year = kept[0].split("-")[2]
    assert kept[0].split() == [f"QH-MZ-{year}-{n:05d}" for n in range(1, 2 * ROUNDS + 1)]
    assert kept[1] == f"{ROUNDS} {ROUNDS} {2 * ROUNDS}"


SEND = 'submit_draft(token, based_on=1, network="127.0.0.1", actor=APPLICANT, at=timezone.now())'
LOOK = """
    draft = draft_by_token(token, at=timezone.now())
    cases = list(draft.submission.requests.all()) if draft.submission else []
    print(draft.submitted_at is not None, len(cases), sum(case.files.count() for case in cases),
          sum(case.papers.filter(kind="receipt").count() for case in cases), draft.files.count())
"""


def test_a_submission_killed_at_any_moment_is_whole_or_not_there(home):
    kills = 30 if FULL else 4
    tokens = home.run(
        f"""
for n in range({kills}):
    token = filled(n)
    attach(token, PDF, "a.pdf", kind="identity", actor=APPLICANT, at=timezone.now())
    print(token)
"""
    ).split()
    for n, token in enumerate(tokens, start=1):
        process = home.start(f'token = "{token}"\nprint("go", flush=True)\n{SEND}')
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.015 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    told = home.run(
        f"for token in {tokens!r}:{LOOK}"
        f"for token in {tokens!r}:\n    {SEND}{LOOK}"
        "print(FoiRequest.objects.count(), Submission.objects.count())"
    ).split("\n")
    # A case for each item, a file and a receipt for each case, nothing left in the form; or nothing but the form.
    assert set(told[:kills]) <= {"True 2 2 2 0", "False 0 0 0 1"}, told
    assert told[kills:-1] == ["True 2 2 2 0"] * kills
    assert told[-1] == f"{2 * kills} {kills}"


def test_an_upload_killed_at_any_moment_goes_on_where_it_stopped(home):
    kills, step = (20, 20_000) if FULL else (3, 20_000)
    token, upload = home.run(
        """
token = filled(0)
paper = start_upload(token, "a.pdf", len(BIG), kind="request", client_id="m", actor=APPLICANT, at=timezone.now())
print(token, paper.upload_id)
"""
    ).split()
    sending = f"""
token, upload = "{token}", "{upload}"
paper = DraftFile.objects.get(upload_id=upload)
draft = draft_by_token(token, at=timezone.now())
print(paper.received, open_bytes(draft, paper) == BIG[:paper.received], flush=True)
for offset in range(paper.received, len(BIG), {step}):
    add_chunk(token, upload, offset, BIG[offset:offset + {step}], actor=APPLICANT, at=timezone.now())
"""
    received = [0]
    for n in range(1, kills + 1):
        process = home.start(sending)
        assert process.stdout is not None
        there, whole = process.stdout.readline().split()
        assert whole == "True"
        received.append(int(there))
        time.sleep(0.03 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    assert received == sorted(received)
    assert [n % step for n in received] == [0] * len(received)
    ended = home.run(
        sending
        + """
finish_upload(token, upload, actor=APPLICANT, at=timezone.now())
paper = DraftFile.objects.get(upload_id=upload)
print(paper.media_type, open_bytes(draft, paper) == BIG)
"""
    ).split("\n")
    assert int(ended[0].split()[0]) >= received[-1]
    assert ended[1] == "application/pdf True"
