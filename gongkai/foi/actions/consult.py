"""Ask third parties (条例32) and other organs (条例34、11), several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi import vault
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Consultation, FoiRequest
from gongkai.foi.models.acts import CONSULTED
from gongkai.foi.particulars import plain
from gongkai.foi.queries.leaks import require_free_of
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody to be asked. `kind`: third_party | agency; `basis`: 34 (共同制作) or 11 (协商确认) for an agency.

    `received_on`: the day the letter reached them where it is known already. `body`: the text of the letter, where the
    officer wrote it anew; otherwise it follows from `letter`, what is asked.
    """

    kind: str
    name: str
    letter: str
    basis: str = ""
    received_on: date | None = None
    body: str = ""


def consult(
    number: str, parties: Sequence[Party], *, on: date, actor: Actor, at: datetime, notice: str = ""
) -> list[Consultation]:
    """One step for each party; the time it takes does not count (条例33.3). Nobody is asked twice.

    Issues a letter to each, which may not tell how to reach who asked, and one notice to the applicant; `notice` is its text where it was written anew.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "征求意见")
        if not parties:
            raise Refusal(Refused("nobody_asked", "请写明向谁征求意见。", "《政府信息公开条例》第三十二条"))
        labels = [_label(case, parties, n) for n in range(len(parties))]
        require_free_of(case, [text for party in parties for text in (party.letter, party.body)], name_allowed=True)
        digests = [_unasked(case, parties, n) for n in range(len(parties))]
        steps = [_step(party, label, on) for party, label in zip(parties, labels, strict=True)]
        turned = turn(case, "consult", "foi.consulted", steps=steps, actor=actor, at=at)
        asked = [
            Consultation.objects.create(
                request=case, kind=party.kind, label=label, basis=party.basis, asked=row,
                party=sealed_text(case.key, party.name.strip(), "consultation.party"), party_digest=digest,
                letter=sealed_text(case.key, party.letter, "consultation.letter"),
            )
            for party, label, digest, row in zip(parties, labels, digests, turned.steps, strict=True)
        ]  # fmt: skip
        for party, consultation in zip(parties, asked, strict=True):
            _send(case, party, consultation, on, actor=actor, at=at)
        told = {"parties": len(asked), "asked_on": on}
        issue(case, "consultation_notice", actor=actor, at=at, body=notice, step=turned.steps[0], extra=told)
        return asked


def _send(case: FoiRequest, party: Party, consultation: Consultation, on: date, *, actor: Actor, at: datetime) -> None:
    kind = "consultation" if party.kind == "third_party" else "consultation_agency"
    issue(
        case, kind, actor=actor, at=at, body=party.body, step=consultation.asked, consultation=consultation,
        extra={"addressee": party.name.strip(), "letter": party.letter, "asked_on": on, "basis": party.basis},
    )  # fmt: skip


def _label(case: FoiRequest, parties: Sequence[Party], n: int) -> str:
    """第三方1, 第三方2, 其他机关1: what stands for the name in steps and facts."""
    kind = parties[n].kind
    if kind not in CONSULTED:
        raise ValueError(f"unknown kind of party {kind}")
    earlier = case.consultations.filter(kind=kind).count() + sum(1 for p in parties[:n] if p.kind == kind)
    return f"{CONSULTED[kind]}{earlier + 1}"


def _unasked(case: FoiRequest, parties: Sequence[Party], n: int) -> str:
    """The keyed digest of the name; asking the same party again would stop the clock twice for one question."""
    name = plain(parties[n].name)
    if not name or not parties[n].letter.strip():
        raise Refusal(
            Refused("party_incomplete", "请写明征求意见的对象和征询的内容。", "《政府信息公开条例》第三十二条")
        )
    asked = case.consultations.filter(party_digest__in=vault.keyed_any(f"party/{case.number}", name)).exists()
    if asked or name in {plain(p.name) for p in parties[:n]}:
        raise Refusal(
            Refused("asked_already", "已经向同一对象征求过意见，不能再次暂停期限。", "《政府信息公开条例》第三十三条")
        )
    return vault.keyed(f"party/{case.number}", name)


def _step(party: Party, label: str, on: date) -> ClockStep:
    if party.kind == "third_party":
        return ClockStep("third_party_asked", on, party=label, received_on=party.received_on)
    if party.basis not in ("34", "11"):
        raise ValueError("an agency is asked under Art. 34 or 11")
    return ClockStep("agency_asked", on, party=label, received_on=party.received_on, basis=party.basis)
