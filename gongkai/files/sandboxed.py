"""The child's side of `sandbox`: `python -m gongkai.files.sandboxed MEMORY START_SECONDS`."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import time
from typing import Any, BinaryIO

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, broken, decode, encode, too_much_memory

# A parser has no business with any of these.
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.kill",
    "os.remove",
    "os.rename",
    "pty.",
    "urllib.",
    "webbrowser.",
)


def main() -> None:
    memory, start_seconds = int(sys.argv[1]), int(sys.argv[2])
    signal.alarm(start_seconds)
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # what a library prints must not mix with the answers
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * MEGABYTE, 16 * MEGABYTE))  # compiled modules, nothing else
    sys.modules["numpy"] = None  # type: ignore[assignment]  # a spreadsheet reader would load it for nothing
    questions = sys.stdin.buffer
    while question := _next(questions):
        signal.alarm(start_seconds)
        try:
            module, _, name = question["function"].partition(":")
            function = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError, MemoryError) as error:
            answers.write(encode({}) + encode(_refused(broken(repr(error)))))
            answers.flush()
            continue
        _close_the_doors()
        answers.write(encode({}))
        answers.flush()
        _limit_time(question["seconds"])
        try:
            answer = _answer(function, question["arguments"])
        except MemoryError:  # only now is what filled the memory given back
            answer = _TOO_MUCH
        answers.write(answer)
        answers.flush()


def _next(questions: BinaryIO) -> Any:
    """The next question, waited for without a limit; None when the parent has gone or has no more."""
    signal.alarm(0)
    header = questions.read(8)
    if len(header) < 8:
        return None
    return decode(questions.read(int.from_bytes(header, "big")))


_doors_closed = False


def _close_the_doors() -> None:
    global _doors_closed
    if not _doors_closed:
        _doors_closed = True
        sys.addaudithook(_forbid)


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _limit_time(seconds: int) -> None:
    used = int(time.process_time()) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))
    signal.alarm(seconds)


def _answer(function: Any, arguments: list[Any]) -> bytes:
    try:
        return encode({"result": function(*arguments)})
    except Unreadable as refused:
        return encode(_refused(refused))
    except MemoryError:
        raise
    except (Exception, RecursionError) as error:  # whatever a parser may raise on a bad file
        return encode(_refused(broken(f"{type(error).__name__}: {error}"[:500])))


def _refused(refused: Unreadable) -> dict[str, list[str]]:
    return {"refused": [refused.code, refused.sentence, refused.detail]}


_TOO_MUCH = encode(_refused(too_much_memory()))  # made while there is room


if __name__ == "__main__":
    main()
