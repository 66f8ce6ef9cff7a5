"""The letter on the screen: as it reads now, with what is missing marked, masked for whoever may not see whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.reply_parts import outcome
from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.step import covered
from gongkai.desk.who import Me
from gongkai.foi.actions import reveal as looking
from gongkai.foi.documents import Document, to_html
from gongkai.foi.models import FoiRequest, ReplyVersion
from gongkai.foi.queries.papers import composed_reply, fields_for, reply_document
from gongkai.foi.queries.sealed import particulars, text_of
from gongkai.foi.replying import Composition
from gongkai.law.explain import day_in_words as full_date
from gongkai.law.reply_tree import walk


def looks(me: Me, case: FoiRequest) -> bool:
    """May this person read whose request it is? If so the look is put on record."""
    actor = able(me, looking.ROLES, case)
    if actor is None or case.erased_at is not None:
        return False
    looking.reveal(case.number, actor=actor, at=me.at)
    return True


def page_of(document: Document, case: FoiRequest, *, open_names: bool, words: str = "") -> SafeString:
    """As HTML, gaps marked, and the paragraphs that hold `words` as just written; `open_names` only after `looks`."""
    shown = document if open_names else covered(document, particulars(case.applicant))
    told = [line.strip() for line in words.splitlines() if line.strip()]
    changed = [n for n, text in enumerate(shown.paragraphs) if any(line in text for line in told)]
    return to_html(shown, changed=changed)


def draft_letter(case: FoiRequest, made: Composition, today: date) -> Document:
    """The letter of a composition, finished or not."""
    end = outcome(made)
    if end is not None and end.row.is_letter:
        return composed_reply(case, made, end.row.code, end.ground.code if end.ground else "")
    return _unfinished(case, made, today)


def version_letter(version: ReplyVersion) -> Document:
    """The frozen letter, word for word."""
    return reply_document(version)


def _unfinished(case: FoiRequest, made: Composition, today: date) -> Document:
    """What is certain already: to whom, about what, the reasons written so far; the open question as a gap."""
    told = fields_for(case, today)
    received = full_date(told["received_on"]) if told["received_on"] else _("【收到申请的日期】")
    asked = walk(made.answers).question
    begin = _("本机关于%(day)s收到您提出的政府信息公开申请（编号：%(number)s）。您申请公开“%(request)s”。") % {
        "day": received, "number": case.number, "request": told["request"],
    }  # fmt: skip
    reason = str(made.letter.get("reason") or "")
    gap = _("【还没有判断：%(question)s】") % {"question": asked.text} if asked else ""
    lines = (begin, reason, gap, _("【救济途径和期限】"))
    return replace(
        composed_reply(case, Composition({}, letter={"number": case.reply_number}), "R2"),
        paragraphs=tuple(line for line in lines if line), attachments=(), dated=None, addressee=told["addressee"],
    )  # fmt: skip


def paper_names(case: FoiRequest) -> dict[int, str]:
    """Open names of the papers of a case."""
    rows = case.files.select_related("request__key")
    return {row.pk: text_of(case.key, row.filename, "file.filename") for row in rows}
