"""Kinds of papers: how each is made, how long it is in force, by which rule it is adopted."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.counting import Base, Passing, Rule

COVENANT = "covenant"


class Openness(models.TextChoices):
    NAMES = "names", _("How each board voted is shown after closing")
    COUNTS = "counts", _("Only the numbers are shown")


PASSING = [
    (Passing.MORE_THAN.value, _("more than the threshold")),
    (Passing.AT_LEAST.value, _("at least the threshold")),
]
BASES = [
    (Base.ALL.value, _("all members of the year")),
    (Base.PRESENT.value, _("the members who take part")),
]


def percent(label: Any, default: int) -> models.DecimalField:
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    return models.DecimalField(
        label, max_digits=5, decimal_places=2, default=Decimal(default), validators=limits
    )


class VotingRule(models.Model):
    """The rule of a vote: the default in a kind of paper, a copy in each round."""

    quorum_percent = percent(_("quorum, percent of the members"), 50)
    threshold_percent = percent(_("threshold, percent in favour"), 50)
    passing = models.CharField(
        _("in favour must be"),
        max_length=10,
        choices=PASSING,
        default=Passing.MORE_THAN.value,
    )
    base = models.CharField(
        _("the threshold is taken of"),
        max_length=10,
        choices=BASES,
        default=Base.ALL.value,
    )
    openness = models.CharField(
        _("openness"), max_length=10, choices=Openness, default=Openness.NAMES
    )

    class Meta:
        abstract = True

    @property
    def rule(self) -> Rule:
        return Rule(
            quorum_percent=self.quorum_percent,
            threshold_percent=self.threshold_percent,
            passing=Passing(self.passing),
            base=Base(self.base),
        )


class Route(models.TextChoices):
    SIGNED_BY_ALL = "signed_by_all", _("Signed by the leaders of all boards")
    ADOPTED = "adopted", _("Adopted by vote, signed by the head")


class Lasting(models.TextChoices):
    YEAR = "year", _("For its year")
    UNTIL_REPLACED = "until_replaced", _("Until another one replaces it")


class PaperKind(VotingRule):
    """A kind of paper. Other apps refer to its code: "point_scale", "fund_regulation"."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    type_name = models.CharField(
        _("type as printed"), max_length=40, help_text=_("“Quy chế”, “Quy định”, “Kế hoạch”…")
    )
    symbol = models.CharField(
        _("abbreviation in the symbol"), max_length=10, help_text=_("As in 05/QC-KTĐ: QC.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    route = models.CharField(_("made by"), max_length=20, choices=Route, default=Route.ADOPTED)
    lasts = models.CharField(_("holds"), max_length=20, choices=Lasting, default=Lasting.YEAR)
    is_single = models.BooleanField(
        _("one at a time"),
        default=True,
        help_text=_("A new one replaces the one in force; untick for free documents."),
    )

    class Meta:
        verbose_name = _("kind of paper")
        verbose_name_plural = _("kinds of papers")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="covenant_is_signed_by_all",
                condition=~Q(code=COVENANT) | Q(route=Route.SIGNED_BY_ALL),
            )
        ]

    def __str__(self) -> str:
        return self.name
