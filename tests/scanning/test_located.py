"""Findings of whole files with their places; files are made here and read by the real readers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_text
from gongkai.scanning.located import Located, findings_in, scan_reading, scannable

GOOD = ("330106199003071236", "33010619851215000X", "330106198512150018")


def reading(path: Path) -> Reading:
    return read_text(path, readable_kind(path, path.name))


def told(found: list[Located]) -> list[tuple]:
    return [(x.finding.code, x.where.get("sheet", ""), x.where.get("cell", ""), x.hidden) for x in found]


def people(sheet) -> None:
    sheet.append(["姓名", "身份证号"])
    for n, number in enumerate(GOOD):
        sheet.append([("王建国", "李秀英", "张建军")[n], number])


@pytest.fixture
def book(tmp_path) -> Path:
    """One sheet to see and one hidden, the same people on both; a comment with a telephone number."""
    made = Workbook()
    people(made.active)
    made.active.title = "公示"
    hidden = made.create_sheet("原始数据")
    people(hidden)
    hidden.sheet_state = "hidden"
    path = tmp_path / "发放表.xlsx"
    made.save(path)
    return path


def test_a_column_of_a_sheet_is_one_finding_with_its_rows(book):
    found = scan_reading(reading(book))
    assert told(found) == [
        ("name_list", "公示", "A2", ""),
        ("id_card", "公示", "B2", ""),
        ("name_list", "原始数据", "A2", "hidden_sheet"),
        ("id_card", "原始数据", "B2", "hidden_sheet"),
    ]
    assert [x.where["rows"] for x in found] == [[2, 3, 4]] * 4
    text = reading(book).text
    assert [text[a:b] for a, b in found[3].where["places"]] == list(GOOD)


def test_the_name_of_a_sheet_is_a_heading(tmp_path):
    made = Workbook()
    people(made.active)
    made.active.title = "低保花名册"
    made.save(tmp_path / "a.xlsx")
    assert "sensitive_list" in [x.finding.code for x in scan_reading(reading(tmp_path / "a.xlsx"))]


def test_the_name_of_a_file_is_a_heading(book):
    assert {x.finding.code for x in scan_reading(reading(book), heading="孤儿花名册.xlsx")} == {
        "sensitive_list",
        "id_card",
    }


def test_a_number_broken_over_the_lines_of_a_cell(tmp_path):
    made = Workbook()
    made.active.append(["姓名", "身份证号", "备注"])
    made.active.append(["王建国", "330106\n19900307\n1236", "甲\n乙"])
    made.save(tmp_path / "a.xlsx")
    read = reading(tmp_path / "a.xlsx")
    (found,) = [x for x in scan_reading(read) if x.finding.code == "id_card"]
    assert (found.where["cell"], found.finding.severity) == ("B2", "block")
    assert read.text[found.finding.start : found.finding.end] == "330106\n19900307\n1236"


def test_a_telephone_number_alone_in_a_cell_broken_over_its_lines(tmp_path):
    made = Workbook()
    made.active.append(["王建国", "1381234\n0000"])
    made.active.append(["李秀英", "1381234"])
    made.active.append(["张建军", "0000"])
    made.save(tmp_path / "a.xlsx")
    found = [x for x in scan_reading(reading(tmp_path / "a.xlsx")) if x.finding.code == "mobile"]
    assert [(x.where["cell"], x.finding.text) for x in found] == [("B1", "1381234\n0000")]


def test_a_number_split_over_two_runs_and_in_a_comment_of_a_document(tmp_path):
    made = Document()
    paragraph = made.add_paragraph("身份证号330106")
    run = paragraph.add_run("199003")
    paragraph.add_run("071236。").bold = True
    made.add_comment(run, text="请打13812340000", author="甲", initials="甲")
    made.save(tmp_path / "a.docx")
    found = [x for x in scan_reading(reading(tmp_path / "a.docx")) if x.finding.code in ("id_card", "mobile")]
    assert [(x.finding.code, x.finding.text, x.hidden) for x in found] == [
        ("id_card", "330106199003071236", ""),
        ("mobile", "13812340000", "comment"),
    ]
    assert found[0].where["paragraph"] == 1


def test_members_of_an_archive_are_told(book, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.write(book, "内/发放表.xlsx")
        made.writestr("b.txt", "电话13812340000")
    found = scan_reading(reading(tmp_path / "a.zip"))
    assert [(x.finding.code, x.where["member"]) for x in found if not x.hidden] == [
        ("name_list", "内/发放表.xlsx"),
        ("id_card", "内/发放表.xlsx"),
        ("mobile", "b.txt"),
    ]


def test_offsets_are_those_of_the_reading(book):
    read = reading(book)
    assert len(scannable(read)) == len(read.text)
    for finding in findings_in(read):
        for place in finding.places:
            assert read.text[place.start : place.end] in (*GOOD, "王建国", "李秀英", "张建军")


def test_a_level_alone_at_the_head_of_a_later_page_blocks(tmp_path):
    from weasyprint import HTML

    body = "".join(f"<p>第{n}行</p>" for n in range(10))
    out = io.BytesIO()
    HTML(string=f"{body}<p style='page-break-before:always'>机密</p><p>附表</p>").write_pdf(out)
    path = tmp_path / "a.pdf"
    path.write_bytes(out.getvalue())
    (found,) = [x for x in scan_reading(reading(path)) if x.finding.family == "secrecy"]
    assert (found.finding.code, found.finding.severity, found.where["page"]) == ("secrecy_mark", "block", 2)


def test_a_number_split_over_the_cells_of_a_csv(tmp_path):
    (tmp_path / "a.csv").write_text('甲,备注\n138,12340000\n"乙,丙",330106,199003071236\n', encoding="utf-8")
    read = reading(tmp_path / "a.csv")
    assert [(x.finding.code, x.finding.text, x.where["line"]) for x in scan_reading(read)] == [
        ("mobile", "138,12340000", 2),
        ("id_card", "330106,199003071236", 3),
    ]
