"""Many requests for the same thing: what could be put together, how far a batch has come, what its letters share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.desk.pages.foi.matter import matter
from gongkai.desk.pages.foi.reply_letter import page_of, version_letter
from gongkai.desk.templatetags.states import short_digest
from gongkai.desk.who import Me
from gongkai.foi.actions.batch_accept import batch_accept
from gongkai.foi.actions.batch_compose import batch_compose
from gongkai.foi.actions.batch_deliver import batch_deliver
from gongkai.foi.actions.batch_pieces import Piece
from gongkai.foi.actions.batch_seal import batch_seal
from gongkai.foi.actions.batch_submit import batch_submit
from gongkai.foi.actions.bind_seal import ROLES as SEALERS
from gongkai.foi.models import Batch, FoiRequest, ReplyVersion
from gongkai.foi.models.cases import DELIVERIES
from gongkai.foi.particulars import masked
from gongkai.foi.queries.batches import (
    Progress,
    Waiting,
    at_step,
    batch_digest,
    batches_visible_to,
    progress,
    proposals,
    written,
)
from gongkai.foi.queries.replies import newest
from gongkai.foi.queries.sealed import particulars, version_content, wish
from gongkai.law.foi_moves import IN_PROGRESS, IN_REVIEW, RECEIVED, SIGNED, STATES
from gongkai.law.replies import reply as reply_row
from gongkai.law.review import APPROVE, RETURN
from gongkai.web.wording import short_date

OFFICER: Final = "foi_officer"
PIECE: Final = 25  # members that one request carries on, so that each answer comes within seconds
SIZE: Final = 25
SHOWN: Final = 50  # proposals
_SALT: Final = "desk.batch"


@dataclass(frozen=True)
class StepScreen:
    """One verb of a batch. `open` says how many members it would still take."""

    code: str
    title: Any
    lead: Any
    button: Any
    act: Callable[..., Piece]
    roles: tuple[str, ...]
    open: Callable[[Progress], int]


STEPS: Final[dict[str, StepScreen]] = {
    step.code: step
    for step in (
        StepScreen(
            "accept", lazy("受理"), lazy("把还没有受理的各件一并受理，由牵头申请的承办科室承办。"), lazy("受理各件"),
            batch_accept, (OFFICER,), lambda p: p.states[RECEIVED],
        ),
        StepScreen(
            "compose", lazy("拟写答复"),
            lazy(
                "把牵头申请的判断、理由、正文和附件写进每一件的答复。申请人、文号、日期和救济途径各写各的；"
                "共用文字里有牵头申请人自己信息的，逐件拒绝。"
            ),
            lazy("拟写各件"), batch_compose, (OFFICER,), lambda p: p.states[IN_PROGRESS],
        ),
        StepScreen(
            "submit", lazy("送审签"),
            lazy("每一件按自己的案卷单独检查，合格的冻结文本、送审签；正在征求意见、等待补正等情形的留下，由您单独办理。"),
            lazy("送审签各件"), batch_submit, (OFFICER,), lambda p: p.composed,
        ),
        StepScreen(
            "seal", lazy("盖章"),
            lazy("用电子印章逐件盖章，盖章件与签发的那一版绑定。由拟写人以外的人办理；没有接入电子印章的，逐件登记盖章件。"),
            lazy("加盖电子印章"), batch_seal, SEALERS, lambda p: p.states[SIGNED] - p.sealed,
        ),
        StepScreen(
            "deliver", lazy("送达"),
            lazy("申请人要求网上送达的，逐件在查询页面送达，各有各的送达记录。要求邮寄、当面领取等方式的，请逐件送达。"),
            lazy("网上送达各件"), batch_deliver, (OFFICER,), lambda p: p.online,
        ),
    )
}  # fmt: skip


# Progress through pieces --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """What the pieces so far did; carried from one press to the next, signed, with numbers and reasons only."""

    after: int = 0
    done: int = 0
    already: int = 0
    refused: list[list[str]] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> Tally:
        """From the form; what does not carry our signature begins anew, which repeats nothing."""
        try:
            return cls(*signing.loads(text, salt=_SALT)) if text else cls()
        except (signing.BadSignature, TypeError):
            return cls()

    def sealed(self) -> str:
        return signing.dumps([self.after, self.done, self.already, self.refused], salt=_SALT, compress=True)

    def plus(self, piece: Piece) -> Tally:
        out = [*self.refused, *([left.number, left.sentence] for left in piece.refused)]
        return replace(
            self, after=piece.last, done=self.done + piece.done, already=self.already + piece.already, refused=out
        )

    @property
    def seen(self) -> int:
        return self.done + self.already + len(self.refused)


def tally_page(tally: Tally, *, total: int, left: int) -> dict[str, Any]:
    """The values of desk/foi/_batch_tally.html."""
    return {
        "tally": tally,
        "sealed_tally": tally.sealed(),
        "total": total,
        "left": left,
        "refused": [
            {"number": number, "sentence": sentence, "url": reverse("desk:case", args=[number])}
            for number, sentence in tally.refused
        ],
    }


# The list -----------------------------------------------------------------------------------------------------------


def batches_page(me: Me) -> dict[str, Any]:
    """Batches with their numbers, and what an officer could put together."""
    organs = sorted({a.organ_id for a in me.held if a.role == OFFICER and a.organ_id is not None})
    found = [proposal for organ in organs for proposal in proposals(organ)]
    leads = FoiRequest.objects.select_related("key", "applicant__key").in_bulk(
        [p.lead for p in found[:SHOWN]], field_name="number"
    )
    return {
        "rows": [_batch_row(batch) for batch in batches_visible_to(me.held)[:SHOWN]],
        "proposals": [
            {
                "lead": p.lead,
                "matter": matter(leads[p.lead]),
                "count": len(p.numbers),
                "applicants": p.applicants,
                "due_on": p.due_on,
                "url": f"{reverse('desk:case_batch_new')}?lead={p.lead}",
            }
            for p in found[:SHOWN]
        ],
        "more": max(len(found) - SHOWN, 0),
        "may_make": bool(organs),
    }


def _batch_row(batch: Batch) -> dict[str, Any]:
    now = progress(batch)
    return {
        "lead": batch.lead.number,
        "matter": matter(batch.lead),
        "made_at": batch.made_at,
        "made_by": batch.made_by.name,
        "total": now.total,
        "ended": now.ended,
        "url": reverse("desk:case_batch", args=[batch.pk]),
    }


# One batch ----------------------------------------------------------------------------------------------------------


def batch_page(me: Me, batch: Batch) -> dict[str, Any]:
    """Where every member stands, and the screens of the steps."""
    now = progress(batch)
    return {
        "batch": batch,
        "lead_url": reverse("desk:case", args=[batch.lead.number]),
        "matter": matter(batch.lead),
        "now": now,
        "states": [{"title": STATES[state], "count": n} for state, n in now.states.items() if n],
        "steps": [_step_row(me, batch, step, now) for step in STEPS.values() if step.code in ("accept", "compose", "submit")]
        + [_reading_row(me, batch, waiting) for waiting in now.steps]
        + [_step_row(me, batch, step, now) for step in STEPS.values() if step.code in ("seal", "deliver")],
        "lead_written": written(batch.lead) is not None or batch.lead.state not in (RECEIVED, IN_PROGRESS),
    }  # fmt: skip


def _step_row(me: Me, batch: Batch, step: StepScreen, now: Progress) -> dict[str, Any]:
    return {
        "title": step.title,
        "count": step.open(now),
        "may": actor_of(me, batch, step.roles) is not None,
        "url": reverse("desk:case_batch_step", args=[batch.pk, step.code]),
    }


def _reading_row(me: Me, batch: Batch, waiting: Waiting) -> dict[str, Any]:
    return {
        "title": waiting.title,
        "count": waiting.count,
        "may": reader_of(me, batch, waiting) is not None,
        "url": reverse("desk:case_batch_read", args=[batch.pk, waiting.order]),
    }


def actor_of(me: Me, batch: Batch, roles: tuple[str, ...]) -> Actor | None:
    """The capacity in which this person works on the batch, or None."""
    return next((a for a in me.held if a.role in roles and a.organ_id == batch.organ_id), None)


def reader_of(me: Me, batch: Batch, waiting: Waiting) -> Actor | None:
    """The capacity in which this person reads at a step; a post of a section counts for what that section leads."""
    for actor in me.held:
        if actor.role != waiting.role or actor.organ_id != batch.organ_id:
            continue
        if actor.role != "section_reviewer" or actor.grant_id is not None or actor.section_id == batch.lead.section_id:
            return actor
    return None


def step_page(me: Me, batch: Batch, step: StepScreen, tally: Tally, left: int) -> dict[str, Any]:
    """The values of desk/foi/batch_step.html."""
    now = progress(batch)
    return {
        "batch": batch,
        "matter": matter(batch.lead),
        "step": step,
        "open": step.open(now),
        "may": actor_of(me, batch, step.roles) is not None,
        "back": reverse("desk:case_batch", args=[batch.pk]),
    } | tally_page(tally, total=now.total, left=left)


# Reading ------------------------------------------------------------------------------------------------------------


def read_page(
    me: Me, batch: Batch, order: int, tally: Tally, left: int, asked: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, Any]:
    """The common letter once, and what is each member's own. Names are masked: each whole letter is a link away, and
    the look at it is on record. Raises ReplyVersion.DoesNotExist while the leading letter was never frozen."""
    lead = newest(batch.lead)
    if lead is None:
        raise ReplyVersion.DoesNotExist
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and 0 < len(asked["page"]) < 7 else 1
    first = max(number - 1, 0) * SIZE
    now = progress(batch)
    waiting = next((w for w in now.steps if w.order == order), None)
    shown = list(at_step(batch, order)[first : first + SIZE + 1])
    row = reply_row(lead.reply_code)
    read = typed["digest"] if left else batch_digest(batch)
    here = reverse("desk:case_batch_read", args=[batch.pk, order])
    return {
        "batch": batch,
        "matter": matter(batch.lead),
        "reading": waiting,
        "order": order,
        "kind": _("%(title)s（%(article)s）") % {"title": row.title, "article": row.article},
        "letter": page_of(version_letter(lead), batch.lead, open_names=False),
        "rows": [_difference(version, lead) for version in shown[:SIZE]],
        "pager": {
            "previous_url": f"{here}?page={number - 1}" if number > 1 else "",
            "next_url": f"{here}?page={number + 1}" if len(shown) > SIZE else "",
        },
        # Going on, the digest stays the one that was read.
        "digest": read,
        "short_digest": short_digest(read),
        "may": waiting is not None and reader_of(me, batch, waiting) is not None,
        "approve": APPROVE,
        "return": RETURN,
        "typed": typed,
        "back": reverse("desk:case_batch", args=[batch.pk]),
    } | tally_page(tally, total=now.total, left=left)


def _difference(version: ReplyVersion, lead: ReplyVersion) -> dict[str, Any]:
    """What stands in this letter alone."""
    case, made = version.request, version_content(version)
    same_request = wish(case).text == wish(lead.request).text
    return {
        "number": case.number,
        "url": reverse("desk:case_signoff", args=[case.number]) if case.state == IN_REVIEW else reverse("desk:case", args=[case.number]),
        "reply_number": str(made.letter.get("number") or ""),
        "addressee": masked(particulars(case.applicant)).name,
        "request": _("与牵头申请相同") if same_request else matter(case),
        "received": short_date(case.received_on) if case.received_on else "",
        "due": short_date(case.due_on) if case.due_on else "",
        "delivery": DELIVERIES[case.delivery],
        "remedy": "" if made.letter.get("remedy") == version_content(lead).letter.get("remedy") else _("救济途径不同"),
        "faults": bool(version.faults),
        "digest": short_digest(version.digest),
    }  # fmt: skip
