"""Upholding an objection with a remedy that fits its line: figure, plan, assigned or not."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from members.models import AuditEntry, OutboxMessage
from members.records.acts import NotNow, ReasonMissing
from scoring.appraising import appraisal
from scoring.models import Line, Objection
from scoring.result import objections, publication, stored
from scoring.result.objection_remedies import Remedy, offered
from scoring.result.objections import Effect
from scoring.sheets import line_history, tasks
from scoring.sheets.boards import compute_year
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.years import (
    DAY,
    Stage,
    cross_scored,
    figures_given,
    outside,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene

DOCUMENT = "Quyết định 15/QĐ-UBND"
REASON = "Không có khu công nghiệp"


def left_out_stage(cast: Cast) -> Stage:
    """Published, I.1 and the bonus that takes over its figure not assigned to the third board, nor
    III.4, for which nobody has set a plan."""
    stage = submitted_stage(cast)
    for code in ("I.1", "III.4"):
        line = stage.line(stage.third, code)
        tasks.assign(line, unassigned_because=REASON, actor=cast.chi)
    cross_scored(stage)
    for board, _leader, appraiser in stage.boards[:2]:
        figures_given(stage, board, appraiser)
    lines = list(stage.sheet(stage.third).lines.values_list("pk", flat=True))
    appraisal.take_as_proposed(stage.sheet(stage.third), lines=lines, actor=cast.chi)
    line = stage.line(stage.third, "III.1")
    appraisal.appraise(line, fact=Decimal(1), reason="Theo dõi của Khối", actor=cast.chi)
    outside(stage.line(stage.third, "III.2"), actor=cast.chi)
    for board, _leader, appraiser in stage.boards:
        appraisal.conclude(stage.sheet(board), actor=appraiser)
    until = timezone.localdate() + 7 * DAY
    publication.publish(stage.again(), objections_until=until, actor=cast.chi)
    stage.again()
    return stage


def objected(stage: Stage, code: str) -> Objection:
    line = stage.line(stage.third, code)
    return objections.make_objection(
        line, membership=line.sheet.membership, text="Chưa đúng", actor=stage.giang
    )


def answered(stage: Stage, code: str, remedy: Remedy) -> Objection:
    made = objected(stage, code)
    OutboxMessage.objects.all().delete()
    return objections.answer(made, remedy=remedy, text="Chấp nhận", actor=stage.cast.chi)


def foreseen(stage: Stage, code: str, remedy: Remedy) -> Effect:
    with nothing_changes():
        return objections.effect_of_remedy(stage.line(stage.third, code), remedy)


def total(stage: Stage) -> Decimal:
    membership = stage.sheet(stage.third).membership_id
    return compute_year(stage.again(), "appraised").of_board(membership).total


def traced(stage: Stage, code: str) -> list[str]:
    """The last two acts that the history of a line tells."""
    return [entry.act for entry in line_history.trail(stage.line(stage.third, code))][:2]


# --- Another plan ---------------------------------------------------------------------------------


@in_scene(published_stage)
def test_another_plan_makes_other_points_and_names_its_document(stage: Stage) -> None:
    remedy = Remedy("plan", plan=Decimal(1), grounds=DOCUMENT)
    effect = foreseen(stage, "III.4", remedy)

    done = answered(stage, "III.4", remedy)

    assert effect.points == (Decimal(0), Decimal(2))
    assert (done.points_before, done.points_after) == effect.points
    assert total(stage) == effect.total[1] == effect.total[0] + 2
    assert (done.verdict, done.remedy, done.plan, done.grounds) == (
        "upheld",
        "plan",
        Decimal(1),
        DOCUMENT,
    )
    line = stage.line(stage.third, "III.4")
    assert (line.plan, line.figures.filter(column="appraised").count()) == (Decimal(1), 1)
    assert stage.scoring.results.last().occasion == "objection"
    assert list(stored.faults()) == []
    entry = AuditEntry.objects.filter(act="scoring.plan_set").latest("number")
    assert (entry.reason, entry.details) == (DOCUMENT, {"before": "1000", "after": "1"})
    [mail] = OutboxMessage.objects.all()
    assert f"Kế hoạch tính điểm là 1, theo {DOCUMENT}." in mail.body


@in_scene(published_stage)
@pytest.mark.parametrize(
    ("code", "plan", "grounds", "refusal"),
    [
        ("III.4", None, DOCUMENT, ReasonMissing),
        ("III.4", 1, " ", ReasonMissing),
        ("III.4", -1, DOCUMENT, NotAFigure),
        ("III.4", 1000, DOCUMENT, NotAFigure),
        # The covenant gives this one.
        ("I.1", 90, DOCUMENT, NotNow),
        # Levels are measured by no plan.
        ("I.2", 90, DOCUMENT, NotNow),
    ],
)
def test_a_plan_is_not_changed_without_need_or_document_nor_the_covenants(
    stage: Stage, code: str, plan: int | None, grounds: str, refusal: Any
) -> None:
    made = objected(stage, code)
    remedy = Remedy("plan", plan=None if plan is None else Decimal(plan), grounds=grounds)
    with nothing_changes(), pytest.raises(refusal):
        objections.answer(made, remedy=remedy, text="Chấp nhận", actor=stage.cast.chi)


@in_scene(published_stage)
def test_what_is_offered_fits_the_line(stage: Stage) -> None:
    assert {code: offered(stage.line(stage.third, code)) for code in ("I.1", "I.2", "III.4")} == {
        "I.1": ["figure", "not_assigned"],
        "I.2": ["figure", "not_assigned"],
        "III.4": ["figure", "plan", "not_assigned"],
    }
    line = stage.line(stage.third, "I.1")
    line.unassigned_because = REASON
    assert offered(line) == ["assigned"]


# --- Not assigned ---------------------------------------------------------------------------------


@in_scene(published_stage)
def test_a_criterion_that_is_not_the_boards_leaves_its_sheet_with_what_takes_over_its_figure(
    stage: Stage,
) -> None:
    remedy = Remedy("not_assigned", grounds=f" {REASON} ")
    effect = foreseen(stage, "I.1", remedy)

    done = answered(stage, "I.1", remedy)

    assert effect.points == (done.points_before, done.points_after) == (Decimal("5.4"), Decimal(0))
    assert (total(stage), done.remedy, done.grounds) == (effect.total[1], "not_assigned", REASON)
    for code in ("I.1", "T.1"):
        assert stage.line(stage.third, code).unassigned_because == REASON
    assert stage.line(stage.third, "I.1").figures.filter(column="appraised").count() == 1
    assert list(stored.faults()) == []
    assert traced(stage, "I.1") == ["scoring.objection_answered", "scoring.unassigned"]
    [mail] = OutboxMessage.objects.all()
    assert f"Không giao tiêu chí cho đơn vị, lý do: {REASON}." in mail.body


@in_scene(published_stage)
def test_nothing_is_taken_from_a_board_without_a_reason(stage: Stage) -> None:
    made = objected(stage, "I.1")
    with nothing_changes(), pytest.raises(ReasonMissing):
        objections.answer(
            made, remedy=Remedy("not_assigned", grounds=" "), text="x", actor=stage.cast.chi
        )


# --- Assigned after all ---------------------------------------------------------------------------


@in_scene(left_out_stage)
def test_a_criterion_is_assigned_after_all_with_its_figure_and_the_covenants_plan(
    stage: Stage,
) -> None:
    remedy = Remedy("assigned", fact=Decimal(120))
    effect = foreseen(stage, "I.1", remedy)

    done = answered(stage, "I.1", remedy)

    assert effect.points == (done.points_before, done.points_after) == (Decimal(0), Decimal(6))
    assert total(stage) == effect.total[1]
    assert [stage.line(stage.third, code).is_assigned for code in ("I.1", "T.1")] == [True, True]
    assert (done.remedy, done.fact, done.plan) == ("assigned", Decimal(120), None)
    assert list(stored.faults()) == []
    assert traced(stage, "I.1") == ["scoring.objection_answered", "scoring.assigned"]
    [mail] = OutboxMessage.objects.all()
    assert "Giao tiêu chí cho đơn vị với số liệu 120." in mail.body


@in_scene(left_out_stage)
def test_a_criterion_that_needs_a_plan_is_assigned_with_one(stage: Stage) -> None:
    remedy = Remedy("assigned", Decimal(90), Decimal(100), DOCUMENT)
    effect = foreseen(stage, "III.4", remedy)

    done = answered(stage, "III.4", remedy)

    assert (done.points_before, done.points_after) == effect.points
    line = stage.line(stage.third, "III.4")
    assert (line.is_assigned, line.plan, done.points_after) == (True, 100, Decimal("1.8"))
    [mail] = OutboxMessage.objects.all()
    assert f"với số liệu 90, kế hoạch 100 theo {DOCUMENT}." in mail.body


@in_scene(left_out_stage)
@pytest.mark.parametrize(
    ("code", "remedy", "refusal"),
    [
        ("I.1", Remedy("assigned"), ReasonMissing),
        ("I.1", Remedy("assigned", Decimal(-1)), NotAFigure),
        ("I.1", Remedy("assigned", Decimal(90), Decimal(80), DOCUMENT), NotNow),
        ("I.2", Remedy("assigned", Decimal(2)), NotNow),
        ("III.4", Remedy("assigned", Decimal(90)), ReasonMissing),
        ("III.4", Remedy("assigned", Decimal(90), Decimal(100)), ReasonMissing),
        ("III.4", Remedy("figure", Decimal(90)), NotNow),
        ("III.4", Remedy("plan", plan=Decimal(90), grounds=DOCUMENT), NotNow),
        ("III.4", Remedy("not_assigned", grounds=REASON), NotNow),
    ],
)
def test_a_remedy_that_does_not_fit_the_line_changes_nothing(
    stage: Stage, code: str, remedy: Remedy, refusal: Any
) -> None:
    made = objected(stage, code)
    with nothing_changes(), pytest.raises(refusal):
        objections.answer(made, remedy=remedy, text="Chấp nhận", actor=stage.cast.chi)


@in_scene(left_out_stage)
def test_a_dismissed_objection_leaves_the_criterion_unassigned(stage: Stage) -> None:
    made = objected(stage, "I.1")
    objections.answer(made, remedy=None, text="Không", actor=stage.cast.chi)
    made.refresh_from_db()
    assert (made.remedy, made.points_before, made.points_after) == ("", 0, 0)
    assert not Line.objects.get(pk=made.line_id).is_assigned
