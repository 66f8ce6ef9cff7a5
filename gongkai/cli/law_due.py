"""`gongkai law due` and `gongkai law explain`: the clocks and the articles, for programs and for people."""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.articles import LAWS, cite, split, summary_of
from gongkai.law.reply_clock import InputError, parse_date, parse_steps, reply_clock
from gongkai.law.workdays import CalendarError, WorkCalendar


def due(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="每行一个案件的 JSON；- 为标准输入")] = "-",
) -> None:
    """逐行计算答复期限：输入、输出都是每行一个 JSON，读不懂的行给出错误，其余照算。"""
    calendar = calendar_in_force()
    if file == "-":
        _answer(sys.stdin.buffer, calendar)
        return
    try:
        with open(file, "rb") as lines:
            _answer(lines, calendar)
    except OSError as error:
        typer.echo(_("读不了文件 %(file)s：%(reason)s") % {"file": file, "reason": error.strerror}, err=True)
        raise typer.Exit(2) from None


def _answer(lines: Iterable[bytes], calendar: WorkCalendar) -> None:
    for each in answers(lines, calendar):
        sys.stdout.write(_line(each))
    sys.stdout.flush()


def _line(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character in an `id` can only be written escaped
        text = json.dumps(value)
    return text + "\n"


def answers(lines: Iterable[bytes], calendar: WorkCalendar) -> Iterator[dict[str, Any]]:
    """One answer for each line that is not empty, in order; an error in one line is that line's answer."""
    for raw in lines:
        if raw.strip():
            yield answer(raw, calendar)


def answer(raw: bytes, calendar: WorkCalendar) -> dict[str, Any]:
    """The clock of one case, or `{"id", "error": {"code", "sentence"}}`."""
    try:
        case = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return _error(None, "not_json", "这一行不是完整的 JSON（UTF-8），请核对。")
    if not isinstance(case, dict):
        return _error(None, "not_an_object", "这一行应是一个对象，含 id、as_of、steps。")
    name = case.get("id")
    try:
        as_of = parse_date(case.get("as_of"), "查看日期（as_of）")
        clock = reply_clock(parse_steps(case.get("steps")), calendar, as_of)
        return {"id": name, **clock.as_json()}
    except (InputError, CalendarError) as error:
        return _error(name, error.code, error.sentence)


def _error(name: object, code: str, sentence: str) -> dict[str, Any]:
    return {"id": name, "error": {"code": code, "sentence": sentence}}


def calendar_in_force() -> WorkCalendar:
    """The calendar of the database where there is one and it is migrated, else the shipped one (and says so)."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        if not _database_named():
            return shipped_calendar()
        _set_up_django()
        from gongkai.calendars.queries import work_calendar

        return work_calendar()
    except (DatabaseError, ImproperlyConfigured):
        sys.stderr.write("数据库没有配置好或者还没有建表，使用随程序提供的工作日历。\n")  # gettext may not work here
        return shipped_calendar()


def _database_named() -> bool:
    """A new installation has neither a named database nor the file of the default one."""
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    database = settings.DATABASES["default"]
    return (
        "sqlite3" not in database["ENGINE"]
        or str(database["NAME"]).startswith("file:")
        or Path(database["NAME"]).exists()
    )


def _set_up_django() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
        django.setup()


def _(text: str) -> str:
    """The words in the language set. Translations need the apps, which are loaded only when something is said."""
    _set_up_django()
    return gettext(text)


# explain ----------------------------------------------------------------------------------------------------------


def explain(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="如 条例33、条例36(4)、民法典203、109号")],
) -> None:
    """说明一条规定：大意，以及程序里哪些函数据此办理。"""
    try:
        law, number, _paragraph, _item = split(article)
        heading = cite(article)
    except ValueError as error:
        typer.echo(str(error), err=True)
        typer.echo(_("可用的简称：%(names)s") % {"names": "、".join(LAWS)}, err=True)
        raise typer.Exit(2) from None
    typer.echo(heading)
    typer.echo(summary_of(law, number) or _("没有收录这一条的大意。"))
    found = [use for use in uses() if _concerns(use.references, law, number)]
    typer.echo(_("据此办理的函数：") if found else _("程序里没有直接依据这一条的函数。"))
    for use in found:
        typer.echo(f"  {use.where}  {use.title}（{use.references}）")


@dataclass(frozen=True, slots=True)
class Use:
    """A public function and the articles its docstring names in its last line."""

    where: str
    title: str
    references: str


def uses() -> Iterator[Use]:
    """Every public function under `gongkai/law` with its articles, read from the source."""
    for path, module in _modules(files("gongkai.law"), "gongkai.law"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                lines = (ast.get_docstring(node) or "").strip().splitlines()
                if lines and lines[-1].strip().startswith("依据："):
                    yield Use(f"{module}.{node.name}", lines[0].strip(), lines[-1].strip().removeprefix("依据："))


def _modules(folder: Traversable, name: str) -> Iterator[tuple[Traversable, str]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry, f"{name}.{entry.name}")
        elif entry.name.endswith(".py"):
            yield entry, f"{name}.{entry.name.removesuffix('.py')}".removesuffix(".__init__")
        else:
            continue  # compiled files and data


def _concerns(references: str, law: str, number: int | None) -> bool:
    for reference in references.split("；"):
        try:
            named = split(reference)
        except ValueError:
            continue  # a citation in another form is shown by the check of docstrings, not here
        if named[0] == law and (number is None or named[1] == number):
            return True
    return False
