"""The screen of delivery."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.forms.foi.deliver import DeliverForm
from gongkai.desk.pages.foi.signoff import attachments
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.templatetags.states import short_digest
from gongkai.desk.who import Me
from gongkai.foi.models import FoiRequest, ReplyVersion, SealedCopy
from gongkai.foi.models.cases import DELIVERIES
from gongkai.foi.queries.clock import calendar_for, clock_of, steps_of
from gongkai.foi.queries.replies import is_whole
from gongkai.foi.queries.sealed import version_content
from gongkai.law.foi_moves import may_reply


def deliver_page(me: Me, case: FoiRequest, version: ReplyVersion | None, form: DeliverForm) -> dict[str, Any]:
    """The values of templates/desk/foi/deliver.html."""
    assert version is not None  # a signed request has a reply
    back = reverse("desk:case", args=[case.number])
    bound = SealedCopy.objects.filter(version=version, digest=version.digest).select_related("by", "file").first()
    open_letters = may_reply(steps_of(case), calendar_for(case.organ), me.today)
    why = [
        *([] if bound else [_("答复书还没有盖章，请先登记盖章件。《政府信息公开条例》第三十六条")]),
        *([] if open_letters else [str(open_letters)]),
        *([] if is_whole(version) else [_("答复与签发时的摘要不一致，不能送达。请联系系统管理员。")]),
    ]
    return {
        "case": case,
        "version": version,
        "form": form,
        "ways": form.ways(),
        "digest": short_digest(version.digest),
        "wished": DELIVERIES[case.delivery],
        "bound": bound,
        "sealed_url": reverse("desk:case_file", args=[case.number, bound.file_id]) if bound else "",
        "attachments": attachments(case, version_content(version)),
        "clock": clock_box(clock_of(case, me.today), url=back, url_text=_("案卷和计算过程")),
        "why_not": why,
        "back": back,
    }
