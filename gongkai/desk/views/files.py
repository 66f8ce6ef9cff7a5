"""Files of drafts and versions in the desk: put in, take out, read. None of these addresses is public."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.desk.screens import done, refused, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.editor import DRAFTER, open_draft
from gongkai.desk.views.intake import take_attachment, take_image
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.attachments import remove_attachment
from gongkai.disclosure.models import DraftAttachment, VersionAttachment
from gongkai.disclosure.queries.desk import item_for
from gongkai.files.models import Blob
from gongkai.files.queries import path_of
from gongkai.law.verdicts import Refusal


@require_POST
@in_memory
@staff
def add_image(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """An image for the body; answers with the address to show it under."""
    item = item_for(code, me.held)
    try:
        open_draft(me, item)
        stored = take_image(request.FILES.get("file"), item, me)
    except Refusal as refusal:
        return JsonResponse({"sentence": words(refusal)}, status=422)
    return JsonResponse({"url": reverse("desk:image", args=[code, stored.blob_id])})


@require_POST
@in_memory
@staff
def add_file(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """An attachment below the text."""
    item = item_for(code, me.held)
    try:
        open_draft(me, item)
        added, warnings = take_attachment(request.FILES.get("file"), request.POST.get("title", ""), item, me)
    except Refusal as refusal:
        return refused(request, refusal, "desk:edit", code)
    for warning in warnings:
        messages.warning(request, f"{added.filename}：{warning}")
    return done(request, _("已添加附件：%(name)s") % {"name": added.filename}, "desk:edit", code)


@require_POST
@staff
def remove_file(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """Take an attachment off the draft."""
    item = item_for(code, me.held)
    try:
        open_draft(me, item)
        remove_attachment(item.pk, order, actor=me.acting(DRAFTER, item), at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:edit", code)
    return done(request, _("已移除附件。"), "desk:edit", code)


@require_safe
@staff
def image(request: HttpRequest, me: Me, code: str, digest: str) -> HttpResponse:
    """An image of the item's draft or of any of its versions."""
    item = item_for(code, me.held)
    found = (
        DraftAttachment.objects.filter(draft__item=item, inline=True, blob_id=digest).select_related("blob").first()
        or VersionAttachment.objects.filter(version__item=item, inline=True, blob_id=digest)
        .select_related("blob")
        .first()
    )
    return _served(found, as_attachment=False)


@require_safe
@staff
def file(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """An attachment of the draft."""
    item = item_for(code, me.held)
    return _served(DraftAttachment.objects.filter(draft__item=item, order=order).select_related("blob").first())


@require_safe
@staff
def version_file(request: HttpRequest, me: Me, code: str, number: int, order: int) -> HttpResponse:
    """An attachment as it was frozen with a version."""
    item = item_for(code, me.held)
    rows = VersionAttachment.objects.filter(version__item=item, version__number=number, order=order)
    return _served(rows.select_related("blob").first())


def _served(found: DraftAttachment | VersionAttachment | None, *, as_attachment: bool = True) -> HttpResponse:
    """The copy of a file: what these addresses give is what the public would get."""
    if found is None:
        raise Http404
    return served(found.blob, found.filename, as_attachment=as_attachment)


def served(blob: Blob, filename: str, *, as_attachment: bool = True) -> HttpResponse:
    """The bytes with the type they were found to have; never run or drawn by the browser as a page."""
    response = FileResponse(
        path_of(blob.digest).open("rb"), as_attachment=as_attachment, filename=filename, content_type=blob.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response  # type: ignore[return-value]
