"""Drafts of the request form: kept, let go of, sent in once; and the receipt for a day after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.actors import SYSTEM
from gongkai.foi import tasks
from gongkai.foi.actions.drafts import NoDraft, save_draft, start_draft
from gongkai.foi.actions.rotate_keys import rotate_keys
from gongkai.foi.actions.submit_draft import submit_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import (
    DataKey,
    DraftFile,
    FoiRequest,
    LookupAttempt,
    RequestDraft,
    Submission,
    UploadChunk,
)
from gongkai.foi.queries.drafts import Filled, filled, receipt_lines
from gongkai.foi.queries.sealed import wish
from gongkai.law.verdicts import Refusal
from tests.conftest import AT
from tests.foi.conftest import KEY_B
from tests.portal.request_form import (
    IDENTITY,
    NAME,
    PAGES,
    PDF,
    PHONE,
    WHAT,
    Applicant,
    upload,
)


@pytest.fixture
def me(town) -> Applicant:
    return Applicant()


def age(days: float) -> None:
    """Let the drafts lie for so long."""
    for draft in RequestDraft.objects.all():
        saved = draft.saved_at - timedelta(days=days)
        sent = draft.submitted_at and draft.submitted_at - timedelta(days=days)
        RequestDraft.objects.filter(pk=draft.pk).update(saved_at=saved, submitted_at=sent)


# Drafts ---------------------------------------------------------------------------------------------------------------


def test_a_draft_survives_a_closed_browser(me):
    me.fill()
    cookie = me.client.cookies["request_draft"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/apply/new/")
    assert cookie["max-age"] == 30 * 24 * 3600
    later = Applicant()
    later.client.cookies["request_draft"] = cookie.value
    assert later.get("request_applicant").value("name") == NAME
    assert "保存于" in later.get("request").text


def test_only_the_digest_of_the_token_is_stored_and_the_content_is_sealed(me):
    me.fill()
    token = me.client.cookies["request_draft"].value
    draft = RequestDraft.objects.get()
    row = repr(RequestDraft.objects.values_list()[0])
    assert token not in row
    for told in (NAME, IDENTITY, PHONE, WHAT["name"]):
        assert told.encode() not in bytes(draft.content)


def test_nobody_opens_a_draft_without_its_token(me):
    me.fill()
    other = Applicant()
    assert other.get("request_applicant").to == reverse("portal:request") + "?gone=1"
    assert "没有找到您的草稿" in other.get("request", gone="1").text
    for token in ("", "x", RequestDraft.objects.get().token_digest, "' OR 1=1 --"):
        other.client.cookies["request_draft"] = token
        assert other.get("request_applicant").to == reverse("portal:request") + "?gone=1"


def test_saving_keeps_what_is_not_right_yet(me):
    assert me.what({"name": "", "document_number": "", "features": ""}, save="1").to == "/apply/new/?saved=1"
    assert "草稿已经保存" in me.get("request", saved="1").text
    assert me.who(name="", phone="12", save="1").to == "/apply/new/applicant/?saved=1"
    assert me.get("request_applicant").value("phone") == "12"


def test_discarding_erases_rows_keys_and_cookie(me):
    me.fill()
    me.post("request_files", {"kind": "identity", "file": upload("身份证.pdf", PDF)})
    keys = DataKey.objects.count()
    assert "不能恢复" in me.get("request_discard").text
    assert RequestDraft.objects.count() == 1
    seen = me.post("request_discard")
    assert "已经清除" in seen.text
    assert seen.response.cookies["request_draft"]["max-age"] == 0
    assert (RequestDraft.objects.count(), DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0, 0)
    assert DataKey.objects.count() == keys - 1


def test_old_drafts_are_erased_and_newer_ones_kept(me):
    me.fill()
    age(29)
    assert tasks.tick() == 0
    assert me.get("request_applicant").value("name") == NAME
    age(31)
    assert me.get("request_applicant").to == reverse("portal:request") + "?gone=1"
    assert tasks.tick() == 1
    assert (RequestDraft.objects.count(), DataKey.objects.count()) == (0, 0)
    assert tasks.tick() == 0


def test_days_of_a_draft_are_configurable(me, settings):
    settings.FOI_DRAFT_DAYS = 3
    me.fill()
    age(4)
    assert tasks.tick() == 1


def test_a_page_of_a_form_that_was_cleared_elsewhere_begins_anew(me):
    me.fill()
    RequestDraft.objects.all().delete()
    assert me.what().to == reverse("portal:request_agency")
    assert RequestDraft.objects.count() == 1


# Sending in ------------------------------------------------------------------------------------------------------------


def test_sent_twice_is_one_case_and_the_same_receipt(me):
    me.fill()
    page = me.get("request_check").value("seen")
    first = me.post("request_check", {"seen": page})
    codes = me.codes()
    again = me.post("request_check", {"seen": page})
    assert first.to == again.to == reverse("portal:request_receipt")
    assert me.codes() == codes
    assert FoiRequest.objects.count() == 1


def test_the_action_itself_done_twice_is_one_case(me):
    me.fill()
    token = me.client.cookies["request_draft"].value
    revision = RequestDraft.objects.get().revision
    done = [
        submit_draft(token, based_on=revision, network="127.0.0.1", actor=APPLICANT, at=timezone.now())
        for _n in range(3)
    ]
    assert len({draft.submission_id for draft in done}) == 1
    assert len({tuple((line.case.pk, line.code) for line in receipt_lines(draft)) for draft in done}) == 1
    assert (FoiRequest.objects.count(), Submission.objects.count()) == (1, 1)
    with pytest.raises(NoDraft):
        submit_draft("unknown", based_on=1, network="127.0.0.1", actor=APPLICANT, at=timezone.now())


def test_what_is_counted_of_a_network_is_a_digest_and_gone_after_its_window(me):
    me.fill()
    me.send()
    row = LookupAttempt.objects.get()
    assert "127.0.0.1" not in row.place
    LookupAttempt.objects.update(failed_at=row.failed_at - timedelta(minutes=16))
    other = Applicant()
    other.fill()
    other.send()
    tasks.tick()
    assert LookupAttempt.objects.exclude(pk=row.pk).count() == LookupAttempt.objects.count() == 1


def test_a_receipt_whose_master_key_is_gone_leads_to_tracking(me, settings):
    me.fill()
    me.send()
    later = Applicant()
    later.client.cookies = me.client.cookies
    old = settings.FOI_DATA_KEYS
    settings.FOI_DATA_KEYS = KEY_B + "," + old
    rotate_keys(actor=SYSTEM, at=timezone.now())
    assert later.codes() == me.codes() != []  # both keys are there: nothing changes for the applicant
    settings.FOI_DATA_KEYS = KEY_B
    assert later.get("request_receipt").to == reverse("portal:track")


def test_what_changed_in_another_window_is_shown_before_it_is_sent(me):
    me.fill()
    page = me.get("request_check").value("seen")
    me.who(name="欧阳丙丁")
    seen = me.post("request_check", {"seen": page})
    assert seen.status == 409
    assert "您在另一个窗口改过内容" in seen.said(".summary")
    assert "欧阳丙丁" in seen.text
    assert FoiRequest.objects.count() == 0
    assert me.send().to == reverse("portal:request_receipt")


def test_a_file_still_coming_in_holds_the_form_back(me):
    me.fill()
    me.post_raw(
        "request_upload", '{"name": "a.pdf", "size": 5000, "kind": "request", "mark": "m"}', kind="application/json"
    )
    seen = me.send()
    assert seen.status == 409
    assert "“a.pdf”还没有传完" in seen.said(".summary")
    assert FoiRequest.objects.count() == 0


def test_after_sending_nothing_can_be_changed_and_the_form_is_emptied(me):
    me.fill()
    me.post("request_files", {"kind": "identity", "file": upload("身份证.pdf", PDF)})
    me.send()
    assert (DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0)
    assert filled(RequestDraft.objects.get()) == Filled()
    for name in PAGES[1:]:
        assert me.get(name).to == reverse("portal:request_receipt")
    assert me.what({"name": "别的", "document_number": "", "features": ""}).to == reverse("portal:request_receipt")
    assert me.who(name="别人").to == reverse("portal:request_receipt")
    assert wish(FoiRequest.objects.get()).name == WHAT["name"]


def test_the_receipt_is_shown_for_a_day_and_then_no_more(me):
    me.fill()
    me.send()
    age(0.9)
    assert me.codes() != []
    age(0.2)
    assert me.get("request_receipt").to == reverse("portal:track")
    assert me.client.get(reverse("portal:request_receipt_file")).status_code == 302
    assert tasks.tick() == 1
    assert RequestDraft.objects.count() == 0
    assert FoiRequest.objects.count() == 1


def test_nobody_else_sees_the_receipt(me):
    me.fill()
    me.send()
    other = Applicant()
    assert other.get("request_receipt").to == reverse("portal:track")
    assert other.client.get(reverse("portal:request_receipt_file")).headers["Location"] == reverse("portal:track")


def test_another_request_begins_empty_and_becomes_another_case(me):
    me.fill()
    me.send()
    assert "已经提出并登记" in me.get("request").text
    assert me.post("request_again").to == reverse("portal:request")
    assert me.get("request").value("item0-name") == ""
    me.fill({"name": "另一件", "document_number": "", "features": ""})
    me.send()
    assert FoiRequest.objects.count() == 2


def test_without_confirmation_at_once_the_clock_waits(me, settings):
    settings.FOI_CONFIRM_AT_ONCE = False
    me.fill()
    me.send()
    case = FoiRequest.objects.get()
    assert (case.state, case.received_on, case.due_on) == ("registered", None, None)
    seen = me.get("request_receipt")
    assert seen.all(".clock") == []
    assert "以双方确认之日为收到之日" in seen.text
    assert me.client.get(reverse("portal:request_receipt_file")).status_code == 200


def test_too_many_forms_from_one_network_wait_and_no_draft_is_blocked(town, settings):
    settings.FOI_SUBMISSIONS = 2
    for _n in range(2):
        one = Applicant()
        one.fill()
        assert one.send().to == reverse("portal:request_receipt")
    third = Applicant()
    third.fill()
    seen = third.send()
    assert seen.status == 429
    assert "草稿已经保存" in seen.said(".summary")
    free = timezone.localtime(LookupAttempt.objects.earliest("failed_at").failed_at + timedelta(minutes=15))
    assert f"请在{free:%H:%M}以后再提出" in seen.said(".summary")
    assert FoiRequest.objects.count() == 2
    assert third.who(name="改一改").to == reverse("portal:request_files")
    # Whoever was already received sees the receipt again, and another network is free.
    assert one.post("request_check", {"seen": "1"}).to == reverse("portal:request_receipt")
    third.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    assert third.send().to == reverse("portal:request_receipt")


def test_an_agency_that_is_gone_meanwhile_is_told(me, town):
    me.fill()
    page = me.get("request_check").value("seen")
    town.organ.active = False
    town.organ.save()
    seen = me.post("request_check", {"seen": page})
    assert "请选择受理申请的机关。" in seen.text
    assert FoiRequest.objects.count() == 0


def test_staff_cannot_use_the_citizens_form(town):
    with pytest.raises(ValueError, match="staff enter requests at the desk"):
        start_draft(Filled(), actor=town.actor("drafter"), at=AT)


def test_a_form_that_was_sent_in_is_not_saved_to(town):
    token, draft = start_draft(Filled(), actor=APPLICANT, at=AT)
    RequestDraft.objects.filter(pk=draft.pk).update(submitted_at=AT)
    with pytest.raises(Refusal) as refused:
        save_draft(token, {"organ": "QH-MZ"}, actor=APPLICANT, at=AT)
    assert refused.value.refused.code == "submitted"
