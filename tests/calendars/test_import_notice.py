"""Importing a notice: what it changes, what it refuses, what it leaves on the record."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from gongkai.agencies.actors import SYSTEM
from gongkai.calendars.actions.import_notice import import_notice, preview
from gongkai.calendars.actions.record_changes import DueChange, changes_digest, record_changes
from gongkai.calendars.guards import GUARDS
from gongkai.calendars.models import CalendarDay, CalendarYear, DeadlineBatch, DeadlineChange
from gongkai.calendars.queries import stored_table, work_calendar
from gongkai.calendars.shipped import shipped_calendar, shipped_tables
from gongkai.cli import calendar as command
from gongkai.law.verdicts import Refusal
from gongkai.law.workdays import DayMark, YearTable
from gongkai.ledger.guards import missing
from gongkai.ledger.models import Fact

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
D = date.fromisoformat


def notice(year: int = 2027, *more: DayMark) -> YearTable:
    """An invented notice: the three fixed days, and what is added."""
    fixed = tuple(
        DayMark(date(year, month, 1), "off", name) for month, name in ((1, "元旦"), (5, "劳动节"), (10, "国庆节"))
    )
    return YearTable(year, "official", "通知", tuple(sorted((*fixed, *more))))


SPRING = tuple(DayMark(date(2027, 2, day), "off", "春节") for day in range(5, 13))
WORKED = DayMark(D("2027-02-20"), "work", "春节")


def take_in(table: YearTable, **more: str):
    return import_notice(table, actor=SYSTEM, at=AT, **more)


def test_without_an_import_the_calendar_is_the_shipped_one() -> None:
    assert work_calendar() is shipped_calendar()
    assert work_calendar(("QH", "QH-01")) is shipped_calendar()


def test_a_new_year_becomes_official() -> None:
    seen = take_in(notice(2027, *SPRING, WORKED), reason="年度通知")
    assert seen.is_new
    calendar = work_calendar()
    assert calendar.last_official_year == 2027
    assert not calendar.is_provisional(D("2026-12-10"), D("2027-01-08"))
    assert calendar.is_workday(D("2027-02-20"))
    assert not calendar.is_workday(D("2027-02-12"))
    assert calendar == seen.after
    assert calendar is work_calendar()  # built once for one content
    assert stored_table(2027) == notice(2027, *SPRING, WORKED)


def test_the_preview_lists_each_changed_day_and_writes_nothing() -> None:
    seen = preview(notice(2027, *SPRING, WORKED))
    assert [change.sentence for change in seen.changes] == [
        "2027-02-09（春节）由上班改为放假",
        "2027-02-10（春节）由上班改为放假",
        "2027-02-11（春节）由上班改为放假",
        "2027-02-12（春节）由上班改为放假",
        "2027-02-20（春节）由放假改为上班",
        "2027-04-05（清明节）由放假改为上班",
        "2027-06-09（端午节）由放假改为上班",
        "2027-09-15（中秋节）由放假改为上班",
    ]
    assert CalendarYear.objects.count() == 0
    assert work_calendar() is shipped_calendar()


def test_a_late_amendment_of_a_year_already_here() -> None:
    """As on 27 January 2020: the leave is lengthened while clocks run."""
    table = next(table for table in shipped_tables() if table.year == 2020)
    moved = {D("2020-01-31"), D("2020-02-01"), D("2020-02-02")}
    first = tuple(mark for mark in table.days if mark.on not in moved) + (DayMark(D("2020-02-01"), "work", "春节"),)
    take_in(YearTable(2020, "official", "2019年11月通知", first))
    assert work_calendar().add(D("2020-01-15"), 20) == D("2020-02-17")
    seen = take_in(table)
    assert not seen.is_new
    assert [(change.on.isoformat(), change.worked_after) for change in seen.changes] == [
        ("2020-01-31", False), ("2020-02-01", False),
    ]  # fmt: skip
    assert work_calendar().add(D("2020-01-15"), 20) == D("2020-02-19")
    assert CalendarYear.objects.get().source == table.source
    assert CalendarDay.objects.count() == len(table.days)


def test_each_import_is_on_the_record_with_its_digest() -> None:
    take_in(notice(2027, *SPRING))
    take_in(notice(2027, *SPRING, WORKED))
    first, second = Fact.objects.filter(kind="calendar.imported").order_by("id")
    assert (first.subject, first.at, first.data["former"]) == ("calendar:2027", AT, "")
    assert second.data["former"] == first.digest
    assert second.digest == CalendarYear.objects.get(year=2027).digest
    assert second.data["calendar"] == work_calendar().digest


def test_the_same_notice_twice_is_refused() -> None:
    take_in(notice())
    with pytest.raises(Refusal) as refusal:
        take_in(notice())
    assert refusal.value.code == "same_notice"
    assert Fact.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (YearTable(2027, "official", "", (DayMark(D("2027-01-01"), "off", "元旦"),)), "not_a_whole_year"),
        (YearTable(2027, "official", "", SPRING), "not_a_whole_year"),
        (notice(2006), "before_first_year"),
        (notice(2027, DayMark(D("2027-01-01"), "off", "元旦")), "day_twice"),
        (notice(2027, DayMark(D("2028-01-01"), "off", "元旦")), "day_of_other_year"),
        (notice(2027, DayMark(D("2026-11-30"), "off", "元旦")), "day_of_other_year"),
    ],
)
def test_tables_that_cannot_be_a_notice_are_refused(table: YearTable, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        take_in(table)
    assert refusal.value.code == code
    assert CalendarYear.objects.count() == Fact.objects.count() == 0


def test_local_holidays_belong_to_a_subtree() -> None:
    local = YearTable(2026, "official", "自治旗通知", (DayMark(D("2026-07-15"), "off", "那达慕"),))
    seen = take_in(local, organ_code="ZZ")
    assert [change.sentence for change in seen.changes] == ["2026-07-15（那达慕）由上班改为放假"]
    assert work_calendar() is shipped_calendar()
    assert work_calendar(("QH", "QH-02")) is shipped_calendar()
    assert not work_calendar(("QH", "ZZ", "ZZ-01")).is_workday(D("2026-07-15"))
    take_in(notice(2027, *SPRING))
    below = work_calendar(("QH", "ZZ"))
    assert not below.is_workday(D("2026-07-15"))
    assert below.last_official_year == 2027


def test_the_nearest_organ_has_the_last_word() -> None:
    take_in(YearTable(2026, "official", "", (DayMark(D("2026-07-15"), "off", "州庆"),)), organ_code="ZZ")
    take_in(YearTable(2026, "official", "", (DayMark(D("2026-07-15"), "work", "正常上班"),)), organ_code="ZZ-01")
    assert not work_calendar(("ZZ",)).is_workday(D("2026-07-15"))
    assert work_calendar(("ZZ", "ZZ-01")).is_workday(D("2026-07-15"))


# Due dates that move ----------------------------------------------------------------------------------------------

MOVED = [
    DueChange("item:1", "年度预算", D("2027-02-09"), D("2027-02-18")),
    DueChange("item:2", "工作简报", D("2027-02-10"), None),
]


def test_a_batch_of_moved_dates_is_one_fact_with_their_digest() -> None:
    with transaction.atomic():
        batch = record_changes("disclosure", MOVED, reason="导入2027年放假安排", actor=SYSTEM, at=AT)
    assert batch is not None
    rows = list(DeadlineChange.objects.order_by("id").values_list("subject", "old", "new"))
    assert rows == [(change.subject, change.old, change.new) for change in MOVED]
    fact = Fact.objects.get()
    assert (fact.kind, fact.digest) == ("deadlines.recomputed", changes_digest(MOVED))
    assert fact.data == {"capability": "disclosure", "changes": 2, "batch": batch.pk}
    assert changes_digest(MOVED) != changes_digest(MOVED[::-1])


def test_nothing_moved_leaves_nothing() -> None:
    assert record_changes("disclosure", [], reason="", actor=SYSTEM, at=AT) is None
    assert Fact.objects.count() == DeadlineBatch.objects.count() == 0


def test_the_database_itself_keeps_the_record_of_moved_dates() -> None:
    assert missing(GUARDS) == []
    with transaction.atomic():
        record_changes("disclosure", MOVED, reason="导入", actor=SYSTEM, at=AT)
    for write in (
        lambda: DeadlineChange.objects.update(new=None),
        lambda: DeadlineChange.objects.all().delete(),
        lambda: DeadlineBatch.objects.update(reason="别的"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    assert DeadlineChange.objects.count() == 2


# The command ------------------------------------------------------------------------------------------------------

CSV = "date,kind,name\n" + "".join(f"{mark.on},{mark.kind},{mark.name}\n" for mark in notice(2027, *SPRING).days)


class Clocks:
    """A capability with one clock: due twenty working days after 10 January 2027."""

    def __init__(self) -> None:
        self.due_on = work_calendar().add(D("2027-01-15"), 20)
        self.reasons: list[str] = []

    def preview(self) -> list[DueChange]:
        now = work_calendar().add(D("2027-01-15"), 20)
        return [DueChange("item:1", "年度预算", self.due_on, now)] if now != self.due_on else []

    def recompute(self, *, reason: str, actor: object, at: datetime) -> list[DueChange]:
        changes = self.preview()
        self.due_on = work_calendar().add(D("2027-01-15"), 20)
        self.reasons.append(reason)
        return changes


def run(tmp_path: Path, clocks: Clocks, text: str, *options: str, answer: str = "y\n"):
    app = typer.Typer()
    app.command("import")(command.importer([command.Capability("主动公开", clocks.preview, clocks.recompute)]))
    app.command("show")(command.show)
    file = tmp_path / "2027.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["import", str(file), *options], input=answer)


def test_the_command_shows_asks_and_recomputes(tmp_path: Path) -> None:
    clocks = Clocks()
    assert clocks.due_on == D("2027-02-16")
    result = run(tmp_path, clocks, CSV)
    assert result.exit_code == 0, result.output
    assert "2027年：新的安排" in result.output
    assert "主动公开：1 项期限会变动" in result.output
    assert "年度预算：2027-02-16 → 2027-02-22" in result.output
    assert "已导入2027年的安排。期限变动：主动公开 1。" in result.output
    assert (clocks.due_on, clocks.reasons) == (D("2027-02-22"), ["导入2027年放假安排"])
    assert work_calendar().last_official_year == 2027


def test_answering_no_changes_nothing(tmp_path: Path) -> None:
    clocks = Clocks()
    result = run(tmp_path, clocks, CSV, answer="n\n")
    assert result.exit_code == 1
    assert "没有导入，什么也没有改变。" in result.output
    assert (clocks.due_on, clocks.reasons) == (D("2027-02-16"), [])
    assert work_calendar() is shipped_calendar()
    assert Fact.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("date,kind,name\n2027-02-30,off,春节\n", (), "bad_date"),
        (CSV, ("--organ", "没有的机关"), "unknown_organ"),
        (CSV, ("--by", "9999"), "unknown_person"),
    ],
)
def test_what_the_command_refuses(tmp_path: Path, text: str, options: tuple[str, ...], code: str) -> None:
    result = run(tmp_path, Clocks(), text, *options)
    assert isinstance(result.exception, Refusal)
    assert result.exception.code == code
    assert CalendarYear.objects.count() == 0


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command("import")(command.importer([]))
    app.command("show")(command.show)
    result = CliRunner().invoke(app, ["import", str(tmp_path / "没有.csv")])
    assert isinstance(result.exception, Refusal)
    assert "没有.csv" in str(result.exception)


def test_showing_a_year() -> None:
    app = typer.Typer()
    app.command("show")(command.show)
    app.command("import")(command.importer([]))
    result = CliRunner().invoke(app, ["show", "2026"])
    assert result.output.startswith("2026 正式")
    assert "2026-10-10 上班 国庆节" in result.output
    assert "2027 预估" in CliRunner().invoke(app, ["show", "2027"]).output
    assert CliRunner().invoke(app, ["show", "1999"]).exit_code == 2
