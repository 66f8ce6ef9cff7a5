"""Subscriptions by mail: where one stands, how long things last, how often one may ask. Codes are permanent."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Final

ASKED, CONFIRMED, ENDED = "asked", "confirmed", "ended"
STANDINGS: Final = {ASKED: "等待确认", CONFIRMED: "已确认", ENDED: "已结束"}
#: How one ended.
LEFT, LAPSED, REPLACED, BOUNCED = "left", "lapsed", "replaced", "bounced"

#: Kinds of mails (models.OutgoingNotice.kind).
CONFIRM, DIGEST = "confirm", "digest"

#: What a subscription can be narrowed by, as the feeds are.
FILTERS: Final = ("agency", "heading", "theme")
MOST_VALUES: Final = 20  # [I] values of one filter

ASKED_DAYS: Final = timedelta(days=7)  # [I] how long the link in the question holds
KEEP_DAYS: Final = timedelta(days=30)  # [I] how long the queue remembers mails that went out, and what has ended
DIGEST_AT: Final = time(8, 0)  # [I] from when on the digest of a day goes out
MOST_LINES: Final = 50  # [I] lines of one digest
MOST_FAILURES: Final = 3  # [I] digests in a row that the address's own server refuses for good
PER_ADDRESS: Final = 3  # [I] questions to one address within `ADDRESS_WINDOW`
ADDRESS_WINDOW: Final = timedelta(days=1)  # [I]
PER_NETWORK: Final = 40  # [I] questions from one network within the quarter of an hour of foi/queries/attempts.py

PLACE: Final = "subscription.sealed"
_TOKEN_BYTES: Final = 16  # 128 random bits


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_digest(token: str) -> str:
    """A fast hash is enough, and no key is wanted: there is nothing to guess in 128 random bits, and links in old mails
    have to hold when the keys change."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_address(address: str) -> str:
    """One form of an address, for telling whether two are the same."""
    return unicodedata.normalize("NFKC", address).strip().lower()


def chosen(told: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Choices as they are kept: known filters, each value once, no empty filter."""
    kept = {name: list(dict.fromkeys(told.get(name, ()))) for name in FILTERS}
    return {name: values[:MOST_VALUES] for name, values in kept.items() if values}


def matches(choices: Mapping[str, Sequence[str]], columns: Mapping[str, str]) -> bool:
    """Values of one filter add up, filters narrow each other."""
    return all(columns[name] in values for name, values in choices.items())
