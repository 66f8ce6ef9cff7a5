"""Where an item stands at a channel, and when it is tried again. Codes are permanent."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

PLANNED: Final = "planned"
SENDING: Final = "sending"
SENT: Final = "sent"
CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
AMBIGUOUS: Final = "ambiguous"
RECALLED: Final = "recalled"
STATES: Final[dict[str, str]] = {
    PLANNED: "等待发送",
    SENDING: "正在办理",
    SENT: "已提交，等待渠道确认",
    CONFIRMED: "已发布",
    REJECTED: "渠道没有接受",
    AMBIGUOUS: "待核实",
    RECALLED: "已撤回",
}
#: What a person has to look at.
NEEDS_A_PERSON: Final = frozenset({REJECTED, AMBIGUOUS})

#: Before a state in `Posting.carried`: perhaps this is there, perhaps not. Equal to nothing that may be wanted.
PERHAPS: Final = "?"

DELIVER: Final = "deliver"
RECALL: Final = "recall"
CONFIRM: Final = "confirm"
VERBS: Final[dict[str, str]] = {DELIVER: "发布", RECALL: "撤回", CONFIRM: "查询结果"}

#: [I] own choice: pauses before the second, third … attempt; after the last one a person has to look
PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600, 3600, 3600))
#: [I] own choice: how long a channel that answers later may stay silent before a person is asked
SILENCE: Final = timedelta(minutes=30)
#: a claim older than this belongs to a process that died: nobody knows how it ended. Below the 60 s in which an unclear
#: outcome has to be in front of a person.
STALE: Final = timedelta(seconds=40)
#: No adapter may wait longer for its channel: shorter than STALE, so that a slow channel is not taken for a dead process.
TIMEOUT_SECONDS: Final = 20
#: [I] own choice: a recall that is not complete after this raises an alarm
RECALL_ALARM: Final = timedelta(minutes=1)


def perhaps(state: str) -> str:
    """`state` as something nobody knows to be there; 64 characters at most."""
    return (PERHAPS + state.lstrip(PERHAPS))[:64]
