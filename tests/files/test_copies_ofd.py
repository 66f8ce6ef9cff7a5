"""An OFD is drawn page by page; what is not drawn is told, what is not shown is not in it."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from PIL import Image

from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.glyphs import Glyph, glyphs_of, telling_blanks, view_of
from gongkai.files.copies.making import base_of
from gongkai.files.copies.ofd import to_pdf
from gongkai.files.copies.ofd_draw import _d, _rgb, _steps, box
from gongkai.files.memory import as_path
from gongkai.files.refusal import Unreadable
from gongkai.scanning.redacting import copy_with, look_at
from tests.canaries.table import SPOTS

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(content: str, *, document: str = "", resources: str = "", **members: bytes) -> bytes:
    """A file of one page of 100 mm × 60 mm."""
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 100 60"
        "</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
        f'<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{document}</ofd:Document>',
        "Doc_0/PublicRes.xml": f'<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体"/></ofd:Fonts>'
        f"{resources}</ofd:Res>",
        "Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {_NS}><ofd:Content><ofd:Layer>{text('模板的字', 5, 50)}"
        "</ofd:Layer></ofd:Content></ofd:Page>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {_NS}><ofd:Template TemplateID="90" ZOrder="Background"/>'
        f"<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>",
    } | {name.replace("__", "/").replace("_DOT_", "."): data for name, data in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def text(words: str, x: float, y: float, more: str = "", step: float = 4) -> str:
    delta = f'DeltaX="g {len(words) - 1} {step}"' if len(words) > 1 else ""
    return (
        f'<ofd:TextObject ID="3" Boundary="{x} {y} 80 6" Font="2" Size="4" {more}>'
        f'<ofd:TextCode X="0" Y="4" {delta}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def drawn(data: bytes):
    with as_path(data, ".ofd") as path:
        return to_pdf(str(path))


def page_of(made: bytes):
    import pypdfium2

    shown = pypdfium2.PdfDocument(made)
    view = view_of(shown[0])
    return shown, view, list(glyphs_of(shown[0], view))


def test_text_stands_where_it_was_and_templates_are_drawn():
    made = drawn(ofd(text("公示何求真", 10, 10)))
    shown, view, glyphs = page_of(made["pdf"])
    assert (round(view.width), round(view.height)) == (283, 170)  # 100 mm × 60 mm
    letters = "".join(glyph.letter for glyph in glyphs if not glyph.is_blank)
    assert sorted(letters) == sorted("公示何求真模板的字")
    at = {glyph.letter: glyph.place for glyph in glyphs}
    for n, letter in enumerate("公示何求真"):  # a letter of 4 mm begins every 4 mm, its base line at 14 mm
        x, y = (10 + 4 * n) / 25.4 * 72, 14 / 25.4 * 72
        assert Rect(x - 1, y - 13, x + 13, y + 4).overlap(at[letter]) > 0.95 * at[letter].area
    assert made["lost"] == []
    shown.close()


def test_what_is_not_shown_is_not_drawn():
    made = drawn(
        ofd(text("看得见", 10, 10) + text("看不见的", 10, 20, 'Visible="false"') + text("透明的", 10, 30, 'Alpha="0"'))
    )
    shown, _, glyphs = page_of(made["pdf"])
    words = "".join(glyph.letter for glyph in glyphs)
    assert "看得见" in words and "看不见的" not in words and "透明" not in words
    shown.close()


def test_pictures_paths_and_groups_are_drawn():
    dot = io.BytesIO()
    Image.new("RGB", (4, 4), (0, 0, 255)).save(dot, "PNG")
    content = (
        '<ofd:ImageObject ID="5" Boundary="10 10 20 20" CTM="20 0 0 20 0 0" ResourceID="6"/>'
        '<ofd:PathObject ID="7" Boundary="50 10 20 20" Fill="true" Stroke="false"><ofd:FillColor Value="255 0 0"/>'
        "<ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
        '<ofd:CompositeObject ID="8" Boundary="75 10 20 20" ResourceID="9"/>'
    )
    resources = (
        '<ofd:MultiMedias><ofd:MultiMedia ID="6" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'
        '</ofd:MultiMedias><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="9" Width="20" Height="20"><ofd:Content>'
        '<ofd:PathObject ID="10" Boundary="0 0 20 20" Fill="true" Stroke="false"><ofd:FillColor Value="0 128 0"/>'
        "<ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Content>"
        "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    made = drawn(ofd(content, resources=resources, Doc_0__Res__a_DOT_png=dot.getvalue()))
    assert made["lost"] == []
    shown, _, _ = page_of(made["pdf"])
    seen = shown[0].render(scale=1).to_pil().convert("RGB")
    points = [seen.getpixel((round(x / 25.4 * 72), round(20 / 25.4 * 72))) for x in (20, 60, 85)]
    assert points == [(0, 0, 255), (255, 0, 0), (0, 128, 0)]
    shown.close()


def test_what_cannot_be_drawn_is_told():
    content = (
        '<ofd:ImageObject ID="5" Boundary="10 10 20 20" CTM="20 0 0 20 0 0" ResourceID="66"/>'
        '<ofd:CompositeObject ID="8" Boundary="75 10 20 20" ResourceID="99"/>' + text("\ue123", 10, 40)
    )
    assert drawn(ofd(content))["lost"] == [
        "第 1 页：有图片没有画出。",
        "第 1 页：有组合图形没有画出。",
        "第 1 页：有只能用内嵌字体认出的字，没有画出。",
    ]


def test_nothing_but_pictures_of_the_file_itself_is_fetched():
    """A name that reads like an address or a path leads nowhere."""
    resources = "".join(
        f'<ofd:MultiMedias><ofd:MultiMedia ID="{n}" Type="Image"><ofd:MediaFile>{place}</ofd:MediaFile></ofd:MultiMedia>'
        "</ofd:MultiMedias>"
        for n, place in ((6, "file:///etc/hostname"), (7, "../../../../etc/hostname"), (8, "http://127.0.0.1:9/a.png"))
    )
    content = "".join(
        f'<ofd:ImageObject ID="1{n}" Boundary="1 1 9 9" CTM="9 0 0 9 0 0" ResourceID="{n}"/>' for n in (6, 7, 8)
    )
    made = drawn(ofd(content + text('"&amp;&lt;img src="file:///etc/hostname"&gt;', 1, 1), resources=resources))
    assert made["lost"] == ["第 1 页：有图片没有画出。"]


def test_the_base_of_an_ofd_is_a_pdf_and_a_broken_one_is_refused():
    base = base_of(ofd(text("公示何求真", 10, 10)), "ofd")
    assert (base.kind, base.lost) == ("pdf", ())
    with pytest.raises(Unreadable):
        base_of(b"PK\x03\x04 nothing", "ofd")


def test_small_things():
    assert _steps("g 3 2.5 4 g 2 1") == [2.5, 2.5, 2.5, 4.0, 1.0, 1.0]
    assert _d("S 1 2 L 3 4 B 1 2 3 4 5 6 A 1 1 0 0 1 5 5 C X 9") == "M 1 2 L 3 4 C 1 2 3 4 5 6 A 1 1 0 0 1 5 5 Z"
    assert [_rgb(v) for v in ([0], [255, 0, 16], [0, 0, 0, 255], [255, 0, 0, 0], [1, 2])] == [
        "#000000", "#ff0010", "#000000", "#00ffff", "",
    ]  # fmt: skip
    assert (box("1 2 3 4"), box("1 2 3"), box("a b c d")) == ((1, 2, 3, 4), None, None)


def test_the_picture_in_the_markup_is_no_way_out():
    """`press` takes pictures that stand in the markup and refuses all others loudly."""
    from weasyprint.urls import FatalURLFetchingError

    from gongkai.files.copies.press import pressed

    dot = io.BytesIO()
    Image.new("RGB", (2, 2)).save(dot, "PNG")
    inside = f"data:image/png;base64,{base64.b64encode(dot.getvalue()).decode()}"
    assert pressed(f'<img src="{inside}">', "").startswith(b"%PDF-")
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "//x/y", "data:text/html,abc"):
        with pytest.raises(FatalURLFetchingError) as refused:
            pressed(f'<base href="http://127.0.0.1:9/"><img src="{address}">', "")
        assert "fetch nothing" in str(refused.value)


def test_a_copy_does_not_tell_how_wide_the_unseen_was():
    """Blanks between unseen words stood in the invisible text at places that followed from the words."""
    (spot,) = [spot for spot in SPOTS if (spot.kind, spot.name) == ("ofd", "under_a_box")]
    made = []
    for words in ("13004705670", "vogel00826@k9065.gov.cn"):
        looked = look_at(spot.make(words), "a.ofd")
        made.append(copy_with(looked.base, [], looked.secrets).data)
    assert made[0] == made[1]


def test_blanks_beside_what_is_gone_go_with_it():
    place = Rect(0, 0, 1, 1)
    letters = [*((letter, 0) for letter in "甲 乙 丙 "), *((letter, 1) for letter in " 丁 "), (" ", 2)]
    glyphs = [Glyph(letter, place, place, line) for letter, line in letters]
    assert telling_blanks(glyphs, set()) == {9}
    assert telling_blanks(glyphs, {2}) == {1, 3, 9}
    assert telling_blanks(glyphs, {4}) == {3, 5, 9}
    assert telling_blanks(glyphs, {7}) == {6, 8, 9}
