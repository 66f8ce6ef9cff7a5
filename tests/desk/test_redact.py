"""The redaction desk over HTTP: what was found is decided, more is marked, the copy is made and looked at."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from gongkai.disclosure.models import DraftAttachment, Version
from gongkai.files.queries import read
from tests.desk.conftest import sentences

NUMBER = "110105194912310021"
HIDDEN = "11010519800102002X"
PHONE = "13800138000"


def workbook() -> bytes:
    """A list with an ID number and phones in sight, and a hidden sheet of ID numbers."""
    book = Workbook()
    book.properties.creator = "社会救助科"
    sheet = book.active
    sheet.title = "名单"
    for row in (("姓名", "证件号码", "联系电话", "街道"), ("何桂香", NUMBER, PHONE, "桂花街道"),
                ("陶守义", "已核验", "13900139000", "东湖街道")):  # fmt: skip
        sheet.append(row)
    hidden = book.create_sheet("底册")
    hidden.append(("何桂香", HIDDEN))
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(browser, item, data: bytes, name: str, **more) -> DraftAttachment:
    answer = browser.post("add_file", item.code, file=SimpleUploadedFile(name, data), **more)
    assert answer.status_code == 302
    return DraftAttachment.objects.select_related("copy__redaction", "blob").get(draft__item=item)


@pytest.fixture
def listed(at, desk):
    """A draft with the list on it, and its drafter's browser."""
    item, drafter = desk.draft(), at("drafter")
    return item, drafter, upload(drafter, item, workbook(), "名单.xlsx")


@pytest.fixture
def letter(at, desk):
    """A draft with a plain letter that holds a phone number."""
    item, drafter = desk.draft(), at("drafter")
    return item, drafter, upload(drafter, item, f"情况说明\n手机{PHONE}。\n何桂香，何 桂香。\n".encode(), "说明.txt")


def test_a_list_is_decided_mark_by_mark_and_the_copy_holds_nothing_of_it(listed):
    item, drafter, attached = listed
    page = sentences(drafter.get("redact", item.code, 1))
    assert "隐藏的工作表" in page
    assert "以上内容不会进入副本" in page
    assert NUMBER in page  # whoever covers it has to see it
    assert HIDDEN not in page
    found = list(attached.copy.redaction.marks.all())
    assert f"{len(found)} 处待处理" in sentences(drafter.get("edit", item.code))
    for mark in found:
        keep = {"decision": "remove", "reason": "依法公示姓名。"}
        cover = {"decision": "accept", "ground": "G15"}
        names = mark.code in ("name_list", "sensitive_list")
        answer = drafter.post("decide_mark", item.code, 1, mark.number, **(keep if names else cover))
        assert answer.url.endswith(f"#mark-{mark.number}")
    assert "副本待重新生成" in sentences(drafter.get("edit", item.code))
    assert "已生成第 2 份副本" in sentences(drafter.post("renew_copy", item.code, 1, follow=True))
    assert "已处理" in sentences(drafter.get("edit", item.code))
    attached.refresh_from_db()
    book = load_workbook(io.BytesIO(read(attached.blob)))
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert {NUMBER, PHONE, HIDDEN}.isdisjoint(cells)
    assert "何桂香" in cells
    assert book.sheetnames == ["名单"]
    beside = sentences(drafter.get("beside", item.code, 1))
    assert "依法公示姓名。" in beside
    assert "■■■" in beside


def test_everything_at_once(listed):
    item, drafter, attached = listed
    count = attached.copy.redaction.marks.count()
    answer = drafter.post("accept_marks", item.code, 1, ground="G15", follow=True)
    assert f"已决定遮盖 {count} 处" in sentences(answer)
    assert set(attached.copy.redaction.marks.values_list("state", flat=True)) == {"accepted"}


def test_cells_and_whole_columns_are_ticked(listed):
    item, drafter, attached = listed
    sent = {"sheet": "名单", "cell": ["D3"], "column": ["A"], "from_row": "2", "ground": "G15"}
    drafter.post("add_mark", item.code, 1, **sent)
    mark = attached.copy.redaction.marks.get(origin="selected")
    assert {place["cell"] for place in mark.places} == {"A2", "A3", "D3"}
    assert mark.state == "accepted"


@pytest.mark.parametrize("sent", [{"sheet": "底册", "column": ["A", "B"]}, {"sheet": "名单", "cell": ["Z99"]}, {}])
def test_hidden_sheets_and_cells_that_are_not_there_are_nothing_to_tick(listed, sent):
    item, drafter, attached = listed
    answer = drafter.post("add_mark", item.code, 1, ground="G15", **sent)
    assert answer.status_code == 422
    assert "还没有选中要遮盖的地方" in sentences(answer)
    assert not attached.copy.redaction.marks.filter(origin="selected").exists()


def test_words_are_covered_wherever_they_stand_spaced_or_not(letter):
    item, drafter, attached = letter
    answer = drafter.post("add_mark", item.code, 1, words="何桂香", ground="G15", follow=True)
    assert "已标出 2 处" in sentences(answer)
    places = attached.copy.redaction.marks.get(origin="selected").places
    text = f"情况说明\n手机{PHONE}。\n何桂香，何 桂香。\n"
    assert [text[place["start"] : place["end"]] for place in places] == ["何桂香", "何 桂香"]
    drafter.post("accept_marks", item.code, 1, ground="G15")
    drafter.post("renew_copy", item.code, 1)
    attached.refresh_from_db()
    copy = read(attached.blob).decode()
    assert "桂香" not in copy
    assert PHONE not in copy


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"words": "何", "ground": "G15"}, "请至少写 2 个字"),
        ({"words": "没有的字", "ground": "G15"}, "文件里没有找到这些字"),
        ({"words": "何桂香"}, "请选择依据哪一种情形遮盖"),
        ({"words": "何桂香", "ground": "G99"}, "请选择依据哪一种情形遮盖"),
        ({"line": ["77"], "ground": "G15"}, "还没有选中要遮盖的地方"),
        ({"places": '[{"start": 5, "end": 2}]', "ground": "G15"}, "还没有选中要遮盖的地方"),
        ({"places": '[{"start": 0, "end": 99999}]', "ground": "G15"}, "还没有选中要遮盖的地方"),
        ({"places": "[[[[", "ground": "G15"}, "还没有选中要遮盖的地方"),
    ],
)
def test_what_cannot_be_marked_is_told_in_place_and_what_was_typed_stays(letter, sent, sentence):
    item, drafter, attached = letter
    answer = drafter.post("add_mark", item.code, 1, **sent)
    assert answer.status_code == 422
    assert sentence in sentences(answer)
    if "words" in sent:
        assert f'value="{sent["words"]}"' in sentences(answer)
    assert attached.copy.redaction.marks.count() == 1


def test_lines_are_ticked_and_stretches_selected(letter):
    item, drafter, attached = letter
    places = json.dumps([{"start": 0, "end": 4}])
    drafter.post("add_mark", item.code, 1, line=["3"], places=places, ground="G15")
    assert attached.copy.redaction.marks.get(origin="selected").places == [
        {"start": 20, "end": 29},
        {"start": 0, "end": 4},
    ]


def test_the_script_gets_the_entry_and_the_counts(letter):
    item, drafter, _ = letter
    address = reverse("desk:decide_mark", args=[item.code, 1, 1])
    asked = {"HTTP_X_REQUESTED_WITH": "fetch"}
    refused = drafter.client.post(address, {"decision": "remove", "reason": " "}, **asked)
    assert refused.status_code == 422
    assert "请写明为什么这一处可以公开" in refused.json()["entry"]
    told = drafter.client.post(address, {"decision": "remove", "reason": "办公电话。"}, **asked).json()
    assert told["look"] == "removed"
    assert "办公电话。" in told["entry"]
    assert 'data-waiting="0"' in told["tally"]
    assert "第 1 份" in told["copy"]
    gone = drafter.client.post(reverse("desk:decide_mark", args=[item.code, 1, 9]), {"decision": "accept"}, **asked)
    assert gone.status_code == 404


def test_decisions_that_are_none_are_refused_in_place(letter):
    item, drafter, attached = letter
    for sent, sentence in (
        ({}, "请选择遮盖或者不遮盖"),
        ({"decision": "accept"}, "请选择依据哪一种情形遮盖"),
        ({"decision": "remove", "reason": ""}, "请写明为什么这一处可以公开"),
    ):
        answer = drafter.post("decide_mark", item.code, 1, 1, **sent)
        assert (answer.status_code, sentence in sentences(answer)) == (422, True), sent
    assert attached.copy.redaction.marks.get(number=1).state == "proposed"


def test_the_refusal_to_submit_leads_to_the_file(letter):
    item, drafter, _ = letter
    item.draft.refresh_from_db()
    answer = drafter.post("submit", item.code, based_on=item.draft.revision)
    assert "附件“说明”：还有 1 处没有决定遮盖还是保留" in sentences(answer)
    assert f'href="/desk/items/{item.code}/files/1/redact/"' in sentences(answer)


def pdf_pages(count: int) -> bytes:
    """A PDF of so many pages, a phone number on the last."""
    import pikepdf

    made = pikepdf.new()
    for number in range(1, count + 1):
        page = made.add_blank_page(page_size=(300, 400))
        font = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                                                     BaseFont=pikepdf.Name.Helvetica))  # fmt: skip
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        words = f"Tel {PHONE}" if number == count else f"Page {number}"
        page.Contents = made.make_stream(f"BT /F 18 Tf 40 300 Td ({words}) Tj ET".encode())
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_pages_come_twenty_at_a_time_as_pictures_with_their_lines(at, desk):
    item, drafter = desk.draft(), at("drafter")
    attached = upload(drafter, item, pdf_pages(23), "办法.pdf")
    mark = attached.copy.redaction.marks.get()
    assert mark.places[0]["page"] == 23
    first = sentences(drafter.get("redact", item.code, 1))
    assert first.count("<figure") == 20
    assert 'href="?at=21"' in first
    last = sentences(drafter.get("redact", item.code, 1, at=23))
    assert last.count("<figure") == 3
    assert "redact__mark--proposed" in last
    for side in ("original", "copy"):
        picture = drafter.get("file_page", item.code, 1, side, 23)
        assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/png", "no-store")
    [line] = drafter.get("file_lines", item.code, 1, 23).json()["lines"]
    assert line["text"] == f"Tel {PHONE}"
    assert len(line["edges"]) == len(line["text"])
    for bad in (("original", 24), ("original", 0), ("base", 1)):
        assert drafter.get("file_page", item.code, 1, *bad).status_code == 404
    rect = [round(value, 2) for value in mark.places[0]["rect"]]
    drafter.post("add_mark", item.code, 1, places=json.dumps([{"page": 23, "rect": rect}]), ground="G15")
    assert attached.copy.redaction.marks.get(origin="drawn").places == [{"page": 23, "rect": rect}]
    off = drafter.post("add_mark", item.code, 1, places='[{"page": 99, "rect": [1, 1, 9, 9]}]', ground="G15")
    assert (off.status_code, "标记的位置不在文件里" in sentences(off)) == (422, True)


def test_reviewers_see_what_was_covered_left_open_and_hidden_and_confirm(at, desk, town):
    item, drafter = desk.draft(), at("drafter")
    upload(drafter, item, workbook(), "名单.xlsx")
    drafter.post("accept_marks", item.code, 1, ground="G15")
    drafter.post("renew_copy", item.code, 1)
    item.draft.refresh_from_db()
    drafter.post("submit", item.code, based_on=item.draft.revision)
    version = Version.objects.get()
    for order, who in ((1, "section_reviewer"), (2, "compliance_reviewer")):
        page = sentences(at(who).get("review", item.code))
        assert "待与原件核对" in page
        assert "确认副本" not in page
        at(who).post("opine", item.code, order, verdict="approve", digest=version.digest)
    secrecy = at("secrecy_reviewer")
    page = sentences(secrecy.get("review", item.code))
    for words in ("证件号码一列", "商业秘密、个人隐私等第三方合法权益", "隐藏的工作表", "确认副本", "现在不能通过"):
        assert words in page, words
    refused = secrecy.post("opine", item.code, 3, verdict="approve", digest=version.digest)
    assert (refused.status_code, "副本还没有与原件核对" in sentences(refused)) == (409, True)
    beside = sentences(secrecy.get("version_beside", item.code, 1, 1))
    assert NUMBER in beside
    assert "已确认副本与原件相符" in sentences(secrecy.post("confirm_copy", item.code, 1, follow=True))
    assert "已核对" in sentences(secrecy.get("review", item.code))
    assert drafter.post("confirm_copy", item.code, 1).status_code == 302


def test_no_original_is_had_by_anybody_outside(at, desk, client):
    """Neither by the desk's addresses nor by the portal's, guessed digests and names included."""
    item, drafter = desk.draft(), at("drafter")
    upload(drafter, item, workbook(), "名单.xlsx")
    drafter.post("accept_marks", item.code, 1, ground="G15")
    drafter.post("renew_copy", item.code, 1)
    release = desk.release(type(item).objects.get(pk=item.pk))
    attached = release.version.attachments.select_related("original", "base").get()
    number = release.item.index_number
    names = (attached.filename, "original", "原件-名单.xlsx", attached.original_id, attached.base_id)
    guesses = [f"/items/{number}/files/{order}/{name}" for order in range(3) for name in names]
    guesses += [f"/items/{number}/images/{digest}" for digest in (attached.original_id, attached.base_id)]
    guesses += [f"/{folder}/{attached.original_id}" for folder in ("files", "static", "media", "blobs")]
    served = []
    for address in guesses:
        answer = client.get(address)
        if answer.status_code == 200:
            served.append(address)
            data = b"".join(answer.streaming_content)
            assert data not in (read(attached.original), read(attached.base))
            assert data == read(attached.blob)
    assert served == [f"/items/{number}/files/1/{attached.filename}"]
    inside = drafter.get("version_original", item.code, 1, 1)
    assert b"".join(inside.streaming_content) == workbook_of(attached)
    assert inside["Cache-Control"] == "no-store"
    assert at("drafter").get("image", item.code, attached.original_id).status_code == 404
    for name, args in (("version_original", (1, 1)), ("version_beside", (1, 1))):
        assert at("other_drafter").get(name, item.code, *args).status_code == 404
        assert at("security_admin").get(name, item.code, *args).status_code == 404
        anonymous = client.get(reverse(f"desk:{name}", args=[item.code, *args]))
        assert anonymous.url.startswith("/desk/login/")


def workbook_of(attached) -> bytes:
    return read(attached.original)
