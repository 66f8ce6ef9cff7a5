"""Forms that several parts of the guess share: lines, dates, names of organs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value and the stretch `text[start:end]` it was read from."""

    value: Value
    start: int
    end: int


HAN = "\u4e00-\u9fff"
GAP = "[ \t\u00a0\u3000]*"
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
ZERO = "〇零○０OoＯ0"
HAN_DIGIT = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | dict.fromkeys(ZERO, "0")

# The organ word of an issuer's name, at its end.
ORGAN_END = "政府|办公厅|办公室|委员会|管委会|人社厅|厅|局|部|委|署|院|行|总队|支队|大队|中心|法院|检察院|领导小组|指挥部|联席会议|工会|总工会|联合会|协会|公司|集团|学校|大学|医院"
ORGAN = rf"[{HAN}（）()·]{{2,40}}?(?:{ORGAN_END})"
KINDS = (
    "通知|通告|公告|通报|意见|决定|决议|命令|批复|函|报告|请示|办法|规定|细则|条例|方案|规划|计划|要点|指南|制度|规则|规程|"
    "标准|目录|清单|预案|名单|公示|公报|解读|说明|措施|章程|守则|准则|令"
)
TRIAL = r"(?:[（(](?:试行|暂行|修订|修订稿|征求意见稿|送审稿|20\d\d[^（）()]{0,16})[）)])*"

DATE = re.compile(
    rf"(?P<year>[12１２][0-9０-９]{{3}}){GAP}年{GAP}(?P<month>[0-9０-９]{{1,2}}){GAP}月{GAP}(?P<day>[0-9０-９]{{1,2}}){GAP}日"
    rf"|(?P<han_year>[一二][{ZERO}一二三四五六七八九]{{3}}){GAP}年{GAP}(?P<han_month>[一二三四五六七八九十元]{{1,3}}){GAP}月"
    rf"{GAP}(?P<han_day>[一二三四五六七八九十]{{1,3}}){GAP}日"
)
# How names of ministries and of party and people's organs begin.
_BEGINNINGS = [
    "国家",
    "中国",
    "中共",
    "中华",
    "人力资源",
    "教育部",
    "科技部",
    "科学技术部",
    "工业和信息化",
    "公安部",
    "民政部",
    "司法部",
    "财政部",
    "自然资源部",
    "生态环境部",
    "住房",
    "交通运输部",
    "水利部",
    "农业农村部",
    "商务部",
    "文化和旅游部",
    "应急",
    "审计署",
    "市场监管",
    "海关总署",
    "税务总局",
    "体育总局",
    "统计局",
    "中科院",
    "工程院",
    "全国",
    "最高人民",
]
# A date in running text goes on: 自…日起, …日前, …日印发.
GOES_ON = re.compile(
    rf"{GAP}(?:起|前|后|以|之|至|到|止|内|的|，|,|、|。|；|印发|发布|公布|批准|通过|修|召开|会议|经|由|第|生效|施行|在|—|-|～|和|[{HAN}]{{0,12}}(?:发布|公布|印发|批准)的)"
)

# Where the head of a document ends: the salutation, or the first sentence.
_SALUTATION = re.compile(r"^[^。；]{2,200}[：:]$")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def lines_of(text: str) -> list[Line]:
    """Lines without their outer blanks. A text run together is parted at its blanks as far as these look like ends."""
    parting = (
        r"\n"
        if text.count("\n") * 400 >= len(text) or len(text) < 400
        else r"\n|(?<=[^\x00-\x7f])[ \u3000\u00a0]+(?=[^\x00-\x7f])"
    )
    found, at = [], 0
    for part in re.split(f"({parting})", text):
        stripped = part.strip(" \t\r\n\u00a0\u3000\ufeff#*")
        if stripped:
            found.append(Line(stripped, at + part.index(stripped)))
        at += len(part)
    return found


def head_of(lines: list[Line]) -> list[Line]:
    """The lines before the salutation or the first sentence, at most thirty."""
    head = []
    for line in lines[:30]:
        if (
            _SALUTATION.match(line.text)
            or len(line.text) > 160
            or re.match(r"第[一1]条|一、|为(?:了|贯彻|进一步|加强|规范)", line.text)
        ):
            break
        head.append(line)
    return head


def date_of(match: re.Match[str]) -> date | None:
    if match["year"]:
        year, month, day = (int(match[name].translate(DIGITS)) for name in ("year", "month", "day"))
    else:
        year = int("".join(HAN_DIGIT[digit] for digit in match["han_year"]))
        month, day = small(match["han_month"]), small(match["han_day"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def small(number: str) -> int:
    """一 … 三十一, and 元 for the first month."""
    if number == "元":
        return 1
    tens, ten, ones = number.rpartition("十")
    digits = "一二三四五六七八九"
    if not ten:
        return digits.find(number) + 1
    return (digits.find(tens) + 1 if tens else 1) * 10 + (digits.find(ones) + 1 if ones else 0)


def organs_in(text: str, start: int) -> tuple[Found[str], ...]:
    """Issuers when `text` is nothing but names of organs, with blanks or 、 between; else none."""
    names: list[Found[str]] = []
    for match in re.finditer(r"[^ \t\u00a0\u3000、]+", text):
        if not re.fullmatch(rf"[{HAN}（）()·]{{1,200}}", match.group()):
            return ()
        names += _parted(Found(match.group(), start + match.start(), start + match.end()))
    if names and all(re.search(rf"(?:{ORGAN_END})$", name.value) and len(name.value) >= 2 for name in names):
        return tuple(names)
    spaced = "".join(name.value for name in names)
    if names and all(len(name.value) <= 2 for name in names) and re.search(rf"(?:{ORGAN_END})$", spaced):
        return (Found(spaced, names[0].start, names[-1].end),)
    return ()


def _parted(name: Found[str]) -> list[Found[str]]:
    """Names run together, parted where one organ's end meets another's beginning."""
    if len(name.value) <= 8:
        return [name]
    province = re.match(rf"[{HAN}]{{2,3}}?[省市县]", name.value)
    begins = "|".join(_BEGINNINGS + ([province.group()] if province else []))
    cuts = [
        0,
        *(cut.start() for cut in re.finditer(rf"(?<=[部委局署厅会院行室府])(?<!国家税务总局)(?={begins})", name.value)),
    ]
    edges = [*dict.fromkeys(cuts), len(name.value)]
    return [Found(name.value[a:b], name.start + a, name.start + b) for a, b in zip(edges, edges[1:], strict=False)]
