"""The pages of the ranking and of a board's result: who sees what."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from scoring.models import Restriction, Scale, Scoring
from scoring.result import conference
from tests.members.pages import as_user, excel_rows, page, queries_of
from tests.people import Cast, give_post, make_user
from tests.scoring.crowds import add_sheet, crowd, made_final, put
from tests.scoring.scales import line_of, opened_year, published_year, sheet_of, submitted
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)

TOTALS, POINTS, ALL = "totals", "points", "all"


@pytest.fixture
def third(cast: Cast, published: Scoring) -> Any:
    """The leader of a third board, which appraises nobody."""
    sheet = add_sheet(published, 3, cast.an)
    leader = make_user("giang", full_name="Hà Giang")
    give_post(leader, "leader", board=sheet.membership.board)
    return leader


def opened(scoring: Scoring, openness: str) -> Scoring:
    Scale.objects.filter(pk=scoring.scale_id).update(openness=openness)
    return scoring


def at(scoring: Scoring, name: str, *args: Any) -> str:
    return page(f"scoring:{name}", scoring.bloc_year, *args)


def ranking(scoring: Scoring, user: Any) -> Any:
    return as_user(user).get(at(scoring, "ranking"))


def told(response: Any) -> list[tuple[int | None, str, str, list[str]]]:
    """Rank, board, total and ties of each row of the ranking."""
    return [
        (row.result.rank, row.sheet.membership.board.code, str(row.result.total), row.ties)
        for row, _groups, _bar in response.context["rows"]
    ]


# --- Who sees the ranking -------------------------------------------------------------------------


@in_scene(opened_year)
@pytest.mark.parametrize(
    ("who", "status"),
    [("an", 200), ("chi", 200), ("hoa", 403), ("em", 403), ("binh", 403), ("khach", 403)],
)
def test_before_publication_only_appraisers_see_the_ranking(
    cast: Cast, scoring: Scoring, who: str, status: int
) -> None:
    assert ranking(scoring, getattr(cast, who)).status_code == status


@in_scene(opened_year)
def test_who_may_not_see_it_yet_is_told_why(cast: Cast, scoring: Scoring) -> None:
    assert "trước khi công bố" in ranking(scoring, cast.binh).content.decode().lower()


def test_the_ranking_is_provisional_until_it_is_published(cast: Cast, published: Scoring) -> None:
    scoring = opened_year(cast)
    assert "Tạm tính" in ranking(scoring, cast.an).content.decode()
    assert "Tạm tính" not in ranking(published, cast.an).content.decode()


@pytest.mark.parametrize("who", ["an", "binh", "em", "hoa", "khach"])
def test_after_publication_all_members_and_observers_see_it(
    cast: Cast, published: Scoring, who: str
) -> None:
    assert ranking(published, getattr(cast, who)).status_code == 200


def test_a_foreign_bloc_sees_nothing(cast: Cast, published: Scoring) -> None:
    sheet = sheet_of(published, cast.head)
    names: list[tuple[Any, ...]] = [("ranking",), ("board_result", sheet.pk), ("comparison",)]
    names += [("what_if",), ("summary_paper",), ("sheet_paper", sheet.pk)]
    client = as_user(cast.ngoai)

    assert {client.get(at(published, *name)).status_code for name in names} == {404}


# --- What it tells --------------------------------------------------------------------------------


def test_a_tie_that_nothing_resolves_is_a_shared_rank_and_is_said(
    cast: Cast, published: Scoring
) -> None:
    shared = "Bằng điểm {}, không phân định được: đồng hạng"

    assert told(ranking(published, cast.khach)) == [
        (1, "DLK", "13.40", [shared.format("BQL KKT Bình Định")]),
        (1, "BDI", "13.40", [shared.format("BQL KKT Đắk Lắk")]),
    ]


def tied_in_group(cast: Cast, scoring: Scoring) -> None:
    """The member has 2 points less in group I and 2 more in II than the head."""
    head, member = sheet_of(scoring, cast.head), sheet_of(scoring, cast.board)
    put(line_of(member, "I.2"), Decimal(2), cast.an, "appraised")
    put(line_of(head, "II.2"), Decimal(0), cast.an, "appraised")


def test_a_tie_is_told_from_both_sides_with_its_figures(cast: Cast, published: Scoring) -> None:
    tied_in_group(cast, published)

    assert told(ranking(published, cast.khach)) == [
        (1, "DLK", "11.40", ["Bằng điểm BQL KKT Bình Định, hơn ở nhóm I (9,40 / 7,40)"]),
        (2, "BDI", "11.40", ["Bằng điểm BQL KKT Đắk Lắk, kém ở nhóm I (7,40 / 9,40)"]),
    ]


def test_where_totals_alone_are_open_a_tie_is_told_without_figures_of_groups(
    cast: Cast, published: Scoring
) -> None:
    tied_in_group(cast, published)
    response = ranking(opened(published, TOTALS), cast.khach)

    assert [row[3] for row in told(response)] == [
        ["Bằng điểm BQL KKT Bình Định, hơn ở nhóm I"],
        ["Bằng điểm BQL KKT Đắk Lắk, kém ở nhóm I"],
    ]
    assert "9,40" not in response.content.decode()


def test_a_ruling_decides_a_tie(cast: Cast, published: Scoring) -> None:
    places = {sheet_of(published, cast.board).pk: 1, sheet_of(published, cast.head).pk: 2}
    conference.rule_on_tie(
        published, by="ballot", places=places, document="Biên bản 02", actor=cast.chi
    )

    assert [row[:2] for row in told(ranking(published, cast.khach))] == [(1, "BDI"), (2, "DLK")]


def restricted(cast: Cast, scoring: Scoring, kind: str) -> Restriction:
    return conference.restrict(
        sheet_of(scoring, cast.board),
        kind=kind,
        reason="Chưa nộp quỹ",
        document="Thông báo 01",
        content=b"%PDF-1.7 sample",
        media_type="application/pdf",
        file_name="a.pdf",
        on=dt.date(2019, 1, 6),
        actor=cast.chi,
    )


def test_a_hold_stands_beside_the_score_and_leaves_the_rank(cast: Cast, published: Scoring) -> None:
    restricted(cast, published, "award_hold")
    response = ranking(published, cast.khach)

    assert [row[:3] for row in told(response)] == [(1, "DLK", "13.40"), (1, "BDI", "13.40")]
    assert (
        "Chưa xét" in response.content.decode(),
        "Chưa nộp quỹ" in response.content.decode(),
    ) == (
        True,
        True,
    )


def test_a_disqualified_board_keeps_its_points_and_has_no_rank(
    cast: Cast, published: Scoring
) -> None:
    restricted(cast, published, "disqualification")

    assert [row[:3] for row in told(ranking(published, cast.khach))] == [
        (1, "DLK", "13.40"),
        (None, "BDI", "13.40"),
    ]


def test_the_digest_is_that_of_the_stored_result(cast: Cast, published: Scoring) -> None:
    context = ranking(published, cast.khach).context

    assert context["standings"].digest == published.results.get().input_digest
    assert context["standings"].is_stored is True


def test_what_was_put_on_record_since_is_told(cast: Cast, published: Scoring) -> None:
    put(line_of(sheet_of(published, cast.head), "I.1"), Decimal(100), cast.binh, "appraised")

    assert ranking(published, cast.khach).context["standings"].is_stored is False


def test_a_final_ranking_stays_whatever_is_put_on_record_later(
    cast: Cast, published: Scoring
) -> None:
    made_final(published, actor=cast.chi)
    put(line_of(sheet_of(published, cast.head), "I.1"), Decimal(100), cast.binh, "agreed")

    assert [row[2] for row in told(ranking(published, cast.khach))] == ["13.40", "13.40"]


def test_the_ranking_goes_to_excel_as_far_as_it_is_seen(cast: Cast, published: Scoring) -> None:
    url = at(published, "ranking") + "?xuat=excel"
    [head, first, _second] = excel_rows(as_user(cast.khach).get(url).content)
    assert (head[:4], first[:4]) == (
        ["Hạng", "Đơn vị", "I. Nhiệm vụ chính trị", "II. Công tác thi đua"],
        [1, "Ban Quản lý Khu kinh tế tỉnh Đắk Lắk", 9.4, 4],
    )

    opened(published, TOTALS)
    [head, first, _second] = excel_rows(as_user(cast.khach).get(url).content)
    assert (head[2], first[2]) == ("Tổng cộng", 13.4)


@pytest.mark.parametrize("openness", [TOTALS, POINTS])
def test_the_ranking_asks_as_often_for_two_boards_as_for_twelve(
    cast: Cast, published: Scoring, openness: str
) -> None:
    client, url = as_user(cast.khach), at(opened(published, openness), "ranking")
    few = queries_of(client, url)
    crowd(published, 12, actor=cast.an)

    assert (few, queries_of(client, url)) == (26, 26)


# --- The result of a board ------------------------------------------------------------------------


def result(scoring: Scoring, board: Any, user: Any) -> Any:
    return as_user(user).get(at(scoring, "board_result", sheet_of(scoring, board).pk))


@pytest.mark.parametrize(
    ("openness", "status", "with_words"),
    [(TOTALS, 404, None), (POINTS, 200, False), (ALL, 200, True)],
)
def test_another_board_is_seen_as_far_as_the_scale_opens_it(
    cast: Cast, published: Scoring, third: Any, openness: str, status: int, with_words: bool | None
) -> None:
    response = result(opened(published, openness), cast.board, third)

    assert response.status_code == status
    if status == 200:
        assert response.context["with_words"] is with_words
        assert ("Thực hiện 90" in response.content.decode()) is with_words


@pytest.mark.parametrize("openness", [TOTALS, POINTS, ALL])
def test_the_own_board_is_always_seen_with_every_word(
    cast: Cast, published: Scoring, third: Any, openness: str
) -> None:
    response = as_user(third).get(
        at(opened(published, openness), "board_result", published.sheets.last().pk)
    )

    assert (response.status_code, response.context["with_words"]) == (200, True)


def test_where_totals_alone_are_open_the_own_result_shows_no_median(
    cast: Cast, published: Scoring, third: Any
) -> None:
    """The middle of three boards, two of them known, is the third."""
    own = at(opened(published, TOTALS), "board_result", published.sheets.last().pk)
    context = as_user(third).get(own).context

    assert {spoke.middle for spoke in context["spokes"]} == {None}


@in_scene(opened_year)
def test_before_publication_the_own_board_is_computed_by_itself(
    cast: Cast, scoring: Scoring
) -> None:
    submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    submitted(sheet_of(scoring, cast.head), actor=cast.an, I_1=Decimal(100))
    context = result(scoring, cast.board, cast.em).context

    held = context["standings"]
    assert (held.is_alone, held.names, context["years"]) == (
        True,
        {sheet_of(scoring, cast.board).membership_id: "BQL KKT Bình Định"},
        [],
    )


@in_scene(opened_year)
def test_what_compares_boards_has_no_points_before_publication(
    cast: Cast, scoring: Scoring
) -> None:
    scoring.scale.criteria.filter(code="I.1").update(kind="relative", parameters={})
    submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    submitted(sheet_of(scoring, cast.head), actor=cast.an, I_1=Decimal(137))
    response = result(scoring, cast.board, cast.binh)

    [first, *_others] = response.context["groups"]
    assert (first.rows[0].criterion.code, first.rows[0].points) == ("I.1", None)
    assert ("137" in response.content.decode(), response.context["row"].result.rank) == (False, 1)
    assert "So với các ban" in first.rows[0].words


@in_scene(opened_year)
def test_a_foreign_sheet_does_not_exist_before_publication(cast: Cast, scoring: Scoring) -> None:
    assert result(scoring, cast.head, cast.binh).status_code == 404


def test_years_stand_side_by_side_in_percent(cast: Cast) -> None:
    published_year(cast, 2017)
    scoring = published_year(cast, 2018)
    context = result(scoring, cast.board, cast.binh).context

    assert [(one.year, str(one.percent), one.rank) for one in context["years"]] == [
        (2017, "89.33", 1),
        (2018, "89.33", 1),
    ]
    assert "<svg" in context["course"]


def test_the_result_goes_to_excel(cast: Cast, published: Scoring) -> None:
    url = at(published, "board_result", sheet_of(published, cast.board).pk) + "?xuat=excel"
    rows = excel_rows(as_user(cast.binh).get(url).content)

    assert rows[1][:4] == ["I", "Nhiệm vụ chính trị", 10, 9.4]
    assert rows[2][:4] == ["I.1", "Dự án mới so với kế hoạch", 6, 5.4]


def test_the_result_of_a_board_asks_as_often_for_two_boards_as_for_twelve(
    cast: Cast, published: Scoring
) -> None:
    client = as_user(cast.binh)
    url = at(published, "board_result", sheet_of(published, cast.board).pk)
    few = queries_of(client, url)
    crowd(published, 12, actor=cast.an)

    assert (few, queries_of(client, url)) == (30, 30)
