"""Register a submission: one case for each item, once, however often it is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.foi import vault
from gongkai.foi.actions.confirm_receipt import confirm
from gongkai.foi.actions.numbering import next_number
from gongkai.foi.actions.turning import APPLICANT, day_of
from gongkai.foi.models import Applicant, DataKey, FoiRequest, Submission, TextBand
from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.particulars import COLUMNS, Particulars, identity_text
from gongkai.foi.queries.sealed import sealed_json, sealed_text
from gongkai.foi.sketch import bands, sketch
from gongkai.foi.wishes import Wish
from gongkai.law import foi_moves as moves
from gongkai.law.reply_clock.steps import CHANNELS, CONFIRMED_CHANNELS
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

KEY_LETTERS = 22  # 128 random bits in base64


@dataclass(frozen=True, slots=True)
class Registered:
    """One case with its query code, which is shown now and stored nowhere."""

    case: FoiRequest
    code: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The one receipt of a submission; `again` when it had come before."""

    registered: tuple[Registered, ...]
    again: bool


def receive(
    organ: Organ, applicant: Particulars, wishes: Sequence[Wish], *, column: str, channel: str, arrived_on: date,
    submission_key: str, actor: Actor, at: datetime, confirmed_on: date | None = None,
) -> Receipt:  # fmt: skip
    """Register every item as a case of its own (一事一申请) and return the receipt.

    `submission_key` is random, made with the form; the same key with the same content gives the same receipt, in
    however many processes it arrives at once. `confirmed_on` is the day both sides confirmed (条例31) where the
    channel needs it; without it the clock does not run yet.
    """
    _check(organ, applicant, wishes, column, channel, submission_key, actor)
    content = json.dumps(
        [organ.code, column, channel, applicant.as_dict(), [wish.as_dict() for wish in wishes]],
        ensure_ascii=False, sort_keys=True,
    )  # fmt: skip
    known = _known(submission_key)
    if known is None:
        try:
            with transaction.atomic():
                return _register(
                    organ, applicant, wishes, column=column, channel=channel, arrived_on=arrived_on,
                    submission_key=submission_key, content=content, actor=actor, at=at, confirmed_on=confirmed_on,
                )  # fmt: skip
        except IntegrityError:
            # Somebody was quicker with the same key; anything else is a fault to be seen.
            known = _known(submission_key)
            if known is None:
                raise
    if known.content_digest not in vault.keyed_any("content", content):
        raise Refusal(Refused("key_used", "这份表单已经提交过别的内容，没有重复登记。请重新打开申请页面填写。"))
    return _receipt(known, submission_key, again=True)


def _check(
    organ: Organ, applicant: Particulars, wishes: Sequence[Wish], column: str, channel: str, key: str, actor: Actor
) -> None:
    if actor is not APPLICANT and (actor.role != "foi_officer" or actor.organ_id != organ.pk):
        raise Refusal(Refused("not_your_post", "您没有为本机关登记申请的岗位，没有登记。"))
    if column not in COLUMNS:
        raise ValueError(f"unknown applicant column {column}")
    if channel not in CHANNELS:
        raise ValueError(f"unknown channel {channel}")
    if actor is APPLICANT and channel != "online":
        raise ValueError("the public site receives online requests only")
    if len(key) < KEY_LETTERS:
        raise ValueError("a submission key needs 128 random bits")
    if not applicant.name.strip():
        raise Refusal(Refused("name_missing", "请填写申请人的姓名或者名称。", "《政府信息公开条例》第二十九条"))
    if not wishes or not all(wish.name.strip() for wish in wishes):
        raise Refusal(Refused("wish_missing", "请写明所需政府信息的名称或者特征。", "《政府信息公开条例》第二十九条"))
    for wish in wishes:
        if wish.form not in FORMS or wish.delivery not in DELIVERIES:
            raise ValueError(f"unknown form or delivery {wish.form}/{wish.delivery}")


def _known(submission_key: str) -> Submission | None:
    return Submission.objects.filter(key_digest__in=vault.keyed_any("submission", submission_key)).first()


def _receipt(submission: Submission, submission_key: str, *, again: bool) -> Receipt:
    key = vault.master(submission.master_id)
    cases = submission.requests.select_related("organ", "applicant").order_by("item")
    return Receipt(tuple(Registered(c, vault.code_for(submission_key, c.item, key)) for c in cases), again)


def _register(
    organ: Organ, applicant: Particulars, wishes: Sequence[Wish], *, column: str, channel: str, arrived_on: date,
    submission_key: str, content: str, actor: Actor, at: datetime, confirmed_on: date | None,
) -> Receipt:  # fmt: skip
    require(moves.may_date(arrived_on, today=day_of(at)))
    submission = Submission.objects.create(
        key_digest=vault.keyed("submission", submission_key), content_digest=vault.keyed("content", content),
        master_id=vault.current().key_id, at=at,
    )  # fmt: skip
    key = new_key()
    who = Applicant.objects.create(
        column=column, key=key, particulars=sealed_json(key, applicant.as_dict(), "applicant.particulars"),
        digest=vault.keyed("applicant", identity_text(applicant)),
    )  # fmt: skip
    for item, wish in enumerate(wishes, start=1):
        code = vault.code_for(submission_key, item, vault.current())
        case = _one(organ, who, submission, item, wish, code, channel=channel, arrived_on=arrived_on, at=at)
        record(
            "foi.received", subject=case.subject, organ_code=organ.code, actor=actor, at=at,
            data={"verb": "receive", "state": case.state, "channel": channel, "arrived_on": arrived_on.isoformat(),
                  "column": column, "item": item},
        )  # fmt: skip
        if channel not in CONFIRMED_CHANNELS or confirmed_on is not None:
            confirm(case, confirmed_on, actor=actor, at=at)
    return _receipt(submission, submission_key, again=False)


def _one(
    organ: Organ, who: Applicant, submission: Submission, item: int, wish: Wish, code: str, *, channel: str,
    arrived_on: date, at: datetime,
) -> FoiRequest:  # fmt: skip
    key = new_key()
    made = sketch(wish.text)
    case = FoiRequest.objects.create(
        number=next_number(organ, "case", at), organ=organ, applicant=who, submission=submission, item=item, key=key,
        channel=channel, arrived_on=arrived_on, description=sealed_json(key, wish.as_dict(), "request.description"),
        form=wish.form, delivery=wish.delivery, sketch=made, state=moves.REGISTERED, created_at=at, touched_at=at,
        code_hash=sealed_text(key, vault.code_hash(code), "request.code_hash"),
        code_digest=vault.keyed("code", vault.code_hash(code)),
    )  # fmt: skip
    TextBand.objects.bulk_create(TextBand(request=case, band=band) for band in bands(made))
    return case


def new_key() -> DataKey:
    """A fresh data key; call inside a transaction."""
    master_id, wrapped = vault.new_wrapped()
    return DataKey.objects.create(master_id=master_id, wrapped=wrapped)
