"""The word lists of this installation: a .csv the agency keeps, named by the setting SCAN_LISTS."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gongkai.files.encoding import decode
from gongkai.files.refusal import Unreadable
from gongkai.scanning.rules import RULES_VERSION, BadList, Lexicon, lexicon_of
from gongkai.scanning.rules.lexicon import COLUMNS


def lexicon() -> Lexicon | None:
    """The lists in force, None where no file is named. Raises `ImproperlyConfigured` with what is wrong in the file."""
    name: str = settings.SCAN_LISTS
    if not name:
        return None
    try:
        return _read(name, Path(name).stat().st_mtime_ns)
    except OSError as error:
        raise ImproperlyConfigured(f"读不了 SCAN_LISTS 所写的词表 {name}（{error.strerror}）。") from None
    except (BadList, Unreadable) as error:
        raise ImproperlyConfigured(f"词表 {name}：{error}") from None


def rules_version() -> str:
    """What stored findings name as the rules that made them: the rules, and the lists where there are any."""
    kept = lexicon()
    return f"{RULES_VERSION}+{kept.digest}" if kept else RULES_VERSION


@lru_cache(maxsize=2)
def _read(name: str, changed: int) -> Lexicon:
    """`changed` makes a file that was saved anew be read anew."""
    rows = csv.reader(decode(Path(name).read_bytes()).splitlines())
    head = [cell.strip() for cell in next(rows, [])]
    if missing := [column for column in COLUMNS[:2] if column not in head]:
        raise BadList(f"第一行应当是表头{'、'.join(COLUMNS)}，缺少{'、'.join(missing)}。")
    return lexicon_of(dict(zip(head, row, strict=False)) for row in rows)
