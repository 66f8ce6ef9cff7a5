"""One table of every hiding place of every format, and the corpus of files that are made from it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.canaries import image, ofd, pdf, pdf_corners, show, written

#: Formats that may be attached to an item; the others are only read.
ATTACHED = ("docx", "xlsx", "pdf", "ofd", "png", "jpeg", "gif", "txt", "csv")

# Where `pdf` hides, and what a reader has to call it: one of these codes ("" where the bytes are not words).
_PDF = {
    "covered_text": "covered_text", "covered_by_picture": "covered_text", "white_text": "hidden_text|covered_text",
    "invisible_text": "hidden_text|covered_text", "off_page": "off_page", "outside_crop": "off_page",
    "clipped_text": "hidden_text|covered_text", "note": "annotation", "hidden_annotation": "annotation",
    "link": "link|annotation", "form_field": "form_field|annotation", "layer": "layer", "layer_name": "layer",
    "earlier_revision": "earlier_revision", "attachment": "attachment", "attachment_name": "attachment", "xmp": "xmp",
    "properties": "properties", "custom_property": "custom_properties|properties", "thumbnail": "thumbnail",
    "javascript": "javascript", "page_action": "javascript", "bookmark": "bookmark",
    "private_data": "other_part|custom_properties", "actual_text": "alt_text|hidden_text|other_part",
    "alternate_text": "alt_text|other_part", "unused_form": "other_part|hidden_text",
    "unused_content_of_a_form": "", "metadata_of_a_picture": "xmp|exif", "remarks_of_a_photograph": "exif",
    "page_label": "other_part|bookmark", "destination_name": "bookmark|other_part|link", "root_key": "other_part|properties",
    "page_key": "other_part|properties", "trailing_bytes": "trailing_bytes", "comment_in_the_file": "trailing_bytes|other_part",
    "orphan_object": "other_part|trailing_bytes", "viewer_title": "properties",
}  # fmt: skip
# Where the shape of a canary makes a place another one: a name that ends like a file's is that of a file.
_ALSO = {("xlsx", "name_of_a_member"): "embedded_file"}

#: Places that may not be attached at all, with the code of the refusal.
REFUSED = {
    ("pdf", "javascript"): "active-pdf",
    ("pdf", "page_action"): "active-pdf",
}

#: Told as a revision, and seen by whoever opens the file: the copy shows it, for a person to decide.
SHOWN_IN_THE_COPY = {("docx", "insertion")}


@dataclass(frozen=True, slots=True)
class Spot:
    """A named hiding place of a format. `told`: the codes of which a reader has to name one; none for what is no text."""

    kind: str
    name: str
    make: Callable[[str], bytes]
    told: frozenset[str]

    @property
    def refused(self) -> str:
        """The code with which an attachment of this kind is refused; empty where a copy has to come out."""
        return REFUSED.get((self.kind, self.name), "")


def _spots() -> Iterator[Spot]:
    for kind, places in (show.ALL | {"ofd": ofd.PLACES} | image.ALL | written.ALL).items():
        for name, place in places.items():
            told = f"{place.hidden}|{_ALSO.get((kind, name), '')}"
            yield Spot(kind, name, place.make, frozenset(told.split("|")) - {""})
    corners = {make.__name__: told for make, told in pdf_corners.CODES.items()}
    for name, make in (pdf.PLACES | pdf_corners.PLACES).items():
        yield Spot("pdf", name, make, frozenset((_PDF | corners)[name].split("|")) - {""})


SPOTS: tuple[Spot, ...] = tuple(sorted(_spots(), key=lambda spot: (spot.kind, spot.name)))


@dataclass(frozen=True, slots=True)
class Planted:
    """One file with its canary, which no other file of the corpus has."""

    spot: Spot
    canary: str
    data: bytes

    @property
    def filename(self) -> str:
        return f"关于公示的附件.{'jpg' if self.spot.kind == 'jpeg' else self.spot.kind}"


def corpus(rounds: int) -> Iterator[Planted]:
    """Each hiding place `rounds` times, each time with a canary of another shape."""
    for round_number in range(rounds):
        for number, spot in enumerate(SPOTS):
            word = canary(round_number * len(SPOTS) + number, round_number)
            yield Planted(spot, word, spot.make(word))


_SHAPES: tuple[Callable[[random.Random, int], str], ...] = (
    lambda chance, number: identity_number(chance, number),
    lambda chance, number: f"1{chance.choice('35789')}{number:05d}{chance.randrange(10**4):04d}",
    lambda chance, number: f"vogel{number:05d}@k{chance.randrange(10**4):04d}.gov.cn",
    lambda chance, number: f"KANARIE{number:05d}X{chance.randrange(10**4):04d}",
)


def canary(number: int, shape: int) -> str:
    """A number of an identity card, a mobile number, an address of mail or a code word, in turn; all in ASCII, so that
    every format can hold it at every place."""
    return _SHAPES[shape % len(_SHAPES)](random.Random(number), number)


def identity_number(chance: random.Random, number: int) -> str:
    """Seventeen digits and the right check digit (GB 11643)."""
    digits = f"330100{1950 + number % 50}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{number % 1000:03d}"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return digits + "10X98765432"[rest]
