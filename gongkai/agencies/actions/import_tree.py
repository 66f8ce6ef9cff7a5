"""Register a whole tree of organs, sections, people and posts from a table: all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actions import organs as organ_actions
from gongkai.agencies.actions import people as people_actions
from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ, Person, Post, Section
from gongkai.agencies.tree_sheet import KINDS, ORGAN_KINDS, ROLE_CODES, BadTable, Problem, TreeRow, read_date
from gongkai.law.roles import may_appoint, role
from gongkai.law.verdicts import Refused
from gongkai.ledger.actions.record import record

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_TOLD = ("short_name", "org_code", "address", "hours", "phone", "fax", "email", "online")
_LONGEST = {
    "name": 120, "short_name": 60, "org_code": 40, "staff_number": 40, "address": 200, "hours": 120, "phone": 60,
    "fax": 60, "email": 120, "online": 200,
}  # fmt: skip
_LABEL = {
    "name": "名称", "short_name": "简称", "org_code": "机构代码", "staff_number": "工号", "address": "地址",
    "hours": "办公时间", "phone": "电话", "fax": "传真", "email": "邮箱", "online": "在线申请",
}  # fmt: skip


@dataclass(frozen=True)
class NewPost:
    """One post of the file; dates both inside."""

    line: int
    staff_number: str
    name: str
    section: str
    role: str
    starts_on: date
    ends_on: date | None

    def overlaps(self, other: NewPost) -> bool:
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )


@dataclass(frozen=True)
class Plan:
    """What a table without problems would write, parents before children."""

    organs: tuple[TreeRow, ...]
    sections: tuple[TreeRow, ...]
    people: dict[str, str]  # new staff numbers and names
    posts: tuple[NewPost, ...]


@dataclass
class _Known:
    """What is registered already, by code, and what goes wrong on the way."""

    organs: set[str]
    org_codes: dict[str, str]
    sections: set[str]
    people: dict[str, str]
    posts: list[NewPost]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(line, sentence))


def check_tree(rows: Sequence[TreeRow]) -> Plan:
    """Look at every row against each other and against what is registered; raises `BadTable` with all problems."""
    known = _known()
    organs = _check_organs([row for row in rows if row.kind == "机关"], known)
    sections = _check_sections([row for row in rows if row.kind == "科室"], {row.code for row in organs}, known)
    people, posts = _check_posts([row for row in rows if row.kind == "岗位"], {row.code for row in sections}, known)
    for row in rows:
        if row.kind not in KINDS:
            known.wrong(row.line, f"类别应当是{'、'.join(KINDS)}之一，现在是“{row.kind}”。")
        for column, most in _LONGEST.items():
            if len(getattr(row, column)) > most:
                known.wrong(row.line, f"{_LABEL[column]}最长 {most} 字，请精简。")
    if known.problems:
        raise BadTable(known.problems)
    return Plan(tuple(organs), tuple(sections), people, tuple(posts))


def import_tree(rows: Sequence[TreeRow], *, source_digest: str, actor: Actor, at: datetime) -> Plan:
    """Check once more and write, in one transaction, through the actions that register one at a time.

    People come without a password; nobody can log in before the security administrator has given one.
    """
    organ_actions.require_keeper(actor)
    people_actions.require_keeper(actor)
    with transaction.atomic():
        plan = check_tree(rows)
        record(
            "agencies.imported", subject="agencies", actor=actor, at=at, digest=source_digest,
            data={
                "organs": len(plan.organs), "sections": len(plan.sections), "people": len(plan.people),
                "posts": len(plan.posts),
            },
        )  # fmt: skip
        _write_organs(plan, actor, at)
        for row in plan.sections:
            organ = Organ.objects.get(code=row.parent)
            organ_actions.add_section(organ, row.code, row.name, phone=row.phone, actor=actor, at=at)
        for staff_number, name in plan.people.items():
            people_actions.add_person(staff_number, name, password=None, actor=actor, at=at)
        for post in plan.posts:
            people_actions.appoint(
                Person.objects.get(staff_number=post.staff_number),
                Section.objects.select_related("organ").get(code=post.section),
                post.role, starts_on=post.starts_on, ends_on=post.ends_on, actor=actor, at=at,
            )  # fmt: skip
        return plan


def _write_organs(plan: Plan, actor: Actor, at: datetime) -> None:
    for row in plan.organs:
        told = {column: getattr(row, column) for column in _TOLD}
        organ_actions.add_organ(
            row.code, row.name, parent=Organ.objects.get(code=row.parent) if row.parent else None,
            kind=ORGAN_KINDS[row.organ_kind or "部门"], actor=actor, at=at, **told,
        )  # fmt: skip


def _known() -> _Known:
    return _Known(
        organs=set(Organ.objects.values_list("code", flat=True)),
        org_codes=dict(Organ.objects.exclude(org_code="").values_list("org_code", "code")),
        sections=set(Section.objects.values_list("code", flat=True)),
        people=dict(Person.objects.values_list("staff_number", "name")),
        posts=[
            NewPost(0, p.person.staff_number, p.person.name, p.section.code, p.role, p.starts_on, p.ends_on)
            for p in Post.objects.select_related("person", "section")
        ],
    )


def _code_taken(row: TreeRow, registered: Iterable[str], seen: dict[str, int], known: _Known) -> bool:
    """Whether the row's code cannot be used; says why."""
    if not _CODE.fullmatch(row.code):
        known.wrong(
            row.line,
            f"代码“{row.code}”不合规则：应为字母、数字、短横线，最长 40 个字符。" if row.code else "没有写代码。",
        )
    elif row.code in registered:
        known.wrong(row.line, f"代码 {row.code} 已经登记过，文件里只写新增的。")
    elif row.code in seen:
        known.wrong(row.line, f"代码 {row.code} 与第 {seen[row.code]} 行重复。")
    else:
        seen[row.code] = row.line
        return False
    return True


def _check_organs(rows: Sequence[TreeRow], known: _Known) -> list[TreeRow]:
    """The organs in an order that can be written; rows of a cycle are told, each once."""
    seen: dict[str, int] = {}
    fresh: dict[str, TreeRow] = {}
    for row in rows:
        if not _code_taken(row, known.organs, seen, known):
            fresh[row.code] = row
        if not row.name:
            known.wrong(row.line, "没有写机关名称。")
        if row.organ_kind and row.organ_kind not in ORGAN_KINDS:
            known.wrong(row.line, f"性质应当是{'、'.join(ORGAN_KINDS)}之一，现在是“{row.organ_kind}”。")
        if row.org_code and row.org_code in known.org_codes:
            known.wrong(row.line, f"机构代码 {row.org_code} 已由 {known.org_codes[row.org_code]} 使用，索引号会混淆。")
        elif row.org_code:
            known.org_codes[row.org_code] = row.code
        else:
            pass  # index numbers then begin with the organ's own code
    for row in fresh.values():
        if row.parent and row.parent not in known.organs and row.parent not in fresh:
            known.wrong(row.line, f"上级代码 {row.parent} 没有登记，文件里也没有。")
    return _parents_first(fresh, known)


def _parents_first(fresh: dict[str, TreeRow], known: _Known) -> list[TreeRow]:
    ordered: list[TreeRow] = []
    done: set[str] = set()
    for start in fresh.values():
        path: list[TreeRow] = []
        row: TreeRow | None = start
        while row is not None and row.code not in done:
            if row in path:
                circle = "、".join(each.code for each in path[path.index(row) :])
                known.wrong(row.line, f"上下级绕成了圈：{circle}。")
                break
            path.append(row)
            row = fresh.get(row.parent)
        done.update(each.code for each in path)
        ordered += reversed(path)
    return ordered


def _check_sections(rows: Sequence[TreeRow], organs: set[str], known: _Known) -> list[TreeRow]:
    seen: dict[str, int] = {}
    fresh = []
    for row in rows:
        if not _code_taken(row, known.sections, seen, known):
            fresh.append(row)
        if not row.name:
            known.wrong(row.line, "没有写科室名称。")
        if not row.parent:
            known.wrong(row.line, "没有写上级代码：科室应当写明属于哪个机关。")
        elif row.parent not in organs and row.parent not in known.organs:
            known.wrong(row.line, f"上级代码 {row.parent} 没有登记，文件里也没有。")
        else:
            pass  # its organ is there
    return fresh


def _check_posts(rows: Sequence[TreeRow], sections: set[str], known: _Known) -> tuple[dict[str, str], list[NewPost]]:
    people: dict[str, tuple[str, int]] = {}
    posts: list[NewPost] = []
    for row in rows:
        _check_person(row, people, known)
        if not row.parent:
            known.wrong(row.line, "没有写上级代码：岗位应当写明在哪个科室。")
        elif row.parent not in sections and row.parent not in known.sections:
            known.wrong(row.line, f"科室 {row.parent} 没有登记，文件里也没有。")
        else:
            pass  # its section is there
        post = _post(row, known)
        if post is not None:
            _check_together(post, [*known.posts, *posts], known)
            posts.append(post)
    new = {number: name for number, (name, _) in people.items() if number not in known.people}
    return new, posts


def _check_person(row: TreeRow, people: dict[str, tuple[str, int]], known: _Known) -> None:
    if not row.staff_number:
        known.wrong(row.line, "没有写工号。")
    if not row.name:
        known.wrong(row.line, "没有写姓名（名称一栏）。")
    if not row.staff_number or not row.name:
        return
    registered = known.people.get(row.staff_number)
    former, line = people.setdefault(row.staff_number, (row.name, row.line))
    if registered is not None and registered != row.name:
        known.wrong(row.line, f"工号 {row.staff_number} 已登记为另一人，姓名与“{row.name}”不同。")
    elif former != row.name:
        known.wrong(row.line, f"工号 {row.staff_number} 与第 {line} 行重复，而姓名不同。")
    else:
        pass  # the same person with one more post


def _post(row: TreeRow, known: _Known) -> NewPost | None:
    code = ROLE_CODES.get(row.role)
    if code is None:
        words = "、".join(role(each).title for each in dict.fromkeys(ROLE_CODES.values()))
        known.wrong(row.line, f"没有“{row.role}”这个角色，应当是：{words}。" if row.role else "没有写角色。")
    starts, ends = read_date(row.starts_on), read_date(row.ends_on)
    if starts is None:
        known.wrong(row.line, f"任岗日期“{row.starts_on}”不是日期，应写成 2026-09-01。")
    if row.ends_on and ends is None:
        known.wrong(row.line, f"离岗日期“{row.ends_on}”不是日期，应写成 2026-09-01，在岗的留空。")
    if starts and ends and ends < starts:
        known.wrong(row.line, "离岗日期早于任岗日期。")
    if code is None or starts is None or (row.ends_on and ends is None) or (ends and ends < starts):
        return None
    return NewPost(row.line, row.staff_number, row.name, row.parent, code, starts, ends)


def _check_together(post: NewPost, others: Sequence[NewPost], known: _Known) -> None:
    """What the person already is on the same days, in the file above or on record."""
    same = [o for o in others if o.staff_number == post.staff_number and o.overlaps(post)]
    if any(o.section == post.section and o.role == post.role for o in same):
        known.wrong(post.line, f"工号 {post.staff_number} 在 {post.section} 已任{role(post.role).title}，不必重复。")
        return
    verdict = may_appoint(post.role, {o.role for o in same})
    if isinstance(verdict, Refused):
        known.wrong(post.line, f"工号 {post.staff_number}：{verdict.sentence}")
