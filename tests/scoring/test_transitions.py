"""Every cell of the two tables of transitions, allowed and refused, and their printed
documentation.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from emulation_bloc.management.commands import print_states
from members.records.acts import NotNow, transition
from scoring.appraising import appraisal
from scoring.models import Scoring, Sheet
from scoring.models.sheets import SCORING_TRANSITIONS, SHEET_TRANSITIONS, ScoringState, SheetState
from scoring.result import conference, publication
from scoring.sheets import submitting
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.scales import fill
from tests.scoring.years import (
    DAY,
    Stage,
    agreed_stage,
    appraised_stage,
    cross_scored,
    end_of_objections,
    figures_given,
    final_stage,
    open_stage,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene

Brought = dict[str, Callable[[Cast], Stage]]
BRING: Brought = {
    ScoringState.OPEN: appraised_stage,
    ScoringState.PUBLISHED: published_stage,
    ScoringState.AGREED: agreed_stage,
    ScoringState.FINAL: final_stage,
}


def each(states: Brought) -> list[Any]:
    """A test for each of the states, in its scene."""
    return [pytest.param(state, marks=in_scene(make)) for state, make in states.items()]


def agree(stage: Stage) -> object:
    today = timezone.localdate()
    return conference.agree(stage.scoring, on=today, where="Hội nghị", actor=stage.cast.chi)


DO: dict[str, Callable[[Stage], object]] = {
    "publish": lambda stage: publication.publish(
        stage.scoring, objections_until=timezone.localdate() + DAY, actor=stage.cast.chi
    ),
    "take_back": lambda stage: publication.take_back(
        stage.scoring, reason="Thiếu số liệu", actor=stage.cast.chi
    ),
    "agree": agree,
    "finalise": lambda stage: conference.finalise(stage.scoring, actor=stage.cast.chi),
}


@pytest.mark.parametrize("state", each(BRING))
def test_each_act_moves_the_scoring_by_the_table_or_changes_nothing(
    stage: Stage, state: str
) -> None:
    """The refused ones first: they leave the stage as it is."""
    if state == ScoringState.PUBLISHED:
        end_of_objections(stage)
    for act in DO:
        if (state, act) not in SCORING_TRANSITIONS:
            with nothing_changes(), pytest.raises(NotNow):
                DO[act](stage)
    allowed = [act for act in DO if (state, act) in SCORING_TRANSITIONS]
    for act in allowed[-1:]:
        DO[act](stage)
        assert stage.again().state == SCORING_TRANSITIONS[state, act]


@in_scene(published_stage)
def test_a_publication_is_taken_back(stage: Stage) -> None:
    DO["take_back"](stage)
    assert stage.again().state == SCORING_TRANSITIONS["published", "take_back"]
    assert (stage.scoring.published_at, stage.scoring.objections_until) == (None, None)


# The sheet of the third board in each state, with all that each act asks for.


def filling_sheet(cast: Cast) -> Stage:
    stage = open_stage(cast)
    fill(stage.sheet(stage.third), actor=stage.giang)
    return stage


def submitted_sheet(cast: Cast) -> Stage:
    stage = submitted_stage(cast)
    cross_scored(stage)
    figures_given(stage, stage.third, cast.chi)
    return stage


def returned_sheet(cast: Cast) -> Stage:
    stage = submitted_sheet(cast)
    send_back(stage)
    stage.line(stage.third, "I.1").returns.update(reply="Đã kiểm tra")
    return stage


def appraised_sheet(cast: Cast) -> Stage:
    stage = submitted_sheet(cast)
    appraisal.conclude(stage.sheet(stage.third), actor=cast.chi)
    return stage


BRING_SHEET: Brought = {
    SheetState.FILLING: filling_sheet,
    SheetState.SUBMITTED: submitted_sheet,
    SheetState.RETURNED: returned_sheet,
    SheetState.APPRAISED: appraised_sheet,
}


def send_back(stage: Stage) -> None:
    line = stage.line(stage.third, "I.1")
    appraisal.return_lines(
        line.sheet, reasons={line.pk: "Thiếu báo cáo"}, reply_by=None, actor=stage.cast.chi
    )


DO_SHEET: dict[str, Callable[[Stage], object]] = {
    "submit": lambda stage: submitting.submit(stage.sheet(stage.third), actor=stage.giang),
    "return": send_back,
    "recall": lambda stage: appraisal.recall(
        stage.sheet(stage.third), reason="Quá hạn giải trình", actor=stage.cast.chi
    ),
    "conclude": lambda stage: appraisal.conclude(stage.sheet(stage.third), actor=stage.cast.chi),
    "reopen": lambda stage: appraisal.reopen(
        stage.sheet(stage.third), reason="Có số liệu mới", actor=stage.cast.chi
    ),
}


@pytest.mark.parametrize("act", DO_SHEET)
@pytest.mark.parametrize("state", each(BRING_SHEET))
def test_each_act_moves_the_sheet_by_the_table_or_changes_nothing(
    stage: Stage, state: str, act: str
) -> None:
    sheet = stage.sheet(stage.third)
    target = SHEET_TRANSITIONS.get((SheetState(state), act))
    if target is None:
        with nothing_changes(), pytest.raises(NotNow):
            DO_SHEET[act](stage)
        return
    DO_SHEET[act](stage)
    assert Sheet.objects.get(pk=sheet.pk).state == target


@in_scene(published_stage)
@pytest.mark.parametrize("act", ["return", "recall", "conclude", "reopen"])
def test_after_publication_no_sheet_moves(stage: Stage, act: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        DO_SHEET[act](stage)


@in_scene(appraised_stage)
def test_a_move_is_refused_when_another_was_faster(stage: Stage) -> None:
    stale_scoring, stale_sheet = stage.scoring, stage.sheet(stage.third)
    Scoring.objects.filter(pk=stale_scoring.pk).update(
        state="published", published_at=timezone.now(), objections_until=timezone.localdate()
    )
    Sheet.objects.filter(pk=stale_sheet.pk).update(state="submitted")

    with nothing_changes(), pytest.raises(NotNow):
        transition(stale_scoring, SCORING_TRANSITIONS, "publish")
    with nothing_changes(), pytest.raises(NotNow):
        transition(stale_sheet, SHEET_TRANSITIONS, "reopen")


def test_the_tables_name_only_known_states_and_acts() -> None:
    assert {state for state, _act in SCORING_TRANSITIONS} <= set(ScoringState) == set(BRING)
    assert {state for state, _act in SHEET_TRANSITIONS} <= set(SheetState) == set(BRING_SHEET)
    assert {act for _state, act in SCORING_TRANSITIONS} == set(DO) == set(print_states.SCORING_ACTS)
    assert (
        {act for _state, act in SHEET_TRANSITIONS} == set(DO_SHEET) == set(print_states.SHEET_ACTS)
    )
