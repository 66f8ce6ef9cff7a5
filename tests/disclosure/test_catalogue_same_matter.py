from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.actions.import_catalogue import import_catalogue
from gongkai.disclosure.queries.catalogue import current_entries
from gongkai.disclosure.queries.desk import coverage
from tests.conftest import *
from tests.disclosure.test_import_catalogue import row


def test_cov(desk, town):
    old = import_catalogue([row()], year=2025, source_digest="", actor=SYSTEM, at=AT)[0].entries.get()
    item = desk.draft(); item.entry = old; item.save(); desk.release(item)
    d = desk.draft(title="乙"); d.entry = old; d.save()
    import_catalogue([row(serial="7"), row(serial="8", level2="别的", line=4)], year=2026, source_digest="", actor=SYSTEM, at=AT)
    assert [(e.serial, e.live) for e in current_entries()] == [(7, 1), (8, 0)]
    (organ, gaps, total), = coverage([town.actor("supervisor")])
    assert ([(g.entry.serial, g.live, g.drafting) for g in gaps], total) == ([(8, 0, 0)], 2)
