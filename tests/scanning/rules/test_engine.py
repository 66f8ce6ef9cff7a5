"""Table of rules, merging, masking, lexicon, version."""

import dataclasses

import pytest

from gongkai.scanning.rules import RULES, RULES_VERSION, Finding, Lexicon, Place, Span, Word, _version, mask, scan
from gongkai.scanning.rules.engine import merge, unique
from gongkai.scanning.rules.prepared import Prepared
from gongkai.scanning.rules.words import Words


def finding(start, end, severity="confirm", family="contact", code="mobile", more=()):
    return Finding(
        code, family, severity, start, end, "", "手机号码", "《个人信息保护法》第二十五条", "请遮盖。", "*", more
    )


def test_a_code_used_twice_is_refused():
    with pytest.raises(ValueError, match="扫描规则代码重复：mobile"):
        unique((*RULES, next(rule for rule in RULES if rule.code == "mobile")))


def test_findings_come_in_order_of_place():
    text = "电话13812340000，身份证330106199003071236，邮箱li@example.com"
    assert [f.code for f in scan(text)] == ["mobile", "id_card", "email"]


def test_of_overlapping_findings_of_a_family_the_gravest_stays():
    assert merge([finding(0, 20), finding(5, 10, "block"), finding(30, 31)]) == [
        finding(5, 10, "block"),
        finding(30, 31),
    ]


def test_of_equally_grave_ones_the_longest_stays():
    assert merge([finding(3, 9), finding(0, 8), finding(8, 12)]) == [finding(0, 8), finding(8, 12)]


def test_families_do_not_swallow_each_other():
    both = [finding(0, 8), finding(0, 8, family="address", code="home_address")]
    assert merge(both) == sorted(both, key=lambda f: f.code)


def test_a_list_swallows_single_findings_at_its_places_unless_graver():
    roll = finding(0, 3, more=(Place(10, 13), Place(20, 23)))
    assert merge([roll, finding(9, 14), finding(14, 18), finding(21, 22, "block")]) == [
        roll,
        finding(14, 18),
        finding(21, 22, "block"),
    ]


def test_mask_puts_suggestions_in_place_and_leaves_the_rest():
    text = "机密★10年\n手机13812340000，身份证330106199003071236。"
    assert mask(text, scan(text)) == "机密★10年\n手机138****0000，身份证3301**********1236。"


def test_mask_reaches_every_place_of_a_collapsed_finding():
    text = "孤儿救助名单\n王小明\n李小红\n张乐乐\n"
    assert mask(text, scan(text)) == "孤儿救助名单\n王某某\n李某某\n张某某\n"


def test_mask_applies_the_first_of_overlapping_findings_once():
    assert mask("0123456789", [finding(2, 6), finding(4, 8, family="address")]) == "01*6789"


def test_lexicon_adds_an_agencys_own_words():
    words = Lexicon(
        [
            Word("青禾专班", "own_words", "confirm", "自定义词", "", "请核对。"),
            Word("专班", "own_words", "note", "自定义词", "", ""),
        ]
    )
    assert [(f.code, f.text, f.start) for f in scan("由青禾专班负责", lexicon=words)] == [("own_words", "青禾专班", 1)]
    assert scan("由青禾办公室负责", lexicon=words) == []


def test_words_are_found_at_character_offsets_beyond_the_basic_plane():
    text = "😀𠮷abc秘书秘书长"
    words = Words(["秘书", "秘书长", "abc"])
    assert [(words.words[n], text[at : at + len(words.words[n])]) for n, at in words.occurrences(text)] == [
        ("abc", "abc"),
        ("秘书", "秘书"),
        ("秘书", "秘书"),
        ("秘书长", "秘书长"),
    ]


def test_an_empty_word_is_refused():
    with pytest.raises(ValueError, match="空词"):
        Words(["甲", ""])


def test_a_word_that_was_not_declared_is_refused_instead_of_never_found():
    with pytest.raises(ValueError, match="未列入规则的触发词"):
        Prepared("文本", ("甲",)).places(["乙"])


def test_a_smaller_set_of_rules_can_be_asked():
    only = [rule for rule in RULES if rule.code == "mobile"]
    assert [f.code for f in scan("13812340000，330106199003071236", rules=only)] == ["mobile"]


def test_the_version_changes_with_the_table():
    assert _version(RULES) == RULES_VERSION
    assert _version(RULES[1:]) != RULES_VERSION
    assert _version((dataclasses.replace(RULES[0], severity="note"), *RULES[1:])) != RULES_VERSION


def test_collapsed_places_keep_their_own_suggestions():
    (span,) = Span.collapsed([Place(0, 1, "a"), Place(2, 3, "b")], "note")
    assert span == Span(0, 1, "a", "note", (Place(2, 3, "b"),))
    assert Span.collapsed([]) == []
