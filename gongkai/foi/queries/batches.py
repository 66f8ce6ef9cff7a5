"""Requests for the same thing: which could be answered together, how far a batch has come, what its letters share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import F, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.foi.models import Batch, FoiRequest, ReplyDraft, ReplyVersion, SealedCopy
from gongkai.foi.particulars import plain
from gongkai.foi.queries.composing import own_words
from gongkai.foi.queries.desk import cases_visible_to
from gongkai.foi.queries.leaks import LEAST
from gongkai.foi.queries.papers import composed_reply
from gongkai.foi.queries.replies import file_digests, newest
from gongkai.foi.queries.same import near_same, same_applicant
from gongkai.foi.queries.sealed import composition, particulars, version_content, wish
from gongkai.foi.replying import Composition
from gongkai.foi.sketch import ALIKE, bands, likeness
from gongkai.law.explain import day_in_words, full_date
from gongkai.law.foi_moves import ENDED, IN_PROGRESS, IN_REVIEW, RECEIVED, REPLIED, SIGNED, STATES
from gongkai.ledger.canonical import digest
from gongkai.review.models import Case, CaseStep

#: From here on a request can still join a batch.
MAY_JOIN: Final = frozenset({RECEIVED, IN_PROGRESS})
#: The letter is on its way or there.
FROZEN: Final = frozenset({IN_REVIEW, SIGNED, REPLIED})
#: Parts of a letter that are each applicant's own.
OWN: Final = frozenset({"addressee", "agency", "request", "number", "dated", "remedy", "earlier_reply"})
#: [I] fewest requests that are worth answering together
FEWEST: Final = 3


# Which could be answered together -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """Near-same requests that are open and in no batch: the oldest leads. `due_on` is the earliest."""

    lead: str
    numbers: tuple[str, ...]
    applicants: int
    due_on: date | None


def proposals(organ_id: int, *, fewest: int = FEWEST) -> list[Proposal]:
    """Largest first. One query; identical sketches fall together at once, only different ones are compared."""
    groups: dict[str, list[tuple[str, str, date | None]]] = defaultdict(list)
    rows = _joinable(organ_id).exclude(sketch="").order_by("pk")
    for sketch, number, applicant, due_on in rows.values_list("sketch", "number", "applicant__digest", "due_on"):
        groups[sketch].append((number, applicant, due_on))
    merged: dict[str, list[tuple[str, str, date | None]]] = defaultdict(list)
    for sketch, root in _roots(list(groups)).items():
        merged[root] += groups[sketch]
    found = [_proposal(sorted(rows)) for rows in merged.values() if len(rows) >= fewest]
    return sorted(found, key=lambda p: (-len(p.numbers), p.lead))


def _joinable(organ_id: int) -> QuerySet[FoiRequest]:
    return FoiRequest.objects.filter(organ_id=organ_id, state__in=MAY_JOIN, batch_member=None)


def _roots(sketches: Sequence[str]) -> dict[str, str]:
    """Sketch → the first sketch that it is near to, through others too; candidates share a band."""
    root = {sketch: sketch for sketch in sketches}

    def find(sketch: str) -> str:
        while root[sketch] != sketch:
            root[sketch] = root[root[sketch]]
            sketch = root[sketch]
        return sketch

    # One for each kind met in a band, so that forty thousand alike are compared with one and not with each other.
    kinds: dict[str, list[str]] = defaultdict(list)
    for sketch in sketches:
        for band in bands(sketch):
            near = [o for o in kinds[band] if find(o) == find(sketch) or likeness(o, sketch) >= ALIKE]
            for other in near:
                root[find(sketch)] = find(other)
            if not near:
                kinds[band].append(sketch)
    return {sketch: find(sketch) for sketch in sketches}


def _proposal(rows: Sequence[tuple[str, str, date | None]]) -> Proposal:
    days = [due_on for _, _, due_on in rows if due_on is not None]
    return Proposal(rows[0][0], tuple(n for n, _, _ in rows), len({a for _, a, _ in rows}), min(days, default=None))


def like_lead(lead: FoiRequest) -> list[str]:
    """Numbers of open requests in no batch that are near to this one, itself first where it is in none. Four queries."""
    free = dict(_joinable(lead.organ_id).order_by("pk").values_list("pk", "number"))
    near = sorted(n.case.pk for n in near_same(lead, limit=len(free) + 1) if n.case.pk in free)
    return [free[pk] for pk in ([lead.pk] if lead.pk in free else []) + near]


# Where a batch stands -----------------------------------------------------------------------------------------------


def batches_visible_to(actors: Sequence[Actor]) -> QuerySet[Batch]:
    """Batches whose leading request these people may see, newest first."""
    rows = Batch.objects.filter(lead__in=cases_visible_to(actors)).order_by("-pk")
    return rows.select_related("lead__organ", "lead__section", "lead__key", "lead__applicant__key", "made_by")


def batch_for(batch_id: int, actors: Sequence[Actor]) -> Batch:
    """Raises Batch.DoesNotExist for what is not theirs to see."""
    return batches_visible_to(actors).get(pk=batch_id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Members whose reply stands at one step of sign-off."""

    order: int
    title: str
    role: str
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Members by state of the request; `composed` of those in progress, `sealed` of those signed; steps in order."""

    total: int
    states: Mapping[str, int]
    composed: int
    steps: tuple[Waiting, ...]
    sealed: int
    online: int

    @property
    def ended(self) -> int:
        return sum(n for state, n in self.states.items() if state in ENDED)


def progress(batch: Batch) -> Progress:
    """Five queries, whatever the number of members."""
    members = FoiRequest.objects.filter(batch_member__batch=batch)
    states = dict.fromkeys(STATES, 0) | dict(Counter(members.values_list("state", flat=True)))
    composed = ReplyDraft.objects.filter(request__batch_member__batch=batch, request__state=IN_PROGRESS)
    signed = SealedCopy.objects.filter(version__request__batch_member__batch=batch, version__request__state=SIGNED)
    return Progress(
        sum(states.values()), states, composed.exclude(reply_code="").count(), _waiting(batch), signed.count(),
        members.filter(state=SIGNED, delivery="online").count(),
    )  # fmt: skip


def _waiting(batch: Batch) -> tuple[Waiting, ...]:
    keys = ReplyVersion.objects.filter(request__batch_member__batch=batch, request__state=IN_REVIEW)
    open_steps = CaseStep.objects.filter(
        case__state="open", case__subject_kind__startswith="foi.reply", case__subject_key__in=keys.values("pk"),
        order=F("case__current_order"),
    )  # fmt: skip
    counted = Counter(open_steps.values_list("order", "title", "role"))
    return tuple(Waiting(*step, n) for step, n in sorted(counted.items()))


# What the letters share ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Common:
    """What every letter of a batch has in common; `files` are keyed digests of the open bytes."""

    answers: Mapping[str, str]
    findings: Mapping[str, Any]
    letter: Mapping[str, Any]
    text: str
    files: tuple[str, ...]
    explanations: Mapping[str, str]

    @property
    def digest(self) -> str:
        return digest(asdict(self) | {"files": list(self.files)})

    @property
    def words(self) -> str:
        """Everything that would stand in every letter, for looking through."""
        return "\n".join([self.text, *(str(value) for value in self.letter.values()), *map(str, self.findings.values()),
                          *self.explanations.values()])  # fmt: skip


def common(case: FoiRequest, made: Composition) -> Common:
    """Of one letter with a finished tree. What depends on a day is each applicant's own, so no day is asked for."""
    own = own_words(case, made, on=case.arrived_on)
    return Common(
        dict(made.answers),
        {k: v for k, v in made.findings.items() if v is not None},
        {k: v for k, v in own.items() if k not in OWN and v not in ("", None)},
        made.text,
        tuple(file_digests(case, made)),
        {k: v for k, v in made.explanations.items() if v.strip()},
    )


def written(case: FoiRequest) -> Composition | None:
    """What the letter is made from: the finished working copy, with the reasons given at sign-off once it was sent there
    (nobody may write in it while it is). None where there is none, or where the request went another way.

    The frozen letter itself holds the paragraphs word for word, which differ from one applicant to the next.
    """
    if case.state not in MAY_JOIN | FROZEN:
        return None
    draft = ReplyDraft.objects.filter(request=case).exclude(reply_code="").first()
    if draft is None:
        return None
    made = composition(case, draft.content)
    version = newest(case) if case.state in FROZEN else None
    return replace(made, explanations=version_content(version).explanations) if version is not None else made


def common_of(case: FoiRequest) -> Common | None:
    """What the letter of a request shares with others; None while there is none."""
    made = written(case)
    return common(case, made) if made is not None else None


def frozen_common(version: ReplyVersion, *, exact: bool = True) -> Common | None:
    """What a frozen letter shares with others. None where, being `exact`, its paragraphs are not those that the working
    copy gives: somebody worded it otherwise, or a step came in between."""
    kept = version_content(version)
    draft = ReplyDraft.objects.get(request=version.request)
    made = replace(composition(version.request, draft.content), explanations=kept.explanations)
    if exact and composed_reply(version.request, made, version.reply_code, version.ground).text != kept.text:
        return None
    return common(version.request, made)


def earlier_reply_to(case: FoiRequest) -> str:
    """Number and day of the last reply the same applicant got to a near-same request; may be empty. One query: in a
    batch there are too many near-same requests to look at them all for every member."""
    for other in same_applicant(case).filter(pk__lt=case.pk, delivered__isnull=False).select_related("delivered"):
        if likeness(case.sketch, other.sketch) >= ALIKE:
            return f"{other.reply_number}，{full_date(other.delivered.on)}"
    return ""


def own_of(case: FoiRequest) -> dict[str, str]:
    """What belongs to this request alone and so must not stand in other people's letters: title → words."""
    told = particulars(case.applicant)
    received = case.received_on
    values = {
        "申请人的姓名或者名称": told.name,
        "申请人的证件号码": told.identity_number,
        "申请人的电话": told.phone,
        "申请人的地址": told.address,
        "申请人的电子邮箱": told.email,
        "申请编号": case.number,
        "答复文号": case.reply_number,
        "收到日期": day_in_words(received) if received else "",
        "所申请的信息": wish(case).text,
    }
    return {title: plain(value) for title, value in values.items() if len(plain(value)) >= LEAST}


def not_shared(words: str, lead: Mapping[str, str], member: Mapping[str, str]) -> list[str]:
    """Titles of what is the lead's own, stands in the common words, and is not so for the member."""
    whole = plain(words)
    return [title for title, value in lead.items() if value in whole and member.get(title) != value]


# Reading ------------------------------------------------------------------------------------------------------------


def frozen(batch: Batch) -> dict[str, str]:
    """Number → digest of the newest frozen letter, of every member that has one. One query."""
    rows = ReplyVersion.objects.filter(request__batch_member__batch=batch).order_by("request__number", "number")
    return dict(rows.values_list("request__number", "digest"))


def batch_digest(batch: Batch) -> str:
    """One digest for all frozen letters: changes when any of them does, or when one is added."""
    return digest_over(frozen(batch))


def digest_over(letters: Mapping[str, str]) -> str:
    """Of (number, digest) in order of numbers."""
    return digest([[number, letters[number]] for number in sorted(letters)])


def at_step(batch: Batch, order: int) -> QuerySet[ReplyVersion]:
    """The letters that wait at a step of sign-off, by number of the request."""
    waiting = Case.objects.filter(
        state="open", subject_kind__startswith="foi.reply", current_order=order,
        subject_key__in=ReplyVersion.objects.filter(request__batch_member__batch=batch).values("pk"),
    )  # fmt: skip
    rows = ReplyVersion.objects.filter(pk__in=waiting.values("subject_key"))
    return rows.select_related("request__key", "request__organ", "request__applicant__key").order_by("request__number")


def members_in(batch: Batch, states: Collection[str]) -> QuerySet[FoiRequest]:
    """Members in one of the states, in the order they joined."""
    rows = FoiRequest.objects.filter(batch_member__batch=batch, state__in=states)
    return rows.select_related("organ").order_by("batch_member__pk")
