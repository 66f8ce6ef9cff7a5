"""Each step of a request through its action: what it does to the dates, and what it refuses with which article."""

from datetime import date, timedelta

import pytest

from gongkai.agencies.actions.people import appoint
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.queries import capacities
from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.actions.close import close
from gongkai.foi.actions.compose_reply import compose_reply
from gongkai.foi.actions.conclude_remedy import conclude_remedy
from gongkai.foi.actions.confirm_receipt import confirm_receipt
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.delay import delay
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.finish_task import finish_task
from gongkai.foi.actions.letter_received import letter_received
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.recall_reply import recall_reply
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.record_payment import record_payment
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.actions.refuse_extension import refuse_extension
from gongkai.foi.actions.refuse_fee import refuse_fee
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.reopen import reopen
from gongkai.foi.actions.set_reply_by import set_reply_by
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.actions.take_reasons import take_reasons
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import Outcome
from gongkai.foi.queries.sealed import text_of, wish
from gongkai.foi.wishes import Wish
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.queries import verify
from tests.foi.conftest import answers_for, at

D = date
DUE = D(2026, 3, 30)  # twenty working days after 2 March 2026


def refused(action, *args, **more):
    """The code and article with which an action refuses."""
    with pytest.raises(Refusal) as caught:
        action(*args, **more)
    return caught.value.code, caught.value.refused.article


def fresh(case):
    case.refresh_from_db()
    return case


def test_an_unconfirmed_request_has_no_clock(counter):
    case = counter.receive(channel="online").registered[0].case
    assert (case.state, case.received_on, case.due_on) == ("registered", None, None)
    counter.pass_days(1)
    case = confirm_receipt(case.number, confirmed_on=counter.day, **counter.who())
    assert (case.state, case.received_on, case.due_on) == ("received", D(2026, 3, 3), D(2026, 3, 31))


def test_a_clarification_restarts_the_clock_and_changes_the_description(counter):
    case = counter.case()
    ask_clarification(case.number, on=D(2026, 3, 2), reply_by=D(2026, 3, 13), items="请写明年度", **counter.who())
    assert (fresh(case).state, case.due_on, case.waiting_until) == ("awaiting_clarification", None, D(2026, 3, 13))
    counter.day = D(2026, 3, 10)
    new = Wish("2025年度救助资金发放明细", delivery="post")
    take_clarification(case.number, on=D(2026, 3, 10), wish=new, actor=APPLICANT, at=at(counter.day))
    assert (fresh(case).state, case.due_on) == ("in_progress", D(2026, 4, 8))
    assert wish(case) == new
    before = case.notes.get(verb="description_before")
    assert text_of(case.key, before.text, "note.text") == "2025年救助资金发放明细"
    asked = case.notes.get(verb="ask_clarification")
    assert text_of(case.key, asked.text, "note.text") == "请写明年度"
    again = refused(
        ask_clarification, case.number, on=counter.day, reply_by=D(2026, 3, 20), items="再补", **counter.who()
    )
    assert again == ("clarification_twice", "《政府信息公开条例》第三十条")


def test_a_late_clarification_letter_is_refused(counter):
    case = counter.case()
    counter.day = D(2026, 3, 12)  # the eighth working day
    late = refused(ask_clarification, case.number, on=counter.day, reply_by=D(2026, 3, 20), items="补", **counter.who())
    assert late == ("clarification_late", "《政府信息公开条例》第三十条")
    assert (fresh(case).state, case.due_on) == ("in_progress", DUE)


def given_up(counter):
    case = counter.case()
    ask_clarification(case.number, on=D(2026, 3, 2), reply_by=D(2026, 3, 13), items="请写明年度", **counter.who())
    counter.day = D(2026, 3, 16)
    return case


def test_what_is_given_up_is_closed_and_taken_up_again_by_decision(counter):
    case = given_up(counter)
    assert refused(take_clarification, case.number, on=counter.day, **counter.who())[0] == "given_up"
    assert refused(withdraw_request, case.number, on=counter.day, **counter.who())[0] == "given_up"
    close(case.number, **counter.who())
    assert fresh(case).state == "given_up"
    line = Outcome.objects.get(request=case)
    assert (line.reply_code, line.report_row, line.column) == ("R13", "other_1", "natural")
    head = counter.who("foi_head")
    assert refused(reopen, case.number, reason="", **head)[0] == "reason_missing"
    assert refused(reopen, case.number, reason="住院", **counter.who())[0] == "not_your_post"
    reopen(case.number, reason="申请人住院", reply_by=D(2026, 3, 20), **head)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_clarification", D(2026, 3, 20))
    assert Outcome.objects.filter(request=case, voided_at=None).count() == 0
    take_clarification(case.number, on=counter.day, **counter.who())
    assert fresh(case).state == "in_progress"
    counter.reply(case)
    assert Outcome.objects.get(request=case, voided_at=None).report_row == "granted"


def test_a_request_given_up_last_year_is_not_taken_up_again(counter):
    counter.day = D(2025, 12, 1)
    case = counter.case()
    ask_clarification(case.number, on=counter.day, reply_by=D(2025, 12, 10), items="补", **counter.who())
    counter.day = D(2025, 12, 31)
    close(case.number, **counter.who())
    counter.day = D(2026, 1, 5)
    assert refused(reopen, case.number, reason="住院", **counter.who("foi_head"))[0] == "counted_already"


def test_nothing_is_given_up_before_its_last_day_is_over(counter):
    case = given_up(counter)
    set_by = {"on": D(2026, 3, 13), "reply_by": D(2026, 3, 20), "reason": "住院"}
    assert refused(set_reply_by, case.number, **set_by, **counter.who())[0] == "given_up"
    counter.day = D(2026, 3, 13)
    assert refused(close, case.number, **counter.who())[0] == "not_given_up"


PARTIES = [Party("third_party", "甲公司", "拟公开合同一份"), Party("agency", "青禾市财政局", "共同制作", "34")]


def test_consultations_stop_the_clock_and_hold_the_reply_back(counter):
    case = counter.case()
    counter.day = D(2026, 3, 4)
    consult(case.number, PARTIES, on=counter.day, **counter.who())
    assert (fresh(case).due_on, case.clock_status) == (D(2026, 4, 21), "running")
    draft = counter.compose(case)
    waiting = refused(submit_reply, case.number, based_on=draft.revision, **counter.who())
    articles = "《政府信息公开条例》第三十二条；《政府信息公开条例》第三十四条"
    assert waiting == ("consultation_open", articles)
    counter.day = D(2026, 3, 10)
    record_consultation_answer(case.number, "第三方1", on=counter.day, position="agreed", **counter.who())
    record_consultation_answer(case.number, "其他机关1", on=counter.day, position="agreed", **counter.who())
    assert fresh(case).due_on == D(2026, 4, 3)  # four working days did not count
    counter.reply(case)
    assert fresh(case).state == "replied"


def test_nobody_is_asked_twice_to_stop_the_clock_again(counter):
    case = counter.case()
    consult(case.number, PARTIES[:1], on=counter.day, **counter.who())
    again = [Party("third_party", " 甲公司", "再问一次")]
    assert refused(consult, case.number, again, on=counter.day, **counter.who())[0] == "asked_already"
    two = [Party("third_party", "乙公司", "问"), Party("third_party", "乙公司", "问")]
    assert refused(consult, case.number, two, on=counter.day, **counter.who())[0] == "asked_already"


def test_the_fifteen_days_run_from_the_day_the_letter_arrived(counter):
    case = counter.case()
    asked = consult(case.number, PARTIES[:1], on=counter.day, **counter.who())[0]
    assert fresh(case).due_on == D(2026, 4, 21)
    counter.day = D(2026, 3, 6)
    letter_received(case.number, asked.asked_id, received_on=D(2026, 3, 5), **counter.who())
    assert fresh(case).due_on == D(2026, 4, 24)
    assert [step.received_on for step in case.steps.filter(step="third_party_asked")] == [None, D(2026, 3, 5)]
    again = refused(letter_received, case.number, asked.asked_id, received_on=counter.day, **counter.who())
    assert again[0] == "received_already"


def test_a_refusal_for_third_parties_needs_a_reasonable_objection(counter):
    case = counter.case()
    consult(case.number, PARTIES[:1], on=counter.day, **counter.who())
    counter.pass_days(2)
    record_consultation_answer(case.number, "第三方1", on=counter.day, position="objected", **counter.who())
    draft = counter.compose(case, "R3", "G15", findings={"basis": "商业秘密", "separability_examined": True})
    assert refused(submit_reply, case.number, based_on=draft.revision, **counter.who())[0] == "objection_not_examined"
    examine_objection(case.number, "第三方1", reasonable=True, reason="涉及报价明细", **counter.who())
    version = submit_reply(case.number, based_on=draft.revision, **counter.who())
    assert (version.reply_code, version.ground) == ("R3", "G15")


def test_an_extension_is_an_act_of_the_head_before_the_due_day(counter):
    case = counter.case()
    propose_extension(case.number, working_days=20, reason="检索量大", **counter.who())
    assert fresh(case).due_on == DUE  # a proposal moves nothing
    assert refused(approve_extension, case.number, notified_on=counter.day, **counter.who())[0] == "not_your_post"
    counter.day = D(2026, 3, 31)  # day 21
    head = counter.who("foi_head")
    late = refused(approve_extension, case.number, notified_on=counter.day, **head)
    assert late == ("extension_late", "《政府信息公开条例》第三十三条第二款")
    backdated = refused(approve_extension, case.number, notified_on=DUE, **head)
    assert backdated[0] == "notified_before_decision"
    refuse_extension(case.number, reason="期限已过", **head)
    propose_extension(case.number, working_days=5, reason="检索量大", **counter.who())
    counter.day = DUE
    assert refused(approve_extension, case.number, notified_on=DUE, **counter.who("foi_head"))[0] == "clock_backwards"


def test_who_holds_both_posts_does_not_decide_their_own_proposal(counter):
    officer, head = counter.town.people["foi_officer"], counter.town.people["foi_head"]
    appoint(head, counter.town.section, "foi_officer", starts_on=D(2020, 1, 1), actor=SYSTEM, at=at(counter.day))
    both = next(a for a in capacities(head, counter.day) if a.role == "foi_officer")
    case = counter.case()
    propose_extension(case.number, working_days=5, reason="检索量大", actor=both, at=at(counter.day))
    own = refused(approve_extension, case.number, notified_on=counter.day, **counter.who("foi_head"))
    assert (own[0], officer.pk == head.pk) == ("own_proposal", False)


def test_an_extension_in_time_adds_its_days_once(counter):
    case = counter.case()
    propose_extension(case.number, working_days=20, reason="检索量大", **counter.who())
    counter.day = DUE
    approve_extension(case.number, notified_on=DUE, **counter.who("foi_head"))
    assert fresh(case).due_on == D(2026, 4, 28)
    propose_extension(case.number, working_days=1, reason="再延", **counter.who())
    assert refused(approve_extension, case.number, notified_on=DUE, **counter.who("foi_head"))[0] == "extension_twice"


def test_delay_comes_after_reasons(counter):
    case = counter.case()
    later = {"on": counter.day, "until": D(2026, 6, 1), "reason": "一月三十件"}
    assert refused(delay, case.number, **later, **counter.who("foi_head"))[0] == "reasons_never_asked"
    ask_reasons(case.number, on=counter.day, text="一月三十件", **counter.who())
    take_reasons(case.number, on=counter.day, text="用于研究", **counter.who())
    assert fresh(case).due_on == DUE
    delay(case.number, **later, **counter.who("foi_head"))
    assert fresh(case).due_on == D(2026, 6, 1)


def test_a_fee_is_computed_by_law_and_waits_for_payment(counter):
    case = counter.case()
    fee = propose_fee(case.number, method="page", pages=50, excessive=True, reason="数量过大", **counter.who())
    assert fee.yuan == 200
    approve_fee(case.number, notified_on=counter.day, **counter.who("foi_head"))
    assert (fresh(case).state, case.due_on, case.waiting_until) == ("awaiting_payment", None, D(2026, 4, 1))
    counter.day = D(2026, 3, 11)
    record_payment(case.number, on=counter.day, **counter.who())
    assert (fresh(case).state, case.due_on) == ("in_progress", D(2026, 4, 9))
    assert case.fees.get().paid_on == D(2026, 3, 11)


def test_an_unpaid_fee_is_given_up_as_r14(counter):
    case = counter.case()
    propose_fee(case.number, method="page", pages=50, excessive=True, reason="数量过大", **counter.who())
    approve_fee(case.number, notified_on=counter.day, **counter.who("foi_head"))
    counter.day = D(2026, 4, 2)
    assert refused(record_payment, case.number, on=counter.day, **counter.who())[0] == "given_up"
    close(case.number, **counter.who())
    assert Outcome.objects.get(request=case).report_row == "other_2"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"excessive": False, "pages": 500}, "not_excessive"),
        ({"excessive": True, "pages": 30}, "nothing_to_charge"),
        ({"excessive": True, "pages": 500, "only_told_where": True}, "only_told_where"),
        ({"excessive": True, "pages": -1}, "negative"),
    ],
)
def test_when_no_fee_may_be_proposed(counter, more, code):
    case = counter.case()
    assert refused(propose_fee, case.number, method="page", reason="数量过大", **more, **counter.who())[0] == code


def test_pieces_are_counted_over_the_month_of_the_same_applicant(counter):
    for n in range(11):
        case = counter.case(f"第{n}号文件")
    fee = propose_fee(case.number, method="piece", excessive=True, reason="数量过大", **counter.who())
    assert (fee.already, fee.yuan) == (10, 100)
    assert refused(refuse_fee, case.number, reason="", **counter.who("foi_head"))[0] == "reason_missing"
    refuse_fee(case.number, reason="不收", **counter.who("foi_head"))
    assert fresh(case).state == "in_progress"


def test_sections_work_by_internal_dates(counter):
    case = counter.case()
    task = assign_task(case.number, counter.town.section, due_on=D(2026, 3, 9), asked="请检索", **counter.who())
    assert fresh(case).due_on == DUE
    assert refused(finish_task, case.number, task.pk, answer="无", **counter.who("other_drafter"))[0] == "not_your_post"
    finish_task(case.number, task.pk, answer="已检索", **counter.who("drafter"))
    other = counter.town.other_section
    assert (
        refused(assign_task, case.number, other, due_on=D(2026, 3, 9), asked="x", **counter.who())[0] == "other_organ"
    )


def test_not_existing_needs_a_search_on_record(counter):
    case = counter.case()
    draft = counter.compose(case, "R4")
    assert refused(submit_reply, case.number, based_on=draft.revision, **counter.who())[0] == "no_search_record"
    searched = {"places": "档案室", "terms": "救助", "result": "没有", "found": False}
    early = refused(record_search, case.number, on=D(2026, 3, 1), **searched, **counter.who())
    assert early[0] == "before_receipt"
    record_search(case.number, on=counter.day, **searched, **counter.who())
    version = submit_reply(case.number, based_on=draft.revision, **counter.who())
    assert version.reply_code == "R4"


def test_a_refusal_tells_review_first_and_is_counted_by_its_ground(counter):
    case = counter.case()
    counter.reply(case, "R3", ground="G14a", findings={"basis": "密级文件及其定密依据", "separability_examined": True})
    line = Outcome.objects.get(request=case)
    assert (line.reply_code, line.ground, line.report_row) == ("R3", "G14a", "denied_1")


def test_findings_that_must_be_mended_stop_the_sign_off(counter):
    case = counter.case()
    draft = counter.compose(case, "R2", letter={"remedy": "对本答复不服的，可以向上一级主管部门申请复议。"})
    code, _ = refused(submit_reply, case.number, based_on=draft.revision, **counter.who())
    assert code in ("remedy_order", "remedy_body", "remedy_period")
    assert fresh(case).state == "in_progress"


def test_findings_to_explain_need_a_reason(counter):
    case = counter.case()
    draft = counter.compose(case, "R3", "G16a", findings={"separability_examined": True, "no_rule_requires": True})
    more = {"based_on": draft.revision, **counter.who()}
    assert refused(submit_reply, case.number, **more)[0] == "explanation_missing"
    version = submit_reply(case.number, explanations={"external_not_examined": "仅供内部使用"}, **more)
    assert version.explained == ["external_not_examined"]


def test_an_outcome_without_a_letter_is_not_composed(counter):
    case = counter.case()
    assert refused(compose_reply, case.number, answers_for("R16"), **counter.who())[0] == "no_letter"


def test_opinions_return_and_recall_make_new_versions(counter):
    case = counter.case()
    first = counter.submit(case)
    assert refused(counter.compose, case)[0] == "cannot_compose_reply"
    counter.opine(first, 1)
    counter.opine(first, 2, "return", reason="请改", return_to=0)
    assert fresh(case).state == "in_progress"
    second = counter.sign(case)
    assert (fresh(case).state, second.number, second.digest != first.digest) == ("signed", 2, True)
    recall_reply(case.number, reason="错字", **counter.who())
    assert (fresh(case).state, case.signed_on) == ("in_progress", None)
    counter.reply(case)
    assert case.delivered.version.number == 3
    assert case.reply_number == "市民政局公复〔2026〕1号"


def test_nobody_signs_their_own_reply_and_nobody_twice(counter):
    case = counter.case()
    version = counter.submit(case)
    assert refused(counter.opine, version, 1, who="foi_officer")[0] == "not_your_step"
    counter.opine(version, 1)
    assert refused(counter.opine, version, 2, read_digest="0" * 64)[0] == "stale_text"
    assert refused(counter.opine, version, 4)[0] == "not_this_step"


def test_delivery_needs_seal_proof_and_a_day_not_before_the_signature(counter):
    case = counter.case()
    counter.pass_days(2)
    counter.sign(case)
    assert refused(counter.deliver, case)[0] == "no_seal"
    counter.seal(case)
    assert refused(counter.deliver, case, on=D(2026, 3, 3))[0] == "before_sign_off"
    assert refused(counter.deliver, case, proof=" ")[0] == "proof_missing"
    assert refused(counter.deliver, case, by="courier")[0] == "courier"
    assert refused(counter.deliver, case, on=counter.day + timedelta(days=1))[0] == "date_in_future"
    # Sent online the letter would have to name an online channel for review, which this one does not.
    assert refused(counter.deliver, case, by="online")[0] == "no_online_channel"
    counter.deliver(case)
    assert refused(counter.deliver, case)[0] == "cannot_deliver"


def test_a_late_reply_goes_out_and_stays_late(counter):
    case = counter.case()
    counter.day = D(2026, 4, 2)
    version = counter.sign(case)
    assert version.faults == ["late"]
    counter.seal(case)
    counter.deliver(case)
    assert (fresh(case).state, case.clock_status) == ("replied", "late")


def test_withdrawal_ends_a_review_under_way(counter):
    case = counter.case()
    version = counter.submit(case)
    withdraw_request(case.number, on=counter.day, text="不需要了", actor=APPLICANT, at=at(counter.day))
    assert (fresh(case).state, case.due_on) == ("withdrawn", None)
    assert refused(counter.opine, version, 1)[0] == "case_closed"
    close(case.number, **counter.who())
    assert (fresh(case).state, case.closed_on) == ("closed", counter.day)
    assert Outcome.objects.get(request=case).report_row == "other_3"


def test_remedies_are_concluded_once(counter):
    case = counter.case()
    counter.reply(case)
    filed = {"kind": "review", "body": "青禾市人民政府", "docket": "青复〔2026〕7号", "filed_on": counter.day}
    remedy = register_remedy(case.number, **filed, **counter.who())
    counter.pass_days(30)
    conclude_remedy(case.number, remedy.pk, result="corrected", on=counter.day, redo_by=D(2026, 5, 6), **counter.who())
    again = refused(conclude_remedy, case.number, remedy.pk, result="upheld", on=counter.day, **counter.who())
    assert again[0] == "concluded_already"


@pytest.mark.parametrize("who", ["drafter", "supervisor", "system_admin", "leader", "other_drafter", "foi_head"])
def test_only_the_officer_of_the_organ_handles_requests(counter, who):
    case = counter.case()
    assert refused(ask_reasons, case.number, on=counter.day, text="x", **counter.who(who))[0] == "not_your_post"
    assert refused(counter.receive, **counter.who(who))[0] == "not_your_post"


def test_steps_are_written_in_the_order_they_were_taken(counter):
    case = counter.case()
    counter.pass_days(5)
    ask_reasons(case.number, on=counter.day, text="x", **counter.who())
    early = refused(consult, case.number, PARTIES, on=D(2026, 3, 3), **counter.who())
    assert early[0] == "before_last_step"


def test_the_chain_of_facts_is_whole(counter):
    case = counter.case()
    counter.reply(case)
    seal_all(at=at(counter.day))
    assert list(verify()) == []
    assert SYSTEM.staff_number == "system"
