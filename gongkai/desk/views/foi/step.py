"""The view of a step: show, try, preview, download, do. Nothing typed is lost, whatever law says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.desk.forms.foi.step import StepForm, digest_of
from gongkai.desk.pages.foi.step import Caution, Sight, Step, look, names_somebody, own_text, step_page, typed
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.documents import to_docx, to_pdf
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.desk import case_for
from gongkai.law.verdicts import Refusal

FILES: dict[str, tuple[Callable[..., bytes], str]] = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}


class Stale(Exception):
    """The case moved on after the page was made."""


def screen_for(step: Step) -> Callable[..., HttpResponse]:
    """The view of one step."""

    @require_http_methods(["GET", "POST"])
    @staff
    def view(request: HttpRequest, me: Me, number: str, pk: int | None = None) -> HttpResponse:
        case = case_for(number, me.held)
        sight = look(case, me, step.row(case, pk))
        if request.method == "GET":
            return _show(request, step, sight, step.form(sight))
        form = step.form(sight, request.POST)
        if sight.able(step.roles) is None:
            return _not_theirs(request, step, sight, form)
        return _ACTS.get(request.POST.get("act", "").partition(":")[0], _do)(request, step, sight, form)

    view.__name__, view.__doc__ = step.verb, str(step.title)
    return view


def _show(
    request: HttpRequest, step: Step, sight: Sight, form: StepForm, *, status: int = 200, refused: str = "",
    warned: list[Caution] | None = None, left: Any = (),
) -> HttpResponse:  # fmt: skip
    context = step_page(step, sight, form, refused=refused, warned=warned or [], left=left)
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")), (sight.case.number, context["back"]), (str(step.title), "")
    )
    return screen(request, sight.me, step.template, context, section="foi", status=status)


def _not_theirs(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
    """The action says it is not their post; what they had typed is given back for keeping."""
    return _show(request, step, sight, step.form(sight), status=422, left=typed(request.POST, form))


def _try(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
    """What the form as filled in would do, and how the document would read. Nothing is written."""
    return _show(request, step, sight, form, status=200 if form.leniently() else 422)


def _take(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
    """Put the text the system would write into the field, to be changed by hand."""
    if not form.is_valid():
        return _show(request, step, sight, form, status=422)
    values = form.given()
    drafts = step.drafts(sight, values, "")
    text = own_text(drafts[0].document) if drafts and step.rewritable else ""
    if names_somebody(text, sight.told):
        _look_is_a_fact(step, sight)
    data = request.POST.copy()
    data["body"], data["body_of"] = text, digest_of(values)
    filled = step.form(sight, data)
    return _show(request, step, sight, filled)


def _more(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
    """One more row of the same kind, beside what was typed."""
    data = step.one_more(request.POST.copy())
    more = step.form(sight, data)
    return _show(request, step, sight, more, status=200 if form.is_valid() else 422)


def _download(kind: str) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
        """The document as it would go out, in full; a look at the applicant's data, so a fact."""
        if not form.is_valid():
            return _show(request, step, sight, form, status=422)
        drafts = step.drafts(sight, form.given(), form.cleaned_data["body"])
        which = request.POST.get("act", "").partition(":")[2]
        draft = next((row for row in drafts if row.key == which), None)
        if draft is None:
            return _show(request, step, sight, form, status=422, refused=_("这一步没有这份文书，请重新预览。"))
        _look_is_a_fact(step, sight)
        write, media_type = FILES[kind]
        response = HttpResponse(write(draft.document), content_type=media_type)
        name = f"{draft.document.title}（{_('未发出')}）-{sight.case.number}.{kind}"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        return response

    return view


def _look_is_a_fact(step: Step, sight: Sight) -> None:
    actor = sight.able(step.roles)
    assert actor is not None
    reveal(sight.case.number, actor=actor, at=sight.me.at)


def _do(request: HttpRequest, step: Step, sight: Sight, form: StepForm) -> HttpResponse:
    """The act. A page made before the last step is not taken; cautions are shown once; law has the last word."""
    if not form.is_valid():
        return _show(request, step, sight, form, status=422)
    if sight.case.erased_at is not None:
        return _show(request, step, sight, form, status=422, refused=_("这件申请的个人信息已经清除，不能再办理。"))
    values, body = form.given(), form.cleaned_data["body"]
    warned = [w for w in _cautions(step, sight, form) if w.code not in form.cleaned_data["heeded"].split(",")]
    if warned:
        return _show(request, step, sight, form, status=422, warned=_cautions(step, sight, form))
    actor = sight.able(step.roles)
    assert actor is not None
    try:
        with transaction.atomic():
            _not_stale(sight.case, form.cleaned_data["seen"])
            sentence = step.act(sight, values, body, actor)
    except Stale:
        said = _("这件申请刚被办理过，没有重复办理。请看最新情况，仍要办理的再按一次。")
        return _again(request, step, sight, said, status=409)
    except Refusal as refusal:
        return _again(request, step, sight, words(refusal), status=422)
    return done(request, sentence, "desk:case", sight.case.number)


def _again(request: HttpRequest, step: Step, sight: Sight, said: str, *, status: int) -> HttpResponse:
    """The same form with everything typed, over the case as it stands now."""
    case = case_for(sight.case.number, sight.me.held)
    now = look(case, sight.me, step.row(case, getattr(sight.row, "pk", None)))
    data = request.POST.copy()
    data["seen"] = case.touched_at.isoformat()
    return _show(request, step, now, step.form(now, data), status=status, refused=said)


def _cautions(step: Step, sight: Sight, form: StepForm) -> list[Caution]:
    # what law refuses anyway is left to the action to say
    found = list(step.cautions(sight, form.given())) if step.law(sight, form.given()) else []
    written = form.cleaned_data["body"].strip()
    if written and form.cleaned_data["body_of"] and form.cleaned_data["body_of"] != digest_of(form.given()):
        said = _("文书正文是按改动前的内容写的，请核对正文里的事项和日期是否还对。")
        found.append(Caution("body_older", said))
    return found


def _not_stale(case: FoiRequest, seen: str) -> None:
    """Raise `Stale` when somebody, or a second click, was quicker; the row stays locked until the act is done."""
    row = FoiRequest.objects.select_for_update().only("touched_at").get(pk=case.pk)
    try:
        known = datetime.fromisoformat(seen)
    except ValueError:
        raise Stale from None
    if row.touched_at != known:
        raise Stale


_ACTS: dict[str, Callable[..., HttpResponse]] = {
    "do": _do, "look": _try, "take": _take, "more": _more, "docx": _download("docx"), "pdf": _download("pdf"),
}  # fmt: skip
