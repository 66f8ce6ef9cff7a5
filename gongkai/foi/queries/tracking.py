"""One's own case, by query code and a second fact."""

from __future__ import annotations

import hmac
import json
from functools import lru_cache

from django.db.models import QuerySet

from gongkai.foi import vault
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars, particulars_of, second_fact_matches
from gongkai.foi.queries.sealed import particulars

#: Nobody. What is opened and compared for a code that belongs to no case, so that it costs what a real one costs.
_NOBODY = Particulars("无此申请人", "id_card", "0" * 18, "0" * 11, "无此地址" * 5)
_PLACE = "applicant.particulars"


def case_by_code(code: str, second_fact: str) -> FoiRequest | None:
    """The request when both fit, else None: a wrong code and a wrong second fact look the same to whoever asks.

    `second_fact`: the last four of the telephone or identity number, or the full name. Either way one row is looked
    for, one data key unwrapped, one set of particulars opened and compared. Limits are `queries/attempts.py`.
    """
    digests = vault.keyed_any("code", vault.code_hash(code))
    found = _cases().filter(code_digest__in=digests).first()
    known = found is not None and found.erased_at is None
    told = particulars(found.applicant) if found is not None and known else _nobody()
    fits = second_fact_matches(told, second_fact)
    return found if known and fits else None


def case_by_handle(row: int, handle: str) -> FoiRequest | None:
    """The request a session was opened for, erased or not; None when its handle is no longer that of the row.

    `handle` is the keyed digest of the query code as stored. An erased request has none any more: only a session that
    was open when it was erased still finds it, and is told so.
    """
    found = _cases().filter(pk=row).first()
    if found is None or not handle:
        return None
    if found.erased_at is not None:
        return found
    return found if hmac.compare_digest(found.code_digest, handle) else None


def code_letters(code: str) -> int:
    """How many letters and digits were typed; a whole code has `vault.CODE_LETTERS`."""
    return sum(1 for letter in code if letter.isalnum())


def _cases() -> QuerySet[FoiRequest]:
    return FoiRequest.objects.select_related("organ__parent", "key", "applicant__key", "section")


def _nobody() -> Particulars:
    """The particulars of nobody, unwrapped and opened anew each time."""
    master_id, wrapped, sealed = _nobody_sealed(vault.current())
    return particulars_of(json.loads(vault.unseal(vault.unwrap(master_id, wrapped), sealed, _PLACE)))


@lru_cache(maxsize=4)
def _nobody_sealed(key: vault.Master) -> tuple[str, str, bytes]:
    """Made once for the current master key: (key id, wrapped data key, sealed particulars)."""
    master_id, wrapped = vault.new_wrapped()
    assert master_id == key.key_id
    values = json.dumps(_NOBODY.as_dict(), ensure_ascii=False, sort_keys=True).encode()
    return master_id, wrapped, vault.seal(vault.unwrap(master_id, wrapped), values, _PLACE)
