"""Boards that merged or ended in a year being scored."""

from decimal import Decimal

from members.models import Continuation
from scoring.models import Scoring
from scoring.models.appraisal import Column
from scoring.sheets.boards import compute_year
from tests.mergers import consolidation, go_on, merge, with_everybody
from tests.people import Cast, fresh, join, make_board, make_leader
from tests.scenes import prepared
from tests.scoring.scales import line_of, open_year

Treatment = Continuation.Treatment


@prepared
def merged(cast: Cast) -> Cast:
    """Bình's board and a third one are about to become one, which Bình leads."""
    third = make_board("GLA", province="Gia Lai")
    join(cast.year, third)
    make_leader(third)
    cast.__dict__["third"] = third
    return cast


def go(cast: Cast, treatment: str) -> None:
    change = with_everybody(
        consolidation(cast.board, cast.__dict__["third"]), except_of=cast.__dict__["third"]
    )
    made = merge(cast.year, change, actor=cast.chi)
    go_on(cast.year, made, actor=fresh(cast.chi), treatment=treatment)


def boards(scoring: Scoring) -> list[str]:
    return [sheet.membership.board.code for sheet in scoring.sheets.order_by("membership__order")]


def opened(cast: Cast) -> Scoring:
    cast.year.__dict__.pop("roles", None)
    return open_year(cast.year, actor=fresh(cast.chi), leader=fresh(cast.an))


def test_boards_whose_targets_are_added_up_share_a_sheet(merged: Cast) -> None:
    go(merged, Treatment.SUM_TARGETS)
    scoring = opened(merged)

    assert boards(scoring) == ["DLK", "BDI"]
    # Both had promised 100 %: rates are not added.
    assert line_of(scoring.sheets.last(), "I.1").plan == Decimal(100)


def test_a_board_that_is_not_ranked_this_year_keeps_its_sheet_and_its_points(merged: Cast) -> None:
    go(merged, Treatment.NOT_RANKED)
    scoring = opened(merged)

    year = compute_year(scoring, Column.APPRAISED)

    assert boards(scoring) == ["DLK", "BDI", "GLA"]
    assert [one.rank for one in year.boards] == [1, None, None]


def test_boards_that_close_at_the_date_are_ranked_each(merged: Cast) -> None:
    scoring = opened(merged)
    go(merged, Treatment.CLOSE_AT_DATE)

    year = compute_year(Scoring.objects.get(pk=scoring.pk), Column.APPRAISED)

    assert [one.rank for one in year.boards] == [1, 1, 1]
