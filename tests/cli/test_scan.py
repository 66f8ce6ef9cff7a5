"""`gongkai scan`, as an office runs it over one file and over the download folder of its website."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from gongkai.config.command import app

ID = "330106199003071236"
MOBILE = "13812340000"
KEYS = {"code", "family", "severity", "text", "start", "end", "where", "hidden", "article", "sentence"}


def run(*arguments: object):
    return CliRunner().invoke(app, ["scan", *(str(argument) for argument in arguments)])


def records(*arguments: object) -> list[dict]:
    return [json.loads(line) for line in run(*arguments, "--json").stdout.splitlines()]


@pytest.fixture
def folder(tmp_path) -> Path:
    """A download folder: a notice, a register with a hidden sheet, a broken file, a file in a folder of its own."""
    (tmp_path / "下载" / "2025").mkdir(parents=True)
    (tmp_path / "下载" / "通知.txt").write_text("请各单位按时报送材料。", encoding="utf-8")
    (tmp_path / "下载" / "坏.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (tmp_path / "下载" / "2025" / "电话.csv").write_text(f"序号,电话\n1,{MOBILE}\n", encoding="gb18030")
    book = Workbook()
    book.active.append(["项目", "金额"])
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "veryHidden"
    hidden.append(["姓名", "身份证号"])
    for name in ("王建国", "李秀英", "张建军"):
        hidden.append([name, ID])
    book.save(tmp_path / "下载" / "公示.xlsx")
    return tmp_path / "下载"


def test_a_file_is_one_record_with_these_keys(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(f"王某，身份证号{ID}。\n", encoding="utf-8")
    (record,) = records(file)
    assert {key: record[key] for key in ("path", "refused")} == {"path": str(file), "refused": None}
    (finding,) = record["findings"]
    assert set(finding) == KEYS
    assert {key: finding[key] for key in KEYS - {"article", "sentence"}} == {
        "code": "id_card", "family": "identity", "severity": "block", "text": ID, "start": 7, "end": 25,
        "where": {"line": 1}, "hidden": False,
    }  # fmt: skip
    assert finding["article"] == "《个人信息保护法》第二十五条、《政府信息公开条例》第十五条"
    assert finding["sentence"].endswith("。")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_characters_of_the_text_as_it_is_decoded(tmp_path, encoding, line_end):
    text = line_end.join(["第一行", f"甲{MOBILE}，", "", f"乙330106{line_end}199003071236。", f"丙{MOBILE}"])
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    findings = records(tmp_path / "a.txt")[0]["findings"]
    assert [(f["code"], text[f["start"] : f["end"]]) for f in findings] == [
        ("mobile", MOBILE),
        ("id_card", f"330106{line_end}199003071236"),
        ("mobile", MOBILE),
    ]


def test_the_rows_of_a_column_are_told_in_one_finding(tmp_path):
    text = "序号,证件号\r\n" + "".join(f"{n},{ID}\r\n" for n in range(3))
    (tmp_path / "a.csv").write_bytes(text.encode())
    (finding,) = records(tmp_path / "a.csv")[0]["findings"]
    assert finding["where"]["rows"] == [2, 3, 4]
    assert [text[start:end] for start, end in finding["where"]["places"]] == [ID] * 3


def test_a_hidden_sheet_is_read_and_told_apart(folder):
    (record,) = records(folder / "公示.xlsx")
    assert [(f["code"], f["hidden"], f["where"]["sheet"], f["where"]["cell"]) for f in record["findings"]] == [
        ("name_list", True, "底稿", "A2"),
        ("id_card", True, "底稿", "B2"),
    ]


def test_what_cannot_be_read_whole_is_refused_with_the_reason(folder):
    (record,) = records(folder / "坏.pdf")
    assert record["findings"] == []
    assert record["refused"]["code"]
    assert record["refused"]["sentence"].endswith("。")


@pytest.mark.parametrize(
    ("name", "code"),
    [("通知.txt", 0), ("2025/电话.csv", 0), ("公示.xlsx", 1), ("坏.pdf", 1), ("", 1)],
)
def test_the_exit_status_says_whether_anything_must_not_go_out(folder, name, code):
    assert run(folder / name).exit_code == code
    assert run(folder / name, "--json").exit_code == code


def test_a_folder_is_walked_in_order_and_nothing_twice(folder):
    names = [Path(record["path"]).name for record in records(folder, folder / "通知.txt")]
    assert names == ["公示.xlsx", "坏.pdf", "通知.txt", "电话.csv"]


def test_a_path_beside_the_working_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (record,) = records("2025/电话.csv")
    assert (record["path"], record["refused"]) == ("2025/电话.csv", None)
    assert [f["code"] for f in record["findings"]] == ["mobile"]


def test_links_and_pipes_are_refused(folder):
    os.symlink(folder / "没有", folder / "断.txt")
    os.mkfifo(folder / "管道.txt")
    refused = {Path(r["path"]).name: r["refused"]["code"] for r in records(folder) if r["refused"]}
    assert refused["断.txt"] == refused["管道.txt"] == "not-a-file"


def test_on_the_screen_nothing_is_shown_unmasked(folder):
    said = run(folder)
    assert ID not in said.output and MOBILE not in said.output and "王建国" not in said.output
    assert "138****0000" in said.output
    assert "工作表“底稿”B2（深度隐藏的工作表，打开文件看不到）等 3 处" in said.output
    assert "共 4 个文件：1 个有不得公开的内容，1 个有须核对的内容，1 个无法完整检查。" in said.output


def test_the_report_has_a_row_for_each_finding_and_each_file(folder, tmp_path):
    report = tmp_path / "结果.xlsx"
    assert run(folder, "--xlsx", report).exit_code == 1
    book = load_workbook(report)
    findings = [[cell.value for cell in row] for row in book["发现"]]
    assert [(Path(row[0]).name, row[2], row[3], row[5], row[6]) for row in findings[1:]] == [
        ("公示.xlsx", "看不到", "须核对", "王某某", 3),
        ("公示.xlsx", "看不到", "不得公开", "3301**********1236", 3),
        ("电话.csv", "看得到", "须核对", "138****0000", 1),
    ]
    files = {Path(row[0].value).name: row[1].value for row in book["文件"]}
    assert files == {
        "文件": "结果", "公示.xlsx": "有不得公开的内容", "坏.pdf": "无法完整检查", "通知.txt": "没有发现",
        "电话.csv": "有须核对的内容",
    }  # fmt: skip
    with zipfile.ZipFile(report) as inner:
        whole = b"".join(inner.read(name) for name in inner.namelist()).decode()
    assert ID not in whole and MOBILE not in whole and "王建国" not in whole


def test_names_of_files_are_no_formulas_in_the_report(tmp_path, monkeypatch):
    (tmp_path / "下载").mkdir()
    (tmp_path / "下载" / "=1+1.txt").write_text("甲", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "下载")
    assert run("=1+1.txt", "--xlsx", tmp_path / "r.xlsx").exit_code == 0
    cell = load_workbook(tmp_path / "r.xlsx")["文件"]["A2"]
    assert (cell.value, cell.data_type) == ("'=1+1.txt", "s")


def test_an_existing_report_is_not_overwritten(folder, tmp_path):
    (tmp_path / "r.xlsx").write_bytes(b"x")
    said = run(folder, "--xlsx", tmp_path / "r.xlsx")
    assert said.exit_code == 2
    assert (tmp_path / "r.xlsx").read_bytes() == b"x"


def test_a_path_that_is_not_there_is_said(tmp_path):
    said = run(tmp_path / "没有")
    assert said.exit_code == 2
    assert "请核对路径" in said.output


def test_the_lists_of_the_agency_count(folder, tmp_path, settings):
    (tmp_path / "词表.csv").write_text("类别,词,职务,处理,说明\n负面清单,按时报送,,不得公开,\n", encoding="gb18030")
    settings.SCAN_LISTS = str(tmp_path / "词表.csv")
    (record,) = records(folder / "通知.txt")
    assert [(f["code"], f["text"], f["severity"]) for f in record["findings"]] == [
        ("negative_list", "按时报送", "block")
    ]
    (tmp_path / "词表.csv").write_text("类别,词\n名人,甲\n", encoding="utf-8")
    os.utime(tmp_path / "词表.csv", ns=(1, 1))
    said = run(folder / "通知.txt")
    assert said.exit_code == 2
    assert "第2行的“类别”应当是负面清单、领导或者遮盖，现在写的是“名人”。" in said.output


def test_a_name_that_is_no_text_and_half_a_character(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(name)).write_text(f"{ID}", encoding="utf-8")
    (record,) = records(tmp_path)
    assert os.fsencode(record["path"]) == name
    assert run(tmp_path, "--xlsx", tmp_path / "r.xlsx").exit_code == 1
