import hashlib
import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    pass
from .drafts import Paper


class Version(models.Model):
    """The whole text of a paper at one moment, for comparison and proof."""

    append_only = True

    class Occasion(models.TextChoices):
        CONSULTATION = "consultation", _("Sent for consultation")
        VOTING = "voting", _("Put to the vote")
        SEALING = "sealing", _("Sealed")

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="versions", verbose_name=_("paper")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    occasion = models.CharField(_("occasion"), max_length=20, choices=Occasion)
    content = models.JSONField(_("content"))
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken by"),
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.number}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text as canonical JSON, in hex."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
