"""`gongkai inspect-site`: the inspection indicators on the terminal, over the data or of a site over the network.
`gongkai upkeep …`: what is wrong with released items, and the stored days of the next look."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

SHOWN = 10  # findings listed one by one for each kind


def inspect_site(
    url: Annotated[str, typer.Option(help="检查网上的一个网站（首页地址）；不写时检查本系统的数据")] = "",
    out: Annotated[Path | None, typer.Option(help="把结果写成表格文件（.xlsx），只用于本系统的数据")] = None,
) -> None:
    """按国办秘函〔2019〕19号的检查指标检查网站，列出不合格和要改的地方。

    有单项否决指标不合格时退出码为 1，有否决指标查不到数据时为 3。
    """
    ready(migrated=True)
    if url:
        _outside(url)
        return
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.law.inspection import VERDICTS
    from gongkai.reporting.actions.inspect import inspect
    from gongkai.reporting.queries import lines

    made = inspect(actor=SYSTEM, at=timezone.now())
    for line in lines(made):
        value = "—" if line.value is None else f"{line.value} {line.indicator.unit}"
        veto = _("（单项否决）") if line.indicator.veto else ""
        typer.echo(f"{VERDICTS[line.verdict]}　{line.indicator.title}{veto}　{value}　{line.told}".rstrip())
        for place in line.places[:10] if line.verdict == "fail" else ():
            typer.echo(f"    {place['title']}：{place['told']}")
        if line.verdict == "fail" and len(line.places) > 10:
            typer.echo(_("    另有 %(n)s 处，见工作台“网站检查”。") % {"n": len(line.places) - 10 + line.more})
    typer.echo(_("结果：%(verdict)s") % {"verdict": VERDICTS[made.verdict]})
    if out is not None:
        from gongkai.reporting.sheets import sheet

        out.write_bytes(sheet(made))
        typer.echo(_("已写出：%(file)s") % {"file": out})
    raise typer.Exit({"pass": 0, "fail": 1, "no_data": 3}[made.verdict])


def _outside(url: str) -> None:
    from gongkai.reporting.site_check import check_site

    faults = 0
    for told in check_site(url):
        faults += not told.good
        typer.echo(f"{_('合格') if told.good else _('不合格')}　{told.title}　{told.told}".rstrip())
    raise typer.Exit(1 if faults else 0)


def upkeep_report(
    agency: Annotated[str, typer.Option(help="只看一个机关：机关代码")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    out: Annotated[Path | None, typer.Option(help="把发现的问题写成表格文件（.xlsx）")] = None,
) -> None:
    """重新检查已公开的信息，列出发现的问题：没有人负责、逾期没有复核、联系方式已改、附件缺失等。

    有逾期没有复核的信息时退出码为 1。
    """
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.reporting.actions.find import refresh
    from gongkai.reporting.findings import BY_CODE
    from gongkai.reporting.found import counted, open_findings

    organs = _organs(agency)
    refresh(actor=SYSTEM, at=timezone.localtime(), progress=_told_while_waiting)
    rows = list(open_findings(organs=organs))
    counts = counted(open_findings(organs=organs))
    if as_json:
        found = [
            {
                "kind": row.kind, "title": BY_CODE[row.kind].title, "item": row.item.code,
                "index_number": row.item.index_number, "name": row.item.working_title, "organ": row.item.organ.code,
                "section": row.item.section.code if row.item.section else "", "told": row.told,
                "since": timezone.localdate(row.first_at).isoformat(),
            }
            for row in rows
        ]  # fmt: skip
        told = {"counts": {count.kind.code: count.count for count in counts}, "findings": found}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for count in counts:
            typer.echo(f"{count.kind.title}　{count.count}")
            for row in [row for row in rows if row.kind == count.kind.code][:SHOWN]:
                typer.echo(f"    {row.item.index_number}  {row.item.working_title}：{row.told}")
            if count.count > SHOWN:
                more = count.count - SHOWN
                typer.echo(_("    另有 %(n)s 条，见工作台“维护”，或者用 --out 写成表格。") % {"n": more})
    if out is not None:
        from gongkai.reporting.sheets import findings_sheet

        out.write_bytes(findings_sheet(rows))
        typer.echo(_("已写出：%(file)s") % {"file": out}, err=as_json)
    raise typer.Exit(1 if any(count.count for count in counts if count.kind.code == "look_overdue") else 0)


def _organs(agency: str) -> set[int] | None:
    from gongkai.agencies.models import Organ
    from gongkai.law.verdicts import Refusal, Refused

    if not agency:
        return None
    found = set(Organ.objects.filter(code=agency).values_list("pk", flat=True))
    if not found:
        raise Refusal(Refused("unknown_organ", f"没有代码为“{agency}”的机关，请核对。"))
    return found


def _told_while_waiting(code: str, done: int, of: int) -> None:
    """On the error output, and only where a person waits at a terminal."""
    if sys.stderr.isatty():
        from gongkai.reporting.findings import BY_CODE

        told = _("检查 %(done)s/%(of)s：%(title)s") % {"done": done + 1, "of": of, "title": BY_CODE[code].title}
        typer.echo(f"\r\x1b[K{told}" + ("\n" if done + 1 == of else ""), err=True, nl=False)


def upkeep_recompute(
    write: Annotated[bool, typer.Option("--write", help="照此改正；不写时只列出不一致的")] = False,
) -> None:
    """核对存下的复核日期与按法规和设置算出的是否一致；改了 LOOK_MONTHS 以后用 --write 重算。

    有不一致又没有改正时退出码为 1。
    """
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.disclosure.actions.look import preview_looks, recompute_looks
    from gongkai.disclosure.models import Item

    changes = preview_looks()
    for change in changes[:SHOWN]:
        item = Item.objects.get(pk=change.item_id)
        typer.echo(f"{item.index_number or item.code}  {change.old or '—'} → {change.new or '—'}  {item.working_title}")
    if len(changes) > SHOWN:
        typer.echo(_("另有 %(n)s 条。") % {"n": len(changes) - SHOWN})
    if not write:
        typer.echo(_("不一致：%(n)s 条。") % {"n": len(changes)})
        raise typer.Exit(1 if changes else 0)
    done = recompute_looks(actor=SYSTEM, at=timezone.now())
    typer.echo(_("已改正：%(n)s 条。") % {"n": done})
