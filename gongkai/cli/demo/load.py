"""Write the demo content through the real actions, in the order of its past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from operator import itemgetter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.calendars.queries import work_calendar
from gongkai.cli.addresses import DEMO_PASSWORD
from gongkai.cli.demo.cases import Cases, read_cases
from gongkai.cli.demo.content_files import Content, read_content
from gongkai.cli.demo.hours import Hours
from gongkai.cli.demo.office import Event, office_events
from gongkai.cli.demo.papers import paper_events
from gongkai.cli.demo.story import Story, attachments_of
from gongkai.law.catalogue_limits import limit_due_on, parse_limit

# The first day of the demo's past; the oldest item was formed a little later.
START_DAYS = 2600


def load_demo(*, say: Callable[[str], object], now: datetime | None = None) -> None:
    """Fill an empty system. Everything or nothing: one transaction, sealed and made findable after it.

    Every act carries the instant it is told to have happened at, never one ahead of `now` (default: the clock).
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all

    moment = timezone.localtime(now)
    today = moment.date()
    content = read_content(today, lambda limit, n: formed_for_due(limit, today, n))
    stories = _stories(content, today)
    cases = read_cases(today, work_calendar())
    events = _in_order(content, stories, cases, today)
    hours = Hours(moment)
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True),
        transient=True,
    )  # fmt: skip
    with shown as progress:
        bar = progress.add_task(_("写入演示内容"), total=len(events))
        with transaction.atomic():
            for when, act in events:
                act(hours.at(when))
                progress.advance(bar)
        progress.update(bar, description=_("更新索引"))
        seal_all(at=moment)
        follow_all(on=today)
    say(
        _("已写入演示内容：%(organs)s 个机关，%(people)s 名工作人员，%(items)s 条信息，%(cases)s 件依申请公开。")
        % {
            "organs": len(content.organs), "people": len(content.people), "items": len(stories),
            "cases": len(cases.stories),
        }
    )  # fmt: skip
    say(_("可以用来试查办理进度的申请（编号、查询码、电话后四位）："))
    for organ, number, code, fact in cases.to_try():
        say(f"  {number}  {code}  {fact}  {organ}")


def _in_order(content: Content, stories: dict[str, Story], cases: Cases, today: date) -> list[Event]:
    start = today - timedelta(days=START_DAYS)
    events = list(office_events(content, start, today, DEMO_PASSWORD))
    for story in stories.values():
        events += story.events()
    events += cases.events()
    events += paper_events(today)
    return sorted(events, key=itemgetter(0))


def _stories(content: Content, today: date) -> dict[str, Story]:
    named: dict[str, Story] = {}
    for told in content.items:
        named[told["key"]] = Story(told, today, named)
    names = {organ["code"]: organ["name"] for organ in content.organs}
    for story in named.values():
        story.bytes_of |= attachments_of(story.told, names[story.told["organ"]])
    return named


def formed_for_due(limit_text: str, today: date, working_days: int) -> date:
    """The newest day of formation whose period ends on the n-th working day from today (0: today, if it is worked)."""
    calendar = work_calendar()
    target = calendar.roll_forward(today)
    if working_days > 0:
        target = calendar.add(target, working_days)
    elif working_days < 0:
        target = calendar.subtract(target, -working_days)
    else:
        pass  # due today
    limit = parse_limit(limit_text)
    formed = today
    while limit_due_on(limit, formed, calendar) > target:
        formed -= timedelta(days=1)
    return formed
