"""The real files of the shared data in office formats: each is read with its text, or refused with its true reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_text
from gongkai.files.refusal import Unreadable

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "files"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="no shared data beside the checkout (../shared/data/files)")

# Name to a word of the text with its place, and how much is counted.
READ = {
    "NullHeader.docx": ("Hundreds injured", {"paragraph": 1}, 32),
    "gongwen-01-basic-formal.docx": ("关于开展格式检查工作", {"paragraph": 1}, 10),
    "gongwen-03-header-footer-page.docx": ("内部资料", {"member": "word/header1.xml", "paragraph": 1}, 4),
    "gongwen-06-auto-numbering.docx": ("自动编号第三项", {"paragraph": 4}, 5),
    "gongwen-07-toc-fields.docx": ("第一部分", {"paragraph": 6}, 9),
    "testEXCEL_big_numbers.xlsx": ("1234567890123451", {"sheet": "Sheet1", "cell": "B2"}, 1),
    "testEXCEL_embeddedPDF_windows.xlsx": (
        "Content Analysis", {"member": "xl/embeddings/oleObject1.bin/CONTENTS", "hidden": "embedded_file"}, 1,
    ),
    "泰迪杯2020C-附件1-留言分类.xlsx": ("城乡建设", {"sheet": "Sheet1", "cell": "A2"}, 1),
    "泰迪杯2020C-附件3样例.xlsx": ("留言编号", {"sheet": "Sheet1", "cell": "A1"}, 1),
}  # fmt: skip
REFUSED = {
    "protected_normal_case.docx": "encrypted",
    "testWORD_protected_passtika.docx": "encrypted",
    "testEXCEL_protected_passtika.xlsx": "encrypted",
    "testEXCEL_macro.xlsm": "macros",
    "test_recursive_embedded.docx": "unpacks-too-large",
    "testZip_absolutePath.zip": "unsafe-path",
}
OLD = {"49761.xls": "xls", "54016.xls": "xls", "testEXCEL_macro.xls": "xls", "52420.doc": "doc", "56880.doc": "doc"}


def test_every_office_file_is_listed() -> None:
    suffixes = (".docx", ".doc", ".xlsx", ".xlsm", ".xls", ".zip")
    there = {path.name for path in FILES.iterdir() if path.suffix in suffixes}
    assert there == set(READ) | set(REFUSED) | set(OLD)


@pytest.mark.parametrize("name", sorted(READ))
def test_read(name: str) -> None:
    word, place, count = READ[name]
    reading = read_text(FILES / name, readable_kind(FILES / name, name))
    found = [part for part in reading.parts if word in part.text]
    assert any(place.items() <= dict(part.where).items() for part in found), [dict(part.where) for part in found]
    assert reading.count == count


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_text(FILES / name, readable_kind(FILES / name, name))
    assert refused.value.code == REFUSED[name]
    assert "请" in refused.value.sentence


@pytest.mark.parametrize("name", sorted(OLD))
def test_old_formats_are_read_where_a_program_is_installed_and_refused_elsewhere(name: str) -> None:
    kind = readable_kind(FILES / name, name)
    assert kind.name == OLD[name]
    program = {"xls": "xls2csv", "doc": "catdoc"}[kind.name]
    if shutil.which("soffice") or shutil.which("libreoffice") or shutil.which(program):
        try:
            assert isinstance(read_text(FILES / name, kind), Reading)
        except Unreadable as refused:
            assert refused.code in ("not-converted", "macros")
        return
    with pytest.raises(Unreadable) as refused:
        read_text(FILES / name, kind)
    assert refused.value.code == "no-converter"
    assert "LibreOffice" in refused.value.sentence
