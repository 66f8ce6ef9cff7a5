"""Tests. The runner names the database in DATABASE_URL; without it, SQLite in a temporary home."""

import os
import tempfile

os.environ.setdefault("GONGKAI_HOME", tempfile.mkdtemp(prefix="gongkai-test-"))

from gongkai.config.settings.base import *  # noqa: E402, F403

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# The cheapest hash: what is tested is who may do what, not the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FOI_DATA_KEYS = "a:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
