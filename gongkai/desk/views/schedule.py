"""定时发布: set the instant, move it, give it up, or release the approved text now."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.schedule import FIELD_OF, InstantForm, ReasonForm
from gongkai.desk.pages.schedule import schedule_page
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.schedule import (
    MAY_SCHEDULE,
    cancel_schedule,
    move_schedule,
    release_now,
    schedule_release,
)
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import item_for
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused
from gongkai.web.wording import full_instant

VERBS = ("set", "move", "cancel", "now")


@require_http_methods(["GET", "POST"])
@staff
def schedule(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """One screen for the four verbs; `verb` says which of its forms was sent."""
    item = item_for(code, me.held)
    verdict = moves.may("schedule", work=item.work, public=item.public)
    if isinstance(verdict, Refused):
        return refused(request, Refusal(verdict), "desk:item", code)
    actor = me.able(MAY_SCHEDULE, item)
    if actor is None:
        refusal = Refusal(Refused("not_your_post", _("您没有为本机关定时发布的岗位。")))
        return refused(request, refusal, "desk:item", code)
    verb = request.POST.get("verb", "")
    forms = _forms(item, verb, request.POST if request.method == "POST" else None)
    if request.method == "POST" and verb in VERBS:
        form = forms[verb]
        if form.is_valid():
            try:
                return done(request, _do(verb, item, form, actor, me), "desk:item", code)
            except Refusal as refusal:
                field = FIELD_OF.get(refusal.code)
                form.add_error(field if field in form.fields else None, words(refusal))
                item.refresh_from_db()
    wrong = next((form for form in forms.values() if form.errors), None)
    context = schedule_page(me, item) | {"forms": forms, "form": wrong}
    context["crumbs"] = crumbs((item.working_title, reverse("desk:item", args=[code])), (_("定时发布"), ""))
    return screen(request, me, "desk/schedule.html", context, section="items", status=422 if wrong else 200)


def _forms(item: Item, verb: str, sent: Mapping[str, str] | None) -> dict[str, ReasonForm]:
    """The form that was sent holds what was typed; the others begin anew. Each has a prefix, so that ids differ."""

    def of(name: str) -> Mapping[str, str] | None:
        return sent if name == verb else None

    return {
        "set": InstantForm(of("set"), first=True, prefix="set"),
        "move": InstantForm(of("move"), first=False, prefix="move"),
        "cancel": ReasonForm(of("cancel"), prefix="cancel"),
        "now": ReasonForm(of("now"), prefix="now"),
    }


def _do(verb: str, item: Item, form: ReasonForm, actor: Actor, me: Me) -> str:
    """The act, and the sentence that tells it is done."""
    reason = form.cleaned_data["reason"]
    told = {"reason": reason, "actor": actor, "at": me.at}
    if isinstance(form, InstantForm):
        made = (schedule_release if verb == "set" else move_schedule)(item.pk, form.instant(), **told)
        sentence = (
            _("已定时：审查通过后于 %(at)s 发布，在此之前公众看不到。") if verb == "set" else _("已改期到 %(at)s。")
        )
        return sentence % {"at": full_instant(made.due_at)}
    if verb == "now":
        release = release_now(item.pk, **told)
        return _("已发布，索引号 %(n)s。公众现在可以看到。") % {"n": release.item.index_number}
    cancel_schedule(item.pk, **told)
    item.refresh_from_db()
    if item.work == moves.DRAFTING:
        return _("已取消定时，文本在拟稿，没有发布。")
    return _("已取消定时，审查通过后立即发布。")
