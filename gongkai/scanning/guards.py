"""Findings and answers stay as they were given."""

from gongkai.ledger.guards import append_only, no_replace

MESSAGE = "scanning: findings and answers are never changed or removed"

GUARDS = [
    *append_only("scanning_scan", MESSAGE),
    no_replace("scanning_scan", "id", MESSAGE),
    *append_only("scanning_scanfinding", MESSAGE),
    no_replace("scanning_scanfinding", "id", MESSAGE),
    *append_only("scanning_findinganswer", MESSAGE),
]
