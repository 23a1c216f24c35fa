from django.db import models
from django.utils.translation import gettext_lazy as _

from .drafts import Paper


class Indicator(models.Model):
    """A column of the annex: what is measured, and in which unit."""

    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("paper")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    # Counts the saves, as Article.revision does.
    revision = models.PositiveIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """The figure to which a board commits itself for an indicator."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="targets", verbose_name=_("indicator")
    )
    membership = models.ForeignKey(
        "members.Membership",
        on_delete=models.PROTECT,
        related_name="targets",
        verbose_name=_("board"),
    )
    norm = models.DecimalField(_("target"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "membership"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "membership"], name="one_target_a_board_and_indicator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.norm} {self.indicator.unit}"
