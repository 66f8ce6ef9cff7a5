"""The answer of a rule: allowed, or refused with a reason a person can read and the article behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act is lawful as it stands."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The act is not lawful.

    `code` is permanent and for programs, `sentence` is what the officer reads (what is wrong and what to do),
    `article` is the legal basis in full words, empty where the rule is the system's own.
    """

    code: str
    sentence: str
    article: str = ""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"{self.sentence}{self.article}"


Verdict = Allowed | Refused


class Refusal(Exception):
    """Raised by an action that may not act; carries the verdict that says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.refused = refused

    @property
    def code(self) -> str:
        return self.refused.code


def require(verdict: Verdict) -> None:
    """Go on when allowed, raise `Refusal` when not.

    依据：设计
    """
    if isinstance(verdict, Refused):
        raise Refusal(verdict)
