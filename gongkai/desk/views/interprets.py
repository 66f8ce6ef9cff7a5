"""Choose the documents a draft interprets, among what is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.desk.pages.released import find_released
from gongkai.desk.screens import crumbs, done, refused, screen
from gongkai.desk.views.editor import DRAFTER, open_draft
from gongkai.desk.who import Me, staff
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.queries.desk import item_for
from gongkai.disclosure.queries.public import listed
from gongkai.law.verdicts import Refusal, Refused


@require_http_methods(["GET", "POST"])
@staff
def interprets(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Search, add, remove. Both pages will show the link once this text is released."""
    item = item_for(code, me.held)
    query = request.GET.get("q", "")
    try:
        draft = open_draft(me, item)
        if request.method == "POST":
            chosen = _changed(draft.interprets, request.POST.get("add", ""), request.POST.get("remove", ""))
            save_draft(
                item.pk, {"interprets": chosen}, based_on=draft.revision, actor=me.acting(DRAFTER, item), at=me.at,
                today=me.today,
            )  # fmt: skip
            return done(request, _("已更新解读的文件。"), "desk:interprets", code)
    except Refusal as refusal:
        return refused(request, refusal, "desk:item" if request.method == "GET" else "desk:interprets", code)
    titles = dict(
        listed().filter(item__index_number__in=draft.interprets).values_list("item__index_number", "version__title")
    )
    context = {
        "item": item,
        "chosen": [
            {"number": n, "title": titles.get(n, _("没有找到这个索引号的已发布信息"))} for n in draft.interprets
        ],
        "query": query,
        "found": [row for row in find_released(query) if row.item.index_number not in draft.interprets],
        "crumbs": crumbs((item.working_title, reverse("desk:edit", args=[code])), (_("解读的文件"), "")),
    }
    return screen(request, me, "desk/interprets.html", context, section="items")


def _changed(now: list[str], add: str, remove: str) -> list[str]:
    if add:
        if not listed().filter(item__index_number=add, standing="live").exists():
            raise Refusal(Refused("not_released", _("只能解读已发布的文件，没有找到“%(n)s”。") % {"n": add}))
        return list(dict.fromkeys([*now, add]))
    return [number for number in now if number != remove]
