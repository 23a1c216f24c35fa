"""The figures of an earlier year computed by another scale; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from members.models import BlocYear, Membership

from .. import computing
from ..models import Criterion, Scale, Scoring
from ..models.appraisal import Column
from ..models.sheets import ScoringState
from ..scale import computable
from ..sheets.boards import board_sheets, computable_sheet, compute_year


@dataclass(frozen=True)
class Row:
    """A board's result of that year, and its result by the other scale."""

    membership: Membership
    before: computing.BoardResult
    after: computing.BoardResult


@dataclass(frozen=True)
class WhatIf:
    """`rows` are in the resulting ranking order. `without_figures` are criteria that had no figures
    in that year and count as 0; `scored_otherwise` are those of another kind now, where the old
    figure may mean something else."""

    source: Scoring
    rows: list[Row]
    without_figures: list[Criterion]
    scored_otherwise: list[Criterion]


def scoring_before(year: BlocYear) -> Scoring | None:
    """The scoring of the newest earlier year of the bloc that is published."""
    earlier = Scoring.objects.filter(
        bloc_year__bloc=year.bloc_id, bloc_year__year__lt=year.year
    ).exclude(state=ScoringState.OPEN)
    return (
        earlier.select_related("scale__paper", "bloc_year__bloc")
        .order_by("-bloc_year__year")
        .first()
    )


def what_if(scale: Scale, source: Scoring) -> WhatIf:
    """Compute the agreed figures of `source` by another scale, criteria matched by code.

    The number of queries does not depend on the number of boards.
    """
    boards = board_sheets(source)
    sheets = [computable_sheet(board, Column.AGREED) for board in boards]
    members = {board.sheet.membership_id: board.sheet.membership for board in boards}
    before = compute_year(source, Column.AGREED, boards).boards
    after = computing.compute(computable.rules_of(scale), sheets).boards
    then = {one.board: one for one in before}
    kinds = dict(source.scale.criteria.values_list("code", "kind"))
    return WhatIf(
        source=source,
        rows=[Row(members[one.board], then[one.board], one) for one in after],
        without_figures=_criteria_without_figures(scale, kinds),
        scored_otherwise=[
            one for one in scale.criteria.all() if kinds.get(one.code, one.kind) != one.kind
        ],
    )


def _criteria_without_figures(scale: Scale, kinds: Mapping[str, str]) -> list[Criterion]:
    """A criterion that uses another one's figure is looked up by that one's code."""
    criteria = scale.criteria.select_related("facts_from")
    return [one for one in criteria if (one.facts_from or one).code not in kinds]
