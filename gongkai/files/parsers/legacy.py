"""The readable runs in the streams of an old binary document, beside what a converter makes of it.

A converter shows the document as it is now. Undone texts of fast saving, names of earlier authors and folders, and
whatever else it drops still stand in the streams.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gongkai.files.parsers.compound import MAGIC, streams
from gongkai.files.parsers.parts import Found, answer, strings, telling

_PROPERTIES = ("SummaryInformation", "DocumentSummaryInformation")


def runs(path: str) -> dict[str, Any]:
    """`{"parts", "count", "warnings"}`; `member` is the stream, document properties are told as such."""
    data = Path(path).read_bytes()
    held = streams(data) if data.startswith(MAGIC) else {"": data}
    parts: list[Found] = []
    for name, content in held.items():
        bare = name.lstrip("\x01\x02\x03\x05")
        code = "properties" if bare in _PROPERTIES else "other_part"
        for text in strings(content):
            if code == "properties" or telling(text):
                parts.append(({"member": bare, "hidden": code}, text))
    return answer(parts, len(held))
