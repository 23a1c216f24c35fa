"""The form for criteria: saving, trying out, and refused input."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse

from scoring.models import Criterion, Scale
from scoring.scale.drafts import draft_of
from tests.covenants.pages import HTMX, as_
from tests.covenants.traces import nothing_changes
from tests.people import Cast, draft_covenant
from tests.scoring.scale_pages import again, criterion, errors_in, group, url, year_of
from tests.scoring.scales import draft_scale, drafted_scale
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


def test_a_criterion_is_added_as_it_was_typed(cast: Cast, scale: Scale) -> None:
    response = as_(cast.chi).post(url("new_scale_criterion"), criterion(scale))

    made = scale.criteria.get(code="II.3")
    assert (response.status_code, response["Location"]) == (302, url("scale_workshop") + "#tree")
    assert (made.max_points, made.bonus_points, made.parameters) == (
        Decimal("2.5"),
        Decimal(0),
        {"each": "0.5"},
    )
    assert (made.unit, made.needs_evidence, made.help_text) == (
        "báo cáo",
        True,
        "Tính theo ngày gửi.",
    )


def test_one_criterion_after_the_other_is_added_to_a_group(cast: Cast, scale: Scale) -> None:
    sent = criterion(scale, act="next")

    response = as_(cast.chi).post(url("new_scale_criterion"), sent)

    following = as_(cast.chi).get(response["Location"]).context["form"]
    assert following["group"].value() == str(sent["group"])


@pytest.mark.parametrize("code", ["I.1", "I.2", "II.1", "II.2", "T.1"])
def test_the_form_of_a_criterion_saves_what_it_showed(cast: Cast, scale: Scale, code: str) -> None:
    before = draft_of(scale)
    page = url("scale_criterion", scale.criteria.get(code=code).pk)
    form = as_(cast.chi).get(page).context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in values.items() if value not in (None, False)}

    response = as_(cast.chi).post(page, shown)

    assert (response.status_code, draft_of(scale)) == (302, before)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "II.2"}, "code"),
        ({"code": ""}, "code"),
        ({"title": " "}, "title"),
        ({"max_points": "nhiều"}, "max_points"),
        ({"group": "0"}, "group"),
        ({"kind": "bingo"}, "kind"),
        ({"each": ""}, "each"),
        ({"each": "hai"}, "each"),
        ({"each": "0"}, "each"),
        ({"each": "-1"}, "each"),
        ({"kind": "rubric", "levels": "1\n2"}, "levels"),
        ({"kind": "rubric", "levels": "9 = Tốt"}, "levels"),
        ({"kind": "steps", "steps": ""}, "steps"),
        ({"kind": "steps", "steps": "95"}, "steps"),
        ({"kind": "steps", "steps": "95 = nhiều"}, "steps"),
        ({"kind": "plan_ratio", "floor_percent": "200", "cap_percent": "100"}, "floor_percent"),
        ({"kind": "relative", "at_target_percent": "101"}, "at_target_percent"),
        ({"kind": "deduction", "each": "1"}, "max_points"),
        ({"owner": "portal"}, "source"),
        ({"facts_from": "0"}, "facts_from"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused_at_its_field(
    cast: Cast, scale: Scale, changed: dict[str, Any], field: str
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("new_scale_criterion"), criterion(scale, **changed))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert (errors_in(response), response.content.decode().count("Tính theo ngày gửi.")) == (
        [field],
        1,
    )


def test_a_deduction_has_no_standard_points(cast: Cast, scale: Scale) -> None:
    sent = criterion(scale, kind="deduction", max_points="", each="8")

    as_(cast.chi).post(url("new_scale_criterion"), sent)

    made = scale.criteria.get(code="II.3")
    assert (made.max_points, made.parameters) == (Decimal(0), {"each": "8"})


def test_a_record_of_the_portal_is_kept_only_where_the_portal_gives_the_figure(
    cast: Cast, scale: Scale
) -> None:
    for code, owner in (("II.3", "portal"), ("II.4", "board")):
        sent = criterion(again(scale), code=code, owner=owner, source="covenant_late")
        as_(cast.chi).post(url("new_scale_criterion"), sent)

    assert [scale.criteria.get(code=code).source for code in ("II.3", "II.4")] == [
        "covenant_late",
        "",
    ]


def test_a_criterion_whose_figure_is_reused_cannot_take_one_over(cast: Cast, scale: Scale) -> None:
    row, other = scale.criteria.get(code="I.1"), scale.criteria.get(code="I.2")
    sent = criterion(scale, group=row.group_id, code="I.1", facts_from=other.pk)

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_criterion", row.pk), sent)

    assert list(response.context["form"].errors) == ["facts_from"]


def test_the_plan_is_chosen_among_the_indicators_of_the_covenant(cast: Cast, scale: Scale) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    Criterion.objects.filter(scale=scale, code="I.2").update(indicator="Vốn đăng ký")

    context = as_(cast.chi).get(url("new_scale_criterion")).context

    assert context["indicators"] == ["Dự án mới so với kế hoạch", "Vốn đăng ký"]


def names_asked(html: str) -> list[str]:
    asked = re.findall(r'name="(each|cap|levels|steps|floor_percent|cap_percent)"', html)
    return list(dict.fromkeys(asked))


def test_another_way_of_scoring_brings_its_own_fields(cast: Cast, scale: Scale) -> None:
    row = scale.criteria.get(code="I.2")
    page = url("scale_criterion", row.pk)

    whole = as_(cast.chi).get(page).content.decode()
    part = as_(cast.chi).get(page, {"kind": "count", "each": "0,5"}, **HTMX).content.decode()

    assert names_asked(whole) == ["levels"]
    assert (names_asked(part), part.count('value="0,5"'), part.count("<html")) == (
        ["each", "cap"],
        1,
        0,
    )


def test_another_way_of_scoring_is_chosen_without_javascript(cast: Cast, scale: Scale) -> None:
    sent = criterion(scale, kind="steps", title="Chưa lưu", needs_evidence="", act="kind")
    del sent["needs_evidence"]

    with nothing_changes():
        response = as_(cast.chi).post(url("new_scale_criterion"), sent)

    html = response.content.decode()
    assert (response.status_code, errors_in(response)) == (200, [])
    assert (names_asked(html), html.count('value="Chưa lưu"')) == (["steps"], 1)
    assert response.context["form"]["needs_evidence"].value() is False


def tried(cast: Cast, scale: Scale, **changed: Any) -> HttpResponse:
    row = scale.criteria.get(code="II.2")
    sent = criterion(scale, code="II.2", **changed)
    with nothing_changes():
        return as_(cast.chi).post(url("scale_criterion", row.pk) + "?thu=1", sent, **HTMX)


def test_the_sums_follow_what_is_typed_and_nothing_is_saved(cast: Cast, scale: Scale) -> None:
    context = tried(cast, scale, max_points="2,5").context

    sums = [(one.group.code, str(one.inside), one.is_right) for one in context["sums"][:2]]
    assert sums == [("I", "10.00", True), ("II", "5.50", False)]
    assert context["words"] == "Mỗi trường hợp 0,5 điểm"


def test_the_sums_of_a_refused_page_are_those_of_what_was_typed(cast: Cast, scale: Scale) -> None:
    sent = criterion(scale, title="")

    response = as_(cast.chi).post(url("new_scale_criterion"), sent)

    assert (response.status_code, str(response.context["sums"][1].inside)) == (422, "7.50")


def test_half_typed_the_sums_stay_and_the_fault_is_said(cast: Cast, scale: Scale) -> None:
    context = tried(cast, scale, max_points="2,", kind="rubric", levels="9").context

    assert [one.is_right for one in context["sums"]] == [True, True, True, True]
    assert tried(cast, scale, kind="rubric", levels="9").context["refused"] != ""


def test_a_criterion_that_somebody_else_changed_is_not_overwritten(
    cast: Cast, scale: Scale
) -> None:
    page = url("scale_criterion", scale.criteria.get(code="II.2").pk)
    typed = criterion(scale, code="II.2", title="Của tôi")
    as_(cast.an).post(page, typed | {"title": "Của An"})

    with nothing_changes():
        response = as_(cast.chi).post(page, typed)
    notice = response.context["notice"]
    replaced = as_(cast.chi).post(page, typed | {"overtake": notice.revision})

    assert (response.status_code, notice.standing, notice.typed) == (
        409,
        [(str(response.context["form"]["title"].label), "Của An")],
        [(str(response.context["form"]["title"].label), "Của tôi")],
    )
    assert (replaced.status_code, scale.criteria.get(code="II.2").title) == (302, "Của tôi")


def test_a_new_criterion_overwrites_nothing_so_that_it_is_taken_from_an_older_page(
    cast: Cast, scale: Scale
) -> None:
    sent = criterion(scale)
    as_(cast.an).post(url("new_scale_group"), group(scale))

    assert as_(cast.chi).post(url("new_scale_criterion"), sent).status_code == 302


def test_a_criterion_is_taken_out_once_that_was_confirmed(cast: Cast, scale: Scale) -> None:
    page = url("remove_scale_criterion", scale.criteria.get(code="II.2").pk)
    with nothing_changes():
        late = as_(cast.chi).post(page, {"version": scale.revision - 1})

    response = as_(cast.chi).post(page, {"version": scale.revision})

    assert (late.status_code, response.status_code) == (409, 302)
    assert scale.criteria.filter(code="II.2").count() == 0


@pytest.mark.parametrize("name", ["scale_criterion", "scale_group", "remove_scale_group"])
def test_rows_of_another_scale_are_not_here(cast: Cast, scale: Scale, name: str) -> None:
    other = draft_scale(year_of(cast, 2020), actor=cast.chi)
    rows = other.criteria if name == "scale_criterion" else other.groups

    assert as_(cast.chi).get(url(name, rows.first().pk)).status_code == 404
