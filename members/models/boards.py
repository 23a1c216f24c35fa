import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .blocs import Bloc, Membership
from .fields import FoldedField
from .reader import Reader
from .successions import Succession, SuccessionParty


class ZoneKind(models.TextChoices):
    INDUSTRIAL = "KCN", _("Industrial zones")
    ECONOMIC = "KKT", _("Economic zones")
    HIGH_TECH = "KCNC", _("Hi-tech parks")


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, user: Reader) -> "BoardQuerySet":
        return self.of_blocs(Bloc.objects.visible_to(user))

    def of_blocs(self, blocs: Any) -> "BoardQuerySet":
        """The boards that took part in these blocs, carried a membership on there, or resulted from
        such.
        """
        members = Membership.objects.filter(bloc_year__bloc__in=blocs)
        carrying = members.filter(carried_on_by__isnull=False)
        came_out = SuccessionParty.objects.filter(
            side=SuccessionParty.Side.TO,
            succession__kind__in=Succession.PASSING_ON,
            succession__parties__side=SuccessionParty.Side.FROM,
            succession__parties__board__memberships__bloc_year__bloc__in=blocs,
        )
        return self.filter(
            Q(pk__in=members.values("board"))
            | Q(pk__in=carrying.values("carried_on_by"))
            | Q(pk__in=came_out.values("board"))
        )


class Board(models.Model):
    """A management board. It stays the same row through all changes of its name."""

    code = models.SlugField(
        _("code"), max_length=12, unique=True, help_text=_("Short and lasting, for example DLK.")
    )
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def existed_on(self, day: dt.date) -> bool:
        return self.dissolved_on is None or self.dissolved_on > day

    def name_on(self, day: dt.date) -> "BoardName":
        """The name on a day; the first known name for earlier days."""
        in_force = self.names.filter(since__lte=day).order_by("-since").first()
        return in_force or self.names.earliest("since")


def name_among(names: Iterable["BoardName"], day: dt.date) -> "BoardName":
    """Like `Board.name_on`, for names already read, oldest first."""
    ordered = list(names)
    return next((name for name in reversed(ordered) if name.since <= day), ordered[0])


def known_zone_kinds(kinds: object) -> None:
    if not isinstance(kinds, list) or set(kinds) - set(ZoneKind.values):
        raise ValidationError(
            _("Choose from %(known)s."), params={"known": ", ".join(ZoneKind.values)}
        )


class BoardName(models.Model):
    """A board's name and kinds of zones from a day until the next row's day.

    Only the first day is stored, so names cannot overlap.
    """

    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, related_name="names", verbose_name=_("board")
    )
    since = models.DateField(_("since"))
    name = models.CharField(_("official name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    province = models.CharField(_("province"), max_length=60)
    kinds = models.JSONField(
        _("kinds of zones"), default=list, blank=True, validators=[known_zone_kinds]
    )
    folded = FoldedField("name", "short_name", "province")

    class Meta:
        verbose_name = _("name of a board")
        verbose_name_plural = _("names of boards")
        ordering = ["board", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "since"],
                name="one_name_a_board_and_day",
                violation_error_message=_("This board already takes a name on that day."),
            )
        ]

    def __str__(self) -> str:
        return self.short_name
