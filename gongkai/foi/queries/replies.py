"""The facts a reply is checked against, taken from the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, cast

from gongkai.foi.models import CaseFile, Consultation, FoiRequest, ReplyVersion
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.sealed import composition, json_of, particulars, wish
from gongkai.foi.replying import ORGAN_KIND, PLAIN_KIND, SENT_BY, SUBJECT_KIND, Composition, reply_digest
from gongkai.law.articles import cite
from gongkai.law.foi_moves import open_consultations
from gongkai.law.negative_list import ThirdParty, ground
from gongkai.law.remedies import OrganKind, remedy
from gongkai.law.replies import required_citations
from gongkai.law.reply_clock import reply_clock
from gongkai.law.reply_facts import Case, Delivery, Reply, SearchRecord, read_facts
from gongkai.law.reply_tree import Outcome, walk
from gongkai.review.models import Case as ReviewCase


def outcome_of(made: Composition) -> Outcome:
    """Where the answers lead. Raises LookupError while a question is open."""
    found = walk(made.answers)
    if found.outcome is None:
        assert found.question is not None
        raise LookupError(f"还有一问没有回答：{found.question.text}")
    return found.outcome


def organ_kind(case: FoiRequest, made: Composition) -> OrganKind:
    """As the officer found it, else by the directory."""
    return cast(OrganKind, made.findings.get("organ") or ORGAN_KIND[case.organ.kind])


def prefilled(case: FoiRequest, made: Composition, *, number: str, today: date) -> Composition:
    """The letter with everything that follows from the file filled in where the officer wrote nothing."""
    outcome = outcome_of(made)
    ground_code = outcome.ground.code if outcome.ground else ""
    cited = [f"条例{c.article}" + (f".{c.paragraph}" if c.paragraph else "") + (f"({c.item})" if c.item else "")
             for c in required_citations(outcome.row.code, ground_code)]  # fmt: skip
    sent_by = SENT_BY[case.delivery]
    right = remedy(
        outcome.row.code, organ_kind(case, made), today, body_name=str(made.findings.get("review_body") or ""),
        online=sent_by == "online", online_channel=str(made.letter.get("online_channel") or ""),
    )  # fmt: skip
    own: dict[str, Any] = {
        "addressee": particulars(case.applicant).name,
        "agency": case.organ.name,
        "request": wish(case).text,
        "number": number,
        "dated": today.isoformat(),
        "articles": cite("；".join(cited)) if cited else "",
        "remedy": right.text,
    }
    return replace(made, letter=own | {k: v for k, v in made.letter.items() if v not in ("", None)})


def law_facts(case: FoiRequest, made: Composition, *, sent_on: date, delivery: str, sealed: bool) -> tuple[Case, Reply]:
    """Case and letter as `law.reply_checks` takes them, on the day the letter goes out. Raises ReplyInputError."""
    outcome = outcome_of(made)
    findings = {k: v for k, v in made.findings.items() if k not in ("organ", "public_interest") and v is not None}
    steps, calendar = steps_of(case), calendar_for(case.organ)
    clock = reply_clock(steps, calendar, sent_on)
    facts = findings | {
        "applicant": particulars(case.applicant).name,
        "agency": case.organ.name,
        "organ": organ_kind(case, made),
        "received_on": clock.received_on.isoformat(),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "clarifications": sum(1 for step in steps if step.step == "clarification_asked"),
        "clarification_late": any(v.code == "clarification_late" for v in clock.violations),
        "reasons_asked": any(step.step == "reasons_asked" for step in steps),
    }
    letter = dict(made.letter) | {
        "code": outcome.row.code,
        "ground": outcome.ground.code if outcome.ground else "",
        "sent_on": sent_on.isoformat(),
        "delivery": delivery,
        "sealed": sealed,
        "text": made.text,
    }
    read_case, read_reply = read_facts({"case": facts, "reply": letter})
    asked = [c for c in case.consultations.all() if c.kind == "third_party"]
    waiting = {step.party for step in open_consultations(steps, calendar, sent_on)}
    return replace(read_case, search=_search(case), third_party=_third_party(asked, waiting, made)), read_reply


def _search(case: FoiRequest) -> SearchRecord | None:
    """The last search that found nothing, else the last one."""
    last = case.searches.select_related("by").order_by("found", "-pk").first()
    if last is None:
        return None
    content = json_of(case.key, last.content, "search.content")
    return SearchRecord(content["places"], content["terms"], last.by.name, last.on)


def _third_party(asked: Iterable[Consultation], waiting: set[str | None], made: Composition) -> ThirdParty | None:
    """All third parties as one: an objection outweighs, then silence; an objection not examined stays so."""
    parties = list(asked)
    if not parties:
        return None
    interest = bool(made.findings.get("public_interest"))
    if any(c.label in waiting for c in parties):
        return ThirdParty(asked=True, public_interest=interest)
    objected = [c for c in parties if c.position == "objected"]
    if objected:
        found = [c.reasonable for c in objected]
        reasonable = True if True in found else (None if None in found else False)
        return ThirdParty(True, "objected", reasonable, interest)
    agreed = all(c.position == "agreed" for c in parties)
    return ThirdParty(True, "agreed" if agreed else "silent", None, interest)


def draft_composition(case: FoiRequest) -> Composition:
    """What the working copy holds. Raises ReplyDraft.DoesNotExist."""
    return composition(case, case.draft.content)


def file_digests(case: FoiRequest, made: Composition) -> list[str]:
    """Keyed digests of the files a reply goes out with, in its order. Raises LookupError for a file of another case."""
    kept = dict(CaseFile.objects.filter(request=case, pk__in=made.files).values_list("pk", "digest"))
    if len(kept) != len(set(made.files)):
        raise LookupError("答复的附件不在这件申请的案卷里，请重新选择。")
    return [kept[pk] for pk in made.files]


def is_whole(version: ReplyVersion) -> bool:
    """Does the frozen content still give its digest?"""
    made = composition(version.request, version.content)
    digests = file_digests(version.request, made)
    return reply_digest(version.request.number, version.number, made, digests) == version.digest


def review_of(version: ReplyVersion) -> ReviewCase:
    """The review this version was sent to."""
    kinds = (SUBJECT_KIND, PLAIN_KIND)
    return ReviewCase.objects.select_related("organ", "section", "author").get(
        subject_kind__in=kinds, subject_key=version.pk
    )


def newest(case: FoiRequest) -> ReplyVersion | None:
    return ReplyVersion.objects.filter(request=case).select_related("request__key", "author").order_by("number").last()


def delivery_of(case: FoiRequest) -> Delivery:
    """The way a reply goes out by what the applicant wished."""
    return cast(Delivery, SENT_BY[case.delivery])


def ground_title(code: str) -> str:
    """The words of a ground; empty for none."""
    return ground(code).title if code else ""
