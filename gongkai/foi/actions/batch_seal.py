"""Seal the signed letters of a batch electronically, each by its own digest."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, each, require_batch_post
from gongkai.foi.actions.bind_seal import ROLES, bind_seal
from gongkai.foi.actions.turning import locked
from gongkai.foi.documents import to_pdf
from gongkai.foi.models import SealedCopy
from gongkai.foi.queries.papers import reply_document
from gongkai.foi.queries.replies import newest
from gongkai.foi.seals import SealFailed, configured_seal
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def batch_seal(batch_id: int, *, actor: Actor, at: datetime, after: int = 0, limit: int = PIECE) -> Piece:
    """Only with an electronic seal; letters stamped by hand are scanned and bound one by one. By a second person."""
    batch = batch_of(batch_id)
    require_batch_post(actor, batch, ROLES, "登记盖章件")
    seal = configured_seal()
    if seal is None:
        raise Refusal(Refused("no_electronic_seal", "系统没有接入电子印章，不能批量盖章。请打印盖章后逐件登记盖章件。"))

    def act(number: str) -> bool:
        case = locked(number)
        version = newest(case)
        if version is not None and SealedCopy.objects.filter(version=version).exists():
            return False
        require(may("bind_seal", case.state))
        if version is None:
            raise RuntimeError("a signed request has a reply")
        if version.author_id == actor.person_id:
            raise Refusal(Refused("own_reply", "盖章件由拟稿人以外的人核对后登记。"))
        try:
            stamped = seal.stamp(to_pdf(reply_document(version)), version.digest)
        except SealFailed as failed:
            raise Refusal(Refused("seal_failed", str(failed))) from None
        paper = add_file(number, stamped, f"{version.digest[:12]}.pdf", kind="sealed", actor=actor, at=at)
        bind_seal(number, paper.pk, actor=actor, at=at)
        return True

    return each(batch, act, after=after, limit=limit)
