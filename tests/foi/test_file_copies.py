"""A reply hands out files only as their checked copies: who may make, mark and confirm them, and what stays sealed."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.db import DatabaseError, transaction
from openpyxl import Workbook, load_workbook

from gongkai.files.models import Blob
from gongkai.files.queries import path_of
from gongkai.files.refusal import Unreadable
from gongkai.foi import vault
from gongkai.foi.actions.accept_file_mark import accept_file_mark
from gongkai.foi.actions.accept_file_marks import accept_file_marks
from gongkai.foi.actions.close import close
from gongkai.foi.actions.confirm_file_copy import confirm_file_copy
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.erase_personal_data import erase_personal_data
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.mark_file import mark_file
from gongkai.foi.actions.recall_reply import recall_reply
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.redact_file import redact_file
from gongkai.foi.actions.remove_file_mark import remove_file_mark
from gongkai.foi.actions.renew_file_copy import renew_file_copy
from gongkai.foi.dossier_copies import copy_records
from gongkai.foi.models import CaseFile, Delivery, FoiRequest
from gongkai.foi.queries.copies import newest_of, remarks, withheld_list, withheld_words
from gongkai.foi.queries.leaks import reply_findings
from gongkai.foi.queries.papers import reply_document
from gongkai.foi.queries.progress import reply_files
from gongkai.foi.queries.replies import draft_composition, is_whole
from gongkai.foi.queries.sealed import base_bytes, file_bytes, file_name
from gongkai.foi.replying import Composition
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.scanning.models import FileCopy, Redaction, RedactionMark
from tests.foi.conftest import IDENTITY, NAME, PHONE, PNG, answers_for
from tests.foi.test_personal_data import every_column

NUMBER, MOBILE = "11010119900307002X", "13800005678"
LIST = f"救助对象的身份证号{NUMBER}，电话{MOBILE}。\n共发放三十二户。\n"
CLEAN = "2025年共发放三十二户，合计九万六千元。\n"
SHEET = f"{NAME}家庭"


def book() -> bytes:
    """A sheet that bears the applicant's name, with a number; and a hidden one."""
    made = Workbook()
    made.active.title = SHEET
    for row in (["户主", "身份证号", "金额"], ["甲", NUMBER, 300], ["乙", IDENTITY, 600]):
        made.active.append(row)
    hidden = made.create_sheet(f"{NAME}底表")
    hidden.append([NAME, PHONE])
    hidden.sheet_state = "hidden"
    made.properties.creator = "档案员"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def refused_with(code: str, act, *arguments, **named) -> str:
    """The sentence of the refusal."""
    with pytest.raises(Refusal) as refused:
        act(*arguments, **named)
    assert refused.value.code == code, str(refused.value)
    return refused.value.refused.sentence


def states(copy: CaseFile) -> list[tuple[int, str]]:
    return list(copy.copy.redaction.marks.values_list("number", "state"))


# Making a copy ------------------------------------------------------------------------------------------------------


def test_a_paper_becomes_a_copy_and_stays_as_it_is(counter):
    case = counter.case()
    paper = counter.record(case, LIST, "发放明细.txt")
    copy = redact_file(case.number, paper.pk, **counter.who())
    assert (copy.kind, copy.original, file_name(copy)) == ("reply", paper, "发放明细.txt")
    assert file_bytes(paper).decode() == base_bytes(copy).decode() == LIST
    assert states(copy) == [(1, "proposed"), (2, "proposed")]
    assert redact_file(case.number, paper.pk, **counter.who()) == copy  # asked twice, made once
    assert accept_file_marks(case.number, copy.pk, otherwise="G15", **counter.who()) == 2
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    told = file_bytes(done).decode()
    assert (NUMBER in told, MOBILE in told, "共发放三十二户" in told) == (False, False, True)
    assert (newest_of(paper), done.copy.number, done.original, done.base_id) == (done, 2, paper, copy.base_id)
    # The former copy stays as it was: a reply may have been sent to sign-off with it.
    assert NUMBER in file_bytes(CaseFile.objects.select_related("blob", "request__key").get(pk=copy.pk)).decode()
    kinds = list(Fact.objects.filter(subject=case.subject).order_by("id").values_list("kind", flat=True))
    assert kinds[-4:] == ["redaction.mark_accepted"] * 2 + ["redaction.copy_made", "foi.file_added"]


def test_who_may_not_and_when_not(counter):
    case = counter.case()
    paper = counter.record(case, CLEAN, "说明.txt")
    for other in ("drafter", "foi_head", "secrecy_reviewer", "other_secrecy"):
        refused_with("not_your_post", redact_file, case.number, paper.pk, **counter.who(other))
    own = counter.record(case, PNG, "证件.png", kind="identity")
    refused_with("not_to_go_out", redact_file, case.number, own.pk, **counter.who())
    foreign = counter.record(counter.case("另一件"), CLEAN, "另一件.txt")
    refused_with("file_gone", redact_file, case.number, foreign.pk, **counter.who())
    copy = redact_file(case.number, paper.pk, **counter.who())
    refused_with("copy_already", redact_file, case.number, copy.pk, **counter.who())
    refused_with("no_copy", mark_file, case.number, paper.pk, [{"start": 0, "end": 2}], origin="selected",
                 ground="G15", reason="", **counter.who())  # fmt: skip
    counter.submit(case, files=[copy.pk])
    more = counter.record(case, CLEAN.replace("三十二", "三十三"), "更多.txt")
    refused_with("cannot_redact_file", redact_file, case.number, more.pk, **counter.who())
    refused_with("cannot_redact_file", renew_file_copy, case.number, copy.pk, **counter.who())
    refused_with("cannot_redact_file", mark_file, case.number, copy.pk, [{"start": 0, "end": 2}], origin="selected",
                 ground="G15", reason="", **counter.who())  # fmt: skip
    assert Redaction.objects.count() == FileCopy.objects.count() == 1


def test_what_cannot_be_read_gets_no_copy_and_stays_in_the_file(counter):
    case = counter.case()
    paper = counter.record(case, b"%PDF-1.7\n" + b"x" * 400 + b"\n%%EOF\n", "坏.pdf")
    with pytest.raises(Unreadable):
        redact_file(case.number, paper.pk, **counter.who())
    assert (Redaction.objects.count(), CaseFile.objects.filter(request=case).count()) == (0, 1)


def test_places_are_decided_one_by_one(counter):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    accept_file_mark(case.number, copy.pk, 1, ground="G15", **counter.who())
    refused_with("reason_missing", remove_file_mark, case.number, copy.pk, 2, reason=" ", **counter.who())
    remove_file_mark(case.number, copy.pk, 2, reason="本机关值班电话", **counter.who())
    start = LIST.index("三十二")
    made = mark_file(case.number, copy.pk, [{"start": start, "end": start + 3}], origin="selected", ground="G14c",
                     reason="可能危及社会稳定", **counter.who())  # fmt: skip
    assert states(copy) == [(1, "accepted"), (2, "removed"), (made.number, "accepted")]
    told = file_bytes(renew_file_copy(case.number, copy.pk, **counter.who())).decode()
    assert (NUMBER in told, MOBILE in told, "三十二" in told) == (False, True, False)
    refused_with("mark_gone", accept_file_mark, case.number, copy.pk, 99, ground="G15", **counter.who())


def test_the_applicants_own_data_may_be_left_open_to_him_and_a_secrecy_mark_never(counter):
    case = counter.case()
    copy = counter.copy(case, f"本人身份证号{IDENTITY}\n密级：机密★10年\n", "档案.txt", cover=False)
    rows = {mark.code: mark.number for mark in copy.copy.redaction.marks.all()}
    secret = next(number for code, number in rows.items() if code == "secrecy_mark")
    refused_with("blocked", remove_file_mark, case.number, copy.pk, secret, reason="已解密", **counter.who())
    person = next(n for code, n in rows.items() if code != "secrecy_mark")
    remove_file_mark(case.number, copy.pk, person, reason="是申请人本人的信息", **counter.who())
    assert RedactionMark.objects.get(redaction=copy.copy.redaction, number=person).state == "removed"


def test_marks_that_change_while_the_copy_is_made_refuse_it(counter, monkeypatch):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    accept_file_marks(case.number, copy.pk, otherwise="G15", **counter.who())
    from gongkai.foi.actions import renew_file_copy as module

    def meanwhile(*arguments):
        made = whole(*arguments)
        remove_file_mark(case.number, copy.pk, 2, reason="单位电话", **counter.who("foi_officer2"))
        return made

    whole = module.copy_with
    monkeypatch.setattr(module, "copy_with", meanwhile)
    refused_with("marks_moved_on", renew_file_copy, case.number, copy.pk, **counter.who())
    assert FileCopy.objects.count() == 1


# What goes out ------------------------------------------------------------------------------------------------------


def test_an_original_is_not_sent_to_sign_off(counter):
    case = counter.case()
    paper = counter.record(case, CLEAN, "说明.txt")
    said = refused_with("attachment_no_copy", counter.submit, case, files=[paper.pk])
    assert "制作提供用副本" in said
    copy = redact_file(case.number, paper.pk, **counter.who())
    version = counter.submit(case, files=[copy.pk])
    assert is_whole(version)


def test_a_copy_with_open_marks_and_one_older_than_its_marks_are_not_sent(counter):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    assert "2 处" in refused_with("attachment_open", counter.submit, case, files=[copy.pk])
    accept_file_marks(case.number, copy.pk, otherwise="G15", **counter.who())
    assert "重新生成副本" in refused_with("attachment_open", counter.submit, case, files=[copy.pk])
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    assert "新的副本" in refused_with("attachment_open", counter.submit, case, files=[copy.pk])
    counter.submit(case, files=[done.pk], explanations={"attachment_covered": "遮盖的不在所申请的范围里"})


def test_a_reply_being_written_follows_the_new_copy(counter):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    draft = counter.compose(case, files=[copy.pk])
    accept_file_marks(case.number, copy.pk, otherwise="G15", **counter.who())
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    case.refresh_from_db()
    draft.refresh_from_db()
    assert (draft_composition(FoiRequest.objects.get(pk=case.pk)).files, draft.revision) == ((done.pk,), 2)


def test_what_is_granted_whole_and_covered_in_parts_needs_a_reason(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    said = refused_with("explanation_missing", counter.submit, case, files=[done.pk])
    assert "部分公开" in said and "第三十七条" not in said
    partial = Composition(answers_for("R2p", "G15"), files=(done.pk,))
    assert [f.code for f in reply_findings(case, partial)] == []


def test_what_is_left_open_of_people_needs_a_reason_once_more(counter):
    case = counter.case()
    copy = counter.copy(case, f"本人身份证号{IDENTITY}\n", "档案.txt", cover=False)
    for mark in copy.copy.redaction.marks.all():
        remove_file_mark(case.number, copy.pk, mark.number, reason="是申请人本人的信息", **counter.who())
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    refused_with("explanation_missing", counter.submit, case, files=[done.pk])
    counter.submit(case, files=[done.pk], explanations={"attachment_personal": "提供给本人"})


# Sign-off -----------------------------------------------------------------------------------------------------------


def to_secrecy(counter, case, copy: CaseFile, **more):
    """In sign-off, at the 保密审查 step; version and the number of the step."""
    version = counter.submit(case, files=[copy.pk], **more)
    step = counter.roles(version).index("secrecy_reviewer") + 1
    for n in range(1, step):
        counter.opine(version, n)
    return version, step


def test_the_confidentiality_reviewer_passes_only_confirmed_copies(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    version, step = to_secrecy(counter, case, done, explanations={"attachment_covered": "不在申请范围里"})
    assert "明细.txt" in refused_with("copy_unconfirmed", counter.opine, version, step)
    for other in ("foi_officer", "foi_head", "leader", "other_secrecy"):
        refused_with("not_your_post", confirm_file_copy, version.pk, done.pk, **counter.who(other))
    refused_with("file_gone", confirm_file_copy, version.pk, done.original_id, **counter.who("secrecy_reviewer"))
    counter.confirm(version, done)
    confirmed = FileCopy.objects.get(pk=done.copy_id).confirmation
    assert confirmed.person == counter.town.people["secrecy_reviewer"]
    counter.confirm(version, done)  # twice is once
    counter.opine(version, step)
    refused_with("not_secrecy_step", confirm_file_copy, version.pk, done.pk, **counter.who("secrecy_reviewer"))


def test_a_return_needs_no_confirmation_and_a_clean_copy_needs_none(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    version, step = to_secrecy(counter, case, done, explanations={"attachment_covered": "不在申请范围里"})
    counter.opine(version, step, "return", reason="遮盖不全", return_to=0)
    clean = counter.copy(case, CLEAN, "说明.txt")
    version, step = to_secrecy(counter, case, clean)
    counter.opine(version, step)
    refused_with("cannot_confirm_copy", confirm_file_copy, counter.sign(counter.case("又一件")).pk, clean.pk,
                 **counter.who("secrecy_reviewer"))  # fmt: skip


def test_nobody_confirms_what_he_made_or_decided(counter):
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM

    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    # The second officer decides one place, and is a confidentiality reviewer too.
    accept_file_mark(case.number, copy.pk, 2, ground="G15", **counter.who("foi_officer2"))
    accept_file_mark(case.number, copy.pk, 1, ground="G15", **counter.who())
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    both = counter.town.people["foi_officer2"]
    section = counter.town.organ.sections.get(code="QH-MZ-BG")
    appoint(both, section, "secrecy_reviewer", starts_on=counter.day, actor=SYSTEM, at=counter.who()["at"])
    version, _step = to_secrecy(counter, case, done, explanations={"attachment_covered": "不在申请范围里"})
    from gongkai.agencies.queries import capacities

    held = next(a for a in capacities(both, counter.day) if a.role == "secrecy_reviewer")
    refused_with("own_copy", confirm_file_copy, version.pk, done.pk, actor=held, at=counter.who()["at"])


def test_a_former_version_stays_whole_when_the_copy_is_made_anew(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    version = counter.submit(case, files=[done.pk], explanations={"attachment_covered": "不在申请范围里"})
    recall_reply(case.number, reason="补充遮盖", **counter.who())
    start = LIST.index("三十二")
    mark_file(case.number, done.pk, [{"start": start, "end": start + 3}], origin="selected", ground="G15", reason="",
              **counter.who())  # fmt: skip
    renew_file_copy(case.number, done.pk, **counter.who())
    assert is_whole(version)


# Partial disclosure -------------------------------------------------------------------------------------------------


PARTIAL = {"findings": {"separability_examined": True}}


def objected(counter, case) -> None:
    """A third party was asked and refused, for a good reason (条例32)."""
    consult(case.number, [Party("third_party", "植入第三方公司", "是否同意公开")], on=counter.day, **counter.who())
    record_consultation_answer(
        case.number, "第三方1", on=counter.day, position="objected", text="属于个人隐私", **counter.who()
    )
    examine_objection(case.number, "第三方1", reasonable=True, reason="确属个人隐私", **counter.who())


def partial(counter, case, done: CaseFile, *, by: str = "post", **more) -> Delivery:
    """Delivered as partial disclosure."""
    objected(counter, case)
    counter.sign(case, "R2p", ground="G15", files=[done.pk], **PARTIAL, **more)
    counter.seal(case)
    return counter.deliver(case, by=by)


def test_the_letter_lists_what_was_covered_and_the_copy_alone_is_handed_out(counter):
    case = counter.case(delivery="online")
    done = counter.copy(case, LIST, "发放明细.txt")
    case = FoiRequest.objects.get(pk=case.pk)
    assert withheld_words(case, [done.pk]) == "“发放明细”中遮盖的2处内容"
    lines = withheld_list(case, [done.pk])
    assert lines == ("（1）“发放明细”遮盖2处：商业秘密、个人隐私等第三方合法权益，《条例》第十五条。",)
    letter = {"online_channel": "青禾市行政复议服务平台"}
    delivery = partial(counter, case, done, letter=letter, by="online")
    text = reply_document(delivery.version).text
    assert "“发放明细”中遮盖的2处内容" in text and lines[0] in text
    files = reply_files(delivery)
    assert [paper.pk for paper in files] == [done.pk]
    assert NUMBER.encode() not in file_bytes(files[0])


def test_own_wording_that_lost_the_list_is_not_submitted(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "发放明细.txt")
    objected(counter, case)
    given = {"files": [done.pk], **PARTIAL}
    from gongkai.foi.queries.sealed import version_content

    whole = version_content(counter.submit(case, "R2p", "G15", **given)).text
    recall_reply(case.number, reason="改写", **counter.who())
    short = "\n".join(line for line in whole.split("\n") if "遮盖2处" not in line)
    assert short != whole
    said = refused_with("wording_incomplete", counter.submit, case, "R2p", "G15", text=short, **given)
    assert "附件中遮盖的内容和依据" in said


def test_the_file_of_the_case_tells_who_covered_what_and_why(counter):
    case = counter.case()
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    accept_file_mark(case.number, copy.pk, 1, ground="G15", **counter.who())
    remove_file_mark(case.number, copy.pk, 2, reason="本机关值班电话", **counter.who("foi_officer2"))
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    partial(counter, case, done, explanations={"attachment_personal": "值班电话"})
    [record] = copy_records(FoiRequest.objects.get(pk=case.pk))
    told = "\n".join(" ".join(row) for row in record.rows)
    assert record.title == "附件遮盖记录：明细.txt"
    assert "遮盖：商业秘密、个人隐私等第三方合法权益，《政府信息公开条例》第十五条 经办01" in told.replace("\n", " ")
    assert "保留：本机关值班电话 经办02" in told
    assert "确认副本" in told and done.copy.digest.rpartition(":")[2] in told


# Nothing personal stands plain --------------------------------------------------------------------------------------


def test_nothing_the_paper_says_stands_in_a_column_or_on_disk(counter):
    case = counter.case()
    copy = counter.copy(case, book(), f"{NAME}的明细.xlsx", cover=False)
    told = remarks(copy)
    assert told.sheets == (SHEET,)
    [first, *_rest] = copy.copy.redaction.marks.all()
    assert first.places[0]["sheet"] == "第1张"
    mark_file(case.number, copy.pk, [{"sheet": SHEET, "cell": "A2"}], origin="selected", ground="G15", reason="",
              **counter.who())  # fmt: skip
    refused_with("place_wrong", mark_file, case.number, copy.pk, [{"sheet": "没有", "cell": "A2"}], origin="selected",
                 ground="G15", reason="", **counter.who())  # fmt: skip
    accept_file_marks(case.number, copy.pk, otherwise="G15", **counter.who())
    done = renew_file_copy(case.number, copy.pk, **counter.who())
    sheet = load_workbook(io.BytesIO(file_bytes(done)))[SHEET]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert (NUMBER in cells, IDENTITY in cells, "甲" in cells, "600" in cells) == (False, False, False, True)
    partial(counter, case, done)
    kept = every_column()
    assert [word for word in (NAME, NAME[:2], IDENTITY, NUMBER, PHONE, SHEET) if word in kept] == []
    for blob in Blob.objects.all():
        data = path_of(blob.digest).read_bytes()
        assert not data.startswith(b"PK") and NUMBER.encode() not in data


def test_digests_are_keyed(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    redaction = Redaction.objects.get()
    assert (redaction.subject, redaction.digest) == (case.subject, done.original.digest)
    assert FileCopy.objects.get(pk=done.copy_id).digest == done.digest
    plain = {hashlib.sha256(data).hexdigest() for data in (LIST.encode(), file_bytes(done))}
    kept = every_column()
    assert [digest for digest in plain if digest in kept] == []
    assert done.digest == vault.keyed("file", hashlib.sha256(file_bytes(done)).hexdigest())
    facts = Fact.objects.filter(kind__startswith="redaction.").values_list("digest", flat=True)
    assert {len(digest) for digest in facts} == {64}


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (f"是{NAME}自己的信息", "reason_personal"),
        (f"电话{PHONE}是公开的", "reason_personal"),
        ("植入第三方公司已经同意", "reason_personal"),
        (f"号码{NUMBER}已经公示", "reason_personal"),
        ("原件标有机密★10年，已解密", "secrecy_mark"),
    ],
)
def test_reasons_name_nobody(counter, reason, code):
    case = counter.case()
    consult(case.number, [Party("third_party", "植入第三方公司", "是否同意公开")], on=counter.day, **counter.who())
    copy = counter.copy(case, LIST, "明细.txt", cover=False)
    said = refused_with(code, remove_file_mark, case.number, copy.pk, 1, reason=reason, **counter.who())
    refused_with(code, mark_file, case.number, copy.pk, [{"start": 0, "end": 2}], origin="selected", ground="G15",
                 reason=reason, **counter.who())  # fmt: skip
    assert NAME not in said and PHONE not in said
    assert states(copy) == [(1, "proposed"), (2, "proposed")]


def test_erasing_a_case_takes_original_form_and_copies_with_it(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    partial(counter, case, done)
    close(case.number, **counter.who())
    counter.day = counter.day.replace(year=2037)
    erase_personal_data(case.number, **counter.who("foi_head"))
    for paper in CaseFile.objects.filter(request=case).select_related("blob", "base", "request__key"):
        with pytest.raises(vault.Unsealable):
            file_bytes(paper)
        if paper.base is not None:
            with pytest.raises(vault.Unsealable):
                base_bytes(paper)
            with pytest.raises(vault.Unsealable):
                remarks(paper)
    marks = json.dumps(list(RedactionMark.objects.values("places", "title", "shown", "reason")), ensure_ascii=False)
    assert NUMBER not in marks and MOBILE not in marks


def test_the_database_keeps_a_copy_to_its_bytes(counter):
    case = counter.case()
    done = counter.copy(case, LIST, "明细.txt")
    with pytest.raises(DatabaseError, match="bytes of that copy"), transaction.atomic():
        CaseFile.objects.create(
            request=case, kind="reply", blob=done.original.blob, filename=done.filename, media_type="text/plain", size=1,
            digest=done.original.digest, copy=done.copy, added_at=counter.who()["at"],
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseFile.objects.filter(pk=done.original_id).update(copy=done.copy_id)
    with pytest.raises(DatabaseError, match="another one"), transaction.atomic():
        CaseFile.objects.filter(pk=done.pk).update(blob=done.original.blob_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        FileCopy.objects.filter(pk=done.copy_id).update(digest="x")
