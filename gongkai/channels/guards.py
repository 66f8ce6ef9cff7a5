"""Attempts and choices stay as they were; a posting is never removed, and its item and channel never change."""

from gongkai.ledger.guards import Guard, append_only, no_replace

KEPT = "channels: what was tried and chosen is never changed or removed"
POSTING = "channels: a posting stays with its item and channel"

GUARDS = [
    *append_only("channels_attempt", KEPT),
    *append_only("channels_route", KEPT),
    *append_only("channels_handrecord", KEPT),
    Guard("guard_posting_kept", "channels_posting", ("DELETE",), POSTING, truncate=True),
    Guard(
        "guard_posting_fixed",
        "channels_posting",
        ("UPDATE",),
        POSTING,
        forbidden="NEW.item_id <> OLD.item_id OR NEW.channel <> OLD.channel",
    ),
    no_replace("channels_posting", "id", POSTING),
]
