"""Batches on the screens: proposals, a press for each piece, progress, one reading with what differs, walls."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from gongkai.foi.actions.batch_compose import batch_compose
from gongkai.foi.actions.batch_make import batch_make
from gongkai.foi.actions.batch_submit import batch_submit
from gongkai.foi.models import Batch, FoiRequest, ReplyVersion
from gongkai.foi.particulars import masked
from gongkai.review.models import Opinion
from tests.desk.conftest import sentences
from tests.foi.conftest import at
from tests.foi.test_batches import WANTED, ask, lead, someone, take_up, whole

pytestmark = pytest.mark.django_db

MEMBERS = 7


@pytest.fixture
def asked(counter, time_machine, monkeypatch):
    """Near-same requests on the counter's day, pieces of three."""
    from gongkai.desk.views.foi import batches

    monkeypatch.setattr(batches, "PIECE", 3)
    time_machine.move_to(at(counter.day, 15), tick=False)
    return [ask(counter, n) for n in range(1, MEMBERS + 1)]


@pytest.fixture
def batch(counter, asked) -> Batch:
    made = batch_make(asked[0].number, [case.number for case in asked], **counter.who())
    take_up(counter, made.batch)
    lead(counter, asked[0])
    return made.batch


@pytest.fixture
def frozen(counter, batch) -> Batch:
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    return batch


def tally(page) -> str:
    return re.search(r'name="tally" value="([^"]*)"', sentences(page))[1]


def press(browser, batch, code: str):
    """Press until all members were seen; the pages in between."""
    pages = [browser.post("case_batch_step", batch.pk, code)]
    while 'name="tally"' in sentences(pages[-1]):
        pages.append(browser.post("case_batch_step", batch.pk, code, tally=tally(pages[-1])))
    return pages


def test_a_group_is_proposed_and_becomes_a_batch(sits, counter, asked):
    officer = sits("foi_officer")
    text = sentences(officer.get("case_batches"))
    assert f"<b>{MEMBERS} 件</b>" in text
    assert f"{MEMBERS} 位申请人" in text
    assert WANTED in text
    page = officer.get("case_batch_new", lead=asked[0].number)
    assert f"找到 {MEMBERS} 件" in sentences(page)
    made = officer.post("case_batch_new", lead=asked[0].number, left_out=f"{asked[5].number}\n", follow=True)
    assert f"已归入 {MEMBERS - 1} 件。" in sentences(made)
    assert Batch.objects.get().members.filter(request=asked[5]).count() == 0
    later = officer.get("case_batch", Batch.objects.get().pk)
    assert "还有 1 件内容相近的在办申请没有归批。" in sentences(later)
    officer.post("case_batch_new", lead=asked[0].number)
    assert Batch.objects.get().members.count() == MEMBERS


def test_each_step_goes_piece_by_piece_and_shows_how_far_it_is(sits, counter, asked, batch):
    officer = sits("foi_officer")
    text = sentences(officer.get("case_batch_step", batch.pk, "compose"))
    assert f"这一批共 {MEMBERS} 件，其中 {MEMBERS} 件等待这一步。" in text
    pages = press(officer, batch, "compose")
    assert [
        re.search(r"办成 (\d+) 件，此前已办 (\d+) 件，没有办理 (\d+) 件", sentences(p)).groups() for p in pages
    ] == [
        ("2", "1", "0"),
        ("5", "1", "0"),
        ("6", "1", "0"),
    ]
    assert "还有 4 件没有看到" in sentences(pages[0])
    assert "data-go-on" in sentences(pages[0])
    assert "data-go-on" not in sentences(pages[-1])
    assert "办理结果" in sentences(pages[-1])
    press(officer, batch, "submit")
    assert ReplyVersion.objects.count() == MEMBERS
    again = press(officer, batch, "submit")
    assert f"办成 0 件，此前已办 {MEMBERS} 件" in sentences(again[-1])


def test_who_is_refused_is_named_with_the_reason_to_the_end(sits, counter, asked, batch):
    from gongkai.foi.actions.withdraw_request import withdraw_request

    withdraw_request(asked[1].number, on=counter.day, **counter.who())
    officer = sits("foi_officer")
    last = sentences(press(officer, batch, "compose")[-1])
    assert "没有办理 1 件" in last
    assert re.search(rf'<li><a href="[^"]*">{asked[1].number}</a>：现在不能拟写答复', last)
    assert someone(2).name not in last


def test_a_forged_tally_begins_anew(sits, batch):
    page = sits("foi_officer").post("case_batch_step", batch.pk, "compose", tally="WzEwMDAsMCwwLFtdXQ:forged")
    assert "办成 2 件，此前已办 1 件" in sentences(page)


def test_one_reading_shows_the_text_once_and_what_differs_masked(sits, counter, asked, frozen):
    page = sits("section_reviewer").get("case_batch_read", frozen.pk, 1)
    text = sentences(page)
    assert text.count("随信附上") == 1
    assert len(page.context["rows"]) == MEMBERS
    assert len({row["reply_number"] for row in page.context["rows"]}) == MEMBERS
    for n in range(1, MEMBERS + 1):
        assert someone(n).name not in text
        assert someone(n).phone not in text
    assert {row["addressee"] for row in page.context["rows"]} == {masked(someone(1)).name}


def test_one_opinion_is_given_to_each_by_its_own_digest_in_pieces(sits, counter, frozen):
    reader = sits("section_reviewer")
    digest = reader.get("case_batch_read", frozen.pk, 1).context["digest"]
    given = {"digest": digest, "verdict": "approve", "reason": ""}
    page = reader.post("case_batch_read", frozen.pk, 1, **given)
    assert Opinion.objects.count() == 3
    while page.status_code == 200:
        assert page.context["digest"] == digest
        page = reader.post("case_batch_read", frozen.pk, 1, tally=tally(page), **given)
    assert page.status_code == 302
    assert f"意见已保存 {MEMBERS} 件" in sentences(reader.get("case_batch", frozen.pk))
    digests = Opinion.objects.order_by("pk").values_list("digest", flat=True)
    assert sorted(digests) == sorted(ReplyVersion.objects.values_list("digest", flat=True))
    again = reader.post("case_batch_read", frozen.pk, 1, **given)
    assert (again.status_code, Opinion.objects.count()) == (200, MEMBERS)


def test_an_opinion_on_what_was_not_read_is_not_kept(sits, counter, asked, batch):
    whole(batch_compose, batch, counter)
    from gongkai.foi.actions.submit_reply import submit_reply

    for case in asked[:3]:
        submit_reply(case.number, based_on=1, **counter.who())
    reader = sits("section_reviewer")
    digest = reader.get("case_batch_read", batch.pk, 1).context["digest"]
    submit_reply(asked[3].number, based_on=1, **counter.who())
    page = reader.post("case_batch_read", batch.pk, 1, digest=digest, verdict="approve", reason="已核对")
    assert page.status_code == 409
    assert "意见没有保存" in sentences(page)
    assert "已核对" in sentences(page)
    assert Opinion.objects.count() == 0
    for wrong, said in (({"verdict": "nonsense"}, "请选择通过或者退回"), ({"verdict": "return"}, "退回必须写明理由")):
        page = reader.post("case_batch_read", batch.pk, 1, digest=page.context["digest"], **wrong)
        assert (page.status_code, said in sentences(page)) == (409, True)


def test_without_an_electronic_seal_the_screen_says_so(sits, batch):
    page = sits("foi_officer2").post("case_batch_step", batch.pk, "seal")
    assert page.status_code == 422
    assert "系统没有接入电子印章" in sentences(page)


def test_other_organs_sections_and_posts_find_nothing(sits, counter, frozen):
    for who in ("other_drafter", "other_secrecy", "emergency_officer", "system_admin", "audit_admin"):
        browser = sits(who)
        for name, args in (
            ("case_batch", (frozen.pk,)), ("case_batch_step", (frozen.pk, "submit")), ("case_batch_read", (frozen.pk, 1)),
        ):  # fmt: skip
            assert browser.get(name, *args).status_code == 404
            if name != "case_batch":
                assert browser.post(name, *args, verdict="approve").status_code == 404
        listed = browser.get("case_batches")
        assert listed.status_code == 404 or WANTED not in sentences(listed)
    number = frozen.lead.number
    for who in ("drafter", "leader", "foi_head"):
        browser = sits(who)
        assert browser.get("case_batch_new", lead=number).status_code == 404
        assert "由其他岗位办理" in sentences(browser.get("case_batch_step", frozen.pk, "deliver"))
        refused = browser.post("case_batch_step", frozen.pk, "deliver")
        assert (refused.status_code, "没有为本机关送达答复的岗位" in sentences(refused)) == (422, True)
    assert sits("foi_officer").get("case_batch_step", frozen.pk, "nonsense").status_code == 404
    assert FoiRequest.objects.filter(state="replied").count() == 0


def test_the_board_leads_there(sits, asked):
    assert reverse("desk:case_batches") in sentences(sits("foi_officer").get("cases"))
