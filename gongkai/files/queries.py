"""Where a blob lies on disk."""

from pathlib import Path

from django.conf import settings

from gongkai.files.models import Blob


def path_of(digest: str) -> Path:
    """The file of a digest; two levels of folders keep listings short. A malformed digest raises ValueError."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a digest")
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def read(blob: Blob) -> bytes:
    return path_of(blob.digest).read_bytes()
