import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import official_date
from members.models.fields import FoldedField


class LegalReferenceQuerySet(models.QuerySet["LegalReference"]):
    def in_force_on(self, day: dt.date) -> "LegalReferenceQuerySet":
        started = Q(effective_on__lte=day) | Q(effective_on__isnull=True, issued_on__lte=day)
        return self.filter(started).filter(Q(expired_on__isnull=True) | Q(expired_on__gt=day))


class LegalReference(models.Model):
    """A law, decree or circular that papers cite. Law changes, so law is data."""

    kind = models.CharField(
        _("type"), max_length=40, help_text=_("“Luật”, “Nghị định”, “Thông tư”…")
    )
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=120)
    subject = models.CharField(_("subject"), max_length=300)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    expired_on = models.DateField(_("expired on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    folded = FoldedField("kind", "number", "subject")

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
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def is_in_force_on(self, day: dt.date) -> bool:
        started = (self.effective_on or self.issued_on) <= day
        return started and (self.expired_on is None or self.expired_on > day)

    @property
    def citation(self) -> str:
        """As a legal basis is written: a law by its name first, other documents by number."""
        when = official_date(self.issued_on)
        if self.kind == "Luật":
            return f"Luật {self.subject} số {self.number} {when}"
        return f"{self.kind} số {self.number} {when} của {self.issuer} {self.subject_in_sentence}"

    @property
    def subject_in_sentence(self) -> str:
        return self.subject[:1].lower() + self.subject[1:]
