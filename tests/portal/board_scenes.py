"""A hall screen with something of every kind, for looking at in a browser: `python -m tests.portal.board_scenes fill`.

Writes into the database of the settings; `recall <title>` withdraws one as issued in error, `revise <title> <new title>`
releases a new text. Everything goes through the real actions, and every round ends with what the worker would do.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

ROWS = 30
NOTICE = "青禾市关于城北片区夜间停水的通知"
LIST = "青禾市2026年11月临时救助资金发放情况公示"
LONG = "青禾市民政局关于做好困难群众冬季取暖救助和特困人员集中供养服务机构安全管理工作的实施意见"
LONGEST = "青禾市民政局关于公布" + "全市各街道社区养老服务驿站" * 13 + "名单的公告"
FILE_ONLY = "青禾市养老服务机构等级评定结果"
TABLE = (
    "<p>经个人申请、街道初审、入户核查，各社区拟发放临时救助资金如下，现予公示。</p>"
    "<table><tbody><tr><th>序号</th><th>社区</th><th>户数</th><th>金额（元）</th></tr>"
    + "".join(
        f"<tr><td>{n}</td><td>第{n}社区</td><td>{n % 7 + 1}</td><td>{1000 + n}</td></tr>" for n in range(1, ROWS + 1)
    )
    + "</tbody></table><p>对公示内容有异议的，请在公示期内向社会救助科反映。</p>"
)


def fill(today: date) -> None:
    """Five items of one organ, each with its own difficulty for a screen; the announcement ends with this day."""
    from gongkai.channels.actions.settle import choose_channels
    from gongkai.disclosure.actions.columns import add_column
    from gongkai.disclosure.models import Item
    from tests.conftest import AT, Desk, build_town

    town = build_town()
    town.section.phone = "（0000）8812 3456"
    town.section.save()
    desk = Desk(town)
    column = add_column(
        "announcements",
        "本市公示",
        description="本市公示",
        keywords="公示",
        kind="公示",
        actor=town.actor("system_admin"),
        at=AT,
    )
    paragraphs = "".join(
        f"<p>第{n}项，各街道应当在十一月底以前完成入户排查，逐户登记取暖方式和困难情况。</p>" for n in range(1, 60)
    )
    made = [
        ({"title": NOTICE, "body": "<p>因管网检修，城北片区今晚二十二时至次日六时停水，请提前储水。</p>"}, None, False),
        ({"title": LIST, "body": TABLE, "valid_until": today}, column, False),
        ({"title": LONG, "body": paragraphs, "summary": "要求各街道十一月底以前完成取暖困难家庭排查。"}, None, False),
        ({"title": LONGEST[:200], "body": "<p>名单见附件。</p>"}, None, True),
        ({"title": FILE_ONLY, "body": "<p>评定结果见附件。</p>"}, None, True),
    ]  # fmt: skip
    for values, where, with_file in made:
        item = desk.draft(**values)
        if where is not None:
            item.column = where
            item.save()
        if with_file:
            desk.attach(item, "甲,乙\n1,2\n".encode(), "结果.csv")
            item = Item.objects.get(pk=item.pk)
        choose_channels(item.pk, ["notice_board"], reason="", actor=town.actor("drafter"), at=AT)
        desk.release(item)
    work()


def recall(title: str) -> None:
    """As issued in error, by a person in charge."""
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.disclosure.actions.withdraw import withdraw
    from gongkai.disclosure.models import Item

    now = timezone.localtime()
    item = Item.objects.get(releases__standing="live", releases__version__title=title)
    withdraw(item.pk, "error", explanation="内容有误。", actor=SYSTEM, at=now, today=now.date())
    work()


def work() -> None:
    """What the worker does: seal, follow, carry, and look whether it is there."""
    from django.utils import timezone

    from gongkai.channels.actions.carry import carry_next
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of
    from gongkai.ledger.actions.seal import seal_all

    now = timezone.localtime()
    seal_all(at=now)
    follow_all(at=now, on=now.date())
    for later in (0, 10, 20):
        while carry_next(channel_of("notice_board"), at=now + timedelta(seconds=later), on=now.date()) is not None:
            pass


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone as _timezone

    match sys.argv[1:]:
        case ["fill"]:
            fill(_timezone.localdate())
        case ["recall", title]:
            recall(title)
        case _:
            sys.exit("fill | recall <title>")
