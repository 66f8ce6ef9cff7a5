"""One HTTP call to a channel, and what its end means: whether anything may have happened over there.

No redirects are followed: credentials go where the configuration says and nowhere else.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from gongkai.channels.contract import NotSent, Rejected, Unclear
from gongkai.channels.states import TIMEOUT_SECONDS

_MOST = 4 * 1024 * 1024  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, lower-case headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; `Unclear` when it is none, since then nobody knows what was done."""
        try:
            told = json.loads(self.body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise Unclear("no_answer", "渠道的回答看不懂，不清楚有没有办成，请到渠道后台核实。")
        return told


def call(
    method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None,
    seconds: float = TIMEOUT_SECONDS,
) -> Answer:  # fmt: skip
    """`NotSent` when the connection was never made; `Unclear` when it broke after the question went over."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Rejected("address", "渠道的接口地址不完整，请管理员检查配置。")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    link = kind(parts.hostname, parts.port, timeout=seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with contextlib.closing(link):
        try:
            link.connect()
        except OSError:
            raise NotSent("unreachable", "连接不上渠道的服务器，系统会自动重试。") from None
        try:
            link.request(method, target, body or None, dict(headers or {}))
            answer = link.getresponse()
            read = answer.read(_MOST)
        except (OSError, http.client.HTTPException):
            raise Unclear("lost", "内容发出以后连接断开，没有收到答复，请到渠道后台核实。") from None
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)


def post_json(url: str, value: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
    """POST a JSON value."""
    sent = json.dumps(value, ensure_ascii=False).encode()
    return call("POST", url, body=sent, headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})})
