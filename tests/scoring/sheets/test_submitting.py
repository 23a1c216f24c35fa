"""Submitting a sheet: missing parts are named, the submitted state is recorded."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from members.models import User
from members.models.people import PostKind
from members.records.acts import NotNow
from scoring.appraising import appraisal
from scoring.models import Figure, Sheet
from scoring.sheets import filling, submitting, tasks
from scoring.sheets.filling import Cell
from scoring.sheets.submitting import Incomplete
from tests.covenants.traces import acts, nothing_changes
from tests.people import fresh, give_post, make_user
from tests.scoring.scales import fill, line_of, submitted
from tests.scoring.years import PDF, Stage, open_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(open_stage)


@pytest.fixture
def sheet(stage: Stage) -> Sheet:
    return stage.sheet(stage.third)


def again(sheet: Sheet) -> Sheet:
    return Sheet.objects.get(pk=sheet.pk)


def write(sheet: Sheet, code: str, figure: str, *, actor: User) -> None:
    line = line_of(sheet, code)
    cells = {line.pk: Cell(Decimal(figure), line.revision)}
    filling.write_figures(again(sheet), cells=cells, actor=actor)


def send_back(sheet: Sheet, *codes: str, actor: User) -> Sheet:
    reasons = {line_of(sheet, code).pk: "Thiếu báo cáo" for code in codes}
    appraisal.return_lines(again(sheet), reasons=reasons, reply_by=None, actor=actor)
    return again(sheet)


def lacking(sheet: Sheet, leader: User) -> str:
    """What the refusal says; nothing is changed by it."""
    with nothing_changes(), pytest.raises(Incomplete) as refused:
        submitting.submit(again(sheet), actor=fresh(leader))
    return str(refused.value)


def recorded(sheet: Sheet, number: int) -> list[tuple[str, Decimal | None, str, str]]:
    """(code, figure, its words, by whom) of a round, in the order of the scale."""
    found = Figure.objects.filter(line__sheet=sheet, column="self", round=number)
    rows = found.order_by("line__criterion__group__order", "line__criterion__order")
    return [(one.line.criterion.code, one.fact, one.reason, one.by_name) for one in rows]


# --- Who, and when --------------------------------------------------------------------------------


def test_only_a_leader_of_the_board_signs_its_sheet_off(stage: Stage, sheet: Sheet) -> None:
    officer = make_user("tuyen")
    give_post(officer, PostKind.OFFICER, board=stage.third)
    fill(sheet, actor=officer)

    admin = User.objects.create_superuser("quantri")
    for user in (officer, stage.cast.an, stage.cast.chi, stage.cast.binh, stage.cast.ngoai, admin):
        with nothing_changes(), pytest.raises(PermissionDenied):
            submitting.submit(sheet, actor=user)

    deputy = make_user("phoban", full_name="Lý Phó Ban")
    give_post(deputy, PostKind.DEPUTY_LEADER, board=stage.third)
    submitting.submit(sheet, actor=deputy)
    found = again(sheet)
    assert (found.state, found.round, found.submitted_by) == ("submitted", 1, deputy)
    assert found.signed_off_as == "Lý Phó Ban, Phó Trưởng ban"


def test_it_is_signed_in_the_first_post_of_that_board(stage: Stage, sheet: Sheet) -> None:
    give_post(stage.giang, PostKind.LEADER, board=stage.cast.board, title="Trưởng ban nơi khác")
    give_post(stage.giang, PostKind.OFFICER, board=stage.third)
    assert submitted(sheet, actor=fresh(stage.giang)).signed_off_as == "Lãnh đạo GLA, Trưởng ban"


def test_a_sheet_is_signed_off_once(stage: Stage, sheet: Sheet) -> None:
    submitted(sheet, actor=stage.giang)
    with nothing_changes(), pytest.raises(NotNow):
        submitting.submit(sheet, actor=stage.giang)


# --- What is missing ------------------------------------------------------------------------------


def test_what_is_missing_is_named_line_by_line(stage: Stage, sheet: Sheet) -> None:
    lines = submitting.lines_with_evidence(sheet)
    codes = [one.line.criterion.code for one in submitting.missing(lines, set())]
    assert codes == ["I.1", "I.2", "II.2"]
    write(sheet, "I.1", "0", actor=stage.giang)
    write(sheet, "I.2", "0", actor=stage.giang)

    said = lacking(sheet, stage.giang)

    assert said == (
        "I.1: Thiếu minh chứng, hoặc giải trình thay minh chứng. "
        "I.2: Thiếu minh chứng, hoặc giải trình thay minh chứng. "
        "II.2: Thiếu số liệu."
    )


def test_a_zero_with_a_file_or_an_explanation_is_enough(stage: Stage, sheet: Sheet) -> None:
    for code in ("I.1", "I.2", "II.2"):
        write(sheet, code, "0", actor=stage.giang)
    one, other = line_of(sheet, "I.1"), line_of(sheet, "I.2")
    filling.add_evidence(
        sheet, lines=[one], content=PDF, media_type="application/pdf", name="a", actor=stage.giang
    )
    filling.write_words(other, field="explanation", text=" \n", seen="", actor=stage.giang)
    assert lacking(sheet, stage.giang).startswith("I.2: ")
    filling.write_words(other, field="explanation", text="Không có", seen=" \n", actor=stage.giang)

    submitting.submit(sheet, actor=stage.giang)

    assert again(sheet).state == "submitted"


def test_what_is_not_assigned_to_the_board_is_not_asked_for(stage: Stage, sheet: Sheet) -> None:
    fill(sheet, actor=stage.giang)
    line = line_of(sheet, "I.2")
    tasks.assign(line, unassigned_because="Không có khu kinh tế", actor=stage.cast.chi)

    submitting.submit(again(sheet), actor=stage.giang)

    assert "I.2" not in [code for code, *_ in recorded(sheet, 1)]


# --- What goes on record --------------------------------------------------------------------------


def test_the_boards_figures_and_those_of_the_portal_go_on_record(
    stage: Stage, sheet: Sheet
) -> None:
    line = line_of(sheet, "II.1")
    filling.write_words(line, field="dispute", text="Ký đúng hạn", seen="", actor=stage.giang)

    submitted(sheet, actor=stage.giang)

    known = Decimal(1)
    by = "Lãnh đạo GLA"
    assert recorded(sheet, 1) == [
        ("I.1", Decimal(90), "Theo báo cáo.", by),
        ("I.2", Decimal(4), "Theo báo cáo.", by),
        ("II.1", known, "Ký đúng hạn", by),
        ("II.2", Decimal(1), "", by),
    ]
    assert acts()[-1] == "scoring.submitted"


def test_after_a_return_only_what_came_back_goes_on_record_again(
    stage: Stage, sheet: Sheet
) -> None:
    submitted(sheet, actor=stage.giang)
    back = send_back(sheet, "I.1", actor=stage.cast.chi)
    write(back, "I.1", "95", actor=stage.giang)

    submitting.submit(back, actor=stage.giang)

    assert recorded(sheet, 2) == [("I.1", Decimal(95), "Theo báo cáo.", "Lãnh đạo GLA")]
    assert len(recorded(sheet, 1)) == 4
    found = again(sheet)
    assert (found.state, found.round, found.reply_by) == ("submitted", 2, None)


# --- After a return -------------------------------------------------------------------------------


def test_every_line_that_came_back_needs_a_reply_or_another_figure(
    stage: Stage, sheet: Sheet
) -> None:
    """Another figure is the board's own: what the portal or the appraisers give answers nothing."""
    submitted(sheet, actor=stage.giang)
    back = send_back(sheet, "I.1", "I.2", "II.1", "III.1", actor=stage.cast.chi)
    write(back, "I.1", "95", actor=stage.giang)

    said = lacking(back, stage.giang)

    assert [part.partition(":")[0] for part in said.split(". ")] == ["I.2", "II.1", "III.1"]
    for code in ("I.2", "II.1", "III.1"):
        returned = line_of(back, code).returns.get()
        filling.reply(returned, text="Giữ nguyên", seen="", actor=stage.giang)
    submitting.submit(back, actor=stage.giang)
    assert again(sheet).round == 2


def test_a_figure_written_back_to_what_it_was_answers_nothing(stage: Stage, sheet: Sheet) -> None:
    submitted(sheet, actor=stage.giang)
    back = send_back(sheet, "I.1", actor=stage.cast.chi)
    write(back, "I.1", "95", actor=stage.giang)
    write(back, "I.1", "90", actor=stage.giang)
    assert lacking(back, stage.giang).startswith("I.1:")


def test_a_line_that_the_board_may_not_write_does_not_hold_its_sheet_up(
    stage: Stage, sheet: Sheet
) -> None:
    """II.2 was assigned again while the appraisers had the sheet, and did not come back."""
    line = line_of(sheet, "II.2")
    tasks.assign(line, unassigned_because="Không có đơn thư", actor=stage.cast.chi)
    write(sheet, "I.1", "90", actor=stage.giang)
    write(sheet, "I.2", "4", actor=stage.giang)
    for code in ("I.1", "I.2"):
        one = line_of(sheet, code)
        filling.write_words(one, field="explanation", text="x", seen="", actor=stage.giang)
    submitting.submit(again(sheet), actor=stage.giang)
    tasks.assign(line_of(sheet, "II.2"), unassigned_because="", actor=stage.cast.chi)
    back = send_back(sheet, "I.1", actor=stage.cast.chi)
    write(back, "I.1", "95", actor=stage.giang)

    submitting.submit(back, actor=stage.giang)

    assert again(sheet).state == "submitted"
    waiting = send_back(sheet, "II.2", actor=stage.cast.chi)
    filling.reply(line_of(waiting, "II.2").returns.get(), text="x", seen="", actor=stage.giang)
    assert lacking(waiting, stage.giang) == "II.2: Thiếu số liệu."
