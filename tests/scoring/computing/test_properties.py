"""Properties of the computation for every scale and year."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings

from scoring.computing import Basis, BoardResult, NotAssigned, Scale, compute, digest
from tests.scoring.years_computed import Year, shuffled, years

HUNDREDTH = Decimal("0.01")
# Drawing a whole year takes its time on a busy machine.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(shuffled())
@at_leisure
def test_neither_the_order_nor_the_spelling_of_what_is_given_matters(
    pair: tuple[Year, Year],
) -> None:
    one, other = pair

    results = [compute(*year) for year in pair]

    assert [told(board) for board in results[0].boards] == [
        told(board) for board in results[1].boards
    ]
    assert digest(*one) == digest(*other)


def told(one: BoardResult) -> tuple:
    return one._replace(lines=dict(one.lines), groups=dict(one.groups))


@given(years())
@at_leisure
def test_what_a_sheet_prints_adds_up_to_its_total(year: Year) -> None:
    """Lines to groups, groups to standard, and standard, adjustment and bonus to the total."""
    scale, sheets = year

    for one in compute(scale, sheets).boards:
        assert one.standard == sum(line.standard for line in one.lines.values())
        assert one.standard == sum(one.groups[code] for code in standard_at_the_top(scale))
        for group in scale.groups:
            assert one.groups[group.code] == expected(group.code, scale, one)
        assert one.total == max(one.standard + one.adjustment + one.bonus, 0)
        assert one.bonus <= scale.bonus_cap


def parent_of(code: str, scale: Scale) -> str:
    """A bonus group stands in bonus groups alone, and no other group in one."""
    by_code = {one.code: one for one in scale.groups}
    parent = by_code[code].parent
    return parent if parent and by_code[parent].is_bonus == by_code[code].is_bonus else ""


def standard_at_the_top(scale: Scale) -> list[str]:
    standard = [one.code for one in scale.groups if not one.is_bonus]
    return [code for code in standard if not parent_of(code, scale)]


def expected(code: str, scale: Scale, result: BoardResult) -> Decimal:
    """The points of a group from those of its lines and of the groups in it."""
    group = next(one for one in scale.groups if one.code == code)
    own = [result.lines[one.code] for one in scale.criteria if one.group == code]
    parts = [line.bonus if group.is_bonus else line.standard for line in own]
    parts += [result.groups[one.code] for one in scale.groups if parent_of(one.code, scale) == code]
    if not group.is_bonus:
        return sum(parts, Decimal(0))
    combined = max([*parts, Decimal(0)]) if group.combine == "highest" else sum(parts, Decimal(0))
    return min(combined, group.max_points)


@given(years())
@at_leisure
def test_a_line_counts_what_its_formula_gives_rounded_as_far_as_it_may(year: Year) -> None:
    scale, sheets = year
    full = scale.not_assigned == NotAssigned.FULL
    bonus = {group.code: group.is_bonus for group in scale.groups}

    result = compute(scale, sheets)

    for sheet in sheets:
        for one in scale.criteria:
            line = result.of_board(sheet.board).lines[one.code]
            is_bonus, is_absent = bonus[one.group], one.code in sheet.not_assigned
            if not (is_absent and full):
                assert line.points % scale.rounding == 0
                assert abs(line.points - one.formula.points(line.fact)) <= scale.rounding / 2
            else:
                assert line.points == (0 if is_bonus else one.max_points)
            most = one.max_points + one.bonus_points if is_bonus else one.bonus_points
            assert line.standard == (0 if is_bonus else min(line.points, one.max_points))
            assert line.bonus == min(line.points - line.standard, most)


@given(years())
@at_leisure
def test_places_and_grades_go_by_the_value_of_a_board(year: Year) -> None:
    scale, sheets = year

    boards = compute(scale, sheets).boards

    ranked = [one for one in boards if one.rank is not None]
    values = [one.value for one in ranked]
    assert {one.board for one in ranked} == {one.board for one in sheets if one.is_ranked}
    assert values == sorted(values, reverse=True)
    for one in boards:
        assert one.value == (one.percent if scale.basis == Basis.PERCENT else one.total)
        assert one.grade == ("Tốt" if one.value >= 20 else "Khá" if one.value >= 5 else "")
    for one in ranked:
        assert one.rank >= 1 + sum(other.value > one.value for other in ranked)


@given(years())
@at_leisure
def test_a_board_is_worth_the_same_without_those_it_is_not_compared_with(year: Year) -> None:
    """Only a formula that compares makes one board's points depend on another."""
    scale, sheets = year
    alone = [compute(scale, [sheet]).of_board(sheet.board) for sheet in sheets]
    together = compute(scale, sheets)

    for one in alone:
        for criterion in scale.criteria:
            if not criterion.formula.compares:
                there = together.of_board(one.board).lines[criterion.code]
                assert there == one.lines[criterion.code]


@given(years())
@at_leisure
def test_a_percent_is_a_share_of_what_a_board_could_reach(year: Year) -> None:
    scale, sheets = year

    for one in compute(scale, sheets).boards:
        earned = one.standard + one.bonus
        assert one.percent >= 0
        assert one.percent % HUNDREDTH == 0
        if earned > 0 and one.assigned > 0:
            assert abs(one.percent - earned * 100 / one.assigned) <= HUNDREDTH / 2
        else:
            assert one.percent == 0
        if scale.not_assigned == NotAssigned.FULL or scale.basis == Basis.PERCENT:
            assert one.adjustment == 0
