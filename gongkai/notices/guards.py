"""What the database itself refuses about notices: what was sent is sent, and only what is queued is sent."""

from gongkai.ledger.guards import Guard, no_replace

#: On the tables as the first migration made them; the third makes the queue anew and puts all of these in place.
FIRST_GUARDS = [no_replace("notices_outgoingnotice", "id", "notices: a notice is never removed")]

GUARDS = [
    *FIRST_GUARDS,
    Guard(
        "guard_notices_moves",
        "notices_outgoingnotice",
        ("UPDATE",),
        "notices: what was sent stays sent, and only what is queued may be sent",
        forbidden=(
            "(OLD.state = 'sent' AND NEW.state <> 'sent') OR (NEW.state = 'sending' AND OLD.state <> 'queued') "
            "OR COALESCE(NEW.request_id, 0) <> COALESCE(OLD.request_id, 0) OR NEW.kind <> OLD.kind "
            "OR COALESCE(NEW.subscription_id, 0) <> COALESCE(OLD.subscription_id, 0) OR NEW.way <> OLD.way "
            "OR NEW.position <> OLD.position OR NEW.since <> OLD.since"
        ),
    ),
    Guard(
        "guard_notices_kept",
        "notices_outgoingnotice",
        ("DELETE",),
        "notices: a notice to an applicant is never removed",
        forbidden="OLD.request_id IS NOT NULL",
        truncate=True,
    ),
    # Whoever never said yes is asked once and told nothing.
    Guard(
        "guard_notices_digest_confirmed",
        "notices_outgoingnotice",
        ("INSERT",),
        "notices: a digest goes to a confirmed subscription only",
        forbidden=(
            "NEW.kind = 'digest' AND NOT EXISTS (SELECT 1 FROM notices_subscription s "
            "WHERE s.id = NEW.subscription_id AND s.state = 'confirmed')"
        ),
    ),
    Guard(
        "guard_notices_subscription_begins",
        "notices_subscription",
        ("INSERT",),
        "notices: a subscription begins unconfirmed",
        forbidden="NEW.state <> 'asked' OR NEW.confirmed_at IS NOT NULL",
    ),
    Guard(
        "guard_notices_subscription_moves",
        "notices_subscription",
        ("UPDATE",),
        "notices: a subscription that has ended does not begin again, and none goes back to unconfirmed",
        forbidden=(
            "(OLD.state = 'ended' AND NEW.state <> 'ended') OR (NEW.state = 'asked' AND OLD.state <> 'asked') "
            "OR NEW.token_digest <> OLD.token_digest"
        ),
    ),
]
