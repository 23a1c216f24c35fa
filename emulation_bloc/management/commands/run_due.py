from typing import Any

from django.core.management.base import BaseCommand

from members.records import outbox


class Command(BaseCommand):
    help = "Send the mails that are due and not yet sent. Run it from a timer, every minute or so."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"mails sent: {outbox.send_due()}")
