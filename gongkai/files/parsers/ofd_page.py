"""One page of an OFD (GB/T 33190): its lines with their places, whether a reader sees them, and its pictures.

Millimetres of the page become points as displayed (1 mm = 72/25.4 points), origin at the top left as in the format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.copies.geometry import Rect
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.parts import Found, Where

POINTS = 72 / 25.4
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_DEEPEST = 20
#: [M] Lighter than this on white is no ink.
_WHITE = 231
#: [M] So many curves without any text may be letters.
MANY_CURVES = 600
_MOST_REPEATS = 100_000
#: Points; smaller letters cannot be read, they are there to be copied.
_LEAST_SIZE = 1.0


@dataclass(slots=True)
class Run:
    """A piece of a line: letters side by side. `box` in millimetres of the page, `base` the line they stand on."""

    text: str
    box: Rect
    base: float
    size: float
    code: str
    pale: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on the page: `matrix` takes the unit square (right, down) to millimetres, `box` is around it."""

    resource: str
    matrix: Matrix

    @property
    def box(self) -> Rect:
        return _box(self.matrix, Rect(0, 0, 1, 1))

    def inside(self, place: Rect) -> Rect:
        """A place of the page within the unit square."""
        a, b, c, d, e, f = self.matrix
        size = a * d - b * c or 1e-9
        back = (d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size)
        return _box(back, place)


@dataclass(slots=True)
class Drawn:
    """What lies on the page in the order it is drawn: runs of text, areas that cover, pictures."""

    runs: list[tuple[int, Run]] = field(default_factory=list)
    areas: list[tuple[int, Rect, bool]] = field(default_factory=list)
    images: list[tuple[int, Placed]] = field(default_factory=list)
    curves: int = 0
    turn: int = 0


class Reader:
    """Gathers from the elements of pages, templates and annotations; `composite` finds a drawing by its number."""

    def __init__(self, composite: Callable[[str], Element | None]) -> None:
        self._composite = composite

    def gather(self, element: Element, into: Drawn, *, matrix: Matrix = _SAME, code: str = "", depth: int = 0) -> None:
        """Everything drawn below `element`; `code` says what hides all of it."""
        if depth > _DEEPEST:
            return
        for child in element:
            into.turn += 1
            hidden = code or _hidden_by(child)
            match local(child.tag):
                case "TextObject":
                    into.runs += ((into.turn, run) for run in _runs(child, matrix, hidden))
                case "PathObject":
                    self._path(child, into, matrix, hidden)
                case "ImageObject":
                    if not hidden:
                        into.images.append((into.turn, Placed(child.get("ResourceID", ""), _placed(child, matrix))))
                case "CompositeObject":
                    held = self._composite(child.get("ResourceID", ""))
                    if held is not None:
                        self.gather(held, into, matrix=_placed(child, matrix), code=hidden, depth=depth + 1)
                case "Layer" | "PageBlock" | "Content" | "Appearance" | "CellContent":
                    if local(child.tag) == "Layer" and child.get("Visible", "true") == "false":
                        hidden = code or "layer"
                    inner = _placed(child, matrix) if child.get("Boundary") else matrix
                    self.gather(child, into, matrix=inner, code=hidden, depth=depth + 1)
                case _:
                    pass

    def _path(self, element: Element, into: Drawn, matrix: Matrix, hidden: str) -> None:
        data = next((child.text or "" for child in element if local(child.tag) == "AbbreviatedData"), "")
        into.curves += len(re.findall(r"[QBA]", data))
        if hidden or element.get("Fill", "false") != "true" or _alpha(element) < 200:
            return
        letters = re.findall(r"[A-Za-z]", data)
        if len(letters) > 7 or any(letter not in "SMLC" for letter in letters):
            return  # no plain rectangle: what it covers cannot be told from its frame
        points = _numbers(re.sub(r"[A-Za-z]", " ", data))
        if len(points) < 6:
            return
        frame = Rect(min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2]))
        pale = _is_pale(element, "FillColor", default=False)
        into.areas.append((into.turn, _box(_placed(element, matrix), frame), pale))


def parts_of(drawn: Drawn, page: Rect, number: int, is_ink: Callable[[Placed, Rect], bool]) -> Iterator[Found]:
    """Lines: pieces on one base that follow each other belong together. `is_ink(picture, place)`: does it show there?"""
    line: list[tuple[Run, str]] = []
    for turn, run in drawn.runs:
        code = run.code or _unseen(turn, run, drawn, page, is_ink)
        if line and not _continues(line[-1], run, code):
            yield _line(line, number)
            line = []
        line.append((run, code))
    if line:
        yield _line(line, number)


def _continues(last: tuple[Run, str], run: Run, code: str) -> bool:
    before, code_before = last
    return code == code_before and abs(before.base - run.base) <= 0.3 * max(before.size, run.size, 1.5)


def _line(line: Sequence[tuple[Run, str]], number: int) -> Found:
    text = ""
    for index, (run, _) in enumerate(line):
        if index and run.box.x0 - line[index - 1][0].box.x1 > 0.8 * run.size:
            text += " "
        text += run.text
    boxes = [run.box for run, _ in line]
    box = (min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
    where: Where = {"page": number, "rect": [round(value * POINTS, 2) for value in box]}
    if line[0][1]:
        where["hidden"] = line[0][1]
    return where, text


def _unseen(turn: int, run: Run, drawn: Drawn, page: Rect, is_ink: Callable[[Placed, Rect], bool]) -> str:
    """What keeps a run from being seen: the edge of the page, something drawn over it, or its own colour."""
    box = run.box
    if page.overlap(box) < 0.2 * box.area or box.area == 0 and not page.covers(box):
        return "off_page"
    for later, area, _ in drawn.areas:
        if later > turn and area.overlap(box) > 0.8 * box.area:
            return "covered_text"
    for later, picture in drawn.images:
        if later > turn and picture.box.overlap(box) > 0.8 * box.area and not is_ink(picture, box):
            return "covered_text"
    if run.pale:
        under = [
            not pale for earlier, area, pale in drawn.areas if earlier < turn and area.overlap(box) > 0.5 * box.area
        ]
        pictures = any(earlier < turn and held.box.overlap(box) > 0.5 * box.area for earlier, held in drawn.images)
        if not (under and under[-1]) and not pictures:
            return "hidden_text"
    return ""


# Text -------------------------------------------------------------------------------------------------------------


def _runs(element: Element, matrix: Matrix, hidden: str) -> Iterator[Run]:
    """The letters of a text object, cut where they leave the line or go back."""
    placed = _placed(element, matrix)
    size = _number(element.get("Size"), 4.0)
    wide = _number(element.get("HScale"), 1.0)
    filled, stroked = element.get("Fill", "true") == "true", element.get("Stroke", "false") == "true"
    if not hidden and (not (filled or stroked) or _alpha(element) < 12):
        hidden = "hidden_text"
    pale = _is_pale(element, "FillColor", default=False) and not (
        stroked and not _is_pale(element, "StrokeColor", default=False)
    )
    x = y = 0.0
    for code in element:
        if local(code.tag) != "TextCode":
            continue
        text = code.text or ""
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        across, down = _steps(code.get("DeltaX", ""), len(text)), _steps(code.get("DeltaY", ""), len(text))
        yield from _cut(text, x, y, across, down, size, wide, placed, hidden, pale)


def _cut(
    text: str, x: float, y: float, across: Sequence[float], down: Sequence[float], size: float, wide: float,
    placed: Matrix, hidden: str, pale: bool,
) -> Iterator[Run]:  # fmt: skip
    letters, boxes = "", []
    start = (x, y)
    plain = not across and not down  # programs draw these side by side, whatever the standard says
    for index, letter in enumerate(text):
        step = across[index] if index < len(across) else 0.0
        advance = step if step > 0 else size * wide * (0.5 if ord(letter) < 0x2E80 else 1.0)
        step = advance if plain else step
        boxes.append(Rect(x, y - 0.88 * size, x + min(advance, 1.2 * size * wide), y + 0.14 * size))
        letters += letter
        drop = down[index] if index < len(down) else 0.0
        if (abs(drop) > 0.3 * size or step < -0.5 * size) and index + 1 < len(text):
            yield _run(letters, boxes, start, size, placed, hidden, pale)
            letters, boxes, start = "", [], (x + step, y + drop)
        x, y = x + step, y + drop
    if letters:
        yield _run(letters, boxes, start, size, placed, hidden, pale)


def _run(
    letters: str,
    boxes: Sequence[Rect],
    start: tuple[float, float],
    size: float,
    placed: Matrix,
    hidden: str,
    pale: bool,
) -> Run:
    around = Rect(boxes[0].x0, boxes[0].y0, boxes[-1].x1, boxes[-1].y1)
    box = _box(placed, around)
    turned = abs(placed[1]) > abs(placed[0])
    base = _point(placed, *start)[0 if turned else 1]
    height = size * (placed[2] ** 2 + placed[3] ** 2) ** 0.5
    width = size * (placed[0] ** 2 + placed[1] ** 2) ** 0.5
    if min(width, height) * POINTS < _LEAST_SIZE:
        hidden = hidden or "hidden_text"
    return Run(letters, box, base, height, hidden, pale)


def _steps(told: str, most: int) -> list[float]:
    """`DeltaX`, with its short form `g 3 5.5` for three times 5.5 (GB/T 33190, 11.3)."""
    found: list[float] = []
    words = told.split()
    at = 0
    while at < len(words) and len(found) < most:
        if words[at] == "g" and at + 2 < len(words):
            found += [_number(words[at + 2], 0.0)] * min(max(int(_number(words[at + 1], 0)), 0), _MOST_REPEATS)
            at += 3
        else:
            found.append(_number(words[at], 0.0))
            at += 1
    return found


# Places and colours -----------------------------------------------------------------------------------------------


def _placed(element: Element, outer: Matrix) -> Matrix:
    """From the object's own space through its CTM and its boundary to the page."""
    numbers = _numbers(element.get("CTM", ""))
    own: Matrix = (
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else _SAME
    )
    box = _numbers(element.get("Boundary", ""))
    if len(box) == 4:
        own = (*own[:4], own[4] + box[0], own[5] + box[1])
        if local(element.tag) == "ImageObject" and len(numbers) != 6:
            own = (box[2], 0, 0, box[3], box[0], box[1])
    a, b, c, d, e, f = own
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(matrix: Matrix, frame: Rect) -> Rect:
    corners = [_point(matrix, x, y) for x in (frame.x0, frame.x1) for y in (frame.y0, frame.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def box_of(told: str) -> Rect | None:
    """`x y width height` in millimetres."""
    numbers = _numbers(told)
    if len(numbers) != 4:
        return None
    return Rect(numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3])


def _numbers(told: str) -> list[float]:
    return [_number(word, 0.0) for word in told.split()]


def _number(told: str | None, otherwise: float) -> float:
    try:
        value = float(told) if told else otherwise
    except ValueError:
        return otherwise
    return value if abs(value) < 1e9 else otherwise


def _hidden_by(element: Element) -> str:
    return "hidden_text" if element.get("Visible", "true") == "false" else ""


def _alpha(element: Element) -> float:
    return _number(element.get("Alpha"), 255.0)


def _is_pale(element: Element, tag: str, *, default: bool) -> bool:
    """White, or near to it; colours of other colour spaces than grey and RGB are taken for ink."""
    for child in element:
        if local(child.tag) == tag:
            if _alpha(child) < 12:
                return True
            values: list[Any] = re.findall(r"#?[0-9A-Fa-f]+", child.get("Value", ""))
            numbers = [int(v[1:], 16) if v.startswith("#") else _number(v, 0.0) for v in values]
            return len(numbers) in (1, 3) and min(numbers) > _WHITE
    return default
