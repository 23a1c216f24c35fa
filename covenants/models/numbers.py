import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import nfc

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")


def symbol_key(symbol: str) -> str:
    """The symbol in a form in which equal symbols are equal: lower case, one kind of dash, NFC.

    Done in Python because SQLite lowers ASCII letters only.
    """
    return _DASHES.sub("-", nfc(" ".join(symbol.split())).lower())


class NumberSeries(models.Model):
    """The register of document numbers of a bloc in a calendar year; `last` is the newest number
    given.

    Numbers typed in from the head unit's book belong to it too. Its row is locked to give a number.
    """

    bloc = models.ForeignKey(
        "members.Bloc", on_delete=models.PROTECT, related_name="+", verbose_name=_("bloc")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [
            models.UniqueConstraint(fields=["bloc", "year"], name="one_series_a_bloc_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.bloc} {self.year}: {self.last}"
