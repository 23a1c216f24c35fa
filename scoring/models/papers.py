"""The printed papers of a final result."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .appraisal import Result
from .sheets import Sheet


class PaperSort(models.TextChoices):
    SHEET = "sheet", _("Score sheet")
    COMPARISON = "comparison", _("Comparison table")
    SUMMARY = "summary", _("Summary")
    MINUTES = "minutes", _("Appraisal minutes")


class Printed(models.Model):
    """A paper of a final result as it was first printed; later requests get the same bytes."""

    append_only = True

    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, related_name="papers", verbose_name=_("result")
    )
    sort = models.CharField(_("paper"), max_length=12, choices=PaperSort)
    # Only for a score sheet; the other papers are about all boards.
    sheet = models.ForeignKey(
        Sheet,
        on_delete=models.PROTECT,
        null=True,
        related_name="papers",
        verbose_name=_("sheet"),
    )
    file = models.ForeignKey(
        "members.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    printed_at = models.DateTimeField(_("printed at"))

    class Meta:
        verbose_name = _("printed paper")
        verbose_name_plural = _("printed papers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "sort"],
                condition=Q(sheet__isnull=True),
                name="paper_of_all_boards_printed_once",
            ),
            models.UniqueConstraint(
                fields=["result", "sheet"],
                condition=Q(sheet__isnull=False),
                name="sheet_printed_once",
            ),
            models.CheckConstraint(
                name="only_a_printed_sheet_has_one",
                condition=Q(sort=PaperSort.SHEET, sheet__isnull=False)
                | ~Q(sort=PaperSort.SHEET) & Q(sheet__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}: {self.sheet or self.result.scoring}"
