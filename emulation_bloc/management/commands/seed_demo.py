import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from covenants.models import Signature
from emulation_bloc.demo import accounts, current_year, founding_year
from members.models import Bloc, User

DEMO = Path(settings.BASE_DIR) / "emulation_bloc" / "demo"


class Command(BaseCommand):
    help = (
        "Fills the portal with the demo bloc: 2019 signed by eleven boards, and this year in the "
        "middle of signing. Does nothing but print the accounts when the demo is already there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--known-passwords",
            action="store_true",
            help="make the demo accounts, whose passwords everybody knows, without DEBUG too",
        )

        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="add the demo to a database without any bloc only; else leave what is there",
        )

    def handle(
        self, *args: Any, known_passwords: bool, if_empty: bool = False, **options: Any
    ) -> None:
        if not (settings.DEBUG or known_passwords):
            raise CommandError("Demo passwords are public: run with DEBUG=1 or --known-passwords.")
        bloc = Bloc.objects.filter(slug=founding_year.SLUG).first()
        if bloc and not Signature.objects.filter(party__paper__bloc_year__year__gt=2019).exists():
            raise CommandError("The demo was interrupted half-way: empty DATA_DIR, run it again.")
        if bloc is None and if_empty and Bloc.objects.exists():
            self.stdout.write("The database has a bloc of its own: the demo is not added.")
            return
        self.print_accounts(bloc or self.build())

    def build(self) -> Bloc:
        self.stdout.write("Making the demo bloc: 2019 with eleven signatures, and this year…")
        facts = json.loads((DEMO / "bloc-2019.json").read_text(encoding="utf-8"))
        bloc = founding_year.build(facts)
        secretary = User.objects.get(username="chi.daklak")
        year = bloc.years.get()
        current_year.build(year, facts["succession_2025"], secretary=secretary)
        return bloc

    def print_accounts(self, bloc: Bloc) -> None:
        self.stdout.write(f"Password of every demo account: {accounts.PASSWORD}")
        self.stdout.write(f"Signing passphrase of the leaders: {accounts.PASSPHRASE}")
        for account in accounts.accounts(bloc):
            self.stdout.write(f"  {account.username:<16} {account.role}")
