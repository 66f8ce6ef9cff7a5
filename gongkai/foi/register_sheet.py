"""An office's old register as a CSV table: its columns, and what one line says as dated steps and an outcome. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.particulars import COLUMNS, IDENTITY_KINDS, Particulars
from gongkai.foi.wishes import Wish
from gongkai.law.foi_moves import GIVEN_UP_REPLY, WITHDRAWN_REPLY
from gongkai.law.negative_list import GROUNDS
from gongkai.law.replies import REPLIES
from gongkai.law.reply_clock import ClockStep
from gongkai.law.reply_clock.steps import CONFIRMED_CHANNELS

#: Column → must every line fill it.
HEAD: Final[dict[str, bool]] = {
    "登记号": True, "申请人类别": True, "申请人": True, "证件类型": False, "证件号码": False, "电话": False,
    "地址": False, "邮编": False, "邮箱": False, "所需信息": True, "文号": False, "其他特征": False,
    "提供形式": False, "获取方式": False, "提交方式": True, "提交日期": True, "确认收到日期": False,
    "补正告知日期": False, "补正期限": False, "补正收到日期": False, "第三方": False, "征求意见日期": False,
    "对方收到日期": False, "意见答复日期": False, "延长告知日期": False, "延长工作日": False, "延长批准人": False,
    "收费通知日期": False, "收费通知收到日期": False, "缴费日期": False, "结果": False, "不公开情形": False,
    "办结日期": False, "送达方式": False, "答复文号": False, "归档日期": False,
}  # fmt: skip
CHANNEL_WORDS: Final[dict[str, str]] = {
    "当面": "in_person", "当面提交": "in_person", "挂号信": "registered_mail", "邮政特快专递": "registered_mail",
    "EMS": "registered_mail", "平信": "ordinary_mail", "平常信函": "ordinary_mail", "网上": "online",
    "互联网": "online", "传真": "fax",
}  # fmt: skip
SENT_WORDS: Final[dict[str, str]] = {
    "当面": "in_person", "当面签收": "in_person", "邮寄": "post", "邮政": "post", "快递": "courier", "网上": "online",
    "邮箱": "online",
}  # fmt: skip
CLOSED_WITHOUT_LETTER: Final = (*GIVEN_UP_REPLY.values(), WITHDRAWN_REPLY)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NAMELESS = "旧登记没有写明"


class BadRegister(ValueError):
    """The file is no register; the sentence says what to do."""


@dataclass(frozen=True)
class BadLine(Exception):
    """One line that cannot come in; every reason at once."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(self.reasons)


@dataclass(frozen=True, slots=True)
class OldCase:
    """One request of the old register. `steps` as law takes them; `reply` empty while it is open."""

    register_number: str
    column: str
    applicant: Particulars
    wish: Wish
    channel: str
    arrived_on: date
    steps: tuple[ClockStep, ...]
    third_party: str = ""
    reply: str = ""
    ground: str = ""
    ended_on: date | None = None
    reply_number: str = ""
    filed_on: date | None = None


def read_register(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, values by column) of every line that is not blank. Raises BadRegister for a head that does not fit."""
    rows = csv.reader(io.StringIO(text, newline=""))
    head = [_plain(name) for name in next(rows, [])]
    missing = [name for name, needed in HEAD.items() if needed and name not in head]
    if missing:
        raise BadRegister(f"表头缺少{'、'.join(missing)}。第一行应当是列名，写法见“把旧的申请登记导入系统”一页。")
    unknown = [name for name in head if name and name not in HEAD]
    if unknown:
        raise BadRegister(f"不认得的列：{'、'.join(unknown)}。请删去，或者改成说明里的列名。")
    if len(set(filter(None, head))) != len(list(filter(None, head))):
        raise BadRegister("表头有重复的列名，请只保留一列。")
    try:
        for values in rows:
            if any(cell.strip() for cell in values):
                yield rows.line_num, dict(zip(head, (cell.strip() for cell in values), strict=False))
    except csv.Error as error:
        raise BadRegister(f"第{rows.line_num}行读不下去（{error}），请检查引号。") from None


def old_case(values: Mapping[str, str]) -> OldCase:
    """What one line says. Raises BadLine with every reason that can be seen without law or database."""
    line = _Line(values)
    channel = line.word("提交方式", CHANNEL_WORDS)
    arrived = line.day("提交日期")
    confirmed = line.day("确认收到日期")
    if channel in CONFIRMED_CHANNELS and confirmed is None:
        line.fault("平信、传真、网上提交的要写确认收到日期（双方确认之日）。")
    if channel and channel not in CONFIRMED_CHANNELS and confirmed is not None:
        line.fault("当面提交、挂号信和特快专递以提交、签收之日为收到之日，确认收到日期请留空。")
    column = line.word("申请人类别", {title: code for code, title in COLUMNS.items()})
    applicant, wish = _applicant(line), _wish(line)
    steps = [ClockStep("received", arrived, channel=channel, confirmed_on=confirmed)] if arrived and channel else []
    steps += [*_clarified(line), *_consulted(line), *_extended(line), *_charged(line)]
    reply, ground, ended = _result(line)
    filed = line.day("归档日期")
    if filed and not reply:
        line.fault("没有结果的申请不能归档，请填写结果和办结日期，或者清空归档日期。")
    if ended and any(day > ended for step in steps for day in (step.on, step.received_on or step.on)):
        line.fault("有日期晚于办结日期，请核对。")
    if filed and ended and filed < ended:
        line.fault("归档日期早于办结日期，请核对。")
    if reply == WITHDRAWN_REPLY and ended:
        steps.append(ClockStep("withdrawn", ended))
    elif reply and ended and reply not in CLOSED_WITHOUT_LETTER:
        sent = line.word("送达方式", SENT_WORDS)
        if sent is None and not line.told("送达方式"):
            line.fault("有答复的要写送达方式（当面、邮寄、网上、快递）。")
        steps += [ClockStep("replied", ended, by=sent)] if sent else []
    line.done()
    assert column and channel and arrived
    return OldCase(
        line.told("登记号"), column, applicant, wish, channel, arrived, tuple(sorted(steps, key=lambda s: s.on)),
        third_party=line.told("第三方") or _NAMELESS, reply=reply, ground=ground, ended_on=ended,
        reply_number=line.told("答复文号"), filed_on=filed,
    )  # fmt: skip


def _applicant(line: _Line) -> Particulars:
    return Particulars(
        name=line.needed("申请人"),
        identity_kind=line.word("证件类型", {title: code for code, title in IDENTITY_KINDS.items()}) or "none",
        identity_number=line.told("证件号码"), phone=line.told("电话"), address=line.told("地址"),
        postcode=line.told("邮编"), email=line.told("邮箱"),
    )  # fmt: skip


def _wish(line: _Line) -> Wish:
    line.needed("登记号")
    return Wish(
        name=line.needed("所需信息"), document_number=line.told("文号"), features=line.told("其他特征"),
        form=line.word("提供形式", {title: code for code, title in FORMS.items()}) or "paper",
        delivery=line.word("获取方式", {title: code for code, title in DELIVERIES.items()}) or "post",
    )  # fmt: skip


def _clarified(line: _Line) -> list[ClockStep]:
    asked, until, came = line.day("补正告知日期"), line.day("补正期限"), line.day("补正收到日期")
    if not asked:
        if until or came:
            line.fault("写了补正期限或者补正收到日期，没有写补正告知日期。")
        return []
    if not until:
        line.fault("写了补正告知日期，没有写补正期限（告知书上写明的最后一天）。")
        return []
    steps = [ClockStep("clarification_asked", asked, reply_by=until)]
    return [*steps, ClockStep("clarification_received", came)] if came else steps


def _consulted(line: _Line) -> list[ClockStep]:
    asked, arrived, answered = line.day("征求意见日期"), line.day("对方收到日期"), line.day("意见答复日期")
    if not asked:
        if arrived or answered or line.told("第三方"):
            line.fault("写了征求意见的其他内容，没有写征求意见日期。")
        return []
    steps = [ClockStep("third_party_asked", asked, party="第三方1", received_on=arrived)]
    return [*steps, ClockStep("third_party_answered", answered, party="第三方1")] if answered else steps


def _extended(line: _Line) -> list[ClockStep]:
    on, days = line.day("延长告知日期"), line.told("延长工作日")
    if not on:
        if days:
            line.fault("写了延长工作日，没有写延长告知日期。")
        return []
    if not re.fullmatch(r"\d{1,3}", days):
        line.fault("延长工作日应当是数字，例如20。")
        return []
    return [ClockStep("extended", on, working_days=int(days), approved_by=line.told("延长批准人") or None)]


def _charged(line: _Line) -> list[ClockStep]:
    told, arrived, paid = line.day("收费通知日期"), line.day("收费通知收到日期"), line.day("缴费日期")
    if not told:
        if arrived or paid:
            line.fault("写了收费的其他日期，没有写收费通知日期。")
        return []
    steps = [ClockStep("fee_notified", told, received_on=arrived)]
    return [*steps, ClockStep("fee_paid", paid)] if paid else steps


def _result(line: _Line) -> tuple[str, str, date | None]:
    """(reply code, ground, day of the result); empty while the request is open."""
    words = {row.code: row.code for row in REPLIES} | {row.title: row.code for row in REPLIES} | {"部分公开": "R2p"}
    grounds = {g.code: g.code for g in GROUNDS} | {g.title: g.code for g in GROUNDS}
    reply, ground, ended = line.word("结果", words) or "", line.word("不公开情形", grounds) or "", line.day("办结日期")
    if reply and not ended:
        line.fault("写了结果，没有写办结日期。")
    if ended and not line.told("结果"):
        line.fault("写了办结日期，没有写结果。")
    takes_ground = any(row.code == reply and row.grounds for row in REPLIES)
    if takes_ground and not ground and not line.told("不公开情形"):
        line.fault("不予公开、部分公开的要写不公开情形。")
    if ground and reply and not takes_ground:
        line.fault("只有不予公开、部分公开才写不公开情形，请清空这一格。")
    return reply, ground, ended


class _Line:
    """Cells of a line, with the faults found so far."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._faults: dict[str, None] = {}

    def told(self, name: str) -> str:
        """The cell; the apostrophe an export puts before what looks like a formula is taken off."""
        return self._values.get(name, "").strip().removeprefix("'").strip()

    def needed(self, name: str) -> str:
        if not self.told(name):
            self.fault(f"没有填写{name}。")
        return self.told(name)

    def word(self, name: str, known: Mapping[str, str]) -> str | None:
        """The code of what was written, None for an empty cell; the head says whether that is a fault."""
        told = self.needed(name) if HEAD[name] else self.told(name)
        if not told:
            return None
        plain = {_plain(word): code for word, code in known.items()}
        if _plain(told) not in plain:
            self.fault(f"{name}“{told[:20]}”不认得，可以写：{'、'.join(dict.fromkeys(known))}。")
            return None
        return plain[_plain(told)]

    def day(self, name: str) -> date | None:
        told = self.needed(name) if HEAD[name] else self.told(name)
        if not told:
            return None
        found = _DATE.fullmatch(unicodedata.normalize("NFKC", told))
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        self.fault(f"{name}“{told[:20]}”不是日期，写成 2026-09-01、2026/9/1 或者 2026年9月1日。")
        return None

    def fault(self, sentence: str) -> None:
        self._faults[sentence] = None

    def done(self) -> None:
        if self._faults:
            raise BadLine(tuple(self._faults))


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split()).removeprefix("\ufeff")
