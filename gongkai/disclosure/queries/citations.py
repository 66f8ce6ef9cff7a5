"""Who cites whom among what is released: what a text names, who names it, and what names something that has ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from gongkai.chinese.cited import about_ending, is_number_of
from gongkai.disclosure.models import Citation, Item, Release, VersionLink
from gongkai.disclosure.queries.public import item_url, status_of

#: Validity tags of what is no longer to be relied on.
ENDED = {"amended": "已修改", "abolished": "已废止", "expired": "已失效"}


@dataclass(frozen=True, slots=True)
class Named:
    """An item as texts may name it: keys of chinese/cited.py."""

    item_id: int
    number: str
    tail: str
    title: str
    organ_id: int


def match(row: Citation, known: Iterable[Named]) -> int | None:
    """The item a citation means, by number first, then by title; None where there is none, or no telling which.

    A number that is given and is another's rules a title out. Among several the citing organ's own one is meant.
    """
    own = row.version.item
    candidates = [n for n in known if n.item_id != own.pk]
    if row.number:
        found = [n for n in candidates if n.number and n.tail == row.tail and is_number_of(row.number, n.number)]
        if found:
            longest = max(len(n.number) for n in found)
            return _one([n for n in found if len(n.number) == longest], own.organ_id)
    if not row.title:
        return None
    found = [n for n in candidates if n.title == row.title and not (row.number and n.number)]
    return _one(found, own.organ_id)


def _one(found: Sequence[Named], organ_id: int) -> int | None:
    if len(found) > 1:
        found = [n for n in found if n.organ_id == organ_id]
    return found[0].item_id if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class State:
    """An item as it stands before the public. `ended`: 已修改, 已废止, 已失效 or "". The successor where one was named."""

    code: str
    index_number: str
    title: str
    doc_number: str
    live: bool
    readable: bool
    status: str
    successor: str = ""
    successor_number: str = ""

    @property
    def url(self) -> str:
        return item_url(self.index_number)

    @property
    def ended(self) -> str:
        return ENDED.get(self.status, "")


def states(item_ids: Iterable[int], *, on: date) -> dict[int, State]:
    """The release in front of each of these items, by item; two queries at most."""
    rows = Release.objects.filter(item__in=list(item_ids), standing__in=["live", "withdrawn"]).annotate(
        follower=F("withdrawal__replaced_by"), number=F("withdrawal__replaced_by__index_number")
    )
    values = list(
        rows.values(
            "item_id", "item__code", "item__index_number", "version__title", "version__doc_number", "standing",
            "listed", "withdrawn_as", "version__effective_from", "version__valid_until", "follower", "number",
        )
    )  # fmt: skip
    followers = {v["follower"] for v in values if v["follower"]}
    titles = dict(Release.objects.filter(item__in=followers, listed=True).values_list("item_id", "version__title"))
    return {
        v["item_id"]: State(
            v["item__code"], v["item__index_number"] or "", v["version__title"], v["version__doc_number"],
            v["standing"] == "live", v["listed"],
            status_of(v["withdrawn_as"], v["version__effective_from"], v["version__valid_until"], on),
            titles.get(v["follower"], ""), (v["number"] or "") if v["follower"] in titles else "",
        )
        for v in values
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cites:
    """One document a text names; `to` is None for what is no document of this house."""

    citation: Citation
    to: State | None

    @property
    def name(self) -> str:
        return f"《{self.citation.written}》" if self.citation.written else self.citation.number


def cites_of(item: Item, *, on: date) -> list[Cites]:
    """What the released text of an item names, in its order."""
    rows = list(Citation.objects.filter(version__release__item=item, version__release__standing="live"))
    known = states({r.target_id for r in rows if r.target_id}, on=on)
    return [Cites(row, known.get(row.target_id or 0)) for row in rows]


@dataclass(frozen=True, slots=True)
class Effect:
    """A live item that a change of another touches. how: cites | interprets."""

    how: str
    item_id: int
    code: str
    index_number: str
    title: str
    organ: str
    excerpt: str = ""

    @property
    def url(self) -> str:
        return item_url(self.index_number)


def effects_of(item: Item, *, most: int = 200) -> list[Effect]:
    """The live items that interpret this one, then those that cite it (but not as ended), newest first."""
    made = [
        Effect("interprets", r.item_id, r.item.code, r.item.index_number or "", r.version.title, r.organ.label)
        for r in _interpreting(item.index_number)[:most]
    ]
    seen = {effect.item_id for effect in made}
    for row in _live_citations().filter(target=item, ends=False).order_by("-version__release__pk", "order")[:most]:
        if row.version.item_id not in seen:
            seen.add(row.version.item_id)
            own = row.version.item
            made.append(
                Effect(
                    "cites", own.pk, own.code, own.index_number or "", row.version.title, own.organ.label, row.excerpt
                )
            )
    return made


@dataclass(frozen=True, slots=True)
class Outdated:
    """A live item that relies on something changed. kind: cites_ended | interprets_ended | interprets_older."""

    kind: str
    item_id: int
    code: str
    title: str
    organ_id: int
    key: str  # code of the document that changed
    changed: State
    excerpt: str = ""

    @property
    def sentence(self) -> str:
        named = f"《{self.changed.title}》" + (f"（{self.changed.doc_number}）" if self.changed.doc_number else "")
        match self.kind:
            case "cites_ended":
                told = f"引用的{named}{self.changed.ended}"
            case "interprets_ended":
                told = f"解读的{named}{self.changed.ended}"
            case "interprets_older":
                return f"解读的{named}在解读发布以后又发布了新的文本，请核对解读是否仍然一致。"
            case other:
                raise ValueError(f"unknown kind {other}")
        if self.changed.successor:
            return f"{told}，现行的是《{self.changed.successor}》（索引号 {self.changed.successor_number}），请修订。"
        return f"{told}，请修订文字，或者说明不再适用。"


def cites_ended(on: date) -> list[Outdated]:
    """Live items that cite a document of this house which is amended, abolished or expired.

    Left out: where the text itself says that the document has ended, and texts that are about which documents ended.
    """
    rows = _live_citations().filter(target__isnull=False, ends=False)
    gone = Q(target__releases__standing="withdrawn", target__releases__withdrawn_as__in=["superseded", "abolished", "expired"])  # fmt: skip
    over = Q(target__releases__standing="live", target__releases__version__valid_until__lt=on)
    rows = rows.filter(gone | over, version__item__result_of__isnull=True).distinct().order_by("version_id", "order")
    found = [row for row in rows if not about_ending(row.version.title)]
    known = states({row.target_id for row in found if row.target_id}, on=on)
    made: dict[tuple[int, int], Outdated] = {}
    for row in found:
        state = known.get(row.target_id or 0)
        own = row.version.item
        if state is not None and state.ended and (own.pk, row.target_id or 0) not in made:
            made[own.pk, row.target_id or 0] = Outdated(
                "cites_ended", own.pk, own.code, row.version.title, own.organ_id, state.code, state, row.excerpt
            )
    return list(made.values())


def interpretations_outdated(on: date) -> list[Outdated]:
    """Live interpretations whose document has ended, or has a newer text than the one they were made for."""
    links = VersionLink.objects.filter(version__release__standing="live").select_related("version__item")
    links = links.annotate(released=F("version__release__released_at")).order_by("version_id", "pk")
    rows = list(links)
    numbers = {row.target for row in rows}
    targets = {
        number: (item_id, released, version_number)
        for number, item_id, released, version_number in Release.objects.filter(
            item__index_number__in=numbers, standing__in=["live", "withdrawn"]
        ).values_list("item__index_number", "item_id", "released_at", "version__number")
    }
    known = states({item_id for item_id, _, _ in targets.values()}, on=on)
    made = []
    for row in rows:
        if row.target not in targets:
            continue
        item_id, released, number = targets[row.target]
        state = known[item_id]
        newer = state.live and number > 1 and released > row.released
        if not state.ended and not newer:
            continue
        kind = "interprets_ended" if state.ended else "interprets_older"
        own = row.version.item
        made.append(Outdated(kind, own.pk, own.code, row.version.title, own.organ_id, state.code, state))
    return made


def _live_citations() -> QuerySet[Citation]:
    rows = Citation.objects.filter(version__release__standing="live")
    return rows.select_related("version__item__organ").defer("version__body", "version__body_text")


def _interpreting(index_number: str | None) -> QuerySet[Release]:
    links = VersionLink.objects.filter(target=index_number or "").values("version_id")
    rows = Release.objects.filter(version__in=links, standing="live").select_related("item", "version", "organ")
    return rows.order_by("-pk")
