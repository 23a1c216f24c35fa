"""The books of numbers, and what every row that bears a number in one of them has in common."""

import re
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import nfc

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")


def symbol_key(symbol: str) -> str:
    """What tells two symbols apart: neither capitals nor the kind of dash, and the same on every
    database, of which SQLite knows small and capital letters of ASCII alone."""
    return _DASHES.sub("-", nfc(" ".join(symbol.split())).lower())


class NumberSeries(models.Model):
    """A book of a bloc in one calendar year: the numbers of its own series, of which `last` is the
    newest, and those that were typed in. The row is locked to give a number.

    `book` is a word of the app that keeps it: papers, later the vouchers of the fund. All rows of
    one book are of one model.
    """

    bloc = models.ForeignKey(
        "members.Bloc", on_delete=models.PROTECT, related_name="+", verbose_name=_("bloc")
    )
    book = models.CharField(_("book"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [
            models.UniqueConstraint(fields=["bloc", "book", "year"], name="one_series_a_book")
        ]

    def __str__(self) -> str:
        return f"{self.bloc} {self.book} {self.year}: {self.last}"


class Numbered(models.Model):
    """A row that may bear a number and a symbol in a book, each pair once
    (`members.records.numbering`). A Meta of its own repeats the constraints of this one."""

    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    symbol = models.CharField(_("symbol"), max_length=40, blank=True)
    series = models.ForeignKey(
        "members.NumberSeries",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("series of numbers"),
    )
    # Whether another book gave the number, as that of the head unit does, and not the series.
    number_is_typed = models.BooleanField(_("number typed in"), default=False)
    symbol_key = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["series", "symbol_key", "number"],
                name="%(app_label)s_%(class)s_number_once_in_its_book",
                violation_error_message=_("This number is already taken."),
            ),
            models.UniqueConstraint(
                fields=["series", "number"],
                condition=Q(number_is_typed=False),
                name="%(app_label)s_%(class)s_number_of_the_series_given_once",
                violation_error_message=_("This number is already taken."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_numbered_is_in_a_series",
                condition=Q(number__isnull=True, series__isnull=True)
                | Q(number__isnull=False, series__isnull=False) & ~Q(symbol_key=""),
            ),
        ]

    @property
    def full_number(self) -> str:
        """ "05/QC-KTĐ" as papers print it: a zero before numbers below ten (Decree 30/2020)."""
        return f"{self.number:02d}/{self.symbol}" if self.number else ""

    @property
    def name_in_book(self) -> str:
        """What the book says of who bears the number."""
        return str(self)
