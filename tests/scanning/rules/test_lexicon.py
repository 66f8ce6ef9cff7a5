"""Lists an agency maintains: words however they are written, titles and order of leaders."""

import csv
import re
from pathlib import Path

import pytest

from gongkai.scanning.rules import BadList, Leader, Lexicon, Word, lexicon_of, scan

LEADERS = (Leader("甲小明", ("市委书记",)), Leader("乙小红", ("市委副书记", "市长")), Leader("丙大山", ("副市长",)))
KEPT = Lexicon([Word("青禾专班", "own", "block", "自定义词", "《政府信息公开条例》第十六条", "请核对。")], LEADERS)


def found(text: str) -> list[tuple[str, str]]:
    return [(f.code, f.text) for f in scan(text, lexicon=KEPT) if f.family == "lexicon"]


@pytest.mark.parametrize("text", ["青禾专班", "青 禾 专 班", "青禾\n专班", "青\u200b禾专班", "青　禾　专　班"])
def test_a_word_is_found_however_it_is_broken(text):
    assert found(f"由{text}负责，和") == [("own", text)]


def test_half_width_and_full_width_are_one():
    kept = Lexicon([Word("5G专项", "own", "note", "词", "《政府信息公开条例》第十六条", "请核对。")])
    assert [f.text for f in scan("开展５Ｇ专项", lexicon=kept)] == ["５Ｇ专项"]


def test_a_word_does_not_reach_over_cells():
    assert found("青禾\t专班") == []


def test_leaders_with_their_titles_in_order_are_nothing():
    assert found("市委书记甲小明，市委副书记、市长乙小红，副市长丙大山出席。甲小明同志、乙小红同志。") == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("市长甲小明讲话", "市长甲小明"),
        ("副市长乙小红讲话", "副市长乙小红"),
        ("丙大山市长讲话", "丙大山市长"),
        ("市长丙大山同志", "市长丙大山"),
    ],
)
def test_another_leaders_title_is_asked(text, wrong):
    assert found(text) == [("leader_title", wrong)]


def test_a_former_title_is_nothing():
    assert found("原市长丙大山、时任市长甲小明") == [("leader_order", "丙大山、时任市长甲小明")][:0]


@pytest.mark.parametrize(
    "text", ["乙小红、甲小明", "乙小红和甲小明", "市长乙小红、市委书记甲小明", "丙大山同志，甲小明"]
)
def test_leaders_out_of_order_are_asked(text):
    assert [code for code, _ in found(f"{text}出席。")] == ["leader_order"]


def test_leaders_in_different_sentences_have_no_order():
    assert found("乙小红主持会议。甲小明讲话。") == []


def test_the_table_an_agency_keeps():
    rows = [
        {"类别": "领导", "词": "甲小明", "职务": "市委书记", "处理": "", "说明": ""},
        {"类别": "领导", "词": "乙小红", "职务": "市委副书记、市长", "处理": "", "说明": ""},
        {"类别": "", "词": "", "职务": "", "处理": "", "说明": ""},
        {"类别": "负面清单", "词": "青禾专班", "职务": "", "处理": "不得公开", "说明": "改为有关部门。"},
    ]
    kept = lexicon_of(rows)
    assert [(f.code, f.severity, f.sentence) for f in scan("青禾专班", lexicon=kept)] == [
        ("negative_list", "block", "改为有关部门。")
    ]
    assert [f.code for f in scan("乙小红、甲小明", lexicon=kept)] == ["leader_order"]
    assert lexicon_of(rows).digest == kept.digest
    assert lexicon_of(rows[:2]).digest != kept.digest
    assert lexicon_of([rows[1], rows[0]]).digest != lexicon_of(rows[:2]).digest


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"类别": "领导", "词": ""}, "第2行没有写“词”，请补上或者删去这一行。"),
        ({"类别": "名人", "词": "甲"}, "第2行的“类别”应当是负面清单、领导或者遮盖，现在写的是“名人”。"),
        (
            {"类别": "遮盖", "词": "手机号码", "处理": "全部"},
            "第2行是“遮盖”的，“词”应当是身份证号码、护照通行证号码、个体工商户代码、手机号码、银行卡号、社保卡和一卡通账号之一，"
            "“处理”写成前几后几，例如前3后4。",
        ),
        (
            {"类别": "负面清单", "词": "甲", "处理": "删"},
            "第2行的“处理”应当是不得公开、须核对、提示，现在写的是“删”。",
        ),
    ],
)
def test_a_row_that_means_nothing_is_refused(row, sentence):
    with pytest.raises(BadList) as refused:
        lexicon_of([row])
    assert str(refused.value) == sentence


def test_masked_forms_are_those_the_agency_wants():
    kept = lexicon_of(
        [{"类别": "遮盖", "词": "身份证号码", "处理": "前2后3"}, {"类别": "遮盖", "词": "手机号码", "处理": "前0后0"}]
    )
    text = "身份证330106 19900307 1236，手机13812340000，卡号6222021234567890128"
    assert [f.suggestion for f in scan(text, lexicon=kept)] == [
        "33*************236",
        "***********",
        "***************0128",
    ]
    column = "身份证号\n" + "330106199003071236\n" * 3
    (finding,) = scan(column, lexicon=kept)
    assert [place.suggestion for place in finding.places] == ["33*************236"] * 3


def test_the_sample_of_the_howto_is_a_list_that_works():
    page = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "keep-word-lists.md").read_text(encoding="utf-8")
    rows = csv.DictReader(re.findall(r"```csv\n(.*?)```", page, re.S)[0].splitlines())
    kept = lexicon_of(rows)
    text = "市长甲小明、乙小红，青禾专班，会议原始记录，13812340000"
    assert [(f.code, f.severity, f.suggestion) for f in scan(text, lexicon=kept)] == [
        ("leader_title", "confirm", ""),
        ("negative_list", "block", ""),
        ("negative_list", "confirm", ""),
        ("mobile", "confirm", "138******00"),
    ]
