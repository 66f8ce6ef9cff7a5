"""Files made to hurt: each is refused in words or read without harm, nothing is fetched, and no limit is passed.

`hostile.py` makes them and sends them, in a process of its own so that its children can be measured, on the way of an
attachment. A usual run takes the first of each kind and every thirtieth after it, GONGKAI_FULL=1 all.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.files import hostile

FULL = os.environ.get("GONGKAI_FULL") == "1"
EVERY = 1 if FULL else 30
SECRET = "KANARIENGEHEIMNIS"
MEGABYTE = 1024 * 1024
#: The largest of the sandbox's own limits on the way (a page of text is pressed into a PDF with two gigabytes of room).
MOST_MEMORY = 1536 * MEGABYTE
#: Codes a hostile file may be refused with.
CODES = {
    "active-pdf", "broken", "copy-leaks", "damaged", "encrypted", "encoding", "foreign-xml", "no-converter", "not-converted",
    "not-what-it-says", "pages", "symbolic-link", "too-large", "too-many-cells", "too-many-pages", "too-many-pixels",
    "too-many-columns", "too-many-frames", "too-much-memory", "too-much-text", "too-slow", "two-in-one", "unpacks-too-large", "unsafe-path",
    "answer-too-large", "nothing-visible", "not-recognised", "nested-archive", "too-complex", "unclear-scan",
}  # fmt: skip


class Listener:
    """Something that listens on this machine, and counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self.calls = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                self._socket.accept()[0].close()
            except TimeoutError:
                continue
            self.calls += 1

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """What came of every file; the way itself has ended in order."""
    secret = tmp_path_factory.mktemp("hostile") / "secret.txt"
    secret.write_text(SECRET)
    listener = Listener()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.files.hostile", str(listener.port), str(secret), str(EVERY)],
            cwd=Path(__file__).resolve().parents[2], env=environment, capture_output=True, text=True, check=False,
            timeout=3_600,
        )  # fmt: skip
    finally:
        listener.close()
    assert done.returncode == 0, done.stderr[-1500:]
    assert listener.calls == 0, "something was fetched"
    yield [json.loads(line) for line in done.stdout.splitlines()]


def test_there_are_enough_of_them(outcomes: list[dict[str, Any]]) -> None:
    assert len(outcomes) >= (180 if FULL else 10)
    assert {told["name"].split("/")[0] for told in outcomes} >= {"docx", "xlsx", "ofd", "pdf", "png", "txt"}


def test_each_is_refused_in_words_or_read_without_harm(outcomes: list[dict[str, Any]]) -> None:
    odd = {told["name"]: told["refused"] for told in outcomes if "refused" in told and told["refused"] not in CODES}
    assert odd == {}
    assert all("请" in told["sentence"] for told in outcomes if "refused" in told)
    assert sum("refused" in told for told in outcomes) > len(outcomes) / 4
    assert [told["name"] for told in outcomes if SECRET in told.get("text", "")] == []


def test_no_limit_is_passed(outcomes: list[dict[str, Any]]) -> None:
    """Processor time of the children and the most memory any of them had; none works longer than its limit allows."""
    assert max(told["memory"] for told in outcomes) <= MOST_MEMORY
    assert [(told["name"], told["seconds"]) for told in outcomes if told["seconds"] > 60] == []
    # What the server itself does with it is small beside that.
    assert [(told["name"], told["parent"]) for told in outcomes if told["parent"] > 10] == []


def test_a_listener_counts() -> None:
    listener = Listener()
    with socket.create_connection(("127.0.0.1", listener.port)):
        pass
    for _ in range(100):
        if listener.calls:
            break
        threading.Event().wait(0.02)
    listener.close()
    assert listener.calls == 1


def test_the_files_are_what_they_say() -> None:
    """One of each kind is made, and an honest file of the same maker is sound."""
    assert hostile.pdf_of(hostile._page()).startswith(b"%PDF-")
    names = {(kind, name) for name, kind, _ in hostile._pdfs(9)}
    assert len(names) >= 35
