"""The pages of plans, of criteria not assigned, and of cross-scoring."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse

from members.models import User
from scoring.appraising import cross_scoring
from scoring.models import CrossDuty, CrossScore
from tests.covenants.pages import as_, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.scales import hand_in, submitted
from tests.scoring.years import Stage, open_stage, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(open_stage)


# --- Plans ----------------------------------------------------------------------------------------


def open_cells(stage: Stage, user: User) -> list[str]:
    """The boards whose plan of III.4 the person may type."""
    rows = as_(user).get(url("plans")).context["rows"]
    return [
        sheet.membership.board.code
        for sheet, cells in rows
        for line, field in cells
        if field and line.criterion.code == "III.4"
    ]


def test_the_secretariat_types_the_plans_of_all_boards_but_its_own(stage: Stage) -> None:
    cast = stage.cast
    assert open_cells(stage, cast.chi) == ["BDI", "GLA"]
    assert open_cells(stage, cast.em) == ["DLK"]
    for user in (stage.giang, cast.hoa, cast.khach):
        assert as_(user).get(url("plans")).status_code == 403


def test_what_the_covenant_gives_is_no_field(stage: Stage) -> None:
    rows = as_(stage.cast.chi).get(url("plans")).context["rows"]
    given = [
        field for _sheet, cells in rows for line, field in cells if line.criterion.code == "I.1"
    ]
    assert given == [None, None, None]


def save_plans(stage: Stage, user: User, document: str = "QĐ 12", **plans: str) -> HttpResponse:
    boards = {"GLA": stage.third, "DLK": stage.cast.head, "BDI": stage.cast.board}
    data = {f"plan-{stage.line(boards[code], 'III.4').pk}": plan for code, plan in plans.items()}
    return as_(user).post(url("plans"), data | {"document": document})


def test_plans_are_saved_with_their_document(stage: Stage) -> None:
    assert save_plans(stage, stage.cast.chi, GLA="1.200,5", BDI="").status_code == 302
    assert stage.line(stage.third, "III.4").plan == 1200.5
    assert stage.line(stage.cast.board, "III.4").plan is None


@pytest.mark.parametrize(
    ("document", "plan"), [("", "12"), ("QĐ 12", "mười hai"), ("QĐ 12", "0,12345")]
)
def test_a_plan_without_document_or_sense_is_refused(
    stage: Stage, document: str, plan: str
) -> None:
    with nothing_changes():
        response = save_plans(stage, stage.cast.chi, document, GLA=plan)
    assert response.status_code == 422
    assert f'value="{plan}"' in response.content.decode()


def test_a_negative_plan_is_refused_with_all_others(stage: Stage) -> None:
    with nothing_changes():
        assert save_plans(stage, stage.cast.chi, BDI="5", GLA="-1").status_code == 409


def test_nobody_types_the_own_plan_by_any_address(stage: Stage) -> None:
    with nothing_changes():
        head = save_plans(stage, stage.cast.chi, DLK="5")
        third = save_plans(stage, stage.giang, GLA="5")
    assert (head.status_code, third.status_code) == (302, 403)
    save_plans(stage, stage.cast.em, DLK="7")
    assert stage.line(stage.cast.head, "III.4").plan == 7


# --- Not assigned ---------------------------------------------------------------------------------


def leave_out(stage: Stage, user: User, board: Any, **changed: str) -> HttpResponse:
    line = stage.line(board, "I.2")
    data = {
        "board": str(line.sheet_id),
        "criterion": str(line.criterion_id),
        "reason": "Không có quy hoạch",
    }
    return as_(user).post(url("assignments"), data | changed)


def test_a_criterion_is_left_out_for_a_board_and_given_back(stage: Stage) -> None:
    assert leave_out(stage, stage.cast.chi, stage.third).status_code == 302
    line = stage.line(stage.third, "I.2")
    assert line.unassigned_because == "Không có quy hoạch"
    assert "Không có quy hoạch" in text_of(as_(stage.cast.chi).get(url("assignments")))

    as_(stage.cast.chi).post(url("assignments"), {"again": str(line.pk)})
    assert stage.line(stage.third, "I.2").is_assigned


def test_what_is_left_out_along_with_a_criterion_is_told(stage: Stage) -> None:
    source = stage.line(stage.third, "I.1")
    answer = leave_out(stage, stage.cast.chi, stage.third, criterion=str(source.criterion_id))
    [told] = get_messages(answer.wsgi_request)
    assert str(told) == "Đã lưu, kèm các tiêu chí dùng số liệu này: T.1."


def test_no_board_leaves_out_a_criterion_of_its_own(stage: Stage) -> None:
    cast = stage.cast
    with nothing_changes():
        answers = [
            leave_out(stage, cast.chi, cast.head).status_code,
            leave_out(stage, cast.em, cast.board).status_code,
            leave_out(stage, stage.giang, stage.third).status_code,
            leave_out(stage, cast.hoa, cast.board).status_code,
        ]
    assert answers == [422, 422, 403, 403]
    assert leave_out(stage, cast.binh, cast.head).status_code == 302


def test_leaving_out_needs_its_reason(stage: Stage) -> None:
    with nothing_changes():
        assert leave_out(stage, stage.cast.chi, stage.third, reason=" ").status_code == 422
        odd = as_(stage.cast.chi).post(url("assignments"), {"again": "x"})
    assert odd.status_code == 404


# --- Cross-scoring --------------------------------------------------------------------------------


def test_it_is_drawn_once_and_the_draw_is_shown(stage: Stage) -> None:
    client = as_(stage.cast.chi)
    assert client.get(url("draw_cross_scoring")).context["can_draw"] is True
    assert client.post(url("draw_cross_scoring")).status_code == 302
    assert len(client.get(url("draw_cross_scoring")).context["duties"]) == 3
    with nothing_changes():
        assert client.post(url("draw_cross_scoring")).status_code == 409
        assert as_(stage.cast.em).post(url("draw_cross_scoring")).status_code == 403


def duty(stage: Stage) -> tuple[CrossDuty, User]:
    """Of scoring the third board, and the leader whose duty it is."""
    cross_scoring.draw(stage.again(), actor=stage.cast.chi)
    found = CrossDuty.objects.get(sheet=stage.sheet(stage.third))
    leaders = {board.pk: leader for board, leader, _appraiser in stage.boards}
    return found, leaders[found.scorer.board_id]


@in_scene(submitted_stage)
def test_of_the_other_sheet_a_board_sees_the_lines_that_it_scores(cast: Cast, stage: Stage) -> None:
    one, leader = duty(stage)
    page = text_of(as_(leader).get(url("cross_score", one.pk)))
    assert "III.3 Phong trào nổi bật" in page
    assert "Theo báo cáo." not in page
    assert as_(stage.giang).get(url("cross_score", one.pk)).status_code == 403
    assert as_(cast.khach).get(url("cross_score", one.pk)).status_code == 403
    assert as_(cast.ngoai).get(url("cross_score", one.pk)).status_code == 404


def test_who_scores_a_line_reads_its_evidence_and_no_other(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    kept = [
        hand_in(sheet, code, content=code.encode(), actor=stage.giang, name=f"{code}.pdf")
        for code in ("III.3", "I.1")
    ]
    submitted(sheet, actor=stage.giang)
    one, leader = duty(stage)

    pages = [url("cross_evidence", one.pk, file.pk) for file in kept]
    answers = [as_(leader).get(page).status_code for page in pages]

    assert "III.3.pdf" in text_of(as_(leader).get(url("cross_score", one.pk)))
    assert answers == [200, 404]
    assert as_(stage.giang).get(pages[0]).status_code == 403


@in_scene(submitted_stage)
def test_scores_are_given_once_for_all_lines(stage: Stage) -> None:
    one, leader = duty(stage)
    key = f"figure-{stage.line(stage.third, 'III.3').pk}"
    page = url("cross_score", one.pk)
    for figure in ("", "3", "hai"):
        with nothing_changes():
            assert as_(leader).post(page, {key: figure}).status_code == 422
    assert as_(leader).post(page, {key: "1,5"}).status_code == 302
    assert CrossScore.objects.get().fact == 1.5
    with nothing_changes():
        assert as_(leader).post(page, {key: "2"}).status_code == 409
    assert "1,5" in text_of(as_(leader).get(page))
