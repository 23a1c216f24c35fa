from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    pass
from .drafts import Article, Paper


class Verdict(models.TextChoices):
    OPEN = "open", _("Unanswered")
    ACCEPTED = "accepted", _("Taken over")
    DECLINED = "declined", _("Not taken over")


class CommentQuerySet(models.QuerySet["Comment"]):
    def unanswered(self) -> "CommentQuerySet":
        return self.filter(verdict=Verdict.OPEN)


class Comment(models.Model):
    """A board's comment on an article (None: on the whole paper), and the answer to it."""

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="comments", verbose_name=_("paper")
    )
    article = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("article"),
    )
    membership = models.ForeignKey(
        "members.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("board")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=120)
    text = models.TextField(_("comment"))
    made_at = models.DateTimeField(_("made at"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="declined_comment_has_its_reason",
                condition=~Q(verdict=Verdict.DECLINED) | ~Q(answer=""),
                violation_error_message=_("Say why the comment is not taken over."),
            ),
            models.CheckConstraint(
                name="answered_comment_says_when",
                condition=Q(verdict=Verdict.OPEN) | Q(answered_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
