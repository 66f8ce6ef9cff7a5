"""Texts to read: the draft and versions as the public would see them, and two versions compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.pages.difference import differences
from gongkai.desk.pages.preview import of_draft, of_version
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.who import Me, staff
from gongkai.disclosure.models import Draft
from gongkai.disclosure.queries.desk import draft_of, item_for


@require_safe
@staff
def preview(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The draft in the public frame."""
    item = item_for(code, me.held)
    draft = draft_of(item)
    if draft is None:
        raise Draft.DoesNotExist
    back = {"url": reverse("desk:edit", args=[code]), "title": _("回到草稿")}
    context = {"item": of_draft(item, draft, me.today), "back": back, "what": _("这是还没有送审的草稿。")}
    return screen(request, me, "desk/preview.html", context)


@require_safe
@staff
def version(request: HttpRequest, me: Me, code: str, number: int) -> HttpResponse:
    """A frozen version in the public frame."""
    item = item_for(code, me.held)
    found = item.versions.get(number=number)
    back = {"url": reverse("desk:item", args=[code]), "title": _("回到工作台")}
    context = {
        "item": of_version(item, found, me.today),
        "back": back,
        "what": _("这是第 %(n)d 版，文本已冻结。") % {"n": number},
    }
    return screen(request, me, "desk/preview.html", context)


@require_safe
@staff
def compare(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Differences between any two versions."""
    item = item_for(code, me.held)
    numbers = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    old, new = (item.versions.get(number=number) for number in numbers)
    context = {
        "item": item,
        "old": old,
        "new": new,
        "difference": {
            "title": _("第 %(a)d 版到第 %(b)d 版的差异") % {"a": old.number, "b": new.number},
            "rows": differences(old, new),
        },
        "crumbs": crumbs((item.working_title, reverse("desk:item", args=[code])), (_("比较两版"), "")),
    }
    return screen(request, me, "desk/compare.html", context, section="items")


def _number(text: str) -> int:
    """A version number from the address; 0, which no version has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0
