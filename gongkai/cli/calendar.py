"""`gongkai calendar …`: take in a year's notice and move every open clock, or look at a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

if TYPE_CHECKING:
    from gongkai.agencies.actors import Actor
    from gongkai.calendars.actions.import_notice import NoticePreview
    from gongkai.law.workdays import YearTable

SHOWN = 10  # due dates listed one by one for each capability


class Changed(Protocol):
    """A due date that moves."""

    @property
    def title(self) -> str: ...
    @property
    def old(self) -> date | None: ...
    @property
    def new(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Capability:
    """A part of the system with clocks.

    `preview()` gives what the calendar in force would move and writes nothing;
    `recompute(reason=…, actor=…, at=…)` moves it and puts it on the record.
    """

    name: str
    preview: Callable[[], Sequence[Changed]]
    recompute: Callable[..., Sequence[Changed]]


def importer(capabilities: Sequence[Capability]) -> Callable[..., None]:
    """The command `calendar import`; the list of capabilities comes from where all parts are known."""

    def import_notice(
        file: Annotated[Path, typer.Argument(help="一年的放假安排：holiday-cn 的 JSON，或 CSV（date,kind,name）")],
        organ: Annotated[str, typer.Option(help="只对这个机关及其下级生效的地方假日：机关代码")] = "",
        reason: Annotated[str, typer.Option(help="写入记录的原因，默认为导入的年份")] = "",
        by: Annotated[str, typer.Option(help="经办人工号，默认为系统")] = "",
        yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    ) -> None:
        """导入一年的放假调休安排，重算所有未办结事项的期限。"""
        ready(migrated=True)
        from django.utils import timezone

        table, at = _read(file), timezone.now()
        actor = _actor(by, timezone.localdate())
        why = reason or _("导入%(year)s年放假安排") % {"year": table.year}
        _known(organ)
        seen, moved = _rehearse(table, organ, capabilities, why, actor, at)
        _show(seen, moved)
        if not yes and not typer.confirm(_("照此导入并重算期限？")):
            typer.echo(_("没有导入，什么也没有改变。"))
            raise typer.Exit(1)
        counts = _carry_out(table, organ, capabilities, why, actor, at)
        done = "，".join(f"{name} {count}" for name, count in counts)
        typer.echo(_("已导入%(year)s年的安排。期限变动：%(done)s。") % {"year": table.year, "done": done or _("无")})

    return import_notice


def show(year: Annotated[int, typer.Argument(help="年份")]) -> None:
    """列出一年的放假和调休上班日，以及它依据的通知。"""
    ready(migrated=True)
    from gongkai.calendars.queries import work_calendar

    found = [table for table in work_calendar().tables if table.year == year]
    if not found:
        typer.echo(_("工作日历里没有%(year)s年。") % {"year": year}, err=True)
        raise typer.Exit(2)
    table = found[0]
    typer.echo(f"{year} {_('正式') if table.status == 'official' else _('预估')} {table.source}")
    for mark in table.days:
        typer.echo(f"{mark.on} {_('上班') if mark.kind == 'work' else _('放假')} {mark.name}")


def _read(file: Path) -> YearTable:
    from gongkai.calendars.notice_files import parse_notice
    from gongkai.law.verdicts import Refusal, Refused
    from gongkai.law.workdays import CalendarError

    try:
        return parse_notice(file.read_text(encoding="utf-8"), source=file.name)
    except UnicodeDecodeError:
        raise Refusal(Refused("not_utf8", f"文件 {file.name} 不是 UTF-8 编码，请另存为 UTF-8 后再导入。")) from None
    except OSError as error:
        raise Refusal(Refused("unreadable", f"读不了文件 {file.name}：{error.strerror}。")) from None
    except CalendarError as error:
        raise Refusal(Refused(error.code, error.sentence)) from None


def _actor(staff_number: str, today: date) -> Actor:
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.models import Person
    from gongkai.agencies.queries import capacities
    from gongkai.law.verdicts import Refusal, Refused

    if not staff_number:
        return SYSTEM
    person = Person.objects.filter(staff_number=staff_number, is_active=True).first()
    held = capacities(person, today) if person else []
    if not held:
        raise Refusal(Refused("unknown_person", f"没有工号为“{staff_number}”的在岗人员，请核对。"))
    return held[0]


def _known(organ: str) -> None:
    from gongkai.agencies.models import Organ
    from gongkai.law.verdicts import Refusal, Refused

    if organ and not Organ.objects.filter(code=organ).exists():
        raise Refusal(Refused("unknown_organ", f"没有代码为“{organ}”的机关，请核对。"))


def _rehearse(
    table: YearTable, organ: str, capabilities: Sequence[Capability], reason: str, actor: Actor, at: datetime
) -> tuple[NoticePreview, list[tuple[str, Sequence[Changed]]]]:
    """Import, look at what would move, and take everything back: the preview is the very computation that follows."""
    from django.db import transaction

    from gongkai.calendars.actions.import_notice import import_notice

    with transaction.atomic():
        seen = import_notice(table, organ_code=organ, reason=reason, actor=actor, at=at)
        moved = [(capability.name, capability.preview()) for capability in capabilities]
        transaction.set_rollback(True)
    return seen, moved


def _carry_out(
    table: YearTable, organ: str, capabilities: Sequence[Capability], reason: str, actor: Actor, at: datetime
) -> list[tuple[str, int]]:
    from django.db import transaction

    from gongkai.calendars.actions.import_notice import import_notice

    with transaction.atomic():
        import_notice(table, organ_code=organ, reason=reason, actor=actor, at=at)
        return [
            (capability.name, len(capability.recompute(reason=reason, actor=actor, at=at)))
            for capability in capabilities
        ]


def _show(seen: NoticePreview, moved: list[tuple[str, Sequence[Changed]]]) -> None:
    heading = _("%(year)s年：新的安排") if seen.is_new else _("%(year)s年：修改已有的安排")
    typer.echo(heading % {"year": seen.table.year})
    for change in seen.changes:
        typer.echo(f"  {change.sentence}")
    if not seen.changes:
        typer.echo(_("  与现有日历相比，没有一天改变。"))
    for name, changes in moved:
        typer.echo(_("%(name)s：%(count)s 项期限会变动") % {"name": name, "count": len(changes)})
        for each in list(changes)[:SHOWN]:
            typer.echo(f"  {each.title}：{_day(each.old)} → {_day(each.new)}")
        if len(changes) > SHOWN:
            typer.echo(_("  另有 %(rest)s 项") % {"rest": len(changes) - SHOWN})


def _day(day: date | None) -> str:
    return day.isoformat() if day else _("无")
