"""Copies of files for everybody: what is covered is gone, what was hidden stays behind, and the copy was attacked.

Everything that touches a foreign byte runs in the sandbox. A copy that gives anything away, or that a reader cannot
read, is no copy: `Unreadable` is raised and nothing is handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.files.copies import sheet
from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.recognised_lines import touched
from gongkai.files.memory import as_path
from gongkai.files.reading import read_text
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, not_started, run

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

    @property
    def rect(self) -> Rect:
        return Rect(min(self.x0, self.x1), min(self.y0, self.y1), max(self.x0, self.x1), max(self.y0, self.y1))

    @property
    def row(self) -> list[float]:
        return [self.page, self.x0, self.y0, self.x1, self.y1]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was recognised in a picture or on a scanned page; places as in `Mark`."""

    page: int
    rect: Rect
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes to hand out. `drawn`: pages that became pictures; `lost`: what could be seen and is not in the copy."""

    data: bytes
    kind: str
    media_type: str
    drawn: tuple[int, ...] = ()
    lost: tuple[str, ...] = ()


def copy_of_pdf(
    data: bytes, marks: Iterable[Mark] = (), secrets: Iterable[str] = (), lines: Iterable[Line] = ()
) -> Copy:
    """`secrets`: words that were hidden in the file or must not be in it, beside those under the marks.

    `lines`: what was recognised on scanned pages; what is left of it can be searched in the copy.
    """
    marks, lines = list(marks), list(lines)
    rows = [mark.row for mark in marks]
    told = [[line.page, *line.rect, line.text] for line in lines]
    made = run("gongkai.files.copies.pdf:copy", data, rows, False, told, limits=LIMITS)
    hidden = [*made["unseen"], *secrets]
    withstands(made["pdf"], "pdf", hidden, made["visible"], made["covered"], made["drawn"], rows)
    read_again(made["pdf"], "pdf", marks, lines)
    return Copy(made["pdf"], "pdf", "application/pdf", tuple(made["drawn"]))


def copy_of_sheet(data: bytes, cells: Iterable[tuple[str, str]] = (), secrets: Iterable[str] = ()) -> Copy:
    """`cells`: (sheet, cell) to cover; an empty cell means the name of the sheet."""
    with as_path(data, ".xlsx") as path:
        reading = read_text(path, "xlsx")
    seen = [[p.where["sheet"], p.where["cell"]] for p in reading.parts if "cell" in p.where and not p.hidden]
    made = run("gongkai.files.copies.sheet:visible", data, [list(cell) for cell in cells], seen, limits=LIMITS)
    try:
        rebuilt, usual = sheet.rebuilt(made["sheets"]), sheet.blank()
    except OSError as error:  # sheets are written to a folder for a moment; it may be full
        raise not_started(repr(error)) from None
    withstands(rebuilt, "xlsx", [*made["covered"], *secrets], made["visible"], usual=usual)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Copy(rebuilt, "xlsx", media_type, lost=tuple(made["lost"]))


def copy_of_image(
    data: bytes, marks: Iterable[Mark] = (), secrets: Iterable[str] = (), lines: Iterable[Line] = ()
) -> Copy:
    """JPEG stays JPEG, anything else becomes PNG. `lines`: what was recognised in it."""
    marks, lines = list(marks), list(lines)
    rects = [mark.rect for mark in marks]
    rects += touched([(line.rect, line.text) for line in lines], rects)
    made = run("gongkai.files.copies.image:copy", data, [list(rect) for rect in rects], limits=LIMITS)
    picture, frames = made["data"], made["frames"]
    kind = "jpeg" if picture[:2] == b"\xff\xd8" else "png"
    # Nothing in the bytes of a picture may spell anything; what it shows is read again below.
    withstands(picture, "image", [*secrets, *(line.text for line in lines)], "", marks=[mark.row for mark in marks])
    read_again(picture, kind, marks, lines)
    lost = (f"动图只保留第一幅画面，其余 {frames - 1} 幅没有带入。",) if frames > 1 else ()
    return Copy(picture, kind, f"image/{kind}", lost=lost)


def copy_of_text(data: bytes, kind: str, stretches: Iterable[tuple[int, int]], secrets: Iterable[str] = ()) -> Copy:
    """`kind`: txt or csv; `stretches`: (start, end) of the text to cover. UTF-8, as spreadsheets take it for .csv."""
    made = run("gongkai.files.copies.plain:copy", data, kind, [list(s) for s in stretches], limits=LIMITS)
    written = made["text"].encode("utf-8-sig" if kind == "csv" else "utf-8")
    withstands(written, "text", secrets, made["visible"], made["covered"])
    return Copy(written, kind, f"text/{'csv' if kind == 'csv' else 'plain'}")


def withstands(
    data: bytes, kind: str, hidden: Iterable[str], visible: str, covered: Sequence[str] = (),
    drawn: Sequence[int] = (), marks: Sequence[Sequence[float]] = (), usual: bytes = b"",
) -> None:  # fmt: skip
    """Raises `Unreadable` where a reader gets anything out of the copy (see `attack`)."""
    finds: list[list[str]] = run(
        "gongkai.files.copies.attack:attack", data, kind, list(hidden), visible, list(covered), list(drawn),
        [list(mark) for mark in marks], usual, limits=ATTACK_LIMITS,
    )  # fmt: skip
    _refuse([reader for reader, _ in finds])


def read_again(data: bytes, kind: str, marks: Sequence[Mark], lines: Sequence[Line]) -> None:
    """Raises `Unreadable` where covered writing can still be recognised on a page that was a picture."""
    from gongkai.files.copies.recognise import recognised_beside  # noqa: PLC0415 -- for scans alone

    _refuse(["文字识别"] * len(recognised_beside(data, kind, marks, lines)))


def _refuse(readers: Sequence[Any]) -> None:
    if readers:
        raise Unreadable(
            "copy-leaks",
            f"处理后的副本没有通过核验（{'、'.join(dict.fromkeys(readers))}仍能读出应当遮盖的内容或者读不了副本），没有生成。"
            "请用原来的软件另存为 PDF 后重新上传，或者联系系统管理员。",
            f"{len(readers)} finds",
        )
