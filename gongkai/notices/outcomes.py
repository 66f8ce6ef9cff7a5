"""How sending may end other than well. A sender raises one of these and nothing else."""

from __future__ import annotations


class SendingError(Exception):
    """`problem` is a code of `states.PROBLEMS`; a server's own words are dropped, they may repeat the address."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotSent(SendingError):
    """It certainly did not go out: try again later. `down`: the server itself could not be used."""

    def __init__(self, problem: str, *, down: bool = False) -> None:
        super().__init__(problem)
        self.down = down


class Rejected(SendingError):
    """It certainly did not go out and will not: no further attempt."""


class Unclear(SendingError):
    """It may have gone out: no further attempt by itself, a person settles it."""
