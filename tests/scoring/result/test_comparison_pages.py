"""The page that compares boards by criterion: who may see it, and criteria that do not apply."""

from typing import Any

import pytest

from scoring.appraising import appraisal
from scoring.models import Line, Scale, Scoring
from scoring.papers import stored
from scoring.result import charts, profiles, standings
from tests.members.pages import as_user, excel_rows, page, queries_of
from tests.people import Cast, give_post, make_user
from tests.scoring.crowds import add_sheet, crowd
from tests.scoring.papers.test_printing import words_of
from tests.scoring.scales import opened_year, published_year, sheet_of
from tests.scoring.years import Stage, cross_scored, figures_given, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)


def comparison(scoring: Scoring, user: Any, **query: str) -> Any:
    return as_user(user).get(page("scoring:comparison", scoring.bloc_year), query)


def member_of_third(cast: Cast, scoring: Scoring) -> Any:
    sheet = add_sheet(scoring, 3, cast.an)
    leader = make_user("giang")
    give_post(leader, "leader", board=sheet.membership.board)
    return leader


@pytest.mark.parametrize(("openness", "status"), [("totals", 403), ("points", 200), ("all", 200)])
def test_boards_compare_as_far_as_the_scale_opens_points(
    cast: Cast, published: Scoring, openness: str, status: int
) -> None:
    leader = member_of_third(cast, published)
    Scale.objects.filter(pk=published.scale_id).update(openness=openness)

    assert comparison(published, leader).status_code == status
    assert comparison(published, cast.khach).status_code == status
    assert comparison(published, cast.binh).status_code == 200


@in_scene(opened_year)
def test_before_publication_appraisers_alone_compare(cast: Cast, scoring: Scoring) -> None:
    found = {who: comparison(scoring, getattr(cast, who)).status_code for who in ("chi", "binh")}
    assert found == {"chi": 200, "binh": 403}


def test_every_criterion_has_the_points_of_every_board(cast: Cast, published: Scoring) -> None:
    context = comparison(published, cast.khach).context

    assert [
        (criterion.code, [str(points) for _name, points in cells])
        for criterion, cells in context["rows"]
    ] == [
        ("I.1", ["5.40", "5.40"]),
        ("I.2", ["4.00", "4.00"]),
        ("II.1", ["2.00", "2.00"]),
        ("II.2", ["2.00", "2.00"]),
        ("T.1", ["0.00", "0.00"]),
    ]
    assert [name for name, _sheet, _is_open in context["boards"]] == ["Đắk Lắk", "Bình Định"]


def test_what_is_not_assigned_has_no_points_and_no_shade(cast: Cast, published: Scoring) -> None:
    sheet = sheet_of(published, cast.board)
    Line.objects.filter(sheet=sheet, criterion__code="II.2").update(unassigned_because="Không có")
    response = comparison(published, cast.khach)

    cells = {one.code: cells for one, cells in response.context["rows"]}
    assert [points for _name, points in cells["II.2"]][1] is None
    assert response.context["heat"].count("chart-hatch") == 2


def test_the_heat_map_leaves_bonus_criteria_to_the_table(published: Scoring) -> None:
    held = standings.compute_standings(published)

    codes = [axis.criteria[0].code for axis in profiles.by_criterion(held)]
    assert codes == ["I.1", "I.2", "II.1", "II.2"]


def test_the_heat_map_of_a_paper_is_drawn_in_even_parts(published: Scoring) -> None:
    held = standings.compute_standings(published)

    assert [len(charts.heats(held, rows=rows)) for rows in (1, 3, 4)] == [4, 2, 1]


def test_boards_of_one_province_are_told_apart_by_their_names(
    cast: Cast, published: Scoring
) -> None:
    name = sheet_of(published, cast.board).membership.name
    name.province = "Đắk Lắk"
    name.save()

    names = profiles.short_names(standings.compute_standings(published))
    assert names == ["BQL KKT Đắk Lắk", "BQL KKT Bình Định"]


def test_the_comparison_goes_to_excel(cast: Cast, published: Scoring) -> None:
    rows = excel_rows(comparison(published, cast.khach, xuat="excel").content)

    assert rows[1][:5] == ["I.1", "Dự án mới so với kế hoạch", 6, 5.4, 5.4]
    assert [row[1:5] for row in rows[-2:]] == [["Tổng cộng", 15, 13.4, 13.4], ["Hạng", None, 1, 1]]


def test_the_comparison_asks_as_often_for_two_boards_as_for_twelve(
    cast: Cast, published: Scoring
) -> None:
    client, url = as_user(cast.khach), page("scoring:comparison", published.bloc_year)
    few = queries_of(client, url)
    crowd(published, 12, actor=cast.an)

    assert (few, queries_of(client, url)) == (24, 24)


def test_the_picture_opens_the_weightiest_group_as_long_as_it_can_be_read(
    cast: Cast, published: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = standings.compute_standings(published)
    assert [axis.label[:4].strip() for axis in profiles.axes(held)] == [
        "I.1",
        "I.2",
        "II.1",
        "II.2",
    ]

    monkeypatch.setattr(profiles, "MOST_AXES", 3)
    assert [axis.label.split()[0] for axis in profiles.axes(held)] == ["I.1", "I.2", "II"]


# --- Before everything is appraised ---------------------------------------------------------------


def half_appraised(cast: Cast) -> Stage:
    """The third board's sheet is appraised; of the deputy's one line is, the head's not at all."""
    stage = submitted_stage(cast)
    cross_scored(stage)
    figures_given(stage, stage.third, cast.chi)
    appraisal.conclude(stage.sheet(stage.third), actor=cast.chi)
    line = stage.line(cast.board, "I.1")
    appraisal.appraise(line, fact=line.actual, reason="", actor=cast.an)
    stage.again()
    return stage


@in_scene(half_appraised)
def test_a_board_that_is_not_appraised_yet_has_no_total(stage: Stage) -> None:
    response = comparison(stage.scoring, stage.cast.chi)

    totals = [str(total) if total else total for _name, total in response.context["totals"]]
    assert totals[:2] == [None, None]
    assert totals[2] is not None
    foot = response.content.decode().partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert foot.count(">–</td>") == 2
    rows = excel_rows(comparison(stage.scoring, stage.cast.chi, xuat="excel").content)
    assert [row[3:5] for row in rows[-2:]] == [[None, None], [None, None]]
    words = words_of(stored.comparison_paper(stage.scoring))
    assert "Tổng điểm 23,00 – – " in words


@in_scene(half_appraised)
def test_a_line_that_is_not_appraised_yet_has_neither_points_nor_a_shade(stage: Stage) -> None:
    response = comparison(stage.scoring, stage.cast.chi)
    cells = {one.code: [points for _name, points in row] for one, row in response.context["rows"]}

    assert [cells["I.1"][0], str(cells["I.1"][1])] == [None, "5.40"]
    assert cells["I.2"][:2] == [None, None]
    assert "Không giao hoặc chưa thẩm định" in response.content.decode()
    held = standings.compute_standings(stage.scoring)
    [deputy] = [pk for pk, name in held.names.items() if name == "BQL KKT Bình Định"]
    shades = [profiles.percent(held, axis, deputy) for axis in profiles.by_criterion(held)]
    assert [str(one) if one is not None else None for one in shades[:2]] == ["90.00", None]
