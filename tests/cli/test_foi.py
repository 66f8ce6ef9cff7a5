"""`gongkai foi …` and `gongkai report requests`, as a clerk runs them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.foi.models import Applicant, Consultation, FoiRequest, Outcome
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.sealed import particulars, text_of, wish
from gongkai.foi.register_sheet import HEAD, BadLine, BadRegister, old_case, read_register
from gongkai.ledger.models import Fact
from tests.foi.conftest import counter, office  # noqa: F401 -- fixtures

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
PAGE = (HOWTO / "import-old-requests.md").read_text(encoding="utf-8")
SAMPLE = re.findall(r"```csv\n(.*?)```", PAGE, re.S)[0]
D = date


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def file(office, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "register.csv"
    path.write_text(SAMPLE, encoding="gb18030")
    return path


def sheet(path: Path, *rows: dict[str, str]) -> Path:
    """A register with these lines, over one that can come in."""
    whole = {"申请人类别": "自然人", "申请人": "甲某", "所需信息": "某项目批复", "提交方式": "当面"}
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD)
    writer.writeheader()
    writer.writerows({"登记号": str(n), "提交日期": "2025-03-03"} | whole | row for n, row in enumerate(rows, start=1))
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def rejected(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1:]


def test_the_example_of_the_page_says_what_the_page_says(file):
    consoles = re.findall(r"\$ \.venv/bin/gongkai (foi import .*?)\n(.*?)```", PAGE, re.S)
    assert len(consoles) == 2
    for command, said in consoles:
        done = run(*command.replace("LH-MZ", "QH-MZ").split())
        assert (done.exit_code, done.stdout) == (1, said), done.output
        assert FoiRequest.objects.count() == (0 if "--dry-run" in command else 3)
    assert rejected(Path("register.csv.rejects.csv")) == [
        ["5", "2025-004", "平信、传真、网上提交的要写确认收到日期（双方确认之日）。有答复的要写送达方式（当面、邮寄、网上、快递）。"],
    ]  # fmt: skip


def test_what_came_in_is_what_law_says_of_it(file):
    assert run("foi", "import", file, "--agency", "QH-MZ").exit_code == 1
    first, second, third = FoiRequest.objects.order_by("pk")
    assert [c.number for c in (first, second, third)] == [f"QH-MZ-2025-0000{n}" for n in (1, 2, 3)]
    assert [c.state for c in (first, second, third)] == ["closed", "replied", "given_up"]
    assert [(o.report_row, o.column, o.decided_on) for o in Outcome.objects.order_by("pk")] == [
        ("granted", "natural", D(2025, 3, 20)),
        ("denied_4", "enterprise", D(2025, 4, 28)),
        ("other_1", "natural", D(2025, 5, 26)),
    ]
    assert (particulars(first.applicant).phone, wish(first).name) == ("13900000001", "2024年临时救助资金发放明细")
    assert (first.closed_on, first.received_on, first.due_on) == (D(2025, 3, 31), D(2025, 3, 3), D(2025, 3, 31))
    for case in (first, second, third):
        clock = clock_of(case, D(2025, 6, 1))
        assert (case.due_on, case.clock_status, case.received_on) == (clock.due_on, clock.status, clock.received_on)
    note = first.notes.get()
    assert text_of(first.key, note.text, "note.text") == "原登记号：2025-001"
    facts = Fact.objects.filter(subject=first.subject).order_by("id").values_list("kind", flat=True)
    assert list(facts) == ["foi.taken_over", "foi.closed"]


def test_a_second_import_adds_nothing(file):
    run("foi", "import", file, "--agency", "QH-MZ")
    before = (FoiRequest.objects.count(), Fact.objects.count())
    again = run("foi", "import", file, "--agency", "QH-MZ")
    assert "已导入 0 件，已在系统中 3 件，未导入 1 件。" in again.stdout
    assert (FoiRequest.objects.count(), Fact.objects.count()) == before
    file.write_text(SAMPLE.replace("救助物资采购合同", "别的合同"), encoding="utf-8")
    assert "已导入 0 件，已在系统中 2 件，未导入 2 件。" in run("foi", "import", file, "--agency", "QH-MZ").stdout
    assert "这个登记号以前导入过，内容不同" in rejected(Path("register.csv.rejects.csv"))[0][2]


def test_the_same_register_number_of_another_organ_is_another_request(file):
    run("foi", "import", file, "--agency", "QH-MZ")
    assert "已导入 3 件" in run("foi", "import", file, "--agency", "QH-JY").stdout


def test_open_requests_go_on_where_they_stand(office, tmp_path):  # noqa: F811
    today = D.today()
    path = sheet(
        tmp_path / "open.csv",
        {"提交日期": str(today)},
        {"提交日期": str(today), "补正告知日期": str(today), "补正期限": str(today.replace(year=today.year + 1))},
        {"提交日期": str(today), "第三方": "某公司", "征求意见日期": str(today)},
    )
    done = run("foi", "import", path, "--agency", "QH-MZ", "--reject", tmp_path / "r.csv")
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "r.csv").exists()
    states = list(FoiRequest.objects.order_by("pk").values_list("state", "clock_status"))
    assert [s for s, _ in states] == ["in_progress", "awaiting_clarification", "in_progress"]
    asked = Consultation.objects.select_related("request__key").get()
    assert text_of(asked.request.key, asked.party, "consultation.party") == "某公司"
    assert (asked.asked.step, asked.answered) == ("third_party_asked", None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"提交日期": "2025-02-30"}, "提交日期“2025-02-30”不是日期"),
        ({"提交日期": "2049-01-05"}, "还没有收到申请"),
        ({"提交日期": "2006-01-05"}, "早于工作日历的起始年"),
        ({"申请人类别": "企业"}, "申请人类别“企业”不认得"),
        ({"申请人": ""}, "没有填写申请人。"),
        ({"登记号": ""}, "没有填写登记号。"),
        ({"补正收到日期": "2025-03-09"}, "没有写补正告知日期"),
        ({"补正告知日期": "2025-03-01", "补正期限": "2025-03-20", "补正收到日期": "2025-03-09"}, "早于收到申请之日"),
        ({"结果": "R3", "办结日期": "2025-03-20", "送达方式": "邮寄"}, "要写不公开情形"),
        ({"结果": "R2", "办结日期": "2025-03-20", "送达方式": "飞鸽"}, "送达方式“飞鸽”不认得"),
        ({"结果": "R2", "不公开情形": "G15", "办结日期": "2025-03-20", "送达方式": "邮寄"}, "请清空这一格"),
        ({"结果": "R2", "送达方式": "邮寄"}, "没有写办结日期"),
        ({"结果": "R2", "办结日期": "2025-03-01", "送达方式": "邮寄"}, "有日期晚于办结日期"),
        ({"结果": "R13", "办结日期": "2025-03-20"}, "期限还没有届满"),
        ({"补正告知日期": "2025-03-05", "补正期限": "2025-03-20"}, "请在结果一列写明逾期不补正（R13）"),
        ({"补正告知日期": "2025-03-05", "补正期限": "2025-03-20", "结果": "R14", "办结日期": "2025-03-24"}, "与结果不符"),
        ({"延长告知日期": "2025-03-05", "延长工作日": "二十"}, "延长工作日应当是数字"),
        ({"归档日期": "2025-03-05"}, "没有结果的申请不能归档"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_so_says_why(office, tmp_path, row, reason):  # noqa: F811
    path = sheet(tmp_path / "bad.csv", row, {})
    done = run("foi", "import", path, "--agency", "QH-MZ", "--reject", tmp_path / "r.csv")
    assert "已导入 1 件，已在系统中 0 件，未导入 1 件。" in done.stdout, done.output
    assert done.exit_code == 1
    ((line, _, said),) = rejected(tmp_path / "r.csv")
    assert line == "2"
    assert reason in said
    assert FoiRequest.objects.count() == 1, "the line that was refused left something behind"


def test_a_late_act_of_the_past_is_a_fact_and_has_no_effect(office, tmp_path):  # noqa: F811
    late = {"补正告知日期": "2025-04-01", "补正期限": "2025-04-20", "补正收到日期": "2025-04-10"}
    path = sheet(tmp_path / "late.csv", late | {"结果": "R2", "办结日期": "2025-05-30", "送达方式": "快递"})
    assert run("foi", "import", path, "--agency", "QH-MZ").exit_code == 0
    case = FoiRequest.objects.get()
    assert (case.state, case.due_on, case.clock_status) == ("replied", D(2025, 3, 31), "late")
    assert {v.code for v in clock_of(case, D(2025, 6, 1)).violations} == {"clarification_late", "courier"}


def test_formulas_stay_text_in_the_reject_file(office, tmp_path):  # noqa: F811
    formula = '=HYPERLINK("http://x")'
    path = sheet(tmp_path / "formula.csv", {"登记号": formula, "申请人类别": formula}, {"登记号": "+1", "申请人": ""})
    run("foi", "import", path, "--agency", "QH-MZ", "--reject", tmp_path / "r.csv")
    rows = rejected(tmp_path / "r.csv")
    assert [row[1] for row in rows] == [f"'{formula}", "'+1"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_reject_file_holds_nothing_of_the_applicant(office, tmp_path):  # noqa: F811
    path = sheet(tmp_path / "p.csv", {"申请人": "欧阳测试", "电话": "13900001234", "提交日期": "x"})
    run("foi", "import", path, "--agency", "QH-MZ", "--reject", tmp_path / "r.csv")
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert "欧阳测试" not in text
    assert "13900001234" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("登记号,申请人\n1,甲\n", "表头缺少"),
        ("", "表头缺少"),
        (SAMPLE.replace("登记号", "登记号,备注", 1), "不认得的列：备注"),
        (SAMPLE.replace("登记号", "登记号,登记号", 1), "重复的列名"),
    ],
)
def test_a_file_that_is_no_register_is_refused_whole(file, text, said):
    file.write_text(text, encoding="utf-8")
    done = run("foi", "import", file, "--agency", "QH-MZ")
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_mistakes_on_the_command_line(file, office):  # noqa: F811
    for arguments, said in (
        (("missing.csv", "--agency", "QH-MZ"), "找不到文件"),
        ((file, "--agency", "NOWHERE"), "没有代码为 NOWHERE 的机关"),
        ((file, "--agency", "QH-MZ", "--reject", file), "--reject 不能是要导入的文件"),
        ((file, "--agency", "QH-MZ", "--by", "T001"), "没有在这个机关经办申请的岗位"),
    ):
        done = run("foi", "import", *arguments)
        assert (done.exit_code, said in done.stderr) == (2, True), done.output
    assert run("foi", "import", file, "--agency", "QH-MZ", "--by", "F001").exit_code == 1
    assert set(Fact.objects.filter(kind="foi.taken_over").values_list("actor_code", flat=True)) == {
        Fact.objects.filter(kind="foi.closed").get().actor_code
    }


def test_the_columns_of_the_page_are_the_columns_read():
    rows = re.findall(r"^\| ([^|]+?) \|([^|]*)\|", PAGE, re.M)[2:]
    told = {name: needed.strip() == "是" for names, needed in rows for name in names.split("、")}
    assert told == HEAD


def test_a_sheet_is_read_without_law_or_database():
    (line, values), *_ = read_register(SAMPLE)
    assert line == 2
    assert old_case(values).steps[-1].step == "replied"
    with pytest.raises(BadLine, match="没有填写申请人"):
        old_case(values | {"申请人": " "})
    with pytest.raises(BadRegister):
        list(read_register('登记号,"'))


# due, rotate-keys ---------------------------------------------------------------------------------------------------


def test_who_must_act(counter):  # noqa: F811
    counter.day = D.today()
    late = counter.case()
    FoiRequest.objects.filter(pk=late.pk).update(due_on=late.due_on)
    assert "5 个工作日内没有到期的申请。" in run("foi", "due").stdout
    done = run("foi", "due", "--within", 20, "--agency", "QH-MZ")
    first, last = done.stdout.splitlines()
    assert first.split("\t")[:4] == [late.number, counter.town.organ.label, "办理中", "依申请公开经办人"]
    assert "剩余20个工作日" in first
    assert last == "20 个工作日内应当办理 1 件，其中已逾期 0 件。"
    assert "没有到期的申请" in run("foi", "due", "--within", 20, "--agency", "QH-JY").stdout
    counter.submit(late)
    assert run("foi", "due", "--within", 20).stdout.split("\t")[3] == "科室审核"
    assert run("foi", "due", "--agency", "NOWHERE").exit_code == 2


def test_keys_are_rotated(counter, settings):  # noqa: F811
    from tests.foi.conftest import KEY_A, KEY_B

    settings.FOI_DATA_KEYS = KEY_A
    case = counter.case()
    settings.FOI_DATA_KEYS = f"{KEY_B},{KEY_A}"
    done = run("foi", "rotate-keys")
    assert "已换到主密钥 b，共 2 个数据密钥。" in done.stdout, done.output
    settings.FOI_DATA_KEYS = KEY_B
    assert particulars(FoiRequest.objects.get(pk=case.pk).applicant).name == "欧阳测试"
    settings.FOI_DATA_KEYS = ""
    assert run("foi", "rotate-keys").exit_code == 2


# report -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(file):
    run("foi", "import", file, "--agency", "QH-MZ")


def test_the_report_as_json_is_what_check_report_reads(imported, tmp_path):
    out = tmp_path / "2025.json"
    done = run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--out", out)
    assert done.exit_code == 0, done.output
    assert "勾稽关系 I1 至 I6 逐格核对，全部相符" in done.stderr
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["requests"]["new_received"] == [2, 1, 0, 0, 0, 0, 3]
    assert told["requests"]["denied_4"] == [0, 1, 0, 0, 0, 0, 1]
    assert json.loads(run("law", "check-report", out).stdout) == {"ok": True, "failures": []}
    shown = run("report", "requests", "--agency", "QH-MZ", "--year", 2025)
    assert json.loads(shown.stdout) == told
    assert run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--out", out).exit_code == 2


LABELS = [
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "（一）予以公开",
    "四、结转下年度继续办理",
]


def test_the_report_as_csv_has_the_layout_of_the_form(imported):
    text = run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--format", "csv").stdout
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["青禾市民政局2025年政府信息公开工作年度报告"]
    assert rows[1] == ["三、收到和处理政府信息公开申请情况"]
    assert rows[2][:4] == ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "", "", "申请人情况"]
    assert rows[4][4:9] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    assert (rows[3][3], rows[3][4], rows[3][9]) == ("自然人", "法人或其他组织", "总计")
    assert rows[5] == [LABELS[0], "", "", "2", "1", "0", "0", "0", "0", "3"]
    assert rows[7][:2] == ["三、本年度办理结果", "（一）予以公开"]
    assert rows[9][:3] == ["", "（三）不予公开", "1.属于国家秘密"]
    assert rows[10][:3] == ["", "", "2.其他法律行政法规禁止公开"]
    assert rows[28] == ["", "（七）总计", "", "2", "1", "0", "0", "0", "0", "3"]
    assert rows[29][0] == LABELS[3]
    assert rows[31] == ["四、政府信息公开行政复议、行政诉讼情况"]
    assert [len(row) for row in rows[32:36]] == [15] * 4
    assert rows[34] == ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3


def test_the_report_as_xlsx_joins_cells_as_the_form_does(imported, tmp_path):
    out = tmp_path / "2025.xlsx"
    assert run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--out", out).exit_code == 0
    book = load_workbook(out)
    three, four = book["表三"], book["表四"]
    joined = {str(area) for area in three.merged_cells.ranges}
    assert {"A3:C5", "D3:J3", "D4:D5", "E4:I4", "J4:J5", "A6:C6", "A8:A29", "B8:C8", "B10:B17", "A30:C30"} <= joined
    assert three["A8"].value == "三、本年度办理结果"
    assert three["B10"].value == "（三）不予公开"
    assert [three.cell(6, n).value for n in range(4, 11)] == [2, 1, 0, 0, 0, 0, 3]
    assert [four.cell(6, n).value for n in range(1, 16)] == [0] * 15
    assert run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--format", "xlsx").exit_code == 2


def test_the_report_as_html_and_a_name_that_looks_like_a_formula(imported):
    from gongkai.agencies.models import Organ

    Organ.objects.filter(code="QH-MZ").update(name="=<b>局")
    text = run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--format", "html").stdout
    assert "=&lt;b&gt;局2025年" in text
    assert "<b>" not in text
    assert '<th rowspan="22">三、本年度办理结果</th>' in text
    for width, rows in zip((10, 15), re.findall(r"<table>(.*?)</table>", text, re.S), strict=True):
        cells = [
            int(down or 1) * int(across or 1)
            for down, across in re.findall(r'<t[hd](?: rowspan="(\d+)")?(?: colspan="(\d+)")?>', rows)
        ]
        assert sum(cells) == width * rows.count("<tr>"), "cells overlap or are missing"
    text = run("report", "requests", "--agency", "QH-MZ", "--year", 2025, "--format", "csv").stdout
    assert text.startswith("'=<b>局")


def test_mistakes_of_the_report(imported, tmp_path):
    for arguments in (("--format", "pdf"), ("--out", tmp_path / "no" / "x.json"), ("--year", 1999)):
        done = run("report", "requests", "--agency", "QH-MZ", "--year", 2025, *arguments)
        assert (done.exit_code, bool(done.stderr)) == (2, True)
    assert run("report", "requests", "--agency", "NOWHERE", "--year", 2025).exit_code == 2


def test_a_broken_identity_is_said(imported):
    """The column of an applicant is changed behind the system's back: what came in no longer equals what went out."""
    Applicant.objects.filter(requests__number="QH-MZ-2025-00001").update(column="other")
    done = run("report", "requests", "--agency", "QH-MZ", "--year", 2025)
    assert done.exit_code == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["I1", "I1"]
    assert "“自然人”一列" in done.stderr
    assert json.loads(done.stdout)["requests"]["new_received"] == [1, 1, 0, 0, 0, 1, 3]
