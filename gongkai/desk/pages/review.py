"""The review screen: steps, frozen text, findings, differences, former opinions, decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.agencies.queries import holders
from gongkai.desk.pages.beside import files_of_review
from gongkai.desk.pages.channels import destinations
from gongkai.desk.pages.clocks import Calendars, clock_box
from gongkai.desk.pages.difference import differences
from gongkai.desk.pages.findings import entries, marked_body, tally
from gongkai.desk.pages.images import to_desk
from gongkai.desk.pages.schedule import scheduled, when
from gongkai.desk.templatetags.states import short_digest
from gongkai.desk.who import Me
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.models.content import OPENNESS
from gongkai.disclosure.queries.copies import copies_confirmed
from gongkai.disclosure.queries.desk import case_of_version
from gongkai.law.headings import heading
from gongkai.law.negative_list import ground
from gongkai.law.review import APPROVE, REFUSE, RETURN, SECRECY_STEP, VERDICTS, counted, may_give
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.review.models import CaseStep, Opinion
from gongkai.review.queries import Standing, standing
from gongkai.scanning.queries import findings_of, may_pass
from gongkai.web.wording import short_date

# The rule behind each step in one sentence, with its article. A step an office added has the general one.
RULES = {
    "section_reviewer": (
        lazy("核对内容真实、完整、准确，公开属性和依据恰当。"),
        lazy("发现影响或者可能影响社会稳定的虚假、不完整信息，应当发布准确信息予以澄清。"),
        lazy("《政府信息公开条例》第六条、第十七条"),
    ),
    "compliance_reviewer": (
        lazy("应当公开的公开，不应公开的不公开，格式和期限合规。"),
        lazy("不主动公开的，逐条核对情形、理由和查对记录。"),
        lazy("《政府信息公开条例》第四条、第十三条、第二十六条"),
    ),
    "secrecy_reviewer": (
        lazy("先审查、后公开，逐项审查。"),
        lazy("不能确定能否公开的，报主管部门或者保密行政管理部门确定。"),
        lazy("《中华人民共和国保守国家秘密法实施条例》第四十二条，《政府信息公开条例》第十七条"),
    ),
}
GENERAL_RULE = (lazy("您的意见只对这一版文本有效。"), "", lazy("《政府信息公开条例》第十七条"))


def review_page(
    me: Me, item: Item, version: Version, *, redo: int = 0, typed: Mapping[str, Any] | None = None,
    decision_typed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything of the screen. `typed` and `decision_typed` bring back what was refused."""
    case = case_of_version(version)
    if case is None:
        raise Version.DoesNotExist
    now = standing(case)
    rows = findings_of(version.digest)
    step = my_step(me, now)
    former = Version.objects.filter(item=item, number__lt=version.number).order_by("-number").first()
    changed = differences(former, version) if former else []
    counts = tally(rows)
    answers = step is not None and step.code == SECRECY_STEP
    found = entries(version, rows, item.code, redo=redo if answers else 0, typed=typed)
    due_url = f"{reverse('desk:item', args=[item.code])}#timeline"
    return {
        "item": item,
        "version": version,
        "case": case,
        "heading": version.title,
        "facts": _facts(item, version),
        # A text that is already out has met its clock, whatever opinions are still to come.
        "clock": None
        if Release.objects.filter(version=version).exists()
        else clock_box(Calendars().due(item, me.today), url=due_url, url_text=_("查看时间线")),
        "steps": steps(me, now, item, version),
        "jumps": [
            {"id": "text", "title": _("正文")},
            {"id": "findings", "title": _("发现 %(n)d") % {"n": counts["all"]}},
            *([{"id": "difference", "title": _("差异 %(n)d") % {"n": len(changed)}}] if former else []),
            {"id": "decision", "title": _("意见")},
        ],
        "body": marked_body(to_desk(version.body, item), rows),
        "attachments": _attachments(item, version, files_of_review(item, version, may_confirm=answers)),
        "findings": [e for e in found if e["severity"] != "note"],
        "notes": [e for e in found if e["severity"] == "note"],
        "tally": counts,
        "may_answer": answers,
        "rule": _rule(step),
        "difference": {
            "title": _("与第 %(n)d 版的差异（%(count)d 处）") % {"n": former.number, "count": len(changed)},
            "rows": changed,
            "url": reverse("desk:compare", args=[item.code]) + f"?from={former.number}&to={version.number}",
        }
        if former
        else None,
        "former": former,
        "changed": len(changed),
        "opinions": opinions(item, version),
        "goes": destinations(item) if version.openness == "proactive" else None,
        "frozen": {
            "version": version.number,
            "frozen_at": version.frozen_at,
            "digest": short_digest(version.digest),
            "attachments": [
                {"title": f["title"], "size": f["size"], "note": f["size_note"]}
                for f in version.files
                if not f["inline"]
            ],
        },
        "withheld": _withheld(version),
        "scheduled": scheduled(item, me.at),
        "decision": decision(me, item, version, now, step, decision_typed) if step else None,
        "not_mine": "" if step else why_not(me, item, now),
    }


def my_step(me: Me, now: Standing) -> CaseStep | None:
    """The step at which this person could speak now: the one that waits, in an emergency any that is missing."""
    if now.case.state != "open":
        return None
    missing = [s for s in now.steps if len(counted(s, now.opinions, now.case.digest)) < s.quorum]
    if now.case.emergency_at is None:
        missing = missing[:1]
    for step in missing:
        row = now.row(step.order)
        if actor_for(me, row, now) is not None and isinstance(_may(me, now, row), Allowed):
            return row
    return None


def actor_for(me: Me, row: CaseStep, now: Standing) -> Actor | None:
    """The capacity in which this person holds the step's role for the case."""
    case = now.case
    for actor in me.held:
        bound = row.scope == "section" and case.section_id is not None and actor.grant_id is None
        if (
            actor.role == row.role
            and actor.organ_id == case.organ_id
            and not (bound and actor.section_id != case.section_id)
        ):
            return actor
    return None


def _may(me: Me, now: Standing, row: CaseStep) -> Allowed | Refused:
    return may_give(
        next(s for s in now.steps if s.order == row.order), steps=now.steps, opinions=now.opinions,
        person=str(me.person.pk), author=now.author, read_digest=now.case.digest, digest=now.case.digest,
        emergency=now.case.emergency_at is not None,
    )  # fmt: skip


def why_not(me: Me, item: Item, now: Standing) -> str:
    """Why there is no decision for this person on the screen."""
    if now.case.state != "open":
        return _("这一版的审查已经结束，以下供查看。")
    current = now.current
    if current is None:
        return _("这一版的意见已经齐全。")
    row = now.row(current.order)
    if actor_for(me, row, now) is not None and isinstance(verdict := _may(me, now, row), Refused):
        return str(verdict)
    section = now.case.section_id if row.scope == "section" else None
    people = holders(role=row.role, organ_id=now.case.organ_id, on=me.today, section_id=section)
    names = "、".join(person.name for person in people[:3]) or _("尚无人员，请联系安全管理员任岗")
    return _("现在是“%(step)s”环节，由%(names)s办理，您可以查看。") % {"step": row.title, "names": names}


def decision(
    me: Me, item: Item, version: Version, now: Standing, step: CaseStep, typed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The value of web/components/decision.html: the digest that was read, and why 通过 may not be pressed."""
    passable: Verdict = Allowed()
    if step.code == SECRECY_STEP:
        passable = may_pass(version.digest) and copies_confirmed(version)
    out = Release.objects.filter(version=version, basis="emergency").exists()
    why = "" if passable else str(passable)
    if out:
        why = f"{why}{_('这一版已应急发布，不能退回；认为不当的，选不予通过，并由有权的人撤下。')}"
    earlier = [{"value": 0, "label": _("拟稿（%(name)s）") % {"name": now.case.author.name}}]
    earlier += [{"value": s.order, "label": s.title} for s in now.rows if s.order < step.order]
    return {
        "title": _("您的审查意见（%(step)s）") % {"step": step.title},
        "url": reverse("desk:opine", args=[item.code, step.order]),
        "digest": version.digest,
        "label": _("理由"),
        "hint": _("退回和不予通过必须填写，拟稿人会看到"),
        "reason": typed["reason"] if typed else "",
        "error": typed["error"] if typed else "",
        "returns": [] if out else earlier,
        "verbs": [
            {"value": APPROVE, "label": VERDICTS[APPROVE], "allowed": bool(passable), "primary": True},
            {"value": RETURN, "label": VERDICTS[RETURN], "allowed": not out, "primary": not passable},
            {"value": REFUSE, "label": VERDICTS[REFUSE], "allowed": True, "primary": False},
        ],
        "why": why,
        "next": _what_follows(now, step, version, when(item)),
    }


def _what_follows(now: Standing, step: CaseStep, version: Version, instant: str) -> list[str]:
    """What each answer leads to."""
    later = [s for s in now.steps if s.order > step.order and len(counted(s, now.opinions, now.case.digest)) < s.quorum]
    if step.quorum > 1:
        have = len(counted(next(s for s in now.steps if s.order == step.order), now.opinions, now.case.digest))
        quorum = _("本环节会签 %(n)d 人，已有 %(have)d 人通过；") % {"n": step.quorum, "have": have}
    else:
        quorum = ""
    if later:
        passed = _("转到“%(step)s”") % {"step": later[0].title}
    elif version.openness == "proactive" and instant:
        passed = _("意见齐全后由系统在 %(at)s 发布，在此之前公众看不到") % {"at": instant}
    elif version.openness == "proactive":
        passed = _("意见齐全后由系统立即发布，公众可见")
    else:
        passed = _("决定不主动公开，12 个月内评估一次")
    return [
        _("通过：%(quorum)s%(then)s。") % {"quorum": quorum, "then": passed},
        _("退回：文本回到所选环节；退回拟稿的，修改后成为新版本，重新走全部环节。"),
        _("不予通过：这一版审查结束，拟稿人可以重新拟稿。"),
    ]


def steps(me: Me, now: Standing, item: Item, version: Version) -> list[dict[str, str]]:
    """拟稿, every step with who and when, 发布."""
    where = item.section.name if item.section else item.organ.label
    rows = [
        {
            "title": _("拟稿"),
            "text": f"{now.case.author.name}（{where}） {short_date(version.frozen_at)}",
            "state": "returned" if now.case.state == "returned" else "done",
        }
    ]
    current = now.current if now.case.state == "open" else None
    for row in now.rows:
        given = [o for o in now.given if o.step_id == row.pk]
        good = [o for o in given if o.verdict == APPROVE and o.round >= row.since_round]
        last = given[-1] if given else None
        if current is not None and row.order == current.order:
            mine = actor_for(me, row, now) is not None and isinstance(_may(me, now, row), Allowed)
            since = good[-1].at if good else (now.given[-1].at if now.given else now.case.opened_at)
            text = _("%(who)s %(day)s起") % {"who": _("您") if mine else _("待办"), "day": short_date(since)}
            if row.quorum > 1:
                text += _("，%(have)d/%(n)d 人通过") % {"have": len(good), "n": row.quorum}
            state = "now"
        elif len(good) >= row.quorum:
            text = "、".join(f"{VERDICTS[APPROVE]} {o.person.name} {short_date(o.at)}" for o in good)
            state = "done"
        elif last is not None and last.verdict != APPROVE:
            text, state = f"{VERDICTS[last.verdict]} {last.person.name} {short_date(last.at)}", "returned"
        else:
            text, state = "", "later"
        rows.append({"title": row.title, "text": text, "state": state})
    released = Release.objects.filter(version=version).first()
    if released is not None:
        rows.append({"title": _("发布"), "text": short_date(released.released_at), "state": "done"})
    elif version.openness == "proactive" and (instant := when(item)):
        rows.append({"title": _("定时发布"), "text": instant, "state": "later"})
    elif version.openness == "proactive":
        rows.append({"title": _("发布"), "text": _("全部通过后由系统发布"), "state": "later"})
    else:
        rows.append({"title": OPENNESS[version.openness], "text": _("全部通过后留存"), "state": "later"})
    return rows


def opinions(item: Item, version: Version) -> list[dict[str, Any]]:
    """All opinions on this item so far, newest first; those on former versions say so."""
    numbers = dict(Version.objects.filter(item=item).values_list("digest", "number"))
    given = list(
        Opinion.objects.filter(case__subject_kind="disclosure.version", digest__in=numbers)
        .select_related("person", "step")
        .order_by("-id")
    )
    codes = {o.post_code.partition("@")[2].partition(">")[0] for o in given}
    sections = dict(Section.objects.filter(code__in=codes).values_list("code", "name"))
    rows = []
    for opinion in given:
        number = numbers[opinion.digest]
        old = _("（第 %(n)d 版）") % {"n": number} if number != version.number else ""
        section = sections.get(opinion.post_code.partition("@")[2].partition(">")[0], "")
        rows.append(
            {
                "at": opinion.at,
                "step": opinion.step.title,
                "verdict": f"{VERDICTS[opinion.verdict]}{old}",
                "who": f"{opinion.person.name}（{section}）" if section else opinion.person.name,
                "reason": opinion.reason,
            }
        )
    return rows


def _facts(item: Item, version: Version) -> list[str]:
    count = sum(1 for f in version.files if not f["inline"])
    place = f"{item.organ.label} {item.section.name}" if item.section else item.organ.label
    row = heading(item.heading) if item.heading else None
    openness = OPENNESS[version.openness] + (f"（{row.article.removeprefix('《政府信息公开条例》')}）" if row else "")
    facts = [place, _("第 %(n)d 版") % {"n": version.number}]
    if count:
        facts.append(_("附件 %(n)d 个") % {"n": count})
    return [*facts, openness]


def _attachments(item: Item, version: Version, copies: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Files below the text, and images of the text whose copies have to be looked at."""
    return [
        {
            "inline": f["inline"],
            "copy": copies.get(f["order"]),
            "title": f["title"],
            "kind": f["kind"].upper(),
            "size": f["size"],
            "note": f["size_note"],
            "filename": f["filename"],
            "order": f["order"],
            "url": reverse("desk:version_file", args=[item.code, version.number, f["order"]]),
        }
        for f in version.files
        if not f["inline"] or (f["order"] in copies and copies[f["order"]]["needs_look"])
    ]


def _withheld(version: Version) -> dict[str, Any] | None:
    """What was recorded for not publishing, for the reviewers to check."""
    if version.openness == "proactive" or not version.ground:
        return None
    return {"ground": ground(version.ground), "reason": version.ground_reason, "looked": version.no_rule_requires}


def _rule(step: CaseStep | None) -> dict[str, str]:
    lead, text, articles = RULES.get(step.role, GENERAL_RULE) if step else GENERAL_RULE
    return {"lead": str(lead), "text": str(text), "articles": str(articles)}
