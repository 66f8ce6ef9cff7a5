"""The steps an applicant is told of: the fact that causes a notice, its words, and when it is still true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gongkai.law.foi_moves import (
    AWAITING_CLARIFICATION,
    AWAITING_PAYMENT,
    CLOSED,
    ENDED,
    GIVEN_UP,
    REGISTERED,
    REPLIED,
    SIGNED,
    STATES,
    WAITING,
    WITHDRAWN,
)

OPEN: Final = frozenset(STATES) - ENDED - {REGISTERED}


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`fact` is the ledger's kind. `last_day`: which day the notice names ("due" reply, "wait" applicant, "" none) and
    `day_words` what that day is. `states`: in any other state of the request the notice is no longer true and is not
    sent. `delivery`: only for this way of getting the reply; "" for all.
    """

    code: str
    fact: str
    title: str
    sentence: str
    states: frozenset[str]
    last_day: str = ""
    day_words: str = ""
    delivery: str = ""


_REPLY: Final = ("due", "答复最迟")

KINDS: Final[dict[str, NoticeKind]] = {
    kind.code: kind
    for kind in (
        NoticeKind(
            "registered", "foi.received", "已登记",
            "申请已经登记。收到申请之日由双方确认，确认以后开始计算答复期限。", frozenset({REGISTERED}),
        ),
        NoticeKind("receipt", "foi.receipt_confirmed", "已收到", "申请已经收到，答复期限开始计算。", OPEN, *_REPLY),
        NoticeKind(
            "clarification", "foi.clarification_asked", "需要补正", "申请内容需要补正，请登录查看要补正的事项。",
            frozenset({AWAITING_CLARIFICATION}), "wait", "补正最迟",
        ),
        NoticeKind(
            "reply_by", "foi.reply_by_set", "补正期限有变动", "补正的期限有变动。",
            frozenset({AWAITING_CLARIFICATION}), "wait", "补正最迟",
        ),
        NoticeKind("extension", "foi.extension_approved", "延长答复期限", "答复期限已经延长。", OPEN, *_REPLY),
        NoticeKind("reasons", "foi.reasons_asked", "需要说明理由", "请登录查看并说明申请的理由。", OPEN),
        NoticeKind("delay", "foi.delayed", "延迟答复", "答复将延迟作出。", OPEN, *_REPLY),
        NoticeKind(
            "fee", "foi.fee_notified", "需要缴费", "需要缴纳信息处理费，请登录查看收费通知。",
            frozenset({AWAITING_PAYMENT}), "wait", "缴费最迟",
        ),
        NoticeKind(
            "consultation", "foi.consulted", "正在征求意见",
            "正在征求第三方或者其他机关的意见，所需时间不计入答复期限。", OPEN,
        ),
        NoticeKind(
            "ready", "foi.seal_bound", "答复可以领取", "答复已经作出，请来领取。", frozenset({SIGNED}),
            delivery="in_person",
        ),
        NoticeKind(
            "delivered", "foi.delivered", "已答复", "答复已经送出，请登录查看。", frozenset({REPLIED, CLOSED})
        ),
        NoticeKind(
            "given_up", "foi.given_up", "视为放弃", "期限届满，申请视为放弃，不再处理。", frozenset({GIVEN_UP, CLOSED})
        ),
        NoticeKind("reopened", "foi.reopened", "恢复办理", "申请已经恢复办理。", WAITING, "wait", "最迟"),
        NoticeKind("withdrawn", "foi.withdrawn", "已撤回", "申请已经按撤回办结。", frozenset({WITHDRAWN, CLOSED})),
    )
}  # fmt: skip
BY_FACT: Final[Mapping[str, NoticeKind]] = {kind.fact: kind for kind in KINDS.values()}
if len(BY_FACT) != len(KINDS):
    raise TypeError("a fact is announced by two kinds of notice")


def still_true(kind: NoticeKind, case: Any) -> bool:
    """Does the request still stand as the notice says?"""
    return case.erased_at is None and case.state in kind.states and kind.delivery in ("", case.delivery)
