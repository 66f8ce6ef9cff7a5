"""What the file of a case says that was never a document: each as a page of labels or a table, from queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from gongkai.foi.documents.fields import CHANNEL_WORDS, DELIVERY_WORDS
from gongkai.foi.models import Consultation, Extension, Fee, FoiRequest
from gongkai.foi.models.acts import CONSULTED, DECISIONS, POSITIONS
from gongkai.foi.models.care import CORRECTION_DECISIONS
from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.models.outcomes import REMEDY_RESULTS
from gongkai.foi.particulars import COLUMNS, IDENTITY_KINDS
from gongkai.foi.queries.replies import review_of
from gongkai.foi.queries.sealed import json_of, particulars, text_of, wish
from gongkai.foi.queries.timeline import case_timeline
from gongkai.law.explain import day_in_words
from gongkai.law.foi_moves import MOVES
from gongkai.law.replies import reply
from gongkai.law.report_form import LITIGATION_ROWS, READABLE_ROWS
from gongkai.law.review import VERDICTS

Row = tuple[str, ...]
#: Notes that are no verb of `law.foi_moves`.
_NOTES: Final = {"description_before": "补正前的申请内容"}
_METHODS: Final = {"piece": "按件", "page": "按量"}


@dataclass(frozen=True, slots=True)
class Record:
    """One page of the file: rows of label and content, or of a table below `heads`."""

    title: str
    on: date | None
    rows: tuple[Row, ...]
    heads: Row = ()


def cover(case: FoiRequest, *, filed_by: str, on: date, papers: int, pages: int) -> Record:
    """The first page. `papers`: entries of the index."""
    outcome = case.outcomes.filter(voided_at=None).first()
    rows = (
        ("立卷机关", case.organ.name),
        ("申请编号", case.number),
        ("申请人", particulars(case.applicant).name),
        ("申请内容", wish(case).text),
        ("收到申请之日", _day(case.received_on)),
        ("办理结果", reply(outcome.reply_code).title if outcome else "尚未办结"),
        ("年度报告统计项", READABLE_ROWS[outcome.report_row].label if outcome else ""),
        ("答复书文号", case.reply_number or "没有答复书"),
        ("办结日期", _day(outcome.decided_on if outcome else None)),
        ("卷内文件", f"{papers}件，连同封面、目录共{pages}页"),
        ("立卷人", filed_by),
        ("立卷日期", _day(on)),
    )
    return Record("政府信息公开申请案卷", on, rows)


def before_records(case: FoiRequest) -> Iterator[Record]:
    """The request and who made it."""
    told, asked = particulars(case.applicant), wish(case)
    yield Record(
        "政府信息公开申请（登记内容）", case.arrived_on,
        (
            ("申请编号", case.number),
            ("申请人", told.name),
            ("申请人类别", COLUMNS[case.applicant.column]),
            ("联系人", told.contact),
            ("联系电话", told.phone),
            ("通信地址", "　".join(part for part in (told.address, told.postcode) if part)),
            ("电子邮箱", told.email),
            ("所需信息的名称", asked.name),
            ("文号", asked.document_number),
            ("其他特征", asked.features),
            ("提供形式", FORMS[case.form]),
            ("获取方式", DELIVERIES[case.delivery]),
            ("申请方式", CHANNEL_WORDS[case.channel]),
            ("到达日期", _day(case.arrived_on)),
            ("收到申请之日", _day(case.received_on)),
        ),
    )  # fmt: skip
    rows = (("姓名或者名称", told.name), ("证件种类", IDENTITY_KINDS[told.identity_kind]),
            ("证件号码", told.identity_number))  # fmt: skip
    yield Record("申请人身份证明（登记内容）", case.arrived_on, rows)


def between_records(case: FoiRequest) -> Iterator[Record]:
    """What was done before the reply, and who approved the reply."""
    if notes := tuple(_notes(case)):
        yield Record("办理记录", None, notes, ("时间", "事项和内容"))
    for asked in case.consultations.select_related("asked", "answered").order_by("id"):
        yield _consultation(case, asked)
    for n, search in enumerate(case.searches.select_related("by").order_by("id"), start=1):
        found = json_of(case.key, search.content, "search.content")
        yield Record(
            f"检索记录（{n}）", search.on,
            (("检索的地方", found["places"]), ("检索用词", found["terms"]), ("检索结果", found["result"]),
             ("是否找到", "找到" if search.found else "没有找到"), ("检索人", search.by.name),
             ("检索日期", _day(search.on)), ("登记时间", _at(search.at))),
        )  # fmt: skip
    if tasks := tuple(_tasks(case)):
        yield Record("科室办理情况", None, tasks, ("科室", "交办和办理情况", "交办", "期限", "办结"))
    for extension in case.extensions.select_related("proposed_by", "decided_by", "step").order_by("id"):
        yield _extension(case, extension)
    for fee in case.fees.select_related("proposed_by", "decided_by", "step").order_by("id"):
        yield _fee(case, fee)
    for version in case.replies.select_related("author", "request").order_by("number"):
        review = review_of(version)
        opinions = tuple(
            (o.step.title, f"{VERDICTS[o.verdict]}{f'：{o.reason}' if o.reason else ''}", o.person.name, _at(o.at))
            for o in review.opinions.select_related("step", "person").order_by("id")
        )
        made = ("拟稿送审", f"文本摘要：{version.digest}", version.author.name, _at(version.frozen_at))
        yield Record(
            f"答复审签意见（第{version.number}稿）", _local(version.frozen_at), (made, *opinions),
            ("环节", "意见", "姓名", "时间"),
        )  # fmt: skip


def after_records(case: FoiRequest, *, as_of: date) -> Iterator[Record]:
    """Delivery, what was done against the reply, and everything in the order of time."""
    delivery = getattr(case, "delivered", None)
    if delivery is not None:
        yield Record(
            "送达登记", delivery.on,
            (("送达方式", DELIVERY_WORDS[delivery.by]), ("送达日期", _day(delivery.on)),
             ("送达凭证", text_of(case.key, delivery.proof, "delivery.proof")),
             ("送达的答复", f"第{delivery.version.number}稿，文本摘要：{delivery.digest}"),
             ("登记时间", _at(delivery.at))),
        )  # fmt: skip
    for remedy in case.remedies.order_by("id"):
        yield Record(
            f"{LITIGATION_ROWS[remedy.kind]}登记", remedy.filed_on,
            (("机关或者法院", remedy.body), ("案号", text_of(case.key, remedy.docket, "remedy.docket")),
             ("提起日期", _day(remedy.filed_on)), ("结果", REMEDY_RESULTS.get(remedy.result, "尚未审结")),
             ("审结日期", _day(remedy.concluded_on)), ("责令重新答复的最后日期", _day(remedy.redo_by)),
             ("说明", text_of(case.key, remedy.note, "remedy.note"))),
        )  # fmt: skip
    for asked in case.corrections.order_by("id"):
        yield Record(
            "更正要求登记", asked.asked_on,
            (("提出日期", _day(asked.asked_on)), ("要求更正的内容", text_of(case.key, asked.what, "correction.what")),
             ("处理", CORRECTION_DECISIONS.get(asked.decision, "正在办理")), ("有权更正的机关", asked.other_organ),
             ("理由", text_of(case.key, asked.reason, "correction.reason")), ("处理日期", _day(asked.decided_on))),
        )  # fmt: skip
    for complaint in case.complaints.select_related("to_organ").order_by("id"):
        yield Record(
            "投诉登记", _local(complaint.made_at),
            (("受理机关", complaint.to_organ.name), ("投诉内容", text_of(case.key, complaint.text, "complaint.text")),
             ("答复", text_of(case.key, complaint.answer, "complaint.answer")),
             ("提出时间", _at(complaint.made_at)), ("答复时间", _at(complaint.answered_at))),
        )  # fmt: skip
    events = tuple(
        (e.on.isoformat(), f"{e.sentence}{f'（{e.article}）' if e.article else ''}", e.actor_code, e.state)
        for e in case_timeline(case, as_of=as_of)
    )
    yield Record("办理过程", None, events, ("日期", "事项和依据", "经办", "办理后的状态"))


def _notes(case: FoiRequest) -> Iterator[Row]:
    for note in case.notes.order_by("id"):
        title = _NOTES.get(note.verb) or MOVES[note.verb].title
        yield _at(note.at), f"{title}：{text_of(case.key, note.text, 'note.text')}"


def _tasks(case: FoiRequest) -> Iterator[Row]:
    for task in case.tasks.select_related("section", "assigned_by", "finished_by").order_by("id"):
        asked = text_of(case.key, task.asked, "task.asked")
        answer = text_of(case.key, task.answer, "task.answer") or "没有办结"
        finished = f"{task.finished_by.name} {_at(task.finished_at)}" if task.finished_by else ""
        yield (
            task.section.name, f"交办：{asked}\n办理：{answer}", f"{task.assigned_by.name} {_at(task.assigned_at)}",
            task.due_on.isoformat(), finished,
        )  # fmt: skip


def _consultation(case: FoiRequest, asked: Consultation) -> Record:
    examined = {True: "合理", False: "不合理", None: "没有审查"}[asked.reasonable]
    rows = (
        ("对象", text_of(case.key, asked.party, "consultation.party")),
        ("类别", CONSULTED[asked.kind]),
        ("征求的内容", text_of(case.key, asked.letter, "consultation.letter")),
        ("发出日期", _day(asked.asked.on)),
        ("对方收到日期", _day(asked.asked.received_on)),
        ("答复日期", _day(asked.answered.on if asked.answered else None)),
        ("意见", POSITIONS.get(asked.position, "没有答复")),
        ("意见的内容", text_of(case.key, asked.answer, "consultation.answer")),
        ("理由是否合理", examined if asked.position == "objected" else ""),
    )
    return Record(f"征求意见登记（{asked.label}）", asked.asked.on, rows)


def _extension(case: FoiRequest, made: Extension) -> Record:
    rows = (("延长", f"{made.working_days}个工作日"), *_proposal(case, made))
    return Record("延长答复期限审批", _local(made.proposed_at), rows)


def _fee(case: FoiRequest, made: Fee) -> Record:
    rows = (
        ("收费方式", _METHODS[made.method]),
        ("数量", f"{made.units}{'件' if made.method == 'piece' else '页'}，本月此前{made.already}件"),
        ("数额", f"{made.yuan:,}元"),
        *_proposal(case, made),
        ("缴费日期", _day(made.paid_on)),
    )
    return Record("收取信息处理费审批", _local(made.proposed_at), rows)


def _proposal(case: FoiRequest, made: Extension | Fee) -> tuple[Row, ...]:
    return (
        ("理由", text_of(case.key, made.reason, "proposal.reason")),
        ("提请人", f"{made.proposed_by.name} {_at(made.proposed_at)}"),
        ("决定", DECISIONS.get(made.decision, "没有决定")),
        ("决定人", f"{made.decided_by.name} {_at(made.decided_at)}" if made.decided_by else ""),
        ("不同意的理由", text_of(case.key, made.decision_reason, "proposal.decision_reason")),
        ("告知日期", _day(made.step.on if made.step else None)),
    )


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""


def _local(at: datetime) -> date:
    return timezone.localtime(at).date()


def _at(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
