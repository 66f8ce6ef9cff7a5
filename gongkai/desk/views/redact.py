"""The redaction desk: decide what is covered in an attachment of a draft, add places, make the copy anew."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.desk.forms import redact as forms
from gongkai.desk.pages import redact as page
from gongkai.desk.pages.redact_parts import look, spot_of
from gongkai.desk.screens import crumbs, refused, screen, words
from gongkai.desk.views.editor import DRAFTER, open_draft
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions import redact_attachment as acts
from gongkai.disclosure.models import DraftAttachment, Item
from gongkai.disclosure.queries.desk import item_for
from gongkai.files.copies.making import Base
from gongkai.files.queries import read
from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.models import Redaction
from gongkai.scanning.queries import progress
from gongkai.scanning.redacting import base_reading


def attachment(item: Item, order: int) -> DraftAttachment:
    """The file with its copy and forms; 404 where there is none."""
    rows = DraftAttachment.objects.select_related("blob", "original", "base", "copy__redaction", "draft")
    return rows.get(draft__item=item, order=order)


@require_safe
@staff
def redact(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """The screen, from the page, row or line that is asked for."""
    item = item_for(code, me.held)
    attached = attachment(item, order)
    try:
        open_draft(me, item)
    except Refusal as refusal:
        return refused(request, refusal, "desk:item", code)
    return _screen(request, me, item, attached)


def _screen(
    request: HttpRequest, me: Me, item: Item, attached: DraftAttachment, *, status: int = 200, **typed: Any
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    try:
        context = page.redact_page(
            me, item, attached, at=forms.whole(asked.get("at")), sheet=asked.get("sheet", ""),
            entries_from=forms.whole(asked.get("marks")), typed=typed,
        )  # fmt: skip
    except Refusal as refusal:  # the kept form of the file could not be read this time
        return refused(request, refusal, "desk:edit", item.code)
    context["crumbs"] = crumbs(
        (item.working_title, reverse("desk:item", args=[item.code])),
        (_("拟稿"), reverse("desk:edit", args=[item.code])),
        (_("处理附件"), ""),
    )
    return screen(request, me, "desk/redact/desk.html", context, section="items", status=status)


def _back(request: HttpRequest, code: str, order: int, fragment: str) -> HttpResponse:
    """To the same page, rows or lines that were on the screen."""
    kept = {name: request.POST[name] for name in ("at", "sheet", "marks") if request.POST.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{reverse('desk:redact', args=[code, order])}{query}#{fragment}")


@require_POST
@staff
def decide_mark(request: HttpRequest, me: Me, code: str, order: int, number: int) -> HttpResponse:
    """遮盖 on a ground, or 不遮盖 with the reason. Asked for by the script it answers with the entry alone."""
    item = item_for(code, me.held)
    attached = attachment(item, order)
    actor = me.acting(DRAFTER, item)
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
    try:
        open_draft(me, item)
        match decision:
            case "accept":
                acts.accept_attachment_mark(
                    item.pk, order, number, ground=forms.chosen_ground(request.POST), actor=actor, at=me.at
                )
            case "remove":
                acts.remove_attachment_mark(item.pk, order, number, reason=reason, actor=actor, at=me.at)
            case _:
                raise Refusal(Refused("decision_missing", _("请选择遮盖或者不遮盖。")))
    except Refusal as refusal:
        typed = {"number": number, "ground": request.POST.get("ground", ""), "reason": reason, "error": words(refusal)}
        if _by_script(request):
            return _entry(request, item, attached, number, status=422, typed=typed)
        if attached.copy is None or not attached.copy.redaction.marks.filter(number=number).exists():
            return refused(request, refusal, "desk:edit", code)
        messages.error(request, words(refusal))
        return _screen(request, me, item, attached, status=422, **typed)
    if _by_script(request):
        return _entry(request, item, attached, number)
    return _back(request, code, order, f"mark-{number}")


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _entry(
    request: HttpRequest, item: Item, attached: DraftAttachment, number: int, *, status: int = 200,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The entry as it stands now, the counts, and what the foot of the page says."""
    assert attached.copy is not None
    redaction = attached.copy.redaction
    mark = redaction.marks.select_related("by").filter(number=number).first()
    if mark is None:
        return JsonResponse({"sentence": typed["error"] if typed else ""}, status=404)
    now = progress(redaction, attached.copy)
    value = page.entry(
        item, attached.order, mark, text=_text(redaction, attached), typed=typed, at=forms.whole(request.POST.get("at")),
        sheet=request.POST.get("sheet", ""),
    )  # fmt: skip
    copy = page.copy_facts(attached.copy, now)
    return JsonResponse(
        {
            "entry": render_to_string("desk/redact/_mark.html", {"mark": value}, request),
            "look": look(mark.state, mark.severity),
            "tally": render_to_string("desk/redact/_tally.html", {"tally": page.tally(now)}, request),
            "copy": render_to_string(
                "desk/redact/_copy.html", {"copy": copy, "item": item, "attached": attached}, request
            ),
        },
        status=status,
    )


def _text(redaction: Redaction, attached: DraftAttachment) -> str:
    """The text lines are counted in; only of plain texts."""
    if redaction.base_kind not in ("txt", "csv"):
        return ""
    return base_reading(_base(attached)).text


def _base(attached: DraftAttachment) -> Base:
    if attached.copy is None or attached.base is None:
        raise Refusal(Refused("no_copy", _("这个附件还没有副本，请先生成副本。")))
    return Base(read(attached.base), attached.copy.redaction.base_kind)


@require_POST
@staff
def accept_marks(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """全部遮盖: everything that is still undecided."""
    item = item_for(code, me.held)
    attached = attachment(item, order)
    try:
        open_draft(me, item)
        otherwise = forms.chosen_ground(request.POST)
        count = acts.accept_all_marks(item.pk, order, otherwise=otherwise, actor=me.acting(DRAFTER, item), at=me.at)
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return _screen(request, me, item, attached, status=422)
    messages.success(request, _("已决定遮盖 %(n)d 处。请核对后生成副本。") % {"n": count})
    return _back(request, code, order, "marks")


@require_POST
@staff
def add_mark(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """Places that no rule found: drawn, selected, ticked, or every place of the words that were typed."""
    item = item_for(code, me.held)
    attached = attachment(item, order)
    try:
        open_draft(me, item)
        ground = forms.chosen_ground(request.POST)
        places, origin = forms.chosen_places(request.POST, _base(attached))
        acts.mark_attachment(
            item.pk, order, places, origin=origin, ground=ground, reason="", actor=me.acting(DRAFTER, item), at=me.at
        )
    except Refusal as refusal:
        messages.error(request, words(refusal))
        typed = {"adding": words(refusal), "words": request.POST.get("words", ""),
                 "ground": request.POST.get("ground", "")}  # fmt: skip
        return _screen(request, me, item, attached, status=422, **typed)
    messages.success(request, _("已标出 %(n)d 处，生成副本时遮盖。") % {"n": len(places)})
    # Words may stand on another page than the one that was open.
    if "words" in request.POST:
        query, fragment = spot_of(places, _text(attached.copy.redaction, attached) if attached.copy else "")
        return redirect(f"{reverse('desk:redact', args=[code, order])}?{query}#{fragment}")
    return _back(request, code, order, "document")


@require_POST
@staff
def renew_copy(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """生成副本: covered, attacked, and only then put in the place of the former one."""
    item = item_for(code, me.held)
    try:
        open_draft(me, item)
        copy = acts.renew_copy(item.pk, order, actor=me.acting(DRAFTER, item), at=me.at)
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return _screen(request, me, item, attachment(item, order), status=422, copy_error=words(refusal))
    messages.success(
        request, _("已生成第 %(n)d 份副本，系统用几种读取方法核对过，没有找到遮盖和隐藏的内容。") % {"n": copy.number}
    )
    return _back(request, code, order, "copy")
