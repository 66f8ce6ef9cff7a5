"""Facts are never changed or removed; positions are given after commit; the chain shows every tampering."""

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.agencies.actors import SYSTEM
from gongkai.config.guards import ALL, missing_guards
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.actions.record import build, record
from gongkai.ledger.actions.seal import seal, seal_all
from gongkai.ledger.guards import missing
from gongkai.ledger.models import Fact, Seal
from gongkai.ledger.queries import position_of, sealed_after, unread, verify
from tests.conftest import AT

pytestmark = pytest.mark.django_db


def write(n: int) -> list[Fact]:
    with transaction.atomic():
        return [record("organ.changed", subject=f"organ:{i}", actor=SYSTEM, at=AT, data={"n": i}) for i in range(n)]


def test_every_guard_is_in_the_database_after_all_migrations():
    assert missing_guards() == []
    names = [name for guard in ALL for name in guard.trigger_names(connection.vendor)]
    assert len(names) == len(set(names)) > 20


def test_a_dropped_guard_is_noticed():
    guard = ALL[0]
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in guard.remove_sql(connection.vendor):
            cursor.execute(sql)
        assert missing([guard]) == guard.trigger_names(connection.vendor)
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", ["organ.renamed", ""])
def test_an_unlisted_kind_cannot_be_recorded(kind):
    with pytest.raises(KeyError):
        build(kind, subject="organ:x", actor=SYSTEM, at=AT)


def test_a_naive_instant_cannot_be_recorded():
    with pytest.raises(ValueError, match="time zone"):
        build("organ.changed", subject="organ:x", actor=SYSTEM, at=AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_fact SET actor_code = 'x'",
        "DELETE FROM ledger_fact",
        "UPDATE ledger_seal SET link = 'x'",
        "DELETE FROM ledger_seal",
    ],
)
def test_facts_and_seals_refuse_sql(sql):
    write(2)
    seal_all(at=AT)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Fact.objects.count() == 2


def test_a_fact_cannot_be_replaced_in_place():
    (fact,) = write(1)
    columns = "id, kind, subject, organ_code, actor_code, post_code, at, digest, data"
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    values = f"SELECT id, 'item.created', subject, organ_code, actor_code, post_code, at, digest, data FROM ledger_fact WHERE id = {fact.pk}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} INTO ledger_fact ({columns}) {values}")
    assert Fact.objects.get().kind == "organ.changed"


def test_truncate_is_refused_on_postgresql():
    if connection.vendor != "postgresql":
        assert connection.vendor == "sqlite"  # SQLite has no TRUNCATE; DELETE is refused above
        return
    write(1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_fact CASCADE")


def test_positions_run_from_one_without_gaps_and_a_second_run_changes_nothing():
    write(5)
    assert seal(at=AT, limit=3) == 3
    assert seal_all(at=AT) == 2
    assert seal_all(at=AT) == 0
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]


def test_a_fact_that_commits_late_gets_a_position_behind_all_readers():
    """Its id is lower than ids that are sealed already; a reader that follows ids would skip it for ever."""
    facts = write(3)
    late = facts[0]
    with transaction.atomic():
        from gongkai.ledger.canonical import GENESIS, link
        from gongkai.ledger.queries import leaf_of

        former = GENESIS
        for position, fact in enumerate(facts[1:], start=1):
            former = link(former, leaf_of(fact))
            Seal.objects.create(position=position, fact=fact, leaf=leaf_of(fact), link=former, sealed_at=AT)
    advance("reader", 2)
    seal_all(at=AT)
    assert [s.fact_id for s in unread("reader")] == [late.pk]
    assert list(verify()) == []


def test_a_cursor_never_goes_back():
    advance("reader", 7)
    advance("reader", 3)
    assert position_of("reader") == 7
    assert sealed_after(0) == []


def tamper(sql: str) -> None:
    """Change rows as a database administrator would who first takes the triggers away."""
    with connection.cursor() as cursor:
        for guard in ALL:
            if guard.table in ("ledger_fact", "ledger_seal"):
                for drop in guard.remove_sql(connection.vendor):
                    cursor.execute(drop)
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "first_bad"),
    [
        ("UPDATE ledger_fact SET actor_code = 'x' WHERE id = (SELECT fact_id FROM ledger_seal WHERE position = 4)", 4),
        ("UPDATE ledger_fact SET at = '2020-01-01 00:00:00+00' WHERE id = (SELECT fact_id FROM ledger_seal WHERE position = 2)", 2),
        ("UPDATE ledger_seal SET leaf = link WHERE position = 3", 3),
        ("DELETE FROM ledger_seal WHERE position = 3", 3),
    ],
)  # fmt: skip
def test_verification_names_the_first_place_that_was_changed(sql, first_bad):
    write(6)
    seal_all(at=AT)
    assert list(verify()) == []
    tamper(sql)
    assert [fault.position for fault in verify()][0] == first_bad


def test_a_guard_that_was_taken_away_comes_back_and_the_record_says_so():
    from gongkai.ledger.actions.restore_guards import restore_guards

    guard = ALL[0]
    with connection.cursor() as cursor:
        for sql in guard.remove_sql(connection.vendor):
            cursor.execute(sql)
    names = sorted(guard.trigger_names(connection.vendor))
    assert restore_guards(ALL, actor=SYSTEM, at=AT) == names
    assert missing_guards() == []
    assert Fact.objects.get(kind="guards.restored").data == {"guards": names}
    assert restore_guards(ALL, actor=SYSTEM, at=AT) == []
    assert Fact.objects.filter(kind="guards.restored").count() == 1
