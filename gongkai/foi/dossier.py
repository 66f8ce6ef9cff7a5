"""卷宗 (条例45): a case as one ordered PDF with cover, index and page numbers, for the defence in review and for keeping.

What can be seen as pages is bound in; other originals (Word, Excel, OFD, text) go into a ZIP beside it and are listed
with their digest. Nothing is judged or left out here but former dossiers, and copies of attachments that were made anew before they were
sent to sign-off.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.html import format_html_join

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, Limits, run, run_many
from gongkai.foi.documents import compose, to_pdf
from gongkai.foi.documents.pages import record_html, to_html
from gongkai.foi.documents.printed import rendered
from gongkai.foi.dossier_copies import copy_records, gone_out_or_newest
from gongkai.foi.dossier_records import Record, after_records, before_records, between_records, cover
from gongkai.foi.models import CaseFile, FoiRequest, IssuedPaper
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.queries.papers import paper_document, papers_of
from gongkai.foi.queries.sealed import file_bytes, file_name

#: Bytes of papers from outside that are bound in; what is beyond goes into the ZIP. [I]
MOST_BOUND: Final = 60 * MEGABYTE
_READING: Final = Limits(memory=1024 * MEGABYTE, seconds=60, answer=96 * MEGABYTE)
_BINDING: Final = Limits(memory=2048 * MEGABYTE, seconds=180, answer=256 * MEGABYTE)
_KINDS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif"}
_UNSAFE: Final = re.compile(r"[^\w.（）()〔〕-]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
# Pages of the file itself bear the number of the file only.
_UNNUMBERED: Final = """
@page { margin: 30mm 24mm 25mm 28mm; }
@page :right { @bottom-right { content: none } }
@page :left { @bottom-left { content: none } }
.official-as-record th, .official-as-record td { overflow-wrap: anywhere; }
.official-as-record .official-list td:not(:nth-child(2)) { white-space: normal; }
.official-as-record .official-list th:nth-child(2) { width: 55%; }
.official-form tr { height: 11mm; }
"""
_STAMPS: Final = """
@page { size: 110pt 20pt; margin: 0; }
@page :right { @bottom-right { content: none } }
@page :left { @bottom-left { content: none } }
html { font: 10pt/20pt "SimSun", "Noto Serif CJK SC", serif; text-align: right; }
p + p { break-before: page; }
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the index. `pdf` empty: the paper is not bound in, its original lies in the ZIP as `original`."""

    title: str
    on: date | None
    pdf: bytes = b""
    pages: int = 0
    original: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The bound file, and the ZIP of originals that are no pages (empty where there is none)."""

    pdf: bytes
    originals: bytes
    parts: tuple[Part, ...]
    pages: int


def dossier_of(case: FoiRequest, *, filed_by: str, at: datetime) -> Dossier:
    """The whole case as it stands. `filed_by`: name of whoever files it. `Unsealable` once the case was erased."""
    day = timezone.localtime(at).date()
    keeper = _Keeper(case)
    parts = [
        *_recorded(before_records(case)),
        *keeper.of("request", "identity"),
        *_issued(case, reply=False),
        *keeper.of("clarification"),
        *_recorded(between_records(case)),
        *keeper.of("consultation", "record"),
        *_recorded(copy_records(case)),
        *_issued(case, reply=True),
        *keeper.of("reply", "sealed", "proof"),
        *_recorded(after_records(case, as_of=day)),
        *keeper.of("correction", "other"),
    ]
    originals = keeper.zipped()
    if keeper.left:
        parts.append(_listed(keeper.left))
    front = _front(case, parts, filed_by=filed_by, on=day)
    pages = sum(part.pages for part in (*front, *parts))
    whole = run("gongkai.foi.binding:bound", [part.pdf for part in (*front, *parts) if part.pdf], _stamps(pages),
                limits=_BINDING)  # fmt: skip
    return Dossier(whole, originals, (*front, *parts), pages)


# Front --------------------------------------------------------------------------------------------------------------


def _front(case: FoiRequest, parts: Sequence[Part], *, filed_by: str, on: date) -> list[Part]:
    """Cover and index; how long they are moves every number in them, so they are set until nothing moves."""
    length = 2
    for _ in range(5):
        pages = length + sum(part.pages for part in parts)
        cover_pdf = _page(cover(case, filed_by=filed_by, on=on, papers=len(parts), pages=pages))
        index_pdf = _index(case, parts, first=length + 1, on=on)
        found = page_count(cover_pdf) + page_count(index_pdf)
        if found == length:
            return [Part("卷宗封面", on, cover_pdf, page_count(cover_pdf)),
                    Part("卷内文件目录", on, index_pdf, page_count(index_pdf))]  # fmt: skip
        length = found
    raise RuntimeError("the index does not come to rest")


def _index(case: FoiRequest, parts: Sequence[Part], *, first: int, on: date) -> bytes:
    rows, at = [], first
    for n, part in enumerate(parts, start=1):
        where = str(at) if part.pages else "见附带的压缩包"
        rows.append((n, part.title, part.on.isoformat() if part.on else "", part.pages or "—", where))
        at += part.pages
    made = compose("dossier_index", {"agency": case.organ.name, "dated": on, "rows": rows})
    return rendered(made.title, to_html(made), _UNNUMBERED)


# Parts --------------------------------------------------------------------------------------------------------------


def _page(record: Record) -> bytes:
    return rendered(record.title, record_html(record.title, record.rows, heads=record.heads), _UNNUMBERED)


def _recorded(records: Iterable[Record]) -> Iterator[Part]:
    for record in records:
        pdf = _page(record)
        yield Part(record.title, record.on, pdf, page_count(pdf))


def _issued(case: FoiRequest, *, reply: bool) -> Iterator[Part]:
    """Documents word for word as issued; the reply and the proof of its delivery have a place of their own."""
    for paper in papers_of(case).select_related("request__key"):
        if (paper.kind.startswith("reply_") or paper.kind == "delivery_proof") == reply:
            yield _document(paper)


def _document(paper: IssuedPaper) -> Part:
    document = paper_document(paper)
    pdf = to_pdf(document)
    title = f"{document.title}（{document.number}）" if document.number else document.title
    return Part(title, document.dated, pdf, page_count(pdf))


def page_count(pdf: bytes) -> int:
    """Pages of a PDF that was made here."""
    import pikepdf  # noqa: PLC0415 -- 10 MB in each web worker, for whoever files a case

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _stamps(pages: int) -> bytes:
    """One small page for each number."""
    numbers = format_html_join("", "<p>第{}页　共{}页</p>", ((n, pages) for n in range(1, pages + 1)))
    return rendered("页码", numbers, _STAMPS)


class _Keeper:
    """The papers of the file, each handed out once by its kind; what cannot be bound in is kept for the ZIP."""

    def __init__(self, case: FoiRequest) -> None:
        rows = case.files.exclude(kind="dossier").select_related("request__key", "blob").order_by("id")
        self._files = gone_out_or_newest(case, rows)
        self._bound = 0
        self.left: list[tuple[Part, bytes]] = []

    def of(self, *kinds: str) -> Iterator[Part]:
        for kind in kinds:
            for paper in self._files:
                if paper.kind == kind:
                    yield self._part(paper)

    def _part(self, paper: CaseFile) -> Part:
        data, name = file_bytes(paper), file_name(paper)
        part = Part(f"{FILE_KINDS[paper.kind]}：{name}", timezone.localtime(paper.added_at).date())
        kind = _KINDS.get(paper.media_type)
        if kind is not None and self._bound + len(data) <= MOST_BOUND:
            self._bound += len(data)
            for made in run_many("gongkai.foi.binding:plain_pages", [(data, kind)], limits=_READING):
                if not isinstance(made, Unreadable) and made["pages"]:
                    return replace(part, pdf=made["pdf"], pages=made["pages"])
        safe = _UNSAFE.sub("_", name)
        left = replace(part, original=f"{len(self.left) + 1:02d}-{safe}")
        self.left.append((left, data))
        return left

    def zipped(self) -> bytes:
        """The originals that are not bound in; empty where there is none."""
        if not self.left:
            return b""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for part, data in self.left:
                packed.writestr(zipfile.ZipInfo(part.original, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _listed(left: Sequence[tuple[Part, bytes]]) -> Part:
    """A page that names every original in the ZIP, with its digest."""
    rows = tuple(
        (
            str(n),
            f"{part.title}\n压缩包内：{part.original}\nSHA-256：{hashlib.sha256(data).hexdigest()}",
            f"{len(data):,}字节",
        )
        for n, (part, data) in enumerate(left, start=1)
    )
    record = Record("未装订的原件", None, rows, ("序号", "材料", "大小"))
    pdf = _page(record)
    return Part(record.title, None, pdf, page_count(pdf))
