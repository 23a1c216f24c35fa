"""Last year's figures under another scale: computed, never stored."""

from decimal import Decimal
from typing import Any

from scoring.models import Scale, Scoring
from scoring.result import publication, what_if
from scoring.scale import writing
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.scales import (
    add_criterion,
    draft_scale,
    drafted_scale,
    open_year,
    published_year,
)
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)


def written(cast: Cast, code: str, **values: Any) -> Scale:
    scale = draft_scale(cast.year, actor=cast.chi)
    return writing.save_criterion(
        scale,
        scale.criteria.get(code=code),
        values=values,
        revision=scale.revision,
        actor=cast.chi,
    )


def totals(found: what_if.WhatIf) -> list[tuple[str, str, str]]:
    return [
        (row.membership.board.code, str(row.before.total), str(row.after.total))
        for row in found.rows
    ]


def test_under_the_same_scale_nothing_moves(cast: Cast, published: Scoring) -> None:
    scale = drafted_scale(cast)
    with nothing_changes():
        found = what_if.what_if(scale, published)

    assert totals(found) == [("DLK", "13.40", "13.40"), ("BDI", "13.40", "13.40")]
    assert (found.without_figures, found.scored_otherwise) == ([], [])


def test_other_points_are_counted_with_the_figures_of_then(cast: Cast, published: Scoring) -> None:
    scale = written(cast, "I.1", max_points=Decimal(10))

    found = what_if.what_if(scale, published)

    # 90 % of 10 instead of 90 % of 6, of 19 standard points instead of 15, scaled to 15.
    before, after = found.rows[0].before, found.rows[0].after
    assert (str(before.lines["I.1"].points), str(after.lines["I.1"].points)) == ("5.40", "9.00")


def test_what_has_no_figures_from_then_is_named_and_counts_nothing(
    cast: Cast, published: Scoring
) -> None:
    scale = drafted_scale(cast)
    new = {"code": "II.3", "title": "Mới", "kind": "yes_no", "max_points": Decimal(1)}
    scale = add_criterion(scale, "II", new, actor=cast.chi)

    found = what_if.what_if(scale, published)

    assert [one.code for one in found.without_figures] == ["II.3"]
    assert str(found.rows[0].after.lines["II.3"].points) == "0.00"


def test_what_is_scored_otherwise_is_named(cast: Cast, published: Scoring) -> None:
    scale = written(cast, "II.2", kind="full_minus", parameters={"each": "1"})

    found = what_if.what_if(scale, published)

    assert [one.code for one in found.scored_otherwise] == ["II.2"]


def test_a_year_still_in_scoring_is_not_taken(cast: Cast, published: Scoring) -> None:
    assert what_if.scoring_before(cast.year) == published
    publication.take_back(published, reason="Nhầm một cột.", actor=cast.chi)

    assert what_if.scoring_before(cast.year) is None


def test_neither_is_the_year_itself(cast: Cast) -> None:
    open_year(cast.year, actor=cast.chi, leader=cast.an)

    assert what_if.scoring_before(cast.year) is None
