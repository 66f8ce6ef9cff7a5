"""便民手册: PDFs of chosen items, made anew when one of them changes (`gongkai.channels.handbooks`).

An item is "carried" when the newest edition of every handbook that chose it shows its newest text, and "taken back" when no
newest edition has it. One making serves everything that changed: the verbs only look, the making comes at the end of the
round. Until then nobody can download the former edition, because each download asks whether its texts still stand.
"""

from __future__ import annotations

import logging
import time
from datetime import date
from typing import ClassVar, Final

from django.conf import settings
from django.utils import timezone

from gongkai.channels.actions.editions import due, make
from gongkai.channels.contract import Message, NotSent, PublicItem, Receipt
from gongkai.channels.cover import has_font
from gongkai.channels.handbooks.book import NotPrinted
from gongkai.channels.handbooks.contents import CODE
from gongkai.channels.handbooks.queries import chosen_in, is_awaited, missing_from, stands_in, watched
from gongkai.disclosure.queries.public import public_state_mark
from gongkai.law.verdicts import Allowed, Verdict

#: [I] seconds after which a making that failed is tried again
AGAIN: Final = 300.0
logger = logging.getLogger("gongkai.channels")


class Handbook:
    """Editions in the store of files, handed out by the portal (`/handbooks/`). Making twice is one edition."""

    code = CODE
    title = "便民手册"
    shows_validity = False
    in_place = True
    repeatable = True
    # What catalogues call it; which items stand in one is chosen by people, see `chosen`.
    carriers: tuple[str, ...] = ("便民手册", "服务手册", "指南手册")

    #: What everything was made from, and what could not be made: (handbook, mark) → when. Of this process alone.
    _seen: ClassVar[list[object]] = []
    _failed: ClassVar[dict[tuple[int, str], float]] = {}

    def missing(self) -> list[str]:
        told = [] if settings.SITE["base_url"] else ["没有设置 SITE_BASE_URL。"]
        return told if has_font() else [*told, "本机没有中文字体，请安装 fonts-noto-cjk。"]

    def chosen(self, item_id: int) -> bool:
        """A person put it into a handbook; the catalogue alone does not."""
        return chosen_in(item_id)

    def carries(self, item: PublicItem) -> Verdict:
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        payload = {"index_number": item.index_number, "code": item.code, "state": item.text_state or item.state}
        return Message("", item.title, "", payload)

    def deliver(self, message: Message) -> Receipt:
        told = message.payload
        made = not missing_from(told["code"], told["state"])
        return Receipt(told["index_number"], final=made, told={"code": told["code"]})

    def confirm(self, receipt: Receipt) -> Receipt | None:
        """`receipt.key` ends with what stands for the text that should be there."""
        _, code, state = receipt.key.split(":")
        return None if missing_from(code, state) else receipt

    def recall(self, receipt: Receipt) -> Receipt:
        if stands_in(receipt.index_number or receipt.reference):
            raise NotSent("not_remade", "不含这一条的新版手册正在制作；旧版已经不能下载。")
        return receipt

    def round_ended(self, *, on: date, renewed: bool) -> None:
        """Make what is not as it should be, once for all that changed."""
        key = (on, public_state_mark(), watched())
        if not renewed and self._seen == [key] and not is_awaited():
            return
        left = 0
        for handbook, mark in due(on=on):
            if time.monotonic() - self._failed.get((handbook, mark), -AGAIN) < AGAIN:
                left += 1
                continue
            try:
                make(handbook, at=timezone.now(), on=on)  # noqa: TID251 -- a round of the worker knows the day only
            except NotPrinted:
                logger.exception("handbook %s could not be made and will be tried again", handbook)
                self._failed[handbook, mark] = time.monotonic()
                left += 1
        self._seen[:] = [] if left else [(on, public_state_mark(), watched())]
