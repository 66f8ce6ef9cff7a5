"""The columns of the grassroots disclosure catalogue (基层政务公开标准目录) as values: time limit, channels, audience.

The wording of the 公开时限 column is free; `parse_limit` turns what is met in practice into a typed limit and keeps
the text. What it cannot read is `free_text` and falls back to the 20 working days of Art. 26.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from gongkai.law.citations import read_number
from gongkai.law.periods import calendar_period_end, month_end
from gongkai.law.verdicts import Allowed, Refused, Verdict

if TYPE_CHECKING:
    from gongkai.law.workdays import WorkCalendar

LimitKind = Literal["working_days", "calendar_days", "realtime", "month_end", "free_text"]
Anchor = Literal["formed_or_changed", "made_or_obtained", "decided", "approved", "accepted", "ended"]

STATUTORY_DAYS = 20

ANCHORS: dict[Anchor, str] = {
    "formed_or_changed": "信息形成或者变更之日",
    "made_or_obtained": "制作或者获取信息之日",
    "decided": "作出决定之日",
    "approved": "批准、批复或者印发之日",
    "accepted": "受理之日",
    "ended": "事项办结、期间结束之日",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit. `n`: days for the day kinds (0 for realtime), month 1-12 for month_end, None for free text.

    `day`: day of that month where one is named, None means its last day. `notice_days`/`notice_working`: how long a
    公示 must stay up where the wording says so. `note` says how a loose wording was read, empty where it was plain.
    """

    kind: LimitKind
    n: int | None
    anchor: Anchor
    text: str
    day: int | None = None
    notice_days: int | None = None
    notice_working: bool = False
    note: str = ""

    @property
    def sentence(self) -> str:
        match self.kind:
            case "working_days":
                return f"自{ANCHORS[self.anchor]}起{self.n}个工作日内公开"
            case "calendar_days":
                return f"自{ANCHORS[self.anchor]}起{self.n}日内公开"
            case "realtime":
                return f"{ANCHORS[self.anchor]}当日公开"
            case "month_end":
                return f"每年{self.n}月底前公开" if self.day is None else f"每年{self.n}月{self.day}日前公开"
            case "free_text":
                return f"“{self.text}”没有写明天数，按自{ANCHORS[self.anchor]}起{STATUTORY_DAYS}个工作日计"
            case other:
                raise LookupError(f"没有“{other}”这种公开时限。")


_NUM = r"(\d+|[零〇一二两三四五六七八九十百]+)"
_WORKING = re.compile(_NUM + r"个?工作[日天]")
_CALENDAR = re.compile(r"(?<!每月)" + _NUM + r"个?(?:自然日|日历日|日|天)(?!常)")
_HOURS = re.compile(_NUM + r"个?小时")
_FIXED = re.compile(_NUM + r"月(?:份)?(?:(底|末)|" + _NUM + r"[日号])(?:之?前|以前)?")
_NOTICE = re.compile(
    r"公示(?:期|时间|期限)?[为:]?(?:不少于|不得少于|至少)?" + _NUM + r"个?(工作日|自然日|日|天)(?:以上)?"
)
_YEAR_END = re.compile(r"年(?:底|末)(?:之?前|以前)")
_REALTIME = re.compile(r"实时|即时|立即|当日|当天|同步")
_PROMPT = re.compile(r"及时")
_ANCHOR_WORDS: tuple[tuple[Anchor, re.Pattern[str]], ...] = (
    ("made_or_obtained", re.compile(r"(?:制定|制作|获取|获得).{0,6}(?:获取|获得|信息|之日)")),
    ("decided", re.compile(r"(?:作出|做出).{0,12}(?:决定)?|决定(?:之日|作出|后)")),
    ("approved", re.compile(r"(?:批准|批复|印发|审批|通过)(?:.{0,4}之日|后)")),
    ("accepted", re.compile(r"受理(?:之日|后)")),
    ("ended", re.compile(r"(?:结束|办结|完成|终结|终了)(?:之日|后)?")),
)


def parse_limit(text: str) -> Limit:
    """Read one cell of the 公开时限 column. Never fails: wording without a number becomes `free_text`.

    Where a cell names several limits (permits 7 working days, the rest 20) the shortest is taken and `note` says so.
    A bare "及时" is Art. 26 in short: at most 20 working days.

    依据：条例26；54号
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    notice = _NOTICE.search(plain)
    rest = plain.replace(notice.group(0), "") if notice else plain
    kind, n, day, note = _kind_of(rest)
    return Limit(
        kind=kind,
        n=n,
        anchor=_anchor_of(rest),
        text=text.strip(),
        day=day,
        notice_days=read_number(notice.group(1)) if notice else None,
        notice_working=notice is not None and notice.group(2) == "工作日",
        note=note,
    )


def _kind_of(plain: str) -> tuple[LimitKind, int | None, int | None, str]:
    fixed = _FIXED.search(plain)
    without_dates = _FIXED.sub("", plain)
    working = [n for m in _WORKING.findall(without_dates) if (n := read_number(m))]
    calendar = [n for m in _CALENDAR.findall(_WORKING.sub("", without_dates)) if (n := read_number(m))]
    if working:
        several = len(set(working)) > 1 or bool(calendar)
        return "working_days", min(working), None, "写有多个期限，取最短的工作日期限" if several else ""
    if calendar:
        return "calendar_days", min(calendar), None, "写有多个期限，取最短的" if len(set(calendar)) > 1 else ""
    if hours := _HOURS.search(without_dates):
        n = read_number(hours.group(1))
        return ("calendar_days", -(-n // 24), None, "小时数折算为日") if n >= 24 else ("realtime", 0, None, "按当日计")
    if fixed and (month_end := _month_end(fixed)):
        return month_end
    if _YEAR_END.search(plain):
        return "month_end", 12, None, ""
    if _REALTIME.search(plain):
        return "realtime", 0, None, ""
    if _PROMPT.search(plain):
        return "working_days", STATUTORY_DAYS, None, "“及时”没有写天数，按第二十六条最长20个工作日计"
    return "free_text", None, None, "没有写明天数，按第二十六条最长20个工作日计"


def _month_end(fixed: re.Match[str]) -> tuple[LimitKind, int, int | None, str] | None:
    month = read_number(fixed.group(1))
    day = read_number(fixed.group(3)) if fixed.group(3) else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return "month_end", month, day, ""


def _anchor_of(plain: str) -> Anchor:
    if re.search(r"形成|变更", plain):
        return "formed_or_changed"
    for anchor, pattern in _ANCHOR_WORDS:
        if pattern.search(plain):
            return anchor
    return "formed_or_changed"


def limit_due_on(limit: Limit, anchor: date, calendar: WorkCalendar) -> date:
    """The last day to publish. `anchor` is the day named by `limit.anchor`; it is never counted itself.

    Calendar days roll over a holiday at their end; a fixed date of the year (3月底前) does not roll and, once past in
    the anchor's year, means the next year.

    依据：条例26；民法典201；民法典203
    """
    match limit.kind:
        case "working_days":
            return calendar.add(anchor, _days(limit))
        case "calendar_days":
            return calendar_period_end(anchor, _days(limit), calendar)
        case "realtime":
            return anchor
        case "month_end":
            due = _fixed_day(limit, anchor.year)
            return due if due >= anchor else _fixed_day(limit, anchor.year + 1)
        case "free_text":
            return calendar.add(anchor, STATUTORY_DAYS)
        case other:
            raise LookupError(f"没有“{other}”这种公开时限。")


def _days(limit: Limit) -> int:
    if limit.n is None or limit.n < 1:
        raise ValueError(f"公开时限“{limit.text}”没有可用的天数，请改写为“N个工作日”。")
    return limit.n


def _fixed_day(limit: Limit, year: int) -> date:
    month = _days(limit)
    last = month_end(year, month)
    return last if limit.day is None else min(last, date(year, month, 1) + timedelta(days=limit.day - 1))


def check_limit(limit: Limit, *, statute: str = "") -> Verdict:
    """Whether the limit keeps within Art. 26: longer than 20 working days needs a law or regulation that says so.

    依据：条例26
    """
    too_long = (limit.kind == "working_days" and (limit.n or 0) > STATUTORY_DAYS) or (
        limit.kind == "calendar_days" and (limit.n or 0) > 30
    )
    if too_long and not statute.strip():
        return Refused(
            "limit_too_long",
            f"公开时限“{limit.text}”超过{STATUTORY_DAYS}个工作日，请改短，或者写明另有规定的法律、法规名称和条款。",
            "《政府信息公开条例》第二十六条",
        )
    return Allowed()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a code table; `aliases` are other spellings met in published catalogues."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


CHANNELS: tuple[Choice, ...] = (
    Choice("website", "政府网站", ("门户网站", "政府门户网站")),
    Choice("gazette", "政府公报"),
    Choice("new_media", "两微一端", ("政务新媒体", "微信公众号", "微博", "客户端")),
    Choice("press_hearing", "发布会/听证会", ("发布会听证会", "新闻发布会", "发布会", "听证会")),
    Choice("broadcast", "广播电视", ("广播", "电视", "广播、电视")),
    Choice("paper", "纸质载体", ("纸质媒体", "报刊")),
    Choice("reading_point", "公开查阅点", ("查阅点",)),
    Choice("service_centre", "政务服务中心", ("政务服务大厅", "办事大厅")),
    Choice("convenience_station", "便民服务站", ("便民服务中心",)),
    Choice("on_site", "入户/现场", ("入户现场", "入户", "现场")),
    Choice(
        "notice_board",
        "社区/企事业单位/村公示栏(电子屏)",
        ("社区/企事业单位/村公示栏", "村公示栏", "公示栏", "村务公开栏", "电子屏"),
    ),
    Choice("targeted", "精准推送"),
    Choice("other", "其他"),
)
AUDIENCES: tuple[Choice, ...] = (
    Choice("public", "全社会", ("社会公众", "社会")),
    Choice("specific", "特定群体", ("特定群众", "特定人群", "特定对象")),
)
METHODS: tuple[Choice, ...] = (
    Choice("proactive", "主动", ("主动公开",)),
    Choice("on_request", "依申请公开", ("依申请",)),
)
LEVELS: tuple[Choice, ...] = (
    Choice("city", "市级"),
    Choice("county", "县级", ("区级", "县(市、区)级")),
    Choice("township", "乡级", ("乡镇级", "乡(镇)级", "街道级", "镇级")),
    Choice("village", "村级", ("村(社区)级", "社区级")),
)

_TICKED, _EMPTY = "■☑✔√●", "□☐○"
_BOXES = re.compile(f"[{_TICKED}{_EMPTY}][^{_TICKED}{_EMPTY}]*")


@dataclass(frozen=True, slots=True)
class ChannelCell:
    """The 公开渠道和载体 cell: codes in the order of the table, the text after 其他, and words not understood."""

    codes: tuple[str, ...]
    other: str = ""
    unknown: tuple[str, ...] = ()


def parse_channels(text: str) -> ChannelCell:
    """Read the channel cell: a ■/□ list, or names joined by 、；，; unknown words are kept as they stand.

    依据：54号；条例23
    """
    plain = unicodedata.normalize("NFKC", text)
    if any(box in plain for box in _TICKED + _EMPTY):
        words = [w[1:] for w in _BOXES.findall(plain) if w[0] in _TICKED]
    else:
        words = re.split(r"[、,;\n]+", plain)
    codes: set[str] = set()
    unknown: list[str] = []
    other = ""
    for raw in words:
        word = re.sub(r"[\s_:]+", "", raw).strip("、,;。")
        if not word:
            continue
        if word.startswith(("其他", "其它")):
            codes.add("other")
            other = word[2:].strip("()")
        elif code := match_choice(CHANNELS, word):
            codes.add(code)
        else:
            unknown.append(word)
    return ChannelCell(tuple(c.code for c in CHANNELS if c.code in codes), other, tuple(unknown))


def match_choice(table: tuple[Choice, ...], word: str) -> str | None:
    """The code whose label or alias is this word, spaces and full-width forms apart; None where there is none.

    依据：54号
    """
    plain = _squeeze(word)
    for row in table:
        if plain in {_squeeze(name) for name in (row.label, *row.aliases)}:
            return row.code
        if row.code == "paper" and plain.startswith("纸质"):
            return row.code
    return None


def _squeeze(word: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))
