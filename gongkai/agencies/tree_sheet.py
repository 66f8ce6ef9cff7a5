"""Organs, sections, people and posts as one table with a 类别 column, as a county clerk can fill it.

Pure: text in, rows and problems out. 类别 says what a row is (机关, 科室, 岗位); a person is registered with their first
岗位 row, and has as many 岗位 rows as posts.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.law.roles import ROLES

MOST_ROWS = 50_000
KINDS = ("机关", "科室", "岗位")

# Header word → field. Order is that of the template.
HEADER: dict[str, str] = {
    "类别": "kind",
    "代码": "code",
    "名称": "name",
    "简称": "short_name",
    "性质": "organ_kind",
    "上级代码": "parent",
    "机构代码": "org_code",
    "工号": "staff_number",
    "角色": "role",
    "任岗日期": "starts_on",
    "离岗日期": "ends_on",
    "地址": "address",
    "办公时间": "hours",
    "电话": "phone",
    "传真": "fax",
    "邮箱": "email",
    "在线申请": "online",
}
# What the file may not lack; the others may be left out.
REQUIRED = ("类别", "代码", "名称", "上级代码", "工号", "角色", "任岗日期")
ORGAN_KINDS = {"政府": "government", "部门": "department", "乡镇": "township", "街道": "township", "其他": "other"}
ROLE_CODES = {word: row.code for row in ROLES for word in (row.code, row.title)}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an imported table, by line of the file; line 0 is the file as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.sentence}" if self.line else self.sentence


class BadTable(Exception):
    """A table that was refused whole, with everything that is wrong with it, in order of lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("；".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row as words; `line` counts from 1. For 岗位, `name` is the person's and `parent` the section's code."""

    line: int
    kind: str
    code: str = ""
    name: str = ""
    short_name: str = ""
    organ_kind: str = ""
    parent: str = ""
    org_code: str = ""
    staff_number: str = ""
    role: str = ""
    starts_on: str = ""
    ends_on: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    online: str = ""


def read_tree(text: str) -> list[TreeRow]:
    """Rows of the table; raises `BadTable` when the header lacks a column, names one twice, or nothing follows it."""
    try:
        table = [[value.strip() for value in row] for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:
        raise BadTable([Problem(0, "文件不是完整的 CSV，请检查引号后再导入。")]) from None
    if len(table) > MOST_ROWS:
        raise BadTable([Problem(0, f"文件超过 {MOST_ROWS:,} 行，请分开导入。")])
    start = next((n for n, row in enumerate(table[:10]) if "类别" in map(_plain, row)), None)
    if start is None:
        raise BadTable([Problem(0, f"找不到表头。第一行应当写：{'，'.join(HEADER)}。")])
    heads = [_plain(word) for word in table[start]]
    problems = [Problem(start + 1, f"缺少“{word}”一列。") for word in REQUIRED if word not in heads]
    problems += [Problem(start + 1, f"“{w}”一列写了两次。") for w in dict.fromkeys(heads) if w and heads.count(w) > 1]
    problems += [Problem(start + 1, f"不认识“{w}”一列，请改名或者删去。") for w in heads if w and w not in HEADER]
    if problems:
        raise BadTable(problems)
    rows = []
    for line, values in enumerate(table[start + 1 :], start=start + 2):
        if any(values):
            told = {HEADER[head]: value for head, value in zip(heads, values, strict=False) if head}
            rows.append(TreeRow(line, **({"kind": ""} | told)))
    if not rows:
        raise BadTable([Problem(0, "表头下面没有内容。")])
    return rows


def _plain(word: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))


def read_date(word: str) -> date | None:
    """2026-09-01, 2026/9/1 or 2026年9月1日; None where it is no day."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", word).strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
