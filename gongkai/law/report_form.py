"""The tables of the annual report: labels, rows and columns of the 2021 form, and the older 2019 form for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FormYear = Literal["2021", "2019"]
FORMS: tuple[FormYear, ...] = ("2021", "2019")
Cell = int | Decimal | None  # None: the cell holds something that is no number

SECTIONS: tuple[str, ...] = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)

APPLICANTS: tuple[str, ...] = (
    "自然人",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
)
REQUEST_COLUMNS: tuple[str, ...] = (*APPLICANTS, "总计")
REQUEST_HEADER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
LITIGATION_COLUMNS: tuple[str, ...] = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One row of table 3. `group` is the heading of its block, empty for the rows that stand alone."""

    code: str
    label: str
    group: str = ""
    is_leaf: bool = False


_G3, _G4, _G5, _G6 = "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"

REQUEST_ROWS: tuple[RequestRow, ...] = (
    RequestRow("new_received", "一、本年新收政府信息公开申请数量"),
    RequestRow("carried_over", "二、上年结转政府信息公开申请数量"),
    RequestRow("granted", "（一）予以公开", "", True),
    RequestRow("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "", True),
    RequestRow("denied_1", "1.属于国家秘密", _G3, True),
    RequestRow("denied_2", "2.其他法律行政法规禁止公开", _G3, True),
    RequestRow("denied_3", "3.危及“三安全一稳定”", _G3, True),
    RequestRow("denied_4", "4.保护第三方合法权益", _G3, True),
    RequestRow("denied_5", "5.属于三类内部事务信息", _G3, True),
    RequestRow("denied_6", "6.属于四类过程性信息", _G3, True),
    RequestRow("denied_7", "7.属于行政执法案卷", _G3, True),
    RequestRow("denied_8", "8.属于行政查询事项", _G3, True),
    RequestRow("unable_1", "1.本机关不掌握相关政府信息", _G4, True),
    RequestRow("unable_2", "2.没有现成信息需要另行制作", _G4, True),
    RequestRow("unable_3", "3.补正后申请内容仍不明确", _G4, True),
    RequestRow("not_processed_1", "1.信访举报投诉类申请", _G5, True),
    RequestRow("not_processed_2", "2.重复申请", _G5, True),
    RequestRow("not_processed_3", "3.要求提供公开出版物", _G5, True),
    RequestRow("not_processed_4", "4.无正当理由大量反复申请", _G5, True),
    RequestRow("not_processed_5", "5.要求行政机关确认或重新出具已获取信息", _G5, True),
    RequestRow("other_1", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", _G6, True),
    RequestRow("other_2", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", _G6, True),
    RequestRow("other_3", "3.其他", _G6, True),
    RequestRow("total_processed", "（七）总计"),
    RequestRow("carried_forward", "四、结转下年度继续办理"),
)
OTHER_ALL = RequestRow("other_all", "（六）其他处理", "", True)  # one undivided row in the 2019 form

_SPLIT = ("other_1", "other_2", "other_3")
_ROWS_2019: tuple[RequestRow, ...] = (
    *(row for row in REQUEST_ROWS[:20]),
    OTHER_ALL,
    *REQUEST_ROWS[-2:],
)
ROWS_BY_FORM: dict[FormYear, tuple[RequestRow, ...]] = {"2021": REQUEST_ROWS, "2019": _ROWS_2019}
READABLE_ROWS: dict[str, RequestRow] = {row.code: row for row in (*REQUEST_ROWS, OTHER_ALL)}

LITIGATION_ROWS: dict[str, str] = {
    "review": "行政复议",
    "direct": "行政诉讼（未经复议直接起诉）",
    "after_review": "行政诉讼（复议后起诉）",
}


@dataclass(frozen=True, slots=True)
class ProactiveRow:
    """One row of table 2. `columns` are its labels; `money` columns may be decimal, `signed` ones negative."""

    code: str
    block: str
    label: str
    columns: tuple[str, ...]
    money: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()


_MADE, _VOID, _VALID = "本年制发件数", "本年废止件数", "现行有效件数"
_DECIDED, _FEE = "本年处理决定数量", "本年收费金额（单位：万元）"
_NEW, _PUBLISHED, _ALL = "本年新制作数量", "本年新公开数量", "对外公开总数量"
_LAST, _CHANGE, _DONE = "上一年项目数量", "本年增/减", "处理决定数量"

PROACTIVE_ROWS: dict[FormYear, tuple[ProactiveRow, ...]] = {
    "2021": (
        ProactiveRow("regulations", "第二十条第（一）项", "规章", (_MADE, _VOID, _VALID)),
        ProactiveRow("normative_documents", "第二十条第（一）项", "行政规范性文件", (_MADE, _VOID, _VALID)),
        ProactiveRow("licences", "第二十条第（五）项", "行政许可", (_DECIDED,)),
        ProactiveRow("penalties", "第二十条第（六）项", "行政处罚", (_DECIDED,)),
        ProactiveRow("coercion", "第二十条第（六）项", "行政强制", (_DECIDED,)),
        ProactiveRow("fees", "第二十条第（八）项", "行政事业性收费", (_FEE,), money=(_FEE,)),
    ),
    # [M] layout of the form used for the years 2019 and 2020; for reading only
    "2019": (
        ProactiveRow("regulations", "第二十条第（一）项", "规章", (_NEW, _PUBLISHED, _ALL)),
        ProactiveRow("normative_documents", "第二十条第（一）项", "规范性文件", (_NEW, _PUBLISHED, _ALL)),
        ProactiveRow("licences", "第二十条第（五）项", "行政许可", (_LAST, _CHANGE, _DONE), signed=(_CHANGE,)),
        ProactiveRow(
            "other_services", "第二十条第（五）项", "其他对外管理服务事项", (_LAST, _CHANGE, _DONE), signed=(_CHANGE,)
        ),
        ProactiveRow("penalties", "第二十条第（六）项", "行政处罚", (_LAST, _CHANGE, _DONE), signed=(_CHANGE,)),
        ProactiveRow("coercion", "第二十条第（六）项", "行政强制", (_LAST, _CHANGE, _DONE), signed=(_CHANGE,)),
        ProactiveRow("fees", "第二十条第（八）项", "行政事业性收费", (_LAST, _CHANGE), signed=(_CHANGE,)),
        ProactiveRow(
            "procurement", "第二十条第（九）项", "政府集中采购", ("采购项目数量", "采购总金额"), money=("采购总金额",)
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no proper number: where, and what stands there."""

    table: str
    row: str
    column: str
    found: object
    sentence: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The tables of one report as read. Rows absent from the file are rows of zeros; `None` marks an unreadable cell.

    `requests` has every readable row; `litigation` and `proactive` only what the file gave. `unread` names the parts
    of the file that this form has no place for.
    """

    form: FormYear
    year: int
    requests: Mapping[str, tuple[Cell, ...]]
    litigation: Mapping[str, tuple[Cell, ...]]
    proactive: Mapping[str, tuple[Cell, ...]]
    narrative: str = ""
    bad_cells: tuple[BadCell, ...] = ()
    unread: tuple[str, ...] = ()


def row_label(code: str) -> str:
    """The row of table 3 in words, with the heading of its block. Raises LookupError.

    依据：30号
    """
    try:
        row = READABLE_ROWS[code]
    except KeyError:
        raise LookupError(f"申请情况表中没有“{code}”这一行。") from None
    return f"{row.group}{row.label}"


def tally(entries: Iterable[tuple[str, str]], *, form: FormYear = "2021") -> dict[str, list[int]]:
    """Table 3 from (row code, applicant column) pairs, one for each application: rows of seven numbers, totals added.

    Pairs may name new_received, carried_over, carried_forward and the leaf rows; 总计 and （七） are computed.
    Raises LookupError for an unknown row or applicant.

    依据：30号；条例50
    """
    rows = {row.code: row for row in ROWS_BY_FORM[form]}
    table = {code: [0] * 7 for code in rows}
    for code, applicant in entries:
        if code not in rows or code == "total_processed":
            raise LookupError(f"申请情况表中没有可以计数的“{code}”这一行。")
        if applicant not in APPLICANTS:
            raise LookupError(f"没有“{applicant}”这类申请人，应当是：{'、'.join(APPLICANTS)}。")
        column = APPLICANTS.index(applicant)
        for row_code in (code, "total_processed") if rows[code].is_leaf else (code,):
            table[row_code][column] += 1
            table[row_code][6] += 1
    return table
