"""`gongkai import catalogue`, `gongkai import agencies`, `gongkai export catalogue`, as a clerk runs them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gongkai.agencies.models import Organ, Person, Post
from gongkai.cli.import_tables import agencies, catalogue, catalogue_export
from gongkai.disclosure.models import Catalogue, CatalogueEntry
from gongkai.ledger.models import Fact

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "howto" / "import-agencies.md").read_text(encoding="utf-8")
CSV = """青禾市公开事项目录,,,,,,,,,,
序号,一级事项,二级事项,公开内容,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式,公开层级
1,社会救助,临时救助,名单和金额,《社会救助暂行办法》,20个工作日内,市民政局,政府网站,全社会,主动,县级
2,社会救助,救助政策,文件全文,,及时,青禾市民政局,政府网站、公开查阅点,全社会,主动,县级、乡级
1,义务教育,招生政策,文件全文,,每年6月底前,青禾市教育局,政府网站,特定群体（家长）,主动,县级
"""

app = typer.Typer()
app.command("catalogue")(catalogue)
app.command("agencies")(agencies)
app.command("export")(catalogue_export)
pytestmark = pytest.mark.django_db


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "目录.csv"
    path.write_text(CSV, encoding="gb18030")
    return path


def test_a_catalogue_is_tried_and_then_imported(town, file):
    tried = run("catalogue", file, "--year", 2026, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "检查通过：2 个机关，3 个事项。这是试运行，没有写入。" in tried.stdout
    assert "请核对 — 第 4 行：公开时限“及时”" in tried.stdout
    assert (Catalogue.objects.count(), Fact.objects.filter(kind="catalogue.imported").count()) == (0, 0)
    done = run("catalogue", file, "--year", 2026)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-3:] == [
        "已导入 2 个机关的目录，共 3 个事项。",
        "  青禾市民政局：2026 年第 1 版",
        "  青禾市教育局：2026 年第 1 版",
    ]
    assert list(CatalogueEntry.objects.order_by("pk").values_list("serial", "limit_kind", "limit_n")) == [
        (1, "working_days", 20), (2, "working_days", 20), (1, "month_end", 6),
    ]  # fmt: skip
    assert Fact.objects.filter(kind="catalogue.imported").count() == 2


def test_the_year_is_this_year_unless_told(town, file):
    assert run("catalogue", file).exit_code == 0
    assert set(Catalogue.objects.values_list("year", flat=True)) == {datetime.now().astimezone().year}


def test_problems_are_listed_by_line_and_nothing_is_written(town, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(CSV.replace("市民政局,", "市水务局,", 1).replace("每年6月底前", "待定"), encoding="utf-8-sig")
    done = run("catalogue", file)
    assert done.exit_code == 2
    assert [line.partition("。")[0] for line in done.stderr.splitlines()] == [
        "第 3 行：没有名为“市水务局”的机关", "第 5 行：看不懂公开时限“待定”", "共 2 处问题，什么也没有写入",
    ]  # fmt: skip
    assert Catalogue.objects.count() == 0


def test_a_file_for_one_organ(town, file):
    done = run("catalogue", file, "--agency", "QH-MZ")
    assert done.exit_code == 2
    assert "第 5 行：序号 1 与第 3 行重复。" in done.stderr
    assert "没有代码为 NOPE 的机关" in run("catalogue", file, "--agency", "NOPE").stderr


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", "序号,一级事项,公开内容,公开时限,公开主体\n".encode(), "缺少“公开依据”一列"),
        ("x.csv", b"\x80\xff\x81", "编码无法识别"),
        ("x.xlsx", b"not a workbook", "共 1 处问题"),
        ("x.pdf", b"%PDF", "应当是 .xlsx 或者 .csv"),
    ],
)
def test_files_of_another_form_are_refused_in_words(town, tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    done = run("catalogue", tmp_path / name)
    assert (done.exit_code, words in done.stderr) == (2, True), done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", ["catalogue", "agencies"])
def test_a_file_that_is_not_there(command):
    done = run(command, "nowhere.csv")
    assert (done.exit_code, "找不到文件" in done.stderr) == (2, True)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_exported_and_imported_again(town, file, tmp_path, suffix):
    run("catalogue", file, "--year", 2026)
    columns = ("serial", "level1", "level2", "content", "basis", "limit_text", "limit_kind", "limit_n", "subject_text",
               "channels", "audience", "method", "level", "heading")  # fmt: skip
    before = list(CatalogueEntry.objects.order_by("catalogue__organ", "serial").values_list(*columns))
    out = tmp_path / f"out.{suffix}"
    done = run("export", out)
    assert (done.exit_code, "已写出 3 个事项" in done.stdout) == (0, True), done.output
    back = run("catalogue", out, "--year", 2026)
    assert back.exit_code == 0, back.output
    assert "第 2 版" in back.stdout
    current = CatalogueEntry.objects.filter(catalogue__current=True)
    assert list(current.order_by("catalogue__organ", "serial").values_list(*columns)) == before


def test_export_of_one_organ_and_year_and_what_it_refuses(town, file, tmp_path):
    assert "没有可以导出的目录" in run("export", tmp_path / "a.csv").stderr
    run("catalogue", file, "--year", 2025)
    run("catalogue", file, "--year", 2026)
    assert "已写出 1 个事项" in run("export", tmp_path / "a.csv", "--agency", "QH-JY", "--year", 2025).stdout
    assert "已经存在" in run("export", tmp_path / "a.csv").stderr
    assert ".xlsx 或者 .csv" in run("export", tmp_path / "a.pdf").stderr
    assert "没有可以导出的目录" in run("export", tmp_path / "b.csv", "--year", 2020).stderr


# agencies ----------------------------------------------------------------------------------------


def test_agencies_are_registered_as_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("agencies.csv").write_text(re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL).group(1), encoding="gb18030")
    shown = re.search(r"```console\n(.*?)```", PAGE, re.DOTALL).group(1).splitlines()
    for command, answer in zip(shown[::2], shown[1::2], strict=True):
        assert Organ.objects.count() == 0
        arguments = command.removeprefix("$ .venv/bin/gongkai import ").split()
        done = run(*arguments)
        assert (done.exit_code, done.stdout.strip()) == (0, answer), done.output
    assert (Organ.objects.count(), Person.objects.count(), Post.objects.count()) == (2, 5, 5)
    again = run("agencies", "agencies.csv")
    assert again.exit_code == 2
    assert "第 2 行：代码 LH 已经登记过，文件里只写新增的。" in again.stderr
    assert Person.objects.count() == 5


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK", "应当是 .csv"),
        ("a.csv", b"\x80\xff\x81", "编码无法识别"),
        ("a.csv", "甲,乙\n".encode(), "找不到表头"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    done = run("agencies", tmp_path / name)
    assert (done.exit_code, words in done.stderr) == (2, True), done.output


def test_the_help_names_every_column_and_role():
    from gongkai.agencies.tree_sheet import HEADER
    from gongkai.law.roles import ROLES

    for word in (*HEADER, *(row.title for row in ROLES)):
        assert word in PAGE, word
    text = run("agencies", "--help").output
    assert "类别" in text
    assert "--dry-run" in text
