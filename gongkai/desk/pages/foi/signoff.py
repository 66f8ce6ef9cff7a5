"""The sign-off screen (picture 06): frozen letter and attachments, checks, differences, former opinions, decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.models import Section
from gongkai.agencies.queries import holders
from gongkai.desk.pages.difference import Row, text_rows
from gongkai.desk.pages.foi.copies import copies_of_review
from gongkai.desk.pages.foi.reply_letter import page_of, paper_names, version_letter
from gongkai.desk.pages.foi.step import covered
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.pages.review import actor_for, my_step
from gongkai.desk.templatetags.states import short_digest
from gongkai.desk.who import Me
from gongkai.foi.documents import Document
from gongkai.foi.models import CaseFile, FoiRequest, ReplyVersion
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.copies import copies_confirmed
from gongkai.foi.queries.leaks import reply_findings
from gongkai.foi.queries.replies import ground_title, is_whole, law_facts, review_of
from gongkai.foi.queries.sealed import particulars, version_content, wish
from gongkai.foi.replying import PLAIN_KIND, SENT_BY, SUBJECT_KIND, Composition
from gongkai.law.foi_moves import IN_REVIEW
from gongkai.law.replies import reply as reply_row
from gongkai.law.reply_checks import SEVERITIES, check_reply, passed_checks
from gongkai.law.reply_tree import walk
from gongkai.law.review import APPROVE, REFUSE, RETURN, SECRECY_STEP, VERDICTS, counted, may_give
from gongkai.law.verdicts import Allowed, Refused
from gongkai.review.models import CaseStep, Opinion
from gongkai.review.queries import Standing, standing
from gongkai.web.wording import short_date

#: What each post answers for when a reply is signed, with its article.
RULES = {
    "section_reviewer": (
        lazy("核对事实和检索是否真实、完整，理由是否与所涉文件一一对应。"),
        lazy("提供的应当是已经制作或者获取的信息。"),
        lazy("《政府信息公开条例》第三十六条、第三十八条"),
    ),
    "compliance_reviewer": (
        lazy("核对答复类型、条款项、第三方意见和救济途径。"),
        lazy("不予公开的，逐项核对情形、理由和能否区分处理。"),
        lazy("《政府信息公开条例》第四条、第三十二条、第三十六条、第三十七条"),
    ),
    "secrecy_reviewer": (
        lazy("先审查、后公开，答复书和附件逐项审查。"),
        lazy("不能确定能否公开的，报主管部门或者保密行政管理部门确定。"),
        lazy("《中华人民共和国保守国家秘密法实施条例》第四十二条，《政府信息公开条例》第十七条"),
    ),
    "leader": (
        lazy("签发后以本机关名义答复，并对答复负责。"),
        lazy("最后一环通过，即为签发。"),
        lazy("《政府信息公开条例》第三十三条、第三十六条"),
    ),
}
GENERAL_RULE = (lazy("您的意见只对这一版答复有效。"), "", lazy("《政府信息公开条例》第三十六条"))


def version_on_table(case: FoiRequest) -> ReplyVersion | None:
    """The version in review, ready to be read; None when nothing is in review."""
    return version_of(case, None) if case.state == IN_REVIEW else None


def version_of(case: FoiRequest, number: int | None) -> ReplyVersion | None:
    """One version, the newest where no number is given."""
    rows = ReplyVersion.objects.filter(request=case).select_related(
        "request__key", "request__organ", "request__section", "request__applicant__key", "author"
    )
    return (rows.filter(number=number) if number is not None else rows).order_by("number").last()


def signoff_page(
    me: Me, case: FoiRequest, version: ReplyVersion, *, open_names: bool, typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The values of templates/desk/foi/signoff.html. `typed` brings back an opinion that was refused."""
    now = standing(review_of(version))
    step = my_step(me, now)
    made = version_content(version)
    letter = version_letter(version)
    former = version_of(case, version.number - 1) if version.number > 1 else None
    changed = difference(former, version, case, open_names=open_names) if former else []
    cards, passed = checks(case, version, made, timezone.localtime(version.frozen_at).date())
    may_confirm = step is not None and step.code == SECRECY_STEP and version_on_table(case) == version
    copies = copies_of_review(case, version, may_confirm=may_confirm)
    back = reverse("desk:case", args=[case.number])
    row = reply_row(version.reply_code)
    return {
        "case": case,
        "version": version,
        "heading": _("审签答复"),
        "facts": [
            case.number,
            f"{case.organ.label} {case.section.name}" if case.section else case.organ.label,
            _("第 %(n)d 版") % {"n": version.number},
            f"{row.title}（{ground_title(version.ground) or row.article}）",
        ],
        "request_text": wish(case).text,
        "clock": clock_box(clock_of(case, me.today), url=back, url_text=_("案卷和计算过程")),
        "steps": steps(me, now, version),
        "jumps": [
            {"id": "text", "title": _("答复书")},
            {"id": "findings", "title": _("检查 %(n)d") % {"n": len(cards)}},
            *([{"id": "attachments", "title": _("附件 %(n)d") % {"n": len(made.files)}}] if made.files else []),
            *([{"id": "difference", "title": _("差异 %(n)d") % {"n": len(changed)}}] if former else []),
            {"id": "decision", "title": _("意见")},
        ],
        "letter": page_of(letter, case, open_names=open_names),
        "whole": is_whole(version),
        "tree": [
            {"text": s.question.text, "answer": s.choice.label, "article": s.question.article} for s in walk(made.answers).steps
        ],
        "attachments": [row | {"copy": copies.get(row["id"])} for row in attachments(case, made)],
        "cards": cards,
        "passed": passed,
        "difference": {
            "title": _("与第 %(n)d 版的差异（%(count)d 处）") % {"n": former.number, "count": len(changed)}, "rows": changed,
        } if former else None,
        "former": former,
        "changed": len(changed),
        "opinions": opinions(case, version),
        "rule": _rule(step),
        "frozen": {
            "version": version.number, "frozen_at": version.frozen_at, "digest": short_digest(version.digest),
            "attachments": [{"title": f["name"], "size": f["size"], "note": ""} for f in attachments(case, made)],
        },
        "decision": _decision(case, version, now, step, typed) if step else None,
        "not_mine": "" if step else why_not(me, now),
        "back": back,
    }  # fmt: skip


def attachments(case: FoiRequest, made: Composition) -> list[dict[str, Any]]:
    """The papers a reply goes out with, in its order."""
    names, kept = paper_names(case), {paper.pk: paper for paper in case.files.all()}
    return [
        {
            "id": pk, "name": names[pk], "kind": FILE_KINDS[kept[pk].kind], "size": kept[pk].size,
            "url": reverse("desk:case_file", args=[case.number, pk]),
        }
        for pk in made.files
        if pk in kept
    ]  # fmt: skip


def checks(
    case: FoiRequest, version: ReplyVersion, made: Composition, on: date
) -> tuple[list[dict[str, Any]], list[str]]:
    """What law finds in the frozen letter on the day it was frozen, with the reasons the officer gave."""
    facts = law_facts(case, made, sent_on=on, delivery=SENT_BY[case.delivery], sealed=True)
    cards = [
        {
            "code": f.code, "severity": f.severity, "word": SEVERITIES[f.severity], "sentence": f.sentence,
            "article": f.article, "explained": made.explanations.get(f.code, ""),
        }
        for f in (*check_reply(*facts), *reply_findings(case, made))
    ]  # fmt: skip
    return cards, [check.title for check in passed_checks(*facts)]


def difference(old: ReplyVersion, new: ReplyVersion, case: FoiRequest, *, open_names: bool) -> list[Row]:
    """Paragraphs and attachments that changed."""
    before, after = version_letter(old), version_letter(new)
    if not open_names:
        told = particulars(case.applicant)
        before, after = covered(before, told), covered(after, told)
    return text_rows(_lines(before), _lines(after))


def _lines(letter: Document) -> str:
    return "\n".join((letter.number, letter.addressee, letter.text, *letter.attachments))


def steps(me: Me, now: Standing, version: ReplyVersion) -> list[dict[str, str]]:
    """拟写, every step with who and when, 送达."""
    author = f"{now.case.author.name} {short_date(version.frozen_at)}"
    rows = [{"title": _("拟写"), "text": author, "state": "returned" if now.case.state == "returned" else "done"}]
    current = now.current if now.case.state == "open" else None
    for row in now.rows:
        given = [o for o in now.given if o.step_id == row.pk]
        good = [o for o in given if o.verdict == APPROVE and o.round >= row.since_round]
        if current is not None and row.order == current.order:
            since = now.given[-1].at if now.given else now.case.opened_at
            who = _("您") if my_step(me, now) == row else _("待办")
            text, state = _("%(who)s %(day)s起") % {"who": who, "day": short_date(since)}, "now"
        elif len(good) >= row.quorum:
            text = "、".join(f"{VERDICTS[APPROVE]} {o.person.name} {short_date(o.at)}" for o in good)
            state = "done"
        elif given and given[-1].verdict != APPROVE:
            last = given[-1]
            text, state = f"{VERDICTS[last.verdict]} {last.person.name} {short_date(last.at)}", "returned"
        else:
            text, state = "", "later"
        rows.append({"title": row.title, "text": text, "state": state})
    rows.append({"title": _("盖章送达"), "text": "", "state": "later"})
    return rows


def opinions(case: FoiRequest, version: ReplyVersion) -> list[dict[str, Any]]:
    """Every opinion on replies to this request, newest first; those on former versions say so."""
    numbers = dict(ReplyVersion.objects.filter(request=case).values_list("pk", "number"))
    about = Q(case__subject_kind__in=(SUBJECT_KIND, PLAIN_KIND), case__subject_key__in=numbers)
    given = list(Opinion.objects.filter(about).select_related("person", "step", "case").order_by("-id"))
    codes = {o.post_code.partition("@")[2].partition(">")[0] for o in given}
    sections = dict(Section.objects.filter(code__in=codes).values_list("code", "name"))
    rows = []
    for one in given:
        number = numbers[one.case.subject_key]
        old = _("（第 %(n)d 版）") % {"n": number} if number != version.number else ""
        section = sections.get(one.post_code.partition("@")[2].partition(">")[0], "")
        rows.append(
            {
                "at": one.at, "step": one.step.title, "verdict": f"{VERDICTS[one.verdict]}{old}", "reason": one.reason,
                "who": f"{one.person.name}（{section}）" if section else one.person.name,
            }
        )  # fmt: skip
    return rows


def why_not(me: Me, now: Standing) -> str:
    """Why there is no decision for this person."""
    if now.case.state != "open":
        return _("这一版的审签已经结束，以下供查看。")
    current = now.current
    if current is None:
        return _("这一版的意见已经齐全。")
    row = now.row(current.order)
    if actor_for(me, row, now) is not None:
        verdict = may_give(
            current, steps=now.steps, opinions=now.opinions, person=str(me.person.pk), author=now.author,
            read_digest=now.case.digest, digest=now.case.digest,
        )  # fmt: skip
        if isinstance(verdict, Refused):
            return str(verdict)
    section = now.case.section_id if row.scope == "section" else None
    people = holders(role=row.role, organ_id=now.case.organ_id, on=me.today, section_id=section)
    names = "、".join(person.name for person in people[:3]) or _("尚无人员，请联系安全管理员任岗")
    return _("现在是“%(step)s”环节，由%(names)s办理，您可以查看。") % {"step": row.title, "names": names}


def _decision(
    case: FoiRequest, version: ReplyVersion, now: Standing, step: CaseStep, typed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The value of web/components/decision.html."""
    sound = is_whole(version)
    why = "" if sound else _("这一版答复与送审时的摘要不一致，不能通过。请联系系统管理员。")
    confirmed = copies_confirmed(case, version_content(version).files) if step.code == SECRECY_STEP else Allowed()
    if sound and isinstance(confirmed, Refused):
        sound, why = False, confirmed.sentence.removeprefix("现在不能通过：")
    earlier = [{"value": 0, "label": _("拟写（%(name)s）") % {"name": now.case.author.name}}]
    earlier += [{"value": s.order, "label": s.title} for s in now.rows if s.order < step.order]
    return {
        "title": _("您的审签意见（%(step)s）") % {"step": step.title},
        "url": reverse("desk:case_opine", args=[case.number, step.order]),
        "digest": version.digest,
        "label": _("理由"),
        "hint": _("退回和不予通过必须填写，拟写人会看到"),
        "reason": typed["reason"] if typed else "",
        "error": typed["error"] if typed else "",
        "returns": earlier,
        "verbs": [
            {"value": APPROVE, "label": VERDICTS[APPROVE], "allowed": sound, "primary": True},
            {"value": RETURN, "label": VERDICTS[RETURN], "allowed": True, "primary": False},
            {"value": REFUSE, "label": VERDICTS[REFUSE], "allowed": True, "primary": False},
        ],
        "why_lead": _("现在不能通过："),
        "why": why,
        "next": _what_follows(now, step),
    }


def _what_follows(now: Standing, step: CaseStep) -> list[str]:
    """What each answer leads to."""
    later = [s for s in now.steps if s.order > step.order and len(counted(s, now.opinions, now.case.digest)) < s.quorum]
    passed = _("转到“%(step)s”") % {"step": later[0].title} if later else _("答复即为签发，打印盖章后送达")
    return [
        _("通过：%(then)s。") % {"then": passed},
        _("退回：回到所选环节；退回拟写的，修改后成为新的一版，重新审签。"),
        _("不予通过：这一版审签结束，由经办人重新拟写。"),
    ]


def _rule(step: CaseStep | None) -> dict[str, str]:
    lead, text, articles = RULES.get(step.role, GENERAL_RULE) if step else GENERAL_RULE
    return {"lead": str(lead), "text": str(text), "articles": str(articles)}


def papers_of_kind(case: FoiRequest, kind: str) -> list[dict[str, Any]]:
    """Papers of one kind with their open names, newest first."""
    names = paper_names(case)
    rows = CaseFile.objects.filter(request=case, kind=kind).order_by("-pk")
    return [
        {"id": r.pk, "name": names[r.pk], "size": r.size, "at": r.added_at, "url": reverse("desk:case_file", args=[case.number, r.pk])}
        for r in rows
    ]  # fmt: skip
