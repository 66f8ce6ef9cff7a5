"""One's own case, by query code and a second fact."""

from __future__ import annotations

from gongkai.foi import vault
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import second_fact_matches
from gongkai.foi.queries.sealed import particulars


def case_by_code(code: str, second_fact: str) -> FoiRequest | None:
    """The request when both fit, else None: a wrong code and a wrong second fact look the same to whoever asks.

    `second_fact`: the last four of the telephone or identity number, or the full name. Limiting attempts is the face's.
    """
    digests = vault.keyed_any("code", vault.code_hash(code))
    found = FoiRequest.objects.filter(code_digest__in=digests).select_related("organ", "key", "applicant__key").first()
    if found is None or found.erased_at is not None:
        return None
    return found if second_fact_matches(particulars(found.applicant), second_fact) else None
