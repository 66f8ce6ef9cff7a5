"""Every kind of finding over real data: it is found, it says what is wrong, and mending ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from gongkai.agencies.actions.organs import change_organ
from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.actions.look import still_right
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Item, Release
from gongkai.files.queries import path_of
from gongkai.ledger.models import Fact
from gongkai.reporting.actions.find import end_of_item, refresh
from gongkai.reporting.findings import BY_CODE, KINDS, Found
from gongkai.reporting.found import checked_on, counted, open_findings
from gongkai.reporting.models import Finding
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db
YEAR = AT + timedelta(days=366)
NOVEMBER = AT.replace(month=11, day=30)


def found(code: str, at: datetime = AT) -> list[tuple[str, str]]:
    """(title, sentence) of what a kind finds, by title."""
    rows = [(Item.objects.get(pk=row.item_id).working_title, row.told) for row in BY_CODE[code].find(at.date())]
    return sorted(rows)


def take_down(item, town) -> None:
    withdraw(item.pk, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)


def again(desk, town, item, **changes):
    """Revise, release."""
    drafter = town.actor("drafter")
    draft = revise(item.pk, actor=drafter, at=AT)
    told = {"changed_on": TODAY} | changes
    save_draft(item.pk, told, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
    item.refresh_from_db()
    return desk.release(item)


def test_a_site_in_order_has_no_findings(desk):
    desk.release()
    assert [(kind.code, list(kind.find(TODAY))) for kind in KINDS] == [(kind.code, []) for kind in KINDS]


def test_an_overdue_look_until_somebody_looks(desk, town):
    release = desk.release(title="到期的公示")
    assert found("look_overdue", AT + timedelta(days=365)) == []
    assert found("look_overdue", YEAR) == [("到期的公示", "应于2027年9月21日复核，已经过了1天。")]
    still_right(
        release.item_id, reason="已逐项核对过。", read_digest=release.digest, actor=town.actor("drafter"), at=YEAR,
        today=YEAR.date(),
    )  # fmt: skip
    assert found("look_overdue", YEAR) == []


def test_a_validity_that_ends_within_six_months(desk, town):
    item = desk.release(title="五年的办法", effective_from=TODAY, valid_until=date(2027, 5, 31)).item
    assert found("validity_ending", NOVEMBER - timedelta(days=1)) == []
    assert found("validity_ending", NOVEMBER) == [("五年的办法", "有效期至2027年5月31日，还有182天，到期自行失效。")]
    digest = Release.objects.get().digest
    told = {"reason": "已评估，到期自行失效即可。", "read_digest": digest, "actor": town.actor("drafter")}
    still_right(item.pk, at=NOVEMBER, today=NOVEMBER.date(), **told)
    assert found("validity_ending", NOVEMBER) == []
    last_call = NOVEMBER.replace(year=2027, month=4)
    assert found("validity_ending", last_call) == [("五年的办法", "有效期至2027年5月31日，还有31天，到期自行失效。")]
    take_down(item, town)
    assert found("validity_ending", last_call) == []


def test_one_title_released_twice_by_one_organ(desk, town):
    one, two = desk.release(title="关于《办法》的通知").item, desk.release(title="关于“办法”的 通知").item
    desk.release(title="关于《办法》的解读")
    assert found("title_twice") == sorted(
        [
            ("关于《办法》的通知", f"与索引号 {two.index_number} 标题相同。"),
            ("关于“办法”的 通知", f"与索引号 {one.index_number} 标题相同。"),
        ]
    )
    take_down(two, town)
    assert found("title_twice") == []


def test_two_organs_may_have_the_same_title(db, settings, tmp_path):
    import json

    from typer.testing import CliRunner

    from gongkai.config.command import app

    settings.FILES_ROOT, settings.INDEX_ROOT = tmp_path / "files", tmp_path / "index"
    agencies = ("青禾市民政局", "青禾市教育局", "青禾市教育局")
    rows = [
        {"id": str(n), "title": "公开指南", "body": f"正文{n}。", "agency": agency, "date": "2026-01-05", "url": ""}
        for n, agency in enumerate(agencies)
    ]
    file = tmp_path / "old.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    assert CliRunner().invoke(app, ["import", "items", str(file)], catch_exceptions=False).exit_code == 0
    twice = [Item.objects.get(pk=row.item_id) for row in BY_CODE["title_twice"].find(TODAY)]
    assert sorted(item.external_id for item in twice) == ["1", "2"]


def test_four_and_more_of_one_title_are_counted(desk):
    numbers = [desk.release(title="同名公示").item.index_number for _ in range(5)]
    told = [row.told for row in BY_CODE["title_twice"].find(TODAY)]
    assert told[0] == f"与索引号 {'、'.join(numbers[1:4])}等4条 标题相同。"
    assert len(told) == 5


def test_a_page_without_text(desk, town):
    from tests.desk.conftest import png

    def pictured(title: str, body: str):
        item = desk.draft(title=title)
        image = desk.attach(item, png(), "p.png", inline=True)
        drafter = town.actor("drafter")
        item.draft.refresh_from_db()
        told = {"body": body.format(image.blob_id)}
        save_draft(item.pk, told, based_on=item.draft.revision, actor=drafter, at=AT, today=TODAY)
        item.refresh_from_db()
        return desk.release(item)

    pictured("只有图片", '<p>见图。</p><p><img src="asset:{}"></p>')
    pictured("图片和文字", '<p>这里有足够多的文字，说明图片里面画的是什么内容。</p><p><img src="asset:{}"></p>')
    desk.release(title="短而有文字", body="<p>已停水。</p>")
    item = desk.draft(title="文字在附件里", body="<p>详见附件。</p>")
    desk.attach(item)
    desk.release(item)
    assert found("no_text") == [("只有图片", "网页只有图片，没有文字，搜不到，也读不出来。")]


def test_a_file_whose_bytes_are_gone(desk):
    item = desk.draft(title="有附件")
    desk.attach(item)
    release = desk.release(item)
    assert found("missing_attachment") == []
    blob = release.version.attachments.get().blob_id
    path_of(blob).rename(path_of(blob).with_suffix(".away"))
    assert found("missing_attachment") == [("有附件", "附件“a.txt”的文件丢失，打不开。")]


def test_old_telephones_and_addresses_in_pages(desk, town):
    organ = town.organ
    change_organ(organ, phone="（0000）8812 0101", address="青禾市文渊路8号", actor=SYSTEM, at=AT)
    item = desk.release(title="写着电话", body="<p>咨询电话：88120101，地址：青禾市文渊路 8 号，欢迎咨询。</p>").item
    attached = desk.draft(title="附件里的电话")
    desk.attach(attached, "联系电话：0000-88120101。".encode())
    desk.release(attached)
    desk.release(title="别的电话", body="<p>咨询电话：88120199，欢迎来电咨询。</p>")
    assert found("contacts_changed") == []
    change_organ(organ, phone="88120199", address="青禾市新华路1号", actor=SYSTEM, at=AT)
    phone = "有“（0000）8812 0101”，机构信息已经改了。"
    assert found("contacts_changed") == sorted(
        [
            ("写着电话", f"正文里{phone}"),
            ("写着电话", "正文里有“青禾市文渊路8号”，机构信息已经改了。"),
            ("附件里的电话", f"附件里{phone}"),
        ]
    )
    again(desk, town, item, body="<p>咨询电话：88120199，地址：青禾市新华路1号，欢迎咨询。</p>")
    assert [title for title, _ in found("contacts_changed")] == ["附件里的电话"]
    change_organ(organ, phone="0000-88120101", address="青禾市文渊路8号", actor=SYSTEM, at=AT)
    assert found("contacts_changed") == [("写着电话", "正文里有“88120199”，机构信息已经改了。"),
                                         ("写着电话", "正文里有“青禾市新华路1号”，机构信息已经改了。"),
                                         ("别的电话", "正文里有“88120199”，机构信息已经改了。")]  # fmt: skip


def test_nobody_left_in_the_section(desk, town):
    from gongkai.agencies.actions.people import disable

    desk.release(title="没人管的")
    for who in ("drafter", "drafter2", "section_reviewer"):
        disable(town.people[who], actor=SYSTEM, at=AT)
    assert found("no_owner") == [("没人管的", "责任科室社会救助科没有在岗人员。")]


def test_dead_links(desk, town):
    from gongkai.reporting.actions.check_links import check_round, gather

    target = desk.release(title="被引用的").item
    link = f"/items/{target.index_number}/"
    pointing = desk.release(title="引用的", body=f'<p>见<a href="{link}">这一份文件</a>。</p>').item
    take_down(target, town)
    gather([pointing.pk], at=AT)
    check_round(at=AT)
    assert found("dead_link") == [("引用的", f"{link}：所指的信息现在看不到")]


def test_refresh_opens_keeps_and_ends(desk, town):
    one, two = desk.release(title="同名公示").item, desk.release(title="同名公示").item
    seen: list[str] = []
    made = refresh(actor=SYSTEM, at=AT, progress=lambda code, done, of: seen.append(f"{code} {done}/{of}"))
    assert (made.open, made.opened, made.ended) == (2, 2, 0)
    assert seen[0] == f"no_owner 0/{len(KINDS)}"
    assert len(seen) == len(KINDS)
    later = AT + timedelta(days=1)
    made = refresh(actor=SYSTEM, at=later)
    assert (made.open, made.opened, made.ended) == (2, 0, 0)
    assert set(Finding.objects.values_list("first_at", "last_at")) == {(AT, later)}
    take_down(two, town)
    made = refresh(actor=SYSTEM, at=later)
    assert (made.open, made.opened, made.ended) == (0, 0, 2)
    assert set(Finding.objects.values_list("ended_at", flat=True)) == {later}
    desk.release(title="同名公示")
    assert refresh(actor=SYSTEM, at=later).opened == 2
    assert Finding.objects.filter(item=one).count() == 2  # the old one stays as history
    assert [fact.data for fact in Fact.objects.filter(kind="upkeep.checked").order_by("id")][0] == {
        "open": 2, "opened": 2, "ended": 0,
    }  # fmt: skip
    assert checked_on() == later.date()


def test_a_sentence_that_changes_is_told_anew_and_a_long_one_is_cut(desk):
    item = desk.release().item
    told = ["一" * 400, "短句"]
    kind = type(KINDS[0])("test", "试", "试", "item", lambda on: [Found(item.pk, told[0], "k", {"n": len(told)})])
    refresh(actor=SYSTEM, at=AT, kinds=[kind])
    assert Finding.objects.get().told == "一" * 299 + "…"
    told.pop(0)
    refresh(actor=SYSTEM, at=AT, kinds=[kind])
    row = Finding.objects.get()
    assert (row.told, row.data) == ("短句", {"n": 1})


def test_a_finding_is_open_once_whoever_writes(desk):
    from django.db import IntegrityError, transaction

    item = desk.release().item
    told = {"kind": "test", "item": item, "told": "一处", "first_at": AT, "last_at": AT}
    Finding.objects.create(**told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(**told)
    Finding.objects.create(**told, key="另一处")
    Finding.objects.filter(key="").update(ended_at=AT)
    Finding.objects.create(**told)
    assert Finding.objects.count() == 3


def test_what_a_person_dealt_with_ends_at_once(desk):
    item = desk.release().item
    refresh(actor=SYSTEM, at=YEAR)
    assert end_of_item(item.pk, ["title_twice"], at=YEAR) == 0
    assert end_of_item(item.pk, ["look_overdue"], at=YEAR) == 1
    assert open_findings().count() == 0


def test_who_sees_which_findings(desk, town):
    desk.release()
    refresh(actor=SYSTEM, at=YEAR)
    assert [(c.kind.code, c.count) for c in counted(open_findings()) if c.count] == [("look_overdue", 1)]
    assert [c.kind for c in counted(open_findings())] == list(KINDS)
    for who, count in (("drafter", 1), ("leader", 1), ("supervisor", 1), ("other_drafter", 0), ("system_admin", 0)):
        assert open_findings(held=[town.actor(who)]).count() == count, who
    assert open_findings(organs={town.other_organ.pk}).count() == 0
    assert open_findings(kind="title_twice").count() == 0


def test_the_daily_tick_looks_once_a_day(desk):
    import time_machine

    from gongkai.reporting.tasks import upkeep

    item = desk.release().item
    Item.objects.filter(pk=item.pk).update(next_look_on=None)
    with time_machine.travel(YEAR, tick=False):
        upkeep()
        upkeep()
    assert Fact.objects.filter(kind="upkeep.checked").count() == 1
    assert [row.kind for row in open_findings()] == ["look_overdue"]
    with time_machine.travel(YEAR + timedelta(days=1), tick=False):
        upkeep()
    assert Fact.objects.filter(kind="upkeep.checked").count() == 2
