"""Originals, their pages, and original and copy side by side. Only for staff of the item; nothing here is public.

The form that is marked leaves this house as pictures of single pages; the original only as a download.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.desk.forms.redact import whole
from gongkai.desk.pages.beside import beside_page
from gongkai.desk.pages.redact import WITH_PAGES
from gongkai.desk.pages.review import actor_for
from gongkai.desk.screens import crumbs, done, refused, screen
from gongkai.desk.views.files import served
from gongkai.desk.views.redact import attachment
from gongkai.desk.views.review import NOT_IN_REVIEW, text_in_review
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.redact_attachment import confirm_attachment
from gongkai.disclosure.models import DraftAttachment, Item, VersionAttachment
from gongkai.disclosure.queries.desk import case_of_version, item_for
from gongkai.files.models import Blob
from gongkai.files.queries import read
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run
from gongkai.files.sniff import KINDS
from gongkai.law.review import SECRECY_STEP
from gongkai.law.verdicts import Refusal
from gongkai.review.queries import standing

DPI = 96
LIMITS = Limits(seconds=30, memory=1024 * 1024 * 1024)
Attached = DraftAttachment | VersionAttachment


def _of_version(item: Item, number: int, order: int) -> VersionAttachment:
    rows = VersionAttachment.objects.select_related("blob", "original", "base", "copy__redaction")
    return rows.get(version__item=item, version__number=number, order=order)


@require_safe
@staff
def original(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """What was handed in with the draft, as it was."""
    return _original(attachment(item_for(code, me.held), order))


@require_safe
@staff
def version_original(request: HttpRequest, me: Me, code: str, number: int, order: int) -> HttpResponse:
    """The original of a file that was frozen with a version."""
    return _original(_of_version(item_for(code, me.held), number, order))


def _original(attached: Attached) -> HttpResponse:
    if attached.original is None or attached.copy is None:
        raise Http404
    suffix = KINDS[attached.copy.redaction.kind].suffixes[0]
    return served(attached.original, _("原件-%(name)s%(suffix)s") % {"name": attached.title, "suffix": suffix})


@require_safe
@staff
def file_page(request: HttpRequest, me: Me, code: str, order: int, side: str, page: int) -> HttpResponse:
    """One page of the original's form or of the copy as a picture."""
    return _page(attachment(item_for(code, me.held), order), side, page)


@require_safe
@staff
def version_page(
    request: HttpRequest, me: Me, code: str, number: int, order: int, side: str, page: int
) -> HttpResponse:
    """The same of a file of a version."""
    return _page(_of_version(item_for(code, me.held), number, order), side, page)


def _page(attached: Attached, side: str, page: int) -> HttpResponse:
    return picture_of(*_side(attached, side, page), page)


def picture_of(data: bytes, kind: str, page: int) -> HttpResponse:
    """A page drawn in the sandbox; a reading that is refused is told in words."""
    try:
        if kind == "pdf":
            [drawn] = run("gongkai.files.copies.pdf:look", data, [page], DPI, limits=LIMITS)
        else:
            drawn = run("gongkai.files.copies.image:copy", data, [], limits=LIMITS)
    except Unreadable as refusal:
        return HttpResponse(refusal.sentence, status=422, content_type="text/plain; charset=utf-8")
    made = HttpResponse(drawn, content_type="image/jpeg" if drawn[:2] == b"\xff\xd8" else "image/png")
    made["X-Content-Type-Options"] = "nosniff"
    return made


def _side(attached: Attached, side: str, page: int) -> tuple[bytes, str]:
    """Bytes and kind of the side that is asked for; 404 for what has no such page."""
    if attached.copy is None or attached.base is None:
        raise Http404
    redaction = attached.copy.redaction
    sides: dict[str, tuple[Blob, str]] = {
        "original": (attached.base, redaction.base_kind),
        "copy": (attached.blob, attached.copy.kind),
    }
    blob, kind = sides.get(side, (None, ""))
    if blob is None or kind not in WITH_PAGES or not 1 <= page <= len(redaction.pages):
        raise Http404
    return read(blob), kind


@require_safe
@staff
def file_lines(request: HttpRequest, me: Me, code: str, order: int, page: int) -> HttpResponse:
    """The lines of one page with the place of every letter, for selecting; none where the page is a picture."""
    return letters_of(*_side(attachment(item_for(code, me.held), order), "original", page), page)


def letters_of(data: bytes, kind: str, page: int) -> HttpResponse:
    """Lines with the place of every letter; what cannot be read has none."""
    try:
        lines = run("gongkai.files.copies.lines:lines", data, page, limits=LIMITS) if kind == "pdf" else []
    except Unreadable:
        lines = []
    return JsonResponse({"lines": lines})


@require_safe
@staff
def beside(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """Original and copy of a draft's file."""
    item = item_for(code, me.held)
    return _beside(request, me, item, attachment(item, order), 0)


@require_safe
@staff
def version_beside(request: HttpRequest, me: Me, code: str, number: int, order: int) -> HttpResponse:
    """Original and copy of a version's file, for those who review it."""
    item = item_for(code, me.held)
    return _beside(request, me, item, _of_version(item, number, order), number)


def _beside(request: HttpRequest, me: Me, item: Item, attached: Attached, number: int) -> HttpResponse:
    if attached.copy is None or attached.base is None:
        raise Http404
    back = (
        (_("审查"), reverse("desk:review", args=[item.code]))
        if number
        else (_("处理附件"), reverse("desk:redact", args=[item.code, attached.order]))
    )
    try:
        context = beside_page(
            item, attached, at=whole(request.GET.get("at")), sheet=request.GET.get("sheet", ""), number=number
        )
    except Refusal as refusal:
        return refused(request, refusal, "desk:item", item.code)
    context["back"] = back
    context["crumbs"] = crumbs(
        (item.working_title, reverse("desk:item", args=[item.code])), back, (_("原件和副本"), "")
    )
    return screen(request, me, "desk/redact/beside.html", context, section="items")


@require_POST
@staff
def confirm_copy(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """确认副本: the confidentiality reviewer held the copy beside the original and found it right."""
    item = item_for(code, me.held)
    version = text_in_review(item)
    try:
        if version is None:
            raise Refusal(NOT_IN_REVIEW)
        case = case_of_version(version)
        now = standing(case) if case else None
        row = next((r for r in now.rows if r.code == SECRECY_STEP), None) if now else None
        actor = (actor_for(me, row, now) if row and now else None) or me.held[0]
        confirm_attachment(version.pk, order, actor=actor, at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:review", code)
    return done(request, _("已确认副本与原件相符，可以公开。"), "desk:review", code)
