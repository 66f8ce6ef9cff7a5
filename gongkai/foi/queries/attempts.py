"""May somebody look up a case by code again, and if not, from when on?

Two limits. Of one code only a few wrong second facts are taken in a quarter of an hour, because the second fact is
short; whoever does not know the code cannot use up its tries. Of one network only so many failures as nobody honest
makes; below that a right code with its second fact always passes, because codes have 100 random bits and counting
failures protects the machine, not the codes. Codes that exist and codes that do not are counted alike.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import Final

from gongkai.foi import vault
from gongkai.foi.models import LookupAttempt

WINDOW: Final = timedelta(minutes=15)  # [I] 条例 says nothing on attempts
PER_CODE: Final = 5  # [I] failures of one code within the window
PER_NETWORK: Final = 300  # [I] failures of one network within the window
NETWORK_BITS: Final = {4: 32, 6: 64}  # [I] one address of IPv4, one subscriber's prefix of IPv6


def network_of(address: str) -> str:
    """The network an address is counted under; an address that cannot be read stands for itself."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, NETWORK_BITS[read.version]), strict=False))


def code_place(code: str) -> tuple[str, str]:
    """(purpose, value) under which failures of this code are counted; the code itself is stored nowhere."""
    return "attempt.code", vault.code_hash(code)


def network_place(address: str) -> tuple[str, str]:
    """(purpose, value) under which failures from this address are counted."""
    return "attempt.network", network_of(address)


def wait_until(code: str, address: str, *, at: datetime) -> datetime | None:
    """The instant from which a look-up is taken again; None when it is taken now."""
    limits = ((code_place(code), PER_CODE), (network_place(address), PER_NETWORK))
    waits = [free for place, limit in limits if (free := _free_from(place, limit, at)) is not None]
    return max(waits, default=None)


def _free_from(place: tuple[str, str], limit: int, at: datetime) -> datetime | None:
    """When the limit-th failure from the end leaves the window."""
    failures = LookupAttempt.objects.filter(place__in=vault.keyed_any(*place), failed_at__gt=at - WINDOW)
    last = list(failures.order_by("-failed_at").values_list("failed_at", flat=True)[:limit])
    return last[-1] + WINDOW if len(last) == limit else None
