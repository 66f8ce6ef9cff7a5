"""Every outcome of a request, R1 to R16: one row each. A new kind of reply is one more row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongkai.law.citations import Citation
from gongkai.law.negative_list import ground

Category = Literal["granted", "partial", "denied", "unable", "not_processed", "other"]
RemedyOrder = Literal["review_first", "either", "none"]
ClockEffect = Literal["replied", "closed"]
Force = Literal["must", "may", "by_ground"]

CATEGORIES: dict[Category, str] = {
    "granted": "予以公开",
    "partial": "部分公开",
    "denied": "不予公开",
    "unable": "无法提供",
    "not_processed": "不予处理",
    "other": "其他处理",
}

ELEMENTS: dict[str, str] = {
    "number": "文号",
    "request": "收到日期和申请内容",
    "articles": "法律依据的条、款、项",
    "agency": "机关名称",
    "date": "答复日期",
    "seal": "印章",
    "access": "获取方式、途径",
    "access_time": "获取时间（不随答复提供时）",
    "content": "可以公开的信息内容",
    "reason": "理由",
    "ground": "不予公开的情形",
    "search": "检索情况",
    "responsible": "负责公开的机关名称、联系方式（能够确定的）",
    "special_rule": "有特别规定的法律、行政法规名称",
    "proper_channel": "提出信访、投诉、举报的渠道（可以告知）",
    "earlier_reply": "前次答复的文号和日期",
    "remedy": "救济途径和期限",
}
COMMON_ELEMENTS = ("number", "request", "articles", "agency", "date", "seal", "remedy")


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One outcome. `must_contain`: codes of ELEMENTS beside the common ones. `cites`: what the letter has to cite.

    `force`: must / may / by_ground (the ground decides). `clock`: "replied" ends the clock by an answer, "closed" ends
    it without one (no letter is owed). `report_row`: line of table 3, empty where the ground decides (R3).
    """

    code: str
    title: str
    category: Category
    article: str
    cites: tuple[Citation, ...]
    must_contain: tuple[str, ...]
    grounds: tuple[str, ...]
    force: Force
    remedy: RemedyOrder
    clock: ClockEffect
    report_row: str
    advice: str

    @property
    def is_letter(self) -> bool:
        return self.clock == "replied"

    @property
    def elements(self) -> tuple[str, ...]:
        """Codes of everything the letter must contain, the common parts included; empty where no letter is owed."""
        if not self.is_letter:
            return ()
        common = (e for e in COMMON_ELEMENTS if e != "articles" or self.cites or self.grounds)
        return (*common, *self.must_contain)


_R = "《政府信息公开条例》"
_ALL_GROUNDS = ("G14a", "G14b", "G14c", "G15", "G16a", "G16b", "G16c")
_C36 = tuple(Citation(36, None, i) for i in range(8))  # index = item

REPLIES: tuple[ReplyRow, ...] = (
    ReplyRow(
        "R1",
        "已主动公开",
        "granted",
        f"{_R}第三十六条第一项",
        (_C36[1],),
        ("access",),
        (),
        "must",
        "either",
        "replied",
        "granted",  # [M] mapping
        "告诉申请人在哪里、怎样找到，网址要能直接打开。",
    ),
    ReplyRow(
        "R2",
        "予以公开",
        "granted",
        f"{_R}第三十六条第二项",
        (_C36[2],),
        ("content", "access", "access_time"),
        (),
        "must",
        "either",
        "replied",
        "granted",
        "随答复提供信息，或者告诉获取的方式、途径和时间。",
    ),
    ReplyRow(
        "R2p",
        "部分公开（区分处理）",
        "partial",
        f"{_R}第三十七条",
        (Citation(37),),
        ("content", "ground", "reason"),
        _ALL_GROUNDS,
        "by_ground",
        "review_first",
        "replied",
        "partially_granted",
        "提供可以公开的部分，对不公开的部分逐项说明理由；统计时只计这一行。",
    ),
    ReplyRow(
        "R3",
        "不予公开",
        "denied",
        f"{_R}第三十六条第三项",
        (),
        ("ground", "reason"),
        _ALL_GROUNDS,
        "by_ground",
        "review_first",
        "replied",
        "",
        "写明适用哪一条哪一款，为什么属于这种情形，以及为什么不能区分处理。",
    ),
    ReplyRow(
        "R4",
        "信息不存在",
        "unable",
        f"{_R}第三十六条第四项",
        (_C36[4],),
        ("search", "reason"),
        (),
        "must",
        "either",
        "replied",
        "unable_1",
        "写明在哪些地方、用什么词检索过；检索记录存入案卷。",
    ),
    ReplyRow(
        "R5",
        "不属于本机关负责公开",
        "unable",
        f"{_R}第三十六条第五项",
        (_C36[5],),
        ("reason", "responsible"),
        (),
        "must",
        "either",
        "replied",
        "unable_1",
        "说明理由；知道由谁负责的，写明该机关名称和联系方式。",
    ),
    ReplyRow(
        "R6",
        "重复申请",
        "not_processed",
        f"{_R}第三十六条第六项",
        (_C36[6],),
        ("earlier_reply",),
        (),
        "must",
        "either",
        "replied",
        "not_processed_2",
        "写明前次答复的文号和日期。",
    ),
    ReplyRow(
        "R7",
        "依照特别规定办理",
        "denied",
        f"{_R}第三十六条第七项",
        (_C36[7],),
        ("special_rule", "access"),
        (),
        "must",
        "either",
        "replied",
        "denied_8",  # [M] mapping
        "写明是哪部法律、行政法规规定了查询办法，到哪里查。",
    ),
    ReplyRow(
        "R8",
        "需要加工、分析",
        "unable",
        f"{_R}第三十八条",
        (Citation(38),),
        ("reason",),
        (),
        "may",
        "either",
        "replied",
        "unable_2",
        "说明现有信息是什么样、为什么要另行制作；手头有原始信息的，可以告知申请人改为申请原始信息。",
    ),
    ReplyRow(
        "R9",
        "信访、投诉、举报类申请",
        "not_processed",
        f"{_R}第三十九条第一款",
        (Citation(39, 1),),
        ("reason", "proper_channel"),
        (),
        "must",
        "either",
        "replied",
        "not_processed_1",
        "告知不作为政府信息公开申请处理，并可以告知相应渠道。",
    ),
    ReplyRow(
        "R10",
        "要求提供公开出版物",
        "not_processed",
        f"{_R}第三十九条第二款",
        (Citation(39, 2),),
        ("access",),
        (),
        "may",
        "either",
        "replied",
        "not_processed_3",
        "告知在哪里可以得到该公报、报刊或者书籍。",
    ),
    ReplyRow(
        "R11",
        "大量、反复申请且理由不合理",
        "not_processed",
        f"{_R}第三十五条",
        (Citation(35),),
        ("reason",),
        (),
        "may",
        "either",
        "replied",
        "not_processed_4",
        "先请申请人说明理由；写明数量、频次和为什么不合理。",
    ),
    ReplyRow(
        "R12",
        "补正后申请内容仍不明确",
        "unable",
        f"{_R}第三十条",
        (Citation(30),),
        ("reason",),
        (),
        "must",
        "either",
        "replied",
        "unable_3",
        "写明补正前后的内容和仍然不明确的地方。",
    ),
    ReplyRow(
        "R13",
        "逾期不补正，不再处理",
        "other",
        f"{_R}第三十条",
        (Citation(30),),
        (),
        (),
        "must",
        "either",
        "closed",
        "other_1",
        "不需要答复；把补正告知的送达日期和期限届满日记入案卷。",
    ),
    ReplyRow(
        "R14",
        "逾期未缴费，不再处理",
        "other",
        "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
        (),
        (),
        (),
        "must",
        "either",
        "closed",
        "other_2",
        "不需要答复；把收费通知的送达日期和三十日届满日记入案卷。",
    ),
    ReplyRow(
        "R15",
        "要求确认或者重新出具已获取信息",
        "not_processed",
        "《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",  # no express article in the regulation
        (),
        ("reason",),
        (),
        "may",
        "either",
        "replied",
        "not_processed_5",
        "说明申请人已经怎样得到该信息；条例没有专条，理由要写具体。",
    ),
    ReplyRow(
        "R16",
        "其他处理（申请人撤回等）",
        "other",
        "《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",
        (),
        (),
        (),
        "must",
        "none",
        "closed",
        "other_3",  # [M]
        "记明原因和日期，例如申请人书面撤回。",
    ),
)

_BY_CODE = {row.code: row for row in REPLIES}


def reply(code: str) -> ReplyRow:
    """The row with this permanent code. Raises LookupError for a code that was never given out.

    依据：条例36；条例37；条例38；条例39
    """
    try:
        return _BY_CODE[code]
    except KeyError:
        raise LookupError(f"没有代码为“{code}”的答复类型，请从 R1 至 R16 中选择。") from None


def gives_information(code: str) -> bool:
    """Does it hand over information, so that 保密审查 comes first? An unknown code raises LookupError.

    依据：条例17；条例36(2)；条例37
    """
    return "content" in reply(code).must_contain


def report_row(code: str, ground_code: str = "") -> str:
    """The one line of table 3 of the annual report on which this outcome counts. Raises LookupError.

    A partial disclosure counts as partial only, whatever the ground of its refused part.

    依据：30号；条例50
    """
    row = reply(code)
    if row.report_row:
        return row.report_row
    if not ground_code:
        raise LookupError(f"“{row.title}”按不予公开的情形统计，请先选定情形。")
    return ground(ground_code).report_row


def is_discretionary(code: str, ground_code: str = "") -> bool:
    """Whether the agency has a choice (可以) rather than a duty (应当) in answering so. Raises LookupError.

    依据：条例14；条例15；条例16；条例35；条例36；条例38；条例39
    """
    row = reply(code)
    match row.force:
        case "must":
            return False
        case "may":
            return True
        case "by_ground":
            return not ground(ground_code).mandatory
        case other:
            raise LookupError(f"没有“{other}”这种答复效力。")


def required_citations(code: str, ground_code: str = "") -> tuple[Citation, ...]:
    """What the letter has to cite at least: the article of the outcome and of the ground. Raises LookupError.

    依据：条例36；条例37
    """
    row = reply(code)
    if not row.grounds:
        return row.cites
    return (*row.cites, GROUND_CITATIONS[ground(ground_code).code])


GROUND_CITATIONS: dict[str, Citation] = {
    "G14a": Citation(14),
    "G14b": Citation(14),
    "G14c": Citation(14),
    "G15": Citation(15),
    "G16a": Citation(16, 1),
    "G16b": Citation(16, 2),
    "G16c": Citation(16, 2),
}
