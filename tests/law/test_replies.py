"""R1 to R16: the table of outcomes."""

import pytest

from gongkai.law.citations import Citation, citations, read_number
from gongkai.law.negative_list import GROUNDS
from gongkai.law.replies import (
    CATEGORIES,
    ELEMENTS,
    GROUND_CITATIONS,
    REPLIES,
    is_discretionary,
    reply,
    report_row,
    required_citations,
)
from gongkai.law.report_form import REQUEST_ROWS

CODES = ["R1", "R2", "R2p", *(f"R{i}" for i in range(3, 17))]


def test_all_outcomes_are_there_with_unique_permanent_codes():
    assert [row.code for row in REPLIES] == CODES


@pytest.mark.parametrize("row", REPLIES, ids=lambda row: row.code)
def test_every_row_is_complete(row):
    assert row.title and row.article.startswith("《") and row.advice.endswith("。")
    assert row.category in CATEGORIES
    assert set(row.elements) <= set(ELEMENTS)
    assert bool(row.elements) == row.is_letter
    assert bool(row.grounds) == (row.force == "by_ground")
    assert ("ground" in row.must_contain) == bool(row.grounds)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("R1", "granted"),
        ("R2", "granted"),
        ("R2p", "partially_granted"),
        ("R4", "unable_1"),
        ("R5", "unable_1"),
        ("R6", "not_processed_2"),
        ("R7", "denied_8"),
        ("R8", "unable_2"),
        ("R9", "not_processed_1"),
        ("R10", "not_processed_3"),
        ("R11", "not_processed_4"),
        ("R12", "unable_3"),
        ("R13", "other_1"),
        ("R14", "other_2"),
        ("R15", "not_processed_5"),
        ("R16", "other_3"),
    ],
)
def test_lines_of_the_annual_report(code, line):
    assert report_row(code) == line


def test_a_refusal_counts_by_its_ground_and_a_partial_one_never_does():
    assert [report_row("R3", g.code) for g in GROUNDS] == [f"denied_{i}" for i in range(1, 8)]
    assert {report_row("R2p", g.code) for g in GROUNDS} == {"partially_granted"}
    with pytest.raises(LookupError, match="先选定情形"):
        report_row("R3")


def test_every_leaf_line_of_the_form_is_reached_by_some_outcome():
    reached = {report_row(row.code, g.code) for row in REPLIES for g in GROUNDS}
    leaves = [row.code for row in REQUEST_ROWS if row.is_leaf]
    assert reached == set(leaves)
    assert len(leaves) == 21


def test_mandatory_and_discretionary_outcomes():
    assert [row.code for row in REPLIES if row.force == "may"] == ["R8", "R10", "R11", "R15"]
    assert [is_discretionary("R3", g.code) for g in GROUNDS] == [False, False, False, False, True, True, True]
    assert is_discretionary("R4") is False
    assert is_discretionary("R8") is True


@pytest.mark.parametrize(
    ("code", "ground", "wanted"),
    [
        ("R1", "", (Citation(36, None, 1),)),
        ("R5", "", (Citation(36, None, 5),)),
        ("R9", "", (Citation(39, 1),)),
        ("R3", "G16b", (Citation(16, 2),)),
        ("R2p", "G15", (Citation(37), Citation(15))),
        ("R15", "", ()),
    ],
)
def test_what_has_to_be_cited(code, ground, wanted):
    assert required_citations(code, ground) == wanted


def test_every_ground_has_its_citation():
    assert set(GROUND_CITATIONS) == {g.code for g in GROUNDS}


def test_only_closings_without_a_letter_owe_no_elements():
    assert [row.code for row in REPLIES if not row.is_letter] == ["R13", "R14", "R16"]


def test_an_unknown_reply_is_refused_loudly():
    with pytest.raises(LookupError, match="R17"):
        reply("R17")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《政府信息公开条例》第三十六条第三项", (Citation(36), Citation(36, None, 3))),
        ("《中华人民共和国政府信息公开条例》第16条第2款", (Citation(16), Citation(16, 2))),
        ("第三十六条第（五）项", (Citation(36), Citation(36, None, 5))),
        ("《条例》第十五条、第三十二条", (Citation(15), Citation(32))),
        ("《保守国家秘密法》第十四条", ()),
        ("《行政复议法》第二十条和《政府信息公开条例》第十四条", (Citation(14),)),
        ("依法不予公开", ()),
        ("第二款", ()),
    ],
)
def test_citations_are_read_from_the_words_of_a_letter(text, found):
    assert citations(text) == found


@pytest.mark.parametrize(
    ("word", "n"), [("十", 10), ("十五", 15), ("二十", 20), ("三十六", 36), ("一百零三", 103), ("7", 7)]
)
def test_numerals(word, n):
    assert read_number(word) == n


def test_a_citation_prints_as_it_is_written():
    assert [str(Citation(36, None, 3)), str(Citation(16, 2))] == ["第三十六条第三项", "第十六条第二款"]


def test_only_two_letters_hand_information_over():
    from gongkai.law.replies import REPLIES, gives_information

    assert [row.code for row in REPLIES if gives_information(row.code)] == ["R2", "R2p"]
    with pytest.raises(LookupError):
        gives_information("R99")
