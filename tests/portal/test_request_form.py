"""The request form page by page: what passes, what is told, what is kept, what comes out of it."""

from __future__ import annotations

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.actions.organs import add_organ
from gongkai.agencies.actors import SYSTEM
from gongkai.foi.models import (
    CaseFile,
    FoiRequest,
    RequestDraft,
    Submission,
)
from gongkai.foi.queries.sealed import file_bytes, file_name, particulars, wish
from gongkai.foi.queries.tracking import case_by_code
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.models import Fact
from gongkai.search.actions.follow import follow_all
from gongkai.search.place import forget
from tests.conftest import AT, TODAY
from tests.portal.request_form import (
    ADDRESS,
    EMAIL,
    HOW,
    IDENTITY,
    NAME,
    PAGES,
    PDF,
    PHONE,
    WHAT,
    WHO,
    Applicant,
    upload,
)


@pytest.fixture
def me(town) -> Applicant:
    return Applicant()


# The way through -----------------------------------------------------------------------------------------------------


def test_a_request_from_first_page_to_receipt(me):
    me.fill()
    me.post("request_files", {"kind": "identity", "file": upload("身份证.pdf", PDF)})
    summary = me.get("request_check")
    for told in (WHAT["name"], WHAT["features"], NAME, IDENTITY, PHONE, EMAIL, ADDRESS, "身份证.pdf", "青禾市民政局"):
        assert told in summary.text
    assert me.send().to == reverse("portal:request_receipt")
    case = FoiRequest.objects.get()
    receipt = me.get("request_receipt")
    assert receipt.status == 200
    assert case.number in receipt.text
    code = me.codes()[0]
    assert case_by_code(code, PHONE[-4:]) == case
    today = timezone.localdate()
    assert (case.state, case.channel, case.arrived_on, case.received_on) == ("received", "online", today, today)
    assert f"{case.due_on.year}年{case.due_on.month}月{case.due_on.day}日" in receipt.said(".clock")
    assert "《政府信息公开条例》第三十三条" in receipt.said(".clock")
    assert "双方确认之日" in receipt.text
    assert "第三十一条第三项" in receipt.text
    told = particulars(case.applicant)
    assert (told.name, told.identity_kind, told.identity_number) == (NAME, "id_card", IDENTITY)
    assert (told.phone, told.email, told.address) == (PHONE, EMAIL, ADDRESS)
    assert case.applicant.column == "natural"
    assert wish(case).as_dict() == WHAT | HOW
    paper = CaseFile.objects.get()
    assert (file_bytes(paper), file_name(paper), paper.kind, paper.media_type) == (
        PDF, "身份证.pdf", "identity", "application/pdf",
    )  # fmt: skip
    assert Fact.objects.filter(kind="foi.received", subject=case.subject).count() == 1


def test_the_receipt_tells_at_once_what_may_happen_next(me):
    me.fill()
    me.send()
    steps = [li.xpath("string(b)") for li in me.get("request_receipt").all(".request__next > li")]
    assert steps == ["可能请您补正", "可能征求第三方意见", "可能延长", "一般不收费", "书面答复", "到期没有答复"]


def test_the_receipt_as_pdf_holds_number_code_and_no_code_in_an_address(me):
    me.fill()
    me.send()
    response = me.client.get(reverse("portal:request_receipt_file"))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.startswith(b"%PDF-")
    document = pypdfium2.PdfDocument(response.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert FoiRequest.objects.get().number in text
    assert me.codes()[0] in text


def test_each_item_becomes_a_case_of_its_own_with_all_the_files(me):
    items = [{"name": f"第{n}类明细", "document_number": "", "features": ""} for n in range(3)]
    me.fill(*items)
    me.post("request_files", {"kind": "request", "file": upload("说明.pdf", PDF)})
    me.send()
    cases = list(FoiRequest.objects.order_by("item"))
    assert [wish(case).name for case in cases] == ["第0类明细", "第1类明细", "第2类明细"]
    assert Submission.objects.count() == 1
    assert [case.files.count() for case in cases] == [1, 1, 1]
    receipt = me.get("request_receipt")
    assert [case.number in receipt.text for case in cases] == [True] * 3
    assert len(set(me.codes())) == 3
    for code, case in zip(me.codes(), cases, strict=True):
        assert case_by_code(code, NAME) == case


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"name": "", "document_number": "青民发〔2025〕3号", "features": ""}, "青民发〔2025〕3号"),
        ({"name": "", "document_number": "", "features": "滨河路夜市的审批材料"}, "滨河路夜市的审批材料"),
    ],
)
def test_number_or_features_alone_are_enough(me, item, name):
    me.fill(item)
    me.send()
    assert wish(FoiRequest.objects.get()).text == name


def test_an_organisation_with_its_sub_type(me):
    me.fill()
    me.who(
        column="legal_service", name="青禾某某律师事务所", contact="甲", identity_kind="credit_code",
        identity_number="91350100M000100Y43",
    )  # fmt: skip
    me.send()
    case = FoiRequest.objects.get()
    assert case.applicant.column == "legal_service"
    assert particulars(case.applicant).contact == "甲"


def test_no_page_asks_for_a_purpose(me):
    me.fill()
    for name in PAGES:
        labels = [label.xpath("string()") for label in me.get(name).all("label")]
        assert [label for label in labels if "用途" in label or "目的" in label] == []


def test_every_page_names_who_helps_those_who_cannot_write(me, town):
    town.organ.phone = "（0000）8812 0999"
    town.organ.save()
    me.fill()
    for name in PAGES[1:]:
        said = me.get(name).said("#help")
        assert "（0000）8812 0999" in said
        assert "工作人员代您填写" in said
        assert "第四十三条" in said


# What is told --------------------------------------------------------------------------------------------------------


def test_an_empty_item_is_told_with_a_link_to_its_field(me):
    seen = me.what({"name": " ", "document_number": "", "features": ""})
    assert seen.status == 200
    assert "至少填一样" in seen.said(".summary")
    assert seen.all(".summary a")[0].get("href") == "#id_item0-name"
    assert seen.all("#id_item0-name") != []
    assert seen.all(".summary")[0].get("autofocus") is not None


def test_too_long_says_how_long_and_keeps_what_was_typed(me):
    seen = me.what({"name": "某", "document_number": "", "features": "长" * 2001})
    assert "其他特征最多 2000 字，您写了 2001 字" in seen.said(".summary")
    assert me.get("request").value("item0-features").strip() == "长" * 2001


def test_an_agency_must_be_chosen_and_must_exist(me, town):
    me.what()
    for code in ("", "XX-YY", "' OR 1=1 --"):
        assert "请选择受理申请的机关。" in me.agency(code).said(".summary")


def test_a_historic_organ_cannot_be_asked(me, town):
    add_organ("QH-OLD", "青禾市旧民政局", parent=None, kind="historic", org_code="900000009", actor=SYSTEM, at=AT)
    me.what()
    assert "请选择受理申请的机关。" in me.agency("QH-OLD").said(".summary")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column": ""}, "请选择以公民还是以哪一类组织的身份申请。"),
        ({"column": "king"}, "请选择以公民还是以哪一类组织的身份申请。"),
        ({"name": "  "}, "请填写申请人的姓名或者名称。"),
        ({"identity_kind": ""}, "请选择身份证明的种类"),
        ({"identity_number": ""}, "请填写证件号码"),
        ({"identity_kind": "none"}, "请选择它是哪一种证件"),
        ({"phone": "", "email": "", "address": ""}, "至少填一样，机关才能与您联系。"),
        ({"email": "not an address"}, "电子邮箱应当像 name@example.com，请核对。"),
        ({"name": "名" * 101}, "姓名或者名称最多 100 字，您写了 101 字"),
    ],
)
def test_what_is_wrong_with_the_applicant_is_told_and_the_rest_is_kept(me, changes, sentence):
    me.what()
    me.agency(anyway="QH-MZ")
    seen = me.who(**changes)
    assert seen.status == 200
    assert sentence in seen.said(".summary")
    kept = me.get("request_applicant")
    assert kept.value("address") == changes.get("address", WHO["address"])
    assert kept.value("postcode") == WHO["postcode"]


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("id_card", "110105194912310021", "最后一位校验不对"),
        ("id_card", "11010519491231002", "居民身份证号码应为 18 位，您填了 17 位。"),
        ("credit_code", "91350100M000100Y44", "统一社会信用代码的校验不对"),
        ("credit_code", "913501", "统一社会信用代码应为 18 位，您填了 6 位。"),
    ],
)
def test_a_doubtful_number_is_shown_once_more_and_then_taken(me, kind, number, sentence):
    me.fill()
    seen = me.who(identity_kind=kind, identity_number=number)
    assert seen.status == 200
    assert sentence in seen.said("#doubt")
    assert seen.value("identity_number") == number
    assert me.who(identity_kind=kind, identity_number=number).to == reverse("portal:request_files")
    me.send()
    assert particulars(FoiRequest.objects.get().applicant).identity_number == number


def test_another_doubtful_number_is_doubted_again(me):
    me.fill()
    me.who(identity_number="110105194912310021")
    assert me.who(identity_number="110105194912310022").said("#doubt") != ""


@pytest.mark.parametrize("number", ["E12345678", "PA-0987654", "Ａ１２３", "№ 77/АБ-19"])
def test_a_foreign_passport_is_taken_without_doubt(me, number):
    me.fill()
    assert me.who(identity_kind="passport", identity_number=number).to == reverse("portal:request_files")
    me.send()
    assert particulars(FoiRequest.objects.get().applicant).identity_number == number


def test_no_identity_is_taken_and_told_to_be_asked_for(me):
    me.fill()
    assert me.who(identity_kind="none", identity_number="").to == reverse("portal:request_files")
    assert "机关可能请您补正身份证明" in me.get("request_check").text


@pytest.mark.parametrize(
    ("form", "delivery", "sentence"),
    [
        ("", "", "请选择要什么形式的信息。"),
        ("stone", "online", "请选择要什么形式的信息。"),
        ("paper", "", "请选择怎样获取。"),
        ("paper", "online", "“纸质”不能用“网上”的方式获取，请改选：邮寄、当面领取、传真。"),
        ("disc", "email", "请改选：邮寄、当面领取。"),
        ("inspect", "post", "请改选：当面领取。"),
    ],
)
def test_form_and_way_must_fit(me, form, delivery, sentence):
    me.fill()
    assert sentence in me.how(form=form, delivery=delivery).said(".summary")


@pytest.mark.parametrize(("form", "way", "field"), [("electronic", "email", "电子邮箱"), ("paper", "post", "通信地址")])
def test_a_way_needs_its_address(me, form, way, field):
    me.fill()
    me.who(email="", address="")
    assert f"填写{field}" in me.how(form=form, delivery=way).said(".summary")


def test_every_lawful_pair_passes(me):
    me.fill()
    pairs = [("paper", "post"), ("paper", "in_person"), ("paper", "fax"), ("electronic", "online"),
             ("electronic", "email"), ("electronic", "in_person"), ("disc", "post"), ("disc", "in_person"),
             ("inspect", "in_person")]  # fmt: skip
    for form, way in pairs:
        assert me.how(form=form, delivery=way).to == reverse("portal:request_check")


def test_the_summary_says_what_is_missing_and_does_not_send(me):
    me.what()
    seen = me.get("request_check")
    said = seen.said("#lacks")
    for title in ("受理机关", "申请人", "获取方式"):
        assert title in said
    assert seen.all("button[disabled]") != []
    assert me.post("request_check", {"seen": seen.value("seen")}).status == 200
    assert FoiRequest.objects.count() == 0


# Items ---------------------------------------------------------------------------------------------------------------


def test_items_are_added_and_taken_away_without_script(me):
    assert me.what(WHAT, add="1").to == reverse("portal:request") + "#item1"
    second = {"name": "第二件", "document_number": "", "features": ""}
    me.what(WHAT, second, add="1")
    assert len(me.get("request").all(".request__item")) == 3
    me.what(WHAT, second, {"name": "第三件", "document_number": "", "features": ""}, remove="0")
    seen = me.get("request")
    assert [seen.value(f"item{n}-name") for n in range(2)] == ["第二件", "第三件"]


def test_no_more_items_than_may_be(me):
    items = [{"name": f"第{n}件", "document_number": "", "features": ""} for n in range(14)]
    me.what(*items, add="1")
    seen = me.get("request")
    assert len(seen.all(".request__item")) == 10
    assert "最多 10 项" in seen.text
    assert seen.all("[name=add]") == []


# What is public, and whom to ask ------------------------------------------------------------------------------------


@pytest.fixture
def published(desk):
    desk.release(desk.draft(title="青禾市2025年临时救助资金发放情况", body="<p>各街道发放明细见附表。</p>"))
    seal_all(at=AT)
    follow_all(on=TODAY)


def test_what_is_public_stands_beside_the_form_and_forces_nothing(me, published):
    assert me.what(WHAT, look="1").to == reverse("portal:request") + "#public"
    seen = me.get("request")
    links = [a.get("href") for a in seen.all("#public .request__hits a")]
    assert links == ["/items/900000002/2026-00001/"]
    me.fill()
    assert me.send().to == reverse("portal:request_receipt")


def test_while_typing_the_list_comes_as_a_fragment(me, published):
    seen = me.post("request_public", {"text": ["临时救助资金发放"]})
    assert seen.status == 200
    assert "青禾市2025年" in seen.text.replace("<mark>", "").replace("</mark>", "")
    assert "<html" not in seen.text
    assert seen.response.headers["Cache-Control"] == "no-store"
    assert RequestDraft.objects.count() == 0
    nothing = me.post("request_public", {"text": ["量子泡沫纠缠观测站选址"]})
    assert "没有找到相近的公开信息，请继续申请。" in nothing.text
    assert me.client.get(reverse("portal:request_public")).status_code == 405


def test_the_form_works_while_the_index_is_broken(me, published, settings, tmp_path):
    settings.INDEX_ROOT = tmp_path / "index"
    for path in settings.INDEX_ROOT.rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")
    forget()
    me.fill()
    assert "现在不能查找，不影响您申请。" in me.get("request").text
    assert me.send().to == reverse("portal:request_receipt")


def test_agencies_are_suggested_with_the_reason_and_any_may_be_chosen(me, published):
    me.what()
    seen = me.get("request_agency")
    first = seen.all(".request__choice")[0]
    assert first.xpath("string(span)") == "青禾市民政局"
    assert "“临时救助”" in first.xpath("string(small)")
    assert "公开过 1 件相近的信息" in first.xpath("string(small)")
    offered = {i.get("value") for i in seen.all("input[name=organ]")}
    assert offered == {"QH", "QH-MZ", "QH-JY"}


def test_a_wrong_agency_is_caught_and_may_be_kept(me):
    me.what({"name": "市教育局2025年中小学招生方案", "document_number": "", "features": ""})
    seen = me.agency("QH-MZ")
    assert seen.status == 200
    assert "您写到了" in seen.said("#elsewhere")
    assert "青禾市教育局" in seen.said("#elsewhere")
    assert [b.get("value") for b in seen.all("#elsewhere [name=instead]")] == ["QH-JY"]
    assert me.post("request_agency", {"anyway": "QH-MZ"}).to == reverse("portal:request_applicant")
    # Asked once: the same choice is not questioned again.
    assert me.agency("QH-MZ").to == reverse("portal:request_applicant")
    assert me.post("request_agency", {"instead": "QH-JY"}).to == reverse("portal:request_applicant")
    assert me.get("request_check").text.count("青禾市教育局") >= 1


def test_an_agency_given_by_the_directory_is_kept(me):
    seen = Applicant()
    page = seen.get("request", agency="QH-JY")
    assert "将向青禾市教育局申请" in page.text
    seen.what(WHAT, agency="QH-JY")
    assert [i.get("value") for i in seen.get("request_agency").all("input[name=organ]") if i.get("checked") is not None] == ["QH-JY"]  # fmt: skip


# Every answer ----------------------------------------------------------------------------------------------------------


def test_no_answer_may_be_kept_by_a_cache(me):
    me.fill()
    for name in PAGES:
        assert me.get(name).response.headers["Cache-Control"] == "no-store"
    assert me.get("request_discard").response.headers["Cache-Control"] == "no-store"
    assert me.who(name="").response.headers["Cache-Control"] == "no-store"
    me.send()
    assert me.get("request_receipt").response.headers["Cache-Control"] == "no-store"
    assert Applicant().get("request_agency").response.headers["Cache-Control"] == "no-store"


def test_posts_without_the_token_against_forgery_do_nothing(town):
    bare = Client(enforce_csrf_checks=True)
    for name in (*PAGES, "request_discard", "request_again", "request_public", "request_upload", "request_remove_file"):
        assert bare.post(reverse(f"portal:{name}"), {"organ": "QH-MZ"}).status_code == 403, name
    assert RequestDraft.objects.count() == 0


def test_one_heading_and_no_script_needed(me):
    me.fill()
    for name in PAGES:
        seen = me.get(name)
        assert len(seen.all("h1")) == 1
        assert [s for s in seen.all("script") if not s.get("src")] == []
        for form in seen.all("main form"):
            assert form.get("method") == "post"


def test_the_apply_page_leads_to_the_form(client, town):
    page = client.get("/apply/?agency=QH-JY").content.decode()
    assert 'href="/apply/new/?agency=QH-JY"' in page
