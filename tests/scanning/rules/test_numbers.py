"""Structured numbers: check digits against an independent library, written forms, exact offsets, masked ones pass."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from gongkai.scanning.rules import mask, scan
from gongkai.scanning.rules.checks import id_check_character, passes_luhn, valid_id, valid_uscc
from gongkai.scanning.rules.runs import SEPARATORS

ID = "330106199003071236"
ID_X = "33010619851215000X"
MOBILE = "13812340000"
CARD = "6222021234567890128"
WIDE = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}


def found(text: str, code: str) -> list[str]:
    return [finding.text for finding in scan(text) if finding.code == code]


@st.composite
def identity_numbers(draw) -> str:
    region = draw(st.sampled_from(["110101", "330106", "440305", "510104", "650102", "810000", "830000"]))
    birth = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1)))
    first = f"{region}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + id_check_character(first)


mobiles = st.builds(
    lambda head, tail: f"{head}{tail:08}",
    st.sampled_from([130, 135, 138, 147, 150, 159, 166, 170, 178, 180, 189, 191, 195, 198, 199]),
    st.integers(0, 10**8 - 1),
)
# Text without digits, so that a planted number is the only one; tabs, line ends and invisible characters included.
quiet = st.text(st.characters(exclude_categories=("Cs", "Nd", "Nl", "No"), exclude_characters="XxＸｘ"), max_size=60)
noisy = st.text("0123456789０１９ \n\t-Xx年月日号★密＊*.,", max_size=40)


@given(identity_numbers())
def test_check_characters_agree_with_an_independent_library(number):
    assert number[17] == ric.calc_check_digit(number)
    assert valid_id(number)


@given(st.from_regex(r"\A[0-9]{1,22}\Z"))
def test_luhn_agrees_with_an_independent_library(digits):
    assert passes_luhn(digits) == luhn.is_valid(digits)


@given(st.from_regex(r"\A9[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}\Z"))
def test_credit_codes_agree_with_an_independent_library(first):
    code = first + uscc.calc_check_digit(first)
    assert valid_uscc(code)
    assert not valid_uscc(first + ("0" if code[17] != "0" else "1"))


@given(quiet, identity_numbers(), quiet)
def test_a_planted_identity_number_is_found_exactly(before, number, after):
    text = before + number + after
    assert [(f.start, f.end, f.severity) for f in scan(text) if f.code == "id_card"] == [
        (len(before), len(before) + 18, "block")
    ]


@given(noisy, identity_numbers(), noisy)
def test_a_planted_identity_number_among_other_digits_is_found(before, number, after):
    text = before + number + after
    assert any(f.start < len(before) + 18 and f.end > len(before) for f in scan(text) if f.code == "id_card")


@given(
    quiet, identity_numbers(), quiet, st.lists(st.text(SEPARATORS, max_size=4), min_size=17, max_size=17), st.booleans()
)
def test_any_separators_and_full_width_digits_inside_are_seen_through(before, number, after, gaps, wide):
    shown = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    text = before + (shown.translate(WIDE) if wide else shown) + after
    findings = [f for f in scan(text) if f.code == "id_card"]
    assert [(f.start, f.end) for f in findings] == [(len(before), len(before) + len(shown))]
    assert findings[0].suggestion == number[:4] + "**********" + number[14:]


@given(quiet, mobiles, quiet)
def test_a_planted_mobile_number_between_chinese_is_found_exactly(before, number, after):
    text = f"{before}机{number}，{after}"
    assert (len(before) + 1, len(before) + 12) in [(f.start, f.end) for f in scan(text) if f.code == "mobile"]


@given(st.text(max_size=200))
def test_scan_never_raises_and_offsets_are_true(text):
    for finding in scan(text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text


@given(
    st.text(
        "0123456789０１２３Xx★绝机秘密 \t\n\r\f-—@.村组号栋单元室姓名王李男女岁残疾年月\ud800\U0001f600", max_size=200
    )
)
def test_scan_never_raises_on_what_rules_look_for(text):
    findings = scan(text)
    assert [f.start for f in findings] == sorted(f.start for f in findings)
    for finding in findings:
        for place in finding.places:
            assert 0 <= place.start < place.end <= len(text)


@given(quiet, st.lists(st.tuples(identity_numbers(), quiet), max_size=4))
def test_after_masking_nothing_blocks(before, planted):
    text = before + "".join(f"号{number}，{gap}" for number, gap in planted)
    findings = [f for f in scan(text) if f.code == "id_card"]
    masked = mask(text, findings)
    assert not [f for f in scan(masked) if f.code == "id_card"]
    assert not any(number in masked for number, _ in planted)


@pytest.mark.parametrize(
    "text",
    [
        f"身份证号{ID}。",
        f"身份证号{ID.translate(WIDE)}。",
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        f"身份证{ID[:11]}\n{ID[11:]}",
        f"身份证{ID[:11]}\r\n{ID[11:]}",
        "1\t王某\t" + ID + "\t" + MOBILE,
        "王某\n" + ID + "\n" + MOBILE + "\n",
        ID + MOBILE,
        MOBILE + ID,
        "2024\t" + ID,
        "no." + ID + "abc",
    ],
)
def test_identity_card_in_every_written_form(text):
    findings = [f for f in scan(text) if f.code == "id_card"]
    assert [re.sub(r"\D", "", f.text.translate({n + 0xFEE0: n for n in range(0x30, 0x3A)})) for f in findings] == [ID]
    assert {f.severity for f in findings} == {"block"}


def test_a_check_letter_x_in_every_form():
    for text in (ID_X, ID_X.lower(), ID_X.translate(WIDE), ID_X[:17] + " X", ID_X[:17] + "Ⅹ"):
        (finding,) = [f for f in scan(f"号{text}，") if f.code == "id_card"]
        assert finding.text == text
        assert finding.suggestion == "3301**********000X"


def test_two_numbers_glued_in_one_run_are_two_findings():
    text = f"{ID}{MOBILE}"
    assert [(f.code, f.start, f.end) for f in scan(text)] == [("id_card", 0, 18), ("mobile", 18, 29)]


@pytest.mark.parametrize(
    "shown",
    ["13812340000", "138 1234 0000", "138-1234-0000", "138　1234　0000", "13812\n340000", "1 3 8 1 2 3 4 0 0 0 0"],
)
def test_mobile_in_every_written_form(shown):
    assert found(f"请与王某联系{shown}，谢谢", "mobile") == [shown]


@pytest.mark.parametrize("shown", ["8613812340000", "+86 13812340000", "+86-138-1234-0000", "008613812340000"])
def test_the_country_code_is_not_part_of_the_finding(shown):
    (finding,) = [f for f in scan(f"电话{shown}，") if f.code == "mobile"]
    assert finding.text.startswith("138") and finding.suggestion == "138****0000"


@pytest.mark.parametrize(
    "text",
    [
        "138****0000",
        "1381234xxxx",
        "138●●●●0000",
        "3301**********1236",
        "330106********1236",
        "330106XXXXXXXX1236",
        "3301＊＊＊＊＊＊＊＊＊＊1236",
        "************0128",
        "0571-8****567",
        "电话8123456*",
        "电话8123456＊",
        "z***@example.com",
        "浙A***45",
    ],
)
def test_masked_values_pass(text):
    assert scan(f"号码{text}。") == []


@pytest.mark.parametrize(
    "text",
    [
        "2023 2024 2025 13000 15000 18000",
        "1990\n1234567\n",
        "135 2024 1500 188 2023 1900",
        "共计13812340000元",
        "3.13812340000",
        "330106199013071236",
        "990106199003071236",
        "起止日期20240101—20241231",
        "ISBN 9787302511625",
        "2024年1月1日至2024年12月31日",
    ],
)
def test_figures_of_tables_and_dates_are_no_personal_numbers(text):
    assert [f for f in scan(text) if f.severity != "note"] == []


def test_fifteen_digits_block_only_where_a_word_names_them():
    (named,) = scan("身份证号330106900307123")
    (unnamed,) = scan("原编号330106900307123")
    assert (named.severity, unnamed.severity) == ("block", "confirm")


def test_a_wrong_check_digit_is_asked_beside_the_word():
    wrong = ID[:17] + "0"
    assert [(f.code, f.severity) for f in scan(f"身份证号：{wrong}")] == [("id_card_unchecked", "confirm")]
    assert scan(f"合同编号：{wrong}") == []


def test_bank_card_by_luhn_and_issuer():
    assert found(f"卡号{CARD}", "bank_card") == [CARD]
    assert found("卡号6222 0212 3456 7890 128", "bank_card") == ["6222 0212 3456 7890 128"]
    assert found(f"卡号{CARD[:-1]}7", "bank_card") == []
    assert found("流水1234567890123452", "bank_card") == []


def test_office_telephones_are_one_note_and_homes_are_asked():
    text = "咨询电话：0571-81230001、0571-81230002。\n家庭电话：0571-81230003。"
    assert [(f.severity, f.text, len(f.places)) for f in scan(text)] == [
        ("note", "0571-81230001", 2),
        ("confirm", "0571-81230003", 1),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n138\t1234\t0000\n", "mobile"),
        ("\n1381234\t0000\t\n", "mobile"),
        ("\n138\t12340000\n", "mobile"),
        ("\n622202\t1234567890129\n", ""),
        (f"\n{CARD[:6]}\t{CARD[6:]}\n", "bank_card"),
        (f"\n{CARD[:4]}\t{CARD[4:8]}\t{CARD[8:12]}\t{CARD[12:16]}\t{CARD[16:]}\n", "bank_card"),
        (f"\n{ID[:6]}\t{ID[6:14]}\t{ID[14:]}\n", "id_card"),
        (f"\n{ID[:3]}\t{ID[3:]}\n", "id_card"),
        ("\n135\t20240101\n", ""),
        ("\n1381234\t2024\n", ""),
        ("\n9\t138\t1234\t0000\n", ""),
        ("\n138\t1234\t0000\t15\n", ""),
        ("甲\n1381234\n0000\n乙", ""),
        ("甲\n138\n1234\n0000\n乙", ""),
    ],
)
def test_numbers_over_the_cells_of_a_row(text, code):
    assert [f.code for f in scan(text) if f.severity != "note"] == ([code] if code else [])


@pytest.mark.parametrize(
    "shown",
    ["138 1234\n0000", "138\n 1234 0000", "138-\n1234-0000", "138\n1234\n0000", "13812\f340000", "138 12\n34 0000", "138-1234-\n0000", "1381234\v0000", f"{CARD[:4]} {CARD[4:8]}\n{CARD[8:12]} {CARD[12:16]} {CARD[16:]}",
     f"{CARD[:4]} {CARD[4:8]} {CARD[8:10]}\n{CARD[10:12]} {CARD[12:16]} {CARD[16:]}"],
)  # fmt: skip
def test_a_spaced_number_that_runs_into_the_next_line(shown):
    assert [f.text for f in scan(f"请与王某联系，{shown}，谢谢")] == [shown]


def test_an_account_in_groups_and_a_residence_permit_of_three_letters():
    assert found("一卡通账号 8101 0120 0001 2345，", "benefit_account") == ["8101 0120 0001 2345"]
    assert found("永久居留身份证CHN310090010112，", "travel_document") == ["CHN310090010112"]


def test_codes_of_organisations_and_of_sole_traders_are_answered_apart():
    text = "甲公司91330106MA2GABCD7W，乙单位11330106MA2GABCD75，柳河超市92330106MA2GABCD7R"
    assert [(f.code, f.severity, [text[p.start : p.end] for p in f.places]) for f in scan(text)] == [
        ("credit_code", "note", ["91330106MA2GABCD7W", "11330106MA2GABCD75"]),
        ("sole_trader_code", "confirm", ["92330106MA2GABCD7R"]),
    ]
