"""Places on a page as it is displayed: points, origin at the top left, after /Rotate and the CropBox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Rect(NamedTuple):
    """Left, top, right, bottom in points; left ≤ right and top ≤ bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        return max(self.x1 - self.x0, 0.0) * max(self.y1 - self.y0, 0.0)

    def overlap(self, other: Rect) -> float:
        """Area both cover, in square points."""
        return Rect(
            max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1)
        ).area  # fmt: skip

    def covers(self, glyph: Rect) -> bool:
        """Is this glyph hidden by the rectangle? A fifth of it, or its middle: what is left can still be guessed."""
        middle = ((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        if self.x0 <= middle[0] <= self.x1 and self.y0 <= middle[1] <= self.y1:
            return True
        return glyph.area > 0 and self.overlap(glyph) > 0.2 * glyph.area


@dataclass(frozen=True, slots=True)
class View:
    """How a page is displayed: its visible box in user space (left, bottom, right, top) and its clockwise rotation."""

    box: tuple[float, float, float, float]
    rotation: int

    @property
    def width(self) -> float:
        left, bottom, right, top = self.box
        return (top - bottom) if self.rotation in (90, 270) else (right - left)

    @property
    def height(self) -> float:
        left, bottom, right, top = self.box
        return (right - left) if self.rotation in (90, 270) else (top - bottom)

    def shown(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """A box of user space as it is displayed."""
        corners = [self._point(x, y) for x, y in ((left, bottom), (right, top))]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        return Rect(xs[0], ys[0], xs[1], ys[1])

    def _point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        match self.rotation:
            case 0:
                return x - left, top - y
            case 90:
                return y - bottom, x - left
            case 180:
                return right - x, y - bottom
            case 270:
                return top - y, right - x
            case other:
                raise ValueError(f"a page is turned by quarters, not by {other}")
