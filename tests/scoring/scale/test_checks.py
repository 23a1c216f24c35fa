"""Inconsistencies of a scale, as sentences."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from emulation_bloc.lib.numbers import vn_figure
from scoring.models import Criterion, CriterionGroup, Scale
from scoring.scale import checks, tree
from tests.scoring.scales import drafted_scale
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


def faults(scale: Scale) -> list[str]:
    """Read afresh, in the language of the sentences' source."""
    with override("en"):
        return checks.faults(Scale.objects.get(pk=scale.pk))


def group(scale: Scale, code: str, **values: Any) -> None:
    CriterionGroup.objects.filter(scale=scale, code=code).update(**values)


def criterion(scale: Scale, code: str, **values: Any) -> None:
    Criterion.objects.filter(scale=scale, code=code).update(**values)


def within_bonus(scale: Scale) -> None:
    group(scale, "II", parent=CriterionGroup.objects.get(scale=scale, code="T"))


CASES: list[tuple[Callable[[Scale], object], list[str]]] = [
    (lambda scale: None, []),
    (
        lambda scale: criterion(scale, "I.2", max_points=Decimal("4.5")),
        ["Group I: its criteria add up to 10,5 points instead of 10."],
    ),
    (
        lambda scale: group(scale, "II", max_points=Decimal(6)),
        [
            "The groups add up to 16 points, the total is 15.",
            "Group II: its criteria add up to 5 points instead of 6.",
        ],
    ),
    (
        lambda scale: group(scale, "T", max_points=Decimal(1)),
        [],
    ),
    (
        lambda scale: criterion(scale, "II.2", kind="count", parameters={}),
        ["II.2: “Points for each” is missing."],
    ),
    (
        lambda scale: criterion(scale, "II.1", source="horoscope"),
        ["II.1: the portal keeps no such record yet."],
    ),
    (
        lambda scale: criterion(scale, "I.1", parameters={"cap_percent": "150"}),
        ["I.1: the formula reaches 9 points, more than the criterion has."],
    ),
    (
        lambda scale: criterion(
            scale, "I.1", parameters={"cap_percent": "150"}, bonus_points=Decimal(3)
        ),
        [],
    ),
    (
        lambda scale: criterion(scale, "I.2", bonus_points=Decimal(1)),
        ["I.2: the formula reaches 4 points, its bonus points never."],
    ),
    (lambda scale: scale.grades.all().delete(), ["The scale has no grades yet."]),
    (
        lambda scale: scale.grades.filter(least=0).delete(),
        ["The lowest grade must begin at 0."],
    ),
    (
        lambda scale: Scale.objects.filter(pk=scale.pk).update(tie_break=["group:V", "head"]),
        ["The order for equal points names the group V, which is not there."],
    ),
    (
        within_bonus,
        [
            "The groups add up to 10 points, the total is 15.",
            "Group II: standard and bonus points do not stand in one group.",
        ],
    ),
]


@pytest.mark.parametrize(("act", "expected"), CASES)
def test_what_does_not_add_up_is_said(
    scale: Scale, act: Callable[[Scale], object], expected: list[str]
) -> None:
    act(scale)

    assert faults(scale) == expected


def test_an_empty_scale_says_what_it_lacks(scale: Scale) -> None:
    scale.criteria.update(facts_from=None)
    scale.groups.all().delete()

    assert faults(scale)[:2] == [
        "The scale has no criteria yet.",
        "The groups add up to 0 points, the total is 15.",
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [("100", "100"), ("7.50", "7,5"), ("0.25", "0,25"), ("0", "0"), ("1000.00", "1.000")],
)
def test_points_are_written_without_idle_zeros(value: str, words: str) -> None:
    assert vn_figure(Decimal(value)) == words


def test_the_sums_of_a_page_are_those_that_are_checked(scale: Scale) -> None:
    criterion(scale, "I.2", max_points=Decimal(3))

    found = tree.sums(scale, list(scale.groups.all()), list(scale.criteria.all()))

    assert [(one.group and one.group.code, int(one.inside), one.is_right) for one in found] == [
        ("I", 9, False),
        ("II", 5, True),
        ("T", 2, True),
        (None, 15, True),
    ]
