"""便民手册: the list, one handbook, its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import pick
from gongkai.channels.actions.handbooks import CHOOSERS, KEEPERS, change_handbook, open_handbook
from gongkai.channels.actions.handbooks import publish as set_published
from gongkai.channels.adapters import channel_of
from gongkai.channels.handbooks.book import NotPrinted, printed
from gongkai.channels.handbooks.contents import chapters, imprint, mark_of, places
from gongkai.channels.handbooks.queries import handbooks_for, named_and_not_chosen, newest, obtainable, outdated
from gongkai.channels.models import Edition, Handbook
from gongkai.desk.forms.papers import HandbookForm
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.views.files import served
from gongkai.desk.views.prints import runs_shown
from gongkai.desk.who import Me, staff
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.law.verdicts import Refusal, Refused

SHOWN = 20  # items of the catalogue that stand in no handbook, before the rest is only counted
FIELD_OF = {"title_missing": "title"}


def organs_of(me: Me) -> set[int] | None:
    """Organs whose handbooks this person may see; 403 for whoever works for none."""
    organs = visible_organs(me.held)
    if organs is not None and not organs:
        raise PermissionDenied
    return organs


def handbook_of(me: Me, number: int) -> Handbook:
    """One handbook; DoesNotExist both when there is none and when it is not theirs to see."""
    return handbooks_for(organs_of(me)).get(pk=number)


def acting(me: Me, roles: Sequence[str], organ_id: int) -> Actor:
    """The capacity for that organ; without one the first held, and the action refuses in its own words."""
    found = (pick(me.held, role=role, organ_id=organ_id) for role in roles)
    return next((actor for actor in found if actor is not None), me.held[0])


def may(me: Me, roles: Sequence[str], organ_id: int) -> bool:
    return any(pick(me.held, role=role, organ_id=organ_id) is not None for role in roles)


def kept_organs(me: Me, roles: Sequence[str]) -> list[Organ]:
    """Organs for which this person holds one of the roles."""
    return list(Organ.objects.filter(pk__in=[actor.organ_id for actor in me.held if actor.role in roles]))


@require_safe
@staff
def handbooks(request: HttpRequest, me: Me) -> HttpResponse:
    """All handbooks, what is out of date, and what the catalogue wants in one."""
    organs = organs_of(me)
    left_out = named_and_not_chosen(organs, channel_of("handbook").carriers)
    context = {
        "rows": [_row(handbook, me) for handbook in handbooks_for(organs)],
        "outdated": outdated(organs, on=me.today),
        "left_out": left_out[:SHOWN],
        "left_out_count": len(left_out),
        "may_open": bool(kept_organs(me, KEEPERS)),
        "missing": channel_of("handbook").missing(),
        "crumbs": crumbs((_("便民手册"), "")),
    }
    return screen(request, me, "desk/papers/handbooks.html", context, section="handbooks")


def _row(handbook: Handbook, me: Me) -> dict[str, Any]:
    edition = newest(handbook)
    return {
        "handbook": handbook,
        "items": handbook.chosen.count(),
        "edition": edition,
        "state": _state(handbook, edition, me),
    }


def _state(handbook: Handbook, edition: Edition | None, me: Me) -> str:
    if not handbook.published:
        return str(_("没有公开"))
    stands = places(handbook, on=me.today)
    if edition is not None and edition.made_from == mark_of(imprint(handbook), stands):
        return str(_("公开，内容最新")) if edition.blob_id else str(_("公开，没有可以收录的信息"))
    if obtainable(handbook, on=me.today) is not None:
        return str(_("公开，正在制作新版"))
    return str(_("正在制作新版，旧版已停止下载")) if edition else str(_("正在制作第一版"))


@require_http_methods(["GET", "POST"])
@staff
def new_handbook(request: HttpRequest, me: Me) -> HttpResponse:
    """Begin one."""
    organs = kept_organs(me, KEEPERS)
    if not organs:
        raise PermissionDenied
    form = HandbookForm(request.POST or None, organs=organs)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        organ = told.pop("organ")
        try:
            made = open_handbook(organ, told, actor=acting(me, KEEPERS, organ.pk), at=me.at)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        else:
            return done(
                request, _("已编制“%(t)s”，请选择收录的信息。") % {"t": made.title}, "desk:handbook_items", made.pk
            )
    return _form(request, me, form, _("编制手册"), _("编制"), None)


@require_http_methods(["GET", "POST"])
@staff
def change(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Cover, last page, paper and chapters."""
    handbook = handbook_of(me, number)
    now = {name: getattr(handbook, name) for name in ("title", "subtitle", "contact", "paper", "chapters")}
    form = HandbookForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_handbook(number, form.cleaned_data, actor=acting(me, KEEPERS, handbook.organ_id), at=me.at)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        else:
            return done(request, _("已保存。公开的手册会按新的封面重新制作。"), "desk:handbook", number)
    return _form(request, me, form, _("封面和版式"), _("保存"), handbook)


def _form(
    request: HttpRequest, me: Me, form: HandbookForm, title: str, verb: str, handbook: Handbook | None
) -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "crumbs": handbook_crumbs(handbook, title)}
    return screen(request, me, "desk/form.html", context, section="handbooks", status=422 if form.errors else 200)


def handbook_crumbs(handbook: Handbook | None, title: str) -> list[dict[str, str]]:
    path = [(_("便民手册"), reverse("desk:handbooks"))]
    if handbook is not None and title:
        path.append((handbook.title, reverse("desk:handbook", args=[handbook.pk])))
    return crumbs(*path, (title or (handbook.title if handbook else ""), ""))


@require_safe
@staff
def handbook(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """One handbook: what can be had, what was printed, what can be done."""
    found = handbook_of(me, number)
    stands = places(found, on=me.today)
    chosen = found.chosen.count()
    editions = list(found.editions.select_related("blob").prefetch_related("places").order_by("-number")[:20])
    context = {
        "handbook": found,
        "state": _state(found, editions[0] if editions else None, me),
        "obtainable": obtainable(found, on=me.today),
        "chosen": chosen,
        "absent": chosen - len(stands),
        "editions": editions,
        "runs": runs_shown(found, me),
        "printable": [edition for edition in editions if edition.blob_id],
        "keeps": may(me, KEEPERS, found.organ_id),
        "chooses": may(me, CHOOSERS, found.organ_id),
        "missing": channel_of("handbook").missing(),
        "crumbs": handbook_crumbs(found, ""),
    }
    return screen(request, me, "desk/papers/handbook.html", context, section="handbooks")


@require_POST
@staff
def publish(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """Let the public have it, or not any longer."""
    found = handbook_of(me, number)
    wanted = request.POST.get("published") == "yes"
    try:
        set_published(number, wanted, actor=acting(me, KEEPERS, found.organ_id), at=me.at, on=me.today)
    except Refusal as refusal:
        return refused(request, refusal, "desk:handbook", number)
    sentence = _("已公开，第一版做好以后就可以下载。") if wanted else _("已停止公开，网站上不能再下载。")
    return done(request, sentence, "desk:handbook", number)


@require_safe
@staff
def edition_file(request: HttpRequest, me: Me, number: int, edition: int) -> HttpResponse:
    """The PDF of any edition, for those who keep it; the public has the newest alone."""
    found = handbook_of(me, number).editions.select_related("blob").get(number=edition)
    if found.blob is None:
        raise Http404
    return served(found.blob, f"{found.handbook.title}-第{found.number}版.pdf")


@require_safe
@staff
def preview(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """The pages as they would be made now; nothing is kept."""
    found = handbook_of(me, number)
    stands = places(found, on=me.today)
    if not stands:
        return refused_words(request, _("手册里还没有可以收录的信息，没有可以预览的内容。"), number)
    try:
        book = printed(imprint(found), chapters(stands, on=me.today), number=0, on=me.today)
    except NotPrinted:
        return refused_words(request, _("预览没有做成，请稍后再试；仍不成功请告知系统管理员。"), number)
    disposition = content_disposition_header(True, f"{found.title}-预览.pdf") or ""
    return HttpResponse(book.data, content_type="application/pdf", headers={"Content-Disposition": disposition})


def refused_words(request: HttpRequest, sentence: str, number: int) -> HttpResponse:
    """Back to the handbook with a sentence."""
    return refused(request, Refusal(Refused("not_now", sentence)), "desk:handbook", number)
