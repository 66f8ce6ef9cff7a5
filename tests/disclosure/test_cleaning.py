"""A 清理 from the list to the effects: what is on it, who decides, what is published, what follows and only once."""

from __future__ import annotations

import signal
import time
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from gongkai.disclosure.actions import carry_out as carrying
from gongkai.disclosure.actions.carry_out import carry_out_due, settle_line
from gongkai.disclosure.actions.cleaning import add_line, begin_cleaning, decide_line, drop_line, finish_cleaning
from gongkai.disclosure.actions.recall import recall
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.cleaning_result import published_decisions
from gongkai.disclosure.models import Cleaning, CleaningLine, Item, Look, Release, Withdrawal
from gongkai.disclosure.queries.cleaning import (
    draft_differs,
    dropped_lines_of,
    lines_of,
    progress,
    to_mend,
    unsettled,
)
from gongkai.disclosure.queries.normative import normative_documents
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY
from tests.journeys.test_outside_a_transaction import Home

LATER = AT + timedelta(days=3)
DECIDED = {"keep": "继续有效", "amend": "修改", "abolish": "废止", "lapse": "失效"}


def rule(desk, title: str, number: str, **more):
    """A released normative document."""
    values = {"doc_number": number, "effective_from": date(2020, 5, 1), "formed_on": date(2020, 4, 1)} | more
    item = desk.draft(title=title, **values)
    item.heading = "20-01"
    item.save(update_fields=["heading"])
    desk.release(item)
    return item


def four(desk) -> dict[str, Item]:
    """One document for each decision."""
    return {
        code: rule(desk, f"青禾市{word}救助办法", f"青民发〔2020〕{n}号")
        for n, (code, word) in enumerate(
            (("keep", "临时"), ("amend", "医疗"), ("abolish", "冬季"), ("lapse", "防汛")), 1
        )
    }


def begin(town, **more) -> Cleaning:
    values = {
        "title": "2026年规范性文件清理",
        "basis": "市政府办公室关于开展规范性文件清理的通知",
        "closes_on": TODAY,
    } | more
    actor = town.actor(more.pop("who", "compliance_reviewer"))
    values.pop("who", None)
    return begin_cleaning(town.organ, actor=actor, at=AT, today=TODAY, **values)


def decide(town, line: CleaningLine, code: str, reason: str = "", **more) -> CleaningLine:
    return decide_line(
        line.pk, code, reason=reason or f"{DECIDED[code]}的理由", actor=town.actor("compliance_reviewer"), at=AT,
        today=TODAY, **more,
    )  # fmt: skip


def decide_all(town, cleaning: Cleaning, wanted: dict[str, Item]) -> None:
    by_item = {line.item_id: line for line in lines_of(cleaning)}
    for code, item in wanted.items():
        decide(town, by_item[item.pk], code)


def finish(town, cleaning: Cleaning) -> Item:
    actor = town.actor("compliance_reviewer")
    return finish_cleaning(cleaning.pk, town.section, actor=actor, at=AT, today=TODAY)


def refusal(call, *told, **more) -> str:
    with pytest.raises(Refusal) as refused:
        call(*told, **more)
    return refused.value.code


@pytest.fixture
def ready(desk, town):
    """Four documents decided each in its way, the result a draft."""
    wanted = four(desk)
    cleaning = begin(town)
    decide_all(town, cleaning, wanted)
    finish(town, cleaning)
    cleaning.refresh_from_db()
    return cleaning, wanted


def publish(desk, cleaning: Cleaning) -> Release:
    result = Item.objects.get(pk=cleaning.result_id)
    return desk.release(result)


# what is on the list


def test_the_list_is_what_counts_as_a_normative_document(desk, town):
    wanted = [
        rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号"),
        rule(desk, "关于冬季救助的通知", "青民发〔2021〕2号"),
    ]
    rule(desk, "青禾市民政局年度表彰名单", "青民发〔2021〕3号", effective_from=None)  # neither term nor name
    rule(desk, "青禾市救助标准", "")  # no number
    desk.release(desk.draft(title="关于节日放假的通知", doc_number="青民发〔2021〕4号"))  # another heading
    gone = rule(desk, "青禾市旧办法", "青民发〔2001〕5号")
    withdraw(
        gone.pk, "abolished", explanation="已废止。", actor=town.actor("compliance_reviewer"), at=AT, today=TODAY
    )  # fmt: skip
    interpreted = rule(desk, "解读：青禾市临时救助办法", "青民发〔2020〕6号", interprets=[wanted[0].index_number])
    assert [row.item_id for row in normative_documents(town.organ)] == [item.pk for item in wanted]
    assert interpreted.public == "live"
    assert normative_documents(town.other_organ) == []


def test_a_campaign_begins_over_the_documents_of_its_organ(desk, town):
    wanted = four(desk)
    cleaning = begin(town)
    assert [line.item_id for line in lines_of(cleaning)] == [item.pk for item in wanted.values()]
    fact = Fact.objects.get(kind="cleaning.begun")
    assert (fact.subject, fact.organ_code, fact.data["lines"]) == (f"cleaning:{cleaning.pk}", "QH-MZ", 4)
    assert progress(lines_of(cleaning)).left == 4


def test_what_cannot_begin(desk, town):
    assert refusal(begin, town) == "nothing_to_clean"
    four(desk)
    assert refusal(begin, town, title=" ") == "title_missing"
    assert refusal(begin, town, basis="") == "basis_missing"
    assert refusal(begin, town, closes_on=TODAY - timedelta(days=1)) == "closes_in_past"
    assert refusal(begin, town, who="drafter") == "not_your_post"
    assert refusal(begin, town, who="leader") == "not_your_post"
    assert refusal(begin, town, basis="依据绝密★一年的文件") == "secrecy_mark"
    assert refusal(begin, town, basis="张三 11010519491231002X 来信") == "personal_in_explanation"
    assert Cleaning.objects.count() == 0


def test_documents_come_and_go_with_a_reason_while_the_list_is_open(desk, town):
    four(desk)
    notice = desk.draft(title="关于节日值守的通知")
    desk.release(notice)
    cleaning, actor = begin(town), town.actor("compliance_reviewer")
    line = lines_of(cleaning)[0]
    decide(town, line, "keep")
    assert refusal(drop_line, line.pk, " ", actor=actor, at=AT) == "reason_missing"
    drop_line(line.pk, "由市政府统一清理", actor=actor, at=AT)
    assert [(row.pk, row.decision) for row in dropped_lines_of(cleaning)] == [(line.pk, "")]
    assert refusal(decide, town, line, "keep") == "off_the_list"
    add_line(cleaning.pk, notice, "作规范性文件管理", actor=actor, at=AT)
    assert refusal(add_line, cleaning.pk, notice, "再加一次", actor=actor, at=AT) == "on_the_list"
    add_line(cleaning.pk, line.item, "改由本机关清理", actor=actor, at=AT)
    assert {row.item_id for row in lines_of(cleaning)} >= {notice.pk, line.item_id}
    assert len(lines_of(cleaning)) == 5
    assert refusal(add_line, cleaning.pk, desk.draft(title="草稿"), "没有发布", actor=actor, at=AT) == "not_live"
    kinds = [fact.kind for fact in Fact.objects.filter(subject=f"cleaning:{cleaning.pk}").order_by("pk")]
    assert kinds == ["cleaning.begun", "cleaning.decided", "cleaning.line_dropped", *["cleaning.line_added"] * 2]


# decisions


def test_a_document_at_the_end_of_its_term_is_kept_only_assessed_and_numbered_anew(desk, town):
    item = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号", valid_until=date(2026, 12, 31))
    far = rule(desk, "青禾市医疗救助办法", "青民发〔2020〕2号", valid_until=date(2029, 12, 31))
    lines = {line.item_id: line for line in lines_of(begin(town))}
    line = lines[item.pk]
    assert refusal(decide, town, line, "keep") == "not_assessed"
    assert refusal(decide, town, line, "keep", assessed=True) == "same_number"
    assert refusal(decide, town, line, "keep", assessed=True, new_number="青民发〔2020〕1号") == "same_number"
    told = {"assessed": True, "new_number": "青民规〔2026〕1号"}
    assert refusal(decide, town, line, "keep", **told) == "no_new_term"
    assert refusal(decide, town, line, "keep", **told, new_valid_until=date(2026, 12, 31)) == "no_new_term"
    made = decide(town, line, "keep", **told, new_valid_until=date(2031, 12, 31))
    assert (made.decision, made.new_number, made.assessed) == ("keep", "青民规〔2026〕1号", True)
    assert decide(town, line, "abolish", new_number="青民规〔2026〕1号").new_number == ""
    assert decide(town, lines[far.pk], "keep").decision == "keep"


def test_decisions_are_of_the_disclosure_office_each_with_a_reason(desk, town):
    four(desk)
    line = lines_of(begin(town))[0]
    assert refusal(decide, town, line, "keep", " ") == "reason_missing"
    assert refusal(decide, town, line, "keep", "联系电话13812345678的李四说有效，身份证11010519491231002X") == (
        "personal_in_explanation"
    )
    for who in ("drafter", "section_reviewer", "leader", "other_drafter"):
        told = {"reason": "有效", "actor": town.actor(who), "at": AT, "today": TODAY}
        assert refusal(decide_line, line.pk, "keep", **told) == "not_your_post"
    with pytest.raises(KeyError):
        decide(town, line, "burn", "理由")
    line.refresh_from_db()
    assert line.decision == ""


# the result


def test_the_result_is_a_draft_of_four_lists_once_everything_is_decided(desk, town):
    wanted = four(desk)
    cleaning = begin(town)
    assert refusal(finish, town, cleaning) == "undecided"
    decide_all(town, cleaning, wanted)
    result = finish(town, cleaning)
    draft = result.draft
    assert (result.work, result.public, result.section_id) == ("drafting", "hidden", town.section.pk)
    assert draft.title == "2026年规范性文件清理结果"
    for serial, word in zip("一二三四", DECIDED.values(), strict=True):
        assert f"<h2>{serial}、{word}的文件（1件）</h2>" in draft.body
    version = desk.submit(result)
    numbers = {item.index_number: code for code, item in wanted.items()}
    assert published_decisions(version.body_text, numbers) == numbers
    assert "青禾市冬季救助办法\t青民发〔2020〕3号\t2020年4月1日" in version.body_text


def test_nothing_happens_to_a_document_before_the_result_is_released(desk, town, ready):
    cleaning, wanted = ready
    assert carry_out_due(at=LATER, today=TODAY) == 0
    version = desk.submit(Item.objects.get(pk=cleaning.result_id))
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    assert carry_out_due(at=LATER, today=TODAY) == 0
    assert all(Item.objects.get(pk=item.pk).public == "live" for item in wanted.values())
    assert not CleaningLine.objects.exclude(effect="").exists()


def test_decisions_may_change_until_the_result_goes_to_review(desk, town, ready):
    cleaning, wanted = ready
    line = next(row for row in lines_of(cleaning) if row.item_id == wanted["abolish"].pk)
    decide(town, line, "keep", "仍在执行")
    assert draft_differs(Cleaning.objects.get(pk=cleaning.pk), lines_of(cleaning))
    finish(town, cleaning)
    cleaning = Cleaning.objects.get(pk=cleaning.pk)
    assert not draft_differs(cleaning, lines_of(cleaning))
    assert Item.objects.filter(result_of=cleaning).count() == 1
    desk.submit(cleaning.result)
    assert refusal(decide, town, line, "abolish") == "not_open"
    assert refusal(drop_line, line.pk, "不要了", actor=town.actor("compliance_reviewer"), at=AT) == "not_open"
    assert refusal(finish, town, cleaning) == "not_open"
    recall(cleaning.result_id, actor=town.actor("drafter"), at=AT)
    assert decide(town, line, "abolish").decision == "abolish"


def test_a_text_that_came_out_after_its_decision_asks_for_another(desk, town):
    wanted = four(desk)
    cleaning = begin(town)
    decide_all(town, cleaning, wanted)
    again(desk, town, wanted["keep"])
    assert refusal(finish, town, cleaning) == "decided_other_text"
    line = next(row for row in lines_of(cleaning) if row.item_id == wanted["keep"].pk)
    decide(town, line, "keep")
    finish(town, cleaning)


def again(desk, town, item: Item) -> Release:
    """A newer text of a released item."""
    actor = town.actor("drafter")
    draft = revise(item.pk, actor=actor, at=AT)
    changes = {"body": "<p>改过的文字。</p>", "changed_on": TODAY}
    save_draft(item.pk, changes, based_on=draft.revision, actor=actor, at=AT, today=TODAY)
    return desk.release(Item.objects.get(pk=item.pk))


# what follows


def test_the_released_result_takes_effect_on_each_document_once(desk, town, ready):
    cleaning, wanted = ready
    release = publish(desk, cleaning)
    assert carry_out_due(at=LATER, today=TODAY) == 4
    assert carry_out_due(at=LATER, today=TODAY) == 0
    state = {code: Release.objects.get(item=item, standing__in=["live", "withdrawn"]) for code, item in wanted.items()}
    assert {code: (r.standing, r.withdrawn_as) for code, r in state.items()} == {
        "keep": ("live", ""), "amend": ("live", ""), "abolish": ("withdrawn", "abolished"),
        "lapse": ("withdrawn", "expired"),
    }  # fmt: skip
    taken = Withdrawal.objects.get(release=state["abolish"])
    assert taken.basis == f"《2026年规范性文件清理结果》（索引号 {release.item.index_number}）"
    assert (taken.explanation, taken.effective_on, taken.by_id) == ("废止的理由", TODAY, None)
    look = Look.objects.get()
    assert (look.release_id, look.by_id, look.at) == (state["keep"].pk, town.people["compliance_reviewer"].pk, AT)
    assert [line.item_id for line in to_mend([town.actor("drafter")])] == [wanted["amend"].pk]
    assert to_mend([town.actor("other_drafter")]) == []
    cleaning.refresh_from_db()
    assert cleaning.closed_at == LATER
    facts = Fact.objects.filter(kind="cleaning.carried_out")
    assert sorted(fact.data["effect"] for fact in facts) == ["done"] * 4
    assert Fact.objects.filter(kind="cleaning.closed").count() == 1
    again(desk, town, wanted["amend"])
    assert to_mend([town.actor("drafter")]) == []


def test_kept_under_a_new_number_waits_for_the_section_to_issue_it_anew(desk, town):
    item = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号", valid_until=date(2026, 12, 31))
    cleaning = begin(town)
    decide(
        town, lines_of(cleaning)[0], "keep", assessed=True, new_number="青民规〔2026〕1号",
        new_valid_until=date(2031, 12, 31),
    )  # fmt: skip
    finish(town, cleaning)
    cleaning.refresh_from_db()
    release = publish(desk, cleaning)
    assert "重新编号为青民规〔2026〕1号，有效期至2031年12月31日" in release.version.body_text
    carry_out_due(at=LATER, today=TODAY)
    assert [line.item_id for line in to_mend([town.actor("drafter")])] == [item.pk]


def test_what_was_taken_out_of_the_published_list_is_left_to_a_person(desk, town, ready):
    cleaning, wanted = ready
    result = Item.objects.get(pk=cleaning.result_id)
    row = wanted["abolish"].index_number
    body = result.draft.body.replace(row, "（见附件）")
    actor = town.actor("drafter")
    save_draft(result.pk, {"body": body}, based_on=result.draft.revision, actor=actor, at=AT, today=TODAY)
    result.draft.refresh_from_db()
    desk.release(Item.objects.get(pk=result.pk))
    carry_out_due(at=LATER, today=TODAY)
    assert Item.objects.get(pk=wanted["abolish"].pk).public == "live"
    assert Item.objects.get(pk=wanted["lapse"].pk).public == "withdrawn"
    assert [line.item_id for line in unsettled([town.actor("compliance_reviewer")])] == [wanted["abolish"].pk]
    told = {"actor": town.actor("compliance_reviewer"), "at": LATER, "today": TODAY}
    withdraw(wanted["abolish"].pk, "abolished", explanation="见清理结果。", **told)
    assert unsettled([town.actor("compliance_reviewer")]) == []


def test_what_a_person_saw_to_is_settled_once_with_words(desk, town, ready):
    cleaning, wanted = ready
    again(desk, town, wanted["abolish"])
    again(desk, town, wanted["keep"])
    publish(desk, cleaning)
    carry_out_due(at=LATER, today=TODAY)
    effects = {line.item_id: line for line in lines_of(cleaning)}
    line, kept = effects[wanted["abolish"].pk], effects[wanted["keep"].pk]
    assert (line.effect, kept.effect) == ("unsettled", "done")
    told = {"actor": town.actor("compliance_reviewer"), "at": LATER}
    assert refusal(settle_line, line.pk, " ", **told) == "reason_missing"
    assert refusal(settle_line, line.pk, "保留", actor=town.actor("drafter"), at=LATER) == "not_your_post"
    assert refusal(settle_line, kept.pk, "保留", **told) == "not_unsettled"
    settle_line(line.pk, "新文本仍需执行，已更正清理结果。", **told)
    assert unsettled([town.actor("compliance_reviewer")]) == []
    assert refusal(settle_line, line.pk, "再说一次", **told) == "not_unsettled"
    with pytest.raises(DatabaseError), transaction.atomic():
        CleaningLine.objects.filter(pk=line.pk).update(effect="unsettled")
    line.refresh_from_db()
    assert (line.effect, line.effect_told) == ("settled", "新文本仍需执行，已更正清理结果。")
    assert Fact.objects.filter(kind="cleaning.settled").count() == 1


def test_a_text_newer_than_the_decision_is_not_taken_down(desk, town, ready):
    cleaning, wanted = ready
    newer = again(desk, town, wanted["abolish"])
    withdraw(
        wanted["lapse"].pk, "error", explanation="发布有误。", actor=town.actor("leader"), at=AT, today=TODAY
    )  # fmt: skip
    publish(desk, cleaning)
    carry_out_due(at=LATER, today=TODAY)
    newer.refresh_from_db()
    assert newer.standing == "live"
    effects = {line.item_id: line.effect for line in lines_of(cleaning)}
    assert effects[wanted["abolish"].pk] == "unsettled"
    assert effects[wanted["lapse"].pk] == "done"
    assert Withdrawal.objects.get(release__item=wanted["lapse"]).reason == "error"


def test_a_failure_in_the_middle_leaves_a_line_as_it_was(desk, town, ready, monkeypatch):
    cleaning, wanted = ready
    publish(desk, cleaning)
    real, calls = carrying.record, []

    def breaks(kind, **more):
        if kind == "cleaning.carried_out":
            calls.append(kind)
            if len(calls) == 3:
                raise RuntimeError("the disk is full")
        return real(kind, **more)

    monkeypatch.setattr(carrying, "record", breaks)
    with pytest.raises(RuntimeError):
        carry_out_due(at=LATER, today=TODAY)
    assert CleaningLine.objects.exclude(effect="").count() == 2
    assert Withdrawal.objects.count() == 0
    assert carry_out_due(at=LATER, today=TODAY) == 2
    assert Withdrawal.objects.count() == 2


def test_the_database_keeps_what_was_brought_about(desk, town, ready):
    cleaning, _ = ready
    publish(desk, cleaning)
    carry_out_due(at=LATER, today=TODAY)
    line = lines_of(cleaning)[0]
    for change in ({"effect": "", "effect_at": None}, {"decision": "abolish"}, {"dropped_because": "不要了"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CleaningLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        CleaningLine.objects.filter(pk=line.pk).delete()


def test_killed_workers_take_every_document_down_once(tmp_path):
    """SIGKILL the process that carries a result out at moments that move on; the next one does the rest."""
    home, documents, kills = Home(tmp_path), 12, 0
    home.run(
        f"""
        from tests.disclosure.test_cleaning import begin, decide, finish, lines_of, publish, rule
        t = town(); d = Desk(t)
        for n in range({documents}):
            rule(d, f"青禾市第{{n}}号办法", f"青民发〔2020〕{{n + 1}}号")
        c = begin(t)
        for line in lines_of(c):
            decide(t, line, "abolish")
        finish(t, c); c.refresh_from_db(); publish(d, c)
        """
    )
    work = """
        from gongkai.disclosure.actions import carry_out as c
        real = c.record
        def slow(kind, **more):
            print(kind, flush=True)
            import time; time.sleep(0.05)
            return real(kind, **more)
        c.record = slow
        c.carry_out_due(at=AT, today=TODAY)
    """
    for read in (1, 2, 1, 3):
        process = home.start(work)
        for _ in range(read):
            process.stdout.readline()
        time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        kills += 1
        process.communicate(timeout=60)
        counts = home.run(
            """
            from gongkai.disclosure.models import CleaningLine, Withdrawal
            done = set(CleaningLine.objects.filter(effect="done").values_list("item_id", flat=True))
            gone = set(Withdrawal.objects.values_list("release__item_id", flat=True))
            print(done == gone, len(done))
            """
        )
        assert counts.split()[0] == "True", counts
    told = home.run(
        """
        from gongkai.disclosure.actions.carry_out import carry_out_due
        from gongkai.disclosure.models import Cleaning, CleaningLine, Withdrawal
        carry_out_due(at=AT, today=TODAY); carry_out_due(at=AT, today=TODAY)
        seal_all(at=AT)
        facts = Fact.objects.filter(kind="item.withdrawn")
        print(Withdrawal.objects.count(), facts.count(), len({f.subject for f in facts}), CleaningLine.objects.filter(
            effect="done").count(), Cleaning.objects.get().closed_at is not None, list(verify()))
        """
    )
    assert kills == 4
    assert told == f"{documents} {documents} {documents} {documents} True []"
