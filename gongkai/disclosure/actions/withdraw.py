"""Take a released item down, with a typed reason that decides what the public still sees."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Item, Release, Withdrawal
from gongkai.law.announcements import at_the_end, is_announcement
from gongkai.law.explain import day_in_words
from gongkai.law.moves import BY_DATE, withdrawal_reason
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.scanning.rules import scan

MAY_WITHDRAW = ("compliance_reviewer", "leader", "emergency_officer")


def withdraw(
    item_id: int, reason: str, *, explanation: str, actor: Actor, at: datetime, today: date, basis: str = "",
    replaced_by: Item | None = None, effective_on: date | None = None,
) -> Withdrawal:  # fmt: skip
    """Withdraw the live release. 已修改 names the item that replaced it; the others need an explanation."""
    row = withdrawal_reason(reason)
    if not explanation.strip():
        raise Refusal(Refused("explanation_missing", "请写明撤下的原因，公众页面和记录都以此为准。"))
    if row.needs_successor and replaced_by is None:
        raise Refusal(Refused("successor_missing", "请选择修改后的现行文本。", row.article))
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"说明": explanation, "依据": basis}, subject=f"item:{code}", actor=actor, at=at)
    refuse_personal(explanation, basis)
    with transaction.atomic():
        item = locked(item_id)
        if actor is not SYSTEM:
            require_post(actor, item, MAY_WITHDRAW, "撤下信息")
        if replaced_by is not None and (replaced_by.pk == item.pk or replaced_by.public != "live"):
            raise Refusal(Refused("successor_not_live", "替代的文本应当是另一条已发布的信息，请重新选择。"))
        release = Release.objects.select_for_update().filter(item=item, standing="live").first()
        if release is None:
            raise Refusal(Refused("cannot_withdraw", "只有已发布的信息可以撤下，这一条现在没有发布。"))
        if reason == "period_over":
            _refuse_early_end(release, today)
        move(item, "expire" if reason in BY_DATE else "withdraw")
        item.next_look_on = None
        item.save(update_fields=["work", "public", "next_look_on"])
        release.standing = "withdrawn"
        release.withdrawn_as = reason
        release.listed = row.readable
        release.save(update_fields=["standing", "withdrawn_as", "listed"])
        made = Withdrawal.objects.create(
            release=release, reason=reason, explanation=explanation.strip(), basis=basis.strip(),
            replaced_by=replaced_by, effective_on=effective_on or today, at=at, by_id=actor.person_id,
        )  # fmt: skip
        record(
            "item.expired" if reason in BY_DATE else "item.withdrawn", subject=subject_of(item),
            organ_code=item.organ.code, actor=actor, at=at, digest=release.digest,
            data={"release": release.pk, "reason": reason}
            | ({"replaced_by": replaced_by.code} if replaced_by else {}),
        )  # fmt: skip
        return made


def _refuse_early_end(release: Release, today: date) -> None:
    last = release.version.valid_until
    if last is None or not is_announcement(release.column_kind, last, release.version.effective_from):
        raise Refusal(Refused("no_announcement", "这一条不是有期限的公示，请选择其他原因。"))
    if today <= last:
        raise Refusal(
            Refused(
                "period_not_over",
                f"公示期到{day_in_words(last)}为止，还没有满。要提前撤下，请选择“发布有误”并写明原因。",
                "《政府信息公开条例》第二十条",
            )
        )


def refuse_personal(*texts: str, doing: str = "撤下") -> None:
    """The explanation stands on the public page without anybody's review: numbers of people have no place in it."""
    for text in texts:
        grave = next((finding for finding in scan(text) if finding.severity == "block"), None)
        if grave is not None:
            raise Refusal(
                Refused(
                    "personal_in_explanation",
                    f"说明会显示在公众页面上，其中有{grave.title}，没有{doing}。请去掉后再办理。",
                    grave.article,
                )
            )


def expire_due(*, at: datetime, today: date) -> list[int]:
    """Take down every live release whose last day was before today, as 失效 or, an announcement that names people, so
    that only a notice is left; returns the items."""
    ended = Release.objects.filter(standing="live", version__valid_until__lt=today).values_list(
        "item_id", "column_kind", "version__valid_until", "version__effective_from", "version__names_persons"
    )
    done = []
    for item_id, kind, last_day, from_day, persons in list(ended):
        reason, words = at_the_end(
            kind, last_day, from_day, names_persons=persons, scope=settings.ANNOUNCEMENT_TEXTS_GO
        )
        try:
            withdraw(item_id, reason, explanation=words, actor=SYSTEM, at=at, today=today)
        except Refusal as refusal:
            # Another worker, or a person, took it down between the look and the lock: nothing is left to do.
            if refusal.code != "cannot_withdraw":
                raise
        else:
            done.append(item_id)
    return done
