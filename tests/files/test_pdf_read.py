"""Text of PDF files: lines with their places as displayed, what is not seen by its true name, and pages to look at."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFont

from gongkai.files.parsers.texts import read
from gongkai.files.reading import Reading, read_text
from gongkai.files.refusal import Unreadable
from tests.canaries import pdf as canaries

#: Width of a letter of Courier, in sizes.
WIDE = 0.6


def made(*contents: str, boxes: tuple[float, ...] = (0, 0, 600, 800), turn: int = 0, **keys: Any) -> pikepdf.Pdf:
    """Pages of these contents; `F` is Courier."""
    pdf = pikepdf.new()
    for content in contents:
        page = pdf.add_blank_page(page_size=(600, 800))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
        page.obj["/Resources"] = Dictionary(Font=Dictionary(F=font))
        page.obj["/Contents"] = pdf.make_stream(content.encode("latin-1"))
        page.obj["/CropBox"] = Array(list(boxes))
        page.obj["/Rotate"] = turn
        for key, value in keys.items():
            page.obj[f"/{key}"] = value
    return pdf


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def text(words: str, x: float = 100, y: float = 700, size: float = 12, before: str = "") -> str:
    return f"q {before} BT /F {size} Tf {x} {y} Td ({words}) Tj ET Q\n"


@pytest.fixture
def parsed(tmp_path: Path):
    def parse(pdf: pikepdf.Pdf | bytes) -> dict[str, Any]:
        path = tmp_path / "stored"
        path.write_bytes(pdf if isinstance(pdf, bytes) else saved(pdf))
        return read(str(path), "pdf")

    return parse


def lines(found: dict[str, Any], hidden: str = "") -> list[str]:
    return [words for where, words in found["parts"] if where.get("hidden", "") == hidden]


def is_near(rect: list[float], wanted: tuple[float, float, float, float]) -> bool:
    return all(abs(a - b) <= 4 for a, b in zip(rect, wanted, strict=True))


# In user space the line reaches from (100, 700) over 5 letters of 12 points, some 9 points up and 3 down.
@pytest.mark.parametrize(
    ("turn", "wanted"),
    [
        (0, (50, 91, 86, 103)),
        (90, (597, 50, 609, 86)),
        (180, (434, 597, 470, 609)),
        (270, (91, 434, 103, 470)),
    ],
)
def test_a_line_stands_where_it_is_displayed(parsed, turn: int, wanted: tuple[float, float, float, float]) -> None:
    found = parsed(made(text("WORDS"), boxes=(50, 100, 570, 800), turn=turn))
    [(where, words)] = found["parts"]
    assert (words, where["page"]) == ("WORDS", 1)
    x0, y0, x1, y1 = where["rect"]
    assert is_near([x0, y0, x1, y1], wanted), where["rect"]
    assert found["scans"] == []


def test_boxes_may_be_told_from_any_corner(parsed) -> None:
    found = parsed(made(text("WORDS"), boxes=(570, 800, 50, 100), MediaBox=Array([0, 800, 600, 0])))
    [(where, words)] = found["parts"]
    assert words == "WORDS"
    assert is_near(where["rect"], (50, 91, 86, 103)), where["rect"]


def test_each_line_is_a_part_and_one_that_is_drawn_in_pieces_is_one(parsed) -> None:
    found = parsed(made(text("138001") + text("38000", x=100 + 6 * 12 * WIDE) + text("second", y=680), text("third")))
    assert [(where["page"], words) for where, words in found["parts"]] == [
        (1, "13800138000"),
        (1, "second"),
        (2, "third"),
    ]
    assert is_near(found["parts"][0][0]["rect"], (100, 91, 100 + 11 * 12 * WIDE, 103))
    assert found["count"] == 2


def test_what_is_covered_in_the_middle_of_a_line_is_a_part_of_its_own(parsed) -> None:
    box = f"0 g {100 + 4 * 7.2:.1f} 695 {11 * 7.2:.1f} 15 re f\n"
    found = parsed(made(text("Tel 13800138000 end") + box))
    assert lines(found) == ["Tel end"]
    assert lines(found, "covered_text") == ["13800138000"]
    [where] = [where for where, _ in found["parts"] if where.get("hidden")]
    assert is_near(where["rect"], (128.8, 91, 208, 103)), where["rect"]


@pytest.mark.parametrize(
    ("content", "hidden"),
    [
        ("0 g 80 680 300 40 re f " + text("SECRET", before="1 g"), ""),  # white on black is seen
        (text("SECRET", before="1 g"), "hidden_text"),
        (text("SECRET", before="0.98 g"), "hidden_text"),
        ("0 g 80 680 300 40 re f " + text("SECRET"), "covered_text"),  # black on black
        (text("SECRET", before="3 Tr"), "hidden_text"),
        (text("SECRET", x=-300), "off_page"),
        (text("SECRET", before="0 0 10 10 re W n"), "hidden_text"),
        (text("SECRET", size=0.2), "hidden_text"),
        (text("SECRET") + "1 g 80 680 300 40 re f", "covered_text"),
        (text("SECRET") + "q 0.5 g /G gs 80 680 300 40 re f Q", ""),  # seen through
    ],
)
def test_what_is_seen(parsed, content: str, hidden: str) -> None:
    pdf = made(content)
    pdf.pages[0].obj["/Resources"]["/ExtGState"] = Dictionary(G=Dictionary(ca=0.4))
    found = parsed(pdf)
    assert [(where.get("hidden", ""), words) for where, words in found["parts"]] == [(hidden, "SECRET")]


def test_what_an_annotation_shows_is_seen_and_what_it_says_beside_is_not(parsed) -> None:
    pdf = made(text("BODY"))
    look = pdf.make_stream(
        b"BT /F 12 Tf 2 5 Td (FILLED) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 20]),
    )  # fmt: skip
    look["/Resources"] = pdf.pages[0].obj["/Resources"]
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("telephone"), V=String("FILLED"), F=4,
        Rect=Array([200, 400, 300, 420]), AP=Dictionary(N=look),
    )  # fmt: skip
    held = pdf.make_indirect(field)
    pdf.pages[0].obj["/Annots"] = Array([held])
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([held]))
    found = parsed(pdf)
    assert lines(found) == ["BODY", "FILLED"]
    assert lines(found, "form_field") == ["telephone"]
    [place] = [where["rect"] for where, words in found["parts"] if words == "FILLED"]
    assert is_near(place, (202, 386, 245, 398)), place


def test_a_box_put_over_the_text_as_an_annotation_covers_it(parsed) -> None:
    pdf = made(text("SECRET"))
    look = pdf.make_stream(b"0 g 0 0 200 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 30]))
    box = Dictionary(
        Type=Name.Annot, Subtype=Name.Square, F=4, Rect=Array([90, 690, 290, 720]), AP=Dictionary(N=look)
    )  # fmt: skip
    pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(box)])
    assert lines(parsed(pdf), "covered_text") == ["SECRET"]


def test_words_said_for_the_blind_do_not_stand_for_what_is_drawn(parsed) -> None:
    found = parsed(made("/Span << /ActualText (SPOKEN) >> BDC\n" + text("DRAWN") + "EMC\n"))
    assert lines(found) == ["DRAWN"]
    assert lines(found, "alt_text") == ["SPOKEN"]


def test_earlier_revisions_are_told_by_what_is_new_in_them(parsed) -> None:
    found = parsed(canaries.earlier_revision("GONE"))
    assert lines(found) == [canaries.SHOWN]
    [where] = [where for where, words in found["parts"] if words == "GONE"]
    assert (where["hidden"], where["page"], where["member"]) == ("earlier_revision", 1, "revision 1")


def test_an_attached_file_is_read_by_its_own_parser(parsed) -> None:
    pdf = made(text("BODY"))
    inside = saved(made(text("INSIDE")))
    pdf.attachments["list.pdf"] = pikepdf.AttachedFileSpec(pdf, inside, filename="list.pdf")
    found = parsed(pdf)
    assert lines(found) == ["BODY"]
    assert [(where["member"], words) for where, words in found["parts"] if words == "INSIDE"] == [
        ("list.pdf", "INSIDE")
    ]
    pdf.attachments["locked.pdf"] = pikepdf.AttachedFileSpec(
        pdf, saved(made(""), encryption=pikepdf.Encryption(owner="a", user="b")), filename="locked.pdf"
    )
    with pytest.raises(Unreadable) as refused:
        parsed(pdf)
    assert refused.value.code == "encrypted"


def test_strings_of_chinese_systems_are_read(parsed) -> None:
    pdf = made("")
    pdf.docinfo["/Author"] = String("张三")
    pdf.docinfo["/Keywords"] = pikepdf.String("李四的名单".encode("gb18030"))
    assert sorted(lines(parsed(pdf), "properties")) == sorted(["张三", "李四的名单"])


@pytest.mark.parametrize("owner_only", [True, False])
def test_encrypted_files_are_refused(parsed, owner_only: bool) -> None:
    locked = saved(made(text("x")), encryption=pikepdf.Encryption(owner="a", user="" if owner_only else "b"))
    with pytest.raises(Unreadable) as refused:
        parsed(locked)
    assert refused.value.code == "encrypted"
    assert "请" in refused.value.sentence


# Pages to look at -------------------------------------------------------------------------------------------------


def scan(words: str, size: tuple[int, int] = (1000, 500)) -> Image.Image:
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).text((60, 100), words, font=ImageFont.load_default(size=48), fill=10)
    return picture


def with_picture(pdf: pikepdf.Pdf, picture: Image.Image, matrix: str, page: int = 0, over: str = "") -> pikepdf.Pdf:
    held = pdf.make_stream(picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=picture.width)
    held["/Height"], held["/ColorSpace"], held["/BitsPerComponent"] = picture.height, Name.DeviceGray, 8
    owner = pdf.pages[page].obj
    owner["/Resources"]["/XObject"] = Dictionary(I=held)
    before = bytes(owner["/Contents"].read_bytes())
    owner["/Contents"] = pdf.make_stream(before + f"q {matrix} cm /I Do Q\n{over}".encode())
    return pdf


def test_which_pages_must_be_looked_at(parsed) -> None:
    whole = "600 0 0 800 0 0"
    blank = Image.new("L", (300, 400), 250)
    grid = "".join(f"100 {100 + 20 * n} 400 20 re S\n" for n in range(25))
    curves = "".join(
        f"{n} 300 m {n} 320 {n + 5} 330 {n + 9} 300 c {n + 5} 290 {n} 280 {n} 300 c f\n" for n in range(60, 560, 12)
    )
    assert parsed(made(""))["scans"] == []
    assert parsed(made(text("BODY") + grid))["scans"] == []
    assert parsed(with_picture(made(""), blank, whole))["scans"] == []
    assert parsed(with_picture(made(""), scan("PRINTED"), whole))["scans"] == [{"page": 1, "must": True}]
    assert parsed(with_picture(made(text("BODY")), scan("PRINTED"), "500 0 0 400 50 200"))["scans"] == [
        {"page": 1, "must": True}
    ]
    small = scan("PRINTED", (400, 200))
    assert parsed(with_picture(made(text("BODY")), small, "160 0 0 80 50 20"))["scans"] == [{"page": 1, "must": False}]
    assert parsed(with_picture(made(text("BODY")), scan("PRINTED"), "9 0 0 6 50 20"))["scans"] == []
    assert parsed(made(curves))["scans"] == [{"page": 1, "must": True}]


def test_a_scan_with_its_recognised_text_over_it_is_read_from_that(parsed) -> None:
    """The invisible text lies on the ink of the picture: it is seen, and there is nothing left to look at."""
    picture = "600 0 0 300 0 400"
    x0, y0, x1, y1 = ImageFont.load_default(size=48).getbbox("PRINTED")
    wide = 100 * (x1 - x0) / (7 * WIDE * 48)
    layer = text("PRINTED", x=0.6 * (60 + x0), y=700 - 0.6 * (100 + y1), size=28.8, before=f"3 Tr {wide:.1f} Tz")
    found = parsed(with_picture(made(""), scan("PRINTED"), picture, over=layer))
    assert lines(found) == ["PRINTED"]
    assert found["scans"] == []
    beside = text("OTHER", x=36, y=200, size=28.8, before="3 Tr")
    found = parsed(with_picture(made(""), scan("PRINTED"), picture, over=beside))
    assert lines(found, "hidden_text") == ["OTHER"]
    assert found["scans"] == [{"page": 1, "must": True}]


def test_a_scanned_page_is_read_with_its_places(tmp_path: Path) -> None:
    """Turned by a quarter, with a margin cut off: the picture stands upright on the page as displayed."""
    pdf = with_picture(made("", text("page two")), scan("13800138000"), "600 0 0 300 0 400")
    upright = scan("13800138000").rotate(90, expand=True)
    pdf = with_picture(pdf, upright, "300 0 0 600 200 100", page=0)
    pdf.pages[0].obj["/Rotate"] = 90
    pdf.pages[0].obj["/CropBox"] = Array([100, 0, 600, 800])
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"q 300 0 0 600 200 100 cm /I Do Q\n")
    path = tmp_path / "stored"
    path.write_bytes(saved(pdf))
    reading = read_text(path, "pdf")
    assert isinstance(reading, Reading)
    first, second = reading.parts
    assert (first.text, first.where["page"], first.where["ocr"], first.hidden) == ("13800138000", 1, True, "")
    x0, y0, x1, y1 = first.where["rect"]
    # Displayed: x is user y, y is user x - 100; the picture's points are 0.6 of a point, from (100, 100) on.
    assert abs(x0 - (100 + 60 * 0.6)) < 12 and abs(y0 - (100 + 105 * 0.6)) < 15, first.where["rect"]
    assert 150 < x1 - x0 < 230 and 15 < y1 - y0 < 60
    assert (second.text, second.where["page"]) == ("page two", 2)
    assert reading.seen == "13800138000\npage two"
    assert reading.warnings == ()
