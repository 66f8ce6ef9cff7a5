"""An item at the channels: where it stands, where it should go, what is unclear; and the same over all items."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.channels.actions.settle import ROLES, choose_channels, it_is_not_there, it_is_there, retry
from gongkai.channels.actions.take_back import take_back as plan_recall
from gongkai.channels.adapters import channel_of
from gongkai.channels.models import Posting
from gongkai.desk.forms.channels import ChooseForm
from gongkai.desk.pages.channel_choice import choice_page, choosable, chosen_codes
from gongkai.desk.pages.channel_lists import overview_page, settle_page
from gongkai.desk.pages.channels import channels_page, may_choose
from gongkai.desk.screens import CHANNELS, crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import item_for
from gongkai.law import moves
from gongkai.law.roles import WORKING
from gongkai.law.verdicts import Refusal, Refused

LINK_MOST = 500


@require_safe
@staff
def item_channels(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The matrix of one item; after a withdrawal, how far the recall has come."""
    item = item_for(code, me.held)
    context = channels_page(me, item)
    context["crumbs"] = _crumbs(item, _("渠道"), here=True)
    return screen(request, me, "desk/channels/item.html", context, section="items")


def _crumbs(item: Item, title: str, *, here: bool = False) -> list[dict[str, str]]:
    rows = [(item.working_title, reverse("desk:item", args=[item.code]))]
    if not here:
        rows.append((_("渠道"), reverse("desk:item_channels", args=[item.code])))
    return crumbs(*rows, (title, ""))


@require_http_methods(["GET", "POST"])
@staff
def choose(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Where the item goes: before the review, and with a reason while it is public."""
    item = item_for(code, me.held)
    if not may_choose(me, item):
        return refused(request, Refusal(_not_now(item)), "desk:item_channels", code)
    live = item.public == moves.LIVE
    options = choosable(item, on=me.today)
    codes = [(row.code, row.title) for row in options]
    form = ChooseForm(
        codes, request.POST or None, needs_reason=live, initial={"channels": chosen_codes(item)}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actor = me.acting(ROLES if live else ("drafter",), item)
        values = form.cleaned_data
        try:
            choose_channels(item.pk, values["channels"], reason=values["reason"], actor=actor, at=me.at)
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            sentence = _("已改变渠道，系统会自动发送和撤回。") if live else _("已选择渠道，发布以后自动发送。")
            return done(request, sentence, "desk:item_channels", code)
    context = choice_page(item, form, options, live=live) | {"crumbs": _crumbs(item, _("选择渠道"))}
    return screen(
        request, me, "desk/channels/choose.html", context, section="items", status=422 if form.errors else 200
    )


def _not_now(item: Item) -> Refused:
    if item.work == moves.IN_REVIEW:
        return Refused("in_review", _("已经送审，渠道不能再改。请退回修改，或者发布以后再改。"))
    if item.public == moves.WITHDRAWN:
        return Refused("withdrawn", _("信息已经撤下，不能选择渠道。"))
    return Refused("not_your_post", _("您没有为这条信息选择渠道的岗位。"))


@require_POST
@staff
def settle(request: HttpRequest, me: Me, code: str, channel: str) -> HttpResponse:
    """What a person found out: it is there (with its link), it is not there, or once more."""
    item = item_for(code, me.held)
    posting = Posting.objects.get(item=item, channel=channel)
    link, actor = request.POST.get("link", "").strip(), me.acting(ROLES, item)
    try:
        if len(link) > LINK_MOST:
            raise Refusal(Refused("link_long", _("链接最长 %(n)d 个字符，请核对。") % {"n": LINK_MOST}))
        match request.POST.get("answer", ""):
            case "there":
                it_is_there(posting.pk, reference=link, actor=actor, at=me.at)
                told = _("已记为发布在%(channel)s。")
            case "not_there":
                it_is_not_there(posting.pk, actor=actor, at=me.at)
                told = _("已记为%(channel)s上没有；应当发布的，系统会再发。")
            case "retry":
                retry(posting.pk, actor=actor, at=me.at)
                told = _("已重新提交%(channel)s。")
            case _other:
                raise Refusal(Refused("answer_missing", _("请选择“已发布在那里”“没有发布”或者“重试”。")))
    except Refusal as refusal:
        return refused(request, refusal, *_back(request, code))
    return done(request, told % {"channel": channel_of(channel).title}, *_back(request, code))


def _back(request: HttpRequest, code: str) -> tuple[Any, ...]:
    """The list or the item, whichever the form stood on."""
    return ("desk:channels_to_settle",) if request.POST.get("from") == "list" else ("desk:item_channels", code)


@require_POST
@staff
def take_back(request: HttpRequest, me: Me, code: str, channel: str) -> HttpResponse:
    """From one channel only; the item stays public, and off this channel until it is chosen again."""
    item = item_for(code, me.held)
    posting = Posting.objects.get(item=item, channel=channel)
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason or len(reason) > 500:
            raise Refusal(Refused("reason_missing", _("请写明只从这个渠道撤回的理由，不超过 500 个字。")))
        plan_recall(posting.pk, actor=me.acting(ROLES, item), at=me.at, reason=reason)
    except Refusal as refusal:
        return refused(request, refusal, "desk:item_channels", code)
    told = _("已安排从%(channel)s撤回；再次选择以前不会再发。") % {"channel": channel_of(channel).title}
    return done(request, told, "desk:item_channels", code)


@require_safe
@staff
def to_settle(request: HttpRequest, me: Me) -> HttpResponse:
    """待核实: what a person has to settle at the channels."""
    if not me.has(*WORKING, "supervisor"):
        raise PermissionDenied
    context = settle_page(me) | {"crumbs": crumbs((_("渠道"), reverse("desk:channels")), (_("待核实"), ""))}
    return screen(request, me, "desk/channels/settle.html", context, section="channels")


@require_safe
@staff
def overview(request: HttpRequest, me: Me) -> HttpResponse:
    """Every channel: counts, what is missing, the last success, failures."""
    if not me.has(*CHANNELS):
        raise PermissionDenied
    context = overview_page(me) | {"works": me.has(*WORKING, "supervisor"), "crumbs": crumbs((_("渠道"), ""))}
    return screen(request, me, "desk/channels/overview.html", context, section="channels")
