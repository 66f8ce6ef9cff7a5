"""The to-do list: rows by statutory due date, groups, tabs, filters, counts per agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import holders
from gongkai.desk.pages.cleaning import waiting_documents
from gongkai.desk.pages.clocks import Calendars, due_note, left
from gongkai.desk.pages.foi.waiting import MOST as MOST_REQUESTS
from gongkai.desk.pages.foi.waiting import Waiting, waiting
from gongkai.desk.pages.upkeep import MOST as MOST_LOOKS
from gongkai.desk.pages.upkeep import waiting_looks
from gongkai.desk.who import Me
from gongkai.disclosure.models import CleaningLine, Item
from gongkai.disclosure.queries.desk import (
    OrganCount,
    Todo,
    items_visible_to,
    organ_counts,
    outstanding_emergencies,
    todo,
)
from gongkai.law import moves
from gongkai.law.foi_moves import STATES, WAITING
from gongkai.law.roles import role
from gongkai.ledger.models import Fact
from gongkai.web.wording import short_date

TABS = {"all": lazy("全部"), "mine": lazy("该我办"), "others": lazy("等他人办"), "past": lazy("我办过的")}
GROUPS = {
    "late": lazy("已逾期"),
    "today": lazy("今天到期"),
    "soon": lazy("3 个工作日内"),
    "later": lazy("更晚"),
    "none": lazy("没有期限"),
}
OVERSEERS = ("leader", "compliance_reviewer", "supervisor")
STRIP = 6
MOST = 300


@dataclass(frozen=True)
class Line:
    """A line of the list with everything a filter or the export asks for.

    `name` is what the export calls the matter: a request goes by its number there, never by what was asked.
    """

    due: date | None
    group: str
    left: str
    note: str
    who: str
    url: str
    title: str
    name: str
    organ: Organ
    section: str
    step: str
    verb: str
    facts: list[str]
    state: str
    key: int

    @property
    def mine(self) -> bool:
        return bool(self.verb)


def lines(me: Me) -> list[Line]:
    """Every matter in hand that the person may see, by due date."""
    rows = todo(me.held, me.person.pk, on=me.today)
    calendars = Calendars()
    soon = calendars.soon(me.today, (row.item for row in rows))
    people: dict[tuple[str, int, int | None], str] = {}
    out = set(outstanding_emergencies(me.held).values_list("item_id", flat=True))
    made = [_line(row, me, calendars, soon, people, out_already=row.item.pk in out) for row in rows]
    made += [_request(found, me.today, soon) for found in waiting(me)]
    made += [_look(item, me.today, soon) for item in waiting_looks(me)]
    made += [_cleaned(line, me.today, soon) for line in waiting_documents(me)]
    return sorted(made, key=lambda line: (line.due is None, line.due or date.max, line.key))


def requests_left_out(rows: Sequence[Line]) -> bool:
    """May there be more requests waiting than are listed?"""
    return sum(1 for row in rows if row.name != row.title) >= MOST_REQUESTS


def soon_day(me: Me) -> date:
    """The third working day from today, by the calendar of the first item the person sees."""
    return Calendars().soon(me.today, items_visible_to(me.held)[:1])


def _request(found: Waiting, today: date, soon: date) -> Line:
    """A request for disclosure that waits for the person."""
    due, note = found.due()
    group = "none" if found.case.state in WAITING else _group(due, today, soon)
    return Line(
        due, group, found.left, note, _("您"), found.url, found.title, found.case.number, found.case.organ,
        found.case.section.name if found.case.section else "", found.step, found.verb, found.facts,
        STATES[found.case.state], found.case.pk,
    )  # fmt: skip


def _look(item: Item, today: date, soon: date) -> Line:
    """A released item that this person should look at again."""
    due = item.next_look_on
    return Line(
        due, _group(due, today, soon), _("请复核"), _("复核日期"), _("您"), reverse("desk:look", args=[item.code]), item.working_title,
        item.working_title, item.organ, item.section.name if item.section else "", _("复核"), _("复核"),
        [_("维护"), item.organ.label], moves.PUBLIC[item.public], item.pk,
    )  # fmt: skip


def _cleaned(line: CleaningLine, today: date, soon: date) -> Line:
    """A document for which a published 清理 asks this person for something."""
    item, due = line.item, line.release.version.valid_until
    verb, where = _("修订"), reverse("desk:item", args=[item.code])
    if line.effect == "unsettled":
        verb, where = _("办理"), reverse("desk:cleaning_line", args=[line.cleaning_id, line.pk])
    return Line(
        due, _group(due, today, soon), _("请按清理结果办理"), "", _("您"), where,
        item.working_title, item.working_title, item.organ, item.section.name if item.section else "", _("清理"), verb,
        [_("文件清理"), line.effect_told], moves.PUBLIC[item.public], item.pk,
    )  # fmt: skip


def more_looks(rows: Sequence[Line]) -> bool:
    """May there be more looks due than are listed?"""
    return sum(1 for row in rows if row.step == _("复核")) >= MOST_LOOKS


def _line(
    row: Todo,
    me: Me,
    calendars: Calendars,
    soon: date,
    people: dict[tuple[str, int, int | None], str],
    *,
    out_already: bool,
) -> Line:
    item = row.item
    assessed = item.public == moves.WITHHELD and item.work == moves.NONE
    due, remaining, note = item.next_assessment_on if assessed else None, "", ""
    if assessed:
        remaining = _("请评估")
    elif out_already and item.work == moves.IN_REVIEW:
        remaining = _("意见待补")  # published already; what is missing has no day of its own
    elif (clock := calendars.due(item, me.today)) is not None:
        due, remaining = clock.due_on, left(clock)
        if due is not None:
            note = due_note(due, calendars.of(item), provisional=clock.provisional)
    else:
        remaining = _("未起算")
    where = "desk:review" if item.work == moves.IN_REVIEW and row.verb else "desk:item"
    if row.verb and item.work in (moves.DRAFTING, moves.RETURNED):
        where = "desk:edit"
    if row.verb and assessed:
        where = "desk:reassess"
    who = _("您") if row.verb else _waits_for(row, me.today, people)
    return Line(
        due, _group(due, me.today, soon), remaining, note, who, reverse(where, args=[item.code]), item.working_title,
        item.working_title, item.organ, item.section.name if item.section else "", row.step, row.verb, facts(item),
        moves.PUBLIC[item.public], item.pk,
    )  # fmt: skip


def _waits_for(row: Todo, today: date, people: dict[tuple[str, int, int | None], str]) -> str:
    """Names of those whose turn it is, at most two; the organ where nobody holds the post."""
    item = row.item
    if not row.waits_for:
        return item.organ.label
    section = item.section_id if role(row.waits_for).scope == "section" else None
    key = (row.waits_for, item.organ_id, section)
    if key not in people:
        found = [p.name for p in holders(role=key[0], organ_id=key[1], on=today, section_id=section)]
        named = "、".join(found[:2]) + (_("等") if len(found) > 2 else "")
        people[key] = (
            f"{named}（{item.organ.label}）" if named else _("尚无人员（%(organ)s）") % {"organ": item.organ.label}
        )
    return people[key]


def _group(due: date | None, today: date, soon: date) -> str:
    if due is None:
        return "none"
    if due < today:
        return "late"
    if due == today:
        return "today"
    return "soon" if due <= soon else "later"


def past(me: Me) -> list[Item]:
    """What the person has done something about, newest act first, as far as it may still be seen."""
    subjects = (
        Fact.objects.filter(actor_code=me.person.staff_number, subject__startswith="item:")
        .order_by("-id")
        .values_list("subject", flat=True)[:2000]
    )
    codes = [subject.removeprefix("item:") for subject in dict.fromkeys(subjects)][:100]
    found = {item.code: item for item in items_visible_to(me.held).filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def chosen(rows: Sequence[Line], asked: Mapping[str, str]) -> list[Line]:
    """The rows a tab and the filters leave; a filter value that is not known leaves nothing out."""
    tab, step, organ, group = (asked.get(name, "") for name in ("tab", "step", "organ", "due"))
    kept = [row for row in rows if tab not in ("mine", "others") or row.mine == (tab == "mine")]
    if step:
        kept = [row for row in kept if row.step == step]
    if organ:
        kept = [row for row in kept if row.organ.code == organ]
    if group in GROUPS:
        kept = [row for row in kept if row.group == group]
    return kept


def groups(rows: Sequence[Line]) -> list[dict[str, Any]]:
    """The value `groups` of web/components/todo_list.html; groups without rows are left out."""
    made = []
    for code, title in GROUPS.items():
        inside = [_shown(row) for row in rows if row.group == code]
        if inside:
            made.append({"title": title, "pressing": code in ("late", "today"), "rows": inside})
    return made


def _shown(row: Line) -> dict[str, Any]:
    return {
        "due": row.due,
        "due_note": row.note or (_("没有到期日") if row.due is None else ""),
        "left": row.left,
        "pressing": row.group in ("late", "today"),
        "url": row.url,
        "title": row.title,
        "facts": row.facts,
        "step": row.step,
        "who": row.who,
        "verb": row.verb or _("查看"),
        "mine": row.mine,
    }


def facts(item: Item) -> list[str]:
    """Kind, agency, and what the due date comes from."""
    formed = _("%(day)s成文，") % {"day": short_date(item.formed_on)} if item.formed_on else ""
    if item.entry is not None:
        ground = _("目录第 %(n)d 项，%(limit)s") % {"n": item.entry.serial, "limit": item.entry.limit_text}
    else:
        ground = _("第二十六条")
    return [_("主动公开"), item.organ.label, f"{formed}{ground}"]


def tabs(rows: Sequence[Line], current: str) -> list[dict[str, Any]]:
    mine = sum(1 for row in rows if row.mine)
    counts: dict[str, int | None] = {"all": len(rows), "mine": mine, "others": len(rows) - mine, "past": None}
    here = reverse("desk:todo")
    return [
        {"title": title, "count": counts[code], "url": f"{here}?tab={code}", "current": code == current}
        for code, title in TABS.items()
    ]


def filter_bar(rows: Sequence[Line], asked: Mapping[str, str], tab: str) -> dict[str, Any]:
    steps = sorted({row.step for row in rows})
    organs = {row.organ.code: row.organ.label for row in rows}
    fields = [_field("step", _("环节"), _("全部环节"), {step: step for step in steps}, asked)]
    if len(organs) > 1 or asked.get("organ"):
        fields.append(_field("organ", _("机关"), _("全部机关"), organs, asked))
    fields.append(_field("due", _("到期"), _("全部"), GROUPS, asked))
    kept = {name: asked[name] for name in ("step", "organ", "due") if asked.get(name)}
    return {
        "action": reverse("desk:todo"),
        "kept": [("tab", tab)],
        "fields": fields,
        "chosen": len(kept),
        "export_url": f"{reverse('desk:todo_export')}?{urlencode(kept | {'tab': tab})}",
    }


def _field(
    name: str, label: str, all_of_them: str, options: Mapping[str, str], asked: Mapping[str, str]
) -> dict[str, Any]:
    values = [{"value": "", "label": all_of_them, "selected": not asked.get(name)}]
    values += [{"value": v, "label": text, "selected": asked.get(name) == v} for v, text in options.items()]
    return {"name": name, "label": label, "options": values}


def strip(me: Me, soon: date, *, everything: bool = False) -> dict[str, Any] | None:
    """Counts per agency, for those who answer for more than their own desk; None for the others."""
    if not me.has(*OVERSEERS):
        return None
    counted = organ_counts(me.held, today=me.today, soon_until=soon)
    if not counted:
        return None
    here = reverse("desk:todo")
    shown = counted if everything else counted[:STRIP]
    return {
        "rows": [_strip_row(row, here) for row in shown],
        "count": len(counted),
        "url": f"{here}?agencies=all" if len(shown) < len(counted) else "",
    }


def _strip_row(row: OrganCount, here: str) -> dict[str, Any]:
    return {
        "name": row.organ.label,
        "url": f"{here}?organ={row.organ.code}",
        "overdue": row.overdue,
        "today": row.today,
        "soon": row.soon,
        "open": row.open,
        "mean": "",
    }
