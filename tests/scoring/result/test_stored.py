"""The stored result of a year: computed from the records, and reproducible."""

import json
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.management.commands import verify
from members.models.blocs import Role
from scoring import computing
from scoring.formulas import Fact
from scoring.models import Criterion, Figure, Line, Result, Scale, Scoring
from scoring.models.appraisal import Column
from scoring.result import objections
from scoring.result import stored as result_stored
from scoring.result.objection_remedies import Remedy
from scoring.scale import computable
from scoring.sheets.boards import board_sheets, compute_year
from tests.append_only import drop_triggers
from tests.people import Cast, join, make_year
from tests.scoring.crowds import crowd, made_final, put
from tests.scoring.scales import line_of, open_year, published_year, sheet_of
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)


# --- Written down and read back -------------------------------------------------------------------

figures = st.none() | st.decimals(0, 10**12, places=4, allow_nan=False)
codes = st.text("IVX.123", min_size=1, max_size=5)
sheets = st.builds(
    computing.Sheet,
    board=st.integers(1, 999),
    facts=st.dictionaries(codes, st.builds(Fact, actual=figures, plan=figures), max_size=6),
    not_assigned=st.frozensets(codes, max_size=3),
    is_ranked=st.booleans(),
    order=st.integers(0, 99),
    rulings=st.dictionaries(st.sampled_from(["ballot", "head"]), st.integers(1, 9)),
    about=st.dictionaries(st.sampled_from(["ballot", "head"]), st.frozensets(st.integers(1, 9))),
)


@given(st.lists(sheets, max_size=4))
def test_what_is_written_down_reads_back_as_it_was(given_sheets: list[computing.Sheet]) -> None:
    stored = json.loads(json.dumps(result_stored.figures_as_json(given_sheets)))

    assert result_stored.figures_from_json(stored) == sorted(
        given_sheets, key=lambda sheet: sheet.order
    )


# --- Stored ---------------------------------------------------------------------------------------


def test_a_result_is_stored_when_published_objected_agreed_and_final(
    cast: Cast, published: Scoring
) -> None:
    line = line_of(sheet_of(published, cast.board), "I.1")
    membership = line.sheet.membership
    made = objections.make_objection(line, membership=membership, text="Sai số", actor=cast.binh)
    objections.answer(made, remedy=Remedy("figure", Decimal(95)), text="Đúng", actor=cast.an)

    made_final(published, actor=cast.chi)

    stored = published.results.order_by("pk")
    assert [one.occasion for one in stored] == ["publication", "objection", "agreement", "final"]
    assert [one.content["column"] for one in stored] == [
        "appraised",
        "appraised",
        "agreed",
        "agreed",
    ]
    assert {one.scale_digest for one in stored} == {published.scale_digest}


def test_an_objection_that_is_dismissed_stores_nothing_new(cast: Cast, published: Scoring) -> None:
    line = line_of(sheet_of(published, cast.board), "I.1")
    made = objections.make_objection(
        line, membership=line.sheet.membership, text="Sai số", actor=cast.binh
    )
    objections.answer(made, remedy=None, text="Đủ rồi", actor=cast.an)

    assert published.results.count() == 1


def test_the_same_figures_give_the_same_digest_for_ever(cast: Cast, published: Scoring) -> None:
    made_final(published, actor=cast.chi)
    agreed, last = published.results.filter(content__column="agreed").order_by("pk")

    rules = computable.rules_of(published.scale)
    again = computing.digest(rules, result_stored.inputs(published, Column.AGREED))
    read = computing.digest(rules, result_stored.figures_from_json(last.content["figures"]))
    assert {again, read, last.input_digest} == {agreed.input_digest}
    assert list(result_stored.faults()) == []
    assert list(verify.faults()) == []


# --- Faults are found -----------------------------------------------------------------------------


def test_a_figure_changed_around_the_triggers_is_found(cast: Cast, published: Scoring) -> None:
    scoring = made_final(published, actor=cast.chi)
    drop_triggers()
    line = line_of(sheet_of(scoring, cast.board), "I.1")
    Figure.objects.filter(line=line, column="agreed").update(fact=Decimal(100))

    assert list(result_stored.faults()) == [
        f"scoring {scoring.pk}: the figures on record are not those of its final result"
    ]


def test_a_figure_added_after_the_result_was_final_is_found(cast: Cast, published: Scoring) -> None:
    scoring = made_final(published, actor=cast.chi)
    put(line_of(sheet_of(scoring, cast.board), "I.1"), Decimal(100), cast.an, "agreed")

    assert list(result_stored.faults()) == [
        f"scoring {scoring.pk}: the figures on record are not those of its final result"
    ]


CHANGES: dict[str, Any] = {
    "points": lambda scale: scale.criteria.filter(code="I.1").update(max_points=5),
    "parameters": lambda scale: scale.criteria.filter(code="II.1").update(parameters={"each": "2"}),
    "grades": lambda scale: scale.grades.filter(title="Khá").update(least=9),
    "ties": lambda scale: Scale.objects.filter(pk=scale.pk).update(tie_break=["ballot"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_scale_changed_behind_the_acts_is_found(published: Scoring, what: str) -> None:
    CHANGES[what](published.scale)

    stored = published.results.get()
    assert list(result_stored.faults()) == [
        f"scoring {published.pk}: its scale was changed after it was adopted",
        f"result {stored.pk}: its figures are not those that it was computed from",
    ]


def test_a_stored_outcome_that_was_changed_is_found(published: Scoring) -> None:
    stored = published.results.get()
    stored.content["outcome"][0]["total"] = "15"
    drop_triggers()
    Result.objects.filter(pk=stored.pk).update(content=stored.content)

    assert list(result_stored.faults()) == [
        f"result {stored.pk}: computed again, it comes out differently"
    ]


def test_stored_figures_that_were_changed_are_found(published: Scoring) -> None:
    stored = published.results.get()
    stored.content["figures"][0]["facts"]["I.1"] = ["100", "100"]
    drop_triggers()
    Result.objects.filter(pk=stored.pk).update(content=stored.content)

    assert list(result_stored.faults()) == [
        f"result {stored.pk}: its figures are not those that it was computed from"
    ]


# --- Computing ------------------------------------------------------------------------------------


def queries_to_compute(scoring: Scoring) -> int:
    fresh = Scoring.objects.select_related("scale", "bloc_year__bloc").get(pk=scoring.pk)
    with CaptureQueriesContext(connection) as captured:
        compute_year(fresh, Column.APPRAISED)
    return len(captured)


def test_a_year_is_computed_with_as_many_queries_for_two_boards_as_for_twelve(
    cast: Cast, published: Scoring
) -> None:
    few = queries_to_compute(published)
    crowd(published, 12, actor=cast.an)

    assert (few, queries_to_compute(published)) == (14, 14)


def test_the_order_in_which_boards_are_read_does_not_matter(cast: Cast, published: Scoring) -> None:
    crowd(published, 12, actor=cast.an)
    boards = board_sheets(published)
    mixed = random.Random(1).sample(boards, len(boards))
    for board in mixed:
        random.Random(2).shuffle(board.lines)

    assert compute_year(published, Column.APPRAISED, mixed) == compute_year(
        published, Column.APPRAISED
    )


def scored_by(cast: Cast, changed: dict[str, dict[str, Any]], **rules: Any) -> Scoring:
    """A year of the two boards by a scale of which some criteria are changed before it is opened;
    the head has 80 and 2 projects beyond, the member 90."""
    year = make_year(cast.bloc, 2018)
    join(year, cast.head, role=Role.HEAD)
    join(year, cast.board, role=Role.DEPUTY)
    scoring = open_year(year, actor=cast.chi, leader=cast.an, **rules)
    for code, values in changed.items():
        Criterion.objects.filter(scale=scoring.scale, code=code).update(**values)
    for board, done in ((cast.head, 80), (cast.board, 90)):
        sheet = sheet_of(scoring, board)
        for code, fact in (("I.1", done), ("I.2", 4), ("II.1", 0), ("II.2", 1)):
            put(line_of(sheet, code), Decimal(fact), cast.an)
    return Scoring.objects.get(pk=scoring.pk)


def totals(scoring: Scoring) -> list[tuple[str, int | None, str, str]]:
    year = compute_year(scoring, Column.APPRAISED)
    names = {one.membership_id: one.membership.board.code for one in scoring.sheets.all()}
    return [(names[one.board], one.rank, str(one.total), str(one.percent)) for one in year.boards]


def test_a_relative_criterion_is_measured_by_the_best_of_the_bloc(cast: Cast) -> None:
    scoring = scored_by(cast, {"I.1": {"kind": "relative", "parameters": {}}})

    assert totals(scoring) == [("BDI", 1, "15.00", "100.00"), ("DLK", 2, "14.33", "95.53")]


def test_boards_are_ranked_by_percent_where_the_scale_says_so(cast: Cast) -> None:
    """The member's percent is higher though its points are fewer: II is not assigned to it."""
    scoring = scored_by(cast, {}, basis="percent")
    not_assigned(scoring, cast, "II.1", "II.2", "I.2")

    by_percent = compute_year(scoring, Column.APPRAISED)
    assert [str(one.value) for one in by_percent.boards] == ["92.00", "90.00"]
    assert [row[:2] for row in totals(scoring)] == [("DLK", 1), ("BDI", 2)]


@pytest.mark.parametrize(
    ("policy", "member"),
    [
        # 5.4 + 4 of 10 points: 94 percent of 15.
        ("rescaled", ("BDI", 1, "14.10", "94.00")),
        # 5.4 + 4, and all 5 of what does not apply.
        ("full", ("BDI", 1, "14.40", "96.00")),
    ],
)
def test_what_is_not_assigned_is_rescaled_or_counted_in_full(
    cast: Cast, policy: str, member: tuple[str, int, str, str]
) -> None:
    scoring = scored_by(cast, {}, not_assigned=policy)
    not_assigned(scoring, cast, "II.1", "II.2")

    assert totals(scoring)[0] == member


def not_assigned(scoring: Scoring, cast: Cast, *codes: str) -> None:
    sheet = sheet_of(scoring, cast.board)
    Line.objects.filter(sheet=sheet, criterion__code__in=codes).update(
        unassigned_because="Không có khu"
    )
