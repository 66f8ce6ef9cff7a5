"""Review: read the frozen text, answer findings one by one, give the opinion; the emergency release."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.desk.pages.emergency import emergency_page
from gongkai.desk.pages.review import actor_for, review_page
from gongkai.desk.pages.schedule import when
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
from gongkai.disclosure.actions.opine import opine as give
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.desk import case_of_version, item_for
from gongkai.law import moves
from gongkai.law.review import REFUSE, RETURN, SECRECY_STEP, VERDICTS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.review.queries import standing
from gongkai.scanning.actions.answer import answer_finding
from gongkai.scanning.models import ANSWERS
from gongkai.scanning.queries import findings_of

NOT_IN_REVIEW = Refused("case_closed", "这一版的审查已经结束，您的意见没有保存，请看最新一版。")


def text_in_review(item: Item) -> Version | None:
    """The version on the table; None when nothing is in review."""
    if item.work != moves.IN_REVIEW:
        return None
    return item.versions.order_by("-number").prefetch_related("attachments").first()


@require_safe
@staff
def review(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The screen. When the review is over, the item's page says what came of it."""
    item = item_for(code, me.held)
    version = text_in_review(item)
    if version is None:
        messages.info(request, _("现在没有审查中的文本，以下是最新进展。"))
        return redirect("desk:item", code)
    redo = request.GET.get("redo", "")
    return _screen(request, me, item, version, redo=int(redo) if redo.isdecimal() and len(redo) < 6 else 0)


def _screen(
    request: HttpRequest, me: Me, item: Item, version: Version, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = review_page(me, item, version, **more)
    context["crumbs"] = crumbs((context["heading"], reverse("desk:item", args=[item.code])), (_("审查"), ""))
    return screen(request, me, "desk/review.html", context, status=status)


@require_POST
@staff
def opine(request: HttpRequest, me: Me, code: str, order: int) -> HttpResponse:
    """One opinion on the digest that was read. What is refused comes back with the words that were typed."""
    item = item_for(code, me.held)
    version = text_in_review(item)
    reason, verdict = request.POST.get("reason", ""), request.POST.get("verdict", "")
    if version is None:
        return _too_late(request, item, Refusal(NOT_IN_REVIEW), reason)
    try:
        if verdict not in VERDICTS:
            raise Refusal(Refused("verdict_missing", _("请选择通过、退回或者不予通过。")))
        case = case_of_version(version)
        row = next((r for r in standing(case).rows if r.order == order), None) if case else None
        if case is None or row is None:
            raise Refusal(Refused("no_such_step", _("没有这个审查环节，意见没有保存。")))
        back = request.POST.get("return_to", "")
        release = give(
            version.pk, order, verdict, read_digest=request.POST.get("digest", ""),
            actor=actor_for(me, row, standing(case)) or me.held[0], at=me.at, today=me.today, reason=reason,
            return_to=int(back) if verdict == RETURN and back.isdecimal() and len(back) < 4 else None,
        )  # fmt: skip
    except Refusal as refusal:
        item.refresh_from_db()
        current = text_in_review(item)
        if current is None:
            return _too_late(request, item, refusal, reason)
        typed = {"reason": reason, "error": words(refusal)}
        messages.error(request, words(refusal))
        return _screen(request, me, item, current, status=409, decision_typed=typed)
    return done(request, _what_next(item, version, verdict, release), "desk:item", code)


def _what_next(item: Item, version: Version, verdict: str, release: Release | None) -> str:
    """What happens now, in one sentence."""
    if release is not None:
        return _("已通过，意见齐全，系统已发布，索引号 %(n)s。公众现在可以看到。") % {"n": release.item.index_number}
    item.refresh_from_db()
    if verdict == REFUSE:
        return _("已记为不予通过，这一版审查结束，拟稿人会看到您的理由。")
    case = case_of_version(version)
    current = standing(case).current if case is not None and case.state == "open" else None
    if verdict == RETURN and current is None:
        return _("已退回拟稿，拟稿人会看到您的理由；修改后成为新版本，重新审查。")
    if verdict == RETURN and current is not None:
        return _("已退回到“%(step)s”，拟稿人和审查人会看到您的理由。") % {"step": current.title}
    if current is not None:
        return _("已通过，接下来由“%(step)s”办理。") % {"step": current.title}
    if item.public == moves.WITHHELD:
        return _("已通过，意见齐全，决定不主动公开，%(day)s前评估一次。") % {"day": item.next_assessment_on}
    if instant := when(item):
        return _("已通过，意见齐全。由系统在 %(at)s 发布，时间已过的一分钟内发布。") % {"at": instant}
    return _("已通过，意见齐全。")


def _too_late(request: HttpRequest, item: Item, refusal: Refusal, reason: str) -> HttpResponse:
    """The review is over: say so, and give the typed reason back for keeping."""
    messages.error(request, words(refusal))
    if reason.strip():
        messages.warning(
            request, _("您填写的理由没有保存，可以复制留存：%(reason)s") % {"reason": reason.strip()[:1000]}
        )
    return redirect("desk:item", item.code)


@require_POST
@staff
def answer(request: HttpRequest, me: Me, code: str, number: int) -> HttpResponse:
    """One answer to one finding of the text in review."""
    item = item_for(code, me.held)
    version = text_in_review(item)
    given, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    if version is None:
        return _too_late(request, item, Refusal(NOT_IN_REVIEW), reason)
    try:
        finding = next((row.finding for row in findings_of(version.digest) if row.finding.number == number), None)
        if finding is None:
            raise Refusal(Refused("finding_gone", _("这一版没有这条发现，请看最新一版。")))
        if given not in ANSWERS:
            raise Refusal(Refused("answer_missing", _("请选择一种答复。")))
        answer_finding(
            finding.pk,
            given,
            reason=reason,
            subject=f"item:{item.code}",
            actor=_secrecy_reviewer(me, version),
            at=me.at,
        )
    except Refusal as refusal:
        typed = {"number": number, "answer": given, "reason": reason, "error": words(refusal)}
        messages.error(request, words(refusal))
        return _screen(request, me, item, version, status=422, typed=typed, redo=number)
    messages.success(request, _("已答复第 %(n)d 条。") % {"n": number})
    return redirect(f"{reverse('desk:review', args=[code])}#finding-{number}")


def _secrecy_reviewer(me: Me, version: Version) -> Any:
    """The capacity for the 保密审查 of this very case: not the author's, and only while the case is open."""
    case = case_of_version(version)
    if case is None or case.state != "open":
        raise Refusal(NOT_IN_REVIEW)
    if case.author_id == me.person.pk:
        raise Refusal(
            Refused("own_text", _("不能审查自己拟写的文本，请由其他人审查。"), "《政府信息公开条例》第十七条")
        )
    now = standing(case)
    row = next((r for r in now.rows if r.code == SECRECY_STEP), None)
    actor = actor_for(me, row, now) if row is not None else None
    if actor is None:
        raise Refusal(Refused("not_secrecy_reviewer", _("检查发现由本机关的保密审查人员答复，您的答复没有保存。")))
    return actor


@require_http_methods(["GET", "POST"])
@staff
def emergency(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """For the emergency officer: declare first, release once the 保密审查 of this text is there."""
    item = item_for(code, me.held)
    version = text_in_review(item)
    if version is None:
        return refused(
            request, Refusal(Refused("nothing_in_review", _("没有审查中的文本，不能应急发布。"))), "desk:item", code
        )
    if me.able(("emergency_officer",), item) is None:
        refusal = Refusal(Refused("not_your_post", _("应急发布由应急发布岗办理，您没有这个岗位。")))
        return refused(request, refusal, "desk:item", code)
    typed = {"reason": request.POST.get("reason", ""), "error": ""}
    if request.method == "POST":
        actor, digest = me.acting(("emergency_officer",), item), request.POST.get("digest", "")
        try:
            if "release" in request.POST:
                release = release_in_emergency(version.pk, read_digest=digest, actor=actor, at=me.at)
                number = release.item.index_number
                sentence = _("已应急发布，索引号 %(n)s。其余意见须由未参与的人员尽快补齐。") % {"n": number}
                return done(request, sentence, "desk:item", code)
            declare_emergency(version.pk, reason=typed["reason"], read_digest=digest, actor=actor, at=me.at)
            return done(request, _("已列为应急办理，请保密审查人员立即审查这一版。"), "desk:emergency", code)
        except Refusal as refusal:
            typed["error"] = words(refusal)
    context = emergency_page(item, version, typed)
    context["crumbs"] = crumbs((item.working_title, reverse("desk:item", args=[code])), (_("应急发布"), ""))
    return screen(request, me, "desk/emergency.html", context, status=409 if typed["error"] else 200)
