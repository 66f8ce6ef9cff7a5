"""Put near-same requests together, to be answered with one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.batch_pieces import LeftOut
from gongkai.foi.actions.turning import OFFICER, locked, require_post
from gongkai.foi.models import Batch, BatchMember, FoiRequest
from gongkai.foi.queries.batches import MAY_JOIN
from gongkai.law.foi_moves import STATES
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import build, record_many

TOGETHER = 500  # members that join in one transaction


@dataclass(frozen=True, slots=True)
class Made:
    """The batch of the leading request; `joined` now, `already` before, and who stays out with the reason."""

    batch: Batch
    joined: int
    already: int
    refused: tuple[LeftOut, ...]


def batch_make(lead: str, numbers: Sequence[str], *, actor: Actor, at: datetime) -> Made:
    """Begin the batch led by a request, or let more join the one it leads. A request is in one batch at most and stays
    in it; it may still be answered by itself. Safe to run again after an interruption."""
    batch = _begin(lead, actor=actor, at=at)
    wanted = list(dict.fromkeys([lead, *numbers]))
    joined, already, refused = 0, 0, []
    for first in range(0, len(wanted), TOGETHER):
        more, known, out = _join(batch, wanted[first : first + TOGETHER], actor=actor, at=at)
        joined, already, refused = joined + more, already + known, refused + out
    return Made(batch, joined, already, tuple(refused))


def _begin(lead: str, *, actor: Actor, at: datetime) -> Batch:
    with transaction.atomic():
        case = locked(lead)
        require_post(actor, case, OFFICER, "批量办理")
        batch = Batch.objects.filter(lead=case).first()
        if batch is not None:
            return batch
        if out := _why_not(case, case.organ_id, _batch_of(case)):
            raise Refusal(Refused("cannot_lead", out))
        return Batch.objects.create(organ=case.organ, lead=case, made_by_id=actor.person_id, made_at=at)


def _batch_of(case: FoiRequest) -> int | None:
    return BatchMember.objects.filter(request=case).values_list("batch", flat=True).first()


def _join(batch: Batch, numbers: Sequence[str], *, actor: Actor, at: datetime) -> tuple[int, int, list[LeftOut]]:
    with transaction.atomic():
        # In the order of their keys, as every other bulk act locks them.
        rows = FoiRequest.objects.filter(number__in=numbers).select_for_update(of=("self",)).order_by("pk")
        cases = {case.number: case for case in rows.select_related("organ")}
        members = BatchMember.objects.filter(request__in=cases.values())
        member = dict(members.values_list("request", "batch"))
        joining, already, refused = [], 0, []
        for number in numbers:
            case = cases.get(number)
            if case is not None and member.get(case.pk) == batch.pk:
                already += 1
            elif out := _why_not(case, batch.organ_id, member.get(case.pk) if case else None):
                refused.append(LeftOut(number, out))
            else:
                joining.append(case)
        BatchMember.objects.bulk_create([BatchMember(batch=batch, request=case) for case in joining], batch_size=500)
        record_many(
            build(
                "foi.batch_made", subject=case.subject, organ_code=case.organ.code, actor=actor, at=at,
                data={"lead": batch.lead.number},
            )
            for case in joining
        )  # fmt: skip
        return len(joining), already, refused


def _why_not(case: FoiRequest | None, organ_id: int, batch_id: int | None) -> str:
    """Empty when the request may join."""
    if case is None or case.organ_id != organ_id:
        return "本机关没有这个编号的申请，请核对。"
    if batch_id is not None:
        return "这件申请已经归入另一批。"
    if case.state not in MAY_JOIN:
        return f"只有已收到、办理中的申请可以归入（现状：{STATES[case.state]}）。"
    return ""
