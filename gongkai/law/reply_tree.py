"""The questions that lead from a request to its outcome: every path ends in one row of `replies` and says why.

The tree is a table. Answers are kept by question, so going back and changing one leaves the others in place; what a
path no longer asks is ignored and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongkai.law.negative_list import Ground, ground
from gongkai.law.replies import ReplyRow, is_discretionary, reply
from gongkai.law.reply_ground_questions import GROUND_QUESTIONS
from gongkai.law.reply_questions import FIRST_QUESTION, INTAKE_QUESTIONS, Choice, Question


@dataclass(frozen=True, slots=True)
class Step:
    """One answered question."""

    question: Question
    choice: Choice

    @property
    def sentence(self) -> str:
        return f"{self.question.text}{self.choice.label}。{self.choice.why}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a path ends. `discretionary`: the law left a choice. `duties`: what else the agency owes."""

    row: ReplyRow
    ground: Ground | None
    discretionary: bool
    why: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The state of a walk: answered steps, then either the next question or the outcome; `unused` answers."""

    steps: tuple[Step, ...]
    question: Question | None
    outcome: Outcome | None
    unused: tuple[str, ...]


QUESTIONS: tuple[Question, ...] = INTAKE_QUESTIONS + GROUND_QUESTIONS
_QUESTIONS = {question.code: question for question in QUESTIONS}


def question(code: str) -> Question:
    """The question with this permanent code. Raises LookupError.

    依据：设计
    """
    try:
        return _QUESTIONS[code]
    except KeyError:
        raise LookupError(f"判断步骤中没有“{code}”这一问。") from None


def choice(asked: Question, code: str) -> Choice:
    """The choice with this code among those of a question. Raises LookupError naming the ones there are.

    依据：设计
    """
    for candidate in asked.choices:
        if candidate.code == code:
            return candidate
    known = "、".join(candidate.label for candidate in asked.choices)
    raise LookupError(f"“{asked.text}”没有“{code}”这个选项，请从以下各项中选择：{known}。")


def walk(answers: Mapping[str, str]) -> Walk:
    """Follow the answers (question code → choice code) as far as they go. Raises LookupError for an unknown one.

    依据：条例14；条例15；条例16；条例30；条例32；条例35；条例36；条例37；条例38；条例39
    """
    for code, chosen in answers.items():
        choice(question(code), chosen)
    steps: list[Step] = []
    asked = question(FIRST_QUESTION)
    while asked.code in answers:
        taken = choice(asked, answers[asked.code])
        steps.append(Step(asked, taken))
        if taken.reply:
            return Walk(tuple(steps), None, _outcome(steps), _unused(answers, steps))
        asked = question(taken.next)
    return Walk(tuple(steps), asked, None, _unused(answers, steps))


def _unused(answers: Mapping[str, str], steps: list[Step]) -> tuple[str, ...]:
    used = {step.question.code for step in steps}
    return tuple(code for code in answers if code not in used)


def _outcome(steps: list[Step]) -> Outcome:
    row = reply(steps[-1].choice.reply)
    named = [step.choice.ground for step in steps if step.choice.ground]
    ground_row = ground(named[-1]) if row.grounds else None
    duties = tuple(duty for step in steps for duty in step.choice.duties)
    return Outcome(
        row=row,
        ground=ground_row,
        discretionary=is_discretionary(row.code, ground_row.code if ground_row else ""),
        why="".join(step.choice.why for step in steps if step.choice.why),
        duties=(*duties, row.advice),
    )


def every_path() -> Iterator[dict[str, str]]:
    """All complete sets of answers, in the order of the tree; each ends in an outcome.

    依据：设计
    """
    yield from _paths(question(FIRST_QUESTION), {})


def _paths(asked: Question, answers: dict[str, str]) -> Iterator[dict[str, str]]:
    for candidate in asked.choices:
        so_far = answers | {asked.code: candidate.code}
        if candidate.reply:
            yield so_far
        else:
            yield from _paths(question(candidate.next), so_far)
