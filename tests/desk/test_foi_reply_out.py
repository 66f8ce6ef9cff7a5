"""Seal, delivery and turning a granted document public, over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.disclosure.models import Item
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.models import CaseFile, Delivery, FoiRequest, IssuedPaper, ReplyVersion, SealedCopy
from gongkai.foi.queries.papers import paper_document
from gongkai.foi.queries.sealed import file_bytes
from gongkai.foi.seals import SealFailed
from gongkai.ledger.models import Fact
from tests.foi.conftest import NAME, PNG, at, tamper

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


# Seal ----------------------------------------------------------------------------------------------------------------


class StandIn:
    """An electronic seal for tests: appends what it was asked to stamp, so that one can see what went in.

    A real one would send PDF and digest to the seal server and return what comes back.
    """

    def stamp(self, pdf: bytes, digest: str) -> bytes:
        return pdf + b"\n%% sealed " + digest.encode() + b"\n"


class OutOfOrder:
    """A seal whose server does not answer."""

    def stamp(self, pdf: bytes, digest: str) -> bytes:
        raise SealFailed("电子印章服务没有应答，请稍后再试或者加盖实物印章。")


def signed(counter, today, **more):
    case = counter.case(**more)
    counter.sign(case)
    today(0)
    return case


def bind(browser, case, **changes):
    version = ReplyVersion.objects.filter(request=case).last()
    stamped = CaseFile.objects.filter(request=case, kind="sealed").last()
    sent = {"file_id": stamped.pk if stamped else "", "compared": "yes", "digest": version.digest} | changes
    return browser.post("case_seal", case.number, follow=True, **sent)


def test_uploaded_by_the_author_and_bound_by_a_second_person(sits, counter, today):
    case = signed(counter, today)
    author, other = sits("foi_officer"), sits("foi_officer2")
    scan = SimpleUploadedFile("盖章件.png", PNG, "image/png")
    assert "盖章件已存入案卷" in text(author.post("case_seal", case.number, follow=True, upload="1", file=scan))
    page = author.get("case_seal", case.number)
    assert "您是这份答复的拟写人" in page.context["why_not"]
    assert "盖章件由拟稿人以外的人核对后登记" in text(bind(author, case))
    for changes, said in (
        ({"compared": ""}, "请先核对盖章件"), ({"file_id": ""}, "请先选择盖章件"), ({"digest": "0" * 64}, "没有登记，请看最新一版"),
    ):  # fmt: skip
        answer = bind(other, case, **changes)
        assert (answer.status_code, said in text(answer)) == (422, True)
    assert not SealedCopy.objects.exists()
    assert "与签发的答复书绑定" in text(bind(other, case))
    copy = SealedCopy.objects.get()
    assert (copy.digest, copy.by_id) == (copy.version.digest, counter.town.people["foi_officer2"].pk)
    assert "盖章件已经登记" in text(bind(other, case))


def test_a_paper_of_another_kind_or_case_is_no_sealed_copy(sits, counter, today):
    case, other = counter.case("甲"), counter.case("乙")
    record = paper(counter, case)
    foreign = paper(counter, other, "盖章.png", "sealed", PNG)
    counter.sign(case)
    today(0)
    assert "请选择类别为盖章件的材料" in text(bind(sits("foi_officer2"), case, file_id=record.pk))
    assert bind(sits("foi_officer2"), case, file_id=foreign.pk).status_code == 404
    assert not SealedCopy.objects.exists()


def test_a_reply_whose_digest_broke_is_not_sealed(sits, counter, today):
    case = counter.case()
    attached = paper(counter, case)
    counter.sign(case, files=[attached.pk])
    paper(counter, case, "盖章.png", "sealed", PNG)
    today(0)
    tamper(attached, digest="a:" + "0" * 64)
    answer = bind(sits("foi_officer2"), case)
    assert (answer.status_code, "与签发时的摘要不一致" in text(answer)) == (422, True)
    assert not SealedCopy.objects.exists()


def test_without_an_electronic_seal_none_is_offered(sits, counter, today, settings):
    settings.FOI_SEAL = ""
    case = signed(counter, today)
    page = sits("foi_officer").get("case_seal", case.number)
    assert page.context["electronic"] is False
    answer = sits("foi_officer").post("case_seal", case.number, stamp="1")
    assert (answer.status_code, "没有接入电子印章" in text(answer)) == (422, True)


def test_an_electronic_seal_stamps_what_was_signed(sits, counter, today, settings):
    settings.FOI_SEAL = f"{__name__}.StandIn"
    case = signed(counter, today)
    assert "加盖电子印章" in text(sits("foi_officer").get("case_seal", case.number))
    assert "电子印章已加盖" in text(sits("foi_officer").post("case_seal", case.number, follow=True, stamp="1"))
    stamped = file_bytes(CaseFile.objects.get(request=case, kind="sealed"))
    version = ReplyVersion.objects.get(request=case)
    assert stamped.startswith(b"%PDF-")
    assert stamped.endswith(b"%% sealed " + version.digest.encode() + b"\n")
    bind(sits("foi_officer2"), case)
    assert SealedCopy.objects.get().version == version


def test_a_seal_that_fails_says_so_and_nothing_is_kept(sits, counter, today, settings):
    settings.FOI_SEAL = f"{__name__}.OutOfOrder"
    case = signed(counter, today)
    answer = sits("foi_officer").post("case_seal", case.number, stamp="1")
    assert (answer.status_code, "电子印章服务没有应答" in text(answer)) == (422, True)
    assert not CaseFile.objects.filter(kind="sealed").exists()


def test_something_that_is_no_seal_is_refused_loudly(settings):
    from gongkai.foi.seals import configured_seal

    settings.FOI_SEAL = "builtins.dict"
    with pytest.raises(TypeError):
        configured_seal()
    settings.FOI_SEAL = "gongkai.no.such.Seal"
    with pytest.raises(ImportError):
        configured_seal()


def test_others_do_not_come_near_the_seal(sits, counter, today):
    case = signed(counter, today)
    for who in ("secrecy_reviewer",):
        assert sits(who).get("case_seal", case.number).url == reverse("desk:case", args=[case.number])
    for who in ("other_drafter", "system_admin", "audit_admin"):
        assert sits(who).get("case_seal", case.number).status_code == 404


# Delivery ------------------------------------------------------------------------------------------------------------


def sealed(counter, today, **more):
    case = counter.case(**more)
    counter.sign(case)
    counter.seal(case)
    today(0)
    return case


def deliver(browser, case, day, **changes):
    sent = {"by": "post", "on": day.isoformat(), "proof": "XA00000001"} | changes
    return browser.post("case_deliver", case.number, follow=True, **sent)


@pytest.mark.parametrize(("by", "proof"), [("in_person", "欧阳测试本人签收"), ("post", "XA123")])
def test_delivered_with_proof_and_the_slip_is_in_the_file(sits, counter, today, by, proof):
    case = sealed(counter, today)
    scan = SimpleUploadedFile("回证.png", PNG, "image/png")
    answer = deliver(sits("foi_officer"), case, counter.day, by=by, proof=proof, file=scan)
    assert "已送达，送达回证已存入案卷" in text(answer)
    delivery = Delivery.objects.get()
    assert (state(case), delivery.by, delivery.on, delivery.file.kind) == ("replied", by, counter.day, "proof")
    slip = paper_document(IssuedPaper.objects.get(request=case, kind="delivery_proof"))
    assert proof in slip.text
    assert IssuedPaper.objects.filter(request=case, kind="reply_R2").count() == 1


def test_a_letter_without_the_online_channel_does_not_go_out_online_and_its_proof_is_not_kept(sits, counter, today):
    case = sealed(counter, today)
    scan = SimpleUploadedFile("记录.png", PNG, "image/png")
    answer = deliver(sits("foi_officer"), case, counter.day, by="online", proof="14:00 发出", file=scan)
    assert (answer.status_code, "《行政复议法》第二十二条第二款" in text(answer)) == (422, True)
    assert (state(case), CaseFile.objects.filter(kind="proof").count()) == ("signed", 0)


def test_delivered_online_when_the_letter_says_where_to_ask_for_review(sits, counter, today):
    case = counter.case(delivery="online")
    counter.sign(case, letter={"online_channel": "青禾市行政复议服务平台"})
    counter.seal(case)
    today(0)
    assert sits("foi_officer").get("case_deliver", case.number).context["form"]["by"].value() == "online"
    deliver(sits("foi_officer"), case, counter.day, by="online", proof="14:00 发出")
    assert state(case) == "replied"


def test_what_law_refuses_is_told_and_what_was_typed_stays(sits, counter, today):
    case = sealed(counter, today)
    browser = sits("foi_officer")
    before = counter.day - timedelta(1)
    for changes, said in (
        ({"on": before.isoformat()}, "早于签发日期"),
        ({"by": "courier"}, "不能用快递公司，请改为邮政寄送"),
        ({"on": (counter.day + timedelta(1)).isoformat()}, "晚于今天"),
        ({"proof": " "}, "请登记送达凭证"),
        ({"by": "pigeon"}, "请选择列出的送达方式"),
        ({"on": "昨天"}, "日期不对"),
    ):
        answer = deliver(browser, case, counter.day, **changes)
        assert (answer.status_code, said in text(answer)) == (422, True), changes
        assert "XA00000001" in text(answer) or changes.get("proof") == " "
    assert not Delivery.objects.exists()


def test_not_without_seal_and_not_while_somebody_may_answer(sits, counter, today):
    from gongkai.foi.actions.recall_reply import recall_reply

    case = signed(counter, today)
    page = sits("foi_officer").get("case_deliver", case.number)
    assert page.context["why_not"] == ["答复书还没有盖章，请先登记盖章件。《政府信息公开条例》第三十六条"]
    assert "还没有盖章" in text(deliver(sits("foi_officer"), case, counter.day))
    assert not Delivery.objects.exists()
    today(1)
    recall_reply(case.number, reason="还要征求意见", **counter.who())
    consult(case.number, [Party("third_party", "宏升公司", "是否同意公开")], on=counter.day, **counter.who())
    today(0)
    assert sits("foi_officer").get("case_deliver", case.number).status_code == 302


def test_a_consultation_that_opens_after_signing_stops_the_delivery(sits, counter, today):
    """The verbs allow no letter to be sent after sign-off; the screen asks law all the same."""
    from gongkai.foi.models import CaseStep

    case = sealed(counter, today)
    CaseStep.objects.create(
        request=case, seq=90, step="third_party_asked", on=counter.day, party="第三方9", recorded_at=at(counter.day, 11)
    )
    page = sits("foi_officer").get("case_deliver", case.number)
    assert ["正在征求第三方9的意见" in line for line in page.context["why_not"]] == [True]
    answer = deliver(sits("foi_officer"), case, counter.day)
    assert (answer.status_code, "15个工作日还没有届满，不能答复" in text(answer)) == (422, True)
    assert not Delivery.objects.exists()


def test_a_reply_whose_digest_broke_is_not_delivered(sits, counter, today):
    case = counter.case()
    attached = paper(counter, case)
    counter.sign(case, files=[attached.pk])
    counter.seal(case)
    today(0)
    tamper(attached, digest="a:" + "0" * 64)
    assert any("摘要不一致" in line for line in sits("foi_officer").get("case_deliver", case.number).context["why_not"])
    answer = deliver(sits("foi_officer"), case, counter.day)
    assert (answer.status_code, "摘要不一致，不能送达" in text(answer)) == (422, True)
    assert not Delivery.objects.exists()


def test_the_slip_to_be_signed(sits, counter, today):
    case = sealed(counter, today)
    before = Fact.objects.filter(kind="foi.particulars_seen").count()
    slip = sits("foi_officer").get("case_slip", case.number, "in_person")
    assert (slip.content[:5], slip["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == before + 1
    assert sits("foi_officer").get("case_slip", case.number, "courier").status_code == 404
    assert sits("leader").get("case_slip", case.number, "post").status_code == 302


def test_only_the_officer_delivers(sits, counter, today):
    case = sealed(counter, today)
    for who in ("leader", "foi_head", "section_reviewer", "drafter"):
        assert deliver(sits(who), case, counter.day).redirect_chain[-1][0] == reverse("desk:case", args=[case.number])
    for who in ("other_drafter", "security_admin"):
        assert deliver(sits(who), case, counter.day).status_code == 404
    assert not Delivery.objects.exists()


# Public for everybody ------------------------------------------------------------------------------------------------


def given(counter, today, data=CSV, name="明细.csv"):
    case = counter.case()
    counter.reply(case, files=[paper(counter, case, name, data=data).pk])
    today(0)
    return case


def publish(browser, case, **changes):
    attached = CaseFile.objects.get(request=case, kind="reply")
    section = FoiRequest.objects.get(pk=case.pk).section_id
    sent = {"file": attached.pk, "title": "2025年救助资金发放明细", "section": section} | changes
    return browser.post("case_publish_reply", case.number, follow=True, **sent)


def test_a_granted_document_becomes_a_draft_in_one_step(sits, counter, today):
    case = given(counter, today)
    page = sits("drafter").get("case_publish_reply", case.number)
    assert [row["name"] for row in page.context["given"]] == ["明细.csv"]
    answer = publish(sits("drafter"), case)
    item = Item.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("desk:edit", args=[item.code])
    assert (item.working_title, item.work, item.draft.attachments.get().filename) == (
        "2025年救助资金发放明细", "drafting", "明细.csv",
    )  # fmt: skip


def test_not_with_the_applicants_data_and_not_without_title(sits, counter, today):
    case = given(counter, today, data=f"姓名,金额\n{NAME},1\n".encode())
    answer = publish(sits("drafter"), case)
    assert (answer.status_code, "姓名或者名称" in text(answer)) == (422, True)
    assert publish(sits("drafter"), case, title="").status_code == 422
    assert publish(sits("drafter"), case, file=10**9).status_code == 422
    assert publish(sits("drafter"), case, section=counter.town.other_section.pk).status_code == 422
    assert not Item.objects.exists()


def test_only_a_drafter_and_only_what_was_given(sits, counter, today):
    case = given(counter, today)
    assert publish(sits("foi_officer"), case).redirect_chain[-1][0] == reverse("desk:case", args=[case.number])
    assert publish(sits("other_drafter"), case).status_code == 404
    bare = counter.case("另一件")
    today(0)
    assert sits("drafter").get("case_publish_reply", bare.number).status_code == 302
    assert not Item.objects.exists()
