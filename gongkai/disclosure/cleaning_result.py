"""The result of a 清理 as the public reads it: four lists; and read back, what was published of each document.

What is read back decides what is done: a line that a later hand took out of the lists, or moved, has no effect by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from gongkai.disclosure.models import Cleaning, CleaningLine
from gongkai.law.cleaning import DECISIONS, DecisionCode
from gongkai.law.explain import day_in_words

_SERIALS = "一二三四"
_SECTION = re.compile(r"[一二三四]、(?P<title>继续有效|修改|废止|失效)的文件(?:（\d+件）)?")
_HEAD = ("序号", "文件名称", "文号", "成文日期", "索引号", "理由")


def result_title(cleaning: Cleaning) -> str:
    """The campaign's own title, said to be its result."""
    title = cleaning.title.strip()
    return title if title.endswith("结果") else f"{title}结果"


def result_body(cleaning: Cleaning, lines: Sequence[CleaningLine]) -> str:
    """HTML of the four lists; a list without documents says so."""
    parts = [
        f"<p>根据{escape(cleaning.basis)}，{escape(cleaning.organ.name)}对规范性文件进行了清理，共清理{len(lines)}件。"
        "现将结果公布如下。</p>"
    ]
    for serial, row in zip(_SERIALS, DECISIONS, strict=True):
        inside = [line for line in lines if line.decision == row.code]
        parts.append(f"<h2>{serial}、{row.title}的文件（{len(inside)}件）</h2>")
        parts.append(_table(inside) if inside else "<p>无。</p>")
    return "".join(parts)


def published_decisions(text: str, index_numbers: Iterable[str]) -> dict[str, DecisionCode]:
    """Which list each index number stands in, read from the plain text of a result; none for a number in two lists."""
    codes = {row.title: row.code for row in DECISIONS}
    wanted, found, twice = set(index_numbers), {}, set()
    section: DecisionCode | None = None
    for line in text.splitlines():
        head = _SECTION.fullmatch(line.strip())
        if head is not None:
            section = codes[head["title"]]
            continue
        for number in wanted.intersection(cell.strip() for cell in line.split("\t")):
            if section is not None:
                if found.get(number, section) != section:
                    twice.add(number)
                found[number] = section
    return {number: code for number, code in found.items() if number not in twice}


def _table(lines: Sequence[CleaningLine]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, range(1, len(lines) + 1), lines))}</tbody></table>"


def _row(serial: int, line: CleaningLine) -> str:
    version = line.release.version
    formed = day_in_words(version.formed_on) if version.formed_on else ""
    cells = (str(serial), version.title, version.doc_number, formed, line.item.index_number or "", _reason(line))
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _reason(line: CleaningLine) -> str:
    reason = " ".join(line.reason.split())
    if not line.new_number or line.new_valid_until is None:
        return reason
    return f"{reason.rstrip('。')}。重新编号为{line.new_number}，有效期至{day_in_words(line.new_valid_until)}。"
