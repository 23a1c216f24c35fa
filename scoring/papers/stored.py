"""The papers of scoring as PDF: as things stand, and of a final result papers of record."""

from collections.abc import Callable

from members.records import printed

from ..models import Result, Scoring, Sheet
from ..models.sheets import ScoringState
from ..visibility import Visibility
from . import printing

PDF = printed.PDF


def sheet_paper(sheet: Sheet, seen: Visibility) -> bytes:
    """The score sheet of a board; before publication only with what its reader may know."""
    board = sheet.membership.name.name
    return _stored_or_rendered(
        "sheet",
        sheet.scoring,
        f"Phiếu chấm điểm thi đua năm {sheet.scoring.bloc_year.year} của {board}",
        lambda code: printing.sheet(sheet, seen, code=code),
        about=sheet,
    )


def comparison_paper(scoring: Scoring) -> bytes:
    """The points of all boards by criterion."""
    title = f"Bảng đối chiếu điểm thi đua năm {scoring.bloc_year.year}"
    return _stored_or_rendered(
        "comparison", scoring, title, lambda code: printing.comparison(scoring, code=code)
    )


def summary_paper(scoring: Scoring) -> bytes:
    """The ranking of the boards with totals and grades."""
    title = f"Bảng tổng hợp điểm thi đua năm {scoring.bloc_year.year}"
    return _stored_or_rendered(
        "summary", scoring, title, lambda code: printing.summary(scoring, code=code)
    )


def appraisal_minutes(scoring: Scoring) -> bytes:
    """The minutes of the appraisal."""
    title = f"Biên bản thẩm định điểm thi đua năm {scoring.bloc_year.year}"
    return _stored_or_rendered(
        "minutes", scoring, title, lambda code: printing.minutes(scoring, code=code)
    )


def _stored_or_rendered(
    sort: str,
    scoring: Scoring,
    title: str,
    render: Callable[[str], bytes],
    *,
    about: Sheet | None = None,
) -> bytes:
    """The paper of record once the result is final, about the result or one sheet of it; before
    that a print without a code. Raises FileDamaged."""
    if scoring.state != ScoringState.FINAL:
        return render("")
    result = scoring.results.filter(occasion=Result.Occasion.FINAL).latest("pk")
    paper = printed.print_once(
        f"scoring.{sort}",
        about or result,
        bloc_year=scoring.bloc_year,
        title=title,
        render=render,
    )
    return printed.read_content(paper)
