import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.days import is_ahead
from emulation_bloc.lib.text import official_date
from members.models.fields import FoldedField


class Standing(models.TextChoices):
    """Whether a document is in force on a day."""

    IN_FORCE = "in_force", _("In force")
    EXPIRED = "expired", _("Expired")
    NOT_YET = "not_yet", _("Not yet in force")


class LegalReferenceQuerySet(models.QuerySet["LegalReference"]):
    def in_force_on(self, day: dt.date) -> "LegalReferenceQuerySet":
        started = Q(effective_on__lte=day) | Q(effective_on__isnull=True, issued_on__lte=day)
        return self.filter(started).filter(Q(expired_on__isnull=True) | Q(expired_on__gt=day))


class LegalReference(models.Model):
    """A law, decree or circular that papers cite. It is data because law changes."""

    kind = models.CharField(
        _("type"), max_length=40, help_text=_("“Luật”, “Nghị định”, “Thông tư”…")
    )
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=120)
    subject = models.CharField(_("subject"), max_length=300)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    expired_on = models.DateField(
        _("expired on"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is no longer in force."),
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    amends = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="amended_by",
        verbose_name=_("amends"),
    )
    scope = models.CharField(
        _("scope"), max_length=250, blank=True, help_text=_("What and whom it applies to.")
    )
    link = models.URLField(
        _("link"), blank=True, help_text=_("Where its text stands, for example on vbpl.vn.")
    )
    file = models.ForeignKey(
        "members.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("text"),
    )
    is_second_hand = models.BooleanField(
        _("dates from a second-hand source"),
        default=False,
        help_text=_("Not compared with the official gazette yet; the note says which dates."),
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    folded = FoldedField("kind", "number", "subject", "issuer", "scope")

    objects = LegalReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal reference")
        verbose_name_plural = _("legal register")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issuer"],
                name="legal_reference_once",
                violation_error_message=_("This document is already in the register."),
            ),
            models.CheckConstraint(
                name="legal_reference_expires_after_issue",
                condition=Q(expired_on__isnull=True) | Q(expired_on__gt=F("issued_on")),
                violation_error_message=_("A document cannot expire before it is issued."),
            ),
            models.CheckConstraint(
                name="legal_reference_effective_after_issue",
                condition=Q(effective_on__isnull=True) | Q(effective_on__gte=F("issued_on")),
                violation_error_message=_("A document cannot take effect before it is issued."),
            ),
            models.CheckConstraint(
                name="legal_reference_not_its_own_successor",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                violation_error_message=_("A document cannot replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def clean(self) -> None:
        """The date of issue must not be in the future: such a document is still a draft."""
        if is_ahead(self.issued_on):
            raise ValidationError({"issued_on": _("The document is not issued yet on that day.")})

    @property
    def starts_on(self) -> dt.date:
        """The first day in force; the day of issue if no other is recorded."""
        return self.effective_on or self.issued_on

    def standing_on(self, day: dt.date) -> Standing:
        if self.expired_on is not None and self.expired_on <= day:
            return Standing.EXPIRED
        return Standing.IN_FORCE if self.starts_on <= day else Standing.NOT_YET

    def is_in_force_on(self, day: dt.date) -> bool:
        return self.standing_on(day) == Standing.IN_FORCE

    @property
    def citation(self) -> str:
        """The document as written among legal bases: a law begins with its name, other documents
        with their number.
        """
        when = official_date(self.issued_on)
        if self.kind == "Luật":
            return f"Luật {self.subject} số {self.number} {when}"
        return f"{self.kind} số {self.number} {when} của {self.issuer} {self.subject_in_sentence}"

    @property
    def subject_in_sentence(self) -> str:
        return self.subject[:1].lower() + self.subject[1:]
