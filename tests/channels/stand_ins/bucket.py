"""A stand-in for an S3-compatible store: objects of one bucket, signatures checked, lists in short pages.

Contract: Amazon S3 API Reference (PutObject, GetObject, HeadObject, DeleteObject, ListObjectsV2) and "Signature Version 4".
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.channels.stand_in import Asked, StandIn

BUCKET, KEY, SECRET, REGION = "gongkai-site", "key-of-the-site", "secret-of-the-site", "us-east-1"
PAGE = 7


@dataclass
class Object:
    body: bytes
    headers: dict[str, str]


@dataclass
class Bucket:
    """`mood`: ok; refuse (403 to every writing); break (the connection ends without an answer); gone_after (a number of
    objects is stored, then the connection breaks)."""

    objects: dict[str, Object] = field(default_factory=dict)
    mood: str = "ok"
    left: int = 0
    log: list[tuple[str, str]] = field(default_factory=list)

    def serve(self) -> StandIn:
        return StandIn(self.answer)

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
        refused = _signature_fault(asked)
        if refused:
            return _error(403, refused)
        path = unquote(urlsplit(asked.path).path)
        if not path.startswith(f"/{BUCKET}"):
            return _error(404, "NoSuchBucket")
        key = path.removeprefix(f"/{BUCKET}").lstrip("/")
        if asked.method in ("PUT", "DELETE"):
            if self.mood == "refuse":
                return _error(403, "AccessDenied")
            if self.mood == "break" or (self.mood == "gone_after" and self.left <= 0):
                return None
            self.left -= 1
            self.log.append((asked.method, key))
        match asked.method:
            case "PUT":
                kept = ("content-type", "content-disposition", "cache-control")
                named = {k: v for k, v in asked.headers.items() if k in kept or k.startswith("x-amz-meta-")}
                self.objects[key] = Object(asked.body, named)
                return 200, {"ETag": f'"{hashlib.md5(asked.body).hexdigest()}"'}, b""
            case "DELETE":
                self.objects.pop(key, None)
                return 204, {}, b""
            case "HEAD":
                found = self.objects.get(key)
                return (404, {}, b"") if found is None else (200, _facts(found), b"")
            case "GET" if not key:
                return self._list(dict(parse_qsl(urlsplit(asked.path).query, keep_blank_values=True)))
            case "GET":
                found = self.objects.get(key)
                return _error(404, "NoSuchKey") if found is None else (200, _facts(found), found.body)
            case _:
                return _error(405, "MethodNotAllowed")

    def _list(self, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        assert asked["list-type"] == "2"
        after = asked.get("continuation-token", "")
        keys = sorted(k for k in self.objects if k.startswith(asked.get("prefix", "")) and k > after)
        some, more = keys[:PAGE], len(keys) > PAGE
        coded = quote if asked.get("encoding-type") == "url" else escape
        rows = "".join(
            f"<Contents><Key>{coded(k)}</Key><LastModified>2026-09-08T02:00:00.000Z</LastModified>"
            f"<ETag>&quot;{hashlib.md5(self.objects[k].body).hexdigest()}&quot;</ETag><Size>{len(self.objects[k].body)}</Size>"
            "</Contents>"
            for k in some
        )
        onwards = f"<NextContinuationToken>{escape(some[-1])}</NextContinuationToken>" if more else ""
        told = (
            f'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{BUCKET}</Name>'
            f"<Prefix>{coded(asked.get('prefix', ''))}</Prefix><EncodingType>{asked.get('encoding-type', '')}</EncodingType>"
            f"<KeyCount>{len(some)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>{onwards}{rows}</ListBucketResult>"
        )
        return 200, {"Content-Type": "application/xml"}, told.encode()


def _facts(found: Object) -> dict[str, str]:
    when = {"Last-Modified": "Tue, 08 Sep 2026 02:00:00 GMT", "ETag": f'"{hashlib.md5(found.body).hexdigest()}"'}
    return {**found.headers, **when}


def _error(status: int, code: str) -> tuple[int, dict[str, str], bytes]:
    told = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
    return status, {"Content-Type": "application/xml"}, told.encode()


def _signature_fault(asked: Asked) -> str:
    """Empty, or the error code of S3. AWS Signature Version 4, header form."""
    scheme, _, rest = asked.headers.get("authorization", "").partition(" ")
    if scheme != "AWS4-HMAC-SHA256":
        return "AccessDenied"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key, day, region, service, end = parts["Credential"].split("/")
    if (key, region, service, end) != (KEY, REGION, "s3", "aws4_request"):
        return "InvalidAccessKeyId"
    told = asked.headers["x-amz-content-sha256"]
    if told != hashlib.sha256(asked.body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    address = urlsplit(asked.path)
    query = "&".join(
        f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}"
        for k, v in sorted(parse_qsl(address.query, keep_blank_values=True))
    )
    names = parts["SignedHeaders"].split(";")
    headers = "".join(f"{name}:{' '.join(asked.headers[name].split())}\n" for name in names)
    canonical = "\n".join([asked.method, address.path, query, headers, ";".join(names), told])
    scope = f"{day}/{region}/{service}/{end}"
    text = "\n".join(
        ["AWS4-HMAC-SHA256", asked.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    signing = f"AWS4{SECRET}".encode()
    for piece in (day, region, service, end):
        signing = hmac.new(signing, piece.encode(), hashlib.sha256).digest()
    right = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(right, parts["Signature"]) else "SignatureDoesNotMatch"
