"""The column of the year before: the result of the same board or its predecessor."""

import datetime as dt
from decimal import Decimal

import pytest

from members.models import Board, Succession, SuccessionParty, User
from scoring.models import Scoring, Sheet
from scoring.sheets.last_year import LastYear, last_year_of
from tests.covenants.pages import as_, markup_of
from tests.people import Cast, fresh, join, make_board, make_leader
from tests.scoring.crowds import made_final
from tests.scoring.scale_pages import url
from tests.scoring.scales import open_year, published_year, sheet_of
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)

HEADING = "Năm 2018</th>"


@pytest.fixture
def final(cast: Cast, published: Scoring) -> Scoring:
    return made_final(published, actor=cast.chi)


def opened(cast: Cast) -> Scoring:
    return open_year(cast.year, actor=cast.chi, leader=cast.an)


def became(new: Board, *old: Board) -> None:
    change = Succession.objects.create(
        kind=Succession.Kind.CONSOLIDATION,
        document="Nghị quyết 202/2025/QH15",
        effective_on=dt.date(2019, 1, 1),
    )
    sides = [*((board, "from") for board in old), (new, "to")]
    for board, side in sides:
        SuccessionParty.objects.create(succession=change, side=side, board=board)


def before(sheet: Sheet, reader: User) -> LastYear | None:
    return last_year_of(sheet, reader=fresh(reader))


def test_the_agreed_points_of_the_year_before_stand_beside_this_years(
    cast: Cast, final: Scoring
) -> None:
    sheet = sheet_of(opened(cast), cast.board)

    found = before(sheet, cast.em)
    page = as_(cast.em).get(url("sheet", sheet.pk))

    assert found is not None
    assert (found.year, found.lines["I.1"], found.groups["I"]) == (
        2018,
        Decimal("5.40"),
        Decimal("9.40"),
    )
    rows = {row.line.criterion.code: row.before for row in page.context["full"].rows}
    assert rows == found.lines
    assert page.context["full"].before.total == found.total
    assert HEADING in markup_of(page)
    assert before(sheet_of(final, cast.board), cast.em) is None


def test_a_year_that_is_only_published_is_not_shown(cast: Cast, published: Scoring) -> None:
    sheet = sheet_of(opened(cast), cast.board)
    assert before(sheet, cast.em) is None
    assert HEADING not in markup_of(as_(cast.em).get(url("sheet", sheet.pk)))


def test_a_board_stands_beside_its_one_forerunner_but_never_beside_two(
    cast: Cast, final: Scoring
) -> None:
    new = make_board("GLB")
    leader = make_leader(new, "moi")
    join(cast.year, new)
    sheet = sheet_of(opened(cast), new)
    assert before(sheet, leader) is None

    became(new, cast.board)
    one = before(sheet, leader)
    became(new, cast.head)

    assert one is not None
    assert one.lines["I.1"] == Decimal("5.40")
    assert before(sheet, leader) is None
