"""Secrecy marks block, what looks like one is asked, running text is left alone."""

import pytest

from gongkai.scanning.rules import carries_secrecy_mark, scan


def codes(text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.text) for finding in scan(text)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("机密★10年", "机密★10年"),
        ("秘密★长期", "秘密★长期"),
        ("秘密★", "秘密★"),
        ("绝密★2046年12月31日前", "绝密★2046年12月31日前"),
        ("绝　密　★　长　期", "绝　密　★　长　期"),
        ("机 密 ★ 一 年", "机 密 ★ 一"),
        ("机\u200b密★６个月", "机\u200b密★６个月"),
        ("文件号001机密★20年附件", "机密★20年"),
        ("国家秘密★10年", "秘密★10年"),
        ("机密\n★10年", "机密\n★10年"),
        ("秘密★启用前", "秘密★启用前"),
    ],
)
def test_star_form_blocks_with_its_term(text, mark):
    found = carries_secrecy_mark(f"前文。\n{text}\n后文")
    assert found is not None
    assert (found.severity, found.code) == ("block", "secrecy_mark")
    assert found.text.startswith(mark.removesuffix(" 一"))


@pytest.mark.parametrize(
    "head",
    [
        "机密\n关于",
        "\n\n　秘　密\n关于",
        "000123\n绝密\n特急\n关于",
        "机密  特急\n关于",
        "【秘密】\n关于",
        "密级：机密\n关于",
        "000123 机密 加急\n关",
    ],
)
def test_level_alone_at_the_head_of_a_document_blocks(head):
    assert carries_secrecy_mark(head) is not None


def test_level_alone_at_the_head_of_a_later_page_blocks():
    text = "青禾市公告\n正文。\n" * 20 + "\f秘密\n附表"
    found = carries_secrecy_mark(text)
    assert found is not None and text[found.start - 1] == "\f"


def test_level_alone_further_down_is_asked_and_not_blocked():
    text = "一\n二\n三\n四\n五\n六\n七\n秘密\n八\n机密\n"
    assert carries_secrecy_mark(text) is None
    (finding,) = scan(text)
    assert (finding.code, finding.severity) == ("secrecy_word", "confirm")
    assert [text[place.start : place.end] for place in finding.places] == ["秘密", "机密"]


@pytest.mark.parametrize(
    "text",
    [
        "机关、单位应当保守国家秘密。",
        "商业秘密、个人隐私和工作秘密以外的信息",
        "国家秘密★商业秘密★个人隐私",
        "绝密级国家秘密载体应当由专人管理",
        "秘密投票选举产生",
        "机密性评估等级为三级",
    ],
)
def test_running_text_is_no_mark(text):
    assert carries_secrecy_mark(text) is None
    assert "secrecy" not in {finding.family for finding in scan(text)}


@pytest.mark.parametrize("text", ["秘密☆10年", "关于某事的函（机密）", "附件：密级：绝密", "秘密*5年"])
def test_what_looks_like_a_mark_is_asked(text):
    assert [code for code, _ in codes("标题行文字\n" * 8 + "见" + text)] == ["secrecy_word"]


def test_a_mark_has_no_machine_made_replacement():
    assert [finding.suggestion for finding in scan("机密★10年\n关于")] == [""]


def test_quick_check_finds_what_the_full_scan_finds():
    for text in ("机密★10年", "国家秘密", "\f绝密", "a" * 5_000 + "秘密★3年", ""):
        blocked = [finding for finding in scan(text) if finding.code == "secrecy_mark"]
        assert carries_secrecy_mark(text) == (blocked[0] if blocked else None)
