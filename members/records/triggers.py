"""Database triggers that refuse UPDATE and DELETE on append-only models.

A model opts in with `append_only = True`. Triggers are installed after every migration, because
SQLite silently drops them when it rebuilds a table.
"""

from typing import Any

from django.apps import apps
from django.db import connection, models

REFUSAL = "append-only: a correction is a new row"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$ LANGUAGE plpgsql
"""


def append_only_tables() -> list[str]:
    """The tables of all append-only models, sorted."""
    return sorted(m._meta.db_table for m in apps.get_models() if _is_append_only(m))


def _is_append_only(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False)) and not model._meta.proxy


def _trigger_names(table: str) -> list[str]:
    """The triggers that a table needs on this database."""
    events = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])
    return [f"{table}_no_{event}" for event in events]


def install(**kwargs: Any) -> None:
    """Create the missing triggers. A receiver of post_migrate; may be called repeatedly."""
    missing = missing_triggers()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table, name in missing:
            cursor.execute(_creation(table, name))


def missing_triggers() -> list[tuple[str, str]]:
    """(table, trigger) for each missing trigger; tables not migrated yet are ignored."""
    with connection.cursor() as cursor:
        present_tables = set(connection.introspection.table_names(cursor))
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        present = {row[0] for row in cursor.fetchall()}
    return [
        (table, name)
        for table in append_only_tables()
        for name in _trigger_names(table)
        if table in present_tables and name not in present
    ]


def _creation(table: str, name: str) -> str:
    event = name.rsplit("_", 1)[1].upper()
    if connection.vendor == "postgresql":
        scope = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH {scope} EXECUTE FUNCTION refuse_change()"
        )
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
