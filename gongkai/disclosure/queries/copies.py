"""The copies of a version's files, and whether a second person has held each beside its original."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.disclosure.models import Version, VersionAttachment
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.scanning.models import CopyConfirmation
from gongkai.scanning.queries import Withheld, needs_second_look, withheld


@dataclass(frozen=True, slots=True)
class CopyShown:
    """A file of a version as its reviewer sees it."""

    attached: VersionAttachment
    needs_look: bool
    confirmation: CopyConfirmation | None
    withheld: tuple[Withheld, ...]

    @property
    def waiting(self) -> bool:
        return self.needs_look and self.confirmation is None


def copies_of(version: Version) -> list[CopyShown]:
    """Files with a copy, in their order."""
    rows = version.attachments.select_related("copy__redaction", "copy__confirmation__person").order_by("order")
    return [
        CopyShown(
            row, needs_second_look(row.copy), getattr(row.copy, "confirmation", None), tuple(withheld(row.copy))
        )
        for row in rows
        if row.copy is not None
    ]  # fmt: skip


def copies_confirmed(version: Version) -> Verdict:
    """May the confidentiality reviewer pass the files?"""
    waiting = [shown.attached.title for shown in copies_of(version) if shown.waiting]
    if waiting:
        named = "、".join(f"“{title}”" for title in waiting[:3])
        return Refused(
            "copy_unconfirmed",
            f"现在不能通过：附件{named}{' 等' if len(waiting) > 3 else ''}的副本还没有与原件核对。请逐个核对并确认。",
            "《中华人民共和国政府信息公开条例》第十七条",
        )
    return Allowed()
