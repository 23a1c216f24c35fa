import hashlib
import ssl

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def in_use(self) -> "SigningKeyQuerySet":
        return self.filter(revoked_at__isnull=True)


class SigningKey(models.Model):
    """A leader's key under the installation's own authority; not an official digital signature.

    The private key is encrypted under the leader's passphrase and the server's key; both are
    needed.
    """

    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        related_name="signing_keys",
        verbose_name=_("person"),
    )
    serial = models.CharField(_("serial number"), max_length=50, unique=True)
    certificate = models.BinaryField(_("certificate"))
    sealed_private_key = models.BinaryField(_("private key, encrypted"))
    made_at = models.DateTimeField(_("made at"))
    wrong_passphrases = models.PositiveSmallIntegerField(_("wrong passphrases"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["person", "-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="one_signing_key_in_use_a_person",
            ),
            models.CheckConstraint(
                name="revocation_has_its_reason",
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.serial[:8]})"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in hex, as inspections report it."""
        der = ssl.PEM_cert_to_DER_cert(bytes(self.certificate).decode())
        return hashlib.sha256(der).hexdigest()

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()


class SignaturePicture(models.Model):
    """The picture of a person's handwritten signature; only its owner sees it."""

    person = models.OneToOneField(
        "members.Person",
        on_delete=models.PROTECT,
        related_name="signature_picture",
        verbose_name=_("person"),
    )
    file = models.ForeignKey(
        "members.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("picture")
    )
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("signature picture")
        verbose_name_plural = _("signature pictures")

    def __str__(self) -> str:
        return str(self.person)
