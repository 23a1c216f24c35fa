from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act: who, in which post, what, when, from which address, why.

    Each row has the hash of the row before. The database refuses changes
    (`members.records.triggers`); `members.records.audit.faults` reports changes made in spite of
    that.
    """

    append_only = True

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    actor_name = models.CharField(_("name"), max_length=120)
    actor_post = models.CharField(_("post"), max_length=250, blank=True)
    bloc = models.ForeignKey(
        "members.Bloc",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("bloc"),
    )
    act = models.CharField(_("act"), max_length=60)
    subject = models.CharField(_("subject"), max_length=80)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict)
    address = models.CharField(_("address"), max_length=45, blank=True)
    previous_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["number"]
        indexes = [models.Index(fields=["subject"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class ChainHead(models.Model):
    """The end of the audit chain; a single row, locked to take the next number."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(name="one_chain", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:16]}"


class StoredFile(models.Model):
    """A file stored under its SHA-256, identical bytes once (`members.records.files`)."""

    append_only = True

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("type"), max_length=100)
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["-stored_at"]

    def __str__(self) -> str:
        return self.sha256[:16]


class PaperOfRecord(models.Model):
    """A paper that the portal printed once and certified (`members.records.printed`): whoever asks
    later gets these bytes. One of each sort about each row."""

    append_only = True

    sort = models.CharField(_("sort of paper"), max_length=40)
    about = models.CharField(_("subject"), max_length=80)
    bloc_year = models.ForeignKey(
        "members.BlocYear",
        on_delete=models.PROTECT,
        related_name="papers_of_record",
        verbose_name=_("year"),
    )
    title = models.CharField(_("title"), max_length=500)
    code = models.CharField(_("verification code"), max_length=12, unique=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    printed_at = models.DateTimeField(_("printed at"))

    class Meta:
        verbose_name = _("printed paper")
        verbose_name_plural = _("printed papers")
        ordering = ["-printed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sort", "about"], name="paper_of_record_printed_once")
        ]

    def __str__(self) -> str:
        return self.title


class OutboxMessage(models.Model):
    """A mail queued by an act; `manage.py run_due` sends it."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"
