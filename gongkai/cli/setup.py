"""Load settings and models; called by each command that needs the database, so that the others start at once."""

import os

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from gongkai.law.verdicts import Refusal, Refused


def ready(*, migrated: bool = False) -> None:
    """Make Django usable, the home folder present and the database open. Calling it twice is harmless.

    `Refusal` says in plain words what is wrong in the environment; with `migrated` also where tables are missing.
    """
    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong("home", f"不能使用文件夹 GONGKAI_HOME（{error.strerror}），请改为一个可以写入的文件夹。") from None
    except ImproperlyConfigured as error:
        raise _wrong("settings", str(error)) from None
    except ImportError as error:
        raise _wrong("settings", f"没有 DJANGO_SETTINGS_MODULE 所写的设置（{error}），请核对。") from None
    except ValueError:  # also what dj_database_url raises; its own words may quote the password
        raise _wrong("settings", _misspelt()) from None
    try:
        if not apps.ready:
            django.setup()
        from django.db import connection

        connection.ensure_connection()
        missing = migrated and "agencies_organ" not in connection.introspection.table_names()
    except (DatabaseError, ImproperlyConfigured) as error:
        said = str(error).strip().splitlines()[0]
        raise _wrong("database", f"数据库打不开，请核对 DATABASE_URL，并确认数据库正在运行（{said}）。") from None
    if missing:
        raise _wrong("database", "数据库还没有建立，请先运行 gongkai migrate。")


def _misspelt() -> str:
    """Which variable cannot be what the settings ask for, and how it is written."""
    for name in ("TRUSTED_PROXIES", "REASSESS_MONTHS", "MAIL_PORT"):
        if not (os.environ.get(name) or "0").isdigit():
            return f"环境变量 {name} 应当是整数，请核对。"
    return "环境变量 DATABASE_URL 写得不对，应当写成 postgres://用户:口令@主机/数据库名，或者 sqlite:////文件的完整路径，请核对。"


def _wrong(code: str, sentence: str) -> Refusal:
    return Refusal(Refused(code, sentence))
