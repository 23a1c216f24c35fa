"""Objections: who may make them and when, the answer, and its effect on points."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from members.models import AuditEntry, Membership, OutboxMessage, User
from members.models.people import PostKind
from members.records.acts import NotNow, ReasonMissing
from scoring.models import Objection
from scoring.result import conference, objections, stored
from scoring.result.objection_remedies import Remedy
from scoring.sheets.boards import compute_year
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh, give_post, make_user
from tests.scoring.years import (
    Stage,
    agreed_stage,
    appraised_stage,
    end_of_objections,
    leave,
    published_stage,
)
from tests.shared_scene import in_scene

pytestmark = in_scene(published_stage)


def member(stage: Stage, board: Any) -> Membership:
    return stage.year.memberships.get(board=board)


def objects(
    stage: Stage, code: str = "I.2", actor: User | None = None, **changed: Any
) -> Objection:
    usual = {"membership": member(stage, stage.third), "text": " Quy hoạch đã được duyệt "}
    line = stage.line(stage.third, code)
    return objections.make_objection(line, **usual | changed, actor=actor or stage.giang)


def answered(one: Objection, actor: User, **changed: Any) -> Objection:
    usual = {"remedy": Remedy("figure", Decimal(2)), "text": " Chấp nhận "}
    return objections.answer(one, **usual | changed, actor=actor)


def test_a_board_objects_to_a_line_of_its_own(stage: Stage) -> None:
    made = objects(stage)
    assert (made.text, made.author_name, made.verdict) == (
        "Quy hoạch đã được duyệt",
        "Lãnh đạo GLA",
        "open",
    )
    assert acts()[-1] == "scoring.objected"


@pytest.mark.parametrize("who", ["hoa", "khach", "ngoai"])
def test_only_who_speaks_for_a_board_of_the_year_objects(stage: Stage, who: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        objects(stage, actor=getattr(stage.cast, who))


def test_nobody_objects_for_another_board(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        objects(stage, membership=member(stage, stage.cast.board))


def test_a_cashier_of_one_board_who_speaks_for_another_objects_for_the_latter_only(
    stage: Stage,
) -> None:
    both = make_user("haivai")
    give_post(both, PostKind.CASHIER, board=stage.third)
    give_post(both, PostKind.OFFICER, board=stage.cast.board)
    line = stage.line(stage.third, "I.2")
    assert objections.memberships_of(line, fresh(both)) == [member(stage, stage.cast.board)]


@pytest.mark.parametrize(("openness", "is_taken"), [("points", True), ("totals", False)])
def test_a_board_objects_to_what_is_open_to_it(cast: Cast, openness: str, is_taken: bool) -> None:
    stage = published_stage(cast, openness=openness)
    line = stage.line(cast.head, "I.2")
    act: dict[str, Any] = {
        "membership": member(stage, stage.third),
        "text": "Sai",
        "actor": stage.giang,
    }
    if is_taken:
        assert objections.make_objection(line, **act).line == line
        return
    with nothing_changes(), pytest.raises(NotNow):
        objections.make_objection(line, **act)


def test_an_objection_needs_its_words_and_a_figure_of_its_own(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(ReasonMissing):
        objects(stage, text="  ")
    with nothing_changes(), pytest.raises(NotNow):
        objects(stage, code="T.1")


def test_objections_are_taken_until_the_day_that_was_set(stage: Stage) -> None:
    end_of_objections(stage)
    with nothing_changes(), pytest.raises(NotNow):
        objects(stage)


@pytest.mark.parametrize("bring", [appraised_stage, agreed_stage])
def test_before_publication_and_after_the_conference_nobody_objects(cast: Cast, bring: Any) -> None:
    stage = bring(cast)
    with nothing_changes(), pytest.raises(NotNow):
        objects(stage)


def test_a_board_that_left_objects_no_more(stage: Stage) -> None:
    membership = member(stage, stage.third)
    leave(stage, stage.third)
    with nothing_changes(), pytest.raises(PermissionDenied):
        objects(stage, membership=membership)


# --- Answers --------------------------------------------------------------------------------------


def test_an_objection_that_is_upheld_changes_the_figure_and_tells_its_effect(stage: Stage) -> None:
    made = objects(stage)
    OutboxMessage.objects.all().delete()
    before = compute_year(stage.scoring, "appraised").of_board(made.membership_id).total

    done = answered(made, stage.cast.chi)

    assert (done.points_before, done.points_after) == (Decimal(4), Decimal(2))
    after = compute_year(stage.again(), "appraised").of_board(made.membership_id).total
    assert before - after == 2
    assert stage.scoring.results.last().occasion == "objection"
    assert list(stored.faults()) == []
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.reason) == ("scoring.objection_answered", "Chấp nhận")
    [mail] = OutboxMessage.objects.all()
    assert mail.recipient == "giang@example.vn"
    assert "trước khi trả lời: 4,00; sau khi trả lời: 2,00." in mail.body


def test_the_effect_is_known_before_and_nothing_is_written(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    with nothing_changes():
        effect = objections.effect_of(line, Decimal(2))
    assert effect.points == (Decimal(4), Decimal(2))
    assert effect.total[0] - effect.total[1] == 2
    assert effect.rank == (1, 3)


def test_an_objection_that_is_dismissed_changes_no_point(stage: Stage) -> None:
    done = answered(objects(stage), stage.cast.chi, remedy=None)
    assert (done.points_before, done.points_after) == (Decimal(4), Decimal(4))
    assert stage.scoring.results.count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"text": " "}, ReasonMissing),
        ({"remedy": Remedy("open")}, ReasonMissing),
        ({"remedy": Remedy("figure")}, ReasonMissing),
        ({"remedy": Remedy("figure", Decimal(3))}, NotAFigure),
        ({"remedy": Remedy("figure", Decimal(4))}, NotAFigure),
    ],
)
def test_an_answer_that_is_not_complete_is_refused(
    stage: Stage, changed: dict[str, Any], refusal: Any
) -> None:
    made = objects(stage)
    with nothing_changes(), pytest.raises(refusal):
        answered(made, stage.cast.chi, **changed)


def test_who_appraises_a_sheet_answers_what_is_said_against_it(stage: Stage) -> None:
    made = objects(stage)
    for who in ("hoa", "khach", "ngoai"):
        with nothing_changes(), pytest.raises(PermissionDenied):
            answered(made, getattr(stage.cast, who))
    with nothing_changes(), pytest.raises(PermissionDenied):
        answered(made, stage.giang)
    assert answered(made, stage.cast.em).answered_by == stage.cast.em


def test_what_is_said_against_the_heads_sheet_only_the_deputy_answers(stage: Stage) -> None:
    line = stage.line(stage.cast.head, "I.2")
    made = objections.make_objection(
        line, membership=member(stage, stage.third), text="Sai", actor=stage.giang
    )
    for who in ("an", "chi"):
        with nothing_changes(), pytest.raises(PermissionDenied):
            answered(made, getattr(stage.cast, who))
    assert answered(made, stage.cast.binh).verdict == "upheld"


def objects_for(stage: Stage, board: Any, actor: User, about: Any) -> Objection:
    line = stage.line(about, "I.2")
    by = member(stage, board)
    return objections.make_objection(line, membership=by, text="Sai", actor=actor)


def who_answers(stage: Stage, made: Objection) -> list[str]:
    people = {name: getattr(stage.cast, name) for name in ("an", "chi", "binh", "em")}
    people["giang"] = stage.giang
    return [name for name, who in people.items() if fresh(who).has_perm("scoring.answer", made)]


def test_who_objects_does_not_answer(stage: Stage) -> None:
    cast = stage.cast
    about_itself = objects(stage)
    of_the_head = objects_for(stage, cast.head, cast.an, stage.third)
    of_the_deputy = objects_for(stage, cast.board, cast.binh, stage.third)
    assert [who_answers(stage, one) for one in (about_itself, of_the_head, of_the_deputy)] == [
        ["an", "chi", "binh", "em"],
        ["binh", "em"],
        ["an", "chi"],
    ]
    assert [one.answering for one in (about_itself, of_the_head, of_the_deputy)] == [
        ["Khối trưởng", "Khối phó"],
        ["Khối phó"],
        ["Khối trưởng"],
    ]
    with nothing_changes(), pytest.raises(PermissionDenied):
        answered(of_the_head, cast.an)
    assert answered(of_the_head, cast.em).verdict == "upheld"


def test_who_holds_any_post_in_the_board_that_objects_does_not_answer(stage: Stage) -> None:
    made = objects(stage)
    give_post(stage.cast.chi, PostKind.CASHIER, board=stage.third)
    made.line.sheet.membership = member(stage, stage.cast.board)
    assert who_answers(stage, made) == ["an"]


def test_what_head_and_deputy_hold_against_each_other_goes_to_the_conference(
    stage: Stage,
) -> None:
    cast = stage.cast
    made = [
        objects_for(stage, cast.head, cast.an, cast.board),
        objects_for(stage, cast.board, cast.binh, cast.head),
    ]
    assert [(who_answers(stage, one), one.answering) for one in made] == [([], []), ([], [])]
    assert (len(objections.unanswered(stage.scoring)), objections.awaited(stage.scoring)) == (2, [])
    end_of_objections(stage)
    assert conference.obstacle_to_agreeing(stage.scoring) == ""
    objects_again = Objection.objects.filter(pk=made[0].pk)
    objects_again.update(membership=member(stage, stage.third))
    assert conference.obstacle_to_agreeing(stage.again()) != ""


def test_an_objection_is_answered_once(stage: Stage) -> None:
    made = objects(stage)
    answered(made, stage.cast.chi)
    with nothing_changes(), pytest.raises(NotNow):
        answered(made, stage.cast.binh)
