"""Hostile files, hostile HTML and texts that are far too long: refused in words, and what was there stays."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from gongkai.disclosure.actions.import_items import Rejected, begin_batch, examine_line, finish_batch, take_in
from gongkai.disclosure.models import DraftAttachment, Item
from gongkai.disclosure.queries.document import document
from gongkai.files.models import Blob
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import sniff
from tests.conftest import AT, TODAY
from tests.desk.conftest import draft_form, sentences, word_file, zip_bomb
from tests.disclosure.test_import_items import GOOD


def with_part(name: str, data: bytes) -> bytes:
    """A good Word file with one part more."""
    out = io.BytesIO(word_file("通知", "正文"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def big() -> bytes:
    return b"PK\x03\x04" + bytes(200 * 1024 * 1024)


HOSTILE = {
    "no Word file": (lambda: b"this is no Word file", "内容不是这种文件。请用原来的软件打开，另存一份后再上传"),
    "another zip": (lambda: with_part("x", b"")[:60], "文件不完整或已损坏"),
    "cut short": (lambda: word_file("通知", "正文")[:-300], "文件不完整或已损坏"),
    "macros": (
        lambda: with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        "文件含有宏，不能上传。请另存为不含宏的格式",
    ),
    "a zip bomb": (lambda: zip_bomb(), "可能是压缩炸弹，没有打开。请确认来源"),
    "200 MB": (big, "文件超过 20 MB，请拆分或改为 PDF"),
    "a program inside": (lambda: with_part("word/embeddings/a.exe", b"MZ"), "嵌有可执行程序，不能上传"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_docx_is_refused_by_sniff_and_at_both_doors_of_the_desk(at, desk, name):
    make, words = HOSTILE[name]
    data = make()
    with pytest.raises(Unreadable) as refused:
        sniff(data, "文件.docx")
    assert words in refused.value.sentence
    item = desk.draft()
    before, browser = item.draft.body, at("drafter")
    for door in ("upload", "add_file"):
        answer = browser.post(door, item.code, follow=True, file=SimpleUploadedFile("文件.docx", data))
        assert (answer.status_code, words in sentences(answer)) == (200, True), door
    item.draft.refresh_from_db()
    assert (item.draft.body, Blob.objects.count(), DraftAttachment.objects.count()) == (before, 0, 0)


EVIL = (
    '<p onclick="steal()" style="position:fixed">正文<script>steal()</script></p><style>p{display:none}</style>'
    '<p><a href="javascript:steal()">甲</a><a href="JaVa&#9;Script:steal()">乙</a>'
    '<a href="data:text/html,<script>steal()</script>">丙</a><a href="https://a.cn/x">丁</a></p>'
    '<img src="data:image/svg+xml;base64,AAAA" onerror="steal()"><img src="https://evil.example/pixel.png">'
    '<iframe src="https://evil.example"></iframe><object data="x"></object><svg onload="steal()"></svg>'
    '<form action="https://evil.example"><input name="a"></form><meta http-equiv="refresh" content="0;url=x">'
    '<table onmouseover="steal()"><tr><td background="javascript:steal()">格</td></tr></table>'
)
CLEAN = (
    '<p>正文</p><p>甲乙丙<a href="https://a.cn/x">丁</a></p><table><tbody><tr><td>格</td></tr></tbody></table>'
)  # fmt: skip


@pytest.mark.parametrize("door", ["edit", "autosave"])
def test_hostile_html_leaves_only_its_text_in_a_draft(at, desk, door):
    item = desk.draft()
    answer = at("drafter").post(door, item.code, **draft_form(item, body=EVIL))
    item.draft.refresh_from_db()
    assert (answer.status_code, item.draft.body) == (302 if door == "edit" else 200, CLEAN)


def test_hostile_html_leaves_only_its_text_in_an_import(desk, town):
    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    taken = take_in(batch, [examine_line(1, GOOD | {"body": EVIL}, today=TODAY)], at=AT)
    finish_batch(batch, rejected=0, at=AT)
    assert taken.released == 1
    page = document(Item.objects.get().index_number, on=TODAY)
    assert page.values["body"] == CLEAN


def test_a_word_file_with_a_javascript_link_keeps_the_words_only(at, desk):
    file = Document()
    paragraph = file.add_paragraph("请见")
    link = file.part.relate_to(
        "javascript:steal()", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", True
    )
    from docx.oxml import parse_xml

    paragraph._p.append(parse_xml(
        '<w:hyperlink xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{link}">'
        "<w:r><w:t>附件</w:t></w:r></w:hyperlink>"
    ))  # fmt: skip
    out = io.BytesIO()
    file.save(out)
    item = desk.draft()
    at("drafter").post("upload", item.code, file=SimpleUploadedFile("a.docx", out.getvalue()))
    item.draft.refresh_from_db()
    assert item.draft.body == "<p>请见附件</p>"


FIVE_MILLION = 5_000_000


@pytest.mark.parametrize("door", ["edit", "autosave"])
def test_five_million_characters_typed_or_pasted_are_refused_and_nothing_is_lost(at, desk, door):
    item = desk.draft()
    before = item.draft.body
    body = "<p>" + "字" * FIVE_MILLION + "</p>"
    answer = at("drafter").post(door, item.code, **draft_form(item, body=body, keywords="留着"))
    assert answer.status_code == 422
    if door == "autosave":
        assert "改为附件上传" in answer.json()["sentence"]
    else:
        page = sentences(answer)
        assert "改为附件上传" in page
        assert 'value="留着"' in page
        assert "字" * FIVE_MILLION in page  # the form gives back every character that was sent
    item.draft.refresh_from_db()
    assert (item.draft.body, item.draft.revision) == (before, 2)


def test_five_million_characters_in_a_word_file_are_refused_and_the_draft_stays(at, desk):
    file = Document()
    for _ in range(50):
        file.add_paragraph("字" * 100_000)
    out = io.BytesIO()
    file.save(out)
    item = desk.draft()
    before = item.draft.body
    answer = at("drafter").post("upload", item.code, follow=True, file=SimpleUploadedFile("a.docx", out.getvalue()))
    page = sentences(answer)
    assert "banner--error" in page
    assert "上传" in page
    item.draft.refresh_from_db()
    assert (item.draft.body, item.draft.revision, Blob.objects.count()) == (before, 2, 0)


def test_five_million_characters_in_an_import_are_rejected_with_their_line(town):
    row = examine_line(3, json.loads(json.dumps(GOOD | {"body": "字" * FIVE_MILLION})), today=TODAY)
    assert isinstance(row, Rejected)
    assert (row.line, row.external_id) == (3, GOOD["id"])
    assert "上限" in row.reason
