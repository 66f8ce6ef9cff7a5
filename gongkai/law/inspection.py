"""Inspection indicators for government websites (国办秘函〔2019〕19号): what is counted, from when on it fails.

Thresholds are the national ones where they are known; `mark` tells how well ([V] read in a source, [M] by hearsay,
[I] our own). An office may set its own. An indicator without data says so and never passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from gongkai.law.periods import add_months

Verdict = Literal["pass", "fail", "no_data"]
VERDICTS: Final[dict[Verdict, str]] = {"pass": "合格", "fail": "不合格", "no_data": "无数据"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. It fails as soon as the value reaches `threshold`. `veto`: one failure fails the whole site."""

    code: str
    title: str
    asks: str
    threshold: int
    unit: str
    veto: bool
    mark: str
    mend: str


INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "home_fresh", "首页更新", "监测期内首页没有更新的天数", 15, "天", True, "V",
        "发布应当公开的新信息；没有注明发布时间的视为没有更新。",
    ),
    Indicator(
        "columns_fresh", "动态、通知、政策栏目更新",
        "两周没有更新的动态要闻类栏目，加上六个月没有更新的通知公告类、政策文件类栏目", 5, "个栏目", True, "V",
        "向列出的栏目发布新信息，或者合并、停用不再使用的栏目。",
    ),
    Indicator(
        "columns_stale", "其他栏目更新", "应当更新、长期没有更新的栏目", 10, "个栏目", True, "M",
        "核对列出的栏目：还在使用的补充信息，不再使用的停用。",
    ),
    Indicator(
        "columns_blank", "空白栏目", "没有任何信息的栏目", 5, "个栏目", True, "V", "发布信息，或者停用空白栏目。",
    ),
    Indicator(
        "messages_answered", "留言回应", "超过三个月没有回应的有效留言", 1, "条", True, "V",
        "本系统还没有留言功能，这一项无法检查。",
    ),
    Indicator(
        "honest_dates", "发稿日期真实", "发布时间与审计记录不一致的信息", 1, "条", True, "V",
        "发布时间由系统写入，不应当与审计记录不同。请立即告知系统管理员核查数据库。",
    ),
    Indicator(
        "new_media_fresh", "政务新媒体更新", "两周没有更新的账号", 1, "个账号", True, "V",
        "向账号发布新信息；超过三个月不更新的账号应当清理。",
    ),
    Indicator(
        "footer_complete", "网站标识", "底部缺少的法定标识和信息", 1, "项", False, "V",
        "在配置中补上缺少的项目（见 docs/operate.md）。",
    ),
    Indicator(
        "meta_complete", "网页标签", "标签内容空缺、只能用通用内容代替的栏目和网页", 1, "处", False, "V",
        "为列出的栏目写上说明和关键词，为列出的网页写上来源。",
    ),
    Indicator(
        "search_works", "站内搜索", "按标题搜不到的已公开信息（抽查）", 1, "条", False, "V",
        "稍候片刻再查；仍然搜不到的，请系统管理员运行 gongkai reindex。",
    ),
    Indicator(
        "interpretations_linked", "解读关联", "没有与政策文件互相关联的解读", 1, "条", False, "V",
        "打开列出的解读，补上所解读的文件后重新送审。",
    ),
    Indicator(
        "links_alive", "链接可用", "打不开的链接和附件", 1, "处", False, "V", "修改或者去掉列出的链接。",
    ),
)  # fmt: skip
_BY_CODE: Final = {indicator.code: indicator for indicator in INDICATORS}

#: Kinds of columns that have to move within two weeks, and within six months (19号); others by our own periods [I].
NEWS_KINDS: Final = frozenset({"动态"})
NEWS_DAYS: Final = 14
NOTICE_KINDS: Final = frozenset({"通知", "政策"})
NOTICE_MONTHS: Final = 6
#: [I] months after which a column of another kind counts as long without news
OTHER_MONTHS: Final[Mapping[str, int]] = {"解读": 6, "公示": 6, "数据": 6, "指南": 24, "制度": 24, "年报": 13}


@dataclass(frozen=True, slots=True)
class Judgement:
    """`by`: how far from the threshold, in units; positive for a failure (0: just reached), negative for room left."""

    code: str
    verdict: Verdict
    value: int | None
    threshold: int
    by: int | None


def indicator(code: str) -> Indicator:
    """One indicator; KeyError for a code that is not in the table.

    依据：19号
    """
    return _BY_CODE[code]


def judge(code: str, value: int | None, *, threshold: int | None = None) -> Judgement:
    """Does the value fail? None is no data, which is no pass. `threshold` is an office's own instead of the table's.

    依据：19号
    """
    limit = indicator(code).threshold if threshold is None else threshold
    if limit < 1:
        raise ValueError(f"a threshold of {limit} would fail everything")
    if value is None:
        return Judgement(code, "no_data", None, limit, None)
    return Judgement(code, "fail" if value >= limit else "pass", value, limit, value - limit)


def last_fresh_day(kind: str, *, on: date) -> date | None:
    """The earliest day of its newest item with which a column of this kind still counts as kept up on `on`; None
    where no period is known for the kind.

    依据：19号
    """
    if kind in NEWS_KINDS:
        return on - timedelta(days=NEWS_DAYS)
    if kind in NOTICE_KINDS:
        return add_months(on, -NOTICE_MONTHS)
    months = OTHER_MONTHS.get(kind)
    return None if months is None else add_months(on, -months)


def site_verdict(judgements: Mapping[str, Judgement]) -> Verdict:
    """The site as a whole: one failed veto fails it; as long as a veto could not be checked it has not passed either.

    依据：19号
    """
    vetoes = {code: judgement.verdict for code, judgement in judgements.items() if indicator(code).veto}
    if "fail" in vetoes.values():
        return "fail"
    return "no_data" if "no_data" in vetoes.values() else "pass"
