"""A real `gongkai serve` over a home of its own, for the browser."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, environment: dict[str, str], first: str = "/", *, tries: int = 120) -> Iterator[str]:
    """Yields the address once the page `first` answers, asked for every half second; the server is ended with the block."""
    log = (home / "serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "serve"], env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{environment['PORT']}"
    try:
        for _ in range(tries):
            try:
                urllib.request.urlopen(f"{address}{first}", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise AssertionError((home / "serve.log").read_text())
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()
