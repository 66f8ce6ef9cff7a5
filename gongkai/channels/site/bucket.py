"""Objects in an S3-compatible store, behind the verbs of `Store`."""

from __future__ import annotations

import hashlib
import mimetypes
import tempfile
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from gongkai.channels.site.addresses import FEED
from gongkai.channels.site.tree import SiteError

#: Seconds to wait for a connection, and for an answer. Together below `states.TIMEOUT_SECONDS`.
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 12.0
#: Up to this size an object goes up in one piece, as S3 allows.
_ONE_PIECE: Final = 5 * 1024**3
_IN_MEMORY: Final = 8 * 1024**2
_DIGEST: Final = "x-amz-meta-sha256"
_ABSENT: Final = ("NoSuchKey", "NoSuchObject")
_SHOWN: Final = (".png", ".jpg", ".jpeg", ".gif")


class BucketError(SiteError):
    """The store did not do what it was asked; nothing is known to have changed."""


class BucketStore:
    """Objects below a prefix of one bucket. The store replaces an object as a whole; its SHA-256 stands with it."""

    def __init__(self, client: Minio, bucket: str, prefix: str = "") -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def write(self, path: str, pieces: Iterable[bytes]) -> str:
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            length = file.tell()
            file.seek(0)
            with _told():
                self._client.put_object(
                    self._bucket, self._prefix + path, file, length, content_type=media_type(path),
                    metadata={"sha256": digest.hexdigest(), **_headers(path)}, part_size=min(_ONE_PIECE, max(length, 5 * 1024**2)),
                )  # fmt: skip
        return digest.hexdigest()

    def remove(self, path: str) -> None:
        """Also where nothing is."""
        with _told():
            self._client.remove_object(self._bucket, self._prefix + path)

    def paths(self) -> Iterator[str]:
        with _told():
            for found in self._client.list_objects(self._bucket, prefix=self._prefix, recursive=True):
                yield str(found.object_name).removeprefix(self._prefix)

    def digest(self, path: str) -> str | None:
        """As it was told with the object; None where nothing is, "" where somebody else put it."""
        try:
            with _told():
                found = self._client.stat_object(self._bucket, self._prefix + path)
        except FileNotFoundError:
            return None
        return str((found.metadata or {}).get(_DIGEST, ""))


def configured() -> BucketStore | None:
    """The store of the environment (`STATIC_SITE_BUCKET`); None when there is none."""
    if not settings.STATIC_SITE_BUCKET:
        return None
    address = urlsplit(settings.STATIC_SITE_BUCKET)
    bucket, _, prefix = address.path.strip("/").partition("/")
    client = Minio(
        endpoint=address.netloc, access_key=settings.STATIC_SITE_BUCKET_KEY, secret_key=settings.STATIC_SITE_BUCKET_SECRET,
        secure=address.scheme == "https", region=settings.STATIC_SITE_BUCKET_REGION,
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(CONNECT_SECONDS, ANSWER_SECONDS), retries=False),
    )  # fmt: skip
    return BucketStore(client, bucket, f"{prefix}/" if prefix else "")


def missing() -> list[str]:
    """What is not configured, in Chinese."""
    if not settings.STATIC_SITE_BUCKET:
        return []
    address = urlsplit(settings.STATIC_SITE_BUCKET)
    if address.scheme not in ("http", "https") or not address.netloc or not address.path.strip("/"):
        return ["STATIC_SITE_BUCKET 应当写成 https://对象存储的地址/存储桶。"]
    names = ("STATIC_SITE_BUCKET_KEY", "STATIC_SITE_BUCKET_SECRET")
    return [f"没有设置 {name}。" for name in names if not getattr(settings, name)]


def media_type(path: str) -> str:
    """What docs/nginx.conf says of the same file."""
    if path == "sitemap.xml":
        return "application/xml; charset=utf-8"
    if path.rpartition("/")[2] == FEED:
        return "application/atom+xml; charset=utf-8"
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    ours = "/files/" not in path
    return f"{kind}; charset=utf-8" if ours and (kind.startswith("text/") or kind == "application/javascript") else kind


def _headers(path: str) -> dict[str, str]:
    """An attachment is handed over and never run; what was taken down must not come out of a store in between."""
    handed_over = "/files/" in path and not path.endswith(_SHOWN)
    return {"Cache-Control": "no-cache", **({"Content-Disposition": "attachment"} if handed_over else {})}


class _told:
    """Errors of the library as ours. An object that is not there is `FileNotFoundError`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, S3Error):
            if error.code in _ABSENT:
                raise FileNotFoundError(error.code) from error
            raise BucketError(
                f"对象存储没有接受（{error.code}），请管理员核对 STATIC_SITE_BUCKET 和密钥的权限。"
            ) from error
        if isinstance(error, (MinioException, HTTPError, OSError)):
            raise BucketError("对象存储没有回应，系统会自动重试；一直不通的，请管理员检查网络和地址。") from error
