"""The exact bytes a digest is taken of, and the links of the chain."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: one value, one byte string on every machine."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def instant(at: datetime) -> str:
    """An aware instant as UTC text with microseconds; a naive one raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def leaf(
    *,
    fact_id: int,
    kind: str,
    subject: str,
    organ_code: str,
    actor_code: str,
    post_code: str,
    at: datetime,
    content_digest: str,
    data: dict[str, Any],
) -> str:
    """Digest of one fact with every column that says something."""
    return digest([fact_id, kind, subject, organ_code, actor_code, post_code, instant(at), content_digest, data])


def link(former: str, leaf_digest: str) -> str:
    """The next link of the chain."""
    return hashlib.sha256(bytes.fromhex(former) + bytes.fromhex(leaf_digest)).hexdigest()
