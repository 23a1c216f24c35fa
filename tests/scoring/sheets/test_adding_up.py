"""Boards added up by the bloc after scoring was opened: one ranked sheet, nothing lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from covenants.models import Indicator, Target
from members.models import AuditEntry
from scoring import obligations, transitions
from scoring.models import CrossDuty, Line, Scoring, Sheet
from scoring.result import progress, publication, standings
from scoring.sheets import adding_up, boards_together, tasks
from scoring.sheets.boards import board_sheets, compute_year
from scoring.sheets.filling import NotAFigure
from tests.covenants.pages import as_, text_of
from tests.covenants.traces import nothing_changes
from tests.mergers import consolidation, go_on, merge, with_everybody
from tests.people import Cast, fresh, join, make_board, make_leader
from tests.scoring.scale_pages import url
from tests.scoring.scales import line_of, open_year, opened_year, submitted
from tests.shared_scene import in_scene


def added_up_year(cast: Cast) -> Scoring:
    """Three boards had their sheets when Bình's and a third became one, which Bình leads; the bloc
    adds their targets up: 80 and 50 new projects."""
    third = make_board("GLA", province="Gia Lai")
    join(cast.year, third)
    make_leader(third)
    scoring = open_year(cast.year, actor=cast.chi, leader=cast.an)
    Indicator.objects.update(unit="dự án")
    for board, norm in ((cast.board, 80), (third, 50)):
        Target.objects.filter(membership__board=board).update(norm=Decimal(norm))
        lines = Line.objects.filter(sheet__scoring=scoring, sheet__membership__board=board)
        lines.filter(criterion__code__in=["I.1", "T.1"]).update(plan=Decimal(norm))
    change = with_everybody(consolidation(cast.board, third), except_of=third)
    go_on(cast.year, merge(cast.year, change, actor=cast.chi), actor=fresh(cast.chi))
    return Scoring.objects.get(pk=scoring.pk)


pytestmark = in_scene(added_up_year)


def sheets(scoring: Scoring) -> tuple[Sheet, Sheet]:
    """The one that is ranked, and the one that is kept aside."""
    _head, ranked, aside = scoring.sheets.order_by("membership__order")
    return ranked, aside


def plan(sheet: Sheet, code: str = "I.1") -> Any:
    return line_of(sheet, code).plan


def test_one_sheet_is_ranked_and_the_other_kept(scoring: Scoring) -> None:
    ranked, aside = sheets(scoring)
    year = compute_year(scoring, "appraised")
    by_board = [year.of_board(one.membership_id).rank for one in (ranked, aside)]
    assert by_board == [1, None]
    assert boards_together.counted_in(scoring) == {aside.membership_id: ranked.membership}
    boards = board_sheets(scoring)
    assert [one.membership.pk for one in publication.blockers(boards)] == [
        boards[0].sheet.membership_id,
        ranked.membership_id,
    ]
    owing = [one.membership.pk for one in obligations.obligations(scoring.bloc_year)]
    assert aside.membership_id not in owing
    assert aside.lines.count() == ranked.lines.count()
    assert standings.compute_standings(scoring).ranked == 0


def test_nobody_is_asked_to_score_the_sheet_that_is_kept_aside(scoring: Scoring) -> None:
    ranked, aside = sheets(scoring)
    head = scoring.sheets.order_by("membership__order")[0].membership
    for sheet in (ranked, aside):
        CrossDuty.objects.create(scoring=scoring, scorer=head, sheet=sheet)
    assert [one.sheet for one in progress.duties(scoring)] == [ranked]
    owed = [one for one in obligations.obligations(scoring.bloc_year) if one.step == "cross_score"]
    assert len(owed) == 1


def test_the_covenants_plans_are_typed_on_neither_sheet(cast: Cast, scoring: Scoring) -> None:
    for sheet in sheets(scoring):
        line = line_of(sheet, "I.1")
        with nothing_changes(), pytest.raises(transitions.CannotOpen):
            tasks.set_plan(line, plan=Decimal(1), reason="QĐ 1", actor=cast.chi)
    given = {pk for pk, criterion in tasks.given_by_the_covenant(scoring)}
    assert {one.membership_id for one in sheets(scoring)} <= given


def test_the_plans_are_added_up_while_the_board_fills_its_sheet_in(
    cast: Cast, scoring: Scoring
) -> None:
    ranked, aside = sheets(scoring)
    with nothing_changes(), pytest.raises(PermissionDenied):
        adding_up.add_up(ranked, actor=fresh(cast.binh))
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        adding_up.add_up(aside, actor=cast.chi)

    changed = adding_up.add_up(ranked, actor=cast.chi)

    assert (changed, plan(ranked), plan(ranked, "T.1"), plan(aside)) == (2, 130, 130, 50)
    entry = AuditEntry.objects.filter(act="scoring.plan_set").latest("number")
    assert (entry.reason, entry.details["before"]) == ("Biên bản họp Khối số 02/BB-KTĐ", "80")
    assert adding_up.additions(scoring)[0].plans == []
    assert adding_up.add_up(ranked, actor=cast.chi) == 0


def test_rates_that_differ_are_left_to_the_secretariat(cast: Cast, scoring: Scoring) -> None:
    Indicator.objects.update(unit="%")
    ranked, _aside = sheets(scoring)
    [addition] = adding_up.additions(scoring)
    assert addition.plans == []
    with nothing_changes(), pytest.raises(NotAFigure):
        tasks.set_plan(line_of(ranked, "I.1"), plan=Decimal(-1), reason="BB", actor=cast.chi)
    tasks.set_plan(line_of(ranked, "I.1"), plan=Decimal(65), reason="BB", actor=cast.chi)
    assert plan(ranked) == 65


def test_a_sheet_that_was_submitted_gets_its_lines_back_first(cast: Cast, scoring: Scoring) -> None:
    ranked, _aside = sheets(scoring)
    binh = fresh(cast.binh)
    submitted(ranked, actor=binh)
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        adding_up.add_up(ranked, actor=cast.chi)
    said = text_of(as_(cast.chi).get(url("appraisal")))
    assert "Trả lại các dòng này" in said
    assert "I.1, T.1" in said


@in_scene(opened_year)
def test_an_ordinary_year_adds_nothing_up(cast: Cast, scoring: Scoring) -> None:
    assert (boards_together.counted_in(scoring), adding_up.additions(scoring)) == ({}, [])
    sheet = scoring.sheets.get(membership__board=cast.board)
    with nothing_changes(), pytest.raises(transitions.CannotOpen):
        adding_up.add_up(sheet, actor=cast.chi)


# --- Pages ----------------------------------------------------------------------------------------


def test_every_page_tells_where_the_board_is_counted(cast: Cast, scoring: Scoring) -> None:
    _ranked, aside = sheets(scoring)
    pages = (url("sheet", aside.pk), url("appraisal"), url("ranking"))
    said = "Cộng chỉ tiêu với BQL KKT Bình Định và tính vào phiếu của ban đó; không xếp hạng"
    assert [said in text_of(as_(cast.chi).get(page)) for page in pages] == [True] * 3


def test_the_plans_are_added_up_by_one_press(cast: Cast, scoring: Scoring) -> None:
    ranked, aside = sheets(scoring)
    client, page = as_(cast.chi), url("plans")
    assert f'name="add_up" value="{ranked.pk}"' in client.get(page).text
    with nothing_changes():
        answers = [client.post(page, {"add_up": one}).status_code for one in (aside.pk, 0, "x")]
    assert answers == [409, 404, 404]

    assert client.post(page, {"add_up": str(ranked.pk)})["Location"] == page

    assert plan(ranked) == 130
    assert 'name="add_up"' not in client.get(page).text
    with nothing_changes():
        assert as_(fresh(cast.binh)).post(page, {"add_up": str(ranked.pk)}).status_code == 403
