"""What is public of an item as a channel may know it, where it should go, and how it stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongkai.channels.contract import Channel, PublicFile, PublicItem
from gongkai.channels.models import Posting, Route
from gongkai.channels.states import AMBIGUOUS, NEEDS_A_PERSON, PERHAPS, RECALL_ALARM, SENDING
from gongkai.disclosure.models import Item, Release, Withdrawal
from gongkai.disclosure.queries.public import item_url, status_of


def public_items(item_ids: Iterable[int], *, on: date) -> dict[int, PublicItem]:
    """What the public page of each item shows; items without a readable page (never released, taken down) are absent."""
    rows = (
        Release.objects.filter(item_id__in=list(item_ids), listed=True)
        .exclude(standing="replaced")
        .select_related("version", "item__entry", "item__column", "item__section", "organ")
    )
    return {row.item_id: _public(row, on) for row in rows}


def _public(release: Release, on: date) -> PublicItem:
    version, item = release.version, release.item
    validity = status_of(release.withdrawn_as, version.effective_from, version.valid_until, on)
    return PublicItem(
        code=item.code,
        index_number=item.index_number or "",
        release_id=release.pk,
        state=state_of(version.digest, validity, release.withdrawn_as, release.pk),
        title=version.title,
        organ=version.issuer or release.organ.name,
        organ_code=release.organ.code,
        summary=version.summary,
        body=version.body,
        text=version.body_text,
        doc_number=version.doc_number,
        heading=release.heading,
        column=release.column_slug,
        theme=release.theme,
        audience=item.entry.audience if item.entry is not None else "",
        formed_on=version.formed_on,
        released_at=release.released_at,
        valid_until=version.valid_until,
        effective_from=version.effective_from,
        validity=validity,
        url=item_url(item.index_number or ""),
        files=tuple(
            PublicFile(f["order"], f["filename"], f["title"], f["kind"], f["size"], f["digest"])
            for f in version.files
            if not f["inline"]
        ),
        text_state=text_state_of(version.digest, release.pk),
        kind=release.column_kind,
        section=item.section.name if item.section is not None else "",
        phone=(item.section.phone if item.section is not None else "") or release.organ.phone,
    )  # fmt: skip


def state_of(version_digest: str, validity: str, withdrawn_as: str, release_id: int) -> str:
    """One digest for all that a channel shows of an item; the same text released anew has another day, so another state."""
    return hashlib.sha256(f"{version_digest}\n{validity}\n{withdrawn_as}\n{release_id}".encode()).hexdigest()


def text_state_of(version_digest: str, release_id: int) -> str:
    """The same for a channel that shows no validity: a day that alone changes the validity changes nothing there."""
    return state_of(version_digest, "", "", release_id)


def state_at(channel: Channel, public: PublicItem) -> str:
    """What stands for the item at this channel."""
    return public.state if channel.shows_validity else public.text_state or public.state


def key_of(channel: str, code: str, state: str) -> str:
    """What a channel is told to recognise a repeat by: the same for every attempt at one state of one item."""
    return f"{channel}:{code}:{state.lstrip(PERHAPS)[:24]}"


def chosen_channels(item: Item) -> tuple[str, ...] | None:
    """Channel codes somebody chose for this item; None where nobody did and the catalogue decides."""
    route = Route.objects.filter(item=item).order_by("-id").first()
    return None if route is None else tuple(route.channels)


def matrix(item_id: int) -> dict[str, Posting]:
    """How the item stands at every channel that knows it."""
    return {posting.channel: posting for posting in Posting.objects.filter(item_id=item_id)}


def to_settle() -> QuerySet[Posting]:
    """待核实: what a person has to look at, longest waiting first."""
    return Posting.objects.filter(state__in=NEEDS_A_PERSON).select_related("item__organ").order_by("wanted_at")


def alarms(*, at: datetime) -> QuerySet[Posting]:
    """Something stands at a channel, or may stand there, that should not: since more than a minute.

    Also what no worker has read of yet: the text was taken down, or there is a newer one, and the posting knows nothing.
    """
    late = at - RECALL_ALARM
    stands = ~Q(carried="") & ~Q(carried=F("wanted"))
    may_stand = Q(state__in=[AMBIGUOUS, SENDING]) & ~Q(handing=F("wanted"))
    taken_down = Withdrawal.objects.filter(release=OuterRef("release_id"), at__lt=late, at__gt=OuterRef("wanted_at"))
    newer = Release.objects.filter(item=OuterRef("item_id"), released_at__lt=late, pk__gt=OuterRef("release_id"))
    unread = ~Q(carried="") & (Exists(taken_down) | Exists(newer))
    found = Posting.objects.filter(Q(stands | may_stand, wanted_at__lt=late) | unread)
    return found.select_related("item__organ").order_by("wanted_at")


@dataclass(frozen=True, slots=True)
class Standing:
    """The release that is public of an item on a day, and what stands for it at the channels."""

    release_id: int
    state: str
    text_state: str
    validity: str

    def at(self, channel: Channel) -> str:
        """As `state_at`."""
        return self.state if channel.shows_validity else self.text_state


def standings(*, on: date, item_ids: Iterable[int] | None = None) -> dict[int, Standing]:
    """Everything with a readable page, or those of the named items; without the texts."""
    rows = Release.objects.filter(listed=True).exclude(standing="replaced")
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    values = rows.values_list(
        "item_id", "pk", "version__digest", "withdrawn_as", "version__effective_from", "version__valid_until"
    )
    found = {}
    for item_id, key, digest, withdrawn_as, effective_from, valid_until in values:
        validity = status_of(withdrawn_as, effective_from, valid_until, on)
        state = state_of(digest, validity, withdrawn_as, key)
        found[item_id] = Standing(key, state, text_state_of(digest, key), validity)
    return found


def public_states(*, on: date) -> dict[int, tuple[int, str]]:
    """Item → (release, state) of everything with a readable page, without the texts."""
    return {item_id: (row.release_id, row.state) for item_id, row in standings(on=on).items()}


def counted(organs: Collection[int] | None = None) -> dict[tuple[str, str], int]:
    """How many postings stand in each state: (channel, state) → number; of these organs alone, or of all."""
    found = Posting.objects.all() if organs is None else Posting.objects.filter(item__organ_id__in=organs)
    rows = found.values_list("channel", "state").annotate(n=Count("pk")).order_by()
    return {(channel, state): n for channel, state, n in rows}
