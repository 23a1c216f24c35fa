from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .people import current

if TYPE_CHECKING:
    from .accounts import User


class BlocQuerySet(models.QuerySet["Bloc"]):
    def visible_to(self, user: "User") -> "BlocQuerySet":
        """The blocs in which a board of this person takes part, or that the person observes."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        boards = "years__memberships__board__posts__"
        serves = Q(**{f"{boards}person__user": user}) & current(prefix=boards)
        observes = Q(observers__person__user=user) & current(prefix="observers__")
        return self.filter(Q(pk__in=self.filter(serves)) | Q(pk__in=self.filter(observes)))


class Bloc(models.Model):
    """A group of boards that compete and cooperate a year at a time."""

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

    @property
    def head_title(self) -> str:
        """“Khối trưởng” or “Cụm trưởng”, as papers name the head unit."""
        return f"{self.label} trưởng"

    @property
    def deputy_title(self) -> str:
        return f"{self.label} phó"


class BlocYearQuerySet(models.QuerySet["BlocYear"]):
    def visible_to(self, user: "User") -> "BlocYearQuerySet":
        return self.filter(bloc__in=Bloc.objects.visible_to(user))


class BlocYear(models.Model):
    """One emulation year of one bloc. Everything that happens hangs on it."""

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
        """Board id to role in this year, read once."""
        return dict(self.memberships.order_by("order").values_list("board_id", "role"))

    @property
    def head_board_id(self) -> int | None:
        return next((board for board, role in self.roles.items() if role == Role.HEAD), None)


class Role(models.TextChoices):
    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy")
    MEMBER = "member", _("Member")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: "User") -> "MembershipQuerySet":
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))


class Membership(models.Model):
    """A board's place in a year, under the name it bears on that year's papers for ever."""

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
            models.UniqueConstraint(
                fields=["bloc_year"],
                condition=Q(role=Role.HEAD),
                name="one_head_a_year",
                violation_error_message=_("This year already has a head."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"


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
    """A dated step of the bloc's year, shown as the strip above the home page."""

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
