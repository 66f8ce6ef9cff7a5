"""Every capability with clocks, for `gongkai calendar import`. Models are loaded only when a function is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gongkai.cli.calendar import Capability

if TYPE_CHECKING:
    from gongkai.agencies.actors import Actor
    from gongkai.calendars.actions.record_changes import DueChange


def _disclosure_preview() -> Sequence[DueChange]:
    from gongkai.disclosure.actions.deadline import preview

    return preview()


def _disclosure_recompute(*, reason: str, actor: Actor, at: datetime) -> Sequence[DueChange]:
    from gongkai.disclosure.actions.deadline import recompute

    return recompute(reason=reason, actor=actor, at=at)


def _foi_preview() -> Sequence[DueChange]:
    from gongkai.foi.actions.recompute import preview

    return preview()


def _foi_recompute(*, reason: str, actor: Actor, at: datetime) -> Sequence[DueChange]:
    from gongkai.foi.actions.recompute import recompute

    return recompute(reason=reason, actor=actor, at=at)


CAPABILITIES = (
    Capability("主动公开", _disclosure_preview, _disclosure_recompute),
    Capability("依申请公开", _foi_preview, _foi_recompute),
)
