"""Turn information that was given to one applicant into a draft for everybody (条例44.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.disclosure.actions.attachments import add_attachment
from gongkai.disclosure.actions.create_item import create_item
from gongkai.disclosure.models import CatalogueEntry, Column, Item
from gongkai.foi.actions.turning import locked, turn
from gongkai.foi.models import CaseFile
from gongkai.foi.queries.leaks import opened, require_free_of
from gongkai.foi.queries.replies import newest
from gongkai.foi.queries.sealed import version_content
from gongkai.law.foi_moves import may
from gongkai.law.replies import gives_information
from gongkai.law.verdicts import Refusal, Refused, require


def publish_reply(
    number: str, file_id: int, *, section: Section, title: str, actor: Actor, at: datetime,
    column: Column | None = None, entry: CatalogueEntry | None = None,
) -> Item:  # fmt: skip
    """The copy that was handed out becomes an attachment of a new draft, which goes the whole way of review like any
    other and gets a copy of its own there.

    Only what was delivered, and only without a trace of who asked. Where nothing at all can be read, not even off a
    scan, it is refused: it cannot be shown to be free of the applicant.
    """
    with transaction.atomic():
        case = locked(number)
        require(may("publish_reply", case.state))
        version = newest(case)
        if version is None or not hasattr(version, "delivered") or not gives_information(version.reply_code):
            raise Refusal(Refused("nothing_given", "这件申请没有提供过信息，不能转为主动公开。"))
        if file_id not in version_content(version).files:
            raise Refusal(Refused("not_delivered", "只能把已经提供给申请人的附件转为主动公开。"))
        file = opened(CaseFile.objects.select_related("request__key", "blob").get(pk=file_id, request=case))
        if file.text is None:
            raise Refusal(
                Refused(
                    "cannot_be_checked",
                    "这个附件里读不出任何文字，不能确认其中没有申请人的信息。请换成可以读取文字的文件再办理。",
                )
            )
        require_free_of(case, [title, file.name, file.text])
        item = create_item(section, title, actor=actor, at=at, entry=entry, column=column)
        add_attachment(item.pk, file.data, filename=file.name, actor=actor, at=at)
        turn(case, "publish_reply", "foi.reply_published", actor=actor, at=at, data={"item": item.code})
        return item
