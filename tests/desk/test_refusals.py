"""What the desk refuses, says so, and loses nothing that was typed."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.disclosure.models import Item, Release, Version
from gongkai.files.models import Blob
from gongkai.ledger.models import Fact
from gongkai.review.models import Opinion
from tests.desk.conftest import draft_form, png, sentences, word_file, zip_bomb


def test_the_author_has_no_decision_and_cannot_force_one(at, desk, town):
    """Somebody who drafts and also holds the reviewer's post still never reviews their own text."""
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT, START

    appoint(town.people["drafter"], town.section, "section_reviewer", starts_on=START, actor=SYSTEM, at=AT)
    item = desk.draft()
    version = desk.submit(item)
    browser = at("drafter")
    page = sentences(browser.get("review", item.code))
    assert "不能审查自己拟写的文本" in page
    assert 'name="verdict"' not in page
    answer = browser.post("opine", item.code, 1, verdict="approve", digest=version.digest)
    assert (answer.status_code, Opinion.objects.count()) == (409, 0)
    assert "不能审查自己拟写的文本，请由其他人审查。《政府信息公开条例》第十七条" in sentences(answer)


def test_nobody_speaks_at_two_steps(at, desk, town):
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT, START

    appoint(town.people["section_reviewer"], town.section, "compliance_reviewer", starts_on=START, actor=SYSTEM, at=AT)
    item = desk.draft()
    version = desk.submit(item)
    browser = at("section_reviewer")
    browser.post("opine", item.code, 1, verdict="approve", digest=version.digest)
    answer = browser.post("opine", item.code, 2, verdict="approve", digest=version.digest)
    assert "同一人不能在两个环节审查同一文本" in sentences(answer)
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize("who", ["drafter2", "leader", "supervisor", "compliance_reviewer"])
def test_only_the_step_s_own_reviewer_speaks(at, desk, who):
    item = desk.draft()
    version = desk.submit(item)
    answer = at(who).post("opine", item.code, 1, verdict="approve", digest=version.digest, reason="我的意见")
    assert (answer.status_code, Opinion.objects.count()) == (409, 0)


def test_an_opinion_on_another_text_is_not_kept(at, desk):
    item = desk.draft()
    first = desk.submit(item)
    drafter = at("drafter")
    drafter.post("recall", item.code)
    drafter.post("edit", item.code, **draft_form(item, body="<p>改过的文字。</p>"))
    item.draft.refresh_from_db()
    desk.submit(item)
    answer = at("section_reviewer").post(
        "opine", item.code, 1, verdict="approve", digest=first.digest, reason="核对无误，同意。"
    )
    text = sentences(answer)
    assert answer.status_code == 409
    assert "您看到的不是正在审查的文本，您的意见没有保存，请看最新一版。" in text
    assert "核对无误，同意。" in text  # what was typed is still there
    assert Opinion.objects.count() == 0


def test_a_double_click_changes_nothing_and_says_so(at, desk):
    item = desk.draft()
    version = desk.submit(item)
    browser = at("section_reviewer")
    data = {"verdict": "approve", "digest": version.digest, "reason": ""}
    first = browser.post("opine", item.code, 1, **data)
    again = browser.post("opine", item.code, 1, **data)
    assert (first.status_code, again.status_code) == (302, 409)
    assert "您已通过这一环节，不必重复。" in sentences(again)
    assert Opinion.objects.count() == 1


def test_an_opinion_after_the_end_gives_the_reason_back(at, desk):
    item = desk.draft()
    version = desk.submit(item)
    at("drafter").post("recall", item.code)
    answer = at("section_reviewer").post(
        "opine", item.code, 1, follow=True, verdict="return", return_to="0", digest=version.digest, reason="户数不对"
    )
    assert "这一版的审查已经结束，您的意见没有保存" in sentences(answer)
    assert "您填写的理由没有保存，可以复制留存：户数不对" in sentences(answer)


def test_submitting_twice_makes_one_version(at, desk):
    item = desk.draft()
    browser = at("drafter")
    revision = item.draft.revision
    browser.post("submit", item.code, based_on=revision)
    again = browser.post("submit", item.code, follow=True, based_on=revision)
    assert Version.objects.count() == 1
    assert "现在不能修改草稿：送审后文本冻结" in sentences(again)


def test_refusing_needs_a_reason_and_says_where_it_is_missing(at, desk):
    item = desk.draft()
    version = desk.submit(item)
    answer = at("section_reviewer").post("opine", item.code, 1, verdict="refuse", digest=version.digest, reason=" ")
    assert "退回和不予通过必须写明理由，拟稿人会看到。" in sentences(answer)
    assert 'aria-invalid="true"' in sentences(answer)


def test_findings_are_answered_one_by_one_before_the_text_may_pass(at, desk):
    item = desk.draft(body="<p>联系电话：13800138000。</p>")
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    browser = at("secrecy_reviewer")
    page = sentences(browser.get("review", item.code))
    assert '<mark class="flag" id="mark-1">13800138000<a href="#finding-1"' in page
    assert "138****8000" in page
    assert "现在不能通过：1 条发现没有答复。" in page
    assert 'value="approve" disabled aria-describedby="decision-why"' in page
    tried = browser.post("opine", item.code, 3, verdict="approve", digest=version.digest)
    assert "现在不能通过：1 条发现没有答复。" in sentences(tried)
    empty = browser.post("answer", item.code, 1, answer="lawful", reason="")
    assert "请写明理由" in sentences(empty)
    assert at("compliance_reviewer").post("answer", item.code, 1, answer="lawful", reason="公务电话").status_code == 422
    browser.post("answer", item.code, 1, answer="lawful", reason="对外公布的工作电话，条例第二十条第二项。")
    assert "已答复 1，待答复 0" in sentences(browser.get("review", item.code))
    browser.post("opine", item.code, 3, verdict="approve", digest=version.digest)
    assert Release.objects.count() == 1


def test_a_full_id_number_never_passes(at, desk):
    item = desk.draft(body="<p>何桂香，11010519491231002X，桂花里。</p>")
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    browser = at("secrecy_reviewer")
    page = sentences(browser.get("review", item.code))
    assert "这一条不能放行。" in page
    assert "1 条禁止公开的内容还在文中" in page
    answer = browser.post("answer", item.code, 1, answer="lawful", reason="已核")
    assert answer.status_code == 422
    browser.post("opine", item.code, 3, verdict="approve", digest=version.digest)
    assert Release.objects.count() == 0
    check = desk.draft(body="<p>何桂香，11010519491231002X，桂花里。</p>")
    shown = sentences(at("drafter").get("submit", check.code))
    assert "11010519491231002X" not in shown  # masked in the list
    assert "禁止公开" in shown


# -- drafting ------------------------------------------------------------------------------------------------------


def test_two_people_in_one_draft_are_told_and_nothing_is_lost(at, desk):
    item = desk.draft(body="<p>原来的文字。</p>")
    one, two = at("drafter"), at("drafter2")
    form = draft_form(item)
    one.get("edit", item.code)
    assert "测试01" in sentences(two.get("edit", item.code))
    saved = one.post("autosave", item.code, **form | {"body": "<p>甲写的文字。</p>"})
    assert saved.json()["state"] == "saved"
    assert saved.json()["others"] == ["测试02"]

    auto = two.post("autosave", item.code, **form | {"body": "<p>乙写的文字。</p>"})
    assert (auto.status_code, auto.json()["state"]) == (409, "moved_on")
    both = two.post("edit", item.code, **form | {"body": "<p>乙写的文字。</p>", "keywords": "救助"})
    text = sentences(both)
    assert both.status_code == 409
    assert "甲写的文字。" in text
    assert "乙写的文字。" in text
    assert "救助" in text
    item.draft.refresh_from_db()
    assert item.draft.body == "<p>甲写的文字。</p>"

    two.post("edit", item.code, **draft_form(item, body="<p>甲写的文字。</p><p>乙写的文字。</p>"))
    item.draft.refresh_from_db()
    assert item.draft.body == "<p>甲写的文字。</p><p>乙写的文字。</p>"


def test_a_save_after_the_freeze_gives_the_words_back(at, desk):
    item = desk.draft()
    form = draft_form(item)
    desk.submit(item)
    answer = at("drafter").post("edit", item.code, **form | {"body": "<p>晚到的一段。</p>"})
    assert answer.status_code == 409
    assert "晚到的一段。" in sentences(answer)
    assert "送审后文本冻结" in sentences(answer)


def test_saving_what_is_there_already_changes_nothing(at, desk):
    item = desk.draft()
    facts, revision = Fact.objects.count(), item.draft.revision
    answer = at("drafter").post("autosave", item.code, **draft_form(item))
    assert answer.json()["state"] == "same"
    item.draft.refresh_from_db()
    assert (Fact.objects.count(), item.draft.revision) == (facts, revision)


def test_a_pasted_page_is_cleaned_and_foreign_images_are_named(at, desk):
    item = desk.draft()
    html = (
        '<div onclick="x()"><h1 style="mso-x:y">标题</h1><p class="MsoNormal">文字<script>alert(1)</script>'
        '<a href="javascript:x()">链接</a><img src="file:///C:/a.png"><img src="data:image/png;base64,AA"></p></div>'
    )
    answer = at("drafter").post("autosave", item.code, **draft_form(item, body=html))
    item.draft.refresh_from_db()
    assert item.draft.body == "<h2>标题</h2><p>文字链接</p>"
    assert any("2 张图片不在本系统内" in warning for warning in answer.json()["warnings"])


def test_an_uploaded_image_keeps_its_place_through_saving(at, desk):
    item = desk.draft()
    browser = at("drafter")
    sent = browser.post("add_image", item.code, file=SimpleUploadedFile("图.png", png()))
    address = sent.json()["url"]
    browser.post("edit", item.code, **draft_form(item, body=f'<p>见图。</p><p><img src="{address}" alt="示意"></p>'))
    item.draft.refresh_from_db()
    digest = address.rsplit("/", 1)[1]
    assert f'<img src="asset:{digest}" alt="示意">' in item.draft.body
    assert address in sentences(browser.get("edit", item.code))
    assert address in sentences(browser.get("preview", item.code))


def test_a_date_in_the_future_stands_at_its_field_with_everything_else_kept(at, desk):
    item = desk.draft()
    answer = at("drafter").post("edit", item.code, **draft_form(item, formed_on="2099-01-01", keywords="留着"))
    assert answer.status_code == 422
    assert "成文日期不能晚于今天" in sentences(answer)
    assert 'value="留着"' in sentences(answer)
    bad = at("drafter").post("edit", item.code, **draft_form(item, formed_on="2026-02-30"))
    assert "日期不对，请写成 2026-10-29 或者 2026年10月29日。" in sentences(bad)


def test_a_body_of_five_million_characters_is_refused_in_words(at, desk):
    item = desk.draft()
    answer = at("drafter").post("autosave", item.code, **draft_form(item, body="<p>" + "字" * 5_000_000 + "</p>"))
    assert answer.status_code == 422
    assert "请把附表、附录改为附件上传" in answer.json()["sentence"]


def test_a_secrecy_mark_is_refused_by_every_door_and_no_byte_is_kept(at, desk):
    item = desk.draft()
    before = item.draft.body
    browser = at("drafter")
    marked = "机密★3年\n关于某事的请示"
    auto = browser.post("autosave", item.code, **draft_form(item, body="<p>机密★3年</p><p>正文</p>"))
    assert (auto.status_code, auto.json()["state"]) == (422, "refused")
    assert "《中华人民共和国保守国家秘密法》第三十一条" in auto.json()["sentence"]
    typed = browser.post("edit", item.code, **draft_form(item, title="机密★3年 请示"))
    assert "没有保存。本系统不是涉密系统" in sentences(typed)
    file = SimpleUploadedFile("请示.txt", marked.encode())
    attached = browser.post("add_file", item.code, follow=True, file=file)
    assert "带有密级标志，没有保存" in sentences(attached)
    word = browser.post(
        "upload", item.code, follow=True, file=SimpleUploadedFile("a.docx", word_file("机密★3年", "正文"))
    )
    assert "带有密级标志，没有保存" in sentences(word)
    new = browser.post("new", section=item.section_id, title="秘密★1年 通知", heading="20-01", entry="")
    assert "带有密级标志" in sentences(new)
    item.draft.refresh_from_db()
    assert item.draft.body == before
    assert Item.objects.count() == 1
    assert Blob.objects.count() == 0
    kept = Fact.objects.filter(kind="item.secrecy_mark_refused")
    assert kept.count() == 5
    assert all("机密" not in str(fact.data) and "秘密" not in str(fact.data) for fact in kept)


def test_a_mark_in_the_header_of_a_word_file_keeps_its_pictures_out_too(at, desk):
    from docx import Document

    document = Document(io.BytesIO(word_file("通知", "正文", image=png())))
    document.sections[0].header.paragraphs[0].text = "机密★3年"
    out = io.BytesIO()
    document.save(out)
    item = desk.draft()
    file = SimpleUploadedFile("通知.docx", out.getvalue())
    answer = at("drafter").post("upload", item.code, follow=True, file=file)
    assert "带有密级标志，没有保存" in sentences(answer)
    assert Blob.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("假的.docx", b"this is no Word file", "内容不是这种文件"),
        ("宏.docm", b"PK\x03\x04", "宏"),
        ("旧的.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .docx"),
        ("页面.html", b"<html><script>x</script></html>", "可能带有脚本"),
        ("图.svg", b"<svg onload='x()'/>", "可能带有脚本"),
        ("程序.exe", b"MZ\x90", "程序"),
        ("空.pdf", b"", "请先选择文件"),
        ("包.zip", b"PK\x03\x04", "解压后分别上传"),
        ("改名.pdf", png(), "内容却是 PNG"),
    ],
)
def test_hostile_attachments_are_refused_with_what_to_do(at, desk, name, data, words):
    item = desk.draft()
    answer = at("drafter").post("add_file", item.code, follow=True, file=SimpleUploadedFile(name, data))
    text = sentences(answer)
    if words != "请先选择文件":
        assert words in text
    else:
        assert "文件是空的（0 字节）" in text or words in text
    assert item.draft.attachments.count() == 0
    assert Blob.objects.count() == 0


def test_hostile_word_files_are_refused_and_the_text_stays(at, desk):
    item = desk.draft()
    before = item.draft.body
    browser = at("drafter")
    for data in (zip_bomb(), b"PK\x03\x04 broken", b"not a zip at all"):
        answer = browser.post("upload", item.code, follow=True, file=SimpleUploadedFile("a.docx", data))
        assert "banner--error" in sentences(answer)
        item.draft.refresh_from_db()
        assert item.draft.body == before


def test_a_file_of_200_megabytes_is_refused_without_being_kept(at, desk):
    item = desk.draft()
    big = SimpleUploadedFile("大.docx", b"PK\x03\x04" + b"\0" * (200 * 1024 * 1024))
    answer = at("drafter").post("upload", item.code, follow=True, file=big)
    assert "文件超过 20 MB，请拆分或改为 PDF。" in sentences(answer)


# -- signing in ----------------------------------------------------------------------------------------------------


def test_one_answer_for_a_wrong_name_and_a_wrong_password(town):
    client = Client()
    for name, password in (("T001", "wrong"), ("nobody", "a-long-test-password")):
        answer = client.post(reverse("desk:login"), {"username": name, "password": password})
        assert "工号或者密码不正确，请核对后再试。" in sentences(answer)


def test_five_wrong_tries_lock_this_computer_out_for_that_account(town):
    client = Client()
    for _ in range(5):
        answer = client.post(reverse("desk:login"), {"username": "T001", "password": "wrong"})
    assert answer.status_code == 429
    right = client.post(reverse("desk:login"), {"username": "T001", "password": "a-long-test-password"})
    assert right.status_code == 429
    other = client.post(reverse("desk:login"), {"username": "T002", "password": "a-long-test-password"})
    assert other.status_code == 302


def test_a_new_password_needs_the_old_one_and_a_strong_one(at, town):
    browser = at("drafter")
    weak = browser.post("profile", old="a-long-test-password", new="12345", again="12345")
    assert weak.status_code == 200
    wrong = browser.post("profile", old="x", new="another-long-word", again="another-long-word")
    assert "现在的密码不正确" in sentences(wrong)
    done = browser.post("profile", old="a-long-test-password", new="another-long-word", again="another-long-word")
    assert done.status_code == 302
    town.people["drafter"].refresh_from_db()
    assert town.people["drafter"].check_password("another-long-word")
    assert browser.get("todo").status_code == 200  # still signed in


def test_a_finding_in_the_address_of_a_link_is_shown_with_its_place(at, desk):
    item = desk.draft(body='<p>请见<a href="https://example.cn/?tel=13800138000">附表</a>。</p>')
    version = desk.submit(item)
    page = sentences(at("section_reviewer").get("review", item.code))
    assert "正文的第 1 个链接" in page
    assert "138****8000" in page
    desk.opine(version, 1, "section_reviewer", verdict="return", return_to=0, reason="去掉")
    assert "正文的第 1 个链接" in sentences(at("drafter").get("submit", item.code))


def test_work_secret_words_do_not_stop_a_submission(at, desk):
    item = desk.draft(body="<p>本办法由保密工作机构解释，秘密级文件除外，内部资料注意保存。</p>")
    at("drafter").post("submit", item.code, based_on=item.draft.revision)
    assert "工作秘密或者内部使用标注" in sentences(at("secrecy_reviewer").get("review", item.code))
