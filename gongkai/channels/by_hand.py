"""What people carry themselves, in the same matrix: what should be there, what was written down, what is out of date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.channels.adapters import channels_in_use
from gongkai.channels.models import HandRecord
from gongkai.channels.queries import Standing, standings
from gongkai.channels.routing import ENDED
from gongkai.channels.states import DELIVER
from gongkai.disclosure.models import Item

#: The site itself, in the words of catalogues.
SITE = ("政府网站", "门户网站", "政府门户网站", "网站")

NOT_YET, CARRIED, OUTDATED, TO_RECALL, TAKEN_BACK = "not_yet", "carried", "outdated", "to_recall", "taken_back"
STANDINGS: Mapping[str, str] = {
    NOT_YET: "尚未登记",
    CARRIED: "已登记发布",
    OUTDATED: "登记的是旧文本",
    TO_RECALL: "已撤下，待人工撤回",
    TAKEN_BACK: "已登记撤回",
}


@dataclass(frozen=True, slots=True)
class HandRow:
    """An item at one place that people serve. `record` is the newest one that holds; `history` has all, oldest first."""

    carrier: str
    standing: str
    record: HandRecord | None
    history: tuple[HandRecord, ...]

    @property
    def is_settled(self) -> bool:
        """Is there what should be there, as far as anybody wrote it down?"""
        return self.standing in (CARRIED, TAKEN_BACK)


def carried_by_hand(item: Item) -> tuple[str, ...]:
    """Places of the item's catalogue entry that no channel in use serves, in the entry's order."""
    named = item.entry.channels if item.entry is not None else ()
    served = [carrier for channel in channels_in_use() for carrier in channel.carriers]
    return tuple(
        dict.fromkeys(
            name for name in named if name.strip() not in SITE and not any(carrier in name for carrier in served)
        )
    )


def hand_matrix(item_id: int, *, on: date) -> list[HandRow]:
    """Every place of one item that people serve or have served: catalogue first, then what was written down besides."""
    item = Item.objects.select_related("entry").get(pk=item_id)
    held = _held(HandRecord.objects.filter(item=item).select_related("scan", "by", "corrected_by"))
    wanted = _release(standings(on=on, item_ids=[item_id]).get(item_id))
    names = [name for name in carried_by_hand(item) if wanted is not None or (item_id, name) in held]
    places = dict.fromkeys([*names, *(carrier for _, carrier in held)])
    return [_row(carrier, held.get((item_id, carrier), ()), wanted) for carrier in places]


def hand_alarms(organs: Collection[int] | None = None, *, on: date) -> list[HandRecord]:
    """Carried by hand and still to be taken back, or with an older text: stays until somebody writes down a recall.

    `organs` None for all.
    """
    rows = HandRecord.objects.select_related("item__organ", "corrected_by")
    held = _held(rows if organs is None else rows.filter(item__organ_id__in=organs))
    public = standings(on=on, item_ids={item_id for item_id, _ in held})
    rows = (_row(carrier, records, _release(public.get(item_id))) for (item_id, carrier), records in held.items())
    return [row.record for row in rows if row.record is not None and row.standing in (TO_RECALL, OUTDATED)]


def _release(public: Standing | None) -> int | None:
    """The release that should be at every place by hand; None for nothing."""
    return public.release_id if public is not None and public.validity not in ENDED else None


def _held(records: Iterable[HandRecord]) -> dict[tuple[int, str], tuple[HandRecord, ...]]:
    found: dict[tuple[int, str], list[HandRecord]] = defaultdict(list)
    for row in records:
        found[row.item_id, row.carrier].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _row(carrier: str, history: tuple[HandRecord, ...], wanted: int | None) -> HandRow:
    holding = [row for row in history if not hasattr(row, "corrected_by")]
    newest = max(holding, key=lambda row: (row.on, row.pk), default=None)
    return HandRow(carrier, _standing(newest, wanted), newest, history)


def _standing(newest: HandRecord | None, wanted: int | None) -> str:
    """`wanted`: the release that should be there; None for nothing."""
    if newest is None:
        return NOT_YET
    if newest.verb != DELIVER:
        return TAKEN_BACK if wanted is None else NOT_YET
    if wanted is None:
        return TO_RECALL
    return CARRIED if newest.release_id == wanted else OUTDATED
