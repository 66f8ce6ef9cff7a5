"""Whether a run of a .docx can be seen: hidden characters, letters of no size, letters in the colour of the paper."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: [M] Half-points up to which nobody can read a letter.
SMALLEST = 4
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Look:
    """What a style or a run says; None where it says nothing."""

    vanished: bool | None = None
    white: bool | None = None
    tiny: bool | None = None
    shaded: bool | None = None

    def over(self, other: Look) -> Look:
        """This look, filled up with `other` below it."""
        return Look(
            *(
                above if above is not None else below
                for above, below in (
                    (self.vanished, other.vanished),
                    (self.white, other.white),
                    (self.tiny, other.tiny),
                    (self.shaded, other.shaded),
                )
            )
        )

    @property
    def unseen(self) -> bool:
        return bool(self.vanished) or bool(self.tiny) or (bool(self.white) and not self.shaded)


NOTHING = Look()


def look(properties: Element | None) -> Look:
    """Of `w:rPr`; shading counts for `w:pPr` and `w:tcPr` too."""
    if properties is None:
        return NOTHING
    vanished = properties.find(f"{_W}vanish")
    colour, size = properties.find(f"{_W}color"), properties.find(f"{_W}sz")
    return Look(
        None if vanished is None else vanished.get(f"{_W}val", "1") not in _OFF,
        None if colour is None else pale(colour.get(f"{_W}val", "")),
        None if size is None else _number(size.get(f"{_W}val", "")) <= SMALLEST,
        _shaded(properties),
    )


def pale(colour: str) -> bool:
    """White, or so near to it that it cannot be seen on paper."""
    try:
        return len(colour) == 6 and all(int(colour[at : at + 2], 16) >= 0xF5 for at in (0, 2, 4))
    except ValueError:
        return False


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 999


def _shaded(properties: Element) -> bool | None:
    if properties.find(f"{_W}highlight") is not None:
        return True
    shade = properties.find(f"{_W}shd")
    if shade is None:
        return None
    fill = shade.get(f"{_W}fill", "auto")
    return not (fill in ("auto", "") or pale(fill)) or shade.get(f"{_W}val") == "solid"


class Styles:
    """The looks of the styles of one document, what they are based on included."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {} if root is None else {s.get(f"{_W}styleId", ""): s for s in root.findall(f"{_W}style")}
        self._known: dict[str, Look] = {}

    def look(self, name: str) -> Look:
        if name not in self._known:
            self._known[name] = NOTHING  # a style based on itself ends here
            style = self._styles.get(name)
            if style is not None:
                based = style.find(f"{_W}basedOn")
                below = self.look(based.get(f"{_W}val", "")) if based is not None else NOTHING
                own = look(style.find(f"{_W}rPr")).over(look(style.find(f"{_W}pPr")))
                self._known[name] = own.over(below)
        return self._known[name]
