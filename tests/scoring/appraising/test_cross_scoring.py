"""Cross-scoring: who scores whom, the scores, and their result."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from members.models.people import PostKind
from members.records.acts import NotNow
from scoring import obligations
from scoring.appraising import cross_scoring
from scoring.models import CrossDuty, CrossScore, Scoring
from scoring.result import progress
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh, give_post
from tests.scoring.scales import opened_year, sheet_of
from tests.scoring.years import Stage, cross_scored, leave, open_stage, submitted_stage
from tests.shared_scene import in_scene


def draw(stage: Stage, actor: Any = None) -> list[CrossDuty]:
    return cross_scoring.draw(stage.again(), actor=actor or stage.cast.chi)


def duty_on(stage: Stage, board: Any) -> tuple[CrossDuty, Any]:
    """The duty of scoring the board's sheet, and the leader whose it is."""
    duty = CrossDuty.objects.get(sheet=stage.sheet(board))
    leaders = {board.pk: leader for board, leader, _appraiser in stage.boards}
    return duty, leaders[duty.scorer.board_id]


def give(duty: CrossDuty, actor: Any, fact: str = "1") -> None:
    lines = cross_scoring.lines_to_score(duty)
    figures = {line.pk: Decimal(fact) for line in lines}
    cross_scoring.score(duty, figures=figures, actor=actor)


@in_scene(submitted_stage)
def test_nobody_scores_the_own_board_and_no_two_each_other(stage: Stage) -> None:
    pairs = {(one.scorer_id, one.sheet.membership_id) for one in draw(stage)}
    assert len(pairs) == 3
    assert {scorer for scorer, _scored in pairs} == {scored for _scorer, scored in pairs}
    assert not [pair for pair in pairs if pair[0] == pair[1] or pair[::-1] in pairs]
    assert acts()[-1] == "scoring.cross_scoring_drawn"


def test_among_few_boards_each_scores_as_many_as_there_can_be(cast: Cast) -> None:
    stage = open_stage(cast, crossing_each=5)
    assert len(draw(stage)) == 3


@in_scene(open_stage)
def test_it_is_drawn_once_and_by_the_secretariat(cast: Cast, stage: Stage) -> None:
    for who in ("binh", "em", "hoa", "khach", "ngoai"):
        with nothing_changes(), pytest.raises(PermissionDenied):
            draw(stage, getattr(cast, who))
    draw(stage)
    with nothing_changes(), pytest.raises(NotNow):
        draw(stage)


@in_scene(opened_year)
def test_a_scale_without_such_criteria_draws_nothing(cast: Cast, scoring: Scoring) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        cross_scoring.draw(scoring, actor=cast.chi)
    assert sheet_of(scoring, cast.board).duties.count() == 0


@in_scene(submitted_stage)
def test_a_board_that_left_is_neither_drawn_nor_waited_for(cast: Cast, stage: Stage) -> None:
    draw(stage)
    duty, _leader = duty_on(stage, stage.third)
    others = [board for board in (cast.head, cast.board) if board.pk == duty.scorer.board_id]
    leave(stage, others[0])
    assert not cross_scoring.applies(CrossDuty.objects.get(pk=duty.pk))
    assert cross_scoring.means(stage.sheet(stage.third)) == {}


@in_scene(submitted_stage)
def test_nobody_is_asked_any_more_to_score_a_board_that_left(cast: Cast, stage: Stage) -> None:
    draw(stage)
    duty, leader = duty_on(stage, stage.third)
    listed = [one.pk for one in progress.duties(stage.scoring)]

    leave(stage, stage.third)

    still = [one.pk for one in progress.duties(stage.again())]
    assert (duty.pk in listed, duty.pk in still) == (True, False)
    owed = [
        str(one.title)
        for one in obligations.obligations(stage.year)
        if one.step == "cross_score" and not one.is_done
    ]
    assert not any("Gia Lai" in title for title in owed)
    with nothing_changes(), pytest.raises(PermissionDenied):
        give(CrossDuty.objects.get(pk=duty.pk), fresh(leader))


@in_scene(submitted_stage)
def test_the_scores_of_a_duty_are_given_once_and_by_whom_it_was_drawn_for(
    cast: Cast, stage: Stage
) -> None:
    draw(stage)
    duty, leader = duty_on(stage, stage.third)
    for other in {cast.an, cast.binh, stage.giang, cast.khach, cast.ngoai} - {leader}:
        with nothing_changes(), pytest.raises(PermissionDenied):
            give(duty, other)

    give(duty, leader)

    assert CrossScore.objects.get().fact == 1
    assert acts()[-1] == "scoring.cross_scored"
    with nothing_changes(), pytest.raises(NotNow):
        give(duty, leader)


@in_scene(submitted_stage)
def test_who_serves_in_both_boards_scores_neither_for_the_other(stage: Stage) -> None:
    draw(stage)
    duty, leader = duty_on(stage, stage.third)
    give_post(leader, PostKind.CASHIER, board=stage.third)
    with nothing_changes(), pytest.raises(PermissionDenied):
        give(duty, fresh(leader))


@in_scene(open_stage)
def test_before_a_sheet_is_submitted_nobody_scores_it(stage: Stage) -> None:
    draw(stage)
    duty, leader = duty_on(stage, stage.third)
    with nothing_changes(), pytest.raises(NotNow):
        give(duty, leader)


@in_scene(submitted_stage)
def test_every_line_is_scored_and_within_its_points(stage: Stage) -> None:
    draw(stage)
    duty, leader = duty_on(stage, stage.third)
    with nothing_changes(), pytest.raises(NotNow):
        cross_scoring.score(duty, figures={}, actor=leader)
    with nothing_changes(), pytest.raises(NotAFigure):
        give(duty, leader, "3")


@in_scene(submitted_stage)
def test_the_mean_is_known_once_all_have_scored(stage: Stage) -> None:
    cross_scored(stage)
    sheet = stage.sheet(stage.third)
    line = stage.line(stage.third, "III.3")
    assert cross_scoring.means(sheet) == {line.pk: Decimal("1.0000")}


@pytest.mark.parametrize(("crossing", "mean"), [("mean", "1.2500"), ("trimmed", "1.3750")])
def test_the_highest_and_the_lowest_are_left_out_where_the_scale_says_so(
    cast: Cast, crossing: str, mean: str
) -> None:
    stage = submitted_stage(cast, crossing=crossing)
    sheet, line = stage.sheet(stage.third), stage.line(stage.third, "III.3")
    for number, fact in enumerate(("0.25", "1", "1.75", "2")):
        scorer = stage.year.memberships.create(
            board=make_extra(number), name=sheet.membership.name, order=50 + number
        )
        duty = CrossDuty.objects.create(scoring=stage.scoring, scorer=scorer, sheet=sheet)
        CrossScore.objects.create(
            duty=duty, line=line, fact=Decimal(fact), given_by=cast.an, given_at=sheet.submitted_at
        )
        CrossDuty.objects.filter(pk=duty.pk).update(done_at=sheet.submitted_at)
    assert cross_scoring.means(sheet) == {line.pk: Decimal(mean)}


def make_extra(number: int) -> Any:
    from tests.people import make_board

    return make_board(f"X{number}")
