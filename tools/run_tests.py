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
PURE = ["tests/law", "tests/chinese", "tests/scanning/rules", "tests/files", "tests/test_benchmarks.py"]
# Held by the checks, which come first.
CHECKED = ["tests/docs"]
# Content for the embedded default, written through actions that are tested on both databases one by one.
PURE += ["tests/cli/test_demo.py"]
# Files from end to end: slow, and the database has no part in it.
PURE += ["tests/cli/test_scan.py", "tests/cli/test_files.py", "tests/search/test_hidden_words.py"]
# Strange text in every field: the stricter of the two databases is enough.
STRICT = ["tests/security/test_hostile_arguments.py"]
# Files that a web server serves: the embedded database is enough.
SERVED = ["tests/channels/site", "tests/channels/test_nginx.py", "tests/channels/test_site_command.py"]


class Run:
    """One pytest run in a process and a home of its own."""

    def __init__(self, title: str, arguments: list[str], *, quietly: bool = False, **environment: str) -> None:
        self.title = title
        self.begun = time.monotonic()
        self.home = tempfile.TemporaryDirectory(prefix="gongkai-home-")
        # What runs beside another run keeps its lines to itself until it is done.
        self.said = tempfile.TemporaryFile("w+") if quietly else None  # noqa: SIM115 -- open while it runs
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "--durations=5", *arguments],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test",
                "GONGKAI_HOME": self.home.name,
                **environment,
            },
            stdout=self.said,
            stderr=subprocess.STDOUT if self.said else None,
        )

    def good(self) -> bool:
        """Wait for the end, say how it went and how long it took."""
        code = self.process.wait()
        if self.said is not None:
            self.said.seek(0)
            print(self.said.read(), flush=True)
            self.said.close()
        self.home.cleanup()
        print(f"{'通过' if code == 0 else '未过'}  {self.title}  {time.monotonic() - self.begun:.0f} 秒", flush=True)
        return code == 0


def without(places: list[str]) -> list[str]:
    """What pytest is told to leave out."""
    return [f"--ignore={place}" for place in places]


def shared(part: int) -> dict[str, str]:
    """What any database decides alike runs on one of the two, in the whole run on both (tests/conftest.py)."""
    return {} if os.environ.get("GONGKAI_FULL") else {"GONGKAI_SHARE": f"{part}/2"}


def main() -> int:
    """Both databases and what needs none run at once (much of it waits for child processes), the longest of them from
    the beginning, beside the checks; the shortest makes room for the browser. The lines of SQLite are shown as they
    come, the others' when they are done."""
    system_packages.ensure()
    chromium = system_packages.chromium() or ""
    ignored = without(PURE + CHECKED)
    with private_postgres() as url:
        strict = ["tests", "-m", "not browser", *ignored, *without(SERVED)]
        postgres = Run("PostgreSQL", strict, quietly=True, DATABASE_URL=url, **shared(0))
        good = run_checks.main() == 0
        embedded = ["tests", "-m", "not browser and not postgres", *ignored, *without(STRICT)]
        sqlite = Run("SQLite", embedded, **shared(1))
        good &= Run("文件和纯函数", [*PURE, "-m", "not browser and not postgres"], quietly=True).good()
        browser = Run("浏览器", ["tests", "-m", "browser"], quietly=True, CHROMIUM=chromium)
        for run in (sqlite, postgres, browser):
            good &= run.good()
    print("全部通过" if good else "有未通过的测试")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
