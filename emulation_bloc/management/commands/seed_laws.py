from typing import Any

from django.core.management.base import BaseCommand

from covenants.laws import registering


class Command(BaseCommand):
    help = (
        "Adds to the legal register the documents that every bloc needs and that it does not hold "
        "yet. Changes nothing that stands in it, so it may be run again after every upgrade."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = registering.seed_laws()
        for law in added:
            mark = " (second-hand dates)" if law.is_second_hand else ""
            self.stdout.write(f"  {law}{mark}")
        self.stdout.write(f"documents added to the legal register: {len(added)}")
