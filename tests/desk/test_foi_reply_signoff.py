"""Sign-off and recall, over HTTP."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.models import CaseFile, FoiRequest, ReplyVersion
from gongkai.ledger.models import Fact
from gongkai.review.models import Opinion
from tests.foi.conftest import NAME, at, tamper

CSV = "镇街,金额\n文渊街道,1\n".encode()


@pytest.fixture
def today(counter, time_machine):
    """Moves the machine's clock to the counter's day, or so many days on."""

    def go(days: int = 0) -> date:
        counter.pass_days(days)
        time_machine.move_to(at(counter.day, 14), tick=False)
        return counter.day

    go()
    return go


def text(answer) -> str:
    return re.sub(r"\s*\n\s*", "", answer.content.decode())


def state(case) -> str:
    return FoiRequest.objects.values_list("state", flat=True).get(pk=case.pk)


def paper(counter, case, name="明细.csv", kind="reply", data=CSV) -> CaseFile:
    """A paper of the file; what may go out with a reply as its checked copy."""
    if kind == "reply":
        return counter.copy(case, data, name, cover=False)
    return add_file(case.number, data, name, kind=kind, **counter.who())


def opine(browser, case, order, verdict="approve", **more):
    digest = more.pop("digest", None) or ReplyVersion.objects.filter(request=case).last().digest
    sent = {"verdict": verdict, "digest": digest, "reason": ""} | more
    return browser.post("case_opine", case.number, order, follow=True, **sent)


# Sign-off ------------------------------------------------------------------------------------------------------------


def test_four_people_sign_a_letter_that_gives_information(sits, counter, today):
    case = counter.case()
    counter.submit(case, files=[paper(counter, case).pk])
    today(0)
    path = [("section_reviewer", "政府信息公开工作机构审核"), ("compliance_reviewer", "保密审查"),
            ("secrecy_reviewer", "机关负责人签发"), ("leader", "")]  # fmt: skip
    for order, (who, following) in enumerate(path, start=1):
        page = sits(who).get("case_signoff", case.number)
        assert page.status_code == 200
        assert page.context["decision"]["url"] == reverse("desk:case_opine", args=[case.number, order])
        assert [f["name"] for f in page.context["attachments"]] == ["明细.csv"]
        said = text(opine(sits(who), case, order))
        assert (f"接下来由“{following}”办理" if following else "答复已签发") in said
    assert state(case) == "signed"
    assert [o.person_id for o in Opinion.objects.order_by("pk")] == [counter.town.people[w].pk for w, _ in path]


def test_a_refusal_needs_no_secrecy_review(sits, counter, today):
    case = counter.case()
    counter.submit(case, "R9")
    today(0)
    page = sits("section_reviewer").get("case_signoff", case.number)
    assert [row["title"] for row in page.context["steps"]] == [
        "拟写", "科室审核", "政府信息公开工作机构审核", "机关负责人签发", "盖章送达",
    ]  # fmt: skip
    for order, who in enumerate(("section_reviewer", "compliance_reviewer", "leader"), start=1):
        opine(sits(who), case, order)
    assert state(case) == "signed"


def test_the_screen_shows_what_was_frozen_and_by_which_rules(sits, counter, today):
    case = counter.case()
    version = counter.submit(
        case, "R3", "G14a", findings={"basis": "机密，市委办公室定密", "separability_examined": True}
    )
    today(0)
    page = sits("compliance_reviewer").get("case_signoff", case.number)
    assert "应当自收到本答复书之日起六十日内，先向" in re.sub(r"<[^>]*>", "", str(page.context["letter"]))
    assert page.context["frozen"]["digest"].startswith(version.digest[:4])
    assert page.context["cards"] == []
    assert "不予公开的情形" in page.context["passed"]
    assert page.context["decision"] is None
    assert "现在是“科室审核”环节，由测试03办理" in page.context["not_mine"]
    assert page.context["facts"][3] == "不予公开（国家秘密）"
    assert NAME in text(page)
    assert NAME not in text(sits("drafter").get("case_signoff", case.number))


def test_an_explained_finding_stands_beside_the_letter(sits, counter, today):
    case = counter.case()
    counter.submit(
        case, "R3", "G16b", findings={"no_rule_requires": True, "separability_examined": True},
        explanations={"external_not_examined": "该稿没有印发。"},
    )  # fmt: skip
    today(0)
    cards = sits("leader").get("case_signoff", case.number).context["cards"]
    assert [(c["code"], c["severity"], c["explained"]) for c in cards] == [
        ("external_not_examined", "explain", "该稿没有印发。")
    ]


def test_an_opinion_on_another_text_is_not_taken(sits, counter, today):
    case = counter.case()
    counter.submit(case)
    today(0)
    answer = opine(sits("section_reviewer"), case, 1, digest="0" * 64, reason="看过了")
    assert answer.status_code == 409
    assert "您看到的不是正在审查的文本" in text(answer)
    assert "看过了" in text(answer)
    assert not Opinion.objects.exists()


def test_a_file_that_was_changed_behind_the_reply_stops_the_opinion(sits, counter, today):
    case = counter.case()
    attached = paper(counter, case)
    counter.submit(case, files=[attached.pk])
    today(0)
    tamper(attached, digest="a:" + "0" * 64)
    page = sits("section_reviewer").get("case_signoff", case.number)
    assert page.context["whole"] is False
    assert "与送审时的摘要不一致" in text(page)
    assert [v["allowed"] for v in page.context["decision"]["verbs"]] == [False, True, True]
    answer = opine(sits("section_reviewer"), case, 1)
    assert answer.status_code == 409
    assert "不能审签" in text(answer)
    assert not Opinion.objects.exists()


def test_the_author_and_one_person_twice_are_refused(sits, counter, today):
    case = counter.case()
    counter.submit(case)
    today(0)
    assert opine(sits("foi_officer"), case, 1).status_code == 409
    assert opine(sits("leader"), case, 1).status_code == 409
    assert "“科室审核”的岗位" in text(opine(sits("compliance_reviewer"), case, 1))
    assert opine(sits("section_reviewer"), case, 9).status_code == 409
    assert opine(sits("section_reviewer"), case, 1, verdict="perhaps").status_code == 409
    assert not Opinion.objects.exists()


def test_returned_to_the_officer_and_the_second_version_shows_what_changed(sits, counter, today):
    case = counter.case()
    counter.submit(case, "R3", "G14a", findings={"basis": "机密", "separability_examined": True})
    today(0)
    answer = opine(sits("section_reviewer"), case, 1, "return", return_to="0")
    assert (answer.status_code, "退回和不予通过必须写明理由" in text(answer)) == (409, True)
    answer = opine(sits("section_reviewer"), case, 1, "return", return_to="0", reason="依据请写全")
    assert "已退回拟写" in text(answer)
    assert state(case) == "in_progress"
    page = sits("foi_officer").get("case_reply", case.number)
    assert (page.context["former"]["number"], page.context["former"]["opinion"]["reason"]) == (1, "依据请写全")
    assert reverse("desk:case_reply_version", args=[case.number, 1]) in text(page)
    today(1)
    findings = {"basis": "机密，市委办公室2025年定密", "separability_examined": True}
    counter.submit(case, "R3", "G14a", findings=findings)
    today(0)
    page = sits("section_reviewer").get("case_signoff", case.number)
    changed = [re.sub(r"<(?!/?(?:ins|del))[^>]*>", "", str(row.html)) for row in page.context["difference"]["rows"]]
    assert any("<ins>，市委办公室2025年定密</ins>" in row for row in changed)
    assert [(o["verdict"], o["reason"]) for o in page.context["opinions"]] == [("退回（第 1 版）", "依据请写全")]
    old = sits("section_reviewer").get("case_reply_version", case.number, 1)
    assert (old.status_code, old.context["decision"]) == (200, None)
    assert sits("section_reviewer").get("case_reply_version", case.number, 7).status_code == 404


def test_refused_ends_the_version(sits, counter, today):
    case = counter.case()
    counter.submit(case)
    today(0)
    assert "已记为不予通过" in text(opine(sits("section_reviewer"), case, 1, "refuse", reason="不妥"))
    assert state(case) == "in_progress"
    late = opine(sits("compliance_reviewer"), case, 2, reason="写了很久的意见")
    assert "这一版的审签已经结束" in text(late)
    assert "写了很久的意见" in text(late)
    assert sits("leader").get("case_signoff", case.number).url == reverse("desk:case", args=[case.number])


def test_a_frozen_letter_is_downloaded_word_for_word(sits, counter, today):
    import io

    from docx import Document

    case = counter.case()
    counter.submit(case)
    today(0)
    before = Fact.objects.filter(kind="foi.particulars_seen").count()
    word = sits("leader").get("case_reply_version_file", case.number, 1, "docx")
    words = "".join(p.text for p in Document(io.BytesIO(word.content)).paragraphs)
    assert f"{NAME}：" in words
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == before + 1
    assert sits("leader").get("case_reply_version_file", case.number, 2, "docx").status_code == 404
    # The head of the leading section signs this letter and so sees whom it goes to, which is a fact as well.
    signer = sits("section_reviewer").get("case_reply_version_file", case.number, 1, "docx")
    assert NAME in "".join(p.text for p in Document(io.BytesIO(signer.content)).paragraphs)
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == before + 2


def test_the_head_of_another_section_does_not_see_who_asked(counter):
    from dataclasses import replace

    from gongkai.foi.actions.reveal import reveal
    from gongkai.law.verdicts import Refusal

    case = counter.case()
    told = counter.who("section_reviewer")
    assert reveal(case.number, **told).name == NAME
    elsewhere = told | {"actor": replace(told["actor"], section_id=told["actor"].section_id + 1)}
    with pytest.raises(Refusal) as refused:
        reveal(case.number, **elsewhere)
    assert refused.value.code == "not_your_section"


def test_what_was_erased_is_not_there_any_more(sits, counter, today):
    from gongkai.foi.actions.close import close
    from gongkai.foi.actions.erase_personal_data import erase_personal_data

    case = counter.case()
    counter.reply(case)
    close(case.number, **counter.who())
    counter.pass_days(366 * 11)
    erase_personal_data(case.number, actor=counter.town.actor("foi_head"), at=at(counter.day))
    today(0)
    assert sits("leader").get("case_reply_version", case.number, 1).status_code == 404
    assert sits("leader").get("case_reply_version_file", case.number, 1, "pdf").status_code == 404
    assert sits("drafter").get("case_publish_reply", case.number).status_code == 302
    assert sits("foi_officer").get("case_reply", case.number).status_code == 302


# Recall --------------------------------------------------------------------------------------------------------------


def test_taken_back_with_a_reason_from_review_and_after_signing(sits, counter, today):
    case = counter.case()
    counter.submit(case)
    today(0)
    assert sits("foi_officer").post("case_recall", case.number, reason=" ").status_code == 422
    assert state(case) == "in_review"
    done = sits("foi_officer").post("case_recall", case.number, reason="事实有误")
    assert done.url == reverse("desk:case_reply", args=[case.number])
    assert state(case) == "in_progress"
    today(1)
    counter.sign(case)
    today(0)
    assert "已经签发、还没有送达" in text(sits("foi_officer").get("case_recall", case.number))
    assert sits("leader").post("case_recall", case.number, reason="我来撤").url == reverse(
        "desk:case", args=[case.number]
    )
    assert state(case) == "signed"
    sits("foi_officer").post("case_recall", case.number, reason="又发现有误")
    assert state(case) == "in_progress"
    assert sits("foi_officer").get("case_recall", case.number).status_code == 302
