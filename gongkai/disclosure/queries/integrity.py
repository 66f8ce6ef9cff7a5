"""Is every frozen text still what its digest says, and every file still its own name?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from gongkai.disclosure.freezing import content_of, version_digest
from gongkai.disclosure.models import Version, VersionAttachment
from gongkai.files.models import Blob
from gongkai.files.queries import path_of


def broken_versions() -> Iterator[str]:
    """A sentence for each version whose text or file list no longer gives its digest."""
    for version in Version.objects.select_related("item").order_by("pk").iterator(chunk_size=200):
        actual = version_digest(version.item.code, version.number, content_of(version), version.files)
        if actual != version.digest:
            yield f"“{version.title}”第 {version.number} 版与冻结时的摘要不一致。"
        listed = [(f["order"], f["filename"], f["digest"]) for f in version.files]
        stored = list(
            VersionAttachment.objects.filter(version=version)
            .order_by("order")
            .values_list("order", "filename", "blob_id")
        )
        if listed != stored:
            yield f"“{version.title}”第 {version.number} 版的附件与冻结时的清单不一致。"


def broken_files() -> Iterator[str]:
    """A sentence for each stored file that is gone or no longer gives its digest."""
    for digest in Blob.objects.order_by("pk").values_list("pk", flat=True).iterator():
        path = path_of(digest)
        if not path.exists():
            yield f"文件 {digest[:12]}… 不见了。"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"文件 {digest[:12]}… 的内容与摘要不一致。"
