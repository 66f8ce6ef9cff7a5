"""Hall screens and 公示栏: the public page `/board/`, and `/board/<organ>/` of one organ; the sheet to be pinned up beside.

The posting itself is the board (`channels.board`): with "carried" the item is there, and a recall takes it off the moment it
is wanted. So nothing is handed over; what this adapter does is look at the page, as a screen would.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse

from gongkai.channels import board
from gongkai.channels.contract import Message, NotSent, PublicItem, Receipt
from gongkai.channels.site.asking import ask
from gongkai.channels.site.tree import SiteError
from gongkai.law.verdicts import Allowed, Refused, Verdict

#: [I] own choice: letters of a title that fit a screen beside a text
TITLE_MOST = 200
_NAMED = re.compile(r'data-number="([^"]+)"')


class NoticeBoard:
    """What is on the screens of the halls."""

    code = board.CODE
    title = "公示栏"
    shows_validity = False
    in_place = True
    repeatable = True
    carriers = ("公示栏", "公开栏", "公告栏", "电子屏", "显示屏", "大厅屏", "查阅点")

    def missing(self) -> list[str]:
        return [] if settings.SITE["base_url"] else ["没有设置 SITE_BASE_URL。"]

    def carries(self, item: PublicItem) -> Verdict:
        if len(item.title) > TITLE_MOST:
            return Refused(
                "title_too_long", f"标题有 {len(item.title)} 个字，屏幕上放不下。请改为 {TITLE_MOST} 个字以内。"
            )
        if not (item.text.strip() or item.summary.strip() or item.files):
            return Refused("nothing_to_show", "没有正文、概述和附件，屏幕上没有可以看的内容。请写上正文。")
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        return Message("", item.title, item.text, {"index_number": item.index_number, "organ_code": item.organ_code})

    def deliver(self, message: Message) -> Receipt:
        """It is there when the frame has written so; `confirm` looks."""
        return Receipt(
            message.payload["index_number"], final=False, told={"organ_code": message.payload["organ_code"]}
        )  # fmt: skip

    def recall(self, receipt: Receipt) -> Receipt:
        if receipt.index_number in self._named(receipt)[0]:
            raise NotSent("still_there", "公示栏上还有这一条，系统会再看一次。")
        return receipt

    def confirm(self, receipt: Receipt) -> Receipt | None:
        named, full = self._named(receipt)
        if receipt.index_number not in named and not full:
            raise NotSent("not_there", "公示栏上还没有这一条，系统会再看一次。")
        return receipt

    def _named(self, receipt: Receipt) -> tuple[frozenset[str], bool]:
        """Items on the page of the organ, or of all where the receipt was lost; and whether there is room for no more."""
        organ = receipt.told.get("organ_code", "")
        address = reverse("portal:board_organ", args=[organ]) if organ else reverse("portal:board")
        try:
            page = b"".join(ask(address).pieces).decode()
        except SiteError as wrong:
            raise NotSent("page", str(wrong)) from None
        named = frozenset(_NAMED.findall(page))
        return named, len(named) >= board.MOST
