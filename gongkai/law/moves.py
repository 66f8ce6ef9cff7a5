"""The moves an item may make. Nothing else assigns its state.

An item has two lives that run side by side: the text that is being worked on (`work`) and what the public sees
(`public`). Editing a released item changes the first and leaves the second alone until the new version is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gongkai.law.verdicts import Allowed, Refused, Verdict

# work
NONE: Final = "none"
DRAFTING: Final = "drafting"
IN_REVIEW: Final = "in_review"
RETURNED: Final = "returned"
REFUSED: Final = "refused"
WORK: Final[dict[str, str]] = {
    NONE: "无在办文本",
    DRAFTING: "拟稿",
    IN_REVIEW: "审查中",
    RETURNED: "退回修改",
    REFUSED: "不予通过",
}

# public
HIDDEN: Final = "hidden"
LIVE: Final = "live"
WITHDRAWN: Final = "withdrawn"
WITHHELD: Final = "withheld"
PUBLIC: Final[dict[str, str]] = {
    HIDDEN: "未发布",
    LIVE: "已发布",
    WITHDRAWN: "已撤下",
    WITHHELD: "不主动公开",
}


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a verb may start and where it leads; `None` leaves that life as it is."""

    verb: str
    title: str
    work_from: frozenset[str]
    work_to: str | None
    public_from: frozenset[str]
    public_to: str | None
    hint: str


def _move(verb: str, title: str, work: str, work_to: str | None, public: str, public_to: str | None, hint: str) -> Move:
    return Move(verb, title, frozenset(work.split()), work_to, frozenset(public.split()), public_to, hint)


_ANY_PUBLIC = "hidden live withdrawn withheld"
_ANY_WORK = "none drafting in_review returned refused"

MOVES: Final[dict[str, Move]] = {
    m.verb: m
    for m in (
        _move("edit", "修改草稿", "drafting returned", None, _ANY_PUBLIC, None, "送审后文本冻结，请先撤回送审。"),
        _move("submit", "送审", "drafting returned", IN_REVIEW, _ANY_PUBLIC, None, "只有草稿可以送审。"),
        _move("recall", "撤回送审", "in_review", DRAFTING, _ANY_PUBLIC, None, "只有审查中的文本可以撤回。"),
        _move("return", "退回拟稿", "in_review", RETURNED, _ANY_PUBLIC, None, "这一版不在审查中。"),
        _move("refuse", "不予通过", "in_review", REFUSED, _ANY_PUBLIC, None, "这一版不在审查中。"),
        _move("redraft", "重新拟稿", "refused", DRAFTING, _ANY_PUBLIC, None, "只有不予通过的文本可以重新拟稿。"),
        _move(
            "schedule",
            "定时发布",
            "drafting returned in_review refused",
            None,
            _ANY_PUBLIC,
            None,
            "没有等待发布的文本。",
        ),
        _move("release", "发布", "in_review", NONE, _ANY_PUBLIC, LIVE, "这一版不在审查中。"),
        _move("release_emergency", "应急发布", "in_review", None, _ANY_PUBLIC, LIVE, "这一版不在审查中。"),
        _move("complete", "补齐意见", "in_review", NONE, "live withdrawn", None, "没有待补的意见。"),
        _move("withhold", "决定不主动公开", "in_review", NONE, "hidden withheld", WITHHELD, "这一版不在审查中。"),
        _move("revise", "修订", "none", DRAFTING, _ANY_PUBLIC, None, "已有一份修订在办，请先办完。"),
        _move(
            "discard",
            "放弃修订",
            "drafting returned refused",
            NONE,
            "live withdrawn withheld",
            None,
            "没有可放弃的修订。",
        ),
        _move("withdraw", "撤下", _ANY_WORK, None, "live", WITHDRAWN, "只有已发布的信息可以撤下。"),
        _move("expire", "失效", _ANY_WORK, None, "live", WITHDRAWN, "只有已发布的信息会失效。"),
        _move("reassess", "定期评估", "none", None, "withheld", None, "只有不主动公开的信息需要定期评估。"),
        _move("import", "导入", "none", None, "hidden", LIVE, "这条信息已经在系统里。"),
    )
}


def may(verb: str, *, work: str, public: str) -> Verdict:
    """May the verb start from these states? An unknown verb raises KeyError.

    依据：条例17；条例18；条例26
    """
    move = MOVES[verb]
    if work not in WORK or public not in PUBLIC:
        raise ValueError(f"unknown state {work}/{public}")
    if work in move.work_from and public in move.public_from:
        return Allowed()
    return Refused(f"cannot_{verb}", f"现在不能{move.title}：{move.hint}（现状：{WORK[work]}，{PUBLIC[public]}）")


def after(verb: str, *, work: str, public: str) -> tuple[str, str]:
    """The states after the verb; call only when `may` allows it.

    依据：条例17；条例18；条例26
    """
    move = MOVES[verb]
    return move.work_to or work, move.public_to or public


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    """A typed reason for taking a released item down, and what the public still sees."""

    code: str
    title: str
    banner: str
    readable: bool  # the text stays readable under a banner
    needs_successor: bool
    article: str


WITHDRAWAL_REASONS: Final[tuple[WithdrawalReason, ...]] = (
    WithdrawalReason("error", "发布有误", "这条信息发布有误，已撤下。", False, False, "《政府信息公开条例》第十七条"),
    WithdrawalReason(
        "superseded", "已修改", "这份文件已修改，以现行文本为准。", True, True, "《政府信息公开条例》第二十六条"
    ),
    WithdrawalReason("abolished", "废止", "这份文件已废止，不再执行。", True, False, "《政府信息公开条例》第二十六条"),
    WithdrawalReason(
        "expired", "失效", "这份文件有效期已届满，不再执行。", True, False, "《政府信息公开条例》第二十六条"
    ),
    WithdrawalReason(
        "period_over", "公示期满", "公示期已满，公示的内容不再公开。", False, False, "《个人信息保护法》第十九条"
    ),
)

_REASONS: Final = {reason.code: reason for reason in WITHDRAWAL_REASONS}

#: Reasons after which nothing of a text is left to the public but a notice.
NOTICE_ONLY: Final = frozenset(reason.code for reason in WITHDRAWAL_REASONS if not reason.readable)
#: Reasons that follow from a date alone.
BY_DATE: Final = frozenset({"expired", "period_over"})


def withdrawal_reason(code: str) -> WithdrawalReason:
    """The row of a reason; an unknown code raises KeyError.

    依据：条例26
    """
    return _REASONS[code]
