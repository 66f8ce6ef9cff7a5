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
    ("who", "seen", "made"),
    [
        ("supervisor", 200, 302), ("leader", 200, 302), ("system_admin", 200, 302), ("drafter", 200, 403),
        ("section_reviewer", 200, 403), ("audit_admin", 403, 403),
    ],
)  # fmt: skip
def test_who_may_see_it_and_who_may_have_it_made(town, who, seen, made):
    client = at_desk(town, who)
    page = client.get("/desk/inspection/")
    assert page.status_code == seen
    assert ("重新检查</button>" in page.content.decode()) is (made == 302)
    assert client.post("/desk/inspection/now/").status_code == made


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


def test_a_drafter_begins_an_item_for_the_column_that_lacks_it(town, column, settings):
    from gongkai.disclosure.models import Item

    settings.INSPECTION_THRESHOLDS = {"columns_blank": 1}
    at_desk(town, "supervisor").post("/desk/inspection/now/")
    drafter = at_desk(town, "drafter")
    assert 'href="/desk/new/?column=blank"' in drafter.get("/desk/inspection/").content.decode()
    page = drafter.get("/desk/new/?column=blank").content.decode()
    assert "发布到栏目“空白栏目”" in page
    [hidden] = html.fromstring(page).xpath('//form//input[@name="column"]')
    told = {"section": town.section.pk, "title": "本市通知", "heading": "20-11", "column": hidden.get("value")}
    assert drafter.post("/desk/new/", told).status_code == 302
    assert Item.objects.get().column == column
    # A column that is none is no column, and stops nobody.
    assert drafter.get("/desk/new/?column=none").status_code == 200


def test_an_item_nobody_answers_for_says_how_somebody_comes_to(town, desk):
    from gongkai.agencies.actions.people import grant
    from gongkai.disclosure.models import Item

    item = desk.release(source="").item
    Item.objects.filter(pk=item.pk).update(organ=town.organ.parent, section=None)
    at_desk(town, "supervisor").post("/desk/inspection/now/")
    told = "其中 1 处所属的机关没有人员：由安全管理员在“代办授权”里请承接的机关代办，以后由承接机关修改。"
    assert told in at_desk(town, "supervisor").get("/desk/inspection/").content.decode()
    today = AT.date()
    with time_machine.travel(AT, tick=False):
        grant(
            town.organ.parent, town.organ, "drafter", starts_on=today, ends_on=today + timedelta(days=365),
            reason="机构改革，由民政局承接。", actor=town.actor("security_admin"), at=AT,
        )  # fmt: skip
        page = at_desk(town, "drafter").get("/desk/inspection/").content.decode()
    assert told not in page and f'href="/desk/items/{item.code}/"' in page


def test_the_workbook_holds_every_indicator_and_every_place(town, column):
    client = at_desk(town, "supervisor")
    client.post("/desk/inspection/now/")
    book = load_workbook(io.BytesIO(client.get("/desk/inspection/?export=1").content))
    first, second = book.worksheets
    assert [first.title, second.title] == ["指标", "待改"]
    assert first.max_row == 13
    assert ("空白栏目", "空白栏目", "通知类，没有任何信息", "blank") in list(second.iter_rows(values_only=True))


def test_an_imported_interpretation_without_its_document_is_mended_by_whoever_acts_for_its_organ(town, desk):
    """From the list of the inspection to a page that passes: grant, revise, link, review by three, inspect again."""
    from gongkai.agencies.actions.people import grant
    from gongkai.agencies.queries import capacities
    from gongkai.disclosure.actions.columns import add_column
    from gongkai.disclosure.actions.import_items import begin_batch, columns_by_name, examine_line, take_in
    from gongkai.disclosure.actions.opine import opine
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft
    from gongkai.disclosure.actions.submit import submit
    from gongkai.disclosure.models import Item

    document = desk.release().item
    add_column(
        "jd", "政策解读", description="说明", keywords="解读", kind="解读", actor=town.actor("system_admin"), at=AT
    )
    line = {"id": "old-1", "title": "救助办法解读", "body": "<p>一图读懂。</p>", "agency": "青禾市原民政厅",
            "date": "2025-06-03", "url": "", "column": "政策解读"}  # fmt: skip
    approvers = [town.people["system_admin"], town.people["security_admin"]]
    batch = begin_batch("old.jsonl", "0" * 64, at=AT, approvers=approvers)
    take_in(batch, [examine_line(1, line, today=AT.date(), columns=columns_by_name())], at=AT)
    item = Item.objects.get(external_id="old-1")

    def found() -> str:
        with time_machine.travel(AT, tick=False):
            at_desk(town, "supervisor").post("/desk/inspection/now/")
            page = html.fromstring(at_desk(town, "drafter").get("/desk/inspection/").content.decode())
        return words(page.get_element_by_id("interpretations_linked"))

    assert "救助办法解读" in found() and "其中 1 处所属的机关没有人员" in found()
    today, keeper = AT.date(), town.actor("security_admin")
    for role in ("drafter", "section_reviewer", "compliance_reviewer", "secrecy_reviewer"):
        grant(item.organ, town.organ, role, starts_on=today, ends_on=today + timedelta(days=365),
              reason="机构改革，由民政局承接。", actor=keeper, at=AT)  # fmt: skip
    assert "救助办法解读" in found() and "没有人员" not in found()

    def acting(who):
        return next(a for a in capacities(town.people[who], today) if a.role == who and a.organ_id == item.organ_id)

    drafter = acting("drafter")
    draft = revise(item.pk, actor=drafter, at=AT)
    values = {"interprets": [document.index_number], "heading": "20-11", "changed_on": today}
    draft = save_draft(item.pk, values, based_on=draft.revision, actor=drafter, at=AT, today=today)
    version = submit(item.pk, based_on=draft.revision, actor=drafter, at=AT, today=today)
    for step, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer"), 1):
        opine(version.pk, step, "approve", read_digest=version.digest, actor=acting(who), at=AT, today=today)
    assert "救助办法解读" not in found() and "合格" in found()
