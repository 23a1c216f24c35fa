"""A board that never submits: nobody waits for it, and its draft stays private."""

from typing import Any

import pytest
from django.utils import timezone

from scoring.appraising import appraisal
from scoring.models import Scoring, Sheet
from scoring.models.appraisal import Column
from scoring.result import standings
from scoring.sheets.sheet_page import build_sheet_page
from tests.covenants.pages import as_, text_of
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.result.test_publication import blocking, publish
from tests.scoring.scales import fill, submitted
from tests.scoring.years import DAY, Stage, cross_scored, figures_given, open_stage
from tests.shared_scene import in_scene


def one_does_not_submit(cast: Cast) -> Stage:
    """Two sheets appraised, the third filled in and never signed off; the scale does not rank such
    a board, and opens everything."""
    stage = open_stage(cast, unrankable=["not_submitted"], openness="all")
    fill(stage.sheet(stage.third), actor=stage.giang)
    handing_in = stage.boards[:2]
    for board, leader, _appraiser in handing_in:
        submitted(stage.sheet(board), actor=leader)
    cross_scored(stage)
    for board, _leader, appraiser in handing_in:
        figures_given(stage, board, appraiser)
        appraisal.conclude(stage.sheet(board), actor=appraiser)
    return stage


def published_without_it(cast: Cast) -> Stage:
    stage = one_does_not_submit(cast)
    publish(stage)
    stage.again()
    return stage


pytestmark = in_scene(published_without_it)


def self_points(stage: Stage) -> Any:
    """What the third board's sheet comes to, on its own page."""
    sheet = stage.sheet(stage.third)
    own = build_sheet_page(sheet, reader=stage.giang).own
    return own.total if own else None


@in_scene(one_does_not_submit)
def test_a_sheet_that_is_never_handed_in_blocks_until_its_day_is_over(stage: Stage) -> None:
    waited_for = [("BQL KKT Gia Lai", "Phiếu chưa được gửi.")]
    assert blocking(stage) == []
    assert left_out(stage) == ["BQL KKT Gia Lai"]
    for until in (timezone.localdate(), None):
        Scoring.objects.filter(pk=stage.scoring.pk).update(self_until=until)
        assert blocking(stage) == waited_for
    Scoring.objects.filter(pk=stage.scoring.pk).update(self_until=timezone.localdate() - DAY)
    assert blocking(stage) == []
    type(stage.scoring.scale).objects.update(unrankable=["not_signed"])
    assert blocking(stage) == waited_for


def left_out(stage: Stage) -> list[str]:
    page = as_(stage.cast.chi).get(url("publish"))
    return [board.sheet.membership.name.short_name for board in page.context["left_out"]]


@in_scene(one_does_not_submit)
def test_what_a_board_is_writing_counts_for_itself_until_publication(stage: Stage) -> None:
    assert self_points(stage) > 0
    publish(stage)
    stage.again()
    assert self_points(stage) == 0


def test_it_is_not_ranked_and_nothing_of_its_draft_counts(stage: Stage) -> None:
    held = standings.compute_standings(stage.scoring)
    member = stage.sheet(stage.third).membership_id
    for column in (Column.SELF, Column.APPRAISED):
        one = standings.in_column(held, column).year.of_board(member)
        assert (one.rank, one.total) == (None, 0)
    assert sorted(one.rank for one in held.year.boards if one.rank) == [1, 1]


def test_its_sheet_is_open_to_its_board_and_the_appraisers_alone(stage: Stage) -> None:
    cast, sheet = stage.cast, stage.sheet(stage.third)
    cast.year = stage.year
    readers = (stage.giang, cast.chi, cast.binh)
    assert all(Sheet.objects.visible_to(one).filter(pk=sheet.pk) for one in readers)
    assert not Sheet.objects.visible_to(cast.khach).filter(pk=sheet.pk)
    assert Sheet.objects.visible_to(cast.khach).filter(scoring=stage.scoring).count() == 2


@pytest.mark.parametrize("name", ["ranking", "comparison"])
def test_no_page_leads_others_to_it(stage: Stage, name: str) -> None:
    way = f'href="{url("board_result", stage.sheet(stage.third).pk)}"'
    pages = [as_(who).get(url(name)) for who in (stage.cast.khach, stage.giang)]
    assert [way in page.content.decode() for page in pages] == [False, True]
    assert "Gia Lai" in text_of(pages[0])
