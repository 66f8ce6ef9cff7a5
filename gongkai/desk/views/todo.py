"""What waits for me, and the same as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.pages import todo as page
from gongkai.desk.pages.channel_lists import waiting_for
from gongkai.desk.pages.schedule import keepers_alarm, todo_alarms
from gongkai.desk.screens import screen
from gongkai.desk.tables import csv_file
from gongkai.desk.views.coverage import MAY_ANSWER, open_corrections
from gongkai.desk.who import Me, staff
from gongkai.disclosure.queries.desk import outstanding_emergencies
from gongkai.web.wording import full_date


@require_safe
@staff
def todo(request: HttpRequest, me: Me) -> HttpResponse:
    """The list, by tab and filter; administrators see their own work instead."""
    tab = request.GET.get("tab", "all")
    tab = tab if tab in page.TABS else "all"
    rows = page.lines(me)
    kept = page.chosen(rows, request.GET.dict() | {"tab": tab})
    soon = page.soon_day(me)
    return screen(
        request,
        me,
        "desk/todo.html",
        {
            "today": me.today,
            "agencies": page.strip(me, soon, everything=request.GET.get("agencies") == "all"),
            "tabs": page.tabs(rows, tab),
            "tab": tab,
            "filter_bar": None if tab == "past" else page.filter_bar(rows, request.GET, tab),
            "groups": page.groups(kept[: page.MOST]),
            "left_out": max(0, len(kept) - page.MOST),
            "more_looks": page.more_looks(rows),
            "more_requests": page.requests_left_out(rows),
            "past": page.past(me) if tab == "past" else [],
            "emergencies": list(outstanding_emergencies(me.held)),
            "schedules": todo_alarms(me),
            "keepers_alarm": keepers_alarm(me) if me.has("system_admin") else "",
            "waiting": sum(1 for row in rows if row.mine),
            "asked_corrections": open_corrections(me) if me.has(*MAY_ANSWER) else 0,
            "may_draft": me.has("drafter"),
            "channels": waiting_for(me),
            "nothing": nothing(me, tab, filtered=len(kept) < len(rows)),
        },
    )


def nothing(me: Me, tab: str, *, filtered: bool) -> str:
    """The sentence of an empty list."""
    if not me.held:
        return _("您现在没有岗位，不能办理事项。请联系安全管理员任岗。")
    if tab == "mine":
        return _("没有等您办理的事项。")
    if filtered:
        return _("没有符合筛选条件的事项，可以放宽筛选条件。")
    return _("没有在办的事项。")


@require_safe
@staff
def export(request: HttpRequest, me: Me) -> HttpResponse:
    """The rows of the list as a table, with the same tab and filters."""
    kept = page.chosen(page.lines(me), request.GET)
    head = [_("法定到期日"), _("剩余工作日"), _("标题"), _("机关"), _("科室"), _("环节"), _("经办"), _("状态")]
    rows = (
        [
            full_date(row.due) if row.due else "",
            row.left,
            row.name,
            row.organ.name,
            row.section,
            row.step,
            row.who,
            row.state,
        ]
        for row in kept
    )
    return csv_file(_("待办") + f"-{me.today.isoformat()}.csv", head, rows)
