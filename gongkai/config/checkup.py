"""Configuration problems in plain words, for `gongkai check`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import holders
from gongkai.calendars.queries import work_calendar
from gongkai.channels.adapters import CHANNELS
from gongkai.channels.queries import alarms, to_settle
from gongkai.config.guards import missing_guards
from gongkai.disclosure.queries.schedules import alarming
from gongkai.law.review import SECRECY_STEP
from gongkai.notices.queries import for_a_person, waiting_since
from gongkai.review.queries import plan_for
from gongkai.web.wording import full_instant

LOW_DISK = 2 * 1024**3


@dataclass(frozen=True)
class Problem:
    """`serious` problems make the command fail; the others are advice."""

    sentence: str
    serious: bool = True

    @property
    def weight(self) -> str:
        return "必须处理" if self.serious else "建议处理"


def problems() -> Iterator[Problem]:
    """Everything found, gravest kinds first."""
    yield from _database()
    yield from _people()
    yield from _calendar(timezone.localdate())
    yield from _site()
    yield from _notices()
    yield from _channels()
    yield from _schedules()
    if shutil.disk_usage(settings.HOME).free < LOW_DISK:
        yield Problem("磁盘剩余空间不足 2 GB，请清理或扩容。")


def _database() -> Iterator[Problem]:
    for name in missing_guards():
        yield Problem(f"数据库缺少保护触发器 {name}，请运行 gongkai migrate。")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers")
            if cursor.fetchone()[0] != 1:
                yield Problem("SQLite 没有打开 recursive_triggers，记录可能被覆盖写入。")
        yield Problem("正在使用 SQLite，适合试用和单机；多机关正式使用请改用 PostgreSQL（见 docs/operate.md）。", False)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                if cursor.fetchone()[0] != "on":
                    yield Problem(f"PostgreSQL 的 {name} 不是 on，断电会丢失已经完成的办理。")


def _people() -> Iterator[Problem]:
    """Every organ with staff must be able to review with different people, or have a grant for it (条例17)."""
    today = timezone.localdate()
    staffed = Organ.objects.filter(active=True, sections__posts__isnull=False).distinct()
    for organ in staffed:
        if not holders(role="drafter", organ_id=organ.pk, on=today):
            continue
        for step in plan_for("disclosure.version", organ):
            if len(holders(role=step.role, organ_id=organ.pk, on=today)) < step.quorum:
                yield Problem(
                    f"{organ.name}没有足够的人办理“{step.title}”，送审后会停在这一步。请任岗，或者授权其他机关代办。"
                )
        if not any(step.code == SECRECY_STEP for step in plan_for("disclosure.version", organ)):
            yield Problem(f"{organ.name}的审查环节没有保密审查。")


def _calendar(today: date) -> Iterator[Problem]:
    calendar = work_calendar()
    if calendar.is_provisional(today, calendar.add(today, 40)):
        yield Problem(
            f"有的期限会落到还没有放假通知的年份，这些日期标为预估。国务院办公厅公布{today.year + 1}年通知后，"
            "请运行 gongkai calendar import。",
            False,
        )


def _site() -> Iterator[Problem]:
    """Footer fields of 国办秘函〔2019〕19号 and the mistakes of a first installation."""
    wanted = {
        "operator": "主办单位",
        "phone": "联系方式",
        "id_code": "网站标识码",
        "icp": "ICP 备案号",
        "police": "公安机关备案号",
        "party_mark_url": "党政机关网站标识",
        "error_report_url": "“我为政府网站找错”入口",
    }
    for key, label in wanted.items():
        if not settings.SITE[key]:
            yield Problem(f"页脚缺少{label}，请设置环境变量 SITE_{key.upper()}。", False)
    if settings.SITE["domain"].endswith(".example"):
        yield Problem("网站域名还是示例，请设置 SITE_DOMAIN。", False)
    if settings.DEBUG:
        yield Problem("DEBUG 打开了，错误页会泄露内部信息，请关闭。")
    if not settings.SECRET_KEY or len(settings.SECRET_KEY) < 32:
        yield Problem("SECRET_KEY 太短，请在环境变量里给出至少 32 个字符的随机密钥。")


def _notices() -> Iterator[Problem]:
    """What keeps applicants from being told, and what waits for a person."""
    mail, sms = bool(settings.EMAIL_HOST), bool(settings.SMS_GATEWAY_URL)
    if not mail:
        yield Problem("没有设置发信服务器 MAIL_HOST，申请人不会收到电子邮件通知。", False)
    if mail and not settings.DEFAULT_FROM_EMAIL:
        yield Problem("设置了发信服务器，但没有发件地址，请设置 MAIL_FROM。")
    if sms and not settings.SMS_GATEWAY_TOKEN:
        yield Problem("设置了短信网关，但没有令牌，请设置 SMS_GATEWAY_TOKEN。", False)
    if (mail or sms) and not settings.SITE["base_url"]:
        yield Problem("通知里的查询网址要写明本站地址，请设置 SITE_BASE_URL。")
    if stuck := waiting_since(timezone.now() - timedelta(days=1)):
        yield Problem(f"有 {stuck} 条给申请人的通知排队超过一天，请运行 gongkai notices status。", False)
    if left := for_a_person():
        yield Problem(f"有 {left} 条给申请人的通知要人处理，请运行 gongkai notices status。", False)


def _schedules() -> Iterator[Problem]:
    """Texts that will not go out at their instant, or did not."""
    for row in alarming(at=timezone.now()):
        for alarm in row.alarms:
            told = f"{row.item.organ.label}定于{full_instant(row.due_at)}发布的一条信息（{row.item.code}）"
            yield Problem(f"{alarm.title}：{told}。{alarm.sentence}", serious=alarm.code != "unreviewed")


def _channels() -> Iterator[Problem]:
    """Channels that are not in use and why, and what a person has to look at."""
    for channel in CHANNELS:
        if gaps := channel.missing():
            yield Problem(f"渠道“{channel.title}”没有启用：{''.join(gaps)}不用这个渠道的不必处理。", False)
        elif channel.code == "wechat" and not settings.WECHAT_TOKEN:
            yield Problem("没有设置 WECHAT_TOKEN，公众号的发布结果要等系统去查询才知道。", False)
    if stands := alarms(at=timezone.now()).count():
        yield Problem(f"有 {stands} 条信息在渠道上还没有撤回或者更新，请在后台“渠道”里处理。")
    if unclear := to_settle().count():
        yield Problem(f"有 {unclear} 条渠道发布结果要人核实，请在后台“渠道”里处理。", False)
