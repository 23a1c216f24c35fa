"""The scoring of a year, the sheet of each board with its lines, returns and evidence."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear, Membership
from members.models.blocs import Role
from members.models.people import SECRETARIAT_POSTS

from .scales import Criterion, Openness, Owner, Scale

if TYPE_CHECKING:
    from members.models import User


def figure_field(label: object, **options: object) -> models.DecimalField:
    """The field of a raw figure: a count, an amount or a percentage. Four decimals, as needed for
    means of cross-scores."""
    settled = {"max_digits": 18, "decimal_places": 4, "null": True, "blank": True}
    return models.DecimalField(label, **settled | options)  # type: ignore[arg-type]


class ScoringState(models.TextChoices):
    OPEN = "open", _("Scoring and appraisal")
    PUBLISHED = "published", _("Published, objections are open")
    AGREED = "agreed", _("Agreed at the conference")
    FINAL = "final", _("Final")


# (state, act) -> state. docs/states.md is printed from this table.
SCORING_TRANSITIONS: dict[tuple[str, str], str] = {
    (ScoringState.OPEN, "publish"): ScoringState.PUBLISHED,
    (ScoringState.PUBLISHED, "take_back"): ScoringState.OPEN,
    (ScoringState.PUBLISHED, "agree"): ScoringState.AGREED,
    (ScoringState.AGREED, "finalise"): ScoringState.FINAL,
}


class SheetState(models.TextChoices):
    FILLING = "filling", _("Being filled in")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPRAISED = "appraised", _("Appraised")


SHEET_TRANSITIONS: dict[tuple[str, str], str] = {
    (SheetState.FILLING, "submit"): SheetState.SUBMITTED,
    (SheetState.SUBMITTED, "return"): SheetState.RETURNED,
    (SheetState.RETURNED, "submit"): SheetState.SUBMITTED,
    (SheetState.RETURNED, "recall"): SheetState.SUBMITTED,
    (SheetState.SUBMITTED, "conclude"): SheetState.APPRAISED,
    (SheetState.APPRAISED, "reopen"): SheetState.SUBMITTED,
}


class ScoringQuerySet(models.QuerySet["Scoring"]):
    def visible_to(self, user: "User") -> "ScoringQuerySet":
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))


class Scoring(models.Model):
    """The scoring of a year by one adopted scale, with the sealed text of that scale."""

    bloc_year = models.OneToOneField(
        BlocYear, on_delete=models.PROTECT, related_name="scoring", verbose_name=_("year")
    )
    scale = models.ForeignKey(
        Scale, on_delete=models.PROTECT, related_name="scorings", verbose_name=_("scale")
    )
    version = models.ForeignKey(
        "covenants.Version",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("text as sealed"),
    )
    scale_digest = models.CharField(_("digest of the scale"), max_length=64)
    state = models.CharField(
        _("state"), max_length=12, choices=ScoringState, default=ScoringState.OPEN.value
    )
    self_until = models.DateField(_("sheets are due on"), null=True, blank=True)
    objections_until = models.DateField(_("objections until"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    published_at = models.DateTimeField(_("published at"), null=True)
    agreed_on = models.DateField(_("agreed on"), null=True)
    agreed_where = models.CharField(_("agreed at"), max_length=200, blank=True)
    finalised_at = models.DateTimeField(_("final since"), null=True)

    objects = ScoringQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring of a year")
        verbose_name_plural = _("scorings of years")
        ordering = ["-bloc_year"]
        constraints = [
            models.CheckConstraint(
                name="published_scoring_says_until_when",
                condition=Q(state=ScoringState.OPEN)
                | Q(published_at__isnull=False, objections_until__isnull=False),
            ),
            models.CheckConstraint(
                name="agreed_scoring_says_when",
                condition=Q(state__in=[ScoringState.OPEN, ScoringState.PUBLISHED])
                | Q(agreed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="final_scoring_says_when",
                condition=~Q(state=ScoringState.FINAL) | Q(finalised_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Scoring')} {self.bloc_year}"

    @property
    def is_open(self) -> bool:
        return self.state == ScoringState.OPEN

    @property
    def is_published(self) -> bool:
        return self.state != ScoringState.OPEN

    @property
    def look(self) -> str:
        """The style of the state's chip; “open” alone would say too little."""
        return "scoring" if self.is_open else self.state


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: "User") -> "SheetQuerySet":
        """The sheets whose points a person may read: those of own boards, those the own board
        appraises, and after publication, if the scale opens points, all that were ever signed
        off."""
        here = self.filter(scoring__bloc_year__in=BlocYear.objects.visible_to(user))
        if user.is_superuser:
            return here
        published = ~Q(scoring__state=ScoringState.OPEN) & Q(round__gt=0)
        opened = published & ~Q(scoring__scale__openness=Openness.TOTALS)
        own = Membership.objects.acted_for_by(board_ids_of_user(user))
        before = Membership.objects.read_by(board_ids_of_user(user))
        return here.filter(
            opened
            | Q(membership__in=own)
            | Q(membership__in=before)
            | Q(scoring__bloc_year__in=years_appraised_by(user))
        )

    def read_whole_by(self, user: "User") -> "SheetQuerySet":
        """The visible sheets of which a person also reads figures, explanations and evidence: those
        of own boards, those the own board appraises, and all others only if the scale opens
        everything."""
        sheets = self.visible_to(user)
        if user.is_superuser:
            return sheets
        return sheets.filter(
            Q(scoring__scale__openness=Openness.ALL)
            | Q(membership__in=Membership.objects.read_by(board_ids_of_user(user)))
            | Q(scoring__bloc_year__in=years_appraised_by(user))
        )


def board_ids_of_user(user: "User") -> set[int]:
    return {post.board_id for post in user.current_posts if post.board_id}


def years_appraised_by(user: "User") -> models.QuerySet[BlocYear]:
    """The years in which a board is head or deputy for which the person works as secretariat."""
    boards = {
        post.board_id
        for post in user.current_posts
        if post.board_id and post.kind in SECRETARIAT_POSTS
    }
    leading = Membership.objects.acted_for_by(boards).filter(role__in=[Role.HEAD, Role.DEPUTY])
    return BlocYear.objects.filter(pk__in=leading.values("bloc_year"))


class Sheet(models.Model):
    """The score sheet of one board."""

    scoring = models.ForeignKey(
        Scoring, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("scoring")
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("board")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=SheetState, default=SheetState.FILLING.value
    )
    # How often the sheet came to the appraisers: by a submission, or by a return taken back.
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    # How many of the rounds began with a return taken back, without being signed off by a leader.
    recalls = models.PositiveSmallIntegerField(_("returns taken back"), default=0)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed off by"),
    )
    # As printed on the sheet: "Trần Thanh Bình, Trưởng ban".
    signed_off_as = models.CharField(_("signed off as"), max_length=250, blank=True)
    appraised_at = models.DateTimeField(_("appraised at"), null=True)
    reply_by = models.DateField(_("reply is due on"), null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["scoring", "membership__order"]
        constraints = [
            models.UniqueConstraint(fields=["scoring", "membership"], name="one_sheet_a_board"),
            models.CheckConstraint(
                name="submitted_sheet_says_when_and_by_whom",
                condition=Q(state=SheetState.FILLING)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, round__gte=1),
            ),
            models.CheckConstraint(
                name="appraised_sheet_says_when",
                condition=~Q(state=SheetState.APPRAISED) | Q(appraised_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.name.short_name} {self.scoring.bloc_year.year}"

    @property
    def is_with_the_board(self) -> bool:
        return self.state in (SheetState.FILLING, SheetState.RETURNED)

    @property
    def submission(self) -> int:
        """How often the sheet was signed off."""
        return self.round - self.recalls

    @property
    def is_of_the_head(self) -> bool:
        return self.membership.role == Role.HEAD

    @property
    def goes_to(self) -> str:
        """The title of the unit that receives the sheet when it is signed off."""
        bloc = self.scoring.bloc_year.bloc
        return bloc.deputy_title if self.is_of_the_head else bloc.head_title

    @property
    def state_word(self) -> str:
        """“Sent to the …” for a submitted sheet; "" in the other states, where the chip's own word
        is enough."""
        if self.state != SheetState.SUBMITTED:
            return ""
        return gettext("Sent to the %(who)s") % {"who": self.goes_to}


class Line(models.Model):
    """A criterion on the sheet of a board, with what the board is writing before it is on
    record."""

    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="lines", verbose_name=_("sheet")
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="lines", verbose_name=_("criterion")
    )
    # From the covenant's annex when scoring was opened; never typed by the board.
    plan = figure_field(_("plan"))
    actual = figure_field(_("figure"))
    explanation = models.TextField(_("explanation"), blank=True)
    # The board's objection to a figure of the portal, which it cannot change.
    dispute = models.TextField(_("what is disputed"), blank=True)
    # Set by scoring.set_task only, never by the board; the criterion is then not counted for it.
    unassigned_because = models.CharField(_("not assigned because"), max_length=250, blank=True)
    # Number of saves of the figure, by which the second of two simultaneous writers is refused.
    revision = models.PositiveIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("line of a sheet")
        verbose_name_plural = _("lines of sheets")
        ordering = ["sheet", "criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="one_line_a_criterion")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.criterion.code}"

    @property
    def is_assigned(self) -> bool:
        return not self.unassigned_because

    @property
    def is_for_the_board(self) -> bool:
        """Whether the board gives the figure: the criterion is its own, and does not use another
        line's figure."""
        return (
            self.is_assigned
            and self.criterion.owner == Owner.BOARD
            and self.criterion.facts_from_id is None
        )


class Return(models.Model):
    """A line sent back to the board in a round, the reason, and the board's reply."""

    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, related_name="returns", verbose_name=_("line")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    reason = models.TextField(_("reason"))
    reply = models.TextField(_("reply"), blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    returned_at = models.DateTimeField(_("returned at"))

    class Meta:
        verbose_name = _("returned line")
        verbose_name_plural = _("returned lines")
        ordering = ["line", "round"]
        constraints = [
            models.UniqueConstraint(fields=["line", "round"], name="line_returned_once_a_round"),
            models.CheckConstraint(name="return_has_its_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.line} ({self.round})"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: "User") -> "EvidenceQuerySet":
        """The evidence of all sheets that the person reads in full."""
        return self.filter(sheet__in=Sheet.objects.read_whole_by(user))


class Evidence(models.Model):
    """A file that a board hands in with its sheet, for one line or several."""

    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("sheet")
    )
    lines = models.ManyToManyField(Line, related_name="evidence", verbose_name=_("lines"))
    file = models.ForeignKey(
        "members.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    name = models.CharField(_("name"), max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    added_at = models.DateTimeField(_("added at"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "file"], name="evidence_once_a_sheet")
        ]

    def __str__(self) -> str:
        return self.name
