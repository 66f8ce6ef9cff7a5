"""Files of the request form: whole and in pieces, cut and gone on with, and what is kept out."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import reverse

from gongkai.files.models import Blob
from gongkai.foi.actions.uploads import add_chunk
from gongkai.foi.models import CaseFile, DraftFile, FoiRequest, RequestDraft, UploadChunk
from gongkai.foi.queries.drafts import LARGEST_CHUNK, LARGEST_FILE
from gongkai.foi.queries.sealed import file_bytes, file_name
from tests.foi.conftest import PNG
from tests.portal.request_form import EICAR, NAME, PDF, Applicant

SHARED = settings.BASE_DIR.parent / "shared" / "data" / "files"
BIG = PDF[:-8] + b"%" + bytes(range(1, 256)) * 6000 + b"\n%%EOF\n"  # 1.5 MB: three pieces


@pytest.fixture
def me(town) -> Applicant:
    applicant = Applicant()
    applicant.fill()
    return applicant


def put(me: Applicant, name: str, data: bytes, kind: str = "request"):
    return me.post("request_files", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def start(me: Applicant, name: str = "材料.pdf", size: int = len(BIG), *, kind: str = "request", mark: str = "m"):
    told = {"name": name, "size": size, "kind": kind, "mark": mark}
    return me.post_raw("request_upload", json.dumps(told), kind="application/json")


def piece(me: Applicant, upload: str, offset: int | str, data: bytes):
    return me.post_raw(
        "request_upload_piece", data, args=(upload,), kind="application/octet-stream", **{"Upload-Offset": str(offset)}
    )


def finish(me: Applicant, upload: str):
    return me.post_raw("request_upload_finish", b"", args=(upload,), kind="application/octet-stream")


def docx(**parts: bytes) -> bytes:
    """A small Word file of our own, with more parts."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", "<w:document/>")
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


# Whole, without script ---------------------------------------------------------------------------------------------


def test_a_file_is_put_in_seen_and_taken_out_without_script(me):
    assert put(me, "身份证正面.png", PNG, "identity").to == "/apply/new/files/?saved=1#identity"
    seen = me.get("request_files")
    held = seen.said("[data-held=identity]")
    assert held.startswith("身份证正面.png")
    assert "70 字节" in held
    upload = seen.value("upload")
    assert me.post("request_remove_file", {"upload": upload}).to == reverse("portal:request_files")
    assert (DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0)
    # A second press of the same button is no fault.
    assert me.post("request_remove_file", {"upload": upload}).to == reverse("portal:request_files")


def test_the_same_file_put_in_twice_is_there_once(me):
    put(me, "a.pdf", PDF)
    put(me, "a.pdf", PDF)
    assert DraftFile.objects.count() == 1


def test_nothing_readable_lies_on_the_disk_or_in_the_table(me, settings):
    put(me, "身份证.pdf", PDF, "identity")
    row = DraftFile.objects.get()
    assert "身份证".encode() not in bytes(row.filename)
    assert b"%PDF" not in bytes(UploadChunk.objects.get().data)
    me.send()
    assert (DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0)
    blob = Blob.objects.get()
    stored = [p.read_bytes() for p in settings.FILES_ROOT.rglob("*") if p.is_file()]
    assert [b"%PDF" in data for data in stored] == [False]
    assert blob.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "data", "kind", "sentence"),
    [
        ("a.exe", b"MZ" + b"\0" * 100, "request", "可执行程序、脚本和快捷方式不能上传。"),
        ("a.pdf", b"MZ" + b"\0" * 100, "request", "可执行程序"),
        ("a.jpg", b"\x7fELF" + b"\0" * 100, "identity", "可执行程序"),
        ("a.sh", b"#!/bin/sh\nrm -rf /\n", "request", "可执行程序"),
        ("a.txt", EICAR, "request", "文件里有病毒特征"),
        ("a.pdf", PDF + EICAR + b"\n%%EOF\n", "request", "文件里有病毒特征"),
        ("a.docx", docx(**{"word/embeddings/x.bin": EICAR}), "request", "文件里有病毒特征"),
        ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "request", "文件含有宏"),
        ("a.pdf", PDF.replace(b"trailer<<", b"trailer<</Encrypt 9 0 R "), "request", "文件设有密码或加密"),
        ("a.pdf", PDF[:-8], "request", "文件不完整或已损坏"),
        ("a.png", PNG[:-12], "identity", "文件不完整或已损坏"),
        ("a.pdf", b"", "request", "文件是空的"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "request", "压缩包里的文件系统不能逐个检查"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "request", "另存为 .docx"),
        ("a.html", b"<script>hit()</script>", "request", "网页和 SVG 文件可能带有脚本"),
        ("a.svg", b"<svg onload=hit()/>", "identity", "网页和 SVG 文件可能带有脚本"),
        ("a.heic", b"\0\0\0\x18ftypheic", "identity", "系统不认识这种文件"),
        ("a.pdf", PNG, "identity", "内容却是 PNG"),
        ("a.docx", docx(), "identity", "身份证明请传照片、扫描件（.jpg、.png）或者 PDF。"),
    ],
)  # fmt: skip
def test_what_must_not_come_in_is_refused_with_what_to_do(me, name, data, kind, sentence):
    seen = put(me, name, data, kind)
    assert seen.status == 200
    if data:
        assert sentence in seen.said(".summary")
    assert sentence in seen.said(".field__error")
    assert (DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "name", ["testEXCEL_protected_passtika.xlsx", "testWORD_protected_passtika.docx", "protected_normal_case.docx"]
)
def test_real_protected_files_are_refused(me, name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared test files are not beside this checkout")
    seen = put(me, name, path.read_bytes())
    assert seen.said(".field__error") != ""
    assert DraftFile.objects.count() == 0


def test_20_mb_pass_and_one_byte_more_does_not(me):
    whole = PDF[:-8] + b"%" + b"y" * (LARGEST_FILE - len(PDF) - 1) + b"\n%%EOF\n\n"
    assert len(whole) == LARGEST_FILE
    assert put(me, "a.pdf", whole).to == "/apply/new/files/?saved=1#request"
    assert "文件超过 20 MB" in put(me, "b.pdf", whole + b"\n").said(".summary")
    assert DraftFile.objects.count() == 1


def test_a_connection_that_breaks_leaves_what_was_there(me):
    upload = start(me).json()["upload"]
    piece(me, upload, 0, BIG[:1000])

    class Broken(io.BytesIO):
        def read(self, *_args):
            raise OSError("connection reset")

    answer = me.client.generic(
        "POST", reverse("portal:request_upload_piece", args=(upload,)), b"", content_type="application/octet-stream",
        headers={"X-CSRFToken": me.token(), "Upload-Offset": "1000"}, CONTENT_LENGTH="2000", **{"wsgi.input": Broken()},
    )  # fmt: skip
    assert answer.status_code == 400
    assert DraftFile.objects.get().received == 1000


def test_100_mb_are_refused_before_they_are_read(me, monkeypatch):
    """By the announced length: nothing asks for the body, not even the check against forgery."""
    from django.core.handlers.wsgi import WSGIRequest

    def never(*_args):
        raise AssertionError("the body was read")

    monkeypatch.setattr(WSGIRequest, "_load_post_and_files", never)
    monkeypatch.setattr(FileUploadHandler, "new_file", never)
    response = me.client.generic(
        "POST", reverse("portal:request_files"), b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
    )  # fmt: skip
    assert response.status_code == 413
    assert "文件超过 20 MB，没有接收" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_a_post_without_a_file_says_so(me):
    assert "请先选择文件" in me.post("request_files", {"kind": "identity"}).said(".field__error")
    assert "请先选择文件" in me.post("request_files", {"kind": "other", "file": SimpleUploadedFile("a.pdf", PDF)}).text
    assert DraftFile.objects.count() == 0


def test_no_more_files_than_may_be(me):
    for n in range(8):
        assert put(me, f"{n}.pdf", PDF).status == 302
    assert "最多传 8 个文件" in put(me, "9.pdf", PDF).said(".summary")


def test_no_more_in_all_than_may_be(me, settings):
    settings.FOI_MOST_BYTES = len(PDF) * 2
    assert [put(me, f"{n}.pdf", PDF).status for n in range(2)] == [302, 302]
    assert "合计不超过" in put(me, "2.pdf", PDF).said(".summary")


# In pieces -------------------------------------------------------------------------------------------------------------


def test_a_file_in_pieces_reaches_the_case_whole(me):
    told = start(me).json()
    assert (told["received"], told["size"], told["piece"], told["whole"]) == (0, len(BIG), LARGEST_CHUNK, False)
    for offset in range(0, len(BIG), LARGEST_CHUNK):
        answer = piece(me, told["upload"], offset, BIG[offset : offset + LARGEST_CHUNK])
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json()["received"] == min(offset + LARGEST_CHUNK, len(BIG))
    assert finish(me, told["upload"]).json()["whole"] is True
    assert finish(me, told["upload"]).json()["whole"] is True  # asked twice
    me.send()
    paper = CaseFile.objects.get()
    assert (file_bytes(paper) == BIG, file_name(paper), paper.size) == (True, "材料.pdf", len(BIG))


def test_an_upload_cut_in_the_middle_goes_on_where_it_stopped(me):
    upload = start(me).json()["upload"]
    piece(me, upload, 0, BIG[:LARGEST_CHUNK])
    # The browser is closed and opened again: the page says so, the same file is the same upload.
    assert "没有传完" in me.get("request_files").said("[data-held=request]")
    again = start(me).json()
    assert (again["upload"], again["received"]) == (upload, LARGEST_CHUNK)
    status = me.client.get(reverse("portal:request_upload_piece", args=(upload,)))
    assert status.json()["received"] == LARGEST_CHUNK
    for offset in range(LARGEST_CHUNK, len(BIG), LARGEST_CHUNK):
        piece(me, upload, offset, BIG[offset : offset + LARGEST_CHUNK])
    assert finish(me, upload).json()["whole"] is True


def test_a_piece_that_came_twice_or_too_early_is_told_where_to_go_on(me):
    upload = start(me).json()["upload"]
    first = BIG[:LARGEST_CHUNK]
    piece(me, upload, 0, first)
    for offset in (0, 2 * LARGEST_CHUNK, LARGEST_CHUNK - 1):
        answer = piece(me, upload, offset, first)
        assert (answer.status_code, answer.json()["received"]) == (409, LARGEST_CHUNK)
    answer = finish(me, upload)
    assert (answer.status_code, answer.json()["received"]) == (409, LARGEST_CHUNK)
    assert UploadChunk.objects.count() == 1


def test_a_body_shorter_than_announced_is_not_taken(me):
    upload = start(me).json()["upload"]
    token = me.token()
    answer = me.client.generic(
        "POST", reverse("portal:request_upload_piece", args=(upload,)), BIG[:1000],
        content_type="application/octet-stream", headers={"X-CSRFToken": token, "Upload-Offset": "0"},
        CONTENT_LENGTH="2000", **{"wsgi.input": io.BytesIO(BIG[:1000])},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["sentence"]) == (400, "这一段没有传完。")
    assert DraftFile.objects.get().received == 0


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "٣", "9" * 30])
def test_an_offset_that_is_none_is_refused(me, offset):
    upload = start(me).json()["upload"]
    assert piece(me, upload, offset, b"x").status_code == 400


def test_more_than_promised_and_too_much_at_once_are_refused(me):
    upload = start(me, size=1000, mark="small").json()["upload"]
    assert piece(me, upload, 0, b"x" * 1001).status_code == 422
    assert piece(me, upload, 0, b"").status_code == 422
    assert piece(me, upload, 0, b"x" * (LARGEST_CHUNK + 1)).status_code == 413
    assert DraftFile.objects.get().received == 0


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"size": 100 * 1024 * 1024}, 422, "文件超过 20 MB"),
        ({"size": 0}, 422, "文件是空的"),
        ({"size": -5}, 422, "文件是空的"),
        ({"name": "a.exe"}, 422, "可执行程序"),
        ({"name": "a.zip"}, 422, "压缩包"),
        ({"name": "a.xyz"}, 422, "系统不认识这种文件"),
        ({"name": "../../etc/passwd.pdf"}, 422, "文件名为空、过长，或含有路径"),
        ({"name": "a\u202efdp.exe.pdf"}, 422, "不可见字符"),
        ({"kind": "reply"}, 400, "没有读懂"),
        ({"mark": ""}, 400, "没有读懂"),
    ],
)
def test_what_cannot_come_in_is_refused_before_a_byte_is_sent(me, changes, status, sentence):
    given = {"name": "a.pdf", "size": 100, "kind": "request", "mark": "m"} | changes
    answer = me.post_raw("request_upload", json.dumps(given), kind="application/json")
    assert answer.status_code == status
    assert sentence in answer.json()["sentence"]
    assert DraftFile.objects.count() == 0


@pytest.mark.parametrize(
    "body", ["", "null", "[]", '{"name": 1}', "{", '{"name":"a.pdf","size":"x","kind":"request","mark":"m"}']
)
def test_an_announcement_that_is_none_is_refused(me, body):
    assert me.post_raw("request_upload", body, kind="application/json").status_code == 400


def test_a_file_refused_at_its_end_is_gone_with_the_answer(me):
    upload = start(me, "a.txt", len(EICAR), mark="e").json()["upload"]
    piece(me, upload, 0, EICAR)
    answer = finish(me, upload)
    assert (answer.status_code, "病毒特征" in answer.json()["sentence"]) == (422, True)
    assert (DraftFile.objects.count(), UploadChunk.objects.count()) == (0, 0)
    assert finish(me, upload).status_code == 404


def test_another_file_under_the_same_mark_begins_anew(me):
    first = start(me, mark="m").json()["upload"]
    piece(me, first, 0, BIG[:100])
    again = start(me, size=len(BIG) + 1, mark="m").json()
    assert again["received"] == 0
    assert DraftFile.objects.count() == 1


def test_nobody_else_reaches_an_upload(me):
    upload = start(me).json()["upload"]
    other = Applicant()
    address = reverse("portal:request_upload_piece", args=(upload,))
    assert other.client.get(address).status_code == 410
    other.fill()
    assert other.client.get(address).status_code == 404
    assert piece(other, upload, 0, b"x").status_code == 404
    assert finish(other, upload).status_code == 404
    other.post("request_remove_file", {"upload": upload})
    assert DraftFile.objects.count() == 1


def test_after_sending_in_no_piece_is_taken(me):
    upload = start(me).json()["upload"]
    me.post("request_remove_file", {"upload": upload})
    me.send()
    assert start(me).status_code == 410
    assert piece(me, upload, 0, b"x").status_code == 410
    assert FoiRequest.objects.count() == 1


def test_a_piece_moved_to_another_place_does_not_open(me):
    """Pieces are sealed for their file and place: whoever changes the table cannot mix files."""
    from gongkai.foi.queries.drafts import open_bytes
    from gongkai.foi.vault import Unsealable

    upload = start(me).json()["upload"]
    piece(me, upload, 0, BIG[:LARGEST_CHUNK])
    UploadChunk.objects.update(offset=7)
    paper = DraftFile.objects.get()
    with pytest.raises(Unsealable):
        open_bytes(paper.draft, paper)


def test_names_of_files_reach_no_address(me):
    start(me, f"{NAME}的身份证.pdf")
    upload = DraftFile.objects.get().upload_id
    assert len(upload) == 40
    assert set(upload) <= set("0123456789abcdef")
    page = me.get("request_files")
    assert [a for a in page.all("a, form") if NAME in (a.get("href") or a.get("action") or "")] == []


def test_the_action_itself_refuses_a_wrong_place(me):
    from django.utils import timezone

    from gongkai.foi.actions.turning import APPLICANT
    from gongkai.foi.actions.uploads import WrongOffset

    upload = start(me).json()["upload"]
    token = me.client.cookies["request_draft"].value
    with pytest.raises(WrongOffset) as wrong:
        add_chunk(token, upload, 5, b"x", actor=APPLICANT, at=timezone.now())
    assert wrong.value.received == 0
    assert RequestDraft.objects.get().files.get().received == 0
