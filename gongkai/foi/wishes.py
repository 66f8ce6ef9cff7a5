"""What is asked for: one item, as the applicant described it (条例29)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Wish:
    """One matter. `form` and `delivery` are codes of models.cases.FORMS and DELIVERIES."""

    name: str
    document_number: str = ""
    features: str = ""
    form: str = "electronic"
    delivery: str = "online"

    @property
    def text(self) -> str:
        """The description in one line, as a reply restates it."""
        number = f"（{self.document_number}）" if self.document_number else ""
        features = f"，{self.features}" if self.features else ""
        return f"{self.name}{number}{features}"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def wish_of(values: dict[str, Any]) -> Wish:
    """Back from the stored form."""
    return Wish(**{f.name: values.get(f.name, "") for f in fields(Wish)})
