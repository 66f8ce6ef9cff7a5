"""维护: what has to be looked at, one look, what was found wrong, giving an item to another section."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.desk.forms.upkeep import HandOverForm, LookForm
from gongkai.desk.pages import upkeep as page
from gongkai.desk.screens import UPKEEP, crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.hand_over import MAY_HAND_OVER
from gongkai.disclosure.actions.hand_over import hand_over as give
from gongkai.disclosure.actions.look import still_right
from gongkai.disclosure.queries.desk import item_for
from gongkai.disclosure.queries.looks import may_look
from gongkai.files.sniff import KINDS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.reporting.actions.find import end_of_item, refresh
from gongkai.reporting.found import open_findings
from gongkai.reporting.sheets import findings_sheet
from gongkai.web.wording import full_date


@require_safe
@staff
def upkeep(request: HttpRequest, me: Me) -> HttpResponse:
    """What is due for a look, or will be within a month."""
    _sees(me)
    context = page.looks_page(me, request.GET) | {"crumbs": crumbs((_("维护"), ""))}
    return screen(request, me, "desk/upkeep.html", context, section="upkeep")


@require_safe
@staff
def findings(request: HttpRequest, me: Me) -> HttpResponse:
    """What was found wrong with released items, and the same as a table."""
    _sees(me)
    context = page.findings_page(me, request.GET)
    if request.GET.get("export"):
        kind = context["kind"].code if context["kind"] else ""
        name = _("发现的问题") + f"-{me.today:%Y%m%d}.xlsx"
        return HttpResponse(
            findings_sheet(open_findings(held=me.held, kind=kind)),
            content_type=KINDS["xlsx"].media_type,
            headers={"Content-Disposition": content_disposition_header(True, name) or ""},
        )
    context["crumbs"] = crumbs((_("维护"), reverse("desk:upkeep")), (_("发现的问题"), ""))
    return screen(request, me, "desk/upkeep_findings.html", context, section="upkeep")


@require_POST
@staff
def check_now(request: HttpRequest, me: Me) -> HttpResponse:
    """Look for everything anew."""
    actor = next((actor for actor in me.held if actor.role in page.MAY_CHECK), None)
    if actor is None:
        raise PermissionDenied
    made = refresh(actor=actor, at=me.at)
    told = _("已重新检查：新发现 %(opened)d 个问题，%(ended)d 个已经解决。")
    return done(request, told % {"opened": made.opened, "ended": made.ended}, "desk:upkeep_findings")


@require_http_methods(["GET", "POST"])
@staff
def look(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """One text beside the questions. The text that was on the screen is the one that is said to be right."""
    item = item_for(code, me.held)
    release = page.released(item)
    if release is None:
        return refused(request, Refusal(_nothing()), "desk:item", code)
    form = LookForm(request.POST or None, initial={"digest": release.digest})
    if request.method == "POST" and form.is_valid():
        try:
            made = still_right(
                item.pk, reason=form.cleaned_data["reason"], read_digest=form.cleaned_data["digest"],
                actor=may_look(me.held, item) or me.acting((), item), at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("reason", words(refusal))
        else:
            end_of_item(item.pk, ["look_overdue"], at=me.at)
            told = _("已记录：内容仍然正确。下次复核：%(day)s。") % {"day": full_date(made.next_on)}
            return done(request, told, "desk:upkeep")
    context = page.look_page(me, item, release) | {
        "form": form,
        "crumbs": crumbs((_("维护"), reverse("desk:upkeep")), (_("复核"), "")),
    }
    return screen(request, me, "desk/look.html", context, section="upkeep", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff
def hand_over(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Another section of the organ answers for the item from now on."""
    item = item_for(code, me.held)
    if me.able(MAY_HAND_OVER, item) is None:
        sentence = _("您没有为本机关移交责任科室的岗位（合规审核、机关负责人），没有办理。")
        return refused(request, Refusal(Refused("not_your_post", sentence)), "desk:item", code)
    form = HandOverForm(request.POST or None, item=item, on=me.today)
    if request.method == "POST" and form.is_valid():
        try:
            given = give(
                item.pk, form.cleaned_data["section"], reason=form.cleaned_data["reason"],
                actor=me.acting(MAY_HAND_OVER, item), at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            end_of_item(item.pk, ["no_owner"], at=me.at)
            name = given.section.name if given.section else ""
            return done(request, _("已移交给%(name)s。") % {"name": name}, "desk:item", code)
    context = {
        "item": item,
        "form": form,
        "crumbs": crumbs((item.working_title, reverse("desk:item", args=[code])), (_("移交责任科室"), "")),
    }
    return screen(request, me, "desk/hand_over.html", context, section="upkeep", status=422 if form.errors else 200)


def _sees(me: Me) -> None:
    if not me.has(*UPKEEP):
        raise PermissionDenied


def _nothing() -> Refused:
    return Refused("nothing_to_look", _("这条信息现在没有公开的文本，不需要复核。"))
