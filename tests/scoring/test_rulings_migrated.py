"""Rulings of the boards, one row each, become rulings on one tie."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

ruled_together = import_module("scoring.migrations.0006_rulings_of_one_tie").ruled_together
NOON = dt.datetime(2020, 1, 10, 12, tzinfo=dt.UTC)


def row(pk: int, place: int, seconds: float) -> Any:
    at = NOON + dt.timedelta(seconds=seconds)
    return SimpleNamespace(pk=pk, place=place, recorded_at=at)


@pytest.mark.parametrize(
    ("rows", "cut"),
    [
        ([], []),
        ([row(1, 2, 0), row(2, 1, 0.001)], [[1, 2]]),
        # Two ties by the same minutes, recorded one after the other.
        (
            [row(1, 2, 0), row(2, 1, 0), row(3, 3, 40), row(4, 1, 40), row(5, 2, 40)],
            [[1, 2], [3, 4, 5]],
        ),
        # Corrected later: the rows kept their ids, what counts is when they were written.
        ([row(1, 1, 90), row(2, 2, 0), row(3, 2, 90)], [[2], [1, 3]]),
        ([row(1, 1, 0), row(2, 2, 0), row(3, 1, 0.1), row(4, 2, 0.1)], [[1, 2], [3, 4]]),
    ],
)
def test_rows_of_one_act_are_one_ruling(rows: list[Any], cut: list[list[int]]) -> None:
    assert [[one.pk for one in together] for together in ruled_together(rows)] == cut
