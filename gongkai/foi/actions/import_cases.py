"""Take a request of an office's old register over: its dated steps and its outcome, as law reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.foi import vault
from gongkai.foi.actions.numbering import next_number
from gongkai.foi.actions.receive import new_key
from gongkai.foi.actions.turning import day_of, outcome_of, turn
from gongkai.foi.models import Applicant, Consultation, FoiRequest, Outcome, Submission, TextBand
from gongkai.foi.particulars import identity_text
from gongkai.foi.queries.clock import calendar_for
from gongkai.foi.queries.sealed import sealed_json, sealed_text
from gongkai.foi.register_sheet import CLOSED_WITHOUT_LETTER, OldCase
from gongkai.foi.sketch import bands, sketch
from gongkai.law import foi_moves as moves
from gongkai.law.reply_clock import Clock, InputError, reply_clock
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.law.workdays import CalendarError


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The case, and whether it had come in before."""

    number: str
    again: bool


def import_case(organ: Organ, old: OldCase, *, actor: Actor, at: datetime) -> TakenOver:
    """One line of the register, once: the organ's register number is the key, however often the file is imported.

    Acts that broke a rule when they were done are facts and come in; dates that law cannot read, and an outcome the
    steps do not carry (given up before its time, a reply without its day), are refused.
    """
    if actor.role not in ("system", "system_admin") and (actor.role != "foi_officer" or actor.organ_id != organ.pk):
        raise Refusal(Refused("not_your_post", "您没有为本机关登记申请的岗位，没有导入。"))
    content = json.dumps(
        [organ.code, old.column, old.channel, old.applicant.as_dict(), old.wish.as_dict(), old.reply, old.ground,
         [str(step) for step in old.steps], str(old.ended_on), old.reply_number, str(old.filed_on)],
        ensure_ascii=False,
    )  # fmt: skip
    key = f"register/{organ.code}/{old.register_number}"
    with transaction.atomic():
        known = Submission.objects.filter(key_digest__in=vault.keyed_any("submission", key)).first()
        if known is None:
            return TakenOver(_take_over(organ, old, key, content, actor=actor, at=at).number, again=False)
        if known.content_digest not in vault.keyed_any("content", content):
            sentence = "这个登记号以前导入过，内容不同，没有再导入。请核对登记号；要改的在系统里办理。"
            raise Refusal(Refused("key_used", sentence))
        return TakenOver(known.requests.get().number, again=True)


def _take_over(organ: Organ, old: OldCase, key: str, content: str, *, actor: Actor, at: datetime) -> FoiRequest:
    today = day_of(at)
    verb, on = _verb(organ, old, at), old.ended_on
    for day in (on, old.filed_on):
        if day is not None:
            require(moves.may_date(day, today=today))
    case = _registered(organ, old, key, content, at=at)
    case.reply_number = old.reply_number
    outcome: Outcome | None = None
    if old.reply:
        assert on is not None
        try:
            outcome = outcome_of(case, old.reply, on=on, ground=old.ground)
        except LookupError as error:
            raise Refusal(Refused("no_report_row", str(error.args[0]))) from None
        case.signed_on = on if old.reply not in CLOSED_WITHOUT_LETTER else None
    turned = turn(
        case, verb, "foi.taken_over", steps=old.steps, outside=True, outcome=outcome, actor=actor, at=at,
        note=f"原登记号：{old.register_number}", data={"channel": old.channel, "reply": old.reply},
    )  # fmt: skip
    asked = {step.step: step for step in turned.steps if step.party}
    if asked:
        Consultation.objects.create(
            request=case, kind="third_party", label="第三方1", asked=asked["third_party_asked"],
            answered=asked.get("third_party_answered"),
            party=sealed_text(case.key, old.third_party, "consultation.party"),
            letter=sealed_text(case.key, "见旧登记的案卷。", "consultation.letter"),
        )  # fmt: skip
    if old.filed_on is not None:
        case.closed_on = old.filed_on
        turn(case, "close", "foi.closed", actor=actor, at=at)
    return case


def _verb(organ: Organ, old: OldCase, at: datetime) -> str:
    """How the case comes in, by what the clock says of its steps on the day of its outcome, or today."""
    on = old.ended_on or day_of(at)
    try:
        clock = reply_clock(old.steps, calendar_for(organ), on)
    except (InputError, CalendarError) as error:
        raise Refusal(Refused(error.code, error.sentence)) from None
    if old.reply in moves.GIVEN_UP_REPLY.values():
        return _given_up(old, clock)
    if old.reply == moves.WITHDRAWN_REPLY:
        return "take_over_withdrawn"
    if old.reply:
        return "take_over_replied"
    if clock.status == "abandoned":
        sentence = "期限已过，申请已视为放弃。请在结果一列写明逾期不补正（R13）或者逾期未缴费（R14），并写办结日期。"
        raise Refusal(Refused("given_up", sentence))
    return "take_over_waiting" if clock.status in moves.WAITING else "take_over"


def _given_up(old: OldCase, clock: Clock) -> str:
    require(moves.may_give_up(clock))
    waits = [step.step for step in old.steps if step.step in ("clarification_asked", "fee_notified")]
    awaited = moves.AWAITING_PAYMENT if waits[-1] == "fee_notified" else moves.AWAITING_CLARIFICATION
    if moves.GIVEN_UP_REPLY[awaited] != old.reply:
        raise Refusal(Refused("other_reply", f"等待的是{moves.STATES[awaited][5:]}，与结果不符，请核对。"))
    return "take_over_given_up"


def _registered(organ: Organ, old: OldCase, key: str, content: str, *, at: datetime) -> FoiRequest:
    """The rows of a fresh case; its number is of the year it arrived in."""
    then = timezone.make_aware(datetime.combine(old.arrived_on, time(12)))
    submission = Submission.objects.create(
        key_digest=vault.keyed("submission", key), content_digest=vault.keyed("content", content),
        master_id=vault.current().key_id, at=at,
    )  # fmt: skip
    person_key, data_key = new_key(), new_key()
    who = Applicant.objects.create(
        column=old.column, key=person_key, digest=vault.keyed("applicant", identity_text(old.applicant)),
        particulars=sealed_json(person_key, old.applicant.as_dict(), "applicant.particulars"),
    )  # fmt: skip
    made = sketch(old.wish.text)
    code = vault.code_hash(vault.code_for(key, 1, vault.current()))
    case = FoiRequest.objects.create(
        number=next_number(organ, "case", then), organ=organ, applicant=who, submission=submission, item=1,
        key=data_key, channel=old.channel, arrived_on=old.arrived_on, form=old.wish.form, delivery=old.wish.delivery,
        description=sealed_json(data_key, old.wish.as_dict(), "request.description"), sketch=made,
        code_hash=sealed_text(data_key, code, "request.code_hash"), code_digest=vault.keyed("code", code),
        state=moves.REGISTERED, created_at=at, touched_at=at,
    )  # fmt: skip
    TextBand.objects.bulk_create(TextBand(request=case, band=band) for band in bands(made))
    return case
