"""Which ways of telling applicants this installation has, and what sends on each."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from gongkai.foi.particulars import Particulars
from gongkai.notices.mail import Mail
from gongkai.notices.sms import Sms, gateway
from gongkai.notices.wording import Words


class Sender(Protocol):
    """`address` finds where to send ("" for nowhere, `Rejected` for what cannot be one); `send` hands over or raises
    NotSent, Rejected or Unclear; `close` ends what stayed open."""

    def address(self, told: Particulars) -> str: ...

    def send(self, address: str, words: Words, reference: str) -> None: ...

    def close(self) -> None: ...


def ways_on() -> tuple[str, ...]:
    """Ways this installation can use; for the others nothing is queued."""
    return tuple(
        way for way, on in (("mail", bool(settings.EMAIL_HOST)), ("sms", bool(settings.SMS_GATEWAY_URL))) if on
    )


def sender(way: str) -> Sender:
    """What sends on a way; an unknown one raises."""
    match way:
        case "mail":
            return Mail()
        case "sms":
            return Sms(gateway())
        case other:
            raise ValueError(f"unknown way {other}")
