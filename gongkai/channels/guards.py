"""Attempts and choices stay as they were; a posting is never removed, and its item and channel never change."""

from gongkai.ledger.guards import Guard, append_only, no_replace

KEPT = "channels: what was tried and chosen is never changed or removed"
POSTING = "channels: a posting stays with its item and channel"
EDITION = "channels: what was made, printed or handed over stays as it was"

#: Of handbooks and transfer lists (migration 0004).
PAPER_GUARDS = [
    *append_only("channels_edition", EDITION),
    *append_only("channels_editionplace", EDITION),
    *append_only("channels_printrun", EDITION),
    *append_only("channels_printending", EDITION),
    *append_only("channels_transferline", EDITION),
    Guard("guard_transfer_kept", "channels_transfer", ("DELETE",), EDITION, truncate=True),
    Guard(
        "guard_transfer_fixed",
        "channels_transfer",
        ("UPDATE",),
        EDITION,
        forbidden="NEW.receiver_id <> OLD.receiver_id OR NEW.number <> OLD.number OR NEW.digest <> OLD.digest "
        "OR NEW.until <> OLD.until OR OLD.handed_over_on IS NOT NULL OR OLD.given_up_at IS NOT NULL",
    ),
    no_replace("channels_transfer", "id", EDITION),
]

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
    *PAPER_GUARDS,
]
