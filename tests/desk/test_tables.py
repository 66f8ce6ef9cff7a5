"""Tables for download and the lists they come from."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from gongkai.chinese.cells import safe_cell as cell
from tests.conftest import AT, TODAY
from tests.desk.conftest import sentences


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+86 123", "'+86 123"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("平常的标题", "平常的标题"),
        (None, ""),
        (12, "12"),
    ],
)
def test_what_a_spreadsheet_would_compute_becomes_text(value, written):
    assert cell(value) == written


def rows_of(response) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_exported_to_do_list_has_the_rows_of_the_screen(at, desk):
    desk.draft(title='=cmd|"/C calc"!A1')
    desk.submit(desk.draft(title="第二件"))
    rows = rows_of(at("leader").get("todo_export"))
    assert [row[2] for row in rows[1:]] == ['\'=cmd|"/C calc"!A1', "第二件"]
    assert [row[5] for row in rows[1:]] == ["拟稿", "科室初审"]
    mine = rows_of(at("section_reviewer").get("todo_export", tab="mine"))
    assert [row[2] for row in mine[1:]] == ["第二件"]
    assert rows_of(at("other_drafter").get("todo_export"))[1:] == []


def test_the_to_do_list_groups_by_the_statutory_day(at, desk):
    desk.draft(title="早已到期", formed_on=None)
    late = desk.draft(title="逾期的")
    late.refresh_from_db()
    text = sentences(at("drafter").get("todo"))
    assert "已逾期" in text
    assert "没有期限" in text
    assert f"/desk/items/{late.code}/edit/" in text
    waiting = sentences(at("section_reviewer").get("todo", tab="mine"))
    assert "没有等您办理的事项。" in waiting


def test_what_i_did_is_kept_in_its_own_tab(at, desk):
    item = desk.draft(title="办过的一件")
    version = desk.submit(item)
    assert "您还没有办过事项。" in sentences(at("section_reviewer").get("todo", tab="past"))
    at("section_reviewer").post("opine", item.code, 1, verdict="approve", digest=version.digest)
    assert "办过的一件" in sentences(at("section_reviewer").get("todo", tab="past"))


def test_coverage_names_the_gap_and_starts_the_draft(at, desk, town):
    from gongkai.disclosure.models import Catalogue, CatalogueEntry, Item

    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    entry = CatalogueEntry.objects.create(
        catalogue=catalogue, serial=1, level1="社会救助", level2="临时救助", content="名单", limit_text="7个工作日内",
        limit_kind="working_days", limit_n=7, subject_text="民政局", audience="公众", method="proactive", level="市级",
        heading="20-11",
    )  # fmt: skip
    drafter = at("drafter")
    page = sentences(drafter.get("coverage"))
    assert "公开目录 1 项，1 项没有已发布的信息" in page
    assert f"/desk/new/?entry={entry.pk}" in page
    assert "社会救助／临时救助" not in sentences(at("other_drafter").get("coverage"))
    drafter.post("new", section=town.section.pk, title="临时救助", entry=entry.pk, heading="")
    assert (Item.objects.get().entry_id, Item.objects.get().heading) == (entry.pk, "20-11")
    from gongkai.disclosure.actions.save_draft import save_draft

    made = Item.objects.get()
    assert "超过目录时限" not in sentences(drafter.get("coverage"))
    save_draft(made.pk, {"formed_on": date(2026, 9, 1)}, based_on=1, actor=town.actor("drafter"), at=AT, today=TODAY)
    assert "超过目录时限、还没有发布的" in sentences(drafter.get("coverage"))
    assert "超过目录时限" not in sentences(at("other_drafter").get("coverage"))
    assert rows_of(drafter.get("coverage", export="1"))[1][2:5] == ["社会救助", "临时救助", "7个工作日内"]


def test_a_correction_request_is_answered_once(at, desk):
    from gongkai.disclosure.actions.corrections import ask_correction

    release = desk.release()
    asked = ask_correction(release.item, "correct", contact="测试电话", words="姓名有误。", at=AT)
    browser = at("compliance_reviewer")
    assert "姓名有误。" in sentences(browser.get("correction", asked.pk))
    assert browser.post("correction", asked.pk, answer="已核实并修订。").status_code == 302
    again = browser.post("correction", asked.pk, answer="再办一次")
    assert "没有重复办理" in sentences(again)
    asked.refresh_from_db()
    assert asked.answer == "已核实并修订。"


def test_a_text_that_is_out_in_an_emergency_is_not_called_late(at, desk):
    item = desk.draft(title="山洪预警")
    version = desk.submit(item)
    officer = at("emergency_officer")
    officer.post("emergency", item.code, digest=version.digest, reason="山洪预警", declare="1")
    assert "逾期" in sentences(officer.get("todo", tab="others"))
    at("secrecy_reviewer").post("opine", item.code, 3, verdict="approve", digest=version.digest)
    officer.post("emergency", item.code, digest=version.digest, release="1")
    rows = rows_of(at("leader").get("todo_export"))
    assert [row[:3] for row in rows[1:]] == [["", "意见待补", "山洪预警"]]
