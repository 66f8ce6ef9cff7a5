"""What a channel is: five verbs, and how each may end. A new channel is one module with these and one line in the list.

carries(item)    does this kind of item belong here, and can it go? (pure)
render(item)     what would be sent, whole (pure)
deliver(message) hand it over; a repeat with the same key must be harmless or end in `Unclear`
recall(receipt)  take it back; always harmless to repeat, so a recall that nobody knows the end of is simply repeated
confirm(receipt) what became of it, for channels that answer later
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from gongkai.law.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class PublicFile:
    """An attachment as it is public: its copy."""

    order: int
    filename: str
    title: str
    kind: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class PublicItem:
    """Everything a channel may know of an item: only what its public page shows.

    `state` stands for all of it: it changes with the version, with its validity and with a withdrawal. `text_state`
    changes with the version alone: what a channel that does not show validity holds (`queries.state_at`).
    """

    code: str
    index_number: str
    release_id: int
    state: str
    title: str
    organ: str
    organ_code: str
    summary: str
    body: str
    text: str
    doc_number: str
    heading: str
    column: str
    theme: str
    audience: str
    formed_on: date | None
    released_at: datetime
    valid_until: date | None
    validity: str
    url: str
    files: tuple[PublicFile, ...] = ()
    text_state: str = ""
    effective_from: date | None = None
    kind: str = ""  # of its column
    section: str = ""  # who answers questions about it, as the page names them now
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out. `key` is the same at every attempt for the same state of the same item."""

    key: str
    title: str
    body: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel gave back. `final` is false where it decides later; `reference` finds the post again.

    For `recall` and `confirm`, `key` and `index_number` say which post it is about even where no reference came back.
    """

    reference: str
    final: bool = True
    told: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    index_number: str = ""


class ChannelError(Exception):
    """`sentence` says in Chinese what is wrong and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class NotSent(ChannelError):
    """It certainly did not go out: tried again by itself."""


class Rejected(ChannelError):
    """It certainly did not go out and will not as it is: a person has to change something."""


class Unclear(ChannelError):
    """It may have gone out: never tried again by itself, a person settles it."""


class Gone(ChannelError):
    """The post is not there any more; for a recall that is as good as done."""


class Channel(Protocol):
    """One way to the public.

    shows_validity: it shows changed validity itself (a banner), so a repealed document stays there
    in_place:       a new state overwrites the old one; elsewhere the old post is taken back first
    repeatable:     handing over twice is one post, so that an attempt nobody knows the end of may simply be repeated
    """

    code: str
    title: str
    shows_validity: bool
    in_place: bool
    repeatable: bool
    #: names of the catalogue's 公开渠道和载体 that mean this channel
    carriers: tuple[str, ...]

    def missing(self) -> list[str]: ...

    def carries(self, item: PublicItem) -> Verdict: ...

    def render(self, item: PublicItem) -> Message: ...

    def deliver(self, message: Message) -> Receipt: ...

    def recall(self, receipt: Receipt) -> Receipt: ...

    def confirm(self, receipt: Receipt) -> Receipt | None: ...


@runtime_checkable
class Findable(Protocol):
    """A channel that can be asked whether a post is there: what is unclear may then settle by itself."""

    def find(self, message: Message) -> Receipt | None: ...


@runtime_checkable
class InRounds(Protocol):
    """A channel with something to do after each round of the worker: lists that follow the items of the round."""

    def round_ended(self, *, on: date, renewed: bool) -> None:
        """`renewed`: an organ, a section, a column or the catalogue changed, on which any page may rest."""


@runtime_checkable
class ByChoice(Protocol):
    """A channel whose items people choose one by one; neither the catalogue nor the choice for an item counts there."""

    def chosen(self, item_id: int) -> bool: ...
