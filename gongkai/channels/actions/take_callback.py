"""A channel calls back with what became of a post."""

from __future__ import annotations

from datetime import datetime

from gongkai.channels.actions.carry import told_by_channel
from gongkai.channels.adapters.wechat_callback import told


def take_wechat(body: bytes, *, at: datetime) -> bool:
    """Returns whether anything changed; twice, late or about something unknown changes nothing. `Garbled` may be raised."""
    ended = told(body)
    return ended is not None and told_by_channel("wechat", *ended, at=at)
