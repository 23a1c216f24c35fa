"""A point scale as data: a tree of groups and criteria, and the rules for all of them."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear
from scoring import formulas
from scoring.computing import Basis, Combine, NotAssigned

if TYPE_CHECKING:
    from members.models import User


# What `scoring.computing` tells apart, in the words of forms and pages.
BASIS_LABELS = {
    Basis.POINTS.value: _("Points"),
    Basis.PERCENT.value: _("Percent of the points assigned to the board"),
}
NOT_ASSIGNED_LABELS = {
    NotAssigned.RESCALED.value: _("Left out, the rest scaled up to the total"),
    NotAssigned.FULL.value: _("Counted in full"),
}
COMBINE_LABELS = {
    Combine.SUM.value: _("Added up"),
    Combine.HIGHEST.value: _("Only the highest counts"),
}


class Openness(models.TextChoices):
    """What the boards see of each other's scores after publication."""

    TOTALS = "totals", _("Totals, grades and ranks")
    POINTS = "points", _("The points of every criterion")
    ALL = "all", _("Points, figures, explanations and evidence")


class Crossing(models.TextChoices):
    MEAN = "mean", _("Mean")
    TRIMMED = "trimmed", _("Mean without the highest and the lowest")


class Unrankable(models.TextChoices):
    NOT_SIGNED = "not_signed", _("The board has not signed the covenant")
    NOT_SUBMITTED = "not_submitted", _("The board has not submitted its sheet")


class Owner(models.TextChoices):
    """Who gives the figure of a criterion."""

    BOARD = "board", _("The board itself")
    APPRAISERS = "appraisers", _("The appraisers")
    OUTSIDE = "outside", _("A body outside the bloc")
    PORTAL = "portal", _("The portal, from its records")
    PEERS = "peers", _("Other boards, by cross-scoring")


class Kind(models.TextChoices):
    """How points are computed from the figure; the arithmetic is in `scoring.formulas`."""

    RUBRIC = "rubric", _("Levels")
    PLAN_RATIO = "plan_ratio", _("Share of the plan")
    STEPS = "steps", _("Steps")
    COUNT = "count", _("Points for each")
    FULL_MINUS = "full_minus", _("Full points less some for each case")
    YES_NO = "yes_no", _("Yes or no")
    RELATIVE = "relative", _("Against the best of the bloc")
    BEYOND_PLAN = "beyond_plan", _("Points for each percent beyond the plan")
    DEDUCTION = "deduction", _("Deduction for each case")


def points_field(label: object, **options: object) -> models.DecimalField:
    settled = {"max_digits": 7, "decimal_places": 2, "validators": [MinValueValidator(0)]}
    return models.DecimalField(label, **settled | options)  # type: ignore[arg-type]


class ScaleQuerySet(models.QuerySet["Scale"]):
    def visible_to(self, user: "User") -> "ScaleQuerySet":
        return self.filter(paper__bloc_year__in=BlocYear.objects.visible_to(user))


class Scale(models.Model):
    """The rules by which the boards of a year are scored, adopted by a paper.

    It can be changed as long as its paper can, so that what the bloc voted on is what is computed.
    """

    ROUNDINGS = [(Decimal(step), step.replace(".", ",")) for step in ("0.01", "0.25", "0.50", "1")]

    paper = models.OneToOneField(
        "covenants.Paper",
        on_delete=models.PROTECT,
        related_name="scale",
        verbose_name=_("paper"),
    )
    # The annex of the paper that prints the scale; rewritten after each change.
    annex = models.ForeignKey(
        "covenants.Article", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The text of the annex and the digest of the scale at that time (scoring.scale.annex): a later
    # release may print the same scale in other words.
    printed = models.TextField(_("text of the annex"), blank=True)
    printed_digest = models.CharField(_("digest of the printed scale"), max_length=64, blank=True)
    total = points_field(_("total of standard points"), default=Decimal(100))
    bonus_cap = points_field(_("bonus points at most"), default=Decimal(0))
    rounding = models.DecimalField(
        _("points are rounded to"),
        max_digits=3,
        decimal_places=2,
        choices=ROUNDINGS,
        default=Decimal("0.01"),
    )
    basis = models.CharField(
        _("ranking by"), max_length=10, choices=BASIS_LABELS, default=Basis.POINTS.value
    )
    not_assigned = models.CharField(
        _("a criterion not assigned to a board is"),
        max_length=10,
        choices=NOT_ASSIGNED_LABELS,
        default=NotAssigned.RESCALED.value,
    )
    openness = models.CharField(
        _("after publication the boards see of each other"),
        max_length=10,
        choices=Openness,
        default=Openness.POINTS.value,
    )
    crossing = models.CharField(
        _("cross-scores are combined by"),
        max_length=10,
        choices=Crossing,
        default=Crossing.MEAN.value,
    )
    crossing_each = models.PositiveSmallIntegerField(
        _("boards that each board cross-scores"), default=2, validators=[MinValueValidator(1)]
    )
    # Codes in order: "group:I", "fewest_deductions", "ballot", "head" (scoring.computing.ranking).
    tie_break = models.JSONField(_("equal points are decided by"), default=list, blank=True)
    unrankable = models.JSONField(_("not ranked is a board that"), default=list, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)

    objects = ScaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("point scale")
        verbose_name_plural = _("point scales")
        ordering = ["-paper"]

    def __str__(self) -> str:
        return str(self.paper)


class Grade(models.Model):
    """A grade and its lower limit, in points or percent by the scale's basis."""

    scale = models.ForeignKey(
        Scale, on_delete=models.CASCADE, related_name="grades", verbose_name=_("scale")
    )
    title = models.CharField(_("grade"), max_length=60)
    least = points_field(_("from"))

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ["scale", "-least"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "least"], name="one_grade_a_threshold"),
            models.UniqueConstraint(fields=["scale", "title"], name="grade_once_a_scale"),
        ]

    def __str__(self) -> str:
        return self.title


class CriterionGroup(models.Model):
    """A group of criteria, possibly inside another; the points of a bonus group come on top of the
    standard points."""

    scale = models.ForeignKey(
        Scale, on_delete=models.CASCADE, related_name="groups", verbose_name=_("scale")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("within"),
    )
    order = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=250)
    max_points = points_field(_("points"))
    is_bonus = models.BooleanField(_("bonus points"), default=False)
    combine = models.CharField(
        _("its criteria are"), max_length=10, choices=COMBINE_LABELS, default=Combine.SUM.value
    )

    class Meta:
        verbose_name = _("group of criteria")
        verbose_name_plural = _("groups of criteria")
        ordering = ["scale", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "code"],
                name="group_code_once_a_scale",
                violation_error_message=_("The scale already has a group with this code."),
            ),
            models.CheckConstraint(
                name="only_bonus_takes_the_highest",
                condition=Q(is_bonus=True) | Q(combine=Combine.SUM.value),
                violation_error_message=_("Only in a bonus group can the highest alone count."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class Criterion(models.Model):
    """One criterion of the scale: what is measured, who gives the figure, how points are
    computed."""

    scale = models.ForeignKey(
        Scale, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("scale")
    )
    group = models.ForeignKey(
        CriterionGroup, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("group")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=250)
    help_text = models.TextField(_("guidance"), blank=True)
    kind = models.CharField(_("way of scoring"), max_length=20, choices=Kind)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    max_points = points_field(_("standard points"))
    bonus_points = points_field(_("bonus points beyond the standard, at most"), default=Decimal(0))
    owner = models.CharField(
        _("the figure comes from"), max_length=12, choices=Owner, default=Owner.BOARD.value
    )
    # A code of scoring.facts.SOURCES if the owner is the portal.
    source = models.CharField(_("record"), max_length=30, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    # Title of the indicator in the covenant's annex; its targets are the boards' plans.
    indicator = models.CharField(_("plan: indicator of the covenant"), max_length=200, blank=True)
    facts_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reused_by",
        verbose_name=_("uses the figure of"),
    )
    needs_evidence = models.BooleanField(_("evidence is required"), default=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["scale", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "code"],
                name="criterion_code_once_a_scale",
                violation_error_message=_("The scale already has a criterion with this code."),
            ),
            models.CheckConstraint(
                name="the_portal_names_its_record",
                condition=~Q(owner=Owner.PORTAL) | ~Q(source=""),
                violation_error_message=_("Say from which record the portal takes the figure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @cached_property
    def formula(self) -> formulas.Formula:
        """The formula of the criterion. Raises BadFormula for parameters that are not valid."""
        return formulas.read_formula(self.kind, self.parameters, self.max_points)
