"""What a file or a text is refused with: a permanent code and a sentence that says what to do."""

from __future__ import annotations

from gongkai.law.verdicts import Refusal, Refused


class Unreadable(Refusal):
    """The material cannot be taken in; `detail` is for the operator's log and never shown."""

    def __init__(self, code: str, sentence: str, detail: str = "") -> None:
        super().__init__(Refused(code, sentence))
        self.detail = detail

    @property
    def sentence(self) -> str:
        return self.refused.sentence
