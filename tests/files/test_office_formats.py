"""Kinds that are read for scanning only: presentations, OpenDocument, web pages, archives, old formats; and hostile ones."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gongkai.files import legacy
from gongkai.files.parsers import compound as parser
from gongkai.files.parsers.parts import strings
from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_text
from gongkai.files.refusal import Unreadable
from tests.canaries.office import DOCX, XLSX, compound, native, packed, word
from tests.canaries.sheet import PLACES, SHOWN
from tests.canaries.show import _sheet, _text, opened, presentation, shape


@pytest.fixture
def reading(tmp_path: Path):
    def read(data: bytes, name: str) -> Reading:
        path = tmp_path / "stored"
        path.write_bytes(data)
        return read_text(path, readable_kind(data, name))

    return read


def refused(reading, data: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as told:
        reading(data, name)
    return told.value


def told(result: Reading) -> list[tuple[dict, str]]:
    return [(dict(part.where), part.text) for part in result.parts]


# what a file is, for reading


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (packed(word()), "旧名.wps", "docx"),
        (packed(word()), "改名.doc", "docx"),
        (PLACES["hidden_row"]("x"), "表.et", "xlsx"),
        (PLACES["hidden_row"]("x"), "表.xls", "xlsx"),
        (packed(presentation()), "稿.dps", "pptx"),
        (packed(opened("text", "")), "a.odt", "odt"),
        (packed(opened("spreadsheet", "")), "a.ods", "ods"),
        (packed({"a.txt": "x"}), "a.zip", "zip"),
        ("<html><body>名单</body></html>".encode(), "导出.xls", "html"),
        ("<!DOCTYPE html><p>名单".encode("gb18030"), "a.htm", "html"),
        ("名单".encode(), "a.txt", "txt"),
        ('{"名": 1}'.encode(), "a.json", "txt"),
        (b"a,b", "a.csv", "csv"),
        (b"{\\rtf1 x}", "a.doc", "rtf"),
        (compound({"WordDocument": b"x"}), "a.doc", "doc"),
        (compound({"Workbook": b"x"}), "a.et", "xls"),
        (compound({"PowerPoint Document": b"x"}), "a.ppt", "ppt"),
    ],
)
def test_the_content_decides_what_is_read(data: bytes, name: str, kind: str) -> None:
    assert readable_kind(data, name).name == kind


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.docx", "empty"),
        (b"hello", "a.docx", "not-what-it-says"),
        (b"\xff\xff\0\1", "a.docx", "damaged"),
        (b"\xff\xff\0\1", "a.txt", "encoding"),
        (b"\xff\xff\0\1", "a.dwg", "unknown"),
        (compound({"EncryptedPackage": b"x"}), "a.docx", "encrypted"),
        (compound({"VisioDocument": b"x"}), "a.vsd", "unknown"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.graphics", "META-INF/manifest.xml": "<x/>"}), "a.odg", "old-format"),
        (b"MZ\x90", "a.txt", "program"),
        (b"Rar!\x1a\x07", "a.rar", "archive"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        readable_kind(data, name)
    assert caught.value.code == code


# text with its place


def test_word_rows_cells_and_boxes(reading) -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('姓名')}{cell.format('证号')}</w:tr><w:tr>{cell.format('甲')}{cell.format('1')}</w:tr></w:tbl>"
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    result = reading(packed(word(table + box)), "a.docx")
    assert told(result) == [
        ({"paragraph": 1}, SHOWN),
        ({"table": 1, "row": 1, "column": 1}, "姓名"),
        ({"table": 1, "row": 1, "column": 2}, "证号"),
        ({"table": 1, "row": 2, "column": 1}, "甲"),
        ({"table": 1, "row": 2, "column": 2}, "1"),
        ({"paragraph": 7}, "框内"),
    ]
    assert result.text == f"{SHOWN}\n姓名\t证号\n甲\t1\n框内"


def test_a_number_over_several_runs_and_a_revision_is_one_text(reading) -> None:
    runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("3301", "0619900101"))
    body = f"<w:p>{runs}<w:ins w:author='甲'><w:r><w:t>1234</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r></w:p>"
    result = reading(packed(word(body)), "a.docx")
    assert told(result)[1] == ({"paragraph": 2}, "330106199001011234")
    assert [(part.hidden, part.text) for part in result.parts if part.hidden] == [
        ("hidden_text", "密"), ("insertion", "1234"), ("insertion", "甲"),
    ]  # fmt: skip


def test_white_letters_on_a_dark_ground_are_seen(reading) -> None:
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>表头</w:t></w:r>'
    cell = f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="003366"/></w:tcPr><w:p>{white}</w:p></w:tc></w:tr></w:tbl>'
    result = reading(packed(word(cell)), "a.docx")
    assert [part.hidden for part in result.parts if part.text == "表头"] == [""]


def workbook(rows: str, strings: list[str]) -> bytes:
    """A workbook as Excel writes it: the texts of all cells in one table, cells refer to them by number."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{told}+xml"/>'
        for name, told in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types><Default Extension="rels" ContentType="application/xml"/>{types}</Types>',
            "xl/workbook.xml": f'<workbook xmlns:r="{relation}"><sheets><sheet name="名单" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{relation}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
            "xl/sharedStrings.xml": "<sst>"
            + "".join(f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r></si>" for text in strings)
            + "</sst>",
        }
    )


def test_shared_strings_in_use_and_left_over(reading) -> None:
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row><row><c r="B7" t="s"><v>0</v></c></row>'
    result = reading(workbook(rows, ["姓名", "删去的人", "证号"]), "a.xlsx")
    assert [(part.where.get("cell"), part.hidden, part.text) for part in result.parts] == [
        (None, "", "名单"), ("A1", "", "姓名"), ("B1", "", "证号"), ("B7", "", "姓名"),
        (None, "shared_string_unused", "删去的人"),
    ]  # fmt: skip
    assert refused(reading, workbook('<row><c t="s"><v>3</v></c></row>', ["甲"]), "a.xlsx").code == "damaged"


def test_a_text_multiplied_by_references_is_refused(reading) -> None:
    rows = '<row><c t="s"><v>0</v></c></row>' * 300
    assert refused(reading, workbook(rows, ["字" * 20_000]), "a.xlsx").code == "too-much-text"


def test_numbers_dates_and_zeros_are_told_as_they_are_shown(reading) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = 330106199001011200, date(2026, 3, 7), 571, 0.1 + 0.2
    sheet["A3"].number_format = "00000000"
    sheet["A5"] = datetime(2026, 3, 7, 8, 30)  # noqa: DTZ001 - the format knows no time zone
    out = io.BytesIO()
    book.save(out)
    texts = {part.where["cell"]: part.text for part in reading(out.getvalue(), "a.xlsx").parts if "cell" in part.where}
    assert texts == {
        "A1": "330106199001011200", "A2": "2026-03-07", "A3": "00000571", "A4": "0.3", "A5": "2026-03-07 08:30:00",
    }  # fmt: skip


def test_slides_rows_and_paragraphs(reading) -> None:
    result = reading(packed(presentation(shape("第二页") + shape("结束"))), "a.pptx")
    assert told(result) == [
        ({"slide": 1, "paragraph": 1}, SHOWN),
        ({"slide": 2, "paragraph": 1}, "第二页"),
        ({"slide": 2, "paragraph": 2}, "结束"),
    ]
    assert (result.count, result.unit) == (2, "页")


def test_open_documents(reading) -> None:
    text = reading(_text("<text:h>一、总则</text:h><text:p>甲<text:s/>乙<text:tab/>丙</text:p>")("x"), "a.odt")
    assert told(text) == [({"paragraph": 1}, SHOWN), ({"paragraph": 2}, "一、总则"), ({"paragraph": 3}, "甲 乙\t丙")]
    cells = '<table:table-row table:number-rows-repeated="3"/><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
    number = '<table:table-cell office:value-type="float" office:value="330106199001011200"><text:p>3.3E+17</text:p></table:table-cell>'
    sheet = reading(_sheet(f"{cells}{number}</table:table-row>")("x"), "a.ods")
    place = {"sheet": "公示", "cell": "C4", "row": 4, "column": 3}
    assert told(sheet) == [
        ({"sheet": "公示"}, "公示"),
        (place, "3.3E+17"),
        ({**place, "hidden": "hidden_text"}, "330106199001011200"),
    ]


def test_a_web_page(reading) -> None:
    page = (
        "<html><head><title>公示</title><meta name=author content=张三></head>\n<body><p>第一段<br>续\n"
        "<table><tr><td>姓名<td>证号<tr><td>甲<td>1</table><p style='display:none'>藏起来</p>\n"
        "<p>露出来<!-- 李四 13800000000 --><img alt='王五的证件' src=a.png><a href='mailto:a@example.org'>写信</a>\n"
        "<script>var id='110101199003070011'</script><input type=hidden value='旧值'></body>"
    )
    result = reading(page.encode(), "a.html")
    assert [(part.hidden, part.text) for part in result.parts] == [
        ("", "公示"), ("", "第一段"), ("", "续"), ("", "姓名"), ("", "证号"), ("", "甲"), ("", "1"), ("", "露出来写信"),
        ("properties", "张三"), ("hidden_text", "藏起来"), ("comment", "李四 13800000000"), ("alt_text", "王五的证件"),
        ("link", "mailto:a@example.org"), ("javascript", "var id='110101199003070011'"), ("form_field", "旧值"),
    ]  # fmt: skip
    assert "姓名\t证号\n甲\t1\n" in result.text
    assert dict(result.parts[3].where) == {"line": 3, "table": 1, "row": 1, "column": 1}


def test_lines_of_plain_text_keep_their_offsets(reading) -> None:
    result = reading("甲\r\n\r\n乙,丙\n".encode(), "a.csv")
    assert result.text == "甲\n\n乙,丙\n"
    assert [(part.where["line"], part.start, part.text) for part in result.parts] == [
        (1, 0, "甲"), (2, 2, ""), (3, 3, "乙,丙"), (4, 7, ""),
    ]  # fmt: skip


# archives


def test_an_archive_is_read_member_by_member(reading) -> None:
    members = {"说明.txt": "请看附件", "目录/名单.xlsx": PLACES["hidden_row"]("藏着的"), "": b""}
    del members[""]
    result = reading(packed(members, "备注在此".encode()), "a.zip")
    assert (result.kind, result.count, result.unit) == ("zip", 2, "个文件")
    places = told(result)
    assert ({"member": "说明.txt", "line": 1}, "请看附件") in places
    assert any(
        place.get("member") == "目录/名单.xlsx" and (place.get("cell"), place.get("hidden")) == ("A3", "hidden_row")
        for place, text in places
        if text == "藏着的"
    )
    assert ({"hidden": "trailing_bytes"}, "备注在此") in places
    assert ({"member": "目录/名单.xlsx"}, "目录/名单.xlsx") in places


def test_names_that_windows_wrote(reading) -> None:
    data = packed({"ABCD.txt": "x"}).replace(b"ABCD", "名单".encode("gb18030"))
    assert told(reading(data, "a.zip"))[0] == ({"member": "名单.txt"}, "名单.txt")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"a.zip": packed({"b.txt": "x"})}, "nested-archive"),
        ({"renamed.txt": packed({"b.txt": "x"})}, "nested-archive"),
        ({"a.docx": b"\xff\xff\0"}, "damaged"),
        ({"a.docx": b"PK\x03\x04\xff"}, "damaged"),
        ({"good.txt": "x", "b.dwg": b"\xff\xff\0\1"}, "unknown"),
        ({"b.exe": b"MZ"}, "program-inside"),
        ({"../b.txt": "x"}, "unsafe-path"),
        ({"/b.txt": "x"}, "unsafe-path"),
        ({f"{n}.txt": "x" for n in range(501)}, "too-many-members"),
        ({"a.txt": "x", "b.txt": b"\0" * 60_000_000}, "unpacks-too-large"),
        ({"a.doc": compound({"EncryptedPackage": b"x"})}, "encrypted"),
        ({"a.zip/b.docx": packed(word() | {"word/vbaProject.bin": b"x"})}, "macros"),
    ],
)
def test_one_member_that_cannot_be_read_makes_the_whole_unreadable(reading, members: dict, code: str) -> None:
    assert refused(reading, packed(members), "a.zip").code == code


def test_the_refusal_names_the_member(reading) -> None:
    told_of = refused(reading, packed({"甲/乙.txt": b"\xff\xff\xff"}), "a.zip")
    assert told_of.code == "encoding"
    assert told_of.sentence.startswith("压缩包里的“甲/乙.txt”：")


def test_a_link_in_an_archive_is_refused(reading) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused(reading, out.getvalue(), "a.zip").code == "symbolic-link"


# old formats


def test_without_a_program_for_it_an_old_format_is_refused_with_what_to_do(reading, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    for stream, name, instead in (("WordDocument", "a.wps", ".docx"), ("Workbook", "a.et", ".xlsx")):
        told_of = refused(reading, compound({stream: b"x"}), name)
        assert told_of.code == "no-converter"
        assert instead in told_of.sentence
        assert "LibreOffice" in told_of.sentence


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_what_the_program_says_and_what_the_bytes_still_hold(reading, monkeypatch, tmp_path: Path) -> None:
    """catdoc's place is taken by `cat`-like programs, so that the way through is tried on any machine."""
    program(tmp_path, "catdoc", 'echo "正文在此"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    data = compound(
        {
            "WordDocument": "正文在此，撤销的旧文字 13800000000".encode("utf-16-le"),
            "\x05SummaryInformation": b"zhang san",
        }
    )
    result = reading(data, "a.doc")
    assert result.kind == "doc"
    assert told(result)[0] == ({"line": 1}, "正文在此")
    hidden = [(part.where["member"], part.hidden, part.text) for part in result.parts if part.hidden]
    assert ("WordDocument", "other_part", "正文在此，撤销的旧文字 13800000000") in hidden
    assert ("SummaryInformation", "properties", "zhang san") in hidden
    assert result.warnings == (legacy.ONLY_TEXT,)


@pytest.mark.parametrize(
    ("script", "code"),
    [("echo half; exit 3", "not-converted"), ("true", "not-converted"), ("echo half; kill -9 $$", "not-converted")],
)
def test_a_program_that_fails_passes_nothing(reading, monkeypatch, tmp_path: Path, script: str, code: str) -> None:
    program(tmp_path, "catdoc", script)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    assert refused(reading, compound({"WordDocument": b"x"}), "a.doc").code == code


def test_a_program_that_hangs_ends_with_its_children(reading, monkeypatch, tmp_path: Path) -> None:
    mark = tmp_path / "child"
    program(tmp_path, "catdoc", f"sleep 300 & echo $! > {mark}; wait")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setattr(legacy, "_SECONDS", 4)
    assert refused(reading, compound({"WordDocument": b"x"}), "a.doc").code == "too-slow"
    child = int(mark.read_text())
    for _ in range(100):  # killed, but the kernel may take a moment
        if not alive(child):
            return
        time.sleep(0.05)
    raise AssertionError("the child of the program goes on")


def alive(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_program_sees_nothing_of_the_environment(reading, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    program(tmp_path, "catdoc", "env; pwd")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    text = reading(compound({"WordDocument": b"x"}), "a.doc").text
    assert "geheim" not in text
    assert "http_proxy=http://127.0.0.1:9" in text


# compound files


def test_streams_of_a_compound_file() -> None:
    data = compound({"One": b"first", "Two": "第二".encode()})
    assert {name: content.rstrip(b"\0") for name, content in parser.streams(data).items()} == {
        "One": b"first",
        "Two": "第二".encode(),
    }


def test_a_compound_file_that_runs_in_circles_or_ends_early() -> None:
    data = bytearray(compound({"One": b"first"}))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # sector 1 follows itself
    with pytest.raises(Unreadable):
        parser.streams(bytes(data))
    whole = compound({"One": b"first"})
    for size in range(0, len(whole) - 600, 331):
        with pytest.raises(Unreadable):
            parser.streams(whole[:size])


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"", b"\0", b"\x07", b"\0\0", b"\x01\0\0"])
@pytest.mark.parametrize("text", ["vogel00745@k3614.gov.cn", "password 13900001111", "低保户穆知遥共三口人"])
def test_a_string_of_two_bytes_a_letter_is_whole_wherever_it_begins(text, before, order) -> None:
    """Half of a letter and half of the next can spell an ideograph: that must not take the first letters away."""
    assert text in list(strings(before + text.encode(order) + b"\0\0\x07"))


def test_strings_in_bytes_of_any_kind() -> None:
    noise = bytes(range(256)) * 2
    data = (
        b"\xff\xfe" + "身份证号码一二三".encode() + b"\0\xff\xff" + "电话号码一二三四".encode("gb18030") + b"\xff\0\0"
    )
    data += "联系地址一二三四".encode("utf-16-le") + b"\0\0" + b"plain words"
    found = list(strings(data))
    for text in ("身份证号码一二三", "电话号码一二三四", "联系地址一二三四", "plain words"):
        assert any(text in each for each in found), text
    assert not any("\u4e00" <= character <= "\u9fff" for text in strings(noise) for character in text)


# hostile files


@pytest.mark.parametrize(
    "make",
    [
        lambda bad: packed(presentation() | {"ppt/slides/slide2.xml": bad}),
        lambda bad: packed(opened("text", "") | {"content.xml": bad}),
        lambda bad: packed(opened("spreadsheet", "") | {"styles.xml": bad}),
        lambda bad: packed(word() | {"customXml/item1.xml": bad}),
        lambda bad: packed(word() | {"word/_rels/document.xml.rels": bad}),
    ],
)
def test_document_types_are_refused_in_every_part(reading, make) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for bad in (laughs, outside):
        data = make(bad)
        name = next(suffix for suffix in ("docx", "pptx", "odt", "ods") if _is(data, suffix))
        assert refused(reading, data, f"a.{name}").code == "foreign-xml"


def _is(data: bytes, kind: str) -> bool:
    return readable_kind(data, f"a.{kind}").name == kind


def test_depth_without_end_is_refused(reading) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000
    assert refused(reading, packed(word(deep)), "a.docx").code == "broken"
    sections = "<text:section>" * 3000 + "</text:section>" * 3000
    assert refused(reading, _text(sections)("x"), "a.odt").code == "broken"
    groups = "<p:grpSp>" * 3000 + "</p:grpSp>" * 3000
    assert refused(reading, packed(presentation(groups)), "a.pptx").code == "broken"


def test_repetitions_without_end_cost_nothing(reading) -> None:
    row = '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"/></table:table-row>'
    assert told(reading(_sheet(row)("x"), "a.ods")) == [({"sheet": "公示"}, "公示")]


def test_a_packaged_file_within_packaged_files_is_refused(reading) -> None:
    data = packed(word())
    for _ in range(4):
        wrapped = compound({"Package": data.ljust(4096, b"\0")[: max(len(data), 4096)]})
        data = packed(word() | {"word/embeddings/oleObject1.bin": wrapped})
    assert refused(reading, data, "a.docx").code in ("unpacks-too-large", "damaged")


def test_an_encrypted_or_broken_file_inside_makes_the_whole_unreadable(reading) -> None:
    locked = compound({"EncryptedPackage": b"x"})
    for inner, code in (
        (locked, "encrypted"),
        (b"PK\x03\x04 broken", "damaged"),
        (compound({"\x01Ole10Native": b"\xff" * 4096}), "damaged"),
    ):
        data = packed(word() | {"word/embeddings/oleObject1.bin": inner})
        assert refused(reading, data, "a.docx").code == code


def test_a_program_in_a_package_is_refused(reading) -> None:
    inner = compound({"\x01Ole10Native": native("a.exe", "MZ\x90\x00")})
    assert refused(reading, packed(word() | {"word/embeddings/oleObject1.bin": inner}), "a.docx").code == "program"


def test_a_data_model_is_refused(reading) -> None:
    data = PLACES["hidden_row"]("x")
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/model/item.data", b"\1\2")
    assert refused(reading, out.getvalue(), "a.xlsx").code == "data-model"


def test_the_strict_form_of_the_standard_is_read_alike(reading) -> None:
    body = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r></w:p>"
    members = {
        name: content.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        for name, content in word(body).items()
        if isinstance(content, str)
    }
    assert [(part.hidden, part.text) for part in reading(packed(members), "a.docx").parts] == [
        ("", SHOWN), ("hidden_text", "藏"),
    ]  # fmt: skip


def test_pictures_are_told_and_their_remarks_read(reading) -> None:
    picture = Image.new("RGB", (40, 30))
    remarks = picture.getexif()
    remarks[0x010E] = "taken by zhang san"
    text = PngInfo()
    text.add_text("Comment", "written by li si" * 30, zip=True)
    photo, drawing = io.BytesIO(), io.BytesIO()
    picture.save(photo, "JPEG", exif=remarks)
    picture.save(drawing, "PNG", pnginfo=text)
    media = {"word/media/image1.jpeg": photo.getvalue() + b"after the end", "word/media/image2.png": drawing.getvalue()}
    result = reading(packed(word() | media), "a.docx")
    found = {(part.where["member"], part.hidden): part.text for part in result.parts if part.hidden}
    assert found["word/media/image1.jpeg", "exif"] == "taken by zhang san"
    assert found["word/media/image1.jpeg", "trailing_bytes"] == "after the end"
    assert "written by li si" in found["word/media/image2.png", "exif"]
    assert result.warnings == ()  # there is nothing drawn on them


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed; without it these formats are refused (tested)"
)
@pytest.mark.parametrize(
    ("data", "kind", "old", "hidden", "where"),
    [
        (DOCX["comment"].make("乙处批注一二三"), "docx", "doc", "comment", {}),
        (DOCX["deletion"].make("乙处批注一二三"), "docx", "doc", "deletion", {"paragraph": 2}),
        (
            XLSX["very_hidden_sheet"].make("乙处批注一二三"),
            "xlsx",
            "xls",
            "hidden_sheet",  # LibreOffice knows one way of hiding a sheet
            {"sheet": "底表", "cell": "A1"},
        ),
        (XLSX["hidden_row"].make("乙处批注一二三"), "xlsx", "xls", "hidden_row", {"cell": "A3"}),
        (XLSX["comment"].make("乙处批注一二三"), "xlsx", "xls", "comment", {"cell": "A1"}),
    ],
)
def test_what_libreoffice_keeps_of_old_documents(
    reading, tmp_path: Path, data: bytes, kind: str, old: str, hidden: str, where: dict
) -> None:
    source = tmp_path / f"a.{kind}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", old, "--outdir", tmp_path / "out", source], check=True
    )
    result = reading((tmp_path / "out" / f"a.{old}").read_bytes(), f"a.{old}")
    assert result.kind == old
    found = [dict(part.where) for part in result.parts if "乙处批注一二三" in part.text]
    assert any({**where, "hidden": hidden}.items() <= place.items() for place in found), found
