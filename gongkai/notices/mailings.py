"""What goes to a subscriber: the question whether it was they, and the digest of what became public. Made when it is sent.

A digest names title, organ, date and address, never a word of a text; what nobody may read any more only its index number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone

from gongkai.disclosure.models import Release
from gongkai.disclosure.queries.changes import EXPIRED, RELEASED, Change, news_between
from gongkai.disclosure.queries.public import item_url
from gongkai.law.announcements import is_announcement
from gongkai.law.explain import day_in_words
from gongkai.law.moves import withdrawal_reason
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.outcomes import Rejected
from gongkai.notices.queries import sealed_of
from gongkai.notices.subscribing import ASKED, ASKED_DAYS, CONFIRMED, MOST_LINES, matches
from gongkai.notices.wording import Words, site_address

#: Pages of the portal, which is above this package; a test holds them to its routes.
CONFIRM_PATH: Final = "/subscribe/confirm/{token}/"
LEAVE_PATH: Final = "/subscribe/leave/{token}/"
LATEST: Final = "/open/latest/"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest. `title` is "" for what nobody may read any more."""

    group: str
    title: str
    organ: str
    on: str
    url: str


NEW, NEWER, OVER, GONE = "新发布", "有更新", "不再有效", "已撤下"


def mailing(notice: OutgoingNotice, *, at: datetime) -> tuple[str, Words]:
    """Address and words of one mail. `Rejected("passed")` when there is nothing to say any more."""
    subscription = Subscription.objects.select_related("key").get(pk=notice.subscription_id)
    match notice.kind:
        case "confirm":
            if subscription.state != ASKED or subscription.asked_at + ASKED_DAYS <= at:
                raise Rejected("passed")
            address, token = sealed_of(subscription)
            return address, _question(subscription, token)
        case "digest":
            if subscription.state != CONFIRMED:
                raise Rejected("passed")
            address, token = sealed_of(subscription)
            told = lines(subscription.choices, since=notice.since, upto=notice.position)
            if not told:
                raise Rejected("passed")
            return address, _digest(told, token, at)
        case other:
            raise ValueError(f"unknown mail {other}")


def columns_of(changes: list[Change]) -> dict[int, dict[str, str]]:
    """Release → what subscriptions are narrowed by."""
    rows = Release.objects.filter(pk__in={change.release_id for change in changes})
    return {
        pk: {"agency": organ, "heading": heading, "theme": theme}
        for pk, organ, heading, theme in rows.values_list("pk", "organ__code", "heading", "theme")
    }


def lines(choices: dict[str, list[str]], *, since: int, upto: int) -> list[Line]:
    """What a digest says, as things stand now: an item once, by its last change; nothing that changed since in a way the
    digest would be wrong about. Newest last, as it happened."""
    changes = list(news_between(since, upto))
    columns = columns_of(changes)
    last: dict[int, Change] = {}
    came: set[int] = set()
    for change in changes:
        if matches(choices, columns[change.release_id]):
            last.pop(change.item_id, None)
            last[change.item_id] = change
            if change.kind == RELEASED:
                came.add(change.item_id)
    rows = Release.objects.filter(item__in=last, standing__in=["live", "withdrawn"]).select_related("version", "organ")
    front = {row.item_id: row for row in rows}
    found = [_line(change, front[key], new=key in came) for key, change in last.items()]
    return [line for line in found if line is not None]


def _line(change: Change, row: Release, *, new: bool) -> Line | None:
    url = site_address(item_url(change.index_number))
    organ = row.organ.label
    match change.kind:
        case "released" | "changed":
            # Taken down, or out of force, since the mail was planned: the next digest says so.
            if row.standing != "live":
                return None
            on = _day(row.released_at)
            return Line(NEW if new else NEWER, row.version.title, organ, f"{on}发布", url)
        case "withdrawn" | "expired":
            if row.pk != change.release_id:
                return None  # released anew since
            on = _day(change.at)
            if not row.listed:
                return Line(GONE, "", organ, f"{on}撤下", url)
            return Line(OVER, row.version.title, organ, f"{on}{_end(row)}", url)
        case other:
            raise ValueError(f"unknown change {other}")


def _day(at: datetime) -> str:
    return day_in_words(timezone.localtime(at).date())


def _end(row: Release) -> str:
    version = row.version
    if row.withdrawn_as == EXPIRED and is_announcement(row.column_kind, version.valid_until, version.effective_from):
        return "公示期满"
    return withdrawal_reason(row.withdrawn_as).title


def _question(subscription: Subscription, token: str) -> Words:
    site = settings.SITE["name"]
    body = [
        f"有人在{site}填写了这个邮箱，要求订阅公开信息的更新。",
        "",
        f"是您本人的，请打开下面的网址，点“确认订阅”（{ASKED_DAYS.days} 天内有效）：",
        site_address(CONFIRM_PATH.format(token=token)),
        "",
        f"不是您本人的，不用理会：没有确认的，不会再收到邮件，{ASKED_DAYS.days} 天后地址从系统里清除。",
        "以前订阅过的，确认以后按这一次的选择发送。",
        "这封邮件由系统发出，请不要直接回复。",
    ]
    return Words(f"请确认订阅：{site}", "\n".join(body) + "\n", "")


def _digest(told: list[Line], token: str, at: datetime) -> Words:
    site, leave = settings.SITE["name"], site_address(LEAVE_PATH.format(token=token))
    day = _day(at)
    body = [f"{site}公开信息更新，{day}"]
    shown = told[-MOST_LINES:]
    for group in (NEW, NEWER, OVER, GONE):
        rows = [line for line in shown if line.group == group]
        if rows:
            body += ["", f"【{group}】"]
        for number, line in enumerate(rows, start=1):
            title = line.title or "一条信息发布有误，已经撤下"
            body += [f"{number}. {title}", f"   {line.organ}　{line.on}", f"   {line.url}"]
    if len(told) > len(shown):
        body += ["", f"还有 {len(told) - len(shown)} 条没有列出，请看：{site_address(LATEST)}"]
    body += [
        "",
        f"退订：{leave}",
        "退订以后，您的邮箱地址从系统里清除。这封邮件由系统发出，请不要直接回复。",
    ]
    headers = (("List-Unsubscribe", f"<{leave}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return Words(f"{site}：{day} {len(told)} 条更新", "\n".join(body) + "\n", "", headers)
