"""Real workers, really killed while a place is answering: nothing lost, nothing twice, everything unclear with a person."""

from __future__ import annotations

import random
import signal
import threading
from collections import Counter

import pytest

from tests.channels.conftest import SITE
from tests.channels.stand_in import Asked, StandIn
from tests.channels.stand_ins.wechat import WeChat
from tests.channels.stand_ins.weibo import Weibo
from tests.journeys.test_outside_a_transaction import Home

ITEMS = 4
WORK = """
from datetime import timedelta
from gongkai.channels.actions.carry import carry_next, look, plan_stale, sweep
from gongkai.channels.actions.follow import follow_all
from gongkai.channels.actions.settle import it_is_not_there, it_is_there, retry
from gongkai.channels.adapters import channel_of
from gongkai.channels.models import Posting
from gongkai.channels.queries import alarms, to_settle

def work(later):
    now = AT + timedelta(seconds=later)
    seal_all(at=now)
    follow_all(at=now, on=TODAY)
    plan_stale(at=now)
    for code in ("wechat", "weibo"):
        sweep(channel_of(code), at=now)
        look(channel_of(code), at=now, on=TODAY)
        while carry_next(channel_of(code), at=now, on=TODAY) is not None:
            pass
    return now
"""


class Trap:
    """Answers for a place; the question it was set to is held, after or before the place has taken it."""

    def __init__(self, place) -> None:
        self.place = place
        self.left, self.after = 0, True
        self.sprung, self.release = threading.Event(), threading.Event()

    def set(self, left: int, *, after: bool) -> None:
        self.sprung.clear()
        self.release.clear()
        self.left, self.after = left, after

    def answer(self, asked: Asked):
        self.left -= 1
        if self.left != 0:
            return self.place.answer(asked)
        if self.after:
            self.place.answer(asked)
        self.sprung.set()
        self.release.wait(60)
        return None


@pytest.fixture
def office(tmp_path):
    """An installation of its own with released items for both places."""
    wechat, weibo = Trap(WeChat()), Trap(Weibo())
    with StandIn(wechat.answer) as one, StandIn(weibo.answer) as two:
        home = Home(tmp_path)
        home.environment |= {
            "SITE_BASE_URL": SITE, "WECHAT_BASE_URL": one.url, "WECHAT_APP_ID": wechat.place.app_id,
            "WECHAT_APP_SECRET": wechat.place.secret, "WEIBO_BASE_URL": two.url,
            "WEIBO_ACCESS_TOKEN": weibo.place.token, "WEIBO_OPERATOR_IP": "192.0.2.7",
        }  # fmt: skip
        home.run(
            f"""
            from gongkai.channels.actions.settle import choose_channels
            t = town(); d = Desk(t)
            for n in range({ITEMS}):
                item = d.draft(title=f"第{{n}}件")
                choose_channels(item.pk, ("wechat", "weibo"), reason="", actor=t.actor("drafter"), at=AT)
                d.release(item)
            """
        )
        yield home, wechat, weibo


def shown(wechat: Trap, weibo: Trap) -> Counter[str]:
    """How often each item stands, at either place."""
    found = Counter(f"wechat {row['title']}" for row in wechat.place.articles.values())
    found.update(f"weibo {text[1:].split('】')[0]}" for text in weibo.place.posts.values())
    return found


def test_killed_workers_post_nothing_twice_and_lose_nothing(office):
    home, wechat, weibo = office
    rng = random.Random(7)
    later, kills = 0, 0
    for trap, left, after in (
        (wechat, rng.randrange(5, 9), True), (weibo, 1, True), (wechat, rng.randrange(4, 12), False),
        (weibo, 2, False), (weibo, 3, True),
    ):  # fmt: skip
        trap.set(left, after=after)
        process = home.start(WORK + f"work({later})")
        while not trap.sprung.wait(0.1) and process.poll() is None:
            pass
        if trap.sprung.is_set():
            process.send_signal(signal.SIGKILL)
            kills += 1
        _, err = process.communicate(timeout=60)
        assert process.returncode == (-signal.SIGKILL if trap.sprung.is_set() else 0), err
        trap.release.set()
        trap.left = 0
        assert max(shown(wechat, weibo).values(), default=1) == 1
        later += 60
    assert kills >= 4

    there = sorted(shown(wechat, weibo))
    said = home.run(
        WORK
        + f"""
there, later = {there!r}, {later}
now = work(later)
print(Posting.objects.filter(state="sending").count())
print(to_settle().count())
for posting in to_settle():
    name = f"{{posting.channel}} {{posting.item.working_title}}"
    if posting.state != "ambiguous":
        retry(posting.pk, actor=town().actor("drafter"), at=now)
    elif name in there:
        it_is_there(posting.pk, reference="看到的链接", actor=town().actor("drafter"), at=now)
    else:
        it_is_not_there(posting.pk, actor=town().actor("drafter"), at=now)
for step in (1, 10, 100, 1000, 10000):
    work(later + step)
print(sum(row.is_settled for row in Posting.objects.filter(channel__in=('wechat', 'weibo'))), to_settle().count())
"""
    ).split()
    assert said[0] == "0"
    assert int(said[1]) >= 1
    assert said[2:] == [str(2 * ITEMS), "0"]
    assert shown(wechat, weibo) == {f"{place} 第{n}件": 1 for place in ("wechat", "weibo") for n in range(ITEMS)}
