"""Put files into a request, read them, read and download the documents that were issued."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.desk.forms.foi.files import AddFilesForm
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.papers import PERSONAL
from gongkai.desk.pages.foi.rights import handled
from gongkai.desk.pages.foi.step import covered
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.foi.step import FILES
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.add_file import ROLES as ADDERS
from gongkai.foi.actions.add_files import add_files
from gongkai.foi.actions.reveal import ROLES as REVEALERS
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.documents import to_html
from gongkai.foi.queries.papers import paper_document, papers_of
from gongkai.foi.queries.sealed import file_bytes, file_name, particulars
from gongkai.law.verdicts import Refusal, Refused


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def add(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Papers of one kind, all of them or none."""
    case, actor = handled(me, number, ADDERS, whole=True)
    form = AddFilesForm(request.POST or None, request.FILES or None)
    problem, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                added = add_files(number, values["files"], kind=values["kind"], actor=actor, at=me.at)
            except Refusal as refusal:
                problem = words(refusal)
            else:
                return done(request, _("已存入 %(n)d 份材料。") % {"n": len(added)}, "desk:case", number)
    context = {"case": case, "title": title(case), "form": form, "problem": problem}
    context["crumbs"] = _crumbs(number, _("存入材料"))
    return screen(request, me, "desk/foi/add_files.html", context, section="foi", status=status)


@require_http_methods(["GET", "POST"])
@staff
def file(request: HttpRequest, me: Me, number: str, pk: int) -> HttpResponse:
    """A file; one with the applicant's data is opened by a button, and each look is a fact."""
    case, actor = handled(me, number, whole=True)
    found = case.files.select_related("blob", "request__key").get(pk=pk)
    if found.kind in PERSONAL:
        case, actor = handled(me, number, REVEALERS, whole=True)
        if request.method == "GET":
            said = Refused("open_by_button", _("这份材料含有申请人信息，请在案卷页面用按钮打开，每次查看都留有记录。"))
            return refused(request, Refusal(said), "desk:case", number)
        reveal(number, actor=actor, at=me.at)
    return _served(file_bytes(found), file_name(found), found.media_type)


@require_safe
@staff
def paper(request: HttpRequest, me: Me, number: str, serial: int) -> HttpResponse:
    """A document as issued, with the applicant's data covered."""
    case, _actor = handled(me, number, REVEALERS, whole=True)
    found = papers_of(case).get(serial=serial)
    document = paper_document(found)
    context: dict[str, Any] = {
        "case": case,
        "paper": found,
        "heading": document.title,
        "html": to_html(covered(document, particulars(case.applicant))),
        "crumbs": _crumbs(number, document.title),
    }
    return screen(request, me, "desk/foi/paper.html", context, section="foi")


@require_POST
@staff
def paper_file(request: HttpRequest, me: Me, number: str, serial: int, form: str) -> HttpResponse:
    """The whole document as .docx or PDF; each download is a fact."""
    case, actor = handled(me, number, REVEALERS, whole=True)
    if form not in FILES:
        raise ObjectDoesNotExist(form)
    document = paper_document(papers_of(case).get(serial=serial))
    reveal(number, actor=actor, at=me.at)
    write, media_type = FILES[form]
    return _served(write(document), f"{document.title}-{number}.{form}", media_type)


def _crumbs(number: str, here: str) -> list[dict[str, str]]:
    return crumbs((_("依申请公开"), reverse("desk:cases")), (number, reverse("desk:case", args=[number])), (here, ""))


def _served(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes for saving; never run or drawn by the browser as a page."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
