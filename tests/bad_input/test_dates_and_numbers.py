"""Dates that cannot be, numbers given twice, a clock that steps back, and due dates past the last known holidays."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, transaction
from typer.testing import CliRunner

from gongkai.calendars.models import CalendarYear, DeadlineBatch, DeadlineChange
from gongkai.calendars.queries import work_calendar
from gongkai.chinese.metadata import guess
from gongkai.config.command import app
from gongkai.disclosure.actions.import_items import Rejected, begin_batch, examine_line, finish_batch, take_in
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.submit import submit
from gongkai.disclosure.models import Item, Release
from gongkai.disclosure.queries.document import document
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.models import Fact
from gongkai.ledger.queries import verify
from tests.conftest import AT, SHANGHAI, TODAY
from tests.desk.conftest import draft_form, sentences
from tests.disclosure.test_import_items import GOOD

# -- 索引号 --------------------------------------------------------------------------------------------------------


def test_an_index_number_cannot_be_given_twice_or_taken_away(desk):
    first, second = desk.release(title="甲").item, desk.release(title="乙").item
    assert (first.index_number, second.index_number) == ("900000002/2026-00001", "900000002/2026-00002")
    for value in (first.index_number, None, "900000002/2026-00009"):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Item.objects.filter(pk=second.pk).update(index_number=value)


def test_a_number_an_import_brought_is_skipped_by_the_next_release(desk, town):
    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    lines = [examine_line(1, GOOD | {"index_number": "900000002/2026-00001"}, today=TODAY),
             examine_line(2, GOOD | {"id": "b", "index_number": "900000002/2026-00001"}, today=TODAY)]  # fmt: skip
    taken = take_in(batch, lines, at=AT)
    finish_batch(batch, rejected=1, at=AT)
    assert [(r.line, "索引号 900000002/2026-00001 已被使用" in r.reason) for r in taken.rejected] == [(2, True)]
    assert desk.release().item.index_number == "900000002/2026-00002"


# -- 成文日期 ------------------------------------------------------------------------------------------------------


def test_a_date_in_the_future_is_refused_and_tomorrow_it_is_not(desk, town):
    item = desk.draft()
    tomorrow = TODAY + timedelta(days=1)
    actor = town.actor("drafter")
    with pytest.raises(Refusal, match=r"成文日期不能晚于今天（2026年9月21日），请核对。"):
        save_draft(item.pk, {"formed_on": tomorrow}, based_on=2, actor=actor, at=AT, today=TODAY)
    save_draft(item.pk, {"formed_on": tomorrow}, based_on=2, actor=actor, at=AT, today=tomorrow)
    with pytest.raises(Refusal, match="成文或者变更日期不能晚于今天"):  # the clock was set back meanwhile
        submit(item.pk, based_on=3, actor=actor, at=AT, today=TODAY)
    version = submit(item.pk, based_on=3, actor=actor, at=AT, today=tomorrow)
    assert version.formed_on == tomorrow


def test_a_guessed_date_in_the_future_is_offered_and_refused_when_taken(at, desk):
    item = desk.draft(body="<p>各科室：</p><p>请照办。</p><p>青禾市民政局</p><p>2099年3月1日</p>")
    assert guess("各科室：\n请照办。\n青禾市民政局\n2099年3月1日").formed_on.value == date(2099, 3, 1)
    answer = at("drafter").post("guess", item.code, follow=True, take="formed_on")
    assert "成文日期不能晚于今天" in sentences(answer)
    item.draft.refresh_from_db()
    assert item.draft.formed_on == date(2026, 9, 18)


def test_an_imported_date_in_the_future_is_rejected_and_in_on_its_day():
    later = GOOD | {"date": "2026-09-22"}
    row = examine_line(1, later, today=TODAY)
    assert isinstance(row, Rejected)
    assert row.reason == "日期 2026-09-22 晚于今天，请核对。"
    assert not isinstance(examine_line(1, later, today=date(2026, 9, 22)), Rejected)


# -- a clock that steps back ---------------------------------------------------------------------------------------


def test_a_clock_that_steps_back_breaks_neither_record_nor_release(desk, town):
    item = desk.draft()
    version = desk.submit(item)
    back = AT - timedelta(days=400)  # into the year before
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer", at=back)
    release = desk.opine(version, 3, "secrecy_reviewer", at=back)
    assert (release.standing, release.item.index_number) == ("live", "900000002/2025-00001")
    again = desk.release(title="回到现在以后")
    assert again.item.index_number == "900000002/2026-00001"
    seal_all(at=AT)
    seal_all(at=back)
    assert list(verify()) == []
    page = document(release.item.index_number, on=TODAY)
    assert (page.title, page.released_at) == (version.title, back)


# -- past the last known holidays ----------------------------------------------------------------------------------

LATE = date(2026, 12, 18)
WHEN = datetime(2026, 12, 18, 10, 0, tzinfo=SHANGHAI)
# Without a notice 元旦 is the one day; the invented notice gives two more and works a Saturday before.
NOTICE_2027 = """date,kind,name
2027-01-01,off,元旦
2027-01-04,off,元旦
2027-01-05,off,元旦
2027-01-09,work,元旦
2027-02-06,off,春节
2027-04-05,off,清明节
2027-05-01,off,劳动节
2027-06-09,off,端午节
2027-09-15,off,中秋节
2027-10-01,off,国庆节
"""
BY_WEEKDAYS, BY_NOTICE = date(2027, 1, 18), date(2027, 1, 19)  # counted by hand


@pytest.fixture
def late(desk, town):
    """An item formed on 18 December 2026; its twentieth working day is in 2027."""
    item = desk.draft(title="年末形成的信息")
    save_draft(item.pk, {"formed_on": LATE}, based_on=2, actor=town.actor("drafter"), at=WHEN, today=LATE)
    item.refresh_from_db()
    return item


def test_a_due_date_in_an_unknown_year_is_by_weekdays_and_marked_on_every_screen(at, late):
    last = work_calendar().last_official_year
    assert last == 2026
    assert (late.due_on, late.due_provisional) == (BY_WEEKDAYS, True)
    shown = "1月18日"
    for screen in (("todo",), ("edit", late.code), ("item", late.code), ("submit", late.code), ("items",)):
        page = sentences(at("drafter").get(*screen))
        assert "预估" in page, screen
        assert shown in page, screen
    export = at("drafter").get("todo_export").content.decode("utf-8-sig")
    assert "年末形成的信息" in export


def test_the_notice_is_shown_first_and_then_moves_every_open_clock_with_one_fact(at, late, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(NOTICE_2027, encoding="utf-8")
    before, facts = (late.due_on, late.due_provisional), Fact.objects.count()
    seen = CliRunner().invoke(app, ["calendar", "import", str(file)], input="n\n")
    assert seen.exit_code == 1
    assert "2027年：新的安排" in seen.output
    assert "主动公开：1 项期限会变动" in seen.output
    assert "没有导入，什么也没有改变。" in seen.output
    late.refresh_from_db()
    assert ((late.due_on, late.due_provisional), Fact.objects.count()) == (before, facts)
    assert not CalendarYear.objects.exists()

    done = CliRunner().invoke(app, ["calendar", "import", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    late.refresh_from_db()
    assert (late.due_on, late.due_provisional) == (BY_NOTICE, False)
    batch = DeadlineBatch.objects.get()
    change = DeadlineChange.objects.get()
    assert (change.subject, change.old, change.new) == (f"item:{late.code}", BY_WEEKDAYS, BY_NOTICE)
    assert batch.digest == hashlib.sha256(f"item:{late.code} 2027-01-18 2027-01-19".encode()).hexdigest()
    fact = Fact.objects.get(kind="deadlines.recomputed")
    assert (fact.digest, fact.data["changes"]) == (batch.digest, 1)
    assert "预估" not in sentences(at("drafter").get("edit", late.code))


def test_a_late_amendment_of_2026_moves_only_what_is_open(desk, town, tmp_path):
    """A day of the year that is official already becomes free: open clocks go on by one day, released ones stay."""
    open_item = desk.draft(title="还没有发布")
    released = desk.release(title="已经发布").item
    before = (open_item.due_on, released.due_on)
    table = next(t for t in work_calendar().tables if t.year == 2026)
    extra = date(2026, 9, 23)
    assert work_calendar().is_workday(extra)
    rows = {mark.on: (mark.kind, mark.name) for mark in table.days} | {extra: ("off", "抗汛放假")}
    file = tmp_path / "2026.csv"
    lines = [f"{on},{kind},{name}" for on, (kind, name) in sorted(rows.items())]
    file.write_text("date,kind,name\n" + "\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    assert "2026年：修改已有的安排" in done.output
    open_item.refresh_from_db()
    released.refresh_from_db()
    assert open_item.due_on == work_calendar().add(before[0], 1)
    assert released.due_on == before[1]
    assert DeadlineChange.objects.count() == 1
    assert Release.objects.get(item=released).standing == "live"


def test_a_notice_that_says_nothing_new_leaves_no_fact(desk, tmp_path):
    desk.draft()
    table = next(t for t in work_calendar().tables if t.year == 2026)
    file = tmp_path / "2026.csv"
    file.write_text("date,kind,name\n" + "\n".join(f"{m.on},{m.kind},{m.name}" for m in table.days), encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    assert "没有一天改变" in done.output
    assert not DeadlineBatch.objects.exists()


def test_a_form_with_a_wrong_date_keeps_what_was_typed(at, desk):
    item = desk.draft()
    for value in ("2026-02-30", "明天", "9999999"):
        page = sentences(at("drafter").post("edit", item.code, **draft_form(item, formed_on=value, keywords="留着")))
        assert "日期不对，请写成 2026-10-29 或者 2026年10月29日。" in page
        assert f'value="{value}"' in page
        assert 'value="留着"' in page
    with pytest.raises(ObjectDoesNotExist):
        item.versions.get()
