"""Title, kind of document, and the heading of Art. 20 the title points to."""

from __future__ import annotations

import re

from gongkai.chinese.metadata.forms import DATE, GAP, HAN, KINDS, ORGAN, TRIAL, Found, Line, organs_in
from gongkai.chinese.metadata.number import ORDER_NUMBER

_LABELLED_TITLE = re.compile(r"^(?:标\s*题|名\s*称|文件名称)[:：]\s*(?P<title>.{4,150})$", re.MULTILINE)
_HEADINGS: tuple[tuple[str, str], ...] = (
    ("20-14", "公务员.{0,6}(?:招|录)|招录|事业单位.{0,6}招聘|公开招聘"),
    ("20-07", "预算|决算"),
    ("20-09", "政府采购|集中采购|采购目录"),
    ("20-08", "行政事业性收费|收费标准|收费目录|收费项目"),
    ("20-06", "行政处罚|行政强制|处罚裁量|裁量基准"),
    ("20-05", "行政许可|审批事项|办事指南|服务指南|政务服务事项|许可事项"),
    ("20-12", "应急预案|预警|突发|应急响应|防汛|抗旱"),
    ("20-13", "监督检查|抽检|环境保护|生态环境|食品安全|药品|安全生产|产品质量|公共卫生|执法检查"),
    ("20-10", "重大建设项目|重点项目|重大项目"),
    ("20-04", "统计公报|统计数据|统计信息|普查公报"),
    ("20-03", "规划"),
    ("20-11", "扶贫|乡村振兴|教育|医疗|社会保障|社会保险|养老|就业|救助|低保|医保|住房保障"),
    ("20-02", "机构设置|职能配置|内设机构|领导分工|工作分工|任免|任职|免职"),
    ("20-01", "办法|规定|细则|条例|规范性文件"),
)


def title_of(text: str, head: list[Line], number: Found[str] | None) -> Found[str] | None:
    label = _LABELLED_TITLE.search(text[:2000])
    if label:
        return Found(_joined([label["title"]]), label.start("title"), label.end("title"))
    candidates = [line for line in head if not _is_furniture(line, number)]
    for at in range(len(candidates)):
        for size in range(1, min(6, len(candidates) - at) + 1):
            part = candidates[at : at + size]
            name = _joined([line.text for line in part])
            if len(name) > 150 or any(mark in name for mark in "。；！？："):
                break
            if _is_title(name):
                return Found(name, part[0].start, part[-1].end)
    return _title_in_running_text(text) or _first_line(candidates, len(text))


def _title_in_running_text(text: str) -> Found[str] | None:
    match = re.match(
        rf"[\s\u3000]*(?P<title>[^\s。；：，]{{0,60}}关于[^。；：\n]{{4,120}}?的(?:{KINDS}){TRIAL})(?![{HAN}]{{0,3}}[》”])",
        text[:400],
    )
    return Found(_joined([match["title"]]), match.start("title"), match.end("title")) if match else None


def _first_line(candidates: list[Line], size: int) -> Found[str] | None:
    """News, answers and reports have no such title: the first line will do when it looks like a heading."""
    first = candidates[0] if candidates else None
    if first is None or size < 4 * len(first.text) or not 4 <= len(first.text) <= 80 or first.text[-1] in "。；：，！":
        return None
    return Found(_joined([first.text]), first.start, first.end)


def _joined(parts: list[str]) -> str:
    """Lines of a title as one: blanks between Chinese characters go, others become one space."""
    name = re.sub(r"[ \t\u00a0\u3000]+", " ", " ".join(part.strip() for part in parts))
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", name).strip()


def _is_title(name: str) -> bool:
    if not re.search(rf"(?:{KINDS}){TRIAL}$", name) or name.count("《") != name.count("》") or len(name) < 4:
        return False
    if DATE.search(name) or re.match(r"第.{1,4}[章条]|目?录第", name) or name.count("（") != name.count("）"):
        return False
    if re.search(r"[，,]", name) and "关于" not in name:
        return False
    return "关于" in name or (len(name) >= 5 and not re.search(r"文件$|(?:根据|按照|依据|经)", name))


def _is_furniture(line: Line, number: Found[str] | None) -> bool:
    """Red head, number, marks and labels above the title."""
    if number and line.start <= number.start < line.end and len(line.text) <= number.end - number.start + 12:
        return True
    return bool(
        re.fullmatch(rf"{ORGAN}(?:[、 \u3000]{ORGAN})*{GAP}文件", line.text)
        or re.search(
            r"^(?:索\s*引\s*号|发布日期|发布机构|发文机关|成文日期|主题词|有效性|来源|签发人|主题分类|份号|信息来源)",
            line.text,
        )
        or re.fullmatch(
            r"(?:特急|加急|平急|特提|急件|公开|主动公开|此件公开发布|[0-9０-９]{4,8}|-{2,}|★+|[（(].{1,20}[）)])",
            line.text,
        )
        or DATE.fullmatch(line.text)
        or ORDER_NUMBER.fullmatch(line.text)
        or re.fullmatch(rf"{ORGAN}令", line.text)
    )


def kind_of(title: str) -> str:
    """The kind of document (文种) its title ends with."""
    match = re.search(rf"({KINDS}){TRIAL}$", title)
    return match.group(1) if match else ""


def heading_of(title: Found[str] | None) -> Found[str] | None:
    if title is None:
        return None
    for code, words in _HEADINGS:
        if re.search(words, title.value):
            return Found(code, title.start, title.end)
    return None


def issuers_of_title(text: str, title: Found[str] | None) -> tuple[Found[str], ...]:
    """`某市人民政府办公室关于…`, `某市人民政府转发省…关于…`: the organs before the first such word."""
    cut = re.search(r"关于|转发|批转|印发", title.value) if title else None
    if title is None or cut is None or not cut.start():
        return ()
    # The title was joined from lines: find the same characters in the text, with any blanks between.
    written = re.compile(r"\s*".join(map(re.escape, title.value[: cut.start()]))).match(text, title.start)
    return organs_in(re.sub(r"\n", " ", written.group()), title.start) if written else ()
