"""Every indicator over real data: what it counts, and that mending what it lists makes it pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.law.inspection import INDICATORS
from gongkai.reporting.indicators import MEASURES
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


def measured(code: str, at=AT):
    return MEASURES[code](at, at.date())


def column(slug: str, kind: str, **more):
    from gongkai.disclosure.models import Column

    return Column.objects.create(
        slug=slug, name=f"栏目{slug}", kind=kind, **{"description": "说明", "keywords": "关键词"} | more
    )


def released_in(desk, place, **changes):
    """An item released in a column, through the real actions."""
    from gongkai.disclosure.models import Item

    item = desk.draft(**changes)
    Item.objects.filter(pk=item.pk).update(column=place)
    item.refresh_from_db()
    return desk.release(item)


def test_a_site_with_nothing_has_no_data_where_nothing_can_be_counted(town):
    for code in ("home_fresh", "columns_blank", "messages_answered", "new_media_fresh", "search_works", "links_alive"):
        assert measured(code).value is None, code


def test_home_counts_the_days_since_anything_came_out(desk):
    desk.release()
    assert measured("home_fresh").value == 0
    assert measured("home_fresh", AT + timedelta(days=15)).value == 15


def test_a_news_column_is_stale_after_two_weeks_and_a_notice_column_after_six_months(desk):
    released_in(desk, column("news", "动态"))
    released_in(desk, column("notice", "通知"))
    released_in(desk, column("data", "数据"))
    assert measured("columns_fresh", AT + timedelta(days=14)).value == 0
    late = measured("columns_fresh", AT + timedelta(days=15))
    assert (late.value, [place.key for place in late.places]) == (1, ["news"])
    much_later = measured("columns_fresh", AT + timedelta(days=183))
    assert [place.key for place in much_later.places] == ["news", "notice"]
    assert [place.key for place in measured("columns_stale", AT + timedelta(days=183)).places] == ["data"]


def test_blank_columns_are_listed_and_inactive_ones_are_not(desk):
    released_in(desk, column("full", "通知"))
    column("blank", "通知")
    column("closed", "通知", active=False)
    assert [place.key for place in measured("columns_blank").places] == ["blank"]


def test_a_date_that_is_not_the_trails_is_found(desk):
    from django.db import connection

    from gongkai.disclosure.guards import GUARDS
    from gongkai.disclosure.models import Release

    desk.release()
    assert measured("honest_dates").value == 0
    # The database lets nobody do this: somebody with its password takes the guard away first.
    guard = next(guard for guard in GUARDS if guard.name == "guard_release_fixed")
    with connection.cursor() as cursor:
        for sql in guard.remove_sql(connection.vendor):
            cursor.execute(sql)
    Release.objects.update(released_at=AT - timedelta(days=30))
    found = measured("honest_dates")
    assert (found.value, [place.key for place in found.places]) == (1, [Release.objects.get().item.code])


def test_the_footer_names_what_is_not_configured(settings, town):
    settings.SITE = settings.SITE | {"icp": "", "police": " ", "party_mark_url": "/x.svg", "error_report_url": "/y"}
    assert [place.key for place in measured("footer_complete").places] == ["icp", "police"]


def test_an_interpretation_has_to_lead_to_a_document_that_can_be_read(desk, town):
    from gongkai.disclosure.actions.withdraw import withdraw

    policy = desk.release()
    number = policy.item.index_number
    place = column("reading", "解读")
    released_in(desk, place, title="没有关联的解读")
    released_in(desk, place, title="关联的解读", interprets=[number])
    assert [p.told for p in measured("interpretations_linked").places] == ["没有关联所解读的文件"]
    withdraw(policy.item_id, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert sorted(p.told for p in measured("interpretations_linked").places) == [
        f"关联的 {number} 现在看不到", "没有关联所解读的文件",
    ]  # fmt: skip


def test_search_is_asked_for_the_newest_titles(desk):
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all

    desk.release()
    later = AT + timedelta(minutes=5)
    assert measured("search_works", later).value == 1
    seal_all(at=AT)
    follow_all(on=TODAY)
    assert measured("search_works", later).value == 0


def test_dead_links_of_our_own_are_known_at_once(desk, town):
    from gongkai.disclosure.actions.withdraw import withdraw
    from gongkai.reporting.actions.check_links import check_round, gather

    target = desk.release(title="被引用的文件")
    body = f'<p>见<a href="/items/{target.item.index_number}/">文件</a>。</p>'
    pointing = desk.release(title="引用的文件", body=body)
    gather([target.item_id, pointing.item_id], at=AT)
    assert check_round(at=AT) == 1
    assert measured("links_alive").value == 0
    withdraw(target.item_id, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    check_round(at=AT + timedelta(days=14))
    found = measured("links_alive")
    assert [(place.key, place.told) for place in found.places] == [
        (pointing.item.code, f"/items/{target.item.index_number}/：所指的信息现在看不到")
    ]


def test_an_inspection_is_kept_with_its_fact_and_never_changes(desk, town):
    from django.db import DatabaseError

    from gongkai.ledger.queries import timeline
    from gongkai.reporting.actions.inspect import inspect
    from gongkai.reporting.models import Inspection
    from gongkai.reporting.queries import history, lines

    desk.release()
    made = inspect(actor=town.actor("supervisor"), at=AT)
    assert made.verdict == "no_data"
    assert {line.indicator.code for line in lines(made)} == {indicator.code for indicator in INDICATORS}
    assert history("home_fresh") == [(AT, 0)]
    assert timeline("site").get().data["verdict"] == "no_data"
    with pytest.raises(DatabaseError, match="never changed"):
        Inspection.objects.filter(pk=made.pk).update(verdict="pass")


def test_an_office_with_its_own_thresholds(desk, town, settings):
    from gongkai.reporting.actions.inspect import inspect

    settings.INSPECTION_THRESHOLDS = {"columns_blank": 1}
    column("blank", "通知")
    made = inspect(actor=town.actor("supervisor"), at=AT)
    assert (made.verdict, made.results["columns_blank"]["threshold"]) == ("fail", 1)
