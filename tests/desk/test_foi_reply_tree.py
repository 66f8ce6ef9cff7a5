"""The composer's tree: what is asked, what the file says to it, where it leads, for the outcomes that matter most."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.models import Consultation, ReplyDraft, ReplyVersion
from gongkai.foi.queries.sealed import version_content
from tests.desk.reply_desk import REASON, ReplyDesk, kept, page_form, record
from tests.foi.conftest import answers_for, at


@pytest.fixture
def replies(counter, time_machine, sits) -> ReplyDesk:
    desk = ReplyDesk(counter, time_machine, sits)
    desk.go()
    return desk


def test_granting_with_an_attachment_from_the_first_question_to_sign_off(replies, counter):
    case = counter.case()
    paper = record(counter, case)
    record_search(
        case.number, places="档案室", terms="救助", result="一份", found=True, on=counter.day, **counter.who()
    )
    here = replies.open(case)
    assert [row["text"] for row in here.page.context["steps"]] == ["这件申请是否要继续办理？"]
    assert here.page.context["cards"] == []
    here.walk(answers_for("R2"))
    assert here.page.context["end"]["title"] == "予以公开"
    assert here.codes == [("element_missing", "must_fix")]
    assert here.page.context["why_not"] == "1 项必须改正。"
    # The paper itself is not offered; one press makes its copy and chooses it.
    assert [row["copy"] for row in here.page.context["files"]] == [None]
    here.press("copy", str(paper.pk))
    copy = case.files.get(copy__isnull=False)
    assert [row["copy"]["chosen"] for row in here.page.context["files"]] == [True]
    assert here.codes == []
    assert "发放明细" in here.letter
    assert "【" not in here.letter
    here.press("submit")
    case.refresh_from_db()
    version = ReplyVersion.objects.get(request=case)
    assert (case.state, version.reply_code, version.number) == ("in_review", "R2", 1)
    assert version_content(version).files == (copy.pk,)
    assert here.page.redirect_chain[-1][0] == reverse("desk:case", args=[case.number])


def test_each_answer_is_kept_and_takes_no_number_until_the_tree_is_finished(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.answer("yes")
    here.answer("yes")
    draft = ReplyDraft.objects.get(request=case)
    assert (kept(case).answers, draft.reply_code, draft.revision) == ({"open": "yes", "clear": "yes"}, "", 2)
    case.refresh_from_db()
    assert case.reply_number == ""
    assert [row["state"] for row in here.page.context["steps"]] == ["done", "done", "open"]
    assert len(here.page.context["ahead"]) == 3
    assert here.page.context["why_not"] == "还有问题没有判断。"
    assert "还没有判断：申请人要的是什么？" in here.text
    here.press("submit")
    assert here.page.status_code == 422
    assert "还有一问没有回答：申请人要的是什么？" in here.text
    assert not ReplyVersion.objects.exists()


def test_a_question_without_an_answer_stays_open(replies, counter):
    case = counter.case()
    here = replies.open(case)
    sent = page_form(here.page) | {"next": "1"}
    sent.pop("answer", None)
    answer = here.browser.client.post(reverse("desk:case_reply", args=[case.number]), sent)
    assert answer.status_code == 422
    assert "“这件申请是否要继续办理？”还没有回答" in answer.content.decode()
    sent |= {"answer": "perhaps"}
    assert here.browser.client.post(reverse("desk:case_reply", args=[case.number]), sent).status_code == 422
    assert not ReplyDraft.objects.exists()


def test_an_answer_is_changed_and_what_still_counts_stays(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R2"))
    here.press("change", "ours")
    opened = [row for row in here.page.context["steps"] if row["state"] == "open"]
    assert [row["code"] for row in opened] == ["ours"]
    assert [c["code"] for c in opened[0]["choices"] if c["checked"]] == ["yes"]
    here.answer("other_unknown")
    assert here.page.context["end"]["title"] == "不属于本机关负责公开"
    assert "检索到了吗？" in here.page.context["unused"]
    here.press("change", "ours")
    here.answer("yes")
    assert here.page.context["end"]["title"] == "予以公开"


def test_an_outcome_without_a_letter_is_closed_not_answered(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.answer("withdrawn")
    assert here.page.status_code == 422
    assert "不需要答复，请直接办结" in here.text
    assert not ReplyDraft.objects.exists()


def told(here, code: str) -> tuple[str, str]:
    row = next(row for row in here.page.context["steps"] if row["code"] == code)
    return row["told"], next((c["code"] for c in row["choices"] if c["checked"]), "")


def test_the_file_says_what_was_searched(replies, counter):
    case = counter.case()
    record_search(
        case.number, places="档案室", terms="救助", result="没有", found=False, on=counter.day, **counter.who()
    )
    here = replies.open(case)
    for choice in ("yes", "yes", "information", "no", "no", "no", "yes"):
        here.answer(choice)
    assert told(here, "found") == ("共检索1次，最近一次是2026年3月2日，都没有检索到。", "none")
    assert reverse("desk:case_search", args=[case.number]) in here.text
    here.answer("none")
    assert "2026年3月2日在档案室以“救助”检索，没有。" in here.page.context["form"]["search_described"].value()


def test_the_file_says_what_the_same_applicant_asked_before(replies, counter):
    first = counter.case("青禾市2025年度临时救助资金发放明细表")
    counter.reply(first)
    replies.go(1)
    again = counter.case("青禾市2025年度临时救助资金发放明细表")
    here = replies.open(again)
    for choice in ("yes", "yes", "information", "no"):
        here.answer(choice)
    said, chosen = told(here, "repeated")
    first.refresh_from_db()
    assert (first.number in said, first.reply_number in said, chosen) == (True, True, "")
    here.answer("yes")
    assert here.page.context["form"]["earlier_reply"].value() == f"{first.reply_number}，2026年3月2日"
    assert here.codes == []


def objecting(counter, case, reasonable=None):
    consult(case.number, [Party("third_party", "宏升公司", "是否同意公开")], on=counter.day, **counter.who())
    record_consultation_answer(
        case.number, "第三方1", on=counter.day, position="objected", text="属于投标报价构成", reasonable=reasonable,
        **counter.who(),
    )  # fmt: skip


def to_third_party(here):
    for choice in ("yes", "yes", "information", "no", "no", "no", "yes", "yes", "no"):
        here.answer(choice)
    assert told(here, "closed_part") == ("已经书面征求第三方1的意见。", "third_party")
    here.answer("third_party")


def test_partly_disclosing_over_the_objection_of_a_third_party(replies, counter):
    case = counter.case()
    paper = counter.copy(case, "项目,单价\n甲,1\n", "遮挡后的合同.csv")
    objecting(counter, case, reasonable=True)
    here = replies.open(case)
    to_third_party(here)
    assert told(here, "third_position") == ("第三方不同意，已经审查，认为理由合理。", "reasonable")
    assert "宏升公司（第三方1）3月2日答复：属于投标报价构成" in re.sub(r"\s*\n\s*", "", here.text)
    here.answer("reasonable", reason=REASON)
    assert here.page.context["possible"] == ["部分公开（区分处理）", "不予公开"]
    assert f'<p class="official-changed">{REASON}</p>' in str(here.page.context["letter"]).replace(
        'class=" ', 'class="'
    )
    here.answer("yes")
    assert (here.page.context["end"]["title"], kept(case).letter["reason"]) == ("部分公开（区分处理）", REASON)
    assert here.page.context["end"]["ground"].code == "G15"
    here.press("save", files=[str(paper.pk)])
    assert here.codes == []
    letter = here.letter
    assert "先向青禾市人民政府申请行政复议" in letter
    assert "第三十七条、第十五条" in letter
    here.press("submit")
    assert ReplyVersion.objects.get(request=case).ground == "G15"


def test_an_objection_nobody_examined_is_told_with_the_way_to_it(replies, counter):
    case = counter.case()
    objecting(counter, case)
    here = replies.open(case)
    to_third_party(here)
    assert told(here, "third_position") == ("第三方不同意，还没有登记审查意见。", "")
    here.answer("reasonable", reason=REASON)
    here.answer("no")
    assert ("objection_not_examined", "must_fix") in here.codes
    card = next(c for c in here.page.context["cards"] if c["code"] == "objection_not_examined")
    assert card["url"] == reverse("desk:case_consult", args=[case.number])


def test_nothing_goes_out_while_somebody_may_still_answer(replies, counter):
    case = counter.case()
    record(counter, case)
    consult(case.number, [Party("third_party", "宏升公司", "是否同意公开")], on=counter.day, **counter.who())
    here = replies.open(case)
    here.walk(answers_for("R2"), content_provided="on")
    here.press("save", content_provided="on")
    assert here.codes == [("consultation_open", "must_fix")]
    here.press("submit")
    assert here.page.status_code == 422
    assert "15个工作日还没有届满，不能答复" in here.text
    assert Consultation.objects.get().position == ""
    assert not ReplyVersion.objects.exists()


def test_a_state_secret_is_refused_with_review_first(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R3", "G14a"), basis="机密，市委办公室2025年定密", reason=REASON)
    assert here.codes == []
    letter = here.letter
    assert "应当自收到本答复书之日起六十日内，先向青禾市人民政府申请行政复议" in letter
    assert "第十四条" in letter
    here.press("submit")
    version = ReplyVersion.objects.get(request=case)
    assert (version.reply_code, version.ground, version_content(version).findings["basis"]) == (
        "R3", "G14a", "机密，市委办公室2025年定密",
    )  # fmt: skip


def test_information_that_does_not_exist_needs_its_search(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R4"), reason=REASON)
    assert here.codes == [("no_search_record", "must_fix"), ("search_not_described", "must_fix")]
    record_search(
        case.number, places="档案室", terms="救助", result="没有", found=False, on=counter.day,
        **counter.who() | {"at": at(counter.day, 15)},
    )  # fmt: skip
    here.open()
    assert [c["mend"] for c in here.page.context["cards"]] == ["填入检索记录"]


def test_the_search_is_filled_in_at_one_press(replies, counter):
    case = counter.case()
    record_search(
        case.number, places="档案室", terms="救助", result="没有", found=False, on=counter.day, **counter.who()
    )
    here = replies.open(case)
    here.walk(answers_for("R4"), reason=REASON)
    here.press("save", search_described="")
    assert here.codes == [("search_not_described", "must_fix")]
    here.press("mend", "search_not_described")
    assert here.codes == []
    assert kept(case).letter["search_described"] == "2026年3月2日在档案室以“救助”检索，没有。"
    here.press("submit")
    assert ReplyVersion.objects.get(request=case).reply_code == "R4"


def test_not_ours_names_the_organ_that_answers(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R5"), responsible_agency="青禾市教育局", reason="救助学籍由教育部门管理，本机关没有制作。")
    assert here.codes == [("no_responsible_agency", "must_fix")]
    assert here.page.context["cards"][0]["mend"] == ""
    here.press("mend", "no_responsible_agency")
    assert here.page.status_code == 422
    here.press("save", responsible_contact="青禾市文渊街道2号，0000-1234")
    assert here.codes == []
    assert "该信息由青禾市教育局负责公开（联系方式：青禾市文渊街道2号，0000-1234）" in here.letter
    here.press("submit")
    assert ReplyVersion.objects.get(request=case).reply_code == "R5"


def test_the_contact_of_a_known_organ_is_filled_in(replies, counter, office):
    type(office.other_organ).objects.filter(pk=office.other_organ.pk).update(phone="0000-5678", address="青禾市一号")
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R5"), responsible_agency="青禾市教育局", reason="由教育部门管理学籍，本机关没有制作。")
    here.press("mend", "no_responsible_agency")
    assert here.codes == []
    assert kept(case).letter["responsible_contact"] == "青禾市一号，0000-5678"
