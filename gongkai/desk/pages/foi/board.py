"""The board of requests: tabs, filters, groups by the statutory day, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.models import Organ, Section
from gongkai.desk.pages.foi import rows
from gongkai.desk.pages.foi.periods import PERIODS, since
from gongkai.desk.pages.foi.rights import HANDLERS, OVERSEERS
from gongkai.desk.who import Me
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.board import (
    BANDS,
    GROUPS,
    OPEN,
    TO_FILE,
    Calendars,
    Horizon,
    by_due,
    clocked,
    counts,
    group_of,
    horizon,
    in_group,
    page,
)
from gongkai.foi.queries.insight import replied_between
from gongkai.foi.queries.oversight import counted_for, supervises
from gongkai.foi.queries.signing import readings
from gongkai.law.foi_moves import CLOSED, ENDED, STATES
from gongkai.law.reply_clock.steps import CHANNELS
from gongkai.web.wording import full_date

SIZE: Final = 25
TABS: Final = {"open": lazy("在办"), "file": lazy("待归档"), "closed": lazy("已归档")}
TAB_STATES: Final = {"open": OPEN, "file": TO_FILE, "closed": (CLOSED,)}
TITLES: Final = {
    "late": lazy("已逾期"),
    "today": lazy("今天到期"),
    "soon": lazy("3 个工作日内"),
    "later": lazy("更晚"),
    "applicant": lazy("等申请人"),
    "unconfirmed": lazy("待确认收到"),
    "ended": lazy("已办结"),
    "ten": lazy("4 至 10 个工作日"),
    "more": lazy("10 个工作日以后"),
}
FILTERS: Final = ("state", "section", "organ", "due")
CHANNEL_WORDS: Final = {
    "in_person": lazy("当面提交"),
    "registered_mail": lazy("邮寄（需签收）"),
    "ordinary_mail": lazy("平常信函"),
    "online": lazy("互联网"),
    "fax": lazy("传真"),
}
assert set(TITLES) == set(BANDS)
assert set(CHANNEL_WORDS) == set(CHANNELS)


@dataclass(frozen=True)
class Board:
    """What one person asked the board for, read once."""

    me: Me
    asked: Mapping[str, str]
    calendars: Calendars
    horizon: Horizon

    @property
    def tab(self) -> str:
        tab = self.asked.get("tab", "")
        return tab if tab in TABS else "open"

    @property
    def open_text(self) -> bool:
        """Does this person read what was asked for? A supervisor sees numbers, states and dates."""
        return not supervises(self.me.held)

    def seen(self) -> QuerySet[FoiRequest]:
        """Everything under the filters but the tab and the group; a value that is not known leaves nothing out."""
        found = counted_for(self.me.held)
        if query := self.asked.get("q", "").strip()[:60]:
            found = found.filter(number__icontains=query)
        if section := self.asked.get("section"):
            found = found.filter(section__code=section)
        if organ := self.asked.get("organ"):
            found = found.filter(organ__code=organ)
        if (period := self.asked.get("replied")) in PERIODS:
            found = replied_between(found, since(period, self.me.today), self.me.today)
        return found

    def rows(self) -> QuerySet[FoiRequest]:
        """Everything asked for, in order. A number is looked for in every tab, a state names its own."""
        found = self.seen()
        if self.asked.get("state") in STATES:
            found = found.filter(state=self.asked["state"])
        elif self.asked.get("replied") in PERIODS:
            found = found.filter(state__in=ENDED)
        elif not self.asked.get("q", "").strip():
            found = found.filter(state__in=TAB_STATES[self.tab])
        if self.asked.get("due") in BANDS:
            found = found.filter(in_group(self.asked["due"], self.horizon))
        return by_due(found)

    def kept(self, **more: str) -> str:
        """The query string of this board with changes."""
        names = ("tab", "q", "replied", *FILTERS)
        values = {name: self.asked[name] for name in names if self.asked.get(name)} | more
        return urlencode({name: value for name, value in values.items() if value})


def board_of(me: Me, asked: Mapping[str, str]) -> Board:
    calendars = Calendars()
    organ_id = next((actor.organ_id for actor in me.held if actor.organ_id is not None), None)
    return Board(me, asked, calendars, horizon(calendars.of(organ_id), me.today))


def may_see(me: Me) -> bool:
    """Has this person anything to do with requests?"""
    return me.has(*HANDLERS, *OVERSEERS)


def board_page(board: Board) -> dict[str, Any]:
    """The page asked for with the count of every group. One row more than a page tells whether there is a next one."""
    number = _page_number(board.asked)
    offset = (number - 1) * SIZE
    read = page(
        board.rows().select_related("applicant__key"), today=board.me.today, offset=offset, limit=SIZE + 1,
        calendars=board.calendars,
    )  # fmt: skip
    shown = read[:SIZE]
    counted = counts(board.seen(), board.horizon)
    reading = readings(row.case for row in shown)
    lines = [(group_of(row.case, board.horizon), row) for row in shown]
    groups = []
    for code in GROUPS:
        inside = [
            rows.shown(row, board.me, code, reading.get(row.case.pk), open_text=board.open_text)
            for group, row in lines
            if group == code
        ]
        if inside:
            groups.append(
                {
                    "title": TITLES[code],
                    "pressing": code in ("late", "today"),
                    "rows": inside,
                    "count": _count(board, code, counted),
                }
            )
    here = reverse("desk:cases")
    return {
        "groups": groups,
        "tabs": _tabs(board, counted),
        "filter_bar": filter_bar(board),
        "pager": {
            "previous_url": f"{here}?{board.kept(page=str(number - 1))}" if number > 1 else "",
            "next_url": f"{here}?{board.kept(page=str(number + 1))}" if len(read) > SIZE else "",
        },
        "counted": counted,
        "open_text": board.open_text,
        "asked": board.asked.get("q", ""),
        "nothing": nothing(board),
    }


def _count(board: Board, code: str, counted: Mapping[str, int]) -> int | None:
    """How many the whole group has; None where the filters show a part of it that was not counted."""
    asked = board.asked
    if asked.get("state") in STATES or asked.get("due") in ("ten", "more") or asked.get("replied"):
        return None
    if code == "ended":
        return counted["to_file"] if board.tab == "file" and not asked.get("q") else None
    return counted[code]


def _page_number(asked: Mapping[str, str]) -> int:
    text = asked.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def nothing(board: Board) -> str:
    """The sentence of an empty board."""
    if board.asked.get("q", "").strip():
        return _("没有编号含“%(q)s”的申请，请核对编号。") % {"q": board.asked["q"].strip()}
    if any(board.asked.get(name) for name in FILTERS):
        return _("没有符合筛选条件的申请，可以放宽筛选条件。")
    return {
        "open": _("没有在办的申请。"),
        "file": _("没有等待归档的申请。"),
        "closed": _("还没有归档的申请。"),
    }[board.tab]


def _tabs(board: Board, counted: Mapping[str, int]) -> list[dict[str, Any]]:
    here, number = reverse("desk:cases"), {"open": counted["open"], "file": counted["to_file"], "closed": None}
    found = bool(board.asked.get("q", "").strip() or board.asked.get("replied"))
    return [
        {
            "title": title,
            "count": number[code],
            "url": f"{here}?tab={code}",
            "current": code == board.tab and not found,
        }
        for code, title in TABS.items()
    ]


def filter_bar(board: Board) -> dict[str, Any]:
    """State, section, agency where there are several, group."""
    asked = board.asked
    states = {code: STATES[code] for code in TAB_STATES[board.tab]}
    fields = [_field("state", _("环节"), states, asked)]
    organs = _organs(board.me)
    if len(organs) > 1:
        fields.append(_field("organ", _("机关"), {organ.code: organ.label for organ in organs}, asked))
    if len(organs) == 1 or asked.get("organ"):
        sections = Section.objects.filter(active=True, organ__in=[o.pk for o in organs])
        if asked.get("organ"):
            sections = sections.filter(organ__code=asked["organ"])
        fields.append(_field("section", _("承办科室"), {s.code: s.name for s in sections}, asked))
    if board.tab == "open":
        fields.append(_field("due", _("到期"), {code: TITLES[code] for code in BANDS if code != "ended"}, asked))
    return {
        "action": reverse("desk:cases"),
        "kept": [(name, asked[name]) for name in ("tab", "q", "replied") if asked.get(name)],
        "fields": fields,
        "chosen": sum(1 for name in FILTERS if asked.get(name)),
        "export_url": f"{reverse('desk:cases_export')}?{board.kept()}",
    }


def _organs(me: Me) -> list[Organ]:
    found = Organ.objects.filter(active=True)
    if not supervises(me.held):
        found = found.filter(pk__in={actor.organ_id for actor in me.held if actor.role in HANDLERS})
    return list(found)


def _field(name: str, label: str, options: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    values = [{"value": "", "label": _("全部"), "selected": not asked.get(name)}]
    values += [{"value": value, "label": text, "selected": asked.get(name) == value} for value, text in options.items()]
    return {"name": name, "label": label, "options": values}


HEAD: Final = (
    lazy("申请编号"), lazy("机关"), lazy("承办科室"), lazy("收到方式"), lazy("收到日期"), lazy("环节"),
    lazy("法定到期日"), lazy("剩余工作日"), lazy("申请人补正或者缴费的最后一日"), lazy("办结日期"),
)  # fmt: skip


def table(board: Board) -> Iterator[list[object]]:
    """The rows for download: numbers, states and dates; neither who asked nor what for."""
    wanted = ("number", "organ", "section", "channel", "received_on", "state", "waiting_until", "closed_on")
    organs = dict(Organ.objects.values_list("pk", "name"))
    sections: dict[int | None, str] = {None: ""} | dict(Section.objects.values_list("pk", "name"))
    found = board.rows().only(*wanted).prefetch_related("steps")
    for row in clocked(found.iterator(chunk_size=2000), board.me.today, board.calendars):
        case, clock = row.case, row.clock
        yield [
            case.number,
            organs[case.organ_id],
            sections[case.section_id],
            CHANNEL_WORDS[case.channel],
            full_date(case.received_on) if case.received_on else "",
            STATES[case.state],
            full_date(clock.due_on) if clock and clock.due_on else "",
            rows.left(clock, case),
            full_date(case.waiting_until) if case.waiting_until else "",
            full_date(case.closed_on) if case.closed_on else "",
        ]
