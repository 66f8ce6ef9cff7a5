"""PDF files with a canary in one named hiding place each. `PLACES[name](canary)` makes the bytes.

Every file has one page that shows the word VISIBLE.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

SHOWN = "VISIBLE"
_BODY = f"BT /F 14 Tf 60 700 Td ({SHOWN}) Tj ET\n"


def _new(content: str = "") -> tuple[pikepdf.Pdf, Any]:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
    page.obj["/Resources"] = Dictionary(Font=Dictionary(F=font))
    page.obj["/Contents"] = pdf.make_stream((_BODY + content).encode("latin-1"))
    return pdf, page.obj


def _bytes(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def _text(canary: str, x: int = 60, y: int = 600, before: str = "") -> str:
    return f"q {before} BT /F 14 Tf {x} {y} Td ({canary}) Tj ET Q\n"


def covered_text(canary: str) -> bytes:
    return _bytes(_new(_text(canary) + "0 g 50 590 400 30 re f\n")[0])


def covered_by_picture(canary: str) -> bytes:
    pdf, page = _new(_text(canary) + "q 400 0 0 30 50 590 cm /I Do Q\n")
    picture = pdf.make_stream(b"\x00" * 12, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2)
    picture["/ColorSpace"], picture["/BitsPerComponent"] = Name.DeviceRGB, 8
    page["/Resources"]["/XObject"] = Dictionary(I=picture)
    return _bytes(pdf)


def white_text(canary: str) -> bytes:
    return _bytes(_new(_text(canary, before="1 g"))[0])


def invisible_text(canary: str) -> bytes:
    return _bytes(_new(f"BT 3 Tr /F 14 Tf 60 600 Td ({canary}) Tj ET\n")[0])


def off_page(canary: str) -> bytes:
    return _bytes(_new(_text(canary, x=60, y=-200))[0])


def outside_crop(canary: str) -> bytes:
    pdf, page = _new(_text(canary, y=100))
    page["/CropBox"] = Array([0, 400, 595, 842])
    return _bytes(pdf)


def clipped_text(canary: str) -> bytes:
    return _bytes(_new(_text(canary, before="0 0 10 10 re W n"))[0])


def note(canary: str) -> bytes:
    pdf, page = _new()
    page["/Annots"] = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents=String(canary))]
    )
    return _bytes(pdf)


def hidden_annotation(canary: str) -> bytes:
    pdf, page = _new()
    free = Dictionary(
        Type=Name.Annot,
        Subtype=Name.FreeText,
        F=2,
        Rect=Array([10, 10, 300, 30]),
        Contents=String(canary),
        DA=String("/F 12 Tf 0 g"),
    )
    page["/Annots"] = Array([free])
    return _bytes(pdf)


def link(canary: str) -> bytes:
    pdf, page = _new()
    action = Dictionary(S=Name.URI, URI=String(f"https://example.org/?{canary}"))
    page["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 30, 30]), A=action)])
    return _bytes(pdf)


def form_field(canary: str) -> bytes:
    pdf, page = _new()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("f"),
            V=String(canary),
            F=2,
            Rect=Array([10, 10, 300, 30]),
        )
    )
    page["/Annots"] = Array([field])
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]))
    return _bytes(pdf)


def layer(canary: str) -> bytes:
    pdf, page = _new(f"/OC /L BDC\n{_text(canary)}EMC\n")
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    page["/Resources"]["/Properties"] = Dictionary(L=group)
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group])))
    return _bytes(pdf)


def layer_name(canary: str) -> bytes:
    pdf, page = _new("/OC /L BDC\nEMC\n")
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(canary)))
    page["/Resources"]["/Properties"] = Dictionary(L=group)
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([group]), D=Dictionary(Order=Array([group])))
    return _bytes(pdf)


def earlier_revision(canary: str) -> bytes:
    """The page's content is replaced by an update at the end; the old one is still in the file."""
    whole = _bytes(_new(_text(canary))[0], compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        number, root = pdf.pages[0].obj["/Contents"].objgen[0], pdf.Root.objgen[0]
        size = len(pdf.objects) + 1
    start = whole.rstrip().rsplit(b"\n", 2)[-2].decode()
    at = len(whole)
    new = f"{number} 0 obj\n<< /Length {len(_BODY)} >>\nstream\n{_BODY}endstream\nendobj\n"
    table = f"xref\n{number} 1\n{at:010d} 00000 n \ntrailer\n<< /Size {size} /Root {root} 0 R /Prev {start} >>\nstartxref\n{at + len(new)}\n%%EOF\n"
    return whole + (new + table).encode()


def attachment(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, canary.encode(), filename="a.txt")
    return _bytes(pdf)


def attachment_name(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.attachments[f"{canary}.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename=f"{canary}.txt")
    return _bytes(pdf)


def xmp(canary: str) -> bytes:
    pdf, _ = _new()
    with pdf.open_metadata() as told:
        told["dc:title"] = canary
    return _bytes(pdf)


def properties(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.docinfo["/Author"] = String(canary)
    return _bytes(pdf)


def custom_property(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.docinfo["/Company"] = String(canary)
    return _bytes(pdf)


def thumbnail(canary: str) -> bytes:
    pdf, page = _new()
    page["/Thumb"] = pdf.make_stream(
        canary.encode(), Width=len(canary), Height=1, ColorSpace=Name.DeviceGray, BitsPerComponent=8
    )
    return _bytes(pdf)


def javascript(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{canary}')"))
    return _bytes(pdf)


def page_action(canary: str) -> bytes:
    pdf, page = _new()
    page["/AA"] = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(canary)))
    return _bytes(pdf)


def bookmark(canary: str) -> bytes:
    pdf, _ = _new()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(canary, 0))
    return _bytes(pdf)


def private_data(canary: str) -> bytes:
    pdf, page = _new()
    page["/PieceInfo"] = Dictionary(Own=Dictionary(Private=String(canary)))
    return _bytes(pdf)


def actual_text(canary: str) -> bytes:
    return _bytes(_new(f"/Span << /ActualText ({canary}) >> BDC\n{_text('shown', y=650)}EMC\n")[0])


def alternate_text(canary: str) -> bytes:
    pdf, page = _new("/P << /MCID 0 >> BDC\nEMC\n")
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(canary), K=0, Pg=page))
    pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name.StructTreeRoot, K=element)
    return _bytes(pdf)


def unused_form(canary: str) -> bytes:
    pdf, page = _new()
    form = pdf.make_stream(_text(canary).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
    page["/Resources"]["/XObject"] = Dictionary(X=form)
    return _bytes(pdf)


def unused_content_of_a_form(canary: str) -> bytes:
    """A form that is drawn, with a picture among its resources that is not."""
    pdf, page = _new("/X Do\n")
    picture = pdf.make_stream(canary.encode(), Type=Name.XObject, Subtype=Name.Image, Width=len(canary), Height=1)
    picture["/ColorSpace"], picture["/BitsPerComponent"] = Name.DeviceGray, 8
    form = pdf.make_stream(b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form["/Resources"] = Dictionary(XObject=Dictionary(U=picture))
    page["/Resources"]["/XObject"] = Dictionary(X=form)
    return _bytes(pdf)


def metadata_of_a_picture(canary: str) -> bytes:
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    picture = pdf.make_stream(b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    picture["/ColorSpace"], picture["/BitsPerComponent"] = Name.DeviceGray, 8
    picture["/Metadata"] = pdf.make_stream(
        f"<x:xmpmeta>{canary}</x:xmpmeta>".encode(), Type=Name.Metadata, Subtype=Name.XML
    )
    page["/Resources"]["/XObject"] = Dictionary(I=picture)
    return _bytes(pdf)


def remarks_of_a_photograph(canary: str) -> bytes:
    photograph = Image.new("RGB", (20, 20), "grey")
    remarks = photograph.getexif()
    remarks[0x010E] = canary
    out = io.BytesIO()
    photograph.save(out, "JPEG", exif=remarks, comment=canary.encode())
    pdf, page = _new("q 50 0 0 50 60 400 cm /I Do Q\n")
    picture = pdf.make_stream(b"")
    picture.write(out.getvalue(), filter=Name.DCTDecode)
    picture["/Type"], picture["/Subtype"], picture["/Width"], picture["/Height"] = Name.XObject, Name.Image, 20, 20
    picture["/ColorSpace"], picture["/BitsPerComponent"] = Name.DeviceRGB, 8
    page["/Resources"]["/XObject"] = Dictionary(I=picture)
    return _bytes(pdf)


def page_label(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.Root["/PageLabels"] = Dictionary(Nums=Array([0, Dictionary(S=Name.D, P=String(canary))]))
    return _bytes(pdf)


def destination_name(canary: str) -> bytes:
    pdf, page = _new()
    pdf.Root["/Names"] = Dictionary(Dests=Dictionary(Names=Array([String(canary), Array([page, Name.Fit])])))
    return _bytes(pdf)


def root_key(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.Root["/Own"] = Dictionary(Said=String(canary))
    return _bytes(pdf)


def page_key(canary: str) -> bytes:
    pdf, page = _new()
    page["/Own"] = String(canary)
    return _bytes(pdf)


def trailing_bytes(canary: str) -> bytes:
    return _bytes(_new()[0]) + f"\n{canary}\n".encode()


def comment_in_the_file(canary: str) -> bytes:
    head, _, rest = _bytes(_new()[0], object_stream_mode=pikepdf.ObjectStreamMode.disable).partition(b"\n")
    with pikepdf.open(io.BytesIO(head + f"\n%{canary}\n".encode() + rest)):
        return head + f"\n%{canary}\n".encode() + rest


def orphan_object(canary: str) -> bytes:
    pdf, page = _new()
    stream = pdf.make_stream(canary.encode())
    page["/Own"] = stream
    whole = _bytes(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return whole.replace(b"/Own ", b"/Owx ")


def viewer_title(canary: str) -> bytes:
    pdf, _ = _new()
    pdf.docinfo["/Title"] = String(canary)
    pdf.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)
    return _bytes(pdf)


PLACES: dict[str, Callable[[str], bytes]] = {
    make.__name__: make
    for make in (
        covered_text, covered_by_picture, white_text, invisible_text, off_page, outside_crop, clipped_text, note,
        hidden_annotation, link, form_field, layer, layer_name, earlier_revision, attachment, attachment_name, xmp,
        properties, custom_property, thumbnail, javascript, page_action, bookmark, private_data, actual_text,
        alternate_text, unused_form, unused_content_of_a_form, metadata_of_a_picture, remarks_of_a_photograph,
        page_label, destination_name, root_key, page_key, trailing_bytes, comment_in_the_file, orphan_object,
        viewer_title,
    )
}  # fmt: skip
