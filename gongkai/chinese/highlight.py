"""Where a question stands in a text: marked titles, and the best excerpt of a long text.

Works on plain text and gives pieces; only `to_html` makes mark-up, and escapes every piece on the way, so that neither
the text nor the question can bring in a tag.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import log

from gongkai.chinese.tokens import FUNCTION_WORDS, QUESTION_WORDS, content_words, plain

#: Characters of an excerpt: two lines of a list on a desk screen, four on a phone.
WIDTH = 110
# Text beyond this is not searched for the excerpt; attachments can be whole yearbooks.
_SEARCHED = 300_000
# Places looked at for the best window.
_PLACES = 2_000
# How far before the first mark an excerpt may begin in order to begin with a sentence.
_LEAD = 30

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』")
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。！？；!?;\n]\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


def terms_of(question: str) -> tuple[str, ...]:
    """What is marked for a question: its quoted phrases whole, and its words; longest first, in plain form."""
    asked = plain(question)
    phrases = [match.group(match.lastindex or 0).strip() for match in _QUOTED.finditer(asked)]
    words = content_words(_QUOTED.sub(" ", asked))
    terms = {term for term in (*phrases, *words) if term and term not in QUESTION_WORDS and term not in FUNCTION_WORDS}
    return tuple(sorted(terms, key=lambda term: (-len(term), term)))


def mark(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text in pieces, the places of the terms marked; the pieces together are the text again."""
    return _pieces(text, ((start, end) for start, end, _ in _places(text, terms)), 0, len(text))


def excerpt(text: str, terms: Sequence[str], *, width: int = WIDTH) -> tuple[Piece, ...]:
    """The window of about `width` characters with the most, longest and rarest terms; its beginning when there are none.

    Blanks and line breaks are drawn together; … stands where text is left out.
    """
    text = text[:_SEARCHED]
    places = _places(text, terms)
    start = _sentence_start(text, _best_start(places, width)) if places else 0
    end = min(len(text), start + width)
    inside = [(begin, min(stop, end)) for begin, stop, _ in places if start <= begin < end]
    pieces = [Piece(_BLANKS.sub(" ", piece.text), piece.marked) for piece in _pieces(text, inside, start, end)]
    if start > 0:
        pieces.insert(0, Piece("…"))
    if end < len(text):
        pieces.append(Piece("…"))
    return tuple(pieces)


def found_in(text: str, terms: Sequence[str]) -> int:
    """How many different terms stand in the text: to choose the attachment an excerpt is taken from."""
    return len({term for _, _, term in _places(text[:_SEARCHED], terms)})


def to_html(pieces: Iterable[Piece]) -> str:
    """Escaped HTML with `<mark>` around the marked pieces."""
    return "".join(f"<mark>{escape(piece.text)}</mark>" if piece.marked else escape(piece.text) for piece in pieces)


def _places(text: str, terms: Sequence[str]) -> list[tuple[int, int, str]]:
    """Start, end and term of each place, in order, none overlapping another."""
    if not terms:
        return []
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = re.compile("|".join(f"({_loosely(term)})" for term in longest_first))
    places = []
    for match in pattern.finditer(plain(text)):
        places.append((match.start(), match.end(), longest_first[(match.lastindex or 1) - 1]))
        if len(places) == _PLACES:
            break
    return places


def _loosely(term: str) -> str:
    """The term with at most one blank between Chinese characters (lines of a PDF); a Latin word or number whole."""
    if term.isascii():
        return rf"(?<![0-9a-z]){re.escape(term)}(?![0-9a-z])"
    return r"\s?".join(re.escape(character) for character in term if not character.isspace())


def _best_start(places: Sequence[tuple[int, int, str]], width: int) -> int:
    counts = Counter(term for _, _, term in places)
    weight = {term: len(term) / (1 + log(count)) for term, count in counts.items()}
    best, best_start = -1.0, places[0][0]
    inside: Counter[str] = Counter()
    total, last = 0.0, 0
    for first, (start, _, term) in enumerate(places):
        while last < len(places) and places[last][1] <= start + width:
            entering = places[last][2]
            total += weight[entering] * (1.0 if not inside[entering] else 0.1)
            inside[entering] += 1
            last += 1
        if total > best + 1e-9:
            best, best_start = total, start
        if last > first:
            inside[term] -= 1
            total -= weight[term] * (1.0 if not inside[term] else 0.1)
        else:
            last = first + 1
    return best_start


def _sentence_start(text: str, at: int) -> int:
    """The start of the sentence that `at` lies in, when it is near; else a little before `at`."""
    earliest = max(0, at - _LEAD)
    begins = [0] if earliest == 0 else []
    begins += [match.end() for match in _SENTENCE_END.finditer(text, earliest, at)]
    return begins[-1] if begins else at - _LEAD // 3


def _pieces(text: str, places: Iterable[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    """The text from start to end; places that touch are one marked piece."""
    pieces: list[Piece] = []
    at = start
    for begin, stop in places:
        if begin > at:
            pieces.append(Piece(text[at:begin]))
        if begin == at and pieces and pieces[-1].marked:
            pieces[-1] = Piece(pieces[-1].text + text[begin:stop], marked=True)
        else:
            pieces.append(Piece(text[begin:stop], marked=True))
        at = stop
    if at < end:
        pieces.append(Piece(text[at:end]))
    return tuple(pieces)
