"""Major administrative decisions: comment periods, hearings, legality review, what must be there before discussion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gongkai.law.explain import full_date
from gongkai.law.verdicts import Allowed, Refused, Verdict

if TYPE_CHECKING:
    from gongkai.law.workdays import WorkCalendar

COMMENT_DAYS = 30
HEARING_MATERIAL_DAYS = 7
RULE_HEARING_NOTICE_DAYS = 30
LEGALITY_REVIEW_DAYS = 7  # working days
FEEDBACK_WORKING_DAYS = 20  # [M] no central number; 20 working days or 30 days are common local rules

_R = "《重大行政决策程序暂行条例》"


@dataclass(frozen=True, slots=True)
class CommentNotice:
    """A public call for comments. `ends_on` is the last day on which an opinion is taken."""

    published_on: date
    ends_on: date
    has_draft: bool = True
    has_explanation: bool = True
    channels: tuple[str, ...] = ("政府网站",)
    shortened_reason: str = ""


def comments_end_at_earliest(published_on: date, days: int = COMMENT_DAYS) -> date:
    """The earliest last day of a comment period: the day of publication does not count.

    依据：决策条例15；民法典201
    """
    return published_on + timedelta(days=days)


def check_comment_notice(notice: CommentNotice) -> Verdict:
    """Whether a call for comments may go out: draft and explanation, ways to answer, 30 days or a stated reason.

    No period is too short by itself where urgency is explained in the notice: the regulation sets no lower limit.

    依据：决策条例15
    """
    article = f"{_R}第十五条"
    if not notice.has_draft or not notice.has_explanation:
        missing = "决策草案" if not notice.has_draft else "决策草案的说明"
        return Refused("no_draft", f"公开征求意见还缺{missing}，请一并公布。", article)
    if not any(channel.strip() for channel in notice.channels):
        return Refused("no_channel", "没有写明提出意见的方式，请至少写明一种。", article)
    earliest = comments_end_at_earliest(notice.published_on)
    if notice.ends_on <= notice.published_on:
        return Refused("ends_before_start", "征求意见的截止日期应当晚于公布日期，请核对。", article)
    if notice.ends_on < earliest and not notice.shortened_reason.strip():
        days = (notice.ends_on - notice.published_on).days
        return Refused(
            "too_short",
            f"征求意见的期限是{days}天，一般不少于{COMMENT_DAYS}天，最早到{full_date(earliest)}截止；"
            "情况紧急需要缩短的，应当在公告中说明原因。",
            article,
        )
    return Allowed()


def feedback_due_on(ended_on: date, calendar: WorkCalendar, days: int = FEEDBACK_WORKING_DAYS) -> date:
    """The day by which adoption of the comments is told to the public (local rule, configurable).

    依据：设计
    """
    return calendar.add(ended_on, days)


def hearing_materials_due_on(hearing_on: date) -> date:
    """The last day to deliver draft, explanation and materials to the participants: seven days before the hearing.

    依据：决策条例16；民法典201
    """
    return hearing_on - timedelta(days=HEARING_MATERIAL_DAYS)


def check_hearing(
    hearing_on: date,
    *,
    materials_on: date | None,
    announced_on: date | None,
    participants_published: bool,
    is_rule: bool = False,
) -> Verdict:
    """Whether a hearing may be held as prepared. `is_rule`: the draft is a 规章, announced 30 days ahead.

    依据：决策条例16；决策条例17；设计
    """
    article = f"{_R}第十六条"
    if announced_on is None or announced_on >= hearing_on:
        return Refused("not_announced", "听证会的时间、地点和草案还没有提前公布，请先公布。", article)
    if is_rule and announced_on > hearing_on - timedelta(days=RULE_HEARING_NOTICE_DAYS):
        return Refused(
            "announced_late",
            f"规章草案的听证会应当提前{RULE_HEARING_NOTICE_DAYS}天公布时间、地点和内容，请改期。",
            "《规章制定程序条例》第十六条",
        )
    if not participants_published:
        return Refused("no_participants", "听证参加人的遴选办法和名单还没有公布，请先公布。", f"{_R}第十七条")
    due = hearing_materials_due_on(hearing_on)
    if materials_on is None or materials_on > due:
        return Refused(
            "materials_late",
            f"听证材料应当最迟{full_date(due)}送达参加人（听证会7日前），请补送或者改期。",
            article,
        )
    return Allowed()


def legality_review_ends_at_earliest(submitted_on: date, calendar: WorkCalendar) -> date:
    """The day up to which the legality review must be given: seven working days after submission.

    依据：决策条例26
    """
    return calendar.add(submitted_on, LEGALITY_REVIEW_DAYS)


def check_legality_review(
    submitted_on: date | None,
    discussion_on: date,
    calendar: WorkCalendar,
    *,
    passed: bool,
    countersigned_instead: bool = False,
    shortened_reason: str = "",
) -> Verdict:
    """Whether a draft may go to collective discussion as far as the legality review is concerned.

    `countersigned_instead`: opinions were merely collected by countersigning, which does not replace the review.

    依据：决策条例25；决策条例26
    """
    if submitted_on is None or countersigned_instead:
        return Refused(
            "no_review",
            "还没有送请合法性审查；以征求意见、会签等方式代替合法性审查的，不能提交讨论。",
            f"{_R}第二十五条",
        )
    earliest = legality_review_ends_at_earliest(submitted_on, calendar)
    if discussion_on < earliest and not shortened_reason.strip():
        return Refused(
            "review_too_short",
            f"合法性审查的时间一般不少于{LEGALITY_REVIEW_DAYS}个工作日，最早到{full_date(earliest)}；确需缩短的，请写明原因。",
            f"{_R}第二十六条",
        )
    if not passed:
        return Refused(
            "not_lawful", "合法性审查没有通过，不能提交讨论，请按审查意见修改后重新送审。", f"{_R}第二十五条"
        )
    return Allowed()


@dataclass(frozen=True, slots=True)
class Material:
    """One document of the file for collective discussion; `condition` says when it is needed, empty = always."""

    code: str
    title: str
    condition: str = ""


DISCUSSION_MATERIALS: tuple[Material, ...] = (
    Material("draft", "决策草案及相关材料；涉及市场主体经济活动的，含公平竞争审查情况"),
    Material("public_opinions", "公众提出的主要意见的研究采纳情况", "履行公众参与程序的"),
    Material("expert_opinions", "专家、专业机构论证意见的研究采纳情况", "履行专家论证程序的"),
    Material("risk_report", "风险评估报告等有关材料", "履行风险评估程序的"),
    Material("legality_opinion", "合法性审查意见"),
    Material("others", "需要提交的其他材料", "另有要求的"),
)


def check_discussion(present: frozenset[str], *, held: frozenset[str]) -> Verdict:
    """Whether the file for collective discussion is complete. `held`: codes of conditional materials that apply here.

    Raises LookupError for an unknown material.

    依据：决策条例29
    """
    known = {m.code for m in DISCUSSION_MATERIALS}
    if unknown := (present | held) - known:
        raise LookupError(f"提交讨论的材料中没有“{'、'.join(sorted(unknown))}”这一项。")
    missing = [m.title for m in DISCUSSION_MATERIALS if (not m.condition or m.code in held) and m.code not in present]
    if missing:
        return Refused("materials_missing", f"提交集体讨论还缺：{'；'.join(missing)}。", f"{_R}第二十九条")
    return Allowed()
