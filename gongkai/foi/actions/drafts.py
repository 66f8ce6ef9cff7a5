"""Keep a form that is being filled in, sealed, and let go of it in time.

No fact goes to the ledger: until the form is sent in nothing has happened that concerns an agency.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi import vault
from gongkai.foi.actions.receive import new_key
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import DataKey, RequestDraft
from gongkai.foi.queries.drafts import KEY_PLACE, PLACE, Filled, drafts_with, filled, running
from gongkai.foi.queries.sealed import sealed_json, sealed_text
from gongkai.law.verdicts import Refusal, Refused

TOKEN_BYTES = 32
SUBMISSION_KEY_BYTES = 24


class NoDraft(LookupError):
    """No form under this token that may be opened: never made, discarded, too old."""


def start_draft(content: Filled, *, actor: Actor, at: datetime) -> tuple[str, RequestDraft]:
    """A new form and the token its browser keeps. The key under which it will be sent in is fixed now."""
    _applicant(actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        key = new_key()
        draft = RequestDraft.objects.create(
            token_digest=vault.keyed("request_draft", token), key=key, made_at=at, saved_at=at,
            content=sealed_json(key, content.as_dict(), PLACE),
            submission_key=sealed_text(key, secrets.token_urlsafe(SUBMISSION_KEY_BYTES), KEY_PLACE),
        )  # fmt: skip
    return token, draft


def save_draft(token: str, changes: Mapping[str, Any], *, actor: Actor, at: datetime) -> RequestDraft:
    """Put some fields of `Filled` into the form. Raises `NoDraft`; refuses once the form was sent in."""
    _applicant(actor)
    with transaction.atomic():
        draft = open_draft(token, at=at)
        before = filled(draft)
        after = replace(before, **changes)
        if after != before:
            draft.content = sealed_json(draft.key, after.as_dict(), PLACE)
            draft.revision += 1
        draft.saved_at = at
        draft.save(update_fields=["content", "revision", "saved_at"])
        return draft


def discard_draft(token: str, *, actor: Actor, at: datetime) -> bool:
    """Erase the form with its files; what was sent in stays with its cases. True when there was one."""
    _applicant(actor)
    with transaction.atomic():
        return erase(drafts_with(token).select_for_update(of=("self",))) > 0


def erase_old_drafts(*, at: datetime, most: int = 200) -> int:
    """Erase what nobody may open any more; returns how many. Safe to run twice and in several processes."""
    with transaction.atomic():
        old = RequestDraft.objects.exclude(running(at)).order_by("pk")
        return erase(old.select_for_update(skip_locked=True, of=("self",))[:most])


def erase(drafts: Iterable[RequestDraft]) -> int:
    """Rows, pieces of files and the data keys they were sealed with, in the caller's transaction."""
    found = list(drafts)
    keys = [draft.key_id for draft in found]
    RequestDraft.objects.filter(pk__in=[draft.pk for draft in found]).delete()
    DataKey.objects.filter(pk__in=keys).delete()
    return len(found)


def locked_draft(token: str, *, at: datetime) -> RequestDraft:
    """The form, locked until the transaction ends. Raises `NoDraft`.

    The submission is not joined: PostgreSQL reads the locked row anew after waiting, but not the rows joined to it.
    """
    rows = drafts_with(token).filter(running(at)).select_related("key")
    draft = rows.select_for_update(of=("self",)).first()
    if draft is None:
        raise NoDraft
    return draft


def open_draft(token: str, *, at: datetime) -> RequestDraft:
    """The form, locked, as long as it was not sent in."""
    draft = locked_draft(token, at=at)
    if draft.submitted_at is not None:
        raise Refusal(Refused("submitted", "这份申请已经提出，不能再改。要补充的，请等机关告知或者另提一份申请。"))
    return draft


def _applicant(actor: Actor) -> None:
    if actor is not APPLICANT:
        raise ValueError("the form belongs to the applicant; staff enter requests at the desk")
