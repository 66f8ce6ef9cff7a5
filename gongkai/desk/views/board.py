"""公示栏: what stands on the hall screens now, how a screen looks, and the sheets to be pinned up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Organ
from gongkai.channels import board as boards
from gongkai.channels.models import Posting
from gongkai.channels.notice_sheet import PAPERS, may_be_pinned_up, notice_pdf, pictures_of
from gongkai.channels.queries import public_items
from gongkai.channels.states import STATES
from gongkai.desk.screens import crumbs, refused, screen
from gongkai.desk.who import Me, staff
from gongkai.disclosure.queries.desk import item_for, items_visible_to
from gongkai.files.sniff import KINDS
from gongkai.law.announcements import is_announcement
from gongkai.law.verdicts import Refusal, Refused
from gongkai.web.addresses import base_url
from gongkai.web.slides import drawn

#: Rows of the table; what is older is on the item's own page.
ROWS = 200


@require_safe
@staff
def board(request: HttpRequest, me: Me) -> HttpResponse:
    """What the person's organs have on the screens, in the order in which it goes round."""
    mine = items_visible_to(me.held)
    standing = boards.standing_there(on=me.today).filter(item__in=mine)
    standing = standing.select_related("item", "release__organ", "release__version")
    waiting = Posting.objects.filter(channel=boards.CODE, item__in=mine).exclude(pk__in=standing.values("pk"))
    waiting = waiting.exclude(state="recalled").select_related("item__organ").order_by("-wanted_at")
    rows = [_row(posting) for posting in standing[:ROWS]]
    first = (
        boards.slides(on=me.today, zone=timezone.get_current_timezone(), organ_code=rows[0]["organ"].code)[:1]
        if rows
        else []
    )
    organs = Organ.objects.filter(pk__in=mine.values("organ_id")).exclude(kind="historic").order_by("code")
    context = {
        "rows": rows,
        "more": standing.count() - len(rows),
        "waiting": [{"item": p.item, "state": STATES[p.state], "sentence": p.sentence} for p in waiting[:ROWS]],
        "screens": [
            {"name": _("全部机关"), "url": reverse("portal:board")},
            *({"name": organ.name, "url": reverse("portal:board_organ", args=[organ.code])} for organ in organs[:60]),
        ],
        "slide": drawn(first[0], base_url(request)) if first else None,
        "missing": ""
        if settings.SITE["base_url"]
        else _("还没有设置本站地址（SITE_BASE_URL），公示栏没有启用。请联系系统管理员。"),
        "most": boards.MOST,
        "papers": list(PAPERS),
        "crumbs": crumbs((_("公示栏"), "")),
    }
    return screen(request, me, "desk/board.html", context, section="board")


def _row(posting: Posting) -> dict[str, Any]:
    release = posting.release
    assert release is not None  # a posting that stands there has one
    last = release.version.valid_until
    return {
        "item": posting.item,
        "title": release.version.title,
        "organ": release.organ,
        "released_at": release.released_at,
        "last_day": last,
        "announced": is_announcement(release.column_kind, last, release.version.effective_from),
    }


@require_safe
@staff
def notice_sheet(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """The sheet of the text that is public now, A4 or A3; never of a draft."""
    item = item_for(code, me.held)
    paper = request.GET.get("paper", "A4")
    if paper not in PAPERS:
        raise Http404
    public = public_items([item.pk], on=me.today).get(item.pk)
    try:
        if public is None:
            raise Refusal(Refused("not_public", _("这条信息没有公开，没有可以张贴的通知。发布以后再打印。")))
        if not settings.SITE["base_url"]:
            raise Refusal(
                Refused("no_address", _("还没有设置本站地址（SITE_BASE_URL），二维码无法生成。请管理员设置后再打印。"))
            )
        verdict = may_be_pinned_up(public)
        if isinstance(verdict, Refused):
            raise Refusal(verdict)
    except Refusal as refusal:
        return refused(request, refusal, "desk:item", code)
    data = notice_pdf(
        public, paper=paper, base=base_url(request), zone=timezone.get_current_timezone(),
        pictures=pictures_of(public.index_number),
    )  # fmt: skip
    name = f"{public.index_number.replace('/', '-')}-{paper}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(False, name) or "",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=KINDS["pdf"].media_type, headers=headers)
