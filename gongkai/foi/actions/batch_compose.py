"""Write the letters of a batch: what the leading one says, with each member's own applicant, number, dates, remedy."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, common_words, each, require_batch_post
from gongkai.foi.actions.compose_reply import compose_reply
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.actions.turning import OFFICER, locked
from gongkai.foi.models import CaseFile, FoiRequest, SearchRecord
from gongkai.foi.queries.batches import FROZEN, Common, common_of, earlier_reply_to, not_shared, own_of, written
from gongkai.foi.queries.sealed import file_bytes, file_name, json_of
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def batch_compose(batch_id: int, *, actor: Actor, at: datetime, after: int = 0, limit: int = PIECE) -> Piece:
    """A member whose letter says the same already is left as it is. Refused by name: whose state does not allow it,
    and for whom the common words would be wrong, because something of the leading request alone stands in them."""
    batch = batch_of(batch_id)
    require_batch_post(actor, batch, OFFICER, "拟写答复")
    lead = batch.lead
    shared, source, leads_own = common_words(lead), written(lead), own_of(lead)
    assert source is not None
    papers = list(
        CaseFile.objects.filter(request=lead, pk__in=source.files).select_related("blob", "request__key", "copy")
    )
    papers.sort(key=lambda paper: source.files.index(paper.pk))
    asks_earlier = "earlier_reply" in source.letter

    def act(number: str) -> bool:
        if number == lead.number:
            return False
        case = locked(number)
        if _same(case, shared):
            return False
        require(may("compose_reply", case.state))
        if wrong := not_shared(shared.words, leads_own, own_of(case)):
            said = f"共用的答复文字里写有牵头申请的{'、'.join(wrong)}，与这一件不符，请从共用文字里去掉，或者单独答复。"
            raise Refusal(Refused("leads_own_words", said))
        earlier = {"earlier_reply": earlier_reply_to(case)} if asks_earlier else {}
        _share_search(lead, case, actor=actor, at=at)
        compose_reply(
            number, shared.answers, findings=shared.findings, letter={**shared.letter, **earlier}, text=shared.text,
            files=[_shared_file(case, paper, actor=actor, at=at) for paper in papers],
            explanations=shared.explanations, actor=actor, at=at,
        )  # fmt: skip
        return True

    return each(batch, act, after=after, limit=limit)


def _same(case: FoiRequest, shared: Common) -> bool:
    """Does this letter say what the leading one says? One in sign-off that says something else is refused."""
    own = common_of(case)
    if own is not None and own.digest == shared.digest:
        return True
    if case.state in FROZEN:
        raise Refusal(Refused("other_words", "这一件已经用别的文字送审或者答复，不随批办理。"))
    return False


def _shared_file(case: FoiRequest, paper: CaseFile, *, actor: Actor, at: datetime) -> int:
    """The same attachment in this member's own file, sealed with its own key; put there once."""
    own = CaseFile.objects.filter(request=case, kind=paper.kind, digest=paper.digest).values_list("pk", flat=True)
    found = own.first()
    if found is not None:
        return found
    return add_file(
        case.number, file_bytes(paper), file_name(paper), kind=paper.kind, actor=actor, at=at, copy=paper.copy
    ).pk


def _share_search(lead: FoiRequest, case: FoiRequest, *, actor: Actor, at: datetime) -> None:
    """The search for the leading request counts for the others too, where it was made after they came in; who searched
    is told. A member with a search of its own keeps that."""
    if case.searches.exists():
        return
    for search in SearchRecord.objects.filter(request=lead).select_related("by").order_by("pk"):
        if case.received_on is None or search.on < case.received_on:
            continue
        told = json_of(lead.key, search.content, "search.content")
        result = f"{told['result']}（与{lead.number}一并检索，检索人{search.by.name}）".lstrip("。")
        record_search(
            case.number, places=told["places"], terms=told["terms"], result=result, found=search.found, on=search.on,
            actor=actor, at=at,
        )  # fmt: skip
