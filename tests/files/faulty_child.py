"""Starts the sandbox's child as the sandbox does, with one fault in it: `FAULT` is "open N", "kill N" or "memory N".

"open N": the N-th file it opens cannot be read. "kill N": it is killed at the N-th thing Python lets watchers know of.
"memory N": it has N megabytes. `COUNT_TO` names a file for the number of such events when nothing fails (N is 0).
"""

from __future__ import annotations

import errno
import os
import resource
import runpy
import signal
import sys


def watch(kind: str, at: int, note: str) -> None:
    seen = 0

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if kind == "open" and event != "open":
            return
        seen += 1
        if seen == at and kind == "open":
            raise OSError(errno.EIO, "made to fail")
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if not at and (kind == "open" or seen % 50 == 0):
            with_note(note, seen)

    sys.addaudithook(hook)


def with_note(note: str, seen: int) -> None:
    """The number of events so far, at the place of the old one."""
    if note not in _notes:
        _notes[note] = -1  # opening is an event itself
        _notes[note] = os.open(note, os.O_WRONLY | os.O_CREAT, 0o600)
    if _notes[note] >= 0:
        os.pwrite(_notes[note], b"%012d" % seen, 0)


_notes: dict[str, int] = {}


def main() -> None:
    kind, number = os.environ["FAULT"].split()
    arguments = sys.argv[4:]  # -P -m gongkai.files.sandboxed
    if kind == "memory":
        arguments[0] = str(int(number) * 1024 * 1024)
    else:
        watch(kind, int(number), os.environ.get("COUNT_TO", "/dev/null"))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = ["sandboxed", *arguments]
    runpy.run_module("gongkai.files.sandboxed", run_name="__main__")


if __name__ == "__main__":
    main()
