"""What a board may write on its sheet (figures, explanations, evidence) and what not."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from members.models import AuditEntry, StoredFile, User
from members.models.people import PostKind
from members.records.acts import Overtaken
from scoring.appraising import appraisal
from scoring.models import Criterion, Evidence, Line, Sheet
from scoring.sheets import filling, tasks
from scoring.sheets.filling import Cell, NotAFigure, NotYours
from tests.covenants.traces import acts, nothing_changes
from tests.people import fresh, give_post, make_user
from tests.scoring.scales import line_of, submitted
from tests.scoring.years import PDF, Stage, leave, open_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(open_stage)


@pytest.fixture
def sheet(stage: Stage) -> Sheet:
    return stage.sheet(stage.third)


@pytest.fixture
def returned(stage: Stage, sheet: Sheet) -> Sheet:
    """The sheet after its first round: I.1 and the portal's II.1 came back."""
    sheet = submitted(sheet, actor=stage.giang)
    reasons = {line_of(sheet, "I.1").pk: "Thiếu báo cáo", line_of(sheet, "II.1").pk: "Xem lại"}
    appraisal.return_lines(sheet, reasons=reasons, reply_by=None, actor=stage.cast.chi)
    return Sheet.objects.get(pk=sheet.pk)


def write(
    sheet: Sheet, actor: User, figures: dict[str, str | None], **seen: int
) -> dict[int, Line]:
    """Figures by the codes of their lines; `seen` is the revision of all, the standing one else."""
    cells = {}
    for code, figure in figures.items():
        line = line_of(sheet, code)
        actual = None if figure is None else Decimal(figure)
        cells[line.pk] = Cell(actual, seen.get("revision", line.revision))
    return filling.write_figures(sheet, cells=cells, actor=actor)


def say(
    sheet: Sheet, code: str, text: str, *, actor: User, seen: str = "", field: str = "explanation"
) -> None:
    filling.write_words(line_of(sheet, code), field=field, text=text, seen=seen, actor=actor)


def standing(sheet: Sheet, *codes: str) -> list[tuple[Decimal | None, int]]:
    lines = (line_of(sheet, code) for code in codes)
    return [(line.actual, line.revision) for line in lines]


def last_details() -> dict[str, object]:
    return AuditEntry.objects.latest("number").details


# --- Who writes -----------------------------------------------------------------------------------


def test_officers_and_leaders_of_the_board_write_and_nobody_else(
    stage: Stage, sheet: Sheet
) -> None:
    officer, cashier = make_user("tuyen"), make_user("thuquy")
    give_post(officer, PostKind.OFFICER, board=stage.third)
    give_post(cashier, PostKind.CASHIER, board=stage.third)
    cast = stage.cast

    write(sheet, officer, {"I.2": "2"})
    write(sheet, stage.giang, {"I.2": "4"})

    others = (cashier, cast.an, cast.chi, cast.em, cast.khach, cast.ngoai)
    for user in (*others, User.objects.create_superuser("quantri")):
        with nothing_changes(), pytest.raises(PermissionDenied):
            write(sheet, user, {"I.2": "0"})
    assert standing(sheet, "I.2") == [(Decimal(4), 2)]


def test_a_sheet_that_is_submitted_or_whose_board_left_is_not_written(
    stage: Stage, sheet: Sheet
) -> None:
    submitted(stage.sheet(stage.cast.board), actor=stage.cast.binh)
    leave(stage, stage.third)
    for board, leader in ((stage.cast.board, stage.cast.binh), (stage.third, stage.giang)):
        line = stage.line(board, "I.1")
        tries = (
            lambda s=line.sheet, who=leader: write(s, who, {"I.1": "80"}),
            lambda s=line.sheet, who=leader: say(s, "I.1", "Khác", actor=who),
            lambda one=line, who=leader: add(one.sheet, "I.1", actor=who),
        )
        for attempt in tries:
            with nothing_changes(), pytest.raises(PermissionDenied):
                attempt()


# --- Figures --------------------------------------------------------------------------------------


def test_only_what_differs_is_written_and_traced(stage: Stage, sheet: Sheet) -> None:
    write(sheet, stage.giang, {"I.1": "1234.5", "I.2": "2"})
    assert last_details() == {"changed": {"I.1": ["", "1234.5"], "I.2": ["", "2"]}}

    write(sheet, stage.giang, {"I.1": "1234.5", "I.2": None, "II.2": "0"})

    assert last_details() == {"changed": {"I.2": ["2", ""], "II.2": ["", "0"]}}
    assert standing(sheet, "I.1", "I.2", "II.2") == [
        (Decimal("1234.5"), 1),
        (None, 2),
        (Decimal(0), 1),
    ]
    with nothing_changes():
        write(sheet, stage.giang, {"I.1": "1234.50", "II.2": "0"})


def test_a_cell_that_somebody_else_wrote_is_told_and_the_others_are_saved(
    stage: Stage, sheet: Sheet
) -> None:
    write(sheet, stage.giang, {"I.2": "4"})

    overtaken = write(sheet, stage.giang, {"I.1": "90", "I.2": "2", "II.2": "1"}, revision=0)

    told = line_of(sheet, "I.2")
    assert {pk: line.actual for pk, line in overtaken.items()} == {told.pk: Decimal(4)}
    assert standing(sheet, "I.1", "I.2", "II.2") == [
        (Decimal(90), 1),
        (Decimal(4), 1),
        (Decimal(1), 1),
    ]
    assert last_details() == {"changed": {"I.1": ["", "90"], "II.2": ["", "1"]}}


def test_who_writes_the_same_as_somebody_else_is_told_nothing(stage: Stage, sheet: Sheet) -> None:
    write(sheet, stage.giang, {"I.2": "4"})
    with nothing_changes():
        assert write(sheet, stage.giang, {"I.2": "4"}, revision=0) == {}


@pytest.mark.parametrize(
    ("code", "figure"),
    [("I.1", "-1"), ("I.2", "3"), ("I.2", "4.5"), ("II.2", "2"), ("II.2", "0.5")],
)
def test_a_figure_that_the_criterion_cannot_have_keeps_all_from_being_written(
    stage: Stage, sheet: Sheet, code: str, figure: str
) -> None:
    with nothing_changes(), pytest.raises(NotAFigure):
        write(sheet, stage.giang, {"I.1": "90", code: figure})


def takes(figure: str, **criterion: Any) -> bool:
    """Whether a criterion, by default one of so many points for each case, can have a figure."""
    usual = {"kind": "count", "parameters": {"each": "1"}, "max_points": Decimal(0)}
    line = Line(criterion=Criterion(**{**usual, **criterion}))
    try:
        filling.check_figure(line, Decimal(figure))
    except NotAFigure:
        return False
    return True


@pytest.mark.parametrize("kind", ["count", "full_minus", "deduction"])
@pytest.mark.parametrize(
    ("unit", "is_counted"),
    [
        ("", True),
        ("lần", True),
        ("mô hình", True),
        ("Hộ", True),
        ("%", False),
        ("% kế hoạch", False),
        ("tỷ đồng", False),
        ("Triệu USD", False),
        ("ha", False),
    ],
)
def test_what_is_counted_comes_in_whole_numbers(kind: str, unit: str, is_counted: bool) -> None:
    found = [takes(figure, kind=kind, unit=unit) for figure in ("2.5", "2.0", "2", "0", "-1")]
    assert found == [not is_counted, True, True, True, False]


def test_the_mean_of_what_other_boards_count_has_decimals() -> None:
    assert takes("1.5", owner="peers")


def test_a_share_of_the_plan_may_pass_the_plan_and_has_decimals() -> None:
    ratio = {"kind": "plan_ratio", "parameters": {}, "max_points": Decimal(5), "unit": "%"}
    assert [takes(figure, **ratio) for figure in ("104.5", "250", "-0.1")] == [True, True, False]


def test_lines_that_others_score_or_that_follow_another_are_not_the_boards(
    stage: Stage, sheet: Sheet
) -> None:
    unassigned = line_of(sheet, "II.2")
    tasks.assign(unassigned, unassigned_because="Không có KKT", actor=stage.cast.chi)
    for code in ("II.1", "II.2", "T.1", "III.1", "III.2", "III.3"):
        with nothing_changes(), pytest.raises(NotYours, match=code):
            write(sheet, stage.giang, {"I.1": "90", code: "1"})
    with nothing_changes(), pytest.raises(NotYours):
        say(sheet, "II.2", "Vẫn làm", actor=stage.giang)


def test_a_line_of_another_sheet_is_refused_by_every_act(stage: Stage, sheet: Sheet) -> None:
    foreign = stage.line(stage.cast.board, "I.1")
    evidence = add(sheet, "I.1", actor=stage.giang)
    cells = {line_of(sheet, "I.2").pk: Cell(Decimal(4), 0), foreign.pk: Cell(Decimal(1), 0)}
    tries = (
        lambda: filling.write_figures(sheet, cells=cells, actor=stage.giang),
        lambda: filling.use_evidence(evidence, line=foreign, actor=stage.giang),
        lambda: filling.drop_evidence(evidence, line=foreign, actor=stage.giang),
        lambda: add(sheet, "I.2", foreign, actor=stage.giang, content=b"%PDF-1.7 other"),
    )
    for attempt in tries:
        with nothing_changes(), pytest.raises(NotYours):
            attempt()


# --- Words ----------------------------------------------------------------------------------------


def test_words_are_written_over_those_that_their_writer_saw(stage: Stage, sheet: Sheet) -> None:
    say(sheet, "III.1", "Theo báo cáo.", actor=stage.giang)
    assert last_details() == {"before": "", "after": "Theo báo cáo."}

    with nothing_changes():
        with pytest.raises(Overtaken) as refused:
            say(sheet, "III.1", "Theo kế hoạch.", actor=stage.giang)
        say(sheet, "III.1", "Theo báo cáo.", actor=stage.giang, seen="")
    say(sheet, "III.1", "", actor=stage.giang, seen="Theo báo cáo.")

    assert refused.value.standing.explanation == "Theo báo cáo."
    assert line_of(sheet, "III.1").explanation == ""
    assert acts()[-2:] == ["scoring.explanation_written"] * 2


def test_only_a_figure_of_the_portal_is_disputed(stage: Stage, sheet: Sheet) -> None:
    for code in ("I.1", "III.1", "III.3"):
        with nothing_changes(), pytest.raises(NotYours):
            say(sheet, code, "Chưa đúng", field="dispute", actor=stage.giang)
    say(sheet, "II.1", "Đã ký đúng hạn", field="dispute", actor=stage.giang)
    assert line_of(sheet, "II.1").dispute == "Đã ký đúng hạn"


# --- After a return -------------------------------------------------------------------------------


def test_after_a_return_only_the_lines_that_came_back_are_written(
    stage: Stage, returned: Sheet
) -> None:
    write(returned, stage.giang, {"I.1": "95"})
    say(returned, "I.1", "Đã bổ sung", actor=stage.giang, seen="Theo báo cáo.")
    add(returned, "I.1", actor=stage.giang)
    tries = (
        lambda: write(returned, stage.giang, {"I.1": "96", "I.2": "2"}),
        lambda: say(returned, "I.2", "Khác", actor=stage.giang, seen="Theo báo cáo."),
        lambda: add(returned, "I.2", actor=stage.giang),
    )
    for attempt in tries:
        with nothing_changes(), pytest.raises(NotYours):
            attempt()
    assert standing(returned, "I.1", "I.2") == [(Decimal(95), 2), (Decimal(4), 1)]


def test_a_reply_belongs_to_the_round_and_to_what_its_writer_saw(
    stage: Stage, returned: Sheet
) -> None:
    one = line_of(returned, "I.1").returns.get()
    filling.reply(one, text="Đã gửi", seen="", actor=stage.giang)

    with nothing_changes():
        with pytest.raises(Overtaken):
            filling.reply(one, text="Gửi sau", seen="", actor=stage.giang)
        with pytest.raises(PermissionDenied):
            filling.reply(one, text="Không", seen="Đã gửi", actor=stage.cast.chi)
    one.refresh_from_db()
    assert (one.reply, acts()[-1]) == ("Đã gửi", "scoring.reply_written")

    Sheet.objects.filter(pk=returned.pk).update(round=2)
    with nothing_changes(), pytest.raises(NotYours):
        filling.reply(one, text="Muộn", seen="Đã gửi", actor=fresh(stage.giang))


# --- Evidence -------------------------------------------------------------------------------------


def add(
    sheet: Sheet, *lines: str | Line, actor: User, content: bytes = PDF, name: str = "bao-cao.pdf"
) -> Evidence:
    chosen = [line if isinstance(line, Line) else line_of(sheet, line) for line in lines]
    return filling.add_evidence(
        sheet, lines=chosen, content=content, media_type="application/pdf", name=name, actor=actor
    )


def codes(evidence: Evidence) -> list[str]:
    return [line.criterion.code for line in evidence.lines.order_by("criterion__order")]


def test_the_same_file_twice_is_one_for_the_lines_of_both(stage: Stage, sheet: Sheet) -> None:
    first = add(sheet, "I.1", "I.2", actor=stage.giang)
    second = add(sheet, "II.2", actor=stage.giang, name="ban-sao.pdf")
    elsewhere = add(stage.sheet(stage.cast.board), "I.1", actor=stage.cast.em)

    assert (second, second.name) == (first, "bao-cao.pdf")
    assert codes(first) == ["I.1", "I.2", "II.2"]
    assert (elsewhere.file, elsewhere.sheet) == (first.file, stage.sheet(stage.cast.board))
    assert StoredFile.objects.filter(sha256=first.file.sha256).count() == 1
    assert acts()[-3:] == ["scoring.evidence_added"] * 3


def test_a_file_is_used_for_a_line_more_and_taken_from_one(stage: Stage, sheet: Sheet) -> None:
    evidence = add(sheet, "I.1", actor=stage.giang)

    filling.use_evidence(evidence, line=line_of(sheet, "III.1"), actor=stage.giang)
    filling.drop_evidence(evidence, line=line_of(sheet, "I.1"), actor=stage.giang)

    assert codes(evidence) == ["III.1"]
    assert acts()[-2:] == ["scoring.evidence_used", "scoring.evidence_dropped"]
    for act in (filling.use_evidence, filling.drop_evidence):
        with nothing_changes(), pytest.raises(PermissionDenied):
            act(evidence, line=line_of(sheet, "I.1"), actor=stage.cast.em)


def test_a_file_that_serves_no_line_any_more_is_still_kept(stage: Stage, sheet: Sheet) -> None:
    evidence = add(sheet, "I.1", actor=stage.giang)
    filling.drop_evidence(evidence, line=line_of(sheet, "I.1"), actor=stage.giang)
    assert [codes(one) for one in sheet.evidence.all()] == [[]]
    assert (last_details()["name"], last_details()["lines"]) == ("bao-cao.pdf", ["I.1"])
