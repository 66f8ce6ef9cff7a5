"""Random rectangles on turned, cropped and scaled pages: what is covered is gone, what is away is there.

25 pages by default; GONGKAI_FULL=1 tries 500.
"""

from __future__ import annotations

import io
import os
import random
import string

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name

from gongkai.files.copies.pdf import copy

TRIES = 500 if os.environ.get("GONGKAI_FULL") == "1" else 25
LETTERS = [letter for letter in string.printable[:94] if letter not in "`'\"\\()-_.,:;|!^~"]
#: Its ink lies above the middle of its body: a rectangle over that middle need not touch it.
HIGH = {"*"}
ACROSS, STEP, SIZE = 9, 24.0, 12.0


def page_of_letters(rng: random.Random) -> tuple[bytes, dict[str, tuple[float, float, float, float]]]:
    """A PDF and where each letter stands as displayed, worked out by hand: left, top, right, bottom."""
    rotation, scale = rng.choice([0, 90, 180, 270]), rng.choice([0.6, 1.0, 1.7])
    left, bottom = rng.uniform(-30, 40), rng.uniform(-30, 40)
    crop = (rng.uniform(0, 25), rng.uniform(0, 25))
    rows = -(-len(LETTERS) // ACROSS)
    width, height = scale * STEP * (ACROSS + 2), scale * STEP * (rows + 2)
    media = (left, bottom, left + width + 60, bottom + height + 60)
    box = (left + crop[0], bottom + crop[1], left + crop[0] + width, bottom + crop[1] + height)
    operators, places = [f"q {scale} 0 0 {scale} {box[0]} {box[1]} cm BT /F {SIZE} Tf"], {}
    for n, letter in enumerate(LETTERS):
        x, y = STEP * (1 + n % ACROSS), STEP * (1 + n // ACROSS)
        operators.append(f"1 0 0 1 {x} {y} Tm <{ord(letter):02X}> Tj")
        # A letter of Courier is 0.6 em wide; its ink lies between the base line and 0.75 em.
        x0, y0, x1, y1 = (scale * v for v in (x, y - 0.25 * SIZE, x + 0.6 * SIZE, y + 0.75 * SIZE))
        places[letter] = {
            0: (x0, height - y1, x1, height - y0), 90: (y0, x0, y1, x1),
            180: (width - x1, y0, width - x0, y1), 270: (height - y1, width - x1, height - y0, width - x0),
        }[rotation]  # fmt: skip
    operators.append("ET Q")
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(100, 100))
    page.obj["/MediaBox"], page.obj["/CropBox"] = Array(list(media)), Array(list(box))
    page.obj["/Rotate"] = rotation
    page.obj["/Resources"] = Dictionary(
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
    )
    page.obj["/Contents"] = pdf.make_stream("\n".join(operators).encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue(), places


def texts(data: bytes) -> list[str]:
    shown = pdfium.PdfDocument(data)
    text = shown[0].get_textpage().get_text_range()
    shown.close()
    return [text, pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()]


def away(place, rect) -> bool:
    """More than a point from the rectangle on one side at least."""
    x0, y0, x1, y1 = place
    return x1 < rect[0] - 1 or x0 > rect[2] + 1 or y1 < rect[1] - 1 or y0 > rect[3] + 1


@pytest.mark.parametrize("seed", range(TRIES))
def test_every_covered_letter_is_gone_and_every_other_is_there(seed):
    rng = random.Random(seed)
    data, places = page_of_letters(rng)
    assert all(letter in text for text in texts(data) for letter in LETTERS)
    right, bottom = max(p[2] for p in places.values()), max(p[3] for p in places.values())
    xs = sorted(rng.uniform(-10, right + 10) for _ in range(2))
    ys = sorted(rng.uniform(-10, bottom + 10) for _ in range(2))
    rect = (xs[0], ys[0], xs[1], ys[1])

    made = copy(data, [[1, *rect]])

    assert made["drawn"] == [1]
    middles = {letter: ((p[0] + p[2]) / 2, (p[1] + p[3]) / 2) for letter, p in places.items()}
    gone = {k for k, (x, y) in middles.items() if rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3]} - HIGH
    kept = {letter for letter, place in places.items() if away(place, rect)}
    for text in texts(made["pdf"]):
        assert not gone & set(text)
        assert kept <= set(text)
    shown = pdfium.PdfDocument(made["pdf"])
    picture = shown[0].render(scale=3).to_pil().convert("L")
    for letter in gone | kept:
        x0, y0, x1, y1 = (round(v * 3) for v in places[letter])
        inside = [max(x0, round(rect[0] * 3)), max(y0, round(rect[1] * 3)), min(x1, round(rect[2] * 3)),
                  min(y1, round(rect[3] * 3))] if letter in gone else [x0, y0, x1, y1]  # fmt: skip
        if inside[0] + 2 >= inside[2] or inside[1] + 2 >= inside[3]:
            continue
        least, most = picture.crop((inside[0] + 1, inside[1] + 1, inside[2] - 1, inside[3] - 1)).getextrema()
        assert most < 60 if letter in gone else most - least > 60, (letter, least, most)
    shown.close()
