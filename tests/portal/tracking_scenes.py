"""Cases in every phase, as seen today, for looking at in a browser: `python -m tests.portal.tracking_scenes`.

Writes into the database of the settings and prints {phase: query code} as JSON. Everything goes through the real actions.
"""

from __future__ import annotations

import json
from datetime import date, timedelta


def scenes(today: date) -> dict[str, str]:
    """{phase: query code}; the second fact of each is tests.foi.conftest.NAME."""
    from django.utils import timezone

    from gongkai.foi.actions.accept import accept
    from gongkai.foi.actions.approve_fee import approve_fee
    from gongkai.foi.actions.ask_clarification import ask_clarification
    from gongkai.foi.actions.ask_reasons import ask_reasons
    from gongkai.foi.actions.complain import complain
    from gongkai.foi.actions.consult import Party, consult
    from gongkai.foi.actions.propose_fee import propose_fee
    from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
    from gongkai.foi.actions.take_clarification import take_clarification
    from gongkai.foi.actions.turning import APPLICANT
    from gongkai.foi.models import FoiRequest
    from tests.foi.conftest import Counter, build_office
    from tests.portal.tracker import answer_online

    counter = Counter(build_office())
    codes: dict[str, str] = {}

    def begin(phase: str, days_ago: int, wish: str, **more) -> str:
        counter.day = today - timedelta(days=days_ago)
        made = counter.receive(wish, **more).registered[0]
        codes[phase] = made.code
        if made.case.state == "received":
            accept(made.case.number, section=counter.town.section, **counter.who())
        return made.case.number

    number = begin("working", 33, "桂花里小区3号楼加装电梯项目施工合同及竣工验收报告")
    counter.pass_days(2)
    ask_clarification(
        number, on=counter.day, reply_by=today, items="请说明需要合同全文还是其中的工程量和造价。", **counter.who()
    )
    counter.pass_days(8)
    take_clarification(number, on=counter.day, text="全文", **counter.who())
    counter.pass_days(7)
    consult(
        number, [Party("third_party", "青禾建设公司", "请就公开施工合同提出意见。")], on=counter.day, **counter.who()
    )
    counter.pass_days(7)
    record_consultation_answer(number, "第三方1", on=counter.day, position="agreed", text="同意", **counter.who())
    number = begin("clarify", 7, "东湖大道有关路灯的材料")
    counter.pass_days(2)
    items = "一、您需要哪一段、哪一年的路灯信息？\n二、您需要更换数量和位置清单、采购合同，还是验收记录？"
    ask_clarification(number, on=counter.day, reply_by=today + timedelta(days=14), items=items, **counter.who())
    number = begin("pay", 6, "2019年至2025年全部路灯采购合同")
    propose_fee(number, method="page", pages=131, excessive=True, reason="页数多", **counter.who())
    approve_fee(number, notified_on=counter.day, **counter.who("foi_head"))
    number = begin("reasons", 3, "各年度全部会议记录")
    ask_reasons(number, on=counter.day, text="您本月已提出申请41件，明显超过合理范围。", **counter.who())
    number = begin("suspended", 9, "旧城改造补偿协议")
    consult(number, [Party("third_party", "某户", "请提出意见。")], on=counter.day, **counter.who())
    number = begin("late", 60, "2024年度救助资金审计报告")
    counter.day = today
    complain(number, text="到期没有答复。", actor=APPLICANT, at=timezone.localtime())
    number = begin("given_up", 40, "路灯材料")
    ask_clarification(
        number, on=counter.day, reply_by=counter.day + timedelta(days=15), items="请写明哪一年。", **counter.who()
    )
    begin("unconfirmed", 1, "低保发放明细", channel="fax")
    number = begin("replied", 12, "2025年救助资金发放明细", delivery="online")
    case = FoiRequest.objects.get(number=number)
    paper = counter.copy(case, "户数,金额\n32,96000\n", "2025年发放明细.csv")
    answer_online(counter, case, files=(paper.pk,))
    return codes


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone

    print(json.dumps(scenes(timezone.localdate()), ensure_ascii=False))
