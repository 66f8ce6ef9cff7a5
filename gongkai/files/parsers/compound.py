"""The streams of a compound file (MS-CFB): what OLE objects and the old binary formats are kept in."""

from __future__ import annotations

import struct

from gongkai.files.archive import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_MOST_STREAMS = 2_000


def streams(data: bytes) -> dict[str, bytes]:
    """Name to content of every stream; those of storages within storages by their bare name. `damaged` if broken."""
    try:
        return _Compound(data).streams()
    except (struct.error, IndexError, ValueError) as error:
        raise damaged(f"compound: {error!r}") from None


class _Compound:
    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < 512:
            raise ValueError("no header")
        self._data = data
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self._size, self._mini = 1 << shift, 1 << mini_shift
        first_directory, self._cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
        first_mini, _, first_difat, _ = struct.unpack_from("<4I", data, 60)
        self._fat = self._sectors_of_fat(first_difat)
        self._directory = self._chain(first_directory)
        self._mini_fat = self._numbers(self._chain(first_mini)) if first_mini < _END else []

    def streams(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        root = b""
        for at in range(0, min(len(self._directory), _MOST_STREAMS * 128), 128):
            entry = self._directory[at : at + 128]
            length = struct.unpack_from("<H", entry, 64)[0]
            kind, start = entry[66], struct.unpack_from("<I", entry, 116)[0]
            size = struct.unpack_from("<I", entry, 120)[0]
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 5:
                root = self._chain(start) if start < _END else b""
            elif kind == 2:
                content = self._small(root, start, size) if size < self._cutoff else self._chain(start)[:size]
                found[name if name not in found else f"{name} ({len(found)})"] = content
        return found

    def _sectors_of_fat(self, difat: int) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        seen = set()
        while difat < _END:
            if difat in seen:
                raise ValueError("circle")
            seen.add(difat)
            numbers = self._numbers(self._sector(difat))
            sectors += numbers[:-1]
            difat = numbers[-1]
        return [number for at in sectors if at < _END for number in self._numbers(self._sector(at))]

    def _numbers(self, data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._data):
            raise ValueError(f"sector {number}")
        return self._data[at : at + self._size]

    def _chain(self, number: int) -> bytes:
        pieces: list[bytes] = []
        while number < _END:
            pieces.append(self._sector(number))
            if len(pieces) > len(self._fat):
                raise ValueError("circle")
            number = self._fat[number]
        return b"".join(pieces)

    def _small(self, root: bytes, number: int, size: int) -> bytes:
        pieces: list[bytes] = []
        while number < _END and len(pieces) * self._mini < size:
            pieces.append(root[number * self._mini : (number + 1) * self._mini])
            number = self._mini_fat[number]
        return b"".join(pieces)[:size]
