"""No mistake of a user, in a file, a code or the environment, ends a command with a traceback."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import socket
import sqlite3
import sys

import pytest
from django.conf import settings
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.disclosure.models import ImportBatch, Item
from gongkai.law.verdicts import Refusal
from tests.bad_input.conftest import gongkai
from tests.disclosure.test_import_items import GOOD

FILE_COMMANDS = [
    ("import", "items"), ("import", "catalogue"), ("import", "agencies"), ("calendar", "import"),
    ("law", "due"), ("law", "check-report"), ("law", "check-reply"), ("export", "catalogue"),
]  # fmt: skip


def plain(done, *, code: int = 2) -> str:
    """What a process said: a sentence in Chinese or an answer, never a traceback."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said[-1500:]
    assert done.returncode == code, (done.returncode, said[-800:])
    return said


def told(*arguments: str, code: int = 2) -> str:
    """The same for the command run in this process, on the database of the test."""
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, Refusal):  # `run` prints it and ends with 2
        assert code == 2
        return result.output + str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == code, (result.exit_code, result.output)
    return result.output


def chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


@pytest.fixture
def bad_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "garbage.bin").write_bytes(bytes(range(256)) * 40)
    return tmp_path


@pytest.mark.parametrize("command", FILE_COMMANDS, ids=" ".join)
def test_a_missing_file_a_folder_and_binary_garbage_are_told_in_words(town, bad_files, command):
    for name in ("missing.csv", "folder", "folder.csv", "garbage.bin"):
        # Commands that go line by line answer every bad line and go on; the others refuse the file.
        lines = command in {("import", "items"), ("law", "due")} and name == "garbage.bin"
        assert chinese(told(*command, name, code=0 if lines else 2)), (command, name)


def test_binary_garbage_under_a_right_name_is_told_in_words(town, bad_files):
    for name, command in (("a.xlsx", ("import", "catalogue")), ("a.csv", ("import", "catalogue")),
                          ("a.csv", ("import", "agencies")), ("a.json", ("calendar", "import"))):  # fmt: skip
        (bad_files / name).write_bytes((bad_files / "garbage.bin").read_bytes())
        assert "另存" in told(*command, name)


def test_rejects_that_cannot_be_written_are_told_before_anything_comes_in(town, bad_files):
    (bad_files / "old.jsonl").write_text(json.dumps(GOOD) + "\nbroken\n")
    for where in ("folder", "missing/rejects.jsonl"):
        assert "请用 --rejects 另选一个文件" in told("import", "items", "old.jsonl", "--rejects", where)
    assert (Item.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("import", "catalogue", "garbage.bin", "--agency", "NOPE"), "没有代码为 NOPE 的机关", 2),
        (("export", "catalogue", "x.csv", "--agency", "NOPE"), "没有代码为 NOPE 的机关", 2),
        (("export", "catalogue", "x.doc"), "应当以 .xlsx 或者 .csv 结尾", 2),
        (("password", "NOBODY"), "没有工号为 NOBODY 的在用账号", 2),
        (("calendar", "show", "1999"), "没有1999年", 2),
        (("calendar", "import", "good.csv", "--organ", "NOPE", "--yes"), "没有代码为“NOPE”的机关", 2),
        (("calendar", "import", "good.csv", "--by", "NOPE", "--yes"), "没有工号为“NOPE”的在岗人员", 2),
        (("law", "explain", "天条9"), "无法识别的条文", 2),
        (("law", "replies", "R99"), "没有代码为“R99”的答复类型", 2),
        (("search", "没有这样的信息"), "没有找到与“没有这样的信息”有关的已公开信息", 0),
    ],
)
def test_unknown_codes_are_told_in_words(town, bad_files, arguments, words, code):
    (bad_files / "good.csv").write_text("date,kind,name\n2027-01-01,off,元旦\n")
    assert words in told(*arguments, code=code)


PRODUCTION = {"DJANGO_SETTINGS_MODULE": "gongkai.config.settings.production"}
SECRET = "s" * 40


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DATABASE_URL": "postgres://u:geheim@127.0.0.1:port/x"}, "DATABASE_URL 写得不对"),
        ({"DATABASE_URL": "postgres://u:geheim@127.0.0.1:1/none"}, "数据库打不开，请核对 DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////nonexistent/folder/x.sqlite3"}, "数据库打不开"),
        (PRODUCTION | {"SECRET_KEY": ""}, "缺少 SECRET_KEY：请在环境变量里给出至少 32 个字符的随机密钥。"),
        (PRODUCTION | {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": ""}, "缺少 ALLOWED_HOSTS"),
        (
            PRODUCTION | {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "a.example", "FOI_DATA_KEYS": ""},
            "缺少 FOI_DATA_KEYS",
        ),
        ({"REASSESS_MONTHS": "ein Jahr"}, "REASSESS_MONTHS 应当是整数"),
        ({"TRUSTED_PROXIES": "x"}, "TRUSTED_PROXIES 应当是整数"),
        ({"LOOK_MONTHS": '{"新闻": 3}'}, "LOOK_MONTHS 写得不对"),
        ({"LOOK_MONTHS": "3"}, "LOOK_MONTHS 写得不对"),
        ({"DJANGO_SETTINGS_MODULE": "gongkai.nothing"}, "DJANGO_SETTINGS_MODULE"),
        ({"GONGKAI_HOME": "/dev/null"}, "不能使用文件夹 GONGKAI_HOME"),
    ],
)
def test_each_misconfiguration_is_told_in_words(installation, environment, words):
    said = plain(gongkai(installation, "check", **environment))
    assert words in said
    assert "geheim" not in said


def test_a_file_that_is_no_database_is_told_in_words(installation, bad_files):
    url = f"sqlite:///{bad_files / 'garbage.bin'}"
    assert "数据库打不开" in plain(gongkai(installation, "check", DATABASE_URL=url))


def test_a_home_without_tables_says_which_command_makes_them(tmp_path, bad_files):
    empty = tmp_path / "new"
    for command in (("search", "x"), ("import", "items", "garbage.bin"), ("serve",)):
        assert "请先运行 gongkai migrate" in plain(gongkai(empty, *command, cwd=bad_files))


def test_check_of_a_sound_home_gives_advice_and_succeeds(installation):
    said = plain(gongkai(installation, "check"), code=0)
    assert "建议处理：正在使用 SQLite" in said
    assert "必须处理" not in said


def test_a_taken_port_is_told_with_another_one(installation):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = plain(gongkai(installation, "serve", PORT=str(port)))
    assert f"端口 {port} 已被占用。请换一个端口，例如：PORT={port + 1} make run" in said


def test_a_database_older_than_the_code_is_told_before_the_site_starts(installation, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(installation, old)
    with sqlite3.connect(old / "gongkai.sqlite3") as database:
        database.execute(
            "DELETE FROM django_migrations WHERE app = 'search' OR (app = 'scanning' AND name NOT LIKE '0001%')"
        )
    assert "数据库还没有建立或者不是最新，请先运行 gongkai migrate。" in plain(gongkai(old, "serve", PORT="18999"))


def test_a_python_that_is_too_old_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(settings.BASE_DIR / "tools" / "need_python.py"))
    assert ended.value.code == "需要 Python 3.11 或更高版本，现在是 3.9。请安装后再试，例如：PYTHON=python3.11 make run"
