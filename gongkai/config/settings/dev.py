"""`make run`: one machine, SQLite, demo content. Not for the public internet."""

import secrets

from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import HOME, SECRET_KEY

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

if not SECRET_KEY:
    key_file = HOME / "secret_key"
    if not key_file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_urlsafe(48))
    SECRET_KEY = key_file.read_text()
