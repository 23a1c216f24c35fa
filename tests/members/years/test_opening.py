from collections import Counter
from typing import Any

import pytest

from emulation_bloc.lib.refusal import Refusal
from members.models import AuditEntry, BlocYear, Board, User
from members.models.blocs import Role
from members.years import opening
from tests.covenants.processes import at_once
from tests.people import Cast


def places(cast: Cast) -> list[opening.Place]:
    return [
        opening.Place(board=cast.head, role=Role.HEAD),
        opening.Place(board=cast.board, role=Role.MEMBER),
    ]


def open_year(cast: Cast, last: BlocYear, year: int, taken: list[opening.Place]) -> BlocYear:
    return opening.open_next_year(last, year=year, theme="", places=taken, steps={}, actor=cast.chi)


def test_year_is_opened_from_the_newest_one_only(cast: Cast) -> None:
    open_year(cast, cast.year, 2020, places(cast))
    entries = AuditEntry.objects.count()

    with pytest.raises(Refusal):
        open_year(cast, cast.year, 2021, places(cast))

    assert [year.year for year in cast.bloc.years.all()] == [2020, 2019]
    assert AuditEntry.objects.count() == entries


def test_board_of_another_bloc_cannot_be_taken_in(cast: Cast) -> None:
    stranger = opening.Place(board=cast.foreign_board, role=Role.MEMBER)

    with pytest.raises(Refusal):
        open_year(cast, cast.year, 2020, [*places(cast), stranger])

    assert cast.bloc.years.count() == 1
    assert AuditEntry.objects.count() == 0


def test_year_before_the_newest_one_is_not_opened(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        open_year(cast, cast.year, 2005, places(cast))

    assert str(refusal.value) == "Năm tiếp theo phải sau năm 2019."
    assert cast.bloc.years.count() == 1
    assert AuditEntry.objects.count() == 0


def open_in_a_process(last: int, actor: int, head: int, line: Any) -> None:
    year = BlocYear.objects.select_related("bloc").get(pk=last)
    taken = [opening.Place(board=Board.objects.get(pk=head), role=Role.HEAD)]
    line.send("ready")
    line.recv()
    try:
        opening.open_next_year(
            year, year=2020, theme="", places=taken, steps={}, actor=User.objects.get(pk=actor)
        )
    except Refusal as refusal:
        line.send(type(refusal).__name__)
    else:
        line.send("opened")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_open_the_same_year_at_once_one_does(cast: Cast) -> None:
    said = at_once(4, open_in_a_process, cast.year.pk, cast.chi.pk, cast.head.pk)

    assert Counter(said) == {"opened": 1, "YearExists": 3}
    assert cast.bloc.years.count() == 2
