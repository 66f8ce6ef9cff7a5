"""Triggers of the calendar's tables: which due dates moved, and why, is never rewritten."""

from gongkai.ledger.guards import append_only, no_replace

MESSAGE = "calendars: the record of moved due dates is never changed or removed"

GUARDS = [
    *append_only("calendars_deadlinebatch", MESSAGE),
    no_replace("calendars_deadlinebatch", "id", MESSAGE),
    *append_only("calendars_deadlinechange", MESSAGE),
    no_replace("calendars_deadlinechange", "id", MESSAGE),
]
