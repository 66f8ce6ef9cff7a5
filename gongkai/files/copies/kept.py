"""A page carried over with its text: written anew from what it draws, nothing that hangs on it. In the sandbox.

Only what is known is taken along: operators with the operands they have (ISO 32000-1, annex A), keys a viewer needs,
names of our own. Whatever else a page holds, or draws in a way that cannot be looked through, makes it a drawn page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from gongkai.files.copies.kept_fonts import NotKept, is_number, kept_font, numbers, taken
from gongkai.files.copies.kept_pictures import DEVICE_SPACES, kept_picture, kept_space

_NUMBERS = {
    "q": 0, "Q": 0, "cm": 6, "w": 1, "J": 1, "j": 1, "M": 1, "i": 1, "m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "h": 0,
    "re": 4, "S": 0, "s": 0, "f": 0, "F": 0, "f*": 0, "B": 0, "B*": 0, "b": 0, "b*": 0, "n": 0, "W": 0, "W*": 0,
    "BT": 0, "ET": 0, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Tr": 1, "Ts": 1, "Td": 2, "TD": 2, "Tm": 6, "T*": 0,
    "G": 1, "g": 1, "RG": 3, "rg": 3, "K": 4, "k": 4,
}  # fmt: skip
#: Dropped: marked content, compatibility, rendering intents, what only a drawn font has.
_DROPPED = frozenset(("BDC", "BMC", "EMC", "DP", "MP", "BX", "EX", "ri", "d0", "d1"))
_OF_PAGE = frozenset(("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Parent"))
_OF_STATE = frozenset(
    ("/LW", "/LC", "/LJ", "/ML", "/D", "/OP", "/op", "/OPM", "/FL", "/SM", "/SA", "/CA", "/ca", "/AIS", "/TK")
)  # fmt: skip
_BLENDS = frozenset(
    ("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
     "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity")
)  # fmt: skip
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_DEPTH = 12


def strip_page(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Leave of a page what it draws, in place. Raises `NotKept`; the page must not be used then."""
    for key in _INHERITED:
        value = _inherited(page.obj, key)
        if value is not None:
            page.obj[key] = value
    resources = page.obj.get("/Resources")
    content, used = _Writer(pdf, resources, resources, 0).written(pikepdf.parse_content_stream(page))
    for key in list(page.obj.keys()):
        if key not in _OF_PAGE:
            del page.obj[key]
    for key in ("/MediaBox", "/CropBox"):
        if key in page.obj:
            page.obj[key] = numbers(page.obj[key])
    page.obj["/Contents"], page.obj["/Resources"] = pdf.make_stream(content), used


class _Writer:
    """Writes one content stream anew, with resources under names of its own."""

    def __init__(self, pdf: pikepdf.Pdf, held: Any, of_page: Any, depth: int) -> None:
        if depth > _DEPTH:
            raise NotKept("forms within forms within forms")
        self._pdf, self._held, self._of_page, self._depth = pdf, held, of_page, depth
        self._made: dict[str, dict[str, Any]] = {}
        self._names: dict[tuple[str, str], str] = {}

    def written(self, rows: Iterable[Any]) -> tuple[bytes, Any]:
        made = [kept for row in rows if (kept := self._row(row)) is not None]
        used = Dictionary({category: Dictionary(held) for category, held in self._made.items()})
        return pikepdf.unparse_content_stream(made), used

    def _row(self, row: Any) -> Any:
        operator = str(row.operator)
        operands = list(row.operands)
        if operator in _NUMBERS:
            if len(operands) != _NUMBERS[operator] or not all(map(is_number, operands)):
                raise NotKept(f"operands of {operator}")
            return row
        match operator:
            case "Tj" | "'":
                return _only(row, [_is_text])
            case '"':
                return _only(row, [is_number, is_number, _is_text])
            case "TJ":
                return _only(row, [lambda held: _all(held, lambda each: _is_text(each) or is_number(each))])
            case "d":
                return _only(row, [lambda held: _all(held, is_number), is_number])
            case "sc" | "SC" | "scn" | "SCN":
                return _only(row, [is_number] * len(operands))
            case "Tf":
                _only(row, [_is_name, is_number])
                return self._renamed(row, "/Font", kept_font)
            case "gs":
                return self._renamed(_only(row, [_is_name]), "/ExtGState", _kept_state)
            case "cs" | "CS":
                if len(operands) == 1 and str(operands[0]) in DEVICE_SPACES:
                    return row
                return self._renamed(_only(row, [_is_name]), "/ColorSpace", kept_space)
            case "Do":
                return self._renamed(_only(row, [_is_name]), "/XObject", self._drawn)
            case _ if operator in ("BDC", "DP") and operands and operands[0] == Name.OC:
                raise NotKept("a layer")
            case _ if operator in _DROPPED:
                return None
            case "sh" | "INLINE IMAGE":
                raise NotKept(operator)
            case _:
                return None  # no viewer knows it either

    def _renamed(self, row: Any, category: str, keep: Callable[[pikepdf.Pdf, Any], Any]) -> Any:
        """The row with our own name for what it names; None where it names nothing."""
        old = str(row.operands[0])
        if (category, old) not in self._names:
            of_kind = self._held.get(category) if self._held is not None else None
            value = of_kind.get(old) if of_kind is not None else None
            if value is None:
                if category != "/XObject":
                    raise NotKept(f"no {category}")
                return None
            made = self._made.setdefault(category, {})
            new = f"/{category[1]}{len(made)}"
            made[new] = keep(self._pdf, value)
            self._names[category, old] = new
        new_name = Name(self._names[category, old])
        return pikepdf.ContentStreamInstruction([new_name, *list(row.operands)[1:]], row.operator)

    def _drawn(self, pdf: pikepdf.Pdf, value: Any) -> Any:
        if not isinstance(value, pikepdf.Stream) or value.get("/OC") is not None:
            raise NotKept("a layer")
        if value.get("/Subtype") == Name.Image:
            return kept_picture(pdf, value)
        if value.get("/Subtype") != Name.Form:
            raise NotKept("neither a form nor a picture")
        held = value.get("/Resources")
        inner = _Writer(pdf, held if held is not None else self._of_page, self._of_page, self._depth + 1)
        content, used = inner.written(pikepdf.parse_content_stream(value))
        made = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, Resources=used)
        for key in ("/BBox", "/Matrix"):
            if key in value:
                made[key] = numbers(value[key])
        if "/Group" in value:
            made["/Group"] = Dictionary({"/S": Name.Transparency} | taken(value["/Group"], ("/I", "/K")))
        return made


def _kept_state(_: pikepdf.Pdf, state: Any) -> Any:
    if not isinstance(state, Dictionary):
        raise NotKept("a graphics state")
    if "/Font" in state or state.get("/SMask") not in (None, Name("/None")):
        raise NotKept("a graphics state with more in it")
    made = Dictionary(taken(state, _OF_STATE))
    blend = state.get("/BM")
    if blend is not None:
        if str(blend) not in _BLENDS:
            raise NotKept("a blend mode")
        made["/BM"] = blend
    return made


def _only(row: Any, kinds: list[Callable[[Any], bool]]) -> Any:
    operands = list(row.operands)
    if len(operands) != len(kinds) or not all(is_kind(held) for is_kind, held in zip(kinds, operands, strict=True)):
        raise NotKept(f"operands of {row.operator}")
    return row


def _is_text(held: Any) -> bool:
    return isinstance(held, pikepdf.String)


def _is_name(held: Any) -> bool:
    return isinstance(held, Name)


def _all(held: Any, is_kind: Callable[[Any], bool]) -> bool:
    return isinstance(held, Array) and all(is_kind(each) for each in held)


def _inherited(node: Any, key: str) -> Any:
    for _ in range(_DEPTH * 4):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None
