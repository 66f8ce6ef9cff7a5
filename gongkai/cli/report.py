"""`gongkai report …`: tables of the annual report from the data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

FORMATS = ("json", "csv", "xlsx", "html")


def requests(
    agency: Annotated[str, typer.Option(help="机关代码；连同它的下级一起统计")],
    year: Annotated[int, typer.Option(help="年份")],
    form: Annotated[str, typer.Option("--format", help="json、csv、xlsx、html；写了 --out 时按文件名")] = "",
    out: Annotated[Path | None, typer.Option(help="写到这个文件；不写时输出到屏幕（xlsx 必须写）")] = None,
) -> None:
    """年报表三、表四：收到和处理政府信息公开申请情况、行政复议和行政诉讼情况。核对勾稽关系并说明结果。

    有不符的，列出各处，退出码为 1。
    """
    ready(migrated=True)
    from gongkai.agencies.models import Organ
    from gongkai.foi.queries.report_files import as_csv, as_html, as_json, as_xlsx
    from gongkai.foi.queries.statistics import statistics
    from gongkai.law.report_checks import is_ok

    chosen = form or (out.suffix.lower().removeprefix(".") if out else "json")
    if chosen not in FORMATS:
        _stop(_("格式应当是 json、csv、xlsx 或者 html，现在写的是“%(form)s”。") % {"form": chosen})
    if chosen == "xlsx" and out is None:
        _stop(_("xlsx 不能输出到屏幕，请用 --out 写明文件名。"))
    if out is not None and out.exists():
        _stop(_("文件 %(file)s 已经存在，请换一个名字。") % {"file": out})
    organ = Organ.objects.filter(code=agency).first()
    if organ is None:
        _stop(_("没有代码为 %(code)s 的机关，请核对。") % {"code": agency})
    if not 2008 <= year <= 2100:
        _stop(_("年份应当在2008至2100之间，现在写的是%(year)s。") % {"year": year})
    found = statistics(organ, year)
    made = {"json": as_json, "csv": as_csv, "xlsx": as_xlsx, "html": as_html}[chosen](found.report, organ.name)
    if out is None:
        typer.echo(made.decode("utf-8-sig"), nl=False)
    else:
        try:
            out.write_bytes(made)
        except OSError as error:
            _stop(_("写不了文件 %(file)s：%(reason)s。") % {"file": out, "reason": error.strerror})
        typer.echo(_("已写出：%(file)s") % {"file": out})
    for failure in found.failures:
        typer.echo(f"{failure.identity} {failure.sentence}", err=True)
    if not is_ok(found.failures):
        raise typer.Exit(1)
    typer.echo(_("勾稽关系 I1 至 I6 逐格核对，全部相符（上年结转已与%(year)s年核对）。") % {"year": year - 1}, err=True)


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
