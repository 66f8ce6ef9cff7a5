"""How every answer of the API is made: JSON with its ETag, and one shape of errors."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from gongkai.api.pace import SECONDS, allowed
from gongkai.web.client_ip import client_ip

logger = logging.getLogger("gongkai.api")

View = Callable[..., HttpResponse]


class ApiError(Exception):
    """An answer that is no result. `field` names the parameter it is about; `beside` what stands beside the error."""

    def __init__(
        self, status: int, code: str, sentence: str, field: str = "", *, beside: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence, self.field = status, code, sentence, field
        self.beside = dict(beside or {})

    @property
    def value(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "sentence": self.sentence, "field": self.field}, **self.beside}


def answered(view: Callable[..., dict[str, Any]]) -> View:
    """The view returns a value or raises `ApiError`; this makes the answer, also for what nobody thought of."""

    @wraps(view)
    def answering(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise ApiError(405, "method_not_allowed", _("这个接口只读，请用 GET。"))
            if not allowed(client_ip(request), timezone.now()):
                raise ApiError(429, "too_many", _("查询太频繁，请一分钟以后再试。"))
            value = view(request, **arguments)
        except ApiError as error:
            return _plain(error.value, error.status)
        except Exception:
            logger.exception("the API failed to answer")
            return _plain(ApiError(500, "own_fault", _("系统出了错，没有查到结果，请稍后再试。")).value, 500)
        answer = _plain(value, 200)
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
        conditional = get_conditional_response(request, etag=etag, response=answer)
        found: HttpResponse = conditional if conditional is not None else answer
        found["ETag"] = etag
        return _marked(found)

    # Nothing here writes, so a POST is told so in the same shape as every other mistake.
    answering.csrf_exempt = True  # type: ignore[attr-defined]
    return answering


def _plain(value: Mapping[str, Any], status: int) -> HttpResponse:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    if status == 405:
        answer["Allow"] = "GET, HEAD"
    if status == 429:
        answer["Retry-After"] = str(SECONDS)
    return _marked(answer)


def _marked(answer: HttpResponse) -> HttpResponse:
    # Kept by nobody without asking again: what was taken down must not stay in somebody's cache.
    answer["Cache-Control"] = "no-cache"
    # What anybody may read, any page may read.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
