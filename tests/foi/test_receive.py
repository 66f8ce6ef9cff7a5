"""Registering: several items, one submission once, gap-free numbers, codes that are kept nowhere."""

import pytest

from gongkai.foi import vault
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import Applicant, DataKey, FoiRequest, NumberSequence, Submission
from gongkai.foi.particulars import Particulars, masked, second_fact_matches, warnings
from gongkai.foi.queries.tracking import case_by_code
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import IDENTITY, NAME, PHONE, at


def test_each_item_is_a_case_of_its_own(counter):
    receipt = counter.receive("甲文件", "乙文件", "丙文件")
    numbers = [r.case.number for r in receipt.registered]
    assert numbers == ["QH-MZ-2026-00001", "QH-MZ-2026-00002", "QH-MZ-2026-00003"]
    assert len({r.code for r in receipt.registered}) == 3
    assert (Submission.objects.count(), Applicant.objects.count(), receipt.again) == (1, 1, False)
    assert [r.case.state for r in receipt.registered] == ["received"] * 3


def test_the_same_submission_again_is_the_same_receipt(counter):
    first = counter.receive("甲文件", "乙文件", submission_key="k" * 30)
    facts = Fact.objects.count()
    again = counter.receive("甲文件", "乙文件", submission_key="k" * 30)
    assert again.again
    assert [(r.case.number, r.code) for r in again.registered] == [(r.case.number, r.code) for r in first.registered]
    assert (FoiRequest.objects.count(), Fact.objects.count()) == (2, facts)


def test_another_form_under_the_same_key_is_refused(counter):
    counter.receive("甲文件", submission_key="k" * 30)
    with pytest.raises(Refusal) as refused:
        counter.receive("乙文件", submission_key="k" * 30)
    assert refused.value.code == "key_used"
    assert FoiRequest.objects.count() == 1


def test_a_refused_submission_takes_no_number(counter):
    with pytest.raises(Refusal) as refused:
        counter.receive("甲文件", arrived_on=counter.day.replace(year=2027))
    assert refused.value.code == "date_in_future"
    left = (NumberSequence.objects.count(), Submission.objects.count(), DataKey.objects.count(), Fact.objects.filter(
        kind__startswith="foi.").count())  # fmt: skip
    assert left == (0, 0, 0, 0)


def test_numbers_begin_anew_each_year_and_for_each_organ(counter):
    counter.receive()
    counter.day = counter.day.replace(year=2027)
    assert counter.receive().registered[0].case.number == "QH-MZ-2027-00001"


@pytest.mark.parametrize("names", [(" ",), ("甲", "")])
def test_a_request_for_nothing_is_refused(counter, names):
    with pytest.raises(Refusal) as refused:
        counter.receive(*names)
    assert refused.value.code == "wish_missing"


def test_without_a_name_nothing_is_registered(counter):
    with pytest.raises(Refusal) as refused:
        counter.receive(applicant=Particulars(" "))
    assert refused.value.code == "name_missing"


def test_the_public_site_registers_online_only(counter):
    case = counter.receive(
        channel="online", confirmed_on=counter.day, actor=APPLICANT, at=at(counter.day)
    ).registered[0].case  # fmt: skip
    assert case.state == "received"
    with pytest.raises(ValueError, match="online"):
        counter.receive(channel="fax", actor=APPLICANT)
    with pytest.raises(ValueError, match="128 random bits"):
        counter.receive(submission_key="short")


def test_a_code_has_a_hundred_bits_and_opens_only_with_a_second_fact(counter):
    code = counter.receive().registered[0].code
    assert len(code.replace("-", "")) * 5 == 100
    for fact in (PHONE[-4:], IDENTITY[-4:], NAME, IDENTITY[-4:].lower()):
        assert case_by_code(code.lower().replace("-", " "), fact).number == "QH-MZ-2026-00001"
    for wrong in ("", "0000", "1234567", NAME[:1]):
        assert case_by_code(code, wrong) is None
    assert case_by_code("2" * 20, PHONE[-4:]) is None


def test_the_code_is_found_nowhere(counter):
    registered = counter.receive().registered[0]
    case = registered.case
    plain = registered.code.replace("-", "")
    kept = " ".join(str(v) for v in FoiRequest.objects.filter(pk=case.pk).values_list()[0])
    kept += " ".join(str(f.data) for f in Fact.objects.all())
    assert plain not in kept and registered.code not in kept
    assert vault.code_hash(plain) not in kept


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Particulars("甲", "id_card", "110105194912310021", phone="1"), "校验位"),
        (Particulars("甲", "id_card", "12", phone="1"), "校验位"),
        (Particulars("乙公司", "credit_code", "91110000000000000X", phone="1"), "校验位"),
        (Particulars("John", "passport", "", phone="1"), "身份证明"),
        (Particulars("John", "passport", "E00000000"), "联系方式"),
    ],
)
def test_what_looks_wrong_is_told_and_still_registered(counter, told, said):
    assert [said in sentence for sentence in warnings(told)] == [True]
    assert counter.receive(applicant=told).registered[0].case.state == "received"


def test_a_right_identity_number_and_a_passport_are_not_doubted():
    assert warnings(Particulars(NAME, "id_card", IDENTITY, PHONE)) == []
    assert warnings(Particulars("John Doe", "passport", "X1234567", email="j@example.org")) == []


def test_a_mask_shows_no_whole_value():
    told = Particulars(NAME, "id_card", IDENTITY, PHONE, "青禾市文渊街道无名路9号", "", "abc@example.org")
    seen = masked(told)
    assert (seen.name, seen.phone, seen.identity_number) == ("欧***", "139****1234", "11**************2X")
    assert (seen.address, seen.email, seen.contact) == ("青禾市文渊街******", "a**@example.org", "")


def test_a_short_value_is_no_second_fact():
    assert not second_fact_matches(Particulars("甲", phone="12"), "12")
    assert second_fact_matches(Particulars("甲"), "甲")
