"""Downloads of scoring: papers as PDF, and the appraisal as a workbook."""

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.pages.downloads import asks_for_excel, excel, sent
from members.pages.guards import Visit
from members.permissions import require

from .. import visibility
from ..models import Scoring, Sheet
from ..papers import changed_lines, stored
from ..sheets.boards import board_sheets
from .entrance import on_scoring, on_sheet


def sent_as_pdf(content: bytes, name: str) -> HttpResponse:
    return sent(content, f"{name}.pdf", stored.PDF)


def key(scoring: Scoring) -> str:
    return f"{scoring.bloc_year.year}-{scoring.bloc_year.bloc.slug}"


@require_safe
@on_sheet
def sheet_paper(request: Visit, sheet: Sheet) -> HttpResponse:
    require(request.user, "scoring.read_figures", sheet)
    content = stored.sheet_paper(sheet, visibility.visibility_of(request.user, sheet.scoring))
    return sent_as_pdf(
        content, f"phieu-cham-diem-{sheet.membership.board.code.lower()}-{key(sheet.scoring)}"
    )


@require_safe
@on_scoring
def summary_paper(request: Visit, scoring: Scoring) -> HttpResponse:
    require(request.user, "scoring.see_ranking", scoring)
    return sent_as_pdf(stored.summary_paper(scoring), f"bang-tong-hop-{key(scoring)}")


@require_safe
@on_scoring
def comparison_paper(request: Visit, scoring: Scoring) -> HttpResponse:
    require(request.user, "scoring.compare", scoring)
    return sent_as_pdf(stored.comparison_paper(scoring), f"bang-doi-chieu-{key(scoring)}")


@require_safe
@on_scoring
def appraisal_minutes(request: Visit, scoring: Scoring) -> HttpResponse:
    require(request.user, "scoring.read_appraisal", scoring)
    if asks_for_excel(request):
        return changes_as_excel(scoring)
    return sent_as_pdf(stored.appraisal_minutes(scoring), f"bien-ban-tham-dinh-{key(scoring)}")


def changes_as_excel(scoring: Scoring) -> HttpResponse:
    headings = [
        _("Board"),
        _("Code"),
        _("Content"),
        _("Self-scored figure"),
        _("Appraised figure"),
        _("Reason"),
        _("By"),
        _("On"),
    ]
    table = (
        (
            one.line.sheet.membership.name.short_name,
            one.line.criterion.code,
            one.line.criterion.title,
            one.before.fact if one.before else None,
            one.after.fact,
            one.after.reason,
            one.after.by_name,
            localdate(one.after.at),
        )
        for one in changed_lines.changes(board_sheets(scoring))
    )
    return excel(f"tham-dinh-{key(scoring)}", _("Appraisal"), headings, table)
