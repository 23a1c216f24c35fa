"""Before publication: a board not completely appraised has no rank and no misleading points."""

import datetime as dt
from typing import Any

from django.test import Client

from members.models import User
from scoring.addresses import address
from scoring.appraising import appraisal
from scoring.result import conference
from tests.covenants.pages import markup_of
from tests.members.pages import as_user, excel_rows
from tests.people import Cast
from tests.scoring.papers.test_printing import words_of
from tests.scoring.years import Stage, cross_scored, figures_given, published_stage, submitted_stage
from tests.shared_scene import in_scene


def half_appraised(cast: Cast) -> Stage:
    """One sheet is appraised, the others wait; those of two boards would have the same points."""
    stage = submitted_stage(cast)
    cross_scored(stage)
    figures_given(stage, cast.board, cast.an)
    appraisal.conclude(stage.sheet(cast.board), actor=cast.an)
    stage.again()
    return stage


def get(user: User, stage: Stage, name: str, *args: Any, **query: str) -> Any:
    client: Client = as_user(user)
    return client.get(address(stage.year, name, *args), query)


@in_scene(half_appraised)
def test_boards_that_are_not_appraised_stand_last_without_rank_and_points(stage: Stage) -> None:
    response = get(stage.cast.an, stage, "ranking")
    rows = [row for row, _groups, _bar in response.context["rows"]]

    assert [(row.sheet.membership.board.code, row.result.rank, row.ties) for row in rows] == [
        ("BDI", 1, []),
        ("DLK", None, []),
        ("GLA", None, []),
    ]
    assert [row.waits for row in rows] == [False, True, True]
    # Three groups, the bonus, the total of each of the two.
    assert markup_of(response).count(">–</td>") >= 2 * 5


@in_scene(half_appraised)
def test_workbook_and_paper_of_the_ranking_leave_them_out_as_well(stage: Stage) -> None:
    [_head, first, *others] = excel_rows(get(stage.cast.an, stage, "ranking", xuat="excel").content)
    words = words_of(get(stage.cast.an, stage, "summary_paper").content)

    assert (first[0], first[7]) == (1, 17.4)
    assert [row[0] for row in others] == [None, None]
    assert [any(row[2:9]) for row in others] == [False, False]
    assert words.count("Chưa thẩm định xong.") == 2


@in_scene(half_appraised)
def test_other_figures_give_a_board_that_waits_no_rank(stage: Stage) -> None:
    board = stage.sheet(stage.third).membership_id
    query = {"ban1": str(board), "tieuchi1": "I.1", "solieu1": "99"}
    shifts = get(stage.cast.an, stage, "what_if", **query).context["shifts"]

    assert [(one.before.rank, one.after.rank) for one in shifts] == [
        (1, 1),
        (None, None),
        (None, None),
    ]


@in_scene(half_appraised)
def test_the_page_of_a_board_that_waits_tells_no_grade(stage: Stage) -> None:
    waiting = get(stage.cast.an, stage, "board_result", stage.sheet(stage.third).pk)
    told = get(stage.cast.an, stage, "board_result", stage.sheet(stage.cast.board).pk)

    assert ["Xuất sắc" in one.content.decode() for one in (waiting, told)] == [False, True]


@in_scene(submitted_stage)
def test_the_sheet_says_of_how_many_lines_its_appraised_points_are(stage: Stage) -> None:
    cast, sheet = stage.cast, stage.sheet(stage.cast.board)
    assert "/8 dòng" not in get(cast.binh, stage, "sheet", sheet.pk).content.decode()

    appraisal.take_as_proposed(sheet, lines=[stage.line(cast.board, "I.2").pk], actor=cast.an)
    assert get(cast.binh, stage, "sheet", sheet.pk).content.decode().count("1/8 dòng") == 2

    cross_scored(stage)
    figures_given(stage, cast.board, cast.an)
    assert "/8 dòng" not in get(cast.binh, stage, "sheet", sheet.pk).content.decode()


@in_scene(published_stage)
def test_a_rank_counts_the_boards_that_have_one(stage: Stage) -> None:
    cast = stage.cast
    conference.restrict(
        stage.sheet(stage.third),
        kind="disqualification",
        reason="Vi phạm",
        document="Quyết định 9",
        content=b"%PDF-1.7 sample",
        media_type="application/pdf",
        file_name="qd.pdf",
        on=dt.date(2019, 1, 6),
        actor=cast.chi,
    )
    own = stage.sheet(cast.board)
    result = get(cast.binh, stage, "board_result", own.pk)

    assert "trong 2 ban" in result.content.decode()
    assert [(one.rank, one.boards) for one in result.context["years"]] == [(1, 2)]
    assert "hạng 1/2" in words_of(get(cast.binh, stage, "sheet_paper", own.pk).content)
