"""Ask whether an address answers, without being led anywhere inside: every hop's address is looked up once, judged, and
that very address is connected to, so that neither a redirect nor a changed name can point at a machine of our own."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

SECONDS = 10
MOST_HOPS = 4
AGENT = "gongkai-linkcheck/1 (+/about/)"

State = Literal["alive", "dead", "refused"]


@dataclass(frozen=True, slots=True)
class Answered:
    """`told` says in Chinese how it ended; "refused" is an address we do not ask, which is no dead link."""

    state: State
    told: str = ""


def is_public(address: str) -> bool:
    """An address of the open internet: not private, loopback, link-local, multicast, reserved or mapped to one of them."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


def ask(url: str, *, allowed: Callable[[str], bool] = is_public) -> Answered:
    """HEAD, then GET where a server does not know HEAD; redirects are followed hop by hop."""
    at = url
    for _ in range(MOST_HOPS):
        parts = urlsplit(at)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return Answered("refused", "不是网页地址")
        try:
            address = _resolved(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        except OSError:
            return Answered("dead", "域名解析不到地址")
        if not allowed(address):
            return Answered("refused", "指向内部网络，没有访问")
        try:
            status, to = _status(parts.scheme, parts.hostname, address, parts.port, _target(at))
        except (OSError, http.client.HTTPException, ValueError):
            return Answered("dead", "连接不上或者没有按时答复")
        if status in (301, 302, 303, 307, 308) and to:
            at = urljoin(at, to)
            continue
        return (
            Answered("alive")
            if status < 400 or status in (401, 403, 405, 429)
            else Answered("dead", f"返回状态 {status}")
        )
    return Answered("dead", "跳转次数过多")


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _resolved(host: str, port: int) -> str:
    return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])


def _status(scheme: str, host: str, address: str, port: int | None, target: str) -> tuple[int, str]:
    for method in ("HEAD", "GET"):
        link = _To(address, host, port, scheme == "https")
        with contextlib.closing(link):
            link.request(method, target, headers={"User-Agent": AGENT, "Accept": "*/*"})
            answer = link.getresponse()
            if answer.status not in (405, 501) or method == "GET":
                return answer.status, answer.getheader("Location", "") or ""
    raise AssertionError("one of the two methods answered")


class _To(http.client.HTTPConnection):
    """A connection to one address that was judged, under the name it was asked by."""

    def __init__(self, address: str, host: str, port: int | None, secure: bool) -> None:
        super().__init__(host, port or (443 if secure else 80), timeout=SECONDS)
        self._address = address
        self._secure = secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), SECONDS)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
