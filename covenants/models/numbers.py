from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The bloc's own numbers of one calendar year; the row is locked to take the next one."""

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
