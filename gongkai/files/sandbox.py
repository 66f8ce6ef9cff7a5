"""Run a parser on a file from outside in a process of its own, with limits it cannot leave.

The child has bounded memory, CPU time and life time, no network and no children, and an environment without any
secret. Questions and answers are JSON, never pickle: a parser that was taken over can send wrong data, not code.
A child never outlives its limit, whether its parent lives or not: the kernel's alarm ends it.

Functions are named as `"package.module:function"`, so that the parent never loads the parser. They take and return
plain values: None, bool, int, float, str, bytes, lists and dictionaries of them.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.files.refusal import Unreadable

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: address space in bytes, seconds (CPU and wall clock), bytes of the answer."""

    memory: int = 512 * MEGABYTE
    seconds: int = 20
    answer: int = 64 * MEGABYTE
    # Python and the parser have to load first; on a busy machine that takes longer than a small file.
    start_seconds: int = 60


# How many parsers may work at once in one server process: memory is what bounds it.
_PLACES = threading.BoundedSemaphore(2)
_HEADER = 8
_MOST_CALLS = 200  # then a fresh child: what a parser does not give back ends with it


class _Child:
    """One process that answers one question after another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.lost = False
        self.answered = 0
        package_root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gongkai.files.sandboxed", str(limits.memory), str(limits.start_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(package_root), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
            start_new_session=True,
        )

    def ask(self, function: str, arguments: tuple[Any, ...]) -> Any:
        """The answer; `lost` afterwards tells that this child must not be asked again."""
        question = {"function": function, "arguments": arguments, "seconds": self._limits.seconds}
        self.lost = True
        try:
            self._send(encode(question))
            self._receive(self._limits.start_seconds)  # the parser is loaded
            answer = self._receive(self._limits.seconds + 1)
        except (BrokenPipeError, EOFError):
            raise self._died() from None
        except TimeoutError:
            raise too_slow(self._limits.seconds) from None
        except ValueError as error:
            raise broken(f"no answer: {error}") from None
        except OSError as error:
            raise not_started(repr(error)) from None
        self.answered += 1
        self.lost = self.answered >= _MOST_CALLS
        if "refused" in answer:
            code, sentence, detail = answer["refused"]
            self.lost = self.lost or code == too_much_memory().code
            raise Unreadable(code, sentence, detail)
        return answer["result"]

    def _send(self, frame: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(frame)
        self._process.stdin.flush()

    def _receive(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        size = int.from_bytes(self._read(_HEADER, deadline), "big")
        if size > self._limits.answer:
            raise Unreadable("answer-too-large", "文件里的文字和图片太多，无法一次读入。请拆分成几个文件后再上传。")
        return decode(self._read(size, deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while len(received) < size:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                part = os.read(descriptor, min(size - len(received), MEGABYTE))
                if not part:
                    raise EOFError
                received += part
        return bytes(received)

    def _died(self) -> Unreadable:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return broken("the parser closed its answers")
        if code in (-signal.SIGALRM, -signal.SIGXCPU):
            return too_slow(self._limits.seconds)
        return broken(f"the parser ended with {code}")

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except BrokenPipeError:
                pass
        self._process.wait()


def run(function: str | Callable[..., Any], *arguments: Any, limits: Limits = Limits()) -> Any:  # noqa: B008
    """What `function` returns for `arguments`, computed in a child of its own; `Unreadable` when it cannot be had."""
    with closing(run_many(function, [arguments], limits=limits)) as outcomes:
        outcome = next(outcomes)
    if isinstance(outcome, Unreadable):
        raise outcome
    return outcome


def run_many(
    function: str | Callable[..., Any],
    calls: Iterable[tuple[Any, ...]],
    *,
    limits: Limits = Limits(),  # noqa: B008
) -> Generator[Any, None, None]:
    """One outcome for each call, in order: the result, or the `Unreadable` that says why there is none.

    All calls share one child as long as it behaves; after a failure of the child itself the next call gets a new one.
    """
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
    child: _Child | None = None
    try:
        for arguments in calls:
            with _PLACES:
                outcome: Any
                try:
                    child = child or _started(limits)
                    outcome = child.ask(name, tuple(arguments))
                except Unreadable as refused:
                    # Without its frames: a refusal that is kept must not keep this generator, and its child, alive.
                    outcome = refused.with_traceback(None)
                if child is not None and child.lost:
                    child.end()
                    child = None
            yield outcome
    finally:
        if child is not None:
            child.end()


def _started(limits: Limits) -> _Child:
    try:
        return _Child(limits)
    except OSError as error:  # no memory, no process, no descriptor left
        raise not_started(repr(error)) from None


def not_started(detail: str) -> Unreadable:
    return Unreadable(
        "not-started",
        "服务器现在没能启动检查文件的程序（可能是内存或磁盘不足），文件没有收下。请稍后再试，并告知系统管理员。",
        detail,
    )


def too_slow(seconds: int) -> Unreadable:
    return Unreadable(
        "too-slow",
        f"文件内容过于复杂，{seconds} 秒内没有读完。请拆分成几个文件，或在原来的软件里精简后另存一份再上传。",
    )


def too_much_memory() -> Unreadable:
    return Unreadable(
        "too-much-memory",
        "读取这个文件所需的内存超过上限。请压缩图片、删去多余的空白行列，或拆分成几个文件后再上传。",
    )


def broken(detail: str) -> Unreadable:
    return Unreadable("broken", "文件损坏或格式不规范，无法读取。请用原来的软件打开，另存一份后再上传。", detail)


def encode(value: Any) -> bytes:
    """One frame: eight bytes of length, then JSON; bytes travel as `{"bytes": base64}`."""
    body = json.dumps(value, default=_encode_bytes, ensure_ascii=True).encode()
    return len(body).to_bytes(_HEADER, "big") + body


def _encode_bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes | bytearray):
        return {"bytes": b64encode(value).decode()}
    if isinstance(value, Path):
        raise TypeError("give the path as a string")
    raise TypeError(f"cannot be sent to or from the sandbox: {type(value)}")


def decode(body: bytes) -> Any:
    return json.loads(body, object_hook=_decode_bytes)


def _decode_bytes(value: dict[str, Any]) -> Any:
    return b64decode(value["bytes"]) if value.keys() == {"bytes"} else value
