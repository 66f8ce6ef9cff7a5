"""Notice files: CSV `date,kind,name` under comment lines (the shipped tables too), and the holiday-cn JSON. Pure."""

from __future__ import annotations

import csv
import json
from datetime import date

from gongkai.law.workdays import CalendarError, DayMark, Kind, YearTable

_KINDS: dict[str, Kind] = {"off": "off", "work": "work", "放假": "off", "上班": "work"}


def parse_notice(text: str, *, source: str = "") -> YearTable:
    """One year's notice in either format; `source` stands in for a file that names none.

    Raises `CalendarError` with a sentence that says which line or day is wrong.
    """
    text = text.lstrip("\ufeff")
    table = parse_json(text) if text.lstrip().startswith("{") else parse_csv(text)
    return table if table.source else YearTable(table.year, table.status, source, table.days)


def parse_json(text: str) -> YearTable:
    """The holiday-cn format: `{"year", "papers": [...], "days": [{"name", "date", "isOffDay"}]}`."""
    try:
        notice = json.loads(text)
    except json.JSONDecodeError as error:
        raise CalendarError("not_json", f"文件不是完整的 JSON，第{error.lineno}行读不下去，请重新下载。") from None
    year, days, papers = notice.get("year"), notice.get("days"), notice.get("papers", [])
    if not isinstance(year, int) or isinstance(year, bool) or not isinstance(days, list):
        raise CalendarError("json_shape", "文件应有 year（年份）和 days（日期列表），请核对格式。")
    if not days:
        raise CalendarError("no_days", f"{year}年的文件里没有日期，通知可能还没有发布。")
    marks = tuple(sorted(_json_day(number, day) for number, day in enumerate(days, start=1)))
    return YearTable(year, "official", " ".join(str(paper) for paper in papers), marks)


def _json_day(number: int, day: object) -> DayMark:
    if not isinstance(day, dict) or not isinstance(day.get("isOffDay"), bool):
        raise CalendarError("json_day", f"第{number}个日期应有 name、date、isOffDay 三项，请核对。")
    return _mark(f"第{number}个日期", str(day.get("date", "")), "off" if day["isOffDay"] else "work", day.get("name"))


def parse_csv(text: str, *, year: int | None = None, source: str = "") -> YearTable:
    """Read one year's notice. `# source:` lines name the notice; without `year` most days decide it.

    Raises `CalendarError` with the line number for a missing head, a bad date or an unknown kind.
    """
    sources, rows = [], []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if line.startswith("#"):
            name, _, value = line.lstrip("# ").partition(":")
            if name.strip() == "source":
                sources.append(value.strip())
        elif line.strip():
            rows.append((number, line))
        else:
            continue  # an empty line says nothing
    if not rows or [c.strip() for c in rows[0][1].split(",")] != ["date", "kind", "name"]:
        raise CalendarError("csv_head", "第一行应为 date,kind,name，请按此格式准备文件。")
    days = tuple(_row(number, line) for number, line in rows[1:])
    if not days:
        raise CalendarError("no_days", "文件里没有放假或上班的日期，请核对。")
    found = year if year is not None else _year_of(days)
    return YearTable(found, "official", source or " ".join(sources), tuple(sorted(days)))


def _row(number: int, line: str) -> DayMark:
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    if len(cells) != 3:
        raise CalendarError("csv_columns", f"第{number}行应有 date,kind,name 三列，现有{len(cells)}列。")
    return _mark(f"第{number}行", *cells)


def _mark(where: str, day: str, kind: str, name: object) -> DayMark:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise CalendarError("bad_date", f"{where}的日期“{day}”不存在或格式不对，应如 2027-01-01。") from None
    if kind not in _KINDS:
        raise CalendarError("bad_kind", f"{where}的类别“{kind}”应为 off（放假）或 work（上班）。")
    if not isinstance(name, str) or not name.strip():
        raise CalendarError("no_name", f"{where}没有节日名称，请补上。")
    return DayMark(on, _KINDS[kind], name.strip())


def _year_of(days: tuple[DayMark, ...]) -> int:
    """A notice may begin in the last days of the year before, so the latest day tells its year."""
    return max(mark.on for mark in days).year
