"""An inspection stays as it came out."""

from gongkai.ledger.guards import append_only, no_replace

KEPT = "reporting: an inspection is never changed or removed"

GUARDS = [*append_only("reporting_inspection", KEPT), no_replace("reporting_inspection", "id", KEPT)]
