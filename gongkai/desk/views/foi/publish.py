"""Turn information that was given to one applicant into a draft of 主动公开."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.agencies.queries import pick
from gongkai.desk.forms.foi.publish import PublishForm
from gongkai.desk.pages.foi.signoff import attachments, version_of
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.publish_reply import publish_reply
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.desk import case_for
from gongkai.foi.queries.sealed import version_content
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


@require_http_methods(["GET", "POST"])
@staff
def publish(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Which attachment, its title and place; then the editor of the new draft."""
    case = case_for(number, me.held)
    try:
        require(may("publish_reply", case.state))
        sections = [
            a.section_id for a in me.held if a.role == "drafter" and a.organ_id == case.organ_id and a.section_id
        ]
        if not sections:
            raise Refusal(Refused("not_your_post", _("转为主动公开由本机关的拟稿人办理，您没有这个岗位。")))
        given = _given(case)
        if not given:
            raise Refusal(Refused("nothing_given", _("这件申请没有随答复提供附件，不能转为主动公开。")))
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    form = PublishForm(
        request.POST or None, files=[(row["id"], row["name"]) for row in given], organ=case.organ, sections=sections,
        initial={"file": given[0]["id"]},
    )  # fmt: skip
    problem = ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        actor = pick(me.held, role="drafter", organ_id=case.organ_id, section_id=values["section"].pk)
        try:
            item = publish_reply(
                number, values["file"], section=values["section"], title=values["title"], entry=values["entry"],
                column=values["column"], actor=actor or me.held[0], at=me.at,
            )  # fmt: skip
        except Refusal as refusal:
            problem = words(refusal)
        else:
            said = _("已建立主动公开的草稿，附件已带入。补全信息后送审。")
            return done(request, said, "desk:edit", item.code)
    context = {
        "case": case,
        "form": form,
        "problem": problem,
        "given": given,
        "crumbs": crumbs(
            (_("依申请公开"), reverse("desk:cases")), (number, reverse("desk:case", args=[number])),
            (_("转为主动公开"), ""),
        ),
    }  # fmt: skip
    bad = bool(problem or form.errors)
    return screen(request, me, "desk/foi/publish.html", context, section="foi", status=422 if bad else 200)


def _given(case: FoiRequest) -> list[dict[str, object]]:
    """What went out with the delivered reply."""
    version = version_of(case, None)
    if version is None or not hasattr(version, "delivered") or case.erased_at is not None:
        return []
    return attachments(case, version_content(version))
