"""Numbers of papers and vouchers: no two rows of a book bear the same number and symbol, and the
series passes over none but those that were typed with the same symbol.

A book is of one bloc and one calendar year; what stands in it is `members.models.numbers.Numbered`.
Whether the series gave a number or somebody typed it from another book, each symbol and number
stands in a book once; the database holds that as well.
"""

from dataclasses import dataclass
from itertools import count

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

from ..models import Bloc, NumberSeries
from ..models.numbers import Numbered, symbol_key


class NumberTaken(Refusal):
    """Another row of the book bears this number and symbol."""


@dataclass(frozen=True)
class Numbering:
    """The symbol, and the number where another book gives it, as that of the head unit; None takes
    the next of the book's own series."""

    symbol: str
    number: int | None = None


def give_number(row: Numbered, numbering: Numbering, *, bloc: Bloc, book: str, year: int) -> None:
    """Put the next free number of a book on a row, or the typed one where no other row bears it.

    Locks the book until the end of the caller's transaction, so that two at once find each
    other's number; the caller saves the row in the same one, and an act that fails gives the
    number back. Raises NumberTaken.
    """
    series = _locked_series(bloc, book, year)
    row.symbol, row.symbol_key = numbering.symbol, symbol_key(numbering.symbol)
    row.series, row.number_is_typed = series, numbering.number is not None
    if numbering.number is None:
        row.number = _next_number(series, row)
    else:
        row.number = numbering.number
        _refuse_taken(series, row)


def _locked_series(bloc: Bloc, book: str, year: int) -> NumberSeries:
    series, _made = NumberSeries.objects.get_or_create(bloc=bloc, book=book, year=year)
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def _bearing(series: NumberSeries, row: Numbered) -> QuerySet[Numbered]:
    """The rows of the book with the symbol of this one, which is not among them."""
    rows = type(row)._base_manager.filter(series=series, symbol_key=row.symbol_key)
    return rows.exclude(pk=row.pk)


def _next_number(series: NumberSeries, row: Numbered) -> int:
    """Take the next number of the series that was not typed with the symbol."""
    later = _bearing(series, row).filter(number__gt=series.last)
    typed = set(later.values_list("number", flat=True))
    series.last = next(number for number in count(series.last + 1) if number not in typed)
    series.save(update_fields=["last"])
    return series.last


def _refuse_taken(series: NumberSeries, row: Numbered) -> None:
    if other := _bearing(series, row).filter(number=row.number).first():
        raise NumberTaken(
            _(
                "The number %(number)s of %(year)d belongs to the %(sort)s “%(name)s”. Type "
                "another one, or take the next number of the bloc."
            )
            % {
                "number": other.full_number,
                "year": series.year,
                "sort": other._meta.verbose_name,
                "name": other.name_in_book,
            }
        )
