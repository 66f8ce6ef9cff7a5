"""The negative list: every ground on which information may or must stay undisclosed (Art. 14 to 16), and its check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai.law.periods import add_months
from gongkai.law.verdicts import Allowed, Refused, Verdict

# [I] Art. 18 asks for regular re-assessment and gives no interval.
REASSESS_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground. `mandatory` is 不予/不得公开 (no choice); otherwise 可以不予公开 (the agency decides and says why).

    `record` names what the file must hold, in the words of the form. `basis_label` is what `basis` must state,
    empty where the reason alone is enough. `report_row` is the line of table 3 of the annual report.
    """

    code: str
    title: str
    covers: str
    mandatory: bool
    record: tuple[str, ...]
    basis_label: str
    needs_no_rule_check: bool
    needs_third_party: bool
    article: str
    report_row: str

    @property
    def wording(self) -> str:
        if self.mandatory:
            return "不得公开" if self.needs_third_party else "不予公开"
        return "可以不予公开"


_ART = "《政府信息公开条例》"

GROUNDS: tuple[Ground, ...] = (
    Ground(
        "G14a",
        "国家秘密",
        "依法定程序确定了密级、保密期限和知悉范围，并且还没有解密的信息。",
        True,
        ("密级和保密期限", "定密机关、定密日期或者定密依据", "保密审查人意见"),
        "定密依据（密级、定密机关、定密时间）",
        False,
        False,
        f"{_ART}第十四条",
        "denied_1",
    ),
    Ground(
        "G14b",
        "法律、行政法规禁止公开",
        "有法律或者行政法规的明文规定不许公开的信息；规章和其他文件的规定不算。",
        True,
        ("禁止公开的法律或者行政法规名称和条款",),
        "禁止公开的法律或者行政法规名称和条款",
        False,
        False,
        f"{_ART}第十四条",
        "denied_2",
    ),
    Ground(
        "G14c",
        "危及国家安全、公共安全、经济安全、社会稳定",
        "公开以后可能危及国家安全、公共安全、经济安全或者社会稳定的信息。",
        True,
        ("可能危及的是哪一项", "会发生什么后果、凭什么这样判断"),
        "可能危及的是哪一项安全或者稳定，以及判断依据",
        False,
        False,
        f"{_ART}第十四条",
        "denied_3",
    ),
    Ground(
        "G15",
        "商业秘密、个人隐私等第三方合法权益",
        "公开会损害第三方合法权益的商业秘密、个人隐私等信息；第三方同意，或者不公开会对公共利益造成重大影响的，应当公开。",
        True,
        ("受影响的第三方和权益种类", "征求意见和答复情况", "第三方理由是否合理", "不公开对公共利益有无重大影响"),
        "",
        False,
        True,
        f"{_ART}第十五条",
        "denied_4",
    ),
    Ground(
        "G16a",
        "内部事务信息",
        "本机关人事管理、后勤管理、内部工作流程方面的信息，对外不产生影响。",
        False,
        ("属于人事管理、后勤管理还是内部工作流程", "为什么决定不公开"),
        "",
        False,
        False,
        f"{_ART}第十六条第一款",
        "denied_5",
    ),
    Ground(
        "G16b",
        "过程性信息",
        "履行职责过程中形成、还没有成为最后决定的讨论记录、过程稿、磋商信函、请示报告。",
        False,
        ("属于哪一类过程性信息", "已经查对没有法律、法规、规章规定应当公开", "为什么决定不公开"),
        "",
        True,
        False,
        f"{_ART}第十六条第二款",
        "denied_6",
    ),
    Ground(
        "G16c",
        "行政执法案卷信息",
        "行政执法过程中形成并归入案卷的信息。",
        False,
        ("案卷名称或者案号", "已经查对没有法律、法规、规章规定应当公开", "为什么决定不公开"),
        "",
        True,
        False,
        f"{_ART}第十六条第二款",
        "denied_7",
    ),
)

_BY_CODE = {row.code: row for row in GROUNDS}


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """What is known about the third party of Art. 15 and 32.

    `position` is None while no answer is there and the 15 working days have not run out; "silent" afterwards.
    `reasonable` is the agency's own finding on the objection; None means it was never examined.
    """

    asked: bool
    position: Literal["agreed", "objected", "silent"] | None = None
    reasonable: bool | None = None
    public_interest: bool = False


def ground(code: str) -> Ground:
    """The ground with this permanent code. Raises LookupError for a code that was never given out.

    依据：条例14；条例15；条例16
    """
    try:
        return _BY_CODE[code]
    except KeyError:
        raise LookupError(f"没有代码为“{code}”的不予公开情形，请从不予公开情形表中选择。") from None


def check_refusal(
    ground_code: str,
    reason: str,
    *,
    basis: str = "",
    no_rule_requires: bool | None = None,
    third_party: ThirdParty | None = None,
    on_request: bool = False,
) -> Verdict:
    """Whether information may stay undisclosed on this ground as recorded; the first thing that is missing is told.

    `no_rule_requires` is the officer's answer to the check of Art. 16.2: True = looked, no law, regulation or rule
    requires disclosure; False = one does; None = not looked. `on_request`: a request was made, so the third party of
    Art. 15 must have been asked (Art. 32). Raises LookupError for an unknown ground.

    依据：条例14；条例15；条例16；条例32
    """
    defects = refusal_defects(
        ground_code,
        reason,
        basis=basis,
        no_rule_requires=no_rule_requires,
        third_party=third_party,
        on_request=on_request,
    )
    return defects[0] if defects else Allowed()


def refusal_defects(
    ground_code: str,
    reason: str,
    *,
    basis: str = "",
    no_rule_requires: bool | None = None,
    third_party: ThirdParty | None = None,
    on_request: bool = False,
) -> tuple[Refused, ...]:
    """Everything that `check_refusal` finds wanting, not only the first.

    依据：条例14；条例15；条例16；条例32
    """
    row = ground(ground_code)
    found: list[Refused] = []
    if is_bare_reason(row, reason):
        found.append(
            Refused(
                "no_reason",
                f"还没有说明不公开的理由。请写清这份信息为什么属于“{row.title}”，只写情形名称不算理由。",
                row.article,
            )
        )
    if row.basis_label and not basis.strip():
        code = "no_classification_basis" if row.code == "G14a" else "no_basis"
        found.append(Refused(code, f"还缺{row.basis_label}，请补记后再定。", row.article))
    if row.needs_no_rule_check and no_rule_requires is not True:
        found.append(_rule_check_missing(row, no_rule_requires))
    if row.needs_third_party:
        defect = _third_party_defect(row, third_party, on_request)
        if defect is not None:  # a verdict that refuses is false by itself
            found.append(defect)
    return tuple(found)


def _rule_check_missing(row: Ground, no_rule_requires: bool | None) -> Refused:
    if no_rule_requires is None:
        return Refused(
            "no_rule_check",
            "还没有查对法律、法规、规章是否规定这类信息应当公开，请查对并记录结果。",
            row.article,
        )
    return Refused("rule_requires", "有法律、法规或者规章规定这类信息应当公开，应当公开。", row.article)


_ART_32 = f"{_ART}第三十二条"


def _third_party_defect(row: Ground, third_party: ThirdParty | None, on_request: bool) -> Refused | None:
    if on_request and (third_party is None or not third_party.asked):
        return Refused("third_party_not_asked", "还没有书面征求第三方意见，请先发征求意见书。", _ART_32)
    if third_party is None:
        return None
    if third_party.public_interest:
        return Refused(
            "public_interest",
            "不公开会对公共利益造成重大影响，应当公开，并把公开的内容和理由书面告知第三方。",
            row.article,
        )
    match third_party.position:
        case "agreed":
            return Refused("third_party_agreed", "第三方已经同意公开，应当公开。", row.article)
        case "objected" if third_party.reasonable is None:
            return Refused("objection_not_examined", "只有第三方不同意还不够，请先判断其理由是否合理并记录。", _ART_32)
        case "objected" if not third_party.reasonable:
            return Refused("objection_unreasonable", "第三方不同意但没有合理理由，不能据此不予公开。", _ART_32)
        case None if on_request:
            return Refused(
                "third_party_open",
                "第三方还没有答复，15个工作日的期限也没有届满，请等答复或者期满后再定。",
                _ART_32,
            )
        case "objected" | "silent" | None:
            return None
        case other:
            raise LookupError(f"没有“{other}”这种第三方意见，请从同意、不同意、逾期未答复中选择。")


_CITED = re.compile(r"《[^《》]*》|第[\d零一二三四五六七八九十百()（）]+[条款项]")
_FORMULA = (
    "可以不予公开", "不予公开", "不得公开", "应当", "决定", "政府信息", "信息", "本机关", "申请", "公开",
    "根据", "依据", "依照", "按照", "规定", "依法", "属于", "涉及", "该", "您", "的", "予以", "故", "等", "之",
)  # fmt: skip
_FEWEST = 4  # characters that must be left once the formula is taken away


def is_bare_reason(row: Ground, reason: str) -> bool:
    """Whether a reason is missing, or only repeats the name of the ground, the article and the usual formula.

    依据：条例36(3)
    """
    kept = _CITED.sub("", reason)
    names = [row.title, *re.split(r"[、等]", row.title)]
    for word in (*names, *_FORMULA):
        kept = kept.replace(word, "") if word else kept
    return len(re.sub(r"[\W_]+", "", kept)) < _FEWEST


def reassess_on(decided_on: date, months: int = REASSESS_MONTHS) -> date:
    """The day an undisclosed item comes back for re-assessment; a missing day becomes the last of its month.

    依据：条例18；民法典202
    """
    if months < 1:
        raise ValueError(f"复评间隔应当至少1个月，现在写的是{months}个月。")
    return add_months(decided_on, months)
