"""The demo bloc of `make run`: signed in 2019, partly signed this year, without faults.

A single test, because making the demo takes as long as twenty others.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from covenants.models import Covenant
from covenants.models.drafts import PaperState
from emulation_bloc.demo.founding_year import SLUG
from members.models import AuditEntry, Bloc
from tests.bench import pages, papers
from tests.bench import run as bench


def run(*command: object) -> list[str]:
    output = StringIO()
    call_command(*map(str, command), stdout=output)
    return output.getvalue().splitlines()


@pytest.mark.long
@pytest.mark.django_db
def test_the_demo_is_whole_sound_and_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("seed_demo", "--known-passwords")
    assert_both_years_stand()
    assert_2019_is_handed_out(tmp_path / "giao-uoc-2019.pdf")
    assert run("verify") == ["all is sound"]

    entries = AuditEntry.objects.count()
    assert run("seed_demo", "--known-passwords") == made[1:]
    assert (Bloc.objects.count(), AuditEntry.objects.count()) == (1, entries)
    assert_it_can_be_measured(monkeypatch)


def assert_both_years_stand() -> None:
    founding, current = Covenant.objects.order_by("bloc_year__year")
    assert (founding.bloc_year.year, founding.state) == (2019, PaperState.COMPLETE)
    assert (founding.parties.signed().count(), founding.parties.count()) == (11, 11)
    assert (current.bloc_year.year, current.state) == (
        timezone.localdate().year,
        PaperState.SIGNING,
    )
    assert 0 < current.parties.signed().count() < current.parties.count()


def assert_2019_is_handed_out(copy: Path) -> None:
    assert run("export_covenant", SLUG, 2019, "--output", copy)[0].endswith("11 of 11 seats signed")
    lines = run("verify_covenant", copy)
    assert (sum(": good, " in line for line in lines), lines[-1]) == (13, "verdict: complete")

    copy.write_bytes(copy.read_bytes() + b" ")
    with pytest.raises(CommandError):
        run("verify_covenant", copy)


def assert_it_can_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make bench` measures the demo; here once each, so that it cannot fall behind the code."""
    monkeypatch.setattr(bench, "RUNS", 1)
    rows = [papers.rendering(), papers.signature(), *pages.pages()]
    assert all(row.ratio > 0 for row in rows)
