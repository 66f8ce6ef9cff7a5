"""Files of every kind the reader knows, made here from real lines with numbers planted in them. Used by `scan`.

A line is a list of pieces: what stands in one piece stands in one run of a document; "\\n" in a piece breaks the line.
A row is a list of cells. Formats without runs or tables write the same text without them.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

Line = Sequence[str]
Row = Sequence[str]
Maker = Callable[[Sequence[Line], Sequence[Row]], bytes]

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"


def _packed(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def docx(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    from docx import Document

    made = Document()
    for line in lines:
        paragraph = made.add_paragraph()
        for n, piece in enumerate(line):
            paragraph.add_run(piece).bold = bool(n % 2)
    if rows:
        table = made.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def xlsx(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book = Workbook()
    for line in lines:
        cells = [TextBlock(InlineFont(b=bool(n % 2)), piece) for n, piece in enumerate(line)]
        book.active.append([CellRichText(*cells) if len(cells) > 1 else "".join(line)])
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pptx(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    def run(piece: str) -> str:
        return "<a:br/>".join(f"<a:r><a:t>{escape(part)}</a:t></a:r>" for part in piece.split("\n"))

    told = "".join(f"<a:p>{''.join(map(run, line))}</a:p>" for line in lines)
    grid = "".join(
        f"<a:tr>{''.join(f'<a:tc><a:txBody><a:p>{run(cell)}</a:p></a:txBody></a:tc>' for cell in row)}</a:tr>"
        for row in rows
    )
    table = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{grid}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    space = (
        f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{_REL}" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    relation = (
        '<Relationships xmlns="{0}/relationships"><Relationship Id="r1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    )
    return _packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
            f'<Override PartName="/ppt/presentation.xml" ContentType="{_TYPE}.presentationml.presentation.main+xml"/>'
            f'<Override PartName="/ppt/slides/slide1.xml" ContentType="{_TYPE}.presentationml.slide+xml"/></Types>',
            "_rels/.rels": relation.format(_PACKAGE, _REL, "officeDocument", "ppt/presentation.xml"),
            "ppt/presentation.xml": f'<p:presentation {space}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relation.format(_PACKAGE, _REL, "slide", "slides/slide1.xml"),
            "ppt/slides/slide1.xml": f"<p:sld {space}><p:cSld><p:spTree><p:sp><p:txBody>{told}</p:txBody></p:sp>{table if rows else ''}"
            "</p:spTree></p:cSld></p:sld>",
        }
    )


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def _odf(kind: str, body: str) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}"
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{told}"/>'
        for name, told in (("/", media), ("content.xml", "text/xml"))
    )
    return _packed(
        {
            "mimetype": media,
            "META-INF/manifest.xml": f"<manifest:manifest {space}>{entries}</manifest:manifest>",
            "content.xml": f"<office:document-content {_ODF}><office:body>{body}</office:body></office:document-content>",
        }
    )


def _odf_line(line: Line) -> str:
    spans = (escape(piece).replace("\n", "<text:line-break/>") for piece in line)
    return f"<text:p>{''.join(f'<text:span>{span}</text:span>' for span in spans)}</text:p>"


def _odf_rows(rows: Sequence[Row]) -> str:
    return "".join(
        f"<table:table-row>{''.join(f'<table:table-cell>{_odf_line([cell])}</table:table-cell>' for cell in row)}</table:table-row>"
        for row in rows
    )


def odt(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    table = f'<table:table table:name="t">{_odf_rows(rows)}</table:table>' if rows else ""
    return _odf("text", f"<office:text>{''.join(map(_odf_line, lines))}{table}</office:text>")


def ods(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    told = "".join(
        f"<table:table-row><table:table-cell>{_odf_line(line)}</table:table-cell></table:table-row>" for line in lines
    )
    return _odf(
        "spreadsheet",
        f'<office:spreadsheet><table:table table:name="公示">{told}{_odf_rows(rows)}</table:table></office:spreadsheet>',
    )


def html(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    def told(line: Line) -> str:
        return "".join(f"<span>{escape(piece)}</span>" for piece in line).replace("\n", "<br>")

    paragraphs = "".join(f"<p>{told(line)}</p>" for line in lines)
    grid = "".join(f"<tr>{''.join(f'<td>{told([cell])}</td>' for cell in row)}</tr>" for row in rows)
    return f"<!doctype html><meta charset=utf-8><title>公示</title>{paragraphs}<table>{grid}</table>".encode()


def pdf(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    from weasyprint import HTML

    out = io.BytesIO()
    HTML(string=html(lines, rows).decode()).write_pdf(out)
    return out.getvalue()


def ofd(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    """GB/T 33190: one text object for each piece, wrapped at 30 characters; cells side by side."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    objects, y = [], 10.0

    def put(text: str, x: float) -> float:
        deltas = " ".join(["5"] * (len(text) - 1))
        delta = f' DeltaX="{deltas}"' if deltas else ""
        objects.append(
            f'<ofd:TextObject ID="{len(objects) + 10}" Boundary="{x:.1f} {y:.1f} {5 * len(text) + 1} 6" Font="3" Size="5">'
            f'<ofd:TextCode X="0" Y="5"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )
        return x + 5 * len(text)

    for line in lines:
        x = 10.0
        for piece in line:
            for number, part in enumerate(piece.split("\n")):
                if number:
                    x, y = 10.0, y + 8
                while part:
                    room = int((190 - x) / 5)
                    if room < 1:
                        x, y = 10.0, y + 8
                        continue
                    x = put(part[:room], x)
                    part = part[room:]
        y += 8
    for row in rows:
        for column, cell in enumerate(row):
            put(cell.replace("\n", ""), 10.0 + 60 * column) if cell else None
        y += 8
    area = f"<ofd:PageArea><ofd:PhysicalBox>0 0 400 {y + 20:.0f}</ofd:PhysicalBox></ofd:PageArea>"
    return _packed(
        {
            "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef'
            "</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID>{area}"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>"
            '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/PublicRes.xml": f'<ofd:Res {space} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts></ofd:Res>',
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2" Type="Body">{"".join(objects)}'
            "</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def txt(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    return "\r\n".join(["".join(line) for line in lines] + ["\t".join(row) for row in rows]).encode("gb18030")


def csv_(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["".join(line)] for line in lines] + [list(row) for row in rows])
    return out.getvalue().encode()


def zip_(lines: Sequence[Line], rows: Sequence[Row]) -> bytes:
    half = len(lines) // 2
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("公示/一.docx", docx(lines[:half], rows))
        package.writestr("公示/二.txt", txt(lines[half:], []))
    return out.getvalue()


MAKERS: dict[str, Maker] = {
    "docx": docx, "xlsx": xlsx, "pptx": pptx, "odt": odt, "ods": ods, "pdf": pdf, "ofd": ofd, "html": html, "txt": txt,
    "csv": csv_, "zip": zip_,
}  # fmt: skip
#: Made by LibreOffice of what stands on the right; left out where it is not installed.
CONVERTED = {"doc": "docx", "xls": "xlsx", "rtf": "docx"}


def converted(files: dict[str, bytes], source: str, target: str) -> dict[str, bytes]:
    """Files of kind `source` as `target`, all in one run of LibreOffice. Names are without suffix."""
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, f"{name}.{source}").write_bytes(data)
        home = Path(folder, "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={home}", "--headless", "--convert-to", target, "--outdir", folder]
        paths = [str(Path(folder, f"{name}.{source}")) for name in files]
        subprocess.run([*command, *paths], check=True, capture_output=True, timeout=600)
        return {name: Path(folder, f"{name}.{target}").read_bytes() for name in files}


def can_convert() -> bool:
    return shutil.which("soffice") is not None
