"""Copies of files for everybody: what is covered is gone, what was hidden stays behind, and the copy was attacked.

Everything that touches a foreign byte runs in the sandbox. A copy that gives anything away, or that a reader cannot
read, is no copy: `Unreadable` is raised and nothing is handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.files.copies import sheet
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run

LIMITS = Limits(seconds=120, memory=1024 * 1024 * 1024)
ATTACK_LIMITS = Limits(seconds=120, memory=1024 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to cover: a rectangle in points of page `page` as displayed (PDF), or in pixels (`page` 1, pictures)."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes to hand out. `drawn`: pages that became pictures; `lost`: what could be seen and is not in the copy."""

    data: bytes
    kind: str
    media_type: str
    drawn: tuple[int, ...] = ()
    lost: tuple[str, ...] = ()


def copy_of_pdf(data: bytes, marks: Iterable[Mark] = (), secrets: Iterable[str] = ()) -> Copy:
    """`secrets`: words that were hidden in the file or must not be in it, beside those under the marks."""
    rows = [[m.page, m.x0, m.y0, m.x1, m.y1] for m in marks]
    made = run("gongkai.files.copies.pdf:copy", data, rows, limits=LIMITS)
    _withstands(made["pdf"], "pdf", [*made["covered"], *secrets], made["visible"])
    return Copy(made["pdf"], "pdf", "application/pdf", tuple(made["drawn"]))


def copy_of_sheet(data: bytes, cells: Iterable[tuple[str, str]] = (), secrets: Iterable[str] = ()) -> Copy:
    """`cells`: (sheet, cell) to cover."""
    made = run("gongkai.files.copies.sheet:visible", data, [list(cell) for cell in cells], limits=LIMITS)
    rebuilt = sheet.rebuilt(made["sheets"])
    _withstands(rebuilt, "xlsx", [*made["covered"], *secrets], made["visible"])
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Copy(rebuilt, "xlsx", media_type, lost=tuple(made["lost"]))


def copy_of_image(data: bytes, marks: Iterable[Mark] = (), secrets: Iterable[str] = ()) -> Copy:
    """JPEG stays JPEG, anything else becomes PNG."""
    made = run("gongkai.files.copies.image:copy", data, [[m.x0, m.y0, m.x1, m.y1] for m in marks], limits=LIMITS)
    _withstands(made, "image", list(secrets), "")
    kind = "jpeg" if made[:2] == b"\xff\xd8" else "png"
    return Copy(made, kind, f"image/{kind}")


def _withstands(data: bytes, kind: str, secrets: Sequence[str], visible: str) -> None:
    finds = run("gongkai.files.copies.attack:attack", data, kind, list(secrets), visible, limits=ATTACK_LIMITS)
    if finds:
        readers = "、".join(dict.fromkeys(reader for reader, _ in finds))
        raise Unreadable(
            "copy-leaks",
            f"处理后的副本没有通过核验（{readers}仍能读出应当遮盖的内容或者读不了副本），没有生成。"
            "请用原来的软件另存为 PDF 后重新上传，或者联系系统管理员。",
            f"{len(finds)} finds",
        )
