from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from covenants.adoption import voting
from covenants.signing import verification
from members.records import audit, files, triggers
from scoring.result import stored


class Command(BaseCommand):
    help = "Re-read every file, signature and chain; say each fault. Exit 0 only when all is sound."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for fault in faults():
            self.stdout.write(fault)
            count += 1
        if count:
            raise CommandError(f"{count} faults found")
        self.stdout.write("all is sound")


def faults() -> Iterator[str]:
    """A line per fault: triggers, audit chain, files, signatures, votes, scores. None is
    repeated.
    """
    # Several checks report the same damaged file; dict.fromkeys keeps the first report.
    return iter(
        dict.fromkeys(
            chain(
                missing_triggers(),
                audit.faults(),
                files.faults(),
                verification.faults(),
                voting.faults(),
                stored.faults(),
            )
        )
    )


def missing_triggers() -> Iterator[str]:
    for table, trigger in triggers.missing_triggers():
        yield f"table {table}: trigger {trigger} is missing, its rows can be changed"
