"""Keep bytes under their digest."""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from gongkai.files.models import Blob
from gongkai.files.queries import path_of
from gongkai.files.refusal import Unreadable


def store(data: bytes, *, media_type: str, at: datetime) -> Blob:
    """Write once, flushed to disk before the row that names it; the same bytes twice are one blob.

    Bytes first, row after: a crash between leaves an unnamed file, never a row without its file. No fact is
    recorded here; the act that attaches the file records it. `Unreadable` where the disk takes no more.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    # Bytes without a row may be about to be swept: they are written anew, which makes them young.
    if not path.exists() or not Blob.objects.filter(digest=digest).exists():
        try:
            _write(path, data)
        except OSError as error:
            raise Unreadable(
                "not_stored",
                "服务器没能保存文件（磁盘可能已满），文件没有收下，已保存的内容不受影响。请稍后再试，并告知系统管理员。",
                repr(error),
            ) from error
    blob, _ = Blob.objects.get_or_create(
        digest=digest, defaults={"size": len(data), "media_type": media_type, "stored_at": at}
    )
    return blob


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
