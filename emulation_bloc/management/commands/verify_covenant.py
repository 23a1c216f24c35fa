from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from covenants.signing import verification
from covenants.signing.findings import Finding, Verdict
from emulation_bloc.lib.pades import SignatureReport

# Exit status 0 only for this verdict; others are printed.
PASSES = Verdict.COMPLETE


class Command(BaseCommand):
    help = (
        "A line for each signature in a PDF. Exit 0 only if the file is the unchanged, complete "
        "paper that the portal issued and every expected seat is good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        finding = verification.check_file(content)
        for line in lines(finding):
            self.stdout.write(line)
        if finding.verdict != PASSES:
            raise CommandError(f"verdict: {verdict_of(finding)}")
        self.stdout.write(f"verdict: {verdict_of(finding)}")


def lines(finding: Finding) -> Iterator[str]:
    if finding.issued is not None:
        yield f"paper: {finding.issued}, code {finding.issued.code}"
    if finding.inspection is not None:
        yield from map(signature_line, finding.inspection.signatures)
    for fault in finding.faults:
        yield f"fault: {fault}"
    yield "revocation: not checked"


def signature_line(report: SignatureReport) -> str:
    state = "good" if report.good else f"BAD ({report.problem})"
    at = timezone.localtime(report.signed_at).isoformat() if report.signed_at else "unknown time"
    return f"{report.field}: {state}, {report.signer_name}, {report.organisation}, {at}"


def verdict_of(finding: Finding) -> str:
    change = f" ({finding.change.value})" if finding.change else ""
    return f"{finding.verdict.value}{change}"
