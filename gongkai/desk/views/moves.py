"""One view per verb that moves an item: submit, recall, redraft, revise, discard, withdraw, reassess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.desk.forms.moves import ReassessForm, WithdrawForm
from gongkai.desk.pages.released import find_released
from gongkai.desk.pages.submitting import submit_page
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.views.editor import DRAFTER, open_draft
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions import recall as recalling
from gongkai.disclosure.actions import revise as revising
from gongkai.disclosure.actions.reassess import reassess as record_assessment
from gongkai.disclosure.actions.submit import submit as freeze_and_open
from gongkai.disclosure.actions.withdraw import MAY_WITHDRAW
from gongkai.disclosure.actions.withdraw import withdraw as take_down
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.citations import effects_of
from gongkai.disclosure.queries.desk import item_for
from gongkai.law import moves
from gongkai.law.moves import WITHDRAWAL_REASONS, withdrawal_reason
from gongkai.law.verdicts import Refusal, Refused, Verdict

MAY_ASSESS = ("compliance_reviewer",)

# What the public sees afterwards, told beside each reason before it is chosen.
SEEN = {
    "error": lazy("公众页面只剩一句撤下说明，正文和附件都看不到，也搜不到。"),
    "superseded": lazy("正文仍可阅读，页首标明已修改并链接到现行文本；须填现行文本的索引号。"),
    "abolished": lazy("正文仍可阅读，页首标明已废止、不再执行，打印每页也有标记。"),
    "expired": lazy("正文仍可阅读，页首标明已失效。"),
    "period_over": lazy("只用于已经满期的公示：公众页面只剩一句公示期满的说明，正文和附件都看不到，也搜不到。"),
}


@require_http_methods(["GET", "POST"])
@staff
def submit(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The scan first, then the freeze. The revision that was looked at is the one that is frozen."""
    item = item_for(code, me.held)
    problem = ""
    try:
        draft = open_draft(me, item)
    except Refusal as refusal:
        return refused(request, refusal, "desk:item", code)
    if request.method == "POST":
        based_on = request.POST.get("based_on", "")
        try:
            version = freeze_and_open(
                item.pk, based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 10 else 0, actor=me.acting(DRAFTER, item),
                at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            problem = words(refusal)
        else:
            return done(request, _("已送审，第 %(n)d 版文本已冻结。") % {"n": version.number}, "desk:item", code)
    context = submit_page(item, draft, me.person.pk, me.today) | {"problem": problem}
    context["crumbs"] = crumbs((item.working_title, reverse("desk:item", args=[code])), (_("送审"), ""))
    return screen(request, me, "desk/submit.html", context, section="items", status=422 if problem else 200)


def _at_once(action: Callable[..., Any], sentence: Any, to: str) -> Callable[..., HttpResponse]:
    """A verb of the drafter without a screen of its own: a button, the act, a sentence."""

    @require_POST
    @staff
    def view(request: HttpRequest, me: Me, code: str) -> HttpResponse:
        item = item_for(code, me.held)
        try:
            action(item.pk, actor=me.acting(DRAFTER, item), at=me.at)
        except Refusal as refusal:
            return refused(request, refusal, "desk:item", code)
        return done(request, str(sentence), to, code)

    return view


recall = _at_once(recalling.recall, lazy("已撤回送审，草稿可以修改了。"), "desk:edit")
redraft = _at_once(revising.redraft, lazy("已重新拟稿，改好后再送审。"), "desk:edit")
revise = _at_once(revising.revise, lazy("已开始修订，公众看到的保持不变。请填写变更日期。"), "desk:edit")
discard = _at_once(revising.discard, lazy("已放弃修订，公众看到的保持不变。"), "desk:item")


def _may(verb: str, roles: tuple[str, ...], doing: str, me: Me, item: Item) -> Verdict:
    """The same question the action will ask, for showing the screen at all."""
    if me.able(roles, item) is None:
        return Refused("not_your_post", _("您没有为本机关%(doing)s的岗位。") % {"doing": doing})
    return moves.may(verb, work=item.work, public=item.public)


@require_http_methods(["GET", "POST"])
@staff
def withdraw(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Take the released text down, with a typed reason that decides what the public still sees."""
    item = item_for(code, me.held)
    verdict = _may("withdraw", MAY_WITHDRAW, _("撤下信息"), me, item)
    if isinstance(verdict, Refused):
        return refused(request, Refusal(verdict), "desk:item", code)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            take_down(
                item.pk, values["reason"], explanation=values["explanation"], basis=values["basis"],
                replaced_by=_successor(values["replaced_by"]), effective_on=values["effective_on"],
                actor=me.acting(MAY_WITHDRAW, item), at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            field = {"successor_missing": "replaced_by", "successor_not_live": "replaced_by"}.get(refusal.code)
            form.add_error(field, words(refusal))
        else:
            title = withdrawal_reason(values["reason"]).title
            return done(
                request,
                _("已撤下（%(title)s）。%(seen)s") % {"title": title, "seen": SEEN[values["reason"]]},
                "desk:item_channels" if "all" in request.GET else "desk:item",
                code,
            )
    query = request.GET.get("q", "")
    context = {
        "item": item,
        "form": form,
        "reasons": [{"row": row, "seen": SEEN[row.code]} for row in WITHDRAWAL_REASONS],
        "query": query,
        "everywhere": "all" in request.GET,
        "effects": effects_of(item),
        "found": [row for row in find_released(query) if row.item_id != item.pk],
        "crumbs": crumbs((item.working_title, reverse("desk:item", args=[code])), (_("撤下"), "")),
    }
    return screen(request, me, "desk/withdraw.html", context, section="items", status=422 if form.errors else 200)


def _successor(number: str) -> Item | None:
    """The item with this index number; refused where there is none among what is public."""
    if not number.strip():
        return None
    found = Item.objects.filter(index_number=number.strip(), public=moves.LIVE).first()
    if found is None:
        raise Refusal(
            Refused("successor_not_live", _("没有索引号为“%(n)s”的已发布信息，请核对。") % {"n": number.strip()})
        )
    return found


@require_http_methods(["GET", "POST"])
@staff
def reassess(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """条例18: may what was withheld be public now?"""
    item = item_for(code, me.held)
    verdict = _may("reassess", MAY_ASSESS, _("定期评估"), me, item)
    if isinstance(verdict, Refused):
        return refused(request, Refusal(verdict), "desk:item", code)
    form = ReassessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        still = form.cleaned_data["outcome"] == "withheld"
        try:
            record_assessment(
                item.pk, still_withheld=still, reason=form.cleaned_data["reason"], actor=me.acting(MAY_ASSESS, item),
                at=me.at, today=me.today,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("reason", words(refusal))
        else:
            sentence = _("已记录评估：仍不公开。") if still else _("已记录评估：可以公开。请责任科室修订后送审。")
            return done(request, sentence, "desk:item", code)
    context = {
        "item": item,
        "form": form,
        "version": item.versions.order_by("-number").first(),
        "crumbs": crumbs((item.working_title, reverse("desk:item", args=[code])), (_("定期评估"), "")),
    }
    return screen(request, me, "desk/reassess.html", context, section="items", status=422 if form.errors else 200)
