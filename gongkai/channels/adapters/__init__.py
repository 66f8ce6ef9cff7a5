"""Every channel there is, in one list. A new one is a module and a line here (docs/howto/add-a-channel.md)."""

from __future__ import annotations

from gongkai.channels.adapters.feed import Feed
from gongkai.channels.adapters.handbook import Handbook
from gongkai.channels.adapters.notice_board import NoticeBoard
from gongkai.channels.adapters.service_platform import ServicePlatform
from gongkai.channels.adapters.static_site import StaticSite
from gongkai.channels.adapters.wechat import WeChat
from gongkai.channels.adapters.weibo import Weibo
from gongkai.channels.contract import Channel

CHANNELS: tuple[Channel, ...] = (StaticSite(), Feed(), ServicePlatform(), WeChat(), Weibo(), NoticeBoard(), Handbook())
_BY_CODE = {channel.code: channel for channel in CHANNELS}
if len(_BY_CODE) != len(CHANNELS):
    raise TypeError("two channels have one code")


def channels_in_use() -> list[Channel]:
    """Channels with everything they need; for the others nothing is planned, and nothing is made up for later."""
    return [channel for channel in CHANNELS if not channel.missing()]


def channel_of(code: str) -> Channel:
    """A channel by its code; KeyError for one that is not in the list."""
    return _BY_CODE[code]
