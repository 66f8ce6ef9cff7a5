"""The composer: answer the tree, write the letter, mend what the checks find, send to sign-off. Saved at every press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.reply import ReplyForm
from gongkai.desk.pages.foi.reply import prefill, reply_page, saved_by
from gongkai.desk.pages.foi.reply_conflict import conflict_of
from gongkai.desk.pages.foi.reply_letter import draft_letter, looks, version_letter
from gongkai.desk.pages.foi.reply_mends import mended
from gongkai.desk.pages.foi.reply_parts import Standing, answered, merged, stored, whole
from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.signoff import version_of
from gongkai.desk.pages.foi.step import covered
from gongkai.desk.pages.foi.verbs import OFFICER
from gongkai.desk.screens import crumbs, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.intake import content
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.compose_reply import compose_reply
from gongkai.foi.actions.redact_file import redact_file
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.documents import Document, to_docx, to_pdf
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.desk import OF_THE_ORGAN, case_for
from gongkai.foi.queries.sealed import particulars
from gongkai.foi.replying import Composition
from gongkai.law.foi_moves import may
from gongkai.law.reply_tree import question, walk
from gongkai.law.verdicts import Refusal, Refused

FORMATS: Final[dict[str, tuple[Callable[[Document], bytes], str]]] = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def reply(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The one page. Whoever is no officer of the case, or comes when it may not be written, is told on the case page."""
    case = case_for(number, me.held)
    actor = able(me, OFFICER, case)
    try:
        if actor is None:
            raise Refusal(Refused("not_your_post", _("答复由本机关的依申请公开经办人拟写，您没有这个岗位。")))
        if not (verdict := may("compose_reply", case.state)):
            raise Refusal(verdict)
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    if request.method == "POST":
        return _sent(request, me, case, actor)
    return _screen(
        request, me, case, stored(case, me.today), changing=request.GET.get("change", ""),
        picked=request.GET.get("picked", ""),
    )  # fmt: skip


def _screen(
    request: HttpRequest, me: Me, case: FoiRequest, now: Standing, form: ReplyForm | None = None, *, status: int = 200,
    conflict: Any = None, problem: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    context = reply_page(me, case, now, form, open_names=looks(me, case), **more)
    context |= {"saved": saved_by(case), "conflict": conflict, "problem": problem}
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")), (case.number, context["back"]), (_("拟写答复"), "")
    )
    return screen(request, me, "desk/foi/reply.html", context, section="foi", status=status)


def _sent(request: HttpRequest, me: Me, case: FoiRequest, actor: Actor) -> HttpResponse:
    """Everything on the page is saved first, whichever button was pressed; then the button's own act."""
    now = stored(case, me.today)
    based_on = request.POST.get("based_on", "")
    based = int(based_on) if based_on.isdecimal() and len(based_on) < 10 else 0
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _screen(request, me, case, replace(now, revision=based), form, status=422)
    made = merged(case, now, form, request.POST)
    try:
        made = _pressed(request, me, case, made, actor)
        draft = _keep(case, made, based, actor, me)
    except Refusal as refusal:
        case.refresh_from_db()
        if refusal.code == "draft_moved_on":
            moved = stored(case, me.today)
            conflict = conflict_of(case, moved, made) | (saved_by(case) or {})
            shown = replace(moved, made=made)
            return _screen(request, me, case, shown, status=409, conflict=conflict)
        # A step that may not be taken leaves the words that were typed with it on the screen.
        kept = merged(case, now, form, request.POST)
        return _screen(request, me, case, replace(now, made=kept, revision=based), status=422, problem=words(refusal),
                       changing=request.POST.get("asked", ""), picked=request.POST.get("answer", ""))  # fmt: skip
    if "submit" in request.POST:
        return _submit(request, me, case, draft.revision, actor)
    return _onward(request, case)


def _pressed(request: HttpRequest, me: Me, case: FoiRequest, made: Composition, actor: Actor) -> Composition:
    """What the button does to the copy before it is kept."""
    sent = request.POST
    if "next" in sent:
        return _answer(case, made, sent.get("asked", ""), sent.get("answer", ""))
    if "mend" in sent:
        found = mended(sent["mend"], case, made, me.today)
        if found is None:
            raise Refusal(Refused("nothing_to_fill_in", _("案卷里没有可以填入的内容，请在下面自行填写。")))
        return found
    if "retext" in sent:
        return replace(made, text="")
    if "upload" in sent:
        data, name = content(request.FILES.get("file"))
        added = add_file(case.number, data, name, kind="record", actor=actor, at=me.at)
        return _with_copy(case, made, added.pk, actor, me)
    if "copy" in sent:
        pk = sent["copy"]
        return _with_copy(case, made, int(pk) if pk.isdecimal() and len(pk) < 19 else 0, actor, me)
    return made


def _with_copy(case: FoiRequest, made: Composition, file_id: int, actor: Actor, me: Me) -> Composition:
    """One press for a paper with nothing to cover: its copy is made, and chosen in the place of the paper."""
    copy = redact_file(case.number, file_id, actor=actor, at=me.at)
    files = tuple(dict.fromkeys(copy.pk if pk == file_id else pk for pk in (*made.files, copy.pk)))
    return replace(made, files=files, letter={**made.letter, "content_provided": True})


def _answer(case: FoiRequest, made: Composition, asked: str, given: str) -> Composition:
    try:
        if not given:
            text = question(asked).text
            raise Refusal(Refused("unanswered", _("“%(question)s”还没有回答，请选择一项再继续。") % {"question": text}))
        made = answered(made, asked, given)
    except LookupError as error:
        raise Refusal(Refused("no_such_answer", str(error.args[0]))) from None
    known = {k: v for k, v in prefill(case, made, asked, given).items() if not made.letter.get(k)}
    return replace(made, letter={**made.letter, **known})


def _keep(case: FoiRequest, made: Composition, based_on: int, actor: Actor, me: Me) -> Any:
    return compose_reply(
        case.number, made.answers, findings=made.findings, letter=made.letter, text=made.text, files=made.files,
        explanations=made.explanations, based_on=based_on, actor=actor, at=me.at,
    )  # fmt: skip


def _submit(request: HttpRequest, me: Me, case: FoiRequest, revision: int, actor: Actor) -> HttpResponse:
    """Freeze exactly what was just saved. What law refuses comes back with everything in its place."""
    kept = stored(case, me.today)
    try:
        if asked := walk(kept.made.answers).question:
            raise Refusal(Refused("unanswered", _("还有一问没有回答：%(question)s") % {"question": asked.text}))
        version = submit_reply(
            case.number, based_on=revision, explanations=kept.made.explanations, actor=actor, at=me.at
        )
    except Refusal as refusal:
        case.refresh_from_db()
        return _screen(request, me, case, stored(case, me.today), status=422, problem=words(refusal))
    said = _("已送审签，第 %(n)d 版答复已冻结。改动一个字都要重新审签。") % {"n": version.number}
    messages.success(request, said)
    return redirect("desk:case", case.number)


def _onward(request: HttpRequest, case: FoiRequest) -> HttpResponse:
    """Back to the page at the place the button spoke of."""
    sent, to = request.POST, reverse("desk:case_reply", args=[case.number])
    if "change" in sent:
        return redirect(f"{to}?{urlencode({'change': sent['change']})}#open")
    if "next" in sent:
        return redirect(f"{to}#open")
    if "mend" in sent:
        messages.success(request, _("已填入，请核对。"))
        return redirect(f"{to}#checks")
    if "upload" in sent:
        messages.success(request, _("已存入案卷，制作了提供用副本，并选为答复的附件。"))
        return redirect(f"{to}#attachments")
    if "copy" in sent:
        messages.success(request, _("已制作提供用副本，并选为答复的附件。"))
        return redirect(f"{to}#attachments")
    messages.success(request, _("已保存。"))
    picked = {"picked": sent["answer"], "change": sent.get("asked", "")} if sent.get("answer") else {}
    return redirect(f"{to}?{urlencode(picked)}" if picked else to)


# Documents and papers --------------------------------------------------------------------------------------------


def sent_file(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes as a file that no browser runs or draws as a page."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _readable(me: Me, number: str) -> FoiRequest:
    """The case, for those who handle or sign it."""
    case = case_for(number, me.held)
    if able(me, (*OF_THE_ORGAN, "section_reviewer"), case) is None or case.erased_at is not None:
        raise FoiRequest.DoesNotExist
    return case


@require_safe
@staff
def draft_file(request: HttpRequest, me: Me, number: str, kind: str) -> HttpResponse:
    """The letter as it now reads, as Word or PDF; gaps stay marked."""
    if able(me, OFFICER, case_for(number, me.held)) is None:
        raise FoiRequest.DoesNotExist
    case = _readable(me, number)
    if kind not in FORMATS:
        raise FoiRequest.DoesNotExist
    looks(me, case)
    now = stored(case, me.today)
    return _as_file(draft_letter(case, whole(case, now.made, me.today), me.today), kind, _("答复书（未签发）"), number)


@require_safe
@staff
def version_file(request: HttpRequest, me: Me, number: str, version: int, kind: str) -> HttpResponse:
    """A frozen letter; masked for whoever may not see whose it is."""
    case = _readable(me, number)
    frozen = version_of(case, version)
    if frozen is None or kind not in FORMATS:
        raise FoiRequest.DoesNotExist
    letter = version_letter(frozen)
    shown = letter if looks(me, case) else covered(letter, particulars(case.applicant))
    return _as_file(shown, kind, _("答复书第 %(n)d 版") % {"n": version}, number)


def _as_file(document: Document, kind: str, title: str, number: str) -> HttpResponse:
    write, media_type = FORMATS[kind]
    return sent_file(write(document), f"{title}-{number}.{kind}", media_type)
