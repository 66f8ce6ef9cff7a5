"""Every real file of the shared data is read with its text, or refused with the true reason; each is listed.

Office files stand in `test_office_real`. Pictures take seconds to recognise: a usual run looks at those of one file,
GONGKAI_FULL=1 at all. Only facts stand here: pages, lines, which kinds of hidden parts there are.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import FileKind
from tests.files import test_office_real as office

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "files"
FULL = os.environ.get("GONGKAI_FULL") == "1"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="no shared data beside the checkout (../shared/data/files)")

# Name: pages, lines of text that are seen, kinds of hidden parts.
READ = {
    "1-1.ofd": (3, 4, "annotation properties"),
    "AddAttachment.ofd": (1, 1, "attachment properties"),
    "AddAttachment_relativepathversion.ofd": (1, 1, "attachment properties"),
    "Page5.ofd": (5, 0, "bookmark properties"),
    "VPage7.ofd": (5, 0, "properties"),
    "allprotected.ofd": (1, 1, "other_part properties"),
    "annotations.pdf": (1, 4, "annotation bookmark covered_text other_part properties"),
    "ano.ofd": (2, 85, "annotation off_page properties"),
    "areaholder_fields.ofd": (1, 2, "other_part properties"),
    "chineseDir.ofd": (1, 1, "other_part properties"),
    "hello_watermark.ofd": (1, 55, "annotation off_page properties"),
    "helloworld.ofd": (1, 1, "properties"),
    "helloworld_with_pageblock.ofd": (1, 1, "properties"),
    "issue-71-duplicate-chars.pdf": (2, 52, "bookmark other_part properties"),
    "no_page_container.ofd": (1, 49, "attachment other_part"),
    "ofdrw-c293-helloworld.ofd": (1, 1, "properties"),
    "ofdrw-d04b-keyword2.ofd": (2, 4, "properties"),
    "page2.ofd": (1, 1, "properties"),
    "page3.ofd": (1, 1, "properties"),
    "signout.ofd": (1, 25, "annotation"),
    "test-ofda.ofd": (1, 1, "properties"),
    "文字横向-数科.ofd": (1, 7, "custom_properties properties"),
    "透明度文字.ofd": (1, 4, "annotation off_page properties"),
}
# These have pictures to recognise too: least and most lines that are found in them, and a word among them.
SCANNED = {
    "malformed-from-issue-932.pdf": (1, 1, "other_part properties", 7, 12, "募集说明书"),
    "999.ofd": (5, 204, "annotation attachment custom_properties other_part properties", 0, 2, ""),
    "Test3.pdf": (4, 2, "properties", 0, 0, ""),  # the two pages without text show figures
    "fptpl.ofd": (1, 46, "custom_properties master other_part properties", 0, 2, ""),
    "testImageOverridePage.ofd": (
        1, 16, "annotation custom_properties custom_xml other_part properties", 25, 40, "选址意见书",
    ),
    "testPathFillOpacity.ofd": (1, 11, "custom_properties other_part properties", 0, 6, ""),
    "v4signed.ofd": (1, 53, "annotation attachment custom_properties other_part", 0, 3, ""),
    "z.ofd": (4, 42, "bookmark hidden_text other_part properties", 35, 60, ""),
    "发票监制章-数科.ofd": (1, 15, "annotation custom_properties other_part properties", 0, 6, ""),
}  # fmt: skip
REFUSED = {"empty.pdf": "empty"}
LOOKED_AT = sorted(SCANNED) if FULL else ["malformed-from-issue-932.pdf"]


def test_every_file_is_listed() -> None:
    listed = [READ, SCANNED, REFUSED, office.READ, office.REFUSED, office.OLD, {"manifest.json": ""}]
    names = [name for names in listed for name in names]
    assert len(names) == len(set(names))
    assert {path.name for path in FILES.iterdir()} == set(names)


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading | Unreadable]:
    files: list[tuple[Path, FileKind]] = []
    names = [*READ, *LOOKED_AT]
    for name in names:
        files.append((FILES / name, readable_kind(FILES / name, name)))
    return dict(zip(names, read_texts(files), strict=True))


@pytest.mark.parametrize("name", [*READ, *LOOKED_AT])
def test_read(name: str, readings: dict[str, Reading | Unreadable]) -> None:
    pages, lines, hidden = (READ | SCANNED)[name][:3]
    reading = readings[name]
    assert isinstance(reading, Reading), reading.sentence
    seen = [part for part in reading.parts if not part.hidden]
    assert (reading.count, reading.unit) == (pages, "页")
    assert len([part for part in seen if "ocr" not in part.where]) == lines
    assert {part.hidden for part in reading.parts if part.hidden} == set(hidden.split())
    for part in seen:
        assert 1 <= part.where["page"] <= pages
        x0, y0, x1, y1 = part.where["rect"]
        assert x0 < x1 and y0 < y1
        assert reading.text[part.start : part.start + len(part.text)] == part.text
    recognised = [part for part in seen if "ocr" in part.where]
    least, most, word = SCANNED[name][3:] if name in SCANNED else (0, 0, "")
    assert least <= len(recognised) <= most
    assert any(word in part.text for part in recognised) or not word


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        readable_kind(FILES / name, name)
    assert refused.value.code == REFUSED[name]
    assert "请" in refused.value.sentence
