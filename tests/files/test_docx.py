"""A Word file becomes a draft: what survives, what is resolved, what is told, and what hostile files get."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from gongkai.files.docx import docx_to_html
from gongkai.files.html import clean
from gongkai.files.parsers.numbering import chinese, written
from gongkai.files.refusal import Unreadable


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    + chunk(b"IEND", b"")
)


@pytest.fixture
def intake(tmp_path: Path, word: SimpleNamespace):
    def take(parts):
        path = tmp_path / "upload"
        path.write_bytes(parts if isinstance(parts, bytes) else word.zipped(parts))
        return docx_to_html(path)

    return take


def refused(intake, parts) -> str:
    with pytest.raises(Unreadable) as refusal:
        intake(parts)
    assert "请" in refusal.value.sentence
    return refusal.value.code


def test_a_document_as_a_clerk_writes_it(intake) -> None:
    document = docx.Document()
    document.add_paragraph("关于加强窗口服务的通知", style="Title")
    document.add_paragraph("各区人民政府：")
    document.add_heading("总体要求", level=1)
    document.add_heading("目标", level=2)
    line = document.add_paragraph("　　一、")
    line.add_run("坚持").bold = True
    line.add_run("便民 & <高效>。")
    document.add_paragraph("第一项", style="List Bullet")
    document.add_paragraph("第二项", style="List Bullet")
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "事项"
    table.cell(0, 2).text = "时限"
    table.cell(1, 0).text, table.cell(1, 1).text, table.cell(1, 2).text = "受理", "窗口", "当日"
    document.add_picture(io.BytesIO(PNG))
    document.add_paragraph("某市人民政府办公室").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    packed = io.BytesIO()
    document.save(packed)

    result = intake(packed.getvalue())
    assert result.html == (
        '<p class="text-center">关于加强窗口服务的通知</p><p>各区人民政府：</p><h2>总体要求</h2><h3>目标</h3>'
        "<p>一、<strong>坚持</strong>便民 &amp; &lt;高效&gt;。</p><ul><li>第一项</li><li>第二项</li></ul>"
        '<table><tbody><tr><td colspan="2">事项</td><td>时限</td></tr><tr><td>受理</td><td>窗口</td><td>当日</td></tr></tbody>'
        '</table><p><img src="cid:image-1.png" alt=""></p><p class="text-right">某市人民政府办公室</p>'
    )
    assert [(image.name, image.data, image.media_type) for image in result.images] == [
        ("image-1.png", PNG, "image/png")
    ]
    assert result.text.splitlines()[-3:] == ["事项\t时限", "受理\t窗口\t当日", "某市人民政府办公室"]
    assert result.warnings == ()
    assert clean(result.html, image_sources=["cid:"]) == result.html


def test_tracked_changes_are_accepted_and_comments_left_out_and_both_told(intake, word: SimpleNamespace) -> None:
    body = (
        "<w:p><w:r><w:t>期限为</w:t></w:r><w:del w:id='1'><w:r><w:delText>十日</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>二十日</w:t></w:r></w:ins><w:r><w:commentReference w:id='0'/></w:r></w:p>"
    )
    comments = "<w:comment w:id='0' w:author='甲'><w:p><w:r><w:t>还要再议</w:t></w:r></w:p></w:comment>"
    result = intake(word.parts(body, comments=comments))
    assert result.html == "<p>期限为二十日</p>"
    assert result.warnings == (
        "文件里有修订：已按“接受全部修订”带入（插入 1 处，删除 1 处）。请核对这是否为定稿。",
        "文件里有 1 条批注，没有带入。",
    )


LEVELS = {
    "chapter": ("chineseCounting", "第%1章"),
    "article": ("chineseCounting", "第%2条"),
    "item": ("chineseCounting", "（%3）"),
}


def numbering(*levels: tuple[str, str], number: int = 1) -> str:
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    )


def in_list(level: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def test_automatic_numbers_are_written_out(intake, word: SimpleNamespace) -> None:
    body = "".join(
        word.paragraph(text, in_list(level))
        for level, text in [(0, "总则"), (1, "为了"), (1, "本办法"), (2, "其一"), (2, "其二"), (0, "附则"), (1, "施行")]
    )
    result = intake(word.parts(body, numbering=numbering(*LEVELS.values())))
    assert result.text.split("\n") == [
        "第一章　总则",
        "第一条　为了",
        "第二条　本办法",
        "（一）其一",
        "（二）其二",
        "第二章　附则",
        "第一条　施行",
    ]


def test_numbers_of_heading_styles_are_written_out(intake, word: SimpleNamespace) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/><w:pPr>'
        + in_list(0)
        + "</w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="我的标题"/><w:basedOn w:val="a1"/></w:style>'
    )
    body = word.paragraph("总体要求", '<w:pStyle w:val="a1"/>') + word.paragraph("细则", '<w:pStyle w:val="a2"/>')
    result = intake(word.parts(body, numbering=numbering(("chineseCounting", "%1、")), styles=styles))
    assert result.html == "<h2>一、总体要求</h2><p>二、细则</p>"


def test_a_plain_list_stays_a_list_and_an_interrupted_one_keeps_its_numbers(intake, word: SimpleNamespace) -> None:
    one = numbering(("decimal", "%1."))
    items = word.paragraph("甲", in_list(0)) + word.paragraph("乙", in_list(0))
    assert intake(word.parts(items, numbering=one)).html == "<ol><li>甲</li><li>乙</li></ol>"
    broken = items + word.paragraph("说明") + word.paragraph("丙", in_list(0))
    assert intake(word.parts(broken, numbering=one)).html == "<p>1.甲</p><p>2.乙</p><p>说明</p><p>3.丙</p>"


def test_numbers_as_counted() -> None:
    assert {number: chinese(number) for number in (1, 10, 11, 20, 21, 100, 101, 110, 1000, 1010, 2026, 10_000)} == {
        1: "一",
        10: "十",
        11: "十一",
        20: "二十",
        21: "二十一",
        100: "一百",
        101: "一百零一",
        110: "一百一十",
        1000: "一千",
        1010: "一千零一十",
        2026: "二千零二十六",
        10_000: "10000",
    }
    assert [written(4, form) for form in ("upperRoman", "lowerLetter", "ideographTraditional", "decimalZero")] == [
        "IV",
        "d",
        "丁",
        "04",
    ]
    assert written(12, "chineseLegalSimplified") == "拾贰"
    assert written(3, "decimalEnclosedCircle") == "③"
    assert written(27, "upperLetter") == "AA"
    assert written(3, "somethingNew") == "3"


def test_scripts_in_text_and_links_do_not_act(intake, word: SimpleNamespace) -> None:
    result = intake(word.parts(word.paragraph("&lt;script&gt;alert(1)&lt;/script&gt;")))
    assert result.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_images_that_a_page_cannot_show_are_told(intake) -> None:
    document = docx.Document()
    document.add_paragraph("甲")
    document.add_picture(io.BytesIO(PNG))
    packed = io.BytesIO()
    document.save(packed)
    with_types = repack(packed.getvalue(), "[Content_Types].xml", lambda xml: xml.replace(b"image/png", b"image/x-emf"))
    result = intake(with_types)
    assert (result.html, result.images) == ("<p>甲</p>", ())
    assert result.warnings == ("1 张 EMF 格式的图片不能在网页上显示，没有带入。请另存为 PNG 后插入。",)
    false = repack(packed.getvalue(), "word/media/image1.png", lambda _: b"<svg onload=alert(1)>")
    result = intake(false)
    assert (result.html, result.images) == ("<p>甲</p>", ())
    assert result.warnings == ("1 张图片不在本系统内，没有带入。请把图片另存后从编辑器上传。",)


def repack(data: bytes, name: str, change) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, change(source.read(entry)) if entry == name else source.read(entry))
    return packed.getvalue()


LAUGHS = (
    "<!DOCTYPE x ["
    + "<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {here} '{f'&{before};' * 10}'>" for before, here in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "word/extra.xml"]
)
@pytest.mark.parametrize(
    "hostile",
    [
        LAUGHS + "<w>&i;</w>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><w>&a;</w>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'><w/>",
        "<!DOCTYPE x [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><w/>",
        ("<?xml version='1.0' encoding='utf-16'?>" + LAUGHS + "<w>&i;</w>").encode("utf-16"),
        b"<?xml version='1.0' encoding='cp037'?>" + (LAUGHS + "<w/>").encode("cp037"),
    ],
    ids=["laughs", "xxe", "external", "parameter", "utf-16", "ebcdic"],
)
def test_entities_and_document_types_in_any_part(
    intake, word: SimpleNamespace, part: str, hostile: str | bytes
) -> None:
    assert refused(intake, word.parts(word.paragraph("甲")) | {part: hostile}) == "foreign-xml"


def test_broken_files_are_refused(intake, word: SimpleNamespace) -> None:
    parts = word.parts(word.paragraph("甲"))
    whole = word.zipped(parts)
    assert refused(intake, b"") == "damaged"
    assert refused(intake, b"PDF garbage" * 100) == "damaged"
    assert refused(intake, whole[: len(whole) // 2]) == "damaged"
    assert refused(intake, parts | {"word/document.xml": "<w:document"}) == "damaged"
    assert refused(intake, parts | {"[Content_Types].xml": "<Types/>"}) == "damaged"
    assert refused(intake, parts | {"word/media/a.png": bytes(60_000_000)}) == "unpacks-too-large"
    assert refused(intake, parts | {"word/vbaProject.bin": b"x"}) == "macros"
    nested = "<w:tbl><w:tr><w:tc>" * 4000 + "</w:tc></w:tr></w:tbl>" * 4000
    assert refused(intake, word.parts(nested)) == "broken"


def test_links_to_files_and_images_elsewhere_are_not_followed(intake, word: SimpleNamespace, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    body = (
        '<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/'
        '2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:link="far"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        '<w:p><w:hyperlink r:id="js"><w:r><w:t>乙</w:t></w:r></w:hyperlink></w:p>'
    )
    parts = word.parts(body)
    parts["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="far" Type="{relations}/image" Target="file://{secret}" TargetMode="External"/>'
        f'<Relationship Id="js" Type="{relations}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/>'
        "</Relationships>"
    )
    result = intake(parts)
    assert (result.html, result.images) == ("<p>甲</p><p>乙</p>", ())
    assert result.warnings == (
        "有图片只是链接到别处，没有带入。请把图片保存后插入。",
        "1 个链接的地址不是网页或邮箱，已只保留文字。",
    )


DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "files"


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample files are not beside this checkout")
@pytest.mark.parametrize(
    "name", ["gongwen-01-basic-formal", "gongwen-06-auto-numbering", "gongwen-07-toc-fields", "NullHeader"]
)
def test_real_files_are_read(name: str) -> None:
    result = docx_to_html(DATA / f"{name}.docx")
    expected = [
        text
        for line in docx.Document(DATA / f"{name}.docx").element.body.iter()
        if line.tag.endswith("}p")
        and (text := "".join(piece.text or "" for piece in line.iter() if piece.tag.endswith("}t")))
    ]
    kept = "".join(result.text.split())
    assert [line for line in expected if "".join(line.split()) not in kept] == []
