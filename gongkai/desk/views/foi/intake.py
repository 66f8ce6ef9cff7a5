"""Staff write down a request that came on paper, by fax or by word of mouth; its receipt to print."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import pick
from gongkai.desk.forms.foi.intake import MOST_ITEMS, RULE, WAYS, IntakeForm, ItemSet
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.screens import crumbs, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.register_by_staff import register_by_staff
from gongkai.foi.documents import receipt_pdf
from gongkai.foi.particulars import warnings
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.desk import cases_visible_to
from gongkai.foi.queries.receipts import Receipted, receipt_document, receipted
from gongkai.law.verdicts import Refusal

OFFICER = "foi_officer"


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """The form; one more item at a time without script; after registering the receipt, on this answer alone."""
    organs = _organs(me)
    if request.method == "GET":
        return _show(request, me, IntakeForm(organs), ItemSet(prefix="item"))
    if "more" in request.POST:
        return _show(request, me, *_one_more(organs, request))
    form, items = IntakeForm(organs, request.POST, request.FILES), ItemSet(request.POST, prefix="item")
    if not (form.is_valid() & items.is_valid()):
        return _show(request, me, form, items, status=422)
    values = form.cleaned_data
    try:
        receipt = register_by_staff(
            values["organ"], form.applicant(), items.wishes(values["form"], values["delivery"]),
            column=values["column"], channel=form.channel(), arrived_on=values["arrived_on"],
            confirmed_on=values["confirmed_on"], submission_key=values["submission_key"],
            requests=values["requests"], identities=values["identities"], actor=_actor(me, values["organ"]), at=me.at,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, words(refusal))
        return _show(request, me, form, items, status=422)
    context: dict[str, Any] = {
        "rows": [_row(me, one) for one in receipted(values["submission_key"])],
        "again": receipt.again,
        "warnings": warnings(form.applicant()),
        "submission_key": values["submission_key"],
        "crumbs": crumbs((_("依申请公开"), reverse("desk:cases")), (_("登记回执"), "")),
    }
    return screen(request, me, "desk/foi/receipt.html", context, section="foi")


@require_POST
@staff
def receipt_file(request: HttpRequest, me: Me) -> HttpResponse:
    """登记回执 with the query codes as PDF, for whoever still holds the key of the form."""
    _organs(me)
    rows = receipted(request.POST.get("submission_key", ""))
    seen = cases_visible_to(me.held).filter(pk__in=[row.case.pk for row in rows])
    if not rows or seen.count() != len(rows):
        raise ObjectDoesNotExist
    address = request.build_absolute_uri(reverse("portal:track"))
    data = receipt_pdf([(receipt_document(row.case, today=me.today), row.code) for row in rows], address=address)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"{_('登记回执')}-{rows[0].case.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _organs(me: Me) -> list[Organ]:
    """Organs this person registers for; whoever registers for none finds no such page."""
    ids = [actor.organ_id for actor in me.held if actor.role == OFFICER]
    found = list(Organ.objects.filter(pk__in=ids, active=True))
    if not found:
        raise ObjectDoesNotExist
    return found


def _actor(me: Me, organ: Organ) -> Actor:
    return pick(me.held, role=OFFICER, organ_id=organ.pk) or me.held[0]


def _one_more(organs: list[Organ], request: HttpRequest) -> tuple[IntakeForm, Any]:
    """The same page with everything typed and one item more; nothing is judged yet."""
    data = request.POST.copy()
    total = data.get("item-TOTAL_FORMS", "1")
    count = min(int(total) + 1, MOST_ITEMS) if total.isdecimal() and len(total) < 4 else 1
    typed = [
        {name: data.get(f"item-{n}-{name}", "") for name in ("name", "document_number", "features")}
        for n in range(count)
    ]
    form = IntakeForm(organs, initial={name: data[name] for name in IntakeForm.base_fields if data.get(name)})
    return form, ItemSet(prefix="item", initial=typed)


def _show(request: HttpRequest, me: Me, form: IntakeForm, items: Any, *, status: int = 200) -> HttpResponse:
    chosen = str(form["way"].value() or "")
    context = {
        "form": form,
        "items": items,
        "ways": [{"way": way, "chosen": way.code == chosen} for way in WAYS],
        "rule": RULE,
        "may_add": items.total_form_count() < MOST_ITEMS,
        "crumbs": crumbs((_("依申请公开"), reverse("desk:cases")), (_("登记申请"), "")),
    }
    return screen(request, me, "desk/foi/new.html", context, section="foi", status=status)


def _row(me: Me, one: Receipted) -> dict[str, Any]:
    clock = clock_of(one.case, me.today)
    return {
        "number": one.case.number,
        "url": reverse("desk:case", args=[one.case.number]),
        "code": one.code,
        "title": title(one.case),
        "received_on": one.case.received_on,
        "arrived_on": one.case.arrived_on,
        "due_on": clock.due_on if clock else None,
        "sentence": clock.sentence if clock else _("收到之日还没有确认，期限从双方确认之日起算。"),
    }
