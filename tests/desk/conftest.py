"""The desk over HTTP: a signed-in browser per person, forms as a browser would send them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse


@dataclass
class Browser:
    """One signed-in person."""

    client: Client

    def get(self, name: str, /, *args, **query):
        return self.client.get(reverse(f"desk:{name}", args=args), query)

    def post(self, name: str, /, *args, follow: bool = False, **data):
        return self.client.post(reverse(f"desk:{name}", args=args), data, follow=follow)


@pytest.fixture
def at(town):
    """`at("drafter")` is that person's browser."""

    def sign_in(who: str) -> Browser:
        client = Client()
        client.force_login(town.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return Browser(client)

    return sign_in


def draft_form(item, **changes) -> dict:
    """What the editor's form sends for the stored draft, with changes."""
    draft = item.draft
    draft.refresh_from_db()
    item.refresh_from_db()
    values = {
        "based_on": draft.revision,
        "title": draft.title,
        "doc_number": draft.doc_number,
        "issuer": draft.issuer,
        "formed_on": draft.formed_on.isoformat() if draft.formed_on else "",
        "heading": item.heading,
        "source": draft.source,
        "openness": draft.openness,
        "body": draft.body,
    }
    return values | changes


def sentences(response) -> str:
    """All messages and the page itself, as one text."""
    return response.content.decode()


def word_file(*paragraphs: str, image: bytes | None = None) -> bytes:
    """A small .docx made with the office library."""
    from docx import Document

    document = Document()
    document.add_heading(paragraphs[0], level=1)
    for text in paragraphs[1:]:
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=2)
    for row, values in zip(table.rows, (("镇街", "户数"), ("桂花街道", "12")), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    if image is not None:
        document.add_picture(io.BytesIO(image))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def png() -> bytes:
    """A whole PNG of one grey point."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def zip_bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """A .docx whose one part unpacks to `size` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        with archive.open("word/document.xml", "w") as part:
            block = b" " * (1024 * 1024)
            for _ in range(size // len(block)):
                part.write(block)
    return out.getvalue()


@pytest.fixture
def office(db, settings, tmp_path):
    """The town with posts for requests."""
    from tests.foi.conftest import build_office

    settings.FILES_ROOT = tmp_path / "files"
    settings.INDEX_ROOT = tmp_path / "index"
    return build_office()


@pytest.fixture
def counter(office):
    """Drives requests through the real actions; see tests/foi/conftest.py."""
    from tests.foi.conftest import Counter

    return Counter(office)


@pytest.fixture
def sits(office):
    """`sits("foi_officer")` is that person's browser; to be used at a day, see `noon`."""

    def sign_in(who: str) -> Browser:
        client = Client()
        client.force_login(office.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return Browser(client)

    return sign_in
