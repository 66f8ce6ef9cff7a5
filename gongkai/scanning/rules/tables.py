"""Tables inside a text: rows of cells under a row of heads, parted by tabs, commas, bars or blanks.

A head says what a column holds even where a cell alone says nothing: an account without check digits, a name that is
no usual one. `Reading.text` parts cells by tabs and rows by new lines; a .csv has its commas, a page of a PDF blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gongkai.chinese.normalise import half_width

if TYPE_CHECKING:
    from gongkai.scanning.rules.prepared import Prepared

_SPACE = re.compile(r"\s+")
_NOTE = re.compile(r"[(（\[［【].*?[)）\]］】]|[(（].*")

#: What a head names → how it is written, blanks and notes in brackets left out.
HEADS = {
    "identity": re.compile(r".{0,6}(?:身份证|公民身份|证件|证照|护照|通行证|残疾证|残疾人证).{0,3}(?:号码?|编号)?"),
    "account": re.compile(
        r".{0,6}(?:银行|一卡通|社保卡?|社会保障卡?|医保卡?|惠农|惠民|工资|存折|储蓄|开户|收款|打卡|低保|领款|发放)?"
        r"(?:卡|账|帐|折|社会?保障?|一卡通|账户|帐户|存折|个人编|参保)(?:号码?|户|卡号|账号|帐号)"
    ),
    "name": re.compile(
        r"(?:.{0,8}姓名|户主|申请人|户主名|患者|学生|儿童|监护人|家长|配偶|残疾人|持证人|受助人|救助对象|低保对象|补助对象|保障对象|"
        r"受益人|承租人|购房人|权利人|人员|名字|家庭成员|共同申请人|获奖人|考生|应聘人|拟录用人员)(?:姓名)?"
    ),
    "address": re.compile(
        r".{0,4}(?:住址|家庭地址|户籍地址?|户口所在地|居住地址?|现住地址?|常住地址?|通讯地址|详细地址)"
    ),
    "wechat": re.compile(r".{0,4}微信号?码?"),
    "qq": re.compile(r".{0,4}QQ(?:号码?|邮箱)?", re.IGNORECASE),
    "fact": re.compile(
        r".{0,4}(?:残疾(?:类别|等级|类型|级别|程度|情况)|致贫原因|致困原因|困难原因|返贫原因|贫困原因|救助原因|申请原因|病种|疾病(?:名称|种类|情况)?|"
        r"患病情况|诊断(?:结果|情况)?|病情|健康状况|宗教信仰|信教情况)"
    ),
}
#: Words of which every head has one: only lines with one of them are looked at.
TRIGGERS = (
    "身份证", "公民身份", "证件", "证照", "护照", "通行证", "残疾证", "残疾人证", "卡号", "账号", "帐号", "折号", "账户", "帐户",
    "一卡通号", "社保号", "社会保障号", "医保号", "个人编号", "参保号", "姓名", "姓 名", "姓　名", "姓  名", "姓　　名", "户主", "申请人", "患者",
    "学生", "儿童", "监护人", "家长", "配偶", "残疾人", "持证人", "受助人", "对象", "受益人", "承租人", "购房人", "权利人", "人员", "名字",
    "家庭成员", "获奖人", "考生", "应聘人", "住址", "地址", "户籍地", "户口所在地", "居住地", "微信", "QQ", "qq",
    "残疾类", "残疾等", "残疾级", "残疾程", "残疾情", "原因", "病种", "疾病", "患病情况", "诊断", "病情", "健康状况", "宗教信仰", "信教",
)  # fmt: skip
_BEFORE = re.compile(r"(?:\A|[\n\t,| \u3000\"])[^\n\t,|。；：:，、\"]{0,10}\Z")
_AFTER = re.compile(r"[^\n\t,|。；：:，、\"]{0,14}(?:\Z|[\r\n\t,| \u3000\"])")
_NO_HEAD = re.compile(r"[。；：:！？，0-9]")
_LONGEST_HEAD = 24
_LONGEST_LINE = 4_000
#: [I] Lines without cells that may stand inside a table: a subtotal, a page number, a repeated title.
_MOST_STRAY = 3


class Column(NamedTuple):
    """What its head names (a key of HEADS), the number of its table in the text, and (start, end) of every cell."""

    kind: str
    table: int
    cells: tuple[tuple[int, int], ...]


def _line(text: str, at: int) -> tuple[int, int]:
    start = text.rfind("\n", max(0, at - _LONGEST_LINE), at) + 1
    end = text.find("\n", at, at + _LONGEST_LINE)
    return start, len(text) if end == -1 else end


def _divider(line: str) -> str:
    """What parts the cells of a row of heads; empty where nothing does."""
    for mark in "\t|,":
        if mark in line:
            return mark
    return " " if _SPACE.search(line.strip()) else ""


def _cells(text: str, start: int, end: int, divider: str) -> list[tuple[int, int]]:
    """Spans of the cells of a line, without blanks and quotation marks around them."""
    if not divider:
        return [_stripped(text, start, end)]
    if divider == " ":
        return [match.span() for match in re.compile(r"\S+").finditer(text, start, end)]
    if divider == "," and '"' in text[start:end]:
        return [
            _stripped(text, *match.span(1)) for match in _QUOTED.finditer(text, start, end) if match.group(2) != "\0"
        ]
    spans, at = [], start
    while (stop := text.find(divider, at, end)) != -1:
        spans.append(_stripped(text, at, stop))
        at = stop + 1
    return [*spans, _stripped(text, at, end)]


_QUOTED = re.compile(r"(\"(?:[^\"\n]|\"\")*\"|[^,\n]*)(,|$|\Z)", re.MULTILINE)
_AROUND = " \u3000\r\"'="


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _AROUND:
        start += 1
    while start < end and text[end - 1] in _AROUND:
        end -= 1
    return start, end


def head_kind(head: str) -> str:
    """The key of HEADS a head stands for; empty where it names nothing of interest."""
    plain = _NOTE.sub("", _SPACE.sub("", half_width(head)))
    return next((kind for kind, pattern in HEADS.items() if pattern.fullmatch(plain)), "")


def _joined(text: str, cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Heads parted by blanks: 姓 名 is one."""
    joined: list[tuple[int, int]] = []
    for start, end in cells:
        if joined and text[start:end] == "名" and text[slice(*joined[-1])] == "姓":
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


class _Heads(NamedTuple):
    start: int
    end: int
    divider: str
    kinds: list[str]


def _heads(text: str, start: int, end: int) -> _Heads | None:
    """The line as a row of heads, or None: all cells short and without figures, at least one of a kind."""
    line = text[start:end]
    if len(line) >= _LONGEST_LINE:
        return None
    divider = _divider(line.strip(" \u3000\r"))
    cells = _cells(text, start, end, divider)
    if divider == " ":
        cells = _joined(text, cells)
        if len(cells) < 3:
            return None
    heads = [text[slice(*cell)] for cell in cells]
    if any(len(head) > _LONGEST_HEAD or _NO_HEAD.search(_NOTE.sub("", head)) for head in heads):
        return None
    kinds = [head_kind(head) for head in heads]
    return _Heads(start, end, divider, kinds) if any(kinds) else None


def _head_lines(prepared: Prepared) -> Iterator[_Heads]:
    text, reached = prepared.text, -1
    for start, end in prepared.places(TRIGGERS):
        if start < reached or not _BEFORE.search(prepared.before(start, 11)) or not _AFTER.match(text, end, end + 15):
            continue
        line_start, line_end = _line(text, start)
        reached = line_end
        if heads := _heads(text, line_start, line_end):
            yield heads


def columns_in(prepared: Prepared) -> list[Column]:
    """The columns of every table whose heads name something of interest, in order."""
    text, columns = prepared.text, []
    lines = list(_head_lines(prepared))
    for number, heads in enumerate(lines):
        stop = lines[number + 1].start if number + 1 < len(lines) else len(text)
        cells: list[list[tuple[int, int]]] = [[] for _ in heads.kinds]
        for row in _rows(text, heads, stop):
            for column, cell in enumerate(row[: len(cells)]):
                if heads.kinds[column] and cell[0] < cell[1]:
                    cells[column].append(cell)
        columns += [
            Column(kind, number, tuple(below)) for kind, below in zip(heads.kinds, cells, strict=True) if kind and below
        ]
    return columns


def _rows(text: str, heads: _Heads, stop: int) -> Iterator[list[tuple[int, int]]]:
    """The rows below a row of heads until the table ends."""
    at, stray = heads.end + 1, 0
    while at < stop and stray <= _MOST_STRAY:
        end = text.find("\n", at, stop)
        end = stop if end == -1 else end
        row = _cells(text, at, end, heads.divider) if end - at < _LONGEST_LINE else []
        if _fits(row, heads):
            stray = 0
            yield row
        else:
            stray += 1
        at = end + 1


def _fits(row: list[tuple[int, int]], heads: _Heads) -> bool:
    if not heads.divider:
        return bool(row) and row[0][1] - row[0][0] <= _LONGEST_HEAD
    if heads.divider == " ":
        return len(row) == len(heads.kinds)
    return len(row) >= 2
