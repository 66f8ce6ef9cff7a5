"""期限总表: every statutory clock of disclosure and its remedies as a row, and one function that computes any of them.

The reply (K3) with all that moves it is `gongkai.law.reply_clock`; the row here is its plain form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gongkai.law.articles import cite
from gongkai.law.explain import Step, full_date, short_date
from gongkai.law.periods import add_months, month_end
from gongkai.law.proactive import passed_over
from gongkai.law.workdays import WorkCalendar

Unit = Literal["working_days", "calendar_days", "months", "yearly", "set_by_organ"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock. `code` is permanent.

    `length` counts in `unit`; for `yearly` it is the month whose last day is the end; None where the organ sets it.
    `backwards` counts from an event that is still to come (hearing papers 7 days before the hearing).
    `minimum`: the time may not be shorter, so the end is the earliest and not the last day.
    `effect` is what follows when the time has passed, `extension` what can lengthen or restart it.
    """

    code: str
    title: str
    start: str
    length: int | None
    unit: Unit
    effect: str
    extension: str
    articles: str
    backwards: bool = False
    minimum: bool = False

    @property
    def article(self) -> str:
        """The basis in full words."""
        return cite(self.articles)


def _row(code: str, title: str, start: str, length: int | None, unit: Unit, articles: str, effect: str,
         extension: str = "无", *, backwards: bool = False, minimum: bool = False) -> Deadline:  # fmt: skip
    return Deadline(code, title, start, length, unit, effect, extension, articles, backwards, minimum)


_COURT = "逾期起诉的，人民法院不予受理"
_ROWS = (
    _row("K1", "主动公开", "政府信息形成或者变更之日", 20, "working_days", "条例26",
         "责令改正、依法处分；公众可向主管部门提出", "法律、法规另有规定的从其规定"),
    _row("K2", "告知补正", "收到申请之日", 7, "working_days", "条例30",
         "逾期或者再次告知补正，答复期限仍自收到申请之日起算"),
    _row("K2b", "申请人补正", "申请人收到补正告知之日", None, "set_by_organ", "条例30",
         "无正当理由逾期不补正的，视为放弃申请，不再处理", "有正当理由的可以延长"),
    _row("K3", "答复申请", "收到申请之日（按渠道）", 20, "working_days", "条例33.2；条例31",
         "属逾期答复，事后答复也不能补正；申请人可以依法申请复议、提起诉讼或者投诉",
         "可延长一次，不超过20个工作日；征求意见所需时间不计；补正、缴费后重新计算"),
    _row("K4", "征求第三方意见", "第三方收到征求意见书之日", 15, "working_days", "条例32；条例33.3",
         "第三方逾期未提出意见的，由行政机关依照条例决定是否公开", "其间答复期限暂停计算"),
    _row("K5", "征求共同制作机关意见", "被征求机关收到征求意见书之日", 15, "working_days", "条例34；条例33.3",
         "逾期未提出意见的，视为同意公开", "其间答复期限暂停计算"),
    _row("K6", "大量申请延迟答复", "行政机关认定理由合理之日", None, "set_by_organ", "条例35",
         "到期仍不答复的，属逾期答复", "由行政机关确定合理期限并告知申请人"),
    _row("K7", "缴纳信息处理费", "申请人收到收费通知之日", 30, "calendar_days", "109号6",  # [M] number of days
         "逾期未缴纳的，视为放弃申请，不再处理", "缴费之日的次日起重新计算答复期限"),
    _row("K8", "部门年度报告", "报告年度", 1, "yearly", "条例49.1", "责令改正、通报批评；依法处分"),
    _row("K9", "政府年度报告", "报告年度", 3, "yearly", "条例49.2", "责令改正、通报批评；依法处分"),
    _row("K10", "申请行政复议", "知道或者应当知道行政行为之日", 60, "calendar_days", "行政复议法20",
         "逾期申请的，不予受理", "未告知权利、机关、期限的，自知道之日起算，自知道行为内容之日起最长一年"),
    _row("K11", "复议后起诉", "收到复议决定书或者复议期满之日", 15, "calendar_days",
         "行政诉讼法45；行政复议法34", _COURT),
    _row("K12", "直接起诉", "知道或者应当知道行政行为之日", 6, "months", "行政诉讼法46", _COURT,
         "未告知起诉期限的，自知道行为内容之日起最长一年"),
    _row("K13", "对逾期不答复起诉", "答复期限届满之日", 6, "months", "行诉解释66；行政诉讼法47", _COURT),
    _row("K14", "复议审理", "受理之日", 60, "calendar_days", "行政复议法62",
         "复议机关逾期不决定的，申请人可以自期满之日起15日内起诉", "经批准可延长，最多30日"),
    _row("K14s", "复议审理（简易程序）", "受理之日", 30, "calendar_days", "行政复议法53；行政复议法62",
         "复议机关逾期不决定的，申请人可以自期满之日起15日内起诉"),
    _row("K15", "复议答辩", "收到申请书副本之日", 10, "working_days", "行政复议法48；行政复议法88.2",
         "不提交答复和证据、依据的，视为该行政行为没有证据、依据"),
    _row("K15s", "复议答辩（简易程序）", "收到申请书副本之日", 5, "working_days", "行政复议法54；行政复议法88.2",
         "不提交答复和证据、依据的，视为该行政行为没有证据、依据"),
    _row("K16", "不明确事项报请定密", "拟定之日", 10, "working_days", "保密法实施条例25",
         "应先行采取保密措施，不得公开", "保密行政管理部门或者有关部门10个工作日内决定"),
    _row("K17", "国家秘密年度审核", "上次审核之年", 12, "yearly", "保密法24", "保密期限届满的自行解密"),
    _row("K18", "决策草案公开征求意见", "公布决策草案之日", 30, "calendar_days", "决策条例15",
         "期限不足又未说明理由的，程序违法", "情况紧急可以缩短，公告时应说明理由", minimum=True),
    _row("K19", "听证材料送达", "举行听证会之日", 7, "calendar_days", "决策条例16",
         "逾期送达的，听证程序违法", backwards=True),
    _row("K20", "决策草案合法性审查", "送请审查之日", 7, "working_days", "决策条例26",
         "审查时间不足的，程序违法", minimum=True),
    _row("K21", "撤回处罚决定公开信息", "处罚决定被变更、撤销、确认违法或者无效之日", 3, "working_days",
         "行政处罚法48；行政处罚法85", "应在期限内撤回并公开说明理由，逾期属违法公开"),
)  # fmt: skip

DEADLINES: dict[str, Deadline] = {row.code: row for row in _ROWS}
if len(DEADLINES) != len(_ROWS):
    raise TypeError("a deadline code is used twice")

#: 未告知权利、机关、期限时的最长期限: one year from knowing the content of the act.
LONGEST_WITHOUT_NOTICE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Computed:
    """The end of one clock. `on` is the last day (for `backwards`: the last day on which the act is in time)."""

    deadline: Deadline
    on: date
    provisional: bool
    explain: tuple[Step, ...]

    @property
    def sentence(self) -> str:
        """主动公开：最迟2026年10月22日（星期四）"""
        bound = "不早于" if self.deadline.minimum else "最迟"
        return f"{self.deadline.title}：{bound}{full_date(self.on)}" + ("（预估）" if self.provisional else "")


def deadline_of(code: str, start: date, calendar: WorkCalendar) -> Computed:
    """The end of clock `code` whose start event was on `start`; the day of the event never counts.

    For yearly clocks `start` is any day of the year reported on (K8, K9) or audited before (K17).
    Raises KeyError for an unknown code, ValueError for a clock whose length the organ sets.

    依据：条例26；条例30；条例33；民法典201；民法典202；民法典203；行政复议法20；行政诉讼法46
    """
    row = DEADLINES[code]
    if row.length is None:
        raise ValueError(f"“{row.title}”的期限由行政机关确定并告知，不能推算；请填写已告知的日期。")
    match row.unit:
        case "working_days":
            return _working_days(row, row.length, start, calendar)
        case "calendar_days" if row.backwards:
            return _days_before(row, row.length, start)
        case "calendar_days":
            return _rolled(row, start, start + timedelta(days=row.length), f"第{row.length}日", calendar)
        case "months":
            return _rolled(row, start, add_months(start, row.length), f"{row.length}个月期满之日", calendar)
        case "yearly":
            return _year_end(row, row.length, start)
        case _:
            raise ValueError(f"unknown unit {row.unit!r}")


def longest_without_notice(known_on: date, calendar: WorkCalendar) -> date:
    """The last day to seek a remedy when the organ did not tell of it: a year from knowing what was decided.

    依据：行政复议法20.3；行诉解释64；民法典203
    """
    return calendar.roll_forward(add_months(known_on, LONGEST_WITHOUT_NOTICE_MONTHS))


def review_extended(accepted_on: date, calendar: WorkCalendar) -> date:
    """The end of an ordinary review whose 60 days were extended by 30.

    依据：行政复议法62
    """
    return calendar.roll_forward(accepted_on + timedelta(days=90))


def _started(row: Deadline, start: date) -> list[Step]:
    return [
        Step(start, "start", row.article, f"{row.start}为{full_date(start)}"),
        Step(start, "not_counted", cite("民法典201"), "当日不计"),
    ]


def _working_days(row: Deadline, n: int, start: date, calendar: WorkCalendar) -> Computed:
    end = calendar.add(start, n)
    steps = _started(row, start) + passed_over(start, end, calendar)
    steps.append(Step(end, "due", row.article, f"第{n}个工作日为{short_date(end, beside=start)}"))
    return Computed(row, end, calendar.is_provisional(start, end), tuple(steps))


def _rolled(row: Deadline, start: date, last: date, what: str, calendar: WorkCalendar) -> Computed:
    end = calendar.roll_forward(last)
    steps = [*_started(row, start), Step(last, "end", row.article, f"{what}为{short_date(last, beside=start)}")]
    if end != last:
        said = f"末日逢休假日，顺延至{short_date(end, beside=start)}"
        steps.append(Step(end, "due", cite("民法典203"), said))
    return Computed(row, end, calendar.is_provisional(last, end), tuple(steps))


def _days_before(row: Deadline, n: int, event: date) -> Computed:
    """N 日前: n full days lie between the act and the event. A day counted back is not rolled."""
    last = event - timedelta(days=n)
    steps = (
        Step(event, "start", row.article, f"{row.start}为{full_date(event)}"),
        Step(last, "due", row.article, f"{n}日前，即最迟{short_date(last, beside=event)}"),
    )
    return Computed(row, last, False, steps)


def _year_end(row: Deadline, month: int, start: date) -> Computed:
    """A fixed day of the next year; a fixed day is no period and is not rolled."""
    end = month_end(start.year + 1, month)
    steps = (Step(end, "due", row.article, f"自{start.year}年起算，最迟{full_date(end)}，为固定日期，不顺延"),)
    return Computed(row, end, False, steps)
