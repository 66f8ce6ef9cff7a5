"""条例25: receivers, lists of what they have not been given, the handing over."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.actors import Actor
from gongkai.agencies.queries import pick
from gongkai.channels.actions.record_by_hand import Scan
from gongkai.channels.actions.transfers import (
    KEEPERS,
    add_receiver,
    close_receiver,
    give_up_transfer,
    hand_over,
    make_transfer,
)
from gongkai.channels.models import Receiver, Transfer
from gongkai.channels.models.transfers import RECEIVERS, TAKEN_BACK
from gongkai.channels.transfers.listing import REMIND_DAYS, lines_of, receivers
from gongkai.channels.transfers.paper import pdf
from gongkai.channels.transfers.sheet import workbook
from gongkai.desk.forms.papers import HandOverForm, ReceiverForm
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.files import served
from gongkai.desk.views.handbooks import kept_organs, may, organs_of
from gongkai.desk.who import Me, staff
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import KINDS
from gongkai.law.verdicts import Refusal, Refused

FIELD_OF = {
    "no_receipt": "receipt_number", "not_a_scan": "scan", "in_the_future": "on", "before_list": "on",
    "name_missing": "name", "receiver_there": "name",
}  # fmt: skip


def _acting(me: Me, organ_id: int) -> Actor:
    return pick(me.held, role=KEEPERS[0], organ_id=organ_id) or me.held[0]


def _receiver(me: Me, number: int) -> Receiver:
    organs = organs_of(me)
    rows = Receiver.objects.select_related("organ")
    return (rows if organs is None else rows.filter(organ__in=organs)).get(pk=number)


def _transfer(me: Me, number: int) -> Transfer:
    organs = organs_of(me)
    rows = Transfer.objects.select_related("receiver__organ", "scan", "made_by", "handed_over_by")
    return (rows if organs is None else rows.filter(receiver__organ__in=organs)).get(pk=number)


@require_safe
@staff
def transfers(request: HttpRequest, me: Me) -> HttpResponse:
    """Receivers, those that wait longest first, and the lists so far."""
    organs = organs_of(me)
    lists = Transfer.objects.select_related("receiver__organ")
    if organs is not None:
        lists = lists.filter(receiver__organ__in=organs)
    rows = receivers(organs, on=me.today)
    context = {
        "rows": [
            {
                "told": row,
                "kind": RECEIVERS[row.receiver.kind],
                "keeps": may(me, KEEPERS, row.receiver.organ_id),
            }
            for row in rows
        ],
        "late": sum(row.is_late for row in rows),
        "days": REMIND_DAYS,
        "lists": lists[:50],
        "may_add": bool(kept_organs(me, KEEPERS)),
        "crumbs": crumbs((_("移交清单"), "")),
    }
    return screen(request, me, "desk/papers/transfers.html", context, section="transfers")


@require_http_methods(["GET", "POST"])
@staff
def new_receiver(request: HttpRequest, me: Me) -> HttpResponse:
    """Enter an archive, a library or a service hall."""
    organs = kept_organs(me, KEEPERS)
    if not organs:
        raise PermissionDenied
    form = ReceiverForm(request.POST or None, organs=organs)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        organ, kind, name = told.pop("organ"), told.pop("kind"), told.pop("name")
        try:
            add_receiver(organ, kind, name, actor=_acting(me, organ.pk), at=me.at, **told)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), words(refusal))
        else:
            return done(request, _("已登记%(name)s，可以生成移交清单了。") % {"name": name}, "desk:transfers")
    context = {
        "form": form, "title": _("登记接收单位"), "verb": _("登记"),
        "crumbs": crumbs((_("移交清单"), reverse("desk:transfers")), (_("登记接收单位"), "")),
    }  # fmt: skip
    return screen(request, me, "desk/form.html", context, section="transfers", status=422 if form.errors else 200)


@require_POST
@staff
def end_receiver(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """It is given nothing any more."""
    receiver = _receiver(me, number)
    try:
        close_receiver(number, actor=_acting(me, receiver.organ_id), at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:transfers")
    return done(request, _("已停用，以前的清单都还在。"), "desk:transfers")


@require_POST
@staff
def make_list(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """The next list of a receiver, until a day."""
    receiver = _receiver(me, number)
    try:
        until = date.fromisoformat(request.POST.get("until") or me.today.isoformat())
    except ValueError:
        wrong = Refused("day_wrong", _("日期不对，请写成 2026-10-29。"))
        return refused(request, Refusal(wrong), "desk:transfers")
    try:
        made = make_transfer(
            number, until=until, actor=_acting(me, receiver.organ_id), at=me.at, today=me.today
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, "desk:transfers")
    return done(request, _("清单已生成，请下载、移交，再登记回执。"), "desk:transfer", made.pk)


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def transfer(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """One list: its lines, its files, and the handing over."""
    made = _transfer(me, number)
    form = HandOverForm(request.POST or None, request.FILES or None, initial={"on": me.today})
    if request.method == "POST" and form.is_valid() and _handed_over(form, made, me):
        return done(request, _("已登记移交。"), "desk:transfer", number)
    rows = lines_of(made)
    context = {
        "made": made,
        "kind": RECEIVERS[made.receiver.kind],
        "rows": rows,
        "back": sum(row.kind == TAKEN_BACK for row in rows),
        "taken_back": TAKEN_BACK,
        "is_open": made.handed_over_on is None and made.given_up_at is None,
        "keeps": may(me, KEEPERS, made.receiver.organ_id),
        "form": form,
        "crumbs": crumbs((_("移交清单"), reverse("desk:transfers")), (_title(made), "")),
    }
    status = 422 if form.errors else 200
    return screen(request, me, "desk/papers/transfer.html", context, section="transfers", status=status)


def _handed_over(form: HandOverForm, made: Transfer, me: Me) -> bool:
    told = form.cleaned_data
    file = told["scan"]
    try:
        hand_over(
            made.pk, on=told["on"], receipt_number=told["receipt_number"],
            scan=Scan(file.name, file.read()) if file else None, actor=_acting(me, made.receiver.organ_id), at=me.at,
            today=me.today,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(FIELD_OF.get(refusal.code), words(refusal))
    except Unreadable as wrong:
        form.add_error("scan", wrong.sentence)
    return not form.errors


@require_POST
@staff
def give_up_list(request: HttpRequest, me: Me, number: int) -> HttpResponse:
    """A list that was made wrong: its lines come again in the next one."""
    made = _transfer(me, number)
    try:
        give_up_transfer(
            number, reason=request.POST.get("reason", ""), actor=_acting(me, made.receiver.organ_id), at=me.at
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, "desk:transfer", number)
    return done(request, _("清单已作废，其中的信息会列入下一份。"), "desk:transfers")


@require_safe
@staff
def transfer_file(request: HttpRequest, me: Me, number: int, kind: str) -> HttpResponse:
    """The list as a workbook, on paper, or the scan of its receipt."""
    made = _transfer(me, number)
    match kind:
        case "sheet":
            return _sent(workbook(made, lines_of(made)), KINDS["xlsx"].media_type, f"{_title(made)}.xlsx")
        case "paper":
            try:
                return _sent(pdf(made, lines_of(made)), "application/pdf", f"{_title(made)}.pdf")
            except Unreadable:
                wrong = Refused("not_made", _("PDF 没有做成，请稍后再试，或者下载表格；仍不成功请告知系统管理员。"))
                return refused(request, Refusal(wrong), "desk:transfer", number)
        case "scan" if made.scan is not None:
            return served(made.scan, f"{_title(made)}-回执")
        case _:
            raise Transfer.DoesNotExist


def _title(made: Transfer) -> str:
    return str(_("%(r)s第%(n)d号移交清单") % {"r": made.receiver.name, "n": made.number})


def _sent(data: bytes, media_type: str, filename: str) -> HttpResponse:
    disposition = content_disposition_header(True, filename) or ""
    return HttpResponse(data, content_type=media_type, headers={"Content-Disposition": disposition})
