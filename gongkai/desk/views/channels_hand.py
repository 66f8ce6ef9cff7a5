"""What people carry: everything ready to paste, and the record of what was posted where."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.channels.actions.record_by_hand import MAY_RECORD, Scan, record_by_hand
from gongkai.channels.adapters import CHANNELS
from gongkai.channels.by_hand import carried_by_hand
from gongkai.channels.contract import PublicItem
from gongkai.channels.handoff import filename, package, parts
from gongkai.channels.models import HandRecord
from gongkai.channels.queries import public_items
from gongkai.channels.routing import ENDED
from gongkai.channels.states import DELIVER, RECALL
from gongkai.desk.forms.channels import HandForm
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.files import served
from gongkai.desk.who import Me, staff
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import item_for
from gongkai.law.verdicts import Refusal, Refused

#: Pictures of the package by their address.
PICTURES = {"cover": ("封面.jpg", "image/jpeg"), "qr": ("二维码.png", "image/png")}
FIELD_OF = {
    "carrier_missing": "carrier", "words_missing": "words", "no_proof": "link", "link_incomplete": "link",
    "not_a_scan": "scan", "in_the_future": "on", "before_release": "on",
}  # fmt: skip
_INSIDE = re.compile(r"<body>(.*)</body>", re.S)


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def by_hand(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Write down what was carried or taken back; a correction is a new row that names the wrong one."""
    item = item_for(code, me.held)
    if me.able(MAY_RECORD, item) is None:
        why = Refused("not_your_post", _("登记人工发布由拟稿人和合规审核人员办理，您没有这个岗位。"))
        return refused(request, Refusal(why), "desk:item_channels", code)
    if request.method == "POST":
        form = HandForm(request.POST, request.FILES)
        if form.is_valid() and _recorded(form, item, me):
            return done(request, _("已登记。"), "desk:item_channels", code)
    else:
        form = HandForm(initial=_start(request, item, me))
    context = {
        "item": item,
        "form": form,
        "places": _places(item),
        "wrong": _wrong(form, item),
        "crumbs": _crumbs(item, _("登记人工发布")),
    }
    status = 422 if form.errors else 200
    return screen(request, me, "desk/channels/by_hand.html", context, section="items", status=status)


def _start(request: HttpRequest, item: Item, me: Me) -> dict[str, Any]:
    """What the link that led here knows; a correction begins with the words of what it corrects."""
    asked = request.GET
    verb = asked.get("verb", DELIVER)
    given: dict[str, Any] = {
        "carrier": asked.get("carrier", "")[:40],
        "verb": verb if verb in (DELIVER, RECALL) else DELIVER,
        "on": me.today,
    }
    wrong = _record(item, asked.get("corrects", ""))
    if wrong is not None:
        given |= {
            "carrier": wrong.carrier, "verb": wrong.verb, "on": wrong.on, "words": wrong.words, "link": wrong.link,
            "corrects": wrong.pk,
        }  # fmt: skip
    return given


def _record(item: Item, number: str) -> HandRecord | None:
    if not number.isdecimal() or len(number) > 15:
        return None
    return HandRecord.objects.filter(item=item, pk=int(number)).first()


def _wrong(form: HandForm, item: Item) -> HandRecord | None:
    return _record(item, str(form["corrects"].value() or ""))


def _places(item: Item) -> list[str]:
    """What to offer for the place: the catalogue's, then channels that are not in use."""
    off = [c.title for c in CHANNELS if c.missing() and c.code in ("wechat", "weibo")]
    return list(dict.fromkeys([*carried_by_hand(item), *off]))


def _recorded(form: HandForm, item: Item, me: Me) -> bool:
    values = form.cleaned_data
    upload = values["scan"]
    try:
        record_by_hand(
            item.pk, values["carrier"], values["verb"], on=values["on"], words=values["words"], link=values["link"],
            scan=Scan(upload.name, upload.read()) if upload else None, corrects=values["corrects"],
            actor=me.acting(MAY_RECORD, item), at=me.at,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        return False
    return True


@require_safe
@staff
def scan(request: HttpRequest, me: Me, code: str, number: int) -> HttpResponse:
    """The scan of a record."""
    record = HandRecord.objects.select_related("scan").get(item=item_for(code, me.held), pk=number)
    if record.scan is None:
        raise Http404
    suffix = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(record.scan.media_type, ".ofd")
    return served(record.scan, f"{record.carrier}-{record.on}{suffix}")


@require_safe
@staff
def handoff(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Everything for one place (`?place=`) on one page: texts to copy, pictures, and where to record it afterwards."""
    item = item_for(code, me.held)
    place = request.GET.get("place", "")[:40]
    try:
        public = _public(item, place, me)
        if request.GET.get("zip"):
            return _file(package(public, place), "application/zip", filename(public, place))
        made = dict(parts(public, place))
    except Refusal as refusal:
        return refused(request, refusal, "desk:item_channels", code)
    context = {
        "item": item,
        "place": place,
        "title": next((c.title for c in CHANNELS if c.code == place), place),
        "carrier": request.GET.get("carrier", "")[:40] or next((c.title for c in CHANNELS if c.code == place), place),
        "texts": [_text(name, data) for name, data in made.items() if name.endswith(".txt") and name != "说明.txt"],
        "article": _article(made),
        # What stands before the empty line are the facts that the page shows anyway.
        "notes": _plain(made["说明.txt"]).partition("\n\n")[2].splitlines(),
        "pictures": [
            {"which": which, "name": name} for which, (name, _kind) in PICTURES.items() if name in made
        ],
        "may_record": me.able(MAY_RECORD, item) is not None,
        "crumbs": _crumbs(item, _("准备材料")),
    }  # fmt: skip
    return screen(request, me, "desk/channels/handoff.html", context, section="items")


@require_safe
@staff
def handoff_picture(request: HttpRequest, me: Me, code: str, which: str) -> HttpResponse:
    """The cover or the QR."""
    item = item_for(code, me.held)
    if which not in PICTURES:
        raise Http404
    name, kind = PICTURES[which]
    try:
        made = dict(parts(_public(item, "公示", me), "公示"))
    except Refusal:
        raise Http404 from None
    if name not in made:
        raise Http404
    return _file(made[name], kind, name)


def _public(item: Item, place: str, me: Me) -> PublicItem:
    public = public_items([item.pk], on=me.today).get(item.pk)
    if public is None or public.validity in ENDED:
        raise Refusal(Refused("not_public", _("这条信息现在没有公开或者已经失去效力，不能再发到其他地方。")))
    if not place.strip():
        raise Refusal(Refused("place_missing", _("请先选择发到哪里。")))
    return public


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    as_attachment = not kind.startswith("image/")
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment, name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(data: bytes) -> str:
    return data.decode().lstrip("\ufeff").replace("\r\n", "\n").strip()


def _text(name: str, data: bytes) -> dict[str, Any]:
    text = _plain(data)
    return {"title": name.removesuffix(".txt"), "text": text, "rows": min(12, text.count("\n") + 1 + len(text) // 60)}


def _article(made: dict[str, bytes]) -> str:
    """The body of the article, the same clean HTML that is public, for copying with its form."""
    found = _INSIDE.search(made.get("正文.html", b"").decode())
    return mark_safe(found[1]) if found else ""  # noqa: S308 -- the released body was cleaned, the rest is escaped


def _crumbs(item: Item, title: str) -> list[dict[str, str]]:
    return crumbs(
        (item.working_title, reverse("desk:item", args=[item.code])),
        (_("渠道"), reverse("desk:item_channels", args=[item.code])),
        (title, ""),
    )
