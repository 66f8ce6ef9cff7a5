"""网站检查 in the desk: who sees it, what it says, and that what it lists leads somewhere."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from lxml import html
from openpyxl import load_workbook

from tests.conftest import AT
from tests.portal.page_reader import words

pytestmark = pytest.mark.django_db


def at_desk(town, who: str) -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


@pytest.fixture
def column(town):
    from gongkai.disclosure.models import Column

    return Column.objects.create(slug="blank", name="空白栏目", description="说明", keywords="词", kind="通知")


@pytest.mark.parametrize(
    ("who", "status"),
    [("supervisor", 200), ("leader", 200), ("system_admin", 200), ("drafter", 403), ("audit_admin", 403)],
)
def test_who_may_see_it(town, who, status):
    client = at_desk(town, who)
    assert client.get("/desk/inspection/").status_code == status
    assert client.post("/desk/inspection/now/").status_code == (302 if status == 200 else 403)


def test_before_the_first_inspection_it_says_what_to_do(town):
    page = at_desk(town, "supervisor").get("/desk/inspection/").content.decode()
    assert "还没有检查过。按“重新检查”" in page


def test_what_fails_is_listed_with_where_to_mend_it(town, column, settings, desk):
    settings.INSPECTION_THRESHOLDS = {"columns_blank": 1}
    settings.SITE = settings.SITE | {"icp": ""}
    desk.release()
    with time_machine.travel(AT + timedelta(days=3), tick=False):
        page = at_desk(town, "supervisor").post("/desk/inspection/now/", follow=True).content.decode()
    text = words(html.fromstring(page))
    assert "没有任何信息的栏目：1 个栏目，达到 1 个栏目为不合格" in text
    assert "ICP 备案号（SITE_ICP）" in text
    assert 'href="/open/column/blank/"' in page
    assert "监测期内首页没有更新的天数：3 天，达到 15 天为不合格，还差 12 天" in text
    keeper = at_desk(town, "system_admin").get("/desk/inspection/").content.decode()
    assert 'href="/desk/columns/blank/"' in keeper


def test_an_item_of_another_agency_leads_to_its_public_page(town, desk):
    item = desk.release(source="").item
    at_desk(town, "supervisor").post("/desk/inspection/now/")
    own = at_desk(town, "leader").get("/desk/inspection/").content.decode()
    other = at_desk(town, "system_admin").get("/desk/inspection/").content.decode()
    assert f'<a href="/desk/items/{item.code}/">{item.working_title}</a>' in own
    assert f'<a href="/items/{item.index_number}/">{item.working_title}</a>' in other


def test_the_workbook_holds_every_indicator_and_every_place(town, column):
    client = at_desk(town, "supervisor")
    client.post("/desk/inspection/now/")
    book = load_workbook(io.BytesIO(client.get("/desk/inspection/?export=1").content))
    first, second = book.worksheets
    assert [first.title, second.title] == ["指标", "待改"]
    assert first.max_row == 13
    assert ("空白栏目", "空白栏目", "通知类，没有任何信息", "blank") in list(second.iter_rows(values_only=True))
