"""Try to get out of a copy what must not be in it, by several readers that know nothing of each other. In the sandbox.

Two kinds of words are looked for: those hidden in the original, which may turn up only if they may be seen as well; and
those that were covered, which may turn up on a drawn page no more often than they may be seen on it. Besides, covered
places are looked at: there is nothing but black.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

import pypdfium2 as pdfium
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, MatchKind
from PIL import Image

from gongkai.files.copies.attackers import ENCODINGS, RAW, READERS, Piece
from gongkai.files.copies.glyphs import drawn as picture_of
from gongkai.files.copies.glyphs import view_of
from gongkai.files.refusal import Unreadable

#: [M] Shorter words turn up by chance; in Chinese three characters are a name.
LEAST, LEAST_CHINESE = 4, 3
#: [M] A word of fewer letters counts only within a line: the end of one and the beginning of the next spell anything.
_ACROSS_LINES = 8
#: [M] In bytes that are no text (points, compressed streams) shorter Latin words and numbers turn up by chance.
_LEAST_IN_BYTES = 7
#: [M] One or two letters over and over are padding.
_LEAST_KINDS = 3
#: [M] Bytes that are longer (the points of a scan) are searched as they are, not decoded.
_LONG = 1_000_000
#: [M] Lightest grey in a covered place; JPEG leaves some noise beside an edge.
_DARK = 80
_LOOK_DPI = 108
_GAPS = re.compile(r"[\s\u00a0\u200b-\u200f\ufeff\x00-\x1f]+")
# What of a long hidden text must not come through alone: numbers, addresses, a clause.
_TELLING = re.compile(r"[0-9Xx]{7,}|[\w.+-]+@[\w.-]+|[\u3400-\u9fff]{6,}")


def attack(
    data: bytes, kind: str, hidden: Sequence[str], visible: str, covered: Sequence[str] = (),
    drawn: Sequence[int] = (), marks: Sequence[Sequence[float]] = (), usual: bytes = b"",
) -> list[list[str]]:  # fmt: skip
    """Every find as [reader, word]. A reader that fails is a find of its own.

    `kind`: pdf, xlsx, image or text. `visible`: all that may be seen, pages parted by form feeds. `drawn`: the pages on
    which `covered` was covered; `marks`: [page, x0, y0, x1, y1] (pictures: page 1, pixels). `usual`: a file of the
    same kind that says nothing; the names of styles and programs in it are no secrets.
    """
    may = plain(visible)
    secrets = _Words(piece for word in hidden for piece in _pieces(word))
    secrets.drop(secrets.within(may))
    for reader in READERS[kind].values() if usual else ():
        secrets.drop(secrets.found(reader(usual)))
    gone = _Words(covered)
    nowhere = _Words(word for word in covered if plain(word) not in may)
    finds = []
    for name, reader in READERS[kind].items():
        try:
            pieces = list(reader(data))
        except Unreadable:
            raise
        except Exception as error:  # a reader that cannot read proves nothing
            finds.append([name, f"({type(error).__name__})"])
            continue
        found = secrets.found(pieces) | nowhere.found(pieces)
        if name not in RAW:
            found |= _too_often(gone, pieces, visible, drawn)
        finds += [[name, word] for word in sorted(found)]
    return finds + _light(data, kind, marks)


def plain(text: str) -> str:
    """One form for comparing: compatibility forms folded, no blanks, upper case."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _pieces(word: str) -> list[str]:
    return [word, *word.splitlines(), *_TELLING.findall(unicodedata.normalize("NFKC", word))]


def _too_often(gone: _Words, pieces: Sequence[Piece], visible: str, drawn: Sequence[int]) -> set[str]:
    """Words that a reader finds on a drawn page more often than they may be seen there."""
    pages = visible.split("\f")
    texts = [piece for piece in pieces if isinstance(piece, str)]
    pairs = [(texts[n - 1], pages[n - 1]) for n in drawn] if drawn else [("\n".join(texts), visible)]
    found: set[str] = set()
    for text, may in pairs:
        read, allowed = plain(text), plain(may)
        found |= {word for word in gone.within(read) if read.count(word) > allowed.count(word)}
    return found


class _Words:
    """Words in plain form, looked for all at once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known: dict[str, set[str]] = {}
        for word in words:
            simple = plain(word)
            least = LEAST_CHINESE if re.fullmatch(r"[\u3400-\u9fff]+", simple) else LEAST
            if len(simple) >= least and len(set(simple)) >= _LEAST_KINDS:
                self._known.setdefault(simple, set()).update((word, word.strip(), simple))

    def drop(self, words: Iterable[str]) -> None:
        for word in words:
            self._known.pop(word, None)

    def within(self, text: str) -> set[str]:
        """Those that a text in plain form holds."""
        return _present(list(self._known), text)

    def found(self, pieces: Iterable[Piece]) -> set[str]:
        """Those that the readings of a copy hold: long ones over the ends of lines, short ones within a line."""
        if not self._known:
            return set()
        found: set[str] = set()
        texts: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                texts.append(piece)
            else:
                found |= self._decoded(piece) if len(piece) <= _LONG else self._in_bytes(piece)
        return found | self._said(texts)

    def _said(self, texts: Sequence[str]) -> set[str]:
        whole = plain("\n".join(texts))
        lines = "\n".join(plain(line) for text in texts for line in text.splitlines())
        return {word for word in self.within(whole) if len(word) >= _ACROSS_LINES} | self.within(lines)

    def _decoded(self, data: bytes) -> set[str]:
        found = self._said([data.decode(encoding, "ignore") for encoding in ENCODINGS])
        return {word for word in found if _is_rare(word)}

    def _in_bytes(self, data: bytes) -> set[str]:
        coded: dict[bytes, str] = {}
        for simple, forms in self._known.items():
            for encoding in ENCODINGS:
                coded |= {form.encode(encoding, "ignore"): simple for form in forms}
        coded.pop(b"", None)
        names = list(coded)
        hits = BytesAhoCorasick(names, MatchKind.Standard).find_matches_as_indexes(data, overlapping=True)
        return {word for index, _, _ in hits if _is_rare(word := coded[names[index]])}


def _is_rare(word: str) -> bool:
    return not word.isascii() or len(word) >= _LEAST_IN_BYTES


def _present(words: list[str], text: str) -> set[str]:
    if not words or not text:
        return set()
    hits = AhoCorasick(words, MatchKind.Standard).find_matches_as_indexes(text, overlapping=True)
    return {words[index] for index, _, _ in hits}


def _light(data: bytes, kind: str, marks: Sequence[Sequence[float]]) -> list[list[str]]:
    """Covered places with anything in them that is not black."""
    if not marks:
        return []
    finds = []
    pages: dict[int, tuple[Image.Image, float]] = {}
    shown = pdfium.PdfDocument(data) if kind == "pdf" else None
    for number, x0, y0, x1, y1 in marks:
        page = int(number)
        if page not in pages:
            pages[page] = _page(shown, page) if shown is not None else (_picture(data), 1.0)
        grey, scale = pages[page]
        inner = (max(min(x0, x1) * scale + 2, 0), max(min(y0, y1) * scale + 2, 0),
                 min(max(x0, x1) * scale - 2, grey.width), min(max(y0, y1) * scale - 2, grey.height))  # fmt: skip
        box = tuple(round(value) for value in inner)
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        _, most = grey.crop((box[0], box[1], box[2], box[3])).getextrema()
        if isinstance(most, int | float) and most > _DARK:
            finds.append(["像素", f"第 {page} 页"])
    return finds


def _page(shown: pdfium.PdfDocument, number: int) -> tuple[Image.Image, float]:
    page = shown[number - 1]
    view = view_of(page)
    grey = picture_of(page, view, _LOOK_DPI).convert("L")
    return grey, grey.width / view.width


def _picture(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGBA").convert("L")
