"""The values of the tracking page (picture 04): heading, clock, record, what happens next. Dates come from law."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.foi.documents import KINDS
from gongkai.foi.models import IssuedPaper
from gongkai.foi.models.care import CORRECTION_DECISIONS
from gongkai.foi.queries.progress import Progress, against, due_without_consultation, open_papers
from gongkai.law.articles import cite
from gongkai.law.explain import full_date, short_date
from gongkai.law.reply_clock import Clock, picture
from gongkai.law.reply_clock.acts import EXTENSION_WORKING_DAYS
from gongkai.portal.views.calculator_calendar import in_words, months
from gongkai.portal.views.calculator_due import shortened
from gongkai.portal.views.tracking_clock import clock_block, paper_name, paper_url
from gongkai.portal.views.tracking_stages import stages

HEADINGS = {
    "clarify": gettext_noop("请补正您的申请"),
    "pay": gettext_noop("请缴纳信息处理费"),
    "reasons": gettext_noop("请说明申请的理由"),
    "unconfirmed": gettext_noop("您的申请已经登记，等待确认"),
    "working": gettext_noop("您的申请正在办理"),
    "suspended": gettext_noop("您的申请正在办理"),
    "late": gettext_noop("机关到期没有答复您"),
    "replied": gettext_noop("机关已经答复您"),
    "withdrawn": gettext_noop("您已撤回申请"),
    "given_up": gettext_noop("您的申请已视为放弃"),
}
LEADS = {
    "clarify": gettext_noop("机关看不出您需要哪些信息，请补充说明。"),
    "pay": gettext_noop("申请的数量、频次明显超过合理范围，机关通知您缴纳信息处理费。"),
    "reasons": gettext_noop("申请的数量、频次明显超过合理范围，机关要求您说明理由。"),
}


def case_page(seen: Progress) -> dict[str, Any]:
    """Everything `portal/track_case.html` shows."""
    papers = open_papers(seen)
    return head(seen) | {
        "phase": seen.phase,
        "clock": clock_block(seen, papers),
        "stages": stages(seen),
        "calendar": calendar(seen),
        "record": record(seen, papers),
        "ahead": ahead(seen),
        "verbs": seen.verbs,
        "reply_online": seen.delivery is not None and seen.delivery.by == "online",
        "may_object": seen.phase in ("replied", "late"),
        "supervisor": supervisor(seen),
        "contact": contact(seen),
    }


def head(seen: Progress) -> dict[str, Any]:
    """{heading, agency, wish, lead, number}: what every page of the case begins with."""
    return {
        "heading": _(HEADINGS[seen.phase]),
        "agency": seen.case.organ.name,
        "wish": seen.wish.name,
        "lead": _(LEADS[seen.phase]) if seen.phase in LEADS else "",
        "number": seen.case.number,
    }


def contact(seen: Progress) -> dict[str, str]:
    """The agency's office for disclosure; the site's own telephone where none is known."""
    organ = seen.case.organ
    return {
        "agency": organ.name,
        "phone": organ.phone or settings.SITE["phone"],
        "hours": organ.hours or (settings.SITE["hours"] if not organ.phone else ""),
    }


def supervisor(seen: Progress) -> str:
    """The organ a complaint goes to (条例47), as `actions/complain.py` has it."""
    return (seen.case.organ.parent or seen.case.organ).name


# Calendar --------------------------------------------------------------------------------------------------------


def calendar(seen: Progress) -> dict[str, Any] | None:
    """{weeks, words, start, length, moved, replied, provisional}; None where no days are counted."""
    clock = seen.clock
    if clock is None or clock.due_on is None or clock.delayed:
        return None
    weeks = _one_table(months(clock, seen.steps))
    if not weeks:
        return None
    plain = due_without_consultation(seen)
    moved = ""
    if plain is not None:
        paused = sum(day.kind == "suspended" for day in picture(clock))
        moved = _("没有征求意见时，最后一日原为%(plain)s；暂停 %(n)s 个工作日，顺延到%(due)s。") % {
            "plain": short_date(plain, beside=clock.start), "n": paused,
            "due": short_date(clock.due_on, beside=clock.start),
        }  # fmt: skip
    return {
        "weeks": weeks,
        "words": in_words(clock),
        "start": _start_words(seen, clock),
        "length": clock.length,
        "moved": moved,
        "replied": clock.closed_on is not None,
        "provisional": clock.provisional,
    }


def _one_table(of_months: list[dict[str, Any]]) -> list[list[dict[str, Any] | None]]:
    """The weeks of all months in one table; the first day of each month is written with its month."""
    table: list[list[dict[str, Any] | None]] = []
    for month in of_months:
        first = True
        for week in month["weeks"]:
            cells = [cell | {"label": str(cell["on"].day)} if cell else None for cell in week]
            for cell in cells:
                if cell is not None and first:
                    cell["label"], first = f"{cell['on'].month}.{cell['on'].day}", False
            whole = table and cells[0] is None  # a week two months share
            if whole:
                table[-1] = [mine or theirs for mine, theirs in zip(table[-1], cells, strict=True)]
            else:
                table.append(cells)
    return table


def _start_words(seen: Progress, clock: Clock) -> str:
    restart = next(
        (s for s in seen.steps if s.on == clock.start and s.step in ("clarification_received", "fee_paid")), None
    )
    day = {"day": short_date(clock.start), "n": clock.length}
    if clock.start == clock.received_on or restart is None:
        return _("%(day)s收到您的申请，当日不计，从次日起计算 %(n)s 个工作日。") % day
    if restart.step == "fee_paid":
        return _("%(day)s收到您的缴费，当日不计，从次日起重新计算 %(n)s 个工作日。") % day
    return _("%(day)s收到您的补正，当日不计，从次日起重新计算 %(n)s 个工作日。") % day


# Record ----------------------------------------------------------------------------------------------------------

#: The effect on the clock that a kind of paper tells of.
_TELLS = {
    "receipt": "start",
    "clarification": "awaiting_clarification",
    "consultation_notice": "suspended",
    "extension": "extended",
    "reasons": "no_effect",
    "delay": "delayed",
    "fee": "awaiting_payment",
}


def record(seen: Progress, papers: list[IssuedPaper]) -> list[dict[str, Any]]:
    """Newest first: {on, day, sentence, article, papers: [{url, title}]}. A paper stands with what it tells of, else alone."""
    notes = seen.clock.notes if seen.clock is not None else ()
    rows = [_row(note.on or seen.today, f"{note.sentence}。", note.article, note.effect) for note in notes]
    if not rows:
        told = _("登记您的申请，等待双方确认收到之日。")
        rows = [_row(seen.case.arrived_on, told, cite("条例31"), "start")]
    for paper in papers:
        _attach(rows, paper)
    rows += _after(seen)
    return [row | {"day": short_date(row["on"], beside=seen.today)} for row in sorted(rows, key=_by_day)[::-1]]


def _by_day(row: dict[str, Any]) -> date:
    day: date = row["on"]
    return day


def _attach(rows: list[dict[str, Any]], paper: IssuedPaper) -> None:
    on = paper.step.on if paper.step is not None else _local(paper.at)
    link = {"url": paper_url(paper), "title": paper_name(paper)}
    effect = "replied" if paper.kind.startswith("reply") else _TELLS.get(paper.kind)
    article = shortened(KINDS[paper.kind].article)
    told = [
        row
        for row in rows
        if row["effect"] == effect
        and (row["on"] == on or paper.step is None)
        and (effect != "no_effect" or row["article"] == article)
    ]
    if not told:
        told = [_row(on, _("机关向您发出“%(title)s”。") % {"title": link["title"]}, KINDS[paper.kind].article)]
        rows.append(told[0])
    told[-1]["papers"].append(link)


def _after(seen: Progress) -> list[dict[str, Any]]:
    """What the applicant did beside the clock: complaints, corrections; law counts no day for them."""
    rows = []
    for complaint in seen.case.complaints.select_related("to_organ"):
        to, article = {"organ": complaint.to_organ.name}, cite("条例47")
        rows.append(_row(_local(complaint.made_at), _("您向%(organ)s投诉。") % to, article))
        if complaint.answered_at is not None:
            rows.append(_row(_local(complaint.answered_at), _("%(organ)s答复您的投诉。") % to, article))
    for correction in seen.case.corrections.all():
        rows.append(_row(correction.asked_on, _("您要求更正记录。"), cite("条例41")))
        if correction.decided_on is not None:
            told = _("机关办理您的更正要求：%(what)s。") % {"what": CORRECTION_DECISIONS[correction.decision]}
            rows.append(_row(correction.decided_on, told, cite("条例41")))
    return rows


def _row(on: date, sentence: str, article: str, effect: str = "") -> dict[str, Any]:
    return {"on": on, "effect": effect, "sentence": sentence, "article": shortened(article), "papers": []}


def _local(at: datetime) -> date:
    return timezone.localtime(at).date()


# What happens next -----------------------------------------------------------------------------------------------


def ahead(seen: Progress) -> list[str]:
    """Sentences, in order."""
    clock = seen.clock
    reply = _("答复书会写明不服时先找谁、最晚到哪一天。")
    longer = _("如需延长，须经政府信息公开工作机构负责人同意，在到期前告知您，最多延长 %(n)s 个工作日。") % {
        "n": EXTENSION_WORKING_DAYS
    }
    match seen.phase:
        case "unconfirmed":
            return [_("机关与您联系，确认收到申请的日期。"), _("从次日起 20 个工作日内书面答复您。"), reply]
        case "clarify":
            return [_("收到您的补正后，机关从次日起重新计算 20 个工作日，书面答复您。"), longer, reply]
        case "pay":
            return [_("收到您的缴费后，机关从次日起重新计算 20 个工作日，书面答复您。"), longer, reply]
        case "reasons":
            return [
                _(
                    "机关认为理由不合理的，告知您不予处理；认为理由合理但不能按期答复的，确定延迟答复的合理期限并告知您。"
                ),
                reply,
            ]
        case "working" | "suspended":
            assert clock is not None and clock.due_on is not None
            by = _("机关最迟%(day)s书面答复您，并说明依据和理由。") % {
                "day": short_date(clock.due_on, beside=clock.as_of)
            }
            may_extend = seen.first("extended") is None and not clock.delayed
            return [by, *([longer] if may_extend else []), reply]
        case "late":
            return [_("机关仍然应当答复您。"), *_objecting(seen)]
        case "replied":
            return _objecting(seen)
        case "withdrawn" | "given_up":
            return [_("机关不再办理这件申请。"), _("仍需要这些信息的，可以重新提出申请。")]
        case other:
            raise ValueError(f"nothing follows {other!r}")


def _objecting(seen: Progress) -> list[str]:
    found = against(seen)
    if found is None or found.days.review_until is None:
        return []
    day = {"day": full_date(found.days.review_until)}
    early = _("从您收到答复书的次日起计算；按寄出之日算，") if found.from_receipt else ""
    told = early + (_("不服的，最迟%(day)s申请行政复议。") % day)
    if found.days.court_until is not None:
        told = early + _("不服的，最迟%(day)s申请行政复议，或者最迟%(court)s提起行政诉讼。") % (
            day | {"court": full_date(found.days.court_until)}
        )
    return [told]
