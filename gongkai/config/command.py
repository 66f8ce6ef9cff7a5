"""The `gongkai` command, put together: groups of subcommands are in cli/, one file each; what needs to know every
part of the system (serve, worker, migrate, check) is in operate.py beside this file."""

from __future__ import annotations

import os
import sys

import typer
from django.db import DatabaseError

from gongkai.cli import (
    accounts,
    calendar,
    channels,
    demo,
    files,
    foi,
    import_tables,
    imports,
    law_due,
    law_rest,
    notices,
    report,
    scan,
    search,
    site,
    upkeep,
)
from gongkai.config import operate, recompute
from gongkai.law.verdicts import Refusal

app = typer.Typer(
    name="gongkai",
    help="政务公开信息管理系统",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("serve")(operate.serve)
app.command("worker")(operate.worker)
app.command("migrate")(operate.migrate)
app.command("demo")(demo.demo)
app.command("check")(operate.check)
app.command("search")(search.search)
app.command("scan")(scan.scan)
app.command("redact")(files.redact)
app.command("clean")(files.clean)
app.command("inspect")(files.inspect)
app.command("reindex")(search.reindex)
app.command("password")(accounts.password)

import_app = typer.Typer(help="导入：历史信息、公开事项目录、机构和人员", no_args_is_help=True)
import_app.command("items")(imports.items)
import_app.command("catalogue")(import_tables.catalogue)
import_app.command("agencies")(import_tables.agencies)
app.add_typer(import_app, name="import")

export_app = typer.Typer(help="导出", no_args_is_help=True)
export_app.command("catalogue")(import_tables.catalogue_export)
app.add_typer(export_app, name="export")

calendar_app = typer.Typer(help="工作日历：放假调休通知", no_args_is_help=True)
calendar_app.command("import")(calendar.importer(recompute.CAPABILITIES))
calendar_app.command("show")(calendar.show)
app.add_typer(calendar_app, name="calendar")

audit_app = typer.Typer(help="审计记录", no_args_is_help=True)
audit_app.command("verify")(operate.verify)
app.add_typer(audit_app, name="audit")

foi_app = typer.Typer(help="依申请公开：导入旧登记、到期的申请、数据密钥", no_args_is_help=True)
foi_app.command("import")(foi.import_register)
foi_app.command("due")(foi.due)
foi_app.command("rotate-keys")(foi.rotate_keys)
app.add_typer(foi_app, name="foi")

app.command("inspect-site")(upkeep.inspect_site)
upkeep_app = typer.Typer(help="维护：复核日期和发现的问题", no_args_is_help=True)
upkeep_app.command("report")(upkeep.upkeep_report)
upkeep_app.command("recompute")(upkeep.upkeep_recompute)
app.add_typer(upkeep_app, name="upkeep")

report_app = typer.Typer(help="年报表格", no_args_is_help=True)
report_app.command("requests")(report.requests)
app.add_typer(report_app, name="report")

notices_app = typer.Typer(help="给申请人的通知：邮件和短信", no_args_is_help=True)
notices_app.command("status")(notices.status)
notices_app.command("retry")(notices.retry)
notices_app.command("unsubscribe")(notices.unsubscribe)
app.add_typer(notices_app, name="notices")

channels_app = typer.Typer(help="公开渠道：各条信息在各渠道的情况", no_args_is_help=True)
channels_app.command("status")(channels.status)
channels_app.command("retry")(channels.retry)
channels_app.command("recall")(channels.recall)
app.add_typer(channels_app, name="channels")

site_app = typer.Typer(help="静态站点：整体生成、核对", no_args_is_help=True)
site_app.command("build")(site.build)
site_app.command("verify")(site.verify)
app.add_typer(site_app, name="site")

law_app = typer.Typer(help="法规计算：期限、费用、救济、年报", no_args_is_help=True)
law_app.command("due")(law_due.due)
law_app.command("explain")(law_due.explain)
law_app.command("fee")(law_rest.fee)
law_app.command("check-report")(law_rest.check_report)
law_app.command("remedy")(law_rest.remedy)
law_app.command("replies")(law_rest.replies)
law_app.command("check-reply")(law_rest.check_reply)
app.add_typer(law_app, name="law")


def run() -> None:
    """Entry point. A refusal is a sentence on standard error and exit status 2, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    try:
        app()
    except Refusal as refusal:
        print(str(refusal), file=sys.stderr)
        sys.exit(2)
    except DatabaseError as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        print(f"数据库没有答应，什么也没有改变，请稍后再试（{said}）。", file=sys.stderr)
        sys.exit(2)
