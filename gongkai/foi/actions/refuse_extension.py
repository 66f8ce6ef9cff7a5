"""The head of the disclosure office does not agree to an extension."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import refuse, waiting
from gongkai.foi.actions.turning import HEAD, locked, require_post, turn
from gongkai.foi.models import Extension


def refuse_extension(number: str, *, reason: str, actor: Actor, at: datetime) -> Extension:
    """The proposal is closed with a reason; another one may be made."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定延长")
        proposal = waiting(case.extensions, actor, at)
        turn(case, "refuse_extension", "foi.extension_refused", actor=actor, at=at)
        return refuse(proposal, reason, actor=actor, at=at)
