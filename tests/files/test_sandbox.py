"""The sandbox: limits hold, answers are data, a child dies in time, and the sentence says what to do."""

import gc
import os
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from gongkai.files.reading import read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, Limits, decode, encode, run, run_many

QUICK = Limits(seconds=2)
# What a parser might do, as code for the child to run: it can import only what is installed.
MISDEEDS = {
    "sleep": "import time; time.sleep(60)",
    "spin": "while True: pass",
    "grow": "len(bytearray(2_000_000_000))",
    "crash": "import os; os.abort()",
    "leave": "import os; os._exit(0)",
    "fail": "raise KeyError('secret of the parser')",
    "deep": "f = lambda n: f(n + 1)\nglobals()['f'] = f\nf(0)",
    "start": "import subprocess; subprocess.run(['true'])",
    "system": "import os; os.system('true')",
    "fork": "import os; os.fork()",
}
EXEC, EVAL = "builtins:exec", "builtins:eval"
PROCESS = "__import__('os').getpid()"


def refusal(function: str, *arguments: object, limits: Limits = QUICK) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        run(function, *arguments, limits=limits)
    return refused.value


def test_values_come_back_as_they_went() -> None:
    value = {"a": [1, 2.5, None, True, "字\ud800"], "b": b"\x00\xff", "c": {}}
    assert decode(encode(value)[8:]) == value
    assert run("os.path:basename", "/甲/乙") == "乙"
    assert run(os.path.basename, "/甲/乙") == "乙"
    with pytest.raises(TypeError):
        encode(object())


@pytest.mark.parametrize(
    ("misdeed", "code"),
    [("sleep", "too-slow"), ("spin", "too-slow"), ("grow", "too-much-memory")]
    + [(name, "broken") for name in ("crash", "leave", "fail", "deep", "start", "system", "fork")],
)
def test_whatever_goes_wrong_is_refused_in_a_plain_sentence(misdeed: str, code: str) -> None:
    refused = refusal(EXEC, MISDEEDS[misdeed])
    assert refused.code == code
    assert "请" in refused.sentence
    assert "secret" not in refused.sentence


def test_answers_that_cannot_be_sent_or_functions_that_are_not_there() -> None:
    assert refusal(EVAL, "'x' * 70_000_000").code == "answer-too-large"
    assert refusal(EVAL, "object()").code == "broken"
    assert refusal("os:no_such_function").code == "broken"
    assert refusal("no_such_module:function").code == "broken"


def test_a_refusal_of_the_parser_passes_through() -> None:
    refused = refusal(
        EXEC, "from gongkai.files.refusal import Unreadable; raise Unreadable('odd', '请重新选择。', 'why')"
    )
    assert (refused.code, refused.sentence, refused.detail) == ("odd", "请重新选择。", "why")


def test_no_network_from_inside() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        refused = refusal(EXEC, f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)")
        assert refused.detail.startswith("PermissionError: socket.")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_no_secret_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert set(run(EVAL, "sorted(__import__('os').environ)")) <= {
        "PYTHONPATH",
        "PATH",
        "LANG",
        "PYTHONHASHSEED",
        "LC_CTYPE",
    }


def test_what_a_library_prints_does_not_disturb() -> None:
    assert run(EVAL, "(print('noise'), __import__('os').write(1, b'noise'))") == [None, 5]


def test_no_large_file_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    refusal(EXEC, f"open({str(target)!r}, 'wb').write(bytes(32_000_000))")
    assert target.stat().st_size <= 16 * MEGABYTE


def test_many_calls_share_a_child_until_it_is_lost() -> None:
    first = list(run_many(EVAL, [(PROCESS,), ("1/0",), (PROCESS,), ("__import__('os').abort()",), (PROCESS,)]))
    assert [outcome.code if isinstance(outcome, Unreadable) else "" for outcome in first] == [
        "",
        "broken",
        "",
        "broken",
        "",
    ]
    assert first[0] == first[2] != first[4]
    assert not any(Path(f"/proc/{process}").exists() for process in (first[0], first[4]))


def test_one_bad_file_among_many_costs_only_itself(tmp_path: Path) -> None:
    """The reader of plain text, given a good, a broken and a good file in one child."""
    paths = []
    for number, data in enumerate([b"one", b"\xff\xff\xff", b"three"]):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_bytes(data)
    outcomes = list(run_many("gongkai.files.parsers.texts:read", [(str(path), "txt") for path in paths]))
    assert outcomes[0]["parts"] == [[{}, "one"]]
    assert outcomes[1].code == "encoding"
    assert outcomes[2]["parts"] == [[{}, "three"]]


def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    """The parent is killed while the child works; the child's own alarm ends it within its limit."""
    note = tmp_path / "child"
    script = (
        "import gongkai.files.sandbox as sandbox\n"
        "child = sandbox._Child(sandbox.Limits(seconds=2))\n"
        f"open({str(note)!r}, 'w').write(str(child._process.pid))\n"
        "child.ask('builtins:exec', ('import time; time.sleep(60)',))\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    parent = subprocess.Popen([sys.executable, "-c", script], env={"PYTHONPATH": root})
    wait_for(lambda: note.exists() and bool(note.read_text()), 30)
    child = Path(f"/proc/{note.read_text()}")
    time.sleep(1)
    assert child.exists()
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.exists() or "State:\tZ" in (child / "status").read_text(), 10)


def wait_for(condition, seconds: float) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


def test_refusals_that_are_kept_keep_no_child(tmp_path: Path) -> None:
    """An archive is refused in the middle of its members: the child that unpacks it must not wait for the next one."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("网页.html", "<p>说明".encode())
        archive.writestr("坏的.pdf", b"%PDF-1.4 nothing of a document")
        archive.writestr("说明.txt", "说明".encode())
    gc.disable()
    try:
        kept = list(read_texts([(path, "zip")] * 3))
        kept += list(run_many(EXEC, [(MISDEEDS["fail"],)] * 2))
        assert all(isinstance(outcome, Unreadable) for outcome in kept)
        assert own_children() == []
    finally:
        gc.enable()


def own_children() -> list[str]:
    """Processes that any thread of this one has started and that are still there."""
    return [pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()]
