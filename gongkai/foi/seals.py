"""Electronic seals (《国务院关于在线政务服务的若干规定》第九条): an interface; who keeps the seal stands outside.

An installation names its seal by a dotted path in the setting FOI_SEAL, for instance a class that talks to the seal
server of its government. Without the setting there is none, and letters are printed, stamped and scanned.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string


@runtime_checkable
class ElectronicSeal(Protocol):
    """Puts the organ's seal on a letter."""

    def stamp(self, pdf: bytes, digest: str) -> bytes:
        """The stamped PDF. `digest` is what was signed (SHA-256, hex) and goes into the seal's own record.

        Raises `SealFailed` with a sentence for the person at the screen when no seal could be put.
        """
        ...


class SealFailed(Exception):
    """The seal could not be put; the message says why and what to do."""


def configured_seal() -> ElectronicSeal | None:
    """The seal of this installation, None where letters are stamped by hand. A wrong path raises ImportError."""
    path = getattr(settings, "FOI_SEAL", "")
    if not path:
        return None
    seal = import_string(path)()
    if not isinstance(seal, ElectronicSeal):
        raise TypeError(f"{path} is no ElectronicSeal")
    return seal
