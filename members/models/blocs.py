import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.days import is_ahead

from .reader import Reader
from .successions import boards_before


class BlocQuerySet(models.QuerySet["Bloc"]):
    def visible_to(self, user: Reader) -> "BlocQuerySet":
        """Blocs of the user's boards or of the boards they resulted from, and blocs the user
        observes.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        posts = user.current_posts
        read = Membership.objects.read_by({post.board_id for post in posts if post.board_id})
        observed = {post.bloc_id for post in posts if post.bloc_id}
        return self.filter(Q(pk__in=read.values("bloc_year__bloc")) | Q(pk__in=observed))


class Bloc(models.Model):
    """A group of boards that compete and cooperate for a year at a time."""

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    label = models.CharField(
        _("label"), max_length=20, default="Khối", help_text=_("“Khối” or “Cụm”.")
    )
    governing_body = models.CharField(_("governing body"), max_length=120, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = BlocQuerySet.as_manager()

    class Meta:
        verbose_name = _("bloc")
        verbose_name_plural = _("blocs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.short_name

    def clean(self) -> None:
        if is_ahead(self.established_on):
            raise ValidationError({"established_on": _("This day is still to come.")})

    @property
    def head_title(self) -> str:
        """“Khối trưởng” or “Cụm trưởng”, as papers call the head unit."""
        return f"{self.label} trưởng"

    @property
    def deputy_title(self) -> str:
        return f"{self.label} phó"


class BlocYearQuerySet(models.QuerySet["BlocYear"]):
    def visible_to(self, user: Reader) -> "BlocYearQuerySet":
        return self.filter(bloc__in=Bloc.objects.visible_to(user))


class BlocYear(models.Model):
    """An emulation year of a bloc; the root of everything that happens in it."""

    bloc = models.ForeignKey(
        Bloc, on_delete=models.PROTECT, related_name="years", verbose_name=_("bloc")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = BlocYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("emulation year")
        verbose_name_plural = _("emulation years")
        ordering = ["bloc", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc", "year"],
                name="one_year_of_a_number_in_a_bloc",
                violation_error_message=_("This bloc already has that year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.bloc} {self.year}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @cached_property
    def roles(self) -> dict[int, str]:
        """Id of each acting board -> its role, read once per instance.

        A board that acts for two memberships has the stronger of their roles.
        """
        acting: dict[int, str] = {}
        staying = self.memberships.staying().order_by("order")
        for board, heir, role in staying.values_list("board", "carried_on_by", "role"):
            held = acting.get(heir or board, role)
            acting[heir or board] = min(held, role, key=list(Role.values).index)
        return acting

    @cached_property
    def boards(self) -> frozenset[int]:
        """Ids of the boards in the year's list and of those that carry on for them."""
        listed = self.memberships.values_list("board", flat=True)
        return frozenset(listed) | frozenset(self.roles)

    @property
    def head_board_id(self) -> int | None:
        """The head board; its staff is the secretariat of the year. None without one."""
        return next((board for board, role in self.roles.items() if role == Role.HEAD), None)


class Role(models.TextChoices):
    """In descending order."""

    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy")
    MEMBER = "member", _("Member")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Reader) -> "MembershipQuerySet":
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))

    def read_by(self, boards: Any) -> "MembershipQuerySet":
        """The memberships that people of these boards may read.

        Those are the memberships that the boards hold or carry on, and those of boards from which
        they resulted. Unlike acting for a membership, reading needs no decision of the bloc.
        """
        held = Q(board__in=boards) | Q(carried_on_by__in=boards)
        before = boards_before(boards)
        return self.filter(held | Q(board__in=before) | Q(carried_on_by__in=before))

    def acted_for_by(self, boards: Iterable[int]) -> "MembershipQuerySet":
        """The memberships for which one of these boards acts today."""
        own = Q(carried_on_by__isnull=True, board__in=boards)
        return self.staying().filter(own | Q(carried_on_by__in=boards))

    def staying(self) -> "MembershipQuerySet":
        """The memberships that have not left the year: those that sign, vote and owe."""
        return self.filter(left_by__isnull=True)


class Membership(models.Model):
    """A board's membership in a year, with the name that this year's papers use."""

    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("year")
    )
    board = models.ForeignKey(
        "members.Board",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("board"),
    )
    name = models.ForeignKey(
        "members.BoardName",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("name in that year"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    order = models.PositiveSmallIntegerField(_("order"))
    # Set only by the bloc's recorded decision (`history.continuation`), not by a merger itself.
    carried_on_by = models.ForeignKey(
        "members.Board",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_on",
        verbose_name=_("carried on by"),
        help_text=_("The board that acts for this membership from now on."),
    )
    # Set by the same decision if the board ended without a successor.
    left_by = models.ForeignKey(
        "members.Continuation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="departures",
        verbose_name=_("left the year by"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the year")
        verbose_name_plural = _("members of the year")
        ordering = ["bloc_year", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "board"],
                name="board_once_a_year",
                violation_error_message=_("This board is already a member of the year."),
            ),
            models.UniqueConstraint(fields=["bloc_year", "order"], name="one_board_a_place"),
            models.CheckConstraint(
                condition=Q(left_by__isnull=True) | Q(carried_on_by__isnull=True),
                name="who_left_is_not_carried_on",
            ),
            models.UniqueConstraint(
                fields=["bloc_year"],
                condition=Q(role=Role.HEAD),
                name="one_head_a_year",
                violation_error_message=_("This year already has a head."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"

    @property
    def acting_board_id(self) -> int:
        """The board whose people sign, speak and owe for this membership."""
        return self.carried_on_by_id or self.board_id

    def acting_board_id_on(self, day: dt.date | None) -> int:
        """The board that acted for this membership on a day (default today): the board itself while
        it existed, whoever carries it on now.
        """
        return self.board_id if day and self.board.existed_on(day) else self.acting_board_id

    @property
    def has_left(self) -> bool:
        return self.left_by_id is not None

    @property
    def acting_board(self) -> Any:  # a Board; boards.py imports this module
        return self.carried_on_by or self.board


class StepKind(models.TextChoices):
    SIGNING = "signing", _("Signing")
    REGISTRATION = "registration", _("Registration")
    MIDYEAR_REVIEW = "midyear_review", _("Mid-year review")
    EXCHANGE = "exchange", _("Exchange")
    SELF_SCORING = "self_scoring", _("Self-scoring")
    APPRAISAL = "appraisal", _("Appraisal")
    ANNUAL_REVIEW = "annual_review", _("Annual review")
    HANDOVER = "handover", _("Hand-over")


class YearStep(models.Model):
    """A dated step of the year; the home page shows them as a strip."""

    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, related_name="steps", verbose_name=_("year")
    )
    kind = models.CharField(_("step"), max_length=20, choices=StepKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("step of the year")
        verbose_name_plural = _("steps of the year")
        ordering = ["starts_on", "ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "kind"], name="each_step_once_a_year"),
            models.CheckConstraint(
                name="step_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A step cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.bloc_year_id}"


class Continuation(models.Model):
    """The bloc's decision how an open year continues after boards merged, split or ended."""

    class Treatment(models.TextChoices):
        CLOSE_AT_DATE = "close_at_date", _("Closed at the date")
        SUM_TARGETS = "sum_targets", _("Targets added up")
        NOT_RANKED = "not_ranked", _("Not ranked this year")

    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.PROTECT, related_name="continuations", verbose_name=_("year")
    )
    succession = models.ForeignKey(
        "members.Succession",
        on_delete=models.PROTECT,
        related_name="continuations",
        verbose_name=_("succession"),
    )
    treatment = models.CharField(_("treatment"), max_length=20, choices=Treatment)
    document = models.CharField(_("decision of the bloc"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("continuation of a year")
        verbose_name_plural = _("continuations of years")
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "succession"], name="one_decision_a_year_and_succession"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bloc_year}: {self.document}"

    @property
    def day(self) -> dt.date:
        """The day from which the year continues in the new way."""
        return self.succession.effective_on or self.decided_on
