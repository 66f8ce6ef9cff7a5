"""What was covered in the files a reply hands out: a table for each copy, with grounds and persons (条例37)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from gongkai.foi.dossier_records import Record, Row
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.copies import CopyShown, copies_of
from gongkai.foi.queries.sealed import file_name, version_content
from gongkai.law.negative_list import ground
from gongkai.scanning.models import RedactionMark

_STATES: Final = {"accepted": "遮盖", "removed": "保留"}
HEADS: Final = ("序号", "内容和位置", "决定和依据", "办理人", "时间")


def copy_records(case: FoiRequest) -> Iterator[Record]:
    """One page for each copy that went to sign-off, or is the newest of its paper."""
    kept = gone_out_or_newest(case, case.files.filter(copy__isnull=False).order_by("pk"))
    for shown in copies_of(case, [paper.pk for paper in kept]):
        yield _record(shown)


def gone_out_or_newest(case: FoiRequest, papers: Iterable[CaseFile]) -> list[CaseFile]:
    """Without the copies that were made anew before any sign-off."""
    sent = {pk for version in case.replies.select_related("request__key") for pk in version_content(version).files}
    rows = list(papers)
    newest = {paper.original_id: paper.pk for paper in sorted(rows, key=lambda p: p.pk) if paper.original_id}
    return [p for p in rows if p.original_id is None or p.pk in sent or newest[p.original_id] == p.pk]


def _record(shown: CopyShown) -> Record:
    copy = shown.copy
    rows: list[Row] = [
        (str(mark.number), f"{mark.title}\n{_where(mark.places)}", _decision(mark), mark.by.name if mark.by else "", _at(mark.at))
        for mark in (*shown.covered, *shown.left)
    ]  # fmt: skip
    original = file_name(shown.paper.original) if shown.paper.original else "牵头申请的原件"
    rows.append(("", f"由“{original}”制作第{copy.number}份副本\n摘要：{copy.digest.rpartition(':')[2]}", "制作副本",
                 copy.made_by.name if copy.made_by else "", _at(copy.made_at)))  # fmt: skip
    if shown.hidden:
        rows.append(("", f"没有带入副本的隐藏内容：{'、'.join(shown.hidden)}", "不随副本提供", "", ""))
    if shown.lost:
        rows.append(("", f"没有带入副本的其他内容：{'、'.join(shown.lost)}", "不随副本提供", "", ""))
    if shown.confirmation is not None:
        confirmed = shown.confirmation
        rows.append(("", "与原件核对", "确认副本", confirmed.person.name, _at(confirmed.at)))
    return Record(f"附件遮盖记录：{shown.name}", timezone.localtime(copy.made_at).date(), tuple(rows), HEADS)


def _decision(mark: RedactionMark) -> str:
    if mark.state == "accepted":
        found = ground(mark.ground)
        return f"{_STATES[mark.state]}：{found.title}，{found.article}" + (f"\n{mark.reason}" if mark.reason else "")
    return f"{_STATES[mark.state]}：{mark.reason}"


def _where(places: list[dict[str, Any]]) -> str:
    """Places in words; many of one kind are counted."""
    pages = sorted({place["page"] for place in places if "page" in place})
    if pages:
        return f"第{'、'.join(map(str, pages[:20]))}页，{len(places)}处"
    cells = [f"{place['sheet']}{place['cell']}" for place in places if "cell" in place]
    if cells:
        return "工作表" + "、".join(cells[:20]) + (f"等{len(cells)}格" if len(cells) > 20 else "")
    return f"{len(places)}处"


def _at(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
