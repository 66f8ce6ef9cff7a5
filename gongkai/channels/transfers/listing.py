"""What a receiver has not been given yet, and what it was given that has been taken back since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.utils import timezone

from gongkai.agencies.queries import subtree
from gongkai.channels.models import Receiver, Transfer, TransferLine
from gongkai.channels.models.transfers import RELEASED, TAKEN_BACK
from gongkai.disclosure.models import Release
from gongkai.law.moves import withdrawal_reason

#: [I] days after which a receiver that was given nothing comes to mind (条例25 says 及时)
REMIND_DAYS: Final = 90
#: [I] lines of one list; a longer one is split by its last day
MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is frozen."""

    kind: str
    release: Release
    title: str
    extent: str
    note: str


def lines(receiver: Receiver, *, until: date, most: int = MOST) -> list[Line]:
    """Released until that day (inside) and not handed over yet; then what was handed over and is no longer so.

    What was handed over counts by the lists themselves, not by days: nothing falls between two lists. At most `most` + 1.
    """
    handed = TransferLine.objects.filter(transfer__receiver=receiver, transfer__handed_over_on__isnull=False)
    return (_taken_back(handed, until) + _released(receiver, handed, until, most))[: most + 1]


def _released(receiver: Receiver, handed: QuerySet[TransferLine], until: date, most: int) -> list[Line]:
    organs = subtree(receiver.organ) if receiver.with_below else [receiver.organ_id]
    # `listed` is named as a column, so that the index of lists can be walked.
    rows = Release.objects.filter(organ__in=organs, standing="live", released_at__date__lte=until)
    if receiver.starts_on is not None:
        rows = rows.filter(released_at__date__gte=receiver.starts_on)
    rows = rows.filter(~Exists(handed.filter(kind=RELEASED, release=OuterRef("pk"))))
    former = handed.filter(kind=RELEASED, item=OuterRef("item")).order_by("-id")
    rows = rows.annotate(former=former.values("transfer__number")[:1], former_line=former.values("order")[:1])
    found = rows.select_related("version", "item").order_by("released_at", "pk")[: most + 1]
    return [Line(RELEASED, release, release.version.title, _extent(release), _replaces(release)) for release in found]


def _replaces(release: Any) -> str:
    if release.former is None:
        return ""
    return f"代替第 {release.former} 号清单第 {release.former_line} 行的文本"


def _extent(release: Release) -> str:
    files = [file for file in release.version.files if not file["inline"]]
    return f"网页文本，附件 {len(files)} 件" if files else "网页文本"


def _taken_back(handed: QuerySet[TransferLine], until: date) -> list[Line]:
    """Given once, in front now and withdrawn, and not told yet. A text nobody may read any more is named by its line alone."""
    newest = handed.filter(item=OuterRef("item")).order_by("-id").values("pk")[:1]
    given = handed.filter(kind=RELEASED, pk=newest)
    fronts = {
        release.item_id: release
        for release in Release.objects.filter(
            item__in=given.values("item"), standing="withdrawn", withdrawal__at__date__lte=until
        ).select_related("version", "item", "withdrawal__replaced_by")
    }
    found = []
    for line in given.filter(item__in=fronts).select_related("transfer").order_by("transfer", "order"):
        release = fronts[line.item_id]
        reason = withdrawal_reason(release.withdrawn_as)
        where = f"第 {line.transfer.number} 号清单第 {line.order} 行"
        title = release.version.title if reason.readable else f"（{where}）"
        ended = release.withdrawal
        told = f"{where}，{ended.effective_on.isoformat()} {reason.title}"
        told += f"，现行文本索引号 {ended.replaced_by.index_number}" if ended.replaced_by else ""
        told += "" if reason.readable else "，请撤出查阅"
        found.append(Line(TAKEN_BACK, release, title, "—", told))
    return found


def digest_of(rows: Iterable[TransferLine], *, receiver: str, number: int) -> str:
    """Covers every word and date of a list."""
    told = [
        [row.order, row.kind, row.index_number, row.title, row.doc_number, str(row.formed_on or ""), str(row.released_on),
         row.extent, row.note]
        for row in rows
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([receiver, number, told], ensure_ascii=False).encode()).hexdigest()


def lines_of(transfer: Transfer) -> list[TransferLine]:
    return list(TransferLine.objects.filter(transfer=transfer).order_by("order"))


# ---- receivers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """A receiver: when it was last given something, the list that waits for its handing over, whether it is time."""

    receiver: Receiver
    last_on: date | None
    waiting: Transfer | None
    days: int  # since the last handing over, or since it was entered
    is_late: bool


def receivers(organs: Collection[int] | None, *, on: date) -> list[Standing]:
    """Receivers of these organs (None for all), those that wait longest first."""
    rows = Receiver.objects.filter(active=True).select_related("organ")
    if organs is not None:
        rows = rows.filter(organ__in=organs)
    rows = rows.annotate(last_on=Max("transfers__handed_over_on"))
    open_lists = Transfer.objects.filter(given_up_at__isnull=True, handed_over_on__isnull=True)
    waiting = {row.receiver_id: row for row in open_lists.filter(receiver__in=rows.values("pk"))}
    found = []
    for row in rows.order_by(F("last_on").asc(nulls_first=True), "pk"):
        since = row.last_on or timezone.localtime(row.added_at).date()
        days = (on - since).days
        found.append(Standing(row, row.last_on, waiting.get(row.pk), days, on - since > timedelta(days=REMIND_DAYS)))
    return found


def late_receivers(organs: Collection[int] | None, *, on: date) -> list[Standing]:
    """Nothing handed over for more than `REMIND_DAYS`: the reminder."""
    return [row for row in receivers(organs, on=on) if row.is_late]
