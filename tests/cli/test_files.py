"""`gongkai redact | clean | inspect`: what is written, what is said, and that nothing half-done is left behind."""

import io
import os
from pathlib import Path

import openpyxl
import pytest
import typer
from openpyxl.comments import Comment
from typer.testing import CliRunner

from gongkai.cli import files
from gongkai.files.refusal import Unreadable

PHONE, CARD = "13987654321", "330102199001011232"
app = typer.Typer()
app.command("redact")(files.redact)
app.command("clean")(files.clean)
app.command("inspect")(files.inspect)


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A sheet with a phone number and an identity number in sight, a comment, and a hidden sheet."""
    book = openpyxl.Workbook()
    book.active.title = "公示"
    for row in (["姓名", "电话", "证件"], ["何求真", PHONE, CARD], ["施远方", "", ""]):
        book.active.append(row)
    book.active["A2"].comment = Comment("内部意见甲乙丙", "审核人")
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "隐藏的字句甲乙丙丁"
    hidden.sheet_state = "hidden"
    book.save(path := tmp_path / "名单.xlsx")
    return path


def values(path: Path) -> list:
    book = openpyxl.load_workbook(path)
    return [cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]


def test_redact_covers_what_blocks_and_leaves_the_hidden_behind(table, tmp_path):
    out = tmp_path / "公开.xlsx"
    status, said, _ = run("redact", table, "--out", out)
    assert status == 0
    assert values(out)[:3] == ["姓名", "电话", "证件"]
    assert "何求真" in values(out) and PHONE not in values(out) and CARD not in values(out)
    assert openpyxl.load_workbook(out).sheetnames == ["公示"]
    assert "遮盖" in said and "批注 " in said and "隐藏的工作表" in said
    assert PHONE not in said and CARD not in said
    assert sorted(os.listdir(tmp_path)) == sorted(["名单.xlsx", "公开.xlsx"])


def test_redact_of_one_family_leaves_the_others(table, tmp_path):
    out = tmp_path / "公开.xlsx"
    assert run("redact", table, "--out", out, "--family", "identity")[0] == 0
    assert PHONE in values(out) and CARD not in values(out)


def test_clean_covers_nothing_and_takes_the_hidden_off(table, tmp_path):
    out = tmp_path / "公开.xlsx"
    status, said, _ = run("clean", table, "--out", out)
    assert status == 0 and "没有遮盖" in said
    assert PHONE in values(out) and CARD in values(out)
    assert "隐藏的字句甲乙丙丁" not in values(out)
    assert openpyxl.load_workbook(out).active["A2"].comment is None


def test_inspect_tells_every_kind_with_its_place_and_words(table):
    status, said, _ = run("inspect", table)
    assert status == 0
    assert "批注" in said and "内部意见甲乙丙" in said and "工作表“公示”A2" in said
    assert "隐藏的工作表" in said and "隐藏的字句甲乙丙丁" in said and "工作表“底稿”A1" in said
    assert PHONE not in said  # it can be seen: no business of this command


def test_inspect_says_so_where_there_is_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("看得见的一行", encoding="utf-8")
    assert run("inspect", tmp_path / "a.txt")[:2] == (0, "没有看不见的部分。\n")


def test_a_text_is_covered_in_place(tmp_path):
    (tmp_path / "a.txt").write_bytes(f"联系人何求真\r\n电话{PHONE}转办\r\n".encode("gb18030"))
    out = tmp_path / "b.txt"
    assert run("redact", tmp_path / "a.txt", "--out", out, "--family", "contact")[0] == 0
    assert out.read_text(encoding="utf-8") == "联系人何求真\n电话■■■转办\n"


def test_asked_wrongly(table, tmp_path):
    taken = tmp_path / "taken.xlsx"
    taken.write_bytes(b"mine")
    for words, said in (
        (("redact", table, "--out", table), "副本不能写到原来的文件里"),
        (("redact", table, "--out", taken), "没有覆盖"),
        (("redact", table, "--out", tmp_path / "no" / "b.xlsx"), "没有文件夹"),
        (("redact", tmp_path / "none.xlsx", "--out", tmp_path / "b.xlsx"), "找不到文件"),
        (("redact", table, "--out", tmp_path / "b.xlsx", "--family", "weather"), "没有“weather”这一类"),
        (("clean", table, "--out", tmp_path / "b.pdf"), "以 .xlsx 结尾"),
        (("inspect", tmp_path / "none.xlsx"), "找不到文件"),
    ):
        status, _, error = run(*words)
        assert (status, said in error) == (2, True), (words, error)
    assert taken.read_bytes() == b"mine"
    assert sorted(os.listdir(tmp_path)) == ["taken.xlsx", "名单.xlsx"]


def test_a_link_to_the_input_is_the_input(table, tmp_path):
    (tmp_path / "link.xlsx").symlink_to(table)
    before = table.read_bytes()
    assert run("clean", table, "--out", tmp_path / "link.xlsx")[0] == 2
    assert table.read_bytes() == before


def test_what_cannot_be_read_whole_leaves_nothing(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nnothing\n%%EOF")
    status, _, error = run("redact", tmp_path / "a.pdf", "--out", tmp_path / "b.pdf")
    assert status == 1 and "请" in error
    assert os.listdir(tmp_path) == ["a.pdf"]


def test_a_copy_that_gives_anything_away_is_not_written(table, tmp_path, monkeypatch):
    def leaks(*_args, **_kwargs):
        raise Unreadable("copy-leaks", "处理后的副本没有通过核验，没有生成。")

    monkeypatch.setattr(files, "copy_with", leaks)
    status, _, error = run("redact", table, "--out", tmp_path / "b.xlsx")
    assert (status, "没有通过核验" in error) == (1, True)
    assert os.listdir(tmp_path) == ["名单.xlsx"]


def test_a_write_that_fails_leaves_nothing(table, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    status, _, error = run("clean", table, "--out", tmp_path / "b.xlsx")
    assert (status, "什么也没有写出" in error) == (2, True)
    assert os.listdir(tmp_path) == ["名单.xlsx"]


def test_the_copy_keeps_nothing_of_where_it_came_from(table, tmp_path):
    out = tmp_path / "公开.xlsx"
    run("clean", table, "--out", out)
    told = openpyxl.load_workbook(io.BytesIO(out.read_bytes())).properties
    assert (told.creator or "", told.lastModifiedBy or "", told.title) == ("", "", None)
    assert told.created.year == told.modified.year == 2000
