"""Database triggers that hold where Python can be gone around.

Each capability lists its guards in its own `guards.py`; migrations install them with `InstallGuards`, and
`missing()` is asked at every start and in the tests. A migration that rebuilds a guarded table on SQLite must end
with the same operation again: a rebuilt table has lost its triggers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


@dataclass(frozen=True)
class Guard:
    """One trigger on one table.

    name:      also the trigger's name in the database
    events:    e.g. ("UPDATE", "DELETE"); each becomes a trigger of its own on SQLite
    forbidden: SQL condition over NEW/OLD under which the event is refused; "" refuses always
    message:   what the database answers
    truncate:  also refuse TRUNCATE (PostgreSQL)
    columns:   for UPDATE, only where the statement names one of these columns; () for any
    vendor:    only on this database; "" on each
    """

    name: str
    table: str
    events: tuple[str, ...]
    message: str
    forbidden: str = ""
    truncate: bool = False
    columns: tuple[str, ...] = ()
    vendor: str = ""

    def trigger_names(self, vendor: str) -> list[str]:
        return self._names(vendor) if self.vendor in ("", vendor) else []

    def _names(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"{self.name}_{event.lower()}" for event in self.events]
        if vendor == "postgresql":
            return [self.name] + ([f"{self.name}_truncate"] if self.truncate else [])
        raise ValueError(f"no guards for database vendor {vendor}")

    def _event(self, event: str) -> str:
        return f"UPDATE OF {', '.join(self.columns)}" if event == "UPDATE" and self.columns else event

    def install_sql(self, vendor: str) -> list[str]:
        if self.vendor not in ("", vendor):
            return []
        condition = self.forbidden or "1=1"
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER IF NOT EXISTS {self.name}_{event.lower()} BEFORE {self._event(event)} ON {self.table} "
                f"FOR EACH ROW WHEN ({condition}) BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                for event in self.events
            ]
        if vendor == "postgresql":
            # The row must be handed back for the event to go on: OLD for a delete, NEW otherwise.
            sql = [
                f"CREATE OR REPLACE FUNCTION {self.name}_fn() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
                "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $guard$",
                f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {' OR '.join(map(self._event, self.events))} ON {self.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {self.name}_fn()",
            ]
            if self.truncate:
                sql += [
                    f"CREATE OR REPLACE FUNCTION {self.name}_truncate_fn() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
                    f"BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
                    "END $guard$",
                    f"CREATE OR REPLACE TRIGGER {self.name}_truncate BEFORE TRUNCATE ON {self.table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {self.name}_truncate_fn()",
                ]
            return sql
        raise ValueError(f"no guards for database vendor {vendor}")

    def remove_sql(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {name}" for name in self._names(vendor)]
        if vendor == "postgresql":
            return [f"DROP TRIGGER IF EXISTS {name} ON {self.table}" for name in self._names(vendor)]
        raise ValueError(f"no guards for database vendor {vendor}")


def append_only(table: str, message: str) -> list[Guard]:
    """Rows of `table` may be added and never changed, removed or replaced.

    `INSERT OR REPLACE` on SQLite removes the old row without a delete trigger unless recursive triggers are on,
    so an insert over an existing key is refused by a trigger of its own.
    """
    short = table.replace("_", "")
    return [
        Guard(f"guard_{short}_append", table, ("UPDATE", "DELETE"), message, truncate=True),
    ]


def no_replace(table: str, key: str, message: str) -> Guard:
    """Refuse an insert whose key is there already: the SQLite door `INSERT OR REPLACE`. PostgreSQL has no such door."""
    short = table.replace("_", "")
    return Guard(
        f"guard_{short}_replace_{key.replace('_', '')}", table, ("INSERT",), message,
        forbidden=f"EXISTS (SELECT 1 FROM {table} kept WHERE kept.{key} = NEW.{key})", vendor="sqlite",
    )  # fmt: skip


class InstallGuards(Operation):
    """Migration operation: create the triggers, remove them when reversed."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, guards: Iterable[Guard]) -> None:
        self.guards = list(guards)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for guard in self.guards:
            vendor = schema_editor.connection.vendor
            for sql in guard.remove_sql(vendor) + guard.install_sql(vendor):
                schema_editor.execute(sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for guard in self.guards:
            for sql in guard.remove_sql(schema_editor.connection.vendor):
                schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return "Install triggers " + ", ".join(guard.name for guard in self.guards)


def missing(guards: Iterable[Guard], *, using: str = "default") -> list[str]:
    """Names of triggers that should be in the database and are not."""
    connection: BaseDatabaseWrapper = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            # 'O' fires in the ordinary mode; a trigger that somebody disabled counts as missing.
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        present = {row[0] for row in cursor.fetchall()}
    return [n for guard in guards for n in guard.trigger_names(connection.vendor) if n not in present]


def restore(guards: Iterable[Guard], *, using: str = "default") -> list[str]:
    """Put back what `missing` names, also what somebody disabled; returns the names. For `gongkai migrate`."""
    connection: BaseDatabaseWrapper = connections[using]
    gone = set(missing(guards, using=using))
    with connection.cursor() as cursor:
        for guard in guards:
            if gone.intersection(guard.trigger_names(connection.vendor)):
                for sql in guard.remove_sql(connection.vendor) + guard.install_sql(connection.vendor):
                    cursor.execute(sql)
    return sorted(gone)
