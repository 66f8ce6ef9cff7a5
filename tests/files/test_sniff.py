"""`sniff`: what comes in, what does not, and the sentence that says why."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from gongkai.files import archive
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import KINDS, LIMIT, sniff

PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"\0\0\0\rIHDR"
    + struct.pack(">2I", 40, 30)
    + b"\x08\2\0\0\0\0\0\0\0"
    + b"\0\0\0\0IEND\xaeB`\x82"
)
GIF = b"GIF89a" + struct.pack("<2H", 4, 3) + b"\0\0\0,\0\0\0\0\1\0\1\0\0\2\0\x3b"
JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08" + struct.pack(">2H", 30, 40) + b"\1\1\x11\0" + b"\xff\xd9"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def code(data: bytes, name: str) -> str:
    with pytest.raises(Unreadable) as refused:
        sniff(data, name)
    assert refused.value.sentence.endswith("。")
    return refused.value.code


@pytest.fixture(scope="module")
def xlsx() -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "名称"
    book.save(packed)
    return packed.getvalue()


def test_kinds_by_content(word: SimpleNamespace, xlsx: bytes) -> None:
    docx = word.zipped(word.parts(word.paragraph("甲")))
    accepted = {
        "通知.docx": docx,
        "名单.XLSX": xlsx,
        "图.png": PNG,
        "图.jpg": JPEG,
        "图.JPEG": JPEG,
        "图.gif": GIF,
        "文.pdf": PDF,
        "版.ofd": word.zipped({"OFD.xml": "<x/>"}),
        "说明.txt": "公开说明".encode("gb18030"),
        "表.csv": b"\xef\xbb\xbfa,b\n",
    }
    assert {name: sniff(data, name).name for name, data in accepted.items()} == {
        "通知.docx": "docx",
        "名单.XLSX": "xlsx",
        "图.png": "png",
        "图.jpg": "jpeg",
        "图.JPEG": "jpeg",
        "图.gif": "gif",
        "文.pdf": "pdf",
        "版.ofd": "ofd",
        "说明.txt": "txt",
        "表.csv": "csv",
    }
    assert {kind.name for kind in KINDS.values() if kind.is_image} == {"png", "jpeg", "gif"}


def test_a_path_is_read_and_must_be_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "stored-under-a-digest"
    path.write_bytes(PDF)
    assert sniff(path, "文.pdf").media_type == "application/pdf"
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(ValueError, match="not a plain file"):
        sniff(link, "文.pdf")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.pdf", "empty"),
        (PDF, "a.png", "name-and-content-differ"),
        (PNG, "a.pdf", "name-and-content-differ"),
        (PDF, "a.txt", "name-and-content-differ"),
        (PDF, "a", "name-and-content-differ"),
        (b"hello", "a.docx", "not-what-it-says"),
        (b"hello", "a.pdf", "not-what-it-says"),
        (b"<html>", "a.jpg", "not-what-it-says"),
        (b"hello", "a.bin", "unknown"),
        (b"MZ\x90\0", "a.exe", "program"),
        (b"MZ\x90\0", "a.txt", "program"),
        (b"\x7fELF\2\1", "a.pdf", "program"),
        (b"#!/bin/sh\n", "a.txt", "program"),
        (b"alert(1)", "a.js", "program"),
        (b"hello", "a.pdf.exe", "program"),
        (b"hello", "a.pdf.exe .", "program"),
        (b"<svg onload=alert(1)>", "a.svg", "active-page"),
        (b"<html></html>", "a.htm", "active-page"),
        (b"  \n<!DOCTYPE html><script>", "a.txt", "active-page"),
        (b"\xef\xbb\xbf<svg xmlns=x>", "a.csv", "active-page"),
        (b"a\0b", "a.txt", "encoding"),
        (b"\xff\xff\xff", "a.csv", "encoding"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (COMPOUND + "Workbook".encode("utf-16-le"), "a.xls", "old-format"),
        (COMPOUND + "Workbook".encode("utf-16-le"), "a.xlsx", "old-format"),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "a.docx", "old-format"),
        (b"{\\rtf1", "a.docx", "old-format"),
        (PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 5 0 R"), "a.pdf", "encrypted"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "a.pdf", "active-pdf"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S /Launch>>"), "a.pdf", "active-pdf"),
        (PDF[:-8], "a.pdf", "damaged"),
        (b"%PDF-garbage" + bytes(100), "a.pdf", "damaged"),
        (PNG[:-12], "a.png", "damaged"),
        (JPEG[:-2], "a.jpg", "damaged"),
        (b"\xff\xd8\xff\xff\xff", "a.jpg", "damaged"),
        (GIF[:-1], "a.gif", "damaged"),
        (PNG.replace(struct.pack(">2I", 40, 30), struct.pack(">2I", 40_000, 30_000)), "a.png", "too-many-pixels"),
        (PNG[:-12] + b"PK\x05\x06" + PNG[-12:], "a.png", "two-in-one"),
        (GIF[:-1] + b"<script>alert(1)</script>;", "a.gif", "two-in-one"),
        (b"Rar!\x1a\x07", "a.pdf", "archive"),
        (b"\x1f\x8b\x08", "a.docx", "archive"),
        (b"7z\xbc\xaf", "a.7z", "archive"),
        (b"PK\x03\x04", "a.docx", "damaged"),
        (PDF, "../a.pdf", "unsafe-name"),
        (PDF, "a/b.pdf", "unsafe-name"),
        (PDF, "a\u202efdp.exe", "unsafe-name"),
        (PDF, "", "unsafe-name"),
        (PDF, "字" * 200 + ".pdf", "unsafe-name"),
    ],
)
def test_refused(data: bytes, name: str, expected: str) -> None:
    assert code(data, name) == expected


def test_the_sentence_for_a_large_file() -> None:
    with pytest.raises(Unreadable) as refused:
        sniff(PDF + bytes(LIMIT), "a.pdf")
    assert (refused.value.code, refused.value.sentence) == ("too-large", "文件超过 20 MB，请拆分或改为 PDF。")


def test_a_word_file_that_is_not_one(word: SimpleNamespace, xlsx: bytes) -> None:
    parts = word.parts("")
    assert code(word.zipped({"a.txt": "x"}), "a.docx") == "archive"
    assert code(xlsx, "a.docx") == "name-and-content-differ"
    assert code(word.zipped(parts | {"[Content_Types].xml": "<Types/>"}), "a.docx") == "not-what-it-says"
    without_body = {name: content for name, content in parts.items() if name != "word/document.xml"}
    assert code(word.zipped(without_body), "a.docx") == "not-what-it-says"
    for broken in ("<Types", '<!DOCTYPE x [<!ENTITY y "z">]><Types>&y;</Types>'):
        assert code(word.zipped(parts | {"[Content_Types].xml": broken}), "a.docx") == "damaged"


def test_macros_whatever_the_name_says(word: SimpleNamespace) -> None:
    parts = word.parts("")
    enabled = word.parts("", main="application/vnd.ms-word.document.macroEnabled.main+xml")
    assert code(word.zipped(parts | {"word/vbaProject.bin": b"\xd0\xcf"}), "a.docx") == "macros"
    assert code(word.zipped(enabled), "a.docx") == "macros"
    assert code(word.zipped(enabled), "a.docm") == "macros"
    inner = word.zipped(parts | {"word/vbaProject.bin": b"\xd0\xcf"})
    assert code(word.zipped(parts | {"word/embeddings/Document1.docx": inner}), "a.docx") == "macros"
    assert code(word.zipped(parts | {"word/embeddings/a.exe": b"MZ"}), "a.docx") == "program-inside"


def test_truncated_anywhere_is_refused(word: SimpleNamespace) -> None:
    whole = word.zipped(word.parts(word.paragraph("甲")))
    assert sniff(whole, "a.docx").name == "docx"
    for size in range(4, len(whole), 37):
        assert code(whole[:size], "a.docx") == "damaged"


def test_zip_bombs_are_refused_by_their_directory(word: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(*_arguments: object) -> bytes:
        raise AssertionError("unpacked")

    parts = word.parts("")
    one = word.zipped(parts | {"word/media/a.bin": bytes(60_000_000)})
    many = word.zipped(parts | {f"word/media/{number}.bin": bytes(4_900_000) for number in range(60)})
    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    assert len(one) < 100_000
    assert code(one, "a.docx") == "unpacks-too-large"
    assert code(many, "a.docx") == "unpacks-too-large"


def test_a_directory_that_lies_about_sizes_yields_no_more_than_it_declares(word: SimpleNamespace) -> None:
    data = bytearray(word.zipped({"[Content_Types].xml": bytes(50_000_000)}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    directory = archive.open_directory(bytes(data))
    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        directory.read("[Content_Types].xml")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert refused.value.code == "damaged"  # a thousand bytes were unpacked, and their check sum is wrong


def test_a_hundred_thousand_entries_are_refused_without_reading_them(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for number in range(100_000):
            written.writestr(zipfile.ZipInfo(f"{number}"), b"")

    def read(*_arguments: object) -> None:
        raise AssertionError("the directory was read")

    monkeypatch.setattr(zipfile, "ZipFile", read)
    assert code(packed.getvalue(), "a.docx") == "unpacks-too-large"
    lying = bytearray(packed.getvalue())
    end = lying.rfind(b"PK\x05\x06")
    lying[end + 8 : end + 12] = struct.pack("<2H", 3, 3)
    end64 = lying.rfind(b"PK\x06\x06")
    lying[end64 + 24 : end64 + 40] = struct.pack("<2Q", 3, 3)
    assert code(bytes(lying), "a.docx") == "unpacks-too-large"


def test_archives_in_archives_in_archives(word: SimpleNamespace) -> None:
    data = word.zipped(word.parts(""))
    for depth in range(4):
        data = word.zipped(word.parts("") | {"word/embeddings/inner.docx": data})
        if depth < archive.DEEPEST:
            assert sniff(data, "a.docx").name == "docx"
        else:
            assert code(data, "a.docx") == "unpacks-too-large"


def test_what_is_inside_counts_to_the_whole(word: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    inner = word.zipped({f"{number}.bin": bytes(90_000) for number in range(6)})
    assert sniff(word.zipped(word.parts("") | {"word/embeddings/1.xlsx": inner}), "a.docx").name == "docx"
    two = {"word/embeddings/1.xlsx": inner, "word/embeddings/2.xlsx": inner}
    assert code(word.zipped(word.parts("") | two), "a.docx") == "unpacks-too-large"


@pytest.mark.parametrize("name", ["../a.xml", "word/../../a.xml", "/etc/passwd", "C:\\a.xml", "word\\..\\..\\a.xml"])
def test_paths_that_lead_outside(word: SimpleNamespace, name: str) -> None:
    assert code(word.zipped(word.parts("") | {name: "x"}), "a.docx") == "unsafe-path"


def with_entry(word: SimpleNamespace, entry: zipfile.ZipInfo, content: bytes) -> bytes:
    packed = io.BytesIO(word.zipped(word.parts("")))
    with zipfile.ZipFile(packed, "a") as written:
        written.writestr(entry, content)
    return packed.getvalue()


def test_symbolic_links_odd_compression_and_encryption_inside(word: SimpleNamespace) -> None:
    link = zipfile.ZipInfo("word/media/link.png")
    link.external_attr = 0o120777 << 16
    assert code(with_entry(word, link, b"/etc/passwd"), "a.docx") == "symbolic-link"
    packed = zipfile.ZipInfo("word/media/a.bin")
    packed.compress_type = zipfile.ZIP_LZMA
    assert code(with_entry(word, packed, b"x"), "a.docx") == "damaged"
    locked = bytearray(word.zipped(word.parts("")))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(locked), "a.docx") == "encrypted"


def test_one_name_twice(word: SimpleNamespace) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = with_entry(word, zipfile.ZipInfo("word/document.xml"), b"<x/>")
    assert code(data, "a.docx") == "damaged"
