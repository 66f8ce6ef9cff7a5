"""Who may give which opinion, and when a text has all opinions it needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from gongkai.law.verdicts import Allowed, Refused, Verdict

APPROVE: Final = "approve"
RETURN: Final = "return"
REFUSE: Final = "refuse"
VERDICTS: Final[dict[str, str]] = {APPROVE: "通过", RETURN: "退回", REFUSE: "不予通过"}

SECRECY_STEP: Final = "secrecy"
#: Kinds of text that give no information out; everything else needs 保密审查 before it leaves.
SECRECY_FREE: Final = frozenset({"foi.reply_plain"})


def needs_secrecy_step(subject_kind: str) -> bool:
    """Must a review of this kind hold a 保密审查 step?

    依据：条例17；保密法35
    """
    return subject_kind not in SECRECY_FREE


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case: `quorum` different people must approve; opinions before `since_round` no longer count."""

    order: int
    code: str
    title: str
    role: str
    quorum: int = 1
    since_round: int = 1


@dataclass(frozen=True, slots=True)
class Given:
    """An opinion as the rule sees it."""

    step_order: int
    person: str
    verdict: str
    digest: str
    round: int


def counted(step: Step, opinions: Collection[Given], digest: str) -> set[str]:
    """People whose approval of this very digest counts at the step.

    依据：条例17；保密法实施条例42
    """
    return {
        o.person
        for o in opinions
        if o.step_order == step.order and o.verdict == APPROVE and o.digest == digest and o.round >= step.since_round
    }


def current_step(steps: Sequence[Step], opinions: Collection[Given], digest: str) -> Step | None:
    """The first step, in order, that still lacks an approval; None when all are there.

    依据：条例17；保密法实施条例42
    """
    for step in sorted(steps, key=lambda s: s.order):
        if len(counted(step, opinions, digest)) < step.quorum:
            return step
    return None


def may_give(
    step: Step,
    *,
    steps: Sequence[Step],
    opinions: Collection[Given],
    person: str,
    author: str,
    read_digest: str,
    digest: str,
    emergency: bool = False,
) -> Verdict:
    """May this person give an opinion at this step on the text they read?

    Never the author, never one person at two steps, never on another text than the one on the table, never out of
    turn (an emergency leaves the order of the missing opinions free, 保密审查 having been given first).

    依据：条例17；保密法实施条例42
    """
    if person == author:
        return Refused("own_text", "不能审查自己拟写的文本，请由其他人审查。", "《政府信息公开条例》第十七条")
    elsewhere = {o.step_order for o in opinions if o.person == person} - {step.order}
    if elsewhere:
        title = next(s.title for s in steps if s.order in elsewhere)
        return Refused(
            "one_person_one_step",
            f"您已在“{title}”环节发表过意见，同一人不能在两个环节审查同一文本，请由其他人办理。",
            "《政府信息公开条例》第十七条",
        )
    if read_digest != digest:
        return Refused("stale_text", "您看到的不是正在审查的文本，您的意见没有保存，请看最新一版。")
    if person in counted(step, opinions, digest):
        return Refused("already_given", "您已通过这一环节，不必重复。")
    waiting = current_step(steps, opinions, digest)
    if waiting is None:
        return Refused("nothing_waiting", "这一版的意见已经齐全，您的意见没有保存。")
    if len(counted(step, opinions, digest)) >= step.quorum:
        return Refused("step_done", f"“{step.title}”已经办结，您的意见没有保存，请看最新进展。")
    if not emergency and waiting.order != step.order:
        return Refused("not_this_step", f"现在是“{waiting.title}”环节，还没有到“{step.title}”。")
    return Allowed()


def may_release(steps: Sequence[Step], opinions: Collection[Given], *, digest: str, author: str) -> Verdict:
    """Are all opinions on this very digest there, from different people, none of them the author?

    依据：条例17；保密法实施条例42
    """
    if not any(step.code == SECRECY_STEP for step in steps):
        return Refused(
            "no_secrecy_step", "不能发布：审查环节中没有保密审查。", "《中华人民共和国保守国家秘密法》第三十五条"
        )
    seen: set[str] = set()
    for step in sorted(steps, key=lambda s: s.order):
        people = counted(step, opinions, digest)
        if author in people or people & seen:
            return Refused("not_separate", f"不能发布：“{step.title}”的意见来自拟稿人或其他环节的审查人。")
        if len(people) < step.quorum:
            return Refused("opinion_missing", f"不能发布：还缺{step.title}意见。", "《政府信息公开条例》第十七条")
        seen |= people
    return Allowed()


def may_release_in_emergency(
    steps: Sequence[Step], opinions: Collection[Given], *, digest: str, author: str
) -> Verdict:
    """An emergency may postpone the other opinions, never the secrecy review of that digest by another person.

    依据：条例17；条例20(12)；保密法实施条例42
    """
    for step in steps:
        if step.code == SECRECY_STEP:
            people = counted(step, opinions, digest) - {author}
            if len(people) >= step.quorum:
                return Allowed()
            return Refused(
                "secrecy_missing",
                "不能应急发布：这一版还没有经过保密审查。请先由保密审查人员审查这一版。",
                "《中华人民共和国保守国家秘密法》第三十五条",
            )
    return Refused(
        "no_secrecy_step", "不能发布：审查环节中没有保密审查。", "《中华人民共和国保守国家秘密法》第三十五条"
    )
