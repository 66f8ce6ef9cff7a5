"""Writing in pictures: pages of a PDF without text, photographs, pictures within documents. Runs in the sandbox.

The recogniser and its models come with the package `rapidocr`; nothing is fetched. One call looks at one picture, so
that each has limits of its own.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from gongkai.files.archive import damaged, open_directory
from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.glyphs import view_of
from gongkai.files.parsers.parts import Found
from gongkai.files.refusal import Unreadable

os.environ.update(OMP_NUM_THREADS="1")
if sys.modules.get("numpy", os) is None:  # kept from parsers that need it for nothing; this one cannot do without
    del sys.modules["numpy"]
try:
    import cv2
    import numpy
    import rapidocr
except ImportError:
    rapidocr = None  # type: ignore[assignment]

#: [M] Print of six points is still read at 200 dpi; the recogniser makes anything longer than 2,000 points smaller.
_MOST_DPI = 200
LONGEST = 2_000
MOST_PIXELS = 60_000_000
#: [M] Below it a line is taken as not read (scores go from 0 to 1; print has 0.95 and more).
_READ = 0.6
#: [M] Share of the lines' area that may be unread before the picture counts as one that cannot be read.
_MOST_UNREAD = 0.4
#: Points of the longer side, and levels of grey, to look for lines the recogniser has not found.
_COARSE, _FAINT = 1_000, 24
#: More threads cost more time of the processor on a page (3.2 for 2.5 seconds) and gain nothing on a busy machine.
_THREADS = 1
_engine: Any = None


def look(path: str, kind: str, scan: Mapping[str, Any]) -> dict[str, Any]:
    """`{"parts", "warnings"}` of one picture. `scan`: `where` for its parts, `must` (it cannot be passed unread), and
    `page` (PDF), `frame` (pictures) or `member` (packages) with the `matrix` that takes the unit square to the page.
    """
    if rapidocr is None:
        raise Unreadable(
            "ocr-missing",
            "无法完整检查：文件里有扫描的页面或图片，系统没有安装文字识别组件。请换成带文字的文件，或者联系系统管理员安装。",
        )
    parts: list[Found] = []
    unread: list[float] = []
    area = 0.0
    paper = False
    for picture, matrix, code in _pictures(path, kind, scan):
        paper = paper or _is_paper(picture)
        lines = _lines(picture)
        missed = _missed(picture, [box for box, _, _ in lines]) if scan.get("must") and not code else []
        unread += missed
        area += sum(missed)
        for box, text, score in lines:
            area += box.area
            if score < _READ or not text.strip():
                unread.append(box.area)
                continue
            rect = _on_the_page(matrix, box, picture)
            hidden = {"hidden": code} if code else {}
            parts.append(({**scan["where"], "rect": [round(v, 2) for v in rect], "ocr": True, **hidden}, text))
    parts = _without_twins(parts)
    if paper and scan.get("must") and len(unread) > 1 and sum(unread) > _MOST_UNREAD * area:
        raise Unreadable(
            "ocr-unsure",
            "无法完整检查：扫描的页面或图片太模糊，文字认不出来。请用 300 dpi 重新扫描，或者换成带文字的文件。",
            f"{len(unread)} of {len(unread) + len(parts)} lines",
        )
    return {"parts": [[where, text] for where, text in parts], "unread": len(unread)}


def _on_the_page(matrix: Sequence[float], box: Rect, picture: Image.Image) -> Rect:
    a, b, c, d, e, f = matrix
    corners = [(x / picture.width, y / picture.height) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    xs, ys = [a * u + c * v + e for u, v in corners], [b * u + d * v + f for u, v in corners]
    return Rect(min(xs), min(ys), max(xs), max(ys))


# Pictures ---------------------------------------------------------------------------------------------------------


def _pictures(path: str, kind: str, scan: Mapping[str, Any]) -> Iterator[tuple[Image.Image, Sequence[float], str]]:
    """Each with the matrix of its place in the units of the file, and the code of what hides it."""
    if kind == "pdf":
        yield _page(path, scan["page"])
        return
    if "member" in scan:
        data = open_directory(Path(path).read_bytes()).read(scan["member"], 20 * 1024 * 1024)
    else:
        data = Path(path).read_bytes()
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unreadable("too-many-pixels", "图片的像素太多，系统不能逐点检查。请缩小后再上传。")
            opened.seek(scan.get("frame", 0))
            turned = opened if "matrix" in scan else ImageOps.exif_transpose(opened)
            matrix = scan.get("matrix", (turned.width, 0, 0, turned.height, 0, 0))
            yield from ((picture, matrix, code) for picture, code in _layers(turned))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise damaged(repr(error)) from None


def _page(path: str, number: int) -> tuple[Image.Image, Sequence[float], str]:
    shown = pdfium.PdfDocument(path)
    shown.init_forms()
    page = shown[number - 1]
    view = view_of(page)
    scale = min(_MOST_DPI / 72, LONGEST / max(view.width, view.height, 1))
    picture = page.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil().convert("RGB")
    return picture, (view.width, 0, 0, view.height, 0, 0), ""


def _layers(picture: Image.Image) -> Iterator[tuple[Image.Image, str]]:
    """The picture on white; and, where some of it is transparent, what its points hold whether they show or not."""
    if picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info:
        full = picture.convert("RGBA")
        white = Image.new("RGBA", full.size, "white")
        yield Image.alpha_composite(white, full).convert("RGB"), ""
        alpha: Any = full.getchannel("A").getextrema()
        if alpha[0] < 255:
            yield full.convert("RGB"), "hidden_text"
    else:
        yield picture.convert("RGB"), ""


def _is_paper(picture: Image.Image) -> bool:
    """Is it writing on an even ground, not a photograph? Half of it is of about one brightness."""
    small = picture.convert("L").resize((128, 128), Image.Resampling.BOX).histogram()
    return max(sum(small[at : at + 32]) for at in range(0, 225, 8)) >= 128 * 128 / 2


# Lines ------------------------------------------------------------------------------------------------------------


def _lines(picture: Image.Image) -> list[tuple[Rect, str, float]]:
    """Boxes in points of the picture, from top to bottom, with the text and how sure it is."""
    found = []
    for x, y, tile in _tiles(picture):
        factor = min(1.0, LONGEST / max(tile.size))
        if factor < 1:
            small = (max(int(tile.width * factor), 1), max(int(tile.height * factor), 1))
            tile = tile.resize(small, Image.Resampling.LANCZOS)
        told = _recogniser()(numpy.asarray(tile)[:, :, ::-1])
        for corners, text, score in zip(_given(told.boxes), _given(told.txts), _given(told.scores), strict=True):
            xs, ys = [float(c[0]) / factor + x for c in corners], [float(c[1]) / factor + y for c in corners]
            found.append((Rect(min(xs), min(ys), max(xs), max(ys)), str(text), float(score)))
    return found


def _missed(picture: Image.Image, boxes: Sequence[Rect]) -> list[float]:
    """Areas of dark bands that have the form of a line of writing and were not found: print out of focus."""
    grey = picture.convert("L")
    factor = min(1.0, _COARSE / max(grey.size))
    grey = grey.resize((max(int(grey.width * factor), 1), max(int(grey.height * factor), 1)), Image.Resampling.BOX)
    paper = max(range(256), key=grey.histogram().__getitem__)
    ink = (numpy.abs(numpy.asarray(grey).astype(int) - paper) >= _FAINT).astype("uint8")
    bands = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, 25), "uint8"))
    found = []
    for x, y, width, height, filled in cv2.connectedComponentsWithStats(bands)[2][1:].tolist():
        is_line = 6 <= height <= 60 and width >= 4 * height and 0.4 * width * height <= filled
        lies = Rect(x / factor, y / factor, (x + width) / factor, (y + height) / factor)
        if (
            is_line
            and sum(lies.overlap(box) for box in boxes) < 0.3 * lies.area
            and not _is_even(ink, x, y, width, height)
        ):
            found.append(lies.area)
    return found


def _is_even(ink: Any, x: int, y: int, width: int, height: int) -> bool:
    """A bar of one colour, not writing."""
    return bool(ink[y : y + height, x : x + width].mean() > 0.95)


def _given(values: Any) -> Sequence[Any]:
    return () if values is None else list(values)


def _tiles(picture: Image.Image) -> Iterator[tuple[int, int, Image.Image]]:
    """Long strips (a chat on a telephone) are cut into pieces that overlap: made smaller as a whole they lose all."""
    long, short = max(picture.size), min(picture.size)
    if long <= LONGEST or long < 2.5 * short:
        yield 0, 0, picture
        return
    step = max(min(2 * short, LONGEST), 400)
    for start in range(0, long, step):
        end = min(start + step + step // 5, long)
        if picture.width >= picture.height:
            yield start, 0, picture.crop((start, 0, end, picture.height))
        else:
            yield 0, start, picture.crop((0, start, picture.width, end))
        if end == long:
            return


def _without_twins(parts: Sequence[Found]) -> list[Found]:
    """One of two lines that were read at the same place, in two pieces or in two layers of a picture."""
    kept: list[Found] = []
    for where, text in parts:
        box = Rect(*where["rect"])
        if not any(box.overlap(Rect(*other["rect"])) > 0.6 * box.area for other, _ in kept):
            kept.append((where, text))
    return kept


def _recogniser() -> Any:
    global _engine
    if _engine is None:
        _engine = rapidocr.RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
            }
        )
    return _engine
