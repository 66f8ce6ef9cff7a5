"""Kinds of facts and roles this capability needs in the ledger and in `law.roles`."""

from typing import Final

KINDS: Final[dict[str, str]] = {
    "foi.received": "登记申请",
    "foi.receipt_confirmed": "确认收到之日",
    "foi.accepted": "受理",
    "foi.task_assigned": "分办科室",
    "foi.task_finished": "科室办结",
    "foi.search_recorded": "记录检索",
    "foi.file_added": "存入材料",
    "foi.clarification_asked": "告知补正",
    "foi.reply_by_set": "改定补正期限",
    "foi.clarification_taken": "收到补正",
    "foi.consulted": "征求意见",
    "foi.letter_received": "登记对方收到日期",
    "foi.consultation_answered": "登记征求意见的答复",
    "foi.objection_examined": "审查第三方意见的理由",
    "foi.extension_proposed": "提请延长答复期限",
    "foi.extension_approved": "同意延长答复期限并告知",
    "foi.extension_refused": "不同意延长答复期限",
    "foi.reasons_asked": "要求说明理由",
    "foi.reasons_taken": "收到理由说明",
    "foi.delayed": "告知延迟答复",
    "foi.fee_proposed": "提请收取信息处理费",
    "foi.fee_notified": "同意收费并通知",
    "foi.fee_refused": "不同意收费",
    "foi.paid": "登记缴费",
    "foi.reply_composed": "拟写答复",
    "foi.reply_submitted": "答复送审，文本冻结",
    "foi.reply_returned": "答复退回",
    "foi.reply_signed": "签发答复",
    "foi.reply_recalled": "撤回答复稿",
    "foi.seal_bound": "登记盖章件",
    "foi.delivered": "送达答复",
    "foi.withdrawn": "申请人撤回申请",
    "foi.given_up": "按放弃申请办结",
    "foi.reopened": "恢复办理",
    "foi.closed": "办结归档",
    "foi.remedy_registered": "登记复议诉讼",
    "foi.remedy_concluded": "登记复议诉讼结果",
    "foi.particulars_seen": "查看申请人信息",
    "foi.keys_rotated": "更换数据密钥",
    "foi.erased": "清除个人信息",
}

#: code, title, scope, duty, article: rows for `law.roles.ROLES`.
ROLES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    (
        "foi_officer",
        "依申请公开经办人",
        "organ",
        "登记、办理政府信息公开申请，拟写并送达答复。",
        "《政府信息公开条例》第四条",
    ),
    (
        "foi_head",
        "政府信息公开工作机构负责人",
        "organ",
        "决定是否延长答复期限、是否收取信息处理费。",
        "《政府信息公开条例》第三十三条第二款",
    ),
)
