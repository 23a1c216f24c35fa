"""Differences between two scales by row and field."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from scoring.models import Scale
from scoring.scale.differences import ADDED, CHANGED, GONE, Change, between, between_rules
from scoring.scale.drafts import ScaleDraft, draft_of
from tests.people import Cast
from tests.scoring.scales import draft_scale, drafted_scale
from tests.scoring.scales_made import drafts
from tests.shared_scene import in_scene


@settings(deadline=None, max_examples=30)
@given(drafts())
def test_a_scale_does_not_differ_from_itself(draft: ScaleDraft) -> None:
    assert between(draft, draft) == []


@settings(deadline=None, max_examples=30)
@given(drafts(), drafts())
def test_what_is_added_one_way_is_gone_the_other(one: ScaleDraft, other: ScaleDraft) -> None:
    assert rows(between(one, other), ADDED) == rows(between(other, one), GONE)


def rows(changes: list[Change], what: str) -> set[tuple[str, str]]:
    return {(change.sort, change.code) for change in changes if change.what == what}


@pytest.fixture
def draft(cast: Cast) -> ScaleDraft:
    return draft_of(draft_scale(cast.year, actor=cast.chi))


def with_criterion(draft: ScaleDraft, place: int, **values: Any) -> ScaleDraft:
    criteria = list(draft.criteria)
    criteria[place] = replace(criteria[place], **values)
    return replace(draft, criteria=tuple(criteria))


CHANGES = [
    ({"title": "Dự án"}, ("Dự án mới so với kế hoạch", "Dự án")),
    ({"max_points": Decimal("6.5")}, ("6", "6,5")),
    ({"bonus_points": Decimal(1)}, ("0", "1")),
    ({"unit": "dự án"}, ("%", "dự án")),
    ({"indicator": ""}, ("Dự án mới so với kế hoạch", "")),
    ({"help_text": "Theo báo cáo"}, ("", "Theo báo cáo")),
    ({"group": "II"}, ("I", "II")),
    (
        {"parameters": {"cap_percent": "120"}},
        (
            "Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa 100 %",
            "Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa 120 %",
        ),
    ),
    (
        {"kind": "yes_no", "parameters": {}},
        ("Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa 100 %", "Có thì được điểm"),
    ),
]


@pytest.mark.parametrize(("values", "words"), CHANGES)
def test_each_field_that_changed_is_named_with_both_values(
    draft: ScaleDraft, values: dict[str, Any], words: tuple[str, str]
) -> None:
    (found,) = between(draft, with_criterion(draft, 0, **values))

    assert (found.what, found.code) == (CHANGED, "I.1")
    assert [(one.before, one.after) for one in found.fields] == [words]


@pytest.mark.parametrize("name", ["owner", "source", "facts_from", "needs_evidence"])
def test_no_field_of_a_criterion_changes_unseen(draft: ScaleDraft, name: str) -> None:
    values = {"owner": "outside", "source": "x", "facts_from": "II.2", "needs_evidence": False}

    (found,) = between(draft, with_criterion(draft, 0, **{name: values[name]}))

    assert len(found.fields) == 1


def test_rows_added_and_gone_are_told_with_their_points(draft: ScaleDraft) -> None:
    renamed = with_criterion(draft, 3, code="II.9")

    assert [(one.what, one.code, one.worth) for one in between(draft, renamed)] == [
        (ADDED, "II.9", "2"),
        (GONE, "II.2", "2"),
    ]


@in_scene(drafted_scale)
def test_the_rules_that_differ_are_told(scale: Scale) -> None:
    other = Scale.objects.get(pk=scale.pk)
    other.total, other.tie_break, other.rounding = Decimal(20), ["head"], Decimal("0.25")

    assert [(one.before, one.after) for one in between_rules(scale, other)] == [
        ("15", "20"),
        ("0,01", "0,25"),
        ("điểm nhóm I, ít điểm trừ hơn, bỏ phiếu", "Khối trưởng quyết định"),
    ]
    assert between_rules(scale, Scale.objects.get(pk=scale.pk)) == []
