"""便民手册 for everybody: the list, and the newest edition of each while its texts stand."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.channels.handbooks.queries import obtainable, published
from gongkai.files.queries import path_of
from gongkai.portal.views import shapes


@require_safe
def handbooks(request: HttpRequest) -> HttpResponse:
    """Every published handbook with its newest edition; one that is being made anew says so."""
    today = timezone.localdate()
    rows = []
    for handbook in published():
        edition = obtainable(handbook, on=today)
        rows.append(
            {
                "title": handbook.title,
                "subtitle": handbook.subtitle,
                "agency": handbook.organ.name,
                "url": reverse("portal:handbook", args=[handbook.pk]) if edition else "",
                "number": edition.number if edition else 0,
                "made_on": timezone.localtime(edition.made_at).date() if edition else None,
                "pages": edition.pages if edition else 0,
                "size": edition.blob.size if edition and edition.blob else 0,
            }
        )
    context = {
        "section": "guide",
        "crumbs": shapes.crumbs((_("公开指南"), reverse("portal:guide")), (_("便民手册"), "")),
        "column": {
            "name": _("便民手册"), "description": _("办事指南和便民信息汇编，可以下载、打印"),
            "keywords": "政府信息公开,便民手册", "kind": "指南",
        },
        "rows": rows,
    }  # fmt: skip
    return render(request, "portal/handbooks.html", context)


@require_safe
def handbook(request: HttpRequest, number: int) -> FileResponse:
    """The newest edition; none while one of its texts is not the public one any more. Former editions have no address."""
    found = published(number).first()
    edition = obtainable(found, on=timezone.localdate()) if found is not None else None
    if found is None or edition is None or edition.blob is None or not path_of(edition.blob.digest).exists():
        raise Http404
    response = FileResponse(
        path_of(edition.blob.digest).open("rb"), as_attachment=True, filename=f"{found.title}-第{edition.number}版.pdf",
        content_type="application/pdf",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # Asked anew each time: what was taken down must not come from somebody's store.
    response["Cache-Control"] = "no-cache"
    response["ETag"] = f'"{edition.blob.digest}"'
    return response
