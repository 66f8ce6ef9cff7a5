"""The attachments of the demo: real .docx, .xlsx, .pdf and .txt files made from a few lines of text."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

_PAGE_LINES, _LINE_LETTERS = 34, 36  # of 12 points on A4 with wide margins


def make(told: dict[str, Any], *, author: str, on: date) -> bytes:
    """The bytes of one attachment; `told` has kind, title, and paragraphs or rows."""
    made_at = datetime.combine(on, time(9))
    match told["kind"]:
        case "docx":
            return _docx(told["title"], told["paragraphs"], author, made_at)
        case "xlsx":
            return _xlsx(told["title"], told["rows"], author, made_at)
        case "pdf":
            return _pdf([told["title"], "", *told["paragraphs"]])
        case "txt":
            return "\r\n".join([told["title"], "", *told["paragraphs"]]).encode("utf-8-sig")
        case other:
            raise ValueError(f"unknown kind of attachment {other}")


def _docx(title: str, paragraphs: list[str], author: str, made_at: datetime) -> bytes:
    document = Document()
    about = document.core_properties
    about.author = about.last_modified_by = author
    about.title, about.comments = title, ""
    about.created = about.modified = made_at
    document.add_heading(title, level=1)
    for words in paragraphs:
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx(title: str, rows: list[list[str]], author: str, made_at: datetime) -> bytes:
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = author
    book.properties.created = book.properties.modified = made_at
    book.properties.title = title
    sheet = book.active
    sheet.title = title[:31]
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center")
    for letter in {cell.column_letter for cell in sheet[1]}:
        widest = max(len(str(cell.value or "")) for cell in sheet[letter])
        sheet.column_dimensions[letter].width = min(60, 4 + 2 * widest)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(paragraphs: list[str]) -> bytes:
    """A plain PDF 1.7 in the standard Song face that readers bring along (Adobe-GB1, UniGB-UTF16-H); no embedding.

    Objects: 1 catalogue, 2 page tree, 3-5 the font, then a page and its content for each page.
    """
    lines = [line for words in paragraphs for line in _broken(words)]
    pages = [lines[n : n + _PAGE_LINES] for n in range(0, len(lines), _PAGE_LINES)]
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for n, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in page)
        stream = f"BT /F1 12 Tf 20 TL 80 760 Td\n{shown}ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _assembled(objects)


def _broken(words: str) -> list[str]:
    return [words[n : n + _LINE_LETTERS] for n in range(0, len(words), _LINE_LETTERS)] or [""]


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe4\xb8\xad\xe6\x96\x87\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
