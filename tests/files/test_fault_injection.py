"""Whatever fails while a file is read and copied, nothing half done is left and nothing hidden gets out.

The n-th file that cannot be opened, the n-th process that cannot be started, the n-th answer that cannot be read, no
more room at any number of bytes; in the child: the n-th file, a kill at any moment, too little memory. A usual run
takes some n of each, GONGKAI_FULL=1 all of the parent's and many of the child's.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run
from gongkai.scanning.redacting import Made, copy_with, look_at
from tests.canaries import office, pdf, sheet
from tests.canaries.extract import found
from tests.conftest import AT

FULL = os.environ.get("GONGKAI_FULL") == "1"
CANARY = "330100199001011234"
FILES = {
    "a.pdf": pdf.PLACES["earlier_revision"](CANARY),
    "a.xlsx": sheet.PLACES["very_hidden_sheet"](CANARY),
    "a.docx": office.DOCX["comment"].make(CANARY),
}
USUAL = list(FILES) if FULL else ["a.xlsx"]
_LEFT_BEHIND = ("/dev/shm", "/tmp")  # noqa: S108


def work(name: str) -> Made | Unreadable:
    """The way of an attachment, without a database. Anything but a copy or a refusal is an error of the test."""
    try:
        looked = look_at(FILES[name], name)
        return copy_with(looked.base, [], looked.secrets)
    except Unreadable as refused:
        return refused


def left_behind() -> set[str]:
    """Files of ours that lie about, by process: other tests may run at the same time."""
    return {
        str(path)
        for folder in _LEFT_BEHIND
        for path in Path(folder).glob("gongkai-*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    }


def judged(outcome: Made | Unreadable) -> str:
    """The code of the refusal; empty for a copy, which must be sound."""
    if isinstance(outcome, Unreadable):
        assert "请" in outcome.sentence
        assert CANARY not in outcome.sentence
        return outcome.code
    assert found(outcome.data, CANARY) == set()
    assert CANARY not in outcome.text
    return ""


# Faults of the parent: told by the interpreter's own watcher, so that no function of ours is replaced


class Fault:
    """Counts events of some kinds in this thread, and lets the n-th fail."""

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()
        self.at, self.seen, self.thread = 0, 0, 0
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.kinds or event not in self.kinds or threading.get_ident() != self.thread:
            return
        if event == "open" and str(arguments[0]).endswith((".py", ".pyc")):
            return
        self.seen += 1
        if self.seen == self.at:
            raise OSError(errno.EIO, "made to fail")

    @contextmanager
    def __call__(self, kinds: tuple[str, ...], at: int) -> Iterator[None]:
        self.kinds, self.at, self.seen, self.thread = kinds, at, 0, threading.get_ident()
        try:
            yield
        finally:
            self.kinds = ()


fault = Fault()
KINDS = {"opened": ("open", "tempfile.mkstemp"), "started": ("subprocess.Popen",)}


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize("kind", KINDS)
def test_the_nth_file_or_process_of_the_parent_fails(name: str, kind: str) -> None:
    with fault(KINDS[kind], 0):
        outcome = work(name)
    count = fault.seen
    assert judged(outcome) == ""
    assert count >= 3
    chosen = range(1, count + 1) if FULL else sorted({1, 2, count // 2, count})
    for n in chosen:
        with fault(KINDS[kind], n):
            outcome = work(name)
        assert judged(outcome) == "not-started", (name, kind, n)
        assert left_behind() == set()


def test_the_nth_answer_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen, at = os.read, 0, 0

    def read(descriptor: int, size: int) -> bytes:
        nonlocal seen
        # Not the pipe through which Python's own `subprocess` is told that a process could not start.
        if size != 50_000:
            seen += 1
            if seen == at:
                raise OSError(errno.EIO, "made to fail")
        return real(descriptor, size)

    monkeypatch.setattr(os, "read", read)
    outcome, count = work("a.xlsx"), seen
    assert judged(outcome) == ""
    assert count > 10
    for n in range(1, count + 1) if FULL else (1, 2, 3, count // 2, count):
        seen, at = 0, n
        outcome, at = work("a.xlsx"), 0
        assert judged(outcome) == "not-started", n
        assert left_behind() == set()


def test_no_room_at_any_number_of_bytes() -> None:
    size = len(FILES["a.xlsx"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    steps = range(0, size, 997) if FULL else (0, size // 2, size - 1)
    for room in steps:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            outcome = work("a.xlsx")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert judged(outcome) == "not-started", room
        assert left_behind() == set()


# Faults of the child


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], Path]:
    """Lets the k-th child from now on have a fault; the path given back is for its count of events."""
    python = Path(sys.executable)
    root = Path(__file__).resolve().parents[2]
    program = tmp_path / "python"

    def prepare(told: str, which: int) -> Path:
        turn, note = tmp_path / "turn", tmp_path / "note"
        turn.write_text("0")
        program.write_text(
            f"#!/bin/sh\nn=$(($(cat {turn}) + 1)); echo $n > {turn}\n"
            f'if [ $n -eq {which} ]; then FAULT="{told}" COUNT_TO={note} exec {python} {root}/tests/files/faulty_child.py "$@"; fi\n'
            f'exec {python} "$@"\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(program))
        return note

    return prepare


def children(tmp_path: Path) -> int:
    return int((tmp_path / "turn").read_text())


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize("kind", ["open", "kill"])
def test_the_nth_thing_a_child_does_fails(name: str, kind: str, faulty: Any, tmp_path: Path) -> None:
    chance = random.Random(f"{name}{kind}")
    faulty("open 0", 0)
    assert judged(work(name)) == ""
    count = children(tmp_path)
    assert count >= 3
    refused = 0
    for which in range(1, count + 1):
        note = faulty(f"{kind} 0", which)
        assert judged(work(name)) == ""
        events = int(note.read_text()) if note.exists() else 50
        note.unlink(missing_ok=True)
        # The last thing a parser opens is the file; a compiled module that cannot be opened is compiled anew.
        last = [events] if kind == "open" else []
        for n in last + [chance.randint(1, events) for _ in range(25 if FULL else 1)]:
            faulty(f"{kind} {n}", which)
            refused += judged(work(name)) != ""
            assert left_behind() == set()
    # A file that is looked for at several places may be missing at one of them; a kill always ends it.
    assert refused >= (count if kind == "kill" else 1)


def test_a_child_with_too_little_memory(faulty: Any) -> None:
    told = set()
    for megabytes in range(20, 120, 4) if FULL else (24, 40, 56):
        faulty(f"memory {megabytes}", 1)
        told.add(judged(work("a.xlsx")))
    assert told <= {"", "broken", "too-much-memory", "too-slow"}
    assert told - {""}


def test_a_child_killed_from_outside_at_random_moments() -> None:
    chance = random.Random(7)
    told = []
    for _ in range(60 if FULL else 4):
        done = threading.Event()
        killer = threading.Thread(target=_kill_a_child, args=(chance.uniform(0.05, 1.5), done))
        killer.start()
        told.append(judged(work("a.xlsx")))
        done.set()
        killer.join()
        assert left_behind() == set()
    assert set(told) <= {"", "broken"}
    assert run("os.path:basename", "/甲/乙", limits=Limits(seconds=5)) == "乙"


def _kill_a_child(after: float, done: threading.Event) -> None:
    """One child of this very process, whichever is at work then."""
    done.wait(after)
    for path in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for process in path.read_text().split():
            try:
                line = Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                continue
            if b"gongkai.files.sandboxed" in line and not done.is_set():
                os.kill(int(process), signal.SIGKILL)
                return


# What is kept


def kept(town: Any) -> tuple[int, ...]:
    from gongkai.disclosure.models import DraftAttachment
    from gongkai.ledger.models import Fact
    from gongkai.scanning.models import FileCopy, Redaction

    return tuple(model.objects.count() for model in (DraftAttachment, FileCopy, Redaction, Fact))


@pytest.mark.django_db
def test_an_attachment_is_kept_wholly_or_not_at_all(desk: Any, settings: Any) -> None:
    import hashlib

    from gongkai.disclosure.actions.attachments import add_attachment
    from gongkai.disclosure.models import DraftAttachment
    from gongkai.files.queries import read

    actor = desk.town.actor("drafter")
    root = Path(settings.FILES_ROOT)

    def add(item: Any) -> str:
        try:
            add_attachment(item.pk, FILES["a.xlsx"], filename="名单.xlsx", actor=actor, at=AT)
        except Unreadable as refused:
            return refused.code
        return ""

    kinds = ("open", "tempfile.mkstemp", "os.rename", "os.mkdir", "subprocess.Popen")
    first = desk.draft(title="第一")
    with fault(kinds, 0):
        assert add(first) == ""
    count = fault.seen
    sound = kept(desk.town)
    for n in range(1, count + 1) if FULL else [*range(count - 12, count + 1, 2)]:
        for path in sorted(root.rglob("*"), reverse=True):  # nothing is there yet, as with new bytes
            path.unlink() if path.is_file() else path.rmdir()
        item = desk.draft(title=f"第{n}")
        before = kept(desk.town)
        with fault(kinds, n):
            told = add(item)
        if told:
            assert kept(desk.town) == before, n
            assert told in ("not-started", "not_stored"), (n, told)
        for path in root.rglob("*"):
            if path.is_file():
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, "a partial file"
        for attached in DraftAttachment.objects.filter(draft__item=item):
            assert found(read(attached.blob), CANARY) == set()
    assert kept(desk.town)[0] >= sound[0]


def test_the_command_killed_at_any_moment_leaves_a_whole_copy_or_none(tmp_path: Path) -> None:
    source, out = tmp_path / "名单.xlsx", tmp_path / "out.xlsx"
    source.write_bytes(FILES["a.xlsx"])
    command = [sys.executable, "-m", "gongkai", "clean", str(source), "--out", str(out)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test", "GONGKAI_HOME": str(tmp_path)}
    started = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-800:]
    lasts = time.monotonic() - started
    whole = out.read_bytes()
    assert found(whole, CANARY) == set()
    chance = random.Random(3)
    for _ in range(30 if FULL else 3):
        out.unlink(missing_ok=True)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, lasts))
        process.kill()
        process.wait()
        if out.exists():
            assert found(out.read_bytes(), CANARY) == set()
            assert len(out.read_bytes()) == len(whole)
        names = {path.name for path in tmp_path.iterdir() if path.is_file()}
        assert {name for name in names if name.startswith("out")} <= {"out.xlsx"}
