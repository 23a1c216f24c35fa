"""The page for trying out figures: the ranking before and after, and refused input."""

from typing import Any

import pytest

from scoring.models import Result, Scoring
from tests.covenants.traces import nothing_changes
from tests.members.pages import as_user, queries_of
from tests.people import Cast, give_post, make_user
from tests.scoring.crowds import add_sheet, crowd
from tests.scoring.result.test_ranking_pages import at
from tests.scoring.scales import line_of, published_year, sheet_of
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)


@pytest.fixture
def third(cast: Cast, published: Scoring) -> Any:
    """The leader of a third board, which appraises nobody."""
    sheet = add_sheet(published, 3, cast.an)
    leader = make_user("giang", full_name="Hà Giang")
    give_post(leader, "leader", board=sheet.membership.board)
    return leader


def tried(cast: Cast, scoring: Scoring, *, who: str = "chi", **fields: Any) -> Any:
    with nothing_changes():
        return as_user(getattr(cast, who)).get(at(scoring, "what_if"), fields)


def test_other_figures_show_the_ranking_before_and_after_and_store_nothing(
    cast: Cast, published: Scoring
) -> None:
    member = sheet_of(published, cast.board).membership_id
    response = tried(cast, published, ban1=member, tieuchi1="I.1", solieu1="100")

    assert [
        (one.before.rank, one.after.rank, str(one.gain)) for one in response.context["shifts"]
    ] == [(1, 1, "0.60"), (1, 2, "0.00")]
    assert Result.objects.count() == 1


def test_a_criterion_that_takes_over_a_figure_follows(cast: Cast, published: Scoring) -> None:
    """T.1 uses the figure of I.1: 120 percent of the plan earn a bonus of 2."""
    member = sheet_of(published, cast.board).membership_id
    [first, _second] = tried(cast, published, ban1=member, tieuchi1="I.1", solieu1="120").context[
        "shifts"
    ]

    assert str(first.after.bonus) == "2.00"


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("I.1", "", "Ghi đủ"),
        ("I.1", "nhiều", "nhiều"),
        ("I.2", "3", "Chọn"),
        ("II.2", "5", "có hoặc không"),
        ("I.1", "-4", "âm"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_at_its_place(
    cast: Cast, published: Scoring, code: str, text: str, said: str
) -> None:
    member = sheet_of(published, cast.board).membership_id
    response = tried(cast, published, ban1=member, tieuchi1=code, solieu1=text)

    assert (response.status_code, response.context["shifts"]) == (422, [])
    [error] = response.context["form"].errors["solieu1"]
    assert said in error


def test_a_criterion_that_is_not_assigned_is_refused(cast: Cast, published: Scoring) -> None:
    line = line_of(sheet_of(published, cast.board), "II.2")
    type(line).objects.filter(pk=line.pk).update(unassigned_because="Không có khu")
    member = line.sheet.membership_id
    response = tried(cast, published, ban1=member, tieuchi1="II.2", solieu1="1")

    assert response.context["form"].errors == {"solieu1": ["Tiêu chí này không giao cho ban."]}


def test_nobody_but_appraisers_tries_figures(cast: Cast, published: Scoring, third: Any) -> None:
    assert as_user(third).get(at(published, "what_if")).status_code == 403
    assert as_user(cast.khach).get(at(published, "what_if")).status_code == 403
    assert as_user(cast.binh).get(at(published, "what_if")).status_code == 200


def test_trying_asks_as_often_for_two_boards_as_for_twelve(cast: Cast, published: Scoring) -> None:
    client, url = as_user(cast.chi), at(published, "what_if")
    few = queries_of(client, url)
    crowd(published, 12, actor=cast.an)

    assert (few, queries_of(client, url)) == (29, 29)
