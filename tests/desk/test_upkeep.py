"""维护 in the desk: what is due, one look with its three ways, handing over, and what was found wrong."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import time_machine
from lxml import html
from openpyxl import load_workbook

from gongkai.agencies.actions.people import disable
from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.models import Item, Look, Release
from gongkai.reporting.actions.find import refresh
from gongkai.reporting.models import Finding
from tests.conftest import AT
from tests.portal.page_reader import words

pytestmark = pytest.mark.django_db
YEAR = AT + timedelta(days=366)
REASON = "已与窗口核对，电话、材料都没有变化。"


class Said(str):
    """A page in words; blanks between cells do not count."""

    def __contains__(self, text: object) -> bool:
        return "".join(str(text).split()) in "".join(self.split())


def read(answer) -> Said:
    return Said(words(html.fromstring(answer.content.decode())))


@pytest.fixture
def item(desk):
    return desk.release(title="到期的公示").item


@pytest.fixture
def later():
    with time_machine.travel(YEAR, tick=False):
        yield


def test_what_is_due_stands_in_the_list_and_in_the_to_do_list(at, item, later):
    page = at("drafter").get("upkeep")
    assert "到期的公示 其他类信息每12个月复核一次，自2026年9月21日起算。 2027年9月21日 过了 1 天" in read(page)
    assert f'href="/desk/items/{item.code}/look/"' in page.content.decode()
    todo = at("drafter").get("todo")
    assert "请复核 到期的公示" in read(todo)
    assert f'href="/desk/items/{item.code}/look/"' in todo.content.decode()
    assert "到期的公示" not in read(at("leader").get("todo"))
    assert "到期的公示" in read(at("leader").get("upkeep"))
    assert "到期的公示" not in read(at("other_drafter").get("upkeep"))


def test_a_day_that_has_not_come_is_in_no_to_do_list(at, item):
    with time_machine.travel(AT + timedelta(days=340), tick=False):
        assert "到期的公示" not in read(at("drafter").get("todo"))
        assert "30 天以内到期" in read(at("drafter").get("upkeep"))
    with time_machine.travel(AT + timedelta(days=100), tick=False):
        assert "今后 30 天以内没有要复核的信息。" in read(at("drafter").get("upkeep"))


def test_the_to_do_list_holds_the_first_twenty(at, desk, later, monkeypatch):
    from gongkai.desk.pages import todo, upkeep

    monkeypatch.setattr(upkeep, "MOST", 2)
    monkeypatch.setattr(todo, "MOST_LOOKS", 2)
    for n in range(3):
        desk.release(title=f"第{n}条公示")
    page = at("drafter").get("todo")
    assert [f"第{n}条公示" in read(page) for n in range(3)] == [True, True, False]
    assert "全部复核见“维护”" in read(page)


def test_one_look_shows_the_text_beside_the_questions(at, item, later):
    page = read(at("drafter").get("look", item.code))
    assert "本月共救助三十二户。" in page
    assert "写到的机关名称、地址、电话、办公时间还对吗？" in page
    assert "记录：仍然正确" in page
    assert "由合规审核、机关负责人撤下。" in page


def test_still_right_with_a_reason(at, item, later, town):
    refresh(actor=SYSTEM, at=YEAR)
    assert Finding.objects.get(ended_at=None).kind == "look_overdue"
    digest = Release.objects.get().digest
    page = at("drafter").post("look", item.code, reason=REASON, digest=digest, follow=True)
    assert "已记录：内容仍然正确。下次复核：2028年9月22日。" in read(page)
    assert (Look.objects.get().reason, Look.objects.get().by) == (REASON, town.people["drafter"])
    assert Finding.objects.filter(ended_at=None).count() == 0
    assert "到期的公示" not in read(at("drafter").get("todo"))
    again = read(at("drafter").get("look", item.code))
    assert "才需要复核，提前30天起可以办理" in again
    assert f"2027年9月22日 测试01 第 1 版{REASON}" in again
    assert "复核，内容仍然正确" in read(at("drafter").get("item", item.code))


@pytest.mark.parametrize(
    ("who", "changes", "told"),
    [
        ("drafter", {"reason": ""}, "请写明为什么内容仍然正确"),
        ("drafter", {"reason": "没变"}, "理由至少写6个字"),
        ("drafter", {"digest": "0" * 64}, "您看的时候已经发布了新的文本"),
        ("leader", {}, "您没有为本机关复核的岗位"),
        ("supervisor", {}, "您没有为本机关复核的岗位"),
    ],
)
def test_what_is_no_look_is_told_and_not_recorded(at, item, later, who, changes, told):
    sent = {"reason": REASON, "digest": Release.objects.get().digest} | changes
    answer = at(who).post("look", item.code, **sent)
    assert answer.status_code == 422
    if who == "drafter":
        assert told in read(answer)
    assert Look.objects.count() == 0


def test_a_text_that_is_not_public_has_no_look(at, desk):
    answer = at("drafter").post("look", desk.draft().code, reason=REASON, digest="", follow=True)
    assert "这条信息现在没有公开的文本，不需要复核。" in read(answer)


def test_many_at_once_cannot_be_sent(at, desk, later):
    """No address takes several items; further fields change nothing."""
    one, two = desk.release(title="甲").item, desk.release(title="乙").item
    digest = Release.objects.get(item=one).digest
    at("drafter").post("look", one.code, reason=REASON, digest=digest, items=[one.code, two.code], code=two.code)
    assert [look.release.item for look in Look.objects.all()] == [one]
    assert at("drafter").client.post("/desk/upkeep/", {"items": [two.code], "reason": REASON}).status_code == 405


def test_the_other_two_ways_lead_to_the_existing_acts(at, item, later):
    page = at("drafter").get("look", item.code).content.decode()
    assert f'action="/desk/items/{item.code}/revise/"' in page
    page = at("compliance_reviewer").get("look", item.code).content.decode()
    assert f'href="/desk/items/{item.code}/withdraw/"' in page
    at("drafter").post("revise", item.code)
    assert "正在修订。" in read(at("drafter").get("look", item.code))


def abandon(town) -> None:
    for who in ("drafter", "drafter2", "section_reviewer"):
        disable(town.people[who], actor=SYSTEM, at=AT)


def test_an_item_without_anybody_is_an_alarm_until_it_is_handed_over(at, item, town):
    abandon(town)
    refresh(actor=SYSTEM, at=AT)
    with time_machine.travel(AT, tick=False):
        page = at("compliance_reviewer").get("upkeep_findings")
        assert "没有人负责 责任科室社会救助科没有在岗人员。" in read(page)
        assert f'href="/desk/items/{item.code}/hand-over/"' in page.content.decode()
        form = at("compliance_reviewer").get("hand_over", item.code)
        assert [o.get("value") for o in html.fromstring(form.content).iter("option")] == ["", "QH-MZ-BG"]
        told = {"section": "QH-MZ-BG", "reason": "社会救助科撤并到办公室。"}
        done = at("compliance_reviewer").post("hand_over", item.code, follow=True, **told)
        assert "已移交给办公室。" in read(done)
        assert "没有发现问题。" in read(at("compliance_reviewer").get("upkeep_findings"))
    item.refresh_from_db()
    assert item.section.code == "QH-MZ-BG"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"section": ""}, "请选择本机关的另一个科室。"),
        ({"section": "QH-JY-BG"}, "QH-JY-BG"),
        ({"reason": ""}, "请写明移交的理由。"),
        ({"reason": "撤并"}, "理由至少写6个字"),
    ],
)
def test_a_handing_over_that_says_too_little(at, item, changes, told):
    sent = {"section": "QH-MZ-BG", "reason": "社会救助科撤并到办公室。"} | changes
    with time_machine.travel(AT, tick=False):
        answer = at("leader").post("hand_over", item.code, **sent)
    assert (answer.status_code, told in read(answer)) == (422, True)
    item.refresh_from_db()
    assert item.section.code == "QH-MZ-JZ"


def test_a_drafter_does_not_hand_over(at, item):
    answer = at("drafter").post("hand_over", item.code, section="QH-MZ-BG", reason="社会救助科撤并。", follow=True)
    assert "您没有为本机关移交责任科室的岗位" in read(answer)


def test_findings_by_kind_with_links_and_as_a_table(at, desk, later):
    for _ in range(2):
        desk.release(title="同名公示")
    refresh(actor=SYSTEM, at=YEAR)
    everything = read(at("drafter").get("upkeep_findings"))
    assert "全部 4 逾期没有复核 2 标题重复 2" in everything
    page = at("drafter").get("upkeep_findings", kind="title_twice")
    assert "怎样改：重复发布的撤下一条" in read(page)
    assert "应于" not in read(page)
    assert "去修改" in read(page)
    book = load_workbook(io.BytesIO(at("drafter").get("upkeep_findings", kind="title_twice", export="1").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("问题", "标题", "情况", "索引号", "机关", "科室", "怎样改", "发现日期")
    assert len(rows) == 3
    assert rows[1][:2] == ("标题重复", "同名公示")
    assert rows[1][4:6] == ("青禾市民政局", "社会救助科")
    assert "没有发现问题" in read(at("other_drafter").get("upkeep_findings"))
    assert "没有这一种问题。" in read(at("drafter").get("upkeep_findings", kind="no_text"))


def test_looking_anew_at_once(at, desk, later):
    desk.release()
    for who in ("drafter", "supervisor", "other_drafter"):
        assert at(who).post("upkeep_check").status_code == 403
    page = read(at("compliance_reviewer").post("upkeep_check", follow=True))
    assert "已重新检查：新发现 1 个问题，0 个已经解决。" in page


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_do_not_see_it(at, item, who):
    assert at(who).get("upkeep").status_code == 403
    assert at(who).get("upkeep_findings").status_code == 403
    assert "/desk/upkeep/" not in at(who).get("todo").content.decode()


def test_a_page_number_that_is_none_shows_the_first(at, desk, later):
    desk.release()
    for asked in ("0", "99", "x", "-1"):
        assert at("drafter").get("upkeep", page=asked, scope="x").status_code == 200
        assert at("drafter").get("upkeep_findings", page=asked, kind="x").status_code == 200


def test_the_item_page_tells_the_next_look(at, desk):
    item = desk.release().item
    assert item.next_look_on == date(2027, 9, 21)
    assert "下次复核：2027年9月21日" in read(at("drafter").get("item", item.code))
    Item.objects.filter(pk=item.pk).update(next_look_on=None)
    assert "下次复核" not in read(at("drafter").get("item", item.code))
