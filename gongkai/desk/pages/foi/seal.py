"""The screen of the seal: what was signed, what was uploaded, who may bind it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.signoff import papers_of_kind
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.templatetags.states import short_digest
from gongkai.desk.who import Me
from gongkai.foi.actions import add_file as papers
from gongkai.foi.actions import bind_seal as sealing
from gongkai.foi.models import FoiRequest, ReplyVersion, SealedCopy
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.replies import is_whole
from gongkai.foi.seals import configured_seal


def seal_page(me: Me, case: FoiRequest, version: ReplyVersion) -> dict[str, Any]:
    """The values of templates/desk/foi/seal.html."""
    back = reverse("desk:case", args=[case.number])
    bound = SealedCopy.objects.filter(version=version).select_related("by").first()
    return {
        "case": case,
        "version": version,
        "digest": short_digest(version.digest),
        "whole": is_whole(version),
        "clock": clock_box(clock_of(case, me.today), url=back, url_text=_("案卷和计算过程")),
        "stamped": papers_of_kind(case, "sealed"),
        "bound": bound,
        "electronic": configured_seal() is not None,
        "may_upload": able(me, papers.ROLES, case) is not None,
        "why_not": _why_not(me, case, version),
        "back": back,
    }


def _why_not(me: Me, case: FoiRequest, version: ReplyVersion) -> str:
    """Why this person may not bind; empty when they may."""
    if version.author_id == me.person.pk:
        return _("您是这份答复的拟写人，盖章件由其他人核对后登记。")
    if able(me, sealing.ROLES, case) is None:
        return _("盖章件由依申请公开经办人、公开工作机构或者机关负责人登记，您没有这些岗位。")
    return ""
