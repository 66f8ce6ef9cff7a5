"""An item counts for the same matter in a later year's catalogue, whatever its serial is there."""

from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.actions.import_catalogue import import_catalogue
from gongkai.disclosure.queries.catalogue import current_entries
from gongkai.disclosure.queries.desk import coverage
from tests.conftest import AT
from tests.disclosure.test_import_catalogue import row


def test_items_of_an_old_entry_count_for_the_new_one(desk, town):
    common = {"source_digest": "", "actor": SYSTEM, "at": AT}
    old = import_catalogue([row()], year=2025, **common)[0].entries.get()
    released = desk.draft()
    released.entry = old
    released.save()
    desk.release(released)
    drafted = desk.draft(title="乙")
    drafted.entry = old
    drafted.save()
    import_catalogue([row(serial="7"), row(serial="8", level2="别的", line=4)], year=2026, **common)
    assert [(entry.serial, entry.live) for entry in current_entries()] == [(7, 1), (8, 0)]
    ((_, gaps, total),) = coverage([town.actor("supervisor")])
    assert ([gap.entry.serial for gap in gaps], total) == ([8], 2)
