"""Sixty people ask for the same thing: one text, sixty letters, each with its own clock, number, digest and delivery."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import timedelta

import pytest

from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.batch_accept import batch_accept
from gongkai.foi.actions.batch_compose import batch_compose
from gongkai.foi.actions.batch_deliver import batch_deliver
from gongkai.foi.actions.batch_make import batch_make
from gongkai.foi.actions.batch_opine import batch_opine
from gongkai.foi.actions.batch_pieces import Piece
from gongkai.foi.actions.batch_seal import batch_seal
from gongkai.foi.actions.batch_submit import batch_submit
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.models import Batch, BatchMember, Delivery, FoiRequest, Outcome, ReplyVersion, SealedCopy
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.batches import batch_digest, progress, proposals
from gongkai.foi.queries.replies import newest
from gongkai.foi.queries.sealed import version_content
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import PNG

pytestmark = pytest.mark.django_db

MEMBERS = 60
WANTED = "2025年度城乡居民最低生活保障资金发放明细"


class PaperSeal:
    """Stands for the seal server of an installation: the letter comes back with a mark behind it."""

    def stamp(self, pdf: bytes, digest: str) -> bytes:
        return pdf + f"%{digest}\n".encode()


def someone(n: int) -> Particulars:
    return Particulars(f"申请人第{n:03d}", phone=f"139{n:08d}", address=f"青禾市测试路{n}号")


def ask(counter, n: int, wanted: str = WANTED, **more):
    """An online request of one of many people, received today."""
    given = {"channel": "online", "confirmed_on": counter.day, "delivery": "online"} | more
    if given["channel"] == "in_person":
        given.pop("confirmed_on")
    return counter.receive(wanted, applicant=someone(n), **given).registered[0].case


def begin(counter, members: int = MEMBERS, **more):
    """Requests, batch, acceptance, and the leading letter."""
    cases = [ask(counter, n) for n in range(1, members + 1)]
    made = batch_make(cases[0].number, [case.number for case in cases], **counter.who())
    take_up(counter, made.batch)
    lead(counter, cases[0], **more)
    return made.batch, cases


def take_up(counter, batch) -> Piece:
    """Accept the leading request with its section, then the others."""
    if FoiRequest.objects.get(pk=batch.lead_id).state == "received":
        accept(batch.lead.number, section=counter.town.section, **counter.who())
    return whole(batch_accept, batch, counter)


def lead(counter, case, code: str = "R2", **more):
    """The leading letter, which names the online way to review that letters delivered online have to name."""
    letter = {"online_channel": "青禾市行政复议服务平台"} | more.pop("letter", {})
    return counter.compose(case, code, letter=letter, **more)


def whole(act, batch, counter, *, role: str = "foi_officer", piece: int = 25, **more) -> Piece:
    """Every piece of one verb; what they did together."""
    done, already, refused, after = 0, 0, [], 0
    while True:
        said = act(batch.pk, after=after, limit=piece, **counter.who(role), **more)
        done, already, refused, after = done + said.done, already + said.already, [*refused, *said.refused], said.last
        if not said.left:
            return Piece(done, already, tuple(refused), after, 0)


def sign(batch, counter, *, verdict: str = "approve", steps: int = 4, **more) -> list[Piece]:
    return [
        whole(
            batch_opine, batch, counter, role=role, step_order=order, verdict=verdict,
            read_digest=batch_digest(batch), **more,
        )
        for order, role in enumerate(counter.roles(newest(batch.lead))[:steps], start=1)
    ]  # fmt: skip


def states(batch) -> dict[str, int]:
    return {state: n for state, n in progress(batch).states.items() if n}


# From the first to the last step ------------------------------------------------------------------------------------


def test_sixty_are_answered_with_one_text(counter, settings):
    settings.FOI_SEAL = f"{__name__}.PaperSeal"
    batch, cases = begin(counter)
    assert states(batch) == {"in_progress": MEMBERS}
    said = whole(batch_compose, batch, counter)
    assert (said.done, said.already, said.refused) == (MEMBERS - 1, 1, ())
    said = whole(batch_submit, batch, counter)
    assert (said.done, said.already, said.refused) == (MEMBERS, 0, ())
    assert [(p.done, p.refused) for p in sign(batch, counter)] == [(MEMBERS, ())] * 4
    assert states(batch) == {"signed": MEMBERS}
    assert whole(batch_seal, batch, counter, role="foi_officer2").done == MEMBERS
    said = whole(batch_deliver, batch, counter)
    assert (said.done, said.refused) == (MEMBERS, ())
    assert states(batch) == {"replied": MEMBERS}

    versions = ReplyVersion.objects.select_related("request__key").order_by("pk")
    letters = [version_content(v).letter for v in versions]
    assert [letter["addressee"] for letter in letters] == [someone(n).name for n in range(1, MEMBERS + 1)]
    assert len({v.digest for v in versions}) == MEMBERS
    numbers = [int(letter["number"].split("〕")[1].removesuffix("号")) for letter in letters]
    assert sorted(numbers) == list(range(1, MEMBERS + 1))
    assert len({letter["reason"] for letter in letters}) == 1
    assert Delivery.objects.count() == SealedCopy.objects.count() == Outcome.objects.count() == MEMBERS
    assert {d.digest for d in Delivery.objects.all()} == {v.digest for v in versions}
    for kind in ("foi.batch_made", "foi.reply_submitted", "foi.reply_signed", "foi.seal_bound", "foi.delivered"):
        assert Tally(Fact.objects.filter(kind=kind).values_list("subject", flat=True)) == dict.fromkeys(
            (case.subject for case in cases), 1
        )
    # What is the other applicants' stands in nobody's letter.
    for n, letter in enumerate(letters, start=1):
        words = " ".join(map(str, letter.values()))
        assert [m for m in range(1, MEMBERS + 1) if someone(m).name in words] == [n]


def test_run_again_it_finds_everything_done(counter, settings):
    settings.FOI_SEAL = f"{__name__}.PaperSeal"
    batch, _ = begin(counter, 5)
    for act, role in (
        (batch_compose, "foi_officer"), (batch_submit, "foi_officer"), (batch_opine, ""),
        (batch_seal, "foi_officer2"), (batch_deliver, "foi_officer"),
    ):  # fmt: skip
        if act is batch_opine:
            sign(batch, counter)
            again = sign(batch, counter)
            assert [(p.done, p.already, p.refused) for p in again] == [(0, 5, ())] * 4
        else:
            whole(act, batch, counter, role=role)
            again = whole(act, batch, counter, role=role)
            assert (again.done, again.already, again.refused) == (0, 5, ())
    facts = Fact.objects.count()
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    assert Fact.objects.count() == facts


# Each keeps its own clock -------------------------------------------------------------------------------------------


def test_each_member_keeps_its_own_clock_and_dates(counter):
    first = [ask(counter, n) for n in (1, 2)]
    counter.pass_days(7)
    later = [ask(counter, n) for n in (3, 4)]
    made = batch_make(first[0].number, [case.number for case in (*first, *later)], **counter.who())
    take_up(counter, made.batch)
    counter.compose(first[0])
    whole(batch_compose, made.batch, counter)
    whole(batch_submit, made.batch, counter)
    rows = FoiRequest.objects.filter(batch_member__batch=made.batch).order_by("pk").values_list("received_on", "due_on")
    # Twenty working days each, by its own day of receipt; 清明 lies in the second.
    assert [(str(received), str(due)) for received, due in rows] == [("2026-03-02", "2026-03-30")] * 2 + [
        ("2026-03-09", "2026-04-07")
    ] * 2


def test_who_may_not_be_answered_stays_out_by_name_and_the_rest_goes_on(counter):
    from gongkai.foi.actions.ask_clarification import ask_clarification
    from gongkai.foi.actions.consult import Party, consult
    from gongkai.foi.actions.withdraw_request import withdraw_request

    batch, cases = begin(counter, 12)
    clarify, consulted, withdrawn, late = cases[3], cases[5], cases[7], cases[9]
    ask_clarification(
        clarify.number, on=counter.day, reply_by=counter.day + timedelta(days=10), items="请写明。", **counter.who()
    )
    consult(consulted.number, [Party("third_party", "青禾市某某公司", "请提出意见。")], on=counter.day, **counter.who())
    withdraw_request(withdrawn.number, on=counter.day, **counter.who())
    said = whole(batch_compose, batch, counter)
    assert said.done == 9
    assert [out.number for out in said.refused] == [clarify.number, withdrawn.number]
    assert "等待申请人补正" in said.refused[0].sentence
    assert "申请人已撤回" in said.refused[1].sentence
    said = whole(batch_submit, batch, counter)
    assert said.done == 9
    assert [out.number for out in said.refused] == [clarify.number, consulted.number, withdrawn.number]
    assert "正在征求第三方1的意见" in said.refused[1].sentence
    assert ReplyVersion.objects.filter(request__in=[clarify, consulted, withdrawn]).count() == 0
    said = sign(batch, counter, steps=1)[0]
    assert (said.done, [out.number for out in said.refused]) == (
        9,
        [clarify.number, consulted.number, withdrawn.number],
    )
    assert late.number not in {out.number for out in said.refused}
    assert states(batch) == {"awaiting_clarification": 1, "in_progress": 1, "withdrawn": 1, "in_review": 9}


def test_a_member_that_fails_half_way_leaves_nothing_behind(counter):
    """The attachment is copied before the letter is written; a refusal after that takes it back too."""
    from gongkai.foi.models import CaseFile

    batch, cases = begin(counter, 3)
    paper = add_file(cases[0].number, PNG, "附件.png", kind="reply", **counter.who())
    lead(counter, cases[0], files=[paper.pk])
    FoiRequest.objects.filter(pk=cases[1].pk).update(touched_at=counter.who()["at"] + timedelta(days=1))
    said = whole(batch_compose, batch, counter)
    assert [out.number for out in said.refused] == [cases[1].number]
    assert "系统时间早于" in said.refused[0].sentence
    copies = CaseFile.objects.filter(kind="reply").order_by("request__pk")
    assert [copy.request_id for copy in copies] == [cases[0].pk, cases[2].pk]
    whole(batch_compose, batch, counter)
    assert CaseFile.objects.filter(kind="reply").count() == 2  # the copy is not made twice


# One text, and nobody else's words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("经核对，申请人第001所述情况属实，理由写明在此。", "申请人的姓名或者名称"),
        ("请按申请时留下的电话13900000001联系，理由写明在此。", "申请人的电话"),
        ("您的申请QH-MZ-2026-00001收悉，理由写明在此。", "申请编号"),
    ],
)
def test_the_leading_applicants_own_words_do_not_get_into_other_letters(counter, words, title):
    batch, cases = begin(counter, 4, letter={"reason": words})
    said = whole(batch_compose, batch, counter)
    assert said.done == 0
    assert [out.number for out in said.refused] == [case.number for case in cases[1:]]
    assert all(title in out.sentence for out in said.refused)


def test_whole_paragraphs_of_the_leading_letter_are_not_written_to_others(counter):
    batch, _ = begin(counter, 3, text="本机关经核对，答复如下。对本答复不服的，可以申请行政复议。")
    with pytest.raises(Refusal, match="改写了整段文字"):
        batch_compose(batch.pk, **counter.who())


def test_a_date_of_receipt_in_the_common_text_is_right_only_for_whom_it_is_right(counter):
    first = ask(counter, 1)
    same = ask(counter, 2)
    counter.pass_days(1)
    other = ask(counter, 3)
    made = batch_make(first.number, [same.number, other.number], **counter.who())
    take_up(counter, made.batch)
    lead(counter, first, letter={"reason": "本机关于2026年3月2日收到申请，经核对，理由写明在此。"})
    said = whole(batch_compose, made.batch, counter)
    assert (said.done, [out.number for out in said.refused]) == (1, [other.number])
    assert "收到日期" in said.refused[0].sentence


def test_a_member_written_by_itself_is_not_taken_along(counter):
    batch, cases = begin(counter, 4)
    whole(batch_compose, batch, counter)
    lead(counter, cases[2], letter={"reason": "这一件情形不同，理由另写在此。"})
    said = whole(batch_submit, batch, counter)
    assert (said.done, [out.number for out in said.refused]) == (3, [cases[2].number])
    assert "与牵头申请的不同" in said.refused[0].sentence
    submit_reply(cases[2].number, based_on=2, **counter.who())
    said = sign(batch, counter, steps=1)[0]
    assert (said.done, [out.number for out in said.refused]) == (3, [cases[2].number])
    assert "请单独审签" in said.refused[0].sentence


def test_a_changed_leading_letter_is_written_to_all_again(counter):
    batch, cases = begin(counter, 4)
    whole(batch_compose, batch, counter)
    lead(counter, cases[0], letter={"reason": "经再次核对，理由改写在此，与文件对应。"})
    said = whole(batch_submit, batch, counter)
    assert (said.done, len(said.refused)) == (1, 3)
    # The leading one is frozen now; the others follow what was frozen.
    assert whole(batch_compose, batch, counter).done == 3
    assert whole(batch_submit, batch, counter).done == 3
    reasons = {version_content(v).letter["reason"] for v in ReplyVersion.objects.select_related("request__key")}
    assert reasons == {"经再次核对，理由改写在此，与文件对应。"}


def test_the_search_is_shared_where_it_was_made_after_the_request_came(counter):
    from gongkai.foi.actions.record_search import record_search
    from gongkai.foi.queries.sealed import json_of

    first, second = ask(counter, 1), ask(counter, 2)
    made = batch_make(first.number, [second.number], **counter.who())
    take_up(counter, made.batch)
    record_search(
        first.number, places="档案室", terms="低保资金 明细", result="没有", found=False, on=counter.day,
        **counter.who("drafter"),
    )  # fmt: skip
    counter.pass_days(1)
    late = ask(counter, 3)
    batch_make(first.number, [late.number], **counter.who())
    take_up(counter, made.batch)
    lead(counter, first, "R4")
    assert whole(batch_compose, made.batch, counter).done == 2
    told = json_of(second.key, second.searches.get().content, "search.content")
    assert (told["places"], told["result"]) == ("档案室", f"没有（与{first.number}一并检索，检索人测试01）")
    said = whole(batch_submit, made.batch, counter)
    assert (said.done, [out.number for out in said.refused]) == (2, [late.number])
    assert "检索" in said.refused[0].sentence


# Sign-off -----------------------------------------------------------------------------------------------------------


def test_an_opinion_is_on_what_was_read(counter):
    batch, cases = begin(counter, 4)
    whole(batch_compose, batch, counter)
    for case in cases[:3]:
        submit_reply(case.number, based_on=1, **counter.who())
    read = batch_digest(batch)
    whole(batch_submit, batch, counter)  # the fourth comes while somebody is reading
    assert batch_digest(batch) != read
    with pytest.raises(Refusal, match="在您阅读以后"):
        batch_opine(batch.pk, 1, "approve", read_digest=read, **counter.who("section_reviewer"))
    assert states(batch) == {"in_review": 4}


def test_nobody_reads_at_two_steps_or_their_own_or_for_another_organ(counter):
    batch, _ = begin(counter, 3)
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    for role in ("foi_officer", "compliance_reviewer", "other_secrecy"):
        said = batch_opine(batch.pk, 1, "approve", read_digest=batch_digest(batch), **counter.who(role))
        assert (said.done, len(said.refused)) == (0, 3)
    assert progress(batch).steps[0].count == 3


def test_a_return_sends_all_back_and_may_be_run_again(counter):
    batch, _ = begin(counter, 6)
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    given = {"read_digest": batch_digest(batch), "reason": "请补充依据。", "return_to": 0}
    who = counter.who("section_reviewer")
    # The first piece, the leading letter in it, and then once more from the start, as after an interruption.
    assert batch_opine(batch.pk, 1, "return", limit=2, **given, **who).done == 2
    assert states(batch) == {"in_progress": 2, "in_review": 4}
    again = batch_opine(batch.pk, 1, "return", **given, **who)
    assert (again.done, again.already, again.refused) == (4, 2, ())
    assert states(batch) == {"in_progress": 6}
    # Written and sent anew, all of it is read anew.
    lead(counter, batch.lead, letter={"reason": "补充依据以后，理由改写在此，与文件对应。"})
    assert whole(batch_compose, batch, counter).done == 5
    assert whole(batch_submit, batch, counter).done == 6
    with pytest.raises(Refusal, match="在您阅读以后"):
        batch_opine(batch.pk, 1, "approve", read_digest=given["read_digest"], **who)
    assert sign(batch, counter, steps=1)[0].done == 6


def test_steps_follow_each_other(counter):
    batch, _ = begin(counter, 3)
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    sign(batch, counter, steps=2)
    waiting = progress(batch).steps
    assert [(w.order, w.count) for w in waiting] == [(3, 3)]
    said = sign(batch, counter)
    assert [p.done for p in said] == [0, 0, *[3] * (len(said) - 2)]


# Seal and delivery --------------------------------------------------------------------------------------------------


def test_without_an_electronic_seal_nothing_is_sealed_together(counter):
    batch, _ = begin(counter, 3)
    with pytest.raises(Refusal, match="没有接入电子印章"):
        batch_seal(batch.pk, **counter.who("foi_officer2"))


def test_the_author_does_not_seal_and_only_online_is_delivered_together(counter, settings):
    settings.FOI_SEAL = f"{__name__}.PaperSeal"
    cases = [ask(counter, n, delivery=way) for n, way in enumerate(("online", "post", "online", "email"), start=1)]
    made = batch_make(cases[0].number, [case.number for case in cases], **counter.who())
    batch = made.batch
    take_up(counter, batch)
    lead(counter, cases[0])
    whole(batch_compose, batch, counter)
    whole(batch_submit, batch, counter)
    sign(batch, counter)
    assert whole(batch_deliver, batch, counter).done == 0
    said = whole(batch_seal, batch, counter, role="foi_officer")
    assert (said.done, {out.sentence for out in said.refused}) == (0, {"盖章件由拟稿人以外的人核对后登记。"})
    assert whole(batch_seal, batch, counter, role="foi_officer2").done == 4
    said = whole(batch_deliver, batch, counter)
    assert said.done == 2
    assert [(out.number, out.sentence) for out in said.refused] == [
        (cases[1].number, "申请人要求的送达方式是邮寄，请逐件送达。"),
        (cases[3].number, "申请人要求的送达方式是电子邮件，请逐件送达。"),
    ]


# Making a batch -----------------------------------------------------------------------------------------------------


def test_who_may_join(counter):
    from gongkai.foi.actions.withdraw_request import withdraw_request

    one, two, three, four = (ask(counter, n) for n in range(1, 5))
    withdraw_request(three.number, on=counter.day, **counter.who())
    unconfirmed = ask(counter, 5, confirmed_on=None)
    made = batch_make(
        one.number, [one.number, two.number, three.number, unconfirmed.number, "QH-MZ-2026-99999"], **counter.who()
    )
    assert (made.joined, made.already) == (2, 0)
    assert [out.number for out in made.refused] == [three.number, unconfirmed.number, "QH-MZ-2026-99999"]
    again = batch_make(one.number, [two.number, four.number], **counter.who())
    assert (again.batch.pk, again.joined, again.already) == (made.batch.pk, 1, 2)
    other = ask(counter, 6)
    second = batch_make(other.number, [two.number], **counter.who())
    assert [out.sentence for out in second.refused] == ["这件申请已经归入另一批。"]
    with pytest.raises(Refusal, match="已经归入另一批"):
        batch_make(two.number, [], **counter.who())
    assert (Batch.objects.count(), BatchMember.objects.count()) == (2, 4)


@pytest.mark.parametrize("role", ["foi_head", "drafter", "leader", "other_drafter"])
def test_only_the_officer_works_on_batches(counter, role):
    one, two = ask(counter, 1), ask(counter, 2)
    with pytest.raises(Refusal, match="没有为本机关批量办理的岗位"):
        batch_make(one.number, [two.number], **counter.who(role))
    made = batch_make(one.number, [two.number], **counter.who())
    for act in (batch_accept, batch_compose, batch_submit, batch_deliver):
        with pytest.raises(Refusal, match="没有为本机关"):
            act(made.batch.pk, **counter.who(role))


def test_the_others_are_accepted_after_the_leading_one_with_its_section(counter):
    cases = [ask(counter, n) for n in (1, 2, 3)]
    batch = batch_make(cases[0].number, [case.number for case in cases], **counter.who()).batch
    with pytest.raises(Refusal, match="请先受理牵头申请"):
        batch_accept(batch.pk, **counter.who())
    said = take_up(counter, batch)
    assert (said.done, said.already) == (2, 1)
    sections = FoiRequest.objects.values_list("section__code", "state").distinct()
    assert list(sections) == [("QH-MZ-JZ", "in_progress")]


def test_near_same_requests_are_proposed_together(counter):
    same = [ask(counter, n).number for n in range(1, 5)]
    near = ask(counter, 5, WANTED + "表").number
    ask(counter, 6, "环城路拓宽工程的征地批复和补偿标准")
    counter.case(WANTED)  # the same once more, by somebody else
    done = ask(counter, 7)
    found = proposals(counter.town.organ.pk)
    assert len(found) == 1
    assert found[0].lead == same[0]
    assert set(found[0].numbers) >= {*same, near, done.number}
    assert (len(found[0].numbers), found[0].applicants) == (7, 7)
    assert found[0].due_on == FoiRequest.objects.get(number=same[0]).due_on
    batch_make(same[0], same, **counter.who())
    assert len(proposals(counter.town.organ.pk)[0].numbers) == 3
    assert proposals(counter.town.other_organ.pk) == []


def test_members_get_the_leading_copy_and_one_confirmation_counts_for_all(counter):
    from gongkai.foi.models import CaseFile
    from gongkai.foi.queries.sealed import file_bytes

    batch, cases = begin(counter, 3)
    table = "街道,户数,经办人电话\n文渊街道,12,13800005678\n"
    copy = counter.copy(cases[0], table, "发放明细.csv")
    covered = {"attachment_covered": "经办人电话不在所申请的范围里"}
    lead(counter, cases[0], files=[copy.pk], explanations=covered)
    whole(batch_compose, batch, counter)
    shared = CaseFile.objects.filter(copy=copy.copy_id).select_related("blob", "request__key").order_by("request__pk")
    assert [paper.request_id for paper in shared] == [case.pk for case in cases]
    assert [paper.original_id is None for paper in shared] == [False, True, True]
    assert len({paper.blob_id for paper in shared}) == 3  # sealed with each request's own key
    assert {file_bytes(paper) for paper in shared} == {file_bytes(copy)}
    assert b"13800005678" not in file_bytes(copy)
    said = whole(batch_submit, batch, counter)
    assert (said.done, said.refused) == (3, ())
    sign(batch, counter, steps=2)
    said = sign_at(batch, counter, 3)
    assert [out.number for out in said.refused] == [case.number for case in cases]
    assert "还没有与原件核对" in said.refused[0].sentence
    counter.confirm(newest(batch.lead), copy)
    assert sign_at(batch, counter, 3).done == 3


def sign_at(batch, counter, order: int) -> Piece:
    """One step of sign-off for the whole batch."""
    role = counter.roles(newest(batch.lead))[order - 1]
    return whole(
        batch_opine, batch, counter, role=role, step_order=order, verdict="approve", read_digest=batch_digest(batch)
    )
