"""Tests. The runner names the database in DATABASE_URL; without it, SQLite in a temporary home."""

import atexit
import os
import tempfile

if "GONGKAI_HOME" not in os.environ:
    # Whoever makes the home removes it; processes started by a test are told of it by the environment.
    _home = tempfile.TemporaryDirectory(prefix="gongkai-test-", ignore_cleanup_errors=True)
    atexit.register(_home.cleanup)
    os.environ["GONGKAI_HOME"] = _home.name

from gongkai.config.settings.base import *  # noqa: E402, F403

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# The cheapest hash: what is tested is who may do what, not the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FOI_DATA_KEYS = "a:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
