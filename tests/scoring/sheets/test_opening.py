"""Opening the scoring of a year: plans, and criteria not assigned."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from covenants.models import Target
from members.models import AuditEntry
from members.records.acts import ReasonMissing
from scoring import transitions
from scoring.models import Line, Scoring, Sheet
from scoring.scale import computable
from scoring.sheets import opening, tasks
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, enrol, seal_covenant
from tests.scoring.scales import adopted_scale, draft_scale, opened_year
from tests.scoring.years import Stage, appraised_stage, leave, open_stage, published_stage
from tests.shared_scene import in_scene

# --- Opening --------------------------------------------------------------------------------------


def open_scoring(cast: Cast, actor: object = None) -> Scoring:
    return opening.open_scoring(
        cast.year,
        self_until=dt.date(2019, 11, 30),
        actor=actor or cast.chi,  # type: ignore[arg-type]
    )


def test_without_a_scale_in_force_the_year_is_not_opened(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        open_scoring(cast)
    draft_scale(cast.year, actor=cast.chi)
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        open_scoring(cast)


def test_every_board_gets_its_sheet_with_the_plans_of_the_covenant(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    Target.objects.filter(membership__board=cast.board).update(norm=Decimal(80))
    enrol(cast.an)
    adopted_scale(cast.year, actor=cast.chi, leader=cast.an)
    for who in ("binh", "em", "hoa", "khach", "ngoai"):
        with nothing_changes(), pytest.raises(PermissionDenied):
            open_scoring(cast, getattr(cast, who))

    scoring = open_scoring(cast)

    plans = Line.objects.filter(criterion__code="I.1").order_by("sheet__membership__order")
    assert list(plans.values_list("plan", flat=True)) == [Decimal(100), Decimal(80)]
    assert scoring.scale_digest == computable.scale_digest(scoring.scale)
    assert acts()[-1] == "scoring.opened"
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        open_scoring(cast)


@in_scene(open_stage)
def test_a_board_that_left_gets_no_sheet(stage: Stage) -> None:
    assert Sheet.objects.filter(scoring=stage.scoring).count() == 3
    leave(stage, stage.third)
    Line.objects.all().delete()
    Sheet.objects.all().delete()
    opening.make_sheets(stage.again())
    assert Sheet.objects.filter(scoring=stage.scoring).count() == 2


# --- Not assigned ---------------------------------------------------------------------------------


@in_scene(open_stage)
def test_the_secretariat_takes_a_criterion_from_a_board_and_gives_it_back(
    cast: Cast, stage: Stage
) -> None:
    tasks.assign(
        stage.line(stage.third, "I.2"), unassigned_because=" Không có quy hoạch ", actor=cast.chi
    )
    line = stage.line(stage.third, "I.2")
    assert (line.unassigned_because, line.is_assigned) == ("Không có quy hoạch", False)
    assert (acts()[-1], AuditEntry.objects.latest("number").reason) == (
        "scoring.unassigned",
        "Không có quy hoạch",
    )
    with nothing_changes():
        tasks.assign(line, unassigned_because="Không có quy hoạch", actor=cast.chi)

    tasks.assign(line, unassigned_because="", actor=cast.chi)

    assert stage.line(stage.third, "I.2").is_assigned
    assert acts()[-1] == "scoring.assigned"


@in_scene(open_stage)
def test_what_takes_over_a_figure_is_left_out_and_given_back_with_it(stage: Stage) -> None:
    chi = stage.cast.chi
    source, taker = (stage.line(stage.third, code) for code in ("I.1", "T.1"))

    tasks.assign(source, unassigned_because="Không có dự án", actor=chi)

    assert stage.line(stage.third, "T.1").unassigned_because == "Không có dự án"
    assert acts()[-2:] == ["scoring.unassigned", "scoring.unassigned"]
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        tasks.assign(taker, unassigned_because="", actor=chi)
    tasks.assign(source, unassigned_because="", actor=chi)
    assert stage.line(stage.third, "T.1").is_assigned
    # What has a reason of its own keeps it.
    tasks.assign(taker, unassigned_because="Không xét thưởng", actor=chi)
    for reason in ("Không có dự án", ""):
        assert tasks.assign(source, unassigned_because=reason, actor=chi) == []
    assert stage.line(stage.third, "T.1").unassigned_because == "Không xét thưởng"


@in_scene(open_stage)
def test_no_board_sets_what_it_is_measured_by_the_head_neither(cast: Cast, stage: Stage) -> None:
    """The rows: whose sheet. The people: head's leader and officer, deputy's, the third's own."""
    people = (cast.an, cast.chi, cast.binh, cast.em, stage.giang, cast.hoa, cast.khach, cast.ngoai)

    found = [
        [user.has_perm("scoring.set_task", stage.sheet(board)) for user in people]
        for board in (cast.head, cast.board, stage.third)
    ]

    assert found == [
        [False, False, True, True, False, False, False, False],
        [True, True, False, False, False, False, False, False],
        [True, True, False, False, False, False, False, False],
    ]


@in_scene(open_stage)
@pytest.mark.parametrize("who", ["chi", "an", "giang"])
def test_who_may_not_set_the_task_of_a_sheet_is_refused(cast: Cast, stage: Stage, who: str) -> None:
    actor = stage.giang if who == "giang" else getattr(cast, who)
    board = stage.third if who == "giang" else cast.head
    line, plan = stage.line(board, "I.2"), stage.line(board, "III.4")
    with nothing_changes(), pytest.raises(PermissionDenied):
        tasks.assign(line, unassigned_because="x", actor=actor)
    with nothing_changes(), pytest.raises(PermissionDenied):
        tasks.set_plan(plan, plan=Decimal(1), reason="x", actor=actor)


# --- Plans ----------------------------------------------------------------------------------------


def set_plan(stage: Stage, code: str = "III.4", plan: str = "120", reason: str = " QĐ 12 ") -> None:
    line = stage.line(stage.third, code)
    tasks.set_plan(line, plan=Decimal(plan), reason=reason, actor=stage.cast.chi)


@in_scene(open_stage)
def test_a_plan_that_the_covenant_does_not_give_is_entered_with_its_document(stage: Stage) -> None:
    set_plan(stage)
    assert stage.line(stage.third, "III.4").plan == 120
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.reason, last.details) == (
        "scoring.plan_set",
        "QĐ 12",
        {"before": "", "after": "120"},
    )
    with nothing_changes():
        set_plan(stage, reason="")


@in_scene(open_stage)
def test_what_cannot_be_a_plan_is_refused(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(ReasonMissing):
        set_plan(stage, reason=" ")
    with nothing_changes(), pytest.raises(NotAFigure):
        set_plan(stage, plan="-1")
    for code in ("I.1", "T.1"):
        with nothing_changes(), pytest.raises(transitions.CannotOpen):
            set_plan(stage, code=code)


@in_scene(open_stage)
def test_where_the_covenant_lacks_the_target_the_plan_is_entered(stage: Stage) -> None:
    Target.objects.filter(membership__board=stage.third).delete()
    Line.objects.filter(pk=stage.line(stage.third, "I.1").pk).update(plan=None)
    set_plan(stage, code="I.1")
    set_plan(stage, code="I.1", plan="130")
    assert stage.line(stage.third, "I.1").plan == 130


@pytest.mark.parametrize("bring", [appraised_stage, published_stage])
def test_once_a_sheet_is_appraised_its_task_stands(cast: Cast, bring: object) -> None:
    stage = bring(cast)  # type: ignore[operator]
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        set_plan(stage)
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        tasks.assign(stage.line(stage.third, "I.2"), unassigned_because="x", actor=cast.chi)


@in_scene(opened_year)
def test_a_scale_of_the_small_kind_opens_too(scoring: Scoring) -> None:
    assert scoring.sheets.count() == 2
