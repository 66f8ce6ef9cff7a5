"""`gongkai demo`: an invented city, written through the same actions as everything else."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="已有数据时不做任何改动")] = False,
) -> None:
    """写入一套虚构城市的演示内容。"""
    ready(migrated=True)
    from gongkai.agencies.models import Organ
    from gongkai.cli.demo.load import load_demo

    if Organ.objects.exists():
        if if_empty:
            return
        typer.echo(_("系统里已有机构，演示内容只能写入空的系统。请换一个 GONGKAI_HOME。"), err=True)
        raise typer.Exit(2)
    load_demo(say=typer.echo)
