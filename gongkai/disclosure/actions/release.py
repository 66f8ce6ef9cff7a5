"""The only door to the public."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.ending import end, give_up_waiting, waiting_of
from gongkai.disclosure.actions.moving import move, subject_of
from gongkai.disclosure.models import Draft, DraftAttachment, DraftPresence, IndexSequence, Item, Release, Version
from gongkai.disclosure.models.upkeep import DONE
from gongkai.disclosure.queries.looks import first_look_on
from gongkai.law.proactive import reassess_on
from gongkai.law.review import may_release, may_release_in_emergency
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.review.queries import Standing

FACTS = {"review": "item.released", "emergency": "item.released_emergency", "import": "item.released_import"}


def release_version(
    item: Item, version: Version, reviewed: Standing, *, basis: str, actor: Actor, at: datetime
) -> Release:
    """Make one version public, inside the caller's transaction with the item locked.

    Asks the law once more whether every opinion on this very digest is there; the database asks again. Gives the
    index number at the first release, sets the instant of publication, and retires the release before it. Never before
    the instant that waits for the item (disclosure/actions/schedule.py).
    """
    rule = may_release_in_emergency if basis == "emergency" else may_release
    require(rule(reviewed.steps, reviewed.opinions, digest=version.digest, author=reviewed.author))
    if version.names_persons and not version.impact_assessment.strip():
        raise Refusal(
            Refused(
                "assessment_missing",
                "不能发布：还没有个人信息保护影响评估记录。",
                "《中华人民共和国个人信息保护法》第五十五条",
            )
        )
    schedule = waiting_of(item)
    if schedule is not None and at < schedule.due_at:
        raise Refusal(Refused("too_early", "还没有到定时发布的时间，没有发布。"))
    move(item, "release_emergency" if basis == "emergency" else "release")
    if item.index_number is None:
        item.index_number = next_index_number(item, timezone.localtime(at).year)
    item.formed_on = version.changed_on or version.formed_on
    item.working_title = version.title
    item.next_look_on = first_look_on(item, version, at)
    # Public in time or late, the clock of 条例26 has done its work; opinions still owed have no statutory day.
    item.due_on, item.due_provisional = None, False
    Release.objects.filter(item=item, standing__in=["live", "withdrawn"]).update(standing="replaced", listed=False)
    # The item row first: the database checks that a live item has its number.
    item.save()
    made = Release.objects.create(
        version=version, item=item, digest=version.digest, basis=basis, case=reviewed.case, released_at=at,
        **list_columns(item, version, at),
    )  # fmt: skip
    if schedule is not None:
        end(schedule, DONE, actor=actor, at=at, release=made)
    if basis == "review":
        drop_draft(item)
    record(
        FACTS[basis], subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at, digest=version.digest,
        data={"release": made.pk, "version": version.number, "index_number": item.index_number},
    )  # fmt: skip
    return made


def list_columns(item: Item, version: Version, at: datetime) -> dict[str, object]:
    """The columns of a release that lists filter by."""
    return {
        "organ": item.organ,
        "heading": item.heading,
        "theme": version.theme,
        "column_slug": item.column.slug if item.column else "",
        "column_kind": item.column.kind if item.column else "",
        "year": (version.formed_on or at.date()).year,
    }


def withhold_version(item: Item, version: Version, *, actor: Actor, at: datetime, today: date) -> None:
    """The review agreed not to publish proactively; the item comes back for assessment (条例18)."""
    move(item, "withhold")
    give_up_waiting(item, reason="审查决定不主动公开。", actor=actor, at=at)
    item.next_assessment_on = reassess_on(today, settings.REASSESS_MONTHS)
    item.working_title = version.title
    item.save()
    drop_draft(item)
    record(
        "item.withheld", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
        digest=version.digest, data={"version": version.number, "openness": version.openness, "ground": version.ground},
    )  # fmt: skip


def next_index_number(item: Item, year: int) -> str:
    """Take the next number of the organ's sequence for the year; numbers an import brought along are skipped.

    Gap-free: the sequence row is locked until the release commits, and a release that fails gives the number back
    by rolling back with it.
    """
    sequence, _ = IndexSequence.objects.get_or_create(org_code=item.organ.org_code or item.organ.code, year=year)
    sequence = IndexSequence.objects.select_for_update().get(pk=sequence.pk)
    while True:
        IndexSequence.objects.filter(pk=sequence.pk).update(last=F("last") + 1)
        sequence.refresh_from_db(fields=["last"])
        number = settings.INDEX_NUMBER_PATTERN.format(org_code=sequence.org_code, year=year, serial=sequence.last)
        if not Item.objects.filter(index_number=number).exists():
            return str(number)


def drop_draft(item: Item) -> None:
    """The text is frozen in a version; the working copy goes."""
    DraftPresence.objects.filter(draft__item=item).delete()
    DraftAttachment.objects.filter(draft__item=item).delete()
    Draft.objects.filter(item=item).delete()
