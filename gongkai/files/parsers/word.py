"""A .docx as HTML: headings, tables, lists, images and numbers kept; tracked changes resolved; notes told."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import Element, tostring

import mammoth

from gongkai.files.archive import Directory
from gongkai.files.parsers.numbering import Numbering
from gongkai.files.parsers.ooxml import MOST_XML, main_part, open_parts, xml

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BACK = re.compile(r' ?<a href="#[^"]*(?:foot|end)note-ref-[^"]*">↑</a>')
_KEPT_IMAGES = {"image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif"}

# Headings by style only: 一、（一）in plain paragraphs are text, not structure.
_STYLES = """
p[style-name='Title'] => p.text-center:fresh
p[style-name='标题'] => p.text-center:fresh
p[style-name='Subtitle'] => p.text-center:fresh
p[style-name='副标题'] => p.text-center:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='标题 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='标题 2'] => h3:fresh
p[style-name^='heading '] => h4:fresh
p[style-name^='标题 '] => h4:fresh
p[style-name='gongkai center'] => p.text-center:fresh
p[style-name='gongkai right'] => p.text-right:fresh
u => u
strike => s
"""
_ALIGNED = {"center": "gongkai center", "right": "gongkai right", "end": "gongkai right"}
_STYLED = re.compile(r"(?:heading|标题|title|subtitle|副标题)\b", re.IGNORECASE)


def to_html(path: str) -> dict[str, Any]:
    """`{"html", "images": [[name, bytes], …], "warnings"}`; images are named by `src="cid:NAME"`."""
    directory = open_parts(path)
    name = main_part(directory, _MAIN)
    document = xml(directory, name)
    warnings = _tracked(document, directory)
    _numbering(directory).write_out(document)
    images: list[list[Any]] = []
    lost: dict[str, int] = {}

    def convert_image(image: Any) -> list[Any]:
        suffix = _KEPT_IMAGES.get(image.content_type or "")
        if suffix is None:
            kind = (image.content_type or "未知").rpartition("/")[2].removeprefix("x-").upper()
            lost[kind] = lost.get(kind, 0) + 1
            return []
        with image.open() as opened:
            images.append([f"image-{len(images) + 1}.{suffix}", opened.read()])
        attributes = {"src": f"cid:{images[-1][0]}", "alt": (image.alt_text or "").strip()}
        return [mammoth.html.element("img", attributes)]

    result = mammoth.convert_to_html(
        _repacked(path, name, document),
        style_map=_STYLES,
        convert_image=convert_image,
        transform_document=mammoth.transforms.paragraph(_aligned),
        include_embedded_style_map=False,
        external_file_access=False,
    )
    warnings += [
        f"{count} 张 {kind} 格式的图片不能在网页上显示，没有带入。请另存为 PNG 后插入。" for kind, count in lost.items()
    ]
    if any("could not open external image" in message.message for message in result.messages):
        warnings.append("有图片只是链接到别处，没有带入。请把图片保存后插入。")
    return {"html": _BACK.sub("", result.value), "images": images, "warnings": warnings}


def _aligned(paragraph: Any) -> Any:
    style = _ALIGNED.get(paragraph.alignment or "")
    if style is None or paragraph.numbering is not None or _STYLED.match(paragraph.style_name or ""):
        return paragraph
    return paragraph.copy(style_name=style, style_id=None)


def _tracked(document: Element, directory: Directory) -> list[str]:
    """Sentences on what a writer may not know is in the file: tracked changes and comments."""
    warnings = []
    inserted = sum(1 for tag in ("ins", "moveTo") for _ in document.iter(f"{_W}{tag}"))
    deleted = sum(1 for tag in ("del", "moveFrom") for _ in document.iter(f"{_W}{tag}"))
    if inserted or deleted:
        warnings.append(
            f"文件里有修订：已按“接受全部修订”带入（插入 {inserted} 处，删除 {deleted} 处）。请核对这是否为定稿。"
        )
    if "word/comments.xml" in directory:
        comments = sum(1 for _ in xml(directory, "word/comments.xml").iter(f"{_W}comment"))
        if comments:
            warnings.append(f"文件里有 {comments} 条批注，没有带入。")
    return warnings


def _numbering(directory: Directory) -> Numbering:
    parts = [xml(directory, name) if name in directory else None for name in ("word/numbering.xml", "word/styles.xml")]
    return Numbering.of(*parts)


def _repacked(path: str, name: str, document: Element) -> io.BytesIO:
    """The same archive with another main part, in memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            if entry.filename == name:
                target.writestr(name, tostring(document, encoding="utf-8", xml_declaration=True))
            elif entry.file_size <= MOST_XML:
                target.writestr(entry.filename, source.read(entry))
    packed.seek(0)
    return packed
