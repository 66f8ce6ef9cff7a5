"""What the regulation asks for before and after: grounds, re-assessment, persons named, emergencies, grants by date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gongkai.agencies.actions.people import grant
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.queries import capacities
from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
from gongkai.disclosure.actions.opine import opine
from gongkai.disclosure.actions.reassess import reassess
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.desk import item_for, outstanding_emergencies, todo
from gongkai.law.negative_list import GROUNDS
from gongkai.law.verdicts import Refusal
from tests.conftest import AT, TODAY
from tests.desk.conftest import sentences

REASON = {"G14a": "密级机密，保密期限三年，定密机关青禾市公安局，2026年1月5日定密",
          "G14b": "《商业银行法》第二十九条规定银行为存款人保密，这份材料逐户列有存款账户"}  # fmt: skip


def withheld(desk, code: str, **changes) -> Item:
    needs = next(g.needs_no_rule_check for g in GROUNDS if g.code == code)
    values = {"openness": "withheld", "ground": code, "ground_reason": REASON.get(code, "理由写明于此，见附件说明。"),
              "no_rule_requires": needs}  # fmt: skip
    return desk.draft(**(values | changes))


# -- 不予公开 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("openness", ["withheld", "on_request"])
def test_no_ground_is_refused(desk, openness):
    with pytest.raises(Refusal) as refused:
        desk.submit(desk.draft(openness=openness, ground="", ground_reason="理由"))
    assert (refused.value.code, "第十三条" in str(refused.value)) == ("ground_missing", True)


@pytest.mark.parametrize("row", GROUNDS, ids=lambda row: row.code)
def test_a_ground_without_reason_is_refused_with_its_article_and_with_it_goes_through(desk, row):
    with pytest.raises(Refusal) as refused:
        desk.submit(withheld(desk, row.code, ground_reason=""))
    assert "《政府信息公开条例》" in str(refused.value)
    assert Version.objects.count() == 0
    assert desk.submit(withheld(desk, row.code)).ground == row.code


@pytest.mark.parametrize("code", ["G16b", "G16c"])
def test_art_16_2_needs_the_check_that_no_rule_requires_disclosure(desk, code):
    with pytest.raises(Refusal) as refused:
        desk.submit(withheld(desk, code, no_rule_requires=False))
    assert "《政府信息公开条例》第十六条第二款" in str(refused.value)
    assert Version.objects.count() == 0


def test_what_is_withheld_is_on_no_list_of_the_public_and_never_released_by_the_database(desk, client):
    version = desk.submit(withheld(desk, "G16a"))
    for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        desk.opine(version, step, who)
    item = Item.objects.get()
    assert (item.public, item.index_number, Release.objects.count()) == ("withheld", None, 0)
    with pytest.raises(DatabaseError, match="every opinion"), transaction.atomic():
        Release.objects.create(
            version=version, item=item, digest=version.digest, basis="review", released_at=AT, organ=item.organ,
            heading="20-11", year=2026, case_id=1,
        )  # fmt: skip


def test_it_comes_back_after_twelve_months_and_again_after_that(desk, town):
    version = desk.submit(withheld(desk, "G16a"))
    for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        desk.opine(version, step, who)
    item, officer = Item.objects.get(), town.actor("compliance_reviewer")
    due = date(2027, 9, 21)
    assert item.next_assessment_on == due

    def lines(on: date) -> list[tuple[str, str]]:
        return [(row.step, row.verb) for row in todo([officer], officer.person_id, on=on)]

    assert (lines(due - timedelta(days=1)), lines(due)) == ([], [("定期评估", "评估")])
    with pytest.raises(Refusal, match="《政府信息公开条例》第十八条"):
        reassess(item.pk, still_withheld=True, reason=" ", actor=officer, at=AT, today=due)
    with pytest.raises(Refusal, match="岗位"):
        reassess(item.pk, still_withheld=True, reason="仍在办", actor=town.actor("drafter"), at=AT, today=due)
    reassess(item.pk, still_withheld=True, reason="仍在办", actor=officer, at=AT, today=due)
    item.refresh_from_db()
    assert item.next_assessment_on == date(2028, 9, 21)
    assert (lines(due), lines(date(2028, 9, 21))) == ([], [("定期评估", "评估")])


# -- 个人信息 ------------------------------------------------------------------------------------------------------


def test_naming_persons_without_an_impact_assessment_is_refused(at, desk):
    item = desk.draft(names_persons=True, impact_assessment="  ")
    answer = at("drafter").post("submit", item.code, based_on=item.draft.revision)
    assert answer.status_code == 422
    assert "请先记录个人信息保护影响评估。《中华人民共和国个人信息保护法》第五十五条" in sentences(answer)
    assert Version.objects.count() == 0
    item.draft.refresh_from_db()
    save_draft(
        item.pk, {"impact_assessment": "只公开姓氏和户数，已告知本人。"}, based_on=item.draft.revision,
        actor=desk.town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    item.refresh_from_db()
    assert desk.release(Item.objects.get(pk=item.pk)).standing == "live"


# -- 应急发布 ------------------------------------------------------------------------------------------------------


def emergency(desk, version, who="emergency_officer", **changes):
    actor = desk.town.actor(who)
    declare_emergency(
        version.pk, **({"reason": "暴雨红色预警", "read_digest": version.digest, "actor": actor, "at": AT} | changes)
    )


def test_an_emergency_frees_the_order_and_never_the_confidentiality_review(desk, town):
    version = desk.submit(desk.draft())
    officer = town.actor("emergency_officer")
    go = {"read_digest": version.digest, "actor": officer, "at": AT}
    with pytest.raises(Refusal, match="请先把这一版列为应急办理"):
        release_in_emergency(version.pk, **go)
    for who in ("drafter", "section_reviewer", "leader", "secrecy_reviewer", "system_admin", "supervisor"):
        with pytest.raises(Refusal, match="岗位"):
            emergency(desk, version, who)
    with pytest.raises(Refusal, match="请写明是什么突发事件"):
        emergency(desk, version, reason=" ")
    with pytest.raises(Refusal, match="您看到的不是正在审查的文本"):
        emergency(desk, version, read_digest="0" * 64)
    emergency(desk, version)
    with pytest.raises(Refusal, match="不必重复"):
        emergency(desk, version)
    with pytest.raises(Refusal, match="保密审查"):
        release_in_emergency(version.pk, **go)
    desk.opine(version, 1, "section_reviewer")  # another opinion does not stand in for it
    with pytest.raises(Refusal, match="保密审查"):
        release_in_emergency(version.pk, **go)
    assert Release.objects.count() == 0
    desk.opine(version, 3, "secrecy_reviewer")
    release = release_in_emergency(version.pk, **go)
    assert (release.basis, release.standing, release.item.work) == ("emergency", "live", "in_review")
    held = [town.actor("leader")]
    assert list(outstanding_emergencies(held)) == [release]
    with pytest.raises(Refusal):
        release_in_emergency(version.pk, **go)
    with pytest.raises(Refusal):  # the missing opinion is given by others
        desk.opine(version, 2, "secrecy_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    assert list(outstanding_emergencies(held)) == []
    assert Release.objects.filter(version=version).count() == 1


def test_an_emergency_release_by_its_author_is_refused(desk, town):
    from gongkai.agencies.actions.people import appoint

    appoint(town.people["drafter"], town.section, "emergency_officer", starts_on=TODAY, actor=SYSTEM, at=AT)
    version = desk.submit(desk.draft())
    both = next(a for a in capacities(town.people["drafter"], TODAY) if a.role == "emergency_officer")
    with pytest.raises(Refusal, match="不能由拟稿人办理"):
        declare_emergency(version.pk, reason="暴雨", read_digest=version.digest, actor=both, at=AT)


def test_the_page_of_an_emergency_release_stands_out_in_the_desk(at, desk, town):
    version = desk.submit(desk.draft())
    emergency(desk, version)
    desk.opine(version, 3, "secrecy_reviewer")
    release_in_emergency(version.pk, read_digest=version.digest, actor=town.actor("emergency_officer"), at=AT)
    for screen in (("todo",), ("item", version.item.code)):
        assert "应急" in sentences(at("leader").get(*screen)), screen


# -- 代管 ----------------------------------------------------------------------------------------------------------


def test_reviewers_of_another_organ_act_only_within_the_dates_of_their_grant(desk, town):
    start, end = TODAY + timedelta(days=2), TODAY + timedelta(days=30)
    grant(
        town.organ, town.other_organ, "secrecy_reviewer", starts_on=start, ends_on=end, reason="代管协议", actor=SYSTEM,
        at=AT,
    )  # fmt: skip
    version = desk.submit(desk.draft())
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    person = town.people["other_secrecy"]

    def held(on: date):
        return [a for a in capacities(person, on) if a.organ_id == town.organ.pk]

    assert (held(start - timedelta(days=1)), held(end + timedelta(days=1))) == ([], [])
    own = capacities(person, TODAY)
    with pytest.raises(Item.DoesNotExist):
        item_for(version.item.code, own)
    with pytest.raises(Refusal, match="您没有为本机关办理“保密审查”的岗位"):
        opine(version.pk, 3, "approve", read_digest=version.digest, actor=own[0], at=AT, today=TODAY)
    [lent] = held(start)
    assert held(end) == [lent]
    assert item_for(version.item.code, [lent]).pk == version.item_id
    release = opine(version.pk, 3, "approve", read_digest=version.digest, actor=lent, at=AT, today=start)
    assert release.standing == "live"


def test_the_desk_follows_the_dates_of_a_grant_by_the_calendar_day(at, desk, town):
    today = timezone.localdate()
    item = desk.draft()
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    browser = at("other_secrecy")

    def give(first: int, last: int) -> None:
        grant(
            town.organ, town.other_organ, "secrecy_reviewer", starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last), reason="代管协议", actor=SYSTEM, at=AT,
        )  # fmt: skip

    give(1, 30)
    give(-30, -1)
    assert browser.get("review", item.code).status_code == 404
    assert browser.post("opine", item.code, 3, verdict="approve", digest=version.digest).status_code == 404
    assert item.working_title not in sentences(browser.get("todo"))
    give(0, 0)
    assert browser.get("review", item.code).status_code == 200
    assert item.working_title in sentences(browser.get("todo"))
    browser.post("opine", item.code, 3, verdict="approve", digest=version.digest)
    assert Release.objects.filter(item=item, standing="live").count() == 1


def test_a_grant_is_no_way_to_review_one_s_own_text(desk, town):
    """Somebody of the other organ who drafted here by grant does not review it here by grant."""
    for role in ("drafter", "secrecy_reviewer"):
        grant(
            town.organ, town.other_organ, role, starts_on=TODAY, ends_on=TODAY, reason="代管协议", actor=SYSTEM, at=AT
        )
    from gongkai.agencies.actions.people import appoint
    from gongkai.disclosure.actions.create_item import create_item
    from gongkai.disclosure.actions.submit import submit

    person = town.people["other_secrecy"]
    appoint(person, town.other_section, "drafter", starts_on=TODAY, actor=SYSTEM, at=AT)
    lent = {a.role: a for a in capacities(person, TODAY) if a.organ_id == town.organ.pk}
    item = create_item(town.section, "代管拟稿", heading="20-11", actor=lent["drafter"], at=AT)
    save_draft(
        item.pk, {"body": "<p>正文</p>", "formed_on": TODAY}, based_on=1, actor=lent["drafter"], at=AT, today=TODAY
    )
    version = submit(item.pk, based_on=2, actor=lent["drafter"], at=AT, today=TODAY)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    with pytest.raises(Refusal, match="不能审查自己拟写的文本"):
        opine(version.pk, 3, "approve", read_digest=version.digest, actor=lent["secrecy_reviewer"], at=AT, today=TODAY)
