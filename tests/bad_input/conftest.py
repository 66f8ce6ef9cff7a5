"""What the tests of bad input share: the desk over HTTP, and an installation of its own in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.desk.conftest import at  # noqa: F401
from tests.journeys.test_outside_a_transaction import Home


@pytest.fixture(scope="session")
def _empty(tmp_path_factory) -> Path:
    """A migrated home on SQLite, for the command line; copied by nobody, changed by nobody."""
    folder = tmp_path_factory.mktemp("installation")
    done = gongkai(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder


def gongkai(home: Path, *arguments: str, cwd: Path | None = None, given: str = "", **environment: str):
    """The command as a person runs it, on SQLite in `home`."""
    return subprocess.run(
        [sys.executable, "-m", "gongkai", *arguments],
        env={
            **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test", **environment,
        },
        cwd=cwd or home, input=given, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def installation(_empty) -> Path:
    return _empty


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A town of its own on the kind of database the run is for, shared by the tests of one file."""
    return Home(tmp_path_factory.mktemp("home"))
