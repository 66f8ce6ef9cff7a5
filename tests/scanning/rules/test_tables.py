"""Columns known by their heads, in every way cells are parted; a column is one finding with its rows."""

import pytest

from gongkai.scanning.rules import scan
from gongkai.scanning.rules.prepared import Prepared
from gongkai.scanning.rules.tables import TRIGGERS, head_kind

GOOD = ("330106199003071236", "33010619851215000X", "330106198512150018")
LATER = "330106199003071236"


def columns(text: str) -> list[tuple[str, int, list[str]]]:
    return [(c.kind, c.table, [text[a:b] for a, b in c.cells]) for c in Prepared(text, TRIGGERS).columns]


def found(text: str) -> list[tuple[str, str, list[str]]]:
    return [(f.code, f.severity, [text[p.start : p.end] for p in f.places]) for f in scan(text)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("身份证号", "identity"),
        ("居民身份证号码（18位）", "identity"),
        ("证件号", "identity"),
        ("一卡通账号", "account"),
        ("开户银行账号", "account"),
        ("社保卡号", "account"),
        ("姓　名", "name"),
        ("户主姓名", "name"),
        ("家庭住址", "address"),
        ("微信", "wechat"),
        ("QQ号", "qq"),
        ("残疾等级", "fact"),
        ("致贫原因", "fact"),
        ("项目名称", ""),
        ("开户行", ""),
        ("金额", ""),
        ("联系电话", ""),
    ],
)
def test_what_a_head_names(head, kind):
    assert head_kind(head) == kind


@pytest.mark.parametrize("divider", ["\t", ",", "|", "  "])
def test_cells_are_parted_in_many_ways(divider):
    rows = [("序号", "姓名", "身份证号"), ("1", "王建国", "x1"), ("2", "李秀英", "x2")]
    text = "青禾市补贴发放表\n" + "\n".join(divider.join(row) for row in rows)
    assert columns(text) == [("name", 0, ["王建国", "李秀英"]), ("identity", 0, ["x1", "x2"])]


def test_quoted_cells_of_a_csv():
    text = '姓名,住址,身份证号\r\n王建国,"柳河路1号,2幢","x1"\r\n李秀英,"他说""好""",x2\r\n'
    assert columns(text) == [
        ("name", 0, ["王建国", "李秀英"]),
        ("address", 0, ["柳河路1号,2幢", '他说""好']),
        ("identity", 0, ["x1", "x2"]),
    ]


def test_a_column_of_one_cell_a_line():
    assert columns("身份证号\nx1\nx2\n") == [("identity", 0, ["x1", "x2"])]


def test_a_second_row_of_heads_begins_a_table_of_its_own():
    text = "姓名\t补助\n\t身份证号\n王建国\tx1\n"
    assert columns(text) == [("identity", 1, ["x1"])]


def test_a_table_ends_where_rows_end():
    text = "姓名\t金额\n王建国\t1\n" + "正文的一行。\n" * 5 + "李秀英\t2\n"
    assert columns(text) == [("name", 0, ["王建国"])]


@pytest.mark.parametrize(
    "text",
    ["申请人姓名，身份证号。\n王建国\n", "请填写姓名、身份证号\n王建国\n", "凭身份证2份 到窗口 领取\n甲 乙 丙\n"],
)
def test_running_text_is_no_row_of_heads(text):
    assert columns(text) == []


def test_a_column_of_identity_numbers_is_one_finding_with_its_rows():
    text = "编号\t证号\n" + "".join(f"{n}\t{number}\n" for n, number in enumerate(GOOD))
    assert found(text) == [("id_card", "block", list(GOOD))]
    (finding,) = scan(text)
    assert (finding.text, finding.suggestion) == (GOOD[0], "3301**********1236")
    assert [place.suggestion for place in finding.more] == ["3301**********000X", "3301**********0018"]


def test_two_columns_are_two_findings():
    text = "".join(f"{GOOD[n]}\t{LATER}\n" for n in range(3))
    assert found(text) == [("id_card", "block", list(GOOD)), ("id_card", "block", [LATER] * 3)]


def test_two_rows_are_no_column():
    text = "".join(f"{n}\t{number}\n" for n, number in enumerate(GOOD[:2]))
    assert [places for _, _, places in found(text)] == [[GOOD[0]], [GOOD[1]]]


def test_numbers_in_the_lines_of_running_text_are_no_column():
    text = "".join(f"身份证号{number}。\n" for number in GOOD)
    assert len(found(text)) == 3


def test_rows_far_apart_without_a_head_are_columns_of_their_own():
    rows = "".join(f"{n}\t{number}\n" for n, number in enumerate(GOOD))
    assert len(found(rows + "一行\n" * 30 + rows)) == 2


def test_under_one_head_all_rows_belong_together():
    filler = "甲\t见附件\n" * 30
    text = "姓名\t身份证号\n" + "".join(f"甲\t{number}\n" + filler for number in GOOD)
    assert ("id_card", "block", list(GOOD)) in found(text)


def test_wrong_and_right_numbers_of_a_column_are_both_asked():
    wrong = "330106199003071230", "330106198512150001"
    text = "姓名\t身份证号\n" + "".join(f"甲\t{number}\n" for number in (*GOOD, *wrong))
    assert found(text) == [("id_card", "block", list(GOOD)), ("identity_column", "confirm", list(wrong))]


def test_home_addresses_in_a_column():
    text = "姓名\t家庭住址\n甲\t长宁路88号\n乙\t柳河镇大河村12号\n丙\t柳河镇\n"
    assert found(text) == [
        ("home_address", "confirm", ["长宁路88号"]),
        ("home_address", "confirm", ["柳河镇大河村12号"]),
    ]


def test_a_file_name_is_a_heading_too():
    text = "姓名\t金额\n王建国\t1\n李秀英\t2\n张建军\t3\n"
    assert [f.code for f in scan(text)] == ["name_list"]
    assert [f.code for f in scan(text, heading="精神残疾低保花名册.xlsx")] == ["sensitive_list"]
