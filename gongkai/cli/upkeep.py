"""`gongkai inspect-site`: the inspection indicators on the terminal, over the data or of a site over the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


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
