"""The triggers of append-only tables taken away, as after a restore that lost them."""

from django.db import connection

from members.records import triggers


def drop_triggers() -> None:
    """Until they are installed again, rows of append-only tables can be changed and deleted."""
    with connection.cursor() as cursor:
        for table in triggers.append_only_tables():
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for event in ("update", "delete", "truncate"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on_table}")
