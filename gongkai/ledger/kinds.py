"""Every kind of fact the system may record, each with the sentence a timeline shows for it.

Codes are permanent: a stored fact outlives the code that wrote it. A kind that is not listed cannot be recorded.
"""

from typing import Final

KINDS: Final[dict[str, str]] = {
    # the record itself
    "guards.restored": "重新装上数据库保护触发器",
    # agencies
    "organ.added": "登记机关",
    "organ.changed": "修改机关信息",
    "section.added": "登记科室",
    "person.added": "登记人员",
    "person.disabled": "停用账号",
    "person.password_set": "设置密码",
    "post.appointed": "任岗",
    "post.ended": "离岗",
    "grant.given": "授权代办",
    "grant.ended": "终止代办",
    "agencies.imported": "批量导入机构和人员",
    # calendars
    "calendar.imported": "导入放假调休通知",
    "deadlines.recomputed": "按新的工作日历重算期限",
    # disclosure: columns, catalogue
    "column.added": "设立栏目",
    "column.changed": "修改栏目",
    "catalogue.imported": "导入公开事项目录",
    # disclosure: an item's life
    "item.created": "新建",
    "item.revision_started": "开始修订",
    "item.draft_saved": "保存草稿",
    "item.draft_discarded": "放弃修订",
    "item.attachment_added": "添加附件",
    "item.attachment_removed": "移除附件",
    "item.secrecy_mark_refused": "文字带有密级标志，系统没有保存",
    "item.submitted": "送审，文本冻结",
    "item.recalled": "撤回送审",
    "item.released": "发布",
    "item.emergency_declared": "列为应急办理",
    "item.released_emergency": "应急发布，其余意见待补",
    "item.released_import": "导入发布",
    "item.imported_unreleased": "导入，未发布",
    "item.withheld": "决定不主动公开",
    "item.reassessed": "定期评估",
    "item.withdrawn": "撤下",
    "item.expired": "有效期届满",
    "item.deadline_changed": "公开期限变更",
    "item.correction_asked": "收到更正或删除个人信息的申请",
    "item.correction_answered": "办结更正或删除个人信息的申请",
    "import.begun": "开始批量导入",
    "import.finished": "批量导入完成",
    # review
    "review.opened": "开始审查",
    "review.approved": "通过",
    "review.returned": "退回",
    "review.refused": "不予通过",
    "review.closed": "审查结束",
    "review.plan_changed": "调整审查环节",
    "finding.answered": "答复检查发现",
    # foi: a request, its steps and its reply
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


def sentence(kind: str) -> str:
    """The words a timeline shows; an unknown kind raises KeyError."""
    return KINDS[kind]
