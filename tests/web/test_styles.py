"""What the style sheets may hold, and that every pair of colours can be read."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

import gongkai.web

FOLDER = Path(gongkai.web.__file__).parent / "static" / "gongkai"
SHEETS = sorted(FOLDER.glob("*.css"))
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6});")
# text on ground: at least 4.5:1 (WCAG 2.1 AA); edges that carry meaning: 3:1
READABLE = [
    ("ink", "paper"), ("ink-2", "paper"), ("ink-3", "paper"), ("ink-2", "tint"), ("ink-3", "grey-tint"),
    ("blue", "paper"), ("blue", "tint"), ("blue-dark", "tint-2"), ("on-dark", "blue"), ("on-dark", "blue-dark"),
    ("on-dark-2", "blue-dark"), ("red", "paper"), ("red", "red-tint"), ("red", "tint"), ("amber", "amber-tint"),
    ("green", "green-tint"), ("error", "paper"), ("paper", "grey-ink"), ("paper", "red"), ("ink", "mark"),
]  # fmt: skip
EDGES = [("line-2", "paper"), ("amber-line", "paper"), ("focus", "blue-dark")]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def themes() -> dict[str, dict[str, str]]:
    text = (FOLDER / "tokens.css").read_text()
    normal, large, asked = (text.split(mark, 1)[1] for mark in (":root {", ":root.large {", "contrast: more"))
    base = dict(COLOUR.findall(normal.split("}", 1)[0]))
    return {
        "normal": base,
        "large": base | dict(COLOUR.findall(large.split("}", 1)[0])),
        "asked for": base | dict(COLOUR.findall(asked)),
    }


def test_the_measure_itself():
    assert round(contrast("#000", "#fff"), 1) == 21.0
    assert round(contrast("#14202e", "#ffffff"), 1) == 16.5


@pytest.mark.parametrize("theme", ["normal", "large", "asked for"])
def test_text_and_edges_can_be_read(theme):
    colours = themes()[theme]
    weak = [(a, b) for a, b in READABLE if contrast(colours[a], colours[b]) < 4.5]
    weak += [(a, b) for a, b in EDGES if contrast(colours[a], colours[b]) < 3]
    assert weak == []


def test_large_print_is_the_same_by_cookie_and_by_wish():
    colours = themes()
    assert colours["large"] == colours["asked for"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_no_foreign_address_no_decoration(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    assert re.findall(r"@import|https?://|data:|gradient\(|drop-shadow|text-shadow|@keyframes|animation", text) == []
    blurred = [s for s in re.findall(r"box-shadow:\s*([^;]+);", text) if not re.fullmatch(RING, s.strip())]
    assert blurred == []


# a ring or an edge: offsets may be there, blur never is
RING = r"(?s)none|((inset )?-?\d+(px)? -?\d+(px)? 0( \d+px)? (#[0-9a-f]{3,6}|var\([\w-]+\))(,\s*)?)+"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_one_breakpoint_for_the_phone(sheet):
    widths = set(re.findall(r"max-width: ([\d.]+)px\)", sheet.read_text()))
    assert widths <= {"719.98"}


def test_braces_close():
    for sheet in SHEETS:
        text = sheet.read_text()
        assert text.count("{") == text.count("}"), sheet.name
        for before, after in pairwise(text.splitlines()):
            assert not (before == "" and after == ""), f"two empty lines in {sheet.name}"
