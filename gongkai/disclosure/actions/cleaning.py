"""清理: an organ goes through its normative documents, one decision at a time; the result is an item like any other.

Nothing is done to a document here: what was decided takes effect when the result list is public, see carry_out.py.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ, Section
from gongkai.disclosure.actions.create_item import new_code
from gongkai.disclosure.actions.moving import subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.actions.withdraw import refuse_personal
from gongkai.disclosure.cleaning_result import result_body, result_title
from gongkai.disclosure.models import Cleaning, CleaningLine, Draft, Item, Release
from gongkai.disclosure.queries.cleaning import is_open, lines_of, stale
from gongkai.disclosure.queries.normative import facts_of, normative_documents
from gongkai.files.html import clean
from gongkai.law import moves
from gongkai.law.cleaning import check_decision, decision
from gongkai.law.roles import role
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

MAY_CLEAN = ("compliance_reviewer",)


def begin_cleaning(
    organ: Organ, title: str, basis: str, closes_on: date, *, actor: Actor, at: datetime, today: date
) -> Cleaning:
    """Begin a campaign over everything that is a normative document of the organ now."""
    require_cleaner(actor, organ)
    title, basis = " ".join(title.split()), " ".join(basis.split())
    if not title:
        raise Refusal(Refused("title_missing", "请填写清理的名称，例如“2026年规范性文件清理”。"))
    if not basis:
        raise Refusal(Refused("basis_missing", "请填写清理的依据，依据会写进公布的清理结果。"))
    if closes_on < today:
        raise Refusal(Refused("closes_in_past", "完成日期不能早于今天，请核对。"))
    refuse_secrecy_marks({"名称": title, "依据": basis}, subject="cleaning:new", actor=actor, at=at)
    refuse_personal(title, basis, doing="建立清理")
    with transaction.atomic():
        releases = normative_documents(organ)
        if not releases:
            raise Refusal(
                Refused(
                    "nothing_to_clean",
                    "本机关没有已发布的规范性文件（有文号，属于规范性文件类别或者政策、制度栏目），没有建立清理。",
                )
            )
        made = Cleaning.objects.create(
            organ=organ, title=title[:200], basis=basis[:300], closes_on=closes_on, begun_at=at,
            begun_by_id=actor.person_id,
        )  # fmt: skip
        CleaningLine.objects.bulk_create(CleaningLine(cleaning=made, item=r.item, release=r) for r in releases)
        record(
            "cleaning.begun", subject=cleaning_subject(made), organ_code=organ.code, actor=actor, at=at,
            data={"lines": len(releases), "closes_on": closes_on.isoformat()},
        )  # fmt: skip
        return made


def add_line(cleaning_id: int, item: Item, reason: str, *, actor: Actor, at: datetime) -> CleaningLine:
    """Put a released document of the organ on the list that the data did not give, or that was taken off it."""
    reason = _reason(reason, "请写明为什么列入清理。", actor=actor, at=at, cleaning_id=cleaning_id)
    with transaction.atomic():
        cleaning = _locked(cleaning_id, actor)
        if item.organ_id != cleaning.organ_id:
            raise Refusal(Refused("not_of_this_organ", "这条信息不是本机关的，没有列入。"))
        release = Release.objects.filter(item=item, standing="live").first()
        if release is None:
            raise Refusal(Refused("not_live", "只有已发布的文件可以列入清理。"))
        line = CleaningLine.objects.filter(cleaning=cleaning, item=item).first()
        if line is not None and not line.dropped_because:
            raise Refusal(Refused("on_the_list", "这份文件已经在清单里。"))
        if line is None:
            line = CleaningLine(cleaning=cleaning, item=item)
        line.release, line.added_because, line.dropped_because = release, reason, ""
        line.decision = line.reason = ""
        line.at = line.by = None
        line.save()
        _record_line("cleaning.line_added", line, actor, at, {"reason": reason})
        return line


def drop_line(line_id: int, reason: str, *, actor: Actor, at: datetime) -> CleaningLine:
    """Take a document off the list; the line and the reason stay."""
    cleaning_id = CleaningLine.objects.values_list("cleaning_id", flat=True).get(pk=line_id)
    reason = _reason(reason, "请写明为什么移出清理。", actor=actor, at=at, cleaning_id=cleaning_id)
    with transaction.atomic():
        _locked(cleaning_id, actor)
        line = _line(line_id)
        line.dropped_because, line.added_because = reason, ""
        line.decision = line.reason = ""
        line.save()
        _record_line("cleaning.line_dropped", line, actor, at, {"reason": reason})
        return line


def decide_line(
    line_id: int, code: str, *, reason: str, actor: Actor, at: datetime, today: date, assessed: bool = False,
    new_number: str = "", new_valid_until: date | None = None,
) -> CleaningLine:  # fmt: skip
    """Decide one document: keep, amend, abolish or lapse (law/cleaning.py). May be decided anew while the list is open.

    Keeping a document at the end of its term needs the assessment, the new number and the new last day.
    """
    title = decision(code).title
    cleaning_id = CleaningLine.objects.values_list("cleaning_id", flat=True).get(pk=line_id)
    texts = {"理由": reason, "新的文号": f"发文字号：{new_number}"}
    refuse_secrecy_marks(texts, subject=f"cleaning:{cleaning_id}", actor=actor, at=at)
    refuse_personal(reason, new_number, doing="保存")
    with transaction.atomic():
        _locked(cleaning_id, actor)
        line = _line(line_id)
        _refresh(line)
        version = line.release.version
        require(
            check_decision(
                code, facts_of(line.release), today, reason=reason, assessed=assessed, old_number=version.doc_number,
                new_number=new_number, new_valid_until=new_valid_until,
            )
        )  # fmt: skip
        kept = code == "keep"
        line.decision, line.reason, line.at, line.by_id = code, reason.strip()[:500], at, actor.person_id
        line.assessed = kept and assessed
        line.new_number = new_number.strip()[:80] if kept else ""
        line.new_valid_until = new_valid_until if kept else None
        line.save()
        _record_line("cleaning.decided", line, actor, at, {"decision": code, "title": title})
        return line


def finish_cleaning(cleaning_id: int, section: Section, *, actor: Actor, at: datetime, today: date) -> Item:
    """Everything is decided: make the draft of the result in a section, or write its lists anew while it is a draft."""
    with transaction.atomic():
        cleaning = _locked(cleaning_id, actor)
        if section.organ_id != cleaning.organ_id:
            raise Refusal(Refused("not_of_this_organ", "请选择本机关的科室。"))
        lines = lines_of(cleaning)
        _require_decided(lines)
        title, body = result_title(cleaning), clean(result_body(cleaning, lines), image_sources=("asset:",))
        if cleaning.result is None:
            cleaning.result = _make_item(cleaning, section, title, body, actor, at, today)
            cleaning.save(update_fields=["result"])
        else:
            draft = Draft.objects.select_for_update().get(item=cleaning.result)
            draft.body, draft.revision = body, draft.revision + 1
            draft.saved_at, draft.saved_by_id = at, actor.person_id
            draft.save(update_fields=["body", "revision", "saved_at", "saved_by"])
        record(
            "cleaning.finished", subject=cleaning_subject(cleaning), organ_code=cleaning.organ.code, actor=actor, at=at,
            data={"result": cleaning.result.code, "lines": len(lines)},
        )  # fmt: skip
        return cleaning.result


def cleaning_subject(cleaning: Cleaning) -> str:
    """How the ledger names a campaign."""
    return f"cleaning:{cleaning.pk}"


def _make_item(
    cleaning: Cleaning, section: Section, title: str, body: str, actor: Actor, at: datetime, today: date
) -> Item:
    item = Item.objects.create(
        code=new_code(), organ=cleaning.organ, section=section, heading="20-01", created_by_id=actor.person_id,
        created_at=at, working_title=title, work=moves.DRAFTING, public=moves.HIDDEN,
    )  # fmt: skip
    Draft.objects.create(
        item=item, title=title, issuer=cleaning.organ.name, source=cleaning.organ.name, formed_on=today, body=body,
        saved_at=at, saved_by_id=actor.person_id,
    )  # fmt: skip
    record("item.created", subject=subject_of(item), organ_code=cleaning.organ.code, actor=actor, at=at)
    return item


def _require_decided(lines: list[CleaningLine]) -> None:
    if not lines:
        raise Refusal(Refused("nothing_to_clean", "清单里没有文件，没有形成结果。"))
    if left := [line for line in lines if not line.decision]:
        raise Refusal(
            Refused(
                "undecided",
                f"还有 {len(left)} 件没有决定，例如《{left[0].release.version.title}》，全部决定后再形成结果。",
            )
        )
    for line in lines:
        if stale(line):
            raise Refusal(
                Refused(
                    "decided_other_text",
                    f"《{line.release.version.title}》在决定以后换了文本或者已经撤下，请打开它重新决定，或者移出清单。",
                )
            )


def _refresh(line: CleaningLine) -> None:
    """The decision is about the text that is in front now."""
    front = Release.objects.filter(item_id=line.item_id, standing="live").select_related("version").first()
    if front is None:
        raise Refusal(Refused("not_live", "这份文件已经撤下，不用决定，请移出清单。"))
    line.release = front


def require_cleaner(actor: Actor, organ: Organ) -> None:
    """Campaigns of an organ are in the hands of its disclosure office."""
    if actor.role not in MAY_CLEAN or actor.organ_id != organ.pk:
        titles = "、".join(role(code).title for code in MAY_CLEAN)
        raise Refusal(Refused("not_your_post", f"清理由本机关的{titles}岗位办理，您没有这个岗位，没有办理。"))


def _locked(cleaning_id: int, actor: Actor) -> Cleaning:
    cleaning = Cleaning.objects.select_for_update(of=("self",)).select_related("organ", "result").get(pk=cleaning_id)
    require_cleaner(actor, cleaning.organ)
    if not is_open(cleaning):
        raise Refusal(
            Refused("not_open", "清理结果已经送审或者公布，清单和决定不能再改。需要改的，请先撤回或者退回结果文稿。")
        )
    return cleaning


def _line(line_id: int) -> CleaningLine:
    line = (
        CleaningLine.objects.select_for_update(of=("self",))
        .select_related("item", "cleaning", "release")
        .get(pk=line_id)
    )
    if line.dropped_because:
        raise Refusal(Refused("off_the_list", "这份文件已经移出清单。"))
    return line


def _reason(reason: str, missing: str, *, actor: Actor, at: datetime, cleaning_id: int) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal(Refused("reason_missing", missing))
    refuse_secrecy_marks({"理由": reason}, subject=f"cleaning:{cleaning_id}", actor=actor, at=at)
    refuse_personal(reason, doing="保存")
    return reason[:300]


def _record_line(kind: str, line: CleaningLine, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    record(
        kind, subject=cleaning_subject(line.cleaning), organ_code=line.item.organ.code, actor=actor, at=at,
        data={"item": line.item.code} | data,
    )  # fmt: skip
