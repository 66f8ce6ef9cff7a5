"""SMS through a gateway. What a gateway has to do is `SmsGateway`; the one adapter here speaks plain HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from gongkai.foi.particulars import Particulars, plain
from gongkai.notices.outcomes import NotSent, Rejected, Unclear
from gongkai.notices.wording import Words

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_SECONDS = 20
_MOST = 4096  # bytes of an answer that are read


class SmsGateway(Protocol):
    """Hands one text to one number. Returns when it was taken; raises NotSent, Rejected or Unclear otherwise.

    `reference` is the same at every attempt: a gateway that remembers it can refuse a repetition.
    """

    def send(self, number: str, text: str, reference: str) -> None: ...

    def close(self) -> None: ...


class HttpSmsGateway:
    """POST JSON {"to", "text", "reference"} to one address with a bearer token; 2xx means taken.

    A refusal that is certain (the connection was never made, 429, 503) is tried again; 4xx is final; everything else,
    also silence after the text went over, leaves open whether it was sent.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = urlsplit(url)
        self._token = token
        if self._url.scheme not in ("http", "https") or not self._url.hostname:
            raise ValueError("SMS_GATEWAY_URL must be a whole http(s) address")

    def send(self, number: str, text: str, reference: str) -> None:
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        link = kind(self._url.hostname or "", self._url.port, timeout=_SECONDS)
        body = json.dumps({"to": number, "text": text, "reference": reference}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {self._token}"}
        path = self._url.path or "/"
        with contextlib.closing(link):
            try:
                link.connect()
            except OSError:
                raise NotSent("unreachable", down=True) from None
            try:
                link.request("POST", f"{path}?{self._url.query}" if self._url.query else path, body, headers)
                answer = link.getresponse()
                answer.read(_MOST)
            except (OSError, http.client.HTTPException):
                raise Unclear("lost") from None
        _judge(answer.status)

    def close(self) -> None:
        """Nothing stays open between two texts."""


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    match status:
        case 401 | 403:
            raise NotSent("login", down=True)
        case 429 | 503:
            raise NotSent("busy", down=True)
        case _ if 400 <= status < 500 and status != 408:
            raise Rejected("content")
        case _:
            raise Unclear("lost")


class Sms:
    """The way by SMS: a mobile number of the mainland, the short words, the gateway of this installation."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway

    def address(self, told: Particulars) -> str:
        """Empty when no telephone was given; `Rejected` when it is no mobile number."""
        given = plain(told.phone).replace("-", "")
        if not given:
            return ""
        mobile = _MOBILE.fullmatch(given)
        if mobile is None:
            raise Rejected("unusable")
        return mobile[1]

    def send(self, address: str, words: Words, reference: str) -> None:
        self._gateway.send(address, words.short, reference)

    def close(self) -> None:
        self._gateway.close()


def gateway() -> SmsGateway:
    """The gateway of this installation; another one takes its place here."""
    return HttpSmsGateway(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN)
