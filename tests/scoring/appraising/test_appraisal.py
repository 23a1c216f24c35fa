"""Appraisal: permissions, returned lines, figures accepted or changed, concluding a sheet."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import AuditEntry, Board, OutboxMessage, User
from members.models.people import PostKind
from members.records.acts import NotNow, Overtaken, ReasonMissing
from scoring.appraising import appraisal
from scoring.models import Figure, Line, Sheet
from scoring.models.appraisal import Column
from scoring.sheets import filling, submitting
from scoring.sheets.boards import board_sheets, waiting_lines
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh, give_post, make_user
from tests.scoring.scales import line_of, submitted
from tests.scoring.years import (
    DAY,
    Stage,
    cross_scored,
    figures_given,
    leave,
    open_stage,
    outside,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def set_figure(line: Line, actor: User, fact: str = "2", reason: str = "Chậm", **more) -> Figure:
    return appraisal.appraise(line, fact=Decimal(fact), reason=reason, actor=actor, **more)


def appraised(line: Line) -> list[tuple[Decimal, str, str]]:
    figures = line.figures.filter(column=Column.APPRAISED)
    return [(figure.fact, figure.reason, figure.by_name) for figure in figures]


# --- Who may --------------------------------------------------------------------------------------


def may(user: User, sheet: Sheet) -> bool:
    return fresh(user).has_perm("scoring.appraise", Sheet.objects.get(pk=sheet.pk))


def test_head_and_deputy_appraise_everybody_but_their_own_board(stage: Stage) -> None:
    cast = stage.cast
    head, deputy, third = (stage.sheet(b) for b in (cast.head, cast.board, stage.third))
    people = (cast.an, cast.chi, cast.binh, cast.em, stage.giang, cast.hoa, cast.khach, cast.ngoai)

    found = [[may(user, sheet) for user in people] for sheet in (head, deputy, third)]

    #          an     chi    binh   em     giang  hoa    khach  ngoai
    assert found == [
        [False, False, True, True, False, False, False, False],
        [True, True, False, False, False, False, False, False],
        [True, True, True, True, False, False, False, False],
    ]


def test_who_serves_in_head_and_deputy_appraises_neither_of_them(stage: Stage) -> None:
    both = make_user("haivai")
    give_post(both, PostKind.OFFICER, board=stage.cast.head)
    give_post(both, PostKind.OFFICER, board=stage.cast.board)

    sheets = [stage.sheet(b) for b in (stage.cast.head, stage.cast.board, stage.third)]
    assert [may(both, sheet) for sheet in sheets] == [False, False, True]


def test_even_a_cashier_of_the_board_does_not_appraise_it(stage: Stage) -> None:
    give_post(stage.cast.chi, PostKind.CASHIER, board=stage.third)
    assert not may(stage.cast.chi, stage.sheet(stage.third))


def test_the_administrator_sees_a_sheet_and_appraises_none(stage: Stage) -> None:
    admin = User.objects.create_superuser("quantri")
    sheet = stage.sheet(stage.third)
    assert list(Sheet.objects.visible_to(admin).filter(pk=sheet.pk)) == [sheet]
    with nothing_changes(), pytest.raises(PermissionDenied):
        set_figure(line_of(sheet, "I.1"), admin)


def carried_on(stage: Stage, board: Board, heir: Board) -> None:
    stage.year.memberships.filter(board=board).update(carried_on_by=heir)


def test_who_carries_a_board_on_does_not_appraise_it(stage: Stage) -> None:
    """The head acts for the third board now: only the deputy appraises it."""
    carried_on(stage, stage.third, stage.cast.head)
    sheet = stage.sheet(stage.third)
    assert [may(u, sheet) for u in (stage.cast.an, stage.cast.binh)] == [False, True]


def test_who_carries_the_deputy_on_appraises_in_its_place(stage: Stage) -> None:
    carried_on(stage, stage.cast.board, stage.third)
    head, deputy = stage.sheet(stage.cast.head), stage.sheet(stage.cast.board)
    assert [may(stage.giang, head), may(stage.giang, deputy)] == [True, False]
    assert not may(stage.cast.binh, head)


def test_a_deputy_that_left_the_year_appraises_no_more(stage: Stage) -> None:
    leave(stage, stage.cast.board)
    assert not may(stage.cast.binh, stage.sheet(stage.cast.head))


def test_nobody_appraises_in_a_closed_year(stage: Stage) -> None:
    stage.year.closed_on = dt.date(2019, 1, 31)
    stage.year.save()
    assert not may(stage.cast.an, stage.sheet(stage.third))


@pytest.mark.parametrize("who", ["chi", "an"])
def test_every_act_on_the_heads_own_sheet_is_refused_to_the_head(stage: Stage, who: str) -> None:
    actor = getattr(stage.cast, who)
    sheet = stage.sheet(stage.cast.head)
    line = line_of(sheet, "I.1")
    tries = (
        lambda: set_figure(line, actor),
        lambda: outside(line_of(sheet, "III.2"), actor=actor),
        lambda: appraisal.take_as_proposed(sheet, lines=[line.pk], actor=actor),
        lambda: appraisal.return_lines(sheet, reasons={line.pk: "x"}, reply_by=None, actor=actor),
        lambda: appraisal.conclude(sheet, actor=actor),
        lambda: appraisal.reopen(sheet, reason="x", actor=actor),
    )
    for attempt in tries:
        with nothing_changes(), pytest.raises(PermissionDenied):
            attempt()


@in_scene(published_stage)
def test_after_publication_nobody_appraises(cast: Cast, stage: Stage) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        set_figure(stage.line(stage.third, "I.1"), cast.chi)


# --- Figures --------------------------------------------------------------------------------------


def test_the_figure_of_the_board_is_taken_over_without_a_reason(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    set_figure(line, stage.cast.chi, "4", "")
    assert appraised(line) == [(Decimal(4), "", "Lê Thị Chi")]
    assert acts()[-1] == "scoring.appraised"


def test_another_figure_needs_its_reason(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    with nothing_changes(), pytest.raises(ReasonMissing):
        set_figure(line, stage.cast.chi, "2", "  ")
    set_figure(line, stage.cast.chi, "2", " Chậm một hạng mục ")
    assert appraised(line) == [(Decimal(2), "Chậm một hạng mục", "Lê Thị Chi")]


def test_a_figure_once_set_is_not_overwritten_but_followed_by_another(stage: Stage) -> None:
    line, actor = stage.line(stage.third, "I.2"), stage.cast.chi
    first = set_figure(line, actor)
    with nothing_changes(), pytest.raises(ReasonMissing):
        set_figure(line, actor, "4", "", seen=first.pk)
    set_figure(line, actor, "4", "Đã bổ sung", seen=first.pk)
    assert [fact for fact, _why, _who in appraised(line)] == [Decimal(2), Decimal(4)]
    last = AuditEntry.objects.latest("number")
    assert (last.reason, last.details) == ("Đã bổ sung", {"before": "2", "after": "4"})


def test_pressing_twice_leaves_one_figure(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    first = set_figure(line, stage.cast.chi)
    with nothing_changes():
        assert set_figure(line, stage.cast.chi) == first


def test_the_second_of_two_appraisers_is_told_and_overwrites_nothing(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    set_figure(line, stage.cast.chi)
    with nothing_changes(), pytest.raises(Overtaken) as told:
        set_figure(line, stage.cast.binh, "0", "Chậm nhiều")
    assert told.value.standing.by_name == "Lê Thị Chi"


@pytest.mark.parametrize("fact", ["3", "-1", "5"])
def test_a_figure_that_the_criterion_cannot_have_is_refused(stage: Stage, fact: str) -> None:
    with nothing_changes(), pytest.raises(NotAFigure):
        set_figure(stage.line(stage.third, "I.2"), stage.cast.chi, fact)


def test_an_empty_figure_is_none(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotAFigure):
        appraisal.appraise(
            stage.line(stage.third, "I.2"), fact=None, reason="x", actor=stage.cast.chi
        )


def test_what_only_the_appraisers_score_needs_its_reason(stage: Stage) -> None:
    line = stage.line(stage.third, "III.1")
    with nothing_changes(), pytest.raises(ReasonMissing):
        set_figure(line, stage.cast.chi, "2", "")
    set_figure(line, stage.cast.chi, "2", "Tích cực")
    assert appraised(line) == [(Decimal(2), "Tích cực", "Lê Thị Chi")]


def test_a_line_that_takes_over_a_figure_or_is_not_assigned_gets_none(stage: Stage) -> None:
    unassigned = stage.line(stage.third, "I.2")
    Line.objects.filter(pk=unassigned.pk).update(unassigned_because="Không có quy hoạch")
    for line in (unassigned, stage.line(stage.third, "T.1")):
        with nothing_changes(), pytest.raises(NotNow):
            set_figure(line, stage.cast.chi)


@in_scene(open_stage)
def test_before_a_sheet_is_submitted_nobody_appraises_it(cast: Cast, stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        set_figure(stage.line(stage.third, "I.2"), cast.chi)


# --- From outside ---------------------------------------------------------------------------------


def test_what_an_outside_body_scores_is_entered_with_its_document_only(stage: Stage) -> None:
    line, actor = stage.line(stage.third, "III.2"), stage.cast.chi
    with nothing_changes(), pytest.raises(appraisal.DocumentMissing):
        set_figure(line, actor, "2", "Theo công văn")
    for lacking in ({"document": " "}, {"content": b""}):
        with nothing_changes(), pytest.raises(appraisal.DocumentMissing):
            outside(line, actor=actor, **lacking)
    with nothing_changes(), pytest.raises(NotAFigure):
        outside(line, actor=actor, fact=Decimal(3))

    outside(line, actor=actor)

    assert appraised(line) == [(Decimal(2), "Công văn số 15/SNV-CCHC", "Lê Thị Chi")]
    [evidence] = line.evidence.all()
    assert (evidence.name, evidence.added_by) == ("cong-van.pdf", actor)
    assert acts()[-1] == "scoring.outside_entered"


def test_only_lines_of_an_outside_body_are_entered_so(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        outside(stage.line(stage.third, "I.2"), actor=stage.cast.chi)


def test_a_corrected_document_follows_the_one_before(stage: Stage) -> None:
    line, actor = stage.line(stage.third, "III.2"), stage.cast.chi
    first = outside(line, actor=actor)
    with nothing_changes(), pytest.raises(Overtaken):
        outside(line, actor=stage.cast.binh, fact=Decimal(1))
    outside(line, actor=actor, fact=Decimal(1), content=b"%PDF-1.7 two", seen=first.pk)
    assert [fact for fact, _why, _who in appraised(line)] == [Decimal(2), Decimal(1)]
    assert line.evidence.count() == 2


# --- As proposed ----------------------------------------------------------------------------------


def test_a_whole_group_is_taken_over_in_one_act(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    group = list(sheet.lines.filter(criterion__group__code="I").values_list("pk", flat=True))

    assert appraisal.take_as_proposed(sheet, lines=group, actor=stage.cast.chi) == 2

    assert appraised(line_of(sheet, "I.1")) == [(Decimal(90), "", "Lê Thị Chi")]
    assert appraised(line_of(sheet, "II.2")) == []
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.details) == (
        "scoring.taken_as_proposed",
        {"figures": {"I.1": "90", "I.2": "4"}},
    )
    with nothing_changes():
        assert appraisal.take_as_proposed(sheet, lines=group, actor=stage.cast.chi) == 0


def test_figures_set_by_hand_and_what_nobody_proposed_are_left(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    set_figure(line_of(sheet, "I.2"), stage.cast.chi)
    every = list(sheet.lines.values_list("pk", flat=True))

    appraisal.take_as_proposed(sheet, lines=every, actor=stage.cast.chi)

    assert [fact for fact, _why, _who in appraised(line_of(sheet, "I.2"))] == [Decimal(2)]
    for code in ("III.1", "III.2", "III.3", "T.1"):
        assert appraised(line_of(sheet, code)) == []


def test_cross_scores_are_proposed_once_all_are_in(stage: Stage) -> None:
    line = stage.line(stage.third, "III.3")
    assert appraisal.take_as_proposed(line.sheet, lines=[line.pk], actor=stage.cast.chi) == 0
    cross_scored(stage)
    assert appraisal.take_as_proposed(line.sheet, lines=[line.pk], actor=stage.cast.chi) == 1
    assert appraised(line) == [(Decimal(1), "", "Lê Thị Chi")]


@in_scene(open_stage)
def test_a_disputed_figure_of_the_portal_needs_a_word(cast: Cast, stage: Stage) -> None:
    line = stage.line(stage.third, "II.1")
    filling.write_words(line, field="dispute", text="Đã ký", seen="", actor=stage.giang)
    submitted(stage.sheet(stage.third), actor=stage.giang)

    assert appraisal.take_as_proposed(line.sheet, lines=[line.pk], actor=cast.chi) == 0
    with nothing_changes(), pytest.raises(ReasonMissing):
        set_figure(line, cast.chi, "1", "")
    set_figure(line, cast.chi, "0", "Đúng là đã ký")
    assert appraised(line) == [(Decimal(0), "Đúng là đã ký", "Lê Thị Chi")]


# --- Sent back ------------------------------------------------------------------------------------


def send_back(stage: Stage, *codes: str, reply_by: dt.date | None = None) -> None:
    sheet = stage.sheet(stage.third)
    reasons = {line_of(sheet, code).pk: f" Thiếu báo cáo {code} " for code in codes}
    appraisal.return_lines(sheet, reasons=reasons, reply_by=reply_by, actor=stage.cast.chi)


def test_chosen_lines_go_back_each_with_its_reason_and_round(stage: Stage) -> None:
    due = timezone.localdate() + 5 * DAY
    send_back(stage, "I.1", "II.1", reply_by=due)

    sheet = stage.sheet(stage.third)
    assert (sheet.state, sheet.round, sheet.reply_by) == ("returned", 1, due)
    assert filling.returned_lines(sheet) == {line_of(sheet, c).pk for c in ("I.1", "II.1")}
    assert line_of(sheet, "I.1").returns.get().reason == "Thiếu báo cáo I.1"
    assert acts()[-1] == "scoring.returned"


def test_the_officers_and_leaders_of_the_board_are_told(stage: Stage) -> None:
    officer = make_user("dau-moi")
    give_post(officer, PostKind.OFFICER, board=stage.third)
    give_post(make_user("thu-quy"), PostKind.CASHIER, board=stage.third)
    OutboxMessage.objects.all().delete()

    send_back(stage, "I.1")

    mails = OutboxMessage.objects.order_by("recipient")
    assert [mail.recipient for mail in mails] == ["dau-moi@example.vn", "giang@example.vn"]
    assert mails[0].subject == "Trả lại 1 dòng của phiếu chấm điểm năm 2018"
    assert "I.1 Dự án mới so với kế hoạch: Thiếu báo cáo I.1" in mails[0].body


def test_only_lines_that_came_back_can_be_changed(stage: Stage) -> None:
    send_back(stage, "I.1")
    sheet = stage.sheet(stage.third)
    other = line_of(sheet, "I.2")
    with nothing_changes(), pytest.raises(filling.NotYours):
        filling.write_figures(
            sheet, cells={other.pk: filling.Cell(Decimal(2), other.revision)}, actor=stage.giang
        )


@pytest.mark.parametrize(
    ("code", "reason"),
    [("I.1", " "), ("T.1", "x"), ("III.2", "x"), ("III.3", "x")],
)
def test_a_line_without_a_reason_or_without_a_say_of_the_board_does_not_go_back(
    stage: Stage, code: str, reason: str
) -> None:
    line = stage.line(stage.third, code)
    with nothing_changes(), pytest.raises((ReasonMissing, NotNow)):
        appraisal.return_lines(
            line.sheet, reasons={line.pk: reason}, reply_by=None, actor=stage.cast.chi
        )


def test_lines_of_another_sheet_or_a_day_gone_by_send_nothing_back(stage: Stage) -> None:
    sheet, own = stage.sheet(stage.third), stage.line(stage.third, "I.1")
    foreign = stage.line(stage.cast.board, "I.1")
    yesterday = timezone.localdate() - DAY
    for reasons, day in (({}, None), ({foreign.pk: "x"}, None), ({own.pk: "x"}, yesterday)):
        with nothing_changes(), pytest.raises((ReasonMissing, NotNow)):
            appraisal.return_lines(sheet, reasons=reasons, reply_by=day, actor=stage.cast.chi)


def test_after_the_reply_only_what_came_back_waits_again(stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    send_back(stage, "I.1", "III.1")
    for one in ("I.1", "III.1"):
        stage.line(stage.third, one).returns.update(reply="Đã kiểm tra")
    submitting.submit(stage.sheet(stage.third), actor=stage.giang)

    sheet = stage.sheet(stage.third)
    [board] = board_sheets(stage.again(), [sheet])
    waiting = [line.criterion.code for line in waiting_lines(board)]

    assert waiting == ["I.1", "III.1"]
    with nothing_changes(), pytest.raises(appraisal.NotAppraised) as told:
        appraisal.conclude(sheet, actor=stage.cast.chi)
    assert str(told.value).endswith("I.1, III.1.")
