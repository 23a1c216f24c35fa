"""What is recorded about lines and sheets: figures, objections, restrictions, rulings, results."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from members.models.blocs import Role

from .sheets import Line, Scoring, Sheet, figure_field


class Column(models.TextChoices):
    SELF = "self", _("Self-scored")
    APPRAISED = "appraised", _("Appraised")
    AGREED = "agreed", _("Agreed")


class Figure(models.Model):
    """A figure on record: the value put in a column of a line, by whom, when and why. The last row
    of a column counts; points are always computed from it by the scale."""

    append_only = True

    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, related_name="figures", verbose_name=_("line")
    )
    column = models.CharField(_("column"), max_length=10, choices=Column)
    round = models.PositiveSmallIntegerField(_("round"))
    fact = figure_field(_("figure"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    by_name = models.CharField(_("name"), max_length=120)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("figure on record")
        verbose_name_plural = _("figures on record")
        ordering = ["pk"]
        indexes = [models.Index(fields=["line", "column"], name="figures_of_a_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.column}: {self.fact}"


class Verdict(models.TextChoices):
    OPEN = "open", _("Unanswered")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class Remedied(models.TextChoices):
    """What an upheld objection corrects on its line."""

    FIGURE = "figure", _("Another figure")
    PLAN = "plan", _("Another plan")
    ASSIGNED = "assigned", _("Assigned to the board")
    NOT_ASSIGNED = "not_assigned", _("Not assigned to the board")


class Objection(models.Model):
    """A board's objection to a published line, and the answer with its effect in points."""

    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, related_name="objections", verbose_name=_("line")
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("objecting board")
    )
    text = models.TextField(_("objection"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=120)
    made_at = models.DateTimeField(_("made at"))
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=Verdict, default=Verdict.OPEN.value
    )
    answer = models.TextField(_("answer"), blank=True)
    # What was corrected: the line's new figure and plan; in `grounds` the document of the plan, or
    # the reason why the criterion is not assigned.
    remedy = models.CharField(_("remedy"), max_length=12, choices=Remedied, blank=True)
    fact = figure_field(_("figure"))
    plan = figure_field(_("plan"))
    grounds = models.CharField(_("document or reason"), max_length=250, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    points_before = models.DecimalField(
        _("points before"), max_digits=7, decimal_places=2, null=True
    )
    points_after = models.DecimalField(_("points after"), max_digits=7, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="answered_objection_says_why_and_its_effect",
                condition=Q(verdict=Verdict.OPEN)
                | Q(
                    answered_at__isnull=False,
                    points_before__isnull=False,
                    points_after__isnull=False,
                )
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="dismissed_objection_changes_nothing",
                condition=~Q(verdict=Verdict.DISMISSED) | Q(points_after=F("points_before")),
            ),
            models.CheckConstraint(
                name="upheld_objection_says_its_remedy",
                condition=Q(verdict=Verdict.UPHELD) & ~Q(remedy="")
                | ~Q(verdict=Verdict.UPHELD) & Q(remedy=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def parties(self) -> set[int]:
        """The boards (ids) whose people may not answer this objection: the one that objects and the
        one whose sheet it is about."""
        return {self.membership.acting_board_id, self.line.sheet.membership.acting_board_id}

    @property
    def answering(self) -> list[str]:
        """The titles of those who may answer. Empty if head and deputy are both parties, for the
        secretariat is their staff: then the conference decides."""
        year = self.line.sheet.scoring.bloc_year
        titles = {Role.HEAD: year.bloc.head_title, Role.DEPUTY: year.bloc.deputy_title}
        roles = {role for board, role in year.roles.items() if board not in self.parties}
        return [title for role, title in titles.items() if role in roles]


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def disqualifying(self) -> "RestrictionQuerySet":
        """Disqualifications; a board with an award hold is ranked."""
        return self.filter(kind=Restriction.Kind.DISQUALIFICATION, resolved_on__isnull=True)


class Restriction(models.Model):
    """A decision that keeps a board from being ranked or awarded; its score is not changed by
    it."""

    class Kind(models.TextChoices):
        DISQUALIFICATION = "disqualification", _("Not considered for emulation")
        AWARD_HOLD = "award_hold", _("Not yet considered")

    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="restrictions", verbose_name=_("sheet")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reason = models.TextField(_("reason"))
    document = models.CharField(_("document"), max_length=200)
    file = models.ForeignKey(
        "members.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    file_name = models.CharField(_("name of the file"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    # Only an award hold is ever resolved; a disqualification is final.
    resolved_on = models.DateField(_("resolved on"), null=True)
    resolution = models.TextField(_("resolution"), blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("disqualification or award hold")
        verbose_name_plural = _("disqualifications and award holds")
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="only_a_hold_is_resolved_and_with_a_reason",
                condition=Q(resolved_on__isnull=True)
                | Q(kind="award_hold", resolved_on__gte=F("decided_on")) & ~Q(resolution=""),
            ),
            models.CheckConstraint(
                name="restriction_has_reason_and_document",
                condition=~Q(reason="") & ~Q(document=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.sheet}"

    @property
    def is_in_force(self) -> bool:
        return self.resolved_on is None

    @property
    def disqualifies(self) -> bool:
        """True of a disqualification; a board with an award hold is ranked."""
        return self.kind == self.Kind.DISQUALIFICATION and self.resolved_on is None


class TieRuling(models.Model):
    """The decision of a ballot or of the head on one tie; it counts while exactly these boards are
    tied."""

    class By(models.TextChoices):
        BALLOT = "ballot", _("Ballot")
        HEAD = "head", _("Decision of the head")

    scoring = models.ForeignKey(
        Scoring, on_delete=models.PROTECT, related_name="rulings", verbose_name=_("scoring")
    )
    by = models.CharField(_("decided by"), max_length=10, choices=By)
    document = models.CharField(_("document"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("ruling on a tie")
        verbose_name_plural = _("rulings on ties")
        ordering = ["scoring", "recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_by_display()}: {self.document}"


class TiePlace(models.Model):
    """The place, from 1, that a ruling gave to one of its boards."""

    ruling = models.ForeignKey(
        TieRuling, on_delete=models.CASCADE, related_name="places", verbose_name=_("ruling")
    )
    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="tie_places", verbose_name=_("sheet")
    )
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("place in a tie")
        verbose_name_plural = _("places in ties")
        ordering = ["ruling", "place"]
        constraints = [
            models.UniqueConstraint(fields=["ruling", "sheet"], name="one_place_a_board"),
            models.UniqueConstraint(fields=["ruling", "place"], name="one_board_a_tie_place"),
        ]

    def __str__(self) -> str:
        return f"{self.ruling}: {self.place}"


class CrossDuty(models.Model):
    """One board's duty to score another."""

    scoring = models.ForeignKey(
        Scoring, on_delete=models.PROTECT, related_name="duties", verbose_name=_("scoring")
    )
    scorer = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("scoring board")
    )
    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="duties", verbose_name=_("sheet")
    )
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("cross-scoring duty")
        verbose_name_plural = _("cross-scoring duties")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["scorer", "sheet"], name="one_duty_a_pair")]

    def __str__(self) -> str:
        return f"{self.scorer.name.short_name} → {self.sheet}"

    @property
    def is_void(self) -> bool:
        """True if the duty is cancelled: one of the two boards left the year, or the scoring board
        now acts for the board that it was to score."""
        scorer, scored = self.scorer, self.sheet.membership
        has_left = scorer.has_left or scored.has_left
        return has_left or scorer.acting_board_id == scored.acting_board_id


class CrossScore(models.Model):
    """The figure that a scoring board gave for one line."""

    duty = models.ForeignKey(
        CrossDuty, on_delete=models.PROTECT, related_name="scores", verbose_name=_("duty")
    )
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, related_name="cross_scores", verbose_name=_("line")
    )
    fact = figure_field(_("figure"), null=False, blank=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("cross-score")
        verbose_name_plural = _("cross-scores")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["duty", "line"], name="one_score_a_duty")]

    def __str__(self) -> str:
        return f"{self.duty}: {self.fact}"


class Result(models.Model):
    """The result of a year, computed on an occasion: digests of scale and figures, the figures and
    the outcome. `manage.py verify` computes it again."""

    append_only = True

    class Occasion(models.TextChoices):
        PUBLICATION = "publication", _("Publication")
        OBJECTION = "objection", _("Answer to an objection")
        AGREEMENT = "agreement", _("Agreement at the conference")
        FINAL = "final", _("Final")

    scoring = models.ForeignKey(
        Scoring, on_delete=models.PROTECT, related_name="results", verbose_name=_("scoring")
    )
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    scale_digest = models.CharField(_("digest of the scale"), max_length=64)
    input_digest = models.CharField(_("digest of the figures"), max_length=64)
    # The figures and the outcome (scoring.result.stored), so that a change of either is found.
    content = models.JSONField(_("content"))
    computed_at = models.DateTimeField(_("computed at"))
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("result of a year")
        verbose_name_plural = _("results of years")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.scoring}: {self.get_occasion_display()}"
