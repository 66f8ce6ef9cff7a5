"""`gongkai import catalogue`, `gongkai import agencies` and `gongkai export catalogue`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gongkai.agencies.models import Organ
    from gongkai.agencies.tree_sheet import Problem


def catalogue(
    file: Annotated[Path, typer.Argument(help="基层政务公开标准目录：.xlsx，或者 .csv（UTF-8、GB18030）")],
    year: Annotated[int | None, typer.Option(help="目录年份，默认为今年")] = None,
    agency: Annotated[str, typer.Option(help="整份文件属于这个机关（代码）；不写时按公开主体一列找机关")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，列出每一行的问题，不写入")] = False,
) -> None:
    """导入一年的公开事项目录。有一处不对就整份不导入，并按行列出全部问题。

    列：序号、公开事项（一级事项、二级事项）、公开内容（要素）、公开依据、公开时限、公开主体、公开渠道和载体、
    公开对象（全社会、特定群体）、公开方式（主动、依申请公开）、公开层级；可以另有公开类别、栏目两列。
    再次导入同一年，成为新的一版；原来的各版都保留。
    """
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.tree_sheet import BadTable
    from gongkai.disclosure.actions.import_catalogue import check_catalogue, import_catalogue
    from gongkai.disclosure.catalogue_sheet import read_sheet

    data = _bytes(file)
    organ = _organ(agency) if agency else None
    sheet = read_sheet(data, file.name)
    if sheet.problems:
        _refuse(sheet.problems)
    for word in sheet.ignored:
        typer.echo(_("“%(word)s”一列没有对应的内容，没有读入。") % {"word": word})
    at = timezone.localtime()
    try:
        checked = check_catalogue(sheet.rows, organ=organ)
        for note in checked.notes:
            typer.echo(_("请核对 — %(note)s") % {"note": note})
        if not dry_run:
            digest = hashlib.sha256(data).hexdigest()
            made = import_catalogue(
                sheet.rows, year=year or at.year, source_digest=digest, actor=SYSTEM, at=at, organ=organ
            )
    except BadTable as bad:
        _refuse(bad.problems)
    counts = {"organs": len(checked.entries), "entries": checked.count}
    if dry_run:
        typer.echo(_("检查通过：%(organs)s 个机关，%(entries)s 个事项。这是试运行，没有写入。") % counts)
        return
    typer.echo(_("已导入 %(organs)s 个机关的目录，共 %(entries)s 个事项。") % counts)
    for row in made:
        typer.echo(_("  %(organ)s：%(year)s 年第 %(n)s 版") % {"organ": row.organ, "year": row.year, "n": row.revision})


def agencies(
    file: Annotated[Path, typer.Argument(help="机构和人员表：.csv（UTF-8、GB18030）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，列出每一行的问题，不写入")] = False,
) -> None:
    """登记机关、科室、人员和岗位。有一处不对就整份不导入，并按行列出全部问题。

    一个文件，每行一件事，由“类别”一列说明：
    机关：代码、名称，上级代码（最上级留空），性质（政府、部门、乡镇、街道、其他），简称、机构代码、地址、电话等；
    科室：代码、名称，上级代码写机关代码；
    岗位：工号，名称写姓名，上级代码写科室代码，角色，任岗日期，离岗日期（在岗留空）。
    一人有几个岗位就写几行。上级可以是文件里的，也可以是已经登记的；文件里只写新增的。
    导入的人员没有口令，由安全管理员另行设置。
    """
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.actions.import_tree import check_tree, import_tree
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.tree_sheet import BadTable, Problem, read_tree
    from gongkai.files.encoding import decode
    from gongkai.files.refusal import Unreadable

    data = _bytes(file)
    if file.suffix.lower() != ".csv":
        _refuse([Problem(0, _("机构和人员表应当是 .csv，请在 Excel 或 WPS 里另存为 CSV 后再导入。"))])
    try:
        rows = read_tree(decode(data))
        if dry_run:
            plan = check_tree(rows)
        else:
            digest = hashlib.sha256(data).hexdigest()
            plan = import_tree(rows, source_digest=digest, actor=SYSTEM, at=timezone.now())
    except Unreadable as unreadable:
        _refuse([Problem(0, str(unreadable))])
    except BadTable as bad:
        _refuse(bad.problems)
    counts = _("%(organs)s 个机关，%(sections)s 个科室，%(people)s 名人员，%(posts)s 个岗位") % {
        "organs": len(plan.organs), "sections": len(plan.sections), "people": len(plan.people),
        "posts": len(plan.posts),
    }  # fmt: skip
    if dry_run:
        typer.echo(_("检查通过：%(counts)s。这是试运行，没有写入。") % {"counts": counts})
    else:
        typer.echo(_("已登记：%(counts)s。") % {"counts": counts})


def catalogue_export(
    out: Annotated[Path, typer.Argument(help="写到这个文件：.xlsx 或者 .csv")],
    agency: Annotated[str, typer.Option(help="只导出这个机关（代码）；不写时导出全部机关")] = "",
    year: Annotated[int | None, typer.Option(help="导出这一年最后一版；不写时导出现行目录")] = None,
) -> None:
    """导出公开事项目录，列与导入的相同，导出的文件可以再导入。"""
    ready(migrated=True)
    from gongkai.disclosure.actions.import_catalogue import sheet_rows
    from gongkai.disclosure.catalogue_sheet import write_csv, write_xlsx
    from gongkai.disclosure.models import Catalogue

    suffix = out.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        _stop(_("文件名应当以 .xlsx 或者 .csv 结尾。"))
    if out.exists():
        _stop(_("文件 %(file)s 已经存在，请换一个名字。") % {"file": out})
    found = Catalogue.objects.select_related("organ").order_by("organ__order", "organ__code", "-revision")
    found = found.filter(year=year) if year else found.filter(current=True)
    if agency:
        found = found.filter(organ=_organ(agency))
    newest: dict[int, Catalogue] = {}
    for one in found:
        newest.setdefault(one.organ_id, one)
    if not newest:
        _stop(_("没有可以导出的目录。"))
    rows = [row for one in newest.values() for row in sheet_rows(one)]
    out.write_bytes(write_csv(rows) if suffix == ".csv" else write_xlsx(rows, title=_("公开事项目录")))
    typer.echo(_("已写出 %(count)s 个事项：%(file)s") % {"count": len(rows), "file": out})


def _bytes(file: Path) -> bytes:
    if not file.is_file():
        _stop(_("找不到文件 %(file)s，请核对路径。") % {"file": file})
    return file.read_bytes()


def _organ(code: str) -> Organ:
    from gongkai.agencies.models import Organ

    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        _stop(_("没有代码为 %(code)s 的机关，请核对。") % {"code": code})
    return organ


def _refuse(problems: Iterable[Problem]) -> NoReturn:
    told = list(problems)
    for problem in told:
        typer.echo(str(problem), err=True)
    _stop(_("共 %(count)s 处问题，什么也没有写入。请改正后再导入。") % {"count": len(told)})


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
