"""The appraisal pages: refused input is kept, and nothing is disclosed to others."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation_bloc.lib.numbers import plain_decimal
from members.models import Board, User
from members.models.blocs import Role
from scoring.models import Sheet
from scoring.result import objections
from tests.covenants.pages import as_, text_of
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, join, make_board, make_leader, make_year
from tests.scoring.scales import line_of, open_year, sheet_of, submitted
from tests.scoring.years import (
    Stage,
    cross_scored,
    figures_given,
    open_stage,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def url(name: str, *args: Any, year: int = 2018) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", year, *args])


def press(
    stage: Stage, name: str, user: User, board: Board | None = None, **typed: str
) -> HttpResponse:
    """Press a button of the form with what was typed for the lines: figure_I_2="2"."""
    sheet = stage.sheet(board or stage.third)
    data = {}
    for key, value in typed.items():
        what, _, code = key.partition("_")
        line = line_of(sheet, code.replace("_", ".")) if "_" in code else None
        data[f"{what}-{line.pk}" if line else key] = value
    return as_(user).post(url(name, sheet.pk), data)


def standing(stage: Stage, code: str) -> list[tuple[str, str]]:
    figures = stage.line(stage.third, code).figures.filter(column="appraised")
    return [(plain_decimal(one.fact), one.reason) for one in figures]


# --- The page -------------------------------------------------------------------------------------


def test_the_sheet_shows_what_the_board_says_beside_the_fields(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    response = as_(stage.cast.chi).get(url("appraise", sheet.pk))
    assert response.status_code == 200
    content = response.content.decode()
    assert "Theo báo cáo." in content
    line = line_of(sheet, "I.2")
    assert f'name="figure-{line.pk}"' in content
    assert f'name="figure-{line_of(sheet, "T.1").pk}"' not in content
    assert f'name="figure-{line_of(sheet, "III.2").pk}"' not in content
    assert url("outside_score", sheet.pk, line_of(sheet, "III.2").pk) in content


@pytest.mark.parametrize(
    ("who", "board", "status"),
    [
        ("chi", "head", 403),
        ("an", "head", 403),
        ("binh", "head", 200),
        ("binh", "board", 403),
        ("chi", "board", 200),
        ("em", "board", 403),
        ("hoa", "board", 404),
        ("khach", "board", 404),
        ("ngoai", "board", 404),
    ],
)
def test_who_opens_the_appraisal_of_which_board(
    stage: Stage, who: str, board: str, status: int
) -> None:
    sheet = stage.sheet(getattr(stage.cast, board))
    response = as_(getattr(stage.cast, who)).get(url("appraise", sheet.pk))
    assert response.status_code == status


def test_a_board_does_not_appraise_itself_by_any_address(stage: Stage) -> None:
    for name in ("appraise_line", "take_as_proposed", "return_lines", "conclude", "reopen"):
        with nothing_changes():
            response = press(stage, name, stage.cast.an, stage.cast.head, figure_I_2="2")
        assert response.status_code == 403


def test_what_the_administrator_sees_he_does_not_appraise(stage: Stage) -> None:
    admin = User.objects.create_superuser("quantri")
    assert as_(admin).get(url("sheet", stage.sheet(stage.third).pk)).status_code == 200
    assert press(stage, "appraise_line", admin, figure_I_2="2").status_code == 403


def test_the_queries_do_not_depend_on_the_boards(cast: Cast) -> None:
    counts = []
    for boards, number in ((1, 2016), (3, 2017)):
        scoring = year_of(cast, number, boards)
        sheet = sheet_of(scoring, cast.board)
        submitted(sheet, actor=cast.binh)
        for page in (url("appraise", sheet.pk, year=number), url("appraisal", year=number)):
            client = as_(cast.chi)
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(page).status_code == 200
            counts.append(len(found))
    assert counts == [31, 23, 31, 23]


def year_of(cast: Cast, number: int, others: int) -> Any:
    year = make_year(cast.bloc, number)
    join(year, cast.head, role=Role.HEAD)
    join(year, cast.board, role=Role.DEPUTY)
    for extra in range(others - 1):
        board = make_board(f"N{number}{extra}")
        make_leader(board)
        join(year, board)
    return open_year(year, actor=cast.chi, leader=cast.an)


# --- Figures --------------------------------------------------------------------------------------


def test_everything_typed_is_saved_whichever_button_is_pressed(stage: Stage) -> None:
    response = press(
        stage,
        "appraise_line",
        stage.cast.chi,
        figure_I_2="2",
        why_I_2="Chậm một hạng mục",
        figure_III_1="1,5",
        why_III_1="Tích cực",
    )
    assert response["Location"] == url("appraise", stage.sheet(stage.third).pk)
    assert standing(stage, "I.2") == [("2", "Chậm một hạng mục")]
    assert standing(stage, "III.1") == [("1.5", "Tích cực")]


def test_a_line_that_is_refused_keeps_no_other_from_being_saved(stage: Stage) -> None:
    response = press(
        stage,
        "appraise_line",
        stage.cast.chi,
        figure_I_2="2",
        figure_III_1="hai",
        figure_I_1="80",
        why_I_1="Theo số liệu thẩm tra",
    )
    assert response.status_code == 422
    assert standing(stage, "I.1") == [("80", "Theo số liệu thẩm tra")]
    assert standing(stage, "I.2") == standing(stage, "III.1") == []
    assert 'value="hai"' in response.content.decode()


def test_a_zero_that_the_criterion_has_no_level_for_is_refused_at_the_field(stage: Stage) -> None:
    response = press(stage, "appraise_line", stage.cast.chi, figure_I_1="-1", why_I_1="x")
    assert response.status_code == 422
    assert standing(stage, "I.1") == []


def test_of_two_appraisers_the_second_is_told_what_stands_now(stage: Stage) -> None:
    press(stage, "appraise_line", stage.cast.chi, figure_I_2="2", why_I_2="Chậm")
    with nothing_changes():
        response = press(stage, "appraise_line", stage.cast.binh, figure_I_2="0", why_I_2="Kém")
    assert response.status_code == 409
    assert "Lê Thị Chi" in text_of(response)
    assert "Kém" in response.content.decode()


def test_a_group_is_taken_over_as_proposed_and_what_was_typed_is_kept(stage: Stage) -> None:
    group = stage.line(stage.third, "I.1").criterion.group_id
    response = press(
        stage,
        "take_as_proposed",
        stage.cast.chi,
        group=str(group),
        figure_I_2="2",
        why_I_2="Chậm",
    )
    assert response["Location"].endswith(f"#group-{group}")
    assert standing(stage, "I.1") == [("90", "")]
    assert standing(stage, "I.2") == [("2", "Chậm")]
    assert standing(stage, "II.2") == []


def test_one_line_is_taken_over_by_its_own_button(stage: Stage) -> None:
    line = stage.line(stage.third, "I.1")
    press(stage, "take_as_proposed", stage.cast.chi, line=str(line.pk))
    assert (standing(stage, "I.1"), standing(stage, "I.2")) == ([("90", "")], [])


def test_points_are_told_as_one_types_and_nothing_is_written(stage: Stage) -> None:
    line = stage.line(stage.third, "I.1")
    page = url("appraised_points", line.sheet_id)
    with nothing_changes():
        response = as_(stage.cast.chi).get(page, {f"figure-{line.pk}": "50"})
        empty = as_(stage.cast.chi).get(page, {f"figure-{line.pk}": "năm"})
    assert "3,00" in text_of(response)
    assert (empty.status_code, empty.content) == (200, b"")


# --- Back and done --------------------------------------------------------------------------------


def test_ticked_lines_go_back_with_their_reasons(stage: Stage) -> None:
    response = press(
        stage,
        "return_lines",
        stage.cast.chi,
        back_I_1="on",
        because_I_1="Thiếu báo cáo",
        because_I_2="không chọn",
        reply_by="31/12/2099",
    )
    assert response["Location"] == url("appraisal")
    sheet = stage.sheet(stage.third)
    assert (sheet.state, f"{sheet.reply_by:%d/%m/%Y}") == ("returned", "31/12/2099")
    assert [one.reason for one in line_of(sheet, "I.1").returns.all()] == ["Thiếu báo cáo"]
    assert not line_of(sheet, "I.2").returns.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"back_I_1": "on"},
        {"back_I_1": "on", "because_I_1": "x", "reply_by": "mai"},
    ],
)
def test_a_return_that_lacks_something_keeps_what_was_typed(
    stage: Stage, typed: dict[str, str]
) -> None:
    with nothing_changes():
        response = press(stage, "return_lines", stage.cast.chi, **typed)
    assert response.status_code == 422


def test_a_sheet_with_waiting_lines_is_not_concluded(stage: Stage) -> None:
    response = press(stage, "conclude", stage.cast.chi, figure_I_2="4")
    assert response.status_code == 422
    assert "I.1, II.1" in text_of(response)
    assert standing(stage, "I.2") == [("4", "")]


def test_a_sheet_is_concluded_and_taken_up_again(stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    assert press(stage, "conclude", stage.cast.chi)["Location"] == url("appraisal")
    assert stage.sheet(stage.third).state == "appraised"

    assert press(stage, "reopen", stage.cast.chi, reason=" ").status_code == 422
    press(stage, "reopen", stage.cast.chi, reason="Sót công văn")
    assert stage.sheet(stage.third).state == "submitted"


@in_scene(open_stage)
def test_a_sheet_that_is_with_its_board_takes_no_figure(cast: Cast, stage: Stage) -> None:
    with nothing_changes():
        refused = press(stage, "appraise_line", cast.chi, figure_I_2="2", why_I_2="x")
        early = press(stage, "conclude", cast.chi)
    assert (refused.status_code, early.status_code) == (422, 409)


# --- From outside ---------------------------------------------------------------------------------


def outside(stage: Stage, user: User, **changed: Any) -> HttpResponse:
    line = stage.line(stage.third, "III.2")
    data = {
        "figure": "1,5",
        "document": "Công văn 15",
        "file": SimpleUploadedFile("cong-van.pdf", small_paper(), "application/pdf"),
    }
    kept = {key: value for key, value in (data | changed).items() if value is not None}
    return as_(user).post(url("outside_score", line.sheet_id, line.pk), kept)


def test_the_figure_of_an_outside_body_comes_with_its_document(stage: Stage) -> None:
    for changed in ({"file": None}, {"document": ""}, {"figure": "3"}, {"figure": ""}):
        with nothing_changes():
            assert outside(stage, stage.cast.chi, **changed).status_code == 422
    response = outside(stage, stage.cast.chi)
    assert response.status_code == 302
    assert standing(stage, "III.2") == [("1.5", "Công văn 15")]
    assert stage.line(stage.third, "III.2").evidence.get().name == "cong-van.pdf"
    with nothing_changes():
        assert outside(stage, stage.cast.binh).status_code == 409


def test_only_lines_of_an_outside_body_have_that_page(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    page = url("outside_score", line.sheet_id, line.pk)
    assert as_(stage.cast.chi).get(page).status_code == 404
    assert outside(stage, stage.giang).status_code == 403


# --- The desk -------------------------------------------------------------------------------------


def test_the_desk_names_what_blocks_and_who_appraises(stage: Stage) -> None:
    response = as_(stage.cast.em).get(url("appraisal"))
    rows = response.context["rows"]
    assert [(row.appraisers, row.may_appraise) for row in rows] == [
        (["BQL KKT Bình Định"], True),
        (["BQL KKT Đắk Lắk"], False),
        (["BQL KKT Đắk Lắk", "BQL KKT Bình Định"], True),
    ]
    assert all(row.blocker for row in rows)
    assert response.context["step"] == ""
    assert as_(stage.cast.chi).get(url("appraisal")).context["step"] == "publish"


@pytest.mark.parametrize(("who", "status"), [("hoa", 403), ("khach", 403), ("ngoai", 404)])
def test_who_does_not_appraise_has_no_desk(stage: Stage, who: str, status: int) -> None:
    assert as_(getattr(stage.cast, who)).get(url("appraisal")).status_code == status
    assert as_(stage.giang).get(url("appraisal")).status_code == 403


def test_the_tab_is_there_for_whom_it_opens(stage: Stage) -> None:
    own = Sheet.objects.get(pk=stage.sheet(stage.third).pk)
    address = f'href="{url("appraisal")}"'
    shown = [
        address in as_(user).get(url("sheet", own.pk)).content.decode()
        for user in (stage.cast.chi, stage.giang)
    ]
    assert shown == [True, False]


# --- Numbers of elsewhere -------------------------------------------------------------------------

WITH_SHEET = (
    *("appraise", "appraise_line", "take_as_proposed", "return_lines", "conclude", "reopen"),
    *("appraised_points", "restrict", "agreed_lines"),
)
WITH_NUMBER = ("cross_score", "object", "answer_objection", "change_agreed", "resolve_hold")


def test_numbers_of_another_year_lead_nowhere(cast: Cast) -> None:
    """Sheets, lines, duties and objections of 2018 under the address of 2016."""
    year_of(cast, 2016, 1)
    stage = published_stage(cast)
    line = stage.line(stage.third, "I.2")
    member = line.sheet.membership
    objection = objections.make_objection(line, membership=member, text="Sai", actor=stage.giang)
    numbers = {"cross_score": stage.scoring.duties.first().pk, "answer_objection": objection.pk}
    pages = [url(name, line.sheet_id, year=2016) for name in WITH_SHEET]
    pages += [url(name, numbers.get(name, line.pk), year=2016) for name in WITH_NUMBER]
    pages.append(url("outside_score", line.sheet_id, line.pk, year=2016))

    answers = {
        (page, method): getattr(as_(cast.chi), method)(page).status_code
        for page in pages
        for method in ("get", "post")
    }

    assert {key: status for key, status in answers.items() if status not in (404, 405)} == {}


def test_a_line_of_another_sheet_leads_nowhere(stage: Stage) -> None:
    foreign = stage.line(stage.cast.board, "III.2")
    page = url("outside_score", stage.sheet(stage.third).pk, foreign.pk)
    assert as_(stage.cast.chi).get(page).status_code == 404
