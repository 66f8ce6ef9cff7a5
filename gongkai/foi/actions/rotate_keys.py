"""Bring everything under the first master key of FOI_DATA_KEYS, so that an older one can be taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi import vault
from gongkai.foi.models import Applicant, Consultation, DataKey, FoiRequest
from gongkai.foi.particulars import identity_text, plain
from gongkai.foi.queries.sealed import particulars, text_of
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

BATCH = 200


def rotate_keys(*, actor: Actor, at: datetime) -> int:
    """Rewrap every data key and make every keyed digest anew; returns the number of data keys. Safe to run again.

    Texts and files are not touched. Each batch is its own transaction, so an interrupted run goes on where it stood.
    A submission keeps its old digests: after the old key is gone, only a repeated post of an old form is no longer
    recognised, which the form itself prevents by then.
    """
    if actor.role not in ("system", "system_admin"):
        raise Refusal(Refused("not_system_admin", "只有系统管理员可以更换数据密钥。"))
    done = 0
    while True:
        with transaction.atomic():
            rows = DataKey.objects.select_for_update().exclude(master_id=vault.current().key_id).exclude(wrapped="")
            batch = list(rows.order_by("pk")[:BATCH])
            for key in batch:
                key.master_id, key.wrapped = vault.wrap(vault.unwrap(key.master_id, key.wrapped))
                key.save(update_fields=["master_id", "wrapped"])
                _digests(key)
            done += len(batch)
            if len(batch) < BATCH:
                record(
                    "foi.keys_rotated", subject="foi:keys", actor=actor, at=at,
                    data={"master": vault.current().key_id, "keys": done},
                )  # fmt: skip
                return done


def _digests(key: DataKey) -> None:
    """The keyed digests that belong to what this data key seals."""
    for applicant in Applicant.objects.filter(key=key).select_related("key"):
        digest = vault.keyed("applicant", identity_text(particulars(applicant)))
        Applicant.objects.filter(pk=applicant.pk).update(digest=digest)
    for case in FoiRequest.objects.filter(key=key).select_related("key"):
        digest = vault.keyed("code", text_of(case.key, case.code_hash, "request.code_hash"))
        FoiRequest.objects.filter(pk=case.pk).update(code_digest=digest)
        for asked in Consultation.objects.filter(request=case):
            name = plain(text_of(case.key, asked.party, "consultation.party"))
            Consultation.objects.filter(pk=asked.pk).update(party_digest=vault.keyed(f"party/{case.number}", name))
