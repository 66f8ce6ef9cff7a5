"""What the channels hold and held: postings and records, handbooks with their printed copies, transfer lists."""

from gongkai.channels.models.handbooks import (
    Edition,
    EditionPlace,
    Handbook,
    HandbookItem,
    PrintEnding,
    PrintRun,
)
from gongkai.channels.models.postings import Attempt, HandRecord, Posting, Route
from gongkai.channels.models.transfers import Receiver, Transfer, TransferLine

__all__ = [
    "Attempt",
    "Edition",
    "EditionPlace",
    "HandRecord",
    "Handbook",
    "HandbookItem",
    "Posting",
    "PrintEnding",
    "PrintRun",
    "Receiver",
    "Route",
    "Transfer",
    "TransferLine",
]
