"""`gongkai site` and `gongkai channels` as they are typed, with several processes, and killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.channels.installation import ROOT, WITHDRAW, Installation


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installation")
    installation = Installation(folder / "home", folder / "site")
    numbers = installation.make()
    return installation, numbers


def files(www: Path) -> dict[str, bytes]:
    return {p.relative_to(www).as_posix(): p.read_bytes() for p in www.rglob("*") if p.is_file()}


def test_built_by_two_processes_verified_killed_and_recalled(town):
    installation, numbers = town
    current = installation.target / "current"
    said = installation.run("site", "verify")
    assert (said.returncode, said.stderr.strip()) == (1, "静态站点还没有建立，请先运行 gongkai site build。")

    said = installation.run("site", "build", "--processes", "2")
    assert said.returncode == 0, said.stderr
    assert "31 条信息" in said.stdout
    said = installation.run("site", "verify")
    assert (said.returncode, said.stdout.strip()) == (0, "静态站点与已公开的信息一致。")
    before, served = files(current / "www"), current.resolve()

    # Killed, with its helpers, while the second tree is being filled.
    building = subprocess.Popen(
        installation.command("site", "build", "--processes", "2"), cwd=ROOT, env=installation.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    while time.monotonic() < until:
        half = [tree for tree in (installation.target / "trees").iterdir() if tree.resolve() != served]
        if half and any((half[0] / "www" / "items").glob("*/*/index.html")):
            break
        time.sleep(0.02)
    else:
        raise AssertionError("the build did not begin")
    os.killpg(building.pid, signal.SIGKILL)
    building.wait()
    assert len(list((installation.target / "trees").iterdir())) == 2, "ended before it was killed"
    assert current.resolve() == served
    assert files(current / "www") == before
    assert installation.run("site", "verify").returncode == 0

    # Half a tree is no hindrance, and goes with the next build.
    said = installation.run("site", "build")
    assert said.returncode == 0, said.stderr
    assert len(list((installation.target / "trees").iterdir())) == 1
    assert files(current / "www") == before

    installation.script(WITHDRAW, numbers[-1])
    assert installation.run("site", "verify").returncode == 0
    (current / "www" / "open" / "latest" / "index.html").write_text("改过")
    said = installation.run("site", "verify")
    assert (said.returncode, said.stdout.strip()) == (1, "内容与生成时不同的文件：open/latest/index.html")

    said = installation.run("channels", "status", "--json")
    told = json.loads(said.stdout)
    [row] = [c for c in told["channels"] if c["channel"] == "static_site"]
    assert (row["counts"], told["trouble"]) == ({"confirmed": 30, "recalled": 1}, [])
    assert "静态站点（已启用）：已发布 30，已撤回 1" in installation.run("channels", "status").stdout
    said = installation.run("channels", "recall", "1")
    assert (said.returncode, said.stderr.strip()) == (
        2, "静态站点收录全部公开信息，不能单独撤回。请在工作台撤下这条信息。",
    )  # fmt: skip
    assert installation.run("channels", "retry", "999").returncode == 2


def test_a_copy_elsewhere_changes_no_posting(town, tmp_path):
    installation, _ = town
    said = installation.run("site", "build", "--to", str(tmp_path / "copy"), "--processes", "1")
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "copy" / "current" / "www" / "index.html").exists()
    said = installation.run("site", "verify", "--to", str(tmp_path / "copy"))
    assert said.returncode == 0, said.stdout


def helpers_of(parent: int) -> set[int]:
    """Processes begun by `parent`."""
    every = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return {number for number in every if facts_of(number)[1:2] == [str(parent)]}


def facts_of(process: int) -> list[str]:
    """State, parent … as /proc has them; nothing of one that has ended, also when nobody has taken notice of it yet."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [] if facts[0] == "Z" else facts


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="没有 /proc，看不到进程。")
def test_only_one_builds_and_helpers_end_with_the_one_that_is_killed(town):
    installation, _ = town
    command = installation.command("site", "build", "--processes", "2")
    building = subprocess.Popen(
        command, cwd=ROOT, env=installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while not (helpers := helpers_of(building.pid)) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(building.pid, signal.SIGSTOP)  # it holds its lock and does not get on
    try:
        assert helpers, "the build ended before it had helpers"
        second = installation.run("site", "build", "--processes", "1")
        assert (second.returncode, "另一个进程正在写静态站点" in second.stderr) == (1, True)
    finally:
        os.kill(building.pid, signal.SIGKILL)  # it alone; its helpers are told by nobody
        building.wait()
    until = time.monotonic() + 60
    while any(map(facts_of, helpers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [helper for helper in helpers if facts_of(helper)] == []
    again = installation.run("site", "build", "--processes", "1")
    assert again.returncode == 0, again.stderr
