"""Findings and answers stay as they were given."""

from gongkai.ledger.guards import Guard, append_only, no_replace

MESSAGE = "scanning: findings and answers are never changed or removed"

FIRST_GUARDS = [
    *append_only("scanning_scan", MESSAGE),
    no_replace("scanning_scan", "id", MESSAGE),
    *append_only("scanning_scanfinding", MESSAGE),
    no_replace("scanning_scanfinding", "id", MESSAGE),
    *append_only("scanning_findinganswer", MESSAGE),
]

COPY_KEPT = "scanning: a copy is never changed or removed"
OWN_COPY = "scanning: nobody confirms a copy of his own"

GUARDS = [
    *FIRST_GUARDS,
    *append_only("scanning_filecopy", COPY_KEPT),
    no_replace("scanning_filecopy", "id", COPY_KEPT),
    *append_only("scanning_copyconfirmation", COPY_KEPT),
    Guard(
        "guard_copy_second_person",
        "scanning_copyconfirmation",
        ("INSERT",),
        OWN_COPY,
        "EXISTS (SELECT 1 FROM scanning_filecopy c WHERE c.id = NEW.copy_id AND c.made_by_id = NEW.person_id)",
    ),
]
