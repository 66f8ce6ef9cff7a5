"""The record of an item in sentences: who with which post, what, on which digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Organ, Person, Section
from gongkai.channels.adapters import CHANNELS
from gongkai.desk.templatetags.states import short_digest
from gongkai.law.moves import withdrawal_reason
from gongkai.law.roles import ROLES
from gongkai.ledger.kinds import sentence
from gongkai.ledger.models import Fact
from gongkai.web.wording import full_instant

_TITLES = {row.code: row.title for row in ROLES}
_CHANNELS = {channel.code: channel.title for channel in CHANNELS}
#: What one person does again and again while writing.
_OVER_AND_OVER = frozenset({"item.draft_saved", "foi.reply_composed", "foi.particulars_seen"})
_REVIEW = ("review.approved", "review.returned", "review.refused")


def timeline(
    facts: Iterable[Fact], steps: dict[str, str] | None = None, *, merged: bool = True
) -> list[dict[str, Any]]:
    """Rows of web/components/timeline.html. `steps` names review steps by code. `merged`: saves and
    looks in a row become one line."""
    rows = list(facts)
    names = dict(
        Person.objects.filter(staff_number__in={f.actor_code for f in rows}).values_list("staff_number", "name")
    )
    codes = {f.post_code.partition("@")[2].partition(">")[0] for f in rows if "@" in f.post_code}
    sections = {
        s.code: f"{s.organ.label} {s.name}" for s in Section.objects.filter(code__in=codes).select_related("organ")
    }
    lenders = {f.post_code.partition(">")[2] for f in rows if ">" in f.post_code}
    organs = {organ.code: organ.label for organ in Organ.objects.filter(code__in=lenders)} if lenders else {}
    made: list[dict[str, Any]] = []
    for fact in rows:
        row = {
            "at": fact.at,
            "who": names.get(fact.actor_code)
            or {"system": _("系统"), "visitor": _("公众"), "applicant": _("申请人")}.get(
                fact.actor_code, fact.actor_code
            ),
            "post": _post(fact.post_code, sections, organs),
            "what": what(fact, steps or {}),
            "digest": short_digest(fact.digest),
            "kind": fact.kind,
            "fact": fact,
        }
        former = _same_again(made, row) if merged else None
        if former is not None:
            former["saves"] = former.get("saves", 1) + 1
            continue
        made.append(row)
    for row in made:
        if row.get("saves"):
            row["what"] = _("%(what)s（%(n)d 次）") % {"what": row["what"], "n": row["saves"]}
    return made


def _same_again(made: list[dict[str, Any]], row: dict[str, Any]) -> dict[str, Any] | None:
    """The row that this one repeats, when nothing but such repetitions of the same person on that day stand between."""
    if row["kind"] not in _OVER_AND_OVER:
        return None
    for former in reversed(made):
        same_sitting = former["who"] == row["who"] and former["at"].date() == row["at"].date()
        if former["kind"] not in _OVER_AND_OVER or not same_sitting:
            return None
        if former["kind"] == row["kind"]:
            return former
    return None


def _post(code: str, sections: dict[str, str], organs: dict[str, str]) -> str:
    """合规审核（市民政局 办公室）; for a grant also for whom."""
    role, _at, rest = code.partition("@")
    if not role:
        return ""
    section, _to, organ = rest.partition(">")
    place = sections.get(section, section)
    lent = _("，代 %(organ)s 办理") % {"organ": organs.get(organ, organ)} if organ else ""
    return f"{_TITLES.get(role, role)}（{place}{lent}）"


def what(fact: Fact, steps: dict[str, str]) -> str:
    """The sentence of the kind with what the fact adds to it."""
    said, data = sentence(fact.kind), fact.data
    if fact.kind in _REVIEW:
        step = steps.get(data.get("step", ""), "")
        return f"{step}：{said}" if step else said
    if fact.kind == "item.submitted":
        return _("%(said)s（第 %(n)s 版）") % {"said": said, "n": data.get("version")}
    if fact.kind in ("item.released", "item.released_emergency", "item.released_import") and data.get("index_number"):
        return _("%(said)s，索引号 %(n)s") % {"said": said, "n": data["index_number"]}
    if fact.kind in ("item.withdrawn", "item.expired") and data.get("reason"):
        return f"{said}：{withdrawal_reason(data['reason']).title}"
    if fact.kind == "item.deadline_changed":
        return _("%(said)s：%(old)s → %(new)s") % {"said": said, "old": data.get("old"), "new": data.get("new")}
    if fact.kind in ("item.scheduled", "item.schedule_moved", "item.schedule_cancelled"):
        at = full_instant(datetime.fromisoformat(data["due_at"]))
        return _("%(said)s：%(at)s") % {"said": said, "at": at}
    if fact.kind.startswith("channel.") and data.get("channel"):
        return f"{said}：{_CHANNELS.get(data['channel'], data['channel'])}"
    if fact.kind == "finding.answered":
        return _("%(said)s第 %(n)s 条") % {"said": said, "n": data.get("number")}
    return said
