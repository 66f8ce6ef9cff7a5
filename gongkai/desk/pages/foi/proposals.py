"""What one proposed and another decides: the extension and the fee."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.step import Sight
from gongkai.foi.models import FoiRequest
from gongkai.foi.models.acts import DECISIONS
from gongkai.foi.queries.sealed import text_of
from gongkai.law.foi_moves import may_decide_proposal
from gongkai.law.verdicts import Refused, Verdict
from gongkai.web.wording import full_instant


def proposal_of(proposals: Any) -> Any:
    """The one that waits, or None."""
    return proposals.filter(decision="").select_related("proposed_by").first()


def ready_to_decide(sight: Sight) -> Verdict:
    """Something waits, and this person did not propose it."""
    if sight.row is None:
        return Refused("nothing_proposed", _("没有等待决定的事项。"))
    return may_decide_proposal(str(sight.row.proposed_by_id), str(sight.me.person.pk))


def proposal_facts(case: FoiRequest, proposal: Any) -> list[tuple[str, str]]:
    """Why, by whom, when."""
    return [
        (_("理由"), text_of(case.key, proposal.reason, "proposal.reason")),
        (_("提请人"), proposal.proposed_by.name),
        (_("提请时间"), full_instant(proposal.proposed_at)),
    ]


def decided(case: FoiRequest, proposals: Any) -> list[tuple[str, str]]:
    """Earlier proposals with what became of them, the latest first."""
    rows = proposals.exclude(decision="").select_related("decided_by").order_by("-pk")
    return [(_("此前的提请"), _outcome(case, row)) for row in rows]


def _outcome(case: FoiRequest, row: Any) -> str:
    why = text_of(case.key, row.decision_reason, "proposal.decision_reason") if row.decision_reason else ""
    who = row.decided_by.name if row.decided_by else ""
    said = f"{full_instant(row.decided_at)} {who} {_(DECISIONS[row.decision])}"
    return f"{said}：{why}" if why else said
