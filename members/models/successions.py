from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class Succession(models.Model):
    """A decision by which boards became other boards."""

    class Kind(models.TextChoices):
        CONSOLIDATION = "consolidation", _("Consolidation")
        ABSORPTION = "absorption", _("Absorption")
        SPLIT = "split", _("Split")
        RENAME = "rename", _("Renaming")
        SCOPE_TRANSFER = "scope_transfer", _("Transfer of zones")
        DISSOLUTION = "dissolution", _("Dissolution")

    # Kinds with a successor board, which may read what its predecessors could read.
    PASSING_ON = frozenset({Kind.CONSOLIDATION, Kind.ABSORPTION, Kind.SPLIT})

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    document = models.CharField(_("decision"), max_length=200)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["effective_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document}"


# Kinds in which the boards on the FROM side end, unless they are also on the TO side.
ENDING = Succession.PASSING_ON | {Succession.Kind.DISSOLUTION}


class SuccessionParty(models.Model):
    """A board before (FROM) or after (TO) a succession."""

    class Side(models.TextChoices):
        FROM = "from", _("From")
        TO = "to", _("To")

    succession = models.ForeignKey(
        Succession, on_delete=models.CASCADE, related_name="parties", verbose_name=_("succession")
    )
    side = models.CharField(_("side"), max_length=4, choices=Side)
    board = models.ForeignKey(
        "members.Board",
        on_delete=models.PROTECT,
        related_name="successions",
        verbose_name=_("board"),
    )

    class Meta:
        verbose_name = _("board in a succession")
        verbose_name_plural = _("boards in a succession")
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "side", "board"], name="board_once_a_side_of_a_succession"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.board}"


def boards_before(boards: Any) -> QuerySet[SuccessionParty, int]:
    """Ids of the boards from which these boards directly resulted."""
    before = SuccessionParty.objects.filter(
        side=SuccessionParty.Side.FROM,
        succession__kind__in=Succession.PASSING_ON,
        succession__parties__side=SuccessionParty.Side.TO,
        succession__parties__board__in=boards,
    )
    return before.values_list("board", flat=True)
