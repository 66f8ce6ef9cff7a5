"""Sign-off: read the frozen reply, give the opinion; take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.desk.forms.foi.signoff import RecallForm
from gongkai.desk.pages.foi.reply_letter import looks
from gongkai.desk.pages.foi.rights import able, acting
from gongkai.desk.pages.foi.signoff import signoff_page, version_of, version_on_table
from gongkai.desk.pages.foi.verbs import OFFICER
from gongkai.desk.pages.review import actor_for
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.opine_reply import opine_reply
from gongkai.foi.actions.recall_reply import recall_reply
from gongkai.foi.models import FoiRequest, ReplyVersion
from gongkai.foi.queries.desk import case_for
from gongkai.foi.queries.replies import review_of
from gongkai.law.foi_moves import SIGNED, may
from gongkai.law.review import REFUSE, RETURN, VERDICTS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.review.queries import standing

NOT_IN_REVIEW = Refused("case_closed", "这一版的审签已经结束，您的意见没有保存，请看最新进展。")


@require_safe
@staff
def signoff(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The version in review. When nothing is in review, the case page says what came of it."""
    case = case_for(number, me.held)
    version = version_on_table(case)
    if version is None:
        messages.info(request, _("现在没有审签中的答复，以下是最新进展。"))
        return redirect("desk:case", number)
    return _screen(request, me, case, version)


@require_safe
@staff
def version(request: HttpRequest, me: Me, number: str, version: int) -> HttpResponse:
    """A former version with everything that was said about it."""
    case = case_for(number, me.held)
    found = version_of(case, version)
    if found is None or case.erased_at is not None:
        raise ReplyVersion.DoesNotExist
    return _screen(request, me, case, found)


def _screen(
    request: HttpRequest, me: Me, case: FoiRequest, version: ReplyVersion, *, status: int = 200, typed: Any = None
) -> HttpResponse:
    context = signoff_page(me, case, version, open_names=looks(me, case), typed=typed)
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")), (case.number, context["back"]), (_("审签答复"), "")
    )
    return screen(request, me, "desk/foi/signoff.html", context, section="foi", status=status)


@require_POST
@staff
def opine(request: HttpRequest, me: Me, number: str, order: int) -> HttpResponse:
    """One opinion on the digest that was read. What is refused comes back with the words that were typed."""
    case = case_for(number, me.held)
    version = version_on_table(case)
    reason, verdict = request.POST.get("reason", ""), request.POST.get("verdict", "")
    if version is None:
        return _too_late(request, case, Refusal(NOT_IN_REVIEW), reason)
    try:
        if verdict not in VERDICTS:
            raise Refusal(Refused("verdict_missing", _("请选择通过、退回或者不予通过。")))
        now = standing(review_of(version))
        row = next((r for r in now.rows if r.order == order), None)
        if row is None:
            raise Refusal(Refused("no_such_step", _("没有这个审签环节，意见没有保存。")))
        back = request.POST.get("return_to", "")
        opine_reply(
            version.pk, order, verdict, read_digest=request.POST.get("digest", ""),
            actor=actor_for(me, row, now) or me.held[0], at=me.at, reason=reason,
            return_to=int(back) if verdict == RETURN and back.isdecimal() and len(back) < 4 else None,
        )  # fmt: skip
    except Refusal as refusal:
        case = case_for(number, me.held)
        current = version_on_table(case)
        if current is None:
            return _too_late(request, case, refusal, reason)
        messages.error(request, words(refusal))
        return _screen(request, me, case, current, status=409, typed={"reason": reason, "error": words(refusal)})
    return done(request, _what_next(number, me, version, verdict), "desk:case", number)


def _what_next(number: str, me: Me, version: ReplyVersion, verdict: str) -> str:
    """What happens now, in one sentence."""
    case = case_for(number, me.held)
    if case.state == SIGNED:
        return _("已通过，答复已签发。请打印盖章，由拟写人以外的人登记盖章件，再送达。")
    if verdict == REFUSE:
        return _("已记为不予通过，这一版审签结束，经办人会看到您的理由。")
    review = review_of(version)
    current = standing(review).current if review.state == "open" else None
    if current is None:
        return _("已退回拟写，经办人会看到您的理由；修改后成为新的一版，重新审签。")
    if verdict == RETURN:
        return _("已退回到“%(step)s”，有关人员会看到您的理由。") % {"step": current.title}
    return _("已通过，接下来由“%(step)s”办理。") % {"step": current.title}


def _too_late(request: HttpRequest, case: FoiRequest, refusal: Refusal, reason: str) -> HttpResponse:
    """The review is over: say so, and give the typed reason back for keeping."""
    messages.error(request, words(refusal))
    if reason.strip():
        messages.warning(
            request, _("您填写的理由没有保存，可以复制留存：%(reason)s") % {"reason": reason.strip()[:1000]}
        )
    return redirect("desk:case", case.number)


@require_http_methods(["GET", "POST"])
@staff
def recall(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Take the reply back, with a reason; the version stays on record and its opinions are void."""
    case = case_for(number, me.held)
    verdict = may("recall_reply", case.state)
    if isinstance(verdict, Refused):
        return refused(request, Refusal(verdict), "desk:case", number)
    if able(me, OFFICER, case) is None:
        refusal = Refusal(Refused("not_your_post", _("答复由本机关的依申请公开经办人撤回，您没有这个岗位。")))
        return refused(request, refusal, "desk:case", number)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recall_reply(number, reason=form.cleaned_data["reason"], actor=acting(me, OFFICER, case), at=me.at)
        except Refusal as refusal:
            form.add_error("reason", words(refusal))
        else:
            return done(request, _("已撤回，答复可以修改了；改好后重新送审签。"), "desk:case_reply", number)
    context = {
        "case": case,
        "form": form,
        "signed": case.state == SIGNED,
        "crumbs": crumbs(
            (_("依申请公开"), reverse("desk:cases")), (number, reverse("desk:case", args=[number])), (_("撤回答复"), "")
        ),
    }
    return screen(request, me, "desk/foi/recall.html", context, section="foi", status=422 if form.errors else 200)
