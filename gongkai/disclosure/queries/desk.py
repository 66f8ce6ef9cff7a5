"""What staff see: their to-do list, items of their organ, one item whole, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.disclosure.models import CatalogueEntry, Draft, Item, Release, Version
from gongkai.disclosure.queries.catalogue import item_counts
from gongkai.law import moves
from gongkai.law.roles import WORKING
from gongkai.review.models import Case, CaseStep


def visible_organs(held: Sequence[Actor]) -> set[int] | None:
    """Organs whose unreleased work these capacities may read; None means all (主管部门)."""
    if any(actor.role == "supervisor" for actor in held):
        return None
    return {actor.organ_id for actor in held if actor.role in WORKING and actor.organ_id is not None}


def items_visible_to(held: Sequence[Actor]) -> QuerySet[Item]:
    """Items these capacities may see in the back office. Administrators see none by being administrators."""
    organs = visible_organs(held)
    rows = Item.objects.select_related("organ", "section", "entry", "column")
    return rows if organs is None else rows.filter(organ_id__in=organs)


def item_for(code: str, held: Sequence[Actor]) -> Item:
    """One item, or `Item.DoesNotExist` both when there is none and when it is not theirs to see."""
    return items_visible_to(held).get(code=code)


def draft_of(item: Item) -> Draft | None:
    return Draft.objects.filter(item=item).select_related("saved_by").first()


def versions_of(item: Item) -> list[Version]:
    return list(item.versions.select_related("author").order_by("-number"))


def case_of_version(version: Version) -> Case | None:
    return (
        Case.objects.select_related("organ", "section", "author")
        .filter(subject_kind="disclosure.version", subject_key=version.pk)
        .first()
    )


@dataclass(frozen=True)
class Todo:
    """One line of the to-do list: the item, where it stands, whose turn it is, what this person would do."""

    item: Item
    step: str
    verb: str  # "" when it waits for somebody else
    waits_for: str
    version_number: int | None


VERBS = {"section_reviewer": "审核", "compliance_reviewer": "审核", "secrecy_reviewer": "审查", "leader": "审批"}


def todo(held: Sequence[Actor], person_id: int, *, on: date) -> list[Todo]:
    """Everything in work that these capacities see, by statutory due date; undated last.

    A line is this person's when it is a draft of their section, or a step of their role where they are neither the
    author nor have spoken at another step.
    """
    items = list(
        items_visible_to(held)
        .filter(
            Q(work__in=[moves.DRAFTING, moves.IN_REVIEW, moves.RETURNED, moves.REFUSED])
            | Q(public=moves.WITHHELD, next_assessment_on__lte=on)
        )
        .order_by("due_on", "id")
    )
    versions = {
        version.item_id: version
        for version in Version.objects.filter(item__in=[i for i in items if i.work == moves.IN_REVIEW])
        .only("id", "item_id", "number")
        .order_by("number")
    }
    cases = {
        case.subject_key: case
        for case in Case.objects.filter(
            subject_kind="disclosure.version", state="open", subject_key__in=[v.pk for v in versions.values()]
        )
    }
    steps = {
        (step.case_id, step.order): step for step in CaseStep.objects.filter(case__in=[c.pk for c in cases.values()])
    }
    spoken = set(
        CaseStep.objects.filter(case__in=[c.pk for c in cases.values()], opinions__person_id=person_id).values_list(
            "case_id", "order"
        )
    )
    rows = [_line(item, versions, cases, steps, spoken, held, person_id) for item in items]
    return sorted(rows, key=lambda row: (row.item.due_on is None, row.item.due_on or date.max, row.item.pk))


def _line(
    item: Item,
    versions: dict[int, Version],
    cases: dict[int, Case],
    steps: dict[tuple[int, int], CaseStep],
    spoken: set[tuple[int, int]],
    held: Sequence[Actor],
    person_id: int,
) -> Todo:
    mine_to_draft = any(
        a.role == "drafter" and a.organ_id == item.organ_id and (a.section_id == item.section_id or a.grant_id)
        for a in held
    )
    if item.work == moves.IN_REVIEW and item.pk in versions:
        version = versions[item.pk]
        case = cases.get(version.pk)
        step = steps.get((case.pk, case.current_order)) if case else None
        if case is None or step is None:  # every opinion is there: it waits for its instant
            return Todo(item, "等待定时发布", "", "", version.number)
        mine = (
            case.author_id != person_id
            and not any(c == case.pk and order != step.order for c, order in spoken)
            and any(
                a.role == step.role
                and a.organ_id == case.organ_id
                and (step.scope != "section" or a.grant_id or a.section_id == case.section_id)
                for a in held
            )
        )
        return Todo(item, step.title, VERBS.get(step.role, "办理") if mine else "", step.role, version.number)
    if item.public == moves.WITHHELD and item.work == moves.NONE:
        leads = any(a.role == "compliance_reviewer" and a.organ_id == item.organ_id for a in held)
        return Todo(item, "定期评估", "评估" if leads else "", "compliance_reviewer", None)
    verb = {moves.DRAFTING: "拟稿", moves.RETURNED: "修改", moves.REFUSED: "处理"}[item.work]
    return Todo(item, moves.WORK[item.work], verb if mine_to_draft else "", "drafter", None)


@dataclass(frozen=True)
class OrganCount:
    """One line of the leaders' strip."""

    organ: Organ
    overdue: int
    today: int
    soon: int
    open: int


def organ_counts(held: Sequence[Actor], *, today: date, soon_until: date) -> list[OrganCount]:
    """Unreleased work in hand per organ, worst first; `soon_until` is the third working day from today."""
    organs = visible_organs(held)
    working = Q(items__work__in=[moves.DRAFTING, moves.IN_REVIEW, moves.RETURNED])
    rows = Organ.objects.filter(active=True)
    if organs is not None:
        rows = rows.filter(pk__in=organs)
    counted = rows.annotate(
        overdue_n=Count("items", filter=working & Q(items__due_on__lt=today)),
        today_n=Count("items", filter=working & Q(items__due_on=today)),
        soon_n=Count("items", filter=working & Q(items__due_on__gt=today, items__due_on__lte=soon_until)),
        open_n=Count("items", filter=working),
    ).order_by("-overdue_n", "-today_n", "-soon_n", "order")
    return [OrganCount(o, o.overdue_n, o.today_n, o.soon_n, o.open_n) for o in counted if o.open_n]


@dataclass(frozen=True)
class Gap:
    """A catalogue entry with nothing live, or nothing live inside its own period."""

    entry: CatalogueEntry
    live: int
    drafting: int


def coverage(held: Sequence[Actor]) -> list[tuple[Organ, list[Gap], int]]:
    """应公开未公开: per organ the entries with nothing live, and how many entries there are in all."""
    organs = visible_organs(held)
    entries = CatalogueEntry.objects.filter(catalogue__current=True, method="proactive").select_related(
        "catalogue__organ", "column"
    )
    if organs is not None:
        entries = entries.filter(catalogue__organ_id__in=organs)
    counted = entries.annotate(
        **item_counts(live=Q(public=moves.LIVE), drafting=~Q(public=moves.LIVE) & ~Q(work=moves.NONE)),
    ).order_by("catalogue__organ__order", "serial")
    grouped: dict[Organ, list[CatalogueEntry]] = {}
    for entry in counted:
        grouped.setdefault(entry.catalogue.organ, []).append(entry)
    return [
        (organ, [Gap(e, e.live, e.drafting) for e in rows if e.live == 0], len(rows)) for organ, rows in grouped.items()
    ]


def outstanding_emergencies(held: Sequence[Actor]) -> QuerySet[Release]:
    """Emergency releases whose other opinions are still missing, or were refused afterwards."""
    rows = Release.objects.filter(basis="emergency", standing="live").exclude(case__state="approved")
    organs = visible_organs(held)
    rows = rows.select_related("version", "item", "organ", "case")
    return rows if organs is None else rows.filter(organ_id__in=organs)
