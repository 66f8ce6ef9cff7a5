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
}


def sentence(kind: str) -> str:
    """The words a timeline shows; an unknown kind raises KeyError."""
    return KINDS[kind]
