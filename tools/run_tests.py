"""`make test`: checks, then every test on SQLite, on a private PostgreSQL, and the journeys in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from tools import run_checks, system_packages
from tools.private_postgres import private_postgres

# Pure tests say the same on any database; they run once.
PURE = ["tests/law", "tests/chinese", "tests/scanning/rules", "tests/docs", "tests/files", "tests/test_benchmarks.py"]


def run(title: str, arguments: list[str], **environment: str) -> bool:
    """One pytest run with its own home; prints how long it took."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gongkai-home-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test",
                "GONGKAI_HOME": home,
                **environment,
            },
            check=False,
        )
    print(f"{'通过' if done.returncode == 0 else '未过'}  {title}  {time.monotonic() - begun:.0f} 秒", flush=True)
    return done.returncode == 0


def main() -> int:
    system_packages.ensure()
    good = run_checks.main() == 0
    good &= run("SQLite", ["tests", "-m", "not browser and not postgres"])
    with private_postgres() as url:
        ignored = [f"--ignore={folder}" for folder in PURE]
        good &= run("PostgreSQL", ["tests", "-m", "not browser", *ignored], DATABASE_URL=url)
    good &= run("浏览器", ["tests", "-m", "browser"], CHROMIUM=system_packages.chromium() or "")
    print("全部通过" if good else "有未通过的测试")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
