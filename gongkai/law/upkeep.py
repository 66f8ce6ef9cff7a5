"""When somebody has to look again at what is public, what to ask then, and what counts as having looked.

No statute names these intervals: every number here is a default that an office may set otherwise (`LOOK_MONTHS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from gongkai.law.explain import day_in_words
from gongkai.law.headings import heading
from gongkai.law.periods import add_months
from gongkai.law.validity import ALERT_MONTHS, NormativeDocument, expiry_alert_on
from gongkai.law.verdicts import Allowed, Refused, Verdict

CauseCode = Literal["kind", "heading", "validity"]

#: What stands in no column.
OTHER = "其他"
#: Its last day is the end of its period, not of its validity.
ENDS_BY_ITSELF = "公示"
#: [I] months between two looks, by kind of column, or by heading where its facts change faster; 0: no look is due.
#: What is news on its day tells of that day and needs none.
MONTHS: Final[Mapping[str, int]] = {
    "动态": 0, "通知": 12, "政策": 12, "解读": 12, "公示": 12, "数据": 12, "指南": 6, "制度": 12, "年报": 24,
    OTHER: 12, "20-02": 3, "20-05": 6, "20-08": 6, "20-12": 6,
}  # fmt: skip
KINDS: Final = frozenset(name for name in MONTHS if not name[0].isdigit())
#: [I] how many months before the end of its validity a document is looked at once more
LAST_CALL_MONTHS = 1
#: [I] how many days early a look may be recorded
EARLY_DAYS = 30
#: [I] the shortest reason that says anything, in characters
SHORTEST_REASON = 6
#: [I] for so many items a day one person may give the very same reason
SAME_REASON_MOST = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """The dated facts of a released text.

    kind: of its column, "" without one. heading: code of the catalogue, or "". out_on: the day the text came out.
    looked_on: the last look at this very text. document: its validity.
    """

    kind: str
    heading: str
    out_on: date
    looked_on: date | None = None
    document: NormativeDocument = NormativeDocument()


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to look, with its day and a sentence for the person who looks."""

    code: CauseCode
    on: date
    sentence: str


def months_with(own: Mapping[str, int]) -> Mapping[str, int]:
    """The table with an office's own numbers. ValueError for a kind or heading there is none of, or a number below 0.

    依据：设计
    """
    for name, months in own.items():
        if name not in KINDS:
            try:
                heading(name)
            except LookupError:
                raise ValueError(f"没有“{name}”这一类信息，请写栏目类别或者公开类别的代码。") from None
        if not isinstance(months, int) or isinstance(months, bool) or months < 0:
            raise ValueError(f"“{name}”的复核间隔应当是月数（0 为不复核），现在写的是 {months}。")
    return {**MONTHS, **own}


def causes(kept: Kept, *, months: Mapping[str, int] = MONTHS) -> tuple[Cause, ...]:
    """Every reason to look at the text again, earliest first; none for news. KeyError for an unknown kind of column.

    依据：设计
    """
    since = max(kept.out_on, kept.looked_on or kept.out_on)
    kind = kept.kind or OTHER
    found = []
    if months[kind]:
        found.append(Cause("kind", add_months(since, months[kind]), _every(f"{kind}类信息", months[kind], since)))
        if often := months.get(kept.heading, 0):
            named = f"“{heading(kept.heading).short}”类信息"
            found.append(Cause("heading", add_months(since, often), _every(named, often, since)))
    if (day := _validity_day(kept, since)) is not None and kept.document.valid_until is not None:
        until = day_in_words(kept.document.valid_until)
        told = f"有效期至{until}，届满前应当评估，决定继续有效、修改还是废止；到期没有决定的自行失效。"
        found.append(Cause("validity", day, told))
    return tuple(sorted(found, key=lambda cause: cause.on))


def next_look(kept: Kept, *, months: Mapping[str, int] = MONTHS) -> Cause | None:
    """The earliest reason to look again, or None.

    依据：设计
    """
    return next(iter(causes(kept, months=months)), None)


def _validity_day(kept: Kept, since: date) -> date | None:
    """Six months before the end [M]; after a look then, a month before the end; after that, the last day itself.

    A text that came out inside these six months has been read by its reviewers. A public notice with a period ends by
    itself and asks nobody.
    """
    until, alert = kept.document.valid_until, expiry_alert_on(kept.document, ALERT_MONTHS)
    if until is None or alert is None or kept.kind == ENDS_BY_ITSELF:
        return None
    return next((day for day in (alert, add_months(until, -LAST_CALL_MONTHS), until) if day > since), None)


def check_look(next_on: date | None, on: date) -> Verdict:
    """May a look be recorded on this day? Not long before it is due: an early look would only push the day away.

    依据：设计
    """
    if next_on is None:
        return Refused("nothing_to_look", "这条信息不需要复核，没有记录。")
    if on < next_on - timedelta(days=EARLY_DAYS):
        return Refused(
            "nothing_to_look",
            f"这条信息到{day_in_words(next_on)}才需要复核，提前{EARLY_DAYS}天起可以办理。内容有变化的，请现在就修订。",
        )
    return Allowed()


def check_reason(reason: str, *, same_today: int) -> Verdict:
    """Does the reason say anything? `same_today`: for how many other items the person wrote the same words that day.

    依据：设计
    """
    words = reason.strip()
    if not words:
        return Refused("reason_missing", "请写明为什么内容仍然正确，例如核对了什么、向谁核实。")
    if len(words) < SHORTEST_REASON:
        return Refused("reason_short", f"理由至少写{SHORTEST_REASON}个字，说明核对了什么、向谁核实。")
    if same_today >= SAME_REASON_MOST:
        return Refused(
            "reason_repeated",
            f"同一句理由您今天已经用于{same_today}条信息。请逐条核对，写明这一条核对了什么。",
        )
    return Allowed()


#: What to ask of any text, of a kind of column, of a heading.
_ALWAYS: Final = (
    "标题、文号、日期和内容与现在的情况一致吗？",
    "写到的机关名称、地址、电话、办公时间还对吗？",
    "依据的法规和文件仍然有效吗？",
    "附件打得开、链接指向对的地方吗？",
)
_QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "通知": ("通知的事情办完了吗？已经结束的，可以撤下或者注明已经结束。",),
    "政策": ("还在执行吗？有没有被修改、代替或者废止？",),
    "解读": ("所解读的文件仍然有效吗？文件修改以后，解读改了吗？",),
    "公示": ("公示期结束了吗？公示结果要不要另行公布？",),
    "数据": ("有没有更新的数据？统计口径变了吗？",),
    "指南": ("办理条件、材料、流程、时限、收费、窗口都没有变化吗？",),
    "制度": ("还在执行吗？有效期写明了吗？",),
    "20-02": ("负责人、职能、内设机构、办公地址和联系方式都是现在的吗？",),
    "20-05": ("办理依据、条件、程序和窗口都是现在的吗？",),
    "20-08": ("收费项目、依据和标准还是现行的吗？",),
    "20-12": ("预案还在用吗？值班电话打得通吗？",),
}


def questions(kind: str, heading_code: str) -> tuple[str, ...]:
    """What the person who looks should ask, the particular first.

    依据：设计
    """
    return (*_QUESTIONS.get(kind, ()), *_QUESTIONS.get(heading_code, ()), *_ALWAYS)


def _every(what: str, months: int, since: date) -> str:
    return f"{what}每{months}个月复核一次，自{day_in_words(since)}起算。"
