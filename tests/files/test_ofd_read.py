"""Text of OFD files: lines with their places in points, and what is not seen by its true name."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from gongkai.files.hidden import HIDDEN
from gongkai.files.parsers.texts import read
from gongkai.files.reading import Reading, read_text
from gongkai.files.refusal import Unreadable
from tests.canaries.ofd import PLACES, SHOWN, ofd
from tests.canaries.office import packed

POINTS = 72 / 25.4
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def words(text: str, boundary: str, *, size: float = 5, code: str = 'X="0" Y="5"', **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f'<ofd:TextObject ID="7" Boundary="{boundary}" Font="3" Size="{size}"{more}>'
        f"<ofd:TextCode {code}>{text}</ofd:TextCode></ofd:TextObject>"
    )


def page(*objects: str, area: str = "", head: str = "") -> str:
    return f"<ofd:Page {NS}>{area}{head}<ofd:Content><ofd:Layer ID='5'>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"


def made(*objects: str, **how: Any) -> dict[str, str | bytes]:
    members = ofd(**how)
    members["Doc_0/Pages/Page_0/Content.xml"] = page(*objects)
    return members


@pytest.fixture
def parsed(tmp_path: Path):
    def parse(members: dict[str, str | bytes]) -> dict[str, Any]:
        path = tmp_path / "stored"
        path.write_bytes(packed(members))
        return read(str(path), "ofd")

    return parse


def lines(found: dict[str, Any], hidden: str = "") -> list[str]:
    return [text for where, text in found["parts"] if where.get("hidden", "") == hidden]


def is_near(rect: list[float], millimetres: tuple[float, float, float, float]) -> bool:
    return all(abs(a - b * POINTS) < 3 for a, b in zip(rect, millimetres, strict=True))


def test_a_line_has_its_place_in_points(parsed) -> None:
    found = parsed(made(words("公开目录", "30 40 100 8")))
    [(where, text)] = [part for part in found["parts"] if "hidden" not in part[0]]
    assert (text, where["page"], found["count"]) == ("公开目录", 1, 1)
    # The base line lies 5 mm under the boundary's top; letters of 5 mm stand on it side by side.
    assert is_near(where["rect"], (30, 40.6, 50, 45.7)), where["rect"]


@pytest.mark.parametrize(
    ("matrix", "wanted"),
    [
        ("1 0 0 1 10 0", (40, 40.6, 60, 45.7)),
        ("2 0 0 2 0 0", (30, 41.2, 70, 51.4)),
        ("0 1 -1 0 0 0", (24.3, 40, 29.4, 60)),  # turned by a quarter: it runs down the page
        ("-1 0 0 -1 0 0", (10, 34.3, 30, 39.4)),
    ],
)
def test_turned_and_stretched_letters_stand_where_they_are_drawn(
    parsed, matrix: str, wanted: tuple[float, float, float, float]
) -> None:
    found = parsed(made(words("公开目录", "30 40 100 8", CTM=matrix)))
    [(where, text)] = [part for part in found["parts"] if "hidden" not in part[0]]
    assert text == "公开目录"
    assert is_near(where["rect"], wanted), [value / POINTS for value in where["rect"]]


def test_pieces_on_one_base_are_one_line_and_steps_down_begin_another(parsed) -> None:
    found = parsed(
        made(
            words("13800", "30 40 20 8", code='X="0" Y="5" DeltaX="2.5 2.5 2.5 2.5"'),
            words("138000", "42.5 40 20 8", code='X="0" Y="5" DeltaX="g 5 2.5"'),
            words("远处", "120 40 20 8"),
            words("上行下行", "30 60 20 20", code='X="0" Y="5" DeltaX="5 -5 5" DeltaY="0 7 0"'),
        )
    )
    assert lines(found) == ["13800138000 远处", "上行", "下行"]
    first, second = ([part[0]["rect"] for part in found["parts"] if part[1] == text][0] for text in ("上行", "下行"))
    assert second[1] - first[1] == pytest.approx(7 * POINTS, abs=0.1)


def test_the_page_shows_its_templates_blocks_and_drawings_of_resources(parsed) -> None:
    members = made(
        f"<ofd:PageBlock ID='9'>{words('块中', '20 60 40 8')}</ofd:PageBlock>",
        "<ofd:CompositeObject ID='10' ResourceID='44' Boundary='20 80 60 20'/>",
        common='<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes><ofd:TemplatePage ID="80" BaseLoc="Tpls/T.xml"/>',
    )
    members["Doc_0/Tpls/T.xml"] = page(words("红头", "20 20 40 8"))
    members["Doc_0/DocumentRes.xml"] = (
        f"<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='44' Width='60' Height='20'><ofd:Content>"
        f"{words('印章', '5 5 40 8')}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    members["Doc_0/Pages/Page_0/Content.xml"] = str(members["Doc_0/Pages/Page_0/Content.xml"]).replace(
        "<ofd:Content>", '<ofd:Template TemplateID="80" ZOrder="Background"/><ofd:Content>', 1
    )
    found = parsed(members)
    assert lines(found) == ["红头", "块中", "印章"]
    [place] = [where["rect"] for where, text in found["parts"] if text == "印章"]
    assert is_near(place, (25, 85.6, 35, 90.7)), place


BOX = (
    '<ofd:PathObject ID="50" Boundary="20 30 120 30" Fill="true" {}><ofd:FillColor Value="{}"/>'
    "<ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>"
)
SQUARE = "M 0 0 L 120 0 L 120 30 L 0 30 C"
WHITE = '<ofd:FillColor Value="255 255 255"/>'


def white(text: str) -> str:
    return words(text, "30 40 100 8").replace("<ofd:TextCode", f"{WHITE}<ofd:TextCode")


@pytest.mark.parametrize(
    ("objects", "hidden"),
    [
        ((words("遮住", "30 40 100 8"), BOX.format("", "0 0 0", SQUARE)), "covered_text"),
        ((BOX.format("", "255 255 0", SQUARE), words("遮住", "30 40 100 8")), ""),  # the box lies below
        ((words("遮住", "30 40 100 8"), BOX.format('Alpha="90"', "0 0 0", SQUARE)), ""),  # seen through
        ((words("遮住", "30 40 100 8"), BOX.format("", "0 0 0", "M 0 0 L 9 0 L 9 9 L 0 9 C")), ""),  # beside it
        ((white("遮住"),), "hidden_text"),
        ((BOX.format("", "200 0 0", SQUARE), white("遮住")), ""),  # white on red
        ((words("遮住", "30 400 100 8"),), "off_page"),
        ((words("遮住", "30 40 100 8", Visible="false"),), "hidden_text"),
    ],
)
def test_what_is_seen(parsed, objects: tuple[str, ...], hidden: str) -> None:
    found = parsed(made(*objects))
    assert [(where.get("hidden", ""), text) for where, text in found["parts"] if text == "遮住"] == [(hidden, "遮住")]


def test_an_annotation_that_is_drawn_is_seen(parsed) -> None:
    members = made(words("正文", "30 40 100 8"), document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>")
    members["Doc_0/Annots/Annotations.xml"] = (
        f'<ofd:Annotations {NS}><ofd:Page PageID="1"><ofd:FileLoc>A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    )
    members["Doc_0/Annots/A.xml"] = (
        f'<ofd:PageAnnot {NS}><ofd:Annot ID="6" Type="Watermark" Creator="张三"><ofd:Remark>内部</ofd:Remark>'
        f'<ofd:Appearance Boundary="10 100 100 20">{words("机密", "20 0 50 8")}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>'
    )
    found = parsed(members)
    assert lines(found) == ["正文", "机密"]
    assert lines(found, "annotation") == ["内部", "张三"]
    [place] = [where["rect"] for where, text in found["parts"] if text == "机密"]
    assert is_near(place, (30, 100.6, 40, 105.7)), place


def test_every_hiding_place_is_told(parsed, tmp_path: Path) -> None:
    for name, place in PLACES.items():
        path = tmp_path / "stored"
        path.write_bytes(place.make("KANARIE00017X4711"))
        found = read(str(path), "ofd")
        codes = {where.get("hidden", "") for where, text in found["parts"] if "KANARIE00017X4711" in text}
        assert codes & set(place.hidden.split("|")), (name, codes)
        assert codes <= set(HIDDEN), (name, codes)
        assert SHOWN in lines(found), name


def test_earlier_versions_are_told_by_what_is_only_in_them(parsed) -> None:
    members = made(words("现在的", "30 40 100 8"))
    members["OFD.xml"] = str(members["OFD.xml"]).replace(
        "</ofd:DocBody>",
        '<ofd:Versions><ofd:Version ID="1" Index="1" Current="true" BaseLoc="Doc_0/V1.xml"/>'
        '<ofd:Version ID="0" Index="0" BaseLoc="Doc_0/V0.xml"/></ofd:Versions></ofd:DocBody>',
    )
    members["Doc_0/V1.xml"] = f"<ofd:DocVersion {NS}><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:DocVersion>"
    members["Doc_0/V0.xml"] = f"<ofd:DocVersion {NS}><ofd:DocRoot>Old.xml</ofd:DocRoot></ofd:DocVersion>"
    members["Doc_0/Old.xml"] = (
        f'<ofd:Document {NS}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>'
    )
    members["Doc_0/P.xml"] = page(words("现在的", "30 40 100 8"), words("从前的", "30 60 100 8"))
    found = parsed(members)
    assert lines(found) == ["现在的"]
    assert lines(found, "earlier_revision") == ["从前的"]
    assert found["count"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"OFD.xml": "<x/>"}, "damaged"),
        ({"Doc_0/Document.xml": "<broken"}, "damaged"),
        ({"Doc_0/Encryptions.xml": "<x/>"}, "encrypted"),
        ({"Doc_0/Attachs/a.zip": b"PK\x03\x04 broken"}, "damaged"),
    ],
)
def test_refused(parsed, change: dict[str, str | bytes], code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parsed(made(words("正文", "30 40 100 8")) | change)
    assert refused.value.code == code
    assert "请" in refused.value.sentence


def test_letters_drawn_as_curves_alone_are_refused(parsed) -> None:
    curve = "<ofd:PathObject ID='8' Boundary='0 0 210 297'><ofd:AbbreviatedData>M 0 0 {}</ofd:AbbreviatedData></ofd:PathObject>"
    many = curve.format("B 1 1 2 2 3 3 " * 700)
    with pytest.raises(Unreadable) as refused:
        parsed(made(many))
    assert refused.value.code == "drawn-text"
    found = parsed(made(words("正文", "30 40 100 8"), many))
    assert lines(found) == ["正文"]
    assert found["warnings"] == ["第 1 页有大量曲线图形，其中如有画成图形的文字，系统没有检查，请打开核对。"]


# A picture of 200 by 100 mm at (5, 20), and one that is turned by a quarter and stands on its side at (105, 20).
@pytest.mark.parametrize(
    ("matrix", "boundary", "wanted"),
    [
        ("200 0 0 100 0 0", "5 20 200 100", (25, 61, 103, 74)),
        ("0 200 -100 0 100 0", "5 20 100 200", (51, 40, 64, 118)),
    ],
)
def test_a_scanned_page_is_read_with_its_place(
    tmp_path: Path, matrix: str, boundary: str, wanted: tuple[float, float, float, float]
) -> None:
    picture = Image.new("RGB", (1000, 500), "white")
    ImageDraw.Draw(picture).text((100, 200), "13800138000", font=ImageFont.load_default(size=60), fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    members = made(
        f"<ofd:ImageObject ID='9' ResourceID='44' Boundary='{boundary}' CTM='{matrix}'/>",
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
    )
    members["Doc_0/DocumentRes.xml"] = (
        f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="44" Type="Image"><ofd:MediaFile>s.png'
        "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    members["Doc_0/Res/s.png"] = out.getvalue()
    path = tmp_path / "stored"
    path.write_bytes(packed(members))
    reading = read_text(path, "ofd")
    assert isinstance(reading, Reading)
    [part] = [part for part in reading.parts if "ocr" in part.where]
    assert (part.text, part.where["page"], part.hidden) == ("13800138000", 1, "")
    # One point of the picture is 0.2 mm; the writing begins at (100, 200) of it and is 11 digits long.
    rect = [value / POINTS for value in part.where["rect"]]
    assert all(abs(a - b) < 6 for a, b in zip(rect, wanted, strict=True)), rect
