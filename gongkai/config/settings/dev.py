"""`make run`: one machine, SQLite, demo content. Not for the public internet."""

import base64
import secrets

from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import FOI_DATA_KEYS, HOME, SECRET_KEY

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

if not SECRET_KEY:
    key_file = HOME / "secret_key"
    if not key_file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_urlsafe(48))
    SECRET_KEY = key_file.read_text()

if not FOI_DATA_KEYS:
    data_keys_file = HOME / "foi_data_keys"
    if not data_keys_file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        data_keys_file.touch(mode=0o600)
        data_keys_file.write_text("dev:" + base64.b64encode(secrets.token_bytes(32)).decode())
    FOI_DATA_KEYS = data_keys_file.read_text()
