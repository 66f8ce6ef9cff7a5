"""What a published 清理 decided is done, each document once: 废止 and 失效 take it down, 修改 and 继续有效 ask for what follows.

Depends on what is stored alone: a process that dies in between leaves the rest to the next run, and two runs side by
side do nothing twice, because a line is locked, done and marked in one transaction.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.disclosure.actions.cleaning import cleaning_subject, require_cleaner
from gongkai.disclosure.actions.moving import locked, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.actions.withdraw import refuse_personal, withdraw
from gongkai.disclosure.cleaning_result import published_decisions
from gongkai.disclosure.models import Cleaning, CleaningLine, Look, Release
from gongkai.disclosure.queries.cleaning import due_effects
from gongkai.disclosure.queries.looks import look_after
from gongkai.law.cleaning import decision
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

DONE, UNSETTLED, SETTLED = "done", "unsettled", "settled"
_AS = {"abolish": "abolished", "lapse": "expired"}


def carry_out_due(*, at: datetime, today: date) -> int:
    """Do what published results decided and nobody has done yet; returns how many documents were seen to."""
    due = due_effects()
    done = sum(1 for line in due if carry_out(line.pk, at=at, today=today))
    for cleaning_id in dict.fromkeys(line.cleaning_id for line in due):
        _close(cleaning_id, at)
    return done


def carry_out(line_id: int, *, at: datetime, today: date) -> bool:
    """Do what was decided of one document, if the result is public and it is not done yet; False where it was not."""
    with transaction.atomic():
        line = (
            CleaningLine.objects.select_for_update(of=("self",))
            .select_related("cleaning__organ", "cleaning__result", "item__organ", "release__version", "by")
            .get(pk=line_id)
        )
        result = _result(line.cleaning)
        if line.effect or line.dropped_because or result is None:
            return False
        line.effect, line.effect_told = _do(line, result, at, today)
        line.effect_at = at
        line.save(update_fields=["effect", "effect_told", "effect_at"])
        record(
            "cleaning.carried_out", subject=cleaning_subject(line.cleaning), organ_code=line.item.organ.code,
            actor=SYSTEM, at=at, data={"item": line.item.code, "decision": line.decision, "effect": line.effect},
        )  # fmt: skip
        return True


def settle_line(line_id: int, told: str, *, actor: Actor, at: datetime) -> None:
    """A person has seen to what was not done by itself, and says how."""
    told = " ".join(told.split())
    if not told:
        raise Refusal(Refused("reason_missing", "请写明怎样办理的，或者为什么不用办理。"))
    cleaning_id = CleaningLine.objects.values_list("cleaning_id", flat=True).get(pk=line_id)
    refuse_secrecy_marks({"说明": told}, subject=f"cleaning:{cleaning_id}", actor=actor, at=at)
    refuse_personal(told, doing="保存")
    with transaction.atomic():
        line = (
            CleaningLine.objects.select_for_update(of=("self",))
            .select_related("cleaning__organ", "item")
            .get(pk=line_id)
        )
        require_cleaner(actor, line.cleaning.organ)
        if line.effect != UNSETTLED:
            raise Refusal(Refused("not_unsettled", "这一件没有待人工办理的事项。"))
        line.effect, line.effect_told = SETTLED, told[:300]
        line.save(update_fields=["effect", "effect_told"])
        record(
            "cleaning.settled", subject=cleaning_subject(line.cleaning), organ_code=line.cleaning.organ.code,
            actor=actor, at=at, data={"item": line.item.code},
        )  # fmt: skip


def _do(line: CleaningLine, result: Release, at: datetime, today: date) -> tuple[str, str]:
    """The effect and what is told of it."""
    title = decision(line.decision).title
    said = published_decisions(result.version.body_text, [line.item.index_number or ""])
    if said.get(line.item.index_number or "") != line.decision:
        return UNSETTLED, f"公布的结果里没有把这份文件列为“{title}”，没有自动办理，请核对后人工办理。"
    front = Release.objects.filter(item=line.item, standing="live").first()
    if front is None:
        return DONE, "文件已经撤下，不必再办。"
    if front.pk != line.release_id and line.decision in _AS:
        return UNSETTLED, f"决定以后文件换了文本，没有按“{title}”自动办理，请核对后人工办理。"
    match line.decision:
        case "abolish" | "lapse":
            return _take_down(line, result, at, today)
        case "amend":
            return DONE, "已列入责任科室的待办，请修订后送审。"
        case "keep" if front.pk != line.release_id:
            return DONE, "决定以后已经发布新的文本，不必再办。"
        case "keep" if line.new_number:
            return DONE, f"已列入责任科室的待办，请以{line.new_number}重新公布。"
        case "keep":
            _looked(line, front)
            return DONE, "继续有效，已按决定之日重新计算下次查看的日期。"
        case other:
            raise ValueError(f"unknown decision {other!r}")


def _take_down(line: CleaningLine, result: Release, at: datetime, today: date) -> tuple[str, str]:
    basis = f"《{result.version.title[:120]}》（索引号 {result.item.index_number}）"
    try:
        withdraw(
            line.item_id, _AS[line.decision], explanation=line.reason, actor=SYSTEM, at=at, today=today, basis=basis,
            effective_on=timezone.localtime(result.released_at).date(),
        )  # fmt: skip
    except Refusal as refusal:
        return UNSETTLED, str(refusal.refused)[:300]
    return DONE, f"公众页面已标明{decision(line.decision).title}。"


def _looked(line: CleaningLine, front: Release) -> None:
    """Who decided that the text stays had looked at it on that day."""
    if line.at is None or line.by is None:
        raise ValueError(f"line {line.pk} is decided by nobody")
    item = locked(line.item_id)
    looked_on = timezone.localtime(line.at).date()
    item.next_look_on = look_after(item, looked_on)
    holds = item.next_look_on or front.version.valid_until or looked_on
    reason = f"清理决定继续有效：{line.reason}"[:500]
    Look.objects.create(release=front, reason=reason, next_on=holds, at=line.at, by=line.by)
    item.save(update_fields=["next_look_on"])
    record(
        "item.looked_at", subject=subject_of(item), organ_code=item.organ.code, actor=SYSTEM, at=line.at,
        digest=front.digest,
        data={"release": front.pk, "next_on": item.next_look_on.isoformat() if item.next_look_on else ""},
    )  # fmt: skip


def _result(cleaning: Cleaning) -> Release | None:
    """The result list as the public reads it."""
    return Release.objects.filter(item=cleaning.result, standing="live").select_related("version", "item").first()


def _close(cleaning_id: int, at: datetime) -> None:
    """Everything was seen to: the campaign is over."""
    with transaction.atomic():
        cleaning = Cleaning.objects.select_for_update(of=("self",)).select_related("organ").get(pk=cleaning_id)
        if cleaning.closed_at is not None or cleaning.lines.filter(effect="", dropped_because="").exists():
            return
        cleaning.closed_at = at
        cleaning.save(update_fields=["closed_at"])
        record(
            "cleaning.closed", subject=cleaning_subject(cleaning), organ_code=cleaning.organ.code, actor=SYSTEM, at=at
        )
