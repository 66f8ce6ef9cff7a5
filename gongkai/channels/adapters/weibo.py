"""微博: a short text with the link of the page, by statuses/share, and taken away by statuses/destroy.

https://open.weibo.com/wiki/2/statuses/share and …/Error_code. An answer says the post was taken; statuses/show, a little
later, whether it stands. There is no key of one's own at Weibo: a post is recognised by its text, which ends with the
index number of the item.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from gongkai.channels.calling import Answer, call
from gongkai.channels.contract import ChannelError, Gone, Message, NotSent, PublicItem, Receipt, Rejected, Unclear
from gongkai.channels.states import STALE
from gongkai.law.verdicts import Allowed, Verdict

MOST = 140  # characters as Weibo counts them, see `length`
#: [M] half characters of a link: it is shortened over there; of a longer link the rest counts
LINK_HALVES, LINK_LONG = 20, 140
_LINK = re.compile(r"https?://[\w\-./?%&=:#~+,;@!$*()']+", re.ASCII)
TIMELINE = 100  # newest posts that are looked through
#: One call; a verb makes two at most, and together they stay below STALE.
SECONDS = (STALE.total_seconds() - 10) / 2

_LOGIN = "微博不接受令牌，请管理员重新授权并更新 WEIBO_ACCESS_TOKEN；系统会自动重试。"
_ERRORS: Mapping[int, tuple[type[ChannelError], str, str]] = {
    10001: (Unclear, "busy", "微博系统出错，不清楚有没有发出，请到微博核实。"),
    10002: (NotSent, "busy", "微博服务暂停，系统会自动重试。"),
    10003: (Unclear, "busy", "微博系统出错，不清楚有没有发出，请到微博核实。"),
    10004: (Rejected, "address", "微博不接受本机的 IP 地址，请管理员到微博开放平台核对，然后点“重试”。"),
    10009: (NotSent, "busy", "微博系统繁忙，系统会自动重试。"),
    10010: (Unclear, "busy", "微博处理超时，不清楚有没有发出，请到微博核实。"),
    10011: (Unclear, "busy", "微博系统出错，不清楚有没有发出，请到微博核实。"),
    10014: (Rejected, "unauthorised", "应用没有这个接口的权限，请管理员到微博开放平台申请，然后点“重试”。"),
    10022: (NotSent, "quota", "微博接口的次数已用完，系统会自动重试。"),
    10023: (NotSent, "quota", "微博接口的次数已用完，系统会自动重试。"),
    10024: (NotSent, "quota", "微博接口的次数已用完，系统会自动重试。"),
    20012: (Rejected, "text_too_long", "文字超过 140 个字，微博不接受。请缩短标题后重新发布，或者手工发布并登记。"),
    20013: (Rejected, "text_too_long", "文字超过 300 个字，微博不接受。请缩短标题后重新发布，或者手工发布并登记。"),
    20016: (NotSent, "quota", "微博发得太频繁，系统会自动重试。"),
    20017: (Rejected, "repeat", "微博认为内容与刚发过的相似。请过一会儿点“重试”，或者修改标题后重新发布。"),
    20018: (Rejected, "link", "微博不接受内容里的网址。请管理员把本站域名登记为应用的安全域名，然后点“重试”。"),
    20019: (Rejected, "repeat", "微博认为内容与刚发过的重复，但在近期微博里没有找到。请过一会儿点“重试”。"),
    20020: (Rejected, "content", "微博认为内容像广告。请修改标题或者摘要后重新发布，或者手工发布并登记。"),
    20021: (Rejected, "forbidden_words", "内容里有微博不允许的词句。请修改后重新发布，或者手工发布并登记。"),
    20031: (Rejected, "login", "微博要求验证账号。请登录微博完成验证，然后点“重试”。"),
    20032: (Unclear, "slow", "微博已收下内容，但显示会有延迟，请过几分钟核实。"),
    20101: (Gone, "gone", "微博上已经没有这条内容。还要发布的，请点“重试”。"),
    20112: (Gone, "hidden", "这条微博已被设为不公开。请登录微博查看原因，然后点“重试”。"),
    21314: (NotSent, "login", _LOGIN),
    21315: (NotSent, "login", _LOGIN),
    21316: (NotSent, "login", _LOGIN),
    21317: (NotSent, "login", _LOGIN),
    21327: (NotSent, "login", _LOGIN),
    21332: (NotSent, "login", _LOGIN),
}  # fmt: skip


class Weibo:
    """Not in place: a new text is a new post, and the old one is destroyed first."""

    code = "weibo"
    title = "微博"
    shows_validity = False
    in_place = False
    repeatable = False
    carriers = ("两微一端", "微博")

    def missing(self) -> list[str]:
        told = {
            "WEIBO_ACCESS_TOKEN": settings.WEIBO_ACCESS_TOKEN,
            "WEIBO_OPERATOR_IP": settings.WEIBO_OPERATOR_IP,
            "WEIBO_BASE_URL": settings.WEIBO_BASE_URL,
            "SITE_BASE_URL": settings.SITE["base_url"],
        }
        return [f"没有设置 {name}。" for name, value in told.items() if not value]

    def carries(self, item: PublicItem) -> Verdict:
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        link = f"{settings.SITE['base_url']}{item.url}"
        status = _status(item, link)
        return Message("", item.title, status, {"status": status, "mark": _mark(item.index_number)})

    def deliver(self, message: Message) -> Receipt:
        """`Unclear` where no answer came and the post is not to be seen; never sent a second time by itself."""
        try:
            told = _post("statuses/share", {"status": message.body, "rip": settings.WEIBO_OPERATOR_IP})
        except Unclear:
            if there := self._found_or_none(message):
                return there
            raise
        except Rejected as refused:
            if refused.code != "repeat":
                raise
            if there := self._found(message):
                return there
            raise
        return _receipt(told)

    def recall(self, receipt: Receipt) -> Receipt:
        number = receipt.reference if receipt.reference.isdigit() else self._number_of(receipt)
        _post("statuses/destroy", {"id": number})
        return receipt

    def confirm(self, receipt: Receipt) -> Receipt | None:
        if not receipt.reference.isdigit():
            return receipt  # a link given by a person: there is nothing to ask for
        _get("statuses/show", {"id": receipt.reference})
        return receipt

    def find(self, message: Message) -> Receipt | None:
        """A post with this text among the newest ones."""
        return self._found(message)

    def _found(self, message: Message) -> Receipt | None:
        wanted = _essence(message.body)
        rows = _timeline()
        return next((_receipt(row) for row in rows if _essence(str(row.get("text", ""))) == wanted), None)

    def _found_or_none(self, message: Message) -> Receipt | None:
        try:
            return self._found(message)
        except ChannelError:
            return None

    def _number_of(self, receipt: Receipt) -> str:
        """The number of a post that a person found, by the index number in its text."""
        mark = _mark(receipt.index_number)
        for row in _timeline():
            if mark in str(row.get("text", "")):
                return _receipt(row).reference
        raise Rejected("not_found", "在近期微博里找不到这条内容。请登录微博删除，再点“渠道上没有”。")


def length(text: str) -> int:
    """Characters as Weibo counts: a Latin letter is half, a link ten (more beyond 140 letters), the sum rounded up.

    >>> length("青禾"), length("abc"), length("看 https://www.qinghe.example/items/1/")
    (2, 2, 12)
    """
    halves = 0
    for link in _LINK.findall(text):
        halves += LINK_HALVES + max(0, len(link) - LINK_LONG)
    for letter in _LINK.sub("", text):
        halves += 1 if ord(letter) < 0x100 else 2 * (len(letter.encode("utf-16-le")) // 2)
    return -(-halves // 2)


def _status(item: PublicItem, link: str) -> str:
    """【标题】摘要 机关，索引号 link; what is too long loses the end of the summary, then of the title."""
    title, summary = _plain(item.title), _plain(item.summary)
    if summary and summary[-1] not in "。！？":
        summary += "。"
    tail = f"{_plain(item.organ)}，{_mark(item.index_number)} {link}"
    while length(f"【{title}】{summary}{tail}") > MOST and summary:
        summary = _shorter(summary)
    while length(f"【{title}】{summary}{tail}") > MOST and title:
        title = _shorter(title)
    return f"【{title}】{summary}{tail}"


def _shorter(text: str) -> str:
    kept = text.removesuffix("…")[:-1]
    return kept + "…" if kept else ""


def _mark(index_number: str) -> str:
    return f"索引号：{index_number}"


def _plain(text: str) -> str:
    """No topic, no mention and no link of somebody else's: the interface refuses them, or they would call somebody."""
    return " ".join(_LINK.sub("", text).replace("#", "＃").replace("@", "＠").split())


def _essence(text: str) -> str:
    """A text without its links, which are shortened over there, and without spaces."""
    return "".join(_LINK.sub("", html.unescape(text)).split())


def _timeline() -> list[dict[str, Any]]:
    told = _get("statuses/user_timeline", {"count": TIMELINE, "page": 1, "base_app": 1, "trim_user": 1})
    return [row for row in told.get("statuses", []) if isinstance(row, dict)]


def _receipt(told: Mapping[str, Any]) -> Receipt:
    number = str(told.get("idstr") or told.get("id") or "")
    if not number.isdigit():
        raise Unclear("no_number", "微博没有给出这条内容的编号，请到微博核实。")
    return Receipt(number, final=False, told={"mid": str(told.get("mid") or number)})


def _post(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    body = urlencode({"access_token": settings.WEIBO_ACCESS_TOKEN, **fields}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return _judged(call("POST", _address(name), body=body, headers=headers, seconds=SECONDS))


def _get(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A question that changes nothing: no answer is no harm."""
    query = urlencode({"access_token": settings.WEIBO_ACCESS_TOKEN, **fields})
    try:
        return _judged(call("GET", f"{_address(name)}?{query}", seconds=SECONDS))
    except Unclear as lost:
        raise NotSent(lost.code, "微博没有答复，系统会自动重试。") from None


def _address(name: str) -> str:
    return f"{settings.WEIBO_BASE_URL.rstrip('/')}/2/{name}.json"


def _judged(answer: Answer) -> dict[str, Any]:
    """Errors come with a code in the body, whatever the status; without one, a bad status says nothing for certain."""
    told = answer.json()
    code = told.get("error_code")
    if code is None and answer.status == 200:
        return told
    if code is None:
        raise Unclear("busy", f"微博出错（状态 {answer.status}），不清楚有没有办成，请到微博核实。")
    kind, own, sentence = _ERRORS.get(
        int(code), (Rejected, "refused", f"微博没有接受（错误码 {code}）。请登录微博查看，或者手工发布并登记。")
    )
    raise kind(own, sentence)
