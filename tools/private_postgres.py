"""A PostgreSQL of our own for one test run: made in a temporary folder, reached by socket only, ended afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from urllib.parse import quote

from tools.system_packages import postgres_bin


@contextlib.contextmanager
def private_postgres() -> Iterator[str]:
    """Yield a DATABASE_URL. Durable settings stay on: what the tests say about lost work must be true."""
    binaries = postgres_bin()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = tempfile.mkdtemp(prefix="gongkai-pg-")
    as_user: list[str] = []
    user = pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        # initdb refuses to run as root; the package made a user for this.
        user = "postgres"
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_user = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    data = f"{folder}/data"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, *command], capture_output=True, text=True, cwd=folder, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")

    run(f"{binaries}/initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    run(
        f"{binaries}/pg_ctl", "-D", data, "-w", "-t", "60", "-l", f"{folder}/log", "-o",
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=120 -c shared_buffers=128MB",
        "start",
    )  # fmt: skip
    try:
        run(f"{binaries}/createdb", "-h", folder, "-U", user, "gongkai")
        yield f"postgres://{user}@{quote(folder, safe='')}/gongkai"
    finally:
        run(f"{binaries}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
