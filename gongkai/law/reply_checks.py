"""The defects for which courts set replies aside, looked for before the letter is signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from gongkai.law.citations import citations
from gongkai.law.negative_list import ground, is_bare_reason, refusal_defects
from gongkai.law.remedies import DEFAULT_RULES, RemedyRules
from gongkai.law.replies import ELEMENTS, ReplyRow, required_citations
from gongkai.law.replies import reply as reply_row
from gongkai.law.reply_facts import Case, Reply
from gongkai.law.reply_remedy_checks import REMEDY_CODES, remedy_defects

Severity = Literal["must_fix", "explain", "fault"]
SEVERITIES: dict[Severity, str] = {
    "must_fix": "必须改正",
    "explain": "须说明理由",
    "fault": "已经违反规定，请如实记录",
}
_R = "《政府信息公开条例》"


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect. `code` is permanent."""

    code: str
    severity: Severity
    sentence: str
    article: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter beside its file, its row of `replies`, and what the installation chose where statute leaves it open."""

    case: Case
    reply: Reply
    row: ReplyRow
    rules: RemedyRules


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `title` is what a passed check is called; `codes` are all findings it can make.

    `applies`: whether the check has anything to say about such a letter; only then it can fail or pass.
    """

    code: str
    title: str
    codes: tuple[str, ...]
    find: Callable[[Draft], Iterator[Finding]]
    applies: Callable[[Draft], bool]


def check_reply(case: Case, reply: Reply, *, rules: RemedyRules = DEFAULT_RULES) -> list[Finding]:
    """Every defect of a reply, in the order of `CHECKS`. Raises LookupError for an unknown reply type or ground.

    依据：条例30；条例32；条例33；条例36；条例37；行政复议法22.2；行政复议法23；235号
    """
    draft = Draft(case, reply, reply_row(reply.code), rules)
    return [finding for check in CHECKS if check.applies(draft) for finding in check.find(draft)]


def passed_checks(case: Case, reply: Reply, *, rules: RemedyRules = DEFAULT_RULES) -> tuple[Check, ...]:
    """The checks that apply to a reply and found nothing, for the line “已通过 N 项”. Raises LookupError.

    依据：设计
    """
    draft = Draft(case, reply, reply_row(reply.code), rules)
    return tuple(check for check in CHECKS if check.applies(draft) and not list(check.find(draft)))


def _late(draft: Draft) -> Iterator[Finding]:
    if draft.case.due_on is not None and draft.reply.sent_on > draft.case.due_on:
        days = (draft.reply.sent_on - draft.case.due_on).days
        yield Finding(
            "late",
            "fault",
            f"答复比最迟日期晚了{days}天。逾期后再答复也不能改变逾期，请立即送达并如实记录原因。",
            f"{_R}第三十三条第二款",
        )


def _articles(draft: Draft) -> Iterator[Finding]:
    cited = citations(draft.reply.articles)
    missing = [w for w in required_citations(draft.row.code, draft.reply.ground) if not any(c.covers(w) for c in cited)]
    if missing:
        wanted = "、".join(str(w) for w in missing)
        yield Finding(
            "no_article",
            "must_fix",
            f"没有引用具体的条、款、项，应当写明{_R}{wanted}。",
            ground(draft.reply.ground).article if draft.row.grounds else draft.row.article,
        )


def _reason(draft: Draft) -> Iterator[Finding]:
    if draft.reply.ground and draft.row.grounds:
        bare = is_bare_reason(ground(draft.reply.ground), draft.reply.reason)
    else:
        bare = not re.sub(r"[\W_]+", "", draft.reply.reason.replace(draft.row.title, ""))
    if bare:
        title = ground(draft.reply.ground).title if draft.reply.ground else draft.row.title
        sentence = f"没有说明理由，请写清为什么属于“{title}”；只写情形名称不算理由。"
        yield Finding("no_reason", "must_fix", sentence, draft.row.article)


def _ground(draft: Draft) -> Iterator[Finding]:
    if not draft.reply.ground:
        yield Finding("no_ground", "must_fix", "没有选定不予公开的情形，请先选定适用的条、款。", draft.row.article)
        return
    defects = refusal_defects(
        draft.reply.ground,
        draft.reply.reason,
        basis=draft.case.basis,
        no_rule_requires=draft.case.no_rule_requires,
        third_party=draft.case.third_party,
        on_request=True,
    )
    for defect in defects:
        if defect.code == "no_reason":
            continue  # a check of its own
        yield Finding(defect.code, "must_fix", defect.sentence, defect.article)


def _partial(draft: Draft) -> Iterator[Finding]:
    if not draft.case.separability_examined:
        yield Finding(
            "partial_not_examined",
            "must_fix",
            "全部不予公开之前，没有审查能不能区分处理。请逐部分审查；不能区分的，写明原因。",
            f"{_R}第三十七条",
        )


def _external(draft: Draft) -> Iterator[Finding]:
    if draft.case.external_effect is None:
        yield Finding(
            "external_not_examined",
            "explain",
            "没有记录该文件是否对外产生效力，请判断后记录。",
            ground(draft.reply.ground).article,
        )
    elif draft.case.external_effect:
        yield Finding(
            "external_document",
            "must_fix",
            "该文件对外产生效力，不属于内部事务信息或者过程性信息，应当公开或者改用其他情形。",
            ground(draft.reply.ground).article,
        )


def _search(draft: Draft) -> Iterator[Finding]:
    if draft.case.search is None or draft.case.search.missing:
        missing = "、".join(draft.case.search.missing) if draft.case.search else "检索的地方、用词、检索人、日期"
        yield Finding(
            "no_search_record",
            "must_fix",
            f"告知信息不存在，案卷中应当有检索记录，现在缺：{missing}。",
            draft.row.article,
        )
    if not draft.reply.search_described.strip():
        yield Finding(
            "search_not_described", "must_fix", "答复书没有写检索情况，请写明检索的范围和方法。", draft.row.article
        )


def _responsible(draft: Draft) -> Iterator[Finding]:
    known = draft.case.responsible_agency.strip()
    if (
        draft.row.code == "R5"
        and known
        and not (known in draft.reply.responsible_agency and draft.reply.responsible_contact.strip())
    ):
        yield Finding(
            "no_responsible_agency",
            "must_fix",
            f"已经能够确定由{known}负责公开，应当告知其名称和联系方式。",
            draft.row.article,
        )


def _clarification(draft: Draft) -> Iterator[Finding]:
    if draft.case.clarifications > 1:
        yield Finding(
            "second_clarification",
            "fault",
            f"已经要求补正{draft.case.clarifications}次。补正只能一次性告知，第二次起不影响答复期限。",
            f"{_R}第三十条",
        )
    if draft.case.clarification_late:
        yield Finding(
            "late_clarification",
            "fault",
            "补正告知晚于收到申请后7个工作日，不影响答复期限。",
            f"{_R}第三十条",
        )
    if draft.row.code in ("R12", "R13") and draft.case.clarifications == 0:
        yield Finding(
            "clarification_never_asked",
            "must_fix",
            "没有要求过补正，不能以补正后仍不明确或者逾期不补正办结，请先一次性告知补正。",
            f"{_R}第三十条",
        )


def _volume(draft: Draft) -> Iterator[Finding]:
    if not draft.case.reasons_asked:
        yield Finding(
            "reasons_never_asked",
            "must_fix",
            "没有要求申请人说明理由，不能认定理由不合理，请先发说明理由告知书。",
            draft.row.article,
        )


def _same_name(a: str, b: str) -> bool:
    return re.sub(r"\s+", "", a) == re.sub(r"\s+", "", b)


def _addressee(draft: Draft) -> Iterator[Finding]:
    if not _same_name(draft.case.applicant, draft.reply.addressee):
        written = f"“{draft.reply.addressee.strip()}”" if draft.reply.addressee.strip() else "空白"
        yield Finding(
            "wrong_addressee",
            "must_fix",
            f"答复书的抬头是{written}，与申请人“{draft.case.applicant}”不一致，请改正。",
            f"{_R}第三十六条",
        )


def _agency(draft: Draft) -> Iterator[Finding]:
    if draft.reply.agency.strip() and not _same_name(draft.case.agency, draft.reply.agency):
        yield Finding(
            "wrong_agency",
            "must_fix",
            f"答复书署名“{draft.reply.agency}”，收到申请的是“{draft.case.agency}”。应当由收到申请的机关以自己的名义答复。",
            f"{_R}第三十六条",
        )


def _delivery(draft: Draft) -> Iterator[Finding]:
    if draft.reply.delivery == "courier":
        yield Finding(
            "courier",
            "must_fix",
            "邮寄答复应当通过邮政企业，不能用快递公司，请改为邮政寄送。",
            "国办公开办函〔2016〕235号",
        )
    if draft.reply.collect_on_delivery:
        yield Finding(
            "collect_on_delivery",
            "must_fix",
            "答复不能由申请人付邮费（到付），请由本机关付费寄送。",
            "国办公开办函〔2016〕235号；《政府信息公开条例》第四十二条",
        )


_FILLED: dict[str, Callable[[Reply], object]] = {
    "number": lambda r: r.number.strip(),
    "request": lambda r: r.request.strip(),
    "agency": lambda r: r.agency.strip(),
    "date": lambda r: r.dated,
    "seal": lambda r: r.sealed,
    "access": lambda r: r.access.strip() or r.content_provided,
    "access_time": lambda r: r.content_provided or r.access_time.strip(),
    "content": lambda r: r.content_provided or (r.code == "R2" and r.access.strip()),
    "special_rule": lambda r: r.special_rule.strip(),
    "earlier_reply": lambda r: r.earlier_reply.strip(),
    "proper_channel": lambda r: True,  # 可以告知: the agency may, so its absence is no defect
}
# judged by checks of their own
_ELSEWHERE = frozenset({"articles", "reason", "ground", "search", "responsible", "remedy"})


def _elements(draft: Draft) -> Iterator[Finding]:
    missing = [ELEMENTS[e] for e in draft.row.elements if e not in _ELSEWHERE and not _FILLED[e](draft.reply)]
    if missing:
        yield Finding("element_missing", "must_fix", f"答复书还缺：{'、'.join(missing)}。", draft.row.article)


def _remedy(draft: Draft) -> Iterator[Finding]:
    for defect in remedy_defects(draft.case, draft.reply, draft.rules):
        yield Finding(defect.code, "must_fix", defect.sentence, defect.article)


def _unfinished(draft: Draft) -> Iterator[Finding]:
    written = (
        draft.reply.text,
        draft.reply.reason,
        draft.reply.remedy,
        draft.reply.articles,
        draft.reply.online_channel,
        draft.reply.access,
    )
    gaps = [gap for part in written for gap in re.findall(r"【[^】]*】", part)]
    if gaps:
        yield Finding("unfinished", "must_fix", f"还有待补的内容：{'、'.join(dict.fromkeys(gaps))}。", "")


def _always(_draft: Draft) -> bool:
    return True


def _letter(draft: Draft) -> bool:
    return draft.row.is_letter


def _refusal(draft: Draft) -> bool:
    return bool(draft.row.grounds)


def _row(*codes: str) -> Callable[[Draft], bool]:
    return lambda draft: draft.row.code in codes


def _has_article(draft: Draft) -> bool:
    """A refusal without its ground is told by the check of grounds; R15 has no article in the regulation."""
    return draft.row.is_letter and bool(draft.reply.ground if draft.row.grounds else draft.row.cites)


def _has_reason(draft: Draft) -> bool:
    return "reason" in draft.row.must_contain


def _inner(draft: Draft) -> bool:
    return bool(draft.row.grounds) and draft.reply.ground in ("G16a", "G16b")


def _knows_responsible(draft: Draft) -> bool:
    return draft.row.code == "R5" and bool(draft.case.responsible_agency.strip())


_GROUND_CODES = (
    "no_ground",
    "no_basis",
    "no_classification_basis",
    "no_rule_check",
    "rule_requires",
    "third_party_not_asked",
    "third_party_open",
    "third_party_agreed",
    "objection_not_examined",
    "objection_unreasonable",
    "public_interest",
)
_CLARIFICATION_CODES = ("second_clarification", "late_clarification", "clarification_never_asked")

CHECKS: tuple[Check, ...] = (
    Check("deadline", "答复期限", ("late",), _late, _letter),
    Check("articles", "条、款、项", ("no_article",), _articles, _has_article),
    Check("ground", "不予公开的情形", _GROUND_CODES, _ground, _refusal),
    Check("reason", "说明理由", ("no_reason",), _reason, _has_reason),
    Check("partial", "区分处理", ("partial_not_examined",), _partial, _row("R3")),
    Check("external", "对外效力", ("external_not_examined", "external_document"), _external, _inner),
    Check("search", "检索记录", ("no_search_record", "search_not_described"), _search, _row("R4")),
    Check("responsible", "负责公开的机关", ("no_responsible_agency",), _responsible, _knows_responsible),
    Check("clarification", "补正", _CLARIFICATION_CODES, _clarification, _always),
    Check("volume", "要求说明理由", ("reasons_never_asked",), _volume, _row("R11")),
    Check("addressee", "申请人", ("wrong_addressee",), _addressee, _letter),
    Check("agency", "答复机关", ("wrong_agency",), _agency, _letter),
    Check("delivery", "送达方式", ("courier", "collect_on_delivery"), _delivery, _letter),
    Check("elements", "文书要素", ("element_missing",), _elements, _letter),
    Check("remedy", "救济途径", REMEDY_CODES, _remedy, _letter),
    Check("unfinished", "待补内容", ("unfinished",), _unfinished, _always),
)
