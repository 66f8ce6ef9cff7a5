"""The life of one request of the demo: each word of its way is a method here, and each method one real action."""

# long: one short method for each step a request may take, read side by side

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ, Section
from gongkai.cli.demo.content_files import Table
from gongkai.cli.demo.hours import point
from gongkai.cli.demo.office import Event, Offices
from gongkai.foi.actions import turning
from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.accept_file_marks import accept_file_marks
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.answer_complaint import answer_complaint
from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.actions.batch_make import batch_make
from gongkai.foi.actions.bind_seal import bind_seal
from gongkai.foi.actions.close import close
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.compose_reply import compose_reply
from gongkai.foi.actions.conclude_remedy import conclude_remedy
from gongkai.foi.actions.confirm_file_copy import confirm_file_copy
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.delay import delay
from gongkai.foi.actions.deliver import deliver
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.opine_reply import opine_reply
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.rate import rate
from gongkai.foi.actions.receive import receive
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.record_payment import record_payment
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.actions.redact_file import redact_file
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.renew_file_copy import renew_file_copy
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.actions.take_reasons import take_reasons
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import CaseFile, Complaint, FoiRequest, Remedy, ReplyVersion
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.copies import copies_of, newest_of
from gongkai.foi.queries.replies import newest, review_of
from gongkai.foi.queries.sealed import version_content
from gongkai.foi.replying import SENT_BY
from gongkai.foi.wishes import Wish
from gongkai.law.replies import gives_information
from gongkai.law.reply_tree import every_path, walk
from gongkai.law.review import SECRECY_STEP
from gongkai.law.workdays import WorkCalendar

CHANNELS = ("online", "in_person", "online", "registered_mail", "online")
DELIVERED = {"online": "online", "in_person": "in_person", "registered_mail": "post", "fax": "fax"}
REVIEW_CHANNEL = "https://fuyi.yunxi.example/"
SAID = ("材料齐全，同意。", "事实清楚，条款准确，同意。", "经审查，可以提供。", "同意。")
PROOF = {"online": "申请人在查询页面下载，系统留有记录", "post": "挂号函件收据", "in_person": "申请人在送达回证上签字"}
#: One transparent pixel stands for the stamped scan.
SCAN = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
#: What is found for the requests that get a paper; the numbers are invented.
PAPER = "序号,街道,户数,金额（元）,经办人电话\n1,文渊街道,12,36000,13900010001\n2,北塔街道,20,60000,13900010002\n"
ROLE_OF_STEP = ("section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader")


@cache
def answers_for(code: str, ground: str) -> dict[str, str]:
    """Answers of the reply tree that end in this row."""
    for answers in every_path():
        outcome = walk(answers).outcome
        if outcome and outcome.row.code == code and (outcome.ground.code if outcome.ground else "") == ground:
            return answers
    raise LookupError(f"no path of the tree leads to {code} {ground}")


@dataclass
class CaseStory:
    """One request on its way; `events` are its acts, each with its point of time."""

    serial: int
    way: Table
    matter: Table
    column: str
    name: str
    phone: str
    letters: Mapping[str, Table]
    findings: Mapping[str, Table]
    today: date
    calendar: WorkCalendar
    arrived: date
    alike: list[CaseStory]
    offices: Offices
    number: str = ""
    code: str = ""
    _events: list[Event] = field(default_factory=list)
    _day: date = date.min
    _part: float = 0.0

    # -- when --------------------------------------------------------------------------------------------------------

    def events(self) -> list[Event]:
        """Every act up to today, in order."""
        self._day, self._part = self.arrived, 0.05 + (self.serial * 7 % 23) / 100
        self._then(self._receive)
        for step in self.way["steps"]:
            verb, gap, *rest = step.split()
            self._pass(int(gap))
            if self._day > self.today:
                break
            getattr(self, f"do_{verb}")(*rest)
        return [event for event in self._events if event[0] < point(self.today, 0) + 1]

    def _pass(self, working_days: int) -> None:
        if working_days:
            self._day, self._part = self.calendar.add(self._day, working_days), 0.05 + (self.serial * 7 % 23) / 100

    def _then(self, act: Callable[..., object], *told: Any) -> None:
        self._events.append((point(self._day, self._part), partial(self._acted, act, told)))
        self._part += 0.04

    def _acted(self, act: Callable[..., object], told: tuple[Any, ...], at: datetime) -> None:
        act(*told, at=at)

    # -- who and what ------------------------------------------------------------------------------------------------

    @property
    def organ(self) -> Organ:
        return self.offices.organ(str(self.matter["organ"]))

    @property
    def section(self) -> Section:
        return self.offices.section(str(self.matter["section"]))

    def who(self, role: str = "foi_officer") -> Actor:
        section = str(self.matter["section"]) if role == "section_reviewer" else ""
        return self.offices.actor(role, str(self.matter["organ"]), section)

    @property
    def channel(self) -> str:
        return str(self.way.get("channel") or CHANNELS[self.serial % len(CHANNELS)])

    @property
    def wish(self) -> Wish:
        year = str(self.arrived.year - 1)
        return Wish(
            self.matter["name"].format(year=year), features=self.matter["features"].format(year=year),
            delivery=DELIVERED[self.channel],
        )  # fmt: skip

    def _receive(self, *, at: datetime) -> None:
        confirmed = None if self.way.get("unconfirmed") or self.channel != "online" else self.arrived
        actor = turning.APPLICANT if self.channel == "online" else self.who()
        key = hashlib.sha256(f"{self.serial}/{at.isoformat()}".encode()).hexdigest()
        made = receive(
            self.organ, Particulars(self.name, phone=self.phone, address=f"云溪市云山区文渊路{self.serial}号"),
            [self.wish], column=self.column, channel=self.channel, arrived_on=self.arrived, confirmed_on=confirmed,
            submission_key=key, actor=actor, at=at,
        ).registered[0]  # fmt: skip
        self.number, self.code = made.case.number, made.code

    @property
    def case(self) -> FoiRequest:
        return FoiRequest.objects.select_related("key").get(number=self.number)

    # -- one method for each word of a way -----------------------------------------------------------------------------

    def do_accept(self) -> None:
        self._then(lambda at: accept(self.number, section=self.section, actor=self.who(), at=at))

    def do_task(self) -> None:
        def task(at: datetime) -> None:
            due = self.calendar.add(_day(at), 5)
            asked = "请检索并提供申请内容所涉材料。"
            assign_task(self.number, self.section, due_on=due, asked=asked, actor=self.who(), at=at)

        self._then(task)

    def do_search(self, found: str) -> None:
        told = {
            "places": "档案室、办公系统、业务系统", "terms": self.matter["name"].replace("{year}", "").strip("年度的"),
            "result": "找到，材料存入案卷" if found == "yes" else "用全称、简称和年份检索，没有找到",
        }  # fmt: skip
        self._then(
            lambda at: record_search(self.number, found=found == "yes", on=_day(at), actor=self.who(), at=at, **told)
        )

    def do_paper(self, how: str) -> None:
        """A paper with telephone numbers in it, and its copy; `covered`: every number found is covered."""
        self._then(
            lambda at: add_file(self.number, PAPER.encode(), "发放明细.csv", kind="record", actor=self.who(), at=at)
        )
        self._then(self._copy)
        if how == "covered":
            self._then(self._cover)

    def _paper(self) -> CaseFile:
        return CaseFile.objects.filter(request__number=self.number, kind="record").latest("pk")

    def _copy(self, *, at: datetime) -> None:
        redact_file(self.number, self._paper().pk, actor=self.who(), at=at)

    def _cover(self, *, at: datetime) -> None:
        copy = newest_of(self._paper())
        assert copy is not None
        accept_file_marks(self.number, copy.pk, otherwise="G15", actor=self.who(), at=at)
        renew_file_copy(self.number, copy.pk, actor=self.who(), at=at)

    def do_clarify(self, days: str) -> None:
        self._then(
            lambda at: ask_clarification(
                self.number,
                on=_day(at),
                reply_by=_day(at) + timedelta(days=int(days)),
                actor=self.who(),
                at=at,
                items="请写明所需信息的文件名称、年度，或者便于查询的其他特征。",
            )  # fmt: skip
        )

    def do_clarified(self) -> None:
        text = "需要的是上一年度的文件，名称以印发的为准。"
        self._then(lambda at: take_clarification(self.number, on=_day(at), text=text, actor=self.who(), at=at))

    def do_consult(self) -> None:
        party = Party("third_party", "云溪万和工程有限公司", "申请人要求公开贵公司与本机关签订的合同，拟公开全文。")
        self._then(lambda at: consult(self.number, [party], on=_day(at), actor=self.who(), at=at))

    def do_consult_organ(self) -> None:
        party = Party("agency", "云溪市自然资源局", "所涉文件由贵局与本机关共同制作，拟予公开。", "34")
        self._then(lambda at: consult(self.number, [party], on=_day(at), actor=self.who(), at=at))

    def do_answered(self, position: str) -> None:
        text = "合同单价构成属于本公司商业秘密，不同意公开。"
        self._then(
            lambda at: record_consultation_answer(
                self.number, "第三方1", on=_day(at), position=position, text=text, actor=self.who(), at=at
            )
        )

    def do_examine(self, reasonable: str) -> None:
        self._then(
            lambda at: examine_objection(
                self.number,
                "第三方1",
                reasonable=reasonable == "yes",
                actor=self.who(),
                at=at,
                reason="单价构成未公开过，能带来竞争优势，权利人采取了保密措施，理由合理。",
            )  # fmt: skip
        )

    def do_propose(self, days: str) -> None:
        reason = "涉及三个科室、五年的档案，需要逐卷核对。"
        self._then(
            lambda at: propose_extension(self.number, working_days=int(days), reason=reason, actor=self.who(), at=at)
        )

    def do_extend(self) -> None:
        self._then(lambda at: approve_extension(self.number, notified_on=_day(at), actor=self.who("foi_head"), at=at))

    def do_ask_reasons(self) -> None:
        text = "近三个月提出申请六十余件，请说明理由。"
        self._then(lambda at: ask_reasons(self.number, on=_day(at), text=text, actor=self.who(), at=at))

    def do_reasons(self) -> None:
        text = "关心本市的工作。"
        self._then(lambda at: take_reasons(self.number, on=_day(at), text=text, actor=self.who(), at=at))

    def do_delay(self, days: str) -> None:
        def later(at: datetime) -> None:
            until = self.calendar.add(_day(at), int(days))
            reason = "所需信息数量大，需要分批核对。"
            delay(self.number, on=_day(at), until=until, reason=reason, actor=self.who("foi_head"), at=at)

        self._then(later)

    def do_charge(self, pages: str) -> None:
        self._then(
            lambda at: propose_fee(
                self.number,
                method="page",
                pages=int(pages),
                excessive=True,
                actor=self.who(),
                at=at,
                reason="一次申请要求复制的页数明显超过合理范围。",
            )  # fmt: skip
        )

    def do_fee(self) -> None:
        self._then(lambda at: approve_fee(self.number, notified_on=_day(at), actor=self.who("foi_head"), at=at))

    def do_paid(self) -> None:
        self._then(lambda at: record_payment(self.number, on=_day(at), actor=self.who(), at=at))

    def do_batch(self) -> None:
        """The last of those who ask the same puts all of them together."""
        if self is self.alike[-1]:
            lead = self.alike[0]
            self._part += 0.3
            self._then(lambda at: batch_make(lead.number, [s.number for s in self.alike[1:]], actor=self.who(), at=at))

    def do_draft(self, reply: str) -> None:
        self._then(self._compose, reply)
        self._then(self._submit)

    def do_opinion(self, order: str) -> None:
        self._then(self._opine, int(order))

    def do_returned(self) -> None:
        def send_back(at: datetime) -> None:
            version = self._version()
            reason = "检索情况写得太简单，请写明检索过哪些地方、用了什么词。"
            opine_reply(
                version.pk, 1, "return", read_digest=version.digest, reason=reason, return_to=0,
                actor=self.who("section_reviewer"), at=at,
            )  # fmt: skip

        self._then(send_back)

    def do_reply(self, reply: str) -> None:
        """From the text to the delivery: two days, of which every reader has a part."""
        self.do_draft(reply)
        steps = 4 if gives_information(reply.partition(":")[0]) else 3
        for order in range(1, steps + 1):
            if order == steps:
                self._pass(1)
            self._then(self._opine, order)
        self._then(self._seal)
        self._then(self._deliver)

    def do_withdraw(self) -> None:
        text = "已经从别处找到，不再需要。"
        self._then(lambda at: withdraw_request(self.number, on=_day(at), text=text, actor=self.who(), at=at))

    def do_close(self) -> None:
        self._then(lambda at: close(self.number, actor=self.who(), at=at))

    def do_rate(self, grade: str) -> None:
        text = {"5": "很快，写得清楚。", "1": "超过了期限才答复。"}.get(grade, "")
        self._then(lambda at: rate(self.number, grade=int(grade), text=text, actor=turning.APPLICANT, at=at))

    def do_complain(self) -> None:
        text = "答复没有解决我的问题，请主管部门过问。"
        self._then(lambda at: complain(self.number, text=text, actor=turning.APPLICANT, at=at))

    def do_answered_complaint(self) -> None:
        def answer(at: datetime) -> None:
            complaint = Complaint.objects.get(request__number=self.number)
            supervisor = self.offices.actor("supervisor", "yx-bgs", "")
            text = "经核查，该机关答复超过法定期限，已责令改正。"
            answer_complaint(complaint.pk, answer=text, actor=supervisor, at=at)

        self._then(answer)

    def do_remedy(self, kind: str) -> None:
        body = "云溪市人民政府" if kind == "review" else "云溪铁路运输法院"
        docket = f"〔{self._day.year}〕{self.serial}号"
        self._then(
            lambda at: register_remedy(
                self.number, kind=kind, body=body, docket=docket, filed_on=_day(at), actor=self.who(), at=at
            )
        )

    def do_concluded(self, result: str) -> None:
        def conclude(at: datetime) -> None:
            remedy = Remedy.objects.get(request__number=self.number)
            conclude_remedy(self.number, remedy.pk, result=result, on=_day(at), actor=self.who(), at=at)

        self._then(conclude)

    # -- the reply -----------------------------------------------------------------------------------------------------

    def _compose(self, reply: str, *, at: datetime) -> None:
        code, _, ground = reply.partition(":")
        letter = {"online_channel": REVIEW_CHANNEL} | dict(self.letters[reply])
        records = CaseFile.objects.filter(request__number=self.number, kind="record")
        copies = [copy.pk for record in records if (copy := newest_of(record)) is not None]
        compose_reply(
            self.number, answers_for(code, ground), letter=letter, findings=self.findings.get(reply, {}), files=copies,
            actor=self.who(), at=at,
        )  # fmt: skip

    def _submit(self, *, at: datetime) -> None:
        submit_reply(self.number, based_on=self.case.draft.revision, actor=self.who(), at=at)

    def _version(self) -> ReplyVersion:
        found = newest(self.case)
        if found is None:
            raise RuntimeError(f"demo: no reply of {self.number}")
        return found

    def _opine(self, order: int, *, at: datetime) -> None:
        version = self._version()
        step = review_of(version).steps.get(order=order)
        said = SAID[ROLE_OF_STEP.index(step.role)]
        if step.code == SECRECY_STEP:
            for shown in copies_of(version.request, version_content(version).files):
                if shown.waiting:
                    confirm_file_copy(version.pk, shown.paper.pk, actor=self.who(step.role), at=at)
        opine_reply(
            version.pk, order, "approve", read_digest=version.digest, reason=said, actor=self.who(step.role), at=at
        )

    def _seal(self, *, at: datetime) -> None:
        paper = add_file(self.number, SCAN, "盖章件.png", kind="sealed", actor=self.who(), at=at)
        bind_seal(self.number, paper.pk, actor=self.who("foi_head"), at=at)

    def _deliver(self, *, at: datetime) -> None:
        by = SENT_BY[self.wish.delivery]
        deliver(self.number, by=by, on=_day(at), proof=PROOF[by], actor=self.who(), at=at)


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
