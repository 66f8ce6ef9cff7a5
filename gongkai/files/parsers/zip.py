"""The members of an ordinary zip archive, one at a time; what is in them is read by the parser of their own kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gongkai.files.archive import MEGABYTE, open_directory
from gongkai.files.parsers.hanging import container
from gongkai.files.refusal import Unreadable

#: [M] of this system: an archive of attachments has a dozen files.
MOST_MEMBERS = 500
MOST_MEMBER = 20 * MEGABYTE


def members(path: str) -> dict[str, Any]:
    """`{"names": [[number, name], …], "parts": [[where, text], …]}`: files only, and what the archive itself carries."""
    data = Path(path).read_bytes()
    directory = open_directory(data)
    names = [[number, readable_name(name)] for number, name in enumerate(directory.names) if not name.endswith("/")]
    if len(names) > MOST_MEMBERS:
        raise Unreadable(
            "too-many-members",
            f"压缩包里有 {len(names):,} 个文件，超过 {MOST_MEMBERS} 个的上限。请分成几个压缩包，或者解压后分别检查。",
        )
    parts = [[{"member": name}, name] for _, name in names]
    parts += [[where, text] for where, text in container(data, ()) if text.strip()]
    return {"names": names, "parts": parts}


def member(path: str, number: int) -> bytes:
    """The bytes of one member by its number in the directory."""
    directory = open_directory(Path(path).read_bytes())
    return directory.read(directory.names[number], MOST_MEMBER)


def readable_name(name: str) -> str:
    """Windows writes names in GB18030 and says nothing of it; they were taken for the code page of the first PC."""
    try:
        return name.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name
