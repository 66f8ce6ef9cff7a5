"""An existing site's history comes in, and never around review."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from gongkai.disclosure.actions.import_items import (
    Incoming,
    Rejected,
    begin_batch,
    examine_line,
    finish_batch,
    take_in,
)
from gongkai.disclosure.models import Draft, ImportBatch, Item, Release
from gongkai.disclosure.queries.document import document
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.scanning.lists import rules_version
from gongkai.scanning.models import Scan
from gongkai.scanning.rules import RULES_VERSION
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db

GOOD = {
    "id": "old-1", "title": "关于做好防汛工作的通知", "body": "各单位：\n\n请做好防汛工作。", "agency": "青禾市水利局",
    "date": "2021/6/3 08:00:00", "url": "http://old.example/1.html",
}  # fmt: skip
MARKED = "机密★5年\n\n关于某事的通知"
WITH_ID = "<p>获救助人身份证号码：11010519491231002X</p>"


def line(n=1, **changes):
    return examine_line(n, {**GOOD, **changes}, today=TODAY)


def take(*rows, name="old.jsonl"):
    batch = begin_batch(name, "0" * 64, at=AT)
    taken = take_in(batch, rows, at=AT)
    finish_batch(batch, rejected=len(taken.rejected), at=AT)
    return taken


def test_a_line_becomes_a_released_item():
    taken = take(line())
    assert (taken.released, taken.unreleased, taken.known, taken.rejected) == (1, 0, 0, [])
    item = Item.objects.get(external_id="old-1")
    assert (item.organ.name, item.formed_on, item.index_number) == (
        "青禾市水利局",
        date(2021, 6, 3),
        "H00000001/2026-00001",
    )
    page = document(item.index_number, on=TODAY)
    assert page.values["body"] == "<p>各单位：</p><p>请做好防汛工作。</p>"
    assert (page.imported, page.source_url, page.released_at) == (True, "http://old.example/1.html", AT)
    assert Fact.objects.filter(kind="item.released_import").count() == 1


@pytest.mark.parametrize("agency", [None, "", "未知", "来源不详", "NULL"])
def test_an_unknown_agency_and_date_are_no_reason_to_reject(agency):
    row = line(agency=agency, date=None)
    assert isinstance(row, Incoming)
    take(row)
    item = Item.objects.get()
    assert (item.organ.name, item.formed_on) == ("来源不详", None)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"id": ""}, "缺少 id"),
        ({"title": None}, "缺少标题"),
        ({"title": "长" * 301}, "最长 300 字"),
        ({"body": "  "}, "缺少正文"),
        ({"body": "字" * 1_000_001}, "字"),
        ({"body": MARKED}, "密级标志"),
        ({"title": "秘密★一年", "body": "x"}, "密级标志"),
        ({"date": "2099-01-01"}, "晚于今天"),
    ],
)
def test_a_bad_line_is_rejected_with_its_reason(changes, part):
    row = line(7, **changes)
    assert isinstance(row, Rejected)
    assert (row.line, part in row.reason) == (7, True)


@pytest.mark.parametrize("raw", [[], "x", 3, None])
def test_a_line_that_is_no_object_is_rejected(raw):
    assert isinstance(examine_line(1, raw, today=TODAY), Rejected)


def test_the_same_lines_twice_add_nothing_and_a_cut_run_goes_on():
    first, second = line(1), line(2, id="old-2", title="另一件")
    take(first)
    taken = take(first, second)
    assert (taken.released, taken.known) == (1, 1)
    assert Item.objects.count() == Release.objects.count() == 2


def test_an_id_twice_in_one_chunk_is_one_item():
    taken = take(line(1), line(2, title="同一编号"))
    assert (taken.released, taken.known, Item.objects.count()) == (1, 1, 1)


def test_a_blocked_finding_leaves_the_item_unreleased_as_a_draft():
    taken = take(line(body=WITH_ID))
    item = Item.objects.get()
    assert (taken.unreleased, item.public, item.work, item.index_number) == (1, "hidden", "drafting", None)
    assert Draft.objects.get().body == WITH_ID
    assert Release.objects.count() == 0


def test_the_lists_of_the_agency_count_for_an_import_too(settings, tmp_path):
    (tmp_path / "词表.csv").write_text("类别,词,职务,处理,说明\n负面清单,按时报送,,不得公开,\n", encoding="utf-8")
    settings.SCAN_LISTS = str(tmp_path / "词表.csv")
    taken = take(line(body="请各单位按时报送材料。"), line(2, id="old-2"))
    assert (taken.released, taken.unreleased) == (1, 1)
    assert {scan.rules_version for scan in Scan.objects.all()} == {rules_version()} != {RULES_VERSION}


def test_a_double_index_number_is_rejected_and_given_numbers_are_skipped():
    number = "H00000001/2026-00001"
    taken = take(line(1, index_number=number), line(2, id="old-2"), line(3, id="old-3", index_number=number))
    assert [r.line for r in taken.rejected] == [3]
    assert sorted(Item.objects.values_list("index_number", flat=True)) == [number, "H00000001/2026-00002"]


def test_the_database_lets_no_release_through_on_a_finished_batch():
    take(line())
    batch = ImportBatch.objects.get()
    with pytest.raises(DatabaseError, match="every opinion"):
        take_in(batch, [line(2, id="old-2")], at=AT)
    assert Item.objects.count() == 1


def test_a_line_may_name_its_column(desk, town):
    from gongkai.disclosure.actions.columns import add_column
    from gongkai.disclosure.actions.import_items import columns_by_name

    kept = {"description": "说明", "keywords": "词", "kind": "通知", "actor": town.actor("system_admin"), "at": AT}
    notices, news = add_column("tz", "通知公告", **kept), add_column("xw", "要闻", **kept)
    columns = columns_by_name()

    def column_of(raw, **more):
        return examine_line(1, raw, today=TODAY, columns=columns, **more).column

    assert column_of({**GOOD, "column": "通知公告"}) == notices
    assert column_of({**GOOD, "column": "xw"}, column="tz") == news
    assert column_of(GOOD, column="tz") == notices
    assert column_of(GOOD) is None
    # The columns of a former site need not be ours: the text comes in, and it is told which one there is not.
    other = examine_line(1, {**GOOD, "column": "没有的"}, today=TODAY, columns=columns, column="tz")
    assert (other.column, other.no_column) == (notices, "没有的")
    assert examine_line(1, {**GOOD, "column": "没有的"}, today=TODAY, columns=columns).column is None
    people = town.people
    batch = begin_batch("old.jsonl", "0" * 64, at=AT, approvers=[people["system_admin"], people["security_admin"]])
    take_in(batch, [examine_line(1, {**GOOD, "column": "tz"}, today=TODAY, columns=columns)], at=AT)
    released = Release.objects.get()
    assert (released.version.item.column, released.column_slug, released.column_kind) == (notices, "tz", "通知")


def test_in_a_running_office_two_administrators_must_agree(desk, town):
    desk.draft()
    people = town.people
    for approvers in ([], [people["system_admin"]], [people["system_admin"], people["system_admin"]],
                      [people["system_admin"], people["drafter"]]):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            begin_batch("old.jsonl", "0" * 64, at=AT, approvers=approvers)
        assert refused.value.code == "two_administrators"
    batch = begin_batch("old.jsonl", "0" * 64, at=AT, approvers=[people["system_admin"], people["security_admin"]])
    assert take_in(batch, [line()], at=AT).released == 1


def test_the_database_refuses_a_batch_without_two_administrators(desk):
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportBatch.objects.create(source_name="x", source_digest="0" * 64, fresh=False, begun_at=AT)


def test_html_of_the_old_site_is_cleaned():
    take(
        line(
            body='<div onclick="x()"><script>alert(1)</script><p style="color:red">正文<a href="javascript:x">链接</a></p></div>'
        )
    )
    assert document("H00000001/2026-00001", on=TODAY).values["body"] == "<p>正文链接</p>"


def test_the_command_takes_a_messy_file_and_ends_with_every_line_in_or_rejected(tmp_path):
    """The real command in an empty home: bad lines stop nothing, the reject file names them, a second run adds nothing."""
    lines = [
        json.dumps({**GOOD, "id": f"n{n}", "title": f"第{n}号通知"}, ensure_ascii=False).encode() for n in range(3)
    ]
    lines += [
        b"{broken",
        b"",
        json.dumps({**GOOD, "id": "gb", "title": "国标编码的通知"}, ensure_ascii=False).encode("gb18030"),
    ]
    lines += [json.dumps({"id": "x"}).encode(), b"\xff\xfe\xff"]
    file = tmp_path / "old.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    environment = {
        **os.environ, "GONGKAI_HOME": str(tmp_path / "home"), "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test", "PYTHONPATH": str(settings.BASE_DIR),
    }  # fmt: skip

    def gongkai(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "gongkai", *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    gongkai("migrate")
    assert "已发布 4 条，待处理 0 条，已在系统中 0 条，未导入 4 条" in gongkai("import", "items", str(file))
    rejects = [json.loads(row) for row in (tmp_path / "old.jsonl.rejects.jsonl").read_text().splitlines()]
    assert [row["line"] for row in rejects] == [4, 5, 7, 8]
    assert all(row["reason"] for row in rejects)
    assert "已发布 0 条，待处理 0 条，已在系统中 4 条，未导入 4 条" in gongkai("import", "items", str(file))
    found = json.loads(gongkai("search", "国标编码", "--json"))
    assert [row["external_id"] for row in found] == ["gb"]
    assert set(found[0]) == {
        "rank", "score", "index_number", "external_id", "title", "agency", "released_at", "url",
    }  # fmt: skip
    assert "记录完整" in gongkai("audit", "verify")
