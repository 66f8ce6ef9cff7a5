"""What the city's civil affairs bureau gives out on paper: a handbook, and lists for the archive and the library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_by_code
from gongkai.channels.actions.handbooks import choose_all, open_handbook, publish
from gongkai.channels.actions.transfers import add_receiver, hand_over, make_transfer
from gongkai.cli.demo.hours import point
from gongkai.cli.demo.office import Event, acting

ORGAN = "yx-mzj"
HANDBOOK = {
    "title": "民生救助办事手册",
    "subtitle": "低保、临时救助、养老服务",
    "contact": "云溪市民政局社会救助科，工作日可以来电来访",
    "paper": "A5",
    "chapters": "hand",
}
CHAPTERS = (("20-11", "低保和救助"), ("20-03", "养老服务"))
#: Days before today: the list that was handed over, the handbook, the list that still waits.
LISTED, PRINTED, WAITING = 75, 20, 3


def paper_events(today: date) -> Iterator[Event]:
    """The handbook itself is made by the worker, as in every installation."""
    yield point(today - timedelta(days=LISTED), 0.8), partial(_archive, today - timedelta(days=LISTED))
    yield point(today - timedelta(days=PRINTED), 0.8), partial(_handbook, today - timedelta(days=PRINTED))
    yield point(today - timedelta(days=WAITING), 0.8), partial(_library, today - timedelta(days=WAITING))


def _office(day: date) -> tuple[Organ, Actor]:
    organ = organ_by_code(ORGAN)
    return organ, acting("compliance_reviewer", organ, day)


def _archive(day: date, at: datetime) -> None:
    organ, keeper = _office(day)
    receiver = add_receiver(organ, "archive", "云溪市档案馆", actor=keeper, at=at)
    made = make_transfer(receiver.pk, until=day, actor=keeper, at=at, today=day)
    hand_over(made.pk, on=day, receipt_number=f"云档接〔{day.year}〕17号", actor=keeper, at=at, today=day)


def _handbook(day: date, at: datetime) -> None:
    organ, keeper = _office(day)
    book = open_handbook(organ, HANDBOOK, actor=keeper, at=at)
    for heading, chapter in CHAPTERS:
        choose_all(book.pk, "heading", heading, actor=keeper, at=at, on=day, chapter=chapter)
    publish(book.pk, True, actor=keeper, at=at, on=day)


def _library(day: date, at: datetime) -> None:
    organ, keeper = _office(day)
    receiver = add_receiver(organ, "library", "云溪市图书馆", actor=keeper, at=at)
    make_transfer(receiver.pk, until=day, actor=keeper, at=at, today=day)
