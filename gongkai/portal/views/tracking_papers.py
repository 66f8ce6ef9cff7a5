"""Documents of one's own case: those issued along the way, the reply and its files. Sent once, kept by no cache."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongkai.files.sniff import KINDS as FILE_TYPES
from gongkai.foi.documents import Document, to_docx, to_html, to_pdf
from gongkai.foi.models import CaseFile, FoiRequest, IssuedPaper
from gongkai.foi.queries.papers import paper_document, reply_document
from gongkai.foi.queries.progress import Progress, against, open_papers, progress, reply_files
from gongkai.foi.queries.sealed import file_bytes, file_name
from gongkai.portal.views.tracking_clock import paper_name
from gongkai.portal.views.tracking_page import contact, head, supervisor
from gongkai.portal.views.tracking_session import frame, own_case

PDF = "application/pdf"
DOCX = FILE_TYPES["docx"].media_type
_SUFFIX = {kind.media_type: kind.suffixes[0] for kind in FILE_TYPES.values()}


def download(data: bytes, media_type: str, filename: str) -> HttpResponse:
    """A file for saving. `filename` is one of our own words: nobody's name stands in it."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _document(document: Document, suffix: str, name: str) -> HttpResponse:
    match suffix:
        case "pdf":
            return download(to_pdf(document), PDF, f"{name}.pdf")
        case "docx":
            return download(to_docx(document), DOCX, f"{name}.docx")
        case _:
            raise Http404


# Documents issued along the way ----------------------------------------------------------------------------------


def _paper(seen: Progress, serial: int) -> IssuedPaper:
    paper = next((p for p in open_papers(seen) if p.serial == serial), None)
    if paper is None:
        raise Http404
    return paper


@own_case("GET")
def paper(request: HttpRequest, case: FoiRequest, at: datetime, serial: int) -> HttpResponse:
    """查看告知书: one document as it was issued."""
    seen = progress(case, today=at.date())
    found = _paper(seen, serial)
    title = paper_name(found)
    shown = {"title": title, "letter": to_html(paper_document(found)), "serial": serial, "contact": contact(seen)}
    return render(request, "portal/track_paper.html", frame(title) | head(seen) | shown)


@own_case("GET")
def paper_file(request: HttpRequest, case: FoiRequest, at: datetime, serial: int, suffix: str) -> HttpResponse:
    found = _paper(progress(case, today=at.date()), serial)
    return _document(paper_document(found), suffix, paper_name(found))


# The reply -------------------------------------------------------------------------------------------------------


@own_case("GET")
def reply(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """接收答复: letter, stamped copy and files where it was delivered online; else how and when it was sent."""
    seen = progress(case, today=at.date())
    title = _("答复")
    shown = {"title": title, "contact": contact(seen), "delivery": seen.delivery, "supervisor": supervisor(seen)}
    if seen.delivery is not None and seen.delivery.by == "online":
        shown |= {
            "letter": to_html(reply_document(seen.delivery.version)),
            "sealed": seen.delivery.version.sealed_copy.file,
            "files": [_told(n, kept) for n, kept in enumerate(reply_files(seen.delivery), start=1)],
            "found": against(seen),
            "may_rate": "rate" in seen.verbs,
        }
    return render(request, "portal/track_reply.html", frame(title) | head(seen) | shown)


def _told(n: int, kept: CaseFile) -> dict[str, object]:
    return {"n": n, "name": file_name(kept), "size": kept.size}


def _delivered_online(case: FoiRequest, at: datetime) -> Progress:
    """Only what was delivered online is here; anything else is as if it were not there."""
    seen = progress(case, today=at.date())
    if seen.delivery is None or seen.delivery.by != "online":
        raise Http404
    return seen


@own_case("GET")
def reply_letter(request: HttpRequest, case: FoiRequest, at: datetime, suffix: str) -> HttpResponse:
    seen = _delivered_online(case, at)
    assert seen.delivery is not None
    return _document(reply_document(seen.delivery.version), suffix, _("答复书"))


@own_case("GET")
def reply_sealed(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """The stamped letter as scanned."""
    seen = _delivered_online(case, at)
    assert seen.delivery is not None
    return _kept(seen.delivery.version.sealed_copy.file, _("答复书（盖章件）"))


@own_case("GET")
def reply_file(request: HttpRequest, case: FoiRequest, at: datetime, order: int) -> HttpResponse:
    seen = _delivered_online(case, at)
    assert seen.delivery is not None
    files = reply_files(seen.delivery)
    if not 1 <= order <= len(files):
        raise Http404
    return _kept(files[order - 1], _("附件%(n)s") % {"n": order})


def _kept(paper: CaseFile, name: str) -> HttpResponse:
    return download(file_bytes(paper), paper.media_type, name + _SUFFIX.get(paper.media_type, ""))
