import pytest

from emulation_bloc.lib.refusal import Refusal
from members import year_opening
from members.models import AuditEntry, BlocYear
from members.models.blocs import Role
from tests.people import Cast


def places(cast: Cast) -> list[year_opening.Place]:
    return [
        year_opening.Place(board=cast.head, role=Role.HEAD),
        year_opening.Place(board=cast.board, role=Role.MEMBER),
    ]


def open_year(cast: Cast, last: BlocYear, year: int, taken: list[year_opening.Place]) -> BlocYear:
    return year_opening.open_next_year(
        last, year=year, theme="", places=taken, steps={}, actor=cast.chi
    )


def test_year_is_opened_from_the_newest_one_only(cast: Cast) -> None:
    open_year(cast, cast.year, 2020, places(cast))
    entries = AuditEntry.objects.count()

    with pytest.raises(Refusal):
        open_year(cast, cast.year, 2021, places(cast))

    assert [year.year for year in cast.bloc.years.all()] == [2020, 2019]
    assert AuditEntry.objects.count() == entries


def test_board_of_another_bloc_cannot_be_taken_in(cast: Cast) -> None:
    stranger = year_opening.Place(board=cast.foreign_board, role=Role.MEMBER)

    with pytest.raises(Refusal):
        open_year(cast, cast.year, 2020, [*places(cast), stranger])

    assert cast.bloc.years.count() == 1
    assert AuditEntry.objects.count() == 0
