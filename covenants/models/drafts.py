import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import official_date
from members.models import BlocYear, Numbered

from .kinds import COVENANT, PaperKind

if TYPE_CHECKING:
    from members.models import StoredFile, User


class PaperState(models.TextChoices):
    DRAFTING = "drafting", _("Being drafted")
    CONSULTING = "consulting", _("In consultation")
    VOTING = "voting", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    SIGNING = "signing", _("Being signed")
    COMPLETE = "complete", _("Complete")
    ANNULLED = "annulled", _("Annulled")


# (state, act) -> state. docs/states.md is printed from this table.
PAPER_TRANSITIONS: dict[tuple[str, str], str] = {
    (PaperState.DRAFTING, "open_consultation"): PaperState.CONSULTING,
    (PaperState.CONSULTING, "resume_drafting"): PaperState.DRAFTING,
    (PaperState.CONSULTING, "seal"): PaperState.SIGNING,
    (PaperState.CONSULTING, "put_to_vote"): PaperState.VOTING,
    (PaperState.VOTING, "adopt"): PaperState.ADOPTED,
    (PaperState.VOTING, "reject"): PaperState.CONSULTING,
    (PaperState.VOTING, "call_off"): PaperState.CONSULTING,
    (PaperState.ADOPTED, "issue"): PaperState.SIGNING,
    (PaperState.ADOPTED, "annul"): PaperState.ANNULLED,
    (PaperState.SIGNING, "complete"): PaperState.COMPLETE,
    (PaperState.SIGNING, "annul"): PaperState.ANNULLED,
}
EDITABLE = frozenset({PaperState.DRAFTING, PaperState.CONSULTING})
UNSEALED = EDITABLE | {PaperState.VOTING, PaperState.ADOPTED}
SEALED = frozenset({PaperState.SIGNING, PaperState.COMPLETE})


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: "User") -> "PaperQuerySet":
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))

    def in_force_on(self, day: dt.date) -> "PaperQuerySet":
        """Complete papers whose first day has come and whose end has not, on the day."""
        return self.filter(state=PaperState.COMPLETE, effective_on__lte=day).filter(
            Q(expires_on__isnull=True) | Q(expires_on__gt=day)
        )

    def standing(self) -> "PaperQuerySet":
        """Papers that are not annulled."""
        return self.exclude(state=PaperState.ANNULLED)


class Paper(Numbered):
    """A paper of a year: drafted by articles, discussed, then frozen word for word."""

    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.PROTECT, related_name="papers", verbose_name=_("year")
    )
    kind = models.ForeignKey(
        PaperKind,
        on_delete=models.PROTECT,
        related_name="papers",
        db_column="kind",
        verbose_name=_("kind"),
    )
    title = models.CharField(_("title"), max_length=200)
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    opening = models.TextField(_("opening"), blank=True)
    terms = models.TextField(_("terms"), blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    recipients = models.TextField(_("recipients"), blank=True)
    # A text given as a PDF; its pages are printed after the articles.
    attachment = models.ForeignKey(
        "members.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("attached text"),
    )
    attachment_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    dated_on = models.DateField(_("date of the paper"), null=True, blank=True)
    sign_by = models.DateField(_("to be signed by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=PaperState, default=PaperState.DRAFTING
    )
    revision = models.PositiveIntegerField(_("revision"), default=0)
    references = models.ManyToManyField(
        "covenants.LegalReference", through="covenants.PaperBasis", related_name="papers"
    )

    # Papers of the bloc, printed after the law: a point scale cites the operating regulation.
    cited_papers = models.ManyToManyField(
        "self", symmetrical=False, related_name="cited_by", verbose_name=_("papers cited")
    )

    code = models.CharField(_("verification code"), max_length=12, unique=True, null=True)  # noqa: DJ001  unique once given
    sealed_at = models.DateTimeField(_("sealed at"), null=True)
    sealed_file = models.ForeignKey(
        "members.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("sealed document"),
    )
    # The newest bytes of the paper: the sealed ones, then a longer file after each signature.
    document = models.ForeignKey(
        "members.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("document"),
    )
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    completed_at = models.DateTimeField(_("completed at"), null=True)
    certificate = models.ForeignKey(
        "members.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("certificate of completion"),
    )

    # In force from the first day until the day before the second.
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(_("no longer in force from"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-bloc_year__year", "kind", "pk"]
        constraints = [
            *Numbered.Meta.constraints,
            models.UniqueConstraint(
                fields=["bloc_year"],
                condition=Q(kind=COVENANT) & ~Q(state=PaperState.ANNULLED),
                name="one_standing_covenant_a_year",
                violation_error_message=_("This year already has a covenant."),
            ),
            models.CheckConstraint(
                name="sealed_paper_has_its_document",
                condition=Q(state__in=UNSEALED)
                | Q(state=PaperState.ANNULLED, sealed_at=None)
                | Q(
                    sealed_at__isnull=False,
                    sealed_file__isnull=False,
                    document__isnull=False,
                    code__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="complete_paper_has_its_certificate",
                condition=~Q(state=PaperState.COMPLETE)
                | Q(
                    completed_at__isnull=False,
                    certificate__isnull=False,
                    effective_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="paper_expires_after_it_takes_effect",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_on")),
                violation_error_message=_("A paper cannot expire before it takes effect."),
            ),
            models.CheckConstraint(
                name="withdrawn_paper_has_its_reason",
                condition=Q(withdrawn_at__isnull=True)
                | Q(expires_on__isnull=False) & ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.bloc_year.year}"

    @property
    def name_in_book(self) -> str:
        return self.title

    @property
    def citation(self) -> str:
        """The paper as another paper of the bloc cites it among its legal bases."""
        number = f" số {self.full_number}" if self.full_number else ""
        when = f" {official_date(self.dated_on)}" if self.dated_on else ""
        return f"{self.title}{number}{when} của {self.bloc_year.bloc.name}"

    def is_in_force_on(self, day: dt.date) -> bool:
        return (
            self.state == PaperState.COMPLETE
            and self.effective_on is not None
            and self.effective_on <= day
            and (self.expires_on is None or self.expires_on > day)
        )

    @property
    def is_covenant(self) -> bool:
        return self.kind_id == COVENANT

    @property
    def newest(self) -> "StoredFile":
        """The newest bytes of a sealed paper; raises ValueError if it is not sealed."""
        if self.document is None:
            raise ValueError(f"{self} is not sealed.")
        return self.document

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_sealed(self) -> bool:
        return self.state in SEALED


class PaperBasis(models.Model):
    """A legal document that a paper cites, at its place in the list."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="bases")
    reference = models.ForeignKey("covenants.LegalReference", on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "reference"], name="basis_once_a_paper")
        ]

    def __str__(self) -> str:
        return str(self.reference)


class ArticleQuerySet(models.QuerySet["Article"]):
    def standing(self) -> "ArticleQuerySet":
        """Articles that were not removed."""
        return self.filter(removed_at__isnull=True)


class Part(models.TextChoices):
    BODY = "body", _("Article")
    ANNEX = "annex", _("Annex")


class Article(models.Model):
    """An article or annex of a paper. A removed one is kept, because comments refer to it."""

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="articles", verbose_name=_("paper")
    )
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.BODY)
    order = models.PositiveSmallIntegerField(_("order"))
    # "Chương I. Quy định chung", printed before the first article of a chapter.
    chapter = models.CharField(_("chapter that begins here"), max_length=200, blank=True)
    heading = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    # Counts the saves, so that a save based on an older text is refused instead of overwriting.
    revision = models.PositiveIntegerField(_("revision"), default=0)
    removed_at = models.DateTimeField(_("removed at"), null=True)
    # Generated by the portal, such as the table of the point scale.
    by_portal = models.BooleanField(_("written by the portal"), default=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        # "body" before "annex"
        ordering = ["-part", "order", "pk"]

    def __str__(self) -> str:
        return self.heading
