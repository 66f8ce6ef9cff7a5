"""Organs, sections, people and posts from one table: every problem by line, and all or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.agencies.actions.import_tree import check_tree, import_tree
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.models import Organ, Person, Post, Section
from gongkai.agencies.tree_sheet import BadTable, TreeRow, read_date, read_tree
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT

HEAD = "类别,代码,名称,上级代码,性质,机构代码,工号,角色,任岗日期,离岗日期\n"
GOOD = (
    HEAD
    # a child before its parent: the order of rows does not matter
    + "机关,LH-JY,柳河县教育局,LH,部门,800000002,,,,\n"
    + "机关,LH,柳河县人民政府,,政府,800000001,,,,\n"
    + "科室,LH-JY-BG,办公室,LH-JY,,,,,,\n"
    + "岗位,,甲某,LH-JY-BG,,,9001,拟稿人,2026-01-05,\n"
    + "岗位,,甲某,LH-JY-BG,,,9001,保密审查,2026/2/1,2026年6月30日\n"
    + "岗位,,乙某,LH-JY-BG,,,9002,system_admin,2026-01-05,\n"
)
DIGEST = "d" * 64

pytestmark = pytest.mark.django_db


def organ(line: int, code: str, parent: str = "", **told: str) -> TreeRow:
    return TreeRow(line, "机关", code=code, name=f"{code}局", parent=parent, **told)


def post(line: int, number: str, role: str = "拟稿人", **told: str) -> TreeRow:
    plain = {"name": "甲某", "parent": "QH-MZ-JZ", "starts_on": "2026-01-01"}
    return TreeRow(line, "岗位", staff_number=number, role=role, **(plain | told))


def problems(*rows: TreeRow) -> list[str]:
    with pytest.raises(BadTable) as bad:
        check_tree(rows)
    return [str(problem) for problem in bad.value.problems]


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Organ, Section, Person, Post, Fact))


def test_a_good_table_is_written_whole_with_its_facts():
    plan = import_tree(read_tree(GOOD), source_digest=DIGEST, actor=SYSTEM, at=AT)
    assert ([r.code for r in plan.organs], len(plan.posts)) == (["LH", "LH-JY"], 3)
    child = Organ.objects.get(code="LH-JY")
    assert (child.parent.code, child.kind, child.org_code) == ("LH", "department", "800000002")
    held = Post.objects.order_by("pk").values_list(
        "person__staff_number", "section__code", "role", "starts_on", "ends_on"
    )
    assert list(held) == [
        ("9001", "LH-JY-BG", "drafter", date(2026, 1, 5), None),
        ("9001", "LH-JY-BG", "secrecy_reviewer", date(2026, 2, 1), date(2026, 6, 30)),
        ("9002", "LH-JY-BG", "system_admin", date(2026, 1, 5), None),
    ]
    assert not any(person.has_usable_password() for person in Person.objects.all())
    assert list(Fact.objects.order_by("id").values_list("kind", flat=True)) == [
        "agencies.imported", "organ.added", "organ.added", "section.added", "person.added", "person.added",
        "post.appointed", "post.appointed", "post.appointed",
    ]  # fmt: skip
    batch = Fact.objects.get(kind="agencies.imported")
    assert (batch.digest, batch.data) == (DIGEST, {"organs": 2, "sections": 1, "people": 2, "posts": 3})


def test_a_second_table_builds_on_what_is_registered():
    import_tree(read_tree(GOOD), source_digest=DIGEST, actor=SYSTEM, at=AT)
    more = HEAD + "科室,LH-JY-RS,人事科,LH-JY,,,,,,\n岗位,,甲某,LH-JY-RS,,,9001,科室初审,2026-03-01,\n"
    plan = import_tree(read_tree(more), source_digest=DIGEST, actor=SYSTEM, at=AT)
    assert (plan.people, len(plan.posts), Person.objects.count(), Post.objects.count()) == ({}, 1, 2, 4)


def test_the_same_table_twice_is_refused_whole():
    import_tree(read_tree(GOOD), source_digest=DIGEST, actor=SYSTEM, at=AT)
    before = counts()
    with pytest.raises(BadTable) as bad:
        import_tree(read_tree(GOOD), source_digest=DIGEST, actor=SYSTEM, at=AT)
    assert [str(p) for p in bad.value.problems] == [
        "第 2 行：代码 LH-JY 已经登记过，文件里只写新增的。",
        "第 2 行：机构代码 800000002 已由 LH-JY 使用，索引号会混淆。",
        "第 3 行：代码 LH 已经登记过，文件里只写新增的。",
        "第 3 行：机构代码 800000001 已由 LH 使用，索引号会混淆。",
        "第 4 行：代码 LH-JY-BG 已经登记过，文件里只写新增的。",
        "第 5 行：工号 9001 在 LH-JY-BG 已任拟稿人，不必重复。",
        "第 6 行：工号 9001 在 LH-JY-BG 已任保密审查，不必重复。",
        "第 7 行：工号 9002 在 LH-JY-BG 已任系统管理员，不必重复。",
    ]
    assert counts() == before


def test_organs_unknown_parent_cycle_and_double_code():
    assert problems(
        organ(2, "A", "B"), organ(3, "B", "C"), organ(4, "C", "A"), organ(5, "D", "NOWHERE"), organ(6, "E"),
        organ(7, "E"), organ(8, "坏 代码"), TreeRow(9, "机关", code="F"), organ(10, "G", organ_kind="公司"),
        organ(11, "H", "H"), organ(12, "I", org_code="1"), organ(13, "J", org_code="1"),
    ) == [
        "第 2 行：上下级绕成了圈：A、B、C。",
        "第 5 行：上级代码 NOWHERE 没有登记，文件里也没有。",
        "第 7 行：代码 E 与第 6 行重复。",
        "第 8 行：代码“坏 代码”不合规则：应为字母、数字、短横线，最长 40 个字符。",
        "第 9 行：没有写机关名称。",
        "第 10 行：性质应当是政府、部门、乡镇、街道、其他之一，现在是“公司”。",
        "第 11 行：上下级绕成了圈：H。",
        "第 13 行：机构代码 1 已由 I 使用，索引号会混淆。",
    ]  # fmt: skip


def test_sections_need_their_organ():
    assert problems(
        organ(2, "A"),
        TreeRow(3, "科室", code="A-1", name="办公室"),
        TreeRow(4, "科室", code="A-2", name="", parent="B"),
        TreeRow(5, "科室", code="A-2", name="人事科", parent="A"),
        TreeRow(6, "处室", code="A-3", name="人事科", parent="A", phone="0" * 61),
    ) == [
        "第 3 行：没有写上级代码：科室应当写明属于哪个机关。",
        "第 4 行：没有写科室名称。",
        "第 4 行：上级代码 B 没有登记，文件里也没有。",
        "第 5 行：代码 A-2 与第 4 行重复。",
        "第 6 行：类别应当是机关、科室、岗位之一，现在是“处室”。",
        "第 6 行：电话最长 60 字，请精简。",
    ]


def test_posts_people_roles_and_dates(town):
    assert problems(
        post(2, "N1"),
        post(3, "N1", name="乙某"),
        post(4, "T001", name="不是测试01"),
        post(5, "N2", "秘书"),
        post(6, "N3", starts_on="2026-13-01"),
        post(7, "N4", starts_on="2026-05-01", ends_on="2026-04-30"),
        post(8, "N5", ends_on="尚在"),
        post(9, "", role=""),
        post(10, "N6", parent=""),
        post(11, "N7", parent="NOWHERE"),
    ) == [
        "第 3 行：工号 N1 与第 2 行重复，而姓名不同。",
        "第 3 行：工号 N1 在 QH-MZ-JZ 已任拟稿人，不必重复。",
        "第 4 行：工号 T001 已登记为另一人，姓名与“不是测试01”不同。",
        "第 4 行：工号 T001 在 QH-MZ-JZ 已任拟稿人，不必重复。",
        "第 5 行：没有“秘书”这个角色，应当是：拟稿人、科室初审、合规审核、保密审查、机关负责人、应急发布岗、依申请公开经办人、政府信息公开工作机构负责人、主管部门、"
        "系统管理员、安全管理员、审计管理员。",
        "第 6 行：任岗日期“2026-13-01”不是日期，应写成 2026-09-01。",
        "第 7 行：离岗日期早于任岗日期。",
        "第 8 行：离岗日期“尚在”不是日期，应写成 2026-09-01，在岗的留空。",
        "第 9 行：没有写工号。",
        "第 9 行：没有写角色。",
        "第 10 行：没有写上级代码：岗位应当写明在哪个科室。",
        "第 11 行：科室 NOWHERE 没有登记，文件里也没有。",
    ]


def test_administrators_are_kept_apart_in_the_file_and_against_the_record(town):
    told = problems(
        post(2, "N1", "系统管理员"),
        post(3, "N1", "安全管理员"),
        post(4, "N1", "拟稿人"),
        post(5, town.people["audit_admin"].staff_number, "系统管理员", name=town.people["audit_admin"].name),
    )
    assert [sentence.partition("：")[0] for sentence in told] == ["第 3 行", "第 4 行", "第 5 行"]
    assert told[0] == (
        "第 3 行：工号 N1：不能任命：系统、安全、审计三类管理员不得由一人兼任，此人已是系统管理员。请另选一人。"
    )
    assert "管理员不得兼任拟稿" in told[1]
    assert "已是审计管理员" in told[2]


def test_posts_that_follow_each_other_are_no_conflict(town):
    first = post(2, "N1", "系统管理员", ends_on="2026-03-31")
    second = post(3, "N1", "安全管理员", starts_on="2026-04-01")
    assert len(check_tree([first, second]).posts) == len(check_tree([second, first]).posts) == 2


def test_nothing_is_written_when_one_row_is_wrong():
    bad = GOOD + "岗位,,丙某,LH-JY-BG,,,9003,秘书,2026-01-05,\n"
    before = counts()
    with pytest.raises(BadTable):
        import_tree(read_tree(bad), source_digest=DIGEST, actor=SYSTEM, at=AT)
    assert counts() == before == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "leader"])
def test_no_single_administrator_may_register_both_organs_and_people(town, who):
    with pytest.raises(Refusal):
        import_tree(read_tree(GOOD), source_digest=DIGEST, actor=town.actor(who), at=AT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("甲,乙\n1,2\n", ["找不到表头。"]),
        ("类别,代码,名称\n机关,A,甲\n", ["第 1 行：缺少“上级代码”一列。", "第 1 行：缺少“工号”一列。", "第 1 行：缺少“角色”一列。",
                                    "第 1 行：缺少“任岗日期”一列。"]),
        (HEAD.replace("离岗日期", "工号"), ["第 1 行：“工号”一列写了两次。"]),
        (HEAD.replace("离岗日期", "生日"), ["第 1 行：不认识“生日”一列，请改名或者删去。"]),
        (HEAD + ",,,\n", ["表头下面没有内容。"]),
        ('类别,"' + "x" * 200_000, ["文件不是完整的 CSV，请检查引号后再导入。"]),
    ],
)  # fmt: skip
def test_a_table_of_another_form_is_refused(text, told):
    with pytest.raises(BadTable) as bad:
        read_tree(text)
    found = [str(problem) for problem in bad.value.problems]
    assert [f[: len(t)] for f, t in zip(found, told, strict=True)] == told


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("2026-09-01", date(2026, 9, 1)), ("2026/9/1", date(2026, 9, 1)), ("2026年9月1日", date(2026, 9, 1)),
        ("２０２６．９．１", date(2026, 9, 1)), ("2026-02-30", None), ("9月1日", None), ("", None),
    ],
)  # fmt: skip
def test_dates_as_clerks_write_them(word, day):
    assert read_date(word) == day
