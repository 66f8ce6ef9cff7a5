"""What a reply is made of, and the one digest that stands for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from gongkai.law.replies import gives_information
from gongkai.law.reply_facts import Case, Reply
from gongkai.ledger.canonical import digest

SUBJECT_KIND: Final = "foi.reply"
#: A letter that hands nothing over: its plan needs no 保密审查.
PLAIN_KIND: Final = "foi.reply_plain"
#: What the officer finds and writes down; the rest of `law.reply_facts.Case` follows from the file.
FINDINGS: Final = (
    "organ", "review_body", "basis", "no_rule_requires", "external_effect", "separability_examined",
    "responsible_agency", "public_interest",
)  # fmt: skip
#: Fields of the letter; type, ground, day and way of delivery follow from the tree and the delivery.
LETTER: Final = tuple(
    f.name for f in fields(Reply) if f.name not in ("code", "ground", "sent_on", "delivery", "sealed", "text")
)
#: [I] way of delivery wished → way a reply goes out
SENT_BY: Final[dict[str, str]] = {
    "online": "online", "email": "online", "fax": "online", "post": "post", "in_person": "in_person",
}  # fmt: skip
#: [I] kind of organ in the directory → kind in the law of administrative review; the officer may choose another
ORGAN_KIND: Final[dict[str, str]] = {
    "government": "local_government",
    "department": "department",
    "township": "local_government",
    "other": "authorised_organisation",
}
assert set(FINDINGS) - {"public_interest"} <= {f.name for f in fields(Case)}


@dataclass(frozen=True, slots=True)
class Composition:
    """A reply being written: answers of the tree, what was found, fields and text of the letter, files, reasons."""

    answers: Mapping[str, str]
    findings: Mapping[str, Any] = field(default_factory=dict)
    letter: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    files: tuple[int, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)
    salt: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"files": list(self.files)}


def composition_of(values: Mapping[str, Any]) -> Composition:
    """Back from the stored form."""
    return Composition(**{**values, "files": tuple(values.get("files", ()))})


def subject_kind(reply_code: str, files: int = 0) -> str:
    """Which review plan a reply goes through: with 保密审查 as soon as it gives information or has attachments."""
    return SUBJECT_KIND if files or gives_information(reply_code) else PLAIN_KIND


def reply_digest(number: str, version: int, composition: Composition, files: list[str]) -> str:
    """SHA-256 over case, version, everything written and the keyed digests of the files; salted by the composition."""
    return digest({"case": number, "version": version, "content": composition.as_dict(), "files": files})
