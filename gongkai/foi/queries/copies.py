"""The copies a reply hands out: what each covers and leaves open, who has held it beside its original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.foi.copying import Remarks, remarks_of
from gongkai.foi.documents.fields import file_titles
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.sealed import file_name, json_of
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.scanning.models import CopyConfirmation, FileCopy, RedactionMark
from gongkai.scanning.queries import Withheld, decided, needs_second_look, withheld

#: Letters name the regulation in full once and by its short name from then on.
REGULATION, SHORT = "《政府信息公开条例》", "《条例》"


@dataclass(frozen=True, slots=True)
class CopyShown:
    """A copy as its reviewer sees it. `left`: found and left open, with the reason; `lost`: seen, and not in the copy."""

    paper: CaseFile
    name: str
    copy: FileCopy
    covered: tuple[RedactionMark, ...]
    left: tuple[RedactionMark, ...]
    hidden: tuple[str, ...]
    lost: tuple[str, ...]
    withheld: tuple[Withheld, ...]
    needs_look: bool
    confirmation: CopyConfirmation | None

    @property
    def waiting(self) -> bool:
        return self.needs_look and self.confirmation is None


def remarks(paper: CaseFile) -> Remarks:
    """What is kept sealed of a copy's words; nothing for what is no copy made in this case."""
    if not paper.remarks:
        return Remarks()
    return remarks_of(json_of(paper.request.key, paper.remarks, "file.remarks"))


def newest_of(original: CaseFile) -> CaseFile | None:
    """The last copy made of a paper; None while there is none."""
    rows = CaseFile.objects.filter(original=original).select_related("copy__redaction", "request__key")
    return rows.order_by("copy__number").last()


def is_ready(paper: CaseFile) -> Verdict:
    """May this copy go out: is it the newest of its paper, made with marks that are all decided?"""
    assert paper.copy is not None
    if paper.copy.redaction.copies.filter(number__gt=paper.copy.number).exists():
        return Refused("copy_replaced", "已经有新的副本，请改选新的副本。")
    return decided(paper.copy.redaction, paper.copy)


def copies_of(case: FoiRequest, file_ids: Iterable[int]) -> list[CopyShown]:
    """The copies among these papers, in this order."""
    rows = CaseFile.objects.filter(request=case, pk__in=tuple(file_ids), copy__isnull=False)
    found = {
        paper.pk: paper
        for paper in rows.select_related("request__key", "copy__redaction", "copy__confirmation__person", "original")
    }
    return [_shown(found[pk]) for pk in file_ids if pk in found]


def copies_confirmed(case: FoiRequest, file_ids: Iterable[int]) -> Verdict:
    """May the confidentiality reviewer pass the attachments?"""
    waiting = [shown.name for shown in copies_of(case, file_ids) if shown.waiting]
    if not waiting:
        return Allowed()
    said = "、".join(f"“{name}”" for name in waiting[:3]) + (" 等" if len(waiting) > 3 else "")
    return Refused(
        "copy_unconfirmed",
        f"现在不能通过：附件{said}的副本还没有与原件核对。请逐个核对并确认。",
        "《政府信息公开条例》第十七条",
    )


def withheld_in(case: FoiRequest, file_ids: Iterable[int]) -> list[tuple[str, Withheld]]:
    """What the copies cover, by attachment and ground: (title of the attachment as letters name it, line)."""
    return [(title_of(shown.name), line) for shown in copies_of(case, file_ids) for line in shown.withheld]


def withheld_list(case: FoiRequest, file_ids: Iterable[int]) -> tuple[str, ...]:
    """One line of a letter each (条例37): where, how many places, on which ground."""
    lines = [
        f"“{title}”{line.where}遮盖{line.count}处：{line.title}，{line.article.replace(REGULATION, SHORT)}"
        for title, line in withheld_in(case, file_ids)
    ]
    return tuple(f"（{n}）{line}。" for n, line in enumerate(lines, start=1))


def withheld_words(case: FoiRequest, file_ids: Iterable[int]) -> str:
    """What is withheld, as the letter names it in a sentence; empty where nothing is covered."""
    counts: dict[str, int] = {}
    for title, line in withheld_in(case, file_ids):
        counts[title] = counts.get(title, 0) + line.count
    return "、".join(f"“{title}”中遮盖的{count}处内容" for title, count in counts.items())


def title_of(name: str) -> str:
    """A file as letters name it, without what Windows appends."""
    return (file_titles({"files": (name,)}) or (name,))[0]


def _shown(paper: CaseFile) -> CopyShown:
    copy = paper.copy
    assert copy is not None
    marks = list(copy.redaction.marks.select_related("by").order_by("number"))
    return CopyShown(
        paper=paper, name=file_name(paper), copy=copy,
        covered=tuple(mark for mark in marks if mark.state == "accepted"),
        left=tuple(mark for mark in marks if mark.state == "removed"),
        hidden=tuple(f"{found['title']} {found['count']} 处" for found in copy.redaction.hidden),
        lost=remarks(paper).lost, withheld=tuple(withheld(copy)), needs_look=needs_second_look(copy),
        confirmation=getattr(copy, "confirmation", None),
    )  # fmt: skip
