"""Real processes on a real database of their own: several workers send once, a killed one leaves nothing to be sent
twice."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from tests.foi.test_in_parallel import Home, together
from tests.notices.post_office import open_post_office

NOTICES = 24
SEND = """
from datetime import timedelta
from django.utils import timezone
from gongkai.notices.actions.send import send_next, sweep
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.ways import sender
"""


@pytest.fixture
def post():
    office, server = open_post_office()
    yield office
    office.ended.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path, post):
    """An office with notices that wait in the queue."""
    made = Home(tmp_path)
    made.environment |= {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(post.port), "MAIL_FROM": "g@qinghe.example"}
    made.run(
        f"""
        from gongkai.foi.particulars import Particulars
        from gongkai.ledger.actions.seal import seal_all
        from gongkai.notices.actions.follow import follow_all
        from tests.foi.conftest import at
        c = counter()
        for n in range({NOTICES}):
            c.receive(applicant=Particulars(f"申请人{{n}}", phone=f"139{{n:08d}}", email=f"a{{n}}@mail.example"))
        seal_all(at=at(c.day)); follow_all(at=at(c.day))
        """
    )
    return made


def messages(post) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for _, _, message in post.taken)


def test_two_followers_and_three_senders_at_once_send_each_notice_once(home, post):
    together(
        home, 3,
        SEND + """
from gongkai.ledger.models import Cursor
from gongkai.notices.actions.follow import follow_all
Cursor.objects.filter(name="notices").update(position=0)
follow_all(at=timezone.now().replace(year=2026, month=3, day=2))
hand = sender("mail")
while send_next("mail", hand, at=timezone.now()):
    pass
hand.close()
""",
    )  # fmt: skip
    assert sorted(messages(post).values()) == [1] * NOTICES
    assert len({to for _, recipients, _ in post.taken for to in recipients}) == NOTICES
    assert home.run(SEND + "print(OutgoingNotice.objects.filter(state='sent').count())") == str(NOTICES)


def test_a_sender_killed_at_the_worst_moment_sends_nothing_twice(home, post):
    """The server has read the text and is about to answer when the process dies."""
    post.fault = "slow_text"
    process = home.start(SEND + "send_next('mail', sender('mail'), at=timezone.now())")
    while not post.taken:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    post.fault = ""
    post.ended.set()
    said = home.run(
        SEND
        + """
later = timezone.now() + timedelta(minutes=16)
print(sweep(at=later))
hand = sender("mail")
while send_next("mail", hand, at=later):
    pass
hand.close()
print(*sorted(OutgoingNotice.objects.values_list("state", flat=True)))
"""
    )
    assert said.split() == ["1", *["sent"] * (NOTICES - 1), "unclear"]
    assert sorted(messages(post).values()) == [1] * NOTICES


def test_the_workers_tick_sends_in_a_thread_of_its_own(home, post):
    said = home.run(
        SEND
        + """
import threading
from gongkai.notices.tasks import tick
read = tick()
sending = [t for t in threading.enumerate() if t.name == "notices"]
tick()
assert len([t for t in threading.enumerate() if t.name == "notices"]) <= 1
for thread in sending:
    thread.join()
print(len(sending), OutgoingNotice.objects.filter(state="sent").count())
"""
    )
    assert said == f"1 {NOTICES}"
    assert sorted(messages(post).values()) == [1] * NOTICES
