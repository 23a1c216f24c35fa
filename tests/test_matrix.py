"""The table of boards and steps on the home page, for boards with several obligations in a step."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from emulation_bloc import queries
from members.models import Membership
from members.records.due_dates import Audience, Obligation
from scoring.models import CrossDuty, Scoring
from tests.people import Cast
from tests.scenes import cast, db
from tests.scoring.years import Stage, submitted_stage
from tests.shared_scene import in_scene

__all__ = ["cast", "db"]

TODAY = dt.date(2019, 11, 26)
DUE = dt.date(2019, 11, 30)


def owed(membership: Membership, title: str, **values: Any) -> Obligation:
    usual = {"step": "cross_score", "column": "Chấm chéo", "due_on": DUE}
    return Obligation(
        title=title,
        audience=Audience.BOARD,
        membership=membership,
        url="",
        action="",
        page="",
        **usual | values,
    )


def table(cast: Cast, *found: Obligation) -> queries.Matrix:
    with translation.override("vi"):
        return queries.matrix(found, year=cast.year, today=TODAY)


def head_and_cells(cast: Cast, *found: Obligation) -> tuple[list[tuple[str, str]], list[Any]]:
    made = table(cast, *found)
    columns = [(column.title, column.due) for column in made.columns]
    return columns, [
        ([(cell.state, cell.word) for cell in row.cells], row.done, row.of) for row in made.rows
    ]


@pytest.fixture
def seats(cast: Cast) -> tuple[Membership, Membership]:
    head = cast.year.memberships.get(board=cast.head)
    return head, cast.year.memberships.get(board=cast.board)


def test_a_column_bears_the_word_of_its_step_and_not_the_title_of_a_row(
    cast: Cast, seats: tuple[Membership, Membership]
) -> None:
    head, board = seats

    columns, rows = head_and_cells(
        cast, owed(head, "Chấm chéo Gia Lai"), owed(board, "Chấm chéo Kon Tum", done_on=TODAY)
    )

    assert columns == [("Chấm chéo", "hạn 30/11")]
    assert rows == [([("wait", "Chưa")], 0, 1), ([("done", "26/11")], 1, 1)]


def test_duties_of_one_board_in_one_step_are_counted_each(
    cast: Cast, seats: tuple[Membership, Membership]
) -> None:
    head, board = seats
    earlier, later = dt.date(2019, 11, 20), dt.date(2019, 11, 22)

    _columns, rows = head_and_cells(
        cast,
        owed(head, "a", done_on=later),
        owed(head, "b", due_on=earlier),
        owed(head, "c"),
        owed(board, "d", done_on=later),
        owed(board, "e", done_on=earlier),
    )

    assert rows == [
        ([("late", "Trễ 6 ngày (xong 1/3)")], 1, 3),
        ([("done", "22/11 (xong 2/2)")], 2, 2),
    ]


def test_what_is_open_weighs_more_than_what_is_done(
    cast: Cast, seats: tuple[Membership, Membership]
) -> None:
    head, _board = seats

    found = [owed(head, "a", done_on=TODAY), owed(head, "b", due_on=None)]

    for order in (found, found[::-1]):
        made = table(cast, *order)
        assert [(cell.state, cell.word) for cell in made.rows[0].cells] == [
            ("wait", "Chưa (xong 1/2)")
        ]
        assert made.rows[0].open_steps == ["Chấm chéo"]


def test_a_day_of_its_own_stands_in_the_cell(
    cast: Cast, seats: tuple[Membership, Membership]
) -> None:
    head, board = seats
    own = dt.date(2019, 12, 5)

    columns, rows = head_and_cells(
        cast, owed(head, "a", due_on=own), owed(board, "b"), owed(board, "c")
    )

    assert columns == [("Chấm chéo", "hạn 30/11")]
    assert [cells for cells, _done, _of in rows] == [
        [("wait", "Chưa, hạn 05/12")],
        [("wait", "Chưa (xong 0/2)")],
    ]


def test_what_boards_owe_has_a_word_for_its_column(seats: tuple[Membership, Membership]) -> None:
    with pytest.raises(ValueError, match="cross_score"):
        owed(seats[0], "a", column="")


@in_scene(submitted_stage)
def test_two_cross_scorings_of_one_board_are_two(cast: Cast, set_up: Stage) -> None:
    scoring: Scoring = set_up.again()
    scorer = set_up.sheet(cast.board).membership
    for scored in (cast.head, set_up.third):
        CrossDuty.objects.create(scoring=scoring, scorer=scorer, sheet=set_up.sheet(scored))
    year = set_up.year

    with translation.override("vi"):
        made = queries.matrix(queries.obligations(year), year=year, today=TODAY)

    row = next(row for row in made.rows if row.membership == scorer)
    assert "Chấm chéo" in [column.title for column in made.columns]
    [cell] = [cell for cell in row.cells if cell.column.title == "Chấm chéo"]
    assert (cell.state, cell.word.endswith("(xong 0/2)")) == ("wait", True)
    own = [one for one in queries.obligations(year) if one.membership == scorer]
    assert (row.done, row.of) == (sum(one.is_done for one in own), len(own))
