"""An adopted paper gets its number and goes to the head's leader to be signed."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import Bloc, User
from members.permissions import require

from ..models import NumberSeries, Paper
from ..papers import printing
from ..signing import sealing
from ..transitions import lock, state_after


class NobodySigns(Refusal):
    """The head board has no leader who could sign."""


class NumberTaken(Refusal):
    """Another paper of the bloc bears this number and symbol."""


@dataclass(frozen=True)
class Numbering:
    """The symbol, and the number where the head unit's own book gives it; None takes the next of
    the bloc's series."""

    symbol: str
    number: int | None = None


@transaction.atomic
def issue(
    paper: Paper,
    *,
    numbering: Numbering,
    dated_on: dt.date,
    effective_on: dt.date,
    expires_on: dt.date | None,
    actor: User,
) -> Paper:
    """Number, date and print an adopted paper, and open the one seat of the head's leader.

    The text is the one that was adopted; only its number and date are new. In force from
    `effective_on` once it is signed, until the day before `expires_on`. Asks "covenants.keep";
    raises NotNow, NobodySigns, NumberTaken.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, "issue")
    if effective_on < dated_on:
        raise Refusal(_("A paper takes effect on its own date or later."))
    if expires_on is not None and expires_on <= effective_on:
        raise Refusal(_("A paper must be in force for at least one day."))
    seats = printing.seats_to_be(paper)
    if not seats or not seats[0].printed_name:
        raise NobodySigns(_("The head board has no leader who could sign."))
    paper.dated_on, paper.effective_on, paper.expires_on = dated_on, effective_on, expires_on
    give_number(paper, numbering)
    paper.save()
    return sealing.open_seats(paper, "issue", seats, actor=actor)


def give_number(paper: Paper, numbering: Numbering) -> None:
    """Numbers run in the calendar year of the paper's date, as offices keep their books."""
    bloc, year = paper.bloc_year.bloc, (paper.dated_on or dt.date.min).year
    paper.symbol = numbering.symbol
    if numbering.number is None:
        paper.series = next_of_series(bloc, year)
        paper.number = paper.series.last
        return
    same = Paper.objects.filter(
        bloc_year__bloc=bloc,
        number=numbering.number,
        symbol__iexact=numbering.symbol,
        dated_on__year=year,
    )
    if same.exclude(pk=paper.pk).exists():
        raise NumberTaken(_("Another paper of this year bears that number and symbol."))
    paper.number = numbering.number


def next_of_series(bloc: Bloc, year: int) -> NumberSeries:
    """The series with its next number taken; a failing act gives the number back."""
    series, _made = NumberSeries.objects.get_or_create(bloc=bloc, year=year)
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return series
