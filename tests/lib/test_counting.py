from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.counting import Base, Count, Passing, Rule, outcome, share

percents = st.decimals(0, 100, places=2)
rules = st.builds(Rule, percents, percents, st.sampled_from(Passing), st.sampled_from(Base))


@st.composite
def counts(draw: st.DrawFn) -> Count:
    """Any vote that can happen: boards away, boards that raise no hand, votes of three kinds."""
    votes = [draw(st.integers(0, 12)) for _kind in range(3)]
    present = sum(votes) + draw(st.integers(0, 5))
    return Count(present + draw(st.integers(0, 5)), present, *votes)


def rule(quorum: str, threshold: str, passing: Passing, base: Base = Base.ALL) -> Rule:
    return Rule(Decimal(quorum), Decimal(threshold), passing, base)


@given(rules, counts())
def test_a_vote_ends_as_a_recount_by_hand_says(rule: Rule, count: Count) -> None:
    """The recount goes board by board and compares fractions."""
    everybody = ["for"] * count.in_favour + ["against"] * count.against
    everybody += ["abstain"] * count.abstaining
    everybody += ["silent"] * (count.present - len(everybody))
    everybody += ["away"] * (count.members - count.present)
    there = [board for board in everybody if board != "away"]
    counted = everybody if rule.base is Base.ALL else there
    quorum = not everybody or Fraction(len(there), len(everybody)) >= Fraction(
        rule.quorum_percent
    ) / Fraction(100)
    part = Fraction(counted.count("for"), len(counted)) if counted else None
    wanted = Fraction(rule.threshold_percent) / 100
    enough = part is not None and (part > wanted if rule.passing == "more_than" else part >= wanted)

    found = outcome(rule, count)

    assert (found.has_quorum, found.is_adopted) == (quorum, quorum and enough)


@pytest.mark.parametrize(
    ("in_favour", "asked", "is_adopted"),
    [
        (6, rule("50", "50", Passing.MORE_THAN), True),
        (5, rule("50", "50", Passing.MORE_THAN), False),
        (10, rule("50", "90", Passing.AT_LEAST), True),
        (9, rule("50", "80", Passing.AT_LEAST), True),
        (8, rule("50", "80", Passing.AT_LEAST), False),
        (7, rule("100", "50", Passing.MORE_THAN, Base.PRESENT), False),
    ],
)
def test_eleven_boards_decide_by_the_rules_in_use(
    in_favour: int, asked: Rule, is_adopted: bool
) -> None:
    against = 10 - in_favour
    count = Count(11, 10, in_favour, against, 0)

    assert outcome(asked, count).is_adopted is is_adopted


def test_half_is_more_than_half_of_nothing() -> None:
    half = rule("50", "50", Passing.MORE_THAN)

    assert outcome(half, Count(10, 10, 5, 5, 0)).is_adopted is False
    assert outcome(half, Count(10, 10, 5, 4, 1)).is_adopted is False


def test_nobody_adopts_nothing() -> None:
    lax = rule("0", "0", Passing.AT_LEAST, Base.PRESENT)

    assert outcome(lax, Count(11, 0, 0, 0, 0)).is_adopted is False


@pytest.mark.parametrize(
    "count", [Count(11, 5, 3, 2, 1), Count(3, 4, 1, 1, 1), Count(11, 5, -1, 2, 2)]
)
def test_an_impossible_count_is_refused(count: Count) -> None:
    with pytest.raises(ValueError, match="No vote ends like this"):
        outcome(rule("50", "50", Passing.MORE_THAN), count)


def test_the_share_is_rounded_half_up_to_two_places() -> None:
    assert [share(1, 3), share(2, 3), share(1, 16), share(0, 0)] == [
        Decimal("33.33"),
        Decimal("66.67"),
        Decimal("6.25"),
        Decimal("0.00"),
    ]
