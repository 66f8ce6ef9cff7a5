"""The catalogue as a table: merged cells, ticks, encodings; refused whole with every problem; the same out again."""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import Workbook

from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.tree_sheet import BadTable
from gongkai.disclosure.actions.columns import add_column, change_column
from gongkai.disclosure.actions.import_catalogue import (
    channel_labels,
    check_catalogue,
    guess_heading,
    import_catalogue,
    sheet_rows,
)
from gongkai.disclosure.catalogue_sheet import SheetRow, read_sheet, write_csv, write_xlsx
from gongkai.disclosure.models import Catalogue, CatalogueEntry, Column
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT

ROOT = Path(__file__).resolve().parents[2]
TOP = ["序号", "公开事项", "", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体",
       "公开对象", "", "公开方式", "", "公开层级", ""]  # fmt: skip
LOW = ["", "一级事项", "二级事项", "", "", "", "", "", "全社会", "特定群体", "主动", "依申请公开", "县级", "乡级"]
AID = ["1", "社会救助", "临时救助对象名单", "名单、金额", "《社会救助暂行办法》", "信息形成之日起7个工作日内", "青禾市民政局",
       "■政府网站 □政府公报 ■两微一端", "√", "", "√", "", "√", "√"]  # fmt: skip
POLICY = ["2", "社会救助", "救助政策", "文件全文", "", "及时", "市民政局", "政府网站、公开查阅点", "", "申请人", "", "是", "√", ""]  # fmt: skip


def workbook(*rows, merge=(), title_rows=()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (*title_rows, *rows):
        sheet.append([value or None for value in row])
    for block in merge:
        sheet.merge_cells(block)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comma(*rows, encoding="utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def row(**changes) -> SheetRow:
    plain = SheetRow(
        line=3, serial="1", level1="社会救助", level2="临时救助", content="名单", basis="", limit="20个工作日内",
        subject="青禾市民政局", channels="政府网站", audience="全社会", method="主动", level="县级",
    )  # fmt: skip
    return replace(plain, **changes)


def problems(*rows, **options) -> list[str]:
    with pytest.raises(BadTable) as bad:
        check_catalogue(rows, **options)
    return [str(problem) for problem in bad.value.problems]


# -- reading --------------------------------------------------------------------------------------


def test_workbook_with_title_rows_two_header_rows_and_merged_cells():
    data = workbook(
        TOP, LOW, AID, ["2", "", *POLICY[2:]],
        title_rows=[["青禾市社会救助领域基层政务公开标准目录"], ["2026年版"]],
        merge=("A1:N1", "B3:C3", "I3:J3", "K3:L3", "M3:N3", "A3:A4", "D3:D4", "E3:E4", "B5:B6"),
    )  # fmt: skip
    sheet = read_sheet(data, "目录.xlsx")
    assert sheet.problems == ()
    assert sheet.rows == (
        SheetRow(
            line=5, serial="1", level1="社会救助", level2="临时救助对象名单", content="名单、金额",
            basis="《社会救助暂行办法》", limit="信息形成之日起7个工作日内", subject="青禾市民政局",
            channels="■政府网站 □政府公报 ■两微一端", audience="全社会", method="主动", level="县级、乡级",
        ),
        SheetRow(
            line=6, serial="2", level1="社会救助", level2="救助政策", content="文件全文", basis="", limit="及时",
            subject="市民政局", channels="政府网站、公开查阅点", audience="特定群体（申请人）", method="依申请公开",
            level="县级",
        ),
    )  # fmt: skip


def test_a_column_of_no_meaning_merged_over_both_header_rows_is_told():
    data = workbook([*TOP, "备注"], [*LOW, ""], [*AID, "无"], merge=("A1:A2", "B1:C1", "O1:O2"))
    sheet = read_sheet(data, "目录.xlsx")
    assert (sheet.problems, sheet.ignored, [r.line for r in sheet.rows]) == ((), ("备注",), [3])


def test_one_header_row_without_groups():
    header = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "全社会",
              "特定群体", "主动", "依申请", "县级", "乡级"]  # fmt: skip
    sheet = read_sheet(comma(header, AID), "目录.csv")
    assert sheet.problems == ()
    assert [(r.audience, r.method, r.level, r.line) for r in sheet.rows] == [("全社会", "主动", "县级、乡级", 2)]


def test_words_instead_of_ticks_and_a_third_level():
    header = ["序号", "一级事项", "二级事项", "三级事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体",
              "公开渠道和载体", "公开对象", "公开方式", "公开层级", "公开类别", "栏目", "联系人"]  # fmt: skip
    values = [
        "1",
        "救助",
        "低保",
        "审核",
        "名单",
        "",
        "实时",
        "QH-MZ",
        "政府网站",
        "全社会",
        "主动公开",
        "区级",
        "20-11",
        "救助",
    ]
    sheet = read_sheet(comma(header, [*values, "张某"]), "目录.csv")
    assert (sheet.problems, sheet.ignored) == ((), ("联系人",))
    assert (sheet.rows[0].level2, sheet.rows[0].heading, sheet.rows[0].column) == ("低保／审核", "20-11", "救助")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_a_clerk_may_send(encoding):
    sheet = read_sheet(comma(TOP, LOW, AID, encoding=encoding), "目录.csv")
    assert [r.subject for r in sheet.rows] == ["青禾市民政局"]


@pytest.mark.parametrize(
    ("tick", "audience"),
    [("√", "全社会"), ("■", "全社会"), ("是", "全社会"), ("✓", "全社会"), ("□", ""), ("否", ""), ("", "")],
)
def test_ticks(tick, audience):
    values = [*AID[:8], tick, *AID[9:]]
    assert read_sheet(comma(TOP, LOW, values), "目录.csv").rows[0].audience == audience


def test_notes_and_domain_titles_are_not_rows_but_lonely_cells_are():
    wide = workbook(TOP, LOW, ["一、社会救助"], AID, ["", "", "", "只写了内容"], ["注：本目录自印发之日起施行"],
                    merge=("A3:N3", "B1:C1"))  # fmt: skip
    assert [r.line for r in read_sheet(wide, "目录.xlsx").rows] == [4, 5]


def test_missing_columns_are_all_told():
    header = ["序号", "一级事项", "公开内容", "公开时限", "公开主体"]
    sheet = read_sheet(comma(header, ["1", "救助", "名单", "实时", "青禾市民政局"]), "目录.csv")
    assert [str(p) for p in sheet.problems] == [
        f"第 1 行：缺少“{label}”一列，请补上后再导入。"
        for label in ("公开依据", "公开渠道和载体", "公开对象", "公开方式", "公开层级")
    ]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\xff\xfe\x00\xd8\x01", "x.csv", "编码无法识别"),
        (b"PK\x03\x04 not a workbook", "x.xlsx", ""),
        ("甲,乙\n1,2\n".encode(), "x.csv", "找不到表头"),
        (b"anything", "x.xls", "应当是 .xlsx 或者 .csv"),
        (comma(TOP, LOW), "x.csv", "表头下面没有内容"),
        ('序号,"没有收尾'.encode() + b"x" * 200_000, "x.csv", "不是完整的 CSV"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, name, words):
    sheet = read_sheet(data, name)
    assert sheet.rows == ()
    assert len(sheet.problems) == 1
    assert words in str(sheet.problems[0])


# -- checking -------------------------------------------------------------------------------------


def test_every_problem_is_told_by_line_and_nothing_is_written(town):
    rows = [
        row(),
        row(line=4, subject="青禾市水务局", serial="2"),
        row(line=5),
        row(line=6, limit="见附件", serial="x"),
        row(
            line=7, serial="7", limit="40个工作日", audience="", method="随意", level="省级", heading="99", column="无"
        ),
        row(line=8, serial="", level1="", content="", subject="", limit=""),
    ]
    told = problems(*rows)
    assert told == [
        "第 4 行：没有名为“青禾市水务局”的机关。请改为系统里的机关名称、简称或者代码，或者先登记这个机关。",
        "第 5 行：序号 1 与第 3 行重复。",
        "第 6 行：序号“x”不是正整数。",
        "第 6 行：看不懂公开时限“见附件”。请写成“信息形成或者变更之日起20个工作日内”这样的说法。",
        "第 7 行：公开时限“40个工作日”超过20个工作日，请改短，或者写明另有规定的法律、法规名称和条款。",
        "第 7 行：没有勾选公开对象（全社会或者特定群体）。",
        "第 7 行：公开方式应当是“主动”或者“依申请公开”，现在是“随意”。",
        "第 7 行：公开层级应当是市级、县级、乡级、村级，现在是“省级”。",
        "第 7 行：没有“99”这个公开类别。请填《政府信息公开条例》第二十条的项，例如 20-01，或者留空。",
        "第 7 行：没有名为“无”的栏目。请先设立栏目，或者留空。",
        "第 8 行：没有写序号。",
        "第 8 行：没有写一级事项。",
        "第 8 行：没有写公开内容。",
        "第 8 行：没有写公开主体。",
        "第 8 行：没有写公开时限。",
    ]
    with pytest.raises(BadTable):
        import_catalogue(rows, year=2026, source_digest="", actor=SYSTEM, at=AT)
    assert (Catalogue.objects.count(), CatalogueEntry.objects.count()) == (0, 0)
    assert not Fact.objects.filter(kind="catalogue.imported").exists()


def test_what_was_guessed_is_told(town):
    checked = check_catalogue(
        [row(limit="及时"), row(line=4, serial="2", level1="杂项", level2="", method="主动、依申请公开")]
    )
    assert [str(note) for note in checked.notes] == [
        "第 3 行：公开时限“及时”：“及时”没有写天数，按第二十六条最长20个工作日计。",
        "第 3 行：没有写公开类别，按事项名称归入“教育、医疗、社保、就业政策”，请核对。",
        "第 4 行：没有写公开类别，按事项名称归入“法律法规规定的其他信息”，请核对。",
        "第 4 行：公开方式两项都勾了，按主动公开处理。",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("行政许可 办理结果", "20-05"), ("行政处罚 处罚决定", "20-06"), ("财政预决算 部门预算", "20-07"),
        ("应急管理 应急预案", "20-12"), ("双随机 抽查结果", "20-13"), ("政策文件 规范性文件", "20-01"),
        ("义务教育 招生入学", "20-11"), ("无从归类", "20-15"),
    ],
)  # fmt: skip
def test_headings_are_guessed_from_the_words(words, code):
    assert guess_heading(words) == code


def test_channels_are_put_in_the_words_of_the_form_and_unknown_ones_kept():
    assert channel_labels("■门户网站 □政府公报 ■村公示栏 ■其他（12345热线）") == [
        "政府网站", "社区/企事业单位/村公示栏(电子屏)", "其他（12345热线）",
    ]  # fmt: skip
    assert channel_labels("政府网站、信用中国") == ["政府网站", "信用中国"]


def test_a_whole_file_may_be_given_to_one_organ(town):
    generic = row(subject="县级民政部门、乡镇人民政府")
    assert problems(generic)[0].startswith("第 3 行：没有名为“县级民政部门")
    checked = check_catalogue([generic], organ=town.organ)
    assert {o.code: len(rows) for o, rows in checked.entries.items()} == {"QH-MZ": 1}


# -- writing --------------------------------------------------------------------------------------


def test_a_new_import_is_a_new_revision_and_items_keep_their_entry(desk, town):
    first = import_catalogue([row()], year=2025, source_digest="a" * 64, actor=SYSTEM, at=AT)[0]
    entry = first.entries.get()
    item = desk.draft()
    item.entry = entry
    item.save()
    again = [row(), row(serial="2", line=4, subject="青禾市教育局")]
    second = import_catalogue(again, year=2026, source_digest="b" * 64, actor=SYSTEM, at=AT)
    third = import_catalogue([row(content="名单和金额")], year=2026, source_digest="c" * 64, actor=SYSTEM, at=AT)
    assert [(c.organ.code, c.year, c.revision) for c in second] == [("QH-MZ", 2026, 1), ("QH-JY", 2026, 1)]
    assert [(c.organ.code, c.year, c.revision) for c in third] == [("QH-MZ", 2026, 2)]
    current = Catalogue.objects.filter(current=True).order_by("organ__code")
    assert [(c.organ.code, c.revision) for c in current] == [("QH-JY", 1), ("QH-MZ", 2)]
    item.refresh_from_db()
    assert item.entry == entry
    facts = Fact.objects.filter(kind="catalogue.imported").order_by("id")
    assert [(f.organ_code, f.data) for f in facts] == [
        ("QH-MZ", {"year": 2025, "revision": 1, "entries": 1}),
        ("QH-MZ", {"year": 2026, "revision": 1, "entries": 1}),
        ("QH-JY", {"year": 2026, "revision": 1, "entries": 1}),
        ("QH-MZ", {"year": 2026, "revision": 2, "entries": 1}),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_comes_back_the_same(town, form):
    add_column("jiuzhu", "社会救助", description="救助政策和名单", keywords="救助", kind="公示", actor=SYSTEM, at=AT)
    given = [
        row(
            serial="1", level2="临时救助\n对象", content="=名单、金额、“引号”\"和,逗号", basis="-《办法》", column="jiuzhu",
            channels="政府网站、其他（12345热线）", audience="全社会、特定群体（申请人、家属）", level="县级、乡级、村级",
        ),
        row(serial="12", level2="", limit="每年3月底前", method="依申请公开", audience="特定群体", heading="20-15"),
    ]  # fmt: skip
    made = import_catalogue(given, year=2026, source_digest="", actor=SYSTEM, at=AT)[0]
    out = sheet_rows(made)
    data = write_csv(out) if form == "csv" else write_xlsx(out, title="青禾市民政局公开事项目录")
    if form == "csv":
        cells = [cell for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in line]
        assert [cell for cell in cells if cell.startswith(("=", "-", "+", "@"))] == [], (
            "no formula for an office program"
        )
    back = read_sheet(data, f"目录.{form}")
    assert back.problems == back.ignored == ()
    assert [replace(r, line=0) for r in back.rows] == out
    again = import_catalogue(back.rows, year=2026, source_digest="", actor=SYSTEM, at=AT)[0]
    assert sheet_rows(again) == out
    assert [(e.limit_kind, e.limit_n) for e in again.entries.all()] == [("working_days", 20), ("month_end", 3)]


def test_only_the_system_administrator_and_a_sensible_year(town):
    for who, year, code in (("drafter", 2026, "not_system_admin"), ("system_admin", 1999, "catalogue_year")):
        with pytest.raises(Refusal) as refused:
            import_catalogue([row()], year=year, source_digest="", actor=town.actor(who), at=AT)
        assert refused.value.code == code
    assert import_catalogue([row()], year=2026, source_digest="", actor=town.actor("system_admin"), at=AT)


# -- columns --------------------------------------------------------------------------------------


def test_columns_are_kept_by_the_system_administrator_and_complete(town):
    told = {"description": "政策", "keywords": "政策", "kind": "政策", "at": AT}
    admin = town.actor("system_admin")
    column = add_column("zhengce", "政策文件", actor=admin, **told)
    for slug, name, changes, code in (
        ("zhengce", "重复", {}, "column_taken"),
        ("b", "", {}, "column_incomplete"),
        ("b", "乙", {"keywords": " "}, "column_incomplete"),
        ("b", "乙", {"kind": "新闻"}, "column_kind"),
    ):
        with pytest.raises(Refusal) as refused:
            add_column(slug, name, actor=admin, **(told | changes))
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        add_column("c", "丙", actor=town.actor("drafter"), **told)
    assert refused.value.code == "not_system_admin"
    change_column(column, name="政策法规", actor=admin, at=AT)
    with pytest.raises(ValueError, match="slug"):
        change_column(column, slug="other", actor=admin, at=AT)
    assert list(Column.objects.values_list("slug", "name")) == [("zhengce", "政策法规")]
    assert list(Fact.objects.filter(subject="column:zhengce").values_list("kind", flat=True)) == [
        "column.added", "column.changed",
    ]  # fmt: skip


# docs/howto/add-a-catalogue-column.md ------------------------------------------------------------


def test_a_column_is_added_as_the_page_says():
    """The lines of the page, put where it says, make a form that reads and writes the new column."""
    page = (ROOT / "docs" / "howto" / "add-a-catalogue-column.md").read_text(encoding="utf-8")
    column, field, model, value, export = re.findall(r"```python\n(.*?\n)```", page, re.DOTALL)

    sheet = after(
        source("gongkai/disclosure/catalogue_sheet.py"),
        ('    _Column("column", "栏目", re.compile(r"^(公开)?栏目$"), required=False),\n', column),
        ('    column: str = ""\n', field),
    )
    names = ModuleType("widened_sheet")
    sys.modules[names.__name__] = names
    try:
        exec(sheet, names.__dict__)
    finally:
        del sys.modules[names.__name__]
    told = asdict(row()) | {"line": 0, "contact": "（0000）6600 0201"}
    for form in ("csv", "xlsx"):
        written = [names.SheetRow(**told)]
        data = names.write_csv(written) if form == "csv" else names.write_xlsx(written, title="目录")
        back = names.read_sheet(data, f"目录.{form}")
        assert [replace(r, line=0) for r in back.rows] == written
        assert read_sheet(data, f"目录.{form}").ignored == ("咨询电话",)

    models = source("gongkai/disclosure/models/catalogue.py")
    place = re.search(r"    column = models\.ForeignKey\(.*\n", models)
    compile(after(models, (place.group(), model)), "models", "exec")
    action = source("gongkai/disclosure/actions/import_catalogue.py")
    last_value = '"column": columns.get(row.column),\n'
    last_export = 'column=e.column.slug if e.column else "",\n'
    compile(after(action, (last_value, value), (last_export, export)), "action", "exec")


def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def after(text: str, *changes: tuple[str, str]) -> str:
    for place, line in changes:
        assert text.count(place) == 1, place
        text = text.replace(place, place + line)
    return text
