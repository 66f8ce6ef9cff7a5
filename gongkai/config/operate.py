"""Run and look after an installation: serve, worker, migrate, check, audit verify."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


def migrate() -> None:
    """建立或者更新数据库、索引目录和静态文件。"""
    ready()
    from django.core.management import call_command
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.config.guards import ALL
    from gongkai.ledger.actions.restore_guards import restore_guards

    for folder in (settings.FILES_ROOT, settings.INDEX_ROOT, settings.STATIC_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if restored := restore_guards(ALL, actor=SYSTEM, at=timezone.now()):
        typer.echo(
            _("下列保护触发器曾被停用或者移除，已重新装上并记入审计记录：%(names)s") % {"names": "、".join(restored)},
            err=True,
        )
    typer.echo(_("数据库已是最新：%(home)s") % {"home": settings.HOME})


def serve(
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="端口")] = 8000,
    host: Annotated[str, typer.Option(envvar="HOST", help="监听地址")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(envvar="WEB_WORKERS", help="网页进程数")] = 1,
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker", help="同时运行后台任务")] = True,
) -> None:
    """启动网站和后台任务。"""
    ready()
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    from gongkai.cli.addresses import greeting
    from gongkai.config.guards import missing_guards

    _refuse_taken_port(host, port)
    _refuse_old_database()
    if missing := missing_guards():
        typer.echo(
            _("数据库缺少保护触发器：%(names)s。请运行 gongkai migrate。") % {"names": "、".join(missing)}, err=True
        )
        raise typer.Exit(1)
    for line in greeting(host, port):
        typer.echo(line)
    # The web processes are forked from this one: a connection or a thread inside SQLite at that moment would leave them
    # believing that somebody holds the database for ever. So the worker is a process of its own, and nothing is open.
    connections.close_all()
    background = (
        subprocess.Popen([sys.executable, "-m", "gongkai", "worker", "--parent", str(os.getpid())])
        if with_worker
        else None
    )
    try:
        Granian(
            "gongkai.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_access=False,
            log_level="warning",
        ).serve()
    finally:
        if background is not None:
            background.terminate()
            background.wait(timeout=30)


def worker(
    parent: Annotated[int, typer.Option(hidden=True, help="随这个进程结束而结束")] = 0,
) -> None:
    """只运行后台任务：封存记录、更新索引、到期处理。"""
    ready()
    from gongkai.config.worker import run_forever

    _refuse_old_database()
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    if not parent:
        typer.echo(_("后台任务已启动，按 Ctrl-C 结束。"))
    run_forever(stop, while_true=lambda: not parent or os.getppid() == parent)
    if not parent:
        typer.echo(_("后台任务已结束。"))


def verify() -> None:
    """核验审计记录是否完整，已冻结的文本和文件是否与摘要一致。"""
    ready(migrated=True)
    from gongkai.cli.audit import verify_record
    from gongkai.config.guards import missing_guards

    faults = [_("数据库缺少保护触发器：%(name)s。") % {"name": name} for name in missing_guards()]
    verify_record(faults)


def check() -> None:
    """用大白话列出配置上的问题。"""
    ready(migrated=True)
    from gongkai.config.checkup import problems

    found = list(problems())
    for problem in found:
        typer.echo(f"{problem.weight}：{problem.sentence}")
    if not found:
        typer.echo(_("没有发现问题。"))
    raise typer.Exit(1 if any(problem.serious for problem in found) else 0)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            typer.echo(
                _("端口 %(port)s 已被占用。请换一个端口，例如：PORT=%(other)s make run")
                % {"port": port, "other": port + 1},
                err=True,
            )
            raise typer.Exit(2) from None


def _refuse_old_database() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        typer.echo(_("数据库还没有建立或者不是最新，请先运行 gongkai migrate。"), err=True)
        raise typer.Exit(2)
