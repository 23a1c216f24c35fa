"""Books of numbers: each of a bloc, a word and a calendar year; papers stand for all rows in them.

Refusals and two at once: tests/covenants/adoption/test_numbers.py.
"""

from typing import Any

import pytest

from covenants.models import Paper
from members.models import Bloc, NumberSeries
from members.records.numbering import Numbering, NumberTaken, give_number
from tests.people import Cast, draft_regulation, make_bloc


def numbered(cast: Cast, number: int | None = None, **book: Any) -> Paper:
    """A paper with a number in a book; that of the test is the bloc's C40 of 2019."""
    paper = draft_regulation(cast.year, actor=cast.chi, kind="document")
    place: dict[str, Any] = {"bloc": cast.bloc, "book": "C40", "year": 2019} | book
    give_number(paper, Numbering(symbol="PT", number=number), **place)
    paper.save()
    return paper


def test_each_book_counts_for_itself(cast: Cast) -> None:
    other: Bloc = make_bloc("dong-bang")

    numbers = [
        numbered(cast).full_number,
        numbered(cast).full_number,
        numbered(cast, book="C41").full_number,
        numbered(cast, year=2020).full_number,
        numbered(cast, bloc=other).full_number,
    ]

    assert numbers == ["01/PT", "02/PT", "01/PT", "01/PT", "01/PT"]
    assert NumberSeries.objects.count() == 4


def test_a_number_taken_in_one_book_is_free_in_another(cast: Cast) -> None:
    first = numbered(cast, 7)

    with pytest.raises(NumberTaken):
        numbered(cast, 7)

    assert numbered(cast, 7, book="C41").full_number == first.full_number == "07/PT"


def test_a_row_may_be_given_its_own_number_again(cast: Cast) -> None:
    paper = numbered(cast, 7)

    give_number(paper, Numbering(symbol="pt", number=7), bloc=cast.bloc, book="C40", year=2019)

    assert paper.full_number == "07/pt"
