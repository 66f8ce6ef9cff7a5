"""条例25: enter receivers, make lists of what they have not been given, write down the handing over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.channels.actions.handbooks import require
from gongkai.channels.actions.record_by_hand import Scan, stored_scan
from gongkai.channels.models import Receiver, Transfer, TransferLine
from gongkai.channels.models.transfers import RECEIVERS, RELEASED
from gongkai.channels.transfers.listing import MOST, Line, digest_of, lines
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

ARTICLE: Final = "《政府信息公开条例》第二十五条"
KEEPERS: Final = ("compliance_reviewer",)


def add_receiver(
    organ: Organ, kind: str, name: str, *, actor: Actor, at: datetime, with_below: bool = False,
    starts_on: date | None = None,
) -> Receiver:  # fmt: skip
    """Enter an archive, a library or a service hall that is given the organ's lists."""
    if kind not in RECEIVERS:
        raise ValueError(f"unknown kind of receiver {kind}")
    require(actor, organ, KEEPERS, "登记移交接收单位")
    name = name.strip()
    if not name or len(name) > 120:
        raise Refusal(Refused("name_missing", "请填写接收单位的名称，例如“青禾市档案馆”。", ARTICLE))
    with transaction.atomic():
        if Receiver.objects.filter(organ=organ, name=name).exists():
            raise Refusal(Refused("receiver_there", f"{name}已经登记过。"))
        receiver = Receiver.objects.create(
            organ=organ, kind=kind, name=name, with_below=with_below, starts_on=starts_on, added_at=at
        )
        _told("receiver.added", receiver, actor, at, name=name)
        return receiver


def close_receiver(receiver_id: int, *, actor: Actor, at: datetime) -> Receiver:
    """It is given nothing any more; its lists stay."""
    with transaction.atomic():
        receiver = _locked(receiver_id, actor)
        if _waiting(receiver) is not None:
            raise Refusal(Refused("list_waits", "还有一份清单没有移交，请先登记移交或者作废。"))
        receiver.active = False
        receiver.save(update_fields=["active"])
        _told("receiver.changed", receiver, actor, at, name=receiver.name, active=False)
        return receiver


def make_transfer(receiver_id: int, *, until: date, actor: Actor, at: datetime, today: date) -> Transfer:
    """The next list: everything released until that day and not handed over yet, and what was taken back since."""
    if until > today:
        raise Refusal(Refused("in_the_future", "截止日期在今天以后，请填今天或者以前的日期。"))
    with transaction.atomic():
        receiver = _locked(receiver_id, actor)
        if (waiting := _waiting(receiver)) is not None:
            raise Refusal(
                Refused("list_waits", f"第 {waiting.number} 号清单还没有移交，请先登记移交，做错了的请先作废。")
            )
        found = lines(receiver, until=until)
        if not found:
            raise Refusal(
                Refused("nothing_new", f"到 {until.isoformat()} 为止，没有还没移交的信息，也没有要通知撤回的。")
            )
        if len(found) > MOST:
            raise Refusal(
                Refused("too_many", f"要移交的超过 {MOST} 条，一份清单装不下。请把截止日期提前，分几份清单移交。")
            )
        number = (Transfer.objects.filter(receiver=receiver).aggregate(n=Max("number"))["n"] or 0) + 1
        rows = [_row(order, line) for order, line in enumerate(found, start=1)]
        made = Transfer.objects.create(
            receiver=receiver, number=number, until=until, made_at=at, made_by_id=actor.person_id,
            digest=digest_of(rows, receiver=receiver.name, number=number),
        )  # fmt: skip
        for row in rows:
            row.transfer = made
        TransferLine.objects.bulk_create(rows, batch_size=200)
        _told("transfer.made", receiver, actor, at, digest=made.digest, number=number, lines=len(rows))
        return made


def give_up_transfer(transfer_id: int, *, reason: str, actor: Actor, at: datetime) -> Transfer:
    """A list that was not handed over and will not be; its lines come again in the next one."""
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise Refusal(Refused("reason_missing", "请写明作废的原因，不超过 300 个字。"))
    with transaction.atomic():
        made = _open_list(transfer_id, actor)
        made.given_up_at, made.given_up_reason = at, reason
        made.save(update_fields=["given_up_at", "given_up_reason"])
        _told("transfer.given_up", made.receiver, actor, at, digest=made.digest, number=made.number)
        return made


def hand_over(
    transfer_id: int,
    *,
    on: date,
    receipt_number: str,
    actor: Actor,
    at: datetime,
    today: date,
    scan: Scan | None = None,
) -> Transfer:
    """The list was handed over on that day; with the number of the receipt or its scan. `Unreadable` for no scan."""
    receipt_number = receipt_number.strip()
    if len(receipt_number) > 60:
        raise Refusal(Refused("too_long", "回执编号最多 60 个字。"))
    if not receipt_number and scan is None:
        raise Refusal(Refused("no_receipt", "请填写回执编号，或者上传接收单位签收的扫描件。", ARTICLE))
    with transaction.atomic():
        made = _open_list(transfer_id, actor)
        if on > today:
            raise Refusal(Refused("in_the_future", "日期在今天以后，请在移交以后登记。"))
        if on < timezone.localtime(made.made_at).date():
            raise Refusal(Refused("before_list", "移交日期早于生成清单的日期，请核对。"))
        made.handed_over_on, made.receipt_number, made.scan = on, receipt_number, stored_scan(scan, at)
        made.handed_over_by_id, made.handed_over_at = actor.person_id, at
        made.save(update_fields=["handed_over_on", "receipt_number", "scan", "handed_over_by", "handed_over_at"])
        _told(
            "transfer.handed_over", made.receiver, actor, at, digest=made.digest, number=made.number,
            on=on.isoformat(), receipt=receipt_number,
        )  # fmt: skip
        return made


def _row(order: int, line: Line) -> TransferLine:
    release = line.release
    return TransferLine(
        order=order, kind=line.kind, item=release.item, release=release, index_number=release.item.index_number or "",
        title=line.title, doc_number=release.version.doc_number if line.kind == RELEASED else "",
        formed_on=release.version.formed_on, released_on=timezone.localtime(release.released_at).date(),
        extent=line.extent, note=line.note[:300],
    )  # fmt: skip


def _locked(receiver_id: int, actor: Actor) -> Receiver:
    receiver = Receiver.objects.select_for_update(of=("self",)).select_related("organ").get(pk=receiver_id)
    require(actor, receiver.organ, KEEPERS, "移交主动公开的政府信息")
    if not receiver.active:
        raise Refusal(Refused("receiver_closed", f"{receiver.name}已经停用，没有办理。"))
    return receiver


def _waiting(receiver: Receiver) -> Transfer | None:
    return Transfer.objects.filter(receiver=receiver, given_up_at__isnull=True, handed_over_on__isnull=True).first()


def _open_list(transfer_id: int, actor: Actor) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("receiver__organ")
    made = rows.get(pk=transfer_id)
    require(actor, made.receiver.organ, KEEPERS, "移交主动公开的政府信息")
    if made.handed_over_on is not None or made.given_up_at is not None:
        raise Refusal(Refused("list_closed", "这份清单已经移交或者作废，没有改动。"))
    return made


def _told(kind: str, receiver: Receiver, actor: Actor, at: datetime, *, digest: str = "", **data: object) -> None:
    record(
        kind, subject=f"receiver:{receiver.pk}", organ_code=receiver.organ.code, actor=actor, at=at, digest=digest,
        data={"receiver": receiver.name, **data},
    )  # fmt: skip
