"""Tables of proactive disclosure."""

from gongkai.disclosure.models.catalogue import Catalogue, CatalogueEntry, Column
from gongkai.disclosure.models.content import (
    Draft,
    DraftAttachment,
    DraftPresence,
    Version,
    VersionAttachment,
    VersionLink,
)
from gongkai.disclosure.models.items import Assessment, CorrectionRequest, IndexSequence, Item
from gongkai.disclosure.models.releases import ImportBatch, Release, Withdrawal

__all__ = [
    "Assessment",
    "Catalogue",
    "CatalogueEntry",
    "Column",
    "CorrectionRequest",
    "Draft",
    "DraftAttachment",
    "DraftPresence",
    "ImportBatch",
    "IndexSequence",
    "Item",
    "Release",
    "Version",
    "VersionAttachment",
    "VersionLink",
    "Withdrawal",
]
