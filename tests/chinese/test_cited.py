"""Documents named in a text, in every way they are written."""

from __future__ import annotations

import random

import pytest

from gongkai.chinese.cited import about_ending, cited, excerpt, is_number_of, number_key, tail_of, title_key


def named(text: str) -> list[tuple[str, str]]:
    return [(each.title, each.number) for each in cited(text)]


@pytest.mark.parametrize(
    "written",
    ["青政办发〔2020〕12号", "青政办发[2020]12号", "青政办发【２０２０】第０12号", "青政办发（2020）12 号", "青政办发﹝2020﹞12号",
     "青政办发 〔 2020 〕 12 号", "青政办发［2020］012号"],
)  # fmt: skip
def test_a_number_is_one_however_its_brackets_are(written):
    assert named(f"按照{written}文件要求。") == [("", "青政办发〔2020〕12号")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("中华人民共和国国务院令第711号", "国务院令第711号"),
        ("国务院令第四百九十二号公布", "国务院令第四百九十二号"),
        ("根据2018年10月6日青禾市人民政府令第4号修正", "青禾市人民政府令第4号"),
        ("2014年8月4日日政办发〔2014〕7号", "日政办发〔2014〕7号"),
        ("见和政办发〔2020〕5号", "和政办发〔2020〕5号"),
    ],
)
def test_orders_and_numbers_behind_a_day(text, number):
    assert named(text) == [("", number)]


@pytest.mark.parametrize(
    "text", ["门牌12号", "热线12345号", "第3号楼", "〔2020〕12号", "公元〔20〕12号", "号", "1号", "青发〔2020〕号"]
)
def test_what_is_no_number(text):
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依据《青禾市临时救助办法》（青民发〔2020〕1号）执行", [("青禾市临时救助办法", "青民发〔2020〕1号")]),
        (
            "依据《青禾市临时救助办法》(2020年3月5日，青民发〔2020〕1号)执行",
            [("青禾市临时救助办法", "青民发〔2020〕1号")],
        ),
        ("依据《甲办法》（试行）和青民发〔2020〕1号", [("甲办法", ""), ("", "和青民发〔2020〕1号")]),
        ("《关于印发〈甲办法〉的通知》", [("关于印发〈甲办法〉的通知", "")]),
        ("《关于印发《甲办法》的通知》的解读", [("关于印发《甲办法》的通知", "")]),
        ("《青禾市\n临时救助办法》", [("青禾市临时救助办法", "")]),
        ("《甲》《乙办法》、《丙办法》", [("乙办法", ""), ("丙办法", "")]),
        ("《没有右边的书名号，后面《丁办法》", [("丁办法", "")]),
    ],
)
def test_titles_with_their_own_numbers(text, found):
    assert named(text) == found


def test_what_is_said_to_have_ended_is_marked():
    text = "《甲办法》（青民发〔2010〕3号）同时废止。《乙办法》继续执行；青民发〔2011〕4号适用期已满。"
    assert [each.ends for each in cited(text)] == [True, False, True]


def test_places_are_those_of_the_text():
    text = "　　根据《甲办法》（青民发〔2020〕1号）和青政发〔2021〕2号，制定。"
    assert [text[each.start : each.end] for each in cited(text)] == [
        "《甲办法》（青民发〔2020〕1号",
        "和青政发〔2021〕2号",
    ]
    assert excerpt(text, 4, 9) == "根据《甲办法》（青民发〔2020〕1号）和青政发〔2021〕2号，制定。"


@pytest.mark.parametrize(
    ("named_as", "document", "same"),
    [
        ("青民发〔2020〕1号", "青民发〔2020〕1号", True),
        ("请按照青民发〔2020〕1号", "青民发〔2020〕1号", True),
        ("市政府青民发〔2020〕1号", "青民发〔2020〕1号", True),
        ("和青民发〔2020〕1号", "青民发〔2020〕1号", True),
        ("大青民发〔2020〕1号", "青民发〔2020〕1号", False),
        ("民发〔2020〕1号", "青民发〔2020〕1号", False),
        ("青民发〔2020〕11号", "青民发〔2020〕1号", False),
    ],
)
def test_a_number_is_that_of_its_document_alone(named_as, document, same):
    assert is_number_of(named_as, document) is same


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("青禾市人民政府办公室关于印发《青禾市临时救助办法》的通知", "青禾市临时救助办法"),
        ("关于印发〈青禾市临时救助办法〉的通知", "青禾市临时救助办法"),
        ("青禾市民政局关于印发青禾市临时救助办法的通知", "青禾市临时救助办法"),
        ("青禾市临时救助办法", "青禾市临时救助办法"),
        ("青禾市民政局、青禾市财政局关于进一步做好临时救助的意见", "关于进一步做好临时救助的意见"),
        ("中华人民共和国政府信息公开条例（2019年修订）", "政府信息公开条例"),
        ("临时救助办法（试行）", "临时救助办法(试行)"),
        ("关于废止《甲办法》的决定", "关于废止甲办法的决定"),
    ],
)
def test_a_title_is_one_however_it_is_named(title, key):
    assert title_key(title) == key


def test_keys_and_tails():
    assert number_key("青民发 [2020] 第01号") == "青民发〔2020〕1号"
    assert (tail_of("青民发〔2020〕1号"), tail_of("国务院令第711号"), tail_of("")) == ("〔2020〕1号", "令第711号", "")


@pytest.mark.parametrize(
    ("title", "about"),
    [("关于废止部分规范性文件的决定", True), ("2026年规范性文件清理结果", True), ("关于公布继续有效文件目录的公告", True),
     ("青禾市临时救助办法", False), ("城市清理积雪办法", False)],
)  # fmt: skip
def test_texts_about_what_ended(title, about):
    assert about_ending(title) is about


def test_any_text_is_read_and_every_place_is_inside_it():
    rng = random.Random(11)
    pieces = "《》〈〉（）()[]〔〕〔2020〕号12令第日的。；\n青政办发民国务院0年 废止"
    for _ in range(3000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(60)))
        for each in cited(text):
            assert 0 <= each.start < each.end <= len(text)
            assert each.title or each.number
            assert title_key(each.title) is not None


def test_hostile_texts_are_read_to_the_end():
    for text in (
        "《" * 60_000,
        "《甲" * 30_000,
        "1号" * 60_000,
        "青" * 100_000 + "号",
        "《甲》（" * 20_000,
        "（2020）1号" * 20_000,
    ):
        assert isinstance(cited(text), list)
