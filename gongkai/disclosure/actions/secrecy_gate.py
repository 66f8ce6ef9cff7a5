"""This system is not a classified one: what bears a secrecy mark is refused before a byte of it is stored."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.scanning.rules import carries_secrecy_mark


def refuse_secrecy_marks(places: Mapping[str, str], *, subject: str, actor: Actor, at: datetime) -> None:
    """Raise `Refusal` if any place's text bears a mark; only the fact is kept, not the text (保密法31).

    Runs in its own transaction, before the caller's begins, so that the fact stays although the act is refused.
    """
    for place, text in places.items():
        mark = carries_secrecy_mark(text)
        if mark is None:
            continue
        with transaction.atomic():
            record(
                "item.secrecy_mark_refused", subject=subject, organ_code=actor.organ_code, actor=actor, at=at,
                data={"rule": mark.code},
            )  # fmt: skip
        raise Refusal(
            Refused(
                "secrecy_mark",
                f"{place}带有密级标志，没有保存。本系统不是涉密系统，涉密信息请按保密规定线下办理；"
                "如已解密，请先办理解密手续并去掉标志。",
                "《中华人民共和国保守国家秘密法》第三十一条",
            )
        )
