"""Random years for the pure computation: any groups, criteria, sheets and rules."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from scoring.computing import Basis, Combine, Criterion, Group, NotAssigned, Scale, Sheet
from scoring.formulas import Fact, read_formula
from tests.scoring.computing.made import grades
from tests.scoring.scales_made import criteria

Year = tuple[Scale, list[Sheet]]

ROUNDINGS = [Decimal(step) for step in ("0.01", "0.25", "0.5", "1")]
points = st.integers(0, 60).map(lambda quarters: Decimal(quarters) / 4)
# Few different figures, so that boards meet at equal points.
figures = st.one_of(st.integers(0, 6).map(Decimal), st.decimals(0, 200, places=2))
facts = st.builds(Fact, st.none() | figures, st.none() | figures)


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    """Each may stand in one before it."""
    found: list[Group] = []
    for number in range(draw(st.integers(1, 5))):
        parent = draw(st.sampled_from(["", *(one.code for one in found)]))
        combine, is_bonus = draw(st.sampled_from(Combine)), draw(st.booleans())
        found.append(Group(f"G{number}", "Nhóm", draw(points), parent, combine, is_bonus))
    return found


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    held = draw(groups())
    rows: list[Criterion] = []
    for number in range(draw(st.integers(1, 6))):
        kind, parameters, most = draw(criteria)
        source = draw(st.sampled_from(["", *(one.code for one in rows)]))
        home = draw(st.sampled_from(held)).code
        formula = read_formula(kind, parameters, most)
        rows.append(Criterion(f"C{number}", home, formula, most, draw(points), source))
    top = [one.max_points for one in held if not (one.parent or one.is_bonus)]
    codes = [f"group:{one.code}" for one in held] + ["fewest_deductions", "ballot", "head"]
    return Scale(
        total=sum(top, Decimal(0)),
        bonus_cap=draw(points),
        rounding=draw(st.sampled_from(ROUNDINGS)),
        basis=draw(st.sampled_from(Basis)),
        not_assigned=draw(st.sampled_from(NotAssigned)),
        groups=tuple(held),
        criteria=tuple(rows),
        grades=grades(("Tốt", 20), ("Khá", 5)),
        tie_break=tuple(draw(st.lists(st.sampled_from(codes), unique=True, max_size=4))),
    )


@st.composite
def sheets(draw: st.DrawFn, scale: Scale, board: int) -> Sheet:
    codes = [one.code for one in scale.criteria]
    return Sheet(
        board=board,
        facts={code: draw(facts) for code in draw(st.sets(st.sampled_from(codes)))},
        not_assigned=draw(st.frozensets(st.sampled_from(codes), max_size=2)),
        is_ranked=draw(st.sampled_from([True, True, True, False])),
        order=draw(st.integers(1, 3)),
        rulings=draw(st.dictionaries(st.sampled_from(["ballot", "head"]), st.integers(1, 3))),
        about=draw(
            st.dictionaries(
                st.sampled_from(["ballot", "head"]), st.frozensets(st.integers(1, 5), min_size=2)
            )
        ),
    )


@st.composite
def years(draw: st.DrawFn) -> Year:
    scale = draw(scales())
    count = draw(st.integers(0, 5))
    return scale, [draw(sheets(scale, board)) for board in range(1, count + 1)]


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Year, Year]:
    """A year, and the same with its sheets, criteria and groups in another order, and its figures
    spelled with other noughts."""
    scale, held = draw(years())

    def mixed(several: Any) -> tuple[Any, ...]:
        return tuple(draw(st.permutations(list(several))))

    other = replace(scale, groups=mixed(scale.groups), criteria=mixed(scale.criteria))
    return (scale, held), (other, [respelled(one) for one in mixed(held)])


def respelled(sheet: Sheet) -> Sheet:
    """Other noughts, another order of the figures."""
    given = reversed(sheet.facts.items())
    return replace(
        sheet, facts={code: Fact(longer(one.actual), longer(one.plan)) for code, one in given}
    )


def longer(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(Decimal("0.0001"))
