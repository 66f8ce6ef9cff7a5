"""Write down what people carried themselves: the gazette, a press conference, radio, a visit at home, a post by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.channels.models import HandRecord
from gongkai.channels.states import DELIVER, RECALL, VERBS
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.models import Item, Release
from gongkai.files.actions.store import store
from gongkai.files.models import Blob
from gongkai.files.sniff import sniff
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

MAY_RECORD = ("drafter", "compliance_reviewer")
SCANS = frozenset({"pdf", "ofd", "png", "jpeg"})


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture or a document that shows what was carried."""

    filename: str
    data: bytes


def record_by_hand(
    item_id: int, carrier: str, verb: str, *, on: date, words: str, actor: Actor, at: datetime, link: str = "",
    scan: Scan | None = None, corrects: int | None = None,
) -> HandRecord:  # fmt: skip
    """One row that stays: carried (`deliver`) or taken back (`recall`), where and when, with a link or a scan.

    A mistake is put right by a new row that names the wrong one. `Unreadable` for a scan that is none.
    """
    if verb not in (DELIVER, RECALL):
        raise ValueError(f"not carried by hand: {verb}")
    carrier, words, link = carrier.strip(), words.strip(), link.strip()
    _complete(carrier, words, link, scan)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, MAY_RECORD, "登记人工发布")
        made = HandRecord.objects.create(
            item=item, release=_release_of(item, on, timezone.localtime(at).date()), carrier=carrier, verb=verb, on=on,
            words=words, link=link,
            scan=stored_scan(scan, at), corrects=_wrong(item, carrier, corrects), by_id=actor.person_id, at=at,
        )  # fmt: skip
        record(
            "channel.by_hand", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            data={"carrier": carrier, "verb": VERBS[verb], "on": on.isoformat(), "corrects": corrects},
        )  # fmt: skip
        return made


def _complete(carrier: str, words: str, link: str, scan: Scan | None) -> None:
    if not carrier or len(carrier) > 40:
        raise Refusal(Refused("carrier_missing", "请写明渠道，不超过 40 个字，例如“政府公报”。"))
    if not words or len(words) > 300:
        raise Refusal(
            Refused("words_missing", "请写明在哪里、怎么发布的，不超过 300 个字，例如“2026 年第 9 期第 3 页”。")
        )
    if not link and scan is None:
        raise Refusal(Refused("no_proof", "请填写链接，或者上传扫描件、照片。"))
    if link and (urlsplit(link).scheme not in ("http", "https") or not urlsplit(link).hostname or len(link) > 500):
        raise Refusal(
            Refused("link_incomplete", "链接应当以 http:// 或者 https:// 开头，请从浏览器地址栏复制完整网址。")
        )


def _release_of(item: Item, on: date, today: date) -> Release:
    """The text that was public on that day."""
    releases = list(Release.objects.filter(item=item).order_by("id"))
    if not releases:
        raise Refusal(Refused("never_released", "这条信息还没有发布，不能登记。"))
    if on > today:
        raise Refusal(Refused("in_the_future", "日期在今天以后，请在办完以后登记。"))
    days = [timezone.localtime(release.released_at).date() for release in releases]
    if on < days[0]:
        raise Refusal(Refused("before_release", f"日期早于本站发布日（{days[0]}），请核对。"))
    return max(
        (release for release, day in zip(releases, days, strict=True) if day <= on), key=lambda release: release.pk
    )


def stored_scan(scan: Scan | None, at: datetime) -> Blob | None:
    """Keep a picture or a document; refused for any other kind of file."""
    if scan is None:
        return None
    kind = sniff(scan.data, scan.filename)
    if kind.name not in SCANS:
        raise Refusal(Refused("not_a_scan", "扫描件请用 PDF、OFD、JPG 或者 PNG 格式。"))
    return store(scan.data, media_type=kind.media_type, at=at)


def _wrong(item: Item, carrier: str, corrects: int | None) -> HandRecord | None:
    if corrects is None:
        return None
    wrong = HandRecord.objects.filter(pk=corrects, item=item, carrier=carrier).first()
    if wrong is None:
        raise Refusal(Refused("not_of_this_place", "要更正的登记不是这条信息在这个渠道上的，请刷新页面后重新选择。"))
    if HandRecord.objects.filter(corrects=wrong).exists():
        raise Refusal(Refused("corrected_already", "这条登记已经更正过，请更正最新的一条。"))
    return wrong
