"""The published HTTP interface of a WeChat official account: one question, its answer, and what each error code means.

https://developers.weixin.qq.com/doc/service/api/ : token, 草稿箱 (draft/*), 发布能力 (freepublish/*), 永久素材
(material/*), 全局返回码. The credential lives in memory with its expiry and is asked for anew once when it is refused.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from gongkai.channels.calling import Answer, call
from gongkai.channels.contract import ChannelError, Gone, NotSent, Rejected, Unclear
from gongkai.channels.states import STALE, TIMEOUT_SECONDS

#: All calls of one verb together, seconds: shorter than STALE, so that a slow account is not taken for a dead process.
BUDGET_SECONDS = STALE.total_seconds() - 10
_SPARE = 300.0  # seconds before its expiry from which a credential is not used any more
_REFUSED_TOKEN = frozenset({40001, 40014, 42001})

_BY_HAND = "或者下载手工发布包，登录公众号后台发布，再登记。"
#: 全局返回码 → how it ends, own code, sentence. Everything else certainly did not happen and needs a person.
_ERRORS: Mapping[int, tuple[type[ChannelError], str, str]] = {
    -1: (Unclear, "busy", "公众号系统繁忙，不清楚有没有办成，请稍后到公众号后台核实。"),
    40001: (NotSent, "login", "公众号不接受凭证，请管理员核对 WECHAT_APP_ID 和 WECHAT_APP_SECRET；系统会自动重试。"),
    40013: (Rejected, "login", "公众号的 AppID 不对，请管理员核对 WECHAT_APP_ID，然后点“重试”。"),
    40125: (Rejected, "login", "公众号的 AppSecret 不对，请管理员核对 WECHAT_APP_SECRET，然后点“重试”。"),
    40164: (Rejected, "address", "公众号不接受本机的 IP 地址，请在公众号后台把它加入 IP 白名单，然后点“重试”。"),
    40009: (Rejected, "image", "封面图片太大，公众号不接受。请缩短标题，" + _BY_HAND),
    45001: (Rejected, "image", "封面图片太大，公众号不接受。请缩短标题，" + _BY_HAND),
    40007: (Rejected, "material", "公众号后台里的封面或者草稿已被删除，请点“重试”重新生成。"),
    45002: (Rejected, "content_too_long", "正文太长，公众号不接受。请精简正文后重新发布，" + _BY_HAND),
    45003: (Rejected, "title_too_long", "标题太长，公众号不接受。请缩短标题后重新发布，" + _BY_HAND),
    45004: (Rejected, "summary_too_long", "摘要太长，公众号不接受。请缩短摘要后重新发布，" + _BY_HAND),
    45008: (Rejected, "content_too_long", "图文内容超过公众号的限制。请精简正文后重新发布，" + _BY_HAND),
    45009: (NotSent, "quota", "公众号今天的接口次数已用完，系统会自动重试；急件请下载手工发布包，登录公众号后台发布。"),
    45011: (NotSent, "quota", "公众号接口调用太快，系统会自动重试。"),
    53501: (NotSent, "quota", "公众号发布太频繁，系统会自动重试；急件请下载手工发布包，登录公众号后台发布。"),
    45166: (Rejected, "content", "正文有公众号不接受的内容（网页代码或者链接）。请修改后重新发布，" + _BY_HAND),
    48001: (Rejected, "unauthorised", "这个公众号没有发布接口的权限（需要认证）。请完成认证，" + _BY_HAND),
    48004: (Rejected, "unauthorised", "公众号的接口被封禁，请登录公众号后台查看原因，" + _BY_HAND),
    53503: (Rejected, "content", "草稿没有通过公众号的发布检查，可能有不允许的词句。请到公众号后台查看，修改后重新发布。"),
    53504: (Rejected, "by_hand", "公众号要求登录后台处理这份草稿。请到草稿箱里发布，再登记。"),
    53505: (Rejected, "by_hand", "公众号要求先在后台保存这份草稿。请到草稿箱里保存并发布，再登记。"),
    53600: (Gone, "gone", "公众号上已经没有这篇文章。"),
    87014: (Rejected, "forbidden_words", "内容里有公众号不允许的词句。请修改后重新发布，" + _BY_HAND),
}  # fmt: skip


@dataclass
class Deadline:
    """Until when a verb must have ended, on the monotonic clock."""

    until: float = field(default_factory=lambda: time.monotonic() + BUDGET_SECONDS)

    def seconds(self) -> float:
        """For the next call; `NotSent` where it would not be worth beginning."""
        left = self.until - time.monotonic()
        if left < 1:
            raise NotSent("slow", "公众号答复太慢，系统会自动重试。")
        return min(left, TIMEOUT_SECONDS)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: float  # monotonic


class Api:
    """Credentials come from the settings at every question; the token of each account is kept until it expires."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str, str], _Token] = {}
        self._lock = threading.Lock()

    def read(self, name: str, value: Any, by: Deadline) -> dict[str, Any]:
        """A question that changes nothing: no answer is no harm."""
        try:
            return self._ask(name, {}, _json(value), by)
        except Unclear as lost:
            raise NotSent(lost.code, "公众号没有答复，系统会自动重试。") from None

    def change(self, name: str, value: Any, by: Deadline) -> dict[str, Any]:
        """A question that changes something over there: no answer is `Unclear`."""
        return self._ask(name, {}, _json(value), by)

    def upload(self, name: str, kind: str, filename: str, data: bytes, by: Deadline) -> dict[str, Any]:
        """A file as multipart form data, in the field `media`. A file lost on the way does no harm."""
        try:
            return self._ask(name, {"type": kind}, _form(filename, data), by)
        except Unclear as lost:
            raise NotSent(lost.code, "公众号没有答复，系统会自动重试。") from None

    def _ask(self, name: str, query: Mapping[str, str], sent: tuple[str, bytes], by: Deadline) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for anew in (False, True):
            token = self._token(by, anew=anew)
            told = _called(f"{name}?{urlencode({'access_token': token, **query})}", sent, by)
            if told.get("errcode", 0) not in _REFUSED_TOKEN:
                break
        return _judged(told)

    def _token(self, by: Deadline, *, anew: bool) -> str:
        account = (settings.WECHAT_BASE_URL, settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET)
        with self._lock:
            kept = self._tokens.get(account)
            if kept is not None and not anew and time.monotonic() < kept.until:
                return kept.text
            sent = {
                "grant_type": "client_credential", "appid": account[1], "secret": account[2], "force_refresh": anew,
            }  # fmt: skip
            try:
                told = _judged(_called("stable_token", _json(sent), by))
            except Unclear as lost:
                raise NotSent(lost.code, "取不到公众号凭证，系统会自动重试。") from None
            text, lasts = told.get("access_token"), told.get("expires_in")
            if not isinstance(text, str) or not isinstance(lasts, int):
                raise NotSent("login", "取不到公众号凭证，系统会自动重试。")
            self._tokens[account] = _Token(text, time.monotonic() + lasts - _SPARE)
            return text


def _json(value: Any) -> tuple[str, bytes]:
    # Not escaped: the interface shows \\uXXXX to readers as it stands.
    return "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode()


def _form(filename: str, data: bytes) -> tuple[str, bytes]:
    edge = "gongkai-7f9d3a5e2c"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="media"; filename="{filename}"; '
        f"filelength={len(data)}\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    return f"multipart/form-data; boundary={edge}", head.encode() + data + f"\r\n--{edge}--\r\n".encode()


def _called(tail: str, sent: tuple[str, bytes], by: Deadline) -> dict[str, Any]:
    url = f"{settings.WECHAT_BASE_URL.rstrip('/')}/cgi-bin/{tail}"
    answer: Answer = call("POST", url, body=sent[1], headers={"Content-Type": sent[0]}, seconds=by.seconds())
    if answer.status != 200:
        raise Unclear("busy", f"公众号出错（状态 {answer.status}），不清楚有没有办成，请到公众号后台核实。")
    return answer.json()


def _judged(told: dict[str, Any]) -> dict[str, Any]:
    code = told.get("errcode", 0)
    if code == 0:
        return told
    kind, own, sentence = _ERRORS.get(
        40001 if code in _REFUSED_TOKEN else code,
        (Rejected, "refused", f"公众号没有接受（错误码 {code}）。请登录公众号后台查看，" + _BY_HAND),
    )
    raise kind(own, sentence)
