"""Scanned pages and pictures: what is left can be searched, what is covered is not read again, by nobody."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from gongkai.files.copies import Line, Mark, copy_of_image, copy_of_pdf
from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.glyphs import glyphs_of, view_of
from gongkai.files.copies.making import Base, lines_of, made_copy, page_sizes
from gongkai.files.copies.pdf import copy
from gongkai.files.copies.places import places_of
from gongkai.files.copies.recognised_lines import letters_of, still_read, under
from gongkai.files.memory import as_path
from gongkai.files.reading import read_text
from gongkai.files.refusal import Unreadable

PHONE = "13987654321"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
recogniser = pytest.mark.skipif(
    find_spec("rapidocr") is None or not FONT.exists(), reason="no recogniser, or no Chinese font, on this machine"
)


def blank_scan(rotation: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    """A page of one grey picture and no text, 300 × 200 points."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    picture = pdf.make_stream(b"\xee" * 600, Type=Name.XObject, Subtype=Name.Image, Width=30, Height=20)
    picture["/ColorSpace"], picture["/BitsPerComponent"] = Name.DeviceGray, 8
    page.obj["/Resources"] = Dictionary(XObject=Dictionary(P=picture))
    # A picture that reaches beyond what is shown would make it a drawn page.
    page.obj["/Contents"] = pdf.make_stream(b"q 240 0 0 160 30 20 cm /P Do Q")
    page.obj["/Rotate"] = rotation
    if crop:
        page.obj["/CropBox"] = Array(list(crop))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def words_of(data: bytes) -> str:
    shown = pdfium.PdfDocument(data)
    text = shown[0].get_textpage().get_text_range()
    shown.close()
    return text


def test_letters_share_their_line():
    glyphs = letters_of(Rect(0, 0, 60, 10), "电话12", 3)
    assert [(g.letter, g.place.x0, g.place.x1, g.line) for g in glyphs] == [
        ("电", 0, 20, 3), ("话", 20, 40, 3), ("1", 40, 50, 3), ("2", 50, 60, 3),
    ]  # fmt: skip


def test_what_lies_under_a_mark_and_what_is_left():
    lines = [(Rect(0, 0, 60, 10), "电话12"), (Rect(0, 20, 60, 30), "另一行字")]
    assert under(lines, [Rect(38, 0, 60, 10)]) == (["12"], ["电话", "另一行字"])
    assert under(lines, []) == ([], ["电话12", "另一行字"])


def test_a_word_counts_as_read_again_from_half_of_it_on_and_beside_its_mark_only():
    mark = [Rect(100, 0, 200, 20)]
    assert still_read([(Rect(150, 0, 240, 20), "654321")], mark, [PHONE]) == [PHONE]
    assert still_read([(Rect(150, 0, 240, 20), "4321")], mark, [PHONE]) == []
    assert still_read([(Rect(0, 100, 90, 120), PHONE)], mark, [PHONE]) == []
    assert still_read([(Rect(150, 0, 240, 20), "乙丙丁")], mark, ["乙丙丁"]) == []  # three letters say nothing


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20, 10, 280, 190)])
def test_a_scanned_page_that_is_kept_gets_its_words_at_their_places(rotation, crop):
    data = blank_scan(rotation, crop)
    line = [1, 30, 40, 150, 52, "何求真补贴公示"]

    made = copy(data, [], False, [line])

    assert made["drawn"] == []
    shown = pdfium.PdfDocument(made["pdf"])
    view = view_of(shown[0])
    glyphs = list(glyphs_of(shown[0], view))
    shown.close()
    assert "".join(g.letter for g in glyphs if not g.is_blank) == line[5]
    wanted = letters_of(Rect(*line[1:5]), line[5])
    for glyph, place in zip((g for g in glyphs if not g.is_blank), (g.place for g in wanted), strict=True):
        assert all(abs(a - b) < 1.5 for a, b in zip(glyph.place, place, strict=True))
    assert line[5] in "".join(pypdf.PdfReader(io.BytesIO(made["pdf"])).pages[0].extract_text().split())


def test_of_a_covered_line_only_the_rest_can_be_searched():
    text = f"联系电话{PHONE}转办"
    made = copy(blank_scan(), [[1, 73.3, 38, 146.3, 54]], False, [[1, 20, 40, 173, 52, text]])
    assert made["drawn"] == [1]
    assert made["covered"] == [PHONE]
    assert "".join(made["visible"].split()) == "联系电话转办"
    assert "".join(words_of(made["pdf"]).split()) == "联系电话转办"


def test_a_recognised_word_under_a_mark_is_a_secret_of_the_attack():
    """Were the rest of the text layer to hold it, no copy would go out."""
    from gongkai.files.copies import attack

    made = copy(blank_scan(), [], False, [[1, 20, 40, 173, 52, f"电话{PHONE}"]])
    finds = attack.attack(made["pdf"], "pdf", [], "电话", [PHONE], [1])
    assert {reader for reader, _ in finds} >= {"PDFium", "pypdf", "pdfminer"}


# with a recogniser


def scan(kind: str = "PNG") -> bytes:
    """Writing as a scanner gives it: two lines, the second with a telephone number."""
    picture = Image.new("RGB", (1240, 500), "white")
    font = ImageFont.truetype(str(FONT), 44)
    pen = ImageDraw.Draw(picture)
    pen.text((120, 120), "关于何求真等人补贴名单的公示", font=font, fill="black")
    pen.text((120, 260), f"联系电话{PHONE}欢迎监督", font=font, fill="black")
    out = io.BytesIO()
    picture.save(out, kind, resolution=150)
    return out.getvalue()


def reading_of(data: bytes, kind: str):
    with as_path(data, f".{kind}") as path:
        return read_text(path, kind)


@recogniser
@pytest.mark.parametrize(("kind", "name"), [("PDF", "pdf"), ("PNG", "png")])
def test_a_scan_goes_out_without_its_number_and_with_its_other_words(kind, name):
    base = Base(scan(kind), name)
    reading = reading_of(base.data, name)
    lines = lines_of(reading)
    assert [line.text for line in lines] == ["关于何求真等人补贴名单的公示", f"联系电话{PHONE}欢迎监督"]
    at = reading.text.index(PHONE)
    [places] = places_of(base.data, name, reading, [[(at, at + 11)]])
    width, height = page_sizes(base)[0]
    assert all(0 <= p["rect"][0] < p["rect"][2] <= width and p["rect"][3] <= height for p in places)

    made = made_copy(base, places, [], lines)

    again = reading_of(made.data, made.kind)
    said = "".join(again.text.split())
    assert (
        "关于何求真等人补贴名单的公示" in said and PHONE not in said and PHONE[:7] not in said and PHONE[4:] not in said
    )
    assert "联系电" in said and "迎监督" in said
    if name == "pdf":
        assert "关于何求真等人补贴名单的公示" in "".join(words_of(made.data).split())


@recogniser
@pytest.mark.parametrize(("kind", "make"), [("PDF", copy_of_pdf), ("PNG", copy_of_image)])
def test_a_mark_that_leaves_most_of_the_number_open_makes_no_copy(kind, make):
    """The line is told to stand above where it does: the mark covers what is said to be the number, not the number."""
    scale = 72 / 150 if kind == "PDF" else 1
    line = Line(1, Rect(*(v * scale for v in (120, 200, 860, 262))), f"联系电话{PHONE}欢迎监督")
    mark = Mark(1, *(v * scale for v in (300, 225, 570, 262)))
    with pytest.raises(Unreadable) as refused:
        make(scan(kind), [mark], [], [line])
    assert refused.value.code == "copy-leaks" and "文字识别" in refused.value.sentence
