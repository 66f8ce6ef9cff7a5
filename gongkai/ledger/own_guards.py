"""Triggers of the ledger's own tables."""

from gongkai.ledger.guards import append_only, no_replace

MESSAGE = "ledger: facts are never changed or removed"

GUARDS = [
    *append_only("ledger_fact", MESSAGE),
    no_replace("ledger_fact", "id", MESSAGE),
    *append_only("ledger_seal", MESSAGE),
    no_replace("ledger_seal", "position", MESSAGE),
]
