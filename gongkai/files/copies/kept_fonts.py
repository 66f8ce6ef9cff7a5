"""Fonts of a page that is carried over: what draws the letters and tells which they are, nothing else. In the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

#: One glyph may stand for a few letters (ligatures); for more it is a hiding place.
_MOST_LETTERS = 4
_NUMERIC = ("/FirstChar", "/LastChar", "/DW")
_LISTS = ("/Widths", "/W", "/DW2", "/W2")
_OF_DESCRIPTOR = (
    "/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/StemV", "/StemH", "/AvgWidth", "/MaxWidth",
    "/MissingWidth", "/XHeight", "/Leading",
)  # fmt: skip
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SUBTYPES = frozenset(("/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"))
_PROGRAM_KINDS = frozenset(("/Type1C", "/CIDFontType0C", "/OpenType"))
_ORDERINGS = frozenset(("Identity", "UCS", "GB1", "CNS1", "Japan1", "Japan2", "Korea1", "KR"))
# Names of encodings and of glyphs as they are usual; anything else may be words.
_ENCODING = re.compile(r"/[A-Za-z0-9]+(?:-[A-Za-z0-9]+){0,4}")
_GLYPH = re.compile(
    r"/(?:[A-Za-z.]{1,24}\d{0,5}(?:\.[a-z]{1,6})?|uni[0-9A-F]{4,20}|u[0-9A-F]{4,6}|[A-Za-z]{1,3}[0-9A-F]{1,6})"
)
_MAPPING = re.compile(r"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
_PIECE = re.compile(r"<([0-9A-Fa-f\s]*)>|(\[)|(\])|(\S)")


class NotKept(Exception):
    """The page holds something that cannot be carried over safely; it is drawn instead."""


def is_number(held: Any) -> bool:
    return isinstance(held, int | float | Decimal) and not isinstance(held, bool)


def numbers(held: Any) -> Any:
    """A list of numbers, lists of them within; `NotKept` for anything else."""
    if is_number(held):
        return held
    if not isinstance(held, Array):
        raise NotKept("no list of numbers")
    return Array([numbers(each) for each in held])


def taken(held: Any, keys: Iterable[str]) -> dict[str, Any]:
    """These entries of a dictionary: numbers, truth values and lists of numbers."""
    made = {}
    for key in keys:
        value = held.get(key)
        if value is not None:
            made[key] = value if isinstance(value, bool) else numbers(value)
    return made


def kept_font(pdf: pikepdf.Pdf, font: Any) -> Any:
    """The font with what draws it; those that draw each letter by a stream of its own are not kept."""
    if not isinstance(font, Dictionary):
        raise NotKept("a font")
    kind = str(font.get("/Subtype"))
    made = Dictionary(Type=Name.Font, Subtype=font.get("/Subtype"), BaseFont=_base_font(font))
    if kind == "/Type0":
        [inner] = list(font.get("/DescendantFonts", Array([]))) or [None]
        if not isinstance(inner, Dictionary) or str(inner.get("/Subtype")) not in _SUBTYPES:
            raise NotKept("a font without its inner one")
        made["/Encoding"] = _encoding_name(font.get("/Encoding"))
        descendant = Dictionary(Type=Name.Font, Subtype=inner["/Subtype"], BaseFont=_base_font(inner))
        descendant["/CIDSystemInfo"] = _system(inner.get("/CIDSystemInfo"))
        _drawn_by(pdf, inner, descendant)
        mapping = inner.get("/CIDToGIDMap")
        if isinstance(mapping, pikepdf.Stream):
            descendant["/CIDToGIDMap"] = pdf.make_stream(mapping.read_bytes()[: 2 * 65536])
        elif mapping is not None:
            descendant["/CIDToGIDMap"] = Name.Identity
        made["/DescendantFonts"] = Array([pdf.make_indirect(descendant)])
    elif kind in _SUBTYPES:
        _drawn_by(pdf, font, made)
        if "/Encoding" in font:
            made["/Encoding"] = _encoding(font["/Encoding"])
    else:
        raise NotKept(f"a font of kind {kind}")
    told = font.get("/ToUnicode")
    if isinstance(told, pikepdf.Stream):
        made["/ToUnicode"] = pdf.make_stream(_mapping(told.read_bytes()))
    elif told is not None:
        made["/ToUnicode"] = _encoding_name(told)
    return pdf.make_indirect(made)


def _base_font(font: Any) -> Any:
    name = font.get("/BaseFont")
    if not isinstance(name, Name):
        raise NotKept("a font without a name")
    return name


def _drawn_by(pdf: pikepdf.Pdf, font: Any, made: Any) -> None:
    """Widths and the descriptor with the font's program."""
    for key, value in taken(font, (*_NUMERIC, *_LISTS)).items():
        made[key] = value
    descriptor = font.get("/FontDescriptor")
    if descriptor is None:
        return
    if not isinstance(descriptor, Dictionary):
        raise NotKept("a font descriptor")
    kept = Dictionary(Type=Name.FontDescriptor, FontName=_base_font(font))
    for key, value in taken(descriptor, (*_OF_DESCRIPTOR, "/FontBBox")).items():
        kept[key] = value
    for key in _PROGRAMS:
        program = descriptor.get(key)
        if program is None:
            continue
        kept[key] = pdf.make_stream(program.read_bytes())
        for length, value in taken(program, ("/Length1", "/Length2", "/Length3")).items():
            kept[key][length] = value
        if "/Subtype" in program:
            if str(program["/Subtype"]) not in _PROGRAM_KINDS:
                raise NotKept("a font program")
            kept[key]["/Subtype"] = program["/Subtype"]
    made["/FontDescriptor"] = pdf.make_indirect(kept)


def _system(told: Any) -> Any:
    ordering = str(told.get("/Ordering", "Identity")) if isinstance(told, Dictionary) else "Identity"
    if ordering not in _ORDERINGS:
        ordering = "Identity"
    supplement = told.get("/Supplement", 0) if isinstance(told, Dictionary) else 0
    return Dictionary(
        Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String(ordering),
        Supplement=supplement if is_number(supplement) else 0,
    )  # fmt: skip


def _encoding(told: Any) -> Any:
    if isinstance(told, Name):
        return _encoding_name(told)
    if not isinstance(told, Dictionary):
        raise NotKept("an encoding")
    made = Dictionary(Type=Name.Encoding)
    if "/BaseEncoding" in told:
        made["/BaseEncoding"] = _encoding_name(told["/BaseEncoding"])
    if "/Differences" in told:
        rows = list(told["/Differences"])
        if Name("/.notdef") in rows:
            raise NotKept("letters that are told to be none")
        if not all(is_number(row) or isinstance(row, Name) and _GLYPH.fullmatch(str(row)) for row in rows):
            raise NotKept("names of glyphs")
        made["/Differences"] = Array(rows)
    return made


def _encoding_name(told: Any) -> Any:
    if not isinstance(told, Name) or not _ENCODING.fullmatch(str(told)):
        raise NotKept("an encoding of its own")
    return told


def _mapping(stream: bytes) -> bytes:
    """A ToUnicode map written anew from its rows (ISO 32000-1, 9.10.3)."""
    blocks = []
    for match in _MAPPING.finditer(stream.decode("latin-1")):
        kind, pieces = match[1], _PIECE.findall(match[2])
        if any(other for *_, other in pieces):
            raise NotKept("a map of letters")
        tokens = [re.sub(r"\s", "", held).upper() if not opens and not closes else opens or closes
                  for held, opens, closes, _ in pieces]  # fmt: skip
        if any(len(token) > 4 * _MOST_LETTERS for token in tokens):
            raise NotKept("many letters for one")
        count = tokens.count("[") and tokens.count("]") or 0
        if kind != "bfrange" and count:
            raise NotKept("a map of letters")
        blocks.append((kind, tokens))
    rows = [row for kind, tokens in blocks for row in _rows(kind, tokens)]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Kept def\n/CMapType 2 def\n"
        + "\n".join(rows)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _rows(kind: str, tokens: list[str]) -> list[str]:
    held = " ".join(token if token in "[]" and token else f"<{token}>" for token in tokens)
    outside = re.sub(r"\[[^\]]*\]", "<>", held)
    entries = outside.count("<") // (3 if kind == "bfrange" else 2)
    return [f"{entries} begin{kind}", held, f"end{kind}"] if entries else []
