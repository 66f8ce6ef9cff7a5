"""What WeChat sends to the address of the installation: is it WeChat, and what does it say?

接入概述 and 发布能力/发布结果推送: `signature` is the SHA-1 of token, timestamp and nonce, sorted and joined. It does not
cover the body, so old ones are refused. Messages come in plain mode (明文模式).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gongkai.channels.adapters.wechat import outcome
from gongkai.channels.contract import Gone, Receipt, Rejected

#: [I] own choice: WeChat repeats within 15 s; clocks may differ by some minutes
FRESH = timedelta(minutes=10)
EVENT = "PUBLISHJOBFINISH"


class Garbled(Exception):
    """Not what the interface describes."""


def genuine(token: str, signature: str, timestamp: str, nonce: str, *, at: datetime) -> bool:
    """Does this come from somebody who knows the token, and just now? Without a token nothing does."""
    if not token or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    wanted = hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode(), usedforsecurity=False).hexdigest()
    fresh = abs(at.timestamp() - int(timestamp)) <= FRESH.total_seconds()
    return hmac.compare_digest(wanted.encode(), signature.encode()) and fresh


def told(body: bytes) -> tuple[str, Receipt | Rejected | Gone] | None:
    """Number of the publish job and how it ended; None for every other event. `Garbled` where it cannot be read."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise Garbled("no XML of a message") from None
    if root.findtext("Event") != EVENT:
        return None
    number = (root.findtext("PublishEventInfo/publish_id") or "").strip()
    status = (root.findtext("PublishEventInfo/publish_status") or "").strip()
    if not number or not status.isdigit():
        raise Garbled("no publish job")
    article = (root.findtext("PublishEventInfo/article_id") or "").strip()
    ended = outcome(number, int(status), article, {"item": [_row(item) for item in root.iter("item")]})
    return None if ended is None else (number, ended)


def _row(item: Element) -> dict[str, str]:
    return {"article_url": (item.findtext("article_url") or "").strip()}
