"""The history of a line: everything that happened to it, and nothing of other lines."""

from decimal import Decimal

import pytest
from django.http import HttpResponse

from members.models import User
from scoring.appraising import appraisal
from scoring.models import Criterion, Line, Sheet
from scoring.result import objections
from scoring.sheets import filling, line_history, submitting, tasks
from scoring.sheets.filling import Cell
from tests.covenants.pages import as_, text_of
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.scales import hand_in, line_of, submitted
from tests.scoring.years import Stage, open_stage, published_stage
from tests.shared_scene import in_scene


def opened(line: Line, user: User) -> HttpResponse:
    return as_(user).get(url("line", line.sheet_id, line.pk))


def told(line: Line) -> list[tuple[str, str, str, str]]:
    """(what, before, after, words) of everything in the trace, the first one first."""
    entries = [line_history.history_entry(entry, line) for entry in line_history.trail(line)]
    return [(str(one.what), one.before, one.after, one.text) for one in reversed(entries)]


pytestmark = in_scene(open_stage)


@pytest.fixture
def eventful(cast: Cast, stage: Stage) -> tuple[Stage, Line]:
    """Line I.1 of Giang's sheet, written, sent, returned with I.2, sent again, appraised twice."""
    sheet = stage.sheet(stage.third)
    evidence = hand_in(sheet, "I.1", "I.2", actor=stage.giang)
    filling.drop_evidence(evidence, line=line_of(sheet, "I.2"), actor=stage.giang)
    sheet = submitted(sheet, actor=stage.giang)
    line = line_of(sheet, "I.1")
    reasons = {line.pk: "Thiếu số", line_of(sheet, "I.2").pk: "Khác"}
    appraisal.return_lines(sheet, reasons=reasons, reply_by=None, actor=cast.chi)
    for one in (line, line_of(sheet, "I.2")):
        filling.reply(one.returns.get(), text="Đã gửi", seen="", actor=stage.giang)
    submitting.submit(Sheet.objects.get(pk=sheet.pk), actor=stage.giang)
    sheet = Sheet.objects.get(pk=sheet.pk)
    appraisal.take_as_proposed(sheet, lines=[line.pk], actor=cast.chi)
    [taken] = line.figures.filter(column="appraised")
    appraisal.appraise(
        line, fact=Decimal(80), reason="Theo thẩm tra", actor=cast.binh, seen=taken.pk
    )
    return stage, line


def test_a_line_tells_what_was_written_sent_returned_and_appraised(
    eventful: tuple[Stage, Line],
) -> None:
    _stage, line = eventful
    assert told(line) == [
        ("Thêm minh chứng", "", "", "bao-cao.pdf"),
        ("Ghi số liệu", "", "90", ""),
        ("Ghi giải trình", "", "Theo báo cáo.", ""),
        ("Lãnh đạo ban duyệt và gửi phiếu", "", "", ""),
        ("Trả lại dòng này", "", "", "Thiếu số"),
        ("Ghi trả lời", "", "Đã gửi", ""),
        ("Lãnh đạo ban duyệt và gửi phiếu", "", "", ""),
        ("Chấp nhận như đề nghị", "", "90", ""),
        ("Thẩm định", "90", "80", "Theo thẩm tra"),
    ]


def test_every_figure_on_record_is_shown_to_who_reads_the_whole_sheet(
    cast: Cast, eventful: tuple[Stage, Line]
) -> None:
    stage, line = eventful
    response = opened(line, stage.giang)
    assert [(one.column, one.round, one.fact) for one in response.context["figures"]] == [
        ("self", 1, Decimal(90)),
        ("self", 2, Decimal(90)),
        ("appraised", 2, Decimal(90)),
        ("appraised", 2, Decimal(80)),
    ]
    assert [opened(line, user).status_code for user in (cast.chi, cast.em, cast.khach)] == [
        200,
        200,
        404,
    ]


@in_scene(published_stage)
def test_what_others_do_to_a_line_is_told_in_words_too(stage: Stage) -> None:
    line = stage.line(stage.third, "III.2")
    objections.make_objection(
        line, membership=line.sheet.membership, text="Chưa đúng", actor=stage.giang
    )
    words = [what for what, *_rest in told(line)]
    assert "Công văn số 15/SNV-CCHC" in [text for *_rest, text in told(line)]
    assert not [what for what in words if what.startswith("scoring.")]
    assert "Chưa đúng" in text_of(opened(line, stage.giang))


def test_codes_with_letters_of_vietnamese_are_found_and_told_apart(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    Criterion.objects.filter(scale=stage.scoring.scale, code="I.2").update(code="I.đ")
    line = line_of(sheet, "I.đ")
    hand_in(sheet, "I.đ", actor=stage.giang)
    filling.write_figures(sheet, cells={line.pk: Cell(Decimal(4), 0)}, actor=stage.giang)
    hand_in(sheet, "I.1", actor=stage.giang)

    assert told(line) == [
        ("Thêm minh chứng", "", "", "bao-cao.pdf"),
        ("Ghi số liệu", "", "4", ""),
    ]
    assert [what for what, *_ in told(line_of(sheet, "I.1"))] == ["Thêm minh chứng"]


def test_a_line_that_is_taken_out_of_the_task_says_why(cast: Cast, stage: Stage) -> None:
    line = stage.line(stage.third, "II.2")
    tasks.assign(line, unassigned_because="Không có KKT", actor=cast.chi)
    [(_what, before, after, text)] = told(line)
    assert (before, after, text) == ("", "", "Không có KKT")
