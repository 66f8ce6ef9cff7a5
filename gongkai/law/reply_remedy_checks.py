"""Whether the remedy printed in a reply is the right one: order, body, times, online channel."""

from __future__ import annotations

import re

from gongkai.law.remedies import (
    REVIEW_LAW_CHANGED_ON,
    OrganKind,
    Remedy,
    RemedyRules,
    remedy,
)
from gongkai.law.reply_facts import Case, Reply
from gongkai.law.verdicts import Refused

REMEDY_CODES = (
    "remedy_missing",
    "remedy_order",
    "remedy_body",
    "remedy_period",
    "no_online_channel",
)
_FIRST = re.compile(r"应当[^。；;]*申请行政复议|先(?:行)?(?:依法)?(?:向[^。；;]*)?申请行政复议")
_CHOICE = re.compile(r"(?:也可以|或者|或)[^。；;]*(?:提起|提出)?(?:行政)?(?:诉讼|起诉)")
_SUPERIOR = re.compile(r"上(?:一)?级(?:行政)?(?:主管)?(?:部门|机关)")
_SIXTY = re.compile(r"六十[日天]|60\s*[日天]")
_FIFTEEN = re.compile(r"十五[日天]|15\s*[日天]")
_SIX_MONTHS = re.compile(r"六个月|6\s*个?月")


def remedy_defects(case: Case, reply: Reply, rules: RemedyRules) -> tuple[Refused, ...]:
    """What is wrong with the remedy a letter prints, by the law of the day it is sent.

    依据：行政复议法20；行政复议法22.2；行政复议法23；行政复议法24；行政诉讼法45；行政诉讼法46
    """
    right = remedy(
        reply.code,
        case.organ,
        reply.sent_on,
        body_name=case.review_body,
        online=reply.delivery == "online",
        online_channel=reply.online_channel,
        rules=rules,
    )
    if right.first_step == "none":
        return ()
    words = reply.remedy.strip()
    if not words:
        return (Refused("remedy_missing", f"没有写救济途径和期限，应当写：{right.text}", right.article),)
    if right.first_step == "appeal":
        if "申诉" in words and "复议" not in words:
            return ()
        return (Refused("remedy_order", f"救济途径写错了，应当写：{right.text}", right.article),)
    found = (_order(right, words), _body(case, reply, right, words), _period(right, words), _online(right, reply))
    return tuple(defect for defect in found if defect is not None)


def _order(right: Remedy, words: str) -> Refused | None:
    first = bool(_FIRST.search(words))
    if right.first_step == "review_first" and (not first or _CHOICE.search(words)):
        return Refused(
            "remedy_order",
            "不予公开的，应当先申请行政复议，对复议决定不服的才能起诉；现在写的不是这个次序。",
            "《行政复议法》第二十三条第一款第四项、第二款",
        )
    if right.first_step == "either" and (first or "诉讼" not in words or "复议" not in words):
        return Refused(
            "remedy_order", "这种答复可以申请行政复议，也可以直接起诉，两种途径都要写明，由申请人选择。", right.article
        )
    return None


def _body(case: Case, reply: Reply, right: Remedy, words: str) -> Refused | None:
    name = case.review_body.strip()
    wrong = (
        (name and name not in words)
        or (not name and not _names_kind(case.organ, words, right))
        or (reply.sent_on >= REVIEW_LAW_CHANGED_ON and case.organ not in _UPWARD and _SUPERIOR.search(words))
    )
    if not wrong:
        return None
    return Refused("remedy_body", f"行政复议机关写错了或者没有写，应当是{name or right.body}。", right.article)


_UPWARD: tuple[OrganKind, ...] = ("vertical", "justice_department")


def _names_kind(organ: OrganKind, words: str, right: Remedy) -> bool:
    """Without a proper name: whether the words name a body of the right kind at all."""
    match organ:
        case "vertical":
            return not re.search(r"本级人民政府|同级人民政府", words)
        case "state_department":
            return right.body in words or "本机关" in words or "部" in words
        case _:
            return "人民政府" in words


def _period(right: Remedy, words: str) -> Refused | None:
    wanted = [("行政复议六十日", _SIXTY)]
    if right.first_step == "review_first":
        wanted.append(("收到复议决定书之日起十五日内起诉", _FIFTEEN))
    else:
        wanted.append(("起诉六个月", _SIX_MONTHS))
    missing = [label for label, pattern in wanted if not pattern.search(words)]
    if not missing:
        return None
    return Refused("remedy_period", f"救济期限没有写对，应当写明：{'、'.join(missing)}。", right.article)


def _online(right: Remedy, reply: Reply) -> Refused | None:
    channel = reply.online_channel.strip()
    if not right.needs_online_channel or (channel and "【" not in channel):
        return None
    return Refused(
        "no_online_channel",
        "缺少网上申请行政复议的渠道：本答复通过互联网送达，应当同时写明网上申请行政复议的渠道。",
        "《行政复议法》第二十二条第二款",
    )
