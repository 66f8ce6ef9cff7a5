"""清理 over HTTP: begin, decide one by one, finish, and what others may see of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.disclosure.actions.carry_out import carry_out_due
from gongkai.disclosure.actions.cite import follow_all
from gongkai.disclosure.models import Cleaning, Draft, Item
from gongkai.disclosure.queries.cleaning import lines_of
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.models import Fact
from gongkai.reporting.findings import BY_CODE, KINDS
from tests.conftest import AT, TODAY
from tests.desk.conftest import sentences
from tests.desk.test_walls import OF_ONE_CLEANING, OUTSIDERS
from tests.disclosure.test_citations import citing, end
from tests.disclosure.test_cleaning import begin, decide, decide_all, finish, four, publish, rule

BEGUN = {
    "organ": "QH-MZ", "title": "2026年规范性文件清理", "basis": "市政府办公室通知", "closes_on": "2099-12-31",
}  # fmt: skip


@pytest.fixture
def found(desk, town) -> Cleaning:
    four(desk)
    return begin(town)


def test_the_whole_way_in_the_browser(at, desk, town):
    wanted = four(desk)
    office = at("compliance_reviewer")
    page = sentences(office.post("new_cleaning", follow=True, **BEGUN))
    assert "已建立清理，列入 4 件文件。请逐件决定。" in page
    cleaning = Cleaning.objects.get()
    lines = {line.item_id: line for line in lines_of(cleaning)}
    for n, (code, item) in enumerate(wanted.items(), 1):
        line = lines[item.pk]
        assert item.working_title in sentences(office.get("cleaning_line", cleaning.pk, line.pk))
        answer = office.post("cleaning_line", cleaning.pk, line.pk, decision=code, reason="已经逐条核对。")
        assert answer.status_code == 302
        page = sentences(office.get("cleaning", cleaning.pk))
        assert f"已决定 {n} 件，共 4 件" in page
    assert 'class="part part--keep" x="0.0" width="150.0"' in page
    answer = office.post("finish_cleaning", cleaning.pk, section="QH-MZ-JZ", follow=True)
    assert "已形成清理结果文稿，由社会救助科核对后送审。" in sentences(answer)
    cleaning.refresh_from_db()
    # The desk lives today, the review of this test on its own day.
    Draft.objects.filter(item=cleaning.result).update(formed_on=TODAY)
    publish(desk, cleaning)
    carry_out_due(at=AT, today=TODAY)
    page = sentences(office.get("cleaning", cleaning.pk))
    assert "已办结" in page
    assert "公众页面已标明废止。" in page
    todo = sentences(at("drafter").get("todo"))
    assert "请按清理结果办理" in todo
    assert "已列入责任科室的待办，请修订后送审。" in todo
    book = load_workbook(io.BytesIO(office.get("cleaning", cleaning.pk, export="1").content)).active
    table = [[cell.value or "" for cell in row] for row in book.iter_rows(min_row=3)]
    assert sorted(row[8] for row in table) == sorted(["继续有效", "修改", "废止", "失效"])
    assert {row[9] for row in table} == {"已经逐条核对。"}


def test_after_a_decision_the_next_document_opens(at, found):
    office = at("compliance_reviewer")
    first, second, *_ = lines_of(found)
    answer = office.post("cleaning_line", found.pk, first.pk, decision="keep", reason="仍在执行。")
    assert answer.url == reverse("desk:cleaning_line", args=[found.pk, second.pk])


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(at, desk, town):
    rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号", valid_until=TODAY + timedelta(days=90))
    office, facts = at("compliance_reviewer"), Fact.objects.count()
    wrong = office.post("new_cleaning", **BEGUN | {"basis": "", "closes_on": "2001-01-01"})
    assert wrong.status_code == 422
    assert "请填写清理的依据。" in sentences(wrong)
    wrong = office.post("new_cleaning", **BEGUN | {"closes_on": "2001-01-01"})
    assert (wrong.status_code, "完成日期不能早于今天" in sentences(wrong)) == (422, True)
    assert Fact.objects.count() == facts
    cleaning = begin(town, closes_on=TODAY + timedelta(days=9000))
    line = lines_of(cleaning)[0]
    for sent, told in (
        ({"reason": "有效"}, "请选择继续有效、修改、废止或者失效。"),
        ({"decision": "keep", "reason": ""}, "请写明理由"),
        ({"decision": "abolish", "reason": "张三11010519491231002X来信"}, "没有保存"),
        ({"decision": "burn", "reason": "烧掉"}, "请选择继续有效、修改、废止或者失效。"),
    ):
        answer = office.post("cleaning_line", cleaning.pk, line.pk, **sent)
        assert answer.status_code == 422
        assert told in sentences(answer)
    line.refresh_from_db()
    assert line.decision == ""
    answer = office.post("finish_cleaning", cleaning.pk, section="QH-MZ-JZ")
    assert (answer.status_code, "还有 1 件没有决定" in sentences(answer)) == (422, True)
    answer = office.post("add_to_cleaning", cleaning.pk, index_number="没有", reason="漏列")
    assert (answer.status_code, "本机关没有这个索引号的信息" in sentences(answer)) == (422, True)


def test_a_document_is_shown_with_what_relies_on_it(at, desk, town):
    item = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    citing(desk, "依据《青禾市临时救助办法》（青民发〔2020〕1号）办理。", title="救助工作指南")
    citing(desk, "解读。", title="办法解读", interprets=[item.index_number])
    seal_all(at=AT)
    follow_all()
    cleaning = begin(town)
    page = sentences(at("compliance_reviewer").get("cleaning_line", cleaning.pk, lines_of(cleaning)[0].pk))
    assert "救助工作指南" in page
    assert "办法解读" in page
    assert "依据《青禾市临时救助办法》（青民发〔2020〕1号）办理" in page
    page = sentences(at("compliance_reviewer").get("withdraw", item.code))
    assert "撤下以后要一并核对的" in page
    assert "救助工作指南" in page


def test_findings_name_what_cites_an_ended_document(desk, town):
    item = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    guide = citing(desk, "依据《青禾市临时救助办法》办理。", title="救助工作指南")
    reading = citing(desk, "解读。", title="办法解读", interprets=[item.index_number])
    seal_all(at=AT)
    follow_all()
    end(town, item)
    kinds = ("cites_ended", "interprets_changed")
    assert [kind.code for kind in KINDS if kind.code in kinds] == list(kinds)
    (one,), (two,) = (list(BY_CODE[code].find(TODAY)) for code in kinds)
    assert (one.item_id, one.key, two.item_id, two.key) == (guide.pk, item.code, reading.pk, item.code)
    assert one.told == "引用的《青禾市临时救助办法》（青民发〔2020〕1号）已废止，请修订文字，或者说明不再适用。"


def test_documents_are_added_and_dropped_with_a_reason(at, desk, found):
    notice = desk.draft(title="关于节日值守的通知")
    desk.release(notice)
    office = at("compliance_reviewer")
    answer = office.post(
        "add_to_cleaning", found.pk, index_number=notice.index_number, reason="作规范性文件", follow=True
    )
    assert "后来列入：作规范性文件" in sentences(answer)
    line = lines_of(found)[0]
    assert office.post("drop_from_cleaning", found.pk, line.pk, dropped="").status_code == 422
    answer = office.post("drop_from_cleaning", found.pk, line.pk, dropped="由市政府清理", follow=True)
    assert "移出清单的 1 件" in sentences(answer)
    assert len(lines_of(found)) == 4


def test_what_was_not_carried_out_stands_in_the_list_of_those_who_decide(at, desk, town):
    wanted = four(desk)
    cleaning = begin(town)
    decide_all(town, cleaning, wanted)
    result = finish(town, cleaning)
    result.draft.body = result.draft.body.replace(wanted["abolish"].index_number, "见附件")
    result.draft.save()
    desk.release(Item.objects.get(pk=result.pk))
    carry_out_due(at=AT, today=TODAY)
    told = "公布的结果里没有把这份文件列为“废止”，没有自动办理，请核对后人工办理。"
    assert told in sentences(at("compliance_reviewer").get("todo"))
    assert told in sentences(at("compliance_reviewer").get("cleanings"))
    assert told not in sentences(at("drafter").get("todo"))
    line = next(line for line in lines_of(cleaning) if line.effect == "unsettled")
    page = sentences(at("compliance_reviewer").get("cleaning_line", cleaning.pk, line.pk))
    assert "记录人工办理" in page
    answer = at("leader").post("settle_cleaning", cleaning.pk, line.pk, told="已经办理", follow=True)
    assert "清理由本机关的合规审核岗位办理" in sentences(answer)
    at("compliance_reviewer").post("settle_cleaning", cleaning.pk, line.pk, told="已经另行发文废止。")
    assert told not in sentences(at("compliance_reviewer").get("todo"))
    assert "已经另行发文废止。" in sentences(at("leader").get("cleaning", cleaning.pk))


# walls


def arguments(name: str, cleaning: Cleaning) -> tuple[int, ...]:
    line = lines_of(cleaning)[0].pk
    return (cleaning.pk, line) if len(OF_ONE_CLEANING[name][1]) == 2 else (cleaning.pk,)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_campaign_of_another_agency_is_as_good_as_none(at, found, who):
    browser, facts = at(who).client, Fact.objects.count()
    for name, (methods, _) in OF_ONE_CLEANING.items():
        there = arguments(name, found)
        for method in methods:
            one = getattr(browser, method)(reverse(f"desk:{name}", args=there))
            none = getattr(browser, method)(reverse(f"desk:{name}", args=(999, *there[1:])))
            assert (one.status_code, none.status_code) == (404, 404), f"{method} {name}"
    answer = browser.get(reverse("desk:cleanings"))
    assert answer.status_code in (200, 403)
    assert "2026年规范性文件清理" not in answer.content.decode()
    assert browser.get(reverse("desk:new_cleaning")).status_code == 403
    assert Fact.objects.count() == facts


@pytest.mark.parametrize("who", ["drafter", "section_reviewer", "leader", "supervisor", "secrecy_reviewer"])
def test_colleagues_read_and_do_not_decide(at, found, who):
    browser, facts = at(who), Fact.objects.count()
    line = lines_of(found)[0]
    assert "2026年规范性文件清理" in sentences(browser.get("cleanings"))
    page = sentences(browser.get("cleaning", found.pk))
    assert "由本机关的合规审核决定并形成结果。" in page
    assert "由本机关的合规审核决定。" in sentences(browser.get("cleaning_line", found.pk, line.pk))
    sent = {"decision": "abolish", "reason": "不要了", "dropped": "不要了", "section": "QH-MZ-JZ", "index_number": "无"}
    sent["told"] = "办了"
    for name, (methods, _) in OF_ONE_CLEANING.items():
        if "post" in methods:
            answer = browser.post(name, *arguments(name, found), **sent)
            assert answer.status_code in (302, 422), name
    assert browser.post("new_cleaning", **BEGUN).status_code == 403
    assert Fact.objects.count() == facts


def test_a_line_answers_only_under_its_own_campaign(at, found, town):
    other = begin(town, title="专项清理")
    line = lines_of(found)[0]
    assert at("compliance_reviewer").get("cleaning_line", other.pk, line.pk).status_code == 404


def test_no_form_is_taken_without_its_token(found, town):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["compliance_reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    for name, (methods, _) in OF_ONE_CLEANING.items():
        if "post" in methods:
            assert client.post(reverse(f"desk:{name}", args=arguments(name, found))).status_code == 403, name


def test_decided_lines_say_so_to_the_colleagues(at, found, town):
    line = lines_of(found)[0]
    decide(town, line, "abolish", "已被新办法代替。")
    page = sentences(at("leader").get("cleaning_line", found.pk, line.pk))
    assert "已被新办法代替。" in page
