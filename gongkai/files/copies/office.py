"""Word and OFD files as PDF: told where something that could be seen is missing.

Word goes through LibreOffice where it is installed, and is laid out anew where it is not.
"""

from __future__ import annotations

import re
import tempfile
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

from gongkai.files.docx import docx_to_html
from gongkai.files.legacy import by_office, office_program
from gongkai.files.memory import as_path
from gongkai.files.reading import Part, Reading, read_text
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run

LIMITS = Limits(seconds=60)
PRESS_LIMITS = Limits(seconds=120, memory=2048 * 1024 * 1024)
LAID_OUT_ANEW = (
    "服务器上没有可用的 LibreOffice，PDF 按正文重新排版，页眉、页脚、文本框、图表和原来的版式没有带入。"
    "需要原样公开的，请用 Word 或 WPS 另存为 PDF 后上传。"
)
_PIECE = re.compile(r"[^\s，。；：、！？,.;:!?（）()“”‘’《》…—\-]{4,}")
_MOST_TOLD = 12
_STORIES = {"/header": "页眉", "/footer": "页脚", "/footnotes": "脚注", "/endnotes": "尾注"}
_STYLE = """
@page { size: A4; margin: 30mm 26mm }
html { font: 15pt/1.8 "FangSong", "STFangsong", "Noto Serif CJK SC", serif; overflow-wrap: anywhere }
h1, h2, h3, h4, h5, h6 { font-size: 16pt; break-after: avoid }
.text-center { text-align: center }
.text-right { text-align: right }
img { max-width: 100%; max-height: 220mm }
table { border-collapse: collapse; width: 100% }
td, th { border: 0.5pt solid #000; padding: 1mm 2mm; font-weight: normal }
a { color: inherit; text-decoration: none }
"""


def docx_to_pdf(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and sentences on what could be seen in the .docx and is not in it. `Unreadable` where there is no way."""
    with as_path(data, ".docx") as path:
        original = read_text(path, "docx")
        made, told = _by_office(run("gongkai.files.copies.accepted:accepted", str(path), limits=LIMITS))
        if made is None:  # our own layout knows no colours: what was white would stand there in black
            made, told = _laid_out(run("gongkai.files.copies.accepted:accepted", str(path), False, limits=LIMITS))
    with as_path(made, ".pdf") as path:
        missing = missing_parts(original, read_text(path, "pdf"))
    return made, (*told, *missing)


def ofd_to_pdf(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and sentences on what could be seen in the .ofd and is not in it."""
    with as_path(data, ".ofd") as path:
        original = read_text(path, "ofd")
        made = run("gongkai.files.copies.ofd:to_pdf", str(path), limits=PRESS_LIMITS)
    with as_path(made["pdf"], ".pdf") as path:
        missing = missing_parts(original, read_text(path, "pdf"))
    return made["pdf"], (*made["lost"], *missing)


def missing_parts(original: Reading, copied: Reading) -> tuple[str, ...]:
    """Sentences on the visible parts of a file whose words do not turn up in the PDF; places, never words."""
    text = _squeezed(copied.text)
    lost = [part for part in original.parts if not part.hidden and _lost(part.text, text)]
    told = list(dict.fromkeys(_place(part) for part in lost))
    more = f"等 {len(told)} 处" if len(told) > _MOST_TOLD else ""
    return (
        (f"原文的这些地方有文字没有带入 PDF：{'、'.join(told[:_MOST_TOLD])}{more}，请对照原件核对。",) if told else ()
    )


def _by_office(plain: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    program = office_program()
    if program is None:
        return None, ()
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        source = Path(folder, "source.docx")
        source.write_bytes(plain)
        try:
            return Path(by_office(program, source, "pdf")).read_bytes(), ()
        except Unreadable:
            return None, ()  # a file it cannot take is laid out anew, and that is told


def _laid_out(plain: bytes) -> tuple[bytes, tuple[str, ...]]:
    with as_path(plain, ".docx") as path:
        intake = docx_to_html(path)
    body = intake.html
    for image in intake.images:
        address = f"data:{image.media_type};base64,{b64encode(image.data).decode()}"
        body = body.replace(f'src="cid:{image.name}"', f'src="{address}"')
    page = f'<!doctype html><html lang="zh-CN"><body>{body}</body></html>'
    made: bytes = run("gongkai.files.copies.press:pressed", page, _STYLE, limits=PRESS_LIMITS)
    return made, (LAID_OUT_ANEW, *intake.warnings)


def _lost(text: str, within: str) -> bool:
    """Is any run of letters gone? A page may end in the middle of one, so either half is enough."""
    pieces: Iterable[str] = (_squeezed(piece) for piece in _PIECE.findall(text))
    return any(p[: len(p) // 2] not in within and p[len(p) // 2 :] not in within for p in pieces)


def _place(part: Part) -> str:
    where = part.where
    for name, title in _STORIES.items():
        if name in str(where.get("member", "")):
            return title
    if "table" in where and "row" in where:
        return f"第 {where['table']} 张表第 {where['row']} 行"
    if "paragraph" in where:
        return f"第 {where['paragraph']} 段"
    return f"第 {where['page']} 页" if "page" in where else "文本框或者图形"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
