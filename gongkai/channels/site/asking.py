"""The portal's own answers, asked for inside this process: what is written is what the portal says, to the byte.

Nothing of the portal is imported: the addresses are asked through the same middleware and the same resolver as those of
visitors. A visitor without cookies, at the address of `SITE_BASE_URL`, is who asks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from gongkai.channels.site.addresses import GONE, MISSING, OK
from gongkai.channels.site.tree import SiteError

_PIECE = 1024 * 1024
#: Marks our own questions; what comes from outside has keys that begin with HTTP_.
_INSIDE = "gongkai.inside"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status (200, 404 or 410), media type, bytes in pieces (read once)."""

    status: int
    media_type: str
    pieces: Iterable[bytes]


def ask(address: str) -> Answer:
    """GET of a decoded address without query. Any status but 200, 404 and 410 raises `SiteError`."""
    response = _handler().get_response(WSGIRequest(_environ(address)))
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if response.status_code not in (OK, GONE, MISSING):
        response.close()
        raise SiteError(
            f"页面 {address} 不能生成（状态 {response.status_code}），请核对 SITE_BASE_URL 和 ALLOWED_HOSTS。"
        )
    if response.streaming:
        return Answer(response.status_code, kind, _read(response))
    body: bytes = response.content
    response.close()
    return Answer(response.status_code, kind, [body])


def _read(response: object) -> Iterable[bytes]:
    """An attachment, in large pieces; closed when it was read to its end or given up."""
    file = getattr(response, "file_to_stream", None)
    try:
        if file is None:
            yield from response.streaming_content  # type: ignore[attr-defined]
        else:
            while piece := file.read(_PIECE):
                yield piece
    finally:
        response.close()  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    logging.getLogger("django.request").addFilter(_asked_by_others)
    return handler


def _asked_by_others(record: logging.LogRecord) -> bool:
    """That a page is not there is an answer here, no warning; that one cannot be made is told."""
    inside = _INSIDE in getattr(getattr(record, "request", None), "META", {})
    return not inside or record.levelno >= logging.ERROR


def _environ(address: str) -> dict[str, object]:
    parts = urlsplit(settings.SITE["base_url"])
    secure = parts.scheme == "https"
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if secure else 80)),
        "HTTP_HOST": parts.netloc or "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme or "http",
        "wsgi.input": BytesIO(),
        _INSIDE: True,
        **({"HTTP_X_FORWARDED_PROTO": "https"} if secure else {}),
    }
