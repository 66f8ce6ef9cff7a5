"""Near-same descriptions, found without keeping the words: a MinHash over pairs of characters."""

from __future__ import annotations

import hashlib
import struct

from gongkai.foi.particulars import plain

HASHES = 32
BANDS = 8  # of 4 hashes: texts alike by 0.6 share a band nearly always, by 0.3 seldom
ALIKE = 0.6  # [I] own choice: share of equal hashes from which two requests are shown as near-same


def sketch(text: str) -> str:
    """32 hashes of 32 bits as hex; "" for a text too short to compare."""
    letters = "".join(c for c in plain(text) if c.isalnum())
    shingles = {letters[i : i + 2] for i in range(len(letters) - 1)}
    if not shingles:
        return ""
    rows = [struct.unpack(">16I", hashlib.blake2b(s.encode(), digest_size=64).digest()) for s in shingles]
    more = [struct.unpack(">16I", hashlib.blake2b(b"2" + s.encode(), digest_size=64).digest()) for s in shingles]
    least = [min(row[i] for row in rows) for i in range(16)] + [min(row[i] for row in more) for i in range(16)]
    return struct.pack(">32I", *least).hex()


def bands(made: str) -> list[str]:
    """The 8 bands of a sketch; requests that share one are candidates."""
    width = len(made) // BANDS
    return [f"{n}:{made[n * width : (n + 1) * width]}" for n in range(BANDS)] if made else []


def likeness(a: str, b: str) -> float:
    """Estimated share of common character pairs, 0 to 1."""
    if not a or not b:
        return 0.0
    return sum(a[i : i + 8] == b[i : i + 8] for i in range(0, len(a), 8)) / HASHES
