"""The digest of a year's inputs changes with everything that affects the result, and only then."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from scoring.computing import Basis, Combine, NotAssigned, Scale, digest
from scoring.formulas import Fact
from tests.scoring.computing.made import bonus_group, criterion, grades, group, scale, sheet

RULES = scale(
    [group("I", 60), group("II", 40), bonus_group("B", 10)],
    [
        criterion("I.1", "plan_ratio", 60),
        criterion("II.1", "full_minus", 40, each="5"),
        criterion("B.1", "beyond_plan", 5, each="0.1", facts_from="I.1"),
    ],
    bonus_cap=10,
    grades=grades(("Tốt", 80), ("Khá", 0)),
    tie_break=("group:I", "ballot"),
)
SHEET = sheet(1, {"I.1": (18, 20), "II.1": 1}, "B.1", rulings={"ballot": 1})
OTHER = sheet(2, {"I.1": (20, 20)})


def with_criterion(**changed: Any) -> Scale:
    first, *others = RULES.criteria
    return replace(RULES, criteria=(replace(first, **changed), *others))


def with_group(**changed: Any) -> Scale:
    *others, last = RULES.groups
    return replace(RULES, groups=(*others, replace(last, **changed)))


OTHER_RULES = {
    "total": replace(RULES, total=RULES.total + 1),
    "bonus_cap": replace(RULES, bonus_cap=RULES.bonus_cap + 1),
    "rounding": replace(RULES, rounding=RULES.rounding * 25),
    "basis": replace(RULES, basis=Basis.PERCENT),
    "not_assigned": replace(RULES, not_assigned=NotAssigned.FULL),
    "grade": replace(RULES, grades=grades(("Tốt", 81), ("Khá", 0))),
    "title of a grade": replace(RULES, grades=grades(("Giỏi", 80), ("Khá", 0))),
    "no grade": replace(RULES, grades=RULES.grades[:1]),
    "order of tie-breaks": replace(RULES, tie_break=RULES.tie_break[::-1]),
    "no group": replace(RULES, groups=RULES.groups[:2]),
    "points of a group": with_group(max_points=RULES.total),
    "parent of a group": with_group(parent="I"),
    "combine": with_group(combine=Combine.HIGHEST),
    "bonus": with_group(is_bonus=False),
    "code of a group": with_group(code="C"),
    "no criterion": replace(RULES, criteria=RULES.criteria[:2]),
    "code": with_criterion(code="I.2"),
    "group": with_criterion(group="II"),
    "kind": with_criterion(formula=criterion("I.1", "rubric", 60).formula),
    "parameters": with_criterion(
        formula=criterion("I.1", "plan_ratio", 60, floor_percent="50").formula
    ),
    "formula's points": with_criterion(formula=criterion("I.1", "plan_ratio", 59).formula),
    "points": with_criterion(max_points=RULES.total),
    "bonus points": with_criterion(bonus_points=RULES.bonus_cap),
    "source": with_criterion(facts_from="II.1"),
}
OTHER_SHEETS = {
    "board": replace(SHEET, board=3),
    "actual": sheet(1, {"I.1": (19, 20), "II.1": 1}, "B.1", rulings={"ballot": 1}),
    "plan": sheet(1, {"I.1": (18, 21), "II.1": 1}, "B.1", rulings={"ballot": 1}),
    "no plan": sheet(1, {"I.1": 18, "II.1": 1}, "B.1", rulings={"ballot": 1}),
    "no figure": sheet(1, {"I.1": (18, 20)}, "B.1", rulings={"ballot": 1}),
    "assigned": replace(SHEET, not_assigned=frozenset()),
    "rank": replace(SHEET, is_ranked=False),
    "order": replace(SHEET, order=2),
    "ruling": replace(SHEET, rulings={"ballot": 2}),
    "no ruling": replace(SHEET, rulings={}),
    "tie": replace(SHEET, about={"ballot": frozenset({1, 2})}),
    "other tie": replace(SHEET, about={"ballot": frozenset({1, 3})}),
}


@pytest.mark.parametrize("what", OTHER_RULES)
def test_whatever_counts_in_the_scale_changes_the_digest(what: str) -> None:
    assert digest(OTHER_RULES[what], [SHEET]) != digest(RULES, [SHEET])


@pytest.mark.parametrize("what", OTHER_SHEETS)
def test_whatever_counts_in_a_sheet_changes_the_digest(what: str) -> None:
    assert digest(RULES, [OTHER_SHEETS[what]]) != digest(RULES, [SHEET])


def test_every_change_has_a_digest_of_its_own() -> None:
    """Nothing that is written into it runs into what stands beside it."""
    found = [digest(rules, [SHEET]) for rules in OTHER_RULES.values()]
    found += [digest(RULES, [one]) for one in OTHER_SHEETS.values()]
    found += [digest(RULES, []), digest(RULES, [OTHER]), digest(RULES, [SHEET, OTHER])]

    assert len(set(found)) == len(found)


def test_what_nobody_counts_by_leaves_the_digest_alone() -> None:
    """Titles of groups, the best that a fact was compared with, figures that no line has."""
    retitled = replace(RULES, groups=tuple(replace(one, title="Khác") for one in RULES.groups))
    with_more = replace(
        SHEET,
        facts={
            **{code: Fact(one.actual, one.plan, RULES.total) for code, one in SHEET.facts.items()},
            "X.9": Fact(RULES.total),
            "B.1": Fact(),
        },
        not_assigned=SHEET.not_assigned | {"X.9"},
    )

    assert digest(retitled, [SHEET]) == digest(RULES, [SHEET])
    assert digest(RULES, [with_more]) == digest(RULES, [SHEET])


WRITTEN = """
{"scale":{"basis":"points","bonus_cap":"2","criteria":{"I.1":{"bonus_points":"0",
"formula_points":"15","group":"I","kind":"plan_ratio","max_points":"15",
"parameters":{"cap_percent":"100","floor_percent":"0"},"source":"I.1"}},
"grades":[["Kh\\u00e1","0"]],"groups":{"I":["15","","sum",false]},"not_assigned":"rescaled",
"rounding":"0.25","tie_break":["group:I"],"total":"15"},
"sheets":{"7":{"about":{"ballot":[7,8]},"facts":{"I.1":["18.5","20"]},"is_ranked":true,"not_assigned":[],"order":7,
"rulings":{"ballot":1}}}}
"""


def test_the_digest_can_be_computed_by_hand() -> None:
    """What is stored with a result must be found again by every later release."""
    rules = scale(
        [group("I", "15.00")],
        [criterion("I.1", "plan_ratio", "15.00")],
        bonus_cap="2.00",
        rounding="0.25",
        grades=grades(("Khá", 0)),
        tie_break=("group:I",),
    )
    facts = {"I.1": ("18.5000", "20.0000")}
    given = sheet(7, facts, rulings={"ballot": 1}, about={"ballot": frozenset({8, 7})})

    by_hand = hashlib.sha256(WRITTEN.replace("\n", "").encode()).hexdigest()

    assert digest(rules, [given]) == by_hand
