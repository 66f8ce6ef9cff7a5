"""Tables of proactive disclosure."""

from gongkai.disclosure.models.catalogue import Catalogue, CatalogueEntry, Column
from gongkai.disclosure.models.citations import CitableName, Citation
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
from gongkai.disclosure.models.upkeep import Cleaning, CleaningLine, Look, Schedule

__all__ = [
    "Assessment",
    "Catalogue",
    "CatalogueEntry",
    "CitableName",
    "Citation",
    "Cleaning",
    "CleaningLine",
    "Column",
    "CorrectionRequest",
    "Draft",
    "DraftAttachment",
    "DraftPresence",
    "ImportBatch",
    "IndexSequence",
    "Item",
    "Look",
    "Release",
    "Schedule",
    "Version",
    "VersionAttachment",
    "VersionLink",
    "Withdrawal",
]
