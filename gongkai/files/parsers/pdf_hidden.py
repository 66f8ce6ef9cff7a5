"""All that is in a PDF beside what its pages draw: every object is visited once, and its words told with their place.

The kind of a hidden part follows from the key that leads to it (ISO 32000-1); what no key leads to is `other_part`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Stream, String

from gongkai.files.copies.geometry import View
from gongkai.files.parsers.inner import inner
from gongkai.files.parsers.parts import Found, Where, strings
from gongkai.files.parsers.pdf_words import decoded, is_font_or_profile, numbers, of_xml, text_of, worth
from gongkai.files.parsers.pictures import remarks

#: What a key says about all below it. "-": fonts, colours and marks of programs, which hold no text of the document.
_KEYS: Mapping[str, str] = {
    "/Info": "properties", "/Metadata": "xmp", "/Outlines": "bookmark", "/AcroForm": "form_field", "/Annots": "annotation",
    "/OpenAction": "link", "/AA": "link", "/A": "link", "/JavaScript": "javascript", "/JS": "javascript",
    "/EmbeddedFiles": "attachment", "/AF": "attachment", "/FS": "attachment", "/OCProperties": "layer", "/OC": "layer",
    "/OCGs": "layer", "/Thumb": "thumbnail", "/StructTreeRoot": "alt_text", "/PieceInfo": "other_part", "/Font": "-",
    "/ColorSpace": "-", "/CS": "-", "/Function": "-", "/Shading": "-", "/ExtGState": "-", "/OutputIntents": "-",
    "/ID": "-", "/Lang": "-", "/DA": "-", "/DR": "-", "/Halftone": "-", "/Encrypt": "-", "/Decode": "-",
    "/DecodeParms": "-", "/Params": "-", "/M": "-", "/CreationDate": "-", "/ModDate": "-", "/LastModified": "-",
    "/RoleMap": "-", "/ClassMap": "-", "/ParentTree": "-", "/Style": "-", "/DS": "-",
}  # fmt: skip
_SIMPLE = frozenset(("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/Trapped"))
#: Streams whose bytes are drawn, or a font, or a colour: their words are read elsewhere or are none.
_KNOWN_STREAMS = frozenset(
    ("/Contents", "/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/CIDToGIDMap", "/Encoding", "/SMask", "/Mask",
     "/CharProcs", "/N", "/R", "/D", "/G", "/AP", "/Pattern", "/XObject", "/CIDSet", "/Alternates")
)  # fmt: skip
_PLAYED = frozenset(("/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"))
_DRAWS = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_SPOKEN = re.compile(rb"/(?:ActualText|Alt|E)\b")

PLAYED = "PDF 里有录音、录像或三维模型，系统不能检查其中的内容，请打开核对。"
THUMBNAIL = "thumbnail {width}×{height}"


class Hidden:
    """`parts` and `warnings` of a file; `changed`: words that stand for what is drawn were taken out of `pdf`.

    PDFium would give these words for the ones that are seen.
    """

    def __init__(self, pdf: pikepdf.Pdf, view: Callable[[int], View]) -> None:
        self.parts: list[Found] = []
        self.warnings: list[str] = []
        self.changed = False
        self._pdf, self._view = pdf, view
        self._visited: set[tuple[int, int]] = set()
        self._drawn: set[tuple[int, int]] = set()
        self._drawn_names: set[str] = set()
        self._held: dict[tuple[int, int], tuple[Where, str, Any, str]] = {}
        self._off = _layers_switched_off(pdf)
        self._told: set[tuple[str, str, object]] = set()

    def read(self) -> None:
        pages = list(self._pdf.pages)
        self._visited |= {page.obj.objgen for page in pages}
        for number, page in enumerate(pages, start=1):
            self._draws(page.obj, page.obj.get("/Resources"), page.obj.get("/Contents"))
            for key in page.obj.keys():  # noqa: SIM118 - no mapping
                if key != "/Parent":
                    self._walk(page.obj[key], _KEYS.get(key, ""), {"page": number}, key)
        trailer = self._pdf.trailer
        for key in trailer.keys():  # noqa: SIM118
            if key not in ("/Prev", "/XRefStm", "/Size", "/Index", "/W"):
                self._walk(trailer[key], _KEYS.get(key, ""), {}, key)
        self._unused()
        for held in self._pdf.objects:
            left = isinstance(held, Dictionary | Stream | Array | String) and held.objgen not in self._visited
            if left and not _is_of_the_file(held):
                self._walk(held, "", {}, "/orphan")

    def _tell(self, code: str, text: str, where: Where) -> None:
        text = text.strip()
        if text and (code, text, where.get("page")) not in self._told:
            self._told.add((code, text, where.get("page")))
            self.parts.append(({**where, "hidden": code}, text))

    def _walk(self, start: Any, code: str, where: Where, key: str) -> None:
        """Everything that can be reached, without recursion: outlines are lists of ten thousand links."""
        stack: list[tuple[Any, str, Where, str]] = [(start, code, where, key)]
        while stack:
            held, code, where, key = stack.pop()
            if not isinstance(held, pikepdf.Object):
                continue
            if held.is_indirect:
                if held.objgen in self._visited:
                    continue
                self._visited.add(held.objgen)
            if isinstance(held, String):
                self._string(held, code, where, key)
            elif isinstance(held, Array):
                stack += [(inside, code, where, key) for inside in reversed(list(held))]
            elif isinstance(held, Dictionary | Stream):
                stack += self._dictionary(held, code, where, key)

    def _string(self, held: String, code: str, where: Where, key: str) -> None:
        if code == "-":
            return
        text = text_of(held)
        if code == "properties" and key not in _SIMPLE:
            code = "custom_properties"
        if key == "/URI":
            self._tell("link", text, where)
        elif (
            key == "/NM"
            or code in ("", "other_part", "alt_text", "link")
            and key not in ("/Alt", "/ActualText", "/E", "/F", "/UF")
        ):
            if worth(text):
                self._tell(code or "other_part", text, where)
        elif not re.fullmatch(r"D:\d{4}.*", text):
            self._tell(code or "other_part", text, where)

    def _dictionary(self, held: Any, code: str, where: Where, key: str) -> list[tuple[Any, str, Where, str]]:
        if key == "/Annots" or code == "form_field" and held.get("/Subtype") == Name.Widget:
            code, where = self._annotation(held, where)
        if code != "-" and (held.get("/Type") == Name.Filespec or "/EF" in held):
            self._attachment(held, where)
            return []
        if held.get("/Type") == Name.Page and isinstance(held, Dictionary):
            self._lost_page(held, where)
        if held.get("/S") == Name.JavaScript:
            code = "javascript"
        if isinstance(held, Stream):
            self._stream(held, code, where, key)
        if key == "/XObject" and not isinstance(held, Stream):
            self._hold(held, where)
        if key == "/Properties" and "/ActualText" in held:
            self._walk(held["/ActualText"], "alt_text", where, "/Alt")
            del held["/ActualText"]
            self.changed = True
        below = []
        for name in held.keys():  # noqa: SIM118 - no mapping
            if name == "/Parent":
                continue
            if key in ("/Properties", "/Font", "/XObject", "/Pattern") and not isinstance(held, Stream):
                below.append((held[name], "layer" if key == "/Properties" else code, where, key))
            elif code == "-" or (code == "properties" and key == "/Info"):
                below.append((held[name], code, where, name))
            else:
                below.append((held[name], _KEYS.get(name, code), where, name))
        return below[::-1]

    def _annotation(self, held: Any, where: Where) -> tuple[str, Where]:
        kind = str(held.get("/Subtype", ""))
        if kind in _PLAYED:
            self.warnings.append(PLAYED)
        box = numbers(held.get("/Rect", ()), 4)
        if box and "page" in where:
            left, right, bottom, top = *sorted(box[::2]), *sorted(box[1::2])
            shown = self._view(where["page"]).shown(left, bottom, right, top)
            where = {**where, "rect": [round(value, 2) for value in shown]}
        code = {"/Widget": "form_field", "/Link": "link", "/FileAttachment": "attachment"}.get(kind, "annotation")
        for name, look in _looks_not_shown(held):
            self._held.setdefault(look.objgen, (where, name, look, code))
        return code, where

    def _lost_page(self, held: Any, where: Where) -> None:
        """A page that is in the file and not among its pages."""
        contents = held.get("/Contents")
        streams = list(contents) if isinstance(contents, Array) else [contents]
        form = self._pdf.make_stream(b"\n".join(decoded(stream) for stream in streams if isinstance(stream, Stream)))
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 14400, 14400])
        if isinstance(held.get("/Resources"), Dictionary):
            form["/Resources"] = held["/Resources"]
        self._visited.add(form.objgen)
        for text in _text_of_form(form):
            self._tell("other_part", text, where)

    def _attachment(self, held: Any, where: Where) -> None:
        names = [text_of(held[key]) for key in ("/UF", "/F", "/Desc") if isinstance(held.get(key), String)]
        for name in dict.fromkeys(names):
            self._tell("attachment", name, where)
        files = held.get("/EF")
        for key in files.keys() if isinstance(files, Dictionary) else ():
            if isinstance(files[key], Stream) and files[key].objgen not in self._visited:
                self._visited.add(files[key].objgen)
                parts, warnings = inner(names[0] if names else "attachment", decoded(files[key]), "attachment")
                self.parts += [({**place, **where}, text) for place, text in parts]
                self.warnings += warnings

    def _stream(self, held: Stream, code: str, where: Where, key: str) -> None:
        kind = held.get("/Subtype")
        if held.get("/Type") == Name.Metadata or code == "xmp":
            for text in of_xml(decoded(held)):
                self._tell("xmp", text, where)
        elif code == "thumbnail":
            self._tell(code, THUMBNAIL.format(width=held.get("/Width", "?"), height=held.get("/Height", "?")), where)
            for text in strings(decoded(held)):
                self._tell(code, text, where)
        elif kind == Name.Image:
            if "/DCTDecode" in str(held.get("/Filter")) or "/JPXDecode" in str(held.get("/Filter")):
                for told, text in remarks(bytes(held.read_raw_bytes())):
                    self._tell(told, text, where)
        elif kind == Name.Form or key in ("/Contents", "/AP", "/N", "/CharProcs", "/Pattern", "/XObject"):
            self._content(held, where)
        elif code in ("javascript", "form_field", "annotation"):
            for text in of_xml(decoded(held)) if key == "/XFA" else [decoded(held).decode("utf-8", "replace")]:
                self._tell(code, text, where)
        elif code != "-" and key not in _KNOWN_STREAMS and not is_font_or_profile(data := decoded(held)):
            for text in strings(data):
                self._tell(code or "other_part", text, where)

    def _content(self, held: Stream, where: Where) -> None:
        """Words that stand for what is drawn, which programs for the blind read out."""
        if held.get("/Subtype") == Name.Form:
            self._draws(held, held.get("/Resources"), held)
            if isinstance(held.get("/OC"), Dictionary) and held["/OC"].objgen in self._off:
                for text in _text_of_form(held):
                    self._tell("layer", text, where)
        if not _SPOKEN.search(decoded(held)):
            return
        rows = pikepdf.parse_content_stream(held)
        for row in rows:
            if str(row.operator) in ("BDC", "DP"):
                for operand in row.operands:
                    if isinstance(operand, Dictionary):
                        self._walk(operand, "alt_text", where, "/Alt")
        if b"/ActualText" in decoded(held):
            held.write(decoded(held).replace(b"/ActualText", b"/ActualTexx"))
            self.changed = True

    # What is held and never drawn

    def _draws(self, owner: Any, resources: Any, content: Any) -> None:
        streams = list(content) if isinstance(content, Array) else [content]
        data = b"\n".join(decoded(stream) for stream in streams if isinstance(stream, Stream))
        names = {match.decode("latin-1") for match in _DRAWS.findall(data)}
        held = resources.get("/XObject") if isinstance(resources, Dictionary) else None
        if not isinstance(held, Dictionary):
            self._drawn_names |= names
            return
        for name in names:
            if f"/{name}" in held:
                self._drawn.add(held[f"/{name}"].objgen)
            else:
                self._drawn_names.add(name)

    def _hold(self, held: Any, where: Where) -> None:
        for name in held.keys():  # noqa: SIM118 - no mapping
            if isinstance(held[name], Stream):
                self._held.setdefault(held[name].objgen, (where, name.lstrip("/"), held[name], "other_part"))

    def _unused(self) -> None:
        for objgen, (where, name, held, code) in self._held.items():
            if objgen in self._drawn or name in self._drawn_names:
                continue
            if held.get("/Subtype") == Name.Form:
                texts: Iterator[str] | list[str] = _text_of_form(held)
            else:
                size = f"{held.get('/Width', '?')}×{held.get('/Height', '?')}"
                texts = [f"picture that is not shown {size}", *strings(decoded(held))]
            for text in texts:
                self._tell(code, text, where)


def _is_of_the_file(held: Any) -> bool:
    """Objects that hold the file together."""
    if isinstance(held, Dictionary | Stream):
        return str(held.get("/Type")) in (
            "/ObjStm",
            "/XRef",
            "/Font",
            "/FontDescriptor",
            "/Encoding",
            "/Pages",
            "/CMap",
        )
    return False


def _layers_switched_off(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    usual = pdf.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    off = usual.get("/OFF") if isinstance(usual, Dictionary) else None
    return {group.objgen for group in off if isinstance(group, Dictionary)} if isinstance(off, Array) else set()


def _looks_not_shown(annotation: Any) -> Iterator[tuple[str, Any]]:
    """Appearances for a pressed button, for another state, or of an annotation that is hidden (ISO 32000-1, 12.5.5)."""
    looks = annotation.get("/AP")
    if not isinstance(looks, Dictionary):
        return
    hidden = int(annotation.get("/F", 0)) & 0x22
    for kind in looks.keys():  # noqa: SIM118 - no mapping
        if isinstance(looks[kind], Stream):
            if kind != "/N" or hidden:
                yield kind, looks[kind]
        elif isinstance(looks[kind], Dictionary):
            for state in looks[kind].keys():  # noqa: SIM118
                shown = kind == "/N" and not hidden and state == str(annotation.get("/AS", ""))
                if isinstance(looks[kind][state], Stream) and not shown:
                    yield state, looks[kind][state]


def _text_of_form(form: Any) -> list[str]:
    """The text a form would show, had it been drawn."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(1000, 1000))
    page.obj["/Resources"] = Dictionary(XObject=Dictionary(X=made.copy_foreign(form)))
    if "/OC" in page.obj["/Resources"]["/XObject"]["/X"]:
        del page.obj["/Resources"]["/XObject"]["/X"]["/OC"]
    page.obj["/Contents"] = made.make_stream(b"/X Do")
    out = io.BytesIO()
    made.save(out)
    shown = pdfium.PdfDocument(out.getvalue())
    try:
        text: str = shown[0].get_textpage().get_text_range()
    finally:
        shown.close()
    return text.split("\r\n") or list(strings(decoded(form)))
