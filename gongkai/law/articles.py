"""The laws this system carries out: how an article is cited, and what each says, in our own words."""

from __future__ import annotations

import re
from functools import cache

from gongkai.law.summaries import SUMMARIES

#: Short name (as in the `依据：` line of a docstring) → what a person reads.
LAWS: dict[str, str] = {
    "条例": "《政府信息公开条例》",
    "民法典": "《民法典》",
    "民事诉讼法": "《民事诉讼法》",
    "行政复议法": "《行政复议法》",
    "行政诉讼法": "《行政诉讼法》",
    "行诉解释": "《最高人民法院关于适用〈行政诉讼法〉的解释》",
    "信息公开解释": "《最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释》（法释〔2025〕8号）",
    "保密法": "《保守国家秘密法》",
    "保密法实施条例": "《保守国家秘密法实施条例》",
    "个保法": "《个人信息保护法》",
    "决策条例": "《重大行政决策程序暂行条例》",
    "行政处罚法": "《行政处罚法》",
    "预算法": "《预算法》",
    "档案法": "《档案法》",
    "放假办法": "《全国年节及纪念日放假办法》",
    "109号": "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
    "30号": "国办公开办函〔2021〕30号",
    "235号": "国办公开办函〔2016〕235号",
    "207号": "国办公开办函〔2015〕207号",
    "19号": "国办秘函〔2019〕19号",
    "54号": "国办发〔2019〕54号",
    "设计": "本系统的设计规则",
}

_REFERENCE = re.compile(r"(?P<law>.*?)(?P<article>\d+)?(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?", re.DOTALL)
_DIGITS = "零一二三四五六七八九"


def chinese_number(n: int) -> str:
    """1 → 一, 33 → 三十三, 203 → 二百零三. From 1 to 9999.

    依据：设计
    """
    if not 1 <= n <= 9999:
        raise ValueError(f"条款编号应在1至9999之间，现为{n}。")
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            words += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = bool(words) and n > 0
    return words[1:] if words.startswith("一十") else words


@cache
def split(reference: str) -> tuple[str, int | None, int | None, int | None]:
    """「条例33.2」→ ("条例", 33, 2, None); 「条例36(4)」→ ("条例", 36, None, 4); 「30号」→ ("30号", None, None, None).

    Raises ValueError for a law that is not in `LAWS`.

    依据：设计
    """
    text = reference.strip().replace("（", "(").replace("）", ")")
    law = max((name for name in LAWS if text.startswith(name)), key=len, default="")
    match = _REFERENCE.fullmatch(text[len(law) :]) if law else None
    if match is None or match["law"]:
        raise ValueError(f"无法识别的条文“{reference}”。写法如 条例33、条例33.2、条例36(4)、民法典203。")
    article, paragraph, item = (int(match[k]) if match[k] else None for k in ("article", "paragraph", "item"))
    return law, article, paragraph, item


@cache
def cite(references: str) -> str:
    """「条例33.2」→ 《政府信息公开条例》第三十三条第二款; several joined by ；.

    依据：设计
    """
    return "；".join(_cite(part) for part in references.split("；"))


def _cite(reference: str) -> str:
    law, article, paragraph, item = split(reference)
    words = LAWS[law]
    for number, name in ((article, "条"), (paragraph, "款"), (item, "项")):
        if number is not None:
            words += f"第{chinese_number(number)}{name}"
    return words


def summary_of(law: str, article: int | None) -> str:
    """Our own short summary of an article, or of the document where it is not split; empty when there is none.

    依据：设计
    """
    return SUMMARIES.get((law, article)) or SUMMARIES.get((law, None), "")
