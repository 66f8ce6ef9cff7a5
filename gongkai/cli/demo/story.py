"""The life of one demo item, told as dated acts of different people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.agencies.queries import section_by_code
from gongkai.cli.demo.attachments import make
from gongkai.cli.demo.content_files import Table
from gongkai.cli.demo.hours import point, spread
from gongkai.cli.demo.office import Event, acting
from gongkai.disclosure.actions.attachments import add_attachment
from gongkai.disclosure.actions.create_item import create_item
from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
from gongkai.disclosure.actions.moving import subject_of
from gongkai.disclosure.actions.opine import opine
from gongkai.disclosure.actions.redact_attachment import (
    accept_attachment_mark,
    confirm_attachment,
    remove_attachment_mark,
    renew_copy,
)
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.submit import submit
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import CatalogueEntry, Column, Draft, DraftAttachment, Item, Version
from gongkai.disclosure.queries.copies import copies_of
from gongkai.law.negative_list import ground
from gongkai.law.review import APPROVE, REFUSE, RETURN
from gongkai.scanning.actions.answer import answer_finding
from gongkai.scanning.queries import findings_of

SECTION, COMPLIANCE, SECRECY = 1, 2, 3
STEP_OF = {"section_review": SECTION, "compliance_review": COMPLIANCE, "secrecy_review": SECRECY}
ROLE_OF = {SECTION: "section_reviewer", COMPLIANCE: "compliance_reviewer", SECRECY: "secrecy_reviewer"}
SAID = {
    SECTION: "内容属实，与原件一致，公开属性恰当。",
    COMPLIANCE: "属于应当主动公开的信息，格式和期限符合要求。",
    SECRECY: "逐项审查，不含国家秘密、工作秘密和依法不予公开的内容。",
}
WITHDRAWN_AS = {
    "withdrawn_error": "error", "superseded": "superseded", "abolished": "abolished", "expired": "expired",
}  # fmt: skip
# How far a text in review has come: the number of opinions given.
IN_REVIEW = {"in_section_review": 0, "in_compliance_review": 1, "in_secrecy_review": 2}
# How the confidentiality reviewer answers what the scan asks about, by the rule's code.
ANSWERED: dict[str, tuple[str, str]] = {
    "email": ("lawful", "机关办公邮箱，依照《政府信息公开条例》第二十条第二项应当公开。"),
    "landline": ("lawful", "机关和公共服务单位的办公电话，依照《政府信息公开条例》第二十条第二项应当公开。"),
    "home_address": (
        "lawful",
        "写的是补贴项目所在的小区和楼栋，不是个人住址，是公示补贴去向所必需，依照《政府信息公开条例》第二十条第十一项公开。",
    ),
    "sensitive_list": (
        "lawful",
        "社会救助公示只列姓名、所在街道和金额，没有病情、证件和住址，依照《政府信息公开条例》第二十条第十一项公开。",
    ),
    "name_list": (
        "lawful",
        "公租房配租结果应当公示，姓名已隐去一字，没有证件号码和住址，依照《政府信息公开条例》第二十条第十一项公开。",
    ),
    "minor": ("mistaken", "“小学”是场所名称，没有写到哪个未成年人。"),
    "disability": ("mistaken", "“残疾”是分工的事项名称，没有写到个人的情况。"),
}


@dataclass
class Story:
    """One item of the content on its way; `bytes_of` holds each attachment by its name."""

    told: Table
    today: date
    named: dict[str, Story]
    bytes_of: dict[str, bytes] = field(default_factory=dict)
    item_id: int = 0
    version_id: int = 0
    spoken: set[int | None] = field(default_factory=set)

    @property
    def item(self) -> Item:
        return Item.objects.select_related("organ", "section").get(pk=self.item_id)

    @property
    def version(self) -> Version:
        return Version.objects.get(pk=self.version_id)

    # -- when -------------------------------------------------------------------------------------

    def out_at(self) -> float:
        """The point of its release. What interprets a text follows it in the afternoon of the same day."""
        return point(self.told["released_on"], 0.9 if "interpretation_of" in self.told else 0.45)

    def events(self) -> Iterator[Event]:
        """Every act on this item with its point of time, in order."""
        first, last = self._span()
        acts = self._acts()
        yield from zip(spread(first, last, len(acts)), acts, strict=True)
        if self.told["state"] in WITHDRAWN_AS:
            yield self._down_at(), self._withdraw

    def _down_at(self) -> float:
        """What lapses does so on the morning after; what is replaced waits for its successor."""
        if self.told["state"] == "expired":
            return point(self.told["ended_on"], 0.02) + 1
        down = point(self.told["ended_on"], 0.7)
        return max(down, self.named[self.told["replaced_by"]].out_at() + 0.05) if "replaced_by" in self.told else down

    def _span(self) -> tuple[float, float]:
        first = point(self.told["formed_on"], 0.1)
        if self.told["released_on"]:
            last = self.out_at()
        elif self.told["state"] == "withheld_decided":
            last = min(point(self.told["formed_on"], 0.3) + 8, point(self.today, 0.3) - 1)
        else:
            last = first + (point(self.today, 0.1) - first) * 0.7
        if "interpretation_of" in self.told:
            first = max(first, self.named[self.told["interpretation_of"]].out_at() + 0.05)
        if last < first:
            raise ValueError(f"{self.told['key']}: ends before it begins")
        return first, last

    def _acts(self) -> list[Callable[[datetime], object]]:
        begin: list[Callable[[datetime], object]] = [self._create, self._save]
        state = self.told["state"]
        if state == "drafting":
            return begin
        begin.append(self._submit)
        if state == "emergency_released":
            return [*begin, self._declare, self._opinion(SECRECY), self._release]
        if state in IN_REVIEW:
            return [*begin, *(self._opinion(n) for n in range(1, IN_REVIEW[state] + 1))]
        if state == "returned":
            step = STEP_OF[self.told["return_from"]]
            return [*begin, *(self._opinion(n) for n in range(1, step)), self._return(step)]
        if state == "refused":
            step = len(self.told["opinions"])
            return [*begin, *(self._opinion(n) for n in range(1, step)), self._refuse(step)]
        if state in ("released", "withheld_decided", *WITHDRAWN_AS):
            return [*begin, *(self._opinion(n) for n in (SECTION, COMPLIANCE, SECRECY))]
        raise ValueError(f"{self.told['key']}: unknown state {state}")

    # -- what -------------------------------------------------------------------------------------

    def _drafter(self, at: datetime) -> Actor:
        section = section_by_code(self.told["section"])
        return acting("drafter", section.organ, at.date(), section=section)

    def _create(self, at: datetime) -> None:
        entry = CatalogueEntry.objects.get(catalogue__current=True, serial=self.told["entry"])
        made = create_item(
            section_by_code(self.told["section"]), self.told["title"], actor=self._drafter(at), at=at, entry=entry,
            column=Column.objects.get(slug=self.told["column"]), heading=self.told["heading"],
        )  # fmt: skip
        self.item_id = made.pk

    def _save(self, at: datetime) -> None:
        actor = self._drafter(at)
        for attached in self.told.get("attachments", []):
            added = add_attachment(
                self.item_id, self.bytes_of[attached["name"]], filename=attached["name"], title=attached["title"],
                actor=actor, at=at,
            )  # fmt: skip
            self._decide(added, actor, at)
        save_draft(self.item_id, self._words(), based_on=1, actor=actor, at=at, today=at.date())

    def _decide(self, added: DraftAttachment, actor: Actor, at: datetime) -> None:
        """Leave open what has a ready answer, cover the rest, and make the copy anew."""
        assert added.copy is not None
        marks = list(added.copy.redaction.marks.filter(state="proposed"))
        for mark in marks:
            if mark.code in ANSWERED:
                remove_attachment_mark(
                    self.item_id, added.order, mark.number, reason=ANSWERED[mark.code][1], actor=actor, at=at
                )
            else:
                accept_attachment_mark(
                    self.item_id, added.order, mark.number, ground=mark.ground, actor=actor, at=at
                )  # fmt: skip
        if marks:
            renew_copy(self.item_id, added.order, actor=actor, at=at)

    def _words(self) -> dict[str, object]:
        told = self.told
        interprets = [self.named[told["interpretation_of"]].item.index_number] if "interpretation_of" in told else []
        withheld = told["openness"] != "proactive"
        return {
            "body": told["body"], "summary": told["summary"], "keywords": " ".join(told["keywords"]),
            "theme": told["theme"], "doc_number": told.get("doc_number", ""), "formed_on": told["formed_on"],
            "effective_from": told["effective_from"], "valid_until": told["valid_until"],
            "is_trial": told.get("is_trial", False), "co_organs": told.get("co_organs", []),
            "openness": told["openness"], "interprets": interprets,
            "ground": told.get("ground", ""), "ground_reason": told.get("reason", ""),
            "no_rule_requires": withheld and ground(told["ground"]).needs_no_rule_check,
            "names_persons": told.get("persons", False), "impact_assessment": told.get("impact", ""),
        }  # fmt: skip

    def _submit(self, at: datetime) -> None:
        revision = Draft.objects.values_list("revision", flat=True).get(item_id=self.item_id)
        actor = self._drafter(at)
        self.version_id = submit(self.item_id, based_on=revision, actor=actor, at=at, today=at.date()).pk
        self.spoken = {actor.person_id}

    def _opinion(self, step: int) -> Callable[[datetime], object]:
        def approve(at: datetime) -> None:
            told = self.told.get("opinions", [])
            number = 0 if self.told["state"] == "emergency_released" else step - 1
            words = told[number].partition("：")[2] if number < len(told) else SAID[step]
            if self.told["openness"] != "proactive" and step != SECTION and number >= len(told):
                words = f"属于{ground(self.told['ground']).title}，理由充分，同意不主动公开。"
            actor = self._reviewer(step, at)
            if step == SECRECY:
                self._answer(actor, at)
            self._speak(step, APPROVE, words, actor, at)

        return approve

    def _return(self, step: int) -> Callable[[datetime], object]:
        return lambda at: self._speak(
            step, RETURN, self.told["return_reason"], self._reviewer(step, at), at, return_to=0
        )

    def _refuse(self, step: int) -> Callable[[datetime], object]:
        return lambda at: self._speak(step, REFUSE, self.told["refuse_reason"], self._reviewer(step, at), at)

    def _reviewer(self, step: int, at: datetime) -> Actor:
        section = section_by_code(self.told["section"])
        return acting(
            ROLE_OF[step], section.organ, at.date(), section=section if step == SECTION else None, without=self.spoken
        )

    def _speak(
        self, step: int, verdict: str, words: str, actor: Actor, at: datetime, return_to: int | None = None
    ) -> None:
        opine(
            self.version_id, step, verdict, read_digest=self.version.digest, reason=words, return_to=return_to,
            actor=actor, at=at, today=at.date(),
        )  # fmt: skip
        self.spoken.add(actor.person_id)

    def _answer(self, actor: Actor, at: datetime) -> None:
        """The confidentiality reviewer answers each finding and holds each copy beside its original.

        A kind of finding without a ready answer stops the demo.
        """
        subject = subject_of(self.item)
        for answered in findings_of(self.version.digest):
            if answered.open:
                answer, reason = ANSWERED[answered.finding.code]
                answer_finding(answered.finding.pk, answer, reason=reason, subject=subject, actor=actor, at=at)
        for shown in copies_of(self.version):
            if shown.waiting:
                confirm_attachment(self.version_id, shown.attached.order, actor=actor, at=at)

    def _officer(self, at: datetime) -> Actor:
        return acting("emergency_officer", self.item.organ, at.date(), without=self.spoken)

    def _declare(self, at: datetime) -> None:
        declare_emergency(
            self.version_id, reason=self.told["emergency_reason"], read_digest=self.version.digest,
            actor=self._officer(at), at=at,
        )  # fmt: skip

    def _release(self, at: datetime) -> None:
        release_in_emergency(self.version_id, read_digest=self.version.digest, actor=self._officer(at), at=at)

    def _withdraw(self, at: datetime) -> None:
        reason = WITHDRAWN_AS[self.told["state"]]
        successor = self.named[self.told["replaced_by"]].item if "replaced_by" in self.told else None
        leader = SYSTEM if reason == "expired" else acting("leader", self.item.organ, at.date())
        withdraw(
            self.item_id, reason, explanation=f"{self.told['ended_reason'].rstrip('。')}。",
            basis=self.told["ended_reason"] if reason == "abolished" else "", replaced_by=successor, actor=leader,
            effective_on=self.told["ended_on"], at=at, today=at.date(),
        )  # fmt: skip


def attachments_of(told: Table, issuer: str) -> dict[str, bytes]:
    """The files of an item as bytes, by name."""
    return {a["name"]: make(a, author=issuer, on=told["formed_on"]) for a in told.get("attachments", [])}
