"""The seal: print, upload the stamped scan, bind it to what was signed by a second person; or an electronic seal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.desk.pages.foi.reply_letter import version_letter
from gongkai.desk.pages.foi.rights import able, acting
from gongkai.desk.pages.foi.seal import seal_page
from gongkai.desk.pages.foi.signoff import version_of
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.uploads import in_memory
from gongkai.desk.views.intake import content
from gongkai.desk.who import Me, staff
from gongkai.foi.actions import add_file as papers
from gongkai.foi.actions import bind_seal as sealing
from gongkai.foi.documents import to_pdf
from gongkai.foi.models import FoiRequest, ReplyVersion
from gongkai.foi.queries.desk import case_for
from gongkai.foi.queries.replies import is_whole
from gongkai.foi.seals import SealFailed, configured_seal
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


@require_http_methods(["GET", "POST"])
@in_memory
@staff
def seal(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One page for the three acts: upload, put the electronic seal, bind."""
    case = case_for(number, me.held)
    version = version_of(case, None)
    try:
        require(may("bind_seal", case.state))
        if able(me, (*sealing.ROLES, *papers.ROLES), case) is None:
            raise Refusal(Refused("not_your_post", _("盖章件由本机关办理申请的人员登记，您没有这个岗位。")))
    except Refusal as refusal:
        return refused(request, refusal, "desk:case", number)
    assert version is not None  # a signed request has a reply
    problem = ""
    if request.method == "POST":
        try:
            sentence, to = _act(request, me, case, version)
        except Refusal as refusal:
            problem = words(refusal)
        else:
            return done(request, sentence, to, number)
    context: dict[str, Any] = seal_page(me, case, version) | {"problem": problem}
    context["crumbs"] = crumbs((_("依申请公开"), reverse("desk:cases")), (number, context["back"]), (_("盖章"), ""))
    return screen(request, me, "desk/foi/seal.html", context, section="foi", status=422 if problem else 200)


def _act(request: HttpRequest, me: Me, case: FoiRequest, version: ReplyVersion) -> tuple[str, str]:
    sent = request.POST
    if "upload" in sent:
        data, name = content(request.FILES.get("file"))
        papers.add_file(case.number, data, name, kind="sealed", actor=acting(me, papers.ROLES, case), at=me.at)
        return _("盖章件已存入案卷。请由拟写人以外的人核对后登记。"), "desk:case_seal"
    if "stamp" in sent:
        _stamp(me, case, version)
        return _("电子印章已加盖，盖章件已存入案卷。请由拟写人以外的人核对后登记。"), "desk:case_seal"
    file_id = sent.get("file_id", "")
    if not (file_id.isdecimal() and len(file_id) < 19):
        raise Refusal(Refused("file_missing", _("请先选择盖章件。")))
    if sent.get("compared") != "yes":
        raise Refusal(Refused("not_compared", _("请先核对盖章件与签发的答复书是否一致，再登记。")))
    if sent.get("digest") != version.digest:
        raise Refusal(Refused("stale_text", _("您核对的不是最后签发的答复书，没有登记，请看最新一版。")))
    if not is_whole(version):
        raise Refusal(Refused("content_broken", _("答复与签发时的摘要不一致，不能登记盖章件。请联系系统管理员。")))
    sealing.bind_seal(case.number, int(file_id), actor=acting(me, sealing.ROLES, case), at=me.at)
    return _("盖章件已登记，与签发的答复书绑定。现在可以送达。"), "desk:case"


def _stamp(me: Me, case: FoiRequest, version: ReplyVersion) -> None:
    seal = configured_seal()
    if seal is None:
        raise Refusal(Refused("no_electronic_seal", _("本系统没有接入电子印章，请打印后加盖实物印章。")))
    if not is_whole(version):
        raise Refusal(Refused("content_broken", _("答复与签发时的摘要不一致，不能盖章。请联系系统管理员。")))
    try:
        stamped = seal.stamp(to_pdf(version_letter(version)), version.digest)
    except SealFailed as failed:
        raise Refusal(Refused("seal_failed", str(failed))) from None
    name = _("答复书（电子印章）-%(number)s.pdf") % {"number": case.number}
    papers.add_file(case.number, stamped, name, kind="sealed", actor=acting(me, papers.ROLES, case), at=me.at)
