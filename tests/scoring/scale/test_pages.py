"""The pages of the scale: everybody reads, the secretariat edits."""

from typing import Any

import pytest
from django.urls import reverse

from covenants.models import Paper, PaperKind
from scoring.models import Criterion, Scale
from scoring.scale import workbook, writing
from scoring.scale.drafts import draft_of
from tests.covenants.pages import HTMX, as_, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast, draft_regulation, enrol
from tests.scoring.scale_pages import (
    criterion,
    group,
    lengthen,
    rules,
    smaller,
    upload,
    url,
    year_of,
)
from tests.scoring.scales import adopted_scale, draft_scale, drafted_scale, published_year
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


# --- Reading --------------------------------------------------------------------------------------


def test_every_member_reads_the_scale(cast: Cast, scale: Scale) -> None:
    response = as_(cast.em).get(url("scale"))

    text = text_of(response)
    assert (response.status_code, text.count("Dự án mới so với kế hoạch (")) == (200, 0)
    assert text.count("I.1 Dự án mới so với kế hoạch 6 Theo tỷ lệ thực hiện") == 1
    assert text.count("Xếp loại: Xuất sắc từ 13; Khá từ 8; Yếu từ 0.") == 1
    assert response.content.decode().count(url("scale_workshop")) == 0


def test_the_secretariat_is_led_to_the_workshop(cast: Cast, scale: Scale) -> None:
    html = as_(cast.chi).get(url("scale")).content.decode()

    assert html.count(f'btn-primary" href="{url("scale_workshop")}"') == 1


def test_before_there_is_a_scale_the_page_says_who_makes_it(cast: Cast) -> None:
    for user, target in (
        (cast.em, reverse("covenants:papers", args=["tay-nguyen", 2019])),
        (cast.chi, url("scale_workshop")),
    ):
        html = as_(user).get(url("scale")).content.decode()
        assert html.count(f'class="btn btn-quiet" href="{target}"') == 1


def test_the_scale_in_force_is_shown_and_the_draft_that_is_to_replace_it_named(
    cast: Cast,
) -> None:
    enrol(cast.an)
    held = adopted_scale(cast.year, actor=cast.chi, leader=cast.an)
    paper = draft_regulation(cast.year, actor=cast.chi, kind="point_scale")
    draft = writing.start_scale(paper, source=held, actor=cast.chi)
    client = as_(cast.em)

    shown = client.get(url("scale"))
    drafted = client.get(url("scale") + "?ban=du-thao")

    assert (shown.context["scale"], shown.context["draft"]) == (held, draft)
    assert (drafted.context["scale"], drafted.context["draft"]) == (draft, None)


def test_the_export_is_the_scale_itself(cast: Cast, scale: Scale) -> None:
    response = as_(cast.em).get(url("scale") + "?xuat=excel")

    assert response["Content-Disposition"] == (
        'attachment; filename="thang-diem-2019-tay-nguyen.xlsx"'
    )
    assert workbook.read_scale(response.content, limit=10**6)[0] == draft_of(scale)


@pytest.mark.parametrize("more", [0, 12])
def test_the_scale_is_read_with_as_many_queries_whatever_its_length(
    cast: Cast, scale: Scale, more: int, django_assert_num_queries: Any
) -> None:
    lengthen(scale, more, cast)
    client = as_(cast.em)

    with django_assert_num_queries(20):
        client.get(url("scale"))


@pytest.mark.parametrize("more", [0, 12])
def test_the_workshop_is_drawn_with_as_many_queries_whatever_its_length(
    cast: Cast, scale: Scale, more: int, django_assert_num_queries: Any
) -> None:
    lengthen(scale, more, cast)
    client = as_(cast.chi)

    with django_assert_num_queries(22):
        client.get(url("scale_workshop"))


# --- Starting -------------------------------------------------------------------------------------


def test_without_a_paper_one_is_led_to_start_it(cast: Cast) -> None:
    html = as_(cast.chi).get(url("scale_workshop")).content.decode()

    new = reverse("covenants:new_paper", args=["tay-nguyen", 2019]) + "?loai=point_scale"
    assert html.count(f'href="{new}"') == 1
    form = as_(cast.chi).get(new).context["form"]
    assert form["kind"].value() == "point_scale"


def test_a_scale_is_started_empty(cast: Cast) -> None:
    draft_regulation(cast.year, actor=cast.chi, kind="point_scale")

    response = as_(cast.chi).post(url("start_scale"), {"source": ""})

    assert (response.status_code, response["Location"]) == (302, url("scale_workshop"))
    assert Scale.objects.get().criteria.count() == 0
    assert as_(cast.chi).get(url("scale_workshop")).status_code == 200


def test_a_scale_is_started_from_that_of_the_year_before(cast: Cast, scale: Scale) -> None:
    year = year_of(cast, 2020)
    draft_regulation(year, actor=cast.chi, kind="point_scale")
    offered = as_(cast.chi).get(url("scale_workshop", year=2020))

    as_(cast.chi).post(url("start_scale", year=2020), {"source": "last"})

    assert offered.context["before"] == scale
    assert draft_of(Scale.objects.get(paper__bloc_year=year)) == draft_of(scale)


def test_without_a_paper_no_scale_is_started(cast: Cast) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("start_scale"), {"source": ""}, follow=True)

    assert (response.status_code, len(response.context["messages"])) == (200, 1)


def test_the_workshop_of_the_paper_leads_to_the_scale(cast: Cast, scale: Scale) -> None:
    address = reverse("covenants:paper:workshop", args=["tay-nguyen", 2019, scale.paper.pk])

    assert as_(cast.chi).get(address).content.decode().count(f'href="{url("scale_workshop")}"') == 3


# --- The workshop ---------------------------------------------------------------------------------


def test_the_workshop_shows_the_sums_and_what_does_not_add_up(cast: Cast, scale: Scale) -> None:
    Criterion.objects.filter(scale=scale, code="I.2").update(max_points=5)

    context = as_(cast.chi).get(url("scale_workshop")).context

    assert [(one.group.code, int(one.sum.inside)) for one in context["branches"]] == [
        ("I", 11),
        ("II", 5),
        ("T", 2),
    ]
    assert len(context["faults"]) == 1


def test_a_row_is_moved_and_the_part_drawn_anew(cast: Cast, scale: Scale) -> None:
    row = scale.criteria.get(code="I.2")
    sent = {"up": f"criterion-{row.pk}", "version": scale.revision}

    response = as_(cast.chi).post(url("move_scale_row"), sent, **HTMX)

    assert (response.status_code, response.content.decode().count("<html")) == (200, 0)
    assert [one.code for one in draft_of(scale).criteria][:2] == ["I.2", "I.1"]
    assert f'name="version" value="{scale.revision + 1}"' in response.content.decode()


def test_a_row_is_moved_without_javascript(cast: Cast, scale: Scale) -> None:
    group = scale.groups.get(code="I")
    sent = {"down": f"group-{group.pk}", "version": scale.revision}

    response = as_(cast.chi).post(url("move_scale_row"), sent)

    assert (response.status_code, response["Location"]) == (
        302,
        url("scale_workshop") + f"#group-{group.pk}",
    )
    assert [one.code for one in draft_of(scale).groups] == ["II", "I", "T"]


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_row_of_a_scale_that_changed_meanwhile_stays(
    cast: Cast, scale: Scale, extra: dict[str, str]
) -> None:
    row = scale.criteria.get(code="I.2")
    sent = {"up": f"criterion-{row.pk}", "version": scale.revision - 1}

    with nothing_changes():
        response = as_(cast.chi).post(url("move_scale_row"), sent, **extra)

    assert (response.status_code, response.content.decode().count('role="alert"')) == (409, 1)


@pytest.mark.parametrize(
    "button", ["", "criterion-", "criterion-x", "paper-1", "group-9" + "9" * 20]
)
def test_a_button_that_the_page_does_not_have_moves_nothing(
    cast: Cast, scale: Scale, button: str
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("move_scale_row"), {"up": button})

    assert response.status_code == 404


# --- Against last year, and what it would give ----------------------------------------------------


def test_every_member_sees_what_changes_against_last_year(cast: Cast, scale: Scale) -> None:
    year = year_of(cast, 2020)
    paper = draft_regulation(year, actor=cast.chi, kind="point_scale")
    drafted = writing.start_scale(paper, source=scale, actor=cast.chi)
    writing.save_criterion(
        drafted,
        drafted.criteria.get(code="I.2"),
        values={"title": "Quy hoạch"},
        revision=drafted.revision,
        actor=cast.chi,
    )

    response = as_(cast.em).get(url("scale_differences", year=2020))

    assert [(one.code, one.fields[0].after) for one in response.context["changes"]] == [
        ("I.2", "Quy hoạch")
    ]
    assert response.context["rules"] == []


def test_the_first_scale_has_nothing_to_be_compared_with(cast: Cast, scale: Scale) -> None:
    response = as_(cast.em).get(url("scale_differences"))

    assert (response.status_code, response.context["before"]) == (200, None)
    assert as_(cast.em).get(url("scale_differences", year=2019)).status_code == 200


def test_the_figures_of_last_year_are_tried(cast: Cast) -> None:
    published_year(cast)
    draft_scale(cast.year, actor=cast.chi)

    with nothing_changes():
        response = as_(cast.chi).get(url("scale_preview"))

    assert text_of(response).count("13,40 13,40 1 1 Xuất sắc") == 2
    assert as_(cast.binh).get(url("scale_preview")).status_code == 403


def test_without_an_earlier_year_there_is_nothing_to_try(cast: Cast, scale: Scale) -> None:
    response = as_(cast.chi).get(url("scale_preview"))

    assert (response.status_code, response.context["what_if"]) == (200, None)


# --- Taken out meanwhile --------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["criterion", "group"])
def test_what_was_typed_for_a_row_that_is_gone_can_be_put_in_anew(
    cast: Cast, scale: Scale, sort: str
) -> None:
    rows, made, typed = {
        "criterion": (scale.criteria, "new_scale_criterion", criterion(scale)),
        "group": (scale.groups, "new_scale_group", group(scale)),
    }[sort]
    page = url(f"scale_{sort}", rows.order_by("pk").last().pk)
    rows.order_by("pk").last().delete()

    with nothing_changes():
        response = as_(cast.chi).post(page, typed)

    html = response.content.decode()
    assert (response.status_code, html.count(f'action="{url(made)}"')) == (409, 1)
    assert (html.count(f'value="{typed["title"]}"'), as_(cast.chi).get(page).status_code) == (
        1,
        404,
    )
    assert as_(cast.chi).post(url(made), typed).status_code == 302


# --- Frozen ---------------------------------------------------------------------------------------


def test_a_frozen_scale_is_written_no_more(cast: Cast, scale: Scale) -> None:
    Paper.objects.filter(pk=scale.paper.pk).update(state="voting")
    client = as_(cast.chi)

    with nothing_changes():
        answers = {
            client.get(url("scale_workshop")).status_code,
            client.post(url("scale_rules"), rules(scale)).status_code,
            client.post(url("new_scale_group"), group(scale)).status_code,
            client.post(url("new_scale_criterion"), criterion(scale)).status_code,
            client.post(url("scale_import"), upload(smaller(scale))).status_code,
        }

    assert answers == {403}
    assert PaperKind.objects.get(pk="point_scale").papers.count() == 1
