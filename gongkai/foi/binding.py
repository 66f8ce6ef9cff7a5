"""Papers from outside made into plain pages, and pages bound into one numbered file.

Both functions parse what others made; they are run by name in the child process of `files.sandbox`, never called.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from PIL import Image, ImageOps

A4 = (595.276, 841.89)  # points
MARGIN = 42.5  # 15 mm
#: The number stands here, from the upper right corner of a page as it is seen: width, height, distances in points.
STAMP = (110.0, 20.0, 28.0, 22.0)
_DROPPED = ("/AA", "/Annots", "/B", "/Metadata", "/PieceInfo", "/Tabs", "/TemplateInstantiated", "/StructParents")


def plain_pages(data: bytes, kind: str) -> dict[str, Any]:
    """`{"pdf", "pages"}` of a PDF or an image (png, jpeg, gif): what is seen of it, without scripts, links, fields."""
    if kind == "pdf":
        return _plain_pdf(data)
    return _pictured(data)


def bound(pieces: list[bytes], stamps: bytes) -> bytes:
    """All pieces as one PDF, page n bearing page n of `stamps` in its corner."""
    whole = pikepdf.new()
    for piece in pieces:
        with pikepdf.open(io.BytesIO(piece)) as part:
            whole.pages.extend(part.pages)
    with pikepdf.open(io.BytesIO(stamps)) as numbers:
        for page, number in zip(whole.pages, numbers.pages, strict=True):
            page.add_overlay(number, _corner(page))
    return _saved(whole)


def _plain_pdf(data: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(data)) as source:
        source.flatten_annotations()  # stamps and filled fields stay as they are seen
        kept = pikepdf.new()
        for page in source.pages:
            for name in _DROPPED:
                if name in page.obj:
                    del page.obj[name]
        kept.pages.extend(source.pages)
        return {"pdf": _saved(kept), "pages": len(kept.pages)}


def _pictured(data: bytes) -> dict[str, Any]:
    """The first frame, upright, on white, as large as an A4 page allows and never larger than at 96 dots per inch."""
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image)
        flat = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        flat.paste(seen, mask=seen.getchannel("A"))
    paper = A4 if flat.width <= flat.height else (A4[1], A4[0])
    room = (paper[0] - 2 * MARGIN, paper[1] - 2 * MARGIN)
    scale = min(room[0] / flat.width, room[1] / flat.height, 72 / 96)
    width, height = flat.width * scale, flat.height * scale
    drawn = io.BytesIO()
    flat.save(drawn, "PDF", resolution=72, quality=90)
    kept = pikepdf.new()
    kept.add_blank_page(page_size=paper)
    left, bottom = (paper[0] - width) / 2, (paper[1] - height) / 2
    with pikepdf.open(io.BytesIO(drawn.getvalue())) as picture:
        kept.pages[0].add_overlay(picture.pages[0], pikepdf.Rectangle(left, bottom, left + width, bottom + height))
    return {"pdf": _saved(kept), "pages": 1}


def _corner(page: pikepdf.Page) -> pikepdf.Rectangle:
    """Where the upper right corner of the page as it is seen lies on the sheet, which may be turned."""
    box = [float(side) for side in page.cropbox]
    left, bottom, right, top = min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
    width, height, beside, above = STAMP
    turned = int(page.obj.get("/Rotate", 0)) % 360
    if turned == 90:
        return pikepdf.Rectangle(left + above, top - beside - width, left + above + height, top - beside)
    if turned == 180:
        return pikepdf.Rectangle(left + beside, bottom + above, left + beside + width, bottom + above + height)
    if turned == 270:
        return pikepdf.Rectangle(right - above - height, bottom + beside, right - above, bottom + beside + width)
    return pikepdf.Rectangle(right - beside - width, top - above - height, right - beside, top - above)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
