"""Nothing personal stands in a plain column, a fact or a file; keys can be changed; what is erased is gone."""

import base64
import json

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from gongkai.files.queries import path_of
from gongkai.foi import vault
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.close import close
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.erase_personal_data import erase_personal_data
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.actions.rotate_keys import rotate_keys
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.actions.withdraw_request import withdraw_request
from gongkai.foi.models import CaseFile, DataKey, FoiRequest, ReplyVersion
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.replies import is_whole
from gongkai.foi.queries.same import same_applicant
from gongkai.foi.queries.sealed import file_bytes, file_name, particulars, wish
from gongkai.foi.queries.statistics import statistics
from gongkai.foi.queries.tracking import case_by_code
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import ADDRESS, IDENTITY, KEY_A, KEY_B, NAME, PHONE, PNG

EMAIL, WISH, PARTY = "planted@example.org", "关于欧阳测试家宅基地的批复", "植入第三方公司"
PLANTED = (NAME, PHONE, ADDRESS, IDENTITY, EMAIL, WISH, PARTY, "欧阳", "植入")


def full_case(counter):
    """A request that went through every step that takes words."""
    told = Particulars(NAME, "id_card", IDENTITY, PHONE, ADDRESS, "000000", EMAIL, NAME)
    registered = counter.receive(WISH, applicant=told, delivery="post").registered[0]
    number = registered.case.number
    from gongkai.foi.actions.accept import accept

    case = accept(number, section=counter.town.section, **counter.who())
    add_file(number, PNG, f"{NAME}身份证.png", kind="identity", **counter.who())
    ask_clarification(number, on=counter.day, reply_by=counter.day, items=f"请{NAME}写明", **counter.who())
    take_clarification(number, on=counter.day, text=f"{NAME}答", **counter.who())
    consult(number, [Party("third_party", PARTY, "是否同意公开")], on=counter.day, **counter.who())
    record_consultation_answer(
        number, "第三方1", on=counter.day, position="agreed", text=f"{PARTY}同意", **counter.who()
    )
    counter.reply(case, letter={"access": f"随信附上，请{NAME}查收"})
    register_remedy(number, kind="review", body="市政府", docket=NAME, filed_on=counter.day, **counter.who())
    return registered


def every_column() -> str:
    """All columns of all tables that this capability can have written, as text; sealed bytes as they are."""
    told = []
    for model in apps.get_models():
        if model._meta.app_label in ("foi", "ledger", "review", "files", "calendars", "scanning"):
            names = [f.attname for f in model._meta.concrete_fields]
            for row in model._default_manager.values_list(*names):
                told += [bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview)
                         else json.dumps(v, ensure_ascii=False, default=str) for v in row]  # fmt: skip
    return "\n".join(told)


def test_what_was_told_stands_in_no_column_and_no_fact(counter):
    full_case(counter)
    kept = every_column()
    assert [word for word in PLANTED if word in kept] == []
    assert len(kept) > 10_000


def test_free_text_is_sealed_by_kind_of_column():
    """A new column that could hold words has to be named here on purpose."""
    plain = {
        (m._meta.model_name, f.name)
        for m in apps.get_app_config("foi").get_models()
        for f in m._meta.concrete_fields
        if isinstance(f, models.TextField) or (isinstance(f, models.CharField) and (f.max_length or 0) > 80)
    }
    assert plain == {("datakey", "wrapped"), ("foirequest", "sketch"), ("remedy", "body"), ("casefile", "media_type"),
                     ("draftfile", "media_type"), ("recordcorrection", "other_organ")}  # fmt: skip


def test_papers_are_sealed_on_disk(counter):
    full_case(counter)
    for paper in CaseFile.objects.select_related("blob", "request__key"):
        kept = path_of(paper.blob_id).read_bytes()
        assert b"PNG" not in kept and b"IHDR" not in kept
        assert file_bytes(paper) == PNG
    assert file_name(CaseFile.objects.get(kind="identity")) == f"{NAME}身份证.png"


def test_a_look_is_a_fact_and_for_those_who_handle_the_request(counter):
    case = counter.case()
    before = Fact.objects.count()
    assert reveal(case.number, **counter.who()).name == NAME
    fact = Fact.objects.order_by("id").last()
    assert (fact.kind, fact.subject, fact.actor_code, fact.data) == ("foi.particulars_seen", case.subject, "F001", {})
    assert Fact.objects.count() == before + 1
    for other in ("drafter", "supervisor", "system_admin", "other_secrecy"):
        with pytest.raises(Refusal):
            reveal(case.number, **counter.who(other))


def test_sealed_text_does_not_open_elsewhere_or_changed():
    key = b"k" * 16
    sealed = vault.seal(key, NAME.encode(), "a.b")
    assert vault.unseal(key, sealed, "a.b").decode() == NAME
    broken = [
        (key, sealed, "a.c"),
        (b"j" * 16, sealed, "a.b"),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "a.b"),
        (key, b"", "a.b"),
    ]
    for arguments in broken:
        with pytest.raises(vault.Unsealable):
            vault.unseal(*arguments)
    assert vault.seal(key, NAME.encode(), "a.b") != sealed


@pytest.mark.parametrize("text", ["", "a", "a:xx", "a:" + base64.b64encode(b"short").decode(), f"{KEY_A},{KEY_A}"])
def test_keys_that_are_no_keys_are_refused(settings, monkeypatch, text):
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("FOI_DATA_KEYS", text)
    settings.FOI_DATA_KEYS = text
    with pytest.raises(ImproperlyConfigured, match="FOI_DATA_KEYS"):
        vault.masters()


def test_keys_are_changed_without_touching_what_they_seal(counter, settings):
    settings.FOI_DATA_KEYS = KEY_A
    registered = full_case(counter)
    other = counter.receive().registered[0].case
    version = bytes(ReplyVersion.objects.get().content)
    settings.FOI_DATA_KEYS = f"{KEY_B},{KEY_A}"
    assert case_by_code(registered.code, PHONE[-4:]) is not None
    keys = DataKey.objects.count()
    assert rotate_keys(**counter.who("system_admin")) == keys
    assert rotate_keys(**counter.who("system_admin")) == 0
    settings.FOI_DATA_KEYS = KEY_B
    case = case_by_code(registered.code, PHONE[-4:])
    assert (particulars(case.applicant).name, wish(case).name) == (NAME, WISH)
    assert bytes(ReplyVersion.objects.get().content) == version and is_whole(ReplyVersion.objects.get())
    assert [c.pk for c in same_applicant(case)] == [other.pk]
    consulted = case.consultations.get()
    assert consulted.party_digest.startswith("b:")
    with pytest.raises(Refusal):
        rotate_keys(**counter.who())


def test_what_is_erased_is_gone_and_the_statistics_stay(counter):
    registered = full_case(counter)
    number, organ = registered.case.number, counter.town.organ
    close(number, **counter.who())
    before = statistics(organ, 2026).report
    head = counter.who("foi_head")
    with pytest.raises(Refusal) as refused:
        erase_personal_data(number, **head)
    assert refused.value.code == "remedy_pending"
    from gongkai.foi.actions.conclude_remedy import conclude_remedy

    remedy = FoiRequest.objects.get(number=number).remedies.get()
    conclude_remedy(number, remedy.pk, result="upheld", on=counter.day, **counter.who())
    before = statistics(organ, 2026).report
    with pytest.raises(Refusal) as refused:
        erase_personal_data(number, **counter.who("foi_head"))
    assert refused.value.code == "still_kept"
    counter.day = counter.day.replace(year=2037)
    erase_personal_data(number, **counter.who("foi_head"))
    case = FoiRequest.objects.select_related("key", "applicant__key").get(number=number)
    for look in (lambda: particulars(case.applicant), lambda: wish(case), lambda: is_whole(case.replies.get())):
        with pytest.raises(vault.Unsealable):
            look()
    assert (case.code_digest, case.sketch, case.applicant.digest) == ("", "", "")
    assert case_by_code(registered.code, PHONE[-4:]) is None
    assert statistics(organ, 2026).report == before
    with pytest.raises(DatabaseError), transaction.atomic():
        DataKey.objects.filter(pk=case.key_id).update(wrapped="x", destroyed_at=None)


def test_one_item_of_a_submission_keeps_the_applicant_of_the_other(counter):
    first, second = (r.case for r in counter.receive("甲文件", "乙文件").registered)
    for case in (first, second):
        withdraw_request(case.number, on=counter.day, **counter.who())
        close(case.number, **counter.who())
    counter.day = counter.day.replace(year=2037)
    erase_personal_data(first.number, **counter.who("foi_head"))
    kept = FoiRequest.objects.select_related("applicant__key").get(pk=second.pk)
    assert particulars(kept.applicant).name == NAME
    erase_personal_data(second.number, **counter.who("foi_head"))
    kept = FoiRequest.objects.select_related("applicant__key").get(pk=second.pk)
    with pytest.raises(vault.Unsealable):
        particulars(kept.applicant)


@pytest.mark.parametrize("where", ["letter", "body"])
def test_a_letter_to_a_third_party_does_not_tell_how_to_reach_who_asked(counter, where):
    case = counter.case(applicant=Particulars(NAME, "id_card", IDENTITY, PHONE, ADDRESS))
    texts = {"letter": "是否同意公开", "body": ""} | {where: f"申请人电话 {PHONE[:3]} {PHONE[3:]}"}
    with pytest.raises(Refusal) as refused:
        consult(case.number, [Party("third_party", PARTY, **texts)], on=counter.day, **counter.who())
    assert refused.value.code == "applicant_inside"
    assert not case.consultations.exists()
