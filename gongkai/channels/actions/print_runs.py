"""Write down what was printed and handed out, and what became of copies that are out of date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.channels.actions.handbooks import CHOOSERS, require
from gongkai.channels.handbooks.queries import outdated
from gongkai.channels.models import Edition, PrintEnding, PrintRun
from gongkai.channels.models.handbooks import AMENDED, ENDINGS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

MOST_COPIES: Final = 10_000_000


def record_print(
    edition_id: int, copies: int, place: str, *, on: date, actor: Actor, at: datetime, today: date
) -> PrintRun:
    """Copies of an edition, where and when they were handed out."""
    edition = Edition.objects.select_related("handbook__organ").get(pk=edition_id)
    organ, place = edition.handbook.organ, place.strip()
    require(actor, organ, CHOOSERS, "登记手册的印发")
    if edition.blob_id is None:
        raise Refusal(Refused("edition_empty", "这一版没有内容，没有可以印发的手册。"))
    if not 0 < copies <= MOST_COPIES:
        raise Refusal(Refused("copies_wrong", "请填写印了多少册，应当是大于 0 的整数。"))
    if not place or len(place) > 200:
        raise Refusal(
            Refused("place_missing", "请写明发到哪里，不超过 200 个字，例如“市政务服务中心大厅和各街道便民服务站”。")
        )
    _day(on, today)
    with transaction.atomic():
        run = PrintRun.objects.create(
            edition=edition, copies=copies, place=place, on=on, by_id=actor.person_id, at=at
        )  # fmt: skip
        record(
            "handbook.printed", subject=f"handbook:{edition.handbook_id}", organ_code=organ.code, actor=actor, at=at,
            digest=edition.blob_id, data={"edition": edition.number, "copies": copies, "place": place},
        )  # fmt: skip
        return run


def settle_prints(
    run_id: int, verb: str, *, reason: str, on: date, actor: Actor, at: datetime, today: date
) -> PrintEnding:  # fmt: skip
    """What was done about copies that are out of date: replaced, destroyed, or a slip put in (`amended`).

    A slip is not enough where a text was taken down that nobody may read any more.
    """
    if verb not in ENDINGS:
        raise ValueError(f"unknown ending {verb}")
    reason = reason.strip()
    with transaction.atomic():
        run = PrintRun.objects.select_for_update(of=("self",)).select_related("edition__handbook__organ").get(pk=run_id)
        organ = run.edition.handbook.organ
        require(actor, organ, CHOOSERS, "处理过时的印刷件")
        if run.endings.exclude(verb=AMENDED).exists():
            raise Refusal(Refused("settled_already", "这批印刷件已经登记收回或者更换，没有改动。"))
        if not reason or len(reason) > 300:
            raise Refusal(
                Refused("reason_missing", "请写明怎样处理的，不超过 300 个字，例如“各窗口收回 480 册，已粉碎”。")
            )
        _day(on, today)
        if on < run.on:
            raise Refusal(Refused("before_print", f"日期早于印发日期（{run.on}），请核对。"))
        row = next((row for row in outdated([organ.pk], on=today) if row.run.pk == run.pk), None)
        if verb == AMENDED and row is not None and row.must_come_back:
            raise Refusal(Refused("must_come_back", "手册里有已经撤下的信息，附更正页不够，应当收回销毁或者换成新版。"))
        ending = PrintEnding.objects.create(run=run, verb=verb, reason=reason, on=on, by_id=actor.person_id, at=at)
        record(
            "handbook.prints_settled", subject=f"handbook:{run.edition.handbook_id}", organ_code=organ.code,
            actor=actor, at=at, data={"run": run.pk, "verb": ENDINGS[verb], "edition": run.edition.number},
        )  # fmt: skip
        return ending


def _day(on: date, today: date) -> None:
    if on > today:
        raise Refusal(Refused("in_the_future", "日期在今天以后，请在办完以后登记。"))
