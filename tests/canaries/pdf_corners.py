"""More hiding places of a PDF: in what hangs on pages, in pictures, and in the corners of fonts, colours and states.

`PLACES[name](canary)` makes the bytes, as in `pdf`; canaries in a page's own content have to be ASCII.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.canaries.image import picture, saved
from tests.canaries.pdf import _BODY, _bytes, _new, _text

_BOX = Array([60, 590, 460, 620])


def _annotated(canary: str, content: str = "", **told: Any) -> bytes:
    """One annotation; `told` are its entries, CANARY in strings replaced."""
    pdf, page = _new(content)
    entries = {
        f"/{key}": String(value.replace("CANARY", canary)) if isinstance(value, str) else value
        for key, value in told.items()
    }
    page["/Annots"] = Array([pdf.make_indirect(Dictionary({"/Type": Name.Annot, "/Rect": _BOX} | entries))])
    return _bytes(pdf)


def box_drawn_as_an_annotation(canary: str) -> bytes:
    """A black square of a commenting tool over the words: take it off and they are there."""
    pdf, page = _new(_text(canary))
    drawn = pdf.make_stream(b"0 g 0 0 400 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 30]))
    page["/Annots"] = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=_BOX, IC=Array([0, 0, 0]), AP=Dictionary(N=drawn))]
    )
    return _bytes(pdf)


def redaction_never_applied(canary: str) -> bytes:
    return _annotated(canary, _text("words under it"), Subtype=Name.Redact, OverlayText="CANARY", F=2)


def words_under_a_redaction_never_applied(canary: str) -> bytes:
    """Marked for redaction in Acrobat, saved without applying it: most viewers show a red frame or nothing."""
    pdf, page = _new("/X Do\n")
    form = pdf.make_stream(_text(canary).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
    form["/Resources"] = page["/Resources"]
    page["/Resources"]["/XObject"] = Dictionary(X=form)
    box = pdf.make_stream(b"0 g 0 0 400 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 30]))
    page["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.Redact, Rect=_BOX, AP=Dictionary(N=box))])
    return _bytes(pdf)


def author_of_a_note(canary: str) -> bytes:
    return _annotated(canary, Subtype=Name.Text, T="CANARY", Contents="x")


def rich_text_of_a_note(canary: str) -> bytes:
    return _annotated(canary, Subtype=Name.Text, RC="<body><p>CANARY</p></body>", Contents="x")


def file_on_a_page(canary: str) -> bytes:
    pdf, page = _new()
    held = pikepdf.AttachedFileSpec(pdf, canary.encode(), filename="a.txt").obj
    page["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=_BOX, FS=held)])
    return _bytes(pdf)


def description_of_an_attachment(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="a.txt", description=canary)
    return _bytes(pdf)


def appearance_that_is_not_shown(canary: str) -> bytes:
    """The look of a button while it is pressed."""
    pdf, page = _new()
    down = pdf.make_stream(_text(canary).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 30]))
    down["/Resources"] = page["/Resources"]
    page["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=_BOX, AP=Dictionary(D=down))])
    return _bytes(pdf)


def _field(canary: str, **told: Any) -> bytes:
    pdf, page = _new()
    entries = {"/Type": Name.Annot, "/Subtype": Name.Widget, "/Rect": _BOX, "/F": 2, "/FT": Name.Tx, "/T": String("f")}
    for key, value in told.items():
        entries[f"/{key}"] = String(value.replace("CANARY", canary)) if isinstance(value, str) else value
    field = pdf.make_indirect(Dictionary(entries))
    page["/Annots"] = Array([field])
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]))
    return _bytes(pdf)


def default_of_a_field(canary: str) -> bytes:
    return _field(canary, DV="CANARY")


def name_of_a_field(canary: str) -> bytes:
    return _field(canary, T="CANARY")


def tip_of_a_field(canary: str) -> bytes:
    return _field(canary, TU="CANARY")


def choice_of_a_field(canary: str) -> bytes:
    return _field(canary, FT=Name.Ch, Opt=Array([String("x"), String(canary)]), V="x")


def field_on_no_page(canary: str) -> bytes:
    pdf, _ = _new()
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("f"), V=String(canary)))
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]))
    return _bytes(pdf)


def form_in_xml(canary: str) -> bytes:
    pdf, _ = _new()
    packet = pdf.make_stream(f"<xdp:xdp xmlns:xdp='urn:x'><v>{canary}</v></xdp:xdp>".encode())
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([]), XFA=packet)
    return _bytes(pdf)


def form_of_a_layer_switched_off(canary: str) -> bytes:
    pdf, page = _new("/X Do\n")
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    form = pdf.make_stream(_text(canary).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
    form["/OC"], form["/Resources"] = group, Dictionary(Font=page["/Resources"]["/Font"])
    page["/Resources"]["/XObject"] = Dictionary(X=form)
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
    return _bytes(pdf)


def address_of_a_bookmark(canary: str) -> bytes:
    pdf, _ = _new()
    with pdf.open_outline() as outline:
        outline.root.append(
            pikepdf.OutlineItem("x", action=Dictionary(S=Name.URI, URI=String(f"https://example.org/{canary}")))
        )
    return _bytes(pdf)


def title_of_a_structure_element(canary: str) -> bytes:
    pdf, page = _new("/P << /MCID 0 >> BDC\nEMC\n")
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, T=String(canary), K=0, Pg=page))
    pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name.StructTreeRoot, K=element)
    return _bytes(pdf)


def replacement_in_the_structure(canary: str) -> bytes:
    pdf, page = _new("/Span << /MCID 0 >> BDC\nEMC\n")
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Span, ActualText=String(canary), K=0, Pg=page))
    pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name.StructTreeRoot, K=element)
    return _bytes(pdf)


def article_thread(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.Root["/Threads"] = Array([pdf.make_indirect(Dictionary(Type=Name.Thread, I=Dictionary(Title=String(canary))))])
    return _bytes(pdf)


def page_no_longer_in_the_tree(canary: str) -> bytes:
    pdf, page = _new()
    content = pdf.make_stream(_text(canary).encode())
    gone = pdf.make_indirect(
        Dictionary(Type=Name.Page, MediaBox=page["/MediaBox"], Resources=page["/Resources"], Contents=content)
    )
    pdf.Root["/Names"] = Dictionary(Pages=Dictionary(Names=Array([String("x"), gone])))
    return _bytes(pdf)


def tiny_letters(canary: str) -> bytes:
    return _bytes(_new(f"BT /F 0.02 Tf 300 500 Td ({canary}) Tj ET\n")[0])


def letters_pressed_flat(canary: str) -> bytes:
    return _bytes(_new(f"BT /F 14 Tf 1 0 0 0.001 60 600 Tm ({canary}) Tj ET\n")[0])


def wholly_transparent(canary: str) -> bytes:
    pdf, page = _new(f"q /G gs {_text(canary)} Q\n")
    page["/Resources"]["/ExtGState"] = Dictionary(G=Dictionary(Type=Name.ExtGState, ca=0, CA=0))
    return _bytes(pdf)


def text_of_a_pattern_under_a_box(canary: str) -> bytes:
    pdf, page = _new("/Pattern cs /P scn 50 590 400 30 re f 0 g 50 590 400 30 re f\n")
    tile = pdf.make_stream(_text(canary, 0, 5).encode(), PatternType=1, PaintType=1, TilingType=1)
    tile["/BBox"], tile["/XStep"], tile["/YStep"] = Array([0, 0, 400, 30]), 400, 30
    tile["/Resources"] = Dictionary(Font=page["/Resources"]["/Font"])
    page["/Resources"]["/Pattern"] = Dictionary(P=tile)
    return _bytes(pdf)


# Pictures: what is in their samples, and not to be seen


def samples(canary: str) -> bytes:
    """120 grey samples that hold the canary between white ones."""
    return canary.encode("utf-16-be").ljust(120, b"\xff")[:120]


def _pictured(content: str, canary: str, **told: Any) -> bytes:
    pdf, page = _new(content)
    held = pdf.make_stream(samples(canary), Type=Name.XObject, Subtype=Name.Image, Width=120, Height=1)
    held["/ColorSpace"], held["/BitsPerComponent"] = Name.DeviceGray, 8
    for key, value in told.items():
        held[f"/{key}"] = pdf.make_stream(value) if isinstance(value, bytes) else value
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def scan_under_a_box(canary: str) -> bytes:
    """A scanned page with a black box drawn over it: no letter stands there, the picture holds it all."""
    return _pictured("q 400 0 0 30 50 590 cm /I Do Q 0 g 45 585 410 40 re f\n", canary)


def scan_under_a_white_box(canary: str) -> bytes:
    return _pictured("q 400 0 0 30 50 590 cm /I Do Q 1 g 45 585 410 40 re f\n", canary)


def scan_under_another_picture(canary: str) -> bytes:
    return _pictured(
        "q 400 0 0 30 50 590 cm /I Do Q q 410 0 0 40 45 585 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n", canary
    )


def picture_off_the_page(canary: str) -> bytes:
    return _pictured("q 400 0 0 30 50 -300 cm /I Do Q\n", canary)


def picture_beside_its_clip(canary: str) -> bytes:
    return _pictured("q 0 0 10 10 re W n 400 0 0 30 50 590 cm /I Do Q\n", canary)


def picture_of_no_size(canary: str) -> bytes:
    return _pictured("q 0.01 0 0 0.01 50 590 cm /I Do Q\n", canary)


def picture_behind_its_mask(canary: str) -> bytes:
    pdf, page = _new("q 400 0 0 30 50 590 cm /I Do Q\n")
    mask = pdf.make_stream(b"\0" * 120, Type=Name.XObject, Subtype=Name.Image, Width=120, Height=1)
    held = pdf.make_stream(samples(canary), Type=Name.XObject, Subtype=Name.Image, Width=120, Height=1)
    for each in (mask, held):
        each["/ColorSpace"], each["/BitsPerComponent"] = Name.DeviceGray, 8
    held["/SMask"] = mask
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def transparent_picture(canary: str) -> bytes:
    pdf, page = _new("q /G gs 400 0 0 30 50 590 cm /I Do Q\n")
    held = pdf.make_stream(samples(canary), Type=Name.XObject, Subtype=Name.Image, Width=120, Height=1)
    held["/ColorSpace"], held["/BitsPerComponent"] = Name.DeviceGray, 8
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    page["/Resources"]["/ExtGState"] = Dictionary(G=Dictionary(Type=Name.ExtGState, ca=0))
    return _bytes(pdf)


def samples_behind_the_last(canary: str) -> bytes:
    """More bytes in the stream of a picture than its rows take."""
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    held = pdf.make_stream(b"\x80" + canary.encode(), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    held["/ColorSpace"], held["/BitsPerComponent"] = Name.DeviceGray, 8
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def picture_for_other_uses(canary: str) -> bytes:
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    other = pdf.make_stream(samples(canary), Type=Name.XObject, Subtype=Name.Image, Width=120, Height=1)
    held = pdf.make_stream(b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    for each in (other, held):
        each["/ColorSpace"], each["/BitsPerComponent"] = Name.DeviceGray, 8
    held["/Alternates"] = Array([Dictionary(Image=other, DefaultForPrinting=True)])
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def colours_a_picture_does_not_use(canary: str) -> bytes:
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    held = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    table = b"\x80\x80\x80" + canary.encode("utf-16-be").ljust(255 * 3, b"\0")
    held["/ColorSpace"], held["/BitsPerComponent"] = Array([Name.Indexed, Name.DeviceRGB, 255, String(table)]), 8
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def photograph_behind_a_photograph(canary: str) -> bytes:
    """One stream, two photographs: every viewer shows the first."""
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    held = pdf.make_stream(b"")
    held.write(saved(picture(), "JPEG") + saved(picture(), "JPEG", comment=canary.encode()), filter=Name.DCTDecode)
    held["/Type"], held["/Subtype"], held["/Width"], held["/Height"] = Name.XObject, Name.Image, 64, 48
    held["/ColorSpace"], held["/BitsPerComponent"] = Name.DeviceRGB, 8
    page["/Resources"]["/XObject"] = Dictionary(I=held)
    return _bytes(pdf)


def letters_without_meaning_under_a_box(canary: str) -> bytes:
    """Letters of which the font tells nothing: no program knows them for text, and the bytes spell them."""
    pdf, page = _new(f"BT /N 14 Tf 60 600 Td ({canary}) Tj ET 0 g 50 590 400 30 re f\n")
    names = Array([0, *[Name("/.notdef")] * 256])
    page["/Resources"]["/Font"]["/N"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier,
        Encoding=Dictionary(Type=Name.Encoding, Differences=names),
    )  # fmt: skip
    return _bytes(pdf)


# Corners that are used by what is drawn, and hold more than it needs


def name_of_a_resource(canary: str) -> bytes:
    pdf, page = _new(f"/{canary} Do\n")
    form = pdf.make_stream(b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    page["/Resources"]["/XObject"] = Dictionary({f"/{canary}": form})
    return _bytes(pdf)


def name_of_a_font(canary: str) -> bytes:
    pdf, page = _new()
    page["/Resources"]["/Font"]["/F"]["/Name"] = Name(f"/{canary}")
    return _bytes(pdf)


def private_key_of_a_font(canary: str) -> bytes:
    pdf, page = _new()
    page["/Resources"]["/Font"]["/F"]["/Own"] = String(canary)
    return _bytes(pdf)


def private_key_of_a_state(canary: str) -> bytes:
    pdf, page = _new("/G gs\n")
    page["/Resources"]["/ExtGState"] = Dictionary(G=Dictionary(Type=Name.ExtGState, ca=1, Own=String(canary)))
    return _bytes(pdf)


def letter_of_a_drawn_font_nobody_uses(canary: str) -> bytes:
    """A Type 3 font draws each letter by a stream of its own."""
    pdf, page = _new("BT /T 20 Tf 60 400 Td (a) Tj ET\n")
    letters = {
        "/a": pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 400 400 re f"),
        "/b": pdf.make_stream(f"500 0 0 0 500 500 d1 0 0 400 400 re f ({canary}) pop".encode()),
    }
    page["/Resources"]["/Font"]["/T"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]), FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(letters), FirstChar=97, LastChar=98, Widths=Array([500, 500]),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a, Name.b])),
    )  # fmt: skip
    return _bytes(pdf)


def words_a_font_gives_one_letter(canary: str) -> bytes:
    """One square on the page; whoever copies it gets the whole canary."""
    pdf, page = _new("BT /U 14 Tf 60 400 Td <61> Tj ET\n")
    told = canary.encode("utf-16-be").hex()
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <FF> "
        f"endcodespacerange 1 beginbfchar <61> <{told}> endbfchar endcmap end end"
    )
    page["/Resources"]["/Font"]["/U"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=pdf.make_stream(table.encode())
    )
    return _bytes(pdf)


def colour_with_a_name(canary: str) -> bytes:
    pdf, page = _new("/S cs 1 scn 10 10 20 20 re f\n")
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=1)
    space = Array([Name.Separation, Name(f"/{canary}"), Name.DeviceGray, tint])
    page["/Resources"]["/ColorSpace"] = Dictionary(S=space)
    return _bytes(pdf)


def operator_nobody_knows(canary: str) -> bytes:
    return _bytes(_new(f"BX ({canary}) own EX\n")[0])


def comment_in_the_content(canary: str) -> bytes:
    return _bytes(_new(f"% {canary}\n0 g\n")[0])


def metadata_of_a_form(canary: str) -> bytes:
    pdf, page = _new("/X Do\n")
    form = pdf.make_stream(b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form["/PieceInfo"] = Dictionary(Own=Dictionary(Private=String(canary)))
    page["/Resources"]["/XObject"] = Dictionary(X=form)
    return _bytes(pdf)


def key_of_the_trailer(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.trailer["/Own"] = String(canary)
    return _bytes(pdf)


def bytes_behind_the_data_of_a_stream(canary: str) -> bytes:
    """A packed stream that ends before its bytes do."""
    pdf, page = _new()
    content = pdf.make_stream(b"")
    content.write(zlib.compress(_BODY.encode()) + canary.encode(), filter=Name.FlateDecode)
    page["/Contents"] = content
    return _bytes(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def between_objects(canary: str) -> bytes:
    """Bytes that no cross reference leads to, between two objects."""
    whole = _bytes(_new()[0], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref"))
    start = whole.rstrip().rsplit(b"\n", 2)[-2]
    more = f"<< ({canary}) >>\n".encode()
    moved = str(int(start) + len(more)).encode()
    return (whole[:at] + more + whole[at:]).replace(b"startxref\n" + start, b"startxref\n" + moved)


#: Place to the codes under which a reader may tell it; "" where the words are not text and need not be told.
CODES: dict[Callable[[str], bytes], str] = {
    box_drawn_as_an_annotation: "covered_text",
    redaction_never_applied: "annotation",
    words_under_a_redaction_never_applied: "covered_text",
    author_of_a_note: "annotation",
    rich_text_of_a_note: "annotation",
    file_on_a_page: "attachment|annotation|embedded_file",
    description_of_an_attachment: "attachment",
    appearance_that_is_not_shown: "annotation|other_part",
    default_of_a_field: "form_field",
    name_of_a_field: "form_field",
    tip_of_a_field: "form_field",
    choice_of_a_field: "form_field",
    field_on_no_page: "form_field",
    form_in_xml: "form_field",
    form_of_a_layer_switched_off: "layer",
    address_of_a_bookmark: "bookmark|link",
    title_of_a_structure_element: "alt_text|other_part",
    replacement_in_the_structure: "alt_text|other_part",
    article_thread: "other_part|bookmark",
    page_no_longer_in_the_tree: "other_part",
    tiny_letters: "hidden_text",
    letters_pressed_flat: "hidden_text",
    wholly_transparent: "hidden_text|covered_text",
    text_of_a_pattern_under_a_box: "",
    scan_under_a_box: "",
    scan_under_a_white_box: "",
    scan_under_another_picture: "",
    picture_off_the_page: "",
    picture_beside_its_clip: "",
    picture_of_no_size: "",
    picture_behind_its_mask: "",
    transparent_picture: "",
    samples_behind_the_last: "",
    picture_for_other_uses: "",
    colours_a_picture_does_not_use: "",
    photograph_behind_a_photograph: "",
    letters_without_meaning_under_a_box: "",
    name_of_a_resource: "",
    name_of_a_font: "",
    private_key_of_a_font: "",
    private_key_of_a_state: "",
    letter_of_a_drawn_font_nobody_uses: "",
    words_a_font_gives_one_letter: "",
    colour_with_a_name: "",
    operator_nobody_knows: "",
    comment_in_the_content: "",
    metadata_of_a_form: "",
    key_of_the_trailer: "",
    bytes_behind_the_data_of_a_stream: "",
    between_objects: "",
}
PLACES: dict[str, Callable[[str], bytes]] = {make.__name__: make for make in CODES}
