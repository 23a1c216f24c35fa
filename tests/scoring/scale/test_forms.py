"""The forms for rules and groups: saving, and refused input."""

from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from scoring.models import CriterionGroup, Scale
from scoring.scale.drafts import RULE_FIELDS, draft_of
from tests.covenants.pages import as_, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.scale_pages import again, group, rules, url
from tests.scoring.scales import drafted_scale
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


# --- Rules ----------------------------------------------------------------------------------------


def test_the_rules_are_saved_as_they_were_typed(cast: Cast, scale: Scale) -> None:
    response = as_(cast.chi).post(url("scale_rules"), rules(scale))

    saved = again(scale)
    assert response.status_code == 302
    assert (saved.bonus_cap, saved.rounding) == (Decimal("2.5"), Decimal("0.25"))
    assert (saved.tie_break, saved.unrankable) == (["head", "group:I"], ["not_signed"])
    assert [(one.title, str(one.least)) for one in saved.grades.all()] == [
        ("Xuất sắc", "13.00"),
        ("Khá", "7.50"),
        ("Yếu", "0.00"),
    ]


def test_the_form_of_the_rules_saves_what_it_showed(cast: Cast, scale: Scale) -> None:
    form = as_(cast.chi).get(url("scale_rules")).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    as_(cast.chi).post(url("scale_rules"), shown)

    fields = RULE_FIELDS
    assert [getattr(again(scale), name) for name in fields] == [
        getattr(scale, name) for name in fields
    ]
    assert again(scale).grades.count() == 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"total": "mười"}, "total"),
        ({"total": "-1"}, "total"),
        ({"bonus_cap": ""}, "bonus_cap"),
        ({"bonus_cap": "1,234"}, "bonus_cap"),
        ({"rounding": "0.3"}, "rounding"),
        ({"grades": "Xuất sắc"}, "grades"),
        ({"grades": "90 = "}, "grades"),
        ({"grades": "90 = Tốt\n80 = Tốt"}, "grades"),
        ({"grades": "90 = Tốt\n90 = Khá"}, "grades"),
        ({"tie_2": "head"}, "tie_1"),
        ({"tie_1": "group:V"}, "tie_1"),
        ({"crossing_each": "0"}, "crossing_each"),
        ({"unrankable": ["late"]}, "unrankable"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(
    cast: Cast, scale: Scale, changed: dict[str, Any], field: str
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("scale_rules"), rules(scale, **changed))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_rules_that_somebody_else_changed_are_shown_beside_those_typed(
    cast: Cast, scale: Scale
) -> None:
    as_(cast.an).post(url("scale_rules"), rules(scale, total="15"))
    typed = rules(scale, total="15", bonus_cap="1")

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_rules"), typed)
    notice = response.context["notice"]
    overtaken = as_(cast.chi).post(url("scale_rules"), typed | {"overtake": notice.revision})

    assert (response.status_code, notice.saved.actor) == (409, cast.an)
    assert [value for _label, value in notice.standing] == [
        "2,5",
        "13 = Xuất sắc\n7,5 = Khá\n0 = Yếu",
    ]
    assert [value for _label, value in notice.typed] == ["1", typed["grades"]]
    assert (overtaken.status_code, again(scale).bonus_cap) == (302, Decimal(1))


# --- Groups ---------------------------------------------------------------------------------------


def test_a_group_is_added_at_the_end(cast: Cast, scale: Scale) -> None:
    response = as_(cast.chi).post(url("new_scale_group"), group(scale))

    made = draft_of(scale).groups[-1]
    assert (response.status_code, made.code, made.max_points) == (302, "III", Decimal("2.5"))


def test_a_group_is_put_into_another(cast: Cast, scale: Scale) -> None:
    parent = scale.groups.get(code="I")

    as_(cast.chi).post(url("new_scale_group"), group(scale, parent=parent.pk))

    assert [(one.code, one.parent) for one in draft_of(scale).groups] == [
        ("I", ""),
        ("III", "I"),
        ("II", ""),
        ("T", ""),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "II"}, "code"),
        ({"title": ""}, "title"),
        ({"max_points": "100.000"}, "max_points"),
        ({"combine": "highest"}, "combine"),
        ({"parent": "0"}, "parent"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused_at_its_field(
    cast: Cast, scale: Scale, changed: dict[str, Any], field: str
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("new_scale_group"), group(scale, **changed))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert unescape(response.content.decode()).count('value="2,5"') == (field != "max_points")


def test_a_standard_group_does_not_go_into_a_bonus_group(cast: Cast, scale: Scale) -> None:
    bonus = scale.groups.get(code="T")

    with nothing_changes():
        response = as_(cast.chi).post(url("new_scale_group"), group(scale, parent=bonus.pk))

    assert list(response.context["form"].errors) == ["parent"]


def test_a_group_cannot_be_put_into_itself_or_below(cast: Cast, scale: Scale) -> None:
    outer = scale.groups.get(code="I")
    as_(cast.chi).post(url("new_scale_group"), group(scale, parent=outer.pk))

    form = as_(cast.chi).get(url("scale_group", outer.pk)).context["form"]

    offered = [value for value, _label in form.fields["parent"].choices]
    others = CriterionGroup.objects.filter(scale=scale, code__in=["II", "T"])
    assert offered == ["", *(str(one.pk) for one in others)]


def test_a_group_that_somebody_else_changed_is_not_overwritten(cast: Cast, scale: Scale) -> None:
    row = scale.groups.get(code="II")
    typed = group(scale, code="II", title="Của tôi", max_points="5")
    as_(cast.an).post(url("scale_group", row.pk), typed | {"title": "Của An"})

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_group", row.pk), typed)

    notice = response.context["notice"]
    assert (response.status_code, notice.standing[0][1], notice.typed[0][1]) == (
        409,
        "Của An",
        "Của tôi",
    )
    assert response.content.decode().count('value="Của tôi"') == 1


def test_a_group_is_taken_out_once_that_was_confirmed(cast: Cast, scale: Scale) -> None:
    row = scale.groups.get(code="II")
    asked = as_(cast.chi).get(url("remove_scale_group", row.pk))

    as_(cast.chi).post(url("remove_scale_group", row.pk), {"version": scale.revision})

    assert asked.context["inside"] == 2
    assert [one.code for one in draft_of(scale).groups] == ["I", "T"]


def test_a_group_in_use_says_by_what(cast: Cast, scale: Scale) -> None:
    row = scale.groups.get(code="I")

    with nothing_changes():
        response = as_(cast.chi).post(
            url("remove_scale_group", row.pk), {"version": scale.revision}
        )

    assert (response.status_code, text_of(response).count("T.1")) == (422, 1)
