"""Stored results: a year computed and kept with the digests of its scale and figures, so that it
can be computed again and compared."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from emulation_bloc.lib.numbers import plain_decimal
from members.models import User

from .. import computing
from ..formulas import Fact
from ..models import Result, Scoring
from ..scale.computable import rules_of
from ..sheets.boards import board_sheets, computable_sheet


def store(scoring: Scoring, occasion: str, *, column: str, actor: User) -> Result:
    """Compute the year in a column and store the result; the caller has opened the transaction."""
    rules, sheets = rules_of(scoring.scale), inputs(scoring, column)
    return Result.objects.create(
        scoring=scoring,
        occasion=occasion,
        scale_digest=computing.digest(rules, ()),
        input_digest=computing.digest(rules, sheets),
        content={
            "column": column,
            "figures": figures_as_json(sheets),
            "outcome": outcome(computing.compute(rules, sheets)),
        },
        computed_at=timezone.now(),
        computed_by=actor,
    )


def inputs(scoring: Scoring, column: str) -> list[computing.Sheet]:
    """The input of the computation for each board, in a column."""
    return [computable_sheet(board, column) for board in board_sheets(scoring)]


def figures_as_json(sheets: Iterable[computing.Sheet]) -> list[dict[str, Any]]:
    """The input of the computation as JSON, board by board in the year's order."""
    return [
        {
            "board": sheet.board,
            "order": sheet.order,
            "is_ranked": sheet.is_ranked,
            "rulings": dict(sheet.rulings),
            "about": {by: sorted(boards) for by, boards in sheet.about.items()},
            "not_assigned": sorted(sheet.not_assigned),
            "facts": {
                code: [plain(fact.actual), plain(fact.plan)]
                for code, fact in sorted(sheet.facts.items())
            },
        }
        for sheet in sorted(sheets, key=lambda sheet: sheet.order)
    ]


def figures_from_json(rows: Iterable[Mapping[str, Any]]) -> list[computing.Sheet]:
    """The input of the computation from the JSON of `figures_as_json`."""
    return [
        computing.Sheet(
            board=row["board"],
            order=row["order"],
            is_ranked=row["is_ranked"],
            rulings=row["rulings"],
            about={by: frozenset(boards) for by, boards in row["about"].items()},
            not_assigned=frozenset(row["not_assigned"]),
            facts={
                code: Fact(actual=number(actual), plan=number(plan))
                for code, (actual, plan) in row["facts"].items()
            },
        )
        for row in rows
    ]


def plain(value: Decimal | None) -> str | None:
    """A number as a plain string for JSON; None stays None."""
    return None if value is None else plain_decimal(value)


def number(text: str | None) -> Decimal | None:
    """A number from JSON; None stays None."""
    return None if text is None else Decimal(text)


def outcome(result: computing.YearResult) -> list[dict[str, Any]]:
    """The outcome as JSON, in ranking order."""
    return [
        {
            "board": board.board,
            "rank": board.rank,
            "grade": board.grade,
            "total": plain(board.total),
            "value": plain(board.value),
            "groups": {code: plain(points) for code, points in sorted(board.groups.items())},
            "bonus": plain(board.bonus),
            "adjustment": plain(board.adjustment),
            "percent": plain(board.percent),
            "lines": {code: plain(line.points) for code, line in sorted(board.lines.items())},
        }
        for board in result.boards
    ]


def faults() -> Iterator[str]:
    """A sentence for each stored result that is not reproduced by its scale and figures, and for
    each scoring whose scale is not the adopted one. Used by `manage.py verify`."""
    for scoring in Scoring.objects.select_related("scale", "bloc_year__bloc").order_by("pk"):
        rules = rules_of(scoring.scale)
        if computing.digest(rules, ()) != scoring.scale_digest:
            yield f"scoring {scoring.pk}: its scale was changed after it was adopted"
        yield from _faults_of_results(scoring, rules)


def _faults_of_results(scoring: Scoring, rules: computing.Scale) -> Iterator[str]:
    last, sheets = None, []
    for last in scoring.results.order_by("pk"):
        sheets = figures_from_json(last.content["figures"])
        if computing.digest(rules, sheets) != last.input_digest:
            yield f"result {last.pk}: its figures are not those that it was computed from"
        elif outcome(computing.compute(rules, sheets)) != last.content["outcome"]:
            yield f"result {last.pk}: computed again, it comes out differently"
    if last is None or last.occasion != Result.Occasion.FINAL:
        return
    if _on_record(inputs(scoring, last.content["column"])) != _on_record(sheets):
        yield f"scoring {scoring.pk}: the figures on record are not those of its final result"


def _on_record(sheets: Iterable[computing.Sheet]) -> list[dict[str, Any]]:
    """Only figures and assignments: whether a board is ranked may change, when it signs the
    covenant late."""
    return [
        {key: row[key] for key in ("board", "facts", "not_assigned")}
        for row in figures_as_json(sheets)
    ]
