"""清理: which documents are normative, the four decisions about one, and what a decision needs and brings about.

No national rule fixes how an office goes through its documents; what is own design or a local rule is marked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from gongkai.law.validity import NormativeDocument, check_reregistration, is_expiring
from gongkai.law.verdicts import Allowed, Refused, Verdict

DecisionCode = Literal["keep", "amend", "abolish", "lapse"]

_BASIS: Final = "《国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知》国办发〔2018〕37号"


@dataclass(frozen=True, slots=True)
class Decision:
    """`code` is permanent; `follows` is what happens when the result list is public."""

    code: DecisionCode
    title: str
    follows: str


DECISIONS: Final[tuple[Decision, ...]] = (
    Decision("keep", "继续有效", "保持公开，重新计算下次查看的日期；期限将满的，由责任科室重新编号公布。"),
    Decision("amend", "修改", "保持公开，列入责任科室的待办，由科室修订后送审。"),
    Decision("abolish", "废止", "公众页面标明已废止，依据写明清理结果。"),
    Decision("lapse", "失效", "公众页面标明已失效，依据写明清理结果。"),
)
_DECISIONS: Final = {row.code: row for row in DECISIONS}

#: [I] what counts as a normative document: under these headings or in columns of these kinds, with a 文号, and either
#: with a term or named as such documents are named. [I] has no source but our own reading.
NORMATIVE_HEADINGS: Final = frozenset({"20-01"})
NORMATIVE_KINDS: Final = frozenset({"政策", "制度"})
NORMATIVE_TITLES: Final = (
    "办法", "规定", "细则", "规则", "规程", "规范", "标准", "意见", "决定", "通告", "公告", "通知", "措施", "方案", "制度",
)  # fmt: skip


def decision(code: str) -> Decision:
    """The row of a decision; an unknown code raises KeyError.

    依据：设计
    """
    return _DECISIONS[code]  # type: ignore[index]


def is_normative(
    *,
    title: str,
    doc_number: str,
    heading: str,
    column_kind: str,
    effective_from: date | None,
    valid_until: date | None,
    interprets: Collection[str] = (),
) -> bool:
    """Is what was released a normative document (规范性文件) of the house? An interpretation is none.

    依据：条例20(1)；设计
    """
    if not doc_number.strip() or interprets:
        return False
    if heading not in NORMATIVE_HEADINGS and column_kind not in NORMATIVE_KINDS:
        return False
    if effective_from is not None or valid_until is not None:
        return True
    name = title.strip().rstrip("》〉 ）)").removesuffix("（试行").removesuffix("(试行").removesuffix("（暂行")
    return name.endswith(NORMATIVE_TITLES)


def needs_reregistration(document: NormativeDocument, on: date) -> bool:
    """Does keeping the document mean issuing it anew: is its term over, or over within the six months of alert?

    依据：设计
    """
    return document.valid_until is not None and (on > document.valid_until or is_expiring(document, on))


def check_decision(
    code: str,
    document: NormativeDocument,
    on: date,
    *,
    reason: str,
    assessed: bool = False,
    old_number: str = "",
    new_number: str = "",
    new_valid_until: date | None = None,
) -> Verdict:
    """May this be decided of the document on this day? Every decision has a reason; a document at the end of its term
    is kept only after an assessment and under a new number and a new term.

    依据：条例20(1)；设计
    """
    decision(code)
    if not reason.strip():
        return Refused("reason_missing", "请写明理由，理由会写进公布的清理结果。", _BASIS)
    if code != "keep" or not needs_reregistration(document, on):
        return Allowed()
    verdict = check_reregistration(document, on, assessed=assessed, old_number=old_number, new_number=new_number)
    if isinstance(verdict, Refused):
        return verdict
    if new_valid_until is None or document.valid_until is None or new_valid_until <= document.valid_until:
        return Refused("no_new_term", "重新公布的文件有效期重新计算，请填写晚于原有效期的新截止日。", _BASIS)
    return Allowed()
