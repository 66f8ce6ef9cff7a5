"""Three outside places in all their moods, an office that publishes, and a clock: what the model test drives.

The model is one line per item: its newest version and whether that stands (`live`), was taken down (`withdrawn`) or was
repealed (`abolished`); `hidden` was never released. A version that is approved and waits for its instant is `pending`
until the worker is alive at or after `due`. Titles carry item and version, so what a place shows can be read off it.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from gongkai.channels.actions.carry import carry_next, look, plan_stale, sweep
from gongkai.channels.actions.follow import follow_all
from gongkai.channels.actions.settle import choose_channels, it_is_not_there, it_is_there, retry
from gongkai.channels.actions.take_callback import take_wechat
from gongkai.channels.adapters import channel_of
from gongkai.channels.models import Posting
from gongkai.channels.queries import alarms, to_settle
from gongkai.channels.states import AMBIGUOUS, RECALL, SENDING
from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.revise import discard, revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.schedule import cancel_schedule, move_schedule, schedule_release
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.seal import seal_all
from tests.channels.stand_ins import platform as platforms
from tests.channels.stand_ins.platform import Platform
from tests.channels.stand_ins.wechat import WeChat
from tests.channels.stand_ins.weibo import Weibo
from tests.conftest import AT, TODAY

CODES = ("service_platform", "wechat", "weibo")
MOST_ITEMS = 12
_NAME = re.compile(r"第(\d+)件第(\d+)版")
STEP = 10  # seconds between two looks of the worker, more than it takes in use
TROUBLES = {
    "wechat": [("freepublish/submit", 45009), ("freepublish/submit", -1), ("freepublish/delete", 48004),
               ("draft/add", 45009), ("freepublish/batchget", -1), ("material/add_material", 40009)],
    "weibo": [("statuses/share", 10001), ("statuses/share", 10023), ("statuses/user_timeline", 10014),
              ("statuses/destroy", 10023), ("statuses/destroy", 10001), ("statuses/show", 10002)],
}  # fmt: skip


class Killed(BaseException):
    """The process is gone: nothing of its own is run any more."""


class Dying:
    """A channel whose process dies with the next verb, before or after it has reached the other side."""

    def __init__(self, channel, *, after: bool) -> None:
        self._channel, self._after = channel, after

    def __getattr__(self, name: str):
        real = getattr(self._channel, name)
        if name not in ("deliver", "recall", "confirm"):
            return real

        def verb(given):
            if self._after:
                real(given)
            raise Killed

        return verb


@dataclass
class Line:
    """What should be true of one item."""

    pk: int
    version: int = 1
    state: str = "live"
    pending: int = 0  # the version that waits for its instant, 0 for none
    due: float = 0.0  # that instant, in the world's seconds


@dataclass
class World:
    town: object
    desk: object
    platform: Platform
    wechat: WeChat
    weibo: Weibo
    rng: random.Random
    later: float = 0.0
    model: dict[int, Line] = field(default_factory=dict)  # item number → line
    highest: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    # -- the office ------------------------------------------------------------------------------------

    def publish(self) -> None:
        number = len(self.model) + 1
        item = self.desk.draft(title=_title(number, 1))
        choose_channels(item.pk, ("wechat", "weibo"), reason="", actor=self.town.actor("drafter"), at=AT)
        self.desk.release(item)
        self.model[number] = Line(item.pk)

    def edit(self) -> None:
        """A new version, of what is public or of what was taken down."""
        known = [(number, line) for number, line in self.model.items() if not line.pending]
        if not known:
            return
        number, line = self.rng.choice(known)
        self._draft(line, _title(number, line.version + 1))
        line.version, line.state = line.version + 1, "live"
        self.desk.release(Item.objects.get(pk=line.pk))

    def schedule(self) -> None:
        """An approved text that waits for its instant: a new item, or the next version of one that is known."""
        waiting = timedelta(seconds=self.rng.randrange(5, 120))
        known = [(number, line) for number, line in self.model.items() if not line.pending]
        if known and (len(self.model) >= MOST_ITEMS or self.rng.random() < 0.5):
            number, line = self.rng.choice(known)
            line.pending = line.version + 1
            self._draft(line, _title(number, line.pending))
        else:
            number = len(self.model) + 1
            item = self.desk.draft(title=_title(number, 1))
            choose_channels(item.pk, ("wechat", "weibo"), reason="", actor=self.town.actor("drafter"), at=AT)
            line = self.model[number] = Line(item.pk, version=0, state="hidden", pending=1)
        schedule_release(line.pk, self.now + waiting, actor=self.town.actor("drafter"), at=self.now)
        line.due = self.later + waiting.total_seconds()
        assert self.desk.release(Item.objects.get(pk=line.pk)) is None
        self.counts["scheduled"] += 1

    def reschedule(self) -> None:
        """Sooner or later, by one who may do either."""
        if (line := self._waiting()) is None:
            return
        waiting = timedelta(seconds=self.rng.randrange(5, 120))
        if self.later + waiting.total_seconds() == line.due:
            return
        leader = self.town.actor("leader")
        move_schedule(line.pk, self.now + waiting, reason="领导外出。", actor=leader, at=self.now)
        line.due = self.later + waiting.total_seconds()

    def unschedule(self) -> None:
        """Given up: nothing goes out, and the text is thrown away or, of a new item, stays a draft."""
        if (line := self._waiting()) is None:
            return
        cancel_schedule(line.pk, reason="不再发布。", actor=self.town.actor("leader"), at=self.now)
        line.pending = 0
        if line.state != "hidden":
            discard(line.pk, actor=self.town.actor("drafter"), at=self.now)
        self.counts["unscheduled"] += 1

    def _waiting(self) -> Line | None:
        lines = [line for line in self.model.values() if line.pending]
        return self.rng.choice(lines) if lines else None

    def _draft(self, line: Line, title: str) -> None:
        """A draft with this title, begun anew or, of an item that was never released, gone on with."""
        actor = self.town.actor("drafter")
        fresh = line.state == "hidden"
        draft = Item.objects.get(pk=line.pk).draft if fresh else revise(line.pk, actor=actor, at=AT)
        values = {"title": title, "body": draft.body} | ({} if fresh else {"changed_on": TODAY})
        save_draft(line.pk, values, based_on=draft.revision, actor=actor, at=AT, today=TODAY)

    def take_down(self, reason: str) -> None:
        live = [line for line in self.model.values() if line.state == "live"]
        if not live:
            return
        line = self.rng.choice(live)
        withdraw(line.pk, reason, explanation="内容有误。", actor=self.town.actor("leader"), at=self.now, today=TODAY)
        line.state = "abolished" if reason == "abolished" else "withdrawn"

    # -- the worker ------------------------------------------------------------------------------------

    @property
    def now(self):
        return AT + timedelta(seconds=self.later)

    def pass_time(self, seconds: float) -> None:
        """The clock goes on, with a look of the worker every `STEP` seconds at most, and everything checked after each."""
        until = self.later + seconds
        while self.later < until:
            self.later = min(self.later + STEP, until)
            self.work()
            self.check()

    def work(self) -> None:
        release_due(at=self.now)
        for line in self.model.values():
            if line.pending and line.due <= self.later:
                line.version, line.state, line.pending = line.pending, "live", 0
        seal_all(at=self.now)
        follow_all(at=self.now, on=TODAY)
        plan_stale(at=self.now)
        for code in CODES:
            channel = channel_of(code)
            sweep(channel, at=self.now)
            look(channel, at=self.now, on=TODAY)
            while carry_next(channel, at=self.now, on=TODAY) is not None:
                self.counts["verbs"] += 1

    def die(self, *, after: bool | None = None) -> None:
        """A process takes what is due and dies over it."""
        seal_all(at=self.now)
        follow_all(at=self.now, on=TODAY)
        channel = channel_of(self.rng.choice(CODES))
        dying = Dying(channel, after=self.rng.random() < 0.7 if after is None else after)
        try:
            carry_next(dying, at=self.now, on=TODAY)
        except Killed:
            self.counts["killed"] += 1

    # -- the places ------------------------------------------------------------------------------------

    def place(self, code: str):
        return {"service_platform": self.platform, "wechat": self.wechat, "weibo": self.weibo}[code]

    def shown(self, code: str) -> dict[int, list[int]]:
        """Item → versions the public finds at a place."""
        match code:
            case "service_platform":
                titles = [told["title"] for told in self.platform.held.values()]
            case "wechat":
                titles = [row["title"] for row in self.wechat.articles.values()]
            case "weibo":
                titles = list(self.weibo.posts.values())
            case other:
                raise ValueError(other)
        found: dict[int, list[int]] = defaultdict(list)
        for title in titles:
            number, version = map(int, _NAME.search(title).groups())
            found[number].append(version)
        return found

    def wanted(self, code: str, line: Line) -> list[int]:
        if line.state == "live" or (line.state == "abolished" and channel_of(code).shows_validity):
            return [line.version]
        return []

    def trouble(self) -> None:
        """Another mood somewhere, or one refused call, or an expired credential."""
        code = self.rng.choice(CODES)
        place = self.place(code)
        place.mood = self.rng.choice(platforms.MOODS)
        if code in TROUBLES:
            place.errors.clear()
            if self.rng.random() < 0.3:
                place.errors.update([self.rng.choice(TROUBLES[code])])
        if self.rng.random() < 0.1:
            self.wechat.token = "expired"

    def calm(self) -> None:
        for code in CODES:
            self.place(code).mood = "ok"
        self.wechat.errors.clear()
        self.weibo.errors.clear()
        self.weibo.lagging.clear()

    def call_back(self) -> None:
        """Some of what is waiting, in any order, now and then twice, now and then long after."""
        self.rng.shuffle(self.wechat.outbox)
        for _ in range(self.rng.randrange(3)):
            if self.wechat.outbox:
                body = self.wechat.outbox.pop()
                for _ in range(self.rng.choice((1, 1, 2))):
                    take_wechat(body, at=self.now)
                    self.counts["callbacks"] += 1

    # -- people ----------------------------------------------------------------------------------------

    def settle_one(self) -> None:
        waiting = list(to_settle())
        if waiting:
            self.settle(self.rng.choice(waiting))

    def settle(self, posting: Posting) -> None:
        """Somebody waits a little, looks at the place, and says what is there."""
        self.wechat.settle_all()
        posting.refresh_from_db()
        number = next(n for n, line in self.model.items() if line.pk == posting.item_id)
        there = bool(self.shown(posting.channel).get(number))
        actor = self.town.actor("drafter")
        self.counts["settled by a person"] += 1
        if posting.state == AMBIGUOUS and there:
            it_is_there(posting.pk, reference="看到的链接", actor=actor, at=self.now)
        elif posting.state == AMBIGUOUS or (posting.verb == RECALL and not there):
            it_is_not_there(posting.pk, actor=actor, at=self.now)
        else:
            retry(posting.pk, actor=actor, at=self.now)

    # -- what must hold at every moment ----------------------------------------------------------------

    def check(self) -> None:
        rows = {(row.channel, row.item_id): row for row in Posting.objects.all()}
        alarmed = {(row.channel, row.item_id) for row in alarms(at=self.now)}
        for code in CODES:
            shown = self.shown(code)
            for number, line in self.model.items():
                versions, row = shown.get(number, []), rows.get((code, line.pk))
                about = (code, number, versions, line, row and (row.state, row.verb, row.problem, row.wanted_at))
                assert len(versions) <= 1, ("two posts of one item", about)
                assert max(versions, default=0) <= line.version, ("before its instant", about)
                if versions:
                    assert versions[0] >= self.highest[code, number], ("an older version over a newer", about)
                    self.highest[code, number] = versions[0]
                if row is None:
                    assert versions == [], ("a post nobody knows of", about)
                    continue
                assert row.state != SENDING or row.claimed_at > self.now - timedelta(seconds=60), ("unclear", about)
                if row.is_settled:
                    assert versions == self.wanted(code, line), ("settled, and it is not true", about)
                late = row.wanted_at < self.now - timedelta(seconds=60)
                if late and versions and versions != self.wanted(code, line):
                    assert (code, line.pk) in alarmed, ("stands, and no alarm", about)

    def end(self) -> None:
        """All is well again, people settle what waits for them, hours pass: everything is as the model says."""
        self.calm()
        self.later = max([self.later, *(line.due for line in self.model.values() if line.pending)])
        for _ in range(40):
            for posting in list(to_settle()):
                self.settle(posting)
            self.wechat.settle_all()
            self.pass_time(20)
            if all(row.is_settled for row in Posting.objects.filter(channel__in=CODES)):
                break
            self.later += 1800
            self.work()
        self.check()
        for code in CODES:
            expected = {n: v for n, line in self.model.items() if (v := self.wanted(code, line))}
            assert dict(self.shown(code)) == expected
        assert list(to_settle()) == []
        assert list(alarms(at=self.now + timedelta(days=1))) == []


def _title(number: int, version: int) -> str:
    return f"第{number}件第{version}版"
