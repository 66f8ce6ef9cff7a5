"""No hiding place of a PDF comes through into the copy, and what is seen does."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2 as pdfium
import pytest

from gongkai.files.copies import copy_of_pdf
from gongkai.files.copies.attack import attack
from gongkai.files.copies.pdf import copy
from gongkai.files.refusal import Unreadable
from tests.canaries.pdf import PLACES, SHOWN

CANARY = "KANARIENVOGEL7Q3"


def text_of(data: bytes) -> str:
    shown = pdfium.PdfDocument(data)
    text = "\n".join(shown[n].get_textpage().get_text_range() for n in range(len(shown)))
    shown.close()
    return text


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_canary_in_its_hiding_place_stays_behind(place):
    data = PLACES[place](CANARY)
    # The file is sound, shows its word, and really holds the canary where a reader of objects finds it.
    assert SHOWN in text_of(data)
    assert attack(data, "pdf", [CANARY], SHOWN), f"{place} hides nothing"

    made = copy(data, [])

    assert attack(made["pdf"], "pdf", [CANARY], SHOWN) == []
    assert SHOWN in text_of(made["pdf"])
    with pikepdf.open(io.BytesIO(made["pdf"])) as copied:
        assert set(copied.Root.keys()) <= {"/Type", "/Pages", "/ViewerPreferences", "/Lang"}
        assert set(copied.trailer.keys()) <= {"/Root", "/ID", "/Size", "/Prev", "/Type", "/W", "/Index", "/Length",
                                              "/Filter", "/DecodeParms"}  # fmt: skip
        assert all("/Annots" not in page.obj for page in copied.pages)


def test_a_page_without_anything_hidden_keeps_its_own_text():
    made = copy(PLACES["properties"](CANARY), [])
    assert made["drawn"] == []
    with pikepdf.open(io.BytesIO(made["pdf"])) as copied:
        assert "/XObject" not in copied.pages[0].obj["/Resources"]


def test_the_copy_says_what_is_gone_and_is_attacked_with_it():
    data = PLACES["white_text"](CANARY)
    made = copy(data, [])
    assert (made["covered"], made["unseen"]) == ([], [CANARY])
    assert copy_of_pdf(data).drawn == (1,)


def test_the_same_file_gives_the_same_copy():
    data = PLACES["covered_text"](CANARY)
    assert copy(data, [[1, 10, 10, 50, 50]])["pdf"] == copy(data, [[1, 10, 10, 50, 50]])["pdf"]


def test_the_attack_finds_with_every_reader_and_counts_what_may_be_seen():
    data = PLACES["properties"]("x")
    assert {reader for reader, _ in attack(data, "pdf", [SHOWN], "")} == {"PDFium", "pypdf", "pdfminer", "对象"}
    assert attack(data, "pdf", [SHOWN], SHOWN) == []
    # What may be seen is no secret, wherever else it stands; what was covered may not turn up once more than it is seen.
    assert attack(PLACES["white_text"](SHOWN), "pdf", [SHOWN], SHOWN) == []
    finds = attack(PLACES["white_text"](SHOWN), "pdf", [], SHOWN, [SHOWN], [1])
    assert {reader for reader, _ in finds} == {"PDFium", "pypdf", "pdfminer"}


def test_a_reader_that_cannot_read_is_a_find():
    finds = attack(b"%PDF-1.7 nothing", "pdf", ["unimportant"], "")
    assert {reader for reader, _ in finds} == {"PDFium", "pypdf", "pdfminer", "对象"}


def test_damaged_and_locked_files_are_refused():
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(PLACES["properties"]("x"))) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    for data in (b"%PDF-1.7 nothing", locked.getvalue(), b""):
        with pytest.raises(Unreadable):
            copy_of_pdf(data)
