"""The draft editor: open, save, save by itself, take or drop a guess, take in a Word file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.desk.forms.draft import FIELD_OF, DraftForm, initial_of
from gongkai.desk.pages import editor as page
from gongkai.desk.pages.guesses import guesses
from gongkai.desk.pages.images import from_desk, to_desk
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.intake import take_word_file
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.presence import note_presence
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.models import Draft, Item
from gongkai.disclosure.queries.desk import draft_of, item_for
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.web.wording import time_of_day

DRAFTER = ("drafter",)
MOVED_ON = "draft_moved_on"


def open_draft(me: Me, item: Item) -> Draft:
    """The draft this person may edit now, or `Refusal` with the reason."""
    if me.able(DRAFTER, item) is None:
        raise Refusal(Refused("not_your_post", _("草稿由责任科室的拟稿人修改，您可以查看。")))
    require(moves.may("edit", work=item.work, public=item.public))
    draft = draft_of(item)
    if draft is None:
        raise Refusal(Refused("no_draft", _("这条信息现在没有草稿。")))
    return draft


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The form with the stored draft; a POST saves it, and goes on to the check before review where asked."""
    item = item_for(code, me.held)
    try:
        draft = open_draft(me, item)
    except Refusal as refusal:
        if request.method == "POST":
            return _lost_nothing(request, me, item, refusal)
        return refused(request, refusal, "desk:item", code)
    if request.method == "GET":
        form = DraftForm(item, initial=initial_of(draft, item) | {"body": to_desk(draft.body, item)})
        return _screen(request, me, item, draft, form)
    form = DraftForm(item, request.POST, initial=initial_of(draft, item))
    if not form.is_valid():
        return _screen(request, me, item, draft, form, status=422)
    try:
        saved, warnings = _save(me, item, draft, form)
    except Refusal as refusal:
        if refusal.code == MOVED_ON:
            return _conflict(request, me, item, refusal)
        form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        return _screen(request, me, item, draft, form, status=422)
    for warning in warnings:
        messages.warning(request, warning)
    if "submit" in request.POST:
        return redirect("desk:submit", code)
    if "preview" in request.POST:
        return redirect("desk:preview", code)
    sentence = _("已保存 %(time)s。") % {"time": time_of_day(me.at)} if saved else _("没有改动，草稿与上次保存的相同。")
    return done(request, sentence, "desk:edit", code)


def _save(me: Me, item: Item, draft: Draft, form: DraftForm) -> tuple[Draft | None, tuple[str, ...]]:
    """Save the columns that differ; None when there are none. `draft` is the row the columns are compared with."""
    warnings: tuple[str, ...] = ()
    if "body" in form.cleaned_data:
        form.cleaned_data["body"], warnings = from_desk(form.cleaned_data["body"], item)
    changes = form.changes(draft, item)
    if not changes:
        return None, warnings
    based_on = form.cleaned_data.get("based_on", 0)
    saved = save_draft(item.pk, changes, based_on=based_on, actor=me.acting(DRAFTER, item), at=me.at, today=me.today)
    return saved, warnings


def _screen(
    request: HttpRequest, me: Me, item: Item, draft: Draft, form: DraftForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    others = note_presence(draft, me.person, at=me.at)
    context = page.surroundings(item, draft, me.today, set(request.session.get(f"dropped:{item.code}", [])))
    context |= {"form": form, "others": others, "crumbs": crumbs((item.working_title, _address(item)), (_("拟稿"), ""))}
    return screen(request, me, "desk/edit.html", context | more, section="items", status=status)


def _address(item: Item) -> str:
    return reverse("desk:item", args=[item.code])


def _conflict(request: HttpRequest, me: Me, item: Item, refusal: Refusal) -> HttpResponse:
    """Somebody saved meanwhile: both texts side by side, this person's in the form, based on the newest revision."""
    item = item_for(item.code, me.held)
    draft = open_draft(me, item)
    data = request.POST.copy()
    data["based_on"] = str(draft.revision)
    form = DraftForm(item, data, initial=initial_of(draft, item))
    form.is_valid()
    form.cleaned_data["body"], _warnings = from_desk(form.cleaned_data.get("body", ""), item)
    mine = form.changes(draft, item)
    both = page.conflict(form, item, draft, mine)
    return _screen(request, me, item, draft, form, status=409, conflict=both, sentence=words(refusal))


def _lost_nothing(request: HttpRequest, me: Me, item: Item, refusal: Refusal) -> HttpResponse:
    """The draft was sent to review or given up meanwhile: what was typed is shown to be copied, not stored."""
    context = {
        "item": item,
        "sentence": words(refusal),
        "title": request.POST.get("title", ""),
        "body": request.POST.get("body", ""),
        "crumbs": crumbs((item.working_title, _address(item)), (_("没有保存的文字"), "")),
    }
    return screen(request, me, "desk/not_saved.html", context, section="items", status=409)


@require_POST
@staff
def autosave(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Save what is valid so far and tell who else is here. Answers in JSON; `state` is saved, same, moved_on or refused."""
    item = item_for(code, me.held)
    try:
        draft = open_draft(me, item)
    except Refusal as refusal:
        return JsonResponse({"state": "refused", "sentence": words(refusal)}, status=409)
    others = note_presence(draft, me.person, at=me.at)
    form = DraftForm(item, request.POST, initial=initial_of(draft, item))
    form.is_valid()
    try:
        saved, warnings = _save(me, item, draft, form)
    except Refusal as refusal:
        state = "moved_on" if refusal.code == MOVED_ON else "refused"
        answer = {"state": state, "sentence": words(refusal), "others": others}
        return JsonResponse(answer, status=409 if state == "moved_on" else 422)
    row = saved or draft
    return JsonResponse(
        {
            "state": "saved" if saved else "same",
            "revision": row.revision,
            "saved_at": time_of_day(row.saved_at),
            "others": others,
            "warnings": warnings,
            "errors": {name: " ".join(str(e) for e in errors) for name, errors in form.errors.items()},
        }
    )


@require_POST
@staff
def presence(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Tell that the draft is still open here, and who else has it."""
    item = item_for(code, me.held)
    try:
        draft = open_draft(me, item)
    except Refusal as refusal:
        return JsonResponse({"state": "refused", "sentence": words(refusal)}, status=409)
    others = note_presence(draft, me.person, at=me.at)
    return JsonResponse({"others": others, "revision": draft.revision})


@require_POST
@staff
def guess(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Take one offered value into the draft, or do not offer it again in this session."""
    item = item_for(code, me.held)
    try:
        draft = open_draft(me, item)
        name = request.POST.get("take") or request.POST.get("drop", "")
        offered = {g.name: g for g in guesses(draft)}
        if name not in offered:
            raise Refusal(Refused("guess_gone", _("正文已经改动，这一项不再适用，请看最新的提示。")))
        chosen = offered[name]
        if "take" not in request.POST:
            key = f"dropped:{item.code}"
            request.session[key] = [*request.session.get(key, []), f"{chosen.name}={chosen.value}"]
            return redirect("desk:edit", code)
        save_draft(
            item.pk, {name: chosen.value}, based_on=draft.revision, actor=me.acting(DRAFTER, item), at=me.at,
            today=me.today,
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, "desk:edit", code)
    return done(request, _("已采用：%(label)s") % {"label": chosen.label}, "desk:edit", code)


@require_POST
@in_memory
@staff
def upload(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """A Word file as the text of the draft. Replaces the body; the former one stays while anything is refused."""
    item = item_for(code, me.held)
    try:
        draft = open_draft(me, item)
        sent = request.POST.get("based_on") or str(draft.revision)
        based_on = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
        warnings = take_word_file(request.FILES.get("file"), item, based_on, me)
    except Refusal as refusal:
        return refused(request, refusal, "desk:edit", code)
    for warning in warnings:
        messages.warning(request, warning)
    return done(request, _("已读入文件的文字，请核对后再送审。"), "desk:edit", code)
