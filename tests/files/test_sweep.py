"""What a kill leaves behind is removed after a day; what a row names never is."""

import os
from datetime import timedelta

from gongkai.files.actions.store import store
from gongkai.files.actions.sweep import sweep
from gongkai.files.queries import path_of, read
from tests.conftest import AT


def test_unnamed_bytes_go_after_a_day_and_named_ones_stay(db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    kept = store(b"named", media_type="text/plain", at=AT)
    unnamed = path_of("ab" * 32)
    half = unnamed.parent / ".part-1234"
    fresh = path_of("cd" * 32)
    for path in (unnamed, half, fresh):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left behind")
    old = (AT - timedelta(days=2)).timestamp()
    for path in (unnamed, half, path_of(kept.digest)):
        os.utime(path, (old, old))
    os.utime(fresh, (AT.timestamp(), AT.timestamp()))

    assert sweep(at=AT) == 2

    assert not unnamed.exists()
    assert not half.exists()
    assert fresh.exists()
    assert read(kept) == b"named"
    assert sweep(at=AT) == 0


def test_a_store_that_was_never_used_is_no_error(db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "nowhere"
    assert sweep(at=AT) == 0
