"""A refusal says what is the case: not what would be the matter at another time, or with others."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import BlocYear, Membership, User
from members.models.blocs import Role
from members.records.acts import NotNow
from scoring.appraising import appraisal, cross_scoring
from scoring.models import CrossDuty, Objection, Scoring, Sheet
from scoring.result import conference, objections, publication
from scoring.sheets import filling, submitting, tasks
from tests.covenants.traces import nothing_changes
from tests.people import Cast, fresh
from tests.scoring.scales import line_of, opened_year, sheet_of
from tests.scoring.years import (
    Stage,
    agreed_stage,
    appraised_stage,
    end_of_objections,
    final_stage,
    leave,
    open_stage,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene


def refused(act: Callable[[], Any], refusal: type[Exception] = NotNow) -> str:
    with nothing_changes(), pytest.raises(refusal) as caught:
        act()
    return str(caught.value)


def drawn(stage: Stage) -> tuple[CrossDuty, User]:
    """The duty of the third board's sheet, and the leader whose it is."""
    cross_scoring.draw(stage.again(), actor=stage.cast.chi)
    duty = CrossDuty.objects.get(sheet=stage.sheet(stage.third))
    leaders = {board.pk: leader for board, leader, _appraiser in stage.boards}
    return duty, fresh(leaders[duty.scorer.board_id])


# --- Objections -----------------------------------------------------------------------------------


def nobodys_objection(stage: Stage) -> Objection:
    """What the deputy holds against the head: nobody may answer it, and it keeps nobody waiting."""
    cast = stage.cast
    membership = stage.year.memberships.get(board=cast.board)
    line = stage.line(cast.head, "I.2")
    return objections.make_objection(line, membership=membership, text="Sai", actor=cast.binh)


def answer_of_a_new_deputy(stage: Stage, one: Objection) -> str:
    """Another board has become deputy: its leader is party to nothing."""
    of_year = Membership.objects.filter(bloc_year=stage.year)
    of_year.filter(role=Role.DEPUTY).update(role=Role.MEMBER)
    of_year.filter(board=stage.third).update(role=Role.DEPUTY)
    one = Objection.objects.get(pk=one.pk)
    giang = fresh(stage.giang)
    return refused(lambda: objections.answer(one, remedy=None, text="Không", actor=giang))


@in_scene(published_stage)
def test_after_a_publication_was_taken_back_an_objection_has_not_been_answered(
    stage: Stage,
) -> None:
    one = nobodys_objection(stage)
    publication.take_back(stage.again(), reason="Nhầm", actor=stage.cast.chi)

    assert answer_of_a_new_deputy(stage, one) == (
        "Điểm hiện không công bố: trả lời kiến nghị sau khi công bố lại."
    )


@in_scene(published_stage)
def test_after_the_conference_an_objection_is_the_conferences(stage: Stage) -> None:
    one = nobodys_objection(stage)
    end_of_objections(stage)
    today = timezone.localdate()
    conference.agree(stage.again(), on=today, where="Hội nghị", actor=stage.cast.chi)

    assert answer_of_a_new_deputy(stage, one) == (
        "Điểm đã được thống nhất: kiến nghị chưa trả lời do hội nghị quyết định."
    )


@in_scene(published_stage)
def test_an_objection_that_was_answered_says_so_whatever_came_after(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    member = line.sheet.membership
    made = objections.make_objection(line, membership=member, text="Sai", actor=stage.giang)
    objections.answer(made, remedy=None, text="Không", actor=stage.cast.chi)
    publication.take_back(stage.again(), reason="Nhầm", actor=stage.cast.chi)

    again = refused(
        lambda: objections.answer(made, remedy=None, text="Không", actor=stage.cast.chi)
    )
    assert again == "Kiến nghị này đã được trả lời."


@pytest.mark.parametrize(
    ("bring", "sentence"),
    [
        (appraised_stage, "Điểm chưa được công bố."),
        (agreed_stage, "Điểm đã được thống nhất."),
        (final_stage, "Kết quả đã chốt."),
    ],
)
def test_who_objects_at_another_time_is_told_which_it_is(
    cast: Cast, bring: Callable[[Cast], Stage], sentence: str
) -> None:
    stage = bring(cast)
    line = stage.line(stage.third, "I.2")
    member = line.sheet.membership

    assert sentence == refused(
        lambda: objections.make_objection(line, membership=member, text="Sai", actor=stage.giang)
    )


@pytest.mark.parametrize(
    ("bring", "sentence"),
    [
        (appraised_stage, "Điểm chưa được công bố."),
        (agreed_stage, "Điểm đã được thống nhất."),
        (final_stage, "Kết quả đã chốt."),
    ],
)
def test_who_agrees_at_another_time_is_told_which_it_is(
    cast: Cast, bring: Callable[[Cast], Stage], sentence: str
) -> None:
    stage = bring(cast)
    # A day on which it could not have agreed either: that is not what is in the way.
    given: dict[str, Any] = {"on": timezone.localdate(), "where": "Hội nghị", "actor": cast.chi}

    assert refused(lambda: conference.agree(stage.scoring, **given)) == sentence


# --- Cross-scoring --------------------------------------------------------------------------------


def never_drawn(stage: Stage) -> Scoring:
    """Published, and who scores whom was never drawn."""
    Scoring.objects.update(
        state="published", published_at=timezone.now(), objections_until=timezone.localdate()
    )
    return stage.again()


@in_scene(open_stage)
def test_what_is_published_was_not_drawn_already(stage: Stage) -> None:
    scoring = never_drawn(stage)
    assert scoring.duties.count() == 0
    assert refused(lambda: cross_scoring.draw(scoring, actor=stage.cast.chi)) == (
        "Điểm đã công bố: phiếu không còn thay đổi."
    )


def given(duty: CrossDuty, actor: User) -> None:
    lines = cross_scoring.lines_to_score(duty)
    cross_scoring.score(duty, figures={one.pk: Decimal(1) for one in lines}, actor=actor)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("filling", "Phiếu chưa được nộp: chấm sau khi ban nộp phiếu."),
        ("returned", "Phiếu đang ở ban để giải trình: chấm sau khi ban nộp lại."),
        ("appraised", "Phiếu đã thẩm định xong: không chấm chéo nữa."),
    ],
)
@in_scene(submitted_stage)
def test_a_sheet_that_cannot_be_cross_scored_says_where_it_is(
    stage: Stage, state: str, sentence: str
) -> None:
    duty, leader = drawn(stage)
    Sheet.objects.filter(pk=duty.sheet_id).update(state=state, appraised_at=timezone.now())
    duty = CrossDuty.objects.get(pk=duty.pk)

    assert refused(lambda: given(duty, leader)) == sentence


@in_scene(submitted_stage)
def test_whose_duty_it_was_is_not_told_that_it_is_somebody_elses(stage: Stage) -> None:
    duty, leader = drawn(stage)
    never_drawn(stage)
    duty = CrossDuty.objects.get(pk=duty.pk)

    assert refused(lambda: given(duty, leader), PermissionDenied) == (
        "Điểm đã công bố: phiếu không còn thay đổi."
    )
    assert "được phân công" in refused(lambda: given(duty, stage.cast.hoa), PermissionDenied)


@in_scene(submitted_stage)
def test_a_duty_on_a_board_that_left_is_void(stage: Stage) -> None:
    duty, leader = drawn(stage)
    leave(stage, stage.third)
    duty = CrossDuty.objects.get(pk=duty.pk)

    assert refused(lambda: given(duty, fresh(leader)), PermissionDenied) == (
        "Phân công chấm chéo này không còn hiệu lực: một trong hai ban không còn trong năm."
    )


# --- Who may, but not now -------------------------------------------------------------------------


@in_scene(published_stage)
def test_an_appraiser_is_told_that_the_scores_are_published(stage: Stage) -> None:
    cast = stage.cast
    sheet = stage.sheet(stage.third)

    def act(actor: User) -> Callable[[], None]:
        return lambda: appraisal.reopen(sheet, reason="x", actor=actor)

    assert refused(act(cast.chi), PermissionDenied) == (
        "Điểm đã công bố: phiếu không còn thay đổi."
    )
    for who in (stage.giang, cast.khach):
        assert "không ai thẩm định phiếu của ban mình" in refused(act(who), PermissionDenied)


def closed(cast: Cast) -> None:
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=timezone.localdate())


@in_scene(opened_year)
def test_in_a_closed_year_everybody_is_told_that_it_is_closed(cast: Cast, scoring: Scoring) -> None:
    line = line_of(sheet_of(scoring, cast.board), "I.1")
    closed(cast)
    sheet = Sheet.objects.get(pk=line.sheet_id)
    line = sheet.lines.get(pk=line.pk)
    deeds: list[Callable[[], Any]] = [
        lambda: appraisal.reopen(sheet, reason="x", actor=cast.chi),
        lambda: tasks.assign(line, unassigned_because="x", actor=cast.chi),
        lambda: submitting.submit(sheet, actor=cast.binh),
        lambda: filling.write_figures(sheet, cells={}, actor=cast.em),
    ]
    assert [refused(deed, PermissionDenied) for deed in deeds] == [
        "Năm thi đua đã đóng: không còn thay đổi."
    ] * len(deeds)


@in_scene(opened_year)
def test_a_board_that_never_submitted_is_told_that_the_scores_are_published(
    cast: Cast, scoring: Scoring
) -> None:
    sheet = sheet_of(scoring, cast.board)
    Scoring.objects.update(
        state="published", published_at=timezone.now(), objections_until=timezone.localdate()
    )
    sheet = Sheet.objects.get(pk=sheet.pk)

    for deed in (
        lambda: submitting.submit(sheet, actor=cast.binh),
        lambda: filling.write_figures(sheet, cells={}, actor=cast.em),
    ):
        assert refused(deed, PermissionDenied) == "Điểm đã công bố: phiếu không còn thay đổi."
    assert "lãnh đạo" in refused(lambda: submitting.submit(sheet, actor=cast.em), PermissionDenied)


@in_scene(submitted_stage)
def test_who_fills_in_is_told_that_the_sheet_is_with_the_appraisers(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)

    assert (
        refused(lambda: filling.write_figures(sheet, cells={}, actor=stage.giang), PermissionDenied)
        == "Phiếu đã nộp: chỉ sửa được những dòng được trả lại."
    )
