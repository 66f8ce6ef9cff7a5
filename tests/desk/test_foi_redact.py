"""The redaction desk of a request's papers, and what those who sign see of the copies."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from gongkai.foi.actions.redact_file import redact_file
from gongkai.foi.models import CaseFile, FoiRequest, ReplyVersion
from gongkai.foi.queries.sealed import file_bytes
from gongkai.scanning.models import CopyConfirmation, FileCopy, RedactionMark
from tests.foi.conftest import NAME, at
from tests.foi.test_dossier import pdf_file

NUMBER, MOBILE = "11010119900307002X", "13800005678"
LIST = f"救助对象的身份证号{NUMBER}，电话{MOBILE}。\n共发放三十二户。\n"
COVERED = {"attachment_covered": "遮盖的不在所申请的范围里"}


@pytest.fixture
def today(counter, time_machine):
    time_machine.move_to(at(counter.day, 14), tick=False)


def text(answer) -> str:
    return re.sub(r"\s*\n\s*", "", answer.content.decode())


def states(copy: CaseFile) -> list[str]:
    return list(copy.copy.redaction.marks.values_list("state", flat=True))


def newest(case) -> CaseFile:
    return CaseFile.objects.filter(request=case, copy__isnull=False).select_related("blob", "request__key").last()


def test_from_what_was_found_to_the_new_copy(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, LIST, f"{NAME}的明细.txt", cover=False)
    officer = sits("foi_officer")
    page = officer.get("case_redact", case.number, copy.pk)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert [(row["title"], row["look"], row["blocked"]) for row in page.context["entries"]] == [
        ("完整的身份证件号码", "block", False), ("手机号码", "proposed", False),
    ]  # fmt: skip
    assert NUMBER in text(page)  # the original, for whoever decides
    assert NAME not in page.content.decode().partition("</title>")[0]
    assert "待处理 2" in text(page) and page.context["copy"]["why"].startswith("还有 2 处")

    answer = officer.post("case_decide_mark", case.number, copy.pk, 1, decision="accept", ground="G15")
    assert answer.url == f"{reverse('desk:case_redact', args=[case.number, copy.pk])}#mark-1"
    bad = officer.post("case_decide_mark", case.number, copy.pk, 2, decision="remove", reason=f"是{NAME}的")
    assert (bad.status_code, "理由里写有姓名或者名称" in text(bad), f"是{NAME}的" in text(bad)) == (422, True, True)
    assert "请选择遮盖或者不遮盖" in text(officer.post("case_decide_mark", case.number, copy.pk, 2))
    assert "请选择依据" in text(officer.post("case_decide_mark", case.number, copy.pk, 2, decision="accept"))
    officer.post("case_decide_mark", case.number, copy.pk, 2, decision="remove", reason="本机关值班电话")
    assert states(copy) == ["accepted", "removed"]

    added = officer.post("case_add_mark", case.number, copy.pk, words="三十二", ground="G14c")
    assert added.status_code == 302
    missing = officer.post("case_add_mark", case.number, copy.pk, words="没有这些字", ground="G14c")
    assert (missing.status_code, "文件里没有找到这些字" in text(missing)) == (422, True)
    made = officer.post("case_renew_copy", case.number, copy.pk, follow=True)
    assert "已生成第 2 份副本" in text(made)
    told = file_bytes(newest(case)).decode()
    assert (NUMBER in told, MOBILE in told, "三十二" in told) == (False, True, False)
    # An old address leads to the newest copy.
    assert officer.get("case_redact", case.number, copy.pk).context["copy"]["number"] == 2


def test_the_script_gets_the_entry_alone(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    browser = sits("foi_officer").client
    address = reverse("desk:case_decide_mark", args=[case.number, copy.pk, 1])
    answer = browser.post(address, {"decision": "accept", "ground": "G15"}, headers={"x-requested-with": "fetch"})
    told = answer.json()
    assert (answer.status_code, told["look"]) == (200, "accepted")
    assert "遮盖 1，不遮盖 0，待处理 1" in told["tally"]
    assert reverse("desk:case_renew_copy", args=[case.number, copy.pk]) in told["copy"]
    bad = browser.post(address, {"decision": "remove", "reason": ""}, headers={"x-requested-with": "fetch"})
    assert (bad.status_code, "请写明为什么" in bad.json()["entry"]) == (422, True)
    gone = reverse("desk:case_decide_mark", args=[case.number, copy.pk, 99])
    answer = browser.post(gone, {"decision": "accept", "ground": "G15"}, headers={"x-requested-with": "fetch"})
    assert (answer.status_code, "没有这一处标记" in answer.json()["sentence"]) == (404, True)


def test_all_at_once(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    officer = sits("foi_officer")
    assert officer.post("case_accept_marks", case.number, copy.pk).status_code == 422
    answer = officer.post("case_accept_marks", case.number, copy.pk, ground="G15", follow=True)
    assert "已决定遮盖 2 处" in text(answer)
    assert states(copy) == ["accepted", "accepted"]


def test_pages_of_a_pdf_are_drawn_for_those_who_write_and_sign(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, pdf_file(f"TEL {MOBILE}"), "合同.pdf", cover=False)
    page = sits("foi_officer").get("case_redact", case.number, copy.pk)
    assert page.context["shown"]["form"] == "pages"
    assert [mark["title"] for mark in page.context["shown"]["pages"][0]["marks"]] == ["手机号码"]
    for who in ("foi_officer", "section_reviewer", "secrecy_reviewer", "leader"):
        drawn = sits(who).get("case_page", case.number, copy.pk, "original", 1)
        assert (drawn.status_code, drawn.content[:4]) == (200, b"\x89PNG"), who
    for side, n in (("original", 2), ("base", 1), ("copy", 0)):
        assert sits("foi_officer").get("case_page", case.number, copy.pk, side, n).status_code == 404
    assert sits("other_drafter").get("case_page", case.number, copy.pk, "original", 1).status_code == 404
    lines = sits("foi_officer").get("case_lines", case.number, copy.pk, 1).json()["lines"]
    assert MOBILE in "".join(str(line) for line in lines).replace(" ", "") or lines
    assert sits("leader").get("case_lines", case.number, copy.pk, 1).status_code == 404
    beside = sits("secrecy_reviewer").get("case_beside", case.number, copy.pk)
    assert (beside.status_code, len(beside.context["pairs"])) == (200, 1)


def test_only_the_officer_and_only_while_the_reply_is_written(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt")
    for who in ("leader", "secrecy_reviewer", "section_reviewer", "foi_head"):
        assert sits(who).get("case_redact", case.number, copy.pk).status_code == 404, who
        assert sits(who).post("case_renew_copy", case.number, copy.pk).status_code == 404, who
    officer = sits("foi_officer")
    assert officer.get("case_redact", case.number, copy.original_id).status_code == 404  # no copy: nothing to mark on
    counter.submit(case, files=[copy.pk], explanations=COVERED)
    assert officer.get("case_redact", case.number, copy.pk).status_code == 302
    before = FileCopy.objects.count()
    for name, arguments, sent in (
        ("case_decide_mark", (1,), {"decision": "remove", "reason": "公开"}),
        ("case_accept_marks", (), {"ground": "G15"}),
        ("case_add_mark", (), {"words": "三十二", "ground": "G15"}),
        ("case_renew_copy", (), {}),
    ):
        answer = officer.post(name, case.number, copy.pk, *arguments, **sent)
        assert (answer.status_code, "现在不能制作提供用副本" in text(answer)) == (422, True), name
    assert (FileCopy.objects.count(), set(states(copy))) == (before, {"accepted"})
    assert RedactionMark.objects.count() == 2


def test_the_reviewer_sees_what_was_covered_and_confirms_before_passing(sits, counter, today):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt")
    version = counter.submit(case, files=[copy.pk], explanations=COVERED)
    for step in (1, 2):
        early = sits("secrecy_reviewer").get("case_signoff", case.number)
        assert early.context["attachments"][0]["copy"]["confirm_url"] == ""
        counter.opine(version, step)
    reviewer = sits("secrecy_reviewer")
    page = reviewer.get("case_signoff", case.number)
    shown = page.context["attachments"][0]["copy"]
    assert [(row["title"], row["covered"], row["by"]) for row in shown["decisions"]] == [
        ("完整的身份证件号码", True, "经办01"), ("手机号码", True, "经办01"),
    ]  # fmt: skip
    assert shown["beside_url"] == reverse("desk:case_beside", args=[case.number, copy.pk])
    assert shown["original_url"] == reverse("desk:case_file", args=[case.number, copy.original_id])
    assert [verb["allowed"] for verb in page.context["decision"]["verbs"]] == [False, True, True]
    assert "还没有与原件核对" in page.context["decision"]["why"]
    assert reviewer.get("case_file", case.number, copy.original_id).content.decode() == LIST
    sent = {"verdict": "approve", "digest": version.digest, "reason": ""}
    refused = reviewer.post("case_opine", case.number, 3, follow=True, **sent)
    assert (refused.status_code, "还没有与原件核对" in text(refused)) == (409, True)

    other = sits("leader").post("case_confirm_copy", case.number, copy.pk, follow=True)
    assert "没有为本机关核对副本的岗位" in text(other)
    assert not CopyConfirmation.objects.exists()
    done = reviewer.post("case_confirm_copy", case.number, copy.pk, follow=True)
    assert "已确认副本与原件相符" in text(done)
    assert CopyConfirmation.objects.get().person == counter.town.people["secrecy_reviewer"]
    reviewer.post("case_opine", case.number, 3, **sent)
    counter.opine(ReplyVersion.objects.get(request=case), 4)
    assert FoiRequest.objects.get(pk=case.pk).state == "signed"


def test_a_paper_is_offered_with_the_way_to_its_copy(sits, counter, today):
    case = counter.case()
    paper = counter.record(case, LIST, "明细.txt")
    officer = sits("foi_officer")
    rows = officer.get("case_reply", case.number).context["files"]
    assert [(row["id"], row["copy"]) for row in rows] == [(paper.pk, None)]
    copy = redact_file(case.number, paper.pk, **counter.who())
    page = officer.get("case_reply", case.number)
    [row] = page.context["files"]
    assert (row["copy"]["id"], row["copy"]["waiting"], row["copy"]["ready"]) == (copy.pk, 2, False)
    assert row["copy"]["redact_url"] == reverse("desk:case_redact", args=[case.number, copy.pk])
    assert "2 处待处理" in text(page)
