from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from covenants.models import Covenant, Paper
from members.records import files


class Command(BaseCommand):
    help = "Write the newest PDF of a year's covenant, exactly the stored bytes, to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bloc", help="the bloc's address (slug)")
        parser.add_argument("year", type=int)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        paper = sealed_covenant(options["bloc"], options["year"])
        output: Path = options["output"]
        try:
            output.write_bytes(files.read_content(paper.newest))
        except (OSError, files.FileDamaged) as error:
            raise CommandError(str(error)) from error
        parties = paper.parties
        signed, seats = parties.signed().count(), parties.awaited().count()
        self.stdout.write(f"{output}: {paper}, {paper.state}, {signed} of {seats} seats signed")


def sealed_covenant(bloc: str, year: int) -> Paper:
    covenants = Covenant.objects.standing().filter(bloc_year__bloc__slug=bloc, bloc_year__year=year)
    paper = covenants.select_related("bloc_year__bloc", "document").first()
    if paper is None:
        raise CommandError(f"the bloc {bloc!r} has no covenant of {year}")
    if paper.is_editable:
        raise CommandError(f"the covenant of {year} is not sealed yet")
    return paper
