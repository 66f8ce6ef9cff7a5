"""Old telephone numbers and addresses are found however they are written, and new ones are not taken for them."""

import pytest

from gongkai.chinese.contacts import former
from gongkai.chinese.titles import plain_title

OLD = "（0000）8812 0101"


def numbers(old: list[str], now: list[str], text: str) -> list[str]:
    return former(numbers=old, numbers_now=now, addresses=[], addresses_now=[]).found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "电话：88120101。", "电话：8812 0101", "电话：8812-0101", "（0000）88120101", "0000-88120101", "0000—8812 0101",
        "咨询电话００００－８８１２０１０１", "电话000088120101转8002", "88120101、88120102",
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(text):
    assert numbers([OLD], ["0000-88120199"], text) == [OLD]


@pytest.mark.parametrize(
    "text", ["电话：88120199", "188120101", "881201012", "0001-88120101", "(0001)88120101", "8812"]
)
def test_another_number_is_not_taken_for_it(text):
    assert numbers([OLD], [], text) == []


def test_without_an_area_the_number_is_found_with_any():
    assert numbers(["88120101"], [], "0512-88120101") == ["88120101"]


@pytest.mark.parametrize("now", [["88120101"], ["0000-8812 0101"], ["（0000）88120101、88120102"]])
def test_what_is_in_force_in_another_form_is_not_old(now):
    assert numbers([OLD], now, "电话：88120101") == []
    assert not former(numbers=[OLD], numbers_now=now, addresses=[], addresses_now=[])


def test_a_cell_with_several_numbers_is_looked_for_each():
    cell = "88120101、88120102转8"
    assert numbers([cell], ["88120102"], "电话 88120101") == [cell]
    assert numbers([cell], ["88120102"], "电话 88120102") == []


def test_a_mobile_number():
    assert numbers(["13800138000"], [], "手机 138 0013 8000") == ["13800138000"]


def test_an_address_is_found_and_what_contains_it_today_is_not():
    old, now = "青禾市文渊路8号", "青禾市文渊路8号政务中心3楼"
    found = former(numbers=[], numbers_now=[], addresses=[old, "短"], addresses_now=[now])
    assert found.addresses == (old,)
    assert found.found_in("地址：青禾市 文渊路８号。") == [old]
    assert found.found_in(f"地址：{now}。") == []
    assert found.found_in(f"原地址{old}，现地址{now}。") == [old]
    assert former(numbers=[], numbers_now=[], addresses=[old], addresses_now=["青禾市文渊路 8 号"]).addresses == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("关于《青禾市办法》的通知", "关于「青禾市办法」的 通知", True),
        ("２０２６年公示（第Ａ批）", "2026年公示(第a批)", True),
        ("2026年8月公示", "2026年9月公示", False),
    ],
)
def test_titles_that_are_the_same(one, other, same):
    assert (plain_title(one) == plain_title(other)) is same
