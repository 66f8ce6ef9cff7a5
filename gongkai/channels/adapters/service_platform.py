"""政务服务平台 and 集约化 platforms: a signed webhook for every change of what is public.

POST JSON to `SERVICE_PLATFORM_URL`. Headers: `Gongkai-Timestamp` (seconds), `Gongkai-Signature`
(hex HMAC-SHA256 of "timestamp.body" with `SERVICE_PLATFORM_SECRET`) and `Idempotency-Key`, the same at every attempt for
the same state of the same item. Any 2xx means taken. The pull side is `api` (docs/operate.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings

from gongkai.channels.calling import Answer, call
from gongkai.channels.contract import Gone, Message, NotSent, PublicItem, Receipt, Rejected, Unclear
from gongkai.law.verdicts import Allowed, Verdict


class ServicePlatform:
    """An upsert and a removal by index number: repeating either is harmless, so silence is simply tried again."""

    code = "service_platform"
    title = "政务服务平台"
    shows_validity = True
    in_place = True
    repeatable = True
    carriers = ("政务服务平台", "集约化")

    def missing(self) -> list[str]:
        told = {
            "SERVICE_PLATFORM_URL": settings.SERVICE_PLATFORM_URL,
            "SERVICE_PLATFORM_SECRET": settings.SERVICE_PLATFORM_SECRET,
        }
        return [f"没有设置 {name}。" for name, value in told.items() if not value]

    def carries(self, item: PublicItem) -> Verdict:
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        payload: dict[str, Any] = {
            "event": "published",
            "index_number": item.index_number,
            "title": item.title,
            "organ": {"code": item.organ_code, "name": item.organ},
            "document_number": item.doc_number,
            "heading": item.heading,
            "column": item.column,
            "theme": item.theme,
            "summary": item.summary,
            "text": item.text,
            "formed_on": item.formed_on.isoformat() if item.formed_on else None,
            "released_at": item.released_at.isoformat(),
            "valid_until": item.valid_until.isoformat() if item.valid_until else None,
            "validity": item.validity,
            "url": f"{settings.SITE['base_url']}{item.url}",
            "files": [
                {"title": f.title, "filename": f.filename, "size": f.size, "sha256": f.digest} for f in item.files
            ],
            "state": item.state,
        }
        return Message("", item.title, item.text, payload)

    def deliver(self, message: Message) -> Receipt:
        self._post(message.payload, message.key)
        return Receipt(message.payload["index_number"])

    def recall(self, receipt: Receipt) -> Receipt:
        # What was in hand when a process died left no receipt: the index number is enough to take it back.
        number = receipt.reference or receipt.index_number
        self._post({"event": "withdrawn", "index_number": number}, f"withdraw:{receipt.key}", gone=(404, 410))
        return receipt

    def confirm(self, receipt: Receipt) -> Receipt | None:
        return receipt

    def _post(self, payload: Any, key: str, *, gone: tuple[int, ...] = ()) -> None:
        body = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Gongkai-Timestamp": stamp,
            "Gongkai-Signature": signature(settings.SERVICE_PLATFORM_SECRET, stamp, body),
            "Idempotency-Key": key,
        }
        try:
            answer = call("POST", settings.SERVICE_PLATFORM_URL, body=body, headers=headers)
        except Unclear as lost:
            raise Unclear(lost.code, "平台没有答复，系统会自动重试。") from None
        if answer.status in gone:
            raise Gone("gone", "平台上已经没有这条信息。")
        _judge(answer)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What both sides compute."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _judge(answer: Answer) -> None:
    match answer.status:
        case status if 200 <= status < 300:
            return
        case 401 | 403:
            raise NotSent("login", "平台不接受签名，请管理员核对 SERVICE_PLATFORM_SECRET；系统会自动重试。")
        case 408 | 425 | 429:
            raise NotSent("busy", "平台暂时不接收，系统会自动重试。")
        case status if 400 <= status < 500:
            raise Rejected("content", f"平台拒收（状态 {status}），请与平台联系后重试。")
        case status:
            raise Unclear("busy", f"平台出错（状态 {status}），系统会自动重试。")
