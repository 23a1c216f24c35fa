"""The papers of scoring as PDF: as things stand, and of a final result printed once for ever."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from members.records import files

from ..models import Printed, Result, Scoring, Sheet
from ..models.papers import PaperSort
from ..models.sheets import ScoringState
from ..visibility import Visibility
from . import printing

PDF = "application/pdf"


def sheet_paper(sheet: Sheet, seen: Visibility) -> bytes:
    """The score sheet of a board; before publication only with what its reader may know."""
    return _stored_or_rendered(
        sheet.scoring, PaperSort.SHEET, lambda: printing.sheet(sheet, seen), sheet=sheet
    )


def comparison_paper(scoring: Scoring) -> bytes:
    return _stored_or_rendered(scoring, PaperSort.COMPARISON, lambda: printing.comparison(scoring))


def summary_paper(scoring: Scoring) -> bytes:
    return _stored_or_rendered(scoring, PaperSort.SUMMARY, lambda: printing.summary(scoring))


def appraisal_minutes(scoring: Scoring) -> bytes:
    return _stored_or_rendered(scoring, PaperSort.MINUTES, lambda: printing.minutes(scoring))


def _stored_or_rendered(
    scoring: Scoring, sort: PaperSort, render: Callable[[], bytes], *, sheet: Sheet | None = None
) -> bytes:
    """The bytes that were printed first, once the result is final; of two that print at the same
    moment one is kept, and both readers get that one. Raises FileDamaged."""
    if scoring.state != ScoringState.FINAL:
        return render()
    result = scoring.results.filter(occasion=Result.Occasion.FINAL).latest("pk")
    printed = Printed.objects.filter(result=result, sort=sort, sheet=sheet).first()
    if printed is None:
        printed = keep(result, sort, sheet, render())
    return files.read_content(printed.file)


@transaction.atomic
def keep(result: Result, sort: PaperSort, sheet: Sheet | None, content: bytes) -> Printed:
    printed, _created = Printed.objects.get_or_create(
        result=result,
        sort=sort,
        sheet=sheet,
        defaults={
            "file": files.store(content, media_type=PDF),
            "printed_at": timezone.now(),
        },
    )
    return printed
