"""Where a notice stands, what may have gone wrong, and when it is tried again. Codes are permanent."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAYS: Final[dict[str, str]] = {"mail": "电子邮件", "sms": "短信"}

QUEUED: Final = "queued"
SENDING: Final = "sending"
SENT: Final = "sent"
UNCLEAR: Final = "unclear"
FAILED: Final = "failed"
NO_ADDRESS: Final = "no_address"
LAPSED: Final = "lapsed"
DROPPED: Final = "dropped"
STATES: Final[dict[str, str]] = {
    QUEUED: "等待发送",
    SENDING: "正在发送",
    SENT: "已发出",
    UNCLEAR: "不清楚是否发出",
    FAILED: "没有发出",
    NO_ADDRESS: "没有可用的地址",
    LAPSED: "事项已经过去，不再发送",
    DROPPED: "决定不再发送",
}
#: What a person has to look at.
NEEDS_A_PERSON: Final = frozenset({UNCLEAR, FAILED})
#: What a person may have sent once more.
MAY_RETRY: Final = frozenset({UNCLEAR, FAILED, NO_ADDRESS})
#: What a person may take out of the queue.
MAY_DROP: Final = frozenset({QUEUED, UNCLEAR, FAILED})

PROBLEMS: Final[dict[str, str]] = {
    "": "",
    "unreachable": "连接不上服务器",
    "login": "服务器不接受账号或者口令",
    "sender": "服务器不接受发件地址",
    "busy": "服务器暂时不接收",
    "recipient": "服务器说没有这个收件地址",
    "content": "服务器拒收这封邮件或者短信",
    "lost": "内容发出以后连接断开，没有收到答复",
    "interrupted": "发送中断，没有留下结果",
    "none_given": "申请人没有留下这种联系方式",
    "unusable": "申请人留下的地址写得不对",
    "erased": "申请人的个人信息已经清除",
    "passed": "发送以前事项已经过去",
    "gave_up": "多次没有发出，不再自动重试",
    "own_fault": "系统自己出了错，请查看日志",
    "by_hand": "由人认定",
}

#: [I] own choice: pauses before the second, third … attempt; after the last one a person has to look
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440))
#: [I] own choice: a claim older than this belongs to a process that died; longer than any server may take to answer
STALE: Final = timedelta(minutes=15)
#: [I] own choice: what happened longer ago (an old register brought in, a worker that stood still) is not announced
NEWS_DAYS: Final = 7
