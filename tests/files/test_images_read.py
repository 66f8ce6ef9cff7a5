"""Writing in pictures, and what is in their bytes beside it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from PIL.PngImagePlugin import PngInfo

from gongkai.files.parsers import ocr
from gongkai.files.parsers.texts import read
from gongkai.files.reading import Reading, read_texts
from gongkai.files.recognised import MOST_SCANS, Recogniser, with_pictures
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import KINDS
from tests.canaries.office import packed, word

NUMBER = "13800138000"


def drawn(*words: str, size: tuple[int, int] = (900, 400), ink: object = (10, 10, 10), ground: object = "white",
          mode: str = "RGB") -> Image.Image:  # fmt: skip
    picture = Image.new(mode, size, ground)
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(words):
        pen.text((80, 60 + 100 * row), line, font=ImageFont.load_default(size=48), fill=ink)
    return picture


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def turned() -> bytes:
    """A photograph that was taken with the camera on its side."""
    remarks = Image.Exif()
    remarks[0x0112] = 6  # turn it clockwise by a quarter to see it
    return saved(drawn(NUMBER).rotate(90, expand=True), "JPEG", exif=remarks, quality=90)


def transparent() -> bytes:
    """What is seen on white, and what is there although nothing of it shows."""
    picture = drawn("SHOWN WORDS", mode="RGBA", ground=(255, 255, 255, 0), ink=(10, 10, 10, 255))
    ImageDraw.Draw(picture).text((80, 250), NUMBER, font=ImageFont.load_default(size=48), fill=(10, 10, 10, 0))
    return saved(picture, "PNG")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("scan.png", saved(drawn(NUMBER), "PNG"))
    return out.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "jpeg": ("jpeg", turned()),
    "png": ("png", transparent()),
    "gif": ("gif", saved(drawn("FIRST 11111"), "GIF", save_all=True, append_images=[drawn("SECOND 22222")], duration=500)),
    "blurred": ("png", saved(drawn(*["Applicant of the example road"] * 4, size=(900, 500)).filter(ImageFilter.GaussianBlur(7)), "PNG")),
    "blank": ("png", saved(Image.new("RGB", (500, 300), "white"), "PNG")),
    "document": ("docx", packed(word() | {"word/media/image1.png": saved(drawn(NUMBER), "PNG")})),
    "archive": ("zip", zipped()),
}  # fmt: skip


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading | Unreadable]:
    folder = tmp_path_factory.mktemp("pictures")
    files = []
    for name, (kind, data) in FILES.items():
        path: Path = folder / name
        path.write_bytes(data)
        files.append((path, kind))
    return dict(zip(FILES, read_texts(files), strict=True))


def seen(reading: Reading | Unreadable) -> list[str]:
    assert isinstance(reading, Reading), reading.sentence
    return [part.text.replace(" ", "") for part in reading.parts if not part.hidden]


def test_a_photograph_is_read_as_it_is_displayed(readings: dict[str, Reading | Unreadable]) -> None:
    reading = readings["jpeg"]
    assert isinstance(reading, Reading)
    assert seen(reading) == [NUMBER]
    [part] = [part for part in reading.parts if not part.hidden]
    x0, y0, x1, y1 = part.where["rect"]
    assert (part.where["page"], part.where["ocr"]) == (1, True)
    assert abs(x0 - 80) < 20 and abs(y0 - 70) < 20 and 250 < x1 - x0 < 400 and 30 < y1 - y0 < 80, part.where
    assert (reading.count, reading.unit) == (1, "页")


def test_points_that_are_transparent_are_read_too(readings: dict[str, Reading | Unreadable]) -> None:
    reading = readings["png"]
    assert seen(reading) == ["SHOWNWORDS"]
    assert isinstance(reading, Reading)
    assert [part.text for part in reading.parts if part.hidden == "hidden_text"] == [NUMBER]
    assert NUMBER not in reading.seen


def test_every_picture_of_a_moving_one_is_read(readings: dict[str, Reading | Unreadable]) -> None:
    reading = readings["gif"]
    assert seen(reading) == ["FIRST11111", "SECOND22222"]
    assert isinstance(reading, Reading)
    assert [part.where["page"] for part in reading.parts] == [1, 2]
    assert reading.count == 2


def test_writing_nobody_can_read_is_refused(readings: dict[str, Reading | Unreadable]) -> None:
    refused = readings["blurred"]
    assert isinstance(refused, Unreadable)
    assert refused.code == "ocr-unsure"
    assert "无法完整检查" in refused.sentence and "请" in refused.sentence


def test_a_blank_picture_is_read_and_empty(readings: dict[str, Reading | Unreadable]) -> None:
    assert seen(readings["blank"]) == []


def test_pictures_in_documents_and_archives_are_read(readings: dict[str, Reading | Unreadable]) -> None:
    document, archive = readings["document"], readings["archive"]
    assert isinstance(document, Reading) and isinstance(archive, Reading)
    [part] = [part for part in document.parts if "ocr" in part.where]
    assert (part.text, part.where["member"], part.hidden) == (NUMBER, "word/media/image1.png", "")
    assert document.warnings == ()
    assert [(part.where["member"], part.text) for part in archive.parts if "ocr" in part.where] == [
        ("scan.png", NUMBER)
    ]


def test_all_kinds_of_pictures_have_text() -> None:
    assert all(kind.has_text for kind in KINDS.values())


# Bytes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(tmp_path: Path):
    def look(data: bytes, kind: str) -> list[tuple[str, str]]:
        path = tmp_path / "stored"
        path.write_bytes(data)
        return [(where["hidden"], words) for where, words in read(str(path), kind)["parts"]]

    return look


def test_remarks_of_each_kind(hidden) -> None:
    plain = drawn("x")
    small = saved(drawn("x", size=(160, 120)), "JPEG", comment=b"name on the small one")
    remarks = Image.Exif()
    remarks[0x010E] = "taken by zhang san"
    photograph = saved(plain, "JPEG", exif=remarks, comment=b"written by li si")
    exif = b"Exif\0\0" + small
    with_small = photograph[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + photograph[2:]
    found = hidden(with_small + b"behind it all", "jpeg")
    assert ("exif", "taken by zhang san") in found
    assert ("exif", "written by li si") in found
    assert ("thumbnail", "name on the small one") in found
    assert any(code == "thumbnail" and words.startswith("thumbnail of ") for code, words in found)
    assert ("trailing_bytes", "13 bytes behind the end of the picture") in found
    assert ("trailing_bytes", "behind it all") in found
    told = PngInfo()
    told.add_text("Author", "wang wu of the office")
    told.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>zhao liu</a></x:xmpmeta>')
    found = hidden(saved(plain, "PNG", pnginfo=told), "png")
    assert any(code == "exif" and "wang wu of the office" in words for code, words in found)
    assert ("xmp", "zhao liu") in found
    assert hidden(saved(plain, "GIF", comment=b"by sun qi, 13800138000"), "gif") == [("exif", "by sun qi, 13800138000")]


def test_a_second_photograph_behind_the_first_is_told(hidden) -> None:
    one, two = saved(drawn("x"), "JPEG"), saved(drawn("y"), "JPEG", comment=b"second of two")
    found = hidden(one + two, "jpeg")
    assert ("trailing_bytes", f"{len(two)} bytes behind the end of the picture") in found
    assert ("trailing_bytes", "second of two") in found


def test_broken_and_endless_pictures_are_refused(hidden) -> None:
    frames = [Image.new("L", (20, 20), level) for level in range(40)]
    for data, kind, code in (
        (saved(drawn("x"), "PNG")[:-200], "png", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "png", "damaged"),
        (saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50), "gif", "too-many-frames"),
    ):
        with pytest.raises(Unreadable) as refused:
            hidden(data, kind)
        assert refused.value.code == code
        assert "请" in refused.value.sentence


# What cannot be recognised ----------------------------------------------------------------------------------------


def test_without_a_recogniser_a_picture_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(saved(drawn(NUMBER), "PNG"))
    monkeypatch.setattr(ocr, "rapidocr", None)
    with pytest.raises(Unreadable) as refused:
        ocr.look(str(path), "png", {"where": {"page": 1}, "frame": 0, "must": True})
    assert refused.value.code == "ocr-missing"
    assert "管理员" in refused.value.sentence


def test_a_picture_that_fails_refuses_the_file_only_where_it_matters(tmp_path: Path) -> None:
    path = tmp_path / "a.ofd"
    path.write_bytes(packed({"Res/a.png": b"\x89PNG broken"}))
    scan = {"page": 3, "member": "Res/a.png", "matrix": [10, 0, 0, 10, 0, 0]}
    found = {"parts": [[{"page": 3, "rect": [0, 0, 5, 5]}, "text"]], "count": 3, "warnings": []}
    recogniser = Recogniser()
    with pytest.raises(Unreadable) as refused:
        with_pictures(str(path), "ofd", found | {"scans": [scan | {"must": True}]}, recogniser)
    assert refused.value.code == "damaged"
    assert refused.value.sentence.startswith("第 3 页：")
    passed = with_pictures(str(path), "ofd", found | {"scans": [scan | {"must": False}]}, recogniser)
    recogniser.close()
    assert [text for _, text in passed["parts"]] == ["text"]
    [warning] = passed["warnings"]
    assert warning.startswith("第 3 页有图片，其中的文字没有检查") and "请打开核对" in warning


def test_a_file_of_too_many_scans_is_refused_before_any_is_looked_at() -> None:
    scans = [{"page": number, "must": True} for number in range(MOST_SCANS + 1)]
    with pytest.raises(Unreadable) as refused:
        with_pictures("/nowhere", "pdf", {"parts": [], "count": 1, "warnings": [], "scans": scans}, Recogniser())
    assert refused.value.code == "too-many-scans"
    assert str(MOST_SCANS) in refused.value.sentence and "请拆分" in refused.value.sentence
