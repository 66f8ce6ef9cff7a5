"""What may be done with a request: one row per verb, with its screen and who may.

Whether a verb may start now is asked of `law.foi_moves`; `when` asks more of the case where its state does not say it
all (an answer needs somebody who was asked). To add a screen: one row here, one line in urls_foi.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as lazy

from gongkai.foi.models import FoiRequest, SealedCopy
from gongkai.law.foi_moves import GIVEN_UP

OFFICER: Final = ("foi_officer",)
HEAD: Final = ("foi_head",)
SECTIONS: Final = ("drafter", "section_reviewer")
SIGNERS: Final = ("section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader")
SEALERS: Final = ("foi_officer", "foi_head", "compliance_reviewer", "leader")


def _always(case: FoiRequest) -> bool:
    return True


def _not_clarified(case: FoiRequest) -> bool:
    return not case.steps.filter(step="clarification_asked").exists()


def _letters_out(case: FoiRequest) -> bool:
    return case.consultations.filter(answered=None).exists()


_asked = _letters_out


def _objected(case: FoiRequest) -> bool:
    return case.consultations.filter(position="objected", reasonable=None).exists()


def _not_extended(case: FoiRequest) -> bool:
    return not case.extensions.exclude(decision="refused").exists()


def _extension_waits(case: FoiRequest) -> bool:
    return case.extensions.filter(decision="").exists()


def _fee_waits(case: FoiRequest) -> bool:
    return case.fees.filter(decision="").exists()


def _no_fee_waits(case: FoiRequest) -> bool:
    return not _fee_waits(case)


def _reasons_asked(case: FoiRequest) -> bool:
    return case.steps.filter(step="reasons_asked").exists()


def _given_up(case: FoiRequest) -> bool:
    return case.state == GIVEN_UP or case.clock_status == "abandoned" or case.waiting_until is not None


def _remedy_pending(case: FoiRequest) -> bool:
    return case.remedies.filter(result="").exists()


def _unsealed(case: FoiRequest) -> bool:
    newest = case.replies.order_by("-number").first()
    return newest is None or not SealedCopy.objects.filter(version=newest).exists()


def _correction_open(case: FoiRequest) -> bool:
    return case.corrections.filter(decision="").exists()


@dataclass(frozen=True)
class Verb:
    """`verb`: code of law.foi_moves.MOVES. `route`: name of its screen without the namespace, called with the number."""

    verb: str
    title: Any
    route: str
    roles: tuple[str, ...]
    hint: Any = ""
    when: Callable[[FoiRequest], bool] = _always


#: In the order in which they are shown; the first that is possible in PRIMARY's order is the one primary button.
VERBS: Final[tuple[Verb, ...]] = (
    Verb("accept", lazy("受理"), "case_accept", OFFICER, lazy("确定承办科室，开始办理。")),
    Verb("assign_task", lazy("分办科室"), "case_assign", OFFICER, lazy("内部期限，不影响法定期限。")),
    Verb("record_search", lazy("记录检索"), "case_search", (*OFFICER, *SECTIONS), lazy("在哪里、怎样检索，结果如何。")),
    Verb("add_file", lazy("存入材料"), "case_add_file", (*OFFICER, *HEAD, *SECTIONS), lazy("检索到的信息、往来材料。")),
    # its steps
    Verb("confirm_receipt", lazy("确认收到之日"), "case_receipt", OFFICER, lazy("从次日起计算答复期限。")),
    Verb("ask_clarification", lazy("告知补正"), "case_clarify", OFFICER, lazy("收到之日起 7 个工作日内，一次性告知。"), _not_clarified),
    Verb("take_clarification", lazy("登记补正"), "case_clarified", OFFICER, lazy("期限从次日起重新计算。")),
    Verb("set_reply_by", lazy("改定补正期限"), "case_reply_by", OFFICER, lazy("期限届满前，申请人有正当理由的。")),
    Verb("consult", lazy("征求意见"), "case_consult", OFFICER, lazy("第三方、共同制作机关，所需时间不计算。")),
    Verb("letter_received", lazy("登记收到日期"), "case_consult", OFFICER, lazy("对方收到征询书的日期。"), _letters_out),
    Verb("record_consultation_answer", lazy("登记意见"), "case_consult", OFFICER, lazy("对方的意见，或者无法送达。"), _asked),
    Verb("examine_objection", lazy("审查第三方意见"), "case_consult", OFFICER, lazy("不同意公开的理由是否合理。"), _objected),
    Verb("propose_extension", lazy("提请延长"), "case_extend", OFFICER, lazy("由负责人决定，最长 20 个工作日。"), _not_extended),
    Verb("approve_extension", lazy("决定延长"), "case_extension", HEAD, lazy("同意的当日告知申请人。"), _extension_waits),
    Verb("propose_fee", lazy("提请收费"), "case_fee", OFFICER, lazy("数量、频次明显超过合理范围的。"), _no_fee_waits),
    Verb("approve_fee", lazy("决定收费"), "case_fee_decide", HEAD, lazy("同意的当日通知申请人。"), _fee_waits),
    Verb("record_payment", lazy("登记缴费"), "case_payment", OFFICER, lazy("期限从次日起重新计算。")),
    Verb("ask_reasons", lazy("要求说明理由"), "case_reasons", OFFICER, lazy("数量、频次明显超过合理范围的。")),
    Verb("take_reasons", lazy("登记理由说明"), "case_reasons_taken", OFFICER, "", _reasons_asked),
    Verb("delay", lazy("告知延迟答复"), "case_delay", HEAD, lazy("理由合理但不能按期答复的。"), _reasons_asked),
    Verb("withdraw_request", lazy("登记撤回申请"), "case_withdraw", OFFICER, lazy("申请人自己决定撤回的。")),
    Verb("give_up", lazy("按放弃申请办结"), "case_give_up", OFFICER, lazy("逾期没有补正或者缴费的。"), _given_up),
    Verb("close", lazy("办结归档"), "case_close", OFFICER, lazy("归档以后不再存入材料。")),
    Verb("reopen", lazy("恢复办理"), "case_reopen", HEAD, lazy("申请人有正当理由逾期的。"), _given_up),
    Verb("register_remedy", lazy("登记复议诉讼"), "case_remedies", OFFICER),
    Verb("conclude_remedy", lazy("登记复议诉讼结果"), "case_remedies", OFFICER, "", _remedy_pending),
    Verb("ask_correction", lazy("登记更正要求"), "case_record_corrections", OFFICER, lazy("与申请人自身相关的记录不准确的。")),
    Verb("decide_correction", lazy("办理更正"), "case_record_corrections", OFFICER, "", _correction_open),
    Verb("compose_reply", lazy("拟写答复"), "case_reply", OFFICER, lazy("逐项判断，生成答复书，送审签。")),
    Verb("sign_reply", lazy("审签答复"), "case_signoff", SIGNERS, lazy("看冻结的答复书，提出意见。")),
    Verb("recall_reply", lazy("撤回答复"), "case_recall", OFFICER, lazy("送达以前可以撤回修改，须写明理由。")),
    Verb("bind_seal", lazy("盖章"), "case_seal", SEALERS, lazy("存入盖章件，由拟写人以外的人核对登记。"), _unsealed),
    Verb("deliver", lazy("送达答复"), "case_deliver", OFFICER, lazy("登记送达日期和凭证。")),
    Verb("publish_reply", lazy("转为主动公开"), "case_publish_reply", ("drafter",), lazy("把提供的附件建为主动公开的草稿。")),
)  # fmt: skip

#: State → verbs that carry the case on, the most likely first.
PRIMARY: Final[dict[str, tuple[str, ...]]] = {
    "registered": ("confirm_receipt",),
    "received": ("accept",),
    "in_progress": ("approve_extension", "approve_fee", "compose_reply"),
    "awaiting_clarification": ("take_clarification", "give_up"),
    "awaiting_payment": ("record_payment", "give_up"),
    "in_review": ("sign_reply", "approve_extension"),
    "signed": ("bind_seal", "deliver"),
    "replied": ("close",),
    "withdrawn": ("close",),
    "given_up": ("close",),
    "closed": (),
}
