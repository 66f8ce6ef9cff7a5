"""Findings and answers stay as they were given."""

from gongkai.ledger.guards import append_only

MESSAGE = "scanning: findings and answers are never changed or removed"

GUARDS = [*append_only("scanning_scanfinding", MESSAGE), *append_only("scanning_findinganswer", MESSAGE)]
