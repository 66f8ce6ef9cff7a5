"""The public portal as files (`gongkai.channels.site`). A target in the environment (`STATIC_SITE_DIR`) turns it on.

Handing over and taking back are one thing: the files of the item are made what the portal answers now, whole and one by one.
A recall is done when no list, feed or count names the item any more; after a delivery those follow with the round. Where an
object store follows the folder (`STATIC_SITE_BUCKET`), done means done there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings

from gongkai.channels.contract import Message, NotSent, PublicItem, Receipt
from gongkai.channels.site import bucket, keep, mirror
from gongkai.channels.site.addresses import may_stand
from gongkai.channels.site.manifest import part_of
from gongkai.channels.site.tree import Busy, Place, SiteError, configured
from gongkai.law.verdicts import Verdict

#: How long one step may be busy with the object store. Below `states.TIMEOUT_SECONDS`.
SEND_SECONDS = 8.0


class StaticSite:
    """Files in a folder that nginx serves. Writing twice is the same files."""

    code = "static_site"
    title = "静态站点"
    shows_validity = True
    in_place = True
    repeatable = True
    carriers: tuple[str, ...] = ()  # carries everything, see routing.EVERYTHING

    def missing(self) -> list[str]:
        told = {"STATIC_SITE_DIR": settings.STATIC_SITE_DIR, "SITE_BASE_URL": settings.SITE["base_url"]}
        if not told["STATIC_SITE_DIR"]:
            return ["没有设置 STATIC_SITE_DIR。"]
        return [f"没有设置 {name}。" for name, value in told.items() if not value] + bucket.missing()

    def carries(self, item: PublicItem) -> Verdict:
        return may_stand(item.index_number)

    def render(self, item: PublicItem) -> Message:
        return Message("", item.title, "", {"index_number": item.index_number})

    def deliver(self, message: Message) -> Receipt:
        number = message.payload["index_number"]
        self._keep(number, lists_too=False)
        return Receipt(number)

    def recall(self, receipt: Receipt) -> Receipt:
        self._keep(receipt.index_number or receipt.reference, lists_too=True)
        return receipt

    def confirm(self, receipt: Receipt) -> Receipt | None:
        """What is asked about is made so: the files are compared with the portal's answer and put right."""
        self._keep(receipt.index_number or receipt.reference, lists_too=False)
        return receipt

    def round_ended(self, *, on: date, renewed: bool) -> None:
        """The lists of what changed, and what a new day or a changed organ asks for."""
        with _told():
            keep.round_ended(configured(), on=on, renewed=renewed)
            self._send(configured(), None)

    def _keep(self, index_number: str, *, lists_too: bool) -> None:
        with _told():
            if not keep.one(Place(Path(settings.STATIC_SITE_DIR)), index_number, lists_too=lists_too):
                raise NotSent("no_site", "静态站点还没有建立，请管理员运行 gongkai site build。")
            if not self._send(configured(), None if lists_too else part_of(index_number)):
                raise NotSent("store_behind", "对象存储还没有跟上，系统会接着传送。")

    def _send(self, place: Place, part: str | None) -> bool:
        """The store made what the folder is: everything, or what the part of one item holds. True when it is."""
        if (store := bucket.configured()) is None:
            return True
        return mirror.follow(place, store, parts=None if part is None else [part], seconds=SEND_SECONDS).complete


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Busy as busy:
        raise NotSent("busy", str(busy)) from None
    except SiteError as wrong:
        raise NotSent("site", str(wrong)) from None
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise NotSent("disk", f"静态站点写不进去（{said}），请管理员检查磁盘；系统会自动重试。") from None
