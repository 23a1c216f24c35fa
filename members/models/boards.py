import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .fields import FoldedField

if TYPE_CHECKING:
    from .accounts import User


class ZoneKind(models.TextChoices):
    INDUSTRIAL = "KCN", _("Industrial zones")
    ECONOMIC = "KKT", _("Economic zones")
    HIGH_TECH = "KCNC", _("Hi-tech parks")


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, user: "User") -> "BoardQuerySet":
        from .blocs import Bloc

        return self.of_blocs(Bloc.objects.visible_to(user))

    def of_blocs(self, blocs: Any) -> "BoardQuerySet":
        """The boards that ever took part in these blocs or carried a membership on there, and
        those that came out of them."""
        from .blocs import Membership

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
    """A management board: one identity for ever, whatever it is called in a given year."""

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
        """The name in force on a day; before the first known name, the first known one."""
        in_force = self.names.filter(since__lte=day).order_by("-since").first()
        return in_force or self.names.earliest("since")


def name_among(names: Iterable["BoardName"], day: dt.date) -> "BoardName":
    """Like `Board.name_on`, over names that are already read, oldest first."""
    ordered = list(names)
    return next((name for name in reversed(ordered) if name.since <= day), ordered[0])


def known_zone_kinds(kinds: object) -> None:
    if not isinstance(kinds, list) or set(kinds) - set(ZoneKind.values):
        raise ValidationError(
            _("Choose from %(known)s."), params={"known": ", ".join(ZoneKind.values)}
        )


class BoardName(models.Model):
    """What a board is called, and which zones it manages, from a day until the next row's day.

    Only the first day is stored: two names can never overlap, on any database.
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


class Succession(models.Model):
    """How boards turned into other boards, by a decision."""

    class Kind(models.TextChoices):
        CONSOLIDATION = "consolidation", _("Consolidation")
        ABSORPTION = "absorption", _("Absorption")
        SPLIT = "split", _("Split")
        RENAME = "rename", _("Renaming")
        SCOPE_TRANSFER = "scope_transfer", _("Transfer of zones")
        DISSOLUTION = "dissolution", _("Dissolution")

    # In these a board ends in another, or another comes out of it: what it read, that one reads.
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


# In these the boards that go in end, unless they stand among those that come out.
ENDING = Succession.PASSING_ON | {Succession.Kind.DISSOLUTION}


class SuccessionParty(models.Model):
    class Side(models.TextChoices):
        FROM = "from", _("From")
        TO = "to", _("To")

    succession = models.ForeignKey(
        Succession, on_delete=models.CASCADE, related_name="parties", verbose_name=_("succession")
    )
    side = models.CharField(_("side"), max_length=4, choices=Side)
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, related_name="successions", verbose_name=_("board")
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
    """Ids of the boards that these came out of by a succession in which a board passes on."""
    before = SuccessionParty.objects.filter(
        side=SuccessionParty.Side.FROM,
        succession__kind__in=Succession.PASSING_ON,
        succession__parties__side=SuccessionParty.Side.TO,
        succession__parties__board__in=boards,
    )
    return before.values_list("board", flat=True)
