"""The dated facts a reply clock is computed from, and the errors a fact may contain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.law.workdays import FIRST_YEAR

CHANNELS = ("in_person", "registered_mail", "ordinary_mail", "online", "fax")
CONFIRMED_CHANNELS = frozenset({"ordinary_mail", "online", "fax"})  # 条例31(2)(3): the day both sides confirmed
REPLIED_BY = ("in_person", "post", "courier", "online")
BASES = ("34", "11")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class InputError(ValueError):
    """Facts that cannot be so; `code` is permanent, `sentence` says what is wrong and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One dated fact. `step` is a key of `KINDS`; the fields a kind does not use stay None.

    `on` is the day it happened: for `received` the day it arrived, for `replied` by post the day it was handed over.
    `received_on` (a letter or a fee notice) is the day it reached the other side, `on` when None.
    """

    step: str
    on: date
    channel: str | None = None
    confirmed_on: date | None = None
    reply_by: date | None = None
    received_on: date | None = None
    party: str | None = None
    basis: str | None = None
    position: str | None = None
    working_days: int | None = None
    approved_by: str | None = None
    until: date | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of step must and may carry beside its day."""

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "received": Kind("收到申请", ("channel",), ("confirmed_on",)),
    "clarification_asked": Kind("告知补正", ("reply_by",)),
    "clarification_received": Kind("收到补正"),
    "reply_by_extended": Kind("延长补正期限", ("reply_by",)),
    "third_party_asked": Kind("征求第三方意见", ("party",), ("received_on",)),
    "third_party_answered": Kind("第三方答复意见", ("party",), ("position",)),
    "third_party_undelivered": Kind("第三方意见征询书无法送达", ("party",)),
    "agency_asked": Kind("征求其他机关意见", ("party",), ("received_on", "basis")),
    "agency_answered": Kind("其他机关答复意见", ("party",), ("position",)),
    "extended": Kind("延长答复期限", ("working_days",), ("approved_by",)),
    "reasons_asked": Kind("要求说明理由"),
    "reasons_received": Kind("收到理由说明"),
    "delayed": Kind("延迟答复", ("until",)),
    "fee_notified": Kind("通知缴纳信息处理费", (), ("received_on",)),
    "fee_paid": Kind("缴纳信息处理费"),
    "reopened": Kind("恢复办理"),
    "withdrawn": Kind("撤回申请"),
    "replied": Kind("答复", ("by",)),
}

_FIELD_NAMES = {
    "channel": "收到方式",
    "confirmed_on": "双方确认的日期",
    "reply_by": "补正的最后一日",
    "received_on": "对方收到的日期",
    "party": "征求意见的对象",
    "working_days": "延长的工作日数",
    "until": "延迟到的日期",
    "by": "送达方式",
}


def check_shape(step: ClockStep) -> None:
    """Refuse a step that cannot be read: unknown kind, a field missing or out of its values.

    依据：条例31；条例33
    """
    kind = KINDS.get(step.step)
    if kind is None:
        raise InputError("unknown_step", f"不认识的步骤“{step.step}”，可能来自更新的版本；请核对写法或升级本系统。")
    for name in kind.required:
        if getattr(step, name) is None:
            code = "no_reply_by" if name == "reply_by" else "missing_field"
            raise InputError(code, f"“{kind.name}”缺少{_FIELD_NAMES[name]}（{name}），请补上。")
    check = _CHECKS.get(step.step)
    if check is not None:
        check(step, kind.name)


def _check_received(step: ClockStep, name: str) -> None:
    _one_of(step.channel, CHANNELS, name, "收到方式")
    if step.channel not in CONFIRMED_CHANNELS:
        return  # 当面和需签收的邮寄以交到、签收之日为准，不看确认日
    if step.confirmed_on is None:
        sentence = "平常信函、互联网、传真收到的申请以双方确认之日为收到之日，请填写双方确认的日期（confirmed_on）。"
        raise InputError("unconfirmed", sentence)
    if step.confirmed_on < step.on:
        sentence = f"双方确认的日期{step.confirmed_on}早于申请到达的日期{step.on}，请核对。"
        raise InputError("confirmed_before_arrival", sentence)


def _check_reply_by(step: ClockStep, name: str) -> None:
    assert step.reply_by is not None
    if step.reply_by < step.on:
        raise InputError("reply_by_passed", f"“{name}”的最后一日{step.reply_by}早于作出之日{step.on}，请核对。")


def _check_sent(step: ClockStep, name: str) -> None:
    if step.received_on is not None and step.received_on < step.on:
        raise InputError("received_before_sent", f"“{name}”的收到日期{step.received_on}早于发出日期{step.on}，请核对。")
    if step.basis is not None:
        _one_of(step.basis, BASES, name, "依据")


def _check_extended(step: ClockStep, name: str) -> None:
    assert step.working_days is not None
    if step.working_days < 1:
        raise InputError("extension_too_short", f"“{name}”应延长至少1个工作日，现为{step.working_days}。")


def _check_replied(step: ClockStep, name: str) -> None:
    _one_of(step.by, REPLIED_BY, name, "送达方式")


def _one_of(value: str | None, allowed: tuple[str, ...], name: str, what: str) -> None:
    if value not in allowed:
        raise InputError("bad_value", f"“{name}”的{what}应为{'、'.join(allowed)}之一，现为“{value}”。")


_CHECKS: dict[str, Callable[[ClockStep, str], None]] = {
    "received": _check_received,
    "clarification_asked": _check_reply_by,
    "reply_by_extended": _check_reply_by,
    "third_party_asked": _check_sent,
    "agency_asked": _check_sent,
    "fee_notified": _check_sent,
    "extended": _check_extended,
    "replied": _check_replied,
}


# Reading steps from JSON ------------------------------------------------------------------------------------------

_DATE_FIELDS = frozenset({"confirmed_on", "reply_by", "received_on", "until"})


def parse_date(value: object, what: str) -> date:
    """A date written 2026-09-30, not before 2007. `what` names it in the sentence of the `InputError`.

    依据：设计
    """
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise InputError("bad_date", f"{what}应写成 2026-09-30 这样的日期，现为“{_shown(value)}”。")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InputError("bad_date", f"{what}“{value}”不是存在的日期，请核对。") from None
    if day.year < FIRST_YEAR:
        sentence = f"{what}“{value}”早于工作日历的起始年{FIRST_YEAR}年，无法计算；请核对日期。"
        raise InputError("before_first_year", sentence)
    return day


def parse_step(raw: object) -> ClockStep:
    """One step from its JSON object, checked. A field of null is a field not given; fields not known are left alone.

    依据：设计
    """
    if not isinstance(raw, Mapping):
        raise InputError("bad_step", f"每个步骤应是一个对象，现为“{_shown(raw)}”。")
    word = raw.get("step")
    kind = KINDS.get(word) if isinstance(word, str) else None
    if kind is None:
        raise InputError("unknown_step", f"不认识的步骤“{_shown(word)}”，可能来自更新的版本；请核对写法或升级本系统。")
    if raw.get("on") is None:
        raise InputError("bad_date", f"“{kind.name}”缺少日期（on），请补上。")
    names = (name for name in (*kind.required, *kind.optional) if raw.get(name) is not None)
    values = {name: _field(raw[name], name, kind) for name in names}
    step = ClockStep(step=str(word), on=parse_date(raw["on"], f"“{kind.name}”的日期"), **values)
    check_shape(step)
    return step


def parse_steps(raw: object) -> tuple[ClockStep, ...]:
    """All steps of a case, in the order given.

    依据：设计
    """
    if not isinstance(raw, list):
        raise InputError("no_steps", "缺少步骤（steps），应为按发生顺序排列的步骤列表。")
    return tuple(parse_step(item) for item in raw)


def _field(value: object, name: str, kind: Kind) -> Any:
    what = f"“{kind.name}”的{_FIELD_NAMES.get(name, name)}"
    if name in _DATE_FIELDS:
        return parse_date(value, what)
    if name == "working_days":
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError("bad_value", f"{what}应为整数，现为“{_shown(value)}”。")
        return value
    if not isinstance(value, str):
        raise InputError("bad_value", f"{what}应为文字，现为“{_shown(value)}”。")
    if name == "party" and not value.strip():
        raise InputError("missing_field", f"{what}是空的，请写明向谁征求意见。")
    return value


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def receipt_of(steps: Iterable[ClockStep]) -> tuple[ClockStep, date]:
    """The one receipt and its effective day: as handed in or signed for, or the day both sides confirmed.

    依据：条例31
    """
    receipts = [step for step in steps if step.step == "received"]
    if not receipts:
        raise InputError("no_receipt", "没有“收到申请”这一步，无法起算；请补上收到的日期和方式。")
    if len(receipts) > 1:
        raise InputError("second_receipt", "“收到申请”出现了不止一次；一件申请只有一个收到之日，请只保留一个。")
    receipt = receipts[0]
    if receipt.channel in CONFIRMED_CHANNELS:
        assert receipt.confirmed_on is not None
        return receipt, receipt.confirmed_on  # 条例31(2)(3)
    return receipt, receipt.on  # 条例31(1)(2)
