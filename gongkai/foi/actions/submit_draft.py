"""Send the form in: every item a case of its own, once, however often and however many at a time it is sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.foi import vault
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.drafts import locked_draft
from gongkai.foi.actions.receive import receive
from gongkai.foi.actions.turning import day_of
from gongkai.foi.models import LookupAttempt, RequestDraft
from gongkai.foi.queries.attempts import WINDOW, network_of
from gongkai.foi.queries.drafts import (
    NAME_PLACE,
    PLACE,
    Filled,
    configured,
    filled,
    open_bytes,
    receiving_organs,
    submission_key,
    uploads,
    wishes_of,
)
from gongkai.foi.queries.sealed import sealed_json, text_of
from gongkai.law.verdicts import Refusal, Refused

ARTICLE = "《政府信息公开条例》第二十九条"


def submit_draft(token: str, *, based_on: int, network: str, actor: Actor, at: datetime) -> RequestDraft:
    """One transaction: register, put the files into every case, mark the form. Sent again it changes nothing.

    `based_on` is the revision the applicant saw on the summary; `network` the client's address, for the limit. The
    returned draft has its `submission`; `queries.drafts.receipt_lines` gives numbers and codes. Raises `NoDraft`.
    """
    with transaction.atomic():
        draft = locked_draft(token, at=at)
        if draft.submission_id is not None:
            return draft
        if draft.revision != based_on:
            raise Refusal(Refused("changed", "您在另一个窗口改过内容，还没有提出。请看过现在的内容，再提出申请。"))
        told = filled(draft)
        organ = _organ(told)
        _check_files(draft)
        _count(network, at)
        today = day_of(at)
        receipt = receive(
            organ, told.told, wishes_of(told), column=told.column, channel="online", arrived_on=today,
            confirmed_on=today if configured("CONFIRM_AT_ONCE") else None, submission_key=submission_key(draft),
            actor=actor, at=at,
        )  # fmt: skip
        numbers = [made.case.number for made in receipt.registered]
        for paper in draft.files.all():
            data, name = open_bytes(draft, paper), text_of(draft.key, paper.filename, NAME_PLACE)
            for number in numbers:
                add_file(number, data, name, kind=paper.kind, actor=actor, at=at)
        # What the form held is in the cases now; the receipt needs only the key it was sent in with.
        draft.files.all().delete()
        draft.content = sealed_json(draft.key, Filled().as_dict(), PLACE)
        draft.submitted_at, draft.submission = at, receipt.registered[0].case.submission
        draft.save()
        return draft


def _organ(told: Filled) -> Organ:
    if not told.column or not told.form or not told.delivery:
        raise Refusal(Refused("unfinished", "申请还没有填完，请补上缺少的内容。", ARTICLE))
    for _depth, organ in receiving_organs():
        if organ.code == told.organ:
            return organ
    raise Refusal(Refused("no_organ", "请选择受理申请的机关。", ARTICLE))


def _check_files(draft: RequestDraft) -> None:
    waiting = [upload.filename for upload in uploads(draft) if not upload.whole]
    if waiting:
        names = "、".join(f"“{name}”" for name in waiting)
        raise Refusal(Refused("upload_unfinished", f"{names}还没有传完。请接着传完，或者删去后再提出申请。"))


def _count(network: str, at: datetime) -> None:
    """Refuse the form that is one too many for its network, which stands in the table as a keyed digest only."""
    most = configured("SUBMISSIONS")
    if not most:
        return
    place = ("submission.network", network_of(network))
    sent = LookupAttempt.objects.filter(place__in=vault.keyed_any(*place), failed_at__gt=at - WINDOW)
    last = list(sent.order_by("-failed_at").values_list("failed_at", flat=True)[:most])
    if len(last) == most:
        free = timezone.localtime(last[-1] + WINDOW)
        raise Refusal(
            Refused(
                "too_many",
                f"您所在的网络短时间内提出的申请太多，这一份还没有提出。草稿已经保存，请在{free:%H:%M}以后再提出。",
            )
        )
    LookupAttempt.objects.bulk_create([LookupAttempt(place=vault.keyed(*place), failed_at=at)])


def forget_networks(*, at: datetime) -> None:
    """Remove what was counted before the window. Not done while sending in: there others would wait for it."""
    with transaction.atomic():
        LookupAttempt.objects.filter(failed_at__lte=at - WINDOW).delete()
