"""Delivery of the signed and sealed reply, with proof; the slip to be signed."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.deliver import DeliverForm
from gongkai.desk.pages.foi.deliver import deliver_page
from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.signoff import version_of
from gongkai.desk.pages.foi.verbs import OFFICER
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.foi.reply import sent_file
from gongkai.desk.views.intake import content
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.deliver import deliver as hand_over
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.documents import to_pdf
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.desk import case_for
from gongkai.foi.queries.papers import draft_document
from gongkai.foi.queries.replies import delivery_of
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require

#: What stands as proof on the slip before anybody signed it.
TO_BE_SIGNED = {"in_person": "由受送达人在本回证上签名", "post": "邮政回执附后", "online": "网上送达记录附后"}


def _ready(me: Me, number: str) -> tuple[FoiRequest, Actor]:
    case = case_for(number, me.held)
    require(may("deliver", case.state))
    actor = able(me, OFFICER, case)
    if actor is None:
        raise Refusal(Refused("not_your_post", _("答复由本机关的依申请公开经办人送达，您没有这个岗位。")))
    return case, actor


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def deliver(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One form; what law refuses (day, seal, courier, open letters) comes back with its sentence and everything typed."""
    try:
        case, actor = _ready(me, number)
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    problem = ""
    form = DeliverForm(request.POST or None, initial={"by": delivery_of(case), "on": me.today.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            _deliver(request, me, case, actor, form)
        except Refusal as refusal:
            problem = words(refusal)
        else:
            said = _("已送达，送达回证已存入案卷。没有复议、诉讼的，可以办结归档。")
            return done(request, said, "desk:case", number)
    context = deliver_page(me, case, version_of(case, None), form) | {"problem": problem}
    context["crumbs"] = crumbs((_("依申请公开"), reverse("desk:cases")), (number, context["back"]), (_("送达答复"), ""))
    bad = bool(problem or form.errors)
    return screen(request, me, "desk/foi/deliver.html", context, section="foi", status=422 if bad else 200)


def _deliver(request: HttpRequest, me: Me, case: FoiRequest, actor: Actor, form: DeliverForm) -> None:
    """The proof's scan goes into the file together with the delivery, or neither does."""
    values = form.cleaned_data
    with transaction.atomic():
        file_id = None
        if request.FILES.get("file"):
            data, name = content(request.FILES["file"])
            file_id = add_file(case.number, data, name, kind="proof", actor=actor, at=me.at).pk
        hand_over(
            case.number, by=values["by"], on=values["on"], proof=values["proof"], file_id=file_id, actor=actor, at=me.at
        )


@require_safe
@staff
def slip(request: HttpRequest, me: Me, number: str, by: str) -> HttpResponse:
    """送达回证 before it is signed: the applicant's name stands on it, so the look is put on record."""
    try:
        case, actor = _ready(me, number)
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    if by not in TO_BE_SIGNED:
        raise FoiRequest.DoesNotExist
    reveal(number, actor=actor, at=me.at)
    told = {"reply_number": case.reply_number, "by": by, "on": me.today, "proof": TO_BE_SIGNED[by]}
    document = draft_document(case, "delivery_proof", dated=me.today, extra=told)
    return sent_file(to_pdf(document), _("送达回证-%(number)s.pdf") % {"number": number}, "application/pdf")
