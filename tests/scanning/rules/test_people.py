"""Sensitive facts and addresses concern somebody only beside a name or a home."""

import pytest

from gongkai.scanning.rules import scan


def found(text: str) -> list[tuple[str, str, str]]:
    return [(f.code, f.text, f.suggestion) for f in scan(text)]


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("患儿张乐乐，3岁，柳河镇人", "minor", "患儿张某某"),
        ("李小红，女，8岁", "minor", "李某某，女，8岁"),
        ("李小红，女，八周岁", "minor", "李某某，女，八周岁"),
        ("患者：欧阳建国，确诊肺结核", "illness", "欧阳某某，确诊"),
        ("户主李志强，残疾等级二级", "disability", "李某某，残疾"),
        ("低保户：李秀英", "need", "低保户：李某某"),
        ("张建军，男，宗教信仰佛教", "religion", "张某某，男，宗教信仰"),
        ("受害人王建国，五十岁", "status", "受害人王某某"),
    ],
)
def test_a_fact_beside_a_name_is_asked_and_the_name_hidden(text, code, suggestion):
    assert (code, suggestion) in [(c, s) for c, _, s in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "全市共有残疾人三万人，其中低保对象占四成。",
        "对患有高血压、糖尿病的居民开展健康管理。",
        "年满六周岁的儿童应当接受义务教育。",
        "中小学生和幼儿园儿童的身体健康",
        "学生毕业后可以申请落户。",
        "王建国同志主持会议。会议研究了大病保险工作。",
        "保障被害人、举报人的合法权益。",
        "查阅、复制幼儿园的有关资料",
    ],
)
def test_the_words_alone_are_nothing(text):
    assert found(text) == []


def test_fourteen_is_not_under_fourteen():
    assert [code for code, _, _ in found("李小红，女，14岁")] == ["person_name"]
    assert [code for code, _, _ in found("李小红，女，13岁")] == ["person_name", "minor"]


def test_a_table_row_joins_name_and_fact_and_rows_do_not_mix():
    text = "姓名\t残疾类别\n王建国\t无\n李秀英\t肢体二级\n"
    assert found(text) == [("disability", "李秀英\t肢体", "李某某\t肢体")]


def test_cells_on_lines_of_their_own_are_a_row_too():
    assert [code for code, _, _ in found("姓名\n残疾类别\n李秀英\n肢体二级\n")] == ["disability"]


def test_a_list_under_a_sensitive_heading_is_one_finding_with_all_names():
    names = ["王建国", "李秀英", "张建军", "刘志强"]
    text = "青禾市特困人员救助名单\n序号\t姓名\t金额\n" + "".join(
        f"{n}\t{name}\t600\n" for n, name in enumerate(names, 1)
    )
    (finding,) = [f for f in scan(text) if f.code == "sensitive_list"]
    assert [text[place.start : place.end] for place in finding.places] == names
    assert {f.code for f in scan(text)} == {"sensitive_list"}


def test_a_list_under_an_ordinary_heading_is_a_roll_and_not_sensitive():
    assert [code for code, _, _ in found("青禾市优秀教师名单\n姓名\n王建国\n李秀英\n张建军\n")] == ["name_list"]


@pytest.mark.parametrize(
    ("text", "address", "suggestion"),
    [
        ("家住青禾街道柳河路12号3幢2单元501室。", "青禾街道柳河路12号3幢2单元501室", "青禾街道***"),
        ("王某：阳光花园5幢2单元301", "阳光花园5幢2单元301", "阳光花园***"),
        ("户籍地柳河镇大河村3组15号", "柳河镇大河村3组15号", "柳河镇***"),
        ("住址：长宁路88号", "长宁路88号", "长宁路***"),
    ],
)
def test_home_addresses_below_the_street(text, address, suggestion):
    assert found(text) == [("home_address", address, suggestion)]


@pytest.mark.parametrize(
    "text", ["柳河路全线通车", "柳河路12号地块出让", "在小区设3个单元门", "三楼会议室", "大河村第3组村民"]
)
def test_places_without_a_home_are_nothing(text):
    assert found(text) == []


def test_an_office_address_is_a_note():
    assert [f.severity for f in scan("报名地点：青禾市柳河路12号2幢301室")] == ["note"]
