"""Notice files: both formats, and every way a file can be wrong."""

from __future__ import annotations

import json
from datetime import date

import pytest

from gongkai.calendars.notice_files import parse_notice
from gongkai.law.workdays import CalendarError, DayMark

CSV = """# source: 国办发明电〔2026〕9号
date,kind,name

2026-12-31,off,元旦
2027-01-01,off,元旦
2027-01-09,work,元旦
"""
JSON = {
    "year": 2027,
    "papers": ["http://example.invalid/notice"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-09", "isOffDay": False},
    ],
}
DAYS = (
    DayMark(date(2026, 12, 31), "off", "元旦"),
    DayMark(date(2027, 1, 1), "off", "元旦"),
    DayMark(date(2027, 1, 9), "work", "元旦"),
)


def test_csv() -> None:
    table = parse_notice(CSV)
    assert (table.year, table.status, table.source, table.days) == (2027, "official", "国办发明电〔2026〕9号", DAYS)


def test_csv_with_chinese_kinds_and_a_byte_order_mark() -> None:
    text = "\ufeff" + CSV.replace(",off,", ",放假,").replace(",work,", ",上班,")
    assert parse_notice(text).days == DAYS


def test_json() -> None:
    table = parse_notice(json.dumps(JSON))
    assert (table.year, table.source, table.days) == (2027, "http://example.invalid/notice", DAYS)


def test_the_file_stands_in_for_a_notice_without_a_name() -> None:
    assert parse_notice(CSV.split("\n", 1)[1], source="2027.csv").source == "2027.csv"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "csv_head", "第一行"),
        ("2027-01-01,off,元旦\n", "csv_head", "第一行"),
        ("date,kind,name\n", "no_days", "没有"),
        ("date,kind,name\n2027-02-30,off,春节\n", "bad_date", "第2行"),
        ("# 注\ndate,kind,name\n2027-01-01,off,元旦\n01/02/2027,off,元旦\n", "bad_date", "第4行"),
        ("date,kind,name\n2027-01-01,half,元旦\n", "bad_kind", "第2行"),
        ("date,kind,name\n2027-01-01,off\n", "csv_columns", "第2行"),
        ("date,kind,name\n2027-01-01,off,\n", "no_name", "第2行"),
        ("{", "not_json", "第1行"),
        ('{"year": 2027}', "json_shape", "year"),
        ('{"year": "2027", "days": []}', "json_shape", "year"),
        ('{"year": 2027, "days": []}', "no_days", "还没有发布"),
        ('{"year": 2027, "days": [{"date": "2027-01-01"}]}', "json_day", "第1个日期"),
        ('{"year": 2027, "days": [{"date": "2027-13-01", "name": "元旦", "isOffDay": true}]}', "bad_date", "第1个日期"),
        ('{"year": 2027, "days": [{"date": "2027-01-01", "name": "", "isOffDay": true}]}', "no_name", "第1个日期"),
    ],
)
def test_files_that_are_refused_say_where(text: str, code: str, where: str) -> None:
    with pytest.raises(CalendarError) as error:
        parse_notice(text)
    assert error.value.code == code
    assert where in error.value.sentence
