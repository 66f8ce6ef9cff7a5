"""One item at every channel and at every place that people serve: where it stands, since when, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.channels.actions.settle import ROLES
from gongkai.channels.adapters import CHANNELS
from gongkai.channels.by_hand import (
    CARRIED,
    NOT_YET,
    OUTDATED,
    STANDINGS,
    TAKEN_BACK,
    TO_RECALL,
    HandRow,
    carried_by_hand,
    hand_matrix,
)
from gongkai.channels.contract import ByChoice, Channel, PublicItem
from gongkai.channels.models import Posting
from gongkai.channels.queries import alarms, chosen_channels, matrix, public_items, state_at, state_of, text_state_of
from gongkai.channels.routing import ENDED, EVERYTHING, goes_to, is_for
from gongkai.channels.states import AMBIGUOUS, PERHAPS, RECALL, REJECTED, SENDING, SENT, STATES
from gongkai.desk.who import Me
from gongkai.disclosure.actions.withdraw import MAY_WITHDRAW
from gongkai.disclosure.models import Item, Release, Withdrawal
from gongkai.disclosure.queries.public import item_url
from gongkai.law import moves
from gongkai.law.roles import role
from gongkai.web.templatetags.wording import VALIDITY

#: How a place stands, by its mark: a tag's class and the drawing in it (templates/desk/channels/_mark.html).
MARKS = {
    "there": "tag--valid",
    "moving": "tag--amended",
    "unclear": "tag--amended",
    "refused": "tag--amended",
    "gone": "tag--ended",
    "off": "tag--answered",
    "late": "tag--blocked",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the matrix. `settled`: there is what should be there. `ever`: something of the item was there once."""

    code: str
    title: str
    mark: str
    word: str
    todo: str = ""
    since: datetime | date | None = None
    version: str = ""
    link: str = ""
    settled: bool = True
    ever: bool = False
    answers: tuple[str, ...] = ()  # there | not_there | retry | take_back
    sent: str = ""
    record: Any = None
    history: Sequence[Any] = ()
    packages: tuple[tuple[str, str], ...] = ()
    by_hand: bool = False

    @property
    def css(self) -> str:
        return MARKS[self.mark]


def places(item: Item, *, at: datetime, on: date) -> list[Place]:
    """Every channel in use, every other one that knows the item, and every place that people serve."""
    public = public_items([item.pk], on=on).get(item.pk)
    chosen = chosen_channels(item)
    known = matrix(item.pk)
    late = set(alarms(at=at).filter(item=item).values_list("channel", flat=True))
    versions = _versions(item)
    made = []
    for channel in CHANNELS:
        posting = known.get(channel.code)
        if posting is None and channel.missing():
            continue
        row = _at_channel(channel, item, posting, public, chosen)
        if posting is not None:
            row = replace(
                row,
                version=versions.get(posting.carried.lstrip(PERHAPS), ""),
                sent=versions.get(row.sent, ""),
                link=link_of(posting, item),
                ever=bool(posting.carried) or posting.tries.exists(),
            )
        if channel.code in late:
            row = _overdue(row)
        made.append(row)
    return made + [_by_hand(row, public) for row in hand_matrix(item.pk, on=on)]


def _overdue(row: Place) -> Place:
    """What should not stand there stands for more than a minute; a question to a person stays the question it is."""
    todo = row.todo or _("渠道上仍是旧的内容，系统正在反复办理。一直没有办成的，请到渠道后台手工删除，并请管理员查看。")
    word = row.word if row.mark in ("unclear", "refused") else _("还没有撤回或者更新")
    return replace(row, mark="late", word=word, settled=False, todo=todo)


def _at_channel(
    channel: Channel, item: Item, posting: Posting | None, public: PublicItem | None, chosen: tuple[str, ...] | None
) -> Place:
    belongs = public is not None and goes_to(channel, item, public, chosen)
    should = state_at(channel, public) if public is not None and belongs else ""
    place = Place(channel.code, channel.title, "off", "")
    if posting is None:
        return _unknown(place, item, channel, chosen, belongs=belongs, public=public is not None)
    if posting.state in (AMBIGUOUS, REJECTED):
        return _for_a_person(place, posting, should)
    if posting.is_settled and posting.wanted == should:
        return _settled(place, posting, public, channel)
    back = bool(posting.carried) and should == ""
    word = STATES[posting.state]
    if back:
        word = _("正在撤回")
    elif posting.carried and posting.carried != should:
        word = _("正在更新")
    elif posting.is_settled:
        word = _("等待发送")  # the fact that asks for it has not been read yet
    todo = posting.sentence
    since = posting.wanted_at
    if back and posting.wanted != "" and (taken := Withdrawal.objects.filter(release=posting.release_id).first()):
        since, todo = taken.at, todo or _("已撤下，等待后台程序从这里撤回。")
    answers = ("take_back",) if should and _alone(channel) else ()
    return replace(
        place, mark="moving", word=word, todo=todo, since=since, settled=False, answers=answers,
        sent=posting.handing if posting.state in (SENDING, SENT) else "",
    )  # fmt: skip


def _unknown(
    place: Place, item: Item, channel: Channel, chosen: tuple[str, ...] | None, *, belongs: bool, public: bool
) -> Place:
    if belongs:
        return replace(place, mark="moving", word=_("等待发送"), settled=False)
    goes = is_for(channel, item, chosen)
    if goes and not public and item.public in (moves.HIDDEN, moves.WITHHELD):
        return replace(place, word=_("发布以后发送"))
    if goes and not public:
        return replace(place, word=_("没有发送过"))
    return replace(place, word=_("没有选这个渠道"))


def _for_a_person(place: Place, posting: Posting, should: str) -> Place:
    there = bool(posting.carried) and not posting.carried.startswith(PERHAPS)
    if posting.state == AMBIGUOUS:
        return replace(
            place, mark="unclear", word=STATES[AMBIGUOUS], todo=posting.sentence, since=posting.settled_at, settled=False,
            answers=("there", "not_there"), sent=posting.handing,
        )  # fmt: skip
    word = _("没有撤回成功") if posting.verb == RECALL or (there and not should) else STATES[REJECTED]
    return replace(
        place, mark="refused", word=word, todo=posting.sentence, since=posting.settled_at, settled=False,
        answers=("retry", "not_there"), sent=posting.handing,
    )  # fmt: skip


def _settled(place: Place, posting: Posting, public: PublicItem | None, channel: Channel) -> Place:
    since = posting.settled_at or posting.wanted_at
    if posting.carried:
        word = STATES["confirmed"]
        if public is not None and public.validity in ENDED:
            word = _("已发布，标明%(validity)s") % {"validity": _(VALIDITY[public.validity][0])}
        return replace(place, mark="there", word=word, since=since, answers=("take_back",) if _alone(channel) else ())
    if posting.tries.exists():
        return replace(place, mark="gone", word=STATES["recalled"], since=since)
    return replace(place, word=_("没有发送"), since=since)


def _alone(channel: Channel) -> bool:
    """Can an item be taken back from here alone? Not where everything is, nor where people choose one by one."""
    return channel.code not in EVERYTHING and not isinstance(channel, ByChoice)


_HAND_MARKS = {NOT_YET: "moving", CARRIED: "there", OUTDATED: "late", TO_RECALL: "late", TAKEN_BACK: "gone"}


def _by_hand(row: HandRow, public: PublicItem | None) -> Place:
    todo = {
        NOT_YET: _("发布以后登记，写明在哪里、怎么发布的。"),
        OUTDATED: _("请换成新的文本，再登记；不能换的，登记撤回。"),
        TO_RECALL: _("请到发布的地方撤回、取下或者刊登更正，再登记撤回。"),
    }.get(row.standing, "")
    return Place(
        row.carrier, row.carrier, _HAND_MARKS[row.standing], STANDINGS[row.standing], todo,
        since=row.record.on if row.record is not None else None,
        version=_("第 %(n)d 版") % {"n": row.record.release.version.number} if row.record is not None else "",
        link=row.record.link if row.record is not None else "",
        settled=row.is_settled, ever=bool(row.history), record=row.record, history=row.history,
        packages=packages(row.carrier) if public is not None else (), by_hand=True,
    )  # fmt: skip


def packages(carrier: str) -> tuple[tuple[str, str], ...]:
    """(place, title) of what can be made ready for posting by hand at a place of the catalogue."""
    media = [c for c in CHANNELS if c.code in ("wechat", "weibo") and any(name in carrier for name in c.carriers)]
    return tuple((c.code, c.title) for c in media) or ((carrier, carrier),)


def link_of(posting: Posting, item: Item) -> str:
    """Where a reader finds the post; "" where there is no address."""
    if not posting.carried:
        return ""
    told = posting.receipt
    for given in (told.get("url", ""), told.get("reference", "")):
        if str(given).startswith(("https://", "http://")):
            return str(given)
    match posting.channel:
        case "static_site":
            return f"{settings.SITE['base_url']}{item_url(item.index_number or '')}"
        case "feed":
            return reverse("portal:feed_agency", args=[item.organ.code])
        case "notice_board":
            return reverse("portal:board_organ", args=[item.organ.code])
        case "handbook":
            return reverse("portal:handbooks")
        case _:
            return ""


def _versions(item: Item) -> dict[str, str]:
    """What a state at a channel is in words: every release of the item under every validity."""
    found = {}
    for release in Release.objects.filter(item=item).select_related("version").order_by("pk"):
        digest, word = release.version.digest, _("第 %(n)d 版") % {"n": release.version.number}
        found[text_state_of(digest, release.pk)] = word
        for validity in ("", *VALIDITY):
            for withdrawn_as in {"", release.withdrawn_as}:
                found[state_of(digest, validity, withdrawn_as, release.pk)] = word
    return found


def channels_page(me: Me, item: Item) -> dict[str, Any]:
    """The matrix with everything a person may do about it."""
    rows = places(item, at=me.at, on=me.today)
    withdraw = moves.may("withdraw", work=item.work, public=item.public)
    able = me.able(MAY_WITHDRAW, item) is not None
    titles = "、".join(role(code).title for code in MAY_WITHDRAW)
    return {
        "item": item,
        "places": rows,
        "acts": me.able(ROLES, item) is not None,
        "recall": {
            "may": bool(withdraw) and able,
            "why": _("由%(titles)s办理，您没有这个岗位。") % {"titles": titles} if bool(withdraw) and not able else "",
        },
        "progress": progress(item, rows),
        "may_choose": may_choose(me, item),
        "released": item.index_number is not None and item.public != moves.HIDDEN,
    }


def may_choose(me: Me, item: Item) -> bool:
    """May this person change where the item goes now?"""
    if item.work == moves.IN_REVIEW:
        return False
    if item.public == moves.LIVE:
        return me.able(ROLES, item) is not None
    return bool(moves.may("edit", work=item.work, public=item.public)) and me.able(("drafter",), item) is not None


def progress(item: Item, rows: Iterable[Place]) -> dict[str, Any] | None:
    """How far a recall has come: of all places where the item was. None while the item is public."""
    if item.public != moves.WITHDRAWN:
        return None
    was = [row for row in rows if row.ever]
    hands = [row for row in was if row.by_hand and not row.settled]
    unclear = [row for row in was if not row.by_hand and "not_there" in row.answers]
    open_ = [row for row in was if not row.settled and row not in hands and row not in unclear]
    return {
        "all": len(was),
        "done": sum(row.settled for row in was),
        "moving": len(open_),
        "unclear": len(unclear),
        "hands": len(hands),
        "late": any(row.mark == "late" and not row.by_hand for row in was),
        "complete": all(row.settled for row in was),
    }


def glance(me: Me, item: Item) -> list[Place]:
    """The matrix for the item's own page."""
    return places(item, at=me.at, on=me.today)


def destinations(item: Item) -> dict[str, Any]:
    """Where an item in review will go, for those who review it: titles, and whether somebody chose them."""
    route = item.routes.select_related("by").last()
    chosen = tuple(route.channels) if route is not None else None
    goes = [channel for channel in CHANNELS if is_for(channel, item, chosen)]
    return {
        "titles": [c.title for c in goes if not c.missing()],
        "missing": [c.title for c in goes if c.missing() and c.code not in EVERYTHING],
        "route": route,
        "by_hand": carried_by_hand(item),
    }
