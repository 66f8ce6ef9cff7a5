"""The roles people hold, and which of them one person may not hold together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from gongkai.law.verdicts import Allowed, Refused, Verdict


@dataclass(frozen=True, slots=True)
class Role:
    """`code` is permanent. `scope` says whether the role is exercised within a section, an organ, or everywhere.

    `works_on_items`: drafts, reviews or releases, and so reads its organ's unreleased work; no administrator holds one.
    """

    code: str
    title: str
    scope: str  # section | organ | all
    duty: str
    article: str = ""
    works_on_items: bool = False


ROLES: Final[tuple[Role, ...]] = (
    Role("drafter", "拟稿人", "section", "拟写公开信息，提出公开属性。", works_on_items=True),
    Role("section_reviewer", "科室初审", "section", "核对内容真实、完整，公开属性恰当。", works_on_items=True),
    Role(
        "compliance_reviewer",
        "合规审核",
        "organ",
        "政府信息公开工作机构审核是否应当公开、格式和期限是否合规。",
        "《政府信息公开条例》第四条",
        works_on_items=True,
    ),
    Role(
        "secrecy_reviewer",
        "保密审查",
        "organ",
        "先审查、后公开，逐项审查。",
        "《政府信息公开条例》第十七条",
        works_on_items=True,
    ),
    Role("leader", "机关负责人", "organ", "对本机关的公开工作负责，查看全机关的办理情况。", works_on_items=True),
    Role("emergency_officer", "应急发布岗", "organ", "突发事件中先行发布已经保密审查的信息。", works_on_items=True),
    Role(
        "foi_officer",
        "依申请公开经办人",
        "organ",
        "登记、办理政府信息公开申请，拟写并送达答复。",
        "《政府信息公开条例》第四条",
        works_on_items=True,
    ),
    Role(
        "foi_head",
        "政府信息公开工作机构负责人",
        "organ",
        "决定是否延长答复期限、是否收取信息处理费。",
        "《政府信息公开条例》第三十三条第二款",
        works_on_items=True,
    ),
    Role(
        "supervisor",
        "主管部门",
        "all",
        "监督检查各机关的公开工作，只看不改。",
        "《政府信息公开条例》第四十七条",
    ),
    Role("system_admin", "系统管理员", "all", "维护机构、栏目、目录和系统运行。"),
    Role("security_admin", "安全管理员", "all", "管理人员账号、岗位和授权。"),
    Role("audit_admin", "审计管理员", "all", "查看审计记录，核验记录是否完整。"),
)

WORKING: Final = frozenset(role.code for role in ROLES if role.works_on_items)
ADMINISTRATORS: Final = frozenset({"system_admin", "security_admin", "audit_admin"})

_BY_CODE: Final = {role.code: role for role in ROLES}
if len(_BY_CODE) != len(ROLES):
    raise TypeError("a role code is used twice")


def role(code: str) -> Role:
    """The row of a role; an unknown code raises KeyError.

    依据：设计
    """
    return _BY_CODE[code]


def may_appoint(new_role: str, held: Collection[str]) -> Verdict:
    """May somebody who holds `held` (role codes at the same time) also get `new_role`?

    The three administrators are kept apart (GB/T 22239 8.1.4, 管理用户权限分离), and an administrator takes no part
    in drafting or review: who can change accounts must not be able to speak in another's name.

    依据：设计
    """
    if new_role not in _BY_CODE:
        raise KeyError(new_role)
    held_admin = ADMINISTRATORS.intersection(held) - {new_role}
    if new_role in ADMINISTRATORS and held_admin:
        other = _BY_CODE[next(iter(sorted(held_admin)))].title
        return Refused(
            "admins_apart",
            f"不能任命：系统、安全、审计三类管理员不得由一人兼任，此人已是{other}。请另选一人。",
        )
    if (new_role in ADMINISTRATORS and WORKING.intersection(held)) or (
        new_role in WORKING and ADMINISTRATORS.intersection(held)
    ):
        return Refused("admin_no_business", "不能任命：管理员不得兼任拟稿、审查或发布岗位。请另选一人。")
    return Allowed()
