"""The inspection indicators (law/inspection.py) as functions over the data: one function each, entered in `MEASURES`.

measure(at, on) → Measured: the value and the list to mend. None as value is 无数据, which never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from gongkai.channels.adapters import CHANNELS
from gongkai.channels.models import Posting
from gongkai.disclosure.models import Column, Release
from gongkai.law.inspection import INDICATORS, NEWS_DAYS, NEWS_KINDS, NOTICE_KINDS, last_fresh_day
from gongkai.ledger.models import Fact
from gongkai.reporting.measured import Measured, Place
from gongkai.reporting.models import LinkCheck
from gongkai.search.queries import SearchUnavailable, find

#: [I] how many of the newest items the search is asked for, and how many pages of a list are told
SAMPLE = 20
#: Facts that made an item public; the release carries the same instant.
RELEASED = ("item.released", "item.released_emergency", "item.released_import")
FOOTER: Mapping[str, str] = {
    "id_code": "网站标识码（SITE_ID_CODE）",
    "icp": "ICP 备案号（SITE_ICP）",
    "police": "公安机关备案标识（SITE_POLICE）",
    "operator": "主办单位（SITE_OPERATOR）",
    "phone": "联系方式（SITE_PHONE）",
    "party_mark_url": "党政机关网站标识（SITE_PARTY_MARK_URL）",
    "error_report_url": "“我为政府网站找错”入口（SITE_ERROR_REPORT_URL）",
}
NEW_MEDIA = ("wechat", "weibo")

Measure = Callable[[datetime, date], Measured]


def home_fresh(at: datetime, on: date) -> Measured:
    """Days since anything came out; what was only taken over from another site counts by the day it came out there."""
    newest = _newest_day(Release.objects.filter(listed=True))
    if newest is None:
        return Measured(None, told="还没有公开任何信息。")
    return Measured(max((on - newest).days, 0), told=f"最近一次更新是 {newest:%Y-%m-%d}。")


def columns_fresh(at: datetime, on: date) -> Measured:
    """News columns without news for two weeks, and notice and policy columns for six months."""
    return _stale_columns(on, NEWS_KINDS | NOTICE_KINDS, kinds_in=True)


def columns_stale(at: datetime, on: date) -> Measured:
    """Columns of every other kind that had nothing new in their own period."""
    return _stale_columns(on, NEWS_KINDS | NOTICE_KINDS, kinds_in=False)


def _stale_columns(on: date, kinds: frozenset[str], *, kinds_in: bool) -> Measured:
    newest = _newest_by_column()
    columns = [c for c in Column.objects.filter(active=True) if (c.kind in kinds) == kinds_in and c.slug in newest]
    if not columns:
        return Measured(None, told="没有这一类栏目。")
    places = []
    for column in columns:
        since = last_fresh_day(column.kind, on=on)
        if since is not None and newest[column.slug] < since:
            told = f"{column.kind}类，最近更新 {newest[column.slug]:%Y-%m-%d}，应当不早于 {since:%Y-%m-%d}"
            places.append(Place("column", column.slug, column.name, told))
    return Measured(len(places), tuple(places))


def columns_blank(at: datetime, on: date) -> Measured:
    """Active columns in which nothing is public."""
    counted = dict(
        Release.objects.filter(listed=True).exclude(column_slug="").values_list("column_slug").annotate(n=Count("pk"))
    )
    columns = list(Column.objects.filter(active=True))
    if not columns:
        return Measured(None, told="还没有设置栏目。")
    places = [Place("column", c.slug, c.name, f"{c.kind}类，没有任何信息") for c in columns if not counted.get(c.slug)]
    return Measured(len(places), tuple(places))


def messages_answered(at: datetime, on: date) -> Measured:
    """There is no module for messages yet: no data, which is no pass."""
    return Measured(None, told="本系统没有留言功能，无法检查。")


def honest_dates(at: datetime, on: date) -> Measured:
    """Releases whose PubDate is not the instant the audit trail has for it."""
    told = {
        (subject, instant)
        for subject, instant in Fact.objects.filter(kind__in=RELEASED).values_list("subject", "at").iterator()
    }
    rows = Release.objects.filter(listed=True).values_list("item__code", "released_at", "version__title").iterator()
    places = [
        Place(
            "item", code, title, f"发布时间 {timezone.localtime(instant):%Y-%m-%d %H:%M}，审计记录里没有这一时刻的发布"
        )
        for code, instant, title in rows
        if (f"item:{code}", instant) not in told
    ]
    return Measured(len(places), tuple(places))


def new_media_fresh(at: datetime, on: date) -> Measured:
    """Accounts in use that carried nothing for two weeks."""
    accounts = [channel for channel in CHANNELS if channel.code in NEW_MEDIA and not channel.missing()]
    if not accounts:
        return Measured(None, told="没有接通政务新媒体账号。")
    since = at - timedelta(days=NEWS_DAYS)
    places = []
    for channel in accounts:
        newest = Posting.objects.filter(channel=channel.code, state="confirmed").aggregate(m=Max("settled_at"))["m"]
        if newest is None or newest < since:
            when = f"最近发布 {timezone.localtime(newest):%Y-%m-%d}" if newest else "还没有发布过"
            places.append(Place("channel", channel.code, channel.title, when))
    return Measured(len(places), tuple(places))


def footer_complete(at: datetime, on: date) -> Measured:
    """Marks and facts the foot of every page has to show."""
    places = [
        Place("setting", name, title, "没有设置")
        for name, title in FOOTER.items()
        if not str(settings.SITE[name]).strip()
    ]
    return Measured(len(places), tuple(places))


def meta_complete(at: datetime, on: date) -> Measured:
    """Columns and pages whose tags have nothing of their own to say."""
    columns = Column.objects.filter(active=True).filter(Q(description="") | Q(keywords="") | Q(kind=""))
    places = [Place("column", c.slug, c.name, "缺少栏目说明、关键词或者类别") for c in columns]
    bare = Release.objects.filter(listed=True, version__source="", version__issuer="")
    places += [
        Place("item", code, title, "没有写信息来源，标签里用主办单位代替")
        for code, title in bare.order_by("-released_at").values_list("item__code", "version__title")[: SAMPLE * 10]
    ]
    return Measured(columns.count() + bare.count(), tuple(places))


def search_works(at: datetime, on: date) -> Measured:
    """The newest items, asked for by their own titles."""
    rows = list(
        Release.objects.filter(listed=True, released_at__lt=at - timedelta(minutes=2))
        .order_by("-released_at")
        .values_list("item_id", "item__code", "version__title")[:SAMPLE]
    )
    if not rows:
        return Measured(None, told="还没有可以抽查的信息。")
    places = []
    for item_id, code, title in rows:
        try:
            found = {hit.item_id for hit in find(title, on=on, limit=SAMPLE)}
        except SearchUnavailable:
            return Measured(
                len(rows), (Place("setting", "search", "站内搜索", "检索索引读不出来，请运行 gongkai reindex"),)
            )
        if item_id not in found:
            places.append(Place("item", code, title, "按完整标题搜索，前几条里没有这一条"))
    return Measured(len(places), tuple(places), f"抽查最新 {len(rows)} 条。")


def interpretations_linked(at: datetime, on: date) -> Measured:
    """Interpretations that name no document, or one that the public cannot read."""
    rows = list(
        Release.objects.filter(listed=True, column_kind="解读").values_list(
            "item__code", "version__title", "version__interprets"
        )
    )
    if not rows:
        return Measured(None, told="还没有公开政策解读。")
    wanted = {number for _, _, numbers in rows for number in numbers or ()}
    readable = set(
        Release.objects.filter(listed=True, item__index_number__in=wanted).values_list("item__index_number", flat=True)
    )
    places = []
    for code, title, numbers in rows:
        if not numbers:
            places.append(Place("item", code, title, "没有关联所解读的文件"))
        elif gone := [number for number in numbers if number not in readable]:
            places.append(Place("item", code, title, f"关联的 {'、'.join(gone)} 现在看不到"))
    return Measured(len(places), tuple(places))


def links_alive(at: datetime, on: date) -> Measured:
    """Addresses that were asked and did not answer."""
    if not LinkCheck.objects.filter(checked_at__isnull=False).exists():
        return Measured(None, told="还没有检查过链接。")
    dead = LinkCheck.objects.filter(state="dead").prefetch_related("places__item")
    places = [
        Place("item", place.item.code, place.item.working_title, f"{check.url}：{check.told}")
        for check in dead
        for place in check.places.all()
    ]
    return Measured(dead.count(), tuple(places))


MEASURES: Mapping[str, Measure] = {
    measure.__name__: measure
    for measure in (
        home_fresh, columns_fresh, columns_stale, columns_blank, messages_answered, honest_dates, new_media_fresh,
        footer_complete, meta_complete, search_works, interpretations_linked, links_alive,
    )
}  # fmt: skip
if list(MEASURES) != [indicator.code for indicator in INDICATORS]:
    raise TypeError("every indicator has one measure, in the order of the table")


def _newest_by_column() -> dict[str, date]:
    """The day of the newest item of each column that has any."""
    rows = Release.objects.filter(listed=True).exclude(column_slug="").values("column_slug").order_by()
    rows = rows.annotate(
        own=Max("released_at", filter=~Q(basis="import")), other=Max("published_elsewhere_on"),
        taken=Max("released_at", filter=Q(basis="import", published_elsewhere_on=F("published_elsewhere_on"))),
    )  # fmt: skip
    found = {}
    for row in rows:
        days = [timezone.localtime(row["own"]).date()] if row["own"] else []
        days += [row["other"]] if row["other"] else []
        if days:
            found[row["column_slug"]] = max(days)
        elif row["taken"]:
            found[row["column_slug"]] = timezone.localtime(row["taken"]).date()
    return found


def _newest_day(rows) -> date | None:  # type: ignore[no-untyped-def]
    told = rows.aggregate(own=Max("released_at", filter=~Q(basis="import")), other=Max("published_elsewhere_on"))
    days = [timezone.localtime(told["own"]).date()] if told["own"] else []
    days += [told["other"]] if told["other"] else []
    return max(days) if days else None
