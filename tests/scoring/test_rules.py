"""Permissions of scoring, as a table of people and permissions."""

import pytest
from django.core.exceptions import PermissionDenied

from members.models.blocs import Role
from members.models.people import PostKind
from members.permissions import require
from scoring.models import Scoring, Sheet
from tests.people import Cast, fresh, give_post, make_user
from tests.scoring.scales import line_of, opened_year, published_year, sheet_of
from tests.shared_scene import in_scene

pytestmark = in_scene(opened_year)

PEOPLE = ("an", "chi", "binh", "em", "hoa", "dung", "khach", "ngoai")


def who(cast: Cast, permission: str, subject: object) -> list[str]:
    return [name for name in PEOPLE if fresh(getattr(cast, name)).has_perm(permission, subject)]


def with_deputy(cast: Cast, scoring: Scoring) -> Scoring:
    cast.year.memberships.filter(board=cast.board).update(role=Role.DEPUTY)
    return Scoring.objects.get(pk=scoring.pk)


def test_a_board_fills_in_its_own_sheet_and_its_leader_signs_it_off(
    cast: Cast, scoring: Scoring
) -> None:
    sheet = sheet_of(scoring, cast.board)
    assert who(cast, "scoring.fill", sheet) == ["binh", "em"]
    assert who(cast, "scoring.sign_off", sheet) == ["binh"]


def test_the_head_appraises_others_and_the_deputy_the_head(cast: Cast, scoring: Scoring) -> None:
    scoring = with_deputy(cast, scoring)
    assert who(cast, "scoring.appraise", sheet_of(scoring, cast.board)) == ["an", "chi"]
    assert who(cast, "scoring.appraise", sheet_of(scoring, cast.head)) == ["binh", "em"]


def test_without_a_deputy_nobody_appraises_the_head(cast: Cast, scoring: Scoring) -> None:
    assert who(cast, "scoring.appraise", sheet_of(scoring, cast.head)) == []


def test_who_serves_in_two_boards_appraises_neither(cast: Cast, scoring: Scoring) -> None:
    scoring = with_deputy(cast, scoring)
    give_post(cast.an, PostKind.DEPUTY_LEADER, board=cast.board)

    for board in (cast.head, cast.board):
        assert not fresh(cast.an).has_perm("scoring.appraise", sheet_of(scoring, board))


def test_keeping_the_scoring_is_the_secretariats(cast: Cast, scoring: Scoring) -> None:
    assert who(cast, "scoring.keep", scoring) == ["an", "chi"]


def test_officers_and_leaders_of_the_year_object(cast: Cast) -> None:
    line = line_of(sheet_of(published_year(cast), cast.board), "I.1")
    assert who(cast, "scoring.object", line) == ["an", "chi", "binh", "em"]


def test_nothing_is_allowed_in_a_closed_year(cast: Cast, scoring: Scoring) -> None:
    type(cast.year).objects.filter(pk=cast.year.pk).update(closed_on="2020-01-20")
    sheet = Sheet.objects.get(pk=sheet_of(scoring, cast.board).pk)

    for permission in ("fill", "sign_off", "appraise"):
        assert who(cast, f"scoring.{permission}", sheet) == []
    assert who(cast, "scoring.keep", Scoring.objects.get()) == []


def test_an_administrator_sees_all_and_may_nothing(cast: Cast, scoring: Scoring) -> None:
    admin = make_user("quantri2")
    admin.is_superuser = True
    admin.save()
    sheet = sheet_of(scoring, cast.board)

    assert Sheet.objects.visible_to(fresh(admin)).count() == 2
    for permission in ("fill", "sign_off", "appraise"):
        with pytest.raises(PermissionDenied):
            require(fresh(admin), f"scoring.{permission}", sheet)


# --- What is visible ------------------------------------------------------------------------------


def visible(cast: Cast, scoring: Scoring) -> dict[str, list[str]]:
    return {
        name: [
            sheet.membership.board.code
            for sheet in Sheet.objects.visible_to(fresh(getattr(cast, name))).filter(
                scoring=scoring
            )
        ]
        for name in PEOPLE
    }


def test_before_publication_a_board_sees_its_own_sheet_and_the_head_all(
    cast: Cast, scoring: Scoring
) -> None:
    assert visible(cast, scoring) == {
        "an": ["DLK", "BDI"],
        "chi": ["DLK", "BDI"],
        "binh": ["BDI"],
        "em": ["BDI"],
        "hoa": ["DLK"],
        "dung": ["DLK"],
        "khach": [],
        "ngoai": [],
    }


@pytest.mark.parametrize(
    ("openness", "seen"), [("totals", ["BDI"]), ("points", ["DLK", "BDI"]), ("all", ["DLK", "BDI"])]
)
def test_after_publication_the_scale_says_what_others_see(
    cast: Cast, openness: str, seen: list[str]
) -> None:
    year = published_year(cast)
    year.bloc_year.memberships.filter(board=cast.board).update(role=Role.MEMBER)
    type(year.scale).objects.filter(pk=year.scale_id).update(openness=openness)

    found = visible(cast, year)
    assert (found["binh"], found["ngoai"]) == (seen, [])
    assert found["khach"] == ([] if openness == "totals" else ["DLK", "BDI"])
