"""What the database itself refuses about notices: what was sent is sent, and only what is queued is sent."""

from gongkai.ledger.guards import Guard, no_replace

GUARDS = [
    Guard(
        "guard_notices_moves",
        "notices_outgoingnotice",
        ("UPDATE",),
        "notices: what was sent stays sent, and only what is queued may be sent",
        forbidden=(
            "(OLD.state = 'sent' AND NEW.state <> 'sent') OR (NEW.state = 'sending' AND OLD.state <> 'queued') "
            "OR NEW.request_id <> OLD.request_id OR NEW.kind <> OLD.kind OR NEW.way <> OLD.way "
            "OR NEW.position <> OLD.position"
        ),
    ),
    Guard(
        "guard_notices_kept",
        "notices_outgoingnotice",
        ("DELETE",),
        "notices: a notice is never removed",
        truncate=True,
    ),
    no_replace("notices_outgoingnotice", "id", "notices: a notice is never removed"),
]
