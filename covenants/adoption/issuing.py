"""An adopted paper gets its number and goes to the head's leader to be signed."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from emulation_bloc.lib.days import refuse_ahead
from emulation_bloc.lib.refusal import Refusal
from members.models import Bloc, User
from members.permissions import require
from members.records.acts import state_after

from ..models import NumberSeries, Paper
from ..models.drafts import PAPER_TRANSITIONS
from ..models.numbers import symbol_key
from ..papers import printing
from ..signing import sealing
from ..transitions import lock


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
    raises NotNow, NobodySigns, NumberTaken,
    StillToCome before the paper's own date.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, PAPER_TRANSITIONS, "issue")
    refuse_ahead(dated_on, _("A paper is numbered from its own date on, not before."))
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
    """The next free number of the bloc's series, or the typed one where no paper bears it; both
    with the book of the year locked, so that two at once find each other's. Raises NumberTaken."""
    series = locked_series(paper.bloc_year.bloc, (paper.dated_on or dt.date.min).year)
    paper.symbol, paper.symbol_key = numbering.symbol, symbol_key(numbering.symbol)
    paper.series, paper.number_is_typed = series, numbering.number is not None
    if numbering.number is None:
        paper.number = next_of_series(series, paper.symbol_key)
    else:
        paper.number = numbering.number
        refuse_taken(paper, series)


def locked_series(bloc: Bloc, year: int) -> NumberSeries:
    series, _made = NumberSeries.objects.get_or_create(bloc=bloc, year=year)
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def next_of_series(series: NumberSeries, key: str) -> int:
    """Take the next number that was not typed with the symbol; a failing act gives it back."""
    same = series.papers.filter(symbol_key=key, number__gt=series.last)
    typed = set(same.values_list("number", flat=True))
    series.last = next(number for number in count(series.last + 1) if number not in typed)
    series.save(update_fields=["last"])
    return series.last


def refuse_taken(paper: Paper, series: NumberSeries) -> None:
    bearing = series.papers.filter(symbol_key=paper.symbol_key, number=paper.number)
    if other := bearing.exclude(pk=paper.pk).first():
        raise NumberTaken(
            _(
                "The number %(number)s of %(year)d belongs to the paper “%(paper)s”. Type another "
                "one, or take the next number of the bloc."
            )
            % {"number": other.full_number, "year": series.year, "paper": other.title}
        )
